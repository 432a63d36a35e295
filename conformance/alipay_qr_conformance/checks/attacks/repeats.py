"""Genuine news many times, at the same moment, or after the trade has ended: once, and never back."""

import base64
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.casebook import Broken, CannotDo
from alipay_qr_conformance.checks.attacks.belief import careful
from alipay_qr_conformance.checks.attacks.posted import over_http
from alipay_qr_conformance.checks.delivery import fields_of, paid, send, shown, state
from alipay_qr_conformance.checks.till import Answered, Till
from alipay_qr_conformance.forgeries import Pairs
from alipay_qr_conformance.lab import Lab, Session
from alipay_qr_conformance.messages import message


def hundred_times(lab: Lab) -> None:
    """The same news a hundred times, most of them at once."""
    careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, kind = fields_of(lab, session, trade)
        send(lab, fields, kind)
        _all_at_once(lab, session, [fields] * 99, kind)
        _fulfilled(lab, trade, fields, 100)


def two_ids_at_once(lab: Lab) -> None:
    """The payment under two notification numbers at the same moment (in turn if not parallel)."""
    careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        one, kind = fields_of(lab, session, trade)
        two, _ = fields_of(lab, session, trade, {"notify_id": f"n{trade}"})
        _all_at_once(lab, session, [one, two] * 2, kind)
        _fulfilled(lab, trade, two, 4)


def _all_at_once(lab: Lab, session: Session, news: list[Pairs], kind: str) -> None:
    bodies = [encode_notification(each, lab.setup.charset) for each in news]
    url = lab.hello.notify_url
    if lab.subject.supports("notify"):
        args = [
            {"body_base64": base64.b64encode(body).decode("ascii"), "content_type": kind} for body in bodies
        ]
        lab.ask_many([("notify", each) for each in args], session.now)
    elif url:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda body: over_http(url, "POST", body, kind), bodies))


def _fulfilled(lab: Lab, trade: str, fields: Pairs, times: int) -> None:
    belief = state(lab, trade) or {}
    count = belief.get("fulfilled")
    if count is None:
        raise CannotDo(message("notify.no-fulfilled"))
    if str(count) not in {"0", "1"}:
        evidence = {"notification": fields, "trade": dict(belief)}
        raise Broken("attack.many", evidence, times=times, count=count)


def after_cancel(lab: Lab) -> None:
    """News of the payment after the own cancel."""
    _after(lab, Till.cancel, "cancelled")


def after_refund(lab: Lab) -> None:
    """News of the payment after a full refund."""
    _after(lab, lambda till: till.refund("10.00"), "refunded")


def _after(lab: Lab, end: Callable[[Till], Answered], ended: str) -> None:
    """News of the payment under a new number, which come after the trade has ended.

    Where it has not ended, other rules are to blame, and nothing is there to be reopened.
    """
    with lab.gateway() as session:
        till = Till.open(lab, session)
        fields, kind = fields_of(lab, session, till.trade, {"notify_id": f"l{till.trade}"})
        end(till)
        before = till.belief()
        if before.get("state") != ended:
            return
        reply = send(lab, fields, kind)
        after = till.belief()
    if _ledger(after) != _ledger(before):
        evidence = {**shown(fields, reply, after), "before": before}
        raise Broken("attack.late-news", evidence, before=ended, what=_ledger(after))


def _ledger(belief: Mapping[str, object]) -> dict[str, str]:
    """State and refunded sum; how often goods left is judged by ``notify.once.fulfilled``."""
    found = {"state": str(belief.get("state"))}
    return found if belief.get("state") == "cancelled" else {**found, "refunded": str(belief.get("refunded"))}
