"""What the reader hands over: plain frozen values.

    Place      where something stands
    Candidate  one reading of a message: its parameters, and how they were come by
    Readings   the readings of a message, each made when it is asked for
    Message    one message, with every reading that is plausible, the likeliest first

Which reading is right is not decided here: the sign decides, and that wants a key.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal, NamedTuple

Kind = Literal[
    "request", "notification", "response", "text-and-sign", "key", "error-code", "other-protocol", "unread"
]
Pairs = tuple[tuple[str, str], ...]
Ways = tuple[tuple[str, str], ...]


class Place(NamedTuple):
    """Where a message begins.

    Attributes:
        offset: bytes before it.
        line: from 1; of a message in a container of one line, the container's.
        column: bytes before it on its line, from 1.
        entry: its number in a HAR file, collection or table, from 0; -1 elsewhere.
    """

    offset: int
    line: int
    column: int
    entry: int = -1


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a message.

    Attributes:
        params: all parameters, ``sign`` and ``sign_type`` among them.
        charset: the value of ``_input_charset`` as declared, or what stands for it.
        sent_in: the charset in which the bytes are text, where that is not ``charset``; else empty.
        ways: what was done to the text before it could be read: codes, each with its detail.
        notes: irregularities of the form on the wire, codes with details.
        wire: True where the encoded form was read, so that what is odd about it was sent so.
        certain: True where nothing had to be guessed about beginning, end and form.
    """

    params: Pairs = field(repr=False)
    charset: str = "UTF-8"
    sent_in: str = ""
    ways: Ways = ()
    notes: Ways = ()
    wire: bool = False
    certain: bool = False

    @property
    def sign(self) -> str | None:
        """The value of ``sign``; None where the message has none."""
        return next((value for name, value in self.params if name == "sign"), None)

    @property
    def sign_type(self) -> str:
        """The value of ``sign_type``, or an empty text."""
        return next((value for name, value in self.params if name == "sign_type"), "")


class Readings:
    """Readings in their order, made when they are asked for: of most messages the first one is enough."""

    def __init__(self, source: Iterable[Candidate] = ()) -> None:
        self._source = iter(source)
        self._made: list[Candidate] = []

    def __iter__(self) -> Iterator[Candidate]:
        for place in count():
            if place == len(self._made):
                following = next(self._source, None)
                if following is None:
                    return
                self._made.append(following)
            yield self._made[place]

    def __bool__(self) -> bool:
        return bool(self._made) or next(iter(self), None) is not None

    @property
    def first(self) -> Candidate:
        """The likeliest one.

        Raises:
            StopIteration: there is none.
        """
        return self._made[0] if self._made else next(iter(self))


@dataclass(frozen=True, slots=True)
class Message:
    """What was found in one place.

    Attributes:
        kind: what it is; ``unread`` for the rest of a text in which too much was taken apart in vain.
        place: where it begins.
        source: the form in which it stood: ``form``, ``json``, ``har``, ``xml``, ``dump`` and so on.
        candidates: its readings; empty for a key, an error code, another protocol, the rest.
        detail: the error code, or the name of the other protocol.
        secret: the text of a key; never shown.
        marks: of a key, see `alipay_qr_conformance.reading.keys.Key`.
    """

    kind: Kind
    place: Place
    source: str
    candidates: Readings = field(default_factory=Readings, repr=False, compare=False)
    detail: str = ""
    secret: bytes = field(default=b"", repr=False)
    marks: tuple[str, ...] = ()

    @property
    def received(self) -> bool:
        """True for a message that comes from Alipay."""
        return self.kind in {"notification", "response"}
