"""From the finished bytes to the digest: how the key is attached, which key, which hash.

A `Seal` is one way of doing that. For MD5 nearly all of them append something to the text, so the search
hashes a text once and tries every suffix on a copy. For RSA the key and the outer hash are read out of the
signature itself (see ``rsa``); what is left is what was hashed before signing.

``shown`` is the seal as it may be printed: ``{text}`` for the text, `KEY_MARK` for whatever key was used.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Final, NamedTuple, Protocol

from alipay_qr_conformance.doctor.model import KEY_MARK, Mistake
from alipay_qr_conformance.doctor.rows import ROWS


class Hash(Protocol):
    """The part of a hashlib object that the search uses."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        ...

    def copy(self) -> "Hash":
        """Return an independent copy."""
        ...

    def digest(self) -> bytes:
        """Return the digest of what was taken in so far."""
        ...

    def hexdigest(self) -> str:
        """Return the digest in small hex digits."""
        ...


NewHash = Callable[[bytes], Hash]


class Seal(NamedTuple):
    """One way from bytes to digest; ``suffix`` is set where it only appends, else ``digest`` does it all."""

    mistakes: tuple[Mistake, ...]
    cost: int
    suffix: bytes | None
    digest: Callable[[bytes], bytes]
    shown: str


class KeyText(NamedTuple):
    """Something that may have been used as the MD5 key, and what it is."""

    id: str
    detail: str
    key: bytes
    extra: int = 0


PUBLISHED_KEYS: Final = (
    ("chloerei/alipay, tests", "10000000000000000000000000000000"),
    ("chloerei/alipay, tests", "20000000000000000000000000000000"),
)
"""MD5 keys printed in public code, and where they stand; the account's test key comes from ``account``."""

_PATTERNS: Final = (
    ("{t}{k}", 0),
    ("{t}&{k}", 0),
    ("{t}&key={k}", 0),
    ("{k}{t}", 0),
    ("{k}{t}{k}", 1),
    ("{k}&{t}", 1),
    ("key={k}&{t}", 2),
    ("{t}key={k}", 1),
    ("{t}={k}", 2),
    ("{t} {k}", 1),
    ("{t}\n{k}", 1),
    ("{t}\r\n{k}", 2),
    ("{t}+{k}", 2),
    ("{t}|{k}", 2),
    ("{t},{k}", 2),
    ("{t};{k}", 3),
    ("{t}?{k}", 3),
    ("{t}#{k}", 3),
    ("{t}&sign={k}", 2),
    ("{t}&secret={k}", 2),
    ("{t}&md5_key={k}", 2),
    ("{t}&sign_key={k}", 2),
    ("{t}&app_key={k}", 3),
    ("{t}&api_key={k}", 3),
)


def new_hash(name: str) -> NewHash:
    """Return the constructor of a hash for protocol purposes; see ``alipay_qr.signing`` on MD5 and SHA-1."""

    def make(data: bytes) -> Hash:
        return hashlib.new(name, data, usedforsecurity=False)

    if name == "md5":
        return lambda data: hashlib.md5(data, usedforsecurity=False)
    if name == "sha1":
        return lambda data: hashlib.sha1(data, usedforsecurity=False)
    return hashlib.sha256 if name == "sha256" else make


def key_texts(key: str, partner: str, others: tuple[tuple[str, str], ...]) -> Iterator[KeyText]:
    """Yield what else may have been used as the key: the key spoilt, or another secret in its place."""
    for detail, around in (
        ("\\n", key + "\n"),
        ("' '", key + " "),
        ("\\r\\n", key + "\r\n"),
        ("\\t", key + "\t"),
        ("' ' before", " " + key),
        ("\\n before", "\n" + key),
        ("' ' around", f" {key} "),
        ("\\t before", "\t" + key),
        ("BOM", "\ufeff" + key),
        ("NUL", key + "\0"),
        ("U+200B", key + "\u200b"),
        ("U+00A0", key + "\u00a0"),
    ):
        yield KeyText("key.blank", detail, around.encode())
    yield KeyText("key.missing", "", b"")
    yield KeyText("key.quoted", '"', f'"{key}"'.encode())
    yield KeyText("key.quoted", "'", f"'{key}'".encode())
    yield KeyText("key.case", "upper", key.upper().encode())
    yield KeyText("key.case", "lower", key.lower().encode())
    if partner:
        yield KeyText("key.partner", partner, partner.encode())
    for text in ("null", "None", "undefined", "key", "MD5", "false"):
        yield KeyText("key.null", text, text.encode())
    yield KeyText("key.truncated", "last", key[:-1].encode())
    yield KeyText("key.truncated", "first", key[1:].encode())
    yield KeyText("key.doubled", "", (key + key).encode())
    data = key.encode()
    yield KeyText("key.encoded", "MD5", hashlib.md5(data, usedforsecurity=False).hexdigest().encode())
    yield KeyText("key.encoded", "base64", base64.b64encode(data))
    yield KeyText("key.encoded", "hex", data.hex().encode())
    for label, other in others:
        if other:
            yield KeyText("key.other", label, other.encode())


class Md5Seals:
    """The seals of a shared key and one hash; called with a number of mistakes (0 to 3), it makes those."""

    def __init__(self, key: str, partner: str, others: tuple[tuple[str, str], ...], new: NewHash) -> None:
        right = key.encode()
        self._keys = [
            (text.key, Mistake(text.id, text.detail, ROWS[text.id].cost + text.extra))
            for text in _distinct(key_texts(key, partner, others), right)
        ]
        self._right = right
        self._new = new
        self._made: dict[int, list[Seal]] = {}

    def __call__(self, size: int) -> list[Seal]:
        """Return the seals that are made of ``size`` mistakes, the most frequent first."""
        found = self._made.get(size)
        if found is None:
            found = self._made[size] = sorted(self._make(size), key=lambda seal: seal.cost)
        return found

    def _make(self, size: int) -> Iterator[Seal]:
        """Yield the products of ``size`` departures on the three axes key, joining, digest."""
        for axes in combinations(("key", "join", "digest"), size):
            keys = self._keys if "key" in axes else [(self._right, None)]
            patterns = _JOINS if "join" in axes else [("{t}{k}", None)]
            kinds = _KINDS if "digest" in axes else [("", None)]
            for (key, wrong), (pattern, joined), (kind, hashed) in product(keys, patterns, kinds):
                attached = pattern != "{t}{k}" or kind.startswith(("hmac", "inner"))
                if (attached and not key) or (kind == "hmac" and joined is not None):
                    continue
                mistakes = tuple(each for each in (wrong, joined, hashed) if each is not None)
                yield _seal(mistakes, key, pattern, kind, self._new)


def _seal(mistakes: tuple[Mistake, ...], key: bytes, pattern: str, kind: str, new: NewHash) -> Seal:
    before, after = (part.encode().replace(b"{k}", key) for part in pattern.split("{t}"))
    shown = pattern.replace("{t}", "{text}").replace("{k}", KEY_MARK) if key else "{text}"
    cost = sum(mistake.cost for mistake in mistakes)
    if not kind and not before:
        return Seal(mistakes, cost, after, lambda data: new(data + after).digest(), shown)
    compute, form = _DIGESTS[kind](new, before, after, key)
    return Seal(mistakes, cost, None, compute, form.format(shown))


Compute = Callable[[bytes], bytes]


def _plain(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(before + data + after).digest(), "{}"


def _hmac(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del before, after
    name = new(b"").name  # type: ignore[attr-defined]  # every hashlib object has one
    return lambda data: hmac.digest(key, data, name), "HMAC({{text}}, " + KEY_MARK + ")"


def _hmac_key(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    name = new(b"").name  # type: ignore[attr-defined]  # every hashlib object has one
    return lambda data: hmac.digest(key, before + data + after, name), "HMAC({}, " + KEY_MARK + ")"


def _twice(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(new(before + data + after).hexdigest().encode()).digest(), "hex(H({}))"


def _twice_raw(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(new(before + data + after).digest()).digest(), "H({})"


def _inner(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(before + new(data).hexdigest().encode() + after).digest(), "{} with hex(H(text))"


def _inner_upper(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(
        before + new(data).hexdigest().upper().encode() + after
    ).digest(), "{} with HEX(H(text))"


_DIGESTS: Final[dict[str, Callable[[NewHash, bytes, bytes, bytes], tuple[Compute, str]]]] = {
    "": _plain,
    "hmac": _hmac,
    "hmac-key": _hmac_key,
    "twice": _twice,
    "twice-raw": _twice_raw,
    "inner": _inner,
    "inner-upper": _inner_upper,
}


class RsaSeals:
    """The seals of an RSA signature: hashed is the text, or a digest of it, or the text and the MD5 key."""

    def __init__(self, new: NewHash, md5_key: str | None) -> None:
        self._sizes = (
            [Seal((), 0, b"", lambda data: new(data).digest(), "{text}")],
            [*self._digests(new, b"", (), "{text}"), *self._appended(new, md5_key)],
            [
                seal
                for keyed in self._appended(new, md5_key)
                for seal in self._digests(new, keyed.suffix or b"", keyed.mistakes, keyed.shown)
            ],
        )

    def __call__(self, size: int) -> list[Seal]:
        """Return the seals that are made of ``size`` mistakes."""
        return self._sizes[size] if size < len(self._sizes) else []

    @staticmethod
    def _digests(new: NewHash, after: bytes, before: tuple[Mistake, ...], text: str) -> Iterator[Seal]:
        for name in ("md5", "sha1", "sha256"):
            for form, change in _FORMS:
                mistake = Mistake("digest.of-digest", f"{form}({name})", ROWS["digest.of-digest"].cost)
                compute = _of_digest(new, new_hash(name), change, after)
                cost = mistake.cost + sum(each.cost for each in before)
                yield Seal((*before, mistake), cost, None, compute, f"{form}({name}({text}))")

    @staticmethod
    def _appended(new: NewHash, md5_key: str | None) -> Iterator[Seal]:
        for pattern in ("", "&", "&key=") if md5_key else ():
            after = f"{pattern}{md5_key}".encode()
            mistake = Mistake("key.md5-in-rsa", f"text{pattern}key", ROWS["key.md5-in-rsa"].cost)
            yield Seal((mistake,), mistake.cost, after, _suffixed(new, after), "{text}" + pattern + KEY_MARK)


def _suffixed(new: NewHash, after: bytes) -> Compute:
    return lambda data: new(data + after).digest()


def _of_digest(new: NewHash, inner: NewHash, change: Callable[[Hash], bytes], after: bytes) -> Compute:
    return lambda data: new(change(inner(data + after))).digest()


_FORMS: Final[tuple[tuple[str, Callable[[Hash], bytes]], ...]] = (
    ("hex", lambda found: found.hexdigest().encode()),
    ("raw", lambda found: found.digest()),
    ("HEX", lambda found: found.hexdigest().upper().encode()),
    ("base64", lambda found: base64.b64encode(found.digest())),
)


def _distinct(texts: Iterator[KeyText], right: bytes) -> Iterator[KeyText]:
    seen = {right}
    for text in texts:
        if text.key not in seen:
            seen.add(text.key)
            yield text


_JOINS: Final = [
    (pattern, Mistake("key.joined", pattern.format(t="text", k="key"), ROWS["key.joined"].cost + rare))
    for pattern, rare in _PATTERNS
    if pattern != "{t}{k}"
]
_KINDS: Final = [
    (kind, Mistake(f"digest.{kind.partition('-')[0]}", kind, ROWS[f"digest.{kind.partition('-')[0]}"].cost))
    for kind in _DIGESTS
    if kind
]
