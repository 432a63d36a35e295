"""Level 3: what a notification does to the next one.

One message by itself may be judged well, and badly after another one: because its ``notify_id`` is known,
because a forgery came before it, because it is the second attempt, because two arrive at once.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.casebook import SIGN_TYPES, Broken, Case, NotJudged, Plan, Setup
from alipay_qr_conformance.checks.delivery import fields_of, paid, send, shown, state
from alipay_qr_conformance.checks.till import number
from alipay_qr_conformance.forgeries import replace
from alipay_qr_conformance.lab import Lab
from alipay_qr_conformance.subjects import Result

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


def _genuine(overrides: dict[str, str]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            fields, kind = fields_of(lab, session, paid(lab, session))
            if not send(lab, fields, kind).acknowledged:
                raise NotJudged("see.genuine")
            fields, kind = fields_of(lab, session, paid(lab, session), overrides)
            reply = send(lab, fields, kind)
        if not reply.acknowledged:
            raise Broken("notify.refused", shown(fields, reply))

    return run


def _under_a_known_id(lab: Lab) -> None:
    """A forgery about another trade, under the ``notify_id`` of a message that was genuine."""
    with lab.gateway() as session:
        fields, kind = fields_of(lab, session, paid(lab, session))
        if not send(lab, fields, kind).acknowledged:
            raise NotJudged("see.genuine")
        other = paid(lab, session)
        forged = replace(fields, "out_trade_no", other)
        reply = send(lab, forged, kind)
        believed = state(lab, other)
    if believed is not None and believed.get("state") not in {"none", "waiting"}:
        raise Broken("notify.believed", shown(forged, reply, believed), what="notify_id")
    if believed is None and reply.acknowledged:
        raise Broken("notify.acknowledged", shown(forged, reply), what="notify_id")


def _after_a_forgery(lab: Lab) -> None:
    """Whoever guesses or sees a ``notify_id`` must not be able to silence the genuine message."""
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, kind = fields_of(lab, session, trade)
        send(lab, replace(fields, "total_fee", "0.01"), kind)
        if (state(lab, trade) or {}).get("state") == "paid":
            raise NotJudged("see.requirement", requirement="notify.reject.changed")
        other, there = fields_of(lab, session, paid(lab, session))
        if not send(lab, other, there).acknowledged:
            raise NotJudged("see.genuine")
        reply = send(lab, fields, kind)
        believed = state(lab, trade) or {}
    if not reply.acknowledged or believed.get("state") != "paid":
        raise Broken("notify.silenced", shown(fields, reply, believed))


def _sent_again(lab: Lab) -> None:
    """Alipay repeats what was not acknowledged: it is as wrong the second time, and the third."""
    with lab.gateway() as session:
        trade = lab.fresh("T")
        lab.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
        session.engine.pay(None, "0.01", "USD", session.now, out_trade_no=trade)
        fields, kind = fields_of(lab, session, trade)
        replies = [send(lab, fields, kind) for _ in range(3)]
        believed = state(lab, trade)
    if believed is None:
        wrong = any(reply.acknowledged for reply in replies)
    else:
        wrong = believed.get("state") == "paid"
    if wrong:
        raise Broken("notify.unexpected", shown(fields, replies[-1], believed), found="0.01 USD")


def _price_and_discount(lab: Lab) -> None:
    """``total_fee`` was paid; ``price`` is what the goods would cost without the discount."""
    with lab.gateway() as session:
        trade = paid(lab, session, "12.50", "USD")
        fields, kind = fields_of(
            lab, session, trade, {"price": "15.00", "quantity": "1", "discount": "-2.50"}
        )
        reply = send(lab, fields, kind)
        believed = state(lab, trade) or {}
    if not reply.acknowledged or believed.get("paid") is None:
        raise NotJudged("see.genuine")
    if str(believed["paid"]) in {"15.00", "15", "15.0"}:
        raise Broken(
            "notify.amount", shown(fields, reply, believed), expected="12.50", found=believed["paid"]
        )


def _other_currencies(lab: Lab) -> None:
    """What the customer's bank takes, and what the shop is paid out in, are other amounts."""
    with lab.gateway() as session:
        trade = paid(lab, session, "12.50", "USD")
        others = {"settle_currency": "HKD", "pay_currency": "CNY", "pay_amount": "89.10"}
        fields, kind = fields_of(lab, session, trade, others)
        reply = send(lab, fields, kind)
        believed = state(lab, trade) or {}
    if not reply.acknowledged or believed.get("state") != "paid":
        raise NotJudged("see.genuine")
    found = (number(believed.get("paid", "12.50")), believed.get("currency") or "USD")
    if found != (number("12.50"), "USD"):
        told = f"{believed.get('paid')} {believed.get('currency')}"
        raise Broken("notify.amount", shown(fields, reply, believed), expected="12.50 USD", found=told)


def _spelt_otherwise(awaited: str, total_fee: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            for spelling in (awaited, total_fee):
                trade = lab.fresh("T")
                lab.ask("expect", out_trade_no=trade, total_fee=awaited, currency="USD")
                session.engine.pay(None, awaited, "USD", session.now, out_trade_no=trade)
                fields, kind = fields_of(lab, session, trade, {"total_fee": spelling})
                reply = send(lab, fields, kind)
                if not reply.acknowledged:
                    if spelling == awaited:
                        raise NotJudged("see.genuine")
                    raise Broken("notify.refused", shown(fields, reply))

    return run


def _a_day_late(lab: Lab) -> None:
    """Alipay tries for 25 hours: the payment was made yesterday, its news are new."""
    with lab.gateway() as session:
        trade = paid(lab, session)
        session.advance(timedelta(hours=24, minutes=22))
        fields, kind = fields_of(lab, session, trade)
        reply = send(lab, fields, kind)
        believed = state(lab, trade)
    if not reply.acknowledged or (believed is not None and believed.get("state") != "paid"):
        raise Broken("notify.refused", shown(fields, reply, believed))


def _finished_later(lab: Lab) -> None:
    """TRADE_SUCCESS, and months later TRADE_FINISHED: the goods left long ago."""
    with lab.gateway() as session:
        trade = paid(lab, session)
        for news in ({}, {"trade_status": "TRADE_FINISHED", "notify_id": f"f{trade}"}):
            fields, kind = fields_of(lab, session, trade, news)
            if not send(lab, fields, kind).acknowledged:
                raise NotJudged("see.genuine")
        believed = state(lab, trade) or {}
    count = believed.get("fulfilled")
    if count is not None and str(count) not in {"0", "1"}:
        raise Broken("notify.twice", {"trade": dict(believed)}, count=count)


def _never_heard_of(lab: Lab) -> None:
    """A status that no page names proves no payment, however well it is signed."""
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, kind = fields_of(lab, session, trade, {"trade_status": "TRADE_UNDER_REVIEW"})
        reply = send(lab, fields, kind)
        believed = state(lab, trade) or {}
    if believed.get("state") == "paid" or str(believed.get("fulfilled") or "0") != "0":
        raise Broken("notify.released", shown(fields, reply, believed), status="TRADE_UNDER_REVIEW")


def _at_once(lab: Lab) -> None:
    """The same payment, notified several times at the same moment (one after the other if not parallel)."""
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, kind = fields_of(lab, session, trade)
        if lab.subject.supports("notify"):
            import base64

            body = base64.b64encode(encode_notification(fields, lab.setup.charset)).decode("ascii")
            args = {"body_base64": body, "content_type": kind}
            answers = lab.ask_many([("notify", args)] * _AT_ONCE, session.now)
            judged = [lab.sort_out("notify", args, answer) for answer in answers]
            if not any(isinstance(answer, Result) for answer in judged):
                raise NotJudged("see.genuine")
        else:
            for _ in range(_AT_ONCE):
                send(lab, fields, kind)
        believed = state(lab, trade) or {}
    count = believed.get("fulfilled")
    if count is not None and str(count) not in {"0", "1"}:
        raise Broken("notify.twice", {"notification": fields, "trade": dict(believed)}, count=count)
