"""Level 3: what the subject makes of notifications.

Genuine ones first, which must be acknowledged and believed; then forged ones, each a genuine one with
one edit. What counts is the reply, and what the subject believes afterwards (operation ``trade``, where
it has one), never that it claims to refuse.
"""

from collections.abc import Iterator
from typing import Final

from alipay_qr_conformance.checks.notifications import genuine, repeats, unfitting
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.rules.forgeries import applicable
from alipay_qr_conformance.testbed.case import Case

_NOTIFY: Final = ("notify",)
_BOOKS: Final = ("notify", "trade")
_EXPECT: Final = ("notify", "expect")
_SETUPS: Final = tuple(
    Setup(sign_type, charset) for sign_type in SIGN_TYPES for charset in ("UTF-8", "GBK", "GB2312")
)
_AMOUNTS: Final = {"less": "0.01", "a-cent-less": "12.49", "a-cent-more": "12.51", "more": "125.00"}
"""USD that are paid where 12.50 are awaited."""


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (the same in every plan)
    """Yield the cases about notifications."""
    for sign_type in SIGN_TYPES:
        setup = Setup(sign_type)
        for name, overrides in genuine.OVERRIDES.items():
            yield Case("notify.genuine", f"{name}/{setup}", genuine.payment(overrides), setup, _NOTIFY)
        for name, kind in applicable(sign_type):
            run = unfitting.forged(name)
            yield Case(f"notify.reject.{kind}", f"{name}/{sign_type}", run, setup, _NOTIFY)
    for setup in _SETUPS:
        yield Case("notify.genuine", f"chinese/{setup}", genuine.payment(genuine.CHINESE), setup, _NOTIFY)
    yield Case("notify.genuine", "own-query/MD5", genuine.own_query, needs=_NOTIFY)
    yield Case("notify.genuine", "shuffled/MD5", genuine.shuffled, needs=_NOTIFY)
    yield Case("notify.reply.exact", "paid", genuine.reply_exact, needs=_NOTIFY)
    for status, state in genuine.STATES.items():
        yield Case("notify.status.believed", status, genuine.in_status(status, state), needs=_BOOKS)
    yield Case("notify.amount.believed", "paid-amount", genuine.of_amount("12.50", "USD"), needs=_BOOKS)
    yield Case("notify.amount.believed", "whole-number", genuine.of_amount("300", "JPY"), needs=_BOOKS)
    yield Case("notify.validate.seller", "other-seller", unfitting.other_seller, needs=_NOTIFY)
    for name, total in _AMOUNTS.items():
        yield Case("notify.validate.amount", name, unfitting.unexpected(total, "USD"), needs=_EXPECT)
    yield Case("notify.validate.currency", "other", unfitting.unexpected("12.50", "HKD"), needs=_EXPECT)
    yield Case("notify.validate.amount", "as-announced", unfitting.as_announced, needs=_EXPECT)
    for name in ("notify_id", "trade_status", "out_trade_no"):
        yield Case("notify.validate.complete", f"without-{name}", unfitting.incomplete(name), needs=_NOTIFY)
    yield Case("notify.reject.duplicate", "forged-first", unfitting.duplicate(first=True), needs=_BOOKS)
    yield Case("notify.reject.duplicate", "forged-last", unfitting.duplicate(first=False), needs=_BOOKS)
    yield Case("notify.reject.url-override", "amount", unfitting.url_override, needs=_BOOKS)
    for name, new_id in (("same-id", False), ("new-id", True)):
        run = repeats.acknowledged(new_id=new_id)
        yield Case("notify.once.acknowledged", name, run, needs=_NOTIFY)
    for name, new_id in (("same-id", False), ("new-id", True)):
        yield Case("notify.once.fulfilled", name, repeats.fulfilled(new_id=new_id), needs=_BOOKS)
    yield Case("notify.status.forward", "closed-stays-closed", repeats.stays_closed, needs=_BOOKS)
    yield Case("notify.status.forward", "paid-stays-paid", repeats.stays_paid, needs=_BOOKS)
