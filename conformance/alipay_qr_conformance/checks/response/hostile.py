"""``response.hostile``, ``response.no-dtd``: documents that strain a reader, genuine in every signed byte."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.testbed.answers import FAILED, UNKNOWN, Row, expect_right, in_body
from alipay_qr_conformance.testbed.calls import (
    ask,
    encounter,
    expect_no_success,
    told,
    unless_told_again,
    with_body,
)
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.paid_trade import outcome
from alipay_qr_conformance.testbed.testbed import Testbed

_REFUND: Final = ("refund",)
_CAREFUL: Final = ("response.genuine", "response.unproved", "response.two-levels", "response.transport")

Change = Callable[[bytes], bytes]


def _utf16(text: bytes) -> bytes:
    """Return the document in UTF-16, and declared so."""
    return _declared("UTF-16")(text).decode("utf-8").encode("utf-16")


def _declared(charset: str) -> Change:
    """Return the change that declares another charset than the one that is used."""
    return lambda text: re.sub(rb'encoding="[^"]*"', b'encoding="' + charset.encode() + b'"', text, count=1)


def _in_request(junk: bytes) -> Change:
    """Put junk into the echo, which nobody signs: the signed part stays genuine."""
    return lambda text: text.replace(b"</request>", junk + b"</request>", 1)


HOSTILE: Final[Mapping[str, Change]] = {
    "deep": _in_request(b"<a>" * 20_000 + b"</a>" * 20_000),
    "long-text": _in_request(b'<param name="x">' + b"a" * 1_500_000 + b"</param>"),
    "many-elements": _in_request(b"<a/>" * 50_000),
    "nul": _in_request(b'<param name="x">\0</param>'),
    "utf-16": _utf16,
    "unknown-charset": _declared("X-NOBODY-KNOWS"),
    "other-charset": _declared("GBK"),
    "script-as-charset": _declared("utf_7;idna"),
    "two-declarations": lambda text: b'<?xml version="1.0" encoding="GBK"?>' + text,
}


@check(
    "response.hostile",
    each={name: (name, change) for name, change in HOSTILE.items()},
    needs=_REFUND,
    builds_on=_CAREFUL,
)
@unless_told_again
def survived(bed: Testbed, row: tuple[str, Change]) -> None:
    """A genuine success strains its reader: it is not reported as failure, and the next answer is read."""
    what, change = row
    answer, record = ask(bed, "refund", with_body(change))
    if outcome(answer) == "failed":  # it was carried out, and every signed byte is genuine
        raise Failed("attack.answer", told(answer, record), found="failed", what=what)
    if outcome(ask(bed, "refund", None)[0]) != "success":
        raise Failed("attack.deaf", told(answer, record), what=what)


# --- document types -------------------------------------------------------------------------------------


def _half(text: bytes) -> bytes:
    return text[: len(text) // 2]


def _entity(text: bytes) -> bytes:
    """Write SUCCESS as an entity of a document type: whoever expands it reads the genuine text."""
    head, mark, rest = text.partition(b"?>")
    doctype = b'<!DOCTYPE alipay [<!ENTITY s "SUCCESS">]>'
    return head + mark + doctype + rest.replace(b">SUCCESS<", b">&s;<")


def _nested(text: bytes) -> bytes:
    """Write the reason as an entity of entities: a thousand letters of a few bytes, safely bounded."""
    head, mark, rest = text.partition(b"?>")
    inner = b'<!ENTITY a "' + b"l" * 10 + b'"><!ENTITY b "' + b"&a;" * 10 + b'"><!ENTITY c "' + b"&b;" * 10
    return head + mark + b"<!DOCTYPE alipay [" + inner + b'">]>' + rest.replace(b"l" * 1000, b"&c;")


ENTITIES: Final[Mapping[str, Change]] = {
    "entities-of-entities": _nested,
    "utf-16": lambda text: _utf16(_nested(text)),
}
"""Documents whose reason is an entity of the document type."""


@check("response.no-dtd", needs=_REFUND, name="refund-entity", named="setup")
def entity(bed: Testbed) -> None:
    """A genuine success writes its result as an entity of a document type: success is not reported."""
    half = bed.once("half an answer", lambda: encounter(bed, "refund", with_body(_half)))
    if half.outcome == "success" and not half.told_again:
        raise Blocked("see.requirement", requirement="response.transport")
    expect_right(bed, Row("entity", "refund", (*UNKNOWN, *FAILED), in_body(_entity)))


@check("response.no-dtd", each=ENTITIES, needs=_REFUND, builds_on=_CAREFUL)
@unless_told_again
def expanded(bed: Testbed, change: Change) -> None:
    """An answer is genuine only once the entities of its document type are expanded: it is no success."""
    fault = replace(with_body(change), reply=lambda reply: reply.changed({"refund_reason": "l" * 1000}))
    expect_no_success(*ask(bed, "refund", fault), what="DOCTYPE")
