"""HAR files of all writers, entry by entry in a sliding window: memory does not grow with the file.

Writers differ: Chrome and Firefox write ``text`` and ``params``, some only one; Chrome's ``params`` are
percent-encoded, Firefox's are not; some write base64 and say so in ``encoding``; headers are objects or
pairs; a byte order mark may come first.
"""

import base64
import binascii
import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final
from urllib.parse import quote_from_bytes, unquote_plus

from alipay_qr_conformance.reading.exchange import Exchange, Skipped
from alipay_qr_conformance.reading.har_types import entry_reader
from alipay_qr_conformance.reading.octets import to_bytes
from alipay_qr_conformance.reading.patterns import later

_BLOCK: Final = 256 * 1024
_MOST_MISSES: Final = 1000
"""Entries more than those that `har_types` reads that it may be asked for in vain."""
MAX_ENTRY: Final = 16 * 1024 * 1024
"""Characters of one entry."""
_ENTRIES: Final = later(r'"entries"\s*:\s*\[')
_LONGEST_HEAD: Final = 4 * 1024 * 1024
_BETWEEN: Final = later(r"[\s,]*")
_NEXT: Final = later(r'\s{0,99},\s{0,99}\{\s{0,99}"[^"\\]{1,99}"')
_ENCODED: Final = later(r"(?:[A-Za-z0-9._~*+!'()-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_FORM_TYPE: Final = "application/x-www-form-urlencoded"


def is_har(head: bytes) -> bool:
    """Say whether an input that begins with ``head`` is a HAR file."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{" and b'"entries"' in head


def har_exchanges(stream: BinaryIO) -> Iterator[Exchange | Skipped]:
    """Yield the entries of a HAR file in their order, in memory of one entry.

    An entry that is no exchange, or too long, or cut, is yielded as `Skipped`.
    """
    window = _Window(stream)
    if not window.find_entries():
        yield Skipped(0, 0, -1, "no-exchange", window.head())
        return
    decode = json.JSONDecoder().raw_decode
    read = entry_reader(_content)
    number, between, spare = 0, "", _MOST_MISSES
    while window.seek_entry():
        offset = window.offset()
        if between and read is not None and spare > 0:
            cut = window.text.find(between, window.at, window.at + _BLOCK) + 1
            # What is whole up to here is the entry: no part of an object is an object.
            exchange = read(window.text[window.at : cut], offset, number) if cut else None
            if exchange is not None:
                yield exchange
                window.at, number, spare = cut, number + 1, spare + 1
                continue
            spare -= 1
        try:
            entry, end = window.decoded(decode)
        except (ValueError, RecursionError) as error:
            reason = "depth" if isinstance(error, RecursionError) else "broken"
            yield Skipped(offset, 0, number, "too-long" if window.is_full() else reason, window.head())
            return
        found = exchange_of(entry, offset, number)
        yield Skipped(offset, 0, number, "no-exchange", window.head()) if found is None else found
        window.at = end
        number += 1
        between = window.between()


class _Window:
    """A part of a text file, of which what was read is dropped."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape").decode
        self._known = (0, 0)
        self.text = ""
        self.at = 0
        self._ended = False

    def find_entries(self) -> bool:
        while True:
            found = _ENTRIES.search(self.text)
            if found is not None:
                self.at = found.end()
                return True
            if self._ended or len(self.text) > _LONGEST_HEAD:
                return False
            self._more(_BLOCK)

    def seek_entry(self) -> bool:
        """Go to the next entry; False at the end of the list."""
        while True:
            match = _BETWEEN.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at] != "]"
            if self._ended:
                return False
            self._more(_BLOCK)

    def decoded(self, decode: Any) -> tuple[Any, int]:
        """Decode the value at this place, reading twice as much each time that it is not whole.

        Raises:
            ValueError, RecursionError: it never is.
        """
        block = _BLOCK
        while True:
            try:
                value, end = decode(self.text, self.at)
            except ValueError:
                if self._ended or self.is_full():
                    raise
                self._more(block)
                block *= 2
            else:
                return value, end

    def between(self) -> str:
        """Return the end of the entry before this place and the begin of the next; empty if not seen."""
        match = _NEXT.match(self.text, self.at)
        return f"}}{match[0]}" if match and self.text[self.at - 1] == "}" else ""

    def is_full(self) -> bool:
        return len(self.text) - self.at > MAX_ENTRY

    def head(self) -> bytes:
        return to_bytes(self.text[self.at : self.at + 80])[:80]

    def offset(self) -> int:
        """Return the bytes before this place; what was counted is not counted again."""
        at, size = self._known
        self._known = self.at, size + _size(self.text[at : self.at])
        return self._known[1]

    def _more(self, size: int) -> None:
        block = self._stream.read(size)
        self._ended = not block
        self._known = 0, self.offset()
        self.text = self.text[self.at :] + self._decode(block, final=self._ended)
        self.at = 0


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def exchange_of(entry: object, offset: int = 0, number: int = -1) -> Exchange | None:
    """Return what a HAR entry, or its request alone, tells; None where it is neither."""
    if not isinstance(entry, dict):
        return None
    request = entry.get("request", entry)
    if not isinstance(request, dict) or not isinstance(request.get("url"), str):
        return None
    post = request.get("postData")
    body, content_type = _post(post) if isinstance(post, dict) else (None, "")
    method = str(request.get("method") or ("POST" if body else "GET"))
    bare = body is None and method == "GET"
    found = Exchange(
        "har",
        offset,
        entry=number,
        method=method,
        url=to_bytes(request["url"]),
        content_type=content_type or ("" if bare else header(request.get("headers"), "content-type")),
        body=b"" if bare else body,
        time=str(entry.get("startedDateTime") or ""),
    )
    if not found.body:
        found.params = _query(request)
    response = entry.get("response")
    if isinstance(response, dict):
        _reply(found, response)
    return found


def _query(request: Mapping[str, Any]) -> tuple[tuple[str, str], ...] | None:
    """Return the decoded query where a writer has it as a list alone; None where it has not."""
    query = request.get("queryString")
    if "?" in request["url"] or not isinstance(query, list) or not query:
        return None
    pairs = _pairs(query)
    encoded = all(_ENCODED.fullmatch(value) for _, value in pairs)
    return tuple((name, unquote_plus(value) if encoded else value) for name, value in pairs)


def _post(post: Mapping[str, Any]) -> tuple[bytes | None, str]:
    kind = str(post.get("mimeType") or "")
    text = post.get("text")
    if isinstance(text, str) and text:
        return _content(text, post.get("encoding")), kind
    params = post.get("params")
    if isinstance(params, list) and params:
        return _fields(params), kind or _FORM_TYPE
    return (b"" if text == "" else None), kind


def _fields(params: list[Any]) -> bytes:
    fields = _pairs(params)
    return params_body(fields, encoded=all(_ENCODED.fullmatch(value) for _, value in fields))


def _pairs(fields: list[Any]) -> list[tuple[str, str]]:
    return [
        (_text(each.get("name")), _text(each.get("value"))) for each in fields if isinstance(each, Mapping)
    ]


def params_body(fields: list[tuple[str, str]], *, encoded: bool) -> bytes:
    """Return the form of a list of fields, which are percent-encoded already or are not."""
    if encoded:
        return to_bytes("&".join(f"{name}={value}" for name, value in fields))
    return "&".join(
        "=".join(quote_from_bytes(to_bytes(part), safe="") for part in field) for field in fields
    ).encode()


def _reply(found: Exchange, response: Mapping[str, Any]) -> None:
    status = response.get("status")
    found.status = status if isinstance(status, int) else None
    content = response.get("content")
    if not isinstance(content, dict):
        return
    size = content.get("size")
    found.reply_size = size if isinstance(size, int) else -1
    text = content.get("text")
    if isinstance(text, str):
        found.reply = _content(text, content.get("encoding"))
    elif found.reply_size == 0:
        found.reply = b""


def _content(text: str, encoding: object) -> bytes:
    raw = to_bytes(text)
    if encoding == "base64":
        try:
            return base64.b64decode(raw, validate=True)
        except (binascii.Error, ValueError):
            return raw
    return raw


def header(headers: object, name: str) -> str:
    """Return a header of a list of objects or pairs, or of an object; an empty text where it is absent."""
    if isinstance(headers, dict):
        headers = list(map(list, headers.items()))
    for each in headers if isinstance(headers, list) else ():
        if isinstance(each, dict):
            key, value = each.get("name"), each.get("value")
        elif isinstance(each, list) and len(each) == 2:  # noqa: PLR2004 (a pair)
            key, value = each
        else:
            continue
        if len(key := str(key)) == len(name) and key.lower() == name:
            return str(value[0] if isinstance(value, list) and value else value)
    return ""


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
