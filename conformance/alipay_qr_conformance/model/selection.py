"""Selecting cases by name: ``-k "sign and not rsa"``, the way pytest users know it.

A word matches where it is a part of ``requirement[case]``, whatever its letter case; ``and``, ``or``,
``not`` and parentheses combine words; a word with ``*`` or ``?`` is a glob over the whole id, in which a
point may stand for the bracket before the case: ``*.any-*`` are all properties.
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Final

Predicate = Callable[[str], bool]
_DEEPEST: Final = 50
_TOKEN = re.compile(r"(\(|\)|[^\s()]+)")


class SelectionError(ValueError):
    """The expression is malformed; the text says where."""


def selector(expression: str) -> Predicate:
    """Return a predicate over case ids.

    Raises:
        SelectionError: unbalanced parentheses, or an operator without its word.
    """
    tokens = _TOKEN.findall(expression)
    if not tokens:
        raise SelectionError("the expression is empty")
    if tokens.count("(") > _DEEPEST or tokens.count("not") > _DEEPEST:
        raise SelectionError(f"the expression has more than {_DEEPEST} parentheses or nots")
    parser = _Parser(tokens)
    found = parser.either()
    if parser.rest:
        raise SelectionError(f"unexpected {parser.rest[0]!r} in {expression!r}")
    return lambda case_id: found(case_id.lower())


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.rest = tokens

    def either(self) -> Predicate:
        left = self._both()
        while self._next("or"):
            left = _or(left, self._both())
        return left

    def _both(self) -> Predicate:
        left = self._one()
        while self._next("and"):
            left = _and(left, self._one())
        return left

    def _one(self) -> Predicate:
        if self._next("not"):
            inner = self._one()
            return lambda text: not inner(text)
        if self._next("("):
            inner = self.either()
            if not self._next(")"):
                raise SelectionError("a parenthesis is not closed")
            return inner
        if not self.rest or self.rest[0] in {"and", "or", ")"}:
            raise SelectionError(
                f"a word is missing before {self.rest[0]!r}" if self.rest else "a word is missing at the end"
            )
        word = self.rest.pop(0).lower()
        if "*" in word or "?" in word:
            glob = word.replace("[", "[[]")
            return lambda text: (
                fnmatchcase(text, glob) or fnmatchcase(text.replace("[", ".").rstrip("]"), glob)
            )
        return lambda text: word in text

    def _next(self, token: str) -> bool:
        if self.rest and self.rest[0] == token:
            self.rest.pop(0)
            return True
        return False


def _or(left: Predicate, right: Predicate) -> Predicate:
    return lambda text: left(text) or right(text)


def _and(left: Predicate, right: Predicate) -> Predicate:
    return lambda text: left(text) and right(text)
