"""Which parameters are signed: left in, left out, added.

The right set is every parameter with a value except ``sign`` and ``sign_type``
(``docs.antom.com/ac/web/signing``). Everything here signs another set.
"""

from collections.abc import Iterator
from typing import Final

from alipay_qr_conformance.doctor.stages.element import Edit, Message, Stage, State, one

NULL_TEXTS: Final = ("null", "None", "undefined", "NULL", "nil", "false", "0", "[]", "{}", '""')
"""How languages print a value that is not there: Java and JavaScript, Python, JavaScript, SQL, Ruby, ..."""

_CHARSET_SPELLINGS: Final = ("utf-8", "UTF-8", "GBK", "gbk", "GB2312", "gb2312", "utf8", "UTF8")


def edits(message: Message, known: dict[str, tuple[str, ...]]) -> Iterator[Edit]:
    """Yield every departure; ``known`` are the protocol's parameters here with their usual values."""
    yield from _sign_type(message)
    yield from _without_value(message)
    yield from _left_out(message, known)
    yield from _charset(message)
    yield from _added(message, known)
    yield from _twice(message)


def _edit(id_: str, detail: str, index: int, value: str | None, *, extra: int = 0) -> Edit:
    run = one(index, value)
    return Edit(id_, detail, Stage.PARAMETERS, index, run, opens=value is not None, extra=extra)


def _sign_type(message: Message) -> Iterator[Edit]:
    if "sign_type" in message.names:
        index = message.names.index("sign_type")
        sent = message.full[index]
        spellings = dict.fromkeys((sent or message.sign_type, message.sign_type, "MD5", "RSA", "RSA2"))
        for extra, value in enumerate(spellings):
            yield _edit("params.sign-type-signed", value, index, value, extra=min(extra, 2))
        yield _edit("params.sign-type-signed", "", index, "", extra=3)
    if "sign" in message.names:
        index = message.names.index("sign")
        for value in ("", "null", "None", "undefined"):
            yield _edit("params.sign-signed", value, index, value)


def _without_value(message: Message) -> Iterator[Edit]:
    empty = [
        index
        for index, value in enumerate(message.full[: message.present])
        if not value and message.names[index] not in {"sign", "sign_type"}
    ]
    if empty:
        yield Edit("params.empty-signed", "", Stage.PARAMETERS, -1, _fill(empty, ""), opens=True)
        for text in NULL_TEXTS:
            yield Edit("params.null-signed", text, Stage.PARAMETERS, -1, _fill(empty, text), opens=True)
    for index in empty if len(empty) > 1 else ():
        name = message.names[index]
        yield _edit("params.empty-signed", name, index, "", extra=2)
        for text in NULL_TEXTS[:3]:
            yield _edit("params.null-signed", f"{name}={text}", index, text, extra=2)


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


def _left_out(message: Message, known: dict[str, tuple[str, ...]]) -> Iterator[Edit]:
    unknown = []
    for index, value in enumerate(message.base[: message.present]):
        if value is None:
            continue
        name = message.names[index]
        if name == "_input_charset":
            yield _edit("params.charset-unsigned", "", index, None)
        elif known and name not in known:
            unknown.append(index)
            yield _edit("params.extra", name, index, None)
        else:
            yield _edit("params.left-out", name, index, None)
    if len(unknown) > 1:
        gone = frozenset(unknown)
        names = ", ".join(message.names[index] for index in unknown)
        yield Edit(
            "params.extra",
            names,
            Stage.PARAMETERS,
            -1,
            lambda state: tuple(None if index in gone else value for index, value in enumerate(state)),
        )


def _charset(message: Message) -> Iterator[Edit]:
    if "_input_charset" not in message.names:
        return
    index = message.names.index("_input_charset")
    sent = message.base[index]
    for value in dict.fromkeys((message.charset, *_CHARSET_SPELLINGS)):
        if sent is None:
            yield _edit("params.charset-added", value, index, value, extra=int(value != message.charset))
        elif value != sent:
            same = value.upper() == sent.upper()
            yield _edit("params.charset-other", value, index, value, extra=0 if same else 1)


def _added(message: Message, known: dict[str, tuple[str, ...]]) -> Iterator[Edit]:
    absent = range(message.present, len(message.names))
    for index in absent:
        name = message.names[index]
        if name in {"_input_charset", "sign_type", "sign"}:
            continue
        rare = 0 if name in known else 2
        yield _edit("params.absent-signed", name, index, "", extra=rare)
        if rare:
            yield _edit("params.absent-null-signed", f"{name}=null", index, "null", extra=rare)
            continue
        for extra, text in enumerate(NULL_TEXTS[:5]):
            yield _edit("params.absent-null-signed", f"{name}={text}", index, text, extra=min(extra, 1))
        for value in known.get(name, ()):
            yield _edit("params.default-signed", f"{name}={value}", index, value)
    everything = [
        index
        for index in absent
        if message.names[index] in known
        and message.names[index] not in {"_input_charset", "sign_type", "sign"}
    ]
    if len(everything) > 1:
        for value, id_ in (("", "params.absent-signed"), ("null", "params.absent-null-signed")):
            detail = "*" if not value else f"*={value}"
            yield Edit(id_, detail, Stage.PARAMETERS, -1, _fill(everything, value), opens=True, extra=1)


def _twice(message: Message) -> Iterator[Edit]:
    places: dict[str, list[int]] = {}
    for index in range(message.present):
        if message.base[index] is not None:
            places.setdefault(message.names[index], []).append(index)
    for name, indexes in places.items():
        if len(indexes) < 2:  # noqa: PLR2004 (a pair)
            continue
        values = [message.base[index] or "" for index in indexes]
        first, last = frozenset(indexes[1:]), frozenset(indexes[:-1])
        yield _edit_many("params.duplicate", f"{name}: first", first, indexes[0], values[0])
        yield _edit_many("params.duplicate", f"{name}: last", last, indexes[-1], values[-1])
        for glue in (",", ", ", " "):
            yield _edit_many("params.duplicate", f"{name}: {glue!r}", first, indexes[0], glue.join(values))


def _edit_many(id_: str, detail: str, gone: frozenset[int], index: int, value: str) -> Edit:
    def run(state: State) -> State:
        return tuple(
            value if place == index else None if place in gone else old for place, old in enumerate(state)
        )

    return Edit(id_, detail, Stage.PARAMETERS, -1, run)
