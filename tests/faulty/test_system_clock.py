"""Merchants that read the clock of their system: moved by the kit, it shows the fault as a told time does."""

import sys
from pathlib import Path

import pytest

from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.report.summary import summarise
from alipay_qr_conformance.subjects import Faketime, ProcessTransport, Subject
from faulty.reference import Healthy
from faulty.run import merchants, spared

pytestmark = [pytest.mark.slow, pytest.mark.runtime("faketime")]


def about_time(kind):
    command = [sys.executable, str(Path(__file__).with_name("over_stdio.py")), kind.name, kind.__module__, "--system-clock"]
    clock = Faketime()
    runner = Runner(Subject(ProcessTransport(command, clock=clock), clock=clock), Plan(Policy(), depth="quick"))
    try:
        cases = [case for case in all_cases(runner.plan) if case.clock or case.requirement.startswith("money.")]
        events = [event for event in runner.run(cases) if isinstance(event, CaseFinished)]
    finally:
        runner.close()
    return summarise([event.result for event in events], 4)


def test_the_reference_is_not_accused():
    summary = about_time(Healthy)
    assert summary.findings == []
    assert not [case for row in summary.rows for case in row.cases if case.verdict == "unsupported"]


def test_one_that_takes_the_utc_day_is_accused_of_that_alone():
    kind = merchants()["cancel-by-utc-day"]
    accused = {row.id for row, _ in about_time(kind).findings}
    assert accused - spared(kind.breaks) == set(kind.breaks)
