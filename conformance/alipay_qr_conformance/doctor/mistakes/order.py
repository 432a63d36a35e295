"""The order of the parameters.

Right is ASCII byte order of the names. For names of small letters and ``_`` most wrong orders come to the
same; the search groups those, so that an order which made no difference is never named.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from alipay_qr_conformance.doctor.pipeline import Message, Names, Stage, State, StepChange
from alipay_qr_conformance.reading.patterns import later

RARITY: Final = {
    "order.insertion": 2,
    "order.case-insensitive": 2,
    "order.culture": 2,
    "order.numeric": 5,
    "order.charset-first": 3,
    "order.charset-last": 4,
    "order.sign-type-last": 3,
    "order.documented": 3,
    "order.length": 7,
    "order.reversed": 4,
    "order.by-value": 4,
    "order.by-pair": 4,
}

Key = Callable[[str], object]
_PARTS: Final = later(r"(\d+)")
_HEAD: Final = ("service", "partner", "_input_charset")


class ByName:
    """Sorts by a key of the name alone: computed once per tuple of names."""

    def __init__(self, key: Key, *, reverse: bool = False) -> None:
        self._key = key
        self._reverse = reverse
        self._known: dict[Names, tuple[int, ...]] = {}

    def __call__(self, names: Names, state: State) -> Sequence[int]:
        """Return the indexes in their order."""
        del state
        found = self._known.get(names)
        if found is None:
            places = sorted(range(len(names)), key=lambda i: self._key(names[i]), reverse=self._reverse)  # type: ignore[arg-type,return-value]  # keys of one kind
            found = self._known[names] = tuple(places)
        return found


def right(names: Names, state: State) -> Sequence[int]:
    """Return the indexes in the order of the protocol."""
    del state
    return _sorted(names)


@lru_cache(maxsize=32)
def _sorted(names: Names) -> tuple[int, ...]:
    return tuple(sorted(range(len(names)), key=names.__getitem__))


def step_changes(message: Message, documented: Sequence[str]) -> Iterator[StepChange]:
    """Yield every other order; ``documented`` is the order in which the API page lists the parameters."""
    places = {name: place for place, name in enumerate(documented)}
    rank = {name: message.names.index(name) for name in message.names}
    by_name: tuple[tuple[str, str, Key], ...] = (
        ("order.insertion", "", lambda name: rank.get(name, 0)),
        ("order.case-insensitive", "", lambda name: name.lower()),
        ("order.culture", "_ ignored", lambda name: (name.lower().replace("_", ""), name)),
        ("order.culture", "_ first", lambda name: (name.lower().replace("_", " "), name.swapcase())),
        ("order.culture", "_ last", lambda name: name.lower().replace("_", "\x7f")),
        ("order.numeric", "", _natural),
        ("order.charset-first", "", lambda name: (name != "_input_charset", name)),
        ("order.charset-last", "", lambda name: (name == "_input_charset", name)),
        ("order.sign-type-last", "", lambda name: (name == "sign_type", name)),
        ("order.documented", "", lambda name: (places.get(name, len(places)), name)),
        ("order.documented", "service, partner, _input_charset first", _head_first),
        ("order.length", "", lambda name: (len(name), name)),
    )
    for id_, detail, key in by_name:
        yield _change(id_, detail, ByName(key))
    yield _change("order.reversed", "", ByName(lambda name: name, reverse=True))
    yield _change("order.insertion", "reversed", ByName(lambda name: -rank.get(name, 0)))
    yield _change("order.by-value", "", _by_value)
    yield _change("order.by-value", "stable", _by_value_stable)
    if "_input_charset" in message.names[message.present :]:
        for place in range(min(4, message.present)):
            yield _change("order.insertion", f"_input_charset {place + 1}.", _inserted(message, place))
    yield _change("order.by-pair", "", _by_pair)


def _change(id_: str, detail: str, order: Callable[[Names, State], Sequence[int]]) -> StepChange:
    return StepChange(id_, detail, Stage.ORDER, lambda steps: steps._replace(order=order))


def _by_value(names: Names, state: State) -> Sequence[int]:
    return sorted(range(len(names)), key=lambda index: (state[index] or "", names[index]))


def _by_value_stable(names: Names, state: State) -> Sequence[int]:
    return sorted(range(len(names)), key=lambda index: state[index] or "")


def _inserted(message: Message, place: int) -> ByName:
    """Return the order of the message with the absent ``_input_charset`` at a place near its front."""
    names = [name for name in message.names if name != "_input_charset"]
    names.insert(place, "_input_charset")
    rank = {name: index for index, name in enumerate(names)}
    return ByName(lambda name: rank.get(name, 0))


def _by_pair(names: Names, state: State) -> Sequence[int]:
    return sorted(range(len(names)), key=lambda index: f"{names[index]}={state[index]}")


def _natural(name: str) -> list[tuple[int, int, str]]:
    return [(1, int(part), "") if part.isdecimal() else (2, 0, part) for part in _PARTS.split(name) if part]


def _head_first(name: str) -> tuple[int, str]:
    return (_HEAD.index(name), "") if name in _HEAD else (len(_HEAD), name)
