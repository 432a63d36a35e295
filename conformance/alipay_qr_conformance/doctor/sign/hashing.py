"""From the finished bytes to the digest: how the key is attached, which key, which hash.

An `Attachment` is one way of doing that. For MD5 nearly all of them append something to the text, so the
search hashes a text once and tries every suffix on a copy. For RSA the key and the outer hash are read out of
the signature itself (see ``rsa``); what is left is what was hashed before signing.

``shown`` is the attachment as it may be printed: ``{text}`` for the text, `KEY_MARK` for whatever key it was.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import combinations, product
from typing import Final, NamedTuple

from alipay_qr_conformance.doctor.mistakes import mistake
from alipay_qr_conformance.doctor.mistakes.hash import DIGEST_FORMS, DIGESTS, Compute, Hash, NewHash, new_hash
from alipay_qr_conformance.doctor.mistakes.key import JOININGS, MD5_IN_RSA, WrongKey, wrong_keys
from alipay_qr_conformance.doctor.model import KEY_MARK, Mistake

_RIGHT: Final = "{t}{k}"
_JOININGS: Final = [
    (pattern, mistake("key.joined", pattern.format(t="text", k="key"), extra)) for pattern, extra in JOININGS
]
_DIGESTS: Final = [(kind, mistake(f"digest.{kind.partition('-')[0]}", kind)) for kind in DIGESTS if kind]


class Attachment(NamedTuple):
    """One way from bytes to digest; ``suffix`` is set where it only appends, else ``digest`` does it all."""

    mistakes: tuple[Mistake, ...]
    cost: int
    suffix: bytes | None
    digest: Callable[[bytes], bytes]
    shown: str


class Md5Attachments:
    """The attachments of a shared key and one hash, by their number of mistakes (0 to 3)."""

    def __init__(self, key: str, partner: str, others: tuple[tuple[str, str], ...], new: NewHash) -> None:
        self._given = key, partner, others
        self._right = key.encode()
        self._new = new
        self._made: dict[int, list[Attachment]] = {}

    @cached_property
    def _keys(self) -> list[tuple[bytes, Mistake | None]]:
        return [
            (wrong.key, mistake(wrong.id, wrong.detail))
            for wrong in _distinct(wrong_keys(*self._given), self._right)
        ]

    def __call__(self, size: int) -> list[Attachment]:
        """Return the attachments that are made of ``size`` mistakes, the most frequent first."""
        found = self._made.get(size)
        if found is None:
            found = self._made[size] = sorted(self._make(size), key=lambda attachment: attachment.cost)
        return found

    def _make(self, size: int) -> Iterator[Attachment]:
        """Yield the products of ``size`` departures on the three axes key, joining, digest."""
        for axes in combinations(("key", "join", "digest"), size):
            keys = self._keys if "key" in axes else [(self._right, None)]
            patterns = _JOININGS if "join" in axes else [(_RIGHT, None)]
            kinds = _DIGESTS if "digest" in axes else [("", None)]
            for (key, wrong), (pattern, joined), (kind, hashed) in product(keys, patterns, kinds):
                attached = pattern != _RIGHT or kind.startswith(("hmac", "inner"))
                if (attached and not key) or (kind == "hmac" and joined is not None):
                    continue
                mistakes = tuple(each for each in (wrong, joined, hashed) if each is not None)
                yield _attachment(mistakes, key, pattern, kind, self._new)


def _attachment(
    mistakes: tuple[Mistake, ...], key: bytes, pattern: str, kind: str, new: NewHash
) -> Attachment:
    before, after = (part.encode().replace(b"{k}", key) for part in pattern.split("{t}"))
    shown = pattern.replace("{t}", "{text}").replace("{k}", KEY_MARK) if key else "{text}"
    cost = sum(each.cost for each in mistakes)
    if not kind and not before:
        return Attachment(mistakes, cost, after, lambda data: new(data + after).digest(), shown)
    compute, form = DIGESTS[kind](new, before, after, key)
    return Attachment(mistakes, cost, None, compute, form.format(shown))


class RsaAttachments:
    """The attachments of an RSA signature: the text, a digest of it, or the text and the MD5 key."""

    def __init__(self, new: NewHash, md5_key: str | None) -> None:
        self._new = new
        self._md5_key = md5_key

    def __call__(self, size: int) -> list[Attachment]:
        """Return the attachments that are made of ``size`` mistakes."""
        new, keyed = self._new, self._appended(self._new, self._md5_key)
        match size:
            case 0:
                return [Attachment((), 0, b"", lambda data: new(data).digest(), "{text}")]
            case 1:
                return [*self._digests(new, b"", (), "{text}"), *keyed]
            case 2:
                return [
                    attachment
                    for each in keyed
                    for attachment in self._digests(new, each.suffix or b"", each.mistakes, each.shown)
                ]
            case _:
                return []

    @staticmethod
    def _digests(new: NewHash, after: bytes, before: tuple[Mistake, ...], text: str) -> Iterator[Attachment]:
        for name in ("md5", "sha1", "sha256"):
            for form, change in DIGEST_FORMS:
                wrong = mistake("digest.of-digest", f"{form}({name})")
                compute = _of_digest(new, new_hash(name), change, after)
                cost = wrong.cost + sum(each.cost for each in before)
                yield Attachment((*before, wrong), cost, None, compute, f"{form}({name}({text}))")

    @staticmethod
    def _appended(new: NewHash, md5_key: str | None) -> Iterator[Attachment]:
        for pattern in MD5_IN_RSA if md5_key else ():
            after = f"{pattern}{md5_key}".encode()
            wrong = mistake("key.md5-in-rsa", f"text{pattern}key")
            yield Attachment(
                (wrong,), wrong.cost, after, _suffixed(new, after), "{text}" + pattern + KEY_MARK
            )


def _suffixed(new: NewHash, after: bytes) -> Compute:
    return lambda data: new(data + after).digest()


def _of_digest(new: NewHash, inner: NewHash, change: Callable[[Hash], bytes], after: bytes) -> Compute:
    return lambda data: new(change(inner(data + after))).digest()


def _distinct(keys: Iterator[WrongKey], right: bytes) -> Iterator[WrongKey]:
    seen = {right}
    for each in keys:
        if each.key not in seen:
            seen.add(each.key)
            yield each
