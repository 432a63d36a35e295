"""``notify.reject.*[any-forgery-...]``: no forged notification is believed, whatever trade it is about.

One case for each state of a trade: genuine calls and notifications lead there, then forgeries come, of every
kind and shape (`alipay_qr_conformance.checks.properties.forgery_space`). Nothing that is recorded may change,
and nothing is acknowledged. Since what is refused leaves a trade as it was, many forgeries meet one trade;
only where something was believed each is tried alone, on a trade of its own, and then made as ordinary as it
can be while it still is believed: a finding names the coordinates that are left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from alipay_qr_conformance.checks.properties import forgery_space as space
from alipay_qr_conformance.checks.properties.covering import Row
from alipay_qr_conformance.checks.properties.forged_news import (
    NEWS,
    books_of,
    charset_of,
    is_unchanged,
    message_about,
    requirement_of,
)
from alipay_qr_conformance.checks.properties.trade_states import prepared
from alipay_qr_conformance.checks.verify import is_malleable, softened
from alipay_qr_conformance.model.outcomes import Failed, NoUsableAnswer
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.rules.forgeries import Pairs, applicable
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import (
    Reply,
    deliver,
    deliver_many,
    shown,
)
from alipay_qr_conformance.testbed.testbed import Testbed


@dataclass(frozen=True, slots=True)
class _Believed:
    """A forgery that was believed: its coordinates, and the message."""

    row: Row
    fields: Pairs
    charset: str
    evidence: Mapping[str, object]


_Found = dict[str, "_Believed"]
"""By requirement: what broke it."""


@dataclass(frozen=True, slots=True)
class _Item:
    requirement: str
    state: str
    sign_type: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The operations that lead to the state."""
        more = ("trade",) if self.requirement in NEWS.values() else ()
        return ("notify", *space.STATES[self.state], *more)


def _items(plan: Plan) -> dict[str, _Item]:
    found = {}
    for sign_type in SIGN_TYPES:
        for state in space.states(plan, sign_type):
            broken = {f"notify.reject.{kind}" for _, kind in applicable(sign_type)}
            broken |= {NEWS["closing"]} if state in space.CLOSING else set()
            broken |= {NEWS["refund"]} if state in space.REFUNDING else set()
            for requirement in sorted(broken):
                key = f"{requirement}/{state}/{sign_type}"
                found[key] = _Item(requirement, state, sign_type)
    return found


@check(
    lambda _, item: [item.requirement],
    needs=lambda item: item.needs,
    each=_items,
    builds_on=("notify.genuine",),
    setups=lambda item: [Setup(item.sign_type)],
    name=lambda item: f"any-forgery-{item.state}/{item.sign_type}",
    once_only=True,
)
def forged(bed: Testbed, item: _Item, _requirement: str) -> None:
    """No forgery of any shape is believed or acknowledged about a trade in this state."""
    found = bed.once(f"any-forgery/{item.state}", lambda: _explore(bed, item.state))
    believed = found.get(item.requirement)
    if believed is None:
        return
    what, where = believed.row["forgery"], _told(bed, believed.row)
    broken = Failed("forgery.believed", believed.evidence, what=what, where=where)
    raise softened(bed, believed.fields, f"{what}; {where}", broken, believed.charset)


def _told(bed: Testbed, row: Row) -> str:
    """Return the coordinates that are not the ordinary ones."""
    ordinary = space.plain(bed.plan)
    more = [f"{name}: {row[name]}" for name, value in ordinary.items() if row[name] != value]
    return ", ".join([f"state: {row['state']}", *more])


# --- exploring ------------------------------------------------------------------------------------------


def _explore(bed: Testbed, state: str) -> _Found:
    """Return what forgeries broke about trades in a state."""
    rows = space.rows(bed.plan, bed.setup.sign_type, state)
    if not bed.hello.clock:
        rows = [row | {"moment": space.plain(bed.plan)["moment"]} for row in rows]
    found: _Found = {}
    for moment in dict.fromkeys(row["moment"] for row in rows):
        suspects = _batch(bed, [row for row in rows if row["moment"] == moment])
        for row in suspects:
            known = found.get(requirement_of(bed, row))
            if known is not None and not _is_worth_more(bed, known, row):
                continue
            seen = _believed(bed, row)
            if seen is not None and (known is None or not is_malleable(bed, seen.fields, seen.charset)):
                found[requirement_of(bed, row)] = _smallest(bed, seen)
    return found


def _is_worth_more(bed: Testbed, known: _Believed, row: Row) -> bool:
    """Say whether another forgery may be worse: who reads signs tolerantly may believe forged values too."""
    return row["forgery"] != known.row["forgery"] and is_malleable(bed, known.fields, known.charset)


def _batch(bed: Testbed, rows: Sequence[Row]) -> list[Row]:
    """Return the rows about trades of which something was believed, having sent many rows to each trade."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["currency"], row["amount"], row["number"], row.get("news", "")), []).append(
            row
        )
    suspects = []
    with _at(bed, rows[0]) as session:
        targets = [prepared(bed, session, group[0]) for group in groups.values()]
        _pass_time(session, rows[0])
        for target, group in zip(targets, groups.values(), strict=True):
            if target is None:
                continue
            messages = [(row, made) for row in group if (made := message_about(bed, target, row)) is not None]
            before = books_of(bed, target.trade)
            replies = _deliver_all(bed, session, messages)
            if not is_unchanged(before, books_of(bed, target.trade)):
                suspects += group
                continue
            acknowledged = [
                row for row, came in zip(_repeated(messages), replies, strict=True) if came.acknowledged
            ]
            suspects += [row for row in group if row in acknowledged and "news" not in row]
    return suspects


def _repeated(messages: Iterable[tuple[Row, Any]]) -> Iterable[Row]:
    for row, _ in messages:
        yield from [row] * space.REPEATS[row["repeat"]]


def _smallest(bed: Testbed, seen: _Believed) -> _Believed:
    """Return a believed forgery with every coordinate ordinary that may be.

    Raises:
        NoUsableAnswer: it is not believed again.
    """
    row = seen.row
    for name, value in space.plain(bed.plan).items():
        simpler = row | {name: value}
        if name in {"currency", "amount"}:
            simpler |= {each: space.plain(bed.plan)[each] for each in ("currency", "amount")}
        if simpler != row and _believed(bed, simpler) is not None:
            row = simpler
    smallest = _believed(bed, row)
    if smallest is None:
        raise NoUsableAnswer(Verdict.UNSTABLE, message("subject.unstable"), {"forgery": row})
    return smallest


def _believed(bed: Testbed, row: Row) -> _Believed | None:
    """Return a forgery about a new trade that is believed or acknowledged; None where it is not."""
    with _at(bed, row) as session:
        target = prepared(bed, session, row)
        _pass_time(session, row)
        made = None if target is None else message_about(bed, target, row)
        if target is None or made is None:
            return None
        before = books_of(bed, target.trade)
        fields, body, header = made
        replies = [
            deliver(bed, body, header, query=space.QUERIES[row["query"]])
            for _ in range(space.REPEATS[row["repeat"]])
        ]
        after = books_of(bed, target.trade)
    came = next((each for each in replies if each.acknowledged), replies[-1])
    if is_unchanged(before, after) and ("news" in row or not came.acknowledged):
        return None
    evidence = {**shown(fields, came, after), "recorded_before": before, "content_type": header}
    return _Believed(row, fields, charset_of(bed, row), evidence)


def _deliver_all(
    bed: Testbed, session: GatewaySession, messages: Sequence[tuple[Row, tuple[Pairs, bytes, str]]]
) -> list[Reply]:
    """Deliver forgeries, each as often as its row says."""
    given = [
        (body, header, space.QUERIES[row["query"]])
        for row, (_, body, header) in messages
        for _ in range(space.REPEATS[row["repeat"]])
    ]
    return deliver_many(bed, given, session.now)


# --- a trade at its moment ------------------------------------------------------------------------------


def _at(bed: Testbed, row: Row) -> Any:
    return bed.gateway(start=space.MOMENTS[row["moment"]])


def _pass_time(session: GatewaySession, row: Row) -> None:
    if row["moment"] == space.LATE:
        session.advance(timedelta(days=10))
