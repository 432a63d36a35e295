"""Which parameters are signed: left in, left out, added; and names that changed.

The right set is every parameter with a value except ``sign`` and ``sign_type``
(``docs.antom.com/ac/web/signing``). Everything here signs another set.
"""

from collections.abc import Callable, Iterator
from typing import Final

from alipay_qr_conformance.doctor.pipeline import (
    Message,
    Names,
    Stage,
    State,
    StepChange,
    Steps,
    ValueChange,
    one,
)

RARITY: Final = {
    "params.sign-type-signed": 1,
    "params.sign-signed": 4,
    "params.empty-signed": 1,
    "params.null-signed": 2,
    "params.absent-signed": 2,
    "params.absent-null-signed": 3,
    "params.default-signed": 5,
    "params.left-out": 4,
    "params.extra": 1,
    "params.charset-unsigned": 2,
    "params.charset-added": 2,
    "params.charset-other": 2,
    "params.duplicate": 3,
    "names.camel-case": 6,
    "names.case": 6,
    "names.underscore": 5,
}

NULL_TEXTS: Final = ("null", "None", "undefined", "NULL", "nil", "false", "0", "[]", "{}", '""')
"""How languages print a value that is not there: Java and JavaScript, Python, JavaScript, SQL, Ruby, ..."""

_CHARSET_SPELLINGS: Final = ("utf-8", "UTF-8", "GBK", "gbk", "GB2312", "gb2312", "utf8", "UTF8")


def value_changes(message: Message, known: dict[str, tuple[str, ...]]) -> Iterator[ValueChange]:
    """Yield every departure; ``known`` are the protocol's parameters here with their usual values."""
    yield from _sign_type(message)
    yield from _without_value(message)
    yield from _left_out(message, known)
    yield from _charset(message)
    yield from _added(message, known)
    yield from _twice(message)


def _change(id_: str, detail: str, index: int, value: str | None, *, extra: int = 0) -> ValueChange:
    run = one(index, value)
    return ValueChange(id_, detail, Stage.PARAMETERS, index, run, opens=value is not None, extra=extra)


def _sign_type(message: Message) -> Iterator[ValueChange]:
    if "sign_type" in message.names:
        index = message.names.index("sign_type")
        sent = message.full[index]
        spellings = dict.fromkeys((sent or message.sign_type, message.sign_type, "MD5", "RSA", "RSA2"))
        for extra, value in enumerate(spellings):
            yield _change("params.sign-type-signed", value, index, value, extra=min(extra, 2))
        yield _change("params.sign-type-signed", "", index, "", extra=3)
    if "sign" in message.names:
        index = message.names.index("sign")
        for value in ("", "null", "None", "undefined"):
            yield _change("params.sign-signed", value, index, value)


def _without_value(message: Message) -> Iterator[ValueChange]:
    empty = [
        index
        for index, value in enumerate(message.full[: message.present])
        if not value and message.names[index] not in {"sign", "sign_type"}
    ]
    if empty:
        yield ValueChange("params.empty-signed", "", Stage.PARAMETERS, -1, _fill(empty, ""), opens=True)
        for text in NULL_TEXTS:
            yield ValueChange(
                "params.null-signed", text, Stage.PARAMETERS, -1, _fill(empty, text), opens=True
            )
    for index in empty if len(empty) > 1 else ():
        name = message.names[index]
        yield _change("params.empty-signed", name, index, "", extra=2)
        for text in NULL_TEXTS[:3]:
            yield _change("params.null-signed", f"{name}={text}", index, text, extra=2)


def _fill(indexes: list[int], text: str) -> "Fill":
    return Fill(frozenset(indexes), text)


class Fill:
    """Signs ``text`` for all parameters at ``indexes``."""

    def __init__(self, indexes: frozenset[int], text: str) -> None:
        self._indexes = indexes
        self._text = text

    def __call__(self, state: State) -> State:
        """Return the state with the text in those places."""
        return tuple(self._text if index in self._indexes else value for index, value in enumerate(state))


def _left_out(message: Message, known: dict[str, tuple[str, ...]]) -> Iterator[ValueChange]:
    unknown = []
    for index, value in enumerate(message.base[: message.present]):
        if value is None:
            continue
        name = message.names[index]
        if name == "_input_charset":
            yield _change("params.charset-unsigned", "", index, None)
        elif known and name not in known:
            unknown.append(index)
            yield _change("params.extra", name, index, None)
        else:
            yield _change("params.left-out", name, index, None)
    if len(unknown) > 1:
        gone = frozenset(unknown)
        names = ", ".join(message.names[index] for index in unknown)
        yield ValueChange(
            "params.extra",
            names,
            Stage.PARAMETERS,
            -1,
            lambda state: tuple(None if index in gone else value for index, value in enumerate(state)),
        )


def _charset(message: Message) -> Iterator[ValueChange]:
    if "_input_charset" not in message.names:
        return
    index = message.names.index("_input_charset")
    sent = message.base[index]
    for value in dict.fromkeys((message.charset, *_CHARSET_SPELLINGS)):
        if sent is None:
            yield _change("params.charset-added", value, index, value, extra=int(value != message.charset))
        elif value != sent:
            same = value.upper() == sent.upper()
            yield _change("params.charset-other", value, index, value, extra=0 if same else 1)


def _added(message: Message, known: dict[str, tuple[str, ...]]) -> Iterator[ValueChange]:
    absent = range(message.present, len(message.names))
    for index in absent:
        name = message.names[index]
        if name in {"_input_charset", "sign_type", "sign"}:
            continue
        rare = 0 if name in known else 2
        yield _change("params.absent-signed", name, index, "", extra=rare)
        if rare:
            yield _change("params.absent-null-signed", f"{name}=null", index, "null", extra=rare)
            continue
        for extra, text in enumerate(NULL_TEXTS[:5]):
            yield _change("params.absent-null-signed", f"{name}={text}", index, text, extra=min(extra, 1))
        for value in known.get(name, ()):
            yield _change("params.default-signed", f"{name}={value}", index, value)
    everything = [
        index
        for index in absent
        if message.names[index] in known
        and message.names[index] not in {"_input_charset", "sign_type", "sign"}
    ]
    if len(everything) > 1:
        for value, id_ in (("", "params.absent-signed"), ("null", "params.absent-null-signed")):
            detail = "*" if not value else f"*={value}"
            yield ValueChange(
                id_, detail, Stage.PARAMETERS, -1, _fill(everything, value), opens=True, extra=1
            )


def _twice(message: Message) -> Iterator[ValueChange]:
    places: dict[str, list[int]] = {}
    for index in range(message.present):
        if message.base[index] is not None:
            places.setdefault(message.names[index], []).append(index)
    for name, indexes in places.items():
        if len(indexes) < 2:  # noqa: PLR2004 (a pair)
            continue
        values = [message.base[index] or "" for index in indexes]
        first, last = frozenset(indexes[1:]), frozenset(indexes[:-1])
        yield _change_many("params.duplicate", f"{name}: first", first, indexes[0], values[0])
        yield _change_many("params.duplicate", f"{name}: last", last, indexes[-1], values[-1])
        for glue in (",", ", ", " "):
            yield _change_many("params.duplicate", f"{name}: {glue!r}", first, indexes[0], glue.join(values))


def _change_many(id_: str, detail: str, gone: frozenset[int], index: int, value: str) -> ValueChange:
    def run(state: State) -> State:
        return tuple(
            value if place == index else None if place in gone else old for place, old in enumerate(state)
        )

    return ValueChange(id_, detail, Stage.PARAMETERS, -1, run)


def names(message: Message) -> Iterator[StepChange]:
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
            yield StepChange(id_, detail, Stage.NAMES, _put_names(changed))


def _put_names(changed: Names) -> Callable[[Steps], Steps]:
    return lambda steps: steps._replace(names=changed)


def _camel(name: str) -> str:
    head, *rest = name.lstrip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
