"""``response.unproved``: an answer that proves nothing is no success."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from alipay_qr.wire import read_response
from alipay_qr_conformance.checks.verify import softened
from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Setup
from alipay_qr_conformance.rules.forgeries import Pairs, applicable
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.answers import (
    EACH_SIGN_TYPE,
    UNKNOWN,
    MakeFault,
    Row,
    always,
    expect_outcome,
    forged,
    table,
)
from alipay_qr_conformance.testbed.calls import (
    arguments,
    ask,
    encounter,
    expect_no_success,
    expect_reached,
    refuse,
    require,
    unless_told_again,
    with_body,
)
from alipay_qr_conformance.testbed.case import check, precondition
from alipay_qr_conformance.testbed.paid_trade import Answered, outcome, words
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_REFUND: Final = ("refund",)
_CAREFUL: Final = ("response.genuine", "response.unproved", "response.two-levels", "response.transport")
_SUCCESS: Final = b"<result_code>SUCCESS</result_code>"
_FAILED: Final = b"<result_code>FAILED</result_code>"

Change = Callable[[bytes], bytes]


@precondition("response.unproved", of_operation=True)
def wrong_sign_is_noticed(bed: Testbed, op: str) -> None:
    """Raise `Blocked` where an answer with a wrong sign is believed."""
    require(bed, "response.unproved", op, faults.wrong_signature(), "unknown", "raised", "refused")


def _unproved(name: str, op: str, fault: MakeFault) -> Row:
    return Row(name, op, UNKNOWN, fault, setups=EACH_SIGN_TYPE)


UNPROVED: Final = table(
    *(_unproved("wrong-sign", op, always(faults.wrong_signature)) for op in OPERATIONS),
    _unproved("no-sign", "cancel", always(faults.missing_signature)),
    _unproved("sign-of-another", "refund", always(faults.swapped_signature)),
    _unproved(
        "success-made-of-failure",
        "refund",
        always(Fault, commit=False, seal=lambda reply, _: reply.changed({"result_code": "SUCCESS"})),
    ),
)


def _forgeries() -> dict[str, Row]:
    setups: dict[str, list[Setup]] = {}
    for setup in EACH_SIGN_TYPE:
        for name, _ in applicable(setup.sign_type):
            setups.setdefault(name, []).append(setup)
    return table(
        *(Row(name, "refund", UNKNOWN, forged(name), setups=tuple(found)) for name, found in setups.items())
    )


@check(
    "response.unproved",
    each=UNPROVED | _forgeries(),
    needs=lambda row: row.needs,
    setups=lambda row: row.setups,
    named="setup",
)
def unproved(bed: Testbed, row: Row) -> None:
    """An answer is not signed by Alipay, or not as it stands: the outcome is reported as unknown."""
    met = encounter(bed, row.op, row.fault(bed))
    if met.told_again and met.outcome == "success":
        return
    try:
        expect_outcome(met, row)
    except Failed as broken:
        raise softened(bed, claimed(met.records[0].answer.body), row.name, broken) from None


def claimed(body: bytes) -> Pairs:
    """Return what an answer claims to be signed, and its sign."""
    found = read_response(body)
    signs = {"sign": found.sign, "sign_type": found.sign_type}
    return [*found.fields.items(), *((name, value) for name, value in signs.items() if value is not None)]


# --- beside the signed part -----------------------------------------------------------------------------

BESIDE: Final[Mapping[str, Change]] = {
    "refund-before-all": lambda text: text.replace(b"<alipay>", b"<alipay>" + _SUCCESS, 1),
    "refund-after-all": lambda text: text[: text.rindex(b"</alipay>")] + _SUCCESS + b"</alipay>",
    "refund-in-the-request": lambda text: text.replace(
        b"<request>", b'<request><param name="result_code">SUCCESS</param>' + _SUCCESS, 1
    ),
    "refund-second-container": lambda text: text.replace(
        b"</response>", b"<alipay>" + _SUCCESS + b"</alipay></response>", 1
    ),
    "refund-second-response": lambda text: text.replace(
        b"</response>", b"</response><response><alipay>" + _SUCCESS + b"</alipay></response>", 1
    ),
}
"""A signed failure, and an unsigned success somewhere else in the document."""


@check("response.unproved", each=BESIDE, needs=_REFUND, setups=EACH_SIGN_TYPE, named="setup")
def beside(bed: Testbed, change: Change) -> None:
    """A success that nobody signed stands beside the signed failure: success is not reported."""
    bare, _ = bed.once("refused refund", lambda: _refused(bed, lambda text: text))
    if outcome(bare) in {"success", "accepted"}:
        raise Blocked("see.requirement", requirement="response.two-levels")
    answer, body = _refused(bed, change)
    if (found := outcome(answer)) in {"success", "accepted"}:
        evidence = {"answer": body, "reported": words(answer)}
        raise Failed("response.unsigned-part", evidence, found=found)


def _before_all(element: bytes) -> Change:
    return lambda text: text.replace(b"<alipay>", b"<alipay>" + element, 1)


def _in_the_request(element: bytes) -> Change:
    return lambda text: text.replace(b"<request>", b"<request>" + element, 1)


def _before_the_result(element: bytes) -> Change:
    return lambda text: text.replace(b"<response>", b"<response>" + element, 1)


_FOREIGN: Final = "https://qr.alipay.com/bax0000000000000000foreign"
_FOREIGN_CODE: Final = f"<qrcode>{_FOREIGN}</qrcode><qrcode_img_url>{_FOREIGN}</qrcode_img_url>".encode()


@check(
    "response.unproved",
    each={
        "create-before-all": _before_all(_FOREIGN_CODE),
        "create-in-the-request": _in_the_request(_FOREIGN_CODE),
        "create-before-the-result": _before_the_result(_FOREIGN_CODE),
    },
    needs=("create_qr_code",),
    builds_on=("response.genuine",),
)
def code_beside(bed: Testbed, change: Change) -> None:
    """Another code stands unsigned beside the signed one: customers would pay whoever put it there."""
    met = encounter(bed, "create_qr_code", replace(with_body(change), times=9))
    told = met.answer.value if isinstance(met.answer, Result) else {}
    if _FOREIGN in {told.get("qrcode"), told.get("qrcode_img_url")}:
        evidence = {"answer": met.records[0].answer.body, "reported": words(met.answer)}
        raise Failed("response.unsigned-code", evidence, found=_FOREIGN)


def _refused(bed: Testbed, change: Change) -> tuple[Answered, bytes]:
    """Let the gateway refuse a refund however often, change its answers, and return what is made of them."""
    with bed.gateway() as session:
        args = arguments(bed, session, "refund")
        session.inject(replace(with_body(change), commit=False, reply=refuse, times=9), "refund")
        answer = bed.ask("refund", gateway_url=session.url, **args)
        records = session.of(OPERATIONS["refund"])
    expect_reached(records, "refund", answer)
    return answer, records[0].answer.body


TWICE: Final[Mapping[str, Change]] = {
    "twice-result-code-first": lambda text: text.replace(_FAILED, _SUCCESS + _FAILED, 1),
    "twice-result-code-last": lambda text: text.replace(_FAILED, _FAILED + _SUCCESS, 1),
    "twice-response-first": lambda text: text.replace(
        b"<response>", b"<response><alipay>" + _SUCCESS + b"</alipay></response><response>", 1
    ),
    "twice-sign-first": lambda text: text.replace(_FAILED, _SUCCESS).replace(
        b"<sign>", b"<sign></sign><sign>", 1
    ),
    "twice-sign-last": lambda text: text.replace(_FAILED, _SUCCESS).replace(
        b"</sign>", b"</sign><sign></sign>", 1
    ),
}
"""A signed failure in which one element stands twice."""


@check("response.unproved", each=TWICE, needs=_REFUND, builds_on=_CAREFUL)
@unless_told_again
def twice(bed: Testbed, change: Change) -> None:
    """An element stands twice, and one reader takes the signed failure for a success: it is not reported."""
    fault = replace(with_body(change), commit=False, reply=refuse)
    expect_no_success(*ask(bed, "refund", fault), what="an element twice")
