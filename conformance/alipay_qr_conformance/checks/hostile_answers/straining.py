"""Answers that strain a reader, and answers that never end: genuine in every signed byte."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from alipay_qr_conformance.checks.hostile_answers.asking import (
    Change,
    ask,
    careful,
    evidence,
    not_success,
    with_body,
)
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.testbed.calls import arguments
from alipay_qr_conformance.testbed.paid_trade import outcome
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed


def utf16(text: bytes) -> bytes:
    """Return the document in UTF-16, and declared so."""
    return declared("UTF-16")(text).decode("utf-8").encode("utf-16")


def declared(charset: str) -> Change:
    """Return the change that declares another charset than the one that is used."""
    return lambda text: re.sub(rb'encoding="[^"]*"', b'encoding="' + charset.encode() + b'"', text, count=1)


def _in_request(junk: bytes) -> Change:
    """Put junk into the echo, which nobody signs: the signed part stays genuine."""
    return lambda text: text.replace(b"</request>", junk + b"</request>", 1)


HOSTILE: Final[dict[str, Change]] = {
    "deep": _in_request(b"<a>" * 20_000 + b"</a>" * 20_000),
    "long-text": _in_request(b'<param name="x">' + b"a" * 1_500_000 + b"</param>"),
    "many-elements": _in_request(b"<a/>" * 50_000),
    "nul": _in_request(b'<param name="x">\0</param>'),
    "utf-16": utf16,
    "unknown-charset": declared("X-NOBODY-KNOWS"),
    "other-charset": declared("GBK"),
    "script-as-charset": declared("utf_7;idna"),
    "two-declarations": lambda text: b'<?xml version="1.0" encoding="GBK"?>' + text,
}

_SLOW: Final = 4.0
"""Seconds over which a body trickles; the kit's ``gateway_timeout`` is one."""

TAILS: Final = {"slow": b"", "endless": b" " * 8_000_000}
"""What comes behind the document, over as long a time."""


def survived(name: str, change: Change) -> Callable[[Testbed], None]:
    """Judge whether the answer is not taken for a failure, and the next one is read."""

    def run(bed: Testbed) -> None:
        careful(bed, "refund")
        answer, record = ask(bed, "refund", with_body(change))
        if outcome(answer) == "failed":  # it was carried out, and every signed byte is genuine
            raise Failed("attack.answer", evidence(answer, record), found="failed", what=name)
        if outcome(ask(bed, "refund", None)[0]) != "success":
            raise Failed("attack.deaf", evidence(answer, record), what=name)

    return run


def trickles(tail: bytes) -> Callable[[Testbed], None]:
    """Judge an answer whose body takes longer than the subject may wait."""

    def run(bed: Testbed) -> None:
        if bed.once("dropped", lambda: outcome(ask(bed, "refund", faults.drop())[0])) == "success":
            raise Blocked("see.requirement", requirement="response.transport")
        answer, record = ask(bed, "refund", with_body(lambda text: text + tail, slow=_SLOW))
        not_success(answer, record, f"{_SLOW:.0f} s")

    return run


def retry_for_ever(bed: Testbed) -> None:
    """``retry_flag`` Y invites a repeat, and says so each time: the operation must end all the same."""
    with bed.gateway() as session:
        args = arguments(bed, session, "cancel")
        failure = faults.business_error("SELLER_BALANCE_NOT_ENOUGH", "CANCEL", retry_flag="Y")
        session.inject(replace(failure, times=10**9))
        answer = bed.ask("cancel", gateway_url=session.url, **args)
        count = len(session.of(OPERATIONS["cancel"]))
    if not count:
        raise Blocked("nothing.reached", op="cancel")
    if outcome(answer) == "success":
        raise Blocked("see.requirement", requirement="response.two-levels")
