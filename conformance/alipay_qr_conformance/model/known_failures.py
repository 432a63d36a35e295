"""Known failures: a list of findings that are expected, each bound to its cause, strict both ways.

A TOML file with one entry a line, so that "delete line 3" is all there is to say::

    known = [
      { match = "sign.order", cause = "pre-sign string differs", issue = "https://tracker.example/7" },
      { match = "notify.*[*GBK*]", cause = "crash", issue = "SHOP-12", expires = 2027-01-31 },
    ]
    flaky = [
      { match = "response.slow[refund/MD5/UTF-8]", cause = "hang", issue = "SHOP-13" },
    ]

``match`` is a requirement id or a glob over ``requirement[case]``; ``cause`` must stand in the finding: in
its verdict, its sentence in either language, its diagnosis or its evidence, whatever the letter case.

An entry is stale where what it lists is mended (a case that a glob names passes; every case of a named
requirement passes), where it has expired, where no case has that name, or where nothing fails for that
cause. A flaky entry may pass or fail; it is stale only where it has expired or names no case.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, NamedTuple

from alipay_qr_conformance.model.files import parse_toml, read_file
from alipay_qr_conformance.model.texts import say, sentence
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Text, Verdict

_KEYS: Final = {"match", "cause", "issue", "expires"}
_ENTRY: Final = re.compile(r"\bmatch\s*=")

_MOST_NAMES: Final = 3


class KnownFailuresError(ValueError):
    """The file cannot be used; the text says which line is wrong and what it may say."""


@dataclass(frozen=True, slots=True)
class Known:
    """One entry. ``line`` counts from 1; ``text`` is that line."""

    match: str
    cause: str
    issue: str
    expires: date | None = None
    flaky: bool = False
    line: int = 0
    text: str = ""

    def names(self, case: str) -> bool:
        """Say whether the entry is about a case, given as ``requirement[case]``."""
        if "[" not in self.match and not set(self.match) & set("*?"):
            return case.partition("[")[0] == self.match
        return fnmatchcase(case, self.match.replace("[", "[[]"))

    def explains(self, finding: Finding) -> bool:
        """Say whether a finding has the cause of the entry."""
        texts = [
            finding.verdict.value,
            *finding.detail,
            *(finding.diagnosis or ()),
            *finding.evidence.values(),
        ]
        return any(self.cause.lower() in text.lower() for text in texts)


class Stale(NamedTuple):
    """An entry that has to go, and why."""

    entry: Known
    why: Text

    def say(self, file: str, lang: str) -> str:
        """Return the line for people."""
        entry = self.entry
        why = self.why.in_language(lang)
        return say("known.delete", lang, file=file, line=entry.line, why=why, text=entry.text.strip())


def read_known_failures(path: Path) -> tuple[Known, ...]:
    """Return the entries of a file.

    Raises:
        KnownFailuresError: unreadable, no TOML, or an entry that is none.
    """
    try:
        text = read_file(path).decode("utf-8")
        table = parse_toml(text)
    except (OSError, ValueError) as error:
        raise KnownFailuresError(f"known failures {path}: {error}") from None
    if unknown := set(table) - {"known", "flaky"}:
        raise KnownFailuresError(f"known failures {path}: unknown key {min(unknown)!r}; use known and flaky")
    rows = [(row, name == "flaky") for name in table for row in _rows(path, name, table[name])]
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if not line.lstrip().startswith("#")
        for _ in _ENTRY.findall(line)
    ]
    places = lines if len(lines) == len(rows) else [(0, "")] * len(rows)
    return tuple(
        _entry(path, row, flaky=flaky, line=line, text=source)
        for (row, flaky), (line, source) in zip(rows, places, strict=True)
    )


def _rows(path: Path, name: str, found: object) -> list[Mapping[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise KnownFailuresError(f"known failures {path}: {name} is a list of tables")
    return found


def _entry(path: Path, row: Mapping[str, Any], *, flaky: bool, line: int, text: str) -> Known:
    where = f"known failures {path}, line {line}"
    if unknown := set(row) - _KEYS:
        raise KnownFailuresError(
            f"{where}: unknown key {min(unknown)!r}; known are match, cause, issue, expires"
        )
    for key in ("match", "cause", "issue"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise KnownFailuresError(f'{where}: {key} = "..." is missing')
    expires = row.get("expires")
    if expires is not None and type(expires) is not date:
        raise KnownFailuresError(f"{where}: expires is a date such as 2027-01-31, without quotes")
    return Known(row["match"], row["cause"], row["issue"], expires, flaky, line, text)


def excused(entries: Sequence[Known], results: Iterable[CaseResult]) -> dict[str, Known]:
    """Return the entry that excuses each finding, by case id; findings without an entry are left out."""
    found = {}
    for result in results:
        if result.finding is None:
            continue
        identity = f"{result.requirement}[{result.case}]"
        for entry in entries:
            if entry.names(identity) and entry.explains(result.finding):
                found[identity] = entry
                break
    return found


def stale(
    entries: Sequence[Known], results: Sequence[CaseResult], every_case: Iterable[str], today: date
) -> list[Stale]:
    """Return the entries that have to go.

    Args:
        entries: the list.
        results: what was run, perhaps a selection.
        every_case: the ids of all cases there are: an entry outside the selection is not stale.
        today: decides what has expired.
    """
    ids = list(every_case)
    by_id = {f"{result.requirement}[{result.case}]": result for result in results}
    found = []
    for entry in entries:
        if entry.expires is not None and entry.expires < today:
            found.append(Stale(entry, sentence("known.expired", day=entry.expires)))
        elif not any(map(entry.names, ids)):
            found.append(Stale(entry, sentence("known.nothing")))
        elif not entry.flaky and (why := _mended(entry, by_id)):
            found.append(Stale(entry, why))
    return found


def _mended(entry: Known, by_id: Mapping[str, CaseResult]) -> Text | None:
    cases = {identity: result for identity, result in by_id.items() if entry.names(identity)}
    passing = [identity for identity, result in cases.items() if result.verdict is Verdict.PASS]
    findings = [result.finding for result in cases.values() if result.finding]
    whole = "[" not in entry.match
    if passing and not (whole and findings):
        names = ", ".join(passing[:_MOST_NAMES]) + (", ..." if len(passing) > _MOST_NAMES else "")
        return sentence("known.passes", names=names)
    if findings and not any(entry.explains(finding) for finding in findings):
        return sentence("known.other-cause", cause=entry.cause)
    return None


def write_known_failures(results: Sequence[CaseResult], issue: str = "TODO") -> str:
    """Return a file that lists every finding of a run, to be read by `read_known_failures`.

    A requirement whose cases all fail for one reason becomes one entry; otherwise each case has its own.
    """
    lines = [
        "# Findings that are known. Name the issue of each; delete an entry when it is mended.",
        "known = [",
    ]
    by_requirement: dict[str, list[CaseResult]] = {}
    for result in results:
        by_requirement.setdefault(result.requirement, []).append(result)
    for requirement, cases in by_requirement.items():
        findings = [case.finding for case in cases if case.finding]
        causes = {finding.detail.en for finding in findings}
        if len(causes) == 1 and not any(case.verdict is Verdict.PASS for case in cases):
            lines.append(_line(requirement, causes.pop(), issue))
        else:
            lines += [_line(f"{requirement}[{each.case}]", each.detail.en, issue) for each in findings]
    return "\n".join([*lines, "]", ""])


def _line(match: str, cause: str, issue: str) -> str:
    fields = {"match": match, "cause": cause, "issue": issue}
    return "  { " + ", ".join(f"{key} = {_basic(value)}" for key, value in fields.items()) + " },"


def _basic(text: str) -> str:
    """Return a TOML basic string: control characters, quotes and backslashes are escaped."""
    return '"' + "".join(_character(c) for c in text) + '"'


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return f"\\U{ord(character):08x}"
