"""The forms in which the gateway writes: the genuine ones by default, each other one by its name."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.beijing import format_milliseconds, format_timestamp
from alipay_qr.errors import ParameterError
from alipay_qr.signing import Md5, sign_params, verify_params
from alipay_qr.wire import Request, encode_form, post_parts, read_notification, read_response
from alipay_qr_conformance.gateway import VARIANTS, Dialect, Engine
from alipay_qr_conformance.sandbox import Settings
from catalogue_samples import BIZ_DATA

NOW = datetime(2026, 3, 9, 4, tzinfo=UTC)
SIGNER = Md5(TEST_MD5_KEY)
PAGE = (Path(__file__).parents[4] / "docs" / "gateway.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:9/n?shop=7"


def engine(*variants):
    made = Engine(partner=TEST_PARTNER, md5_key=TEST_MD5_KEY, dialect=Dialect().but(variants), announce=True)
    made.pay(None, "12.50", "USD", NOW, out_trade_no="T1", notify_url=ADDRESS)
    return made


def signed(**params):
    params = {"partner": TEST_PARTNER, "_input_charset": "UTF-8", "sign_type": "MD5"} | params
    return {**params, "sign": sign_params(params, SIGNER)}


def send(gateway, **params):
    return gateway.handle(Request("GET", encode_form(signed(**params), "UTF-8").encode()), NOW).body


def create(gateway):
    return send(
        gateway,
        service="alipay.commerce.qrcode.create",
        timestamp=format_timestamp(NOW),
        notify_url=ADDRESS,
        biz_type="OVERSEASHOPQRCODE",
        biz_data=json.dumps(BIZ_DATA),
    )


def refund(gateway, amount="1.00", refund_id="R1"):
    return send(
        gateway,
        service="alipay.acquire.overseas.spot.refund",
        notify_url="https://shop.example/n",
        partner_trans_id="T1",
        partner_refund_id=refund_id,
        refund_amount=amount,
        currency="USD",
        is_sync="Y",
    )


def cancel(gateway, number="T1"):
    return send(
        gateway,
        service="alipay.acquire.cancel",
        timestamp=format_milliseconds(NOW),
        out_trade_no=number,
    )


def names(body, pattern=rb"<response><\w+>(.*)</\w+></response>"):
    return re.findall(rb"<(\w+)>", re.search(pattern, body)[1])


@pytest.mark.parametrize("ask", [create, refund, cancel, lambda gateway: refund(gateway, "99.00")])
def test_children_come_alphabetically_on_one_line_and_the_sign_last(ask):
    body = ask(engine())
    assert names(body) == sorted(names(body))
    assert body.count(b"\n") == 1  # behind the XML declaration
    assert re.search(
        rb"</request><response>.*</response><sign>\w+</sign><sign_type>MD5</sign_type></alipay>$", body
    )


def test_the_echo_holds_all_parameters_in_an_order_of_its_own():
    echoed = [name.decode() for name in re.findall(rb'<param name="(\w+)"', refund(engine()))]
    sent = list(signed(service="", notify_url="", partner_trans_id="", partner_refund_id=""))
    assert set(sent) <= set(echoed)
    assert echoed != sorted(echoed)
    unsigned = refund(engine("echo-without-sign"))
    assert {"sign", "sign_type"} & set(re.findall(rb'<param name="(\w+)"', unsigned)) == set()


@pytest.mark.parametrize(
    ("variants", "container", "children"),
    [((), "qrcodeinfo", ["qrcode", "qrcode_img_url"]), (("create-alipay",), "alipay", None)],
    ids=["qrcodeinfo", "alipay"],
)
def test_create_is_answered_in_two_forms(variants, container, children):
    response = read_response(create(engine(*variants)))
    assert response.container == container
    assert list(response.fields) == (children or ["qrcode", "qrcode_img_url", "result_code"])
    assert verify_params({**response.fields, "sign": response.sign, "sign_type": "MD5"}, SIGNER)


def test_a_refused_refund_has_its_reason_in_error_a_refused_cancel_in_detail_error():
    gateway = engine()
    refused = read_response(refund(gateway, "99.00")).fields
    assert (refused["result_code"], refused["error"]) == ("FAILED", "RETURN_AMOUNT_EXCEED")
    assert not [name for name in refused if name.startswith("detail")]
    refund(gateway)
    refused = read_response(cancel(gateway)).fields
    assert (refused["result_code"], refused["retry_flag"]) == ("FAIL", "N")
    assert refused["detail_error_code"] == "REASON_TRADE_REFUND_FEE_ERR"
    other = read_response(refund(engine("refund-detail-error"), "99.00")).fields
    assert (other["detail_error_code"], other.get("error")) == ("RETURN_AMOUNT_EXCEED", None)


def test_a_cancel_with_nothing_to_do_names_neither_action_nor_trade_no():
    gateway = engine()
    cancel(gateway)
    for number in ("T1", "T9"):
        assert list(read_response(cancel(gateway, number)).fields) == [
            "out_trade_no",
            "result_code",
            "retry_flag",
        ]


@pytest.mark.parametrize(("variants", "charset"), [((), "UTF-8"), (("gbk-without-query",), "GBK")])
def test_an_answer_is_signed_in_the_charset_that_its_xml_declares(variants, charset):
    gateway = engine(*variants)
    gateway.pay(None, "12.50", "USD", NOW, out_trade_no="单号")
    params = signed(service="alipay.acquire.cancel", timestamp=format_milliseconds(NOW), out_trade_no="单号")
    _, body, content_type = post_parts("http://gateway", params, "UTF-8")
    whole = body + b"&_input_charset=UTF-8"
    gateway = Engine(partner=TEST_PARTNER, md5_key=TEST_MD5_KEY, strict=False, dialect=gateway.dialect)
    response = read_response(gateway.handle(Request("POST", b"", whole, content_type), NOW).body)
    assert (response.charset, response.fields["out_trade_no"]) == (charset, "单号")
    found = {**response.fields, "sign": response.sign, "sign_type": "MD5"}
    assert verify_params(found, SIGNER, charset)


@pytest.mark.parametrize(
    ("variant", "content_type"),
    [
        ((), "application/x-www-form-urlencoded; charset=UTF-8"),
        (("malformed-content-type",), "application/x-www-form-urlencoded; text/html; charset=UTF-8"),
    ],
    ids=["clean", "malformed"],
)
def test_the_content_type_of_notifications(variant, content_type):
    gateway = engine(*variant)
    assert gateway.outbox.all()[0].content_type == content_type
    assert gateway.notifications.make("T1", NOW)[1] == content_type


def test_the_leaner_field_set_of_the_forex_family():
    body, content_type = engine("forex-notification").notifications.make("T1", NOW)
    fields = dict(read_notification(body, content_type, "UTF-8"))
    assert verify_params(fields, SIGNER)
    assert set(fields) == {
        *("currency", "notify_id", "notify_time", "notify_type", "out_trade_no"),
        *("total_fee", "trade_no", "trade_status", "sign", "sign_type"),
    }
    full = dict(read_notification(*engine().notifications.make("T1", NOW), "UTF-8"))
    assert {"trans_currency", "gmt_payment"} <= set(full)


def test_every_variant_names_its_source_and_differs_from_the_default():
    for name, variant in VARIANTS.items():
        assert variant.source
        assert Dialect().but([name]) != Dialect()
        assert f"| `{name}` |" in PAGE
    with pytest.raises(ParameterError, match="there is no variant 'x'"):
        Dialect().but(["x"])
    assert Settings().variants == ()
