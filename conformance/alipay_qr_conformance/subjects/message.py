"""Messages of the adapter protocol as text: requests out, answers in. No I/O.

    encode(id, op, args, now)   a request as one ASCII line, without its end
    decode(line)                an answer: its id, if it can be told, and the value; never raises
    plain(value)                a copy made of what the protocol carries: dict, list, str, bool, None
    answer_of(...)              the four fields of an answer as a value

Everything that comes in is hostile: bounded in depth, numbers never computed, no lone surrogates.
"""

import json
from collections import Counter
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii as _quoted
from typing import Final, NamedTuple

from alipay_qr_conformance.model.bounds import ANSWER_VALUES
from alipay_qr_conformance.subjects.answers import (
    Answer,
    Garbled,
    NotSupported,
    Raised,
    Refusal,
    Result,
)

LARGEST_ID: Final = 2**31 - 1
FIELDS: Final = ("result", "refused", "unsupported", "error")
DEEPEST: Final = 64
"""Levels of nesting; the deepest message of the protocol has 4."""
LONGEST_TEXT: Final = 8192
"""Characters that are kept of a reason, a message or a traceback."""

JsonValue = str | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


class Incoming(NamedTuple):
    """An answer and the id it claims; without one nobody knows whose it is."""

    id: int | None
    answer: Answer


def too_much(share: int) -> Garbled:
    """Return what stands for an answer above its share of those that are awaited together."""
    return Garbled(f"an answer is longer than {share} bytes, while others are awaited", in_flight=2)


class LeafError(ValueError):
    """A value that the protocol does not carry; ``path`` leads to it."""

    def __init__(self, complaint: str) -> None:
        super().__init__(complaint)
        self.complaint = complaint
        self.path: list[str] = []

    def __str__(self) -> str:
        return f"{'.'.join(self.path)} {self.complaint}".strip()


class _Number(str):
    """A JSON number that was not computed: `1e999999999` costs nothing."""

    __slots__ = ()


def _integer(text: str) -> int | _Number:
    return int(text) if len(text) <= len(str(LARGEST_ID)) else _Number(text)


_CONSTANTS: Final = {None: "null", True: "true", False: "false"}
_ENCODER: Final = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False)


class _Repeated(dict[str, object]):
    """An object that names a member twice: readers differ in which value they take."""

    def __init__(self, found: dict[str, object], name: str) -> None:
        super().__init__(found)
        self.complaint = f"names {name[:40]!r} twice"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    times = Counter(name for name, _ in pairs)
    return _Repeated(found, max(times, key=times.__getitem__))


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_Number, parse_constant=_Number
)


def encode(number: int, op: str, args: Mapping[str, object], now: str | None = None) -> bytes:
    """Return one request as an ASCII line without its line end.

    Raises:
        ValueError: ``args`` holds a number, a lone surrogate or anything else that the protocol does not
            carry: a fault of the caller.
    """
    try:
        written = _written(args)
    except LeafError:  # `plain` takes what is rare, or says what is wrong and where
        written = _ENCODER.encode(plain(args))
    moment = "" if now is None else f',"now":{_quoted(now)}'
    return f'{{"id":{number},"op":{_quoted(op)},"args":{written}{moment}}}'.encode("ascii")


def decode(line: bytes) -> Incoming:
    """Return the answer that stands on a line; what is none comes back as `Garbled`."""
    if len(line) > ANSWER_VALUES and sum(map(line.count, (b",", b"[", b"{"))) > ANSWER_VALUES:
        return _lost(line, f"it has more than {ANSWER_VALUES} values")
    try:
        message = _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _lost(line, f"it is not UTF-8 at byte {error.start}")
    except json.JSONDecodeError as error:
        return _lost(line, f"it is no JSON: {error.msg} at character {error.pos}")
    except RecursionError:
        return _lost(line, f"it is nested deeper than {DEEPEST} levels")
    if not isinstance(message, dict):
        return _lost(line, "it is no JSON object")
    number = message.get("id")
    if type(number) is not int or not 1 <= number <= LARGEST_ID:
        found = "absent" if "id" not in message else f"{str(number)[:40]!r}"
        return _lost(line, f"its id is {found}: echo the id of the request as an integer")
    return Incoming(number, answer_of(message))


def answer_of(message: Mapping[str, object]) -> Answer:
    """Return the value of a message that has exactly one of the four fields."""
    if isinstance(message, _Repeated):
        return Garbled(f"an answer {message.complaint}")
    present = [field for field in FIELDS if field in message]
    if len(present) != 1:
        found = " and ".join(present) or "none of them"
        return Garbled(
            f"an answer has exactly one of {', '.join(FIELDS)}; this one has {found} (null counts as present)"
        )
    field = present[0]
    try:
        value = plain(message[field])
    except LeafError as error:
        return Garbled(f"{field}{'.' if error.path else ' '}{error}")
    if field == "result" and (value is None or value == []):
        value = {}
    if not isinstance(value, dict):
        return Garbled(f"{field} is {_kind(value)}, expected an object")
    if field == "result":
        return Result(value)  # type: ignore[arg-type] # a fresh copy: nobody else holds it
    return _declined(field, value)


def plain(value: object, depth: int = DEEPEST) -> JsonValue:
    """Return a copy of ``value`` made of dict, list, str, bool and None alone.

    Raises:
        LeafError: something in it is none of them, is nested too deep, or is a lone surrogate.
    """
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str) and not isinstance(value, _Number):
        return _text(value)
    if isinstance(value, list | tuple):
        return _plain_list(value, depth)
    if isinstance(value, dict | Mapping):
        return _plain_object(value, depth)
    raise LeafError(f"is {_kind(value)}: every leaf is a string, a boolean or null")


def excerpt(data: bytes, length: int = 200) -> str:
    """Return the beginning of ``data`` as printable ASCII."""
    text = data[:length].decode("utf-8", "backslashreplace")
    shown = ascii(text)[1:-1]
    return f"{shown} ... ({len(data)} bytes)" if len(data) > length else shown


def clip(text: str, length: int = LONGEST_TEXT) -> str:
    """Return at most ``length`` characters: the beginning of a long text and its end."""
    if len(text) <= length:
        return text
    half = length // 2
    return f"{text[:half]}\n[... {len(text) - 2 * half} characters left out ...]\n{text[-half:]}"


def _plain_object(value: Mapping[object, object], depth: int) -> JsonValue:
    if not depth:
        raise LeafError(f"is nested deeper than {DEEPEST} levels")
    if isinstance(value, _Repeated):
        raise LeafError(value.complaint)
    copy: dict[str, JsonValue] = {}
    for name, member in value.items():
        if not isinstance(name, str):
            raise LeafError(f"has {_kind(name)} as a name: names are strings")
        try:
            # Nearly every leaf is ASCII text, and a call for each would cost more than the rest.
            copy[_text(name)] = (
                member if type(member) is str and member.isascii() else plain(member, depth - 1)
            )
        except LeafError as error:
            error.path.insert(0, ascii(name[:40])[1:-1])
            raise
    return copy


def _plain_list(value: list[object] | tuple[object, ...], depth: int) -> JsonValue:
    if not depth:
        raise LeafError(f"is nested deeper than {DEEPEST} levels")
    copy: list[JsonValue] = []
    for member in value:
        try:
            if type(member) is str and member.isascii():
                copy.append(member)
            elif type(member) is list:  # parameters are lists of pairs
                copy.append(_plain_list(member, depth - 1))
            else:
                copy.append(plain(member, depth - 1))
        except LeafError as error:
            error.path.insert(0, str(len(copy)))
            raise
    return copy


def _written(value: object, depth: int = DEEPEST) -> str:
    """Return what `plain` would return as JSON, in one pass. What is rare or wrong is left to `plain`.

    Raises:
        LeafError: neither of JSON's own types, nested too deep, or a lone surrogate.
    """
    if value is None or value is True or value is False:
        return _CONSTANTS[value]
    if type(value) is str:
        return _quoted(_text(value))
    if depth and type(value) is list:
        members = [
            _quoted(member) if type(member) is str and member.isascii() else _written(member, depth - 1)
            for member in value
        ]
        return f"[{','.join(members)}]"
    if depth and type(value) is dict:
        members = [f"{_written_name(name)}:{_written(member, depth - 1)}" for name, member in value.items()]
        return f"{{{','.join(members)}}}"
    raise LeafError(f"is {_kind(value)}")


def _written_name(name: object) -> str:
    if type(name) is str:
        return _quoted(_text(name))
    raise LeafError(f"has {_kind(name)} as a name")


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            code = ord(value[error.start])
            raise LeafError(f"holds the lone surrogate U+{code:04X}, which is no text") from None
    return value if type(value) is str else str.__str__(value)


def _kind(value: object) -> str:
    if isinstance(value, _Number) or type(value) in (int, float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, list):
        return "a list"
    return "null" if value is None else f"of type {type(value).__name__}"


def _declined(field: str, value: dict[str, JsonValue]) -> Answer:
    word = "message" if field == "error" else "reason"
    texts = {name: value.get(name) for name in (word, "issue", "traceback", "fault")}
    for name, text in texts.items():
        if text is not None and not isinstance(text, str):
            return Garbled(f"{field}.{name} is {_kind(text)}, expected a string")
    if texts[word] is None:
        return Garbled(f"{field} has no {word}: say in a few words why")
    said = clip(str(texts[word]))
    if field == "refused":
        return Refusal(said)
    if field == "unsupported":
        issue = texts["issue"]
        return NotSupported(said, None if issue is None else clip(str(issue)))
    return _raised(said, clip(str(texts["traceback"] or "")), texts["fault"] or "subject")


def _raised(message: str, traceback: str, fault: object) -> Answer:
    match fault:
        case "subject" | "adapter":
            return Raised(message, traceback, fault)
        case _:
            return Garbled("error.fault is neither subject nor adapter")


def _lost(line: bytes, complaint: str) -> Incoming:
    return Incoming(None, Garbled(f"a line is no answer: {complaint}: {excerpt(line)}"))
