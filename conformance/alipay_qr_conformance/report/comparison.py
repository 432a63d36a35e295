"""Two reports compared, case by case: what fails now, what passes now, what fails for another reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from alipay_qr_conformance.model.texts import say
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.report.json_report import render_run
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.report.saved import Saved, cases, lists_cases, without_cases
from alipay_qr_conformance.report.terminal import one_line

_NOTHING: Final = Saved(Verdict.UNSUPPORTED)


@dataclass(frozen=True)
class Comparison:
    """What changed from the first report to the second; the lists hold case ids."""

    failing: tuple[str, ...]
    passing: tuple[str, ...]
    changed: tuple[str, ...]
    lost: tuple[str, ...]
    """Judged in the first report, unsupported or blocked in the second."""
    appeared: tuple[str, ...]
    gone: tuple[str, ...]
    before: Mapping[str, Saved]
    after: Mapping[str, Saved]
    levels: tuple[int, int]
    subjects: tuple[str, str]
    coarse: bool = False
    """Whether requirements are compared: one of the reports lists no cases."""

    @property
    def worse(self) -> bool:
        """Whether something fails that did not, or the level is lower."""
        return bool(self.failing) or self.levels[1] < self.levels[0]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "levels": list(self.levels),
            "subjects": list(self.subjects),
            "compared": "requirements" if self.coarse else "cases",
            "newly_failing": [self._row(case) for case in self.failing],
            "newly_passing": [self._row(case) for case in self.passing],
            "changed_cause": [self._row(case) for case in self.changed],
            "no_longer_judged": [self._row(case) for case in self.lost],
            "only_in_second": list(self.appeared),
            "only_in_first": list(self.gone),
        }

    def _row(self, case: str) -> dict[str, Any]:
        return {
            "case": case,
            "before": _shown(self.before.get(case)),
            "after": _shown(self.after.get(case)),
        }


def compare_reports(first: Mapping[str, Any], second: Mapping[str, Any]) -> Comparison:
    """Compare two reports, as `saved.read_report` returns them."""
    coarse = not (lists_cases(first) and lists_cases(second))
    if coarse:
        first, second = without_cases(first), without_cases(second)
    before, after = cases(first), cases(second)
    same_words = coarse or first["run"].get("language") == second["run"].get("language")
    both = [case for case in after if case in before]
    new = [case for case in after if case not in before]
    return Comparison(
        failing=tuple(
            case for case in after if after[case].broken and not (case in before and before[case].broken)
        ),
        passing=tuple(case for case in both if before[case].broken and after[case].verdict is Verdict.PASS),
        changed=tuple(
            case
            for case in both
            if before[case].broken
            and after[case].broken
            and _cause(before[case], same_words) != _cause(after[case], same_words)
        ),
        lost=tuple(case for case in both if not _unjudged(before[case]) and _unjudged(after[case])),
        appeared=tuple(case for case in new if not after[case].broken),
        gone=tuple(case for case in before if case not in after),
        before=before,
        after=after,
        levels=(first["level"], second["level"]),
        subjects=(_subject(first), _subject(second)),
        coarse=coarse,
    )


def since(earlier: Mapping[str, Any], run: Run, lang: str = "en") -> str:
    """Return what a run found that is new, gone and the same since a saved report, as text.

    Only cases that ran are compared, so that a selection makes nothing look mended.
    """
    found = compare_reports(earlier, json.loads(render_run(replace(run, full=True), lang)))
    same = sum(case.broken and found.before.get(name, _NOTHING).broken for name, case in found.after.items())
    lines = [say("since.heading", lang, new=len(found.failing), gone=len(found.passing), same=same)]
    lines += [f"  + {name}" for name in found.failing]
    lines += [f"  - {name}" for name in found.passing]
    return "".join(f"{one_line(line)}\n" for line in lines)


def render_comparison(found: Comparison, lang: str = "en") -> str:
    """Return the comparison as text."""
    lines = ["! " + say("compare.coarse", lang)] if found.coarse else []
    if found.subjects[0] != found.subjects[1]:
        a, b = map(one_line, found.subjects)
        lines.append("! " + say("compare.subjects", lang, a=a, b=b))
    for name, sign in (("failing", "-"), ("changed", "~"), ("lost", "?"), ("passing", "+")):
        listed: tuple[str, ...] = getattr(found, name)
        if listed:
            lines.append(f"{say(f'compare.{name}', lang)} ({len(listed)})")
        for case in listed:
            before, after = _shown(found.before.get(case)), _shown(found.after.get(case))
            lines.append(one_line(f"  {sign} {case}: {before or '-'} -> {after}"))
    others = (("appeared", found.appeared), ("gone", found.gone))
    lines += [say(f"compare.{name}", lang, n=len(ids)) for name, ids in others if ids]
    if len(lines) == found.coarse:
        lines.append(say("compare.same", lang))
    a, b = map(str, found.levels)
    return "\n".join([*lines, say("compare.level", lang, a=a, b=b)]) + "\n"


def _unjudged(case: Saved) -> bool:
    return case.verdict in {Verdict.UNSUPPORTED, Verdict.BLOCKED}


def _cause(case: Saved, same_words: bool) -> tuple[object, ...]:  # noqa: FBT001 (a private helper)
    return (case.verdict, case.detail) if same_words else (case.verdict,)


def _shown(case: Saved | None) -> str:
    if case is None:
        return ""
    return f"{case.verdict.value} ({case.detail})" if case.detail else case.verdict.value


def _subject(report: Mapping[str, Any]) -> str:
    subject = report["subject"]
    return f"{subject['name']} ({subject['language']})"
