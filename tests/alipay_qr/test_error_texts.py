"""Every error that the pure floors raise, whole: text, hint and code are part of the product."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from alipay_qr.account import TEST_PRIVATE_KEY_PHP
from alipay_qr.beijing import BEIJING, beijing_day, format_milliseconds, parse_timestamp
from alipay_qr.errors import AlipayQrError
from alipay_qr.keys import load_private_key
from alipay_qr.ledger import State, Trade, cancel, drop_refund, finish_refund, pay, refund
from alipay_qr.money import exponent, format_amount, parse_amount
from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaVerifier
from alipay_qr.wire import (
    MAX_BYTES,
    MAX_FIELDS,
    decode_form,
    encode_response,
    get_url,
    read_notification,
    read_response,
)

FORM = "application/x-www-form-urlencoded"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=BEIJING)
PUBLIC = load_private_key(TEST_PRIVATE_KEY_PHP).public_key()


def asked(trade, *, number="R2", amount="10.00", currency="USD", at=NOON):
    return refund(trade, partner_refund_id=number, amount=Decimal(amount), currency=currency, at=at)


WAITING = Trade("T1", "USD", Decimal("100.00"), State.WAITING)
PAID = pay(WAITING, NOON)
PARTLY = asked(PAID, number="R1", amount="40.00")[0]

ERRORS = [
    pytest.param(
        lambda: presign({"a": "1"}, "latin-1" + "x" * 60),
        "UnknownCharset charset.unknown",
        "charset 'latin-1xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is not one of UTF-8, GBK, GB2312 (set _input_charset to UTF-8)",
        id="charset-unknown",
    ),
    pytest.param(
        lambda: presign({"subject": "a龍"}, "gb2312"),
        "Unencodable charset.unencodable",
        "character U+9F8D at position 9 does not exist in GB2312 (use _input_charset=UTF-8, or leave the character out)",
        id="character-outside-gb2312",
    ),
    pytest.param(
        lambda: Md5(" key "),
        "SignTypeError md5-key.form",
        "the MD5 key is empty, surrounded by white space or no ASCII (copy the 32 characters of the key alone, without blanks or a line end)",
        id="md5-key-blank",
    ),
    pytest.param(
        lambda: RsaVerifier(PUBLIC, "rsa" + "x" * 30),
        "SignTypeError sign-type.unknown",
        "sign type 'rsaxxxxxxxxxxxxxxxxx' is not RSA or RSA2 (write it in capital letters: MD5, RSA or RSA2)",
        id="sign-type-lower-case",
    ),
    pytest.param(
        lambda: exponent("usd" + "x" * 30),
        "AmountError currency.form",
        "'usdxxxxxxxxxxxxxxxxx' is no currency code (write three capital letters, such as USD)",
        id="currency-lower-case",
    ),
    pytest.param(
        lambda: parse_amount(0.3, "USD"),
        "AmountError amount.not-text",
        'an amount is text, not float (write "0.30": a float cannot hold it exactly)',
        id="amount-as-float",
    ),
    pytest.param(
        lambda: parse_amount("1e3" + "0" * 60, "USD"),
        "AmountError amount.form",
        "'1e30000000000000000000000000000000000000' is no amount (write up to seven digits, a point and up to two decimals, without sign, blanks or exponent)",
        id="amount-with-exponent",
    ),
    pytest.param(
        lambda: parse_amount("1.005", "USD"),
        "AmountError amount.form",
        "'1.005' is no amount (write up to seven digits, a point and up to two decimals, without sign, blanks or exponent)",
        id="amount-of-three-decimals",
    ),
    pytest.param(
        lambda: parse_amount("100.00", "JPY"),
        "AmountError amount.decimals",
        "100.00 has more decimals than JPY (0) (JPY amounts are whole numbers)",
        id="amount-of-yen-with-point",
    ),
    pytest.param(
        lambda: parse_amount("100.5", "JPY"),
        "AmountError amount.decimals",
        "100.5 has more decimals than JPY (0) (JPY amounts are whole numbers)",
        id="amount-of-yen-with-half",
    ),
    pytest.param(
        lambda: format_amount(0.3, "USD"),
        "AmountError amount.not-decimal",
        'an amount is a Decimal, not float (write Decimal("0.30"): a float cannot hold it exactly)',
        id="format-a-float",
    ),
    pytest.param(
        lambda: format_amount(Decimal("-1.2345678"), "USD"),
        "AmountError amount.form",
        "-1.23457 is no amount (amounts are zero or more, below ten million)",
        id="format-a-negative",
    ),
    pytest.param(
        lambda: format_amount(Decimal(10**7), "USD"),
        "AmountError amount.form",
        "1.00000E+7 is no amount (amounts are zero or more, below ten million)",
        id="format-ten-million",
    ),
    pytest.param(
        lambda: format_amount(Decimal("NaN"), "USD"),
        "AmountError amount.form",
        "NaN is no amount (amounts are zero or more, below ten million)",
        id="format-nan",
    ),
    pytest.param(
        lambda: format_amount(Decimal("0.001" + "0" * 60), "USD"),
        "AmountError amount.decimals",
        "0.00100000000000000000000000000000000000 is finer than the smallest unit of USD (round it before, and say so to the payer)",
        id="format-a-fraction-of-a-cent",
    ),
    pytest.param(
        lambda: format_amount(Decimal("0.5"), "JPY"),
        "AmountError amount.decimals",
        "0.5 is finer than the smallest unit of JPY (round it before, and say so to the payer)",
        id="format-half-a-yen",
    ),
    pytest.param(
        lambda: beijing_day(datetime(2026, 11, 23)),  # noqa: DTZ001 (that is the fault)
        "TimestampError timestamp.naive",
        "a moment without a time zone names no instant (use datetime.now(UTC), or attach the zone that the clock shows)",
        id="moment-without-zone",
    ),
    pytest.param(
        lambda: format_milliseconds(datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        "TimestampError timestamp.range",
        "the year 1969 has no form in 13 digits of milliseconds (look at the clock: is this the moment that was meant?)",
        id="moment-before-1970",
    ),
    pytest.param(
        lambda: format_milliseconds(datetime(2286, 11, 20, 17, 46, 40, tzinfo=UTC)),
        "TimestampError timestamp.range",
        "the year 2286 has no form in 13 digits of milliseconds (look at the clock: is this the moment that was meant?)",
        id="moment-after-2286",
    ),
    pytest.param(
        lambda: parse_timestamp("2026/11/23 10:00:00" + "x" * 60),
        "TimestampError timestamp.form",
        "'2026/11/23 10:00:00xxxxxxxxxxxxxxxxxxxxx' is no timestamp of the protocol (write yyyy-MM-dd HH:mm:ss in GMT+8, or 13 digits of milliseconds for CANCEL)",
        id="timestamp-of-no-form",
    ),
    pytest.param(
        lambda: parse_timestamp("2026-02-29 10:00:00"),
        "TimestampError timestamp.form",
        "'2026-02-29 10:00:00' is no timestamp of the protocol (write yyyy-MM-dd HH:mm:ss in GMT+8, or 13 digits of milliseconds for CANCEL)",
        id="timestamp-of-no-day",
    ),
    pytest.param(
        lambda: pay(PAID, NOON),
        "RuleError TRADE_STATUS_ERROR",
        "trade T1 is paid, it cannot be paid (a repeated notification is booked once)",
        id="paid-twice",
    ),
    pytest.param(
        lambda: cancel(PARTLY, NOON),
        "RuleError REASON_TRADE_REFUND_FEE_ERR",
        "trade T1 has a refund, it cannot be cancelled any more (refund what remains with REFUND)",
        id="cancel-after-refund",
    ),
    pytest.param(
        lambda: cancel(PAID, NOON + timedelta(days=1)),
        "RuleError TRADE_CANCEL_TIME_OUT",
        "trade T1 could be cancelled until 2026-11-24 00:00:00 GMT+8 (use REFUND after the transaction day)",
        id="cancel-after-its-day",
    ),
    pytest.param(
        lambda: asked(WAITING),
        "RuleError TRADE_STATUS_ERROR",
        "trade T1 is waiting, it cannot be refunded",
        id="refund-of-a-waiting-trade",
    ),
    pytest.param(
        lambda: asked(PAID, at=NOON + timedelta(days=365)),
        "RuleError TRADE_STATUS_ERROR",
        "the refund period of trade T1 ended 2027-11-23 12:00:00 GMT+8",
        id="refund-after-its-period",
    ),
    pytest.param(
        lambda: asked(PARTLY, amount="60.01"),
        "RuleError RETURN_AMOUNT_EXCEED",
        "60.01 USD is more than what remains of trade T1: 60.00 (the sum of all refunds may not exceed the payment; pending ones count)",
        id="refund-of-too-much",
    ),
    pytest.param(
        lambda: asked(PAID, number=""),
        "RuleError INVALID_PARAMETER",
        "partner_refund_id is empty or the number of the trade itself (choose an id that names this refund alone)",
        id="refund-without-id",
    ),
    pytest.param(
        lambda: asked(PAID, number="T1"),
        "RuleError INVALID_PARAMETER",
        "partner_refund_id is empty or the number of the trade itself (choose an id that names this refund alone)",
        id="refund-under-the-trades-number",
    ),
    pytest.param(
        lambda: asked(PAID, currency="HKD" + "x" * 20),
        "RuleError INVALID_PARAMETER",
        "the trade was paid in USD, the refund is asked in 'HKDxxxxxxx' (refund in the currency of the payment)",
        id="refund-in-another-currency",
    ),
    pytest.param(
        lambda: asked(PAID, amount="0.005"),
        "RuleError REFUND_AMT_RESTRICTION",
        "0.005 is finer than the smallest unit of USD (round it before, and say so to the payer)",
        id="refund-of-half-a-cent",
    ),
    pytest.param(
        lambda: asked(PAID, amount="0.00"),
        "RuleError REFUND_AMT_RESTRICTION",
        "a refund of nothing is none",
        id="refund-of-nothing",
    ),
    pytest.param(
        lambda: asked(PARTLY, number="R1", amount="41.00"),
        "RuleError INVALID_PARAMETER",
        "refund R1 exists with 40.00 USD (a new refund needs a new partner_refund_id; a repeat needs the same data)",
        id="refund-repeated-otherwise",
    ),
    pytest.param(
        lambda: finish_refund(PAID, "R9" + "x" * 90, NOON),
        "RuleError INVALID_PARAMETER",
        "trade T1 has no refund 'R9xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'",
        id="finish-an-unknown-refund",
    ),
    pytest.param(
        lambda: drop_refund(PARTLY, "R1"),
        "RuleError TRADE_STATUS_ERROR",
        "refund R1 is done, and final",
        id="drop-a-refund-that-is-done",
    ),
    pytest.param(
        lambda: get_url("https://mapi.alipaydev.com/gateway.do#top", {"a": "1"}, "UTF-8"),
        "ParameterError gateway-url.fragment",
        "the gateway URL has a fragment (drop everything from # on)",
        id="url-with-fragment",
    ),
    pytest.param(
        lambda: decode_form(b"a" * (MAX_BYTES + 1), "UTF-8"),
        "WireError body.too-large",
        "a form of 1048577 bytes is no message",
        id="form-too-large",
    ),
    pytest.param(
        lambda: decode_form(b"a=1&" * (MAX_FIELDS + 1), "UTF-8"),
        "WireError fields.too-many",
        "a form with over 1000 fields is no message",
        id="form-of-too-many-fields",
    ),
    pytest.param(
        lambda: decode_form(b"=1", "UTF-8"),
        "WireError name.empty",
        "field (no name): a value without a name",
        id="form-without-a-name",
    ),
    pytest.param(
        lambda: decode_form(b"a=100%zz1", "UTF-8"),
        "WireError percent.broken",
        "field a: %zz at byte 5 is no percent code (write a percent sign as %25)",
        id="form-with-a-broken-percent",
    ),
    pytest.param(
        lambda: decode_form(b"a=x y", "UTF-8"),
        "WireError byte.unencoded",
        "field a: raw byte 0x20 at byte 3 is not percent-encoded (percent-encode every byte that is no letter, digit or one of _ . - ~)",
        id="form-with-a-raw-byte",
    ),
    pytest.param(
        lambda: decode_form(b"a=%D6%D0%B1", "UTF-8"),
        "WireError charset.undecodable",
        "field a: bytes d6 d0 b1 at byte 0 are no UTF-8 (encode the values in the charset that _input_charset declares)",
        id="form-of-another-charset",
    ),
    pytest.param(
        lambda: decode_form(b"%D6%D0%B1%B1%BE%A9=1", "UTF-8"),
        "WireError charset.undecodable",
        "field \\xd6\\xd0\\xb1\\xb1\\xbe\\xa9: bytes d6 d0 b1 b1 at byte 0 are no UTF-8 (encode the values in the charset that _input_charset declares)",
        id="form-name-of-another-charset",
    ),
    pytest.param(
        lambda: read_notification(b"{}", "application/json", "UTF-8"),
        "WireError notification.content-type",
        "Content-Type 'application/json' is no form (send application/x-www-form-urlencoded)",
        id="notification-as-json",
    ),
    pytest.param(
        lambda: read_notification(b"a=1", FORM + "; charset=latin-1", "UTF-8"),
        "WireError notification.charset",
        "Content-Type names the charset 'LATIN-1' (use UTF-8, GBK, GB2312)",
        id="notification-in-latin-1",
    ),
    pytest.param(
        lambda: read_response(b" " * (MAX_BYTES + 1)),
        "WireError response.too-large",
        "a response of 1048577 bytes is none",
        id="response-too-large",
    ),
    pytest.param(
        lambda: read_response("<alipay/>".encode("utf-16")),
        "WireError response.charset",
        "the response is in UTF-16",
        id="response-in-utf-16",
    ),
    pytest.param(
        lambda: read_response(b'<?xml version="1.0" encoding="big5"?><alipay/>'),
        "WireError response.charset",
        "the response declares BIG5 (a response is in UTF-8, GBK, GB2312, and a byte order mark means UTF-8)",
        id="response-of-another-charset",
    ),
    pytest.param(
        lambda: read_response(b'\xef\xbb\xbf<?xml version="1.0" encoding="GBK"?><alipay/>'),
        "WireError response.charset",
        "the response declares GBK (a response is in UTF-8, GBK, GB2312, and a byte order mark means UTF-8)",
        id="response-in-gbk-with-utf-8-mark",
    ),
    pytest.param(
        lambda: read_response(b'<?xml version="1.0" encoding="UTF-8"?><alipay>\xd6</alipay>'),
        "WireError response.undecodable",
        "byte 46 of the XML is no UTF-8",
        id="response-with-bytes-that-are-none",
    ),
    pytest.param(
        lambda: read_response(b'<?xml version="1.1"?><alipay/>'),
        "WireError response.malformed",
        "the XML is malformed: its declaration has not the form of XML 1.0, or stands twice",
        id="response-with-odd-declaration",
    ),
    pytest.param(
        lambda: read_response(b"<!DOCTYPE a><alipay/>"),
        "WireError response.dtd",
        "a response has no DTD and no entities",
        id="response-with-dtd",
    ),
    pytest.param(
        lambda: read_response(b"<alipay>"),
        "WireError response.malformed",
        "the XML is malformed: no element found: line 1, column 8",
        id="response-of-no-xml",
    ),
    pytest.param(
        lambda: read_response(b"<alipay>" + b"<a>" * 32),
        "WireError response.depth",
        "elements nest deeper than 32",
        id="response-too-deep",
    ),
    pytest.param(
        lambda: read_response(b"<alipay>" + b"<a/>" * 4096),
        "WireError response.elements",
        "there are more than 4096 elements",
        id="response-of-too-many-elements",
    ),
    pytest.param(
        lambda: read_response(b'<alipay><a xmlns="x"/></alipay>'),
        "WireError response.malformed",
        "the XML is malformed: an element has a namespace",
        id="response-with-namespace",
    ),
    pytest.param(
        lambda: read_response(b"<alipay><a>1<!-- -->2</a></alipay>"),
        "WireError response.malformed",
        "the XML is malformed: a comment would split a value for some readers",
        id="response-with-comment",
    ),
    pytest.param(
        lambda: read_response(b"<alipay><?php x?></alipay>"),
        "WireError response.malformed",
        "the XML is malformed: it holds a processing instruction, php",
        id="response-with-instruction",
    ),
    pytest.param(
        lambda: read_response(b"<html/>"),
        "WireError response.root",
        "the root element is html, not alipay",
        id="response-of-another-root",
    ),
    pytest.param(
        lambda: read_response(b"<alipay><a/><a/></alipay>"),
        "WireError response.duplicate",
        "a child of alipay stands twice",
        id="response-with-a-child-twice",
    ),
    pytest.param(
        lambda: read_response(b"<alipay/>"),
        "WireError response.is-success",
        "is_success is neither T nor F",
        id="response-without-is-success",
    ),
    pytest.param(
        lambda: read_response(b"<alipay><is_success>true</is_success></alipay>"),
        "WireError response.is-success",
        "is_success is neither T nor F",
        id="response-with-odd-is-success",
    ),
    pytest.param(
        lambda: read_response(b"<alipay><is_success>T</is_success><sign><a/></sign></alipay>"),
        "WireError response.malformed",
        "the XML is malformed: sign holds elements instead of text",
        id="response-with-nested-sign",
    ),
    pytest.param(
        lambda: read_response(b"<alipay><is_success>T</is_success><response><a/><b/></response></alipay>"),
        "WireError response.duplicate",
        "<response> holds two results",
        id="response-with-two-results",
    ),
    pytest.param(
        lambda: encode_response({"a": "x\x01"}, sign=None, sign_type=None),
        "Unencodable response.character",
        "XML cannot hold the character U+0001 of a (leave control characters out)",
        id="answer-with-a-control-character",
    ),
    pytest.param(
        lambda: encode_response({"a b" + "x" * 60: "1"}, sign=None, sign_type=None),
        "ParameterError response.name",
        "'a bxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is no name of an XML element (use letters, digits and underscores)",
        id="answer-with-an-odd-name",
    ),
]


@pytest.mark.parametrize(("call", "kind", "text"), ERRORS)
def test_an_error_is_told_whole(call, kind, text):
    with pytest.raises(AlipayQrError) as caught:
        call()
    assert f"{type(caught.value).__name__} {caught.value.code}" == kind
    assert str(caught.value) == text
