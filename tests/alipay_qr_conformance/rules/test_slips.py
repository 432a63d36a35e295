"""The usual slip behind a value or an encoding, told with the rule that it breaks; twins are spared."""

import json
from urllib.parse import quote, quote_plus, urlencode

import pytest

from alipay_qr.wire import Request
from alipay_qr_conformance.model.texts import catalogue, message
from alipay_qr_conformance.rules.altered import why
from alipay_qr_conformance.rules.request import Wanted, judge
from alipay_qr_conformance.rules.slips import of_value
from requests_sent import REFUND as PLAIN
from requests_sent import sent, signed

REFUND = PLAIN | {"refund_reason": "\u8336 + 1 %"}
FORM = "application/x-www-form-urlencoded"


def slips(request, wanted=None):
    found = list(judge(sent({}, request=request, wanted=wanted)))
    for each in found:
        assert bool(each.slip) <= (each.diagnosis is not None)
    return {(each.requirement, each.slip) for each in found}


VALUES = [
    ("refund_amount", "null", "nothing"),
    ("partner", "[object Object]", "nothing"),
    ("refund_amount", '"0.10"', "quoted"),
    ("refund_amount", "\uff11\uff10.00", "digits"),
    ("refund_amount", "\u0661\u0660\u066b\u0665", "digits"),
    ("refund_amount", "1,234.50", "thousands"),
    ("refund_amount", "1'234.50", "thousands"),
    ("refund_amount", "12,50", "comma"),
    ("refund_amount", "1.234,50", "comma"),
    ("refund_amount", "1.0E-1", "exponent"),
    ("refund_amount", "1e3", "exponent"),
    ("refund_amount", "0.30000000000000004", "float"),
    ("refund_amount", "29.989999999999998", "float"),
    ("refund_amount", "0.105", "decimals"),
    ("refund_amount", ".50", "open-end"),
    ("refund_amount", "12.", "open-end"),
    ("refund_amount", "-0.10", "signed"),
    ("refund_amount", "$0.10", "currency"),
    ("refund_amount", "0.10 USD", "currency"),
    ("refund_amount", "0.00", "zero"),
    ("refund_amount", " 0.10", "blanks"),
    ("partner_trans_id", "T1 ", "blanks"),
    ("currency", "usd", "code-case"),
    ("biz_data.store_id", 12, "json-number"),
    ("biz_data.store_id", True, "json-number"),
]


@pytest.mark.parametrize(("name", "value", "slip"), VALUES)
def test_the_slip_behind_a_value_is_told(name, value, slip):
    found = of_value(name, value, "USD")
    assert found is not None
    assert found.id == slip
    assert found.text.en != found.text.zh


@pytest.mark.parametrize(
    ("name", "value", "currency"),
    [
        ("refund_amount", "0.10", "USD"),
        ("refund_amount", "12345678.00", "USD"),
        ("partner_trans_id", "1.0E-1", ""),
        ("partner_trans_id", "1,234", ""),
        ("refund_reason", "nullable", ""),
        ("refund_reason", "x" * 300, ""),
        ("biz_data.store_id", {"a": 1}, ""),
        ("biz_data.store_id", None, ""),
    ],
)
def test_what_is_no_slip_is_left_unexplained(name, value, currency):
    assert of_value(name, value, currency) is None


CHANGES = [
    ({"refund_amount": "1,000.00"}, ("request.refund.refund_amount", "thousands")),
    ({"refund_amount": "100.00", "currency": "JPY"}, ("request.refund.refund_amount", "whole-currency")),
    ({"refund_amount": "10.00"}, ("request.refund.amount-exact", "cents")),
    ({"refund_amount": "0.09"}, ("request.refund.amount-exact", "cent-lost")),
    ({"_input_charset": "utf8"}, ("request.charset.declared", "charset-spelling")),
]


@pytest.mark.parametrize(("change", "told"), CHANGES)
def test_the_rule_tells_the_slip(change, told):
    params = {**REFUND, **change}
    request = Request("GET", urlencode(signed(params)).encode())
    wanted = Wanted(REFUND["service"], {"refund_amount": "0.10", "currency": params["currency"]})
    assert told in slips(request, wanted)


AMOUNTS = [
    ("12.50", "0.13", ""),
    ("12.50", "0.12", ""),
    ("12.00", "0.12", "hundredth"),
    ("12.50", "12", "whole"),
]


@pytest.mark.parametrize(("asked", "told", "slip"), AMOUNTS)
def test_one_amount_for_another_is_told(asked, told, slip):
    request = Request("GET", urlencode(signed({**REFUND, "refund_amount": told})).encode())
    found = dict(slips(request, Wanted(REFUND["service"], {"refund_amount": asked, "currency": "USD"})))
    assert found["request.refund.amount-exact"] == slip


def raw(act):
    return "&".join(f"{name}={act(value)}" for name, value in signed(REFUND).items()).encode()


POSTED = urlencode(signed(REFUND)).encode()
URL = b"_input_charset=UTF-8"
IN_GBK = raw(lambda value: quote_plus(value.encode("gbk")))
BODIES = {
    "encoded-in": Request("GET", IN_GBK),
    "sent-in": Request("GET", IN_GBK.replace(b"0.10", b"0.20")),
    "sent-mixed": Request("GET", IN_GBK.replace(b"0.10", b"%FF%FF")),
    "encoded-twice": Request("GET", raw(lambda value: quote(quote(value, safe=""), safe=""))),
    "plus-raw": Request("GET", raw(lambda value: quote(value, safe="+"))),
    "percent-raw": Request("GET", raw(lambda value: quote_plus(value).replace("%25", "%"))),
    "escape-function": Request("GET", raw(lambda value: quote_plus(value).replace("%E8%8C%B6", "%u8336"))),
    "text-raw": Request("GET", raw(lambda value: quote(value, safe="\u8336").replace("%E8%8C%B6", "\u8336"))),
    "byte-raw": Request("GET", raw(lambda value: quote(value).replace("%20", " "))),
    "json-body": Request("POST", URL, json.dumps(signed(REFUND)).encode(), "application/json"),
    "multipart-body": Request("POST", URL, b"--x\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x"),
    "xml-body": Request("POST", b"", b"<xml><a>1</a></xml>", "text/xml"),
    "charset-in-body": Request("POST", b"", POSTED, FORM),
    "charset-in-header": Request(
        "POST", b"", POSTED.replace(b"&_input_charset=UTF-8", b""), f"{FORM}; charset=GBK"
    ),
}


@pytest.mark.parametrize("slip", BODIES)
def test_the_slip_behind_an_encoding_is_told(slip):
    assert slip in {told for _, told in slips(BODIES[slip])}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_right_request_has_no_slip(method):
    request = Request("GET", POSTED) if method == "GET" else Request("POST", URL, POSTED, FORM)
    assert {told for _, told in slips(request)} <= {""}


LONG = "2026112322001400001000123456"
IDS = {
    "zeros-lost": ("0012", "12"),
    "decimal": ("20261123001", "20261123001.0"),
    "grouped": ("20261123001", "20,261,123,001"),
    "float-rounded": (LONG, str(int(float(LONG)))),
    "digits-lost": (LONG, "2026112322001400000000000000"),
    "exponent-id": (LONG, "2.0261123220014E+27"),
}


@pytest.mark.parametrize("slip", IDS)
def test_an_id_that_was_taken_for_a_number_is_told(slip):
    assert why(*IDS[slip]) == message(f"slip.{slip}")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("0012", "13"),
        ("T0012", "T12"),
        ("12", "9.1E+1"),
        ("12", "x"),
        pytest.param("9" * 5000, "9", id="long"),
    ],
)
def test_another_id_is_no_number(wanted, found):
    assert why(wanted, found) is None


def test_every_slip_of_the_texts_is_told_here_by_a_rule():
    told = {slip for *_, slip in VALUES} | {slip for _, (_, slip) in CHANGES} | {slip for *_, slip in AMOUNTS}
    texts = {key.removeprefix("slip.") for key in catalogue() if key.startswith("slip.")}
    assert texts == (told - {""}) | set(BODIES) | set(IDS)
