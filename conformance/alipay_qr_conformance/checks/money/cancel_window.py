"""``money.cancel.same-day``, ``.window``, ``.window-band``: cancels on the payment's Beijing day alone."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from alipay_qr.beijing import BEIJING, end_of_day, format_timestamp
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.verdicts import Keyword
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.paid_trade import Answered, PaidTrade
from alipay_qr_conformance.testbed.testbed import Testbed

_CANCEL: Final = ("notify", "cancel")
_TRADE: Final = ("notify", "cancel", "trade")
_REFUND: Final = ("notify", "cancel", "refund")
_CAREFUL: Final = ("response.genuine", "response.unproved", "response.two-levels", "response.transport")

Times = tuple[datetime, datetime]
"""When the customer paid, and when the cancel is asked for."""


def _beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def _times(paid_at: str, cancelled_at: str) -> Times:
    return _beijing(paid_at), _beijing(cancelled_at)


SAME_DAY: Final = {
    "at-once": _times("2026-03-09 10:00:00", "2026-03-09 10:00:30"),
    "first-to-last-second": _times("2026-03-09 00:00:00", "2026-03-09 23:59:59"),
    "last-minute": _times("2026-03-09 23:58:00", "2026-03-09 23:59:30"),
    "last-millisecond": _times("2026-03-09 12:00:00", "2026-03-09 23:59:59.999"),
    "leap-day": _times("2028-02-29 08:00:00", "2028-02-29 23:00:00"),
    "utc-midnight-between": _times("2026-03-09 07:59:00", "2026-03-09 08:01:00"),
    "european-dst-night": _times("2026-03-29 08:30:00", "2026-03-29 09:30:00"),
}
NEXT_DAY: Final = {
    "sixteen-minutes-into-the-day": _times("2026-03-09 23:59:00", "2026-03-10 00:16:00"),
    "next-morning": _times("2026-03-09 18:00:00", "2026-03-10 09:00:00"),
    "within-24-hours": _times("2026-03-09 23:00:00", "2026-03-10 22:00:00"),
    "same-utc-day": _times("2026-03-09 23:00:00", "2026-03-10 07:30:00"),
    "after-the-leap-day": _times("2028-02-29 20:00:00", "2028-03-01 00:30:00"),
    "next-year": _times("2026-12-31 23:30:00", "2027-01-01 00:30:00"),
    "same-day-next-month": _times("2026-03-09 10:00:00", "2026-04-09 10:00:00"),
    "same-date-next-year": _times("2026-03-09 10:00:00", "2027-03-09 10:00:00"),
}
BAND: Final = {
    "midnight": timedelta(0),
    "one-millisecond-after": timedelta(milliseconds=1),
    "fourteen-minutes-after": timedelta(minutes=14),
}
ZONES: Final = {
    "told-in-UTC": UTC,
    "told-in-minus-eight": timezone(timedelta(hours=-8)),
    "told-in-plus-thirteen": timezone(timedelta(hours=13)),
}


# --- within the day -------------------------------------------------------------------------------------


@check("money.cancel.same-day", each=SAME_DAY, needs=_CANCEL, clock=True)
def in_time(bed: Testbed, times: Times) -> None:
    """A payment is cancelled on the Beijing day on which it was made: the cancel succeeds."""
    paid_at, cancelled_at = times
    with bed.gateway(start=paid_at) as session:
        trade = PaidTrade.open(bed, session)
        session.move(cancelled_at)
        trade.expect_outcome(trade.cancel(), "success")


@check("money.cancel.same-day", each=ZONES, needs=_CANCEL, clock=True)
def told_in_time(bed: Testbed, zone: timezone) -> None:
    """The present time is given in another zone: the Beijing day counts, and the cancel succeeds."""
    paid_at, asked_at = _times("2026-03-09 22:30:00", "2026-03-09 23:30:00")
    with bed.gateway(start=paid_at) as session:
        trade = PaidTrade.open(bed, session)
        session.move(asked_at)
        trade.expect_outcome(trade.cancel(now=asked_at.astimezone(zone)), "success")


_ORDERED_AT: Final = _beijing("2026-03-09 23:55:00")
_PAID_AFTER_MIDNIGHT: Final = _beijing("2026-03-10 00:05:00")


@check("money.cancel.same-day", needs=_CANCEL, clock=True, name="ordered-the-day-before")
def paid_after_midnight(bed: Testbed) -> None:
    """An order of yesterday evening was paid after midnight: it is cancelled on the day of the payment."""
    with bed.gateway(start=_PAID_AFTER_MIDNIGHT) as session:
        trade = _notified(bed, session, gmt_create=format_timestamp(_ORDERED_AT))
        session.move(_beijing("2026-03-10 12:00:00"))
        trade.expect_outcome(trade.cancel(), "success")


def _notified(
    bed: Testbed, session: GatewaySession, told_at: datetime | None = None, **overrides: str
) -> PaidTrade:
    """Let a customer pay 10.00, and notify it at a later time."""
    trade = PaidTrade.untold(bed, session)
    if told_at is not None:
        session.move(told_at)
    if not trade.notify(**overrides).acknowledged:
        raise Blocked("see.genuine")
    return trade


# --- on a later day -------------------------------------------------------------------------------------


def _expect_refusal(trade: PaidTrade, answer: Answered, times: Times, *, keeper: str | None = None) -> None:
    """Raise `Failed` if a cancel that is too late is recorded, or sent.

    Sending is the gateway's to refuse where the policy says so.
    """
    words: dict[str, Any] = dict(zip(("paid", "asked"), map(format_timestamp, times), strict=True))
    if trade.recorded().get("state") == "cancelled" and trade.books.state != "cancelled":
        raise Failed("money.cancel-booked", trade.evidence(answer=answer, **words))
    if trade.sent("cancel"):
        keeper = keeper or trade.testbed.plan.policy.cancel_window
        keyword: Keyword | None = "SHOULD" if keeper == "gateway" else None
        raise Failed("money.late", trade.evidence(answer=answer), keyword_=keyword, **words)


@check("money.cancel.window", each=NEXT_DAY, needs=_CANCEL, clock=True)
def too_late(bed: Testbed, times: Times) -> None:
    """A payment of an earlier Beijing day is cancelled: nothing is sent, and no cancel is recorded."""
    with bed.gateway(start=times[0]) as session:
        trade = PaidTrade.open(bed, session)
        session.move(times[1])
        _expect_refusal(trade, trade.cancel(), times)


@check("money.cancel.window", each=ZONES, needs=_CANCEL, clock=True)
def told_too_late(bed: Testbed, zone: timezone) -> None:
    """The present time is given in another zone: it is the Beijing day that counts, and nothing is sent."""
    times = _times("2026-03-09 22:30:00", "2026-03-10 00:30:00")
    with bed.gateway(start=times[0]) as session:
        trade = PaidTrade.open(bed, session)
        session.move(times[1])
        _expect_refusal(trade, trade.cancel(now=times[1].astimezone(zone)), times)


@check("money.cancel.window", needs=_CANCEL, clock=True)
def told_after_midnight(bed: Testbed) -> None:
    """The notification comes on the next day: it is ``gmt_payment`` that counts, and nothing is sent."""
    times = _times("2026-03-09 23:50:00", "2026-03-10 09:00:00")
    with bed.gateway(start=times[0]) as session:
        trade = _notified(bed, session, _beijing("2026-03-10 00:20:00"))
        session.move(times[1])
        _expect_refusal(trade, trade.cancel(), times)


@check("money.cancel.window", needs=_CANCEL, clock=True)
def ordered_the_day_before(bed: Testbed) -> None:
    """An order of the evening was paid after midnight: on the day after the payment nothing is sent."""
    times = _PAID_AFTER_MIDNIGHT, _beijing("2026-03-11 00:30:00")
    with bed.gateway(start=times[0]) as session:
        trade = _notified(bed, session, gmt_create=format_timestamp(_ORDERED_AT))
        session.move(times[1])
        _expect_refusal(trade, trade.cancel(), times)


@check("money.cancel.window", needs=_CANCEL, clock=True)
def finished_after_midnight(bed: Testbed) -> None:
    """TRADE_FINISHED comes on the next day, and makes no payment of that day: nothing is sent."""
    times = _times("2026-03-09 20:00:00", "2026-03-10 10:00:00")
    with bed.gateway(start=times[0]) as session:
        trade = PaidTrade.open(bed, session)
        session.move(_beijing("2026-03-10 09:00:00"))
        trade.finish()
        session.move(times[1])
        _expect_refusal(trade, trade.cancel(), times)


def _band_is_closed(plan: Plan, _: timedelta) -> bool:
    return plan.policy.cancel_band != "open"


@check("money.cancel.window-band", each=BAND, needs=_CANCEL, clock=True, when=_band_is_closed)
def in_band(bed: Testbed, after: timedelta) -> None:
    """A cancel comes within a quarter of an hour after the end of the Beijing day: nothing is sent."""
    paid_at = _beijing("2026-03-09 20:00:00")
    with bed.gateway(start=paid_at) as session:
        trade = PaidTrade.open(bed, session)
        session.move(end_of_day(paid_at) + after)
        _expect_refusal(trade, trade.cancel(), (paid_at, session.now), keeper="merchant")
