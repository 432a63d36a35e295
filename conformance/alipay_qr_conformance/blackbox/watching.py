"""Before the cases: how the shop signs, and what its own buttons send while the kit watches.

find     sign type and charset, from a request that a command makes it send, or from the genuine
         notification that it acknowledges
watch    two customers pay, one of them yesterday; whatever the shop sends until the time is over is
         kept, answered as Alipay would, and judged by the cases
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from alipay_qr.gateway import Record
from alipay_qr.presign import CHARSETS
from alipay_qr.signing import SIGN_TYPES
from alipay_qr_conformance.blackbox.lab import BlackBoxLab
from alipay_qr_conformance.blackbox.sight import unchecked
from alipay_qr_conformance.casebook import CannotDo, NotJudged, Setup, Stopped
from alipay_qr_conformance.checks.calls import arguments
from alipay_qr_conformance.checks.requests import OPERATIONS
from alipay_qr_conformance.counter import deliver, notification
from alipay_qr_conformance.lab import Session
from alipay_qr_conformance.messages import message
from alipay_qr_conformance.verdicts import Text

YESTERDAY: Final = timedelta(hours=26)
"""Another day in Beijing in any case, and longer than the 15 minutes that some documents add to it."""

AMOUNT: Final = "10.00"
_LOOK: Final = 0.02


def find(lab: BlackBoxLab) -> None:
    """Find how the shop signs, where it was not said."""
    box = lab.box
    if box.box.sign_type and box.box.charset:
        return
    lab.setup = Setup(box.sign_type, box.charset)
    for op in box.box.drive:
        for record in _sent(lab, op):
            if _adopt(lab, record):
                return
    if not box.box.sign_type:
        box.sign_type = next((each for each in SIGN_TYPES if _acknowledges(lab, each)), box.sign_type)


def _sent(lab: BlackBoxLab, op: str) -> list[Record]:
    try:
        with lab.gateway() as session:
            lab.ask(op, gateway_url=session.url, **arguments(lab, session, op))
            return list(session.records)
    except (CannotDo, NotJudged, Stopped):  # the cases will tell
        return []


def _adopt(lab: BlackBoxLab, record: Record) -> bool:
    """Take over what a request says of itself; say whether it says it."""
    box, params = lab.box, record.params
    sign_type, charset = params.get("sign_type", "").upper(), params.get("_input_charset", "").upper()
    if not box.box.sign_type and sign_type in SIGN_TYPES:
        box.sign_type = sign_type
    if not box.box.charset and charset in CHARSETS:
        box.charset = charset
    return sign_type in SIGN_TYPES


def _acknowledges(lab: BlackBoxLab, sign_type: str) -> bool:
    if lab.keys.gateway_signer(sign_type) is None:
        return False
    lab.setup = Setup(sign_type, lab.box.charset)
    try:
        with lab.gateway() as session:
            trade = lab.fresh("T")
            session.engine.pay(None, AMOUNT, lab.plan.currency, session.now, out_trade_no=trade)
            return deliver(lab, *notification(lab, session, trade)).acknowledged
    except (NotJudged, Stopped):
        return False


def watch(lab: BlackBoxLab, say: Callable[[Text], None]) -> None:
    """Note what the shop sends by itself until the time is over, or each service was seen."""
    awaited = {OPERATIONS[op] for op in unchecked(lab.box.box.drive)}
    seconds = lab.box.box.watch
    if not awaited or not seconds:
        return
    lab.setup = Setup(lab.box.sign_type, lab.box.charset)
    with lab.gateway() as session:
        today, yesterday = (_paid(lab, session, ago) for ago in (timedelta(0), YESTERDAY))
        say(message("blackbox.watching", seconds=f"{seconds:g}", today=today, yesterday=yesterday))
        lab.observed = list(_arriving(lab, session, awaited, time.monotonic() + seconds))
    for record in lab.observed:
        _adopt(lab, record)


def _paid(lab: BlackBoxLab, session: Session, ago: timedelta) -> str:
    trade = lab.fresh("T")
    session.engine.pay(None, AMOUNT, lab.plan.currency, session.now - ago, out_trade_no=trade)
    lab.paid[trade] = (Decimal(AMOUNT), session.now - ago)
    lab.post(*notification(lab, session, trade))
    return trade


def _arriving(lab: BlackBoxLab, session: Session, awaited: set[str], deadline: float) -> Iterator[Record]:
    done = 0
    while time.monotonic() < deadline:
        for record in session.records[done:]:
            done += 1
            awaited = awaited - {record.service}
            if not awaited:
                deadline = min(deadline, time.monotonic() + lab.box.box.settle)
            lab.settle(session, [record])
            yield record
        time.sleep(_LOOK)
