"""Which rule does a wrong pre-sign text really break?

A subject that URL-encodes values signs a blank, a quote and a Chinese character wrongly, yet it breaks one
rule, not four. Before a case accuses its own requirement, it asks here whether one common mistake explains
the whole text: then the requirement of that mistake has cases of its own, which find it for certain, and
this case is not judged. Two mistakes at once are explained by nothing, and every case speaks for itself.
"""

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from alipay_qr.presign import CHARSETS, codec

Pairs = Sequence[tuple[str, str | None]]
Kept = list[tuple[str, str]]


def blamed(
    params: Pairs, charset: str, matches: Callable[[bytes], bool], *, charsets: bool = True
) -> set[str]:
    """Return the requirements whose usual breach gives a text that ``matches``.

    Args:
        params: the message, with empty and missing values.
        charset: the charset that it should be signed in.
        matches: says whether given bytes are what the subject signed.
        charsets: try other charsets too.
    """
    breaches = _breaches(tuple((name, value) for name, value in params), charset, charsets=charsets)
    return {requirement for requirement, data in breaches if matches(data)}


@lru_cache(maxsize=4)
def _breaches(
    params: tuple[tuple[str, str | None], ...], charset: str, *, charsets: bool
) -> tuple[tuple[str, bytes], ...]:
    """Return the usual breaches, each with its text: a case that fails is tried again."""
    return tuple(dict.fromkeys(_candidates(params, charset, charsets=charsets)))


def _candidates(params: Pairs, charset: str, *, charsets: bool) -> Iterator[tuple[str, bytes]]:
    right = _text(_kept(params))
    for requirement, text in _texts(params):
        if text != right:
            try:
                yield requirement, text.encode(codec(charset))
            except UnicodeEncodeError:
                continue
    for other in CHARSETS if charsets else ():
        data = right.encode(codec(other), "replace")
        if other != charset and not right.isascii():
            yield "sign.charset", data
    if charset == "UTF-8" and not right.isascii():
        yield "sign.charset", _cesu8(right)
    whole = right.encode(codec(charset), "ignore")
    for length in _BUFFERS:
        if len(whole) > length:
            yield "sign.every-parameter", whole[:length]


def _texts(params: Pairs) -> Iterator[tuple[str, str]]:
    yield from _other_parameters(params)
    kept = _kept(params)
    for requirement, change in _VALUES:
        yield requirement, _text([(name, change(value)) for name, value in kept])
    yield "sign.value.raw", quote(_text(kept), safe="")
    for encode in (quote, quote_plus, lambda text: quote(text, safe="")):
        yield "sign.value.raw", _join([(encode(name), encode(value)) for name, value in sorted(kept)])
        yield "sign.value.raw", _text([(encode(name), encode(value)) for name, value in kept])
    yield from (("sign.order", _join(order(kept))) for order in _ORDERS)
    yield "sign.order", _join([(name, value or "") for name, value in params if (name, value) in kept])
    yield from (("sign.join", join(sorted(kept))) for join in _JOINS)
    for length in _LENGTHS:
        if any(len(value) > length for _, value in kept):
            yield "sign.every-parameter", _text([(name, value[:length]) for name, value in kept])


def without_one(params: Pairs) -> Iterator[str]:
    """Yield the texts in which one pair is left out."""
    kept = sorted(_kept(params))
    yield from (_join(kept[:place] + kept[place + 1 :]) for place in range(len(kept)))


def _cesu8(text: str) -> bytes:
    """Return UTF-8 in which a character beyond U+FFFF is a pair of surrogates, as old Java writes it."""
    units = text.encode("utf-16-be")
    pairs = (int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2))
    return "".join(map(chr, pairs)).encode("utf-8", "surrogatepass")


def _other_parameters(params: Pairs) -> Iterator[tuple[str, str]]:
    for names in (("sign",), ("sign_type",), ()):
        yield "sign.exclude", _text([(k, v) for k, v in params if v and k not in names])
    signed = [(k, v) for k, v in params if k not in {"sign", "sign_type"}]
    yield "sign.empty", _text([(k, v) for k, v in signed if v is not None])
    for word in ("null", "None", ""):
        yield "sign.null", _text([(k, word if v is None else v) for k, v in signed if v != ""])
    yield "sign.empty", _text([(k, v or "") for k, v in signed])
    yield "sign.value.whitespace", _text([(k, v) for k, v in signed if v and v.strip()])
    yield "sign.value.falsy", _text([(k, v) for k, v in signed if v and v != "0"])


def _kept(params: Pairs) -> Kept:
    return [(name, value) for name, value in params if value and name not in {"sign", "sign_type"}]


def _text(pairs: Kept) -> str:
    return _join(sorted(pairs))


def _join(pairs: Kept) -> str:
    return "&".join(f"{name}={value}" for name, value in pairs)


def _json_again(value: str) -> str:
    try:
        found = json.loads(value) if value[:1] in {"{", "["} else None
    except (ValueError, RecursionError):
        return value
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else value


def _without_zeros(value: str) -> str:
    whole, point, cents = value.partition(".")
    if not point or not (whole + cents).isdecimal():
        return value
    return f"{whole}.{cents.rstrip('0')}".removesuffix(".")


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]


_VALUES: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("sign.value.raw", lambda value: quote(value, safe="")),
    ("sign.value.raw", quote),
    ("sign.value.raw", quote_plus),
    ("sign.value.raw", unquote),
    ("sign.value.raw", unquote_plus),
    ("sign.value.raw", html.escape),
    ("sign.value.raw", lambda value: html.escape(value, quote=False)),
    ("sign.value.raw", html.unescape),
    ("sign.value.raw", lambda value: re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)),
    ("sign.value.raw", lambda value: re.sub(r"([\\'\"])", r"\\\1", value)),
    ("sign.value.whitespace", str.strip),
    ("sign.value.whitespace", lambda value: re.sub(r"\s+", " ", value)),
    ("sign.value.whitespace", lambda value: re.sub(r"\s", "", value)),
    ("sign.value.whitespace", lambda value: value.replace("\r\n", "\n")),
    ("sign.value.verbatim", lambda value: unicodedata.normalize("NFC", value)),
    ("sign.value.verbatim", lambda value: unicodedata.normalize("NFKC", value)),
    ("sign.value.verbatim", _json_again),
    ("sign.value.verbatim", _without_zeros),
)
_LENGTHS: Final = (255, 256, 1000, 1024, 2000, 2048, 4096)
"""Where values are cut, in characters."""
_BUFFERS: Final = (1024, 2048, 4096, 8192)
"""Where texts are cut, in bytes."""
_ORDERS: Final[tuple[Callable[[Kept], Kept], ...]] = (
    lambda pairs: sorted(pairs, reverse=True),
    lambda pairs: sorted(pairs, key=lambda pair: pair[0].lower()),
    lambda pairs: sorted(pairs, key=lambda pair: (pair[0].replace("_", "").lower(), pair[0])),
    lambda pairs: sorted(pairs, key=lambda pair: (pair[0].replace("_", ""), pair[0])),
    lambda pairs: sorted(pairs, key=lambda pair: (pair[0] != "_input_charset", pair[0])),
    lambda pairs: sorted(pairs, key=lambda pair: _natural(pair[0])),
    lambda pairs: sorted(pairs, key=lambda pair: f"{pair[0]}={pair[1]}"),
)
_JOINS: Final[tuple[Callable[[Kept], str], ...]] = (
    lambda pairs: f"{_join(pairs)}&",
    lambda pairs: f"&{_join(pairs)}",
    lambda pairs: f"?{_join(pairs)}",
    lambda pairs: "& ".join(f"{name}={value}" for name, value in pairs),
    lambda pairs: "".join(f"{name}={value}" for name, value in pairs),
    lambda pairs: ",".join(f"{name}={value}" for name, value in pairs),
    lambda pairs: ";".join(f"{name}={value}" for name, value in pairs),
    lambda pairs: "\n".join(f"{name}={value}" for name, value in pairs),
    lambda pairs: "&".join(f'{name}="{value}"' for name, value in pairs),
    lambda pairs: "&".join(f"{name}:{value}" for name, value in pairs),
    lambda pairs: "".join(f"{name}{value}" for name, value in pairs),
    lambda pairs: "&".join(value for _, value in pairs),
)
