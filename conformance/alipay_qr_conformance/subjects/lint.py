"""Is this adapter an adapter? The core of ``alipay-qr check --adapter-only``.

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

from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text
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

TOLD: Final = 400
"""Characters that are shown of what a subject says."""

REMEDIES: Final[Mapping[type, str]] = {
    Hang: "lint.mend-hang",
    Silence: "lint.mend-silence",
    Crash: "lint.mend-crash",
    Garbled: "lint.mend-garbled",
    Raised: "lint.mend-raised",
    Refusal: "lint.mend-refused",
}


@dataclass(frozen=True, slots=True)
class LintFinding:
    """What was found about one operation, or about the adapter as a whole (``op`` is empty)."""

    op: str
    status: Status
    code: str
    text: Text
    remedy: Text | None = None


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
    findings += [_warned(text) for text in transport.warnings]
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
            told = message("lint.hello", text=error.args[0])
            return _fault("hello", error.code, told, message("lint.mend-hello", hint=error.hint))

    def operations(self, hello: Hello) -> Iterator[LintFinding]:
        """Replay the transcript after its first line."""
        for exchange in golden()[1:]:
            op, args = exchange.op, exchange.request["args"]
            if op == "verify" and not _takes_notifications(hello):
                yield LintFinding(op, "unsupported", "op.limited", message("lint.limited"))
                continue
            answer = self._revived(hello, op, args)
            if op == UNKNOWN_OPERATION:
                yield _declined(answer, message("lint.what-operation"), "op.unknown")
            elif args.get("protocol") == UNSPOKEN_PROTOCOL:
                what = message("lint.what-protocol", version=UNSPOKEN_PROTOCOL)
                yield _declined(answer, what, "hello.protocol")
            else:
                yield _judged(hello, op, answer)

    def habits(self, hello: Hello) -> Iterator[LintFinding]:
        """Try what the transcript does not show. All of it needs a ``sign`` that works."""
        sign = request_of("sign")
        unknown = self._revived(hello, "sign", {**sign, "x_unknown": "1"})
        if not isinstance(unknown, Result):
            what = message("lint.what-field")
            yield _habit("unknown-field", what, unknown, message("lint.mend-field"))
        texts = {
            "unusual-text": (message("lint.what-text"), "a\0b\u9000\U0001f600"),
            "long-line": (message("lint.what-long", length=LONG), "x" * LONG),
        }
        remedy = message("lint.mend-line")
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
                what, remedy = message("lint.what-window", window=WINDOW), message("lint.mend-window")
                yield _habit("window", what, answer or Hang(0.0), remedy)
                return
        if alone != together:
            yield _fault("", "adapter.window", message("lint.ids"), message("lint.mend-ids"))

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
        return LintFinding(op, "ok", "op.refused", message("lint.declined", reason=answer.reason))
    if isinstance(answer, Raised) and answer.fault == "subject" and op not in BARRIERS:
        told = message("lint.raised", text=answer.message)
        return LintFinding(op, "raised", "op.raised", told, message("lint.mend-own"))
    return _bad(op, answer)


def _declined(answer: Answer, what: Text, code: str) -> LintFinding:
    op = "" if code == "op.unknown" else "hello"
    if not isinstance(answer, NotSupported):
        text = _about("lint.not-declined", what, kind=_kind(answer))
        return _fault(op, code, text, message("lint.mend-unsupported"))
    if code == "hello.protocol" and PROTOCOL not in answer.reason:
        text = _about("lint.no-versions", what)
        return _fault(op, code, text, message("lint.mend-versions", version=PROTOCOL))
    return LintFinding(op, "ok", code, _about("lint.rightly-declined", what))


def _takes_notifications(hello: Hello) -> bool:
    limits = hello.limits.get("verify")
    return limits is None or limits.sources is None or "notification" in limits.sources


def _malformed(op: str, answer: Result) -> LintFinding | None:
    text = complaint({"id": 1, "result": answer.value}, f"{op}.answer")
    if text is None:
        return None
    return _fault(op, "op.schema", message("lint.schema", text=text), message(REMEDIES[Garbled]))


def _answered(op: str, *, listed: bool) -> LintFinding:
    if listed:
        return _ok(op)
    return LintFinding(op, "ok", "op.unlisted", message("lint.unlisted"), message("lint.mend-unlisted"))


def _unsupported(op: str, answer: NotSupported, *, listed: bool) -> LintFinding:
    if not listed:
        return LintFinding(op, "unsupported", "op.unsupported", _as_said(answer.reason))
    return _fault(op, "op.listed", message("lint.listed", reason=answer.reason), message("lint.mend-listed"))


def _bad(op: str, answer: Answer) -> LintFinding:
    return _fault(op, f"op.{_kind(answer)}", _told(answer), message(REMEDIES[type(answer)]))


def _habit(code: str, what: Text, answer: Answer, remedy: Text) -> LintFinding:
    told = _told(answer)
    text = _about("lint.habit", what, kind=_kind(answer))
    return _fault("", f"adapter.{code}", Text(f"{text.en}: {told.en}", f"{text.zh}:{told.zh}"), remedy)


def _about(key: str, what: Text, **details: str) -> Text:
    """Return the message ``key`` with ``what``, which has two languages itself, in it."""
    return Text(message(key, what=what.en, **details).en, message(key, what=what.zh, **details).zh)


def _warned(text: str) -> LintFinding:
    """Return a transport's warning, which carries its remedy in brackets at its end."""
    remedy = text.rpartition("(")[2].rstrip(")") if text.endswith(")") else ""
    said = in_both(text)
    told = Text(message("lint.warned", text=said.en).en, message("lint.warned", text=said.zh).zh)
    return _fault("", "adapter.warning", told, in_both(remedy))


def _as_said(text: str) -> Text:
    """Return words of the subject or its transport, which nobody translates."""
    shown = text if len(text) <= TOLD else f"{text[:TOLD]}..."
    return Text(shown, shown)


def _ok(op: str) -> LintFinding:
    return LintFinding(op, "ok", "op.ok", message("lint.ok"))


def _fault(op: str, code: str, text: Text, remedy: Text) -> LintFinding:
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


def _told(answer: Answer) -> Text:
    match answer:
        case Refusal(reason) | NotSupported(reason):
            return _as_said(reason)
        case Raised(text):
            return _as_said(text)
        case Hang(waited):
            return message("lint.hang", seconds=f"{waited:g}")
        case Crash(detail=detail, stderr=stderr):
            last = stderr.strip().splitlines()[-1:]
            return _as_said("; stderr: ".join([detail, *last]))
        case Garbled(detail) | Silence(detail):
            return _as_said(detail)
        case Result():
            return message("lint.result")


@contextmanager
def _closed_port() -> Iterator[str]:
    """Hold a port of loopback that refuses every connection."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/gateway.do"
