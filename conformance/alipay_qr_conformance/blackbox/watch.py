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

from alipay_qr.presign import CHARSETS
from alipay_qr.signing import SIGN_TYPES
from alipay_qr_conformance.blackbox.answering import OnTheWire
from alipay_qr_conformance.blackbox.visibility import unchecked
from alipay_qr_conformance.gateway import Record
from alipay_qr_conformance.model.outcomes import Blocked, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.plan import Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.testbed.calls import arguments
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import deliver, notification
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

YESTERDAY: Final = timedelta(hours=26)
"""Another day in Beijing in any case, and longer than the 15 minutes that some documents add to it."""

AMOUNT: Final = "10.00"
_LOOK: Final = 0.02


def find(bed: Testbed, wire: OnTheWire) -> None:
    """Find how the shop signs, where it was not said."""
    box = wire.box
    if box.box.sign_type and box.box.charset:
        return
    bed.setup = Setup(box.sign_type, box.charset)
    for op in box.box.drive:
        for record in _sent(bed, op):
            if _adopt(wire, record):
                return
    if not box.box.sign_type:
        box.sign_type = next((each for each in SIGN_TYPES if _acknowledges(bed, wire, each)), box.sign_type)


def _sent(bed: Testbed, op: str) -> list[Record]:
    try:
        with bed.gateway() as session:
            bed.ask(op, gateway_url=session.url, **arguments(bed, session, op))
            return list(session.records)
    except (Unsupported, Blocked, NoUsableAnswer):  # the cases will tell
        return []


def _adopt(wire: OnTheWire, record: Record) -> bool:
    """Take over what a request says of itself; say whether it says it."""
    box, params = wire.box, record.params
    sign_type, charset = params.get("sign_type", "").upper(), params.get("_input_charset", "").upper()
    if not box.box.sign_type and sign_type in SIGN_TYPES:
        box.sign_type = sign_type
    if not box.box.charset and charset in CHARSETS:
        box.charset = charset
    return sign_type in SIGN_TYPES


def _acknowledges(bed: Testbed, wire: OnTheWire, sign_type: str) -> bool:
    if bed.keys.gateway_signer(sign_type) is None:
        return False
    bed.setup = Setup(sign_type, wire.box.charset)
    try:
        with bed.gateway() as session:
            trade = bed.fresh("T")
            session.engine.pay(None, AMOUNT, bed.plan.currency, session.now, out_trade_no=trade)
            return deliver(bed, *notification(bed, session, trade)).acknowledged
    except (Blocked, NoUsableAnswer):
        return False


def watch(bed: Testbed, wire: OnTheWire, say: Callable[[Text], None]) -> None:
    """Note what the shop sends by itself until the time is over, or each service was seen."""
    awaited = {OPERATIONS[op] for op in unchecked(wire.box.box.drive)}
    seconds = wire.box.box.watch
    if not awaited or not seconds:
        return
    bed.setup = Setup(wire.box.sign_type, wire.box.charset)
    with bed.gateway() as session:
        today, yesterday = (_paid(bed, wire, session, ago) for ago in (timedelta(0), YESTERDAY))
        say(message("blackbox.watching", seconds=f"{seconds:g}", today=today, yesterday=yesterday))
        wire.observed = list(_arriving(bed, wire, session, awaited, time.monotonic() + seconds))
    for record in wire.observed:
        _adopt(wire, record)


def _paid(bed: Testbed, wire: OnTheWire, session: GatewaySession, ago: timedelta) -> str:
    trade = bed.fresh("T")
    session.engine.pay(None, AMOUNT, bed.plan.currency, session.now - ago, out_trade_no=trade)
    wire.paid[trade] = (Decimal(AMOUNT), session.now - ago)
    wire.post(bed, *notification(bed, session, trade))
    return trade


def _arriving(
    bed: Testbed, wire: OnTheWire, session: GatewaySession, awaited: set[str], deadline: float
) -> Iterator[Record]:
    done = 0
    while time.monotonic() < deadline:
        for record in session.records[done:]:
            done += 1
            awaited = awaited - {record.service}
            if not awaited:
                deadline = min(deadline, time.monotonic() + wire.box.box.settle)
            wire.settle(bed, session, [record])
            yield record
        time.sleep(_LOOK)
