"""The usual slip behind a value or an encoding, told with the rule that it breaks; twins are spared."""

import json
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus, urlencode

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.presign import presign
from alipay_qr.signing import Md5
from alipay_qr.wire import Request, read_request
from alipay_qr_conformance.model.texts import catalogue
from alipay_qr_conformance.rules.altered import why
from alipay_qr_conformance.rules.request import Sent, Wanted, judge
from alipay_qr_conformance.rules.slips import of_value

REFUND = {
    "service": "alipay.acquire.overseas.spot.refund",
    "partner": TEST_PARTNER,
    "_input_charset": "UTF-8",
    "notify_url": "https://merchant.example/n",
    "partner_trans_id": "T1",
    "partner_refund_id": "R1",
    "refund_amount": "0.10",
    "currency": "USD",
    "refund_reason": "\u8336 + 1 %",
    "is_sync": "Y",
}
FORM = "application/x-www-form-urlencoded"


def signed(params, charset="UTF-8"):
    return {**params, "sign_type": "MD5", "sign": Md5(TEST_MD5_KEY).sign(presign(params, charset))}


def slips(request, wanted=None):
    sent = Sent(
        request=request,
        reading=read_request(request),
        partner=TEST_PARTNER,
        sign_type="MD5",
        charset="UTF-8",
        now=datetime(2026, 3, 9, 2, tzinfo=UTC),
        verifier=Md5(TEST_MD5_KEY),
        wanted=wanted,
    )
    found = list(judge(sent))
    for each in found:
        assert bool(each.slip) <= (each.diagnosis is not None)
    return {(each.requirement, each.slip) for each in found}


@pytest.mark.parametrize(
    ("name", "value", "slip"),
    [
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
    ],
)
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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"refund_amount": "1,000.00"}, ("request.refund.refund_amount", "thousands")),
        ({"refund_amount": "100.00", "currency": "JPY"}, ("request.refund.refund_amount", "whole-currency")),
        ({"refund_amount": "10.00"}, ("request.refund.amount-exact", "cents")),
        ({"refund_amount": "0.09"}, ("request.refund.amount-exact", "cent-lost")),
        ({"_input_charset": "utf8"}, ("request.charset.declared", "charset-spelling")),
    ],
)
def test_the_rule_tells_the_slip(change, told):
    params = {**REFUND, **change}
    request = Request("GET", urlencode(signed(params)).encode())
    wanted = Wanted(REFUND["service"], {"refund_amount": "0.10", "currency": params["currency"]})
    assert told in slips(request, wanted)


@pytest.mark.parametrize(
    ("asked", "sent", "slip"),
    [("12.50", "0.13", ""), ("12.50", "0.12", ""), ("12.00", "0.12", "hundredth"), ("12.50", "12", "whole")],
)
def test_one_amount_for_another_is_told(asked, sent, slip):
    request = Request("GET", urlencode(signed({**REFUND, "refund_amount": sent})).encode())
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


@pytest.mark.parametrize(
    ("wanted", "found", "told"),
    [
        ("0012", "12", "leading zeros"),
        ("20261123001", "20261123001.0", "floating-point"),
        ("20261123001", "20,261,123,001", "separators"),
        ("2026112322001400001000123456", str(int(float("2026112322001400001000123456"))), "rounded"),
        ("2026112322001400001000123456", "2026112322001400000000000000", "15 digits"),
        ("2026112322001400001000123456", "2.0261123220014E+27", "exponent"),
    ],
)
def test_an_id_that_was_taken_for_a_number_is_told(wanted, found, told):
    assert told in why(wanted, found).en


@pytest.mark.parametrize(
    ("wanted", "found"), [("0012", "13"), ("T0012", "T12"), ("12", "9.1E+1"), ("12", "x")]
)
def test_another_id_is_no_number(wanted, found):
    assert why(wanted, found) is None


def test_every_slip_of_the_texts_is_told_by_a_rule():
    told = {key.removeprefix("slip.") for key in catalogue() if key.startswith("slip.")}
    assert told >= set(BODIES)
