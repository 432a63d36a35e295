"""How often the doctor names the mistake: wrong signs made by code that it does not share.

    python benchmarks/doctor.py [--count 10000] [--seed 1] [--misses 20] [--innocents 300]

A signer with one or two faults (written here, plainly, the way shops write it) signs realistic CREATE, CANCEL
and REFUND requests and notifications, by MD5, RSA and RSA2. Each case is judged:

    exact        the doctor's first explanation is the planted one
    listed       the planted one stands among the equivalents that it lists
    shorter      another explanation with fewer mistakes, which gives the same sign
    other        another explanation of the same length, which gives the same sign but does not list the planted one
    missed       no explanation

Hit rate = exact + listed + shorter. (A shorter explanation means that the two planted faults come to a single one
on that message.) Then correct, random and unknown-key signs: none may be explained.
"""

# ruff: noqa: ANN001, ANN201, ANN202, C901, E731, PLR0912, PLR0915, S311, S505, UP031 (a faulty signer, written the way shops write)

import argparse
import base64
import collections
import hashlib
import hmac
import html
import json
import random
import re
import statistics
import sys
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from alipay_qr.account import TEST_MD5_KEY, TEST_PRIVATE_KEY_PHP
from alipay_qr_conformance.doctor import explain_params

PARTNER = "2088021966388155"
WORDS = [
    "张三的小店",
    "Apple Store",
    "Café du Nord",
    "北京路 12 号",
    "tea & co",
    "A/B shop",
    "50% off",
    "李",
    "plus+one",
]
NAMES = [
    "notify_url",
    "trade_no",
    "alipay_trans_id",
    "refund_reason",
    "is_sync",
    "terminal_timestamp",
    "timestamp",
]

# --- the faults: name -> ids with which the doctor may name it ---------------------------------------------
FAULTS = {
    "sign_type in": ("params.sign-type-signed",),
    "empties in": ("params.empty-signed",),
    "null as text": ("params.null-signed",),
    "one forgotten": ("params.left-out", "params.charset-unsigned", "params.extra"),
    "optional signed empty": ("params.absent-signed",),
    "framework parameter": ("params.extra",),
    "charset in other case": ("params.charset-other",),
    "charset signed, not sent": ("params.charset-added",),
    "zero dropped": ("value.zero-dropped",),
    "trimmed": ("value.trimmed",),
    "not sorted": ("order.insertion",),
    "sorted backwards": ("order.reversed",),
    "sorted by value": ("order.by-value",),
    "trailing &": ("join.trailing",),
    "blank after &": ("join.blank",),
    "quoted values": ("join.quoted",),
    "comma": ("join.separator",),
    "values only": ("join.values-only",),
    "urlencode": ("url.encoded",),
    "rawurlencode": ("url.encoded",),
    "encodeURIComponent": ("url.encoded",),
    "urldecode": ("url.decoded",),
    "urlencoded text": ("text.url-encoded",),
    "htmlspecialchars": ("html.escaped",),
    "entities in message": ("html.unescaped",),
    "php json": ("json.rewritten", "json.unicode-escaped", "json.slashes-escaped", "json.spacing"),
    "python json": ("json.rewritten", "json.unicode-escaped", "json.spacing"),
    "json sorted": ("json.rewritten",),
    "slashes": ("json.slashes-escaped",),
    "go json": ("json.rewritten", "json.html-safe", "json.spacing"),
    "float amount": ("value.number",),
    "cents": ("value.number",),
    "clock read twice": ("value.timestamp",),
    "UTC": ("value.timezone",),
    "CR LF": ("value.newline",),
    "http for https": ("value.url",),
    "GBK": ("charset.other",),
    "Latin-1 question marks": ("charset.replaced", "charset.other"),
    "double UTF-8": ("charset.mojibake",),
    "BOM": ("text.bom",),
    "key newline": ("key.blank",),
    "key blank": ("key.blank",),
    "key missing": ("key.missing",),
    "key upper": ("key.case",),
    "partner as key": ("key.partner",),
    "&key=": ("key.joined",),
    "& before key": ("key.joined", "join.trailing"),
    "key first": ("key.joined",),
    "HMAC": ("digest.hmac",),
    "SHA-256 for MD5": ("digest.other-hash",),
    "MD5 twice": ("digest.twice",),
    "upper hex": ("form.hex-case",),
    "base64 of MD5": ("form.base64-digest",),
    "base64 of hex": ("form.base64-twice",),
    "zeros lost": ("form.zeros-lost",),
    "wrong RSA hash": ("digest.rsa-hash",),
    "MD5 in RSA": ("digest.rsa-hash",),
    "other RSA key": ("key.other-rsa",),
    "digest signed": ("digest.of-digest",),
    "PSS": ("digest.rsa-form",),
    "line breaks": ("form.line-breaks",),
    "plus to blank": ("form.plus-as-blank",),
    "url-safe": ("form.url-safe",),
    "hex of RSA": ("form.rsa-hex",),
    "double base64": ("form.base64-twice",),
    "MD5 key with RSA": ("key.md5-in-rsa",),
}
GROUPS = [
    {"GBK", "Latin-1 question marks", "double UTF-8"},
    {"key newline", "key blank", "key missing", "key upper", "partner as key"},
    {"&key=", "& before key", "key first", "HMAC", "key missing"},
    {"HMAC", "MD5 twice"},
    {
        "upper hex",
        "base64 of MD5",
        "base64 of hex",
        "zeros lost",
        "hex of RSA",
        "double base64",
        "line breaks",
        "url-safe",
    },
    {"php json", "python json", "json sorted", "slashes", "go json"},
    {"not sorted", "sorted backwards", "sorted by value"},
    {"trailing &", "blank after &", "quoted values", "comma", "values only", "& before key"},
    {
        "urlencode",
        "rawurlencode",
        "encodeURIComponent",
        "urldecode",
        "urlencoded text",
        "htmlspecialchars",
        "entities in message",
    },
    {"float amount", "cents"},
    {"clock read twice", "UTC"},
    {"wrong RSA hash", "MD5 in RSA", "digest signed", "PSS"},
    {"plus to blank", "url-safe", "hex of RSA", "double base64"},
    {"empties in", "null as text"},
    {"charset in other case", "charset signed, not sent"},
    {"one forgotten", "charset in other case", "charset signed, not sent"},
]
MD5_ONLY = {
    "key newline", "key blank", "key missing", "key upper", "partner as key", "&key=", "& before key", "key first", "HMAC",
    "SHA-256 for MD5", "MD5 twice", "upper hex", "base64 of MD5", "base64 of hex", "zeros lost",
}  # fmt: skip
RSA_ONLY = {
    "wrong RSA hash", "MD5 in RSA", "other RSA key", "digest signed", "PSS", "line breaks", "plus to blank", "url-safe", "hex of RSA",
    "double base64", "MD5 key with RSA",
}  # fmt: skip


def message(rng):
    """Return the pairs of a realistic message, without sign and sign_type, in a program's order."""
    word = lambda: rng.choice(WORDS)
    digits = lambda n: "".join(rng.choice("0123456789") for _ in range(n))
    charset = rng.choice(["UTF-8"] * 4 + ["GBK"])
    stamp = f"20{rng.randint(20, 27)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} {rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    amount = rng.choice(
        [
            f"{rng.randint(0, 999)}.{rng.randint(0, 99):02}",
            f"{rng.randint(1, 99)}.50",
            str(rng.randint(1, 900)),
        ]
    )
    url = f"https://shop{rng.randint(1, 99)}.example.com/alipay/notify{rng.choice(['', '?id=7&x=%41', '/', '.php'])}"
    common = [("service", ""), ("partner", PARTNER), ("_input_charset", charset)]
    kind = rng.choice(["create", "cancel", "refund", "notification"])
    if kind == "create":
        data = {
            "secondary_merchant_industry": "5311", "secondary_merchant_id": "M" + digits(6),
            "secondary_merchant_name": word(), "store_id": "S" + digits(4), "store_name": word(),
            "trans_currency": rng.choice(["USD", "JPY", "EUR"]), "currency": "USD", "country_code": "CN",
            "address": word() + "/" + word(),
        }  # fmt: skip
        writer = rng.choice([(",", ":"), (", ", ": ")])
        common[0] = ("service", "alipay.commerce.qrcode.create")
        pairs = [*common, ("timestamp", stamp), ("notify_url", url), ("biz_type", "OVERSEASHOPQRCODE")]
        pairs.append(("biz_data", json.dumps(data, ensure_ascii=False, separators=writer)))
    elif kind == "cancel":
        common[0] = ("service", "alipay.acquire.cancel")
        pairs = [
            *common,
            ("timestamp", stamp),
            ("out_trade_no", "T" + digits(15)),
            ("trade_no", "2026" + digits(24)),
        ]
    elif kind == "refund":
        common[0] = ("service", "alipay.acquire.overseas.spot.refund")
        pairs = [*common, ("partner_trans_id", "T" + digits(12)), ("partner_refund_id", "R" + digits(12))]
        pairs += [
            ("refund_amount", amount),
            ("currency", "USD"),
            ("notify_url", url),
            ("refund_reason", word() + rng.choice(["", "\nline two", " "])),
        ]
        pairs.append(("is_sync", rng.choice("YN")))
    else:
        pairs = [
            ("notify_time", stamp), ("notify_type", "trade_status_sync"), ("notify_id", digits(32)), ("out_trade_no", "T" + digits(12)),
            ("trade_no", "2026" + digits(24)), ("trade_status", "TRADE_SUCCESS"), ("subject", word()), ("body", rng.choice(["", word()])),
            ("gmt_create", stamp), ("gmt_payment", stamp), ("seller_email", "shop@example.com"), ("seller_id", PARTNER),
            ("buyer_email", "138****1234"), ("total_fee", amount), ("price", amount), ("quantity", "1"), ("discount", "0"),
            ("use_coupon", "N"), ("trans_currency", "USD"),
        ]  # fmt: skip
        rng.shuffle(pairs)
    if rng.random() < 0.25:
        pairs.append(
            (
                "extra_common_param"
                if kind == "notification"
                else "refund_reason"
                if kind == "cancel"
                else "terminal_timestamp",
                rng.choice(["", "0"]),
            )
        )
    pairs = list(dict(pairs).items())
    if charset == "GBK" or kind == "notification":
        pairs = [(name, "".join(c for c in value if encodable(c, "gbk"))) for name, value in pairs]
    return kind, pairs, charset


def encodable(text, charset):
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def faulty_sign(pairs, charset, sign_type, faults, rng, keys):
    """Return (message as sent, sign), or None where a fault cannot be made on this message."""
    sent = list(pairs)
    work = list(pairs)
    if "framework parameter" in faults:
        sent.append(rng.choice([("s", "/pay/notify"), ("_url", "/notify"), ("route", "alipay"), ("r", "17")]))
    if "charset signed, not sent" in faults:
        if not any(n == "_input_charset" for n, _ in sent):
            return None
        sent = [(n, v) for n, v in sent if n != "_input_charset"]
    if "entities in message" in faults:
        sent = [(n, html.escape(v, quote=False)) for n, v in sent]
        if sent == pairs:
            return None
    signable = [(n, v) for n, v in work if v != ""]
    if "empties in" in faults:
        signable = list(work)
    if "null as text" in faults:
        signable = [(n, v or "null") for n, v in work]
    if "one forgotten" in faults:
        gone = rng.choice([n for n, _ in signable])
        signable = [(n, v) for n, v in signable if n != gone]
    if "optional signed empty" in faults:
        free = [n for n in NAMES if n not in dict(work)]
        if "notify_id" in dict(work) or not free:
            return None
        signable.append((free[0], ""))
    if "charset in other case" in faults:
        signable = [(n, v.lower() if n == "_input_charset" else v) for n, v in signable]
    if "zero dropped" in faults:
        signable = [(n, v) for n, v in signable if v != "0"]
    if "sign_type in" in faults:
        signable.append(("sign_type", sign_type))

    def change(function, name=None):
        return [(n, function(v) if name is None or re.search(name, n) else v) for n, v in signable]

    def rewrite(writer):
        out = []
        for n, v in signable:
            out.append((n, writer(json.loads(v)) if v.startswith("{") else v))
        return out

    if "php json" in faults:
        signable = rewrite(lambda o: json.dumps(o, separators=(",", ":")).replace("/", "\\/"))
    if "python json" in faults:
        signable = rewrite(json.dumps)
    if "json sorted" in faults:
        signable = rewrite(lambda o: json.dumps(o, separators=(",", ":"), sort_keys=True, ensure_ascii=False))
    if "slashes" in faults:
        signable = [(n, v.replace("/", "\\/") if v.startswith("{") else v) for n, v in signable]
    if "go json" in faults:
        signable = rewrite(
            lambda o: json.dumps(o, separators=(",", ":"), ensure_ascii=False)
            .replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
        )  # fmt: skip
    if "float amount" in faults:
        signable = change(lambda v: repr(float(v)), "^(refund_amount|total_fee)$")
    if "cents" in faults:
        signable = change(lambda v: str(round(float(v) * 100)), "^(refund_amount|total_fee)$")
    if "clock read twice" in faults:
        signable = change(lambda v: shift(v, 1), "^(timestamp|notify_time)$")
    if "UTC" in faults:
        signable = change(lambda v: shift(v, -8 * 3600), "^(timestamp|notify_time)$")
    if "CR LF" in faults:
        signable = change(lambda v: v.replace("\n", "\r\n"))
    if "http for https" in faults:
        signable = change(lambda v: v.replace("https://", "http://"), "^notify_url$")
    if "trimmed" in faults:
        signable = change(str.strip)
    if "htmlspecialchars" in faults:
        signable = change(lambda v: html.escape(v, quote=False).replace('"', "&quot;"))
    codec = "utf-8" if charset == "UTF-8" else "gbk"
    if "urlencode" in faults:
        signable = change(lambda v: urllib.parse.quote_plus(v, encoding=codec).replace("~", "%7E"))
    if "rawurlencode" in faults:
        signable = change(lambda v: urllib.parse.quote(v, safe="~", encoding=codec))
    if "encodeURIComponent" in faults:
        if codec != "utf-8":
            return None
        signable = change(lambda v: urllib.parse.quote(v, safe="~!*'()"))
    if "urldecode" in faults:
        signable = change(lambda v: urllib.parse.unquote_plus(v, encoding=codec))
    if "not sorted" in faults:
        pass
    elif "sorted backwards" in faults:
        signable.sort(key=lambda p: p[0], reverse=True)
    elif "sorted by value" in faults:
        signable.sort(key=lambda p: p[1])
    else:
        signable.sort(key=lambda p: p[0])
    quote = '"' if "quoted values" in faults else ""
    glue = "& " if "blank after &" in faults else "," if "comma" in faults else "&"
    if "values only" in faults:
        text = "".join(v for _, v in signable)
    else:
        text = glue.join(f"{n}={quote}{v}{quote}" for n, v in signable)
    if "trailing &" in faults:
        text += "&"
    if "urlencoded text" in faults:
        text = urllib.parse.quote_plus(text, encoding=codec)
    if "BOM" in faults:
        text = "\ufeff" + text
    try:
        data = encoded(text, codec, faults)
    except UnicodeError:
        return None
    sign = md5_sign(data, faults, keys) if sign_type == "MD5" else rsa_sign(data, sign_type, faults, keys)
    return None if sign is None else ([*sent, ("sign_type", sign_type), ("sign", sign)], sign)


def encoded(text, codec, faults):
    if "GBK" in faults:
        return text.encode("gbk" if codec == "utf-8" else "utf-8")
    if "Latin-1 question marks" in faults:
        return text.encode("latin-1", "replace")
    if "double UTF-8" in faults:
        return text.encode("utf-8").decode("latin-1").encode("utf-8")
    return text.encode(codec)


def shift(value, seconds):
    if not re.fullmatch(r"[\d: -]{19}", value):
        return value
    parsed = time.mktime(time.strptime(value, "%Y-%m-%d %H:%M:%S")) + seconds
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(parsed))


def md5_sign(data, faults, keys):
    key = keys["md5"].encode()
    if "key newline" in faults:
        key += b"\n"
    if "key blank" in faults:
        key = b" " + key
    if "key missing" in faults:
        key = b""
    if "key upper" in faults:
        key = key.upper()
    if "partner as key" in faults:
        key = PARTNER.encode()
    hasher = hashlib.sha256 if "SHA-256 for MD5" in faults else hashlib.md5
    if "HMAC" in faults:
        digest = hmac.new(key, data, hasher).digest()
    else:
        whole = data + key
        if "&key=" in faults:
            whole = data + b"&key=" + key
        if "& before key" in faults:
            whole = data + b"&" + key
        if "key first" in faults:
            whole = key + data
        digest = hasher(whole).digest()
        if "MD5 twice" in faults:
            digest = hasher(digest.hex().encode()).digest()
    sign = digest.hex()
    if "zeros lost" in faults:
        if hasher is not hashlib.md5:
            return None
        sign = "%x" % int(sign, 16) if sign[0] == "0" else "".join("%x" % b for b in digest)
    if "upper hex" in faults:
        sign = sign.upper()
    if "base64 of MD5" in faults:
        sign = base64.b64encode(digest).decode()
    if "base64 of hex" in faults:
        sign = base64.b64encode(sign.encode()).decode()
    return sign


def rsa_sign(data, sign_type, faults, keys):
    key = keys["other"] if "other RSA key" in faults else keys["merchant"]
    if "MD5 key with RSA" in faults:
        data += keys["md5"].encode()
    algorithm = hashes.SHA1() if sign_type == "RSA" else hashes.SHA256()
    if "digest signed" in faults:
        data = (hashlib.sha1 if sign_type == "RSA" else hashlib.sha256)(data).hexdigest().encode()
    if "wrong RSA hash" in faults:
        algorithm = hashes.SHA256() if sign_type == "RSA" else hashes.SHA1()
    if "MD5 in RSA" in faults:
        algorithm = hashes.MD5()
    scheme = padding.PKCS1v15()
    if "PSS" in faults:
        scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
    raw = key.sign(data, scheme, algorithm)
    sign = base64.b64encode(raw).decode()
    if "hex of RSA" in faults:
        sign = raw.hex()
    if "double base64" in faults:
        sign = base64.b64encode(sign.encode()).decode()
    if "line breaks" in faults:
        sign = "\n".join(sign[i : i + 76] for i in range(0, len(sign), 76))
    if "url-safe" in faults:
        sign = sign.replace("+", "-").replace("/", "_")
    if "plus to blank" in faults:
        sign = sign.replace("+", " ")
    return sign


def cases(count, seed, keys):
    """Yield (message, charset, sign type, faults, sent, sign); every fault planted makes a difference."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        kind, pairs, charset = message(rng)
        sign_type = rng.choice(["MD5", "MD5", "RSA", "RSA2"])
        usable = [f for f in FAULTS if f not in (RSA_ONLY if sign_type == "MD5" else MD5_ONLY)]
        faults = rng.sample(usable, 1 + made % 2)
        if any(len(group & set(faults)) > 1 for group in GROUPS):
            continue
        state = rng.getstate()
        signed = try_sign(pairs, charset, sign_type, faults, state, keys)
        if signed is None:
            continue
        without = [
            try_sign(pairs, charset, sign_type, [f for f in faults if f != gone], state, keys)
            for gone in faults
        ]
        if any(other is not None and other == signed for other in without):
            continue
        made += 1
        yield kind, charset, sign_type, faults, signed[0], signed[1]


def try_sign(pairs, charset, sign_type, faults, state, keys):
    rng = random.Random()
    rng.setstate(state)
    return faulty_sign(pairs, charset, sign_type, set(faults), rng, keys)


def judge(diagnosis, faults):
    if diagnosis.verdict != "explained":
        return "missed"
    wanted = [set(FAULTS[fault]) for fault in faults]
    if fits(diagnosis.mistakes, wanted):
        return "exact"
    if any(fits(group, wanted) for group in diagnosis.equivalents):
        return "listed"
    return "shorter" if len(diagnosis.mistakes) < len(faults) else "other"


def fits(mistakes, wanted):
    ids = [mistake.id for mistake in mistakes]
    if len(ids) != len(wanted):
        return False
    orders = [wanted, wanted[::-1]]
    return any(all(each in ids_ for each, ids_ in zip(ids, order, strict=True)) for order in orders)


def test_keys():
    pem = TEST_PRIVATE_KEY_PHP.replace(" (For PHP)", "")
    return {
        "md5": TEST_MD5_KEY,
        "merchant": load_pem_private_key(pem.encode(), None),
        "other": rsa.generate_private_key(65537, 1024),
        "stranger": rsa.generate_private_key(65537, 1024),
    }


def measure(count, seed, keys, show):
    verdicts = collections.Counter()
    times = {1: [], 2: []}
    shown = 0
    for kind, charset, sign_type, faults, sent, sign in cases(count, seed, keys):
        started = time.process_time()
        diagnosis = explain_params(
            sent,
            charset,
            sign_type,
            sign,
            public_key=keys["merchant"].public_key(),
            candidates=[("other", keys["other"].public_key())],
        )
        times[len(faults)].append(time.process_time() - started)
        verdict = judge(diagnosis, faults)
        verdicts[verdict] += 1
        if verdict in ("missed", "other") and shown < show:
            shown += 1
            found = [(m.id, m.detail) for m in diagnosis.mistakes]
            print(
                f"  {verdict}: {kind} {charset} {sign_type} {faults} -> {found} {dict(sent) if show > 100 else ''}"
            )
    return verdicts, times


def innocents(count, seed, keys):
    """Return how many correct, random and unknown-key signs were explained by a mistake, and the times."""
    rng = random.Random(seed)
    explained, times, right = collections.Counter(), [], 0
    for number in range(count):
        _, pairs, charset = message(rng)
        sign_type = rng.choice(["MD5", "RSA", "RSA2"])
        sent, sign = faulty_sign(pairs, charset, sign_type, set(), rng, keys)
        kinds = {"correct": (sent, sign)}
        length = 16 if sign_type == "MD5" else 128
        raw = rng.randbytes(length)
        kinds["random"] = (sent, raw.hex() if sign_type == "MD5" else base64.b64encode(raw).decode())
        strange = {
            **keys,
            "md5": "".join(rng.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(32)),
            "merchant": keys["stranger"],
        }
        kinds["unknown key"] = faulty_sign(pairs, charset, sign_type, set(), rng, strange)
        kinds["unknown text"] = faulty_sign(
            [*pairs, ("surprise", str(rng.random()))], charset, sign_type, set(), rng, keys
        )
        for label, (_, given) in kinds.items():
            if label != "correct" and number >= count // 10:
                continue  # an unexplained sign costs a whole search: a tenth of them is enough
            started = time.process_time()
            diagnosis = explain_params(
                sent, charset, sign_type, given, public_key=keys["merchant"].public_key()
            )
            if diagnosis.verdict == "explained":
                explained[label] += 1
            if label == "correct":
                right += diagnosis.verdict == "valid"
            elif diagnosis.tried:  # an RSA sign of an unknown key costs no search
                times.append(time.process_time() - started)
    return explained, right, times


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=int, default=20, help="how many misses to print")
    parser.add_argument("--innocents", type=int, default=300)
    args = parser.parse_args()
    keys = test_keys()
    verdicts, times = measure(args.count, args.seed, keys, args.misses)
    hits = verdicts["exact"] + verdicts["listed"] + verdicts["shorter"]
    print(
        f"{args.count} wrong signs: "
        + ", ".join(f"{name} {verdicts[name]}" for name in ("exact", "listed", "shorter", "other", "missed"))
    )
    print(f"hit rate {100 * hits / args.count:.2f} % (acceptance 99.5 %)")
    for size, goal in ((1, 50), (2, 500)):
        if times[size]:
            ordered = sorted(times[size])
            print(
                f"{size} mistake(s): median {1000 * statistics.median(ordered):.1f} ms of processor time (goal {goal}), "
                f"p95 {1000 * ordered[len(ordered) * 95 // 100]:.0f} ms, worst {1000 * ordered[-1]:.0f} ms"
            )
    explained, right, slow = innocents(args.innocents, args.seed + 1, keys)
    print(
        f"innocents: correct signs found valid {right} of {args.innocents}; explained by a mistake: {sum(explained.values())} {dict(explained)}"
    )
    if slow:
        print(
            f"unexplained: median {1000 * statistics.median(slow):.0f} ms (goal 3000), worst {1000 * max(slow):.0f} ms"
        )
    ok = hits >= 0.995 * args.count and not explained and right == args.innocents
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
