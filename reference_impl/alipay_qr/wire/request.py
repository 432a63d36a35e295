"""Requests: parameters -> URL or POST parts, and any bytes -> a `Reading`.

A merchant writes with `get_url` or `post_parts`; with POST, ``_input_charset`` belongs in the URL query
(``docs.antom.com/ac/global/qrcode_create``, acquire_cancel, ac/hkapi cancel) and is signed all the same.

The gateway's side reads with `read_request`. It never raises: what arrived is read as far as it can be,
and every departure from the form is an `Irregularity`, so that one mistake does not hide the others.
Which bytes mean which characters is decided by ``_input_charset`` alone: the first known value in the
query, else in the body, else the default. Codes:

    charset.missing  charset.unknown  charset.differs  charset.undecodable  post.charset-not-in-query
    percent.broken  byte.unencoded  byte.illegal-in-url  name.empty  name.duplicate
    method  content-type  content-type.charset  fields.too-many  body.too-large  query.too-large
    http.refused, unless byte.unencoded says already why

A detail begins with ``query`` or ``body`` where that is the place. It names parameters and the odd
bytes, never whole values.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from alipay_qr.errors import ParameterError
from alipay_qr.presign import CHARSETS, Params, codec
from alipay_qr.wire.form import (
    FORM_TYPE,
    MAX_BYTES,
    MAX_FIELDS,
    broken_percent,
    content_type_charset,
    defects,
    encode_form,
    field_count,
    first_fields,
    printable,
    split_form,
    undecodable,
    unquote,
)

_CHARSET: Final = "_input_charset"
_CHARSET_BYTES: Final = _CHARSET.encode("ascii")
_ILLEGAL_IN_URL: Final = re.compile(rb'["<>\\^`{|}#]')
_LEGAL_IN_URL: Final = bytes(byte for byte in range(0x21, 0x7F) if not _ILLEGAL_IN_URL.match(bytes([byte])))

_NO_MARKS: Final = bytes(byte for byte in range(256) if byte not in b"&=")
_MARKS_TO_NUL: Final = bytes.maketrans(b"&=+", b"\0\0 ")

_Pair = tuple[bytes, bytes]


class Request(NamedTuple):
    """One HTTP request as it reached the gateway.

    Args:
        method: ``GET`` or ``POST``, as sent.
        query: the bytes after ``?`` of the request target, still percent-encoded.
        body: the bytes of the body.
        content_type: the Content-Type header, or an empty text.
        target: the raw request target, kept as evidence only.
        refused: why a strict HTTP parser refuses the request; an empty text where it does not.
    """

    method: str
    query: bytes
    body: bytes = b""
    content_type: str = ""
    target: bytes = b""
    refused: str = ""


class Irregularity(NamedTuple):
    """One departure from the form; ``code`` is one of the module's list."""

    code: str
    detail: str


class Reading(NamedTuple):
    r"""The content of a request.

    Args:
        params: the pairs of the query, then those of the body, in their order. Bytes that are no text
            in ``charset`` stand as backslash escapes (``\xd6``), and an irregularity says so.
        charset: UTF-8, GBK or GB2312: the charset that was read with.
        irregularities: everything that was not as the protocol wants it.
    """

    params: tuple[tuple[str, str], ...]
    charset: str
    irregularities: tuple[Irregularity, ...]


def get_url(gateway_url: str, params: Params, charset: str) -> str:
    """Return the URL of a GET request, with ``params`` in their order.

    Raises:
        UnknownCharset: ``charset`` is none of the protocol's.
        Unencodable: a character does not exist in ``charset``.
        ParameterError: ``gateway_url`` has a fragment, behind which nothing would be sent.
    """
    return _with_query(gateway_url, encode_form(params, charset))


def post_parts(gateway_url: str, params: Params, charset: str) -> tuple[str, bytes, str]:
    """Return URL, body and Content-Type of a POST request.

    ``_input_charset`` moves from the body to the URL's query. Where ``params`` has none (REFUND allows
    that), none is added: it would be sent without having been signed.

    Raises:
        UnknownCharset, Unencodable, ParameterError: as `get_url`.
    """
    pairs = list(params.items() if isinstance(params, Mapping) else params)
    in_query = [pair for pair in pairs if pair[0] == _CHARSET and pair[1] is not None]
    in_body = [pair for pair in pairs if pair[0] != _CHARSET]
    url = _with_query(gateway_url, encode_form(in_query, charset))
    body = encode_form(in_body, charset).encode("ascii")
    return url, body, f"{FORM_TYPE}; charset={charset.upper()}"


def read_request(request: Request, default_charset: str = "UTF-8") -> Reading:
    """Read whatever came; see the module's docstring. Never raises on any request.

    Args:
        request: at most 1 MiB and 1,000 fields of it are read.
        default_charset: what ``_input_charset`` means when absent: UTF-8, or GBK for REFUND of the hk
            profile (``docs.antom.com/ac/hkapi``).

    Raises:
        UnknownCharset: ``default_charset`` is none of the protocol's.
    """
    codec(default_charset)
    found: list[Irregularity] = []
    query, body = _bounded_fields(_bounded_query(request, found), _readable_body(request, found), found)
    for place, data in (("query", query), ("body", body)):
        found += [Irregularity(d.code, f"{place}: {d.name}: {d.text}") for d in defects(data)]
    if query.translate(None, _LEGAL_IN_URL) and (match := _ILLEGAL_IN_URL.search(query)):
        found.append(
            Irregularity("byte.illegal-in-url", f"query: raw {match[0].decode()} at byte {match.start()}")
        )

    params, charset = _usual(query, body) or _unusual(query, body, default_charset, found)
    if body and (named := content_type_charset(request.content_type)[1]) not in ("", charset):
        detail = f"Content-Type says {printable(named)}, the request is read as {charset}"
        found.append(Irregularity("content-type.charset", detail))
    found += _duplicates(params)
    if request.refused and all(each.code != "byte.unencoded" for each in found):
        found.append(Irregularity("http.refused", printable(request.refused)))
    return Reading(params, charset, tuple(found))


def _with_query(gateway_url: str, query: str) -> str:
    if "#" in gateway_url:
        raise ParameterError(
            "the gateway URL has a fragment", code="gateway-url.fragment", hint="drop everything from # on"
        )
    if not query:
        return gateway_url
    return f"{gateway_url}{'&' if '?' in gateway_url else '?'}{query}"


def _bounded_query(request: Request, found: list[Irregularity]) -> bytes:
    if len(request.query) > MAX_BYTES:
        found.append(Irregularity("query.too-large", f"query: {len(request.query)} bytes, none was read"))
        return b""
    return request.query


_FORM: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*=")
"""How a form begins, whatever its Content-Type calls it."""


def _readable_body(request: Request, found: list[Irregularity]) -> bytes:
    """Return the body if it may be read as a form, else nothing."""
    if request.method not in ("GET", "POST"):
        found.append(Irregularity("method", f"{printable(request.method)} is neither GET nor POST"))
    if not request.body:
        return b""
    if request.method == "GET":
        found.append(Irregularity("method", "GET with a body, which was not read"))
        return b""
    if len(request.body) > MAX_BYTES:
        found.append(Irregularity("body.too-large", f"body: {len(request.body)} bytes, none was read"))
        return b""
    media_type = content_type_charset(request.content_type)[0]
    if media_type == FORM_TYPE:
        return request.body
    readable = media_type in ("", "text/plain") or _FORM.match(request.body) is not None
    shown = printable(media_type) or "no Content-Type"
    outcome = "read as a form all the same" if readable else "not read"
    found.append(Irregularity("content-type", f"body: {shown} instead of {FORM_TYPE}; {outcome}"))
    return request.body if readable else b""


def _bounded_fields(query: bytes, body: bytes, found: list[Irregularity]) -> tuple[bytes, bytes]:
    """Return what holds the first 1,000 pairs of query and body together."""
    if query.count(b"&") + body.count(b"&") + 2 <= MAX_FIELDS:  # at most: an empty segment is no field
        return query, body
    in_query = field_count(query)
    count = in_query + field_count(body)
    if count <= MAX_FIELDS:
        return query, body
    found.append(Irregularity("fields.too-many", f"{count} fields, the first {MAX_FIELDS} were read"))
    return first_fields(query, MAX_FIELDS), first_fields(body, max(0, MAX_FIELDS - in_query))


def _usual(query: bytes, body: bytes) -> tuple[tuple[tuple[str, str], ...], str] | None:
    """Read the usual form of requests in one go; None if it is not that form.

    It has one ``=`` in each pair, whole percent codes, one known ``_input_charset`` in the query, and every
    byte is text. Then ``&`` and ``=`` can become NUL before anything is decoded: NUL is part of no longer
    character in any of the charsets, and one that was sent itself makes one text too many.
    """
    whole = query + b"&" + body if body else query
    marks = whole.translate(None, _NO_MARKS)
    pairs = marks.count(b"=")
    if marks != (b"=&" * pairs)[:-1] or broken_percent(whole):
        return None
    raw = unquote(whole.translate(_MARKS_TO_NUL))
    names = raw.split(b"\0")[::2]
    if names.count(_CHARSET_BYTES) != 1 or len(names) != pairs:
        return None
    place = 2 * names.index(_CHARSET_BYTES)
    charset = raw.split(b"\0")[place + 1].decode("latin-1").upper()
    if charset not in CHARSETS or place > 2 * query.count(b"&") or not query:
        return None
    try:
        texts = raw.decode(CHARSETS[charset]).split("\0")
    except UnicodeDecodeError:
        return None
    return tuple(zip(texts[::2], texts[1::2], strict=True)), charset


def _unusual(
    query: bytes, body: bytes, default_charset: str, found: list[Irregularity]
) -> tuple[tuple[tuple[str, str], ...], str]:
    """Read whatever came pair by pair, and say what is odd about charset and bytes."""
    in_query, in_body = split_form(query), split_form(body)
    charset = _charset(in_query, in_body, default_charset, found)
    pairs = in_query + _without_repeated_charset(in_query, in_body)
    return _decoded(pairs, charset, found), charset


def _charset(in_query: list[_Pair], in_body: list[_Pair], default: str, found: list[Irregularity]) -> str:
    """Return the charset to read with, and note what is odd about its declaration."""
    query_values, body_values = _charset_values(in_query), _charset_values(in_body)
    values = list(dict.fromkeys(query_values + body_values))
    known = [name for value in values if (name := value.decode("latin-1").upper()) in CHARSETS]
    if not values:
        found.append(Irregularity("charset.missing", f"no {_CHARSET}; read as {default.upper()}"))
    if body_values and not query_values:
        found.append(Irregularity("post.charset-not-in-query", f"{_CHARSET} stands in the body alone"))
    if len(values) > 1:
        shown = " and ".join(map(printable, values[:3]))
        found.append(Irregularity("charset.differs", f"{_CHARSET} is {shown}"))
    if len(known) < len(values):
        shown = next(printable(value) for value in values if value.decode("latin-1").upper() not in CHARSETS)
        found.append(Irregularity("charset.unknown", f"{_CHARSET} {shown} is none of {', '.join(CHARSETS)}"))
    return known[0] if known else default.upper()


def _charset_values(pairs: list[_Pair]) -> list[bytes]:
    return [value for name, value in pairs if name == _CHARSET_BYTES and value]


def _without_repeated_charset(in_query: list[_Pair], in_body: list[_Pair]) -> list[_Pair]:
    """Return the body's pairs without an ``_input_charset`` that repeats the query's."""
    declared = [pair for pair in in_query if pair[0] == _CHARSET_BYTES]
    repeated = [pair for pair in in_body if pair[0] == _CHARSET_BYTES]
    if len(declared) == 1 and declared == repeated:
        return [pair for pair in in_body if pair[0] != _CHARSET_BYTES]
    return in_body


def _decoded(pairs: list[_Pair], charset: str, found: list[Irregularity]) -> tuple[tuple[str, str], ...]:
    python_codec = codec(charset)
    try:
        return tuple([(name.decode(python_codec), value.decode(python_codec)) for name, value in pairs])
    except UnicodeDecodeError:
        return tuple(_escaped(pairs, charset, found))


def _escaped(pairs: list[_Pair], charset: str, found: list[Irregularity]) -> Iterator[tuple[str, str]]:
    """Decode pair by pair; note and escape one that is no text in the charset."""
    python_codec = codec(charset)
    for name, value in pairs:
        try:
            yield name.decode(python_codec), value.decode(python_codec)
        except UnicodeDecodeError:
            defect = undecodable(name, value, charset)
            found.append(Irregularity(defect.code, f"{defect.name}: {defect.text}"))
            yield (
                name.decode(python_codec, "backslashreplace"),
                value.decode(python_codec, "backslashreplace"),
            )


def _duplicates(params: tuple[tuple[str, str], ...]) -> Iterator[Irregularity]:
    """Yield the names that stand twice; two charsets that differ have their own code."""
    if len(dict(params)) == len(params):
        return
    values: dict[str, list[str]] = {}
    for name, value in params:
        values.setdefault(name, []).append(value)
    for name, given in values.items():
        if len(given) > 1 and not (name == _CHARSET and len(set(given)) > 1):
            shown = printable(name)
            yield Irregularity("name.duplicate", f"{shown} stands {len(given)} times")
