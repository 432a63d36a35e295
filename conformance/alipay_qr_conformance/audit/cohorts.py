"""A wrong sign -> the mistake that makes it: searched once, then recognised by one hash.

A merchant makes the same mistake in every message. Once the doctor has explained one, the usual ways to
make that mistake are tried on it; the way that reproduces its sign is tried first on what follows. A
recording in which every sign is wrong in one way costs one search, and one in a thousand ways a bounded
number.
"""

import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from alipay_qr.errors import AlipayQrError
from alipay_qr.signing import Verifier
from alipay_qr_conformance.audit.accounts import Account
from alipay_qr_conformance.audit.kit import WrongSign, explain_params

MOST_SEARCHES: Final = 40
"""Searches of the doctor in one part of the recording."""
MOST_IN_VAIN: Final = 8
"""Searches without a result, after which the doctor is not asked about this part again."""
BUDGET: Final = 20_000
"""Hypotheses of one search: some 50 ms."""


class Wrong(NamedTuple):
    """A request whose form is right and whose sign is not, as it came.

    Attributes:
        sent: its pairs in the order in which they came, still encoded.
        signed: those that are signed, sorted, still encoded.
        sign, sign_type: decoded.
    """

    account: Account
    groups: dict[str, str | None]
    sent: Sequence[str]
    signed: Sequence[str]
    sign: str
    sign_type: str


class Explained(NamedTuple):
    """The mistakes behind a wrong sign; ``ids`` is empty where none was found."""

    ids: str
    title: tuple[str, str] | None


UNEXPLAINED: Final = Explained("", None)


@dataclass(frozen=True)
class _Way:
    """One usual way to sign wrongly: the text, and for MD5 how the key is attached and the digest written."""

    text: Callable[[Wrong], bytes]
    seal: Callable[[bytes, bytes], bytes] = lambda text, key: text + key
    upper: bool = False

    def makes(self, wrong: Wrong, md5_key: bytes | None, verifier: Verifier | None) -> bool:
        """Say whether this way makes the sign of a message."""
        try:
            text = self.text(wrong)
        except UnicodeError:
            return False
        if wrong.sign_type == "MD5":
            if md5_key is None:
                return False
            digest = hashlib.md5(self.seal(text, md5_key), usedforsecurity=False).hexdigest()
            return (digest.upper() if self.upper else digest) == wrong.sign
        return verifier is not None and verifier.verify(text, wrong.sign)


def _decoded(pairs: Sequence[str]) -> bytes:
    return binascii.a2b_qp("&".join(pairs).encode("ascii").replace(b"=", b"%3D").translate(_TO_QP))


_TO_QP: Final = bytes.maketrans(b"%+", b"= ")


def _right(wrong: Wrong) -> bytes:
    return _decoded(wrong.signed)


def _with(name: str) -> Callable[[Wrong], bytes]:
    def text(wrong: Wrong) -> bytes:
        return _decoded(sorted([*wrong.signed, f"{name}={wrong.sign_type}"]))

    return text


def _as_sent(wrong: Wrong) -> bytes:
    return _decoded([each for each in wrong.sent if each.partition("=")[0] not in {"sign", "sign_type"}])


def _in(codec: str) -> Callable[[Wrong], bytes]:
    def text(wrong: Wrong) -> bytes:
        found = _right(wrong)
        for other in ("utf-8", "gbk"):
            if other != codec:
                return found.decode(other).encode(codec)
        return found

    return text


_WAYS: Final = (
    _Way(_as_sent),
    _Way(_with("sign_type")),
    _Way(lambda wrong: "&".join(wrong.signed).encode("ascii")),
    _Way(_right, lambda text, key: text + b"&key=" + key),
    _Way(_right, lambda text, key: text + b"&" + key),
    _Way(_right, lambda text, key: key + text),
    _Way(_right, lambda text, _key: text),
    _Way(_right, upper=True),
    _Way(lambda wrong: _decoded(wrong.signed[::-1])),
    _Way(lambda wrong: b"".join(map(_decoded, ([each] for each in wrong.signed)))),
    _Way(_in("gbk")),
    _Way(_in("utf-8")),
)


class Cohorts:
    """Explains the wrong signs of one part of the recording."""

    def __init__(self) -> None:
        self._ways: list[tuple[_Way, Explained]] = []
        self._searches = 0
        self._in_vain = 0

    def recognise(self, wrong: Wrong) -> Explained | None:
        """Return the explanation of a mistake that was met before, None where this is another."""
        if not self._ways:
            return None
        key = wrong.account.md5_key.encode() if wrong.account.md5_key else None
        verifier = (
            wrong.account.verifier(wrong.sign_type, received=False) if wrong.sign_type != "MD5" else None
        )
        for way, explained in self._ways:
            if way.makes(wrong, key, verifier):
                return explained
        return None

    def search(
        self, wrong_sign: WrongSign, account: Account, wrong: Wrong | None, *, received: bool
    ) -> Explained:
        """Return the doctor's explanation of a wrong sign, within the budget of the part."""
        if self._searches >= MOST_SEARCHES or self._in_vain >= MOST_IN_VAIN:
            return UNEXPLAINED
        self._searches += 1
        explained = _explained(wrong_sign, account, received=received)
        if not explained.ids:
            self._in_vain += 1
            return explained
        if wrong is not None and not received:
            key = account.md5_key.encode() if account.md5_key else None
            verifier = account.verifier(wrong.sign_type, received=False)
            found = [(way, explained) for way in _WAYS if way.makes(wrong, key, verifier)]
            self._ways += found[:1]
        return explained


def _explained(wrong_sign: WrongSign, account: Account, *, received: bool) -> Explained:
    keys = account.alipay if received else account.merchant
    try:
        diagnosis = explain_params(
            wrong_sign.params,
            wrong_sign.charset,
            wrong_sign.sign_type,
            wrong_sign.sign,
            md5_key=account.md5_key,
            public_key=keys.get(wrong_sign.sign_type),
            received=received,
            budget=BUDGET,
        )
    except AlipayQrError:
        return UNEXPLAINED
    if diagnosis.verdict != "explained":
        return UNEXPLAINED
    mistakes = diagnosis.mistakes
    return Explained(
        "+".join(each.id for each in mistakes),
        (
            "; ".join(each.title("en") for each in mistakes),
            "；".join(each.title("zh") for each in mistakes),
        ),
    )
