"""Faulty implementations of the kinds of vectors that no operation of an adapter asks about.

A vector is proved by whom it exposes. Where it asks for a pre-sign string, a sign, or a verdict on a
notification, the faulty merchants are asked; for every other kind there are implementations. One has a method a
kind, named like it, for the kinds that it knows: a vector's inputs in, its ``result`` and members of its
``steps`` out. A faulty one has one fault, in the line above it:

    @fault("reckons money in floats")
    class MoneyInFloats(Amounts, Implementation): ...

`exposed` says which of them a vector shows to be wrong. Nobody is judged by an acceptable vector.
"""

import json
import re

IMPLEMENTATIONS = {}
"""All faulty implementations by name."""

EXCUSED = {}
"""Ids of vectors that expose nobody, with the reason why they stand in the files all the same."""


def fault(text):
    """Register a faulty implementation."""

    def register(kind):
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", kind.__name__).lower()
        assert name not in IMPLEMENTATIONS, name
        kind.name, kind.fault = name, text
        IMPLEMENTATIONS[name] = kind
        return kind

    return register


class Implementation:
    """Answers the kinds for which it has a method."""

    name = "healthy"
    fault = "none"


def excuse(reason, *slugs):
    """Say why vectors stand in the files although they expose nobody."""
    for slug in slugs:
        assert slug not in EXCUSED, slug
        EXCUSED[slug] = reason


def is_wrong(answer, vector):
    """Whether an answer contradicts a vector: another result, or another value of a step that both name."""
    right = {"result": vector.result, **vector.steps}
    answer = json.loads(json.dumps(answer))  # tuples and lists are one
    return any(name in right and right[name] != value for name, value in answer.items())


def exposed(vector, implementations=IMPLEMENTATIONS):
    """Return the names of those implementations that a vector shows to be wrong, sorted."""
    if vector.result == "acceptable":
        return []
    found = []
    for name, kind in implementations.items():
        method = getattr(kind(), vector.kind, None)
        if method is not None and is_wrong(answer_of(method, vector), vector):
            found.append(name)
    return sorted(found)


def answer_of(method, vector):
    """Return an answer; who breaks down over a vector declines it, for no good reason."""
    try:
        return method(dict(vector.inputs))
    except Exception as error:
        return {"result": f"broke down: {type(error).__name__}"}
