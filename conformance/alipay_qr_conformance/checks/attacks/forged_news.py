"""Forged news of something that is no payment: the trade is closed, a refund was made."""

from collections.abc import Callable

from alipay_qr_conformance.checks.attacks.belief import careful
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.rules.forgeries import replace, without
from alipay_qr_conformance.testbed.notifications import fields_of, paid, recorded, send, shown
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, number
from alipay_qr_conformance.testbed.testbed import Testbed


def closing(bed: Testbed) -> None:
    """A paid trade is closed by somebody who cannot sign."""
    careful(bed)
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, kind = fields_of(bed, session, trade)
        send(bed, fields, kind)
        before = recorded(bed, trade) or {}
        forged = replace(replace(fields, "trade_status", "TRADE_CLOSED"), "notify_id", f"f{trade}")
        reply = send(bed, forged, kind)
        after = recorded(bed, trade) or {}
    if before.get("state") == "paid" and after.get("state") != "paid":
        raise Failed(
            "attack.changed",
            shown(forged, reply, after),
            before="paid",
            after=after.get("state"),
            what="TRADE_CLOSED",
        )


def refund(*, asked: bool) -> Callable[[Testbed], None]:
    """Judge news of a refund that somebody wrote who cannot sign."""

    def run(bed: Testbed) -> None:
        careful(bed)
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            fields, kind = fields_of(bed, session, till.trade)
            refund_id = bed.fresh("R")
            if asked:
                till.refund("4.00", refund_id=refund_id, is_sync="N")
            before = number(till.recorded().get("refunded") or "0")
            news = {
                "notify_id": f"f{refund_id}",
                "notify_action_type": "refundFPAction",
                "out_biz_no": refund_id,
                "refund_fee": "4.00",
                "refund_status": "REFUND_SUCCESS",
            }
            forged = [*without(fields, *news), *news.items()]
            reply = send(bed, forged, kind)
            belief = till.recorded()
        if number(belief.get("refunded") or "0") != before:
            raise Failed("attack.refunded", shown(forged, reply, belief), found=belief.get("refunded"))

    return run
