"""Each rule alone: a request that keeps all of them, and one edit that breaks just one."""

import json
import re
from datetime import timedelta

import pytest

from alipay_qr.account import TEST_PARTNER
from alipay_qr.wire import Request, encode_form, post_parts
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.texts import catalogue, message
from alipay_qr_conformance.rules.altered import same_meaning
from alipay_qr_conformance.rules.request import Wanted, judge
from requests_sent import BIZ_DATA, CREATE, NOW, REFUND, sent, signed


def broken(found):
    breaches = list(judge(found))
    for each in breaches:
        assert each.requirement in register()
        assert not re.search(r"{\w+}", message(each.key, **each.details).en)
        assert each.key in catalogue()
    return [each.requirement for each in breaches]


@pytest.mark.parametrize("params", [CREATE, REFUND], ids=["create", "refund"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_right_request_breaks_nothing(params, method):
    request = None
    if method == "POST":
        url, body, kind = post_parts("http://127.0.0.1/gateway.do", signed(params), "UTF-8")
        request = Request("POST", url.partition("?")[2].encode(), body, kind)
    wanted = Wanted(params["service"], params)
    assert broken(sent(params, wanted=wanted, request=request)) == []


EDITS = {
    "partner": (CREATE | {"partner": "2088000000000000"}, "request.partner"),
    "no-charset": ({k: v for k, v in CREATE.items() if k != "_input_charset"}, "request.charset.declared"),
    "other-charset": (CREATE | {"_input_charset": "GBK"}, "request.charset.declared"),
    "sign-type-missing": (CREATE | {"sign_type": ""}, "request.sign_type"),
    "sign-type-lower": (CREATE | {"sign_type": "md5"}, "request.sign_type"),
    "sign-wrong": (CREATE | {"sign": "0" * 32}, "request.sign.valid"),
    "sign-empty": (CREATE | {"sign": ""}, "request.sign.valid"),
    "undocumented": (CREATE | {"router": "7"}, "request.documented-only"),
    "stale": (CREATE | {"timestamp": "2026-03-09 09:29:59"}, "request.timestamp.zone"),
    "utc": (CREATE | {"timestamp": "2026-03-09 02:00:00"}, "request.timestamp.zone"),
    "malformed-time": (CREATE | {"timestamp": "yesterday"}, "request.create.timestamp"),
    "no-notify-url": ({k: v for k, v in CREATE.items() if k != "notify_url"}, "request.create.notify_url"),
    "biz-type": (CREATE | {"biz_type": "OTHER"}, "request.create.biz_type"),
    "no-json": (CREATE | {"biz_data": "{"}, "request.create.biz_data"),
    "no-store": (
        CREATE | {"biz_data": json.dumps({k: v for k, v in BIZ_DATA.items() if k != "store_id"})},
        "request.create.biz_data.store_id",
    ),
    "amount-form": (REFUND | {"refund_amount": "0.105"}, "request.refund.refund_amount"),
    "same-ids": (REFUND | {"partner_refund_id": "T1"}, "request.refund.partner_refund_id"),
    "sync": (REFUND | {"is_sync": "yes"}, "request.refund.is_sync"),
}


@pytest.mark.parametrize("name", EDITS)
def test_one_edit_breaks_one_rule(name):
    params, requirement = EDITS[name]
    assert broken(sent(params)) == [requirement]


def test_what_was_signed_must_be_what_arrives():
    params = signed(CREATE)
    arrived = params | {"notify_url": "https://merchant.example/m"}
    request = Request("GET", encode_form(arrived, "UTF-8").encode())
    assert broken(sent(CREATE, request=request)) == ["request.sign.valid"]
    (breach,) = judge(sent(CREATE, request=request))
    assert "notify_url=https://merchant.example/m" in breach.evidence["expected_presign"]


@pytest.mark.parametrize(
    ("query", "requirement"),
    [
        (lambda text: text + "&partner=" + TEST_PARTNER, "request.no-duplicates"),
        (lambda text: text.replace("OVERSEASHOPQRCODE", "OVERSEASHOPQRCODE%"), "request.encoding"),
        (
            lambda text: text.replace("Lotte+1", "Lotte%FF1").replace("Lotte%201", "Lotte%FF1"),
            "request.encoding",
        ),
    ],
    ids=["duplicate", "percent", "not-utf-8"],
)
def test_the_form_on_the_wire(query, requirement):
    text = query(encode_form(signed(CREATE), "UTF-8"))
    assert requirement in broken(sent(CREATE, request=Request("GET", text.encode())))


def test_post_wants_the_charset_in_the_query_and_other_methods_are_none():
    text = encode_form(signed(CREATE), "UTF-8").encode()
    kind = "application/x-www-form-urlencoded;charset=UTF-8"
    assert broken(sent(CREATE, request=Request("POST", b"", text, kind))) == ["request.charset.in-query"]
    assert broken(sent(CREATE, request=Request("PUT", text))) == ["request.method"]


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
def test_a_body_that_is_no_form_is_one_breach(kind):
    request = Request("POST", b"", b'{"service": "alipay.acquire.cancel"}', kind)
    assert broken(sent(CREATE, request=request)) == ["request.encoding"]
    (breach,) = judge(sent(CREATE, request=request))
    assert "send a form" in message(breach.key, **breach.details).en


@pytest.mark.parametrize(
    ("values", "requirement"),
    [
        (REFUND | {"refund_amount": "0.1"}, None),
        (REFUND | {"refund_amount": "0.20"}, "request.refund.amount-exact"),
        (REFUND | {"partner_trans_id": " T1"}, "request.values-verbatim"),
        (REFUND | {"refund_reason": "broken"}, "request.values-verbatim"),
    ],
    ids=["same-value", "other-amount", "trimmed", "dropped"],
)
def test_what_was_asked_for_is_what_arrives(values, requirement):
    found = broken(sent(REFUND, wanted=Wanted(REFUND["service"], values)))
    assert found == ([requirement] if requirement else [])


@pytest.mark.parametrize(
    ("edit", "altered"),
    [
        ({}, False),
        ({"store_name": "Lotte 2"}, True),
        ({"passback_parameters": {"a": "1"}}, True),
        ({"country_code": "KR"}, True),
    ],
    ids=["same", "other", "nested", "dropped"],
)
def test_the_members_of_biz_data_are_compared(edit, altered):
    wanted = Wanted(CREATE["service"], CREATE | {"biz_data": BIZ_DATA | edit})
    assert broken(sent(CREATE, wanted=wanted)) == (["request.values-verbatim"] if altered else [])


def test_a_nested_object_may_travel_as_its_text():
    inner = {"type": "RATE", "value": "0.01"}
    params = CREATE | {"biz_data": json.dumps(BIZ_DATA | {"channel_fee": json.dumps(inner)})}
    wanted = Wanted(CREATE["service"], CREATE | {"biz_data": BIZ_DATA | {"channel_fee": inner}})
    assert "request.values-verbatim" not in broken(sent(params, wanted=wanted))


def test_another_service_than_asked_for():
    assert "request.service" in broken(sent(REFUND, wanted=Wanted("alipay.acquire.cancel")))


def test_without_a_key_the_signature_is_not_judged():
    assert broken(sent(CREATE | {"sign": "x"}, verifier=None)) == []


@pytest.mark.parametrize("minutes", [-30, 0, 30])
def test_half_an_hour_is_forgiven(minutes):
    assert broken(sent(CREATE, now=NOW + timedelta(minutes=minutes))) == []


@pytest.mark.parametrize("query", [b"", b"&&=&%", b"a" * 70_000, b"\xff=\x00"], ids=["0", "1", "2", "3"])
def test_nonsense_is_judged_without_a_crash(query):
    assert broken(sent(CREATE, request=Request("GET", query)))


@pytest.mark.parametrize(
    ("name", "wanted", "found", "same"),
    [
        ("currency", "usd", "USD", True),
        ("currency", "usd", "EUR", False),
        ("biz_data.trans_currency", "usd", "USD", True),
        ("biz_data.currency", None, "CNY", True),
        ("biz_data.currency", "", "USD", False),
        ("biz_data.trans_currency", None, "CNY", False),
        ("refund_amount", " 1.00", "1.00", True),
        ("refund_amount", "1e1", "10", True),
        ("refund_amount", "1.005", "1.01", False),
        ("refund_amount", "1,00", "1.00", False),
        ("refund_reason", " too large ", "too large", True),
        ("refund_reason", "r" * 129, "r" * 128, True),
        ("refund_reason", "r" * 129, "r" * 64, False),
        ("refund_reason", "too\r\nlarge", "too large", True),
        ("refund_reason", "too\nlarge", "toolarge", False),
        ("refund_reason", "cafe\u0301", "caf\u00e9", True),
        ("refund_reason", "\uff11", "1", False),
        ("refund_reason", "red", None, False),
        ("partner_refund_id", "r1", "R1", False),
    ],
)
def test_another_form_of_the_same_value(name, wanted, found, same):
    assert same_meaning(name, wanted, found) is same


def test_the_reason_is_found_under_the_name_of_the_hk_edition():
    wanted = Wanted(REFUND["service"], {"refund_reason": "too large"})
    params = REFUND | {"currency": "HKD", "refund_reson": "too large"}
    assert broken(sent(params, wanted=wanted, profile="hk")) == []
    assert broken(sent(params | {"refund_reson": "large"}, wanted=wanted, profile="hk")) == [
        "request.values-verbatim"
    ]
