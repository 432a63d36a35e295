"""The search: products of stage variants, best first, the simplest explanation wins.

    Target   what a hash must come to, and the ways of hashing (attachments)
    search   `Space` x Target -> matches of the smallest number of mistakes, and how much was tried

Two things keep it quick. A text is hashed once, and every way of attaching a key continues on a copy. And
the combinations of one depth are visited by rising cost (rarity), so that what people really do comes first.
A last pass of depth two looks at what does nothing by itself. Mistakes that are known from other messages of
the same sender are combined first.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations
from typing import Final, NamedTuple

from alipay_qr_conformance.doctor.mistakes.hash import NewHash
from alipay_qr_conformance.doctor.model import Mistake
from alipay_qr_conformance.doctor.sign.hashing import Attachment
from alipay_qr_conformance.doctor.sign.space import Element, Space, compatible

DEFAULT_BUDGET: Final = 300_000
"""Hypotheses: some 2.5 s on one core, and all of depth two for a request of 15 parameters."""

_LATE_PASS_LIMIT: Final = 2_000
_CHUNK: Final = 3_000
_RAREST: Final = 10
_MOST_KNOWN: Final = 12

Met = AbstractSet[tuple[str, str]]
"""Mistakes of other messages of the same sender: id and detail."""


class Target(NamedTuple):
    """What is looked for: ``accepts`` judges a digest of ``new``.

    ``attachments(k)`` are the ways of hashing that are made of k mistakes, the most frequent first.
    """

    new: NewHash
    accepts: Callable[[bytes], bool]
    attachments: Callable[[int], list[Attachment]]


class Match(NamedTuple):
    """A combination that reproduces the digest."""

    elements: tuple[Element, ...]
    attachment: Attachment
    data: bytes

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes in the order of the pipeline."""
        return (*(element.mistake for element in self.elements), *self.attachment.mistakes)

    @property
    def cost(self) -> tuple[int, int]:
        """Sort key: fewer mistakes, then more frequent ones."""
        return len(self.mistakes), sum(mistake.cost for mistake in self.mistakes)

    @property
    def rank(self) -> tuple[int, bool, list[int]]:
        """Sort key among equal costs: the order in which a search comes upon them."""
        places = [element.place for element in self.elements]
        return -len(self.attachment.mistakes), -1 in places, places


class Result(NamedTuple):
    """The matches of one depth, the simplest first, and how much was tried.

    ``of_known`` says that they were found among known mistakes: an equal one may be more frequent.
    """

    matches: list[Match]
    tried: int
    exhausted: bool
    of_known: bool = False


def search(
    space: Space, target: Target, *, depth: int, budget: int, known: Met = frozenset(), most: int = 0
) -> Result:
    """Return the simplest combinations of at most ``depth`` mistakes that ``target`` accepts.

    Those of ``known`` mistakes alone are tried before the others of their size, up to ``most`` of them.
    """
    scan = _Scan(space, target, budget)
    if space.right is not None:
        scan.run(iter([((), 0, space.right)]), 0, -1, 0)
    of_known = False
    for size in range(1, max(depth, most if known else 0) + 1):
        if scan.matches or scan.tried >= budget:
            break
        if size > 1 and known:
            scan.known(size, known)
            of_known = bool(scan.matches)
        if not of_known and size <= depth:
            scan.depth(size)
    simplest = sorted(
        {match.mistakes: match for match in map(scan.reduced, scan.matches)}.values(), key=_by_cost
    )
    if simplest:
        fewest = len(simplest[0].mistakes)
        simplest = [match for match in simplest if len(match.mistakes) == fewest]
    return Result(simplest, scan.tried, scan.tried >= budget, of_known)


class _Scan:
    """One search: the count of hypotheses and the matches so far."""

    def __init__(self, space: Space, target: Target, budget: int) -> None:
        self._space = space
        self._target = target
        self._budget = budget
        self.matches: list[Match] = []
        self.tried = 0

    def depth(self, size: int) -> None:
        """Try every combination of ``size`` mistakes, by rising cost, until one pass has matches."""
        most = max([element.cost for element in self._space.elements] or [0])
        top = size * max(most, _RAREST)
        low, limit = -1, self._budget
        high = top if size == 1 else size
        while low < top and self.tried < limit:
            before = self.tried
            self._pass(size, low, high, limit)
            low = high
            high += 1 if self.tried - before > _CHUNK else 2
            if self.matches and limit == self._budget:
                limit = min(limit, self.tried + _LATE_PASS_LIMIT)
        if not self.matches and size == 2:  # noqa: PLR2004 (depth two only)
            self.run(self._space.hidden(), 0, -1, top * 2)

    def known(self, size: int, known: Met) -> None:
        """Try every combination of ``size`` of these mistakes."""
        elements = [
            each for each in self._space.everything if (each.mistake.id, each.mistake.detail) in known
        ][:_MOST_KNOWN]
        elements.sort(key=lambda each: each.stage)
        for attached in range(size, -1, -1):
            attachments = [
                each
                for each in self._target.attachments(attached)
                if all((mistake.id, mistake.detail) in known for mistake in each.mistakes)
            ]
            for chosen in combinations(elements, size - attached) if attachments else ():
                if not all(compatible(one, other) for one, other in combinations(chosen, 2)):
                    continue
                data = self._space.combined(chosen)
                self.tried += len(attachments)
                if data is not None:
                    self.matches += [
                        Match(chosen, each, data)
                        for each in attachments
                        if self._target.accepts(each.digest(data))
                    ]

    def _pass(self, size: int, low: int, high: int, limit: int) -> None:
        for attached in range(size, -1, -1):
            attachments = self._target.attachments(attached)
            if not attachments or attachments[0].cost > high:
                continue
            texts = self._texts(size - attached, low - attachments[-1].cost, high - attachments[0].cost)
            self.run(texts, attached, low, high, limit)

    def _texts(self, size: int, low: int, high: int) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        if size == 0:
            return iter([((), 0, self._space.right)] if self._space.right is not None else [])
        if size == 1:
            return (each for each in self._space.singles() if low < each[1] <= high)
        return self._space.pairs(low, high) if size == 2 else self._space.triples(low, high)  # noqa: PLR2004 (two)

    def run(
        self,
        texts: Iterator[tuple[tuple[Element, ...], int, bytes]],
        attached: int,
        low: int,
        high: int,
        limit: int | None = None,
    ) -> None:
        """Hash every text with the attachments of ``attached`` mistakes of a total cost in (low, high]."""
        attachments = self._target.attachments(attached)
        costs = [attachment.cost for attachment in attachments]
        new, accepts = self._target.new, self._target.accepts
        limit = self._budget if limit is None else limit
        tried = self.tried
        for elements, cost, data in texts:
            if attached:
                chosen = attachments[bisect_right(costs, low - cost) : bisect_right(costs, high - cost)]
                if not chosen:
                    continue
            else:
                chosen = attachments
            started = new(data)
            for attachment in chosen:
                if attachment.suffix is None:
                    digest = attachment.digest(data)
                else:
                    state = started.copy()
                    state.update(attachment.suffix)
                    digest = state.digest()
                tried += 1
                if accepts(digest):
                    self.matches.append(Match(elements, attachment, data))
            if tried >= limit:
                break
        self.tried = tried

    def reduced(self, match: Match) -> Match:
        """Return ``match`` without the mistakes that it does not need."""
        for element in match.elements:
            fewer = tuple(other for other in match.elements if other is not element)
            data = self._space.combined(fewer)
            if data is not None and self._target.accepts(match.attachment.digest(data)):
                return self.reduced(Match(fewer, match.attachment, data))
        for size in range(len(match.attachment.mistakes)):
            for attachment in self._target.attachments(size):
                if set(attachment.mistakes) < set(match.attachment.mistakes) and self._target.accepts(
                    attachment.digest(match.data)
                ):
                    return self.reduced(Match(match.elements, attachment, match.data))
        return match


def _by_cost(match: Match) -> tuple[int, int]:
    return match.cost
