"""A diagnosis for a terminal: the verdict, the mistakes, and both strings with the difference marked.

One parameter a line; lines that differ come twice, ``-`` what was signed and ``+`` what should have been,
with a line of ``^`` under what differs. Control characters, blanks at an edge and invisible characters are
shown; the part of a long value that both sides share is folded.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from alipay_qr_conformance.doctor.model import Diagnosis, Language, Mistake
from alipay_qr_conformance.model.texts import say

_EDGE: Final = 24
_FOLD: Final = 72
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RULED: Final = 6
_VERDICTS: Final = {"valid": "right", "explained": "wrong-explained", "unexplained": "wrong"}
_RECEIVED: Final = {
    "params": {"params"},
    "value": {"value", "json", "html", "url", "charset", "wire"},
    "key": {"key"},
    "sign": {"form", "sign"},
}
"""What to say of a received message, by the first word of the mistake's id; of all others: it was made."""


def render_text(diagnosis: Diagnosis, lang: Language = "en") -> str:
    """Return the diagnosis as lines of text, without a key in it."""
    return "\n".join(_lines(diagnosis, lang)) + "\n"


def _lines(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    yield say(f"verdict.{_VERDICTS[diagnosis.verdict]}", lang)
    for number, mistake in enumerate(diagnosis.mistakes, 1):
        yield from _mistake(number, mistake, lang, received=diagnosis.received)
    for group in diagnosis.equivalents:
        yield f"  {say('doctor.same', lang)}{' + '.join(visible(each.title(lang)) for each in group)}"
    for code, detail in diagnosis.facts:
        if code != "valid":
            yield visible(say(f"fact.{code}", lang, detail=detail))
    if diagnosis.nearest:
        titles = say("doctor.between", lang).join(
            visible(each.mistake.title(lang)) for each in diagnosis.nearest[:_RULED]
        )
        yield say("doctor.ruled-out", lang) + titles
    if diagnosis.verdict == "unexplained":
        tail = say("doctor.exhausted", lang) if diagnosis.exhausted else ""
        yield say("doctor.tried", lang, tried=diagnosis.tried) + tail
    yield from _strings(diagnosis, lang)


def _mistake(number: int, mistake: Mistake, lang: Language, *, received: bool) -> Iterator[str]:
    yield f"{number}. {visible(mistake.title(lang))}  [{mistake.id}]"
    if received:
        yield f"   {visible(received_remedy(mistake.id, lang))}"
        return
    yield f"   {visible(mistake.explanation(lang))}"
    yield f"   {say('doctor.mend', lang)}{visible(mistake.remedy(lang))}"


def received_remedy(mistake: str, lang: Language) -> str:
    """Return what to do about a mistake in a message that came from Alipay: nobody here has signed it."""
    room = mistake.partition(".")[0]
    family = next((name for name, rooms in _RECEIVED.items() if room in rooms), "made")
    return say(f"received.{family}", lang)


def _strings(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    expected, signed = diagnosis.expected_presign, diagnosis.signed_presign
    if expected is None:
        return
    if signed is None or diagnosis.verdict != "explained":
        yield say("doctor.text", lang, charset=diagnosis.expected_charset)
        yield visible(expected)
        return
    if signed != expected:
        yield say("doctor.received" if diagnosis.received else "doctor.diff", lang)
        yield from difference(expected, signed, lang)
    else:
        yield say("doctor.text", lang, charset=diagnosis.expected_charset)
        yield visible(expected)
        if diagnosis.signed_bytes != diagnosis.expected_bytes:
            yield say("doctor.bytes", lang) + _byte_difference(diagnosis)
    if diagnosis.signed_seal != diagnosis.expected_seal:
        yield say("doctor.seal", lang).rstrip()
        yield f"- {visible(diagnosis.signed_seal or '')}"
        yield f"+ {visible(diagnosis.expected_seal)}"


def difference(expected: str, signed: str, lang: Language = "en") -> list[str]:
    """Return the two strings parameter by parameter, the differing ones marked."""
    old, new = _segments(signed), _segments(expected)
    lines: list[str] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            lines += [f"  {_folded(visible(segment), lang)}" for segment in old[i1:i2]]
            continue
        paired = min(i2 - i1, j2 - j1)
        for before, after in zip(old[i1 : i1 + paired], new[j1 : j1 + paired], strict=True):
            lines += _marked(visible(before), visible(after), lang)
        lines += [f"- {_folded(visible(segment), lang)}" for segment in old[i1 + paired : i2]]
        lines += [f"+ {_folded(visible(segment), lang)}" for segment in new[j1 + paired : j2]]
    return lines


def _segments(text: str) -> list[str]:
    return re.findall(r"&?[^&]*", text)[:-1] if text else []


def _marked(before: str, after: str, lang: Language) -> list[str]:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    head = before[:start]
    shown = (
        head if len(head) <= _FOLD else f"{head[:_EDGE]}{_fold(len(head) - 2 * _EDGE, lang)}{head[-_EDGE:]}"
    )
    tail = before[len(before) - end :]
    tail = tail if len(tail) <= _FOLD else f"{tail[:_EDGE]}{_fold(len(tail) - _EDGE, lang)}"
    middles = (before[start : len(before) - end], after[start : len(after) - end])
    lines = []
    for sign, middle in zip("-+", middles, strict=True):
        lines.append(f"{sign} {shown}{_folded(middle, lang, 4 * _FOLD)}{tail}")
        if middle:
            lines.append(" " * (2 + _width(shown)) + "^" * _width(_folded(middle, lang, 4 * _FOLD)))
    return lines


def _fold(count: int, lang: Language) -> str:
    return say("doctor.folded", lang, count=count)


def _folded(text: str, lang: Language, limit: int = 2 * _FOLD) -> str:
    if len(text) <= limit:
        return text
    return f"{text[:_EDGE]}{_fold(len(text) - 2 * _EDGE, lang)}{text[-_EDGE:]}"


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def visible(text: str) -> str:
    """Return ``text`` with everything that a terminal would not show, or would obey, written out."""
    shown = "".join(_character(character) for character in text)
    if shown.startswith(" "):
        shown = "␠" + shown[1:]
    return shown[:-1] + "␠" if shown.endswith(" ") else shown


def _character(character: str) -> str:
    if character < " ":
        return chr(0x2400 + ord(character))
    if character == "\x7f":
        return "\u2421"
    if unicodedata.category(character) in _INVISIBLE or (character.isspace() and character != " "):
        return f"<U+{ord(character):04X}>"
    return character


def _byte_difference(diagnosis: Diagnosis) -> str:
    signed, expected = diagnosis.signed_bytes or b"", diagnosis.expected_bytes or b""
    start = next((i for i, (a, b) in enumerate(zip(signed, expected, strict=False)) if a != b), 0)
    parts = (
        f"- {diagnosis.signed_charset} {signed[start : start + 8].hex(' ')}",
        f"+ {diagnosis.expected_charset} {expected[start : start + 8].hex(' ')}",
    )
    return f"{parts[0]}  {parts[1]}  (@ {start})"
