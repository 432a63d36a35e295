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
``also`` names the requirements that the same mistake breaks, whatever their findings say.

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

from alipay_qr_conformance.model.files import parse_toml, read_file, text_of
from alipay_qr_conformance.model.texts import say, sentence
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Text, Verdict

_KEYS: Final = {"match", "cause", "also", "issue", "expires"}
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
    also: tuple[str, ...] = ()
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
        text = text_of(read_file(path))
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
            f"{where}: unknown key {min(unknown)!r}; known are match, cause, also, issue, expires"
        )
    for key in ("match", "cause", "issue"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise KnownFailuresError(f'{where}: {key} = "..." is missing')
    expires = row.get("expires")
    if expires is not None and type(expires) is not date:
        raise KnownFailuresError(f"{where}: expires is a date such as 2027-01-31, without quotes")
    also = row.get("also", [])
    if not isinstance(also, list) or not all(isinstance(each, str) for each in also):
        raise KnownFailuresError(f"{where}: also is a list of requirements")
    return Known(row["match"], row["cause"], row["issue"], expires, tuple(also), flaky, line, text)


def excused(entries: Sequence[Known], results: Iterable[CaseResult]) -> dict[str, Known]:
    """Return the entry that excuses each finding, by case id; findings without an entry are left out.

    What an entry brings with it is excused as long as its own findings are there, or were not looked for.
    """
    by_id = {case_id(each): each for each in results}
    found: dict[str, Known] = {}
    at_work: dict[Known, bool] = {}
    for identity, result in by_id.items():
        for entry in entries:
            if entry.names(identity):
                explains = result.finding is not None and entry.explains(result.finding)
                at_work[entry] = at_work.get(entry, False) or explains
                if explains:
                    found.setdefault(identity, entry)
    for identity, result in by_id.items():
        if result.finding is not None and identity not in found:
            for entry in entries:
                if result.requirement in entry.also and at_work.get(entry, True):
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
    by_id = {case_id(result): result for result in results}
    found = []
    for entry in entries:
        if entry.expires is not None and entry.expires < today:
            found.append(Stale(entry, sentence("known.expired", day=entry.expires)))
        elif not any(map(entry.names, ids)):
            found.append(Stale(entry, sentence("known.nothing")))
        elif not entry.flaky and (why := mended(entry, by_id)):
            found.append(Stale(entry, why))
    return found


def mended(entry: Known, by_id: Mapping[str, CaseResult]) -> Text | None:
    """Return why the results, by case id, disprove an entry; None where they do not."""
    cases = {identity: result for identity, result in by_id.items() if entry.names(identity)}
    passing = [identity for identity, result in cases.items() if result.verdict is Verdict.PASS]
    findings = [result.finding for result in cases.values() if result.finding]
    whole = "[" not in entry.match
    if passing and not (whole and findings):
        names = ", ".join(passing[:_MOST_NAMES]) + (", ..." if len(passing) > _MOST_NAMES else "")
        return sentence("known.passes", names=names)
    if findings and not any(entry.explains(finding) for finding in findings):
        return sentence("known.other-cause", cause=entry.cause)
    return _no_longer_brought(entry, by_id) if findings else None


def _no_longer_brought(entry: Known, by_id: Mapping[str, CaseResult]) -> Text | None:
    verdicts = {
        name: {each.verdict for each in by_id.values() if each.requirement == name} for name in entry.also
    }
    passing = [name for name, found in verdicts.items() if found == {Verdict.PASS}]
    return sentence("known.passes", names=", ".join(passing[:_MOST_NAMES])) if passing else None


def case_id(result: CaseResult) -> str:
    """Return the identity of a case in every report."""
    return f"{result.requirement}[{result.case}]"
