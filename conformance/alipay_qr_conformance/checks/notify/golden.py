"""The golden forgeries as notifications, for subjects that offer no ``verify`` to be asked about them.

A vector's order is awaited, all forgeries come, and nothing may be recorded or acknowledged. Only where
something was, each comes alone, to a subject that has forgotten the others.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from alipay_qr.beijing import BEIJING
from alipay_qr.wire import encode_notification
from alipay_qr_conformance.checks.vectors import forgeries, signs_text
from alipay_qr_conformance.checks.verify import is_malleable, softened
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import SIGN_TYPES, Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs, applicable
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.notifications import Reply, deliver_many, recorded, shown
from alipay_qr_conformance.testbed.offer import expect_currency
from alipay_qr_conformance.testbed.testbed import Testbed
from alipay_qr_conformance.vectors.load import Vector

_MIXED: Final = re.compile("name-stands-twice|was-added-(total-fee|sign)-")
"""Vectors of an unsigned value beside a signed one: what counts is which of them is recorded."""
_DISGUISED: Final = re.compile(
    "subject-was-encoded|accent-was-composed|anew-(blank|newline|nul|full)|drop-(blank|tab|ideographic|nul)"
)
"""Vectors of a value that is right once it is read more loosely: `notify.reject.disguised` is about those."""
_THEN: Final = datetime(2026, 11, 23, 10, 0, 6, tzinfo=BEIJING)
"""A second after the vectors were sent."""

_Message = tuple[Vector, Pairs]
_Books = Mapping[str, Any]


class _Kind(NamedTuple):
    word: str
    sign_type: str

    @property
    def builds_on(self) -> tuple[str, ...]:
        """What must hold before this kind of forgery can be judged."""
        return ("notify.genuine", *(("notify.reject.changed",) if self.word == "disguised" else ()))


_KINDS: Final = {
    f"{word}/{sign_type}": _Kind(word, sign_type)
    for sign_type in SIGN_TYPES
    for word in sorted({"disguised", *(word for _, word in applicable(sign_type))})
}


@check(
    lambda _, kind: [f"notify.reject.{kind.word}"],
    needs=("notify",),
    each=_KINDS,
    builds_on=lambda kind: kind.builds_on,
    setups=lambda kind: [Setup(kind.sign_type, published=True)],
    name=lambda kind: f"golden/{kind.sign_type}",
    once_only=True,
)
def golden(bed: Testbed, kind: _Kind, _requirement: str) -> None:
    """No golden forgery is believed as a notification; a ``verify`` is asked about them instead."""
    if bed.subject.supports("verify", source="notification") and bed.plan.depth != "deep":
        raise Unsupported(message("golden.verified"), optional=True)
    believed = bed.once("golden", lambda: _believed(bed)).get(kind.word)
    if believed is None:
        return
    vector, fields, evidence = believed
    if not signs_text(bed, vector):
        raise Blocked("see.text")
    raise softened(bed, fields, vector.id, Failed("notify.believed", evidence, what=vector.id))


def _believed(bed: Testbed) -> dict[str, tuple[Vector, Pairs, Mapping[str, object]]]:
    """Return by kind a golden forgery that changed what is recorded, or was acknowledged."""
    if bed.keys.own:
        raise Unsupported(message("needs.published-keys"))
    expect_currency(bed, "USD")
    messages = [
        (each, [(name, value or "") for name, value in each.params])
        for each in forgeries(bed.setup)
        if not _MIXED.search(each.id)
    ]
    before, replies, after = _tell(bed, messages)
    suspects = [each for each, came in zip(messages, replies, strict=True) if came.acknowledged]
    found: dict[str, tuple[Vector, Pairs, Mapping[str, object]]] = {}
    for vector, fields in suspects if before == after else messages:
        word = "disguised" if _DISGUISED.search(vector.id) else vector.flags[0].removeprefix("verify.reject.")
        if word in found and not is_malleable(bed, found[word][1]):
            continue
        bed.subject.reset()
        before, (reply,), after = _tell(bed, [(vector, fields)])
        if reply.acknowledged or before != after:
            books = after.get(dict(fields).get("out_trade_no", ""))
            found[word] = vector, fields, {**shown(fields, reply, books), "vector": vector.comment}
    return found


def _tell(bed: Testbed, messages: Sequence[_Message]) -> tuple[_Books, list[Reply], _Books]:
    """Deliver messages about awaited orders; return the books before, the replies, the books after."""
    trades = sorted({dict(fields).get("out_trade_no", "") for _, fields in messages} - {""})
    charset = bed.setup.charset
    header = f"application/x-www-form-urlencoded; charset={charset}"
    with bed.gateway(start=_THEN) as session:
        if bed.subject.supports("expect"):
            for trade in trades:
                bed.ask("expect", out_trade_no=trade, total_fee="12.80", currency="USD")
        before = {trade: recorded(bed, trade) for trade in trades}
        bodies = [(encode_notification(fields, charset), header, None) for _, fields in messages]
        replies = deliver_many(bed, bodies, session.now)
        return before, replies, {trade: recorded(bed, trade) for trade in trades}
