"""Runs of the kit in this process, against a Python subject."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # core_subjects, which subprocesses import too


@dataclass
class Ran:
    """What a run came to."""

    results: dict = field(default_factory=dict)
    summary: object = None
    warnings: tuple = ()
    runner: object = None

    def verdicts(self):
        return {str(result.verdict) for result in self.results.values()}

    def findings(self):
        return {
            case_id: result.finding.detail.en for case_id, result in self.results.items() if result.finding
        }

    def reasons(self, verdict):
        found = [result for result in self.results.values() if result.verdict == verdict]
        return {result.reason.en for result in found}


@pytest.fixture
def run_kit():
    """Run chosen cases of the kit against a Python subject or a transport."""
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.runner import CaseFinished, RunFinished, Runner
    from alipay_qr_conformance.engine.setup import RunOptions, plan
    from alipay_qr_conformance.model.selection import selector
    from alipay_qr_conformance.model.test_account import TestKeys
    from alipay_qr_conformance.report.summary import summarise
    from alipay_qr_conformance.subjects import Bounds, PythonTransport, Subject

    runners = []

    def run(target, expression=None, *, cases=None, keys=None, bounds=None, **wish):
        transport = target if hasattr(target, "call_many") else None
        transport = transport or PythonTransport(target, bounds=bounds or Bounds())
        runner = Runner(Subject(transport), plan(RunOptions(**wish)), keys or TestKeys())
        runners.append(runner)
        chosen = all_cases(runner.plan) if cases is None else cases
        matches = selector(expression) if expression else lambda _: True
        ran = Ran(runner=runner)
        for event in runner.run([case for case in chosen if matches(case.id)]):
            if isinstance(event, CaseFinished):
                ran.results[f"{event.result.requirement}[{event.result.case}]"] = event.result
            elif isinstance(event, RunFinished):
                ran.warnings = event.warnings
        ran.summary = summarise(ran.results.values(), runner.plan.level)
        return ran

    yield run
    for runner in runners:
        runner.close()
