"""The form of a vector file: how it is written, what must never change in it, how far two vectors are apart.

canonical_text(value)      the one way in which a vector file is written
fingerprint(group, test)   what must never change about a published vector
edits(one, other)          the number of edits between the inputs of two vectors
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

_BMP_END: Final = 0x10000
_KEYS: Final = frozenset(
    {"sign_type", "md5_key", "merchant_private_key", "merchant_public_key", "alipay_public_key"}
)

Pair = tuple[str, str | None]


def canonical_text(value: object) -> str:
    """Return ``value`` as JSON in the one form of our files.

    One blank a level; a list of plain values stands on one line. Text is readable: only what cannot be
    seen, or what an editor might normalise away, is written as an escape.
    """
    return _write(value, 0) + "\n"


def fingerprint(group: Mapping[str, Any], test: Mapping[str, Any]) -> str:
    """Return what must never change about a published vector, as 16 hex digits: inputs, steps and result."""
    content = [group["inputs"], test["inputs"], test["steps"], test["result"]]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def edits(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """Return how many edits lie between the inputs of two vectors.

    One edit is: a pair more or less, another name or value, another order of the same pairs, pairs joined
    into one value, another charset (with ``_input_charset``), another key or sign type; in inputs of other
    kinds a member or an item more, less or changed, however deep it lies. What follows from the edit is not
    counted again: the sign of a message may be made anew.
    """
    names = (one.keys() | other.keys()) - {"params"}
    differing = {name for name in names if one.get(name) != other.get(name)}
    count = sum(_apart(one.get(name), other.get(name)) for name in differing - _KEYS)
    count += bool(differing & _KEYS)
    if "params" not in one:
        return count
    unseen = {"_input_charset"} if "charset" in differing else set()
    rest = _pair_edits(_without(one, unseen | {"sign"}), _without(other, unseen | {"sign"}))
    if count or rest:
        return count + rest
    return _pair_edits(_without(one, unseen), _without(other, unseen))


def _apart(one: object, other: object) -> int:
    """Return the edits between two values of JSON."""
    if one == other:
        return 0
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return sum(_apart(one.get(name), other.get(name)) for name in one.keys() | other.keys())
    if isinstance(one, list) and isinstance(other, list):
        one, other = _middles(one, other)
        pairs = zip(one, other, strict=True) if len(one) == len(other) else ()
        return sum(_apart(*pair) for pair in pairs) or max(len(one), len(other))
    return 1


def _middles(one: list[Any], other: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return what is left of two lists without their common beginning and end."""
    start = 0
    while one[start : start + 1] == other[start : start + 1] != []:
        start += 1
    one, other = one[start:], other[start:]
    while one[-1:] == other[-1:] != []:
        one, other = one[:-1], other[:-1]
    return one, other


def _without(inputs: Mapping[str, Any], names: set[str]) -> list[Pair]:
    return [(name, value) for name, value in inputs["params"] if name not in names]


def _pair_edits(one: Sequence[Pair], other: Sequence[Pair]) -> int:
    if one == other:
        return 0
    gone, come = Counter(one) - Counter(other), Counter(other) - Counter(one)
    if not gone and not come:
        return 1  # another order
    longer, shorter = sorted((list(gone.elements()), list(come.elements())), key=len, reverse=True)
    if len(shorter) == 1 and len(longer) > 1 and _joined(longer) == _joined(shorter):
        return 1  # a boundary moved: the pairs have become one value
    return len(longer)


def _joined(pairs: Sequence[Pair]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(pairs, key=lambda pair: pair[0]))


def _write(value: object, depth: int) -> str:
    outer, inner = "\n" + " " * depth, "\n" + " " * (depth + 1)
    if isinstance(value, Mapping) and value:
        members = (f"{_scalar(key)}: {_write(each, depth + 1)}" for key, each in value.items())
        return f"{{{inner}{f',{inner}'.join(members)}{outer}}}"
    if isinstance(value, (list, tuple)) and value:
        if not any(isinstance(each, (list, tuple, Mapping)) for each in value):
            return f"[{', '.join(_scalar(each) for each in value)}]"
        return f"[{inner}{f',{inner}'.join(_write(each, depth + 1) for each in value)}{outer}]"
    return _scalar(value)


def _scalar(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isascii() and character.isprintable():
        return character
    seen = unicodedata.category(character)[0] not in "CMZ" and ord(character) < _BMP_END
    stable = unicodedata.is_normalized("NFC", character) and unicodedata.is_normalized("NFD", character)
    return character if seen and stable else json.dumps(character)[1:-1]
