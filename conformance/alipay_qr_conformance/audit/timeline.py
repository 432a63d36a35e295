"""The events of a trade as values, and as people are shown them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote_plus

from alipay_qr.beijing import format_timestamp
from alipay_qr.errors import AlipayQrError
from alipay_qr.money import parse_amount
from alipay_qr_conformance.audit.events import NO_TIME
from alipay_qr_conformance.audit.reply import ACKNOWLEDGED, DONE, NOT_RECORDED, REFUSED, UNKNOWN

MOST_TOLD: Final = 20
"""Events that a timeline shows."""
ENDED: Final = {DONE: "carried-out", REFUSED: "refused", UNKNOWN: "unanswered", NOT_RECORDED: "not-recorded"}


@dataclass(slots=True)
class Event:
    """One event of a trade; ``texts`` is what follows its kind, decoded."""

    ms: int
    part: int
    number: int
    kind: str
    texts: list[str]

    @property
    def moment(self) -> datetime | None:
        """When, None where that is not known."""
        return None if self.ms == NO_TIME else datetime.fromtimestamp(self.ms / 1000, UTC)


def timeline(events: Sequence[Event], files: Sequence[int]) -> list[dict[str, Any]]:
    """Return the events of a trade for people: no field of a person, at most `MOST_TOLD` of them."""
    return [_told(event, files) for event in events[:MOST_TOLD]]


def _told(event: Event, files: Sequence[int]) -> dict[str, Any]:
    moment = event.moment
    told: dict[str, Any] = {"at": format_timestamp(moment) if moment else None}
    texts = event.texts
    if event.kind == "N":
        told |= {"event": "notification", "status": texts[2], "amount": texts[3], "currency": texts[4]}
        told |= {
            "paid": texts[5],
            "ended": "acknowledged" if texts[0] in ACKNOWLEDGED else "not-acknowledged",
        }
        if texts[9]:
            told |= {"id": texts[9], "amount": texts[10]}
        if texts[0] == "?":
            told["ended"] = "not-recorded"
    elif event.kind == "F":
        told |= {"event": "forged-notification"}
        told |= {"ended": "acknowledged" if texts[0] in ACKNOWLEDGED else "not-acknowledged"}
    elif event.kind == "R":
        told |= {"event": "refund", "id": texts[0], "amount": texts[1], "currency": texts[2]}
        told |= {"ended": ENDED[texts[5]]}
    elif event.kind == "B":
        told |= {"event": "books", "status": texts[0], "amount": texts[1], "currency": texts[2], "ended": ""}
    elif event.kind == "S":
        told |= {
            "event": "statement",
            "status": texts[0],
            "amount": texts[1],
            "currency": texts[2],
            "ended": "",
        }
    elif event.kind == "C":
        told |= {"event": "cancel", "ended": ENDED[texts[1]]}
    told["place"] = [files[event.part], event.part, event.number, -1]
    return told


def event_of(row: list[bytes]) -> Event:
    """Return the event of a line that was split at its tabs."""
    kind = row[4].decode("ascii")
    pairs = [text.decode("ascii") for text in row[5:]]
    if kind == "N":
        pairs[1:] = [pair.partition("=")[2] for pair in pairs[1:]]
    texts = [unquote_plus(text) for text in pairs]
    return Event(int(row[1]), int(row[2]), int(row[3]), kind, texts)


def refund_data(event: Event) -> tuple[object, str]:
    """Return amount and currency of a refund, ``5`` and ``5.00`` alike."""
    try:
        return parse_amount(event.texts[1], event.texts[2]), event.texts[2]
    except AlipayQrError:
        return event.texts[1], event.texts[2]
