"""HAR -> exchanges, entry by entry through a window, in bounded memory whatever the size of the file.

HAR 1.2 says nothing of the encoding of a body. Browsers write ``text``, ``params`` or both; others write
base64 under a private ``encoding``. Headers are a list of objects, or of pairs.
"""

import base64
import binascii
import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final, NamedTuple
from urllib.parse import quote_plus

from alipay_qr_conformance.reading.exchange import Exchange

LONGEST_ENTRY: Final = 16 * 1024 * 1024
_WINDOW: Final = 256 * 1024
_ENTRIES: Final = re.compile(r'"entries"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")
_DECODER: Final = json.JSONDecoder()
_MOST_FIELDS: Final = 1000
_KEPT: Final = 64
"""Characters of a window that is searched in vain: a name may be cut by its end."""


class Entry(NamedTuple):
    """One element of an array of entries: its number, where it begins, and what it is; None is unreadable."""

    number: int
    offset: int
    value: Any
    reason: str = ""


def entries(file: BinaryIO) -> Iterator[Entry]:
    """Yield the entries of a HAR, or the elements of a plain JSON array.

    Offsets count characters of the decoded file, which are its bytes where it is ASCII. An entry beyond the
    limit ends the reading, and says so.
    """
    window = _Window(file)
    if not window.begin():
        return
    number = 0
    while True:
        found = window.next(number)
        if found is None:
            return
        yield found
        if found.reason:
            return
        number += 1


class _Window:
    """A piece of the text of a file, moved along from entry to entry."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decode = getincrementaldecoder("utf-8-sig")("replace").decode
        self._text = ""
        self._at = 0
        self._base = 0
        self._ended = False

    def begin(self) -> bool:
        """Move to the first entry; say whether there may be one."""
        while self._more():
            match = _ENTRIES.search(self._text)
            if match is not None:
                self._at = match.end()
                return True
            if self._base == 0 and self._text.lstrip()[:1] == "[":
                self._at = self._text.index("[") + 1
                return True
            self._at = max(0, len(self._text) - _KEPT)
        return False

    def next(self, number: int) -> Entry | None:
        """Return the next entry; None behind the last."""
        while True:
            self._at = _end_of(_BETWEEN, self._text, self._at)
            if self._text[self._at : self._at + 1] == "]":
                return None
            begin = self._base + self._at
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                return Entry(number, begin, None, "depth")
            except ValueError:
                value, end = None, -1
            if end >= 0 and (end < len(self._text) or self._ended):
                self._at = end
                return Entry(number, begin, value)
            waiting = len(self._text) - self._at
            if waiting > LONGEST_ENTRY:
                return Entry(number, begin, None, "too-long")
            if not self._more(waiting):
                return Entry(number, begin, None, "broken") if waiting else None

    def _more(self, least: int = 0) -> bool:
        """Read on, at least as much as is waiting, so that a long entry is not parsed once for each block."""
        if self._ended:
            return False
        data = self._file.read(max(_WINDOW, least))
        self._ended = not data
        self._base += self._at
        self._text = self._text[self._at :] + self._decode(data, final=self._ended)
        self._at = 0
        return not self._ended


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def har_exchange(entry: Entry) -> Exchange | None:
    """Return what an entry says; None where it is no entry of a HAR."""
    value = entry.value
    request = value.get("request") if isinstance(value, Mapping) else None
    if not isinstance(request, Mapping) or not isinstance(request.get("url"), str):
        return None
    response = value.get("response")
    response = response if isinstance(response, Mapping) else {}
    content = response.get("content")
    content = content if isinstance(content, Mapping) else {}
    body, content_type = _body(request)
    status = response.get("status")
    return Exchange(
        source="har",
        offset=entry.offset,
        entry=entry.number,
        method=str(request.get("method") or ""),
        url=request["url"].encode("utf-8", "replace"),
        content_type=content_type,
        body=body,
        status=status if type(status) is int and status > 0 else None,
        reply=_text(content.get("text"), content.get("encoding")),
        reply_type=str(content.get("mimeType") or ""),
        time=str(value.get("startedDateTime") or ""),
    )


def _body(request: Mapping[str, Any]) -> tuple[bytes | None, str]:
    post = request.get("postData")
    if not isinstance(post, Mapping):
        return (b"" if request.get("method") == "GET" or request.get("bodySize") == 0 else None), ""
    kind = str(post.get("mimeType") or "")
    body = _text(post.get("text"), post.get("encoding") or post.get("_encoding"))
    if body:
        return body, kind
    fields = post.get("params")
    if isinstance(fields, list) and fields:
        return "&".join(map(_field, fields[:_MOST_FIELDS])).encode("ascii"), kind
    return body, kind


def _field(field: object) -> str:
    """Return a field as it stands in a form; Chrome writes it encoded, Firefox as it was before."""
    if not isinstance(field, Mapping):
        return ""
    name, value = str(field.get("name") or ""), str(field.get("value") or "")
    if _ENCODED.fullmatch(name) and _ENCODED.fullmatch(value):
        return f"{name}={value}"
    return f"{quote_plus(name, errors='replace')}={quote_plus(value, errors='replace')}"


_ENCODED: Final = re.compile(r"(?:[A-Za-z0-9_.~*+-]|%[0-9A-Fa-f]{2})*")


def _text(text: object, encoding: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    if encoding == "base64":
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return None
    return text.encode("utf-8", "replace")
