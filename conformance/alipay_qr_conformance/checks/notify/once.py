"""``notify.once``: a payment is notified again and again, and acted on once."""

import base64
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import (
    LAST_REPEAT,
    Reply,
    call_url,
    expect_ack,
    fields_of,
    given,
    paid,
    recorded_in_the_end,
    send,
    shown,
)
from alipay_qr_conformance.testbed.testbed import Testbed

_NOTIFY: Final = ("notify",)
_TRADE: Final = ("notify", "trade")
_CAREFUL: Final = ("notify.reject.changed", "notify.genuine")
_IDS: Final = {"same-id": False, "new-id": True}


def _repeated(bed: Testbed, session: GatewaySession, trade: str, *, new_id: bool) -> tuple[Pairs, Reply]:
    given(bed, *fields_of(bed, session, trade))
    # The gateway makes the new id, and so knows it: a subject may ask it (service notify_verify).
    again = {"notify_id": f"n{trade}"} if new_id else None
    fields, content_type = fields_of(bed, session, trade, again)
    return fields, send(bed, fields, content_type)


@check("notify.once.acknowledged", needs=_NOTIFY, name="same-id")
def acknowledged(bed: Testbed) -> None:
    """The payment is notified a second time: that is acknowledged as well, or it never ends.

    Repeats keep their ``notify_id``: what is to be said to another one, no page tells.
    """
    with bed.gateway() as session:
        expect_ack(bed, *_repeated(bed, session, paid(bed, session), new_id=False))


def _others(plan: Plan) -> Mapping[str, int]:
    """Return how many other orders are paid; a hundred where there is time."""
    few = {"after-another-order": 1, "after-a-score-of-orders": 20}
    return few if plan.depth == "quick" else few | {"after-many-orders": 120}


@check("notify.once.fulfilled", needs=_TRADE, each=_IDS)
def fulfilled(bed: Testbed, new_id: bool) -> None:  # noqa: FBT001 (a row of the table)
    """The payment is notified a second time: goods leave once."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, reply = _repeated(bed, session, trade, new_id=new_id)
        told = recorded_in_the_end(bed, trade)
    if (count := told.get("fulfilled")) is None:
        raise Unsupported(message("notify.no-fulfilled"))
    if str(count) not in {"0", "1"}:  # how late they leave is the shop's own matter
        raise Failed("notify.twice", shown(fields, reply, told), count=count)


@check("notify.once.fulfilled", needs=_TRADE, clock=True)
def a_day_later(bed: Testbed) -> None:
    """The acknowledgement was lost each time, and the last repeat comes a day later: goods leave once."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        given(bed, *fields_of(bed, session, trade))
        session.advance(LAST_REPEAT)
        fields, content_type = fields_of(bed, session, trade)
        reply = send(bed, fields, content_type)
        told = recorded_in_the_end(bed, trade)
    _expect_once(told, shown(fields, reply, told))


@check("notify.once.fulfilled", needs=_TRADE, each=_others)
def after_other_orders(bed: Testbed, count: int) -> None:
    """Other orders are paid before the payment is notified a second time: goods leave once."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        for each in (trade, *(paid(bed, session) for _ in range(count))):
            given(bed, *fields_of(bed, session, each))
        send(bed, *fields_of(bed, session, trade))
        told = recorded_in_the_end(bed, trade)
    _expect_once(told, {"trade": told})


@check("notify.once.fulfilled", needs=_TRADE)
def finished_later(bed: Testbed) -> None:
    """TRADE_SUCCESS, and months later TRADE_FINISHED: goods leave once."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        for overrides in ({}, {"trade_status": "TRADE_FINISHED", "notify_id": f"f{trade}"}):
            given(bed, *fields_of(bed, session, trade, overrides))
        told = recorded_in_the_end(bed, trade)
    _expect_once(told, {"trade": told})


def _expect_once(told: Mapping[str, object], evidence: dict[str, object]) -> None:
    count = told.get("fulfilled")
    if count is not None and str(count) not in {"0", "1"}:
        raise Failed("notify.twice", evidence, count=count)


# --- at the same moment ---------------------------------------------------------------------------------


@check("notify.once.fulfilled", needs=_TRADE)
def at_once(bed: Testbed) -> None:
    """The same notification comes six times at once (in turn if not parallel): goods leave once."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        bed.booking.before(bed, trade)
        if bed.subject.supports("notify"):
            calls = _calls(bed, [fields] * 6, content_type)
            answers = bed.ask_many(calls, session.now)
            bed.booking.acknowledged(trade)
            judged = [bed.sort_out(*call, answer) for call, answer in zip(calls, answers, strict=True)]
            if not any(isinstance(answer, Result) for answer in judged):
                raise Blocked("see.genuine")
        else:
            for _ in range(6):
                send(bed, fields, content_type)
        told = recorded_in_the_end(bed, trade)
    _expect_once(told, {"notification": fields, "trade": told})


@check("notify.once.fulfilled", needs=_TRADE, builds_on=_CAREFUL)
def hundred_times(bed: Testbed) -> None:
    """The same notification comes a hundred times, most of them at once: goods leave once."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        send(bed, fields, content_type)
        _send_at_once(bed, session, [fields] * 99, content_type)
        _expect_one_of_many(bed, trade, fields, 100)


@check("notify.once.fulfilled", needs=_TRADE, builds_on=_CAREFUL)
def two_ids_at_once(bed: Testbed) -> None:
    """The payment is notified under two ids at once (in turn if not parallel): goods leave once."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        one, content_type = fields_of(bed, session, trade)
        two, _ = fields_of(bed, session, trade, {"notify_id": f"n{trade}"})
        _send_at_once(bed, session, [one, two] * 2, content_type)
        _expect_one_of_many(bed, trade, two, 4)


def _calls(bed: Testbed, messages: Sequence[Pairs], content_type: str) -> list[tuple[str, dict[str, str]]]:
    bodies = [base64.b64encode(encode_notification(each, bed.setup.charset)) for each in messages]
    return [
        ("notify", {"body_base64": body.decode("ascii"), "content_type": content_type}) for body in bodies
    ]


def _send_at_once(
    bed: Testbed, session: GatewaySession, messages: Sequence[Pairs], content_type: str
) -> None:
    url = bed.hello.notify_url
    bed.booking.acknowledged(dict(messages[0])["out_trade_no"])
    if bed.subject.supports("notify"):
        bed.ask_many(_calls(bed, messages, content_type), session.now)
    elif url:
        bodies = [encode_notification(each, bed.setup.charset) for each in messages]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda body: call_url(url, "POST", body, content_type), bodies))


def _expect_one_of_many(bed: Testbed, trade: str, fields: Pairs, times: int) -> None:
    told = recorded_in_the_end(bed, trade)
    if (count := told.get("fulfilled")) is None:
        raise Unsupported(message("notify.no-fulfilled"))
    if str(count) not in {"0", "1"}:
        raise Failed("attack.many", {"notification": fields, "trade": told}, times=times, count=count)
