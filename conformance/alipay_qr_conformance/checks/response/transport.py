"""``response.transport``, ``.redirect``, ``.in-time``, ``.retry-flag``: what comes instead of an answer."""

from dataclasses import replace
from typing import Final

from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.answers import (
    SUCCESS,
    UNKNOWN,
    MakeFault,
    Row,
    always,
    expect_right,
    in_body,
    table,
)
from alipay_qr_conformance.testbed.calls import (
    arguments,
    ask,
    expect_reached,
    require,
    told,
    unless_told_again,
    with_body,
)
from alipay_qr_conformance.testbed.case import check, precondition
from alipay_qr_conformance.testbed.paid_trade import outcome, words
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_REFUND: Final = ("refund",)


def _emptied(text: bytes) -> bytes:
    before, start, rest = text.partition(b"<response>")
    _, end, behind = rest.rpartition(b"</response>")
    return before + start + end + behind if end else text


@precondition("response.transport", of_operation=True)
def cut_is_noticed(bed: Testbed, op: str) -> None:
    """Raise `Blocked` where an answer without its end is believed."""
    cut = with_body(lambda text: text[:-30])
    require(bed, "response.transport", op, cut, "unknown", "raised", "refused")


_CAME_WHOLE: Final = (*UNKNOWN, *SUCCESS)
"""The success came late, or under another status, but whole and rightly signed: it may be believed."""


def _broken(name: str, fault: MakeFault, op: str = "refund") -> Row:
    return Row(name, op, UNKNOWN, fault)


BROKEN: Final = table(
    Row("status-500", "refund", _CAME_WHOLE, always(faults.http_status, 500)),
    _broken("status-502-page", always(faults.http_status, 502, body=b"<html>Bad gateway</html>"), "cancel"),
    _broken("html-page", always(faults.body, b"<html><body>hello</body></html>")),
    _broken("empty", always(faults.body, b"")),
    _broken("empty-response", in_body(_emptied)),
    _broken("no-xml", always(faults.body, b"is_success=T", content_type="text/plain"), "cancel"),
    _broken("cut-in-two", in_body(lambda text: text[: len(text) // 2])),
    _broken("truncated", always(faults.truncated, 60)),
    _broken("dropped-after-commit", always(faults.drop)),
    _broken("dropped-before-commit", always(faults.drop, commit=False)),
    _broken("dropped-after-commit", always(faults.drop), "cancel"),
    Row("timeout", "refund", _CAME_WHOLE, always(faults.timeout, 2.5)),
    _broken("redirect", always(faults.redirect, "/elsewhere")),
)


@check("response.transport", each=BROKEN, needs=lambda row: row.needs, named="setup")
def broken(bed: Testbed, row: Row) -> None:
    """No answer comes, or none that can be read to its end: the outcome is reported as unknown."""
    expect_right(bed, row)


# --- redirects ------------------------------------------------------------------------------------------


@check("response.redirect", each={op: op for op in OPERATIONS}, needs=lambda op: (op,))
def redirected(bed: Testbed, op: str) -> None:
    """The answer is a redirect to another address: what was signed for the gateway is not sent there."""
    _redirect(bed, op, 307)


@check("response.redirect", needs=_REFUND, name="refund-permanently")
def redirected_permanently(bed: Testbed) -> None:
    """The answer is a permanent redirect: what was signed for the gateway is not sent there."""
    _redirect(bed, "refund", 308)


def _redirect(bed: Testbed, op: str, status: int) -> None:
    with bed.gateway() as there, bed.gateway() as session:
        args = arguments(bed, session, op)
        session.inject(faults.redirect(there.url, status=status), op)
        answer = bed.ask(op, gateway_url=session.url, **args)
        came = list(there.records)
        asked = session.of(OPERATIONS[op])
    expect_reached(asked, op, answer)
    if came:
        reported = answer.value if isinstance(answer, Result) else words(answer)
        evidence = {"location": there.url, "arrived_there": came[0].request.body or came[0].request.query}
        raise Failed("response.redirected", {**evidence, "reported": reported})


# --- waiting and repeating ------------------------------------------------------------------------------

_SLOW: Final = 4.0
"""Seconds over which a body trickles; the kit's ``gateway_timeout`` is one."""

TAILS: Final = {"slow": b"", "endless": b" " * 8_000_000}
"""What comes behind the document, over as long a time."""


@check("response.in-time", each=TAILS, needs=_REFUND, when=lambda plan, _: plan.depth != "quick")
@unless_told_again
def trickles(bed: Testbed, tail: bytes) -> None:
    """A genuine success takes longer than the subject may wait: believed or doubted, it is no failure."""
    answer, record = ask(bed, "refund", with_body(lambda text: text + tail, slow=_SLOW))
    if outcome(answer) == "failed":
        raise Failed("attack.answer", told(answer, record), found="failed", what=f"{_SLOW:.0f} s")


_REPEATS: Final = 100
"""Repeats within one call after which nothing but the gateway is going to end them."""


@check("response.retry-flag", needs=("cancel",))
def for_ever(bed: Testbed) -> None:
    """``retry_flag`` Y invites a repeat, and says so each time: the operation ends all the same."""
    with bed.gateway() as session:
        args = arguments(bed, session, "cancel")
        failure = faults.business_error("SELLER_BALANCE_NOT_ENOUGH", "CANCEL", retry_flag="Y")
        session.inject(replace(failure, times=1 + _REPEATS), "cancel")
        answer = bed.ask("cancel", gateway_url=session.url, **args)
        records = session.of(OPERATIONS["cancel"])
    expect_reached(records, "cancel", answer)
    if len(records) > 1 + _REPEATS:
        raise Failed("response.repeated", told(answer, records[0]), count=_REPEATS)
    if outcome(answer) == "success":
        raise Blocked("see.requirement", requirement="response.two-levels")
