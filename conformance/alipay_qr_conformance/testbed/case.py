"""The words in which checks are written: setup, case, and the ways a case ends early.

A *check* is a plain function that yields cases. A *case* has one requirement, a name that is unique
within it, the setup that the subject is configured with, and a function that uses the `Testbed`. That
function returns where the requirement was kept, and otherwise raises one of

    Failed      the requirement was broken; carries the message and the evidence
    Blocked   it cannot be judged, because something it builds on went wrong
    Unsupported    the subject says that it does not do this
    NoUsableAnswer     the adapter hung, died, stayed silent or answered nonsense
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Keyword, Text, Verdict
from alipay_qr_conformance.rules.wrong_sign import WrongSign

if TYPE_CHECKING:
    from alipay_qr_conformance.model.policy import Policy
    from alipay_qr_conformance.testbed.testbed import Testbed

Depth = Literal["quick", "default", "deep"]
SIGN_TYPES: Final = ("MD5", "RSA", "RSA2")
CHARSETS: Final = ("UTF-8", "GBK", "GB2312")
ANY: Final = "any"
"""The sign type of a setup where any will do: MD5, or the first that the subject has."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What the subject is configured with before a case."""

    sign_type: str = ANY
    charset: str = "UTF-8"
    padded_key: bool = False
    """Configure the MD5 key with a newline behind it, as a file read whole would give it."""
    keys_of: tuple[str, str] | None = None
    """Set and id of a golden vector whose keys are configured instead of the run's."""

    def __str__(self) -> str:
        keys = f"/keys of {self.keys_of[1]}" if self.keys_of else ""
        return f"{self.sign_type}/{self.charset}" + ("/padded-key" if self.padded_key else "") + keys

    @property
    def rank(self) -> tuple[str, str, bool, tuple[str, str]]:
        """What setups are sorted by."""
        return self.sign_type, self.charset, self.padded_key, self.keys_of or ("", "")

    def for_subject(self, sign_types: Sequence[str]) -> "Setup":
        """Return this setup with a sign type that the subject has, where any will do."""
        if self.sign_type != ANY:
            return self
        return replace(self, sign_type="MD5" if "MD5" in sign_types else sign_types[0])


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does: the same plan gives the same cases and the same inputs."""

    policy: "Policy"
    level: int = 4
    seed: int = 0
    depth: Depth = "default"
    profile: str = "global"

    @property
    def currency(self) -> str:
        """The currency of ordinary payments: in the hk edition REFUND takes HKD only."""
        return "HKD" if self.profile == "hk" else "USD"

    @property
    def other_currency(self) -> str:
        """A currency that ordinary payments are not made in."""
        return "USD" if self.profile == "hk" else "HKD"

    def takes(self, currency: str) -> bool:
        """Say whether payments in this currency can be refunded in the plan's edition."""
        return self.profile != "hk" or currency == "HKD"

    def examples(self, default: int) -> int:
        """Return how many examples a property draws at this depth, where ``default`` is the usual number."""
        return {"quick": max(10, default // 6), "default": default, "deep": default * 12}[self.depth]


class Question(NamedTuple):
    """A call whose answer depends on its arguments and the settings alone (`Operation.pure`)."""

    op: str
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One input of a check. ``needs`` are operations without which it is unsupported."""

    requirement: str
    name: str
    run: "Callable[[Testbed], None]"
    setup: Setup = Setup()
    needs: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    clock: bool = False
    once_only: bool = False
    """Do not run it again to see whether the answer changes: a property does that itself."""
    asks: "Callable[[Testbed], Question | None] | None" = None
    """What it asks the subject for certain, where that may be asked together with what other cases ask."""

    @property
    def id(self) -> str:
        """``requirement[name]``, the identity of the case in every report."""
        return f"{self.requirement}[{self.name}]"


Check = Callable[[Plan], Iterator[Case]]


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
        **details: Any,
    ) -> None:
        super().__init__(key)
        self.keyword = keyword_
        """Set where the policy makes of a MUST a SHOULD."""
        self.wrong_sign = wrong_sign_
        self.detail = message(key, **details)
        self.evidence = {label: show(value) for label, value in (evidence or {}).items() if value is not None}


class Blocked(Exception):  # noqa: N818
    """The requirement could not be judged here."""

    def __init__(self, key: str, /, **details: object) -> None:
        super().__init__(key)
        self.reason = message(key, **details)


class Unsupported(Exception):  # noqa: N818
    """The subject says that it does not do this; ``optional`` where no level is lost by it."""

    def __init__(self, reason: Text, *, optional: bool = False) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.optional = optional


class NoUsableAnswer(Exception):  # noqa: N818
    """The adapter gave no usable answer."""

    def __init__(self, verdict: Verdict, detail: Text, evidence: Mapping[str, object]) -> None:
        super().__init__(detail.en)
        self.verdict = verdict
        self.detail = detail
        self.evidence = {label: show(value) for label, value in evidence.items()}


def show(value: object) -> str:
    """Return a value as evidence text: bytes that are no UTF-8 keep their hex."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return value if isinstance(value, str) else repr(value)
