"""What follows an own cancel: the answer about an unpaid trade, and the news of the closing."""

from collections.abc import Callable

from alipay_qr.gateway import Fault
from alipay_qr_conformance.casebook import Broken, NotJudged
from alipay_qr_conformance.checks.delivery import fields_of, send, shown
from alipay_qr_conformance.checks.hostile_answers.asking import SUCCESS, careful, evidence
from alipay_qr_conformance.checks.requests import OPERATIONS
from alipay_qr_conformance.checks.till import Till, outcome
from alipay_qr_conformance.lab import Lab


def cancel_unpaid(action: str | None) -> Callable[[Lab], None]:
    """A subject may decline to cancel what it never saw; if it asks, the yes is a yes."""

    def run(lab: Lab) -> None:
        careful(lab, "cancel")
        with lab.gateway() as session:
            trade = lab.fresh("T")
            session.inject(Fault(reply=lambda reply: reply.changed({"action": action}), name="action"))
            answer = lab.ask("cancel", gateway_url=session.url, out_trade_no=trade)
            records = session.of(OPERATIONS["cancel"])
        if not records or SUCCESS not in records[0].answer.body:
            return
        if outcome(answer) != "success":
            what = f"action {action or '-'}"
            raise Broken("attack.answer", evidence(answer, records[0]), found=outcome(answer), what=what)

    return run


def closed_notice(lab: Lab) -> None:
    """TRADE_CLOSED arrives for what the subject itself has cancelled."""
    with lab.gateway() as session:
        till = Till.open(lab, session)
        till.prepared(till.cancel(), "success")
        before = till.belief()
        if before.get("state") != "cancelled":
            raise NotJudged("see.requirement", requirement="money.cancel.booked")
        news = {"trade_status": "TRADE_CLOSED", "notify_id": f"c{till.trade}"}
        fields, kind = fields_of(lab, session, till.trade, news)
        reply = send(lab, fields, kind)
        after = till.belief()
    evidence = shown(fields, reply, after)
    if not reply.acknowledged:
        raise Broken("attack.closed-notice", evidence, what=reply.reason or reply.status)
    if after.get("state") not in {"cancelled", "closed"} or after.get("fulfilled") != before.get("fulfilled"):
        raise Broken("attack.closed-notice", evidence, what=after)
