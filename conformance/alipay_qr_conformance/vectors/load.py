"""The golden vectors, wherever they stand: inside the wheel, or in the repository of an editable install.

    folder()     where they are, as a path
    names()      the sets there are: "external", "presign", "sign_md5", ...
    load(name)   one set as plain values, in the order of the file; remembered after the first time
    find(name, slug)   one vector of a set

Loading reads and trusts the file: that it keeps its schema is what `vector_lint` proves once, not what
every run pays for. The form of the files is explained for people in ``vectors/README.md``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

Result = Literal["valid", "invalid", "acceptable"]

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_PLACES: Final = (_PACKAGE / "_vectors", _PACKAGE.parents[1] / "vectors")


KEY_SETTINGS: Final = ("md5_key", "merchant_private_key", "alipay_public_key")
"""Inputs of a vector that are arguments of the operation ``configure``, under the same names."""


class VectorsMissingError(LookupError):
    """The vectors, or one set of them, are not where they belong."""


class Source(NamedTuple):
    """Where a vector comes from, and under which licence it may be copied."""

    name: str
    licence: str


@dataclass(frozen=True, slots=True)
class Vector:
    """One golden case.

    Attributes:
        id: a slug that is never used for anything else.
        kind: what is asked: ``presign``, ``sign``, ``verify_notification``, ...
        comment: what the case is about, in one or two sentences.
        inputs: what the implementation is given: the inputs of the group (keys, charset, sign type), and
            those of the case (``params``, ...), which win.
        steps: every intermediate value on the way to the answer.
        result: ``valid``: the answer is exactly the one in ``steps``, or the message is to be accepted.
            ``invalid``: there is no right answer but to decline. ``acceptable``: the sources are silent;
            the first flag names the rule that decides.
        flags: ids of the requirements that it exercises; the first is the one that it is about.
        twin: id of the vector that differs from this one by one edit.
        since: date of the set of vectors that brought it, as yyyy-mm-dd.
        source: where it comes from.
    """

    id: str
    kind: str
    comment: str
    inputs: Mapping[str, Any]
    steps: Mapping[str, Any]
    result: Result
    flags: tuple[str, ...]
    twin: str | None
    since: str
    source: Source

    @property
    def params(self) -> list[tuple[str, str | None]]:
        """The parameters of the message; None is a parameter without a value."""
        return [(name, value) for name, value in self.inputs["params"]]


BESIDE: Final = frozenset({"ids", "kills", "package", "composer"})
"""What stands beside the sets and is none: all ids, whom each exposes, what npm and composer read."""


@cache
def folder() -> Path:
    """Return the folder of the vectors.

    Raises:
        VectorsMissingError: neither the installed package nor a repository around it holds them.
    """
    for place in _PLACES:
        if (place / "schema").is_dir():
            return place
    raise VectorsMissingError(
        f"the golden vectors are neither in {_PLACES[0]} nor in {_PLACES[1]}: the installation is broken; "
        "reinstall alipay-qr-conformance"
    )


def names() -> list[str]:
    """Return the names of all sets, sorted."""
    return sorted(path.stem for path in folder().glob("*.json") if path.stem not in BESIDE)


@cache
def load(name: str) -> list[Vector]:
    """Return the vectors of one set.

    Raises:
        VectorsMissingError: there is no set of this name.
    """
    try:
        content = json.loads((folder() / f"{name}.json").read_text("utf-8"), object_hook=_share)
    except FileNotFoundError:
        raise VectorsMissingError(
            f"there is no set of vectors {name!r}; there are {', '.join(names())}"
        ) from None
    return [
        Vector(
            id=test["id"],
            kind=content["subject"],
            comment=test["comment"],
            inputs={**group["inputs"], **test["inputs"]},
            steps=test["steps"],
            result=test["result"],
            flags=tuple(test["flags"]),
            twin=test.get("twin"),
            since=test["since"],
            source=Source(group["source"]["name"], group["source"]["licence"]),
        )
        for group in content["groups"]
        for test in group["tests"]
    ]


_PAIRS: Final = ("params", "kept", "sorted")
_KNOWN: Final[dict[tuple[Any, ...], list[Any]]] = {}


def _share(row: dict[str, Any]) -> dict[str, Any]:
    """Let all messages share equal pairs: each pair is there about thirty times.

    Python's collector looks at every list again and again, and these were most of what it saw in a run.
    """
    for name in _PAIRS:
        if isinstance(pairs := row.get(name), list):
            row[name] = [_KNOWN.setdefault(tuple(pair), pair) for pair in pairs]
    return row


def find(name: str, slug: str) -> Vector:
    """Return the vector ``slug`` of the set ``name``.

    Raises:
        VectorsMissingError: there is no such set, or no such vector in it.
    """
    for vector in load(name):
        if vector.id == slug:
            return vector
    raise VectorsMissingError(f"the set of vectors {name!r} has no {slug!r}")
