"""Answers that two readers read differently: elements twice, marks inside a text, entities."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from alipay_qr_conformance.checks.hostile_answers.asking import (
    FAILED,
    SUCCESS,
    Change,
    ask,
    careful,
    not_success,
    refuse,
    with_body,
)
from alipay_qr_conformance.checks.hostile_answers.straining import utf16
from alipay_qr_conformance.gateway import Fault
from alipay_qr_conformance.testbed.testbed import Testbed

TWICE: Final[dict[str, Change]] = {
    "result-code-first": lambda text: text.replace(FAILED, SUCCESS + FAILED, 1),
    "result-code-last": lambda text: text.replace(FAILED, FAILED + SUCCESS, 1),
    "response-first": lambda text: text.replace(
        b"<response>", b"<response><alipay>" + SUCCESS + b"</alipay></response><response>", 1
    ),
    "sign-first": lambda text: text.replace(FAILED, SUCCESS).replace(b"<sign>", b"<sign></sign><sign>", 1),
    "sign-last": lambda text: text.replace(FAILED, SUCCESS).replace(b"</sign>", b"</sign><sign></sign>", 1),
}
"""A signed failure in which one element stands twice."""

SPLITS: Final = {"comment": b"<!-- -->", "instruction": b"<?x y?>", "cdata": b"<![CDATA[]]>"}
"""What may stand inside a text, and make a careless reader stop there."""


def twice(name: str, change: Change) -> Callable[[Testbed], None]:
    """Judge a signed failure that one reader takes for a success."""

    def run(bed: Testbed) -> None:
        careful(bed, "refund")
        fault = replace(with_body(change), commit=False, reply=refuse)
        not_success(*ask(bed, "refund", fault), what=name)

    return run


_DONE: Final = {"result_code": "SUCCESS", "detail_error_code": None, "detail_error_des": None}


def split_number(name: str, mark: bytes) -> Callable[[Testbed], None]:
    """Answer for a refund whose number begins with ours, and goes on behind a mark in the text."""

    def run(bed: Testbed) -> None:
        careful(bed, "refund")
        number = bed.fresh("R")
        fault = Fault(
            commit=False,
            reply=lambda reply: reply.changed({**_DONE, "partner_refund_id": f"{number}-other"}),
            answer=lambda answer: replace(answer, body=_marked(answer.body, number.encode(), mark)),
        )
        not_success(*ask(bed, "refund", fault, partner_refund_id=number), what=name)

    return run


def _marked(text: bytes, number: bytes, mark: bytes) -> bytes:
    return text.replace(number + b"-other<", number + mark + b"-other<")


def _nested(text: bytes) -> bytes:
    """Write the reason as an entity of entities: a thousand letters of a few bytes, safely bounded."""
    head, mark, rest = text.partition(b"?>")
    inner = b'<!ENTITY a "' + b"l" * 10 + b'"><!ENTITY b "' + b"&a;" * 10 + b'"><!ENTITY c "' + b"&b;" * 10
    return head + mark + b"<!DOCTYPE alipay [" + inner + b'">]>' + rest.replace(b"l" * 1000, b"&c;")


ENTITIES: Final[dict[str, Change]] = {
    "entities-of-entities": _nested,
    "utf-16": lambda text: utf16(_nested(text)),
}
"""Documents whose reason is an entity of the document type."""


def expanded(change: Change) -> Callable[[Testbed], None]:
    """Judge an answer that is genuine only for a reader who expands entities."""

    def run(bed: Testbed) -> None:
        careful(bed, "refund")
        fault = replace(with_body(change), reply=lambda reply: reply.changed({"refund_reason": "l" * 1000}))
        not_success(*ask(bed, "refund", fault), what="DOCTYPE")

    return run
