"""The pipeline from message to signed bytes, and the small departures from it.

    parameters -> values -> names -> order -> join -> whole text -> charset -> (key, hash: ``sign.hashing``)

A `State` is one value per parameter, in the message's own order; None means *not signed*. Names are fixed
for a message, so that an order is a permutation and a parameter is an index. A `ValueChange` makes a new
state; a `StepChange` swaps one of the five functions in `Steps`. Both are pure: combining them is composing
them in the order of their `stage`, and nothing here knows the sign that is looked for.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple

State = tuple[str | None, ...]
Names = tuple[str, ...]


class Stage(IntEnum):
    """Where in the pipeline a departure happens; combinations are applied in this order."""

    PARAMETERS = 0
    UNDO = 1
    CONTENT = 2
    CLEAN = 3
    DROP = 4
    HTML = 5
    URL = 6
    NAMES = 7
    ORDER = 8
    JOIN = 9
    WHOLE = 10
    MARK = 11
    CHARSET = 12


class Steps(NamedTuple):
    """The functions that turn a state into bytes.

    ``charset`` returns None where a character cannot be encoded: such a text cannot have been signed so.
    """

    names: Names
    order: Callable[[Names, State], Sequence[int]]
    join: Callable[[Names, Sequence[int], State], str]
    whole: Callable[[str], str]
    charset: Callable[[str], bytes | None]
    charset_name: str


class ValueChange(NamedTuple):
    """A departure in which values are signed; ``parameter`` is the index of the one it concerns, -1 for many.

    ``opens`` marks changes that bring new characters into the text, so that later departures which do nothing
    to the message as it is may matter after all. ``extra`` is added to the rarity of the mistake.
    """

    id: str
    detail: str
    stage: Stage
    parameter: int
    run: Callable[[State], State]
    opens: bool = False
    extra: int = 0


class StepChange(NamedTuple):
    """A departure in one of the later steps."""

    id: str
    detail: str
    stage: Stage
    put: Callable[[Steps], Steps]
    extra: int = 0
    opens: bool = False


class Message(NamedTuple):
    """A message as the doctor works on it.

    ``names`` and ``full`` hold every parameter as it came, then the names of `absent` parameters with None;
    ``base`` is what has to be signed of it.
    """

    names: Names
    full: State
    base: State
    present: int
    charset: str
    sign_type: str
    received: bool
    service: str


def one(index: int, value: str | None) -> Callable[[State], State]:
    """Return the change that signs ``value`` for the parameter at ``index``."""

    def run(state: State) -> State:
        return (*state[:index], value, *state[index + 1 :])

    return run


class Memo(dict[str | None, str | None]):
    """A text function applied once per distinct text; what cannot be transformed stays as it is."""

    def __init__(self, function: Callable[[str], str | None]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, text: str | None) -> str | None:
        result = None if text is None else self._function(text)
        self[text] = result
        return result


def every(function: Callable[[str], str | None]) -> Callable[[State], State]:
    """Return the change that applies ``function`` to every signed value; None drops the value."""
    get = Memo(function).__getitem__

    def run(state: State) -> State:
        return tuple(map(get, state))

    return run


def only(index: int, function: Callable[[str], str | None]) -> Callable[[State], State]:
    """Return the change that applies ``function`` to the one value at ``index``."""
    get = Memo(function).__getitem__

    def run(state: State) -> State:
        value = get(state[index])
        if value == state[index]:
            return state
        return (*state[:index], value, *state[index + 1 :])

    return run
