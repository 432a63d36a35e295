"""What a Python subject may raise, and what the kit raises when an adapter cannot be used at all.

    Refused       raised by a subject: it declines the input before anything is sent   -> `Refusal`
    Unsupported   raised by a subject: it cannot do this at all                        -> `NotSupported`
    AdapterFault  raised by the kit: the adapter does not start, its hello is no hello, or it does not
                  come back after a restart. One bad answer is never an `AdapterFault`: it is a value
                  of `alipay_qr_conformance.subjects.answers` and costs one case.

Any other exception of a Python subject is `Raised`.
"""

from alipay_qr_conformance.model.verdicts import Text


class Refused(Exception):  # noqa: N818 - the protocol's word; a subject raises it on purpose
    """The subject declines the input before anything is sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unsupported(Exception):  # noqa: N818 - the protocol's word; a subject raises it on purpose
    """The subject cannot do this at all; ``issue`` may link to where that is discussed."""

    def __init__(self, reason: str, issue: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.issue = issue


class AdapterFault(Exception):  # noqa: N818 - says whose fault it is
    """The adapter cannot be used: the run ends, and neither the subject nor the kit is judged.

    ``code`` is a stable slug, ``hint`` says how to mend it, ``evidence`` is what the adapter wrote.
    """

    whose = "the adapter"

    def __init__(self, message: str, *, code: str, hint: str = "", evidence: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint
        self.evidence = evidence

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text} ({self.hint})" if self.hint else text


class SetupFault(AdapterFault):
    """The set-up is wrong: subject and kit cannot meet. ``text`` says why, in both languages."""

    whose = "the set-up"

    def __init__(self, text: Text) -> None:
        super().__init__(text.en, code="setup")
        self.text = text
