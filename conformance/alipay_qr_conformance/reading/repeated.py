r"""Pairs printed in any way that repeats itself: what stands behind each name is alike, and before each.

    'notify_id' = {str} '91..'                 a debugger
    [0] = (first = "notify_id", second = "91..")
    notify_id: Some("91.."), sign: Some("..")  wrapped values
    $notify_id\n[1] "91.."                     a list of R

The longest text that all names have behind them, and the longest that they have before them, are the frame;
words with a digit may differ in it. This is for texts in which nothing else has found a whole message.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Final

from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.names import KNOWN, is_message
from alipay_qr_conformance.reading.patterns import later
from alipay_qr_conformance.reading.views import unescape

_WORD: Final = later(r"(?<![\w.-])[A-Za-z_]\w{0,63}(?![\w.-])", re.ASCII)
_TOKEN: Final = later(r"\w+|.", re.ASCII | re.DOTALL)
_DIGIT: Final = later(r"[0-9]")
_LONGEST: Final = 96
"""Characters of the frame between two values on either side of a name."""
_LONGEST_VALUE: Final = 16_384
_MOST_NAMES: Final = 4_096
_FEWEST: Final = 3
_QUOTES: Final = frozenset("\"'`")


def repeated(text: str) -> Iterator[Draft]:
    """Yield the message whose pairs stand in a frame that repeats itself."""
    heads = _heads(text)
    if len(heads) < _FEWEST or not is_message(head[0] for head in heads):
        return
    behind = _common([_tokens(text[head.end() : head.end() + _LONGEST]) for head in heads])
    before = _common(
        [_tokens(text[max(end, head.start() - _LONGEST) : head.start()])[::-1] for end, head in _gaps(heads)]
    )[::-1]
    opening, closing = _frame(_trimmed(behind)), _frame(_trimmed(before[::-1])[::-1])
    if not behind or not opening or not closing:
        return
    pair = re.compile(rf"{closing}([A-Za-z_]\w{{0,63}}){opening}", re.ASCII)
    begin = re.compile(rf"{heads[0][0]}{opening}", re.ASCII).match(text, heads[0].start())
    last = re.compile(rf"{re.escape(heads[-1][0])}{opening}", re.ASCII).match(text, heads[-1].start())
    if begin is None or last is None:
        return
    found: list[tuple[str, str]] = []
    name, at = heads[0][0], begin.end()
    for following in pair.finditer(text, at, last.end()):
        found.append((name, text[at : following.start()]))
        name, at = following[1], following.end()
    end = _end(text, at, before)
    found.append((name, text[at:end]))
    if len(dict(found)) != len(found) or any(len(value) > _LONGEST_VALUE for _, value in found):
        return
    quoted = text[at - 1 : at] in _QUOTES
    if quoted and any("\\" in value for _, value in found):
        said = tuple((name, unescape(value)) for name, value in found)
        yield Draft(heads[0].start(), end, "dump", params=said)
    yield Draft(heads[0].start(), end, "dump", params=tuple(found))


def _heads(text: str) -> list[re.Match[str]]:
    """Return the names that have the same two characters behind them as most, each once."""
    every = list(islice((found for found in _WORD.finditer(text) if found[0] in KNOWN), _MOST_NAMES))
    kinds = Counter(text[each.end() : each.end() + 2] for each in every)
    if not kinds:
        return []
    usual = kinds.most_common(1)[0][0]
    heads: dict[str, re.Match[str]] = {}
    for each in every:
        if text[each.end() : each.end() + 2] == usual:
            heads.setdefault(each[0], each)
    return list(heads.values())


def _gaps(heads: Sequence[re.Match[str]]) -> Iterator[tuple[int, re.Match[str]]]:
    for one, following in pairwise(heads):
        yield one.end(), following


def _tokens(text: str) -> list[str]:
    """Return the words and marks of a text, an empty text for each word with a digit."""
    return ["" if _DIGIT.search(each) else each for each in _TOKEN.findall(text)]


def _common(every: Sequence[list[str]]) -> list[str]:
    """Return what all of the lists begin with."""
    found: list[str] = []
    for each in zip(*every, strict=False):
        if any(token != each[0] for token in each):
            break
        found.append(each[0])
    return found


def _trimmed(tokens: list[str]) -> list[str]:
    """Return a frame without the beginning of a word at its end: that belongs to the value."""
    end = len(tokens)
    while end and re.fullmatch(r"\w*", tokens[end - 1], re.ASCII):
        end -= 1
    return tokens[:end]


def _frame(tokens: list[str]) -> str:
    return "".join(re.escape(each) if each else r"\w{1,72}" for each in tokens)


def _end(text: str, at: int, before: list[str]) -> int:
    """Return where the last value ends: at what ends the others too, or at its line's end."""
    closing = "".join(each for each in before if each)
    mark = re.match(r"[^\w\s]{0,3}", closing)
    first = mark[0] if mark is not None else ""
    ends = [text.find(first, at) if first else -1, text.find(first[:1], at) if first else -1]
    if text[at - 1] in _QUOTES:
        ends.insert(1, text.find(text[at - 1], at))
    line = text.find("\n", at)
    ends.append(line if line >= 0 else len(text))
    return next(each for each in ends if each >= 0)
