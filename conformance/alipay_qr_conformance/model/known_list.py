"""A list of known failures, written: by cause, and merged into the list that is there.

    merged    the text of the list after a run
    stable    words of a finding that stay the same from run to run

Lines of the list stay as they are, with their issue, their expiry and the comments around them. Only what
the run disproves is changed: an entry whose findings are mended goes, and one that fails for another cause
gets the new cause. What the run did not look at stays.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from alipay_qr_conformance.model.known_failures import Known, KnownFailuresError, case_id, excused, mended
from alipay_qr_conformance.model.verdicts import CaseResult, Finding

_HEAD: Final = "# Findings that are known. Name the issue of each; delete an entry when it is mended.\n"
_VOLATILE: Final = re.compile(
    r"\S{0,99}\d\S*|\S{0,99}[^\s\x20-\x7e]\S*|'[^']{0,400}'|\"[^\"]{0,400}\"|[()\[\]{}<>\\/=&]|\.\.\."
)
_CAUSE: Final = re.compile(r'(\bcause\s*=\s*)"(?:[^"\\]|\\.)*"')
_OPENING: Final = re.compile(r"\s*known\s*=\s*\[\s*(#.*)?")
_SHORTEST: Final = 8


class Merged(NamedTuple):
    """The list after a run, and how many entries were added, changed and taken out."""

    text: str
    added: int
    changed: int
    removed: int


def merged(
    text: str, entries: Sequence[Known], results: Sequence[CaseResult], causes: Iterable[Sequence[str]]
) -> Merged:
    """Return the list after a run.

    Args:
        text: the list that is there, empty for none.
        entries: its entries.
        results: what was run, perhaps a selection.
        causes: the requirements that each mistake breaks, the one that names it first.

    Raises:
        KnownFailuresError: the list is not written with one entry a line.
    """
    if any(entry.line == 0 for entry in entries):
        raise KnownFailuresError("the list does not have one entry a line: it cannot be added to")
    lines = text.splitlines() if text.strip() else [*_HEAD.splitlines(), "known = [", "]"]
    by_id = {case_id(each): each for each in results}
    gone: set[int] = set()
    kept: dict[str, int] = {}
    for entry in entries:
        if entry.flaky or mended(entry, by_id) is None:
            continue
        failing = {name: each.finding for name, each in by_id.items() if each.finding and entry.names(name)}
        words = _common([*failing.values()])
        if failing and _CAUSE.search(lines[entry.line - 1]):
            lines[entry.line - 1] = _with_cause(lines[entry.line - 1], words[0][0])
            kept |= {name: entry.line for name, each in failing.items() if words[0][0] in stable(each)}
        else:
            gone.add(entry.line)
    left = [entry for entry in entries if entry.line not in gone]
    known = {*excused(left, results), *kept}
    new = _entries([each for each in results if each.finding and case_id(each) not in known], causes)
    at = _end(lines)
    whole = [line for number, line in enumerate(lines[:at], 1) if number not in gone]
    return Merged("\n".join([*whole, *new, *lines[at:], ""]), len(new), len({*kept.values()}), len(gone))


def stable(finding: Finding) -> list[str]:
    """Return words of a finding that hold no id, number or time, the most telling first.

    The verdict comes last: it is what is left where a sentence is made of nothing else.
    """
    texts = [*((finding.diagnosis.en,) if finding.diagnosis else ()), finding.detail.en]
    pieces = [piece.strip(" ,;:.-'\"`") for text in texts for piece in _VOLATILE.split(text) if piece]
    long = [piece for piece in dict.fromkeys(pieces) if len(piece) >= _SHORTEST]
    return [*sorted(long, key=len, reverse=True), finding.verdict.value]


def _entries(results: Sequence[CaseResult], causes: Iterable[Sequence[str]]) -> list[str]:
    """Return lines: for each mistake the causes of its first requirement, and what else it brings."""
    findings: dict[str, list[Finding]] = {}
    for each in results:
        if each.finding:
            findings.setdefault(each.requirement, []).append(each.finding)
    lines = []
    for names in causes:
        broken = [name for name in names if name in findings]
        if not broken:
            continue
        head, *effects = broken
        for number, (words, _) in enumerate(_common(findings[head])):
            lines.append(_line(head, words, effects if number == 0 else []))
    return lines


def _common(findings: Sequence[Finding]) -> list[tuple[str, int]]:
    """Return the fewest words that stand in all findings, each with how many it explains."""
    left, found = list(findings), []
    while left:
        candidates = {words: 0 for each in left for words in stable(each)}
        for words in candidates:
            candidates[words] = sum(words in stable(each) for each in left)
        best = max(candidates, key=lambda words: (candidates[words], len(words)))
        found.append((best, candidates[best]))
        left = [each for each in left if best not in stable(each)]
    return found


def _end(lines: Sequence[str]) -> int:
    """Return where new entries go: before the line that closes ``known``."""
    opened = next((at for at, line in enumerate(lines) if _OPENING.fullmatch(line)), None)
    closed = next((at for at in range((opened or 0) + 1, len(lines)) if lines[at].strip() == "]"), None)
    if opened is None or closed is None:
        raise KnownFailuresError("the list has no lines `known = [` and `]`: it cannot be added to")
    return closed


def _line(match: str, cause: str, also: Sequence[str]) -> str:
    fields = {"match": _basic(match), "cause": _basic(cause)}
    if also:
        fields["also"] = "[" + ", ".join(map(_basic, also)) + "]"
    fields["issue"] = _basic("TODO")
    return "  { " + ", ".join(f"{key} = {value}" for key, value in fields.items()) + " },"


def _with_cause(line: str, cause: str) -> str:
    return _CAUSE.sub(lambda found: found[1] + _basic(cause), line, count=1)


def _basic(text: str) -> str:
    """Return a TOML basic string: control characters, quotes and backslashes are escaped."""
    return '"' + "".join(_character(c) for c in text) + '"'


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def summary(found: Merged) -> Mapping[str, int]:
    """Return the counts for a sentence."""
    return {"added": found.added, "changed": found.changed, "removed": found.removed}
