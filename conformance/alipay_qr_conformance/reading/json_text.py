"""JSON at any depth in any text: objects whose members are a message's parameters.

{"notify_id": "...", "sign": "..."}                      an object of parameters
{"form": {"sign": ["..."]}}                              at any depth, values in lists
[{"name": "sign", "value": "..."}, {"key": ...}]         a list of named objects
2026-11-25 INFO params={"notify_id": ...} in 3 ms        in the middle of text
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote_plus

from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.message import Pairs, Ways
from alipay_qr_conformance.reading.names import ANCHORS, KNOWN, is_message
from alipay_qr_conformance.reading.patterns import later
from alipay_qr_conformance.reading.views import paired

_HEAD: Final = later(
    rf"\"(?:[\w.]{{1,40}}\.)?"
    rf"(?:{'|'.join(sorted(map(re.escape, ANCHORS), key=len, reverse=True))})\"\s*([:,}}])",
    re.ASCII,
)


class _Number(str):
    """A number as it stands: 0.10 is not 0.1."""

    __slots__ = ()


_JSON: Final = json.JSONDecoder(parse_float=_Number, parse_int=_Number, parse_constant=_Number, strict=False)
_DECODE: Final = _JSON.raw_decode
_MOST_OPENINGS: Final = 6
_DEEPEST: Final = 12
_LONGEST_LEFT: Final = 80
"""Characters of the names of members that are told as left out."""
_LABELS: Final = (
    ("name", "value"),
    ("key", "value"),
    ("Name", "Value"),
    ("Key", "Value"),
    ("field", "value"),
    ("name", "example"),
)
_ENCODED: Final = later(r"(?:[\w.*+/~:,@!()-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_PASSES: Final = 8
_SPARE: Final = 65_536


def objects(text: str) -> Iterator[Draft]:
    """Yield the messages that JSON objects hold, in their order."""
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    done, budget = 0, _Budget(_PASSES * len(text) + _SPARE)
    for head in _HEAD.finditer(text):
        if head.start() < done or budget.left < 0:
            continue
        found = _enclosing(text, head.start(), done, budget)
        if found is None:
            continue
        value, start, end = found
        messages = list(_messages(value, 0))
        for pairs, ways in messages:
            alone = start <= first and end >= last
            yield Draft(start, end, "json", params=pairs, ways=ways, certain=alone)
        if messages:
            done = end


def document(text: str) -> Iterator[Draft]:
    """Yield the messages that a text holds which is JSON from its beginning to its end."""
    try:
        value = _JSON.decode(text)
    except (ValueError, RecursionError):
        return
    for pairs, ways in _messages(value, 0):
        draft = Draft(0, len(text), "json", params=pairs, ways=ways)
        yield draft
        shown = tuple((name, html.unescape(value)) for name, value in pairs)
        if shown != pairs:
            yield replace(draft, params=shown).by("html-entities")


class _Budget:
    """Characters that may still be decoded: what is no JSON in the end may look like it for long."""

    def __init__(self, left: int) -> None:
        self.left = left


def _enclosing(text: str, at: int, low: int, budget: _Budget) -> tuple[Any, int, int] | None:
    """Return the smallest value around ``at`` that is JSON and holds a message, or the last one tried."""
    start, best = at, None
    for _ in range(_MOST_OPENINGS):
        start = max(text.rfind("{", low, start), text.rfind("[", low, start))
        if start < low or budget.left < 0:
            break
        try:
            value, end = _DECODE(text, start)
        except json.JSONDecodeError as error:
            budget.left -= error.pos - start
            continue
        except (ValueError, RecursionError):
            budget.left -= len(text)
            continue
        budget.left -= end - start
        if end > at:
            best = value, start, end
            if next(_messages(value, 0), None) is not None:
                break
    return best


def _messages(value: Any, depth: int) -> Iterator[tuple[Pairs, Ways]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        value = _below(_answer(value))
        if is_message(value):
            value = _held(value)
            pairs, ways = _members(value)
            yield pairs, ways
            yield from _decoded(pairs)
            texts = {name: each for name, each in value.items() if name in KNOWN or type(each) is str}
            if len(texts) < len(value):
                left = ", ".join(name for name in value if name not in texts)
                pairs, ways = _members(texts)  # without the number of a row
                yield pairs, (*ways, ("left-out", left[:_LONGEST_LEFT]))
            return
        for each in value.values():
            if isinstance(each, Mapping | list):
                yield from _messages(each, depth + 1)
    elif isinstance(value, list):
        named = _named(value)
        if named and is_message(name for name, _ in named):
            yield named, ()
            yield from _decoded(named)
            return
        for each in value:
            if isinstance(each, Mapping | list):
                yield from _messages(each, depth + 1)


def _held(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members by what each holds, if that is a value by its type: ``{"string_value": ".."}``."""
    if all(isinstance(each, Mapping) and len(each) == 1 for each in value.values()):
        return {name: next(iter(each.values())) for name, each in value.items()}
    return value


def _decoded(pairs: Pairs) -> Iterator[tuple[Pairs, Ways]]:
    """Yield the pairs once more if they stand percent-encoded, as a HAR and a load balancer have them."""
    values = [value for _, value in pairs if "%" in value]
    if values and (
        "%" in dict(pairs).get("sign", "") or all(_ENCODED.fullmatch(value) for _, value in pairs)
    ):
        yield tuple((name, unquote_plus(value)) for name, value in pairs), (("decoded", ""),)


def _answer(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is signed of an answer whose XML became an object; anything else as it is."""
    response = _alone(value.get("response"))
    inner = (
        _alone(next(iter(response.values()))) if isinstance(response, Mapping) and len(response) == 1 else ""
    )
    if len(inner) != 1 or not isinstance(inner[0], Mapping):
        return value
    return {**inner[0], **{name: value[name] for name in ("sign", "sign_type") if name in value}}


def _alone(value: Any) -> Any:
    """Return the one value of a list, as frameworks and readers of XML give it; another value as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _below(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members named like the sign, ``request.parameters.sign``, by the rest of the name."""
    prefix = next((name[: -len("sign")] for name in value if name.endswith(".sign")), "")
    if not prefix:
        return value
    return {name.removeprefix(prefix): each for name, each in value.items() if name.startswith(prefix)}


def _members(found: Mapping[str, Any]) -> tuple[Pairs, Ways]:
    """Return the members as texts, and what was done to them: objects and the like by name, lists at all."""
    pairs, ways = [], []
    if any(isinstance(value, list) and len(value) == 1 for value in found.values()):
        ways.append(("listed", ""))
    for name, value in found.items():
        value = _alone(value)  # noqa: PLW2901 (the same member)
        if isinstance(value, Mapping) and name not in KNOWN:
            continue  # none that was sent: ``"_id": {"$oid": ...}``
        pairs.append((paired(name), paired(as_text(value))))
        if isinstance(value, bool | Mapping | list):
            ways.append(("json-number", name))
    return tuple(pairs), tuple(ways)


def _named(values: list[Any]) -> Pairs:
    values = [each for each in values if not isinstance(each, Mapping) or each.get("disabled") is not True]
    for name, value in _LABELS:
        if all(isinstance(each, Mapping) and name in each for each in values):
            held = _held({str(at): each.get(value) for at, each in enumerate(values)}).values()
            return tuple(
                (str(each[name]), as_text(_alone(given))) for each, given in zip(values, held, strict=True)
            )
    if all(isinstance(each, list) and len(each) == 2 and isinstance(each[0], str) for each in values):  # noqa: PLR2004 (a pair)
        return tuple((each[0], as_text(each[1])) for each in values)
    return ()


def as_text(value: object) -> str:
    """Return a JSON value as text; null is empty, an object or a list is written without blanks."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
