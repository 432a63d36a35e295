"""Everything that can be done to one message, and the combinations of it as bytes.

A departure that does nothing to this message is set aside, and those that do the same are one. One that was
set aside may matter after another one (a JSON escape brings characters that encoders treat differently).
Nothing is tried before somebody asks: a right message needs the right text alone.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from alipay_qr_conformance.doctor.mistakes import RARITY
from alipay_qr_conformance.doctor.model import Mistake
from alipay_qr_conformance.doctor.pipeline import Stage, State, StepChange, Steps, ValueChange


class Element(NamedTuple):
    """One active departure; ``place`` is its index in `Space.elements`."""

    place: int
    cost: int
    stage: int
    parameter: int
    value_change: Callable[[State], State] | None
    step_change: Callable[[Steps], Steps] | None
    mistake: Mistake


Changes = tuple[list[ValueChange], list[StepChange]]
_Priced = tuple[int, ValueChange | StepChange]


class _Departures(NamedTuple):
    """What can be done to one message.

    Attributes:
        elements: what changes it, each effect once.
        idle: what does nothing by itself, or what another one does.
        openers: those behind which an idle one may do something.
        states: the message after each element.
    """

    elements: list[Element]
    idle: list[Element]
    openers: list[Element]
    states: list[tuple[State, Steps]]


class Space:
    """The departures that change this message, and their combinations as bytes."""

    def __init__(self, base: State, steps: Steps, changes: Callable[[], Changes]) -> None:
        self._base = base
        self._steps = steps
        self._quick = _quick(base, steps)
        self._changes = changes
        self.right = self.data(base, steps)
        self._later: dict[int, tuple[list[Element], list[int]]] = {}

    @cached_property
    def _departures(self) -> _Departures:
        """What can be done, tried once: most messages are right, and nobody asks."""
        chosen, idle, blocked = self._sorted_out()
        elements = [_element(place, cost, item) for place, (cost, item) in enumerate(chosen)]
        openers = [element for element, (_, item) in zip(elements, chosen, strict=True) if _opens(item)]
        return _Departures(
            elements,
            [_element(-1, cost, item) for cost, item in idle],
            openers + blocked,
            [self.apply(element, self._base, self._steps) for element in elements],
        )

    def _sorted_out(self) -> tuple[list[_Priced], list[_Priced], list[Element]]:
        """Return the departures that change this message, each effect once; the others; the impossible."""
        base, steps = self._base, self._steps
        grouped: dict[object, list[_Priced]] = {}
        idle: list[_Priced] = []
        blocked: list[Element] = []
        value_changes, step_changes = self._changes()
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
        return chosen, idle, blocked

    @property
    def elements(self) -> list[Element]:
        """The departures that change this message, in pipeline order."""
        return self._departures.elements

    @property
    def everything(self) -> list[Element]:
        """Every departure, those that do nothing by themselves last."""
        return self._departures.elements + self._departures.idle

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
        for element, (state, steps) in zip(self.elements, self._departures.states, strict=True):
            data = self.data(state, steps)
            if data is not None:
                yield (element,), element.cost, data

    def pairs(self, low: int, high: int) -> Iterator[tuple[tuple[Element, ...], int, bytes]]:
        """Yield every pair whose cost is above ``low`` and at most ``high``."""
        default, states = self._steps, self._departures.states
        for first in self.elements:
            state, steps = states[first.place]
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
        states = self._departures.states
        for first in self.elements:
            state1, steps1 = states[first.place]
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
        for first in self._departures.openers:
            state, steps = self.apply(first, self._base, self._steps)
            for second in self._departures.idle:
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
