"""What can be seen of a subject: a value, handed to the runner. Over an adapter, everything."""

from typing import Protocol

from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.testbed import Testbed


class View(Protocol):
    """How a runner looks at its subject."""

    one_charset: bool
    """The subject has a charset of its own, in which what is said in UTF-8 cannot always be said."""

    def look(self, bed: Testbed) -> None:
        """Find out what ``hello`` will say, before anything is judged.

        Raises:
            AdapterFault: the subject cannot be reached.
        """

    def more_cases(self, plan: Plan, *, every: bool) -> list[Case]:
        """Return cases beside those of the checks; ``every`` asks for those of other runs too."""

    def adapted(self, case: Case) -> Case:
        """Return a case as this subject can be asked."""

    def lacks(self, op: str) -> Text:
        """Say why an operation cannot be asked for."""

    def unseen(self, case: Case) -> Text | None:
        """Say why a case cannot be judged, None where it can."""


class ThroughAdapter:
    """Look through the adapter protocol: all cases can be judged."""

    one_charset = False

    def look(self, bed: Testbed) -> None:
        """Do nothing: ``hello`` says it all."""

    def more_cases(self, plan: Plan, *, every: bool) -> list[Case]:  # noqa: ARG002 (none in any plan)
        """Return none."""
        return []

    def adapted(self, case: Case) -> Case:
        """Return the case as it is."""
        return case

    def lacks(self, op: str) -> Text:
        """Say that the adapter does not list the operation."""
        return message("needs.operation", op=op)

    def unseen(self, case: Case) -> Text | None:  # noqa: ARG002 (no case)
        """Return None."""
        return None
