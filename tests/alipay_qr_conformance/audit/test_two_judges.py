"""One law: what the fast path passes, the slow judge finds no fault with.

2,000 mutated messages in every run; ``ALIPAY_QR_AUDIT=full`` in the environment tries 100,000.
"""

import hashlib
import os
import random
from datetime import timedelta
from urllib.parse import quote, quote_plus

import pytest
from audit_recordings import FORM, KEY, NOON, cancel, digest, form, news, refund, signed

from alipay_qr.signing import sign_params
from alipay_qr_conformance.audit.access import AccessLines
from alipay_qr_conformance.audit.accounts import read_accounts
from alipay_qr_conformance.audit.blocks import Block
from alipay_qr_conformance.audit.clock import Clock, milliseconds
from alipay_qr_conformance.audit.cohorts import Cohorts, Wrong
from alipay_qr_conformance.audit.fast_news import FastNews
from alipay_qr_conformance.audit.fast_requests import FastRequests, Passed
from alipay_qr_conformance.audit.judge import BY_SIZE
from alipay_qr_conformance.audit.log_lines import log_exchanges
from alipay_qr_conformance.audit.patterns import HELD, SERVICES, short_pattern
from alipay_qr_conformance.audit.signs import Signs
from alipay_qr_conformance.audit.slow import SlowJudge
from alipay_qr_conformance.reading.exchange import Exchange

COUNT = 100_000 if os.environ.get("ALIPAY_QR_AUDIT") == "full" else 2_000
MS = int(NOON.timestamp() * 1000)
VALUES = [
    *("", " ", "a b", "a+b", "100%", "a=b", "a&b", "&total_fee=0.01", "\0", "\t", "\x7f", "é", "测试"),
    *("\U0001f600", "0", "0.00", "10.001", "1e2", "JPY", "XXX", "Y", "y", "x" * 64, "x" * 65, "测" * 64),
    *("x" * 200, '"', "REDACTED", "2026-11-10 12:00:00", "2026-11-10 13:00:00", "2026-02-30 12:00:00"),
    *("1794283200000", "https://a.example/n", "ftp://a.example", "https://a.example:99999/", "https://a@b/"),
    *("2088021966388155", "2088000000000000", "T1"),
]
NAMES = ["a", "a1", "A", "_x", "out_trade_no", "sign_type2", "total_fee", "zzz", "x-y", "b.c", ""]


class Fast:
    """The fast path, one message a call."""

    def __init__(self, accounts):
        signs = Signs(accounts)
        self.requests, self.news = FastRequests(signs), FastNews(signs)
        self.request = self.requests.one

    def notification(self, body, content_type):
        (found,) = self.news.many([(body, content_type)])
        return found


@pytest.fixture(scope="module")
def judges():
    accounts = read_accounts([])
    return Fast(accounts), SlowJudge(accounts, Cohorts())


def mutated(rng, params):
    """Parameters with some changes, before they are signed."""
    for _ in range(rng.randrange(3)):
        name = rng.choice(list(params))
        action = rng.randrange(5)
        if action == 0:
            params[name] = rng.choice(VALUES)
        elif action == 1:
            params[rng.choice(NAMES)] = rng.choice(VALUES)
        elif action == 2:
            params.pop(name)
        elif action == 3:
            params[name] += rng.choice(VALUES)
        else:
            params[name] = params[name].lower()
        if not params:
            params["a"] = "b"
    return params


def written(rng, params):
    """A form of signed parameters, with some changes to its bytes."""
    pairs = [f"{name}={quote_plus(value)}" for name, value in params.items()]
    if rng.random() < 0.3:
        rng.shuffle(pairs)
    for _ in range(rng.randrange(2)):
        at = rng.randrange(len(pairs))
        name, _, value = pairs[at].partition("=")
        pairs[at] = rng.choice(
            [
                f"{name}={quote(value)}",
                f"{name}={quote(quote(params.get(name, '')))}",
                f"{name}={params.get(name, '')}",
                f"{name}={value.lower()}",
                f"{name}={value.replace('%', '%25', 1)}",
                f"{name}={value}%",
                f"{name}={value}%zz",
                f"{name}={value}%00",
                f"{name}={value}=",
                f"{name}",
                f"%{ord(name[0]):02X}{name[1:]}={value}" if name else "=",
                f"{name}={value}&{name}={value}",
                f"{name}={value}&{name}=",
                f"{name}={value}&",
                f"{name}={value} ",
                f"{name}={value}\n",
                f"{name}={value}é",
                f"{name}={value}%FF",
                f"{name}={value.replace('+', '%20')}",
            ]
        )
    return "&".join(pairs)


def resigned(rng, params):
    """Sign rightly, or in one of the ways of the wild."""
    bare = {name: value for name, value in params.items() if name not in {"sign", "sign_type"}}
    way = rng.randrange(8)
    if way == 0:
        return {**bare, "sign_type": "MD5", "sign": digest(bare).upper()}
    if way == 1:
        text = "&".join(f"{name}={value}" for name, value in bare.items())
        return {**bare, "sign_type": "MD5", "sign": hashlib.md5((text + KEY).encode()).hexdigest()}
    if way == 2:
        text = "&".join(sorted(f"{name}={value}" for name, value in bare.items()))
        return {**bare, "sign_type": "MD5", "sign": hashlib.md5((text + KEY).encode()).hexdigest()}
    return signed(bare)


def test_requests(judges):
    fast, slow = judges
    rng = random.Random(7)  # noqa: S311 (no secret)
    passed = 0
    for _ in range(COUNT):
        params = resigned(rng, mutated(rng, rng.choice([refund(), cancel(), cancel(trade_no="2026" * 7)])))
        query, body, method, kind = written(rng, params), None, rng.choice(["GET", "GET", "POST", "PUT"]), ""
        if rng.random() < 0.2:
            rest = "&".join(each for each in query.split("&") if not each.startswith("_input_charset="))
            query, body, method = "_input_charset=UTF-8", rest, rng.choice(["POST", "GET"])
            kind = rng.choice(["", FORM, "application/json", "application/x-www-form-urlencoded"])
        ms = MS + rng.choice([0, 0, 600_000, 1_900_000, -1_900_000])
        found = fast.request(method, query, body, kind, ms)
        if found is None or isinstance(found, Wrong):
            continue
        passed += 1
        exchange = Exchange(
            "json-line",
            0,
            method=method,
            url=f"?{query}".encode(),
            body=None if body is None else body.encode(),
            content_type=kind,
        )
        judged = slow.judge(exchange, ms)
        assert [each.requirement for each in judged.findings] == [], (query, body)
        assert judged.missing == []
    assert passed > COUNT / 10


def test_notifications(judges):
    fast, slow = judges
    rng = random.Random(8)  # noqa: S311 (no secret)
    passed = 0
    for _ in range(COUNT):
        body = written(rng, resigned(rng, mutated(rng, news())))
        kind = rng.choice([FORM, "application/x-www-form-urlencoded", ""])
        found = fast.notification(body, kind)
        if found is None:
            continue
        passed += 1
        exchange = Exchange(
            "json-line", 0, method="POST", body=body.encode(), content_type=kind, status=200, reply=b"success"
        )
        judged = slow.judge(exchange, MS)
        assert judged.proved is True, body
        assert judged.findings == []
        assert judged.partner == found[0]
    assert passed > COUNT / 10


def test_messages_together_are_judged_as_each_alone(judges):
    fast, _ = judges
    rng = random.Random(11)  # noqa: S311 (no secret)
    for _ in range(COUNT // 20):
        forms, opened = [], []
        for _ in range(rng.randrange(1, 20)):
            params = (
                mutated(rng, news(total_fee=rng.choice(["30.00", "1"]))) if rng.random() < 0.3 else news()
            )
            kind = one_of(rng, FORM, ["", "application/x-www-form-urlencoded; charset=GBK"])
            params = resigned(rng, params) if rng.random() < 0.3 else signed(params)
            forms.append((written(rng, params) if rng.random() < 0.3 else form(params), kind))
            sent = resigned(rng, mutated(rng, rng.choice([refund(), cancel()])))
            opened.append(fast.requests.open("GET", written(rng, sent), None, "", MS))
        assert fast.news.many(forms) == [fast.notification(*each) for each in forms]
        right = [each for each in opened if each is not None]
        assert fast.requests.close(right) == [fast.requests.close([each])[0] for each in right]


@pytest.mark.parametrize("sign_type", ["MD5", "RSA", "RSA2"])
def test_every_sign_type_passes(judges, sign_type):
    from alipay_qr_conformance.model.test_account import TestKeys

    fast, slow = judges
    keys = TestKeys()
    bare = refund()
    params = {**bare, "sign_type": sign_type, "sign": sign_params(bare, keys.merchant_signer(sign_type))}
    query = form(params)
    assert isinstance(fast.request("GET", query, None, "", MS), Passed)
    assert slow.judge(Exchange("har", 0, method="GET", url=f"?{query}".encode()), MS).findings == []
    told = news()
    told = {**told, "sign_type": sign_type, "sign": sign_params(told, keys.gateway_signer(sign_type))}
    assert fast.notification(form(told), "") is not None


@pytest.mark.parametrize(
    ("offset", "passes"),
    [(timedelta(0), True), (timedelta(minutes=-8), True), (timedelta(minutes=31), False)],
    ids=["now", "eight minutes", "too old"],
)
def test_the_moment_of_a_request(judges, offset, passes):
    fast, slow = judges
    query = form(signed(cancel(at=NOON - offset)))
    assert isinstance(fast.request("GET", query, None, "", MS), Passed) is passes
    judged = slow.judge(Exchange("har", 0, method="GET", url=f"?{query}".encode()), MS)
    assert [each.requirement for each in judged.findings] == ([] if passes else ["request.timestamp.zone"])


@pytest.mark.parametrize("profile", ["global", "hk"])
@pytest.mark.parametrize("alias", SERVICES)
def test_a_short_pattern_holds_what_the_judge_asks_for(alias, profile):
    assert tuple(short_pattern(alias, profile).groupindex) == HELD[alias]


TARGETS = ["/n", "/n?_input_charset=UTF-8", "/n?a=b#c", "/n?x=%26", ""]
AGENTS = ["curl/8.0", "", "a 'b'", "x?sign=1", "\\x22", "<a|b>", "é"]
HEADS = [
    "10.0.0.1 - - [10/Nov/2026:12:00:00 +0800]",
    "::1 - sign=x [10/Nov/2026:12:00:00 +0800]",
    "a [11/Nov/2026:12:00:00 +0800] b [10/Nov/2026:12:00:00 +0800]",
    "[2026-11-10T12:00:00.00+08:00]",
    "[10/Nov/2026:12:00:61 +0800]",
    "-",
]


def one_of(rng, usual, others):
    """Mostly what is usual."""
    return usual if rng.random() < 0.85 else rng.choice(others)


def access_line(rng, form):
    """A line of an access log, with some changes to what stands around its form."""
    head, agent = one_of(rng, HEADS[0], HEADS), one_of(rng, AGENTS[0], AGENTS)
    answer = one_of(rng, "200 7", ["200 7 ", "200 -", "200 512 x", "404 7", "2xx 7", "200"])
    version = one_of(rng, "HTTP/1.1", ["HTTP/2.0", "HTTP/x"])
    if "service=" in form:
        method = one_of(rng, "GET", ["POST", "PUT"])
        return f'{head} "{method} /gateway.do?{form} {version}" {answer} "-" "{agent}"'
    method, end = one_of(rng, "POST", ["GET", "PUT"]), one_of(rng, "", [" 0.003", ' "x"', ' "a=b&sign=c"'])
    return f'{head} "{method} {one_of(rng, "/n", TARGETS)} {version}" {answer} "-" "{agent}" "{form}"{end}'


def test_lines_of_an_access_log(judges):
    fast, _ = judges
    rng = random.Random(9)  # noqa: S311 (no secret)
    given = []

    class Judge:
        def take(self, *args):
            given.append(args)
            _, method, query, body, content_type, _, reply, ms = args
            if body is None or (query and ("service=" in query or "service=" in body)):
                return fast.request(method, query, body, content_type, ms) is not None
            return bool(reply and method != "GET" and fast.notification(body, content_type))

    lines, passed = AccessLines(Judge(), Clock()), 0
    for number in range(COUNT):
        form_ = written_form(rng)
        line = access_line(rng, form_).replace("\n", "").encode()
        if not lines.takes(line, number):
            continue
        passed += 1
        (exchange,) = log_exchanges(Block(line + b"\n", 0, number))
        body = exchange.body.decode("latin-1") if exchange.body else None
        reply = BY_SIZE if exchange.status == 200 and exchange.reply_size == 7 else None
        ms = milliseconds(exchange.time, Clock())
        query = exchange.query.decode("latin-1")
        assert given[-1] == (number, exchange.method, query, body, "", exchange.status, reply, ms), line
    assert passed > COUNT / 20


def written_form(rng):
    """A form, mostly right, of any kind of message."""
    params = rng.choice([news, news, refund, cancel])()
    text = written(rng, signed(params)) if rng.random() < 0.5 else form(signed(params))
    at = rng.randrange(len(text))
    piece = one_of(rng, "", ["'", "|", "<", "/a=", "\\x41", "&a=/b=c", "#", "?", "@x="])
    return text[:at] + piece + text[at:]
