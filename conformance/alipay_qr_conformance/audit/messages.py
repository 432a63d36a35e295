"""Messages as they were recorded, for the fast path: texts, and what became of them."""

from collections.abc import Callable, Sequence
from typing import Final

from alipay_qr_conformance.audit.reply import DONE, acknowledgement, carried_out, outcome
from alipay_qr_conformance.reading.exchange import Exchange

BY_SIZE: Final = "7 bytes"
"""Stands for the reply in a recording that has its size alone: one of the two words."""
EXACT: Final = frozenset({"success", "SUCCESS", BY_SIZE})
WELL: Final = frozenset({200, None})
"""Statuses of an answer that was one, or not recorded."""
_METHODS: Final = frozenset({"GET", "POST"})

Message = tuple[str, str, str | None, str, int | None, str | None]
"""Method, query, body, content type, status and reply; bytes are Latin-1."""


def message_of(exchange: Exchange) -> Message:
    """Return an exchange as a message."""
    body, reply = exchange.body, exchange.reply
    told = None if reply is None else told_by(reply.decode("latin-1"))
    if told is None and acknowledgement(exchange.status, None, exchange.reply_size) == "Y":
        told = BY_SIZE
    query = exchange.query.decode("latin-1")
    text = body.decode("latin-1") if body else None
    return exchange.method, query, text, exchange.content_type, exchange.status, told


def told_by(reply: str) -> str:
    """Return a reply that was recorded; what reads like `BY_SIZE` is none of the words."""
    return "" if reply == BY_SIZE else reply


def ended(status: int | None, reply: str | None) -> str:
    """Return what became of a request; its size alone tells nothing."""
    if reply is None or reply == BY_SIZE:
        return outcome(status, None)[0]
    return DONE if carried_out(status, reply) else outcome(status, reply.encode("utf-8", "replace"))[0]


def grouped(
    messages: Sequence[Message | None], charset_of: Callable[[str], str]
) -> tuple[list[str], list[str], list[tuple[str, list[int]]]]:
    """Sort out what may be passed together.

    Args:
        messages: None is none of these.
        charset_of: of a content type; empty where it is no form.

    Returns:
        The form of each, what became of each request, and places of messages that may be passed: those of
        requests beside no charset, those of notifications beside theirs.
    """
    texts, ends = [""] * len(messages), [""] * len(messages)
    news: dict[str, list[int]] = {}
    requests = []
    for place, message in enumerate(messages):
        if message is None:
            continue
        method, query, body, kind, status, reply = message
        if not body:
            if method in _METHODS:
                texts[place], ends[place] = query, ended(status, reply)
                requests.append(place)
        elif reply in EXACT and status in WELL and method != "GET" and "service=" not in query:
            # If the body is of a service, it is no form of a notification.
            texts[place] = body
            news.setdefault(kind, []).append(place)
    return (
        texts,
        ends,
        [("", requests), *((charset_of(kind) or "UTF-8", mine) for kind, mine in news.items())],
    )
