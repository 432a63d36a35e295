"""Responses: a `Reply` of fields, and the HTTP `Answer` that carries it.

A `Reply` holds fields, echo and signature, or an error code. A well-behaved `Answer` needs ``body`` alone;
its other fields play the network that merchants meet: late, in drops, broken off, or never.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, Literal

from alipay_qr.signing import Signer, sign_params
from alipay_qr.wire import encode_error, encode_response

_XML_BLANKS = " \t\r\n"
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
    """Return status line, header fields and the blank line after them."""
    return _head(answer, f"Content-Length: {len(answer.body)}", close=close)


def stream_head(answer: Answer) -> bytes:
    """Return the head of an answer whose body comes in chunks (RFC 9112, 7.1)."""
    return _head(answer, "Transfer-Encoding: chunked", close=True)


def _head(answer: Answer, framing: str, *, close: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Unknown')}",
        f"Content-Type: {answer.content_type}",
        framing,
        f"Connection: {'close' if close else 'keep-alive'}",
    ]
    if answer.location is not None:
        lines.append(f"Location: {answer.location}")
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines.append("\r\n")
    return "\r\n".join(lines).encode("ascii")


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply before it becomes bytes.

    Args:
        fields: the children of the result; they are what is signed. Genuine ones come alphabetically (19 of
            19 answers, 2014 to 2021).
        charset: of the request, and so of the answer.
        request: the parameters of the request, to be echoed.
        container: the name of the element that holds the fields.
        error: a gateway error: then nothing else is sent, and nothing is signed.
        reason: where a business failure says why: ``error``, or ``detail`` for ``detail_error_*``.
        sign, sign_type: the signature; None while there is none.
    """

    fields: tuple[tuple[str, str], ...] = ()
    charset: str = "UTF-8"
    request: tuple[tuple[str, str], ...] = ()
    container: str = "alipay"
    error: str | None = None
    sign: str | None = None
    sign_type: str | None = None
    reason: Literal["error", "detail"] = "detail"

    def changed(self, changes: Mapping[str, str | None]) -> "Reply":
        """Return the reply with other fields (None takes one away) and the same sign.

        Fields that stood in alphabetical order do so again.
        """
        merged: dict[str, str | None] = {**dict(self.fields), **changes}
        pairs = [(name, value) for name, value in merged.items() if value is not None]
        if self.fields == tuple(sorted(self.fields)):
            pairs.sort()
        return replace(self, fields=tuple(pairs))

    def because(self, code: str, text: str = "") -> dict[str, str]:
        """Return the fields that give the reason of a business failure."""
        if self.reason == "error":
            return {"error": code}
        return {"detail_error_code": code, "detail_error_des": text or code}

    def signed(self, signer: Signer) -> "Reply":
        """Return the reply with a signature; a gateway error stays unsigned.

        Readers trim the children before they verify, so they are trimmed before they are signed.

        Raises:
            Unencodable: a field cannot be written in the reply's charset.
        """
        if self.error is not None:
            return self
        fields = tuple([(name, value.strip(_XML_BLANKS)) for name, value in self.fields])
        sign = sign_params(fields, signer, self.charset)
        return Reply(
            fields, self.charset, self.request, self.container, None, sign, signer.sign_type, self.reason
        )

    def answer(self) -> Answer:
        """Return the reply as an HTTP answer.

        Raises:
            Unencodable: a field holds a character that XML cannot hold.
        """
        if self.error is not None:
            body = encode_error(self.error, self.charset)
        else:
            body = encode_response(
                self.fields,
                container=self.container,
                request=self.request,
                sign=self.sign,
                sign_type=self.sign_type,
                charset=self.charset,
            )
        return Answer(body, content_type=f"text/xml;charset={self.charset}")
