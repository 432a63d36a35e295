"""An input of any kind -> what can be said of everything in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from alipay_qr_conformance.doctor.answer import Answer, Cause
from alipay_qr_conformance.doctor.input_error import InputError
from alipay_qr_conformance.doctor.judge import Judgement, Keys, judge
from alipay_qr_conformance.reading.message import Message
from alipay_qr_conformance.reading.reader import TooLargeError, read

_ADDRESS: Final = re.compile(rb"[a-z]{0,12}mapi\.alipay\.com")
_LOST_BODY: Final = re.compile(rb"x-www-form-urlencoded\s{0,4};\s{0,4}[\w/+.-]{1,40}(?=[;\"'\r\n])")
"""A Content-Type with a parameter without a value, as Alipay sends it: some frameworks find no body then."""

_DATA_FILE: Final = re.compile(
    rb"(?:(?:-d|--data(?:-[a-z]{1,12})?)[ =]{0,3}[\"']?@|--(?:post|body)-file[ =])([^\s\"']{1,200})"
)
_NEAR: Final = 400
_SEARCHED: Final = 12
"""Wrong messages that are searched at full depth; of the next ones single mistakes, then none."""

_SEARCHED_BRIEFLY: Final = 200
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
    found, unexplained, count = Inquiry(), 0, 0
    said: frozenset[tuple[str, str]] = frozenset()
    for message in _read(data, charset):
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
        deep = depth if unexplained < _SEARCHED else 1 if unexplained < _SEARCHED_BRIEFLY else 0
        brief = ("right",) in found.answer.causes
        judgement = judge(message, keys, depth=deep, address=_address(data, message), brief=brief)
        if message.received and _LOST_BODY.search(data, *_around(message)):
            judgement = replace(judgement, reasons=(*judgement.reasons, ("content-type", "")))
        unexplained += judgement.verdict != "right"
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


def _read(data: bytes, charset: str) -> Iterator[Message]:
    try:
        yield from read(data, charset)
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
