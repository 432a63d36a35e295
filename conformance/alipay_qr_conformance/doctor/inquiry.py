"""An input of any kind -> what can be said of everything in it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from alipay_qr_conformance.doctor.answer import Answer, Cause
from alipay_qr_conformance.doctor.input_error import InputError
from alipay_qr_conformance.doctor.judge import Judgement, Keys, holds, judge
from alipay_qr_conformance.doctor.model import Diagnosis
from alipay_qr_conformance.doctor.sign.search import DEFAULT_BUDGET
from alipay_qr_conformance.reading.message import Candidate, Message
from alipay_qr_conformance.reading.reader import TooLargeError, read

_ADDRESS: Final = re.compile(rb"[a-z]{0,12}mapi\.alipay\.com")
_LOST_BODY: Final = re.compile(rb"x-www-form-urlencoded\s{0,4};\s{0,4}[\w/+.-]{1,40}(?=[;\"'\r\n])")
"""A Content-Type with a parameter without a value, as Alipay sends it: some frameworks find no body then."""

_DATA_FILE: Final = re.compile(
    rb"(?:(?:-d|--data(?:-[a-z]{1,12})?)[ =]{0,3}[\"']?@|--(?:post|body)-file[ =])([^\s\"']{1,200})"
)
_NEAR: Final = 400
_SEARCHED: Final = 12
"""Searches at full depth; then single mistakes are looked for, then none."""

_SEARCHED_BRIEFLY: Final = 100
_FULLY_IN_VAIN: Final = 2
"""Searches without a result, each of some seconds; those after them stop at the likeliest combinations."""

_BUDGET: Final = 20_000
_MOST_MET: Final = 8
_MOST_BESIDE: Final = 20


@dataclass(slots=True)
class Inquiry:
    """What an input holds.

    Attributes:
        answer: its messages, judged.
        keys: its keys, as the reader found them.
        codes: the error codes that stand beside messages.
    """

    answer: Answer = field(default_factory=Answer)
    keys: list[Message] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Searches:
    """The searches of one input: a mistake is searched once, then recognised; those in vain are bounded."""

    met: list[Diagnosis] = field(default_factory=list)
    made: int = 0
    in_vain: int = 0

    def judge(self, message: Message, keys: Keys, depth: int, *, address: str, brief: bool) -> Judgement:
        deep = depth if self.made < _SEARCHED else 1 if self.made < _SEARCHED_BRIEFLY else 0
        budget = DEFAULT_BUDGET if self.in_vain < _FULLY_IN_VAIN else _BUDGET
        judgement = judge(
            message, keys, depth=deep, budget=budget, address=address, brief=brief, met=self.met
        )
        found = judgement.diagnosis
        if judgement.verdict == "right" or found is None or found.tried == 0:
            return judgement
        if found.alike is not None and any(each.alike == found.alike for each in self.met):
            return judgement
        self.made += 1
        self.in_vain += found.verdict == "unexplained"
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
    found, searches, count = Inquiry(), _Searches(), 0
    said: frozenset[tuple[str, str]] = frozenset()
    proof = partial(holds, keys=keys) if entry is None else None
    for message in _read(data, charset, proof):
        if message.kind == "key":
            whole = replace(message, secret=data) if message.source == "file" else message
            found.keys += [whole] if len(found.keys) < _MOST_BESIDE else []
            continue
        if message.kind == "error-code" and count:
            found.codes += [message.detail] if message.detail not in found.codes else []
            continue
        number = message.place.entry if message.place.entry >= 0 else count
        count += 1
        if entry is not None and number != entry:
            continue
        brief = ("right",) in found.answer.causes
        judgement = searches.judge(message, keys, depth, address=_address(data, message), brief=brief)
        if message.received and _LOST_BODY.search(data, *_around(message)):
            judgement = replace(judgement, reasons=(*judgement.reasons, ("content-type", "")))
        before, said = said, frozenset(judgement.reading.params if judgement.reading is not None else ())
        if not said or said != before or message.place.entry >= 0:  # else it was printed twice
            found.answer.add(judgement, number)
    if entry is not None and count and not found.answer.count:
        raise InputError("entry", str(count))
    if not count and not found.keys and (file := _DATA_FILE.search(data)) is not None:
        raise InputError("data-file", file[1].decode("utf-8", "replace"))
    if not count and not found.keys:
        raise InputError("unknown" if data.strip() else "empty")
    _settle(found.answer, keys)
    return found


def _read(data: bytes, charset: str, proof: Callable[[Candidate], bool] | None) -> Iterator[Message]:
    try:
        yield from read(data, charset, proof)
    except TooLargeError as error:
        raise InputError("large", str(error.size)) from None


def _address(data: bytes, message: Message) -> str:
    """Return the live gateway that stands near a message, or an empty text."""
    found = _ADDRESS.search(data, *_around(message))
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
