"""What a handler gives back: an HTTP answer, and how (badly) it travels.

A well-behaved answer needs ``body`` alone. The other fields exist to play the network that merchants meet:
an answer that comes late, in drops, broken off, or never.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a simulated server.

    Args:
        body: the bytes after the head.
        status: the HTTP status, 200 to 599.
        content_type: of the body; the gateway answers XML, ``notify_verify`` text/plain.
        location: where a redirect leads.
        delay: seconds before the head.
        drop: close the connection without an answer (after ``delay``).
        truncate: send this many bytes of the body, then close; the head still announces them all.
        slow: seconds over which the body is spread.
        headers: further header fields.

    Raises:
        ValueError: the status is no final one, or a header field could not be sent as it is.
    """

    body: bytes
    status: int = 200
    content_type: str = "text/xml;charset=UTF-8"
    location: str | None = None
    delay: float = 0.0
    drop: bool = False
    truncate: int | None = None
    slow: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:  # noqa: PLR2004 (RFC 9110: final status codes)
            raise ValueError(f"status {self.status} is none of a final answer: use 200 to 599")
        text = self.content_type + (self.location or "")
        if self.headers:
            text += "".join(part for field in self.headers for part in field)
        if not text.isascii() or "\n" in text or "\r" in text:
            raise ValueError("a header field of the answer holds a line break, or is no ASCII")


def head_bytes(answer: Answer, *, close: bool) -> bytes:
    """Return the status line and header fields of an answer, with the blank line after them."""
    lines = [
        f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Unknown')}",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(answer.body)}",
        f"Connection: {'close' if close else 'keep-alive'}",
    ]
    if answer.location is not None:
        lines.append(f"Location: {answer.location}")
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines.append("\r\n")
    return "\r\n".join(lines).encode("ascii")
