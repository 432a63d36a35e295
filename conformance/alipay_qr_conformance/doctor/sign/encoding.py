"""What the value of ``sign`` is made of, whatever was done to it on the way.

The text of a sign says a good deal by itself: its length and alphabet tell the hash or the key size, and
nearly everything that spoils it (capitals, a blank for ``+``, base64 twice) can be undone. So the form is
not searched for: it is read, and each `Reading` names the mistakes that were undone to get there.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

from alipay_qr_conformance.doctor.mistakes import mistake
from alipay_qr_conformance.doctor.mistakes.signature import HEX, MD5_HEX, UNDO, decoded
from alipay_qr_conformance.doctor.model import Mistake

_MAX: Final = 8 * 1024
_DIGESTS: Final = {16: "md5", 20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
_MODULUS: Final = frozenset({128, 192, 256, 384, 512})
_SHORT: Final = 16
_STEPS: Final = 3


class Reading(NamedTuple):
    """One way to read a sign: as a digest (``data`` in hash ``name``, or ``accepts``), or as an RSA value."""

    kind: Literal["digest", "rsa"]
    mistakes: tuple[Mistake, ...]
    data: bytes
    name: str = ""
    accepts: Callable[[bytes], bool] | None = None


def readings(sign: str) -> list[Reading]:
    """Return every way to read ``sign``, the ways with the fewest mistakes first."""
    if len(sign) > _MAX:
        return []
    found: dict[tuple[str, bytes, str], Reading] = {}
    for text, mistakes in _unwrapped(sign):
        for reading in _terminal(text):
            whole = reading._replace(mistakes=mistakes + reading.mistakes)
            key = (whole.kind, whole.data, whole.name)
            if key not in found or len(whole.mistakes) < len(found[key].mistakes):
                found[key] = whole
    return sorted(found.values(), key=lambda reading: len(reading.mistakes))


def _unwrapped(sign: str) -> Iterator[tuple[str, tuple[Mistake, ...]]]:
    seen = {sign}
    level: list[tuple[str, tuple[Mistake, ...]]] = [(sign, ())]
    for _ in range(_STEPS + 1):
        yield from level
        deeper = []
        for text, mistakes in level:
            for id_, step in UNDO:
                other = step(text)
                if other and other not in seen:
                    seen.add(other)
                    deeper.append((other, (*mistakes, mistake(id_))))
        level = deeper


def _terminal(text: str) -> Iterator[Reading]:
    if HEX.fullmatch(text):
        yield from _hex(text, ())
    parts = re.split(r"[-: ]", text)
    if len(parts) in _DIGESTS and all(re.fullmatch(r"[0-9a-fA-F]{2}", part) for part in parts):
        yield from _hex("".join(parts), (mistake("form.hex-separated"),))
    if (data := decoded(text)) is not None:
        if len(data) in _DIGESTS:
            yield Reading("digest", (mistake("form.base64-digest"),), data, _DIGESTS[len(data)])
        if len(data) in _MODULUS:
            yield Reading("rsa", (), data)
            yield Reading("rsa", (mistake("form.reversed"),), data[::-1])


def _hex(text: str, before: tuple[Mistake, ...]) -> Iterator[Reading]:
    mistakes = before if text == text.lower() else (*before, mistake("form.hex-case"))
    if len(text) % 2 == 0:
        data = bytes.fromhex(text)
        if len(data) in _DIGESTS:
            yield Reading("digest", mistakes, data, _DIGESTS[len(data)])
        if len(data) in _MODULUS:
            yield Reading("rsa", (*mistakes, mistake("form.rsa-hex")), data)
    small = text.lower()
    if len(text) == _SHORT:
        yield Reading(
            "digest",
            (*mistakes, mistake("form.short")),
            small.encode(),
            "md5",
            lambda digest: digest.hex()[8:24] == small or digest.hex()[:16] == small,
        )
    if _SHORT < len(text) < MD5_HEX:
        yield Reading(
            "digest", (*mistakes, mistake("form.zeros-lost")), small.encode(), "md5", _short_hex(small)
        )
    elif len(text) > MD5_HEX and "ffffff" in small:
        yield Reading(
            "digest", (*mistakes, mistake("form.sign-extended")), small.encode(), "md5", _extended(small)
        )


def _short_hex(text: str) -> Callable[[bytes], bool]:
    def accepts(digest: bytes) -> bool:
        return text in (digest.hex().lstrip("0"), "".join(f"{byte:x}" for byte in digest))

    return accepts


def _extended(text: str) -> Callable[[bytes], bool]:
    """Java's ``Integer.toHexString`` of a signed byte: ffffff before every byte from 80 on."""

    def accepts(digest: bytes) -> bool:
        return text in (
            "".join(f"ffffff{byte:02x}" if byte > 0x7F else f"{byte:x}" for byte in digest),  # noqa: PLR2004 (the sign bit)
            "".join(f"ffffff{byte:02x}" if byte > 0x7F else f"{byte:02x}" for byte in digest),  # noqa: PLR2004 (the sign bit)
        )

    return accepts
