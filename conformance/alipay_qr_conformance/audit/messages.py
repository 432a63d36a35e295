"""Messages as they were recorded, for the fast path: texts, and what became of them."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from alipay_qr.presign import CHARSETS
from alipay_qr_conformance.audit.forms import MOST_PAIRS
from alipay_qr_conformance.audit.reply import DONE, acknowledgement, carried_out, outcome
from alipay_qr_conformance.reading.exchange import Exchange

BY_SIZE: Final = 7
"""Stands for the reply in a recording that has its size alone: one of the two words."""
EXACT: Final = frozenset({"success", "SUCCESS", BY_SIZE})
WELL: Final = frozenset({200, None})
"""Statuses of an answer that was one, or not recorded."""
_METHODS: Final = frozenset({"GET", "POST"})
_CHARSET_ONLY: Final = frozenset(
    f"_input_charset={form}" for name in CHARSETS for form in (name, name.lower())
)

_Text = str | None
Message = tuple[_Text, _Text, _Text, _Text, _Text, _Text, _Text, int | None, _Text | int]
"""What the fields of a JSON line say, in their order; bytes are Latin-1, and a reply may be `BY_SIZE`."""


def message_of(exchange: Exchange) -> Message:
    """Return an exchange as a message."""
    reply: str | int | None = None
    if exchange.reply is not None:
        reply = exchange.reply.decode("latin-1")
    elif acknowledgement(exchange.status, None, exchange.reply_size) == "Y":
        reply = BY_SIZE
    url = f"?{exchange.query.decode('latin-1')}"
    body = exchange.body.decode("latin-1") if exchange.body else None
    return None, None, exchange.method, url, exchange.content_type, body, None, exchange.status, reply


def ended(messages: Sequence[Message | None]) -> list[str]:
    """Return what became of requests; the size of a reply alone tells nothing."""
    found = []
    for message in messages:
        status, reply = message[-2:] if message else (None, None)
        if not isinstance(reply, str):
            found.append(outcome(status, None)[0])
        elif carried_out(status, reply):
            found.append(DONE)
        else:
            found.append(outcome(status, reply.encode("utf-8", "replace"))[0])
    return found


class Group(NamedTuple):
    """Messages that may be passed together.

    Attributes:
        texts: their forms, with the same number of pairs.
        charset: of notifications; empty for requests.
        places: where they stand among all.
    """

    texts: list[str]
    charset: str
    places: list[int]


def grouped(messages: Sequence[Message | None], charset_of: Callable[[str], str]) -> list[Group]:
    """Sort out what may be passed together.

    Args:
        messages: None is none of these.
        charset_of: of a content type; empty where it is no form.
    """
    found: dict[tuple[str | None, int], tuple[list[str], list[int]]] = {}
    for place, message in enumerate(messages):
        if message is None:
            continue
        _, _, method, url, kind, body, raw, status, reply = message
        if raw is not None:
            continue
        if body and reply in EXACT and status in WELL and method != "GET" and "service=" not in (url or ""):
            # If the body is of a service, it is no form of a notification.
            text, kind = body, kind or ""
        else:
            query = (url or "").partition("#")[0].partition("?")[2]
            text, kind = _request(method, query, kind or "", body, charset_of), None
        if text:
            texts, places = found.setdefault((kind, text.count("&")), ([], []))
            texts.append(text)
            places.append(place)
    return [
        Group(texts, "" if kind is None else charset_of(kind) if kind else "UTF-8", places)
        for (kind, marks), (texts, places) in found.items()
        if marks < MOST_PAIRS and (not kind or charset_of(kind))
    ]


def _request(
    method: str | None, query: str, kind: str, body: str | None, charset_of: Callable[[str], str]
) -> str:
    """Return the form of a request, empty where it may break a rule."""
    if not body:
        return query if method in _METHODS else ""
    posted = method == "POST" and query in _CHARSET_ONLY and (not kind or charset_of(kind))
    return f"{query}&{body}" if posted else ""
