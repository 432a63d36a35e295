"""What every attack is judged by: whether a payment is believed that nobody made."""

from typing import Final

from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.rules.forgeries import Pairs, replace
from alipay_qr_conformance.testbed.notifications import Reply, fields_of, paid, recorded, send, shown
from alipay_qr_conformance.testbed.testbed import GatewaySession, Testbed

_OPEN: Final = frozenset({"none", "waiting", None})
"""States in which no payment is believed."""


def made_cheap(bed: Testbed, session: GatewaySession) -> tuple[str, Pairs, str]:
    """Return a paid trade, and its news with another amount than was signed: the plainest forgery."""
    trade = paid(bed, session)
    fields, kind = fields_of(bed, session, trade)
    return trade, replace(fields, "total_fee", "0.01"), kind


def careful(bed: Testbed) -> None:
    """Raise `Blocked` where genuine news are refused, or any change at all is believed."""

    def attempt() -> str:
        with bed.gateway() as session:
            trade, fields, kind = made_cheap(bed, session)
            if is_believed(bed, trade, send(bed, fields, kind)):
                return "notify.reject.changed"
            if not send(bed, *fields_of(bed, session, paid(bed, session))).acknowledged:
                return "notify.genuine"
        return ""

    if found := bed.once("careful-with-notifications", attempt):
        raise Blocked("see.requirement", requirement=found)


def is_believed(bed: Testbed, trade: str, reply: Reply) -> bool:
    """Say whether a payment is believed; by the reply where there is no ``trade``."""
    belief = recorded(bed, trade)
    if belief is None:
        return reply.acknowledged
    return belief.get("state") not in _OPEN or str(belief.get("fulfilled") or "0") != "0"


def disbelieved(bed: Testbed, trade: str, fields: Pairs, reply: Reply, what: str) -> None:
    """Raise `Failed` where a payment is believed."""
    if is_believed(bed, trade, reply):
        raise Failed("notify.believed", shown(fields, reply, recorded(bed, trade)), what=what)
