"""Messages as they were recorded, for the fast path: texts, and what became of them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from alipay_qr.presign import CHARSETS
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


class Messages(NamedTuple):
    """Fields of many messages, as those of a JSON line; bytes are Latin-1.

    Attributes:
        replies: a text, or `BY_SIZE`.
    """

    methods: Sequence[_Text]
    urls: Sequence[_Text]
    kinds: Sequence[_Text]
    bodies: Sequence[_Text]
    raws: Sequence[_Text]
    statuses: Sequence[int | None]
    replies: Sequence[_Text | int]


def messages_of(exchanges: Iterable[Exchange]) -> Messages:
    """Return exchanges as messages; one that was decoded before it was recorded is as good as empty."""
    return Messages(*zip(*map(_message_of, exchanges), strict=True))


def _message_of(exchange: Exchange) -> tuple[_Text, _Text, _Text, _Text, None, int | None, _Text | int]:
    if exchange.params is not None:
        return None, None, None, None, None, None, None
    reply: str | int | None = None
    if exchange.reply is not None:
        reply = exchange.reply.decode("latin-1")
    elif acknowledgement(exchange.status, None, exchange.reply_size) == "Y":
        reply = BY_SIZE
    url = exchange.url.decode("latin-1")
    body = exchange.body.decode("latin-1") if exchange.body else None
    return exchange.method, url, exchange.content_type, body, None, exchange.status, reply


def ended(messages: Messages, places: Iterable[int]) -> list[str]:
    """Return what became of requests; the size of a reply alone tells nothing."""
    found = []
    for place in places:
        status, reply = messages.statuses[place], messages.replies[place]
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
        texts: their forms.
        charset: of notifications; empty for requests.
        places: where they stand among all.
    """

    texts: Sequence[str]
    charset: str
    places: Sequence[int]


def grouped(messages: Messages, charset_of: Callable[[str], str]) -> list[Group]:
    """Sort out what may be passed together.

    Args:
        messages: of one recording.
        charset_of: of a content type; empty where it is no form.
    """
    methods, urls, kinds, bodies, raws, statuses, replies = messages
    news: dict[str | None, list[int]] = {}
    asked, posted = [], []
    rows = zip(methods, urls, bodies, raws, statuses, replies, strict=True)
    for place, (method, url, body, raw, status, reply) in enumerate(rows):
        if raw is not None:
            continue
        if not body:
            if url and method in _METHODS:
                asked.append(place)
        elif reply in EXACT and status in WELL and method != "GET" and "service=" not in (url or ""):
            # If the body is of a service, it is no form of a notification.
            news.setdefault(kinds[place], []).append(place)
        elif method == "POST" and query_of(url) in _CHARSET_ONLY:
            kind = kinds[place]
            if not kind or charset_of(kind):
                posted.append(place)
    found = []
    for kind, places in news.items():
        charset = charset_of(kind) if kind else "UTF-8"
        if charset:
            found.append(Group([bodies[at] or "" for at in places], charset, places))
    if asked:
        found.append(Group(queries([urls[at] or "" for at in asked]), "", asked))
    if posted:
        found.append(Group([f"{query_of(urls[at])}&{bodies[at]}" for at in posted], "", posted))
    return found


def queries(urls: Sequence[str]) -> Sequence[str]:
    """Return what stands behind the ``?`` of some addresses, without a fragment."""
    head = f"{urls[0].partition('?')[0]}?"
    found = between("\n".join(urls), head, "", "#") if "#" not in head else []
    return found if len(found) == len(urls) else list(map(query_of, urls))


def query_of(url: str | None) -> str:
    """Return what stands behind the ``?`` of an address, without a fragment."""
    return (url or "").partition("#")[0].partition("?")[2]


def between(lines: str, head: str, tail: str, never: str) -> list[str]:
    """Return what stands in lines between the same head and tail; fewer than lines where one has others.

    Args:
        lines: of which none may hold a line end.
        head: of all of them.
        tail: of all of them.
        never: characters that nothing between may hold.
    """
    if not lines.startswith(head) or not lines.endswith(tail):
        return []
    found = lines[len(head) : len(lines) - len(tail)].split(f"{tail}\n{head}")
    whole = "".join(found)
    # With another line end, lines may have been parted elsewhere than they were put together.
    return [] if any(mark in whole for mark in f"\n{never}") else found
