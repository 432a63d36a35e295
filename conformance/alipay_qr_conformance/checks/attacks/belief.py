"""What every attack is judged by: whether a payment is believed that nobody made."""

from typing import Final

from alipay_qr_conformance.casebook import Broken, NotJudged
from alipay_qr_conformance.checks.delivery import fields_of, paid, send, shown, state
from alipay_qr_conformance.counter import Reply
from alipay_qr_conformance.forgeries import Pairs, replace
from alipay_qr_conformance.lab import Lab, Session

_OPEN: Final = frozenset({"none", "waiting", None})
"""States in which no payment is believed."""


def made_cheap(lab: Lab, session: Session) -> tuple[str, Pairs, str]:
    """Return a paid trade, and its news with another amount than was signed: the plainest forgery."""
    trade = paid(lab, session)
    fields, kind = fields_of(lab, session, trade)
    return trade, replace(fields, "total_fee", "0.01"), kind


def careful(lab: Lab) -> None:
    """Raise `NotJudged` where genuine news are refused, or any change at all is believed."""

    def attempt() -> str:
        with lab.gateway() as session:
            trade, fields, kind = made_cheap(lab, session)
            if is_believed(lab, trade, send(lab, fields, kind)):
                return "notify.reject.changed"
            if not send(lab, *fields_of(lab, session, paid(lab, session))).acknowledged:
                return "notify.genuine"
        return ""

    if found := lab.once("careful-with-notifications", attempt):
        raise NotJudged("see.requirement", requirement=found)


def is_believed(lab: Lab, trade: str, reply: Reply) -> bool:
    """Say whether a payment is believed; by the reply where there is no ``trade``."""
    belief = state(lab, trade)
    if belief is None:
        return reply.acknowledged
    return belief.get("state") not in _OPEN or str(belief.get("fulfilled") or "0") != "0"


def disbelieved(lab: Lab, trade: str, fields: Pairs, reply: Reply, what: str) -> None:
    """Raise `Broken` where a payment is believed."""
    if is_believed(lab, trade, reply):
        raise Broken("notify.believed", shown(fields, reply, state(lab, trade)), what=what)
