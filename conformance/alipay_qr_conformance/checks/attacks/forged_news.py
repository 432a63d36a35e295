"""Forged news of something that is no payment: the trade is closed, a refund was made."""

from collections.abc import Callable

from alipay_qr_conformance.casebook import Broken
from alipay_qr_conformance.checks.attacks.belief import careful
from alipay_qr_conformance.checks.delivery import fields_of, paid, send, shown, state
from alipay_qr_conformance.checks.till import Till, number
from alipay_qr_conformance.forgeries import replace, without
from alipay_qr_conformance.lab import Lab


def closing(lab: Lab) -> None:
    """A paid trade is closed by somebody who cannot sign."""
    careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, kind = fields_of(lab, session, trade)
        send(lab, fields, kind)
        before = state(lab, trade) or {}
        forged = replace(replace(fields, "trade_status", "TRADE_CLOSED"), "notify_id", f"f{trade}")
        reply = send(lab, forged, kind)
        after = state(lab, trade) or {}
    if before.get("state") == "paid" and after.get("state") != "paid":
        raise Broken(
            "attack.changed",
            shown(forged, reply, after),
            before="paid",
            after=after.get("state"),
            what="TRADE_CLOSED",
        )


def refund(*, asked: bool) -> Callable[[Lab], None]:
    """Judge news of a refund that somebody wrote who cannot sign."""

    def run(lab: Lab) -> None:
        careful(lab)
        with lab.gateway() as session:
            till = Till.open(lab, session)
            fields, kind = fields_of(lab, session, till.trade)
            refund_id = lab.fresh("R")
            if asked:
                till.refund("4.00", refund_id=refund_id, is_sync="N")
            before = number(till.belief().get("refunded") or "0")
            news = {
                "notify_id": f"f{refund_id}",
                "notify_action_type": "refundFPAction",
                "out_biz_no": refund_id,
                "refund_fee": "4.00",
                "refund_status": "REFUND_SUCCESS",
            }
            forged = [*without(fields, *news), *news.items()]
            reply = send(lab, forged, kind)
            belief = till.belief()
        if number(belief.get("refunded") or "0") != before:
            raise Broken("attack.refunded", shown(forged, reply, belief), found=belief.get("refunded"))

    return run
