"""Messages as they were recorded, for the fast path: texts, and what became of them."""

from collections.abc import Callable, Sequence
from typing import Final

from alipay_qr_conformance.audit.reply import DONE, acknowledgement, carried_out, outcome
from alipay_qr_conformance.reading.exchange import Exchange

BY_SIZE: Final = 7
"""Stands for the reply in a recording that has its size alone: one of the two words."""
EXACT: Final = frozenset({"success", "SUCCESS", BY_SIZE})
WELL: Final = frozenset({200, None})
"""Statuses of an answer that was one, or not recorded."""
_METHODS: Final = frozenset({"GET", "POST"})

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


def ended(status: int | None, reply: str | int | None) -> str:
    """Return what became of a request; its size alone tells nothing."""
    if not isinstance(reply, str):
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
        _, _, method, url, kind, body, raw, status, reply = message
        query = url.partition("?")[2] if url else ""
        if raw is not None:
            continue
        if not body:
            if method in _METHODS:
                texts[place], ends[place] = query, ended(status, reply)
                requests.append(place)
        elif reply in EXACT and status in WELL and method != "GET" and "service=" not in query:
            # If the body is of a service, it is no form of a notification.
            texts[place] = body
            news.setdefault(kind or "", []).append(place)
    return (
        texts,
        ends,
        [("", requests), *((charset_of(kind) or "UTF-8", mine) for kind, mine in news.items())],
    )
