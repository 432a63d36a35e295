"""The order of the parameters, and names that changed.

Right is ASCII byte order of the names. For names of small letters and ``_`` most wrong orders come to the
same; the search groups those, so that an order which made no difference is never named.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from alipay_qr_conformance.doctor.stages.element import Choice, Message, Names, Slots, Stage, State

Key = Callable[[str], object]
_PARTS: Final = re.compile(r"(\d+)")
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


def right() -> ByName:
    """Return the order of the protocol."""
    return ByName(lambda name: name)


def choices(message: Message, documented: Sequence[str]) -> Iterator[Choice]:
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
        yield _choice(id_, detail, ByName(key))
    yield _choice("order.reversed", "", ByName(lambda name: name, reverse=True))
    yield _choice("order.insertion", "reversed", ByName(lambda name: -rank.get(name, 0)))
    yield _choice("order.by-value", "", _by_value)
    yield _choice("order.by-value", "stable", _by_value_stable)
    if "_input_charset" in message.names[message.present :]:
        for place in range(min(4, message.present)):
            yield _choice("order.insertion", f"_input_charset {place + 1}.", _inserted(message, place))
    yield _choice("order.by-pair", "", _by_pair)


def names(message: Message) -> Iterator[Choice]:
    """Yield other spellings of the names."""
    for id_, detail, change in (
        ("names.camel-case", "", _camel),
        ("names.case", "upper", str.upper),
        ("names.case", "lower", str.lower),
        ("names.camel-case", "Pascal", lambda name: _camel(name)[:1].upper() + _camel(name)[1:]),
        ("names.underscore", "", lambda name: name.lstrip("_")),
        ("names.underscore", "no _", lambda name: name.replace("_", "")),
    ):
        changed = tuple(map(change, message.names))
        if changed != message.names:
            yield Choice(id_, detail, Stage.NAMES, _put_names(changed))


def _put_names(changed: Names) -> Callable[[Slots], Slots]:
    return lambda slots: slots._replace(names=changed)


def _choice(id_: str, detail: str, order: Callable[[Names, State], Sequence[int]]) -> Choice:
    return Choice(id_, detail, Stage.ORDER, lambda slots: slots._replace(order=order))


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


def _camel(name: str) -> str:
    head, *rest = name.lstrip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
