"""One law: what the fast path passes, the slow judge finds no fault with.

2,000 mutated messages in every run; ``ALIPAY_QR_AUDIT=full`` in the environment tries 100,000.
"""

import hashlib
import io
import json
import os
import random
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from audit_recordings import FORM, KEY, NOON, asked, cancel, digest, form, news, refund, signed, told

from alipay_qr.signing import sign_params
from alipay_qr_conformance.audit import ndjson
from alipay_qr_conformance.audit.access import AccessLines
from alipay_qr_conformance.audit.accounts import read_accounts
from alipay_qr_conformance.audit.blocks import block_of
from alipay_qr_conformance.audit.clock import Clock
from alipay_qr_conformance.audit.cohorts import UNEXPLAINED, Cohorts
from alipay_qr_conformance.audit.events import EventWriter
from alipay_qr_conformance.audit.fast import Fast
from alipay_qr_conformance.audit.judge import PartJudge
from alipay_qr_conformance.audit.messages import Messages, grouped
from alipay_qr_conformance.audit.ndjson import Lines
from alipay_qr_conformance.audit.signs import Signs
from alipay_qr_conformance.audit.slow import SlowJudge
from alipay_qr_conformance.audit.tally import Place
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


def passes(fast, method, query, body, kind, ms):
    """Whether the fast path passes a message."""
    reply = "success" if body is not None and "service=" not in body + query else None
    messages = Messages([method], [f"?{query}"], [kind], [body], [None], [200], [reply])
    found = [
        each
        for texts, charset, _ in grouped(messages, fast._signs.charset_of)
        for each in fast.judge(texts, charset, [ms])
    ]
    assert all(len(each.keys) + len(each.left) == 1 for each in found)
    return any(each.keys for each in found)


@pytest.fixture(scope="module")
def judges():
    accounts = read_accounts([])
    return Fast(Signs(accounts)), SlowJudge(accounts, Cohorts())


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
        if not passes(fast, method, query, body, kind, ms):
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
        if not passes(fast, "POST", "", body, kind, MS):
            continue
        passed += 1
        exchange = Exchange(
            "json-line", 0, method="POST", body=body.encode(), content_type=kind, status=200, reply=b"success"
        )
        judged = slow.judge(exchange, MS)
        assert judged.proved is True, body
        assert judged.findings == []
    assert passed > COUNT / 10


def test_messages_together_are_judged_as_each_alone(judges):
    fast, _ = judges
    rng = random.Random(11)  # noqa: S311 (no secret)

    def judged(texts, charset):
        """What each text comes to, by its place."""
        results = {}
        for found in fast.judge(texts, charset, [MS] * len(texts)):
            passed = iter(zip(found.keys, found.told, strict=True))
            for at, place in enumerate(found.places):
                results[place] = found.left[at] if at in found.left else next(passed)
        return results

    for _ in range(COUNT // 20):
        together = {}
        for _ in range(rng.randrange(1, 20)):
            kind = rng.choice([news, refund, cancel])
            params = mutated(rng, kind()) if rng.random() < 0.3 else kind()
            params = resigned(rng, params) if rng.random() < 0.3 else signed(params)
            text = written(rng, params) if rng.random() < 0.3 else form(params)
            charset = one_of(rng, "UTF-8", ["GBK"]) if kind is news else ""
            together.setdefault((text.count("&"), charset), []).append(text)
        for (_, charset), texts in together.items():
            found = judged(texts, charset)
            alone = [judged([text], charset).get(0) for text in texts]
            assert [found.get(place) for place in range(len(texts))] == alone


@pytest.mark.parametrize("sign_type", ["MD5", "RSA", "RSA2"])
def test_every_sign_type_passes(judges, sign_type):
    from alipay_qr_conformance.model.test_account import TestKeys

    fast, slow = judges
    keys = TestKeys()
    bare = refund()
    params = {**bare, "sign_type": sign_type, "sign": sign_params(bare, keys.merchant_signer(sign_type))}
    query = form(params)
    assert passes(fast, "GET", query, None, "", MS)
    assert slow.judge(Exchange("har", 0, method="GET", url=f"?{query}".encode()), MS).findings == []
    paid = news()
    paid = {**paid, "sign_type": sign_type, "sign": sign_params(paid, keys.gateway_signer(sign_type))}
    assert passes(fast, "POST", "", form(paid), "", MS)


@pytest.mark.parametrize(
    ("offset", "right"),
    [(timedelta(0), True), (timedelta(minutes=-8), True), (timedelta(minutes=31), False)],
    ids=["now", "eight minutes", "too old"],
)
def test_the_moment_of_a_request(judges, offset, right):
    fast, slow = judges
    query = form(signed(cancel(at=NOON - offset)))
    assert passes(fast, "GET", query, None, "", MS) is right
    judged = slow.judge(Exchange("har", 0, method="GET", url=f"?{query}".encode()), MS)
    assert [each.requirement for each in judged.findings] == ([] if right else ["request.timestamp.zone"])


def test_what_stands_in_a_fragment_is_no_query():
    url = f"https://gateway.example/gateway.do#top?{form(signed(refund()))}"
    assert Exchange("har", 0, method="GET", url=url.encode()).query == b""
    messages = Messages(["GET"], [url], [""], [None], [None], [200], [None])
    assert [group.texts for group in grouped(messages, lambda kind: kind)] == [[""]]


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


PIECES = ["\t", "\x01", "\\q", "\\\\", "\\n", "\\b", "\\u003f", "\\u12", '"', "#", "?", "\\/"]
"""What a text of JSON holds, may hold written in another way, or must not hold."""


def json_line(rng, form_):
    """A JSON line, with some changes to what stands around its form."""
    record = (
        told({}, body=form_) if "service=" not in form_ else asked({}, url=f"https://a.example/g?{form_}")
    )
    record["reply"] = one_of(rng, record["reply"], ["fail", 'a\\"b', "a\\", "测试", None])
    for name in ("time", "method", "url", "contentType", "status", "kind"):
        if name in record:
            record[name] = one_of(rng, record[name], [None, "x", 7, "POST", "a\\/b?c=d"])
    if rng.random() < 0.1:
        record["more"] = rng.choice([1, "a\\", {"a": 1}, None, 1.5e9, "a\tb", True])
    line = json.dumps(record, ensure_ascii=rng.random() < 0.9)
    changes = [line[:-1], line.replace(": ", ":"), line + " ", line.replace("/", "\\/")]
    for mark in ("s", "success", "T</", "example/"):
        changes += [line.replace(mark, piece + mark, 1) for piece in PIECES]
    return one_of(rng, line, changes)


CALM = SimpleNamespace(random=lambda: 0.5)
"""Chooses what is usual."""
READERS = {
    "access log": (access_line, lambda judge: AccessLines(judge, Clock())),
    "JSON lines": (json_line, lambda judge: Lines(judge, Clock(), {}, Place(0, 0, 0, 0))),
    "JSON lines by msgspec": (json_line, lambda judge: Lines(judge, Clock(), {}, Place(0, 0, 0, 0))),
}


@pytest.mark.parametrize("name", READERS)
def test_lines_that_are_alike_are_read_as_each_alone(name, monkeypatch):
    monkeypatch.setattr(Cohorts, "search", lambda *_, **__: UNEXPLAINED)
    make, reader = READERS[name]
    if "msgspec" in name:
        pytest.importorskip("msgspec")
    else:
        monkeypatch.setattr(ndjson, "decoder", lambda _: None)
    rng = random.Random(9)  # noqa: S311 (no secret)
    lines = []
    for number in range(COUNT // 5):
        kind = rng.choice([news, refund, cancel])
        line = make(CALM, form(signed(kind()))) if number % 2 else make(rng, written_form(rng))
        lines.append(line.replace("\n", ""))
    known = []

    def counted(several, numbers, *columns):
        rest = several(numbers, *columns)
        known.extend(set(range(len(numbers))) - set(rest))
        return rest

    def result(*, fast):
        sink = io.BytesIO()
        writer = EventWriter(sink, 1)
        judge = PartJudge(read_accounts([]), writer, 0, 0)
        if fast:
            monkeypatch.setattr(judge, "several", partial(counted, judge.several))
        else:
            monkeypatch.setattr(judge, "several", lambda numbers, *_: list(range(len(numbers))))
        read = reader(judge)
        offset = 0
        for first in range(0, len(lines), 50):
            data = "".join(f"{line}\n" for line in lines[first : first + 50]).encode()
            read.read(block_of(data, offset, first))
            offset += len(data)
        tally = judge.finish().to_data()
        writer.flush()
        for _, _, group in tally["groups"]:
            group["places"] = [place[:3] for place in group["places"]]
        tally["groups"].sort(key=repr)
        return tally, sorted(unquote_plus(line.decode()) for line in sink.getvalue().splitlines())

    assert result(fast=True) == result(fast=False)
    assert len(known) > len(lines) / 5


def written_form(rng):
    """A form, mostly right, of any kind of message."""
    params = rng.choice([news, news, refund, cancel])()
    text = written(rng, signed(params)) if rng.random() < 0.5 else form(signed(params))
    at = rng.randrange(len(text))
    piece = one_of(rng, "", ["'", "|", "<", "/a=", "\\x41", "&a=/b=c", "#", "?", "@x="])
    return text[:at] + piece + text[at:]
