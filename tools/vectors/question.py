"""How a vector is described whose inputs are no message to be signed: like `case`, with inputs of its kind.

    @question("money.refund.exact", given=USD, twin=ten_cents)
    def a_cent_is_missing() -> Inputs:
        "The text that stands in the file as the vector's comment."
        return {"text": "0.09"}

``given`` are the inputs that a whole group shares. Whoever writes a vector states its result, and in ``says``
the members of its steps that matter; the other steps are what the reference implementation answers. `groups`
refuses a vector where the two differ; that the steps are right is proved in the tests, by oracles.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final, NamedTuple

from tools.vectors.case import SET, Result, prose, slug_of
from tools.vectors.requests import OURS

Inputs = Mapping[str, Any]
Answer = Callable[[Mapping[str, Any]], dict[str, Any]]

_NOTHING: Final[Mapping[str, Any]] = {}


class DoubtfulError(AssertionError):
    """A vector says one thing, and the reference implementation another."""


@dataclass(frozen=True, slots=True)
class Question:
    """Inputs about whose answer there is one thing to be learnt."""

    slug: str
    comment: str
    given: Inputs
    inputs: Inputs
    flags: tuple[str, ...]
    result: Result
    says: Mapping[str, Any]
    twin: str | None
    since: str = field(default=SET)


class Row(NamedTuple):
    """One question of a `family`: its name, its comment, its inputs, and where it differs from the rest."""

    name: str
    comment: str
    inputs: Inputs
    result: Result | None = None
    says: Mapping[str, Any] = _NOTHING
    twin: Question | None = None
    given: Inputs | None = None
    flags: tuple[str, ...] = ()


def question(
    *flags: str,
    given: Inputs,
    twin: Question | None = None,
    result: Result = "valid",
    says: Mapping[str, Any] = _NOTHING,
) -> Callable[[Callable[[], Inputs]], Question]:
    """Make a `Question` of the decorated function; ``twin`` differs from it by one edit."""

    def decorate(build: Callable[[], Inputs]) -> Question:
        slug = twin.slug if twin else None
        return Question(slug_of(build), prose(build), given, build(), flags, result, says, slug)

    return decorate


def family(
    *flags: str, given: Inputs, twin: Question | None = None, result: Result = "valid"
) -> Callable[[Callable[[], Iterator[Row]]], list[Question]]:
    """Make questions of the decorated generator: its name and docstring come before each row's."""

    def decorate(build: Callable[[], Iterator[Row]]) -> list[Question]:
        return [
            Question(
                slug=f"{slug_of(build)}-{row.name}",
                comment=f"{prose(build)} {row.comment}",
                given=row.given or given,
                inputs=row.inputs,
                flags=row.flags or flags,
                result=row.result or result,
                says=row.says,
                twin=other.slug if (other := row.twin or twin) else None,
            )
            for row in build()
        ]

    return decorate


def questions_of(modules: Iterable[ModuleType]) -> list[Question]:
    """Return the questions that the modules define, in the order in which they stand there."""
    found: dict[str, Question] = {}
    for module in modules:
        for value in vars(module).values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, Question) and found.setdefault(each.slug, each) is not each:
                    raise ValueError(f"two questions are named {each.slug}")
    return list(found.values())


def groups(kind: str, questions: Iterable[Question], answer: Answer) -> list[dict[str, Any]]:
    """Return the groups of a file, one for all questions with the same ``given``.

    Raises:
        DoubtfulError: the reference implementation gives another answer than the vector's author.
    """
    made: dict[str, dict[str, Any]] = {}
    for each in questions:
        key = json.dumps(each.given, sort_keys=True)
        group = made.setdefault(key, {"source": OURS, "inputs": each.given, "tests": []})
        group["tests"].append(_test(kind.replace("_", "-"), each, answer))
    return list(made.values())


def _test(prefix: str, asked: Question, answer: Answer) -> dict[str, Any]:
    steps = answer({**asked.given, **asked.inputs})
    result = steps.pop("result")
    told = {name: steps.get(name) for name in asked.says}
    if told != asked.says or asked.result not in {result, "acceptable"}:
        raise DoubtfulError(
            f"{prefix}-{asked.slug} is to be {asked.result} {asked.says}, but: {result} {steps}"
        )
    return {
        "id": f"{prefix}-{asked.slug}",
        "comment": asked.comment,
        "inputs": asked.inputs,
        "steps": steps,
        "result": asked.result,
        "flags": list(asked.flags),
        **({"twin": f"{prefix}-{asked.twin}"} if asked.twin else {}),
        "since": asked.since,
    }
