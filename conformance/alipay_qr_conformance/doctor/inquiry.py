"""An input of any kind -> what can be said of everything in it."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from alipay_qr_conformance.doctor.answer import Answer, Cause
from alipay_qr_conformance.doctor.input_error import InputError
from alipay_qr_conformance.doctor.judge import Judgement, Keys, holds, judge, met_again
from alipay_qr_conformance.doctor.model import Diagnosis
from alipay_qr_conformance.doctor.sign.search import DEFAULT_BUDGET
from alipay_qr_conformance.reading.message import Candidate, Message
from alipay_qr_conformance.reading.patterns import later
from alipay_qr_conformance.reading.reader import TooLargeError, read

_HOST: Final = b"mapi.alipay.com"
_LONGEST_HOST: Final = 12
_ADDRESS: Final = later(rb"[a-z]{0,12}mapi\.alipay\.com")
_LOST_BODY: Final = later(rb"x-www-form-urlencoded\s{0,4};\s{0,4}[\w/+.-]{1,40}(?=[;\"'\r\n])")
"""A Content-Type with a parameter without a value, as Alipay sends it: some frameworks find no body then."""

_DATA_FILE: Final = later(
    rb"(?:(?:-d|--data(?:-[a-z]{1,12})?)[ =]{0,3}[\"']?@|--(?:post|body)-file[ =])([^\s\"']{1,200})"
)
_NEAR: Final = 400
_LEAST: Final = 20_000
"""Hypotheses for an input of any size; there are fewer for a larger one, which takes longer to read."""

_BYTES_FOR_ONE: Final = 4
_SEARCH: Final = 4_000
"""What a search costs before its first hypothesis, in hypotheses, and what the smallest one gets."""

_SHARE: Final = 4
"""The part of what is left that a message gets behind which others stand."""

_MOST_MET: Final = 8
_MOST_BESIDE: Final = 20

_Numbered = tuple[int, Message]


@dataclass(slots=True)
class Inquiry:
    """What an input holds.

    Attributes:
        answer: its messages, judged.
        keys: its keys, as the reader found them.
        codes: the error codes that stand beside messages.
        count: how many messages there are, judged or not.
    """

    answer: Answer = field(default_factory=Answer)
    keys: list[Message] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    count: int = 0


@dataclass(slots=True)
class _Searches:
    """The searches of one input: a mistake is searched once, then recognised.

    Attributes:
        left: hypotheses that may still be compared, in all the messages together.
        met: what was found, the last recognised first.
        known: the last readings that were explained by it, as the reader asked for them.
    """

    keys: Keys
    depth: int
    left: int
    met: list[Diagnosis] = field(default_factory=list)
    known: deque[tuple[Candidate, Diagnosis]] = field(default_factory=lambda: deque(maxlen=4))

    def knows(self, candidate: Candidate) -> bool:
        """Say whether the sign of a reading is right, or comes of a mistake that was met."""
        if holds(candidate, self.keys):
            return True
        found = met_again(candidate, self.met)
        if found is not None:
            self.known.append((candidate, found))
        return found is not None

    def judge(self, message: Message, *, address: str, brief: bool, more: bool) -> Judgement:
        """Judge one message; ``more`` says that others follow, for which a part of the search is kept."""
        first = next(iter(message.candidates), None)
        if (again := next((found for each, found in self.known if each is first), None)) is not None:
            return Judgement(message, "wrong", first, again)
        budget = max(_SEARCH, self.left // _SHARE) if more else self.left
        depth = self.depth if self.left >= _SEARCH else 0
        judgement = judge(
            message, self.keys, depth=depth, budget=budget, address=address, brief=brief, met=self.met
        )
        found = judgement.diagnosis
        if judgement.verdict == "right" or found is None or found.tried == 0:
            return judgement
        if found.alike is not None and any(each.alike == found.alike for each in self.met):
            return judgement
        self.left -= found.tried + _SEARCH
        if found.alike is not None and len(self.met) < _MOST_MET:
            self.met.append(found)
        return judgement


def inquire(
    data: bytes, keys: Keys, *, depth: int = 3, charset: str = "UTF-8", entry: int | None = None
) -> Inquiry:
    """Judge all messages of an input, or one.

    Args:
        data: as it was pasted or stored.
        keys: what was given to judge by.
        depth: how many mistakes may be combined.
        charset: what an absent ``_input_charset`` means.
        entry: the number of one message: that of its container, else its place among those found, from 0.

    Raises:
        InputError: there is too much, or nothing that can be explained, or no such message.
    """
    found = Inquiry()
    size = len(data) if entry is None else 0
    searches = _Searches(keys, depth, max(_LEAST, DEFAULT_BUDGET - size // _BYTES_FOR_ONE))
    said: frozenset[tuple[str, str]] = frozenset()
    proof = searches.knows if entry is None else None
    for (number, message), more in _with_more(_asked(found, _read(data, charset, proof), data, entry)):
        brief = ("right",) in found.answer.causes
        judgement = searches.judge(message, address=_address(data, message), brief=brief, more=more)
        if message.received and _LOST_BODY.search(data, *_around(message)):
            judgement = replace(judgement, reasons=(*judgement.reasons, ("content-type", "")))
        before, said = said, frozenset(judgement.reading.params if judgement.reading is not None else ())
        if not said or said != before or message.place.entry >= 0:  # else it was printed twice
            found.answer.add(judgement, number)
    if entry is not None and found.count and not found.answer.count:
        raise InputError("entry", str(found.count))
    if not found.count and not found.keys and (file := _DATA_FILE.search(data)) is not None:
        raise InputError("data-file", file[1].decode("utf-8", "replace"))
    if not found.count and not found.keys:
        raise InputError("unknown" if data.strip() else "empty")
    _settle(found.answer, keys)
    return found


def _asked(
    found: Inquiry, messages: Iterator[Message], data: bytes, entry: int | None
) -> Iterator[_Numbered]:
    """Yield the messages to judge, each with its number; put the others into ``found``."""
    for message in messages:
        if message.kind == "key":
            whole = replace(message, secret=data) if message.source == "file" else message
            found.keys += [whole] if len(found.keys) < _MOST_BESIDE else []
            continue
        if message.kind == "error-code" and found.count:
            found.codes += [message.detail] if message.detail not in found.codes else []
            continue
        number = message.place.entry if message.place.entry >= 0 else found.count
        found.count += 1
        if entry is None or number == entry:
            yield number, message


def _with_more(source: Iterator[_Numbered]) -> Iterator[tuple[_Numbered, bool]]:
    """Yield each of ``source``, and whether others follow."""
    waiting: _Numbered | None = None
    for each in source:
        if waiting is not None:
            yield waiting, True
        waiting = each
    if waiting is not None:
        yield waiting, False


def _read(data: bytes, charset: str, proof: Callable[[Candidate], bool] | None) -> Iterator[Message]:
    try:
        yield from read(data, charset, proof)
    except TooLargeError as error:
        raise InputError("large", str(error.size)) from None


def _address(data: bytes, message: Message) -> str:
    """Return the live gateway that stands near a message, or an empty text."""
    host = data.find(_HOST, *_around(message))
    found = _ADDRESS.search(data, max(0, host - _LONGEST_HOST), host + len(_HOST)) if host >= 0 else None
    return found[0].decode("ascii") if found else ""


def _around(message: Message) -> tuple[int, int]:
    return max(0, message.place.offset - _NEAR), message.place.offset + _NEAR


def _settle(answer: Answer, keys: Keys) -> None:
    """Say "wrong" of what the given key did not verify, where it has verified another message."""
    if not (keys.md5 or keys.public) or not any(key[0] == "right" for key in answer.causes):
        return
    old = answer.causes.pop(("cannot-say", "key-unproved"), None)
    if old is not None:
        rest = tuple(reason for reason in old.first.reasons if reason[0] != "key-unproved")
        first: Judgement = replace(old.first, verdict="wrong", reasons=rest)
        answer.causes["wrong", "unexplained"] = Cause(first, old.labels)
