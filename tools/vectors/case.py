"""How a vector is described: a function, its docstring, the requirement it is about, and its twin.

    @case("sign.exclude", twin=refund_plain)
    def sign_type_is_sent_but_not_signed() -> Pairs:
        "`sign_type` travels with the message and is no part of the text that is signed."
        return refund(sign_type="MD5")

The function's name becomes the id, its docstring the published comment. `table` describes a family of
cases that differ in one value, one line each.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Final, Literal, NamedTuple

from tools.vectors.steps import Pairs

SET: Final = "2026-11-23"
"""The date of the set that is being made. Vectors of earlier dates never change again."""

Result = Literal["valid", "invalid", "acceptable"]


@dataclass(frozen=True, slots=True)
class Case:
    """A message about whose signed text there is one thing to be learnt."""

    slug: str
    comment: str
    params: Pairs
    flags: tuple[str, ...]
    charset: str = "UTF-8"
    twin: str | None = None
    result: Result = "valid"
    since: str = field(default=SET)


class Row(NamedTuple):
    """One case of a `table`: its name, what it is about, its message."""

    name: str
    comment: str
    params: Pairs
    result: Result = "valid"


Builder = Callable[[], Pairs]
Table = Callable[[], Iterator[Row]]


def case(
    *flags: str, twin: Case | None = None, charset: str = "UTF-8", result: Result = "valid"
) -> Callable[[Builder], Case]:
    """Make a `Case` of the decorated function; ``twin`` differs from it by one edit."""

    def decorate(build: Builder) -> Case:
        return Case(
            slug=slug_of(build),
            comment=prose(build),
            params=build(),
            flags=flags,
            charset=charset,
            twin=twin.slug if twin else None,
            result=result,
        )

    return decorate


def table(*flags: str, twin: Case, charset: str = "UTF-8") -> Callable[[Table], list[Case]]:
    """Make a family of cases of the decorated generator: its name and docstring come before each row's."""

    def decorate(build: Table) -> list[Case]:
        return [
            Case(
                slug=f"{slug_of(build)}-{row.name}",
                comment=f"{prose(build)} {row.comment}",
                params=row.params,
                flags=flags,
                charset=charset,
                twin=twin.slug,
                result=row.result,
            )
            for row in build()
        ]

    return decorate


def cases_of(modules: Iterable[ModuleType]) -> list[Case]:
    """Return the cases that the modules define, in the order in which they stand there."""
    found: list[Case] = []
    for module in modules:
        for value in vars(module).values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, Case) and each not in found:
                    found.append(each)
    return found


def slug_of(build: Callable[..., object]) -> str:
    """Return the id that a builder's name stands for."""
    return build.__name__.replace("_", "-")


def prose(build: Callable[..., object]) -> str:
    """Return a builder's docstring on one line, as it is published.

    Raises:
        ValueError: there is none.
    """
    text = inspect.getdoc(build)
    if not text:
        raise ValueError(f"{build.__name__} has no docstring: it would be a vector without a comment")
    return " ".join(text.split())
