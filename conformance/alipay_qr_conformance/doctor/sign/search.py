"""The search: products of stage variants, best first, the simplest explanation wins.

    Space    everything that can be done to one message: active departures, in pipeline order
    Target   what a hash must come to, and the ways of hashing (attachments)
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

from alipay_qr_conformance.doctor.mistakes import RARITY
from alipay_qr_conformance.doctor.mistakes.hash import NewHash
from alipay_qr_conformance.doctor.model import Mistake
from alipay_qr_conformance.doctor.pipeline import Stage, State, StepChange, Steps, ValueChange
from alipay_qr_conformance.doctor.sign.hashing import Attachment

DEFAULT_BUDGET: Final = 300_000
"""Hypotheses: some 2.5 s on one core, and all of depth two for a request of 15 parameters."""

_LATE_PASS_LIMIT: Final = 2_000
_CHUNK: Final = 3_000
_RAREST: Final = 10


class Element(NamedTuple):
    """One active departure; ``place`` is its index in `Space.elements`."""

    place: int
    cost: int
    stage: int
    parameter: int
    value_change: Callable[[State], State] | None
    step_change: Callable[[Steps], Steps] | None
    mistake: Mistake


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


class Result(NamedTuple):
    """The matches of one depth, the simplest first, and how much was tried."""

    matches: list[Match]
    tried: int
    exhausted: bool


class Space:
    """The departures that change this message, and their combinations as bytes."""

    def __init__(
        self, base: State, steps: Steps, value_changes: list[ValueChange], step_changes: list[StepChange]
    ) -> None:
        self._base = base
        self._steps = steps
        self._quick = _quick(base, steps)
        self.right = self.data(base, steps)
        grouped: dict[object, list[tuple[int, ValueChange | StepChange]]] = {}
        idle: list[tuple[int, ValueChange | StepChange]] = []
        blocked: list[Element] = []
        for value_change in value_changes:
            state = value_change.run(base)
            if state == base:
                idle.append((_cost(value_change), value_change))
            else:
                grouped.setdefault(state, []).append((_cost(value_change), value_change))
        for step_change in step_changes:
            data = self.data(base, step_change.put(steps))
            if data is None or data == self.right:
                idle.append((_cost(step_change), step_change))
                if data is None:
                    blocked.append(_element(-1, _cost(step_change), step_change))
            else:
                grouped.setdefault((step_change.stage, data), []).append((_cost(step_change), step_change))
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
        self._states: list[tuple[State, Steps]] = [
            self.apply(element, base, steps) for element in self.elements
        ]
        self._later: dict[int, tuple[list[Element], list[int]]] = {}

    @property
    def everything(self) -> list[Element]:
        """Every departure, those that do nothing by themselves last."""
        return self.elements + self._idle

    def data(self, state: State, steps: Steps) -> bytes | None:
        """Return the bytes that are signed for a state."""
        if steps is self._steps:
            return self._quick(state)
        names = steps.names
        return steps.charset(steps.whole(steps.join(names, steps.order(names, state), state)))

    def text(self, elements: tuple[Element, ...]) -> tuple[str, Steps]:
        """Return the text that a combination signs, and its steps."""
        state, steps = self._base, self._steps
        for element in elements:
            state, steps = self.apply(element, state, steps)
        names = steps.names
        return steps.whole(steps.join(names, steps.order(names, state), state)), steps

    def combined(self, elements: tuple[Element, ...]) -> bytes | None:
        """Return the bytes that a combination signs."""
        text, steps = self.text(elements)
        return steps.charset(text)

    @staticmethod
    def apply(element: Element, state: State, steps: Steps) -> tuple[State, Steps]:
        """Return state and steps after one more departure."""
        if element.value_change is not None:
            return element.value_change(state), steps
        if element.step_change is not None:
            return state, element.step_change(steps)
        raise AssertionError(element)

    def singles(self) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        """Yield every single departure."""
        for element, (state, steps) in zip(self.elements, self._states, strict=True):
            data = self.data(state, steps)
            if data is not None:
                yield (element,), element.cost, data

    def pairs(self, low: int, high: int) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        """Yield every pair whose cost is above ``low`` and at most ``high``."""
        default = self._steps
        for first in self.elements:
            state, steps = self._states[first.place]
            later, costs = self._after(first.place)
            start = bisect_right(costs, low - first.cost)
            stop = bisect_right(costs, high - first.cost)
            for second in later[start:stop]:
                if second.value_change is not None:
                    after = second.value_change(state)
                    if after == state:
                        continue
                    data = self.data(after, default)
                else:
                    data = self.data(state, second.step_change(steps))  # type: ignore[misc]  # one of the two is set
                if data is not None:
                    yield (first, second), first.cost + second.cost, data

    def triples(self, low: int, high: int) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        """Yield every triple whose cost is above ``low`` and at most ``high``."""
        for first in self.elements:
            state1, steps1 = self._states[first.place]
            later, costs = self._after(first.place)
            for second in later[: bisect_right(costs, high - first.cost - 1)]:
                state2, steps2 = self.apply(second, state1, steps1)
                if second.value_change is not None and state2 == state1:
                    continue
                cost = first.cost + second.cost
                last, last_costs = self._after(second.place)
                start = bisect_right(last_costs, low - cost)
                stop = bisect_right(last_costs, high - cost)
                for third in last[start:stop]:
                    if third.stage == first.stage and not compatible(first, third):
                        continue
                    state3, steps3 = self.apply(third, state2, steps2)
                    data = self.data(state3, steps3)
                    if data is not None:
                        yield (first, second, third), cost + third.cost, data

    def hidden(self) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        """Yield pairs whose second departure does nothing, or nothing of its own, without the first."""
        for first in self._openers:
            state, steps = self.apply(first, self._base, self._steps)
            for second in self._idle:
                if second.stage <= first.stage:
                    continue
                after, changed = self.apply(second, state, steps)
                if second.value_change is not None and after == state:
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
                limit = min(limit, self.tried + _LATE_PASS_LIMIT)
        if not self.matches and size == 2:  # noqa: PLR2004 (depth two only)
            self.run(self._space.hidden(), 0, -1, top * 2)

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


def _quick(base: State, steps: Steps) -> Callable[[State], bytes | None]:
    """Return the correct path as one function: most texts of a search differ in their values alone."""
    order = steps.order(steps.names, base)
    heads = [(index, f"{steps.names[index]}=") for index in order]
    encode = steps.charset

    def run(state: State) -> bytes | None:
        return encode(
            "&".join([head + value for index, head in heads if (value := state[index]) is not None])
        )

    return run


def compatible(first: Element, second: Element) -> bool:
    """Say whether ``second`` can follow ``first`` in one combination."""
    if second.stage != first.stage:
        return second.stage > first.stage
    if second.step_change is not None:
        return False
    if first.stage in {Stage.PARAMETERS, Stage.CLEAN}:
        return first.parameter != second.parameter or first.parameter < 0
    return first.parameter >= 0 and second.parameter >= 0 and first.parameter != second.parameter


def _opens(item: ValueChange | StepChange) -> bool:
    return item.opens or item.stage is Stage.NAMES


def _element(place: int, cost: int, item: ValueChange | StepChange) -> Element:
    value_change = item.run if isinstance(item, ValueChange) else None
    step_change = item.put if isinstance(item, StepChange) else None
    parameter = item.parameter if isinstance(item, ValueChange) else -1
    return Element(place, cost, int(item.stage), parameter, value_change, step_change, _mistake(cost, item))


def _mistake(cost: int, item: ValueChange | StepChange) -> Mistake:
    return Mistake(item.id, item.detail, cost)


def _cost(item: ValueChange | StepChange) -> int:
    return RARITY[item.id] + item.extra


def _by_cost(match: Match) -> tuple[int, int]:
    return match.cost
