"""What the public strategies draw is legal, genuine or forged as they say."""

from decimal import Decimal

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from alipay_qr import catalogue
from alipay_qr.money import CURRENCIES, parse_amount
from alipay_qr.presign import presign
from alipay_qr.signing import Md5, verify_params
from alipay_qr.wire import read_notification
from alipay_qr_conformance import strategies
from alipay_qr_conformance.model.test_account import TestKeys

KEYS = TestKeys("2088000000000017", "k" * 32)
SIGNER = Md5(KEYS.md5_key)

CHARSETS = st.sampled_from(["UTF-8", "GBK", "GB2312"])

few = hypothesis.settings(
    max_examples=10,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@few
@given(
    st.sampled_from(["UTF-8", "GBK", "GB2312"]).flatmap(
        lambda each: st.tuples(st.just(each), strategies.messages(each))
    )
)
def test_messages_have_a_signed_text_in_their_charset(drawn):
    charset, params = drawn
    assert len(dict(params)) == len(params)
    assert isinstance(presign(params, charset), bytes)


@few
@given(strategies.payments())
def test_payments_are_legal_amounts(payment):
    currency, amount = payment
    assert currency in CURRENCIES
    assert (
        Decimal(0) < parse_amount(amount, currency) * Decimal("1.1") < Decimal(10**7)
    )  # a tenth more is one too


@pytest.mark.parametrize("operation", ["create_qr_code", "refund", "cancel"])
def test_calls_have_the_arguments_of_their_operation(operation):
    @few
    @given(strategies.calls(operation, "GBK"))
    def every(call):
        assert call.operation == operation
        texts = [each for each in call.args.values() if isinstance(each, str)]
        assert all(each.encode("gbk") for each in texts)
        if operation == "refund":
            assert call.args["partner_refund_id"] != call.args["partner_trans_id"]
            assert parse_amount(call.args["refund_amount"], call.args["currency"]) > 0

    every()


@few
@given(strategies.notifications(SIGNER, partner=KEYS.partner, charset="GBK"))
def test_notifications_are_genuine_and_documented(news):
    read = read_notification(news.body, news.content_type, "GBK")
    assert tuple(read) == news.fields
    assert verify_params(read, SIGNER, "GBK")
    assert catalogue.notification_problems(dict(read)) == []


@few
@given(strategies.forgeries(KEYS))
def test_forgeries_are_not(drawn):
    what, news = drawn
    assert what
    assert not verify_params(news.fields, SIGNER, "UTF-8")


@few
@given(strategies.histories("JPY", "1200"))
def test_histories_speak_of_the_payment_in_its_currency(steps):
    assert steps
    for step in steps:
        assert (step.kind == "refund") == bool(step.amount)
        assert (step.kind == "wait") == bool(step.after)
        if step.amount:
            parse_amount(step.amount, "JPY")


def test_forgeries_need_a_key():
    with pytest.raises(ValueError, match="name the key"):
        strategies.forgeries(TestKeys("2088000000000017", None))
