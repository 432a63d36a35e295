"""The pre-sign string: the one text that both sides sign.

Rules (``docs.antom.com/ac/web/signing``; proved by every published signature that reproduces):

1. leave out ``sign`` and ``sign_type``, and every parameter without a value;
2. sort by name in ASCII byte order: digits, capitals, ``_`` (0x5F), small letters;
3. join ``name=value`` with ``&``: values raw, never URL-encoded, nothing trimmed, no ``&`` at the end;
4. encode the whole text in ``_input_charset``, which is itself one of the signed parameters.

This is the only canonicalisation of the project: whatever is signed or verified passes through here.
"""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Final

from alipay_qr.errors import Unencodable, UnknownCharset

Params = Mapping[str, str | None] | Iterable[tuple[str, str | None]]
"""Parameters of a message: a mapping, or pairs where a name may stand twice."""

UNSIGNED: Final = frozenset({"sign", "sign_type"})

CHARSETS: Final = {"UTF-8": "utf-8", "GBK": "gbk", "GB2312": "gb2312"}
"""The protocol's charsets and Python's names for them."""

_CODECS: Final = {spelling: codec for name, codec in CHARSETS.items() for spelling in (name, name.lower())}


def presign_text(params: Params) -> str:
    """Return the pre-sign string of ``params`` as text.

    Names sort by code point, which is ASCII byte order for every name of the protocol. Of a name that
    stands twice both pairs are kept in their given order (inferred: the sources are silent).
    """
    pairs = params.items() if hasattr(params, "items") else params
    signed = [(name, value) for name, value in pairs if value and name not in UNSIGNED]
    signed.sort(key=itemgetter(0))
    return "&".join(map("=".join, signed))


def presign(params: Params, charset: str = "UTF-8") -> bytes:
    """Return the pre-sign string of ``params`` as the bytes that are signed.

    Args:
        params: the message; ``sign``, ``sign_type``, ``None`` and empty values are left out.
        charset: ``_input_charset``: UTF-8, GBK or GB2312, in any letter case.

    Raises:
        UnknownCharset: ``charset`` is none of the three.
        Unencodable: a character does not exist in ``charset``. It is never replaced: a replaced
            character would sign, and charge, something that nobody wrote.
    """
    return encode(presign_text(params), charset)


def codec(charset: str) -> str:
    """Return Python's name for a charset of the protocol, in any letter case."""
    found = _CODECS.get(charset) or CHARSETS.get(charset.upper())
    if found is None:
        raise UnknownCharset(
            f"charset {charset[:40]!r} is not one of {', '.join(CHARSETS)}",
            code="charset.unknown",
            hint="set _input_charset to UTF-8",
        )
    return found


def encode(text: str, charset: str) -> bytes:
    """Return ``text`` in a charset of the protocol, or raise `Unencodable` with the place of the fault."""
    try:
        return text.encode(codec(charset))
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise Unencodable(
            f"character U+{ord(character):04X} at position {error.start} does not exist in {charset.upper()}",
            code="charset.unencodable",
            hint="use _input_charset=UTF-8, or leave the character out",
        ) from None
