"""A case, and the one way to write a check.

A *check* is a function that uses the `Testbed`; `check` above it says which requirement it judges, and its
docstring is the published description:

    @check("notify.boundary", needs=("notify", "trade"), builds_on=("notify.genuine",))
    def amount_in_the_subject(bed: Testbed) -> None:
        \"\"\"The customer's text about the goods becomes a part of the amount.\"\"\"

Its name is the case's name, with ``-`` for ``_``. With ``each`` it stands for a family: one case for each row
of a table, named by the row's key, and the function is given the row's value. With ``setups`` each case is
run in each of these setups. It returns where the requirement was kept; otherwise it raises what
`model.outcomes` lists.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Literal, NamedTuple, TypeVar

from alipay_qr_conformance.model.plan import ANY_SETUP, Plan, Question, Setup
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

Run = Callable[..., None]
Each = Mapping[str, Any] | Callable[[Plan], Mapping[str, Any]]
Setups = Sequence[Setup] | Callable[[Any], Iterable[Setup]]
Words = tuple[str, ...] | Callable[[Any], tuple[str, ...]]
"""Words, or what says them of an item."""
Named = Literal["", "sign_type", "setup"]
F = TypeVar("F", bound=Run)

_CHECKS: Final = "__alipay_qr_checks__"
_PRECONDITION: Final = "__alipay_qr_precondition__"


@dataclass(frozen=True, slots=True)
class Case:
    """One input of a check. ``needs`` are operations without which it is unsupported."""

    requirement: str
    name: str
    run: Callable[[Testbed], None]
    setup: Setup = ANY_SETUP
    needs: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    clock: bool = False
    once_only: bool = False
    """Do not run it again to see whether the answer changes: a property does that itself."""
    asks: Callable[[Testbed], Question | None] | None = None
    """What it asks the subject for certain, where that may be asked together with what other cases ask."""
    builds_on: tuple[str, ...] = ()
    """Requirements that must hold before this case can be judged: see `precondition`."""
    about: str = ""
    """The published description."""

    @property
    def id(self) -> str:
        """``requirement[name]``, the identity of the case in every report."""
        return f"{self.requirement}[{self.name}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check as it was declared; see `check` for the fields."""

    requirement: str | Callable[[Plan, Any], Iterable[str]]
    run: Run
    name: str | Callable[[Any], str]
    needs: Words
    builds_on: Words
    each: Each | None
    setups: Setups
    named: Named
    features: Words
    clock: bool | Callable[[Any], bool]
    when: Callable[..., bool] | None
    once_only: bool
    asks: Callable[..., Question | None] | None
    late: bool

    def cases(self, plan: Plan) -> Iterator[Case]:
        """Yield the cases of a plan."""
        if self.each is None:
            yield from self._of(plan, str(self.name), None)
            return
        table = self.each(plan) if callable(self.each) else self.each
        for key, item in table.items():
            yield from self._of(plan, self.name(item) if callable(self.name) else key, item)

    def _of(self, plan: Plan, name: str, item: Any) -> Iterator[Case]:
        given = () if self.each is None else (item,)
        if self.when is not None and not self.when(plan, *given):
            return
        ids = [self.requirement] if isinstance(self.requirement, str) else self.requirement(plan, item)
        setups = list(self.setups(item)) if callable(self.setups) else self.setups
        needs, features, builds_on = (_of(each, item) for each in (self.needs, self.features, self.builds_on))
        clock = self.clock(item) if callable(self.clock) else self.clock
        about = (self.run.__doc__ or "").partition("\n")[0]
        endings = [self._ending(setup) for setup in setups]
        for requirement in ids:
            more = given if isinstance(self.requirement, str) else (*given, requirement)
            for setup, ending in zip(setups, endings, strict=True):
                yield Case(
                    requirement=requirement,
                    name=name + ending,
                    run=_bound(self.run, more),
                    setup=setup,
                    needs=needs,
                    features=features,
                    clock=clock,
                    once_only=self.once_only,
                    asks=_bound(self.asks, more) if self.asks else None,
                    builds_on=builds_on,
                    about=about,
                )

    def _ending(self, setup: Setup) -> str:
        return {"": "", "sign_type": f"/{setup.sign_type}", "setup": f"/{setup}"}[self.named]


def _of(words: Words, item: Any) -> tuple[str, ...]:
    return words(item) if callable(words) else words


def _bound(run: Callable[..., Any], given: tuple[Any, ...]) -> Callable[[Testbed], Any]:
    return (lambda bed: run(bed, *given)) if given else run


def check(  # noqa: PLR0913 (the fields of a declaration)
    requirement: str | Callable[[Plan, Any], Iterable[str]],
    *,
    needs: Words = (),
    builds_on: Words = (),
    each: Each | None = None,
    setups: Setups = (ANY_SETUP,),
    named: Named = "",
    features: Words = (),
    clock: bool | Callable[[Any], bool] = False,
    when: Callable[..., bool] | None = None,
    name: str | Callable[[Any], str] | None = None,
    once_only: bool = False,
    asks: Callable[..., Question | None] | None = None,
    late: bool = False,
) -> Callable[[F], F]:
    """Declare a function as a check; it may be declared several times.

    Args:
        requirement: the id that it judges. Where one exchange is judged by every rule of a group, a function
            of the plan and the item that returns the ids; the check is given the id as its last argument.
        needs: operations without which it is unsupported. With ``each`` this and the next fields may be
            functions of the item.
        builds_on: requirements that must hold first; where one does not, the engine says ``blocked``.
        each: a table, or what makes it from the plan: a case for each row, named by its key; the check is
            given the row's value as its second argument.
        setups: what the subject is configured with; with ``each`` it may depend on the item.
        named: whether the sign type or the whole setup is a part of the case's name.
        features: features of the subject without which it is unsupported.
        clock: whether the kit must be able to move the subject's time.
        when: says of a plan (and an item) whether there is such a case at all.
        name: the case's name, where it cannot be the function's (with ``each``, the row's key).
        once_only: see `Case.once_only`.
        asks: see `Case.asks`; it is given what the check is given.
        late: whether its cases take long to make: a run begins before they are there.

    Raises:
        TypeError: the function has no docstring, so that nothing could be published about it.
    """

    def declare(run: F) -> F:
        if not run.__doc__:
            raise TypeError(f"check {run.__qualname__} has no docstring: nothing can be published about it")
        declared = Check(
            requirement=requirement,
            run=run,
            name=name or run.__name__.strip("_").replace("_", "-"),
            needs=needs,
            builds_on=builds_on,
            each=each,
            setups=setups,
            named=named,
            features=features,
            clock=clock,
            when=when,
            once_only=once_only,
            asks=asks,
            late=late,
        )
        setattr(run, _CHECKS, [declared, *getattr(run, _CHECKS, [])])
        return run

    return declare


class Precondition(NamedTuple):
    """What must hold before a case can be judged that builds on a requirement."""

    run: Callable[..., None]
    requirement: str
    of_operation: bool

    def hold(self, bed: Testbed, case: Case) -> None:
        """Try it, for each sending operation of the case where it is about operations.

        Raises:
            Blocked: it does not hold.
        """
        if not self.of_operation:
            self.run(bed)
            return
        for op in case.needs:
            if op in OPERATIONS:
                self.run(bed, op)


def precondition(requirement: str, *, of_operation: bool = False) -> Callable[[F], F]:
    """Declare a function as what must hold before a case that `builds_on` this requirement can be judged.

    It tries the plainest example, remembers its finding with `Testbed.once`, and raises `Blocked` where it
    does not hold.

    Args:
        requirement: the id.
        of_operation: whether it is about the operation that sends; it is given that as its last argument.
    """

    def declare(run: F) -> F:
        setattr(run, _PRECONDITION, Precondition(run, requirement, of_operation))
        return run

    return declare


def declared(module: ModuleType) -> list[Check]:
    """Return the checks of a module, in the order in which they stand there."""
    own = [each for each in vars(module).values() if getattr(each, "__module__", None) == module.__name__]
    return [check for each in own for check in getattr(each, _CHECKS, [])]


def cases_of(module: ModuleType, plan: Plan, *, late: bool = True) -> Iterator[Case]:
    """Yield the cases of a module's checks; without ``late`` not those that take long to make."""
    for each in declared(module):
        if late or not each.late:
            yield from each.cases(plan)


def preconditions(module: ModuleType) -> dict[str, Precondition]:
    """Return the preconditions that a module declares, by requirement."""
    own = [each for each in vars(module).values() if getattr(each, "__module__", None) == module.__name__]
    found = [getattr(each, _PRECONDITION) for each in own if hasattr(each, _PRECONDITION)]
    return {each.requirement: each for each in found}
