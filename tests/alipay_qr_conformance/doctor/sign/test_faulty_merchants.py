"""Faulty merchants that sign wrongly: the doctor shares none of their code and explains their signs."""

import pytest

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_MD5_KEY, TEST_PRIVATE_KEY_PHP
from alipay_qr.keys import load_private_key, load_public_key, private_key_forms, public_key_forms
from alipay_qr_conformance.doctor import explain_params
from faulty.reference import Healthy
from faulty.run import merchants

KEY = load_private_key(TEST_PRIVATE_KEY_PHP)
FORMS = private_key_forms(KEY)._asdict()
ALIPAY = public_key_forms(load_public_key(TEST_ALIPAY_PUBLIC_KEY))[0]
COMMON = (("partner", "2088021966388155"), ("_input_charset", "UTF-8"))
MESSAGES = {
    "refund": (
        ("service", "alipay.acquire.overseas.spot.refund"), *COMMON, ("partner_refund_id", "R1"),
        ("refund_amount", "10.50"), ("currency", "USD"), ("refund_reason", ' a  b & "c" 50%41+ '),
        ("is_sync", ""),
    ),
    "create": (
        ("service", "alipay.commerce.qrcode.create"), *COMMON, ("biz_type", "OVERSEASHOPQRCODE"),
        ("biz_data", '{"store_name": "小店", "url":"a\\/b","n":1.50}'),
    ),
    "GBK": (
        ("service", "alipay.commerce.qrcode.create"), ("_input_charset", "GBK"),
        ("biz_data", '{"store_name":"小店"}'),
    ),
    "odd": (
        ("Zeta", "1"), ("alpha_b", "0"), ("alphab", "null"), ("alpha2", "x"), ("alpha10", "y"), ("Sign", "s"),
        ("signature", "t"), ("a", "1"), ("a1", "2"), ("blank", "  "), ("e", "e\u0301"), ("crlf", "a\r\nb"),
        ("nothing", None), ("_input_charset", "UTF-8"),
    ),
    "long": (("_input_charset", "UTF-8"), ("body", "x" * 1500), ("s", "/pay"), ("x_1", "q")),
}  # fmt: skip
WRONG = [name for name, kind in merchants().items() if kind.__module__.startswith("faulty.merchants.sign")]


def signed(name, message, sign_type):
    """Return the merchant's sign, or None where it refuses, raises or signs as the reference does."""
    params = [list(pair) for pair in MESSAGES[message]]
    charset = dict(params).get("_input_charset", "UTF-8")
    signs = []
    for kind in (merchants()[name], Healthy):
        subject = kind()
        subject.configure(
            partner="2088021966388155", sign_type=sign_type, charset=charset, md5_key=TEST_MD5_KEY,
            merchant_private_key=FORMS, alipay_public_key={"pem": ALIPAY}, gateway_url="http://127.0.0.1:1/",
            notify_url="http://127.0.0.1:1/", gateway_timeout="5",
        )  # fmt: skip
        try:
            signs.append(subject.sign(params=params, charset=charset, sign_type=sign_type)["sign"])
        except Exception:  # noqa: BLE001 (a wild thing may raise anything)
            return None
    return signs[0] if signs[0] != signs[1] else None


@pytest.mark.parametrize("sign_type", ["MD5", "RSA2"])
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_sign_is_explained_whatever_was_met_before(name, sign_type):
    known = {("order.documented", ""), ("join.trailing", "&"), ("params.sign-type-signed", "")}
    for message, params in MESSAGES.items():
        sign = signed(name, message, sign_type)
        if sign is not None:
            charset = dict(params).get("_input_charset", "UTF-8")
            sent = [*params, ("sign_type", sign_type)]
            diagnosis = explain_params(sent, charset, sign_type, sign, public_key=KEY.public_key())
            assert diagnosis.verdict == "explained", message
            assert diagnosis.mistakes
            if len(diagnosis.mistakes) > 1:
                met = known | {(each.id, each.detail) for each in diagnosis.mistakes}
                again = explain_params(
                    sent, charset, sign_type, sign, public_key=KEY.public_key(), known=met, depth=1
                )
                assert again.mistakes == diagnosis.mistakes


def test_there_are_enough_wrong_signers():
    assert len(WRONG) > 30
    assert sum(signed(name, message, "MD5") is not None for name in WRONG for message in MESSAGES) > 60
