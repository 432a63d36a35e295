"""What of the frame around a message sticks to its values, and what stands beside it, taken off."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Final

from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.forms import ends_of
from alipay_qr_conformance.reading.names import ANCHORS, BESIDE, KNOWN

_PUNCTUATION: Final = frozenset(",;|\uff0c\uff1b\u3002\u3001")
_OPENING: Final = {"]": "[", "}": "{", ")": "(", ">": "<"}
_QUOTES: Final = frozenset("\"'`")
_LONGEST_ENDING: Final = 40


def unpunctuated(pairs_: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs without what ends each value but the last one: a mark, and what follows upon it."""
    values = [value[-_LONGEST_ENDING:] for _, value in pairs_[:-1]]
    ending = _shared([value[::-1] for value in values])[::-1]
    if len(values) == 1 and len(ending) != 1:
        ending = ending[-1:] if ending[-1:] in _PUNCTUATION else ""
    start = next((at for at, each in enumerate(ending) if _ends(each, pairs_[:-1])), len(ending))
    ending = ending[start:]
    if not ending:
        return pairs_
    return [(name, value.removesuffix(ending).rstrip()) for name, value in pairs_]


def _ends(mark: str, pairs_: list[tuple[str, str]]) -> bool:
    """Say whether a mark at the end of these values is none of theirs: it closes what none of them opened."""
    if mark in _QUOTES:
        return all(value.count(mark) % 2 for _, value in pairs_)
    opening = _OPENING.get(mark)
    return mark in _PUNCTUATION or (
        opening is not None and all(value.count(mark) > value.count(opening) for _, value in pairs_)
    )


def _shared(values: list[str]) -> str:
    """Return what all of the values begin with."""
    least, greatest = min(values, default=""), max(values, default="")
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(least, greatest, strict=False))
    return "".join(one for one, _ in alike)


def without_edges(draft: Draft) -> Iterator[Draft]:
    """Yield a draft without names at its edges that any text may have, such as ``status: 200`` below it."""
    names = [name in BESIDE for name, _ in draft.params]
    own = [name in ANCHORS for name, _ in draft.params]
    if not any(own):
        return
    first, last = own.index(True), len(own) - own[::-1].index(True)
    first, last = first if any(names[:first]) else 0, last if any(names[last:]) else len(own)
    if (first, last) == (0, len(own)):
        return
    size = len(names)
    strange = max((at + 1 for at in range(first) if draft.params[at][0] not in KNOWN), default=0)
    starts = (0, first, strange) if strange else (0, first)
    edges = [(start, end) for start in starts for end in (last, size)]
    edges += [(int(names[0]), size), (0, size - names[-1])]
    for part in dict.fromkeys(draft.params[begin:end] for begin, end in edges):
        if part != draft.params:
            yield replace(draft, params=part, certain=False)


def cut_short(draft: Draft, *, quoted: bool) -> Iterator[Draft]:
    """Yield a draft without what its last value has of the frame around it, then as it is."""
    name, last = draft.params[-1]
    for cut in _cuts(name, last) if not quoted else ():
        yield replace(draft, params=(*draft.params[:-1], (name, cut)))
    yield draft


def _cuts(name: str, value: str) -> Iterator[str]:
    """Yield what the last value may be without what belongs to the frame around it."""
    seen = {value}
    if value[:1] == "[" and "]" in value:
        yield from dict.fromkeys((value[1 : value.rindex("]")], value[1 : value.index("]")]))
    for end in ends_of(name, value):
        if end and value[:end] not in seen:
            seen.add(value[:end])
            yield value[:end]
