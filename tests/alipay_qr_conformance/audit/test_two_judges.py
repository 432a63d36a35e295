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
from alipay_qr_conformance.audit.accounts import read_accounts
from alipay_qr_conformance.audit.cohorts import Cohorts, Wrong
from alipay_qr_conformance.audit.fast import FastJudge
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


@pytest.fixture(scope="module")
def judges():
    accounts = read_accounts([])
    return FastJudge(accounts), SlowJudge(accounts, Cohorts())


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


@pytest.mark.parametrize("sign_type", ["MD5", "RSA", "RSA2"])
def test_every_sign_type_passes(judges, sign_type):
    from alipay_qr_conformance.model.test_account import TestKeys

    fast, slow = judges
    keys = TestKeys()
    bare = refund()
    params = {**bare, "sign_type": sign_type, "sign": sign_params(bare, keys.merchant_signer(sign_type))}
    query = form(params)
    assert isinstance(fast.request("GET", query, None, "", MS), dict)
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
    assert isinstance(fast.request("GET", query, None, "", MS), dict) is passes
    judged = slow.judge(Exchange("har", 0, method="GET", url=f"?{query}".encode()), MS)
    assert [each.requirement for each in judged.findings] == ([] if passes else ["request.timestamp.zone"])
