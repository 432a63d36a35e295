"""The search: products of stage variants, best first, the simplest explanation wins.

    Space    everything that can be done to one message: active departures, in pipeline order
    Target   what a hash must come to, and the ways of hashing (seals)
    search   Space x Target -> matches of the smallest number of mistakes, and how much was tried

Three things keep it quick. A departure that does nothing to this message is set aside, and those that do
the same are one. A text is hashed once, and every way of attaching a key continues on a copy. And the
combinations of one depth are visited by rising cost (rarity), so that what people really do comes first.

A departure that was set aside may matter after another one (a JSON escape brings characters that encoders
treat differently); a last pass of depth two looks there.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from alipay_qr_conformance.doctor.model import Mistake
from alipay_qr_conformance.doctor.rows import ROWS
from alipay_qr_conformance.doctor.seal import NewHash, Seal
from alipay_qr_conformance.doctor.stages.element import Choice, Edit, Slots, Stage, State

DEFAULT_BUDGET: Final = 300_000
"""Hypotheses: some 2.5 s on one core, and all of depth two for a request of 15 parameters."""

_AFTERGLOW: Final = 2_000
_CHUNK: Final = 3_000
_RAREST: Final = 10


class Element(NamedTuple):
    """One active departure; ``place`` is its index in `Space.elements`."""

    place: int
    cost: int
    stage: int
    parameter: int
    edit: Callable[[State], State] | None
    choice: Callable[[Slots], Slots] | None
    mistake: Mistake


class Target(NamedTuple):
    """What is looked for: ``accepts`` judges a digest of ``new``.

    ``seals(k)`` are the ways of hashing that are made of k mistakes, the most frequent first.
    """

    new: NewHash
    accepts: Callable[[bytes], bool]
    seals: Callable[[int], list[Seal]]


class Match(NamedTuple):
    """A combination that reproduces the digest."""

    elements: tuple[Element, ...]
    seal: Seal
    data: bytes

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes in the order of the pipeline."""
        return (*(element.mistake for element in self.elements), *self.seal.mistakes)

    @property
    def cost(self) -> tuple[int, int]:
        """Sort key: fewer mistakes, then more frequent ones."""
        return len(self.mistakes), sum(mistake.cost for mistake in self.mistakes)


class Result(NamedTuple):
    """The matches of one depth, the simplest first, and how much was tried."""

    matches: list[Match]
    tried: int
    exhausted: bool


class Space:
    """The departures that change this message, and their combinations as bytes."""

    def __init__(self, base: State, slots: Slots, edits: list[Edit], choices: list[Choice]) -> None:
        self._base = base
        self._slots = slots
        self._quick = _quick(base, slots)
        self.right = self.data(base, slots)
        grouped: dict[object, list[tuple[int, Edit | Choice]]] = {}
        idle: list[tuple[int, Edit | Choice]] = []
        blocked: list[Element] = []
        for edit in edits:
            state = edit.run(base)
            if state == base:
                idle.append((_cost(edit), edit))
            else:
                grouped.setdefault(state, []).append((_cost(edit), edit))
        for choice in choices:
            data = self.data(base, choice.put(slots))
            if data is None or data == self.right:
                idle.append((_cost(choice), choice))
                if data is None:
                    blocked.append(_element(-1, _cost(choice), choice))
            else:
                grouped.setdefault((choice.stage, data), []).append((_cost(choice), choice))
        chosen = []
        for group in grouped.values():
            group.sort(key=lambda pair: pair[0])
            chosen.append(group[0])
            idle += group[1:]
        chosen.sort(key=lambda pair: pair[1].stage)
        idle.sort(key=lambda pair: pair[0])
        self.elements = [_element(place, cost, item) for place, (cost, item) in enumerate(chosen)]
        self._idle = [_element(-1, cost, item) for cost, item in idle]
        self._openers = [
            element for element, (_, item) in zip(self.elements, chosen, strict=True) if _opens(item)
        ] + blocked
        self._states: list[tuple[State, Slots]] = [
            self.apply(element, base, slots) for element in self.elements
        ]
        self._later: dict[int, tuple[list[Element], list[int]]] = {}

    @property
    def everything(self) -> list[Element]:
        """Every departure, those that do nothing by themselves last."""
        return self.elements + self._idle

    def data(self, state: State, slots: Slots) -> bytes | None:
        """Return the bytes that are signed for a state."""
        if slots is self._slots:
            return self._quick(state)
        names = slots.names
        return slots.charset(slots.whole(slots.join(names, slots.order(names, state), state)))

    def text(self, elements: tuple[Element, ...]) -> tuple[str, Slots]:
        """Return the text that a combination signs, and its slots."""
        state, slots = self._base, self._slots
        for element in elements:
            state, slots = self.apply(element, state, slots)
        names = slots.names
        return slots.whole(slots.join(names, slots.order(names, state), state)), slots

    def combined(self, elements: tuple[Element, ...]) -> bytes | None:
        """Return the bytes that a combination signs."""
        text, slots = self.text(elements)
        return slots.charset(text)

    @staticmethod
    def apply(element: Element, state: State, slots: Slots) -> tuple[State, Slots]:
        """Return state and slots after one more departure."""
        if element.edit is not None:
            return element.edit(state), slots
        if element.choice is not None:
            return state, element.choice(slots)
        raise AssertionError(element)

    def singles(self) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        """Yield every single departure."""
        for element, (state, slots) in zip(self.elements, self._states, strict=True):
            data = self.data(state, slots)
            if data is not None:
                yield (element,), element.cost, data

    def pairs(self, low: int, high: int) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        """Yield every pair whose cost is above ``low`` and at most ``high``."""
        default = self._slots
        for first in self.elements:
            state, slots = self._states[first.place]
            later, costs = self._after(first.place)
            start = bisect_right(costs, low - first.cost)
            stop = bisect_right(costs, high - first.cost)
            for second in later[start:stop]:
                if second.edit is not None:
                    after = second.edit(state)
                    if after == state:
                        continue
                    data = self.data(after, default)
                else:
                    data = self.data(state, second.choice(slots))  # type: ignore[misc]  # one of the two is set
                if data is not None:
                    yield (first, second), first.cost + second.cost, data

    def triples(self, low: int, high: int) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        """Yield every triple whose cost is above ``low`` and at most ``high``."""
        for first in self.elements:
            state1, slots1 = self._states[first.place]
            later, costs = self._after(first.place)
            for second in later[: bisect_right(costs, high - first.cost - 1)]:
                state2, slots2 = self.apply(second, state1, slots1)
                if second.edit is not None and state2 == state1:
                    continue
                cost = first.cost + second.cost
                last, last_costs = self._after(second.place)
                start = bisect_right(last_costs, low - cost)
                stop = bisect_right(last_costs, high - cost)
                for third in last[start:stop]:
                    if third.stage == first.stage and not compatible(first, third):
                        continue
                    state3, slots3 = self.apply(third, state2, slots2)
                    data = self.data(state3, slots3)
                    if data is not None:
                        yield (first, second, third), cost + third.cost, data

    def hidden(self) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        """Yield pairs whose second departure does nothing, or nothing of its own, without the first."""
        for first in self._openers:
            state, slots = self.apply(first, self._base, self._slots)
            for second in self._idle:
                if second.stage <= first.stage:
                    continue
                after, changed = self.apply(second, state, slots)
                if second.edit is not None and after == state:
                    continue
                data = self.data(after, changed)
                if data is not None:
                    yield (first, second), first.cost + second.cost, data

    def _after(self, place: int) -> tuple[list[Element], list[int]]:
        found = self._later.get(place)
        if found is None:
            first = self.elements[place]
            later = [other for other in self.elements[place + 1 :] if compatible(first, other)]
            later.sort(key=lambda element: element.cost)
            found = self._later[place] = later, [element.cost for element in later]
        return found


def search(space: Space, target: Target, *, depth: int, budget: int) -> Result:
    """Return the simplest combinations of at most ``depth`` mistakes that ``target`` accepts."""
    scan = _Scan(space, target, budget)
    if space.right is not None:
        scan.run(iter([((), 0, space.right)]), 0, -1, 0)
    for size in range(1, depth + 1):
        if scan.matches or scan.tried >= budget:
            break
        scan.depth(size)
    simplest = sorted(
        {match.mistakes: match for match in map(scan.reduced, scan.matches)}.values(), key=_by_cost
    )
    if simplest:
        fewest = len(simplest[0].mistakes)
        simplest = [match for match in simplest if len(match.mistakes) == fewest]
    return Result(simplest, scan.tried, scan.tried >= budget)


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
                limit = min(limit, self.tried + _AFTERGLOW)
        if not self.matches and size == 2:  # noqa: PLR2004 (depth two only)
            self.run(self._space.hidden(), 0, -1, top * 2)

    def _pass(self, size: int, low: int, high: int, limit: int) -> None:
        for sealed in range(size, -1, -1):
            seals = self._target.seals(sealed)
            if not seals or seals[0].cost > high:
                continue
            texts = self._texts(size - sealed, low - seals[-1].cost, high - seals[0].cost)
            self.run(texts, sealed, low, high, limit)

    def _texts(self, size: int, low: int, high: int) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        if size == 0:
            return iter([((), 0, self._space.right)] if self._space.right is not None else [])
        if size == 1:
            return (each for each in self._space.singles() if low < each[1] <= high)
        return self._space.pairs(low, high) if size == 2 else self._space.triples(low, high)  # noqa: PLR2004 (two)

    def run(
        self,
        texts: Iterator[tuple[tuple[Element, ...], int, bytes]],
        sealed: int,
        low: int,
        high: int,
        limit: int | None = None,
    ) -> None:
        """Hash every text with the seals of ``sealed`` mistakes whose total cost lies in (low, high]."""
        seals = self._target.seals(sealed)
        costs = [seal.cost for seal in seals]
        new, accepts = self._target.new, self._target.accepts
        limit = self._budget if limit is None else limit
        tried = self.tried
        for elements, cost, data in texts:
            if sealed:
                chosen = seals[bisect_right(costs, low - cost) : bisect_right(costs, high - cost)]
                if not chosen:
                    continue
            else:
                chosen = seals
            started = new(data)
            for seal in chosen:
                if seal.suffix is None:
                    digest = seal.digest(data)
                else:
                    state = started.copy()
                    state.update(seal.suffix)
                    digest = state.digest()
                tried += 1
                if accepts(digest):
                    self.matches.append(Match(elements, seal, data))
            if tried >= limit:
                break
        self.tried = tried

    def reduced(self, match: Match) -> Match:
        """Return ``match`` without the mistakes that it does not need."""
        for element in match.elements:
            fewer = tuple(other for other in match.elements if other is not element)
            data = self._space.combined(fewer)
            if data is not None and self._target.accepts(match.seal.digest(data)):
                return self.reduced(Match(fewer, match.seal, data))
        for size in range(len(match.seal.mistakes)):
            for seal in self._target.seals(size):
                if set(seal.mistakes) < set(match.seal.mistakes) and self._target.accepts(
                    seal.digest(match.data)
                ):
                    return self.reduced(Match(match.elements, seal, match.data))
        return match


def _quick(base: State, slots: Slots) -> Callable[[State], bytes | None]:
    """Return the correct path as one function: most texts of a search differ in their values alone."""
    order = slots.order(slots.names, base)
    heads = [(index, f"{slots.names[index]}=") for index in order]
    encode = slots.charset

    def run(state: State) -> bytes | None:
        return encode(
            "&".join([head + value for index, head in heads if (value := state[index]) is not None])
        )

    return run


def compatible(first: Element, second: Element) -> bool:
    """Say whether ``second`` can follow ``first`` in one combination."""
    if second.stage != first.stage:
        return second.stage > first.stage
    if second.choice is not None:
        return False
    if first.stage in {Stage.PARAMETERS, Stage.CLEAN}:
        return first.parameter != second.parameter or first.parameter < 0
    return first.parameter >= 0 and second.parameter >= 0 and first.parameter != second.parameter


def _opens(item: Edit | Choice) -> bool:
    return item.opens or item.stage is Stage.NAMES


def _element(place: int, cost: int, item: Edit | Choice) -> Element:
    edit = item.run if isinstance(item, Edit) else None
    choice = item.put if isinstance(item, Choice) else None
    parameter = item.parameter if isinstance(item, Edit) else -1
    return Element(place, cost, int(item.stage), parameter, edit, choice, _mistake(cost, item))


def _mistake(cost: int, item: Edit | Choice) -> Mistake:
    return Mistake(item.id, item.detail, cost)


def _cost(item: Edit | Choice) -> int:
    return ROWS[item.id].cost + item.extra


def _by_cost(match: Match) -> tuple[int, int]:
    return match.cost
