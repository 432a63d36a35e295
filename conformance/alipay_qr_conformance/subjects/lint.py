"""Is this adapter an adapter? The core of ``alipay-qr lint-adapter``.

It replays the golden transcript and judges form alone: the JSON Schema, and what no schema can say (ids,
lines, time, the end). Whether a sign is right is the business of the checks. Every operation gets a finding:

    ok            it answers as the protocol says
    unsupported   the subject says that it cannot do this
    raised        the subject failed, and its adapter said so as the protocol wants it: the checks judge that
    fault         it answers otherwise; ``remedy`` says how to mend it

Findings whose ``op`` is empty concern the adapter as a whole. Operations that send are pointed at a port of
loopback where nobody listens: the right answer there is the outcome ``unknown``.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

from alipay_qr_conformance.subjects.answers import (
    BROKEN,
    Answer,
    Crash,
    Garbled,
    Hang,
    NotSupported,
    Raised,
    Refusal,
    Result,
    Silence,
)
from alipay_qr_conformance.subjects.exceptions import AdapterFault
from alipay_qr_conformance.subjects.hello import PROTOCOL, Hello, parse_hello
from alipay_qr_conformance.subjects.operations import BARRIERS, OPERATIONS
from alipay_qr_conformance.subjects.schema import complaint
from alipay_qr_conformance.subjects.transcript import (
    UNKNOWN_OPERATION,
    UNSPOKEN_PROTOCOL,
    golden,
    request_of,
)
from alipay_qr_conformance.subjects.transport import WINDOW, AnyCall, Transport

Status = Literal["ok", "unsupported", "raised", "fault"]

LONG: Final = 200_000
"""Characters of a long value: beyond the line buffers that some languages set by default (64 KiB)."""

REMEDIES: Final[Mapping[type, str]] = {
    Hang: "answer every request; read whole lines; never wait for a second line before answering the first",
    Silence: "flush stdout after every line, and end every line with a newline",
    Crash: "catch every exception and answer it as error; answer line after line until the end of stdin",
    Garbled: "write one JSON object a line, with the request's id; all leaves are strings, booleans or null",
    Raised: "mend what the message says, or answer unsupported",
    Refusal: "answer with a result: this is a genuine input",
}


@dataclass(frozen=True, slots=True)
class LintFinding:
    """What was found about one operation, or about the adapter as a whole (``op`` is empty)."""

    op: str
    status: Status
    code: str
    text: str
    remedy: str = ""


def lint(transport: Transport) -> list[LintFinding]:
    """Replay the golden transcript, then try what adapters get wrong. Closes the transport.

    Raises:
        AdapterFault: the adapter cannot even be started.
    """
    findings: list[LintFinding] = []
    with _closed_port() as gateway_url:
        linter = _Linter(transport, gateway_url)
        try:
            hello = linter.greet()
            if isinstance(hello, Hello):
                findings += [_ok("hello")]
                findings += linter.operations(hello)
                if any(each.op == "sign" and each.status == "ok" for each in findings):
                    findings += linter.habits(hello)
            else:
                findings.append(hello)
        finally:
            transport.close()
    findings += [_fault("", "adapter.warning", text, _in_brackets(text)) for text in transport.warnings]
    return findings


class _Linter:
    def __init__(self, transport: Transport, gateway_url: str) -> None:
        self._transport = transport
        self._gateway_url = gateway_url

    def greet(self) -> Hello | LintFinding:
        answer = self._ask("hello", request_of("hello"))
        if not isinstance(answer, Result):
            return _bad("hello", answer)
        found = _malformed("hello", answer)
        if found:
            return found
        try:
            return parse_hello(answer.value)
        except AdapterFault as error:
            return _fault("hello", error.code, str(error.args[0]), error.hint)

    def operations(self, hello: Hello) -> Iterator[LintFinding]:
        """Replay the transcript after its first line."""
        for exchange in golden()[1:]:
            op, args = exchange.op, exchange.request["args"]
            if op == "verify" and not _takes_notifications(hello):
                yield LintFinding(op, "unsupported", "op.limited", "hello limits it to other sources")
                continue
            answer = self._revived(hello, op, args)
            if op == UNKNOWN_OPERATION:
                yield _declined(answer, "an unknown operation", "op.unknown")
            elif args.get("protocol") == UNSPOKEN_PROTOCOL:
                yield _declined(answer, f"protocol {UNSPOKEN_PROTOCOL}", "hello.protocol")
            else:
                yield _judged(hello, op, answer)

    def habits(self, hello: Hello) -> Iterator[LintFinding]:
        """Try what the transcript does not show. All of it needs a ``sign`` that works."""
        sign = request_of("sign")
        unknown = self._revived(hello, "sign", {**sign, "x_unknown": "1"})
        if not isinstance(unknown, Result):
            yield _habit(
                "unknown-field", "an argument that it does not know", unknown, "ignore unknown fields"
            )
        texts = {
            "unusual-text": ("text with U+0000 and characters beyond U+FFFF", "a\0b\u9000\U0001f600"),
            "long-line": (f"a value of {LONG} characters", "x" * LONG),
        }
        remedy = (
            "read whole lines of any length up to 16 MiB as JSON (Go: give bufio.Scanner a larger buffer)"
        )
        for code, (what, text) in texts.items():
            params = [[name, text if name == "refund_reason" else value] for name, value in sign["params"]]
            answer = self._revived(hello, "sign", {**sign, "params": params})
            if isinstance(answer, BROKEN) or (isinstance(answer, Raised) and answer.fault == "adapter"):
                yield _habit(code, what, answer, remedy)
        if hello.parallel:
            yield from self._window(hello)

    def _window(self, hello: Hello) -> Iterator[LintFinding]:
        """Ask for different signs one by one and all at once: an answer must belong to its id."""
        sign = request_of("sign")
        calls: list[AnyCall] = [
            ("sign", {**sign, "params": [*sign["params"], ["out_trade_no", f"T-{n}"]]}, self._now(hello))
            for n in range(WINDOW + 8)
        ]
        alone = [self._revived(hello, op, args) for op, args, _ in calls]
        together = self._transport.call_many(calls, self._patience("sign"))
        for answer in together:
            if answer is None or isinstance(answer, BROKEN):
                remedy = "answer them in any order, each with its own id, or say parallel: false"
                yield _habit("window", f"{WINDOW} requests in flight", answer or Hang(0.0), remedy)
                return
        if alone != together:
            remedy = "keep the id with the request it came with, or say parallel: false"
            yield _fault(
                "", "adapter.window", "with many requests in flight, answers carry others' ids", remedy
            )

    def _ask(self, op: str, args: Mapping[str, Any], now: str | None = None) -> Answer:
        given = {**args, "gateway_url": self._gateway_url} if "gateway_url" in args else args
        return self._transport.call(op, given, now, self._patience(op))

    def _revived(self, hello: Hello, op: str, args: Mapping[str, Any]) -> Answer:
        """Ask, after bringing an adapter back that the last question cost its state."""
        if self._transport.broken:
            self._transport.restart()
            for step in ("hello", "configure", "reset"):
                if step == "hello" or step in hello.operations:
                    self._ask(step, request_of(step))
        return self._ask(op, args, self._now(hello))

    def _now(self, hello: Hello) -> str | None:
        return str(golden()[-1].request["now"]) if hello.clock else None

    def _patience(self, op: str) -> float:
        bounds = self._transport.bounds
        return bounds.sending if op in OPERATIONS and OPERATIONS[op].sends else bounds.local


def _judged(hello: Hello, op: str, answer: Answer) -> LintFinding:
    if isinstance(answer, NotSupported):
        return _unsupported(op, answer, listed=op in hello.operations)
    if isinstance(answer, Result):
        return _malformed(op, answer) or _answered(op, listed=op in hello.operations)
    if isinstance(answer, Refusal) and OPERATIONS[op].sends:
        return LintFinding(op, "ok", "op.refused", f"it declined: {answer.reason}")
    if isinstance(answer, Raised) and answer.fault == "subject" and op not in BARRIERS:
        remedy = "if your adapter raised it, mend it there; if your own code did, the checks will judge it"
        return LintFinding(op, "raised", "op.raised", answer.message, remedy)
    return _bad(op, answer)


def _declined(answer: Answer, what: str, code: str) -> LintFinding:
    op = "" if code == "op.unknown" else "hello"
    if not isinstance(answer, NotSupported):
        text = f"{what} is answered with {_kind(answer)}, expected unsupported"
        return _fault(op, code, text, 'answer {"unsupported": {"reason": "..."}}')
    if code == "hello.protocol" and PROTOCOL not in answer.reason:
        text = f"{what} is answered unsupported without the versions that are spoken"
        return _fault(op, code, text, f'name the versions in the reason, such as "speaks {PROTOCOL}"')
    return LintFinding(op, "ok", code, f"{what} is answered unsupported")


def _takes_notifications(hello: Hello) -> bool:
    limits = hello.limits.get("verify")
    return limits is None or limits.sources is None or "notification" in limits.sources


def _malformed(op: str, answer: Result) -> LintFinding | None:
    text = complaint({"id": 1, "result": answer.value}, f"{op}.answer")
    if text is None:
        return None
    return _fault(op, "op.schema", f"the result is not what the schema says: {text}", REMEDIES[Garbled])


def _answered(op: str, *, listed: bool) -> LintFinding:
    if listed:
        return _ok(op)
    text = "it answers, but hello does not list it: the kit will not use it"
    return LintFinding(op, "ok", "op.unlisted", text, "list it in hello.operations")


def _unsupported(op: str, answer: NotSupported, *, listed: bool) -> LintFinding:
    if not listed:
        return LintFinding(op, "unsupported", "op.unsupported", answer.reason)
    text = f"hello lists it, and it answers unsupported: {answer.reason}"
    return _fault(op, "op.listed", text, "take it out of hello.operations, or do it")


def _bad(op: str, answer: Answer) -> LintFinding:
    return _fault(
        op, f"op.{_kind(answer)}", _told(answer), REMEDIES.get(type(answer), "answer with a result")
    )


def _habit(code: str, what: str, answer: Answer, remedy: str) -> LintFinding:
    return _fault("", f"adapter.{code}", f"{what} is answered with {_kind(answer)}: {_told(answer)}", remedy)


def _ok(op: str) -> LintFinding:
    return LintFinding(op, "ok", "op.ok", "it answers as the protocol says")


def _fault(op: str, code: str, text: str, remedy: str) -> LintFinding:
    return LintFinding(op, "fault", code, text, remedy)


def _kind(answer: Answer) -> str:
    return {
        Result: "result",
        Refusal: "refused",
        NotSupported: "unsupported",
        Raised: "error",
        Hang: "hang",
        Crash: "crash",
        Garbled: "garbled",
        Silence: "no-answer",
    }[type(answer)]


def _told(answer: Answer) -> str:
    match answer:
        case Refusal(reason) | NotSupported(reason):
            return reason
        case Raised(message):
            return message
        case Hang(waited):
            return f"no answer within {waited:g} s"
        case Crash(detail=detail, stderr=stderr):
            last = stderr.strip().splitlines()[-1:]
            return "; stderr: ".join([detail, *last])
        case Garbled(detail) | Silence(detail):
            return detail
        case Result():
            return "a result"


def _in_brackets(text: str) -> str:
    """Return the remedy that a warning carries in brackets at its end."""
    return text.rpartition("(")[2].rstrip(")") if text.endswith(")") else ""


@contextmanager
def _closed_port() -> Iterator[str]:
    """Hold a port of loopback that refuses every connection."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/gateway.do"
