"""JSON values: written again between signing and sending, so that the same object has other bytes.

The sign covers the exact bytes of ``biz_data`` and ``passback_parameters``; spacing, key order, escapes and
slashes all count (``wild_mistakes`` of every language's JSON writer). Nothing here changes what the object
means, except where a writer does (numbers).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from alipay_qr_conformance.doctor.pipeline import Message, Stage, ValueChange, only
from alipay_qr_conformance.reading.patterns import later

RARITY: Final = {
    "json.rewritten": 2,
    "json.emptied": 4,
    "json.unicode-escaped": 3,
    "json.unicode-decoded": 3,
    "json.slashes-escaped": 2,
    "json.slashes-unescaped": 2,
    "json.backslashes-stripped": 3,
    "json.backslashes-added": 3,
    "json.quoted-again": 3,
    "json.single-quotes": 5,
    "json.quotes-removed": 4,
    "json.html-safe": 4,
    "json.html-unescaped": 4,
    "json.spacing": 3,
    "json.object-text": 4,
}

_MAX: Final = 16 * 1024
_COMPACT: Final = (",", ":")
_NOT_ASCII: Final = later(r"[^\x00-\x7f]")
_ESCAPED: Final = later(r"(?:\\u[0-9a-fA-F]{4})+")
_GO: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_GSON: Final = {**_GO, "=": "\\u003d", "'": "\\u0027"}
_RAILS: Final = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"}
_DOTNET: Final = {**_RAILS, "'": "\\u0027", "+": "\\u002B", "`": "\\u0060"}


def value_changes(message: Message) -> Iterator[ValueChange]:
    """Yield every other spelling of the JSON values of ``message``."""
    for index, value in enumerate(message.base):
        if not value or value.lstrip()[:1] not in {"{", "["} or len(value) > _MAX:
            continue
        name = message.names[index]
        for (id_, detail), (_, extra) in _table(value).items():
            label = f"{name}: {detail}" if detail else name
            run = only(index, _spelling(id_, detail))
            yield ValueChange(id_, label, Stage.CONTENT, index, run, opens=True, extra=extra)


@lru_cache(maxsize=64)
def _table(value: str) -> dict[tuple[str, str], tuple[str, int]]:
    """Return every spelling of one value by (id, detail)."""
    return {(id_, detail): (text, extra) for id_, detail, text, extra in _spellings(value)}


def _spelling(id_: str, detail: str) -> Callable[[str], str]:
    """Return the function that rewrites a JSON value, whatever an earlier departure made of it."""

    def rewrite(value: str) -> str:
        return _table(value).get((id_, detail), (value, 0))[0]

    return rewrite


def _spellings(value: str) -> Iterator[tuple[str, str, str, int]]:
    yield from _surface(value)
    try:
        tree = json.loads(value, parse_float=_Number, parse_int=_Number)
    except (ValueError, RecursionError):
        return
    for detail, write in _WRITERS.items():
        yield "json.rewritten", detail, write(tree), 0
        for more, change in (("keys sorted", _sorted), ("keys reversed", _reversed)):
            yield "json.rewritten", f"{detail}, {more}", write(change(tree)), 2
    floats = json.loads(value)
    for detail in ("Python json.dumps", "JavaScript JSON.stringify", "PHP json_encode"):
        yield "json.rewritten", f"{detail}, numbers", _WRITERS[detail](floats), 2
    numbers_as_text = _texts(tree)
    yield "json.rewritten", "numbers as text", _stringify(numbers_as_text), 2
    yield "json.emptied", "", _stringify(_without_empty(tree)), 0
    yield from _as_text(tree)


def _surface(value: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield the departures that need no parser, in the order of their frequency."""
    yield "json.unicode-escaped", "", _escape(value, "{:04x}"), 0
    yield "json.unicode-escaped", "capitals", _escape(value, "{:04X}"), 1
    yield "json.unicode-decoded", "", _ESCAPED.sub(_unescape, value), 0
    yield "json.slashes-escaped", "", value.replace("\\/", "/").replace("/", "\\/"), 0
    yield "json.slashes-unescaped", "", value.replace("\\/", "/"), 0
    yield "json.backslashes-stripped", "", re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL), 0
    yield "json.backslashes-added", "", re.sub(r"([\\\"'])", r"\\\1", value), 0
    yield "json.backslashes-added", "double quotes", value.replace("\\", "\\\\").replace('"', '\\"'), 1
    yield "json.quoted-again", "", json.dumps(value, ensure_ascii=False), 0
    yield "json.quoted-again", "ASCII", json.dumps(value), 1
    yield "json.single-quotes", "", value.replace('"', "'"), 0
    yield "json.quotes-removed", "", value.replace('"', ""), 0
    for detail, table in (("Go", _GO), ("Gson", _GSON), ("Rails", _RAILS), (".NET", _DOTNET)):
        yield "json.html-safe", detail, _translate(value, table), 0
    for spelling, plain in ((r"\u0026", "&"), (r"\u003d", "="), (r"\u0027", "'")):
        yield "json.html-unescaped", spelling, value.replace(spelling, plain), 0
    yield "json.spacing", "no blanks", re.sub(r"([{,:\[])\s+", r"\1", value), 0
    yield (
        "json.spacing",
        "blank after comma and colon",
        re.sub(r'(?<=["\d}\]el])([,:])(?=["\d{\[tfn-])', r"\1 ", value),
        0,
    )


class _Number(str):
    """A JSON number by its spelling, so that 0.10 stays 0.10."""

    __slots__ = ()


def _dump(tree: Any, separators: tuple[str, str], *, indent: int | None = None, ascii_: bool = False) -> str:
    marks: list[str] = []

    def mark(node: Any) -> Any:
        if isinstance(node, _Number):
            marks.append(str(node))
            return f"\x00{len(marks) - 1}\x00"
        if isinstance(node, dict):
            return {key: mark(child) for key, child in node.items()}
        return [mark(child) for child in node] if isinstance(node, list) else node

    text = json.dumps(mark(tree), separators=separators, indent=indent, ensure_ascii=ascii_)
    return re.sub(r'"\\u0000(\d+)\\u0000"', lambda found: marks[int(found[1])], text)


def _stringify(tree: Any) -> str:
    return _dump(tree, _COMPACT)


def _php(text: str) -> str:
    return text.replace("/", "\\/")


def _go_map(tree: Any) -> str:
    return _translate(_stringify(_sorted(tree)), _GO)


_WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    "PHP json_encode": lambda tree: _php(_dump(tree, _COMPACT, ascii_=True)),
    "Python json.dumps": lambda tree: _dump(tree, (", ", ": "), ascii_=True),
    "JavaScript JSON.stringify": _stringify,
    "PHP JSON_UNESCAPED_UNICODE": lambda tree: _php(_stringify(tree)),
    "Python ensure_ascii=False": lambda tree: _dump(tree, (", ", ": ")),
    "Python separators": lambda tree: _dump(tree, _COMPACT, ascii_=True),
    "Go json.Marshal": lambda tree: _translate(_stringify(tree), _GO),
    "Go json.Marshal of a map": _go_map,
    "Gson": lambda tree: _translate(_stringify(tree), _GSON),
    "System.Text.Json": lambda tree: _escape(_translate(_stringify(tree), _DOTNET), "{:04X}"),
    "indent 2": lambda tree: _dump(tree, (",", ": "), indent=2),
    "indent 4": lambda tree: _dump(tree, (",", ": "), indent=4),
    "blank after colon": lambda tree: _dump(tree, (",", ": ")),
    "blank after comma": lambda tree: _dump(tree, (", ", ":")),
}


def _as_text(tree: Any) -> Iterator[tuple[str, str, str, int]]:
    """Yield what languages print when the object is put into the text without a JSON writer."""
    if isinstance(tree, dict):
        yield "json.object-text", "JavaScript", "[object Object]", 0
        yield (
            "json.object-text",
            "Java Map",
            "{" + ", ".join(f"{k}={_java(v)}" for k, v in tree.items()) + "}",
            0,
        )
        yield "json.object-text", "Python dict", str(_plain(tree)), 0
        yield "json.object-text", "Ruby Hash", _ruby(tree), 0
        yield (
            "json.object-text",
            "Go map",
            "map[" + " ".join(f"{k}:{v}" for k, v in sorted(tree.items())) + "]",
            0,
        )
    yield "json.object-text", "PHP array", "Array", 0


def _java(node: Any) -> str:
    return "null" if node is None else str(node)


def _ruby(node: Any) -> str:
    if isinstance(node, dict):
        return (
            "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}=>{_ruby(v)}" for k, v in node.items()) + "}"
        )
    return "nil" if node is None else _stringify(node)


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _plain(child) for key, child in node.items()}
    if isinstance(node, list):
        return [_plain(child) for child in node]
    return json.loads(node) if isinstance(node, _Number) else node


def _texts(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _texts(child) for key, child in node.items()}
    if isinstance(node, list):
        return [_texts(child) for child in node]
    return "".join(node) if isinstance(node, _Number) else node


def _sorted(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _sorted(node[key]) for key in sorted(node)}
    return [_sorted(child) for child in node] if isinstance(node, list) else node


def _reversed(node: Any) -> Any:
    return dict(reversed(node.items())) if isinstance(node, dict) else node


def _without_empty(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_empty(child) for key, child in node.items() if child not in ("", None)}
    return node


def _escape(text: str, form: str) -> str:
    def replace(found: re.Match[str]) -> str:
        units = found[0].encode("utf-16-be", "surrogatepass")
        return "".join(
            "\\u" + form.format(int.from_bytes(units[i : i + 2], "big")) for i in range(0, len(units), 2)
        )

    return _NOT_ASCII.sub(replace, text)


def _unescape(found: re.Match[str]) -> str:
    """Decode a run of escapes, but leave those that JSON itself needs."""
    units = bytes.fromhex(found[0].replace("\\u", ""))
    text = units.decode("utf-16-be", "replace")
    keep = "\ufffd" in text or any(character < " " or character in '"\\' for character in text)
    return found[0] if keep else text


def _translate(text: str, table: Mapping[str, str]) -> str:
    return text.translate({ord(character): escape for character, escape in table.items()})
