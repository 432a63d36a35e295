"""Errors, by whose fault they are.

Every error of this package is an `AlipayQrError`. It carries

- ``code``: a stable slug that a program may compare (``"key.truncated"``),
- ``fault``: who has to act: the ``caller`` of this package, the ``gateway`` (Alipay's side),
  the ``sender`` of a message that claims to be Alipay's, or the ``network`` between them,
- ``hint``: one sentence that says how to mend it, or an empty text.

What life looks like:

    Unencodable        a value cannot be written in ``_input_charset``        (caller)
    UnknownCharset     the charset is none of UTF-8, GBK, GB2312               (caller)
    KeyTextError       a key text cannot be used; ``code`` says why            (caller)
    SignTypeError      the sign type is none of MD5, RSA, RSA2, or lacks a key (caller)
    AmountError        a text is no amount of its currency                     (caller)
    TimestampError     a text is no timestamp of the protocol                  (caller)
    ParameterError     a compulsory parameter is absent, or one is illegal     (caller)
    WireError          bytes are no message of the protocol                    (sender)
    RuleError          the trade's history forbids the step                    (caller)
    Unverified         a message's signature does not hold                     (sender)
    OutcomeUnknown     the request may or may not have been carried out        (network, gateway)

No message or attribute of an error ever holds key material.
"""

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Literal

Fault = Literal["caller", "gateway", "sender", "network"]


class AlipayQrError(Exception):
    """Base of everything this package raises on purpose."""

    fault: ClassVar[Fault] = "caller"

    def __init__(self, message: str, *, code: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text} ({self.hint})" if self.hint else text

    def __reduce__(self) -> tuple[Callable[..., "AlipayQrError"], tuple[object, ...]]:
        # What a worker process raises must reach its parent: the default forgets keyword arguments.
        return partial(type(self), code=self.code, hint=self.hint), self.args


class UnknownCharset(AlipayQrError):  # noqa: N818 (it says what is the case)
    """The charset is none that the protocol knows."""


class Unencodable(AlipayQrError):  # noqa: N818 (it says what is the case)
    """A character does not exist in the declared charset."""


class KeyTextError(AlipayQrError):
    """A key text cannot be used; ``code`` names the defect."""


class SignTypeError(AlipayQrError):
    """A sign type is unknown, or no key was given for it."""


class AmountError(AlipayQrError):
    """A text is not a legal amount of its currency."""


class TimestampError(AlipayQrError):
    """A text is not a timestamp in one of the protocol's two forms."""


class ParameterError(AlipayQrError):
    """A parameter is absent, empty, too long or illegal."""


class RuleError(AlipayQrError):
    """What happened to the trade so far forbids the step; ``code`` is the gateway's error code."""


class WireError(AlipayQrError):
    """Bytes that should be a message of the protocol are none."""

    fault = "sender"


class Unverified(AlipayQrError):  # noqa: N818 (it says what is the case)
    """The signature of a message is missing or does not hold: nothing in it may be believed."""

    fault = "sender"


class OutcomeUnknown(AlipayQrError):  # noqa: N818 (it says what is the case)
    """The request may or may not have been carried out: query, or repeat with the same ids."""

    fault = "network"
