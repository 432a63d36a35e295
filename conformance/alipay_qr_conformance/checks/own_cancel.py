"""What follows an own cancel: the answer about an unpaid trade, and the news of the closing."""

from collections.abc import Callable, Iterator

from alipay_qr_conformance.gateway import Fault
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.calls import told as evidence
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.notifications import fields_of, send, shown
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, outcome
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed


def cancel_unpaid(action: str | None) -> Callable[[Testbed], None]:
    """A subject may decline to cancel what it never saw; if it asks, the yes is a yes."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            trade = bed.fresh("T")
            session.inject(Fault(reply=lambda reply: reply.changed({"action": action}), name="action"))
            answer = bed.ask("cancel", gateway_url=session.url, out_trade_no=trade)
            records = session.of(OPERATIONS["cancel"])
        if not records or b"<result_code>SUCCESS</result_code>" not in records[0].answer.body:
            return
        if outcome(answer) != "success":
            what = f"action {action or '-'}"
            raise Failed("attack.answer", evidence(answer, records[0]), found=outcome(answer), what=what)

    return run


def closed_notice(bed: Testbed) -> None:
    """TRADE_CLOSED arrives for what the subject itself has cancelled."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        till.given(till.cancel(), "success")
        before = till.recorded()
        if before.get("state") != "cancelled":
            raise Blocked("see.requirement", requirement="money.cancel.booked")
        news = {"trade_status": "TRADE_CLOSED", "notify_id": f"c{till.trade}"}
        fields, kind = fields_of(bed, session, till.trade, news)
        reply = send(bed, fields, kind)
        after = till.recorded()
    evidence = shown(fields, reply, after)
    if not reply.acknowledged:
        raise Failed("attack.closed-notice", evidence, what=reply.reason or reply.status)
    if after.get("state") not in {"cancelled", "closed"} or after.get("fulfilled") != before.get("fulfilled"):
        raise Failed("attack.closed-notice", evidence, what=after)


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001
    """Yield."""
    careful = ("response.genuine", "response.unproved", "response.two-levels", "response.transport")
    for name, action in (("unknown", None), ("closed", "close")):
        yield Case("money.cancel.unpaid", name, cancel_unpaid(action), needs=("cancel",), builds_on=careful)
    needs = ("notify", "cancel", "trade")
    yield Case("money.cancel.closed-notice", "one", closed_notice, needs=needs)
