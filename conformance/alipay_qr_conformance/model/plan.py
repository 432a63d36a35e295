"""What a run does: its plan, and the setup that a subject is configured with before a case."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple

from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.verdicts import Role

Depth = Literal["quick", "default", "deep"]
SIGN_TYPES: Final = ("MD5", "RSA", "RSA2")
CHARSETS: Final = ("UTF-8", "GBK", "GB2312")
ANY: Final = "any"
"""The sign type of a setup where any will do: MD5, or the first that the subject has."""
USUAL_CHARSET: Final = "UTF-8"


@dataclass(frozen=True, slots=True)
class Setup:
    """What the subject is configured with before a case."""

    sign_type: str = ANY
    charset: str = USUAL_CHARSET
    padded_key: bool = False
    """Configure the MD5 key with a newline behind it, as a file read whole would give it."""
    keys_of: tuple[str, str] | None = None
    """Set and id of a golden vector whose keys are configured instead of the run's."""
    published: bool = False
    """Configure the published account, whatever the run has: golden vectors are signed with its keys."""
    another: bool = False
    """Configure another account than the run's, after it: the keys of the run prove nothing then."""
    exact: bool = field(default=False, compare=False)
    """The case is about this charset: a subject without UTF-8 is not asked it in another one."""

    def __str__(self) -> str:
        keys = f"/keys of {self.keys_of[1]}" if self.keys_of else ""
        more = ("/padded-key" if self.padded_key else "") + ("/another-account" if self.another else "")
        return f"{self.sign_type}/{self.charset}{more}{keys}"

    @property
    def rank(self) -> tuple[bool, str, str, bool, bool, tuple[str, str]]:
        """What setups are sorted by; the run's own account comes first."""
        rest = self.sign_type, self.charset, self.padded_key, self.published
        return self.another, *rest, self.keys_of or ("", "")

    def for_subject(self, sign_types: Sequence[str], charsets: Sequence[str]) -> "Setup":
        """Return this setup with a sign type and a charset that the subject has, where any will do.

        Where UTF-8 is only the usual charset, a subject that lacks it is asked in its own.
        """
        sign_type, charset = self.sign_type, self.charset
        if sign_type == ANY:
            sign_type = "MD5" if "MD5" in sign_types else sign_types[0]
        if charset == USUAL_CHARSET and not self.exact and USUAL_CHARSET not in charsets:
            charset = charsets[0]
        if (sign_type, charset) == (self.sign_type, self.charset):
            return self
        return replace(self, sign_type=sign_type, charset=charset)


ANY_SETUP: Final = Setup()
"""MD5 and UTF-8, or the first sign type and charset that the subject has."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does: the same plan gives the same cases and the same inputs."""

    policy: Policy
    level: int = 4
    seed: int = 0
    depth: Depth = "default"
    profile: str = "global"
    role: Role = "merchant"
    """Whose duties are checked."""
    said: tuple[str, ...] = ()
    """The currencies that ``hello`` names; empty where it names none."""

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies that the subject takes, as ``hello`` or else its policy says; empty: any."""
        return self.said or self.policy.currencies or ()

    @property
    def currency(self) -> str:
        """The currency of ordinary payments: in the hk edition REFUND takes HKD only."""
        if self.profile == "hk":
            return "HKD"
        return "USD" if not self.currencies or "USD" in self.currencies else self.currencies[0]

    @property
    def other_currency(self) -> str:
        """A currency that ordinary payments are not made in."""
        return "USD" if self.currency == "HKD" else "HKD"

    def takes(self, currency: str) -> bool:
        """Say whether payments in this currency can be refunded in the plan's edition, by this subject."""
        in_edition = self.profile != "hk" or currency == "HKD"
        return in_edition and (not self.currencies or currency in self.currencies)

    def examples(self, default: int) -> int:
        """Return how many examples a property draws at this depth, where ``default`` is the usual number."""
        return {"quick": max(10, default // 6), "default": default, "deep": default * 12}[self.depth]


class Question(NamedTuple):
    """A call whose answer depends on its arguments and the settings alone (`Operation.pure`)."""

    op: str
    args: dict[str, Any]
