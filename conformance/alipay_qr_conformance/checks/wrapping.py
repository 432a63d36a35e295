"""Level 3: what stands beside the signed part of an answer, texts that look escaped, and redirections.

The signed text is made of the children of the first child of ``<response>``. Whatever else the document
says is said by nobody; a subject that reads it can be told anything.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.gateway.engine.response import Reply
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.calls import arguments
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.paid_trade import Answered, outcome, words
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_FALSE: Final = b"<result_code>SUCCESS</result_code>"
WRAPPINGS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "before-all": lambda text: text.replace(b"<alipay>", b"<alipay>" + _FALSE, 1),
    "after-all": lambda text: text[: text.rindex(b"</alipay>")] + _FALSE + b"</alipay>",
    "in-the-request": lambda text: text.replace(
        b"<request>", b'<request><param name="result_code">SUCCESS</param>' + _FALSE, 1
    ),
    "second-container": lambda text: text.replace(
        b"</response>", b"<alipay>" + _FALSE + b"</alipay></response>", 1
    ),
    "second-response": lambda text: text.replace(
        b"</response>", b"</response><response><alipay>" + _FALSE + b"</alipay></response>", 1
    ),
}
"""A signed failure, and an unsigned success somewhere else in the document."""

ESCAPES: Final = {
    "entity-as-text": "&lt;b&gt; &amp; &#39;",
    "html-entity-without-end": "https://a.example/i?x=1&copy=2&reg=3",
    "percent-and-plus": "1+1=2 100% %41%2B",
    "backslash": 'C:\\new "q" it\\\'s',
}
"""Values of a genuine answer that look as if somebody had still to unescape them."""

_OPS: Final = ("refund", "cancel", "create_qr_code")


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the cases."""
    for name, change in WRAPPINGS.items():
        for sign_type in SIGN_TYPES:
            setup = Setup(sign_type)
            yield Case("response.unproved", f"refund-{name}/{setup}", _wrapped(change), setup, ("refund",))
    for name, text in ESCAPES.items():
        if plan.profile != "hk" or '"' not in text:
            yield Case("response.genuine", f"refund-{name}", _escaped(text), needs=("refund",))
    for op in _OPS:
        yield Case("response.redirect", op, _redirected(op), needs=(op,))


def _wrapped(change: Callable[[bytes], bytes]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        bare, _ = bed.once("wrapping/bare", lambda: _refused(bed, lambda text: text))
        if outcome(bare) in {"success", "accepted"}:
            raise Blocked("see.requirement", requirement="response.two-levels")
        answer, body = _refused(bed, change)
        if outcome(answer) in {"success", "accepted"}:
            evidence = {"answer": body, "reported": words(answer)}
            raise Failed("response.unsigned-part", evidence, found=outcome(answer))

    return run


def _refused(bed: Testbed, change: Callable[[bytes], bytes]) -> tuple[Answered, bytes]:
    """Let the gateway refuse a refund, change the bytes of its answer, and return what is made of them."""

    def refuse(reply: Reply) -> Reply:
        return reply.changed({"result_code": "FAILED", "detail_error_code": "TRADE_STATUS_ERROR"})

    fault = Fault(
        commit=False, reply=refuse, answer=lambda answer: replace(answer, body=change(answer.body)), times=9
    )
    with bed.gateway() as session:
        args = arguments(bed, session, "refund")
        session.inject(fault)
        answer = bed.ask("refund", gateway_url=session.url, **args)
        records = session.of(OPERATIONS["refund"])
    if not records:
        raise Blocked("nothing.reached", op="refund")
    return answer, records[0].answer.body


def _escaped(text: str) -> Callable[[Testbed], None]:
    fault = Fault(reply=lambda reply: reply.changed({"refund_reason": text}), name="text")

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            args = arguments(bed, session, "refund")
            plain = bed.ask("refund", gateway_url=session.url, **args)
            if outcome(plain) != "success":
                raise Blocked("see.requirement", requirement="response.genuine")
            args = arguments(bed, session, "refund")
            session.inject(fault)
            answer = bed.ask("refund", gateway_url=session.url, **args)
            last = session.records[-1].answer.body
        if outcome(answer) != "success":
            evidence = {"answer": last, "value": text, "reported": words(answer)}
            raise Failed(
                "response.outcome", evidence, found=outcome(answer), expected="success", what="escapes"
            )

    return run


def _redirected(op: str) -> Callable[[Testbed], None]:
    """Send the subject to another address, which would answer genuinely."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as there, bed.gateway() as session:
            args = arguments(bed, session, op)
            session.inject(faults.redirect(there.url, status=307))
            answer = bed.ask(op, gateway_url=session.url, **args)
            came = list(there.records)
            asked = session.of(OPERATIONS[op])
        if not asked:
            raise Blocked("nothing.reached", op=op)
        if came:
            reported = answer.value if isinstance(answer, Result) else words(answer)
            evidence = {"location": there.url, "arrived_there": came[0].request.body or came[0].request.query}
            raise Failed("response.redirected", {**evidence, "reported": reported})

    return run
