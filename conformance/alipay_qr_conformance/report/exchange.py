"""Every byte of one case: what the kit asked the subject, and what the subject sent to the gateway.

ExchangeRecorder  a transport around a transport, and a listener at the gateway; keeps what it sees, in order
render            all of it as text
curl              a request as a command line, quoted for a POSIX shell
"""

import base64
import binascii
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from shlex import quote
from typing import Final, NamedTuple

from alipay_qr.wire import Request
from alipay_qr_conformance.gateway import Answer as GatewayAnswer
from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.texts import labelled, say
from alipay_qr_conformance.subjects import Answer, Result, Transport
from alipay_qr_conformance.subjects.transport import WINDOW, AnyCall, Bounds

_ROW: Final = 16


class Call(NamedTuple):
    """One call of the subject."""

    op: str
    args: Mapping[str, object]
    now: str | None
    answer: Answer | None


class Sent(NamedTuple):
    """One request that reached the gateway."""

    request: Request
    answer: GatewayAnswer


class ExchangeRecorder:
    """A transport that keeps what passes through it; the protocol is that of `Transport`."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self.seen: list[Call | Sent] = []

    def saw_request(self, request: Request, answer: GatewayAnswer) -> None:
        """Keep a request; called from the gateway's thread."""
        with self._lock:
            self.seen.append(Sent(request, answer))

    @property
    def bounds(self) -> Bounds:
        """How long the inner transport waits."""
        return self._inner.bounds

    @property
    def broken(self) -> bool:
        """Whether the subject lost its state."""
        return self._inner.broken

    @property
    def warnings(self) -> list[str]:
        """What the adapter does wrong without costing a case."""
        return self._inner.warnings

    def call(
        self, op: str, args: Mapping[str, object], now: str | None = None, timeout: float = 10.0
    ) -> Answer:
        """Make one call."""
        with self._lock:
            place = len(self.seen)
            self.seen.append(Call(op, args, now, None))  # before what it makes the subject send
        answer = self._inner.call(op, args, now, timeout)
        self.seen[place] = Call(op, args, now, answer)
        return answer

    def call_many(
        self, calls: Sequence[AnyCall], timeout: float = 10.0, window: int = WINDOW
    ) -> list[Answer | None]:
        """Make many calls."""
        answers = self._inner.call_many(calls, timeout, window)
        for (op, args, now), answer in zip(calls, answers, strict=True):
            self.seen.append(Call(op, args, None if now is None else str(now), answer))
        return answers

    def restart(self) -> None:
        """Give up what is left of the adapter."""
        self._inner.restart()

    def close(self) -> None:
        """Let the adapter leave."""
        self._inner.close()

    def evidence(self) -> str:
        """Return what the adapter wrote beside its answers."""
        return self._inner.evidence()


def render(
    seen: Sequence[Call | Sent], lang: str = "en", clean: Callable[[str], str] = lambda text: text
) -> str:
    """Return everything as text; ``clean`` takes secrets out of each text."""
    lines: list[str] = []
    for number, each in enumerate(seen, 1):
        shown = _call(each, lang, clean) if isinstance(each, Call) else _sent(each, lang, clean)
        lines += [f"--- {number} ---", *shown, ""]
    return clean("\n".join(lines))


def curl(request: Request) -> str:
    """Return a command line that sends a request again, to ``$GATEWAY_URL``."""
    words = ["curl", "--request", quote(request.method)]
    if request.content_type:
        words += ["--header", _shell(f"Content-Type: {request.content_type}".encode())]
    if request.body:
        words += ["--data-raw", _shell(request.body)]
    url = '"$GATEWAY_URL"' + (_shell(b"?" + request.query) if request.query else "")
    return " ".join([*words, url])


def _shell(data: bytes) -> str:
    """Return bytes as one word for bash or zsh; what is not printable ASCII is escaped in hex."""
    if all(0x20 <= byte < 0x7F for byte in data):  # noqa: PLR2004 (printable ASCII)
        return quote(data.decode("ascii"))
    escaped = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b"'\\" else f"\\x{byte:02x}"  # noqa: PLR2004
        for byte in data
    )
    return f"$'{escaped}'"


def _call(call: Call, lang: str, clean: Callable[[str], str]) -> Iterator[str]:
    now = f" ({call.now})" if call.now else ""
    yield labelled(say("exchange.asked", lang), lang, f"{call.op}{now}")
    if call.op == "configure":
        yield "  " + say("exchange.secret", lang)
    else:
        yield "  " + _json(call.args)
        yield from _decoded(call.args, clean)
    yield labelled(say("exchange.answered", lang), lang)
    match call.answer:
        case Result(value=value):
            yield "  " + _json(value)
            yield from _decoded(value, clean)
        case None:
            yield "  -"
        case other:
            yield f"  {type(other).__name__} {_json(asdict(other))}"


def _sent(sent: Sent, lang: str, clean: Callable[[str], str]) -> Iterator[str]:
    request, answer = sent
    target = request.target or b"?" + request.query
    yield labelled(say("exchange.sent", lang), lang)
    yield f"  {visible(request.method)} {visible(target.decode('ascii', 'backslashreplace'))}"
    if request.content_type:
        yield f"  Content-Type: {visible(request.content_type)}"
    yield from _dump(request.body, clean)
    yield labelled(say("exchange.gateway", lang), lang)
    if answer.drop:
        yield "  " + say("exchange.dropped", lang)
    else:
        yield f"  {answer.status} {answer.content_type}"
        yield from _dump(answer.body[: answer.truncate], clean)
    yield say("exchange.curl", lang) + ":"
    yield "  " + curl(request)


def _decoded(values: Mapping[str, object], clean: Callable[[str], str]) -> Iterator[str]:
    """Show what travels as base64 in bytes."""
    for name, value in values.items():
        if isinstance(value, str) and name in {"body_base64", "base64"}:
            try:
                data = base64.b64decode(value, validate=True)
            except binascii.Error:
                continue
            yield f"  {name}:"
            yield from _dump(data, clean)


def _dump(data: bytes, clean: Callable[[str], str]) -> Iterator[str]:
    """Show text as text; other bytes in hex beside their ASCII, unless they hold what must not be shown."""
    text = data.decode("utf-8", "backslashreplace")
    if clean(text) != text:
        yield f"    {visible(clean(text))}"
        return
    if (told := _text(data)) is not None:
        charset, text = told
        yield from (f"    {visible(line)}" for line in text.splitlines() or [""])
        if charset:
            yield f"    ({charset})"
        return
    for at in range(0, len(data), _ROW):
        row = data[at : at + _ROW]
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)  # noqa: PLR2004
        yield f"    {at:06x}  {row.hex(' '):<{_ROW * 3 - 1}}  {shown}"


def _text(data: bytes) -> tuple[str, str] | None:
    """Return the charset (empty for UTF-8) and the text that bytes certainly are, else None."""
    for charset, codec in (("", "utf-8"), ("GBK", "gbk")):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        return (charset, text) if all(c.isprintable() or c == "\n" for c in text) else None
    return None


def _json(value: object) -> str:
    return visible(json.dumps(value, ensure_ascii=False, default=str))
