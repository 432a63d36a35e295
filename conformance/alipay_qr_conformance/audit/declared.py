"""What a message shows of the choices that a policy file declares: the way that was taken, in its words.

The other choices are not shown by one message: those need an adapter.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from alipay_qr_conformance.audit.kit import Policy

Params = Mapping[str, str]
_LONG_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)
_MILLISECONDS: Final = re.compile(r"[0-9]{13}", re.ASCII)
_FIXED: Final = re.compile(r"[0-9]+\.[0-9]0", re.ASCII)
_SHORT: Final = re.compile(r"[0-9]+\.[1-9]", re.ASCII)


def _is_sync(params: Params, _said: str) -> str | None:
    return {"": "absent", "N": "explicit"}.get(params.get("is_sync", ""))


def _notify_url(params: Params, said: str) -> str | None:
    at_once, named = params.get("is_sync") == "Y", bool(params.get("notify_url"))
    if said == "never":
        return None  # whether the caller named one, no message tells
    if named:
        return "always" if at_once else said
    return said if at_once and said == "asynchronous" else "asynchronous" if at_once else "never"


def _timestamp(params: Params, _said: str) -> str | None:
    found = params.get("timestamp", "")
    if _MILLISECONDS.fullmatch(found):
        return "milliseconds"
    return "date" if _LONG_FORM.fullmatch(found) else None


def _amount(params: Params, _said: str) -> str | None:
    found = params.get("refund_amount", "")
    if _FIXED.fullmatch(found):
        return "fixed"
    return "short" if _SHORT.fullmatch(found) else None


_WAYS: Final[Mapping[str, tuple[str, Callable[[Params, str], str | None]]]] = {
    "is_sync": ("refund", _is_sync),
    "refund_notify_url": ("refund", _notify_url),
    "cancel_timestamp": ("cancel", _timestamp),
    "amount_form": ("refund", _amount),
}
"""By key, the kind of request that shows it, and what returns the way that was taken."""


Taken = tuple[str, str, str]
"""Key, what is declared, and what was done."""


class Declared:
    """The choices of a policy that requests and replies show."""

    def __init__(self, policy: Policy) -> None:
        said = policy.declared()
        self._reply: str | None = said.get("reply")
        self._method: str | None = said.get("method")
        self._ways = [(key, said[key], *_WAYS[key]) for key in _WAYS if key in said]
        self.of_messages = bool(self._ways or self._method or self._reply)

    def replied(self, word: str) -> list[Taken]:
        """Return what the reply that acknowledges a notification shows."""
        return [("reply", self._reply, word)] if self._reply else []

    def taken(self, kind: str, method: str, params: Params) -> list[Taken]:
        """Return what a request shows."""
        found = [("method", self._method, method)] if self._method and method else []
        for key, said, of_kind, way in self._ways:
            done = way(params, said) if kind == of_kind else None
            if done is not None:
                found.append((key, said, done))
        return found
