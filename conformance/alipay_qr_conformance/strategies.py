"""Strategies for Hypothesis, for the tests of a merchant's own: messages, calls, notifications, histories.

    from hypothesis import given
    from alipay_qr.signing import Md5
    from alipay_qr_conformance import strategies as alipay

    @given(alipay.notifications(Md5(KEY), partner=PARTNER))
    def test_any_genuine_notification_is_acknowledged(news):
        assert shop.notify(news.body, news.content_type) == "success"

They draw what the properties of the kit draw: texts in the charset, every legal amount and currency, moments
that calendars get wrong. They shrink towards the plain.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from hypothesis import strategies as st

from alipay_qr.beijing import format_timestamp
from alipay_qr.money import CURRENCIES
from alipay_qr.presign import presign
from alipay_qr.signing import Signer
from alipay_qr.wire import encode_notification
from alipay_qr_conformance.checks.properties.any_message import messages_in, texts_in
from alipay_qr_conformance.checks.properties.history_machine import moments, totals
from alipay_qr_conformance.checks.properties.sign_space import wrong
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.testbed.scenarios import BIZ_DATA

__all__ = [
    "Call",
    "Message",
    "Step",
    "calls",
    "forgeries",
    "histories",
    "messages",
    "notifications",
    "payments",
]

Operation = Literal["create_qr_code", "refund", "cancel"]

_NUMBERS: Final = st.text("ABCXYZabcxyz0123456789_-", min_size=1, max_size=64)


@dataclass(frozen=True)
class Message:
    """A notification: the fields as they were signed, the body of its POST, and the Content-Type."""

    fields: tuple[tuple[str, str], ...]
    body: bytes
    content_type: str


@dataclass(frozen=True)
class Call:
    """A legal call: the operation of the adapter protocol, and its arguments."""

    operation: Operation
    args: dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One step of a history.

    Args:
        kind: ``refund``, ``repeat`` (of the last refund, under its id), ``cancel``, ``payment-notification``
            (the same again) or ``wait``.
        amount: of a refund, in the currency of the payment.
        after: how long a wait is.
    """

    kind: Literal["refund", "repeat", "cancel", "payment-notification", "wait"]
    amount: str = ""
    after: timedelta = timedelta(0)


def messages(charset: str = "UTF-8") -> st.SearchStrategy[tuple[tuple[str, str | None], ...]]:
    """Return a strategy for parameter lists with distinct names and text of ``charset``.

    None and "" are among the values: both are left out of the signed text.
    """
    return messages_in(charset)


def payments() -> st.SearchStrategy[tuple[str, str]]:
    """Return a strategy for currency and amount of a payment, over the whole legal range."""
    return st.sampled_from(["USD", *sorted(CURRENCIES - {"USD"})]).flatmap(
        lambda each: st.tuples(st.just(each), totals(each))
    )


@st.composite
def calls(draw: st.DrawFn, operation: Operation, charset: str = "UTF-8") -> Call:
    """Return a strategy for legal calls of an operation, with free texts of ``charset``.

    Args:
        draw: given by Hypothesis.
        operation: ``create_qr_code``, ``refund`` or ``cancel``.
        charset: UTF-8, GBK or GB2312.
    """
    text = texts_in(charset).filter(lambda each: each == each.strip() != "")
    if operation == "create_qr_code":
        currency = draw(payments())[0]
        names = {"store_name": draw(text), "trans_currency": currency, "currency": currency}
        return Call(
            operation, {"biz_data": BIZ_DATA | names, "notify_url": "https://merchant.example/notify"}
        )
    trade = draw(_NUMBERS)
    if operation == "cancel":
        return Call(operation, {"out_trade_no": trade})
    currency, amount = draw(payments())
    refund = draw(_NUMBERS.filter(lambda each: each != trade))
    args = {
        "partner_trans_id": trade,
        "partner_refund_id": refund,
        "refund_amount": amount,
        "currency": currency,
    }
    more = draw(st.fixed_dictionaries({}, optional={"refund_reason": text, "is_sync": st.sampled_from("YN")}))
    return Call(operation, args | more)


@st.composite
def notifications(draw: st.DrawFn, signer: Signer, *, partner: str, charset: str = "UTF-8") -> Message:
    """Return a strategy for genuine notifications of payments.

    Args:
        draw: given by Hypothesis.
        signer: signs as Alipay does: `alipay_qr.signing.Md5` with the key, or an `RsaSigner` of a test key.
        partner: the account that was paid.
        charset: UTF-8, GBK or GB2312.
    """
    currency, total = draw(payments())
    paid_at = draw(moments())
    fields = {
        "notify_id": draw(st.text("0123456789abcdef", min_size=34, max_size=34)),
        "notify_time": format_timestamp(paid_at + timedelta(seconds=draw(st.integers(0, 86_400)))),
        "notify_type": "trade_status_sync",
        "notify_action_type": "payByAccountAction",
        "out_trade_no": draw(_NUMBERS),
        "trade_no": draw(st.text("0123456789", min_size=28, max_size=28)),
        "trade_status": draw(st.sampled_from(["TRADE_SUCCESS", "TRADE_FINISHED"])),
        "subject": draw(texts_in(charset)),
        "gmt_payment": format_timestamp(paid_at),
        "seller_id": partner,
        "total_fee": total,
        "trans_currency": currency,
    }
    fields |= draw(st.fixed_dictionaries({}, optional=_optional(charset, paid_at, total)))
    return _sent([(name, text) for name, text in fields.items() if text], signer, charset)


def forgeries(keys: TestKeys, charset: str = "UTF-8") -> st.SearchStrategy[tuple[str, Message]]:
    """Return a strategy for notifications in MD5 that nobody with the key has made, each with what is wrong.

    Args:
        keys: partner and MD5 key: ``TestKeys(partner, md5_key)``.
        charset: UTF-8, GBK or GB2312.

    Raises:
        ValueError: there is no MD5 key.
    """
    signer = keys.gateway_signer("MD5")
    if signer is None:
        raise ValueError("forgeries are made of messages in MD5: name the key")

    def forged(genuine: Message) -> st.SearchStrategy[tuple[str, Message]]:
        edits = list(wrong(list(genuine.fields), ("subject", "another one"), "MD5", keys, []))
        made = [(name, fields) for _, name, fields in edits if fields != list(genuine.fields)]
        return st.sampled_from(made).map(lambda each: (each[0], _message(each[1], charset)))

    return notifications(signer, partner=keys.partner, charset=charset).flatmap(forged)


def histories(currency: str, total: str) -> st.SearchStrategy[list[Step]]:
    """Return a strategy for what may happen to one payment, in order.

    Refunds are of any part, of exactly the whole, and of more than that: the sum is for the test to keep.

    Args:
        currency: of the payment.
        total: what was paid, as `payments` draws it.
    """
    whole = st.just(Step("refund", total))
    refund = totals(currency).map(lambda amount: Step("refund", amount))
    wait = st.sampled_from([1, 60, 14 * 60, 24 * 60, 30 * 24 * 60]).map(
        lambda minutes: Step("wait", after=timedelta(minutes=minutes))
    )
    others = st.sampled_from([Step("repeat"), Step("cancel"), Step("payment-notification")])
    return st.lists(st.one_of(refund, whole, others, wait), min_size=1, max_size=10)


def _optional(charset: str, paid_at: datetime, total: str) -> dict[str, st.SearchStrategy[str]]:
    plain = {
        "buyer_id": "2088102000000001",
        "buyer_email": "bu***@example.com",
        "gmt_create": format_timestamp(paid_at),
        "price": total,
        "quantity": "1",
        "discount": "0.00",
        "use_coupon": "N",
    }
    return {"body": texts_in(charset), **{name: st.just(text) for name, text in plain.items()}}


def _sent(fields: list[tuple[str, str]], signer: Signer, charset: str) -> Message:
    sign = signer.sign(presign(fields, charset))
    return _message([*fields, ("sign_type", signer.sign_type), ("sign", sign)], charset)


def _message(fields: list[tuple[str, str]], charset: str) -> Message:
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    return Message(tuple(fields), encode_notification(fields, charset), content_type)
