"""What a case can end with: plain frozen values, shared by the engine and every report.

pass         the requirement was kept
fail         it was broken: there is a finding with evidence
unsupported  the subject said that it cannot do this at all, and why
blocked      it could not be judged, because something that it builds on went wrong elsewhere
hang         no answer in time; crash: the adapter died; garbled: it answered nonsense;
no-answer    it lives and stays silent. Each costs one case, never the run
unstable     the same question got two different answers
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, NamedTuple

Keyword = Literal["MUST", "SHOULD", "MAY"]
Role = Literal["merchant", "gateway"]
"""Whose duties are checked."""


class Verdict(StrEnum):
    """The end of a case."""

    PASS = "pass"  # noqa: S105 (a verdict)
    FAIL = "fail"
    UNSUPPORTED = "unsupported"
    BLOCKED = "blocked"
    HANG = "hang"
    CRASH = "crash"
    GARBLED = "garbled"
    NO_ANSWER = "no-answer"
    UNSTABLE = "unstable"


FINDINGS: Final = frozenset(
    {Verdict.FAIL, Verdict.HANG, Verdict.CRASH, Verdict.GARBLED, Verdict.NO_ANSWER, Verdict.UNSTABLE}
)
"""Verdicts that speak against the subject."""

WITHOUT_ANSWER: Final = frozenset({Verdict.HANG, Verdict.CRASH, Verdict.GARBLED, Verdict.NO_ANSWER})
"""Those of a call that came to no answer: the rule itself was not put to the test."""


class Text(NamedTuple):
    """One sentence for people, in English and Chinese."""

    en: str
    zh: str

    def in_language(self, lang: str) -> str:
        """Return the sentence in ``lang``: "en" or "zh"."""
        return self.zh if lang == "zh" else self.en


class Diagnosis(NamedTuple):
    """The mistakes that reproduce a wrong sign: in words, and the doctor's ids of them."""

    text: Text
    mistakes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken requirement with its evidence.

    ``evidence`` maps a label (``sent``, ``expected_presign``, ...) to text; it is shown in this order.
    """

    requirement: str
    case: str
    verdict: Verdict
    detail: Text
    evidence: Mapping[str, str] = field(default_factory=dict)
    keyword: Keyword | None = None
    """Set where the policy makes it weigh less than its requirement."""
    diagnosis: Text | None = None
    """The mistake that reproduces a wrong sign, where the doctor found one."""
    mistakes: tuple[str, ...] = ()
    """The ids of these mistakes."""

    @property
    def id(self) -> str:
        """``requirement[case]``, its identity in every report."""
        return f"{self.requirement}[{self.case}]"

    def evidence_in(self, lang: str) -> dict[str, str]:
        """Return the evidence for a reader of ``lang``: what a vector says of itself is English."""
        return {label: text for label, text in self.evidence.items() if lang == "en" or label != "vector"}


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The verdict on one case.

    ``reason`` explains every verdict but pass. ``optional`` marks what the subject need not offer, such
    as a second sign type: being unsupported then does not keep it from a level.
    """

    requirement: str
    case: str
    verdict: Verdict
    reason: Text | None = None
    finding: Finding | None = None
    optional: bool = False
    blames: tuple[str, ...] = ()
    """Where it is blocked: whose breach is to blame, as beginnings of ids; see `model.outcomes.Blocked`."""
