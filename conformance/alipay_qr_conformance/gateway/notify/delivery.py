"""A notification on its way: where to, which bytes, what came of each attempt.

Alipay repeats a notification until the merchant answers ``success``, eight times within 25 hours. Two
editions of that schedule are published; `SCHEDULES` holds the pauses after each attempt, in seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

DeliveryState = Literal["pending", "done", "given-up", "refused"]

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0

SCHEDULES: Final[Mapping[str, tuple[float, ...]]] = {
    "web": (2 * _MINUTE, 10 * _MINUTE, 10 * _MINUTE, _HOUR, 2 * _HOUR, 6 * _HOUR, 15 * _HOUR),
    "help": (4 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, _HOUR, 2 * _HOUR, 6 * _HOUR, 15 * _HOUR),
}
"""``web``: docs.antom.com/ac/web/async and ac/wap_hk/asyncnotif; ``help``: global help/online/91."""

DONE_REPLIES: Final = (b"success", b"SUCCESS")
"""The whole body that ends the repeats; the pages disagree about its letters, so both do."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST and what came back.

    Args:
        at: when it began, in seconds since 1970.
        late: how many seconds after its due moment that was.
        seconds: how long it took.
        status: the HTTP status; 0 where there was none.
        reply: the first 4 KiB of the body.
        error: why there was no answer, or why it does not count; empty where the merchant was content.
    """

    at: float
    late: float
    seconds: float
    status: int = 0
    reply: bytes = b""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification for one address.

    Args:
        number: 1, 2, 3 ... in the order of their making.
        out_trade_no: the trade that it is about.
        event: what it reports, for people.
        url: where it goes.
        body: the signed form, the same bytes in every attempt (inferred: ``notify_id`` names the event).
        content_type: of the body.
        due: the moment of the next attempt, in seconds since 1970.
        state: ``refused`` means that the address is not allowed.
        repeats: whether the schedule applies; False for one that is sent once, on demand.
        attempts: oldest first.
    """

    number: int
    out_trade_no: str
    event: str
    url: str
    body: bytes
    content_type: str
    due: float
    state: DeliveryState = "pending"
    repeats: bool = True
    attempts: tuple[Attempt, ...] = ()
