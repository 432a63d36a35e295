"""Level 3: what a notification does to the next one.

One message by itself may be judged well, and badly after another one: because its ``notify_id`` is known,
because a forgery came before it, because it is the second attempt, because two arrive at once.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.rules.forgeries import replace
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.notifications import fields_of, paid, recorded, send, shown
from alipay_qr_conformance.testbed.paid_trade import number
from alipay_qr_conformance.testbed.testbed import Testbed

_NOTIFY: Final = ("notify",)
_BOOKS: Final = ("notify", "trade")
_AT_ONCE: Final = 6

LETTERS: Final = {
    "line-ends": {"subject": "two\r\nlines", "body": "a\nb\rc"},
    "backslash": {"subject": "C:\\new\\table", "body": '\\"quoted\\" it\\\'s'},
    "emoji-and-accents": {"subject": "caf\u00e9 cafe\u0301 \U0001f600"},
    "tab-and-ends": {"subject": "\ta b\t", "body": " x\n"},
    "dollar-and-tag": {"subject": "$1 ${x} <?php %s {0}", "body": "&amp;lt; &copy=1"},
}
"""Values of a genuine notification that a careless reader changes before it verifies."""


SPELLINGS: Final = {"short": ("8.80", "8.8"), "whole": ("12.00", "12")}
"""What is awaited, and the same amount in another legal form: amounts are compared as decimals."""


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (the same in every plan)
    """Yield the cases."""
    for name, overrides in LETTERS.items():
        yield Case("notify.genuine", f"{name}/UTF-8", _genuine(overrides), needs=_NOTIFY)
    for sign_type in SIGN_TYPES:
        setup = Setup(sign_type)
        yield Case(
            "notify.reject.changed", f"under-a-known-id/{sign_type}", _under_a_known_id, setup, _NOTIFY
        )
        yield Case("notify.genuine", f"after-a-forgery/{sign_type}", _after_a_forgery, setup, _BOOKS)
    yield Case("notify.validate.amount", "sent-again", _sent_again, needs=(*_NOTIFY, "expect"))
    yield Case("notify.amount.believed", "price-and-discount", _price_and_discount, needs=_BOOKS)
    yield Case("notify.status.believed", "never-heard-of", _never_heard_of, needs=_BOOKS)
    yield Case("notify.once.fulfilled", "finished-later", _finished_later, needs=_BOOKS)
    yield Case("notify.amount.believed", "other-currencies", _other_currencies, needs=_BOOKS)
    for name, (awaited, paid_fee) in SPELLINGS.items():
        run = _spelt_otherwise(awaited, paid_fee)
        yield Case("notify.validate.amount", f"as-announced-{name}", run, needs=(*_NOTIFY, "expect"))
    yield Case("notify.genuine", "a-day-late", _a_day_late, needs=_NOTIFY, clock=True)
    yield Case("notify.once.fulfilled", "at-once", _at_once, needs=_BOOKS)


def _genuine(overrides: dict[str, str]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            fields, kind = fields_of(bed, session, paid(bed, session))
            if not send(bed, fields, kind).acknowledged:
                raise Blocked("see.genuine")
            fields, kind = fields_of(bed, session, paid(bed, session), overrides)
            reply = send(bed, fields, kind)
        if not reply.acknowledged:
            raise Failed("notify.refused", shown(fields, reply))

    return run


def _under_a_known_id(bed: Testbed) -> None:
    """A forgery about another trade, under the ``notify_id`` of a message that was genuine."""
    with bed.gateway() as session:
        fields, kind = fields_of(bed, session, paid(bed, session))
        if not send(bed, fields, kind).acknowledged:
            raise Blocked("see.genuine")
        other = paid(bed, session)
        forged = replace(fields, "out_trade_no", other)
        reply = send(bed, forged, kind)
        believed = recorded(bed, other)
    if believed is not None and believed.get("state") not in {"none", "waiting"}:
        raise Failed("notify.believed", shown(forged, reply, believed), what="notify_id")
    if believed is None and reply.acknowledged:
        raise Failed("notify.acknowledged", shown(forged, reply), what="notify_id")


def _after_a_forgery(bed: Testbed) -> None:
    """Whoever guesses or sees a ``notify_id`` must not be able to silence the genuine message."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, kind = fields_of(bed, session, trade)
        send(bed, replace(fields, "total_fee", "0.01"), kind)
        if (recorded(bed, trade) or {}).get("state") == "paid":
            raise Blocked("see.requirement", requirement="notify.reject.changed")
        other, there = fields_of(bed, session, paid(bed, session))
        if not send(bed, other, there).acknowledged:
            raise Blocked("see.genuine")
        reply = send(bed, fields, kind)
        believed = recorded(bed, trade) or {}
    if not reply.acknowledged or believed.get("state") != "paid":
        raise Failed("notify.silenced", shown(fields, reply, believed))


def _sent_again(bed: Testbed) -> None:
    """Alipay repeats what was not acknowledged: it is as wrong the second time, and the third."""
    with bed.gateway() as session:
        trade = bed.fresh("T")
        bed.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
        session.engine.pay(None, "0.01", "USD", session.now, out_trade_no=trade)
        fields, kind = fields_of(bed, session, trade)
        replies = [send(bed, fields, kind) for _ in range(3)]
        believed = recorded(bed, trade)
    if believed is None:
        wrong = any(reply.acknowledged for reply in replies)
    else:
        wrong = believed.get("state") == "paid"
    if wrong:
        raise Failed("notify.unexpected", shown(fields, replies[-1], believed), found="0.01 USD")


def _price_and_discount(bed: Testbed) -> None:
    """``total_fee`` was paid; ``price`` is what the goods would cost without the discount."""
    with bed.gateway() as session:
        trade = paid(bed, session, "12.50", "USD")
        fields, kind = fields_of(
            bed, session, trade, {"price": "15.00", "quantity": "1", "discount": "-2.50"}
        )
        reply = send(bed, fields, kind)
        believed = recorded(bed, trade) or {}
    if not reply.acknowledged or believed.get("paid") is None:
        raise Blocked("see.genuine")
    if str(believed["paid"]) in {"15.00", "15", "15.0"}:
        raise Failed(
            "notify.amount", shown(fields, reply, believed), expected="12.50", found=believed["paid"]
        )


def _other_currencies(bed: Testbed) -> None:
    """What the customer's bank takes, and what the shop is paid out in, are other amounts."""
    with bed.gateway() as session:
        trade = paid(bed, session, "12.50", "USD")
        others = {"settle_currency": "HKD", "pay_currency": "CNY", "pay_amount": "89.10"}
        fields, kind = fields_of(bed, session, trade, others)
        reply = send(bed, fields, kind)
        believed = recorded(bed, trade) or {}
    if not reply.acknowledged or believed.get("state") != "paid":
        raise Blocked("see.genuine")
    found = (number(believed.get("paid", "12.50")), believed.get("currency") or "USD")
    if found != (number("12.50"), "USD"):
        told = f"{believed.get('paid')} {believed.get('currency')}"
        raise Failed("notify.amount", shown(fields, reply, believed), expected="12.50 USD", found=told)


def _spelt_otherwise(awaited: str, total_fee: str) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            for spelling in (awaited, total_fee):
                trade = bed.fresh("T")
                bed.ask("expect", out_trade_no=trade, total_fee=awaited, currency="USD")
                session.engine.pay(None, awaited, "USD", session.now, out_trade_no=trade)
                fields, kind = fields_of(bed, session, trade, {"total_fee": spelling})
                reply = send(bed, fields, kind)
                if not reply.acknowledged:
                    if spelling == awaited:
                        raise Blocked("see.genuine")
                    raise Failed("notify.refused", shown(fields, reply))

    return run


def _a_day_late(bed: Testbed) -> None:
    """Alipay tries for 25 hours: the payment was made yesterday, its news are new."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        session.advance(timedelta(hours=24, minutes=22))
        fields, kind = fields_of(bed, session, trade)
        reply = send(bed, fields, kind)
        believed = recorded(bed, trade)
    if not reply.acknowledged or (believed is not None and believed.get("state") != "paid"):
        raise Failed("notify.refused", shown(fields, reply, believed))


def _finished_later(bed: Testbed) -> None:
    """TRADE_SUCCESS, and months later TRADE_FINISHED: the goods left long ago."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        for news in ({}, {"trade_status": "TRADE_FINISHED", "notify_id": f"f{trade}"}):
            fields, kind = fields_of(bed, session, trade, news)
            if not send(bed, fields, kind).acknowledged:
                raise Blocked("see.genuine")
        believed = recorded(bed, trade) or {}
    count = believed.get("fulfilled")
    if count is not None and str(count) not in {"0", "1"}:
        raise Failed("notify.twice", {"trade": dict(believed)}, count=count)


def _never_heard_of(bed: Testbed) -> None:
    """A status that no page names proves no payment, however well it is signed."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, kind = fields_of(bed, session, trade, {"trade_status": "TRADE_UNDER_REVIEW"})
        reply = send(bed, fields, kind)
        believed = recorded(bed, trade) or {}
    if believed.get("state") == "paid" or str(believed.get("fulfilled") or "0") != "0":
        raise Failed("notify.released", shown(fields, reply, believed), status="TRADE_UNDER_REVIEW")


def _at_once(bed: Testbed) -> None:
    """The same payment, notified several times at the same moment (one after the other if not parallel)."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, kind = fields_of(bed, session, trade)
        if bed.subject.supports("notify"):
            import base64

            body = base64.b64encode(encode_notification(fields, bed.setup.charset)).decode("ascii")
            args = {"body_base64": body, "content_type": kind}
            answers = bed.ask_many([("notify", args)] * _AT_ONCE, session.now)
            judged = [bed.sort_out("notify", args, answer) for answer in answers]
            if not any(isinstance(answer, Result) for answer in judged):
                raise Blocked("see.genuine")
        else:
            for _ in range(_AT_ONCE):
                send(bed, fields, kind)
        believed = recorded(bed, trade) or {}
    count = believed.get("fulfilled")
    if count is not None and str(count) not in {"0", "1"}:
        raise Failed("notify.twice", {"notification": fields, "trade": dict(believed)}, count=count)
