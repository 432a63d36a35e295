"""Who is not deceived about a value: the sign, or the name of its type, is only written otherwise."""

import pytest

from alipay_qr.presign import presign
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.rules.forgeries import Tools, forge
from alipay_qr_conformance.rules.rightly_signed import rightly_signed

KEYS = TestKeys()
FIELDS = [("out_trade_no", "T1"), ("total_fee", "12.50"), ("trade_status", "TRADE_SUCCESS")]


def signed(sign_type, change=str, named=None):
    sign = KEYS.gateway_signer(sign_type).sign(presign(FIELDS))
    return [*FIELDS, ("sign", change(sign)), ("sign_type", sign_type if named is None else named)]


@pytest.mark.parametrize(
    ("sign_type", "message"),
    [
        pytest.param("MD5", signed("MD5", str.upper), id="md5-in-capitals"),
        pytest.param("MD5", signed("MD5", lambda sign: f"{sign}rest"), id="rubbish-behind-md5"),
        pytest.param("RSA", signed("RSA", lambda sign: f"{sign}%%%%"), id="rubbish-behind-base64"),
        pytest.param("RSA", signed("RSA", lambda sign: f"{sign[:40]} {sign[40:]}"), id="blank-in-base64"),
        pytest.param("RSA2", signed("RSA2", lambda sign: sign.rstrip("=")), id="no-padding"),
        pytest.param("RSA", signed("RSA", named="SHA512"), id="type-unread"),
        pytest.param("MD5", signed("RSA"), id="alipays-own-key-under-another-type"),
        pytest.param("RSA", signed("RSA2"), id="a-stronger-hash"),
    ],
)
def test_alipay_signed_every_value(sign_type, message):
    assert rightly_signed(message, sign_type, "UTF-8", KEYS)


@pytest.mark.parametrize(
    ("sign_type", "forgery"),
    [
        ("RSA", "down-to-md5"),
        ("RSA", "md5-empty-key"),
        ("RSA", "md5-public-key-as-key"),
        ("RSA", "own-key"),
        ("RSA", "stranger"),
        ("RSA2", "md5-inside-rsa"),
        ("RSA", "block-with-room-behind"),
        ("MD5", "value-changed"),
        ("MD5", "parameter-added"),
        ("MD5", "sign-absent"),
        ("MD5", "md5-empty-key"),
    ],
)
def test_nobody_signed_it(sign_type, forgery):
    tools = Tools(KEYS, sign_type, "UTF-8", ("total_fee", "0.01"))
    message = forge(forgery, signed(sign_type), tools)
    assert not rightly_signed(message, sign_type, "UTF-8", KEYS)


def test_a_name_that_stands_twice_has_a_value_that_nobody_signed():
    assert not rightly_signed([*signed("MD5"), ("total_fee", "0.01")], "MD5", "UTF-8", KEYS)
