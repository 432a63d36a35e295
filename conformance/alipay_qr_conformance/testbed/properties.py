"""Property-based cases: Hypothesis searches, finds, and shrinks to the shortest example.

Everything is explicit, so that a run neither depends on the user's Hypothesis profile nor on the modules
that happen to be loaded, and leaves no ``.hypothesis`` folder behind: no deadline, no database, the run's
own seed. Shrinking has a budget of its own. An adapter that hangs, dies or answers nonsense ends the
property at once.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn

from alipay_qr_conformance.model.outcomes import Blocked, Failed, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.testbed.apart import apart_from_the_user

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine
    from hypothesis.strategies import SearchStrategy

SHRINK_BUDGET: Final = 250
"""Executions after the first failure; then the shortest example so far stands."""


def for_all(
    strategy: "SearchStrategy[Any]", body: Callable[[Any], None], *, examples: int, seed: int
) -> None:
    """Run ``body`` on ``examples`` values of ``strategy``.

    Raises:
        Failed: the property fails; it is the one of the shortest example found.
        NoUsableAnswer: the adapter gave out, or the same example got two different answers.
    """
    import hypothesis

    guard = Guard()

    def one_example(value: Any) -> None:
        guard.begin(repr(value)[:2000])
        guard.step(lambda: body(value))

    test = hypothesis.seed(seed)(_settings(examples)(hypothesis.given(strategy)(one_example)))
    _run(test, guard)


def run_machine(
    machine: "Callable[[Guard], type[RuleBasedStateMachine]]",
    *,
    examples: int,
    steps: int,
    seed: int,
    shrink: bool = True,
) -> None:
    """Run a state machine ``examples`` times, each over ``steps`` steps.

    Args:
        machine: returns the machine, which tells its guard of each example and each step.
        examples: how many histories are drawn.
        steps: how long each is.
        seed: of the run.
        shrink: whether the history is made as short as it can be; else it is the first one that fails.

    Raises:
        Failed: a step fails; it is the failure of the shortest history found.
        NoUsableAnswer: the adapter gave out, or the same history got two different answers.
    """
    import hypothesis
    from hypothesis.stateful import run_state_machine_as_test

    guard = Guard()
    seeded = hypothesis.seed(seed)(machine(guard))
    settings = _settings(examples, steps, shrink=shrink)
    _run(lambda: run_state_machine_as_test(seeded, settings=settings), guard)


def _settings(examples: int, steps: int = 50, *, shrink: bool = True) -> Any:
    import hypothesis

    phases = [hypothesis.Phase.generate, *([hypothesis.Phase.shrink] if shrink else [])]
    return hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        stateful_step_count=steps,
        backend="hypothesis",
        verbosity=hypothesis.Verbosity.quiet,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=phases,
    )


def _run(test: Callable[[], None], guard: "Guard") -> None:
    import hypothesis

    with apart_from_the_user():
        try:
            test()
        except _End as end:
            raise end.error from None
        except Failed as error:
            error.__notes__ = []
            raise
        except hypothesis.errors.Flaky:
            if guard.end is not None:  # what ends early draws less than before, which looks the same
                raise guard.end from None
            shown = {"example": guard.last}
            raise NoUsableAnswer(Verdict.UNSTABLE, message("subject.unstable"), shown) from None


class _End(BaseException):
    """Ends a property at once. No `Exception`: Hypothesis would take that for one more failure to shrink."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class Guard:
    """Bounds the shrinking of a property, and lets a dead adapter end it all at once."""

    def __init__(self) -> None:
        self._shortest: Failed | None = None
        self._left = SHRINK_BUDGET
        self.last = ""
        """The last example, in words."""
        self.end: Exception | None = None
        """What ended the property early."""

    def begin(self, shown: str = "") -> None:
        """Begin an example; where the budget of shrinking is spent, the shortest one so far stands."""
        self.last = shown
        if self._shortest is not None:
            if self._left == 0:
                self._finish(self._shortest)
            self._left -= 1

    def step(self, run: Callable[[], None]) -> None:
        """Run an example, or a step of one."""
        try:
            run()
        except Failed as error:
            self._shortest = error  # what is tried while shrinking is shorter than what failed before
            raise
        except (NoUsableAnswer, Unsupported, Blocked) as error:
            self._finish(error)

    def _finish(self, error: Exception) -> NoReturn:
        self.end = error
        raise _End(error) from None
