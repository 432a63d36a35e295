"""What a request that arrived garbled was meant to say.

A form that is encoded in another charset, twice, or with a bare ``+`` changes every value on its way. Judged
as it arrived it would break a dozen rules; what was broken is one. The signature tells: where it holds over
the values read in another way, that is how they were meant, and the other rules judge what was meant.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from alipay_qr.errors import AlipayQrError
from alipay_qr.presign import CHARSETS, codec, presign
from alipay_qr.signing import Verifier
from alipay_qr.wire import Reading, Request, split_form

Pairs = list[tuple[str, str]]

_ENCODED: Final = re.compile(rb"(?:[A-Za-z0-9_.~*+-]|%[0-9A-Fa-f]{2})*")
"""What is left of a value that was encoded twice, once it is decoded."""


class Meant(NamedTuple):
    """The reading that the signature proves; ``key`` names the sentence that says what went wrong."""

    key: str
    found: str
    reading: Reading


def meant(request: Request, reading: Reading, verifier: Verifier | None) -> Meant | None:
    """Return what a request was meant to say, if its signature holds for that and not for what arrived.

    Args:
        request: as it arrived.
        reading: what it says as it arrived.
        verifier: of the merchant's signatures; None where its key is not known.
    """
    as_read = dict(reading.params)
    if verifier is None or _holds(verifier, list(as_read.items()), reading.charset):
        return None
    for key, found, pairs in _other_readings(request, reading.charset):
        if (
            len(dict(pairs)) == len(pairs)
            and dict(pairs) != as_read
            and _holds(verifier, pairs, reading.charset)
        ):
            return Meant(key, found, Reading(tuple(pairs), reading.charset, reading.irregularities))
    return None


def _holds(verifier: Verifier, pairs: Pairs, charset: str) -> bool:
    sign = dict(pairs).get("sign")
    if not sign:
        return False
    try:
        return verifier.verify(presign(pairs, charset), sign)
    except AlipayQrError:
        return False


def _other_readings(request: Request, charset: str) -> Iterator[tuple[str, str, Pairs]]:
    query, body = request.query, request.body
    as_sent = _without_repetition([*split_form(query), *split_form(body)])
    bare_plus = [*split_form(query.replace(b"+", b"%2B")), *split_form(body.replace(b"+", b"%2B"))]
    readings = [("request.encoded-in", other, as_sent, other) for other in CHARSETS if other != charset]
    if all(_ENCODED.fullmatch(value) for _, value in as_sent):
        twice = [(name, unquote_to_bytes(value)) for name, value in as_sent]
        readings.append(("request.encoded-twice", "", twice, charset))
    readings.append(("request.plus-raw", "", _without_repetition(bare_plus), charset))
    for key, found, pairs, read_in in readings:
        try:
            there = codec(read_in)
            yield key, found, [(name.decode(there), value.decode(there)) for name, value in pairs]
        except UnicodeDecodeError:
            continue


def _without_repetition(pairs: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Keep an ``_input_charset`` that stands in query and body once."""
    return list(dict.fromkeys(pairs))
