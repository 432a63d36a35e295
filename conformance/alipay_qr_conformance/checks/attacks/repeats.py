"""Genuine news many times, at the same moment, or after the trade has ended: once, and never back."""

import base64
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.checks.attacks.belief import careful
from alipay_qr_conformance.checks.attacks.posted import over_http
from alipay_qr_conformance.model.outcomes import Failed, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs
from alipay_qr_conformance.testbed.notifications import fields_of, paid, recorded, send, shown
from alipay_qr_conformance.testbed.paid_trade import Answered, PaidTrade
from alipay_qr_conformance.testbed.testbed import GatewaySession, Testbed


def hundred_times(bed: Testbed) -> None:
    """The same news a hundred times, most of them at once."""
    careful(bed)
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, kind = fields_of(bed, session, trade)
        send(bed, fields, kind)
        _all_at_once(bed, session, [fields] * 99, kind)
        _fulfilled(bed, trade, fields, 100)


def two_ids_at_once(bed: Testbed) -> None:
    """The payment under two notification numbers at the same moment (in turn if not parallel)."""
    careful(bed)
    with bed.gateway() as session:
        trade = paid(bed, session)
        one, kind = fields_of(bed, session, trade)
        two, _ = fields_of(bed, session, trade, {"notify_id": f"n{trade}"})
        _all_at_once(bed, session, [one, two] * 2, kind)
        _fulfilled(bed, trade, two, 4)


def _all_at_once(bed: Testbed, session: GatewaySession, news: list[Pairs], kind: str) -> None:
    bodies = [encode_notification(each, bed.setup.charset) for each in news]
    url = bed.hello.notify_url
    if bed.subject.supports("notify"):
        args = [
            {"body_base64": base64.b64encode(body).decode("ascii"), "content_type": kind} for body in bodies
        ]
        bed.ask_many([("notify", each) for each in args], session.now)
    elif url:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda body: over_http(url, "POST", body, kind), bodies))


def _fulfilled(bed: Testbed, trade: str, fields: Pairs, times: int) -> None:
    belief = recorded(bed, trade) or {}
    count = belief.get("fulfilled")
    if count is None:
        raise Unsupported(message("notify.no-fulfilled"))
    if str(count) not in {"0", "1"}:
        evidence = {"notification": fields, "trade": dict(belief)}
        raise Failed("attack.many", evidence, times=times, count=count)


def after_cancel(bed: Testbed) -> None:
    """News of the payment after the own cancel."""
    _after(bed, PaidTrade.cancel, "cancelled")


def after_refund(bed: Testbed) -> None:
    """News of the payment after a full refund."""
    _after(bed, lambda till: till.refund("10.00"), "refunded")


def _after(bed: Testbed, end: Callable[[PaidTrade], Answered], ended: str) -> None:
    """News of the payment under a new number, which come after the trade has ended.

    Where it has not ended, other rules are to blame, and nothing is there to be reopened.
    """
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        fields, kind = fields_of(bed, session, till.trade, {"notify_id": f"l{till.trade}"})
        end(till)
        before = till.recorded()
        if before.get("state") != ended:
            return
        reply = send(bed, fields, kind)
        after = till.recorded()
    if _ledger(after) != _ledger(before):
        evidence = {**shown(fields, reply, after), "before": before}
        raise Failed("attack.late-news", evidence, before=ended, what=_ledger(after))


def _ledger(belief: Mapping[str, object]) -> dict[str, str]:
    """State and refunded sum; how often goods left is judged by ``notify.once.fulfilled``."""
    found = {"state": str(belief.get("state"))}
    return found if belief.get("state") == "cancelled" else {**found, "refunded": str(belief.get("refunded"))}
