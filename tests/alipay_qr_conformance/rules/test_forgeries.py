"""Every forgery is refused by the reference, and would be accepted without the check that it aims at."""

import pytest

from alipay_qr.presign import presign
from alipay_qr.signing import verify_params
from alipay_qr_conformance.model.plan import SIGN_TYPES
from alipay_qr_conformance.model.test_account import OwnKeys, TestKeys
from alipay_qr_conformance.rules.forgeries import (
    FORGERIES,
    Tools,
    applicable,
    forge,
    replace,
    sign_of,
    without,
)

FIELDS = [("out_trade_no", "T1"), ("subject", "测试"), ("total_fee", "12.50")]
KEYS = TestKeys()
CASES = [(sign_type, name) for sign_type in SIGN_TYPES for name, _ in applicable(sign_type)]


def genuine(sign_type):
    signer = KEYS.gateway_signer(sign_type)
    return [*FIELDS, ("sign_type", sign_type), ("sign", signer.sign(presign(FIELDS, "UTF-8")))]


def verifier(sign_type):
    from alipay_qr.signing import RsaVerifier

    if sign_type == "MD5":
        return KEYS.request_verifier("MD5")
    return RsaVerifier(KEYS.alipay_private(sign_type).public_key(), sign_type)


@pytest.mark.parametrize("sign_type", SIGN_TYPES)
def test_the_genuine_message_is_genuine(sign_type):
    assert verify_params(dict(genuine(sign_type)), verifier(sign_type), "UTF-8")


@pytest.mark.parametrize(("sign_type", "name"), CASES, ids=lambda part: part)
def test_a_forgery_differs_and_is_refused(sign_type, name):
    message = genuine(sign_type)
    forged = forge(name, message, Tools(KEYS, sign_type, "UTF-8", ("total_fee", "0.01")))
    assert forged is not None
    assert forged != message
    params = dict(forged)
    right_type = params.get("sign_type") == sign_type
    assert not (right_type and verify_params(params, verifier(sign_type), "UTF-8"))


def test_every_forgery_applies_somewhere_and_has_its_requirements():
    from alipay_qr_conformance.model.requirements import register

    assert {name for _, name in CASES} == set(FORGERIES)
    for kind, _ in FORGERIES.values():
        assert f"verify.reject.{kind}" in register()
        assert f"notify.reject.{kind}" in register()


@pytest.mark.parametrize("name", ["own-key", "down-to-md5", "sha256-for-sha1"])
def test_what_makes_no_sense_for_md5_is_none(name):
    assert forge(name, genuine("MD5"), Tools(KEYS, "MD5", "UTF-8", ("total_fee", "1"))) is None


def test_without_a_key_a_forgery_that_needs_it_is_none():
    keys = TestKeys("2088", None, OwnKeys())
    tools = Tools(keys, "RSA", "UTF-8", ("total_fee", "1"))
    assert forge("down-to-md5", genuine("RSA"), tools) is None
    assert forge("md5-inside-rsa", genuine("RSA"), tools) is None


def test_small_helpers():
    assert sign_of([("a", "1"), ("sign", "s")]) == "s"
    assert replace([("a", "1"), ("b", "2")], "a", "3") == [("a", "3"), ("b", "2")]
    assert without([("a", "1"), ("b", "2")], "a", "x") == [("b", "2")]
