"""The ways a case ends early, as exceptions; a case that returns has found its requirement kept.

Failed          the requirement was broken; carries the message and the evidence
Blocked         it cannot be judged, because something it builds on went wrong
Unsupported     the subject says that it does not do this
NoUsableAnswer  the adapter hung, died, stayed silent or answered nonsense
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Keyword, Text, Verdict


class WrongSign(NamedTuple):
    """Parameters and the sign that does not belong to them."""

    params: tuple[tuple[str, str | None], ...]
    charset: str
    sign_type: str
    sign: str


class Failed(Exception):  # noqa: N818 (a verdict, not a mishap)
    """The requirement was broken."""

    def __init__(
        self,
        key: str,
        evidence: Mapping[str, object] | None = None,
        /,
        *,
        keyword_: Keyword | None = None,
        wrong_sign_: WrongSign | None = None,
        diagnosis_: Text | None = None,
        **details: Any,
    ) -> None:
        super().__init__(key)
        self.keyword = keyword_
        """Set where the policy makes of a MUST a SHOULD."""
        self.wrong_sign = wrong_sign_
        self.diagnosis = diagnosis_
        self.detail = message(key, **details)
        self.evidence = {label: show(value) for label, value in (evidence or {}).items() if value is not None}


UNUSABLE: Final = "*"
"""Whoever gave no usable answer, whatever was asked: among those that a blocked case blames."""

_BLAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "see.genuine": ("notify.genuine",),
    "see.join": ("sign.join",),
    "see.text": ("sign.",),
    "see.configure": (UNUSABLE,),
    "see.hang": (UNUSABLE,),
    "see.hangs": (UNUSABLE,),
    "nothing.reached": ("request.carried-out", "request.", "sign."),
    "gateway.refused": ("request.", "sign."),
    "money.step": ("money.", "response.", "request.", "notify."),
}
"""By the key of the reason: beginnings of the requirements whose breach explains it."""


class Blocked(Exception):  # noqa: N818
    """The requirement could not be judged here.

    ``blames`` are beginnings of the ids of which one has a finding: that of ``requirement``, where the reason
    names one, else those of its key; of an unknown key, any. A case in brackets is blamed whatever it breaks.
    """

    def __init__(self, key: str, /, *, blames_: tuple[str, ...] = (), **details: object) -> None:
        super().__init__(key)
        self.reason = message(key, **details)
        named = _named(str(details["requirement"])) if "requirement" in details else ()
        self.blames = blames_ or named or _BLAMES.get(key, ("",))


def _named(culprit: str) -> tuple[str, ...]:
    """Return the requirement that is named, and the case behind a bracket, where one is.

    What is said of money rests on requests that are right: their breach explains it too.
    """
    requirement, bracket, case = culprit.partition("[")
    before = ("request.", "sign.") if requirement.startswith("money.") else ()
    return (requirement, f"{bracket}{case}") if bracket else (requirement, *before)


class Unsupported(Exception):  # noqa: N818
    """The subject says that it does not do this; ``optional`` where no level is lost by it."""

    def __init__(self, reason: Text, *, optional: bool = False) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.optional = optional


class Unread(Unsupported):
    """The subject reads no answers, so that nobody knows what it made of one."""


class NoUsableAnswer(Exception):  # noqa: N818
    """The adapter gave no usable answer."""

    def __init__(self, verdict: Verdict, detail: Text, evidence: Mapping[str, object]) -> None:
        super().__init__(detail.en)
        self.verdict = verdict
        self.detail = detail
        self.evidence = {label: show(value) for label, value in evidence.items()}


def show(value: object) -> str:
    """Return a value as evidence text: a text as it is, bytes that are no UTF-8 with their hex, else JSON."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return value if isinstance(value, str) else quoted(value)


def quoted(value: object) -> str:
    """Return a value as JSON: no blank at an end is overlooked, and no language's own notation is needed."""
    return json.dumps(show(value) if isinstance(value, bytes) else value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    """Return what JSON has no word for as something that it has a word for."""
    if isinstance(value, Mapping):
        return dict(value)
    return show(value) if isinstance(value, bytes) else str(value)
