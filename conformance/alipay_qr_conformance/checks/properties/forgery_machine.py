"""The state machine of ``money.any-history[forged]``: any history, then a forgery, and nothing changes.

After every step the plainest forgery comes, and now and then one of another shape. What the history itself
breaks is judged elsewhere. It imports Hypothesis: import it late.
"""

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from alipay_qr_conformance.checks.properties import forgery_space as space
from alipay_qr_conformance.checks.properties.history_machine import HistoryMachine
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.rules.forgeries import applicable
from alipay_qr_conformance.testbed.properties import Guard
from alipay_qr_conformance.testbed.testbed import Testbed

_NEWS: Final = ("", "closing", "refund")


class ForgeryMachine(HistoryMachine):
    """One trade, anything that may happen to it, and forged news of it in between."""

    @staticmethod
    def broken(requirement: str, broken: Failed) -> None:
        """End the history where a forgery was believed; what else is broken is left to the other machines."""
        if requirement.startswith("notify.reject."):
            raise broken

    @rule(
        place=st.integers(0, 100),
        news=st.sampled_from(_NEWS),
        fields=st.sampled_from(space.FIELDS),
        header=st.sampled_from(list(space.HEADERS)),
        edit=st.sampled_from(space.EDITS),
    )
    def forgery(self, place: int, news: str, fields: str, header: str, edit: str) -> None:
        """A forgery of any shape comes."""
        names = [name for name, _ in applicable(self.bed.setup.sign_type)]
        row = {"forgery": names[place % len(names)], "fields": fields, "header": header, "edit": edit}
        self._play("forgery", row | ({"news": news} if news else {}))

    @invariant()
    def plain_forgery(self) -> None:
        """The plainest forgery comes."""
        self._play("forgery")


def machine(bed: Testbed, guard: Guard) -> type[ForgeryMachine]:
    """Return the machine of a run, told of each history and each step."""
    names = {"bed": bed, "guard": guard, "timed": bed.hello.clock}
    return type("BoundForgeryMachine", (ForgeryMachine,), names)
