"""The names by which a message of the protocol is known, from the catalogue alone."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from alipay_qr.catalogue import GATEWAY_ERRORS, NOTIFICATION, SERVICES

_MARKS: Final = frozenset({"sign", "sign_type", "_input_charset"})

REQUEST: Final = frozenset(field.name for each in SERVICES.values() for field in each.request) | _MARKS
NOTIFIED: Final = frozenset(field.name for field in NOTIFICATION) | _MARKS
ANSWERED: Final = frozenset(field.name for each in SERVICES.values() for field in each.response)

_ELSEWHERE: Final = frozenset(
    {"body", "action", "error", "price", "quantity", "discount", "status", "is_success", "result_code"}
)
"""Names of the protocol that any text may have; they count only beside others."""

FRAME: Final = frozenset({"alipay", "error", "is_success", "request", "response"})
"""Names around the fields of an answer, never signed."""

KNOWN: Final = REQUEST | NOTIFIED | ANSWERED
ANCHORS: Final = KNOWN - _ELSEWHERE
"""Names that show where in a text a message may be."""

BESIDE: Final = KNOWN & _ELSEWHERE
"""Names that belong to a message beside which they stand: a notification often begins with ``discount``."""

_CORE_SETS: Final = (
    frozenset({"service", "partner"}),
    frozenset({"service", "sign"}),
    frozenset({"partner", "sign"}),
    frozenset({"notify_id", "sign"}),
    frozenset({"notify_type", "sign"}),
    frozenset({"out_trade_no", "sign"}),
    frozenset({"trade_no", "sign"}),
    frozenset({"alipay_trans_id", "sign"}),
    frozenset({"partner_trans_id", "sign"}),
    frozenset({"result_code", "sign"}),
    frozenset({"qrcode", "sign"}),
    frozenset({"notify_id", "notify_type"}),
)
_ENOUGH: Final = 3

ERROR_CODES: Final = frozenset(each.code for each in GATEWAY_ERRORS) | frozenset(
    error.code for each in SERVICES.values() for error in each.errors
)


def is_message(names: Iterable[str]) -> bool:
    """Say whether these names make a message: three of the protocol, two that only a message has."""
    return _are_core(KNOWN.intersection(names))


@lru_cache(maxsize=4096)
def _are_core(found: frozenset[str]) -> bool:
    return len(found) >= _ENOUGH and any(core <= found for core in _CORE_SETS)


def is_received(names: Iterable[str]) -> bool:
    """Say whether a message with these names comes from Alipay."""
    found = set(names)
    return "service" not in found and not found.isdisjoint(("notify_id", "notify_type", "trade_status"))


def own(names: Sequence[str]) -> range:
    """Return the places of a message's names without a log's ``timestamp``, and what is beyond it.

    Notifications have none; what a program adds has other names.
    """
    at = names.index("timestamp") if is_received(names) and "timestamp" in names else -1
    if at < 0:
        return range(len(names))
    if at >= len(names) // 2:
        return range(at)
    return range(next((each for each in range(at, len(names)) if names[each] in NOTIFIED), at), len(names))


def camel(name: str) -> str:
    """Return ``OutTradeNo`` for ``out_trade_no``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


CAMEL: Final = {
    spelling: name
    for name in ANCHORS
    if "_" in name.strip("_") or name in {"sign", "subject", "currency", "partner", "service"}
    for spelling in (camel(name), camel(name)[:1].lower() + camel(name)[1:])
    if spelling != name
}
"""The names of members of Go's and C#'s structs and of Java's beans, to the protocol's."""

CAMEL_BESIDE: Final = (
    {camel(name): name for name in KNOWN}
    | {camel(name)[:1].lower() + camel(name)[1:]: name for name in KNOWN if "_" in name.strip("_")}
    | CAMEL
)
"""Those of the members that stand beside them, too."""
