"""Reports and known failures under pytest: what the plugin loads only when one of them is asked for.

Each case's result travels as plain data on pytest's own report, so that it survives the way from a worker
of pytest-xdist; the process that has all of them puts them back into the order of the cases and feeds the
same consumers as the command line.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.order import ordered
from alipay_qr_conformance.engine.runner import CaseFinished, Runner, RunStarted
from alipay_qr_conformance.model.files import write_file
from alipay_qr_conformance.model.known_failures import (
    Known,
    KnownFailuresError,
    Stale,
    excused,
    read_known_failures,
    stale,
)
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.texts import say
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Text, Verdict
from alipay_qr_conformance.report.formats import FormatError, Wanted, parse, render
from alipay_qr_conformance.report.run import Cleaner, Run, case_id
from alipay_qr_conformance.report.summary import FailOn
from alipay_qr_conformance.subjects import Hello

ATTRIBUTE: Final = "alipay_result"
_FACTS: Final = (
    "name",
    "version",
    "language",
    "operations",
    "sign_types",
    "charsets",
    "clock",
    "parallel",
    "faketime",
)


class Reports:
    """Collects results in the process that reports, and writes what was asked for.

    Raises:
        pytest.UsageError: a malformed report, or a list of known failures that is none.
    """

    def __init__(self, config: pytest.Config, wanted: list[str], known: Path | None, *, lang: str) -> None:
        try:
            self._wanted = [self._below(config.rootpath, parse(text)) for text in wanted]
            self.known: tuple[Known, ...] = read_known_failures(known) if known else ()
        except (FormatError, KnownFailuresError) as error:
            raise pytest.UsageError(str(error)) from None
        self._known_path = known
        self._lang = lang
        self._results: dict[str, CaseResult] = {}
        self._subject: Hello | None = None
        self._sent_subject = False
        self.stale: list[Stale] = []

    @staticmethod
    def _below(root: Path, wanted: Wanted) -> Wanted:
        if str(wanted.path) == "-":
            raise pytest.UsageError("--alipay-report: stdout is pytest's own; name a file")
        return Wanted(wanted.kind, root / wanted.path)

    # --- where a case runs -------------------------------------------------------------------------

    def attach(self, report: Any, runner: Runner, result: CaseResult) -> None:
        """Put a result on pytest's report, without secrets; once a process also who the subject is."""
        cleaner = Cleaner(runner.redactor)
        event = cleaner.event(CaseFinished(1, 1, result))
        if isinstance(event, CaseFinished):
            data = _plain(event.result)
            if not self._sent_subject:
                self._sent_subject = True
                started = cleaner.event(RunStarted(runner.hello, runner.plan, 0))
                if isinstance(started, RunStarted):
                    data["subject"] = {name: getattr(started.subject, name) for name in _FACTS}
            setattr(report, ATTRIBUTE, data)

    def excuse(self, result: CaseResult) -> Known | None:
        """Return the known failure that excuses a finding."""
        found = excused(self.known, [result])
        return found.get(case_id(result.requirement, result.case))

    def word(self, known: Known) -> str:
        """Return what a test report says of an excused finding."""
        return say("report.flaky" if known.flaky else "report.known", self._lang, issue=visible(known.issue))

    # --- where all results meet --------------------------------------------------------------------

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result of a case."""
        data = getattr(report, ATTRIBUTE, None)
        if data is None or report.when != "call":
            return
        result = _result(data)
        self._results[case_id(result.requirement, result.case)] = result
        if "subject" in data and self._subject is None:
            facts: dict[str, Any] = {
                name: tuple(each) if isinstance(each, list) else each
                for name, each in data["subject"].items()
            }
            self._subject = Hello(protocol="1", **facts)

    def finish(self, plan: Plan, fail_on: FailOn, warnings: tuple[str, ...] = ()) -> None:
        """Write all reports; nothing is written where no case ran."""
        if self._subject is None:
            return
        every = [case.id for case in ordered(all_cases(plan))]
        results = tuple(self._results[each] for each in every if each in self._results)
        run = Run(
            self._subject,
            plan,
            results,
            warnings,
            excused(self.known, results),
            fail_on=fail_on,
            of=len(every),
        )
        for kind, path in self._wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, render(kind, run, self._lang).encode("utf-8", "backslashreplace"))
        if self.known:  # of all levels: what this run left out is not stale
            whole = [case.id for case in all_cases(replace(plan, level=4))]
            self.stale = stale(self.known, results, whole, datetime.now(UTC).date())

    def complaints(self) -> list[str]:
        """Return the lines to delete from the list, for people."""
        return [each.say(str(self._known_path), self._lang) for each in self.stale]


def _plain(result: CaseResult) -> dict[str, Any]:
    finding = result.finding
    return {
        "requirement": result.requirement,
        "case": result.case,
        "verdict": result.verdict.value,
        "reason": list(result.reason) if result.reason else None,
        "optional": result.optional,
        "finding": finding
        and {
            "detail": list(finding.detail),
            "evidence": dict(finding.evidence),
            "keyword": finding.keyword,
            "diagnosis": list(finding.diagnosis) if finding.diagnosis else None,
            "mistakes": list(finding.mistakes),
        },
    }


def _result(data: dict[str, Any]) -> CaseResult:
    verdict = Verdict(data["verdict"])
    base = CaseResult(
        data["requirement"],
        data["case"],
        verdict,
        Text(*data["reason"]) if data["reason"] else None,
        optional=data["optional"],
    )
    if not data["finding"]:
        return base
    row = data["finding"]
    finding = Finding(
        base.requirement,
        base.case,
        verdict,
        Text(*row["detail"]),
        row["evidence"],
        row["keyword"],
        Text(*row["diagnosis"]) if row["diagnosis"] else None,
        tuple(row["mistakes"]),
    )
    return replace(base, finding=finding)
