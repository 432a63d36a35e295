"""What else explains the same sign: the one mistake swapped for another that gives the same bytes here.

One message often cannot tell two mistakes apart (GBK and GB2312 on everyday text; a ``&`` at the end of the
text, or before the key). All of them are said, the most frequent first: a remedy for the wrong one of two
equals would help nobody.
"""

from collections.abc import Iterator

from alipay_qr_conformance.doctor.sign.search import Match, Target
from alipay_qr_conformance.doctor.sign.space import Element, Space, compatible


def alternatives(space: Space, target: Target, match: Match) -> list[Match]:
    """Return the combinations, no longer than ``match``, that differ from it in one mistake."""
    found = [
        *_swapped(space, match),
        *_moved_to_the_attachment(space, target, match),
        *_moved_out(space, target, match),
    ]
    unique = {each.mistakes: each for each in found if each.mistakes != match.mistakes}
    return sorted(unique.values(), key=lambda each: each.cost)


def _swapped(space: Space, match: Match) -> Iterator[Match]:
    for element in match.elements:
        rest = [other for other in match.elements if other is not element]
        for combination in _with_another(space, rest, element):
            if space.combined(combination) == match.data:
                yield Match(combination, match.attachment, match.data)


def _moved_to_the_attachment(space: Space, target: Target, match: Match) -> Iterator[Match]:
    known = set(match.attachment.mistakes)
    for element in match.elements:
        rest = tuple(other for other in match.elements if other is not element)
        data = space.combined(rest)
        if data is None:
            continue
        for attachment in target.attachments(len(known) + 1):
            if known < set(attachment.mistakes) and target.accepts(attachment.digest(data)):
                yield Match(rest, attachment, data)


def _moved_out(space: Space, target: Target, match: Match) -> Iterator[Match]:
    known = set(match.attachment.mistakes)
    for attachment in target.attachments(len(known) - 1) if known else ():
        if not set(attachment.mistakes) < known:
            continue
        for combination in _with_another(space, list(match.elements), None):
            data = space.combined(combination)
            if data is not None and target.accepts(attachment.digest(data)):
                yield Match(combination, attachment, data)


def _with_another(space: Space, rest: list[Element], gone: Element | None) -> Iterator[tuple[Element, ...]]:
    """Yield ``rest`` with each other departure that goes with it, in the order of the pipeline."""
    for other in space.everything:
        if other is gone or other in rest:
            continue
        combination = sorted([*rest, other], key=lambda element: element.stage)
        if all(compatible(a, b) for i, a in enumerate(combination) for b in combination[i + 1 :]):
            yield tuple(combination)
