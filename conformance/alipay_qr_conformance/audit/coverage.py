"""Which requirement an audit can judge, by which messages; and what was judged of each."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from alipay_qr_conformance.audit.kit import ALIASES, register
from alipay_qr_conformance.audit.tally import Tally

WIRE: Final = frozenset(
    {"request.method", "request.encoding", "request.no-duplicates", "request.charset.in-query"}
)
_SIGN: Final = "request.sign.valid"
_ZONE: Final = "request.timestamp.zone"
_COMMON: Final = (
    *sorted(WIRE),
    "request.charset.declared",
    "request.sign_type",
    _SIGN,
    "request.partner",
    "request.documented-only",
)
_OF_WISHES: Final = frozenset({"request.refund.amount-exact"})
"""Compare a request with what the merchant was asked for, which no recording tells."""
_TIMED: Final = frozenset({"create", "cancel"})
OF_NOTIFICATIONS: Final = (
    "notify.genuine",
    "notify.reply.exact",
    "notify.reject.changed",
    "notify.reject.no-sign",
    "notify.reject.bad-sign",
    "notify.reject.other-type",
    "notify.reject.duplicate",
    "notify.post-only",
    "notify.boundary",
    "notify.validate.seller",
    "notify.validate.complete",
    "notify.validate.amount",
    "notify.validate.currency",
    "notify.once.acknowledged",
)
OF_TRADES: Final = (
    "money.refund.sum",
    "money.refund.currency",
    "money.refund.ids-differ",
    "money.refund.same-id",
    "money.refund.one-id",
    "money.cancel.window",
    "money.cancel.window-band",
    "money.cancel.after-refund",
    "money.cancel.own-trade",
)
OF_BOOKS: Final = (
    "notify.once.fulfilled",
    "notify.amount.believed",
    "notify.status.believed",
    "notify.status.forward",
    "notify.trade.own",
    "money.refund.booked",
    "money.refund.not-booked",
    "money.refund.unknown",
    "money.refund.repeat",
    "money.refund.asynchronous",
    "money.cancel.booked",
    "money.cancel.not-booked",
    "money.cancel.unknown",
    "money.cancel.closed-notice",
)
_IF_REPLY: Final = ("notify.reply.exact", "notify.reject.changed")
_IF_GENUINE: Final = ("notify.genuine", "notify.reject.changed", "notify.validate.seller")


class Row(NamedTuple):
    """What was judged of one requirement; ``not_judged`` counts messages or trades by reason."""

    requirement: str
    keyword: str
    judged: int
    broken: int
    not_judged: Mapping[str, int]


@cache
def of_requests(kind: str) -> tuple[str, ...]:
    """Return the requirements that every request of a kind is judged by."""
    if kind == "other":
        return (*sorted(WIRE - {"request.charset.in-query"}), _SIGN)
    own = tuple(
        name
        for name, row in register().items()
        if name.startswith(f"request.{kind}.") and not row.excluded and name not in _OF_WISHES
    )
    return (*_COMMON, *own, *((_ZONE,) if kind in _TIMED else ()))


def rows(tally: Tally, *, books: bool = False) -> list[Row]:
    """Return one row for each requirement that is tested at all, in the order of the register."""
    judged, not_judged = _counted(tally)
    every = register()
    found = []
    for name, row in every.items():
        if row.excluded is not None:
            continue
        reasons = dict(sorted(not_judged.get(name, Counter()).items()))
        count = max(judged[name], tally.broken[name])
        if not count and not reasons:
            reasons = {_why_not(name, books=books): 0}
        found.append(Row(name, row.keyword, count, tally.broken[name], reasons))
    return found


def _counted(tally: Tally) -> tuple[Counter[str], dict[str, Counter[str]]]:
    judged: Counter[str] = Counter(tally.judged)
    not_judged: dict[str, Counter[str]] = {}
    for (name, reason), count in tally.not_judged.items():
        not_judged.setdefault(name, Counter())[reason] += count
    for kind, count in tally.seen.items():
        for name in of_requests(kind) if kind != "notification" else ():
            judged[name] += count
    for (kind, scope, reason), count in tally.missing.items():
        for name in _in_scope(kind, scope):
            not_judged.setdefault(name, Counter())[reason] += count
            if kind != "notification":
                judged[name] -= count
    return judged, not_judged


def _in_scope(kind: str, scope: str) -> tuple[str, ...]:
    if kind == "notification":
        return _IF_REPLY if scope == "reply" else _IF_GENUINE
    names = of_requests(kind)
    if scope == "all":
        return names
    wanted = {"sign": {_SIGN}, "zone": {_ZONE}, "wire": WIRE}[scope]
    return tuple(name for name in names if name in wanted)


def _why_not(name: str, *, books: bool) -> str:
    reached = {each for kind in (*ALIASES.values(), "other") for each in of_requests(kind)}
    if name in reached or name in OF_NOTIFICATIONS or name in OF_TRADES:
        return "no-such-message"
    if name in OF_BOOKS:
        return "no-such-message" if books else "no-books"
    return "needs-adapter"
