"""How a notification is described: a function of Alipay's side, its docstring, what it is to be taken for.

    @forged("verify.reject.changed", twin=a_payment)
    def the_amount_was_raised(alipay: Alipay) -> Pairs:
        "total_fee was changed after signing."
        return changed(alipay.send(notification()), total_fee="1280.00")

The same function is built for every sign type that it applies to.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from types import ModuleType
from typing import Any, Final

from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaSigner, Signer
from tools.vectors import keys
from tools.vectors.case import SET, Result, prose, slug_of
from tools.vectors.steps import Pairs

ALL: Final = ("MD5", "RSA", "RSA2")
RSA: Final = ("RSA", "RSA2")
MD5: Final = ("MD5",)


@dataclass(frozen=True)
class Alipay:
    """Alipay's side for one sign type and charset: signs what it sends."""

    sign_type: str
    charset: str = "UTF-8"

    @property
    def pair(self) -> keys.Pair:
        """The key pair; for MD5 the one that an RSA account would have."""
        return keys.alipay("RSA2" if self.sign_type == "RSA2" else "RSA")

    @property
    def private_pem(self) -> str | None:
        """The key that signs; None for MD5."""
        return None if self.sign_type == "MD5" else self.pair.private_pem

    @cached_property
    def signer(self) -> Signer:
        """What makes the signs of messages; the golden ones in the steps are checked three ways."""
        if self.private_pem is None:
            return Md5(keys.MD5_KEY)
        return RsaSigner(keys.private_key(self.private_pem), self.sign_type)

    def send(self, message: Pairs) -> Pairs:
        """Return the message as Alipay sends it: sign_type and sign behind everything else."""
        return self.sealed(message, self.signer.sign(presign(message, self.charset)))

    def sealed(self, message: Pairs, sign: str) -> Pairs:
        """Return the message with this sign, whoever made it."""
        return (*message, ("sign_type", self.sign_type), ("sign", sign))

    def inputs(self) -> dict[str, Any]:
        """Return what a merchant of this sign type is configured with: the inputs of a group."""
        kind = "RSA2" if self.sign_type == "RSA2" else "RSA"
        return {
            "sign_type": self.sign_type,
            "charset": self.charset,
            "md5_key": keys.MD5_KEY,
            "merchant_public_key": keys.merchant(kind).public_forms,
            "alipay_public_key": self.pair.public_forms,
        }


Builder = Callable[[Alipay], Pairs]
Rows = Callable[[Alipay], Iterator[tuple[str, str, Pairs]]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification, and what it is to be taken for."""

    slug: str
    comment: str
    build: Builder
    result: Result
    flags: tuple[str, ...]
    twin: str | None
    sign_types: tuple[str, ...]
    charset: str
    since: str = SET


def genuine(
    *flags: str,
    twin: Letter | None = None,
    only: tuple[str, ...] = ALL,
    charset: str = "UTF-8",
    result: Result = "valid",
) -> Callable[[Builder], Letter]:
    """Make a `Letter` that is to be accepted; ``flags`` name the rules that a refusal would break."""

    def decorate(build: Builder) -> Letter:
        return Letter(
            slug_of(build),
            prose(build),
            build,
            result,
            ("verify.genuine", *flags),
            _twin(twin),
            only,
            charset,
        )

    return decorate


def forged(
    *flags: str,
    twin: Letter,
    only: tuple[str, ...] = ALL,
    charset: str = "UTF-8",
    result: Result = "invalid",
) -> Callable[[Builder], Letter]:
    """Make a `Letter` that is not to be accepted; ``flags`` name what accepting it would break."""

    def decorate(build: Builder) -> Letter:
        return Letter(slug_of(build), prose(build), build, result, flags, _twin(twin), only, charset)

    return decorate


def forged_table(
    *flags: str, twin: Letter, only: tuple[str, ...] = ALL, result: Result = "invalid"
) -> Callable[[Rows], list[Letter]]:
    """Make a family of forgeries: each row is a name, what it is about, and the message."""

    def decorate(rows: Rows) -> list[Letter]:
        listed = [(name, comment) for name, comment, _ in _built(rows, Alipay(only[0]))]
        return [
            Letter(
                slug=f"{slug_of(rows)}-{name}",
                comment=f"{prose(rows)} {comment}",
                build=_row(rows, position),
                result=result,
                flags=flags,
                twin=twin.slug,
                sign_types=only,
                charset="UTF-8",
            )
            for position, (name, comment) in enumerate(listed)
        ]

    return decorate


def letters_of(modules: Iterable[ModuleType]) -> list[Letter]:
    """Return the letters that the modules define, in the order in which they stand there."""
    found: dict[str, Letter] = {}
    for module in modules:
        for value in vars(module).values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, Letter):
                    found.setdefault(each.slug, each)
    return list(found.values())


def changed(message: Pairs, **values: str | None) -> Pairs:
    """Return the message with other values, and everything else as it was, the sign too."""
    return tuple((name, values.get(name, value)) for name, value in message)


def added(message: Pairs, *pairs: tuple[str, str | None]) -> Pairs:
    """Return the message with pairs that nobody signed, in front of its sign."""
    return (*message[:-2], *pairs, *message[-2:])


def dropped(message: Pairs, *names: str) -> Pairs:
    """Return the message without the pairs of these names."""
    return tuple(pair for pair in message if pair[0] not in names)


def sign_of(message: Pairs) -> str:
    """Return the sign that stands in a message."""
    return dict(message)["sign"] or ""


def raw_sign(message: Pairs) -> bytes:
    """Return the RSA signature that stands in a message, as bytes."""
    return base64.b64decode(sign_of(message))


def as_text(signature: bytes) -> str:
    """Return a signature in base64 on one line."""
    return base64.b64encode(signature).decode("ascii")


def _row(rows: Rows, position: int) -> Builder:
    return lambda alipay: _built(rows, alipay)[position][2]


@cache
def _built(rows: Rows, alipay: Alipay) -> list[tuple[str, str, Pairs]]:
    return list(rows(alipay))


def _twin(twin: Letter | None) -> str | None:
    return twin.slug if twin else None
