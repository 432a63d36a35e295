"""Runs an animal through the kit, and says what it was accused of.

The healthy one and its cousins meet the whole kit. A faulty animal is spared the cases that cost most and
cannot tell it from the others: the two properties and what is long or slow, unless it deserves them; the
exchange that really times out, unless it reads answers; forgeries in RSA, unless it believes forgeries; the
golden vectors, unless it signs or verifies wrongly, and those signed with RSA, unless that is its vice; and,
where it signs, verifies and sends rightly, the third sign type and the third charset. With
``ALIPAY_QR_ZOO=full`` in the environment nobody is spared anything.
"""

import os
import sys
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path

from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.report.summary import Summary, summarise
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.subjects import Bounds, ProcessTransport, PythonTransport, Subject
from zoo.keeper import ANIMALS

HOUSES = ("signers", "verifiers", "senders", "listeners", "readers", "bookkeepers", "attackers", "crashers", "blind", "blind_second", "declarers", "aftermath")
"""Modules with animals, in the order of the levels."""

UMBRELLAS = frozenset({"sign.any-message", "money.any-history"})
"""Requirements that hold in any message and any history: a vice may show there too, and need not."""

COSTLY = frozenset({"response.in-time", "response.hostile", "notify.hostile"})
"""Requirements whose cases are long, or wait."""


@cache
def animals():
    """All animals of the houses by name, cousins among them."""
    for house in HOUSES:
        import_module(f"zoo.{house}")
    # whoever imports a house first must not change their order
    return {
        name: kind for house in HOUSES for name, kind in ANIMALS.items() if kind.__module__ == f"zoo.{house}"
    }


@cache
def golden():
    """The names of the cases that are golden vectors."""
    from alipay_qr_conformance.checks import vectors
    from alipay_qr_conformance.testbed.case import cases_of

    return {case.name for case in cases_of(vectors, Plan(Policy()))}


@dataclass(frozen=True)
class Visit:
    """What the kit said of an animal."""

    summary: Summary

    @property
    def accused(self):
        return {requirement.id for requirement, _ in self.summary.findings}

    @property
    def verdicts(self):
        return {str(finding.verdict) for _, finding in self.summary.findings}

    def because(self, requirements):
        """The first finding of each requirement, for people."""
        lines = {}
        for row, finding in self.summary.findings:
            if row.id in requirements and row.id not in lines:
                case = f"{row.id}[{finding.case}] {finding.verdict}: {finding.detail.en}"
                lines[row.id] = f"{case} {dict(finding.evidence)}"
        return "\n".join(text[:1200] for text in lines.values())


def transport_to(kind):
    """A way to an animal: in this process, or as a process of its own."""
    if not getattr(kind, "own_process", False):
        return PythonTransport(kind)
    command = [sys.executable, str(Path(__file__).with_name("over_stdio.py")), kind.name]
    return ProcessTransport(command, bounds=Bounds(local=2.0, sending=5.0))


def meets(kind, case):
    """Whether an animal meets a case; see the module's docstring."""
    if os.environ.get("ALIPAY_QR_ZOO") == "full" or not kind.expects or getattr(kind, "meets_all", False):
        return True
    if about := getattr(kind, "about", ("policy.",) if hasattr(kind, "policy") else ()):
        return case.requirement.startswith(tuple(about))
    if case.name in golden() and not any(register()[each].level == 1 for each in kind.expects):
        return False
    if case.name in golden() and case.setup.sign_type in ("RSA", "RSA2") and "sign" in case.needs:
        return any(each.startswith("sign.rsa") for each in kind.expects)
    if case.requirement in UMBRELLAS or case.requirement in COSTLY:
        return case.requirement in kind.expects
    if case.id.startswith("response.transport[refund-timeout"):
        return kind.__module__ == "zoo.readers"
    forged = ".reject." in case.requirement or case.requirement == "response.unproved"
    if forged and case.setup.sign_type in ("RSA", "RSA2"):
        return any(".reject." in each or each == "response.unproved" for each in kind.expects)
    third = case.setup.sign_type == "RSA2" or case.setup.charset == "GB2312"
    return not (third and all(each.startswith(("notify.", "response.", "money.")) for each in kind.expects))


def visit(kind, *, seed=0):
    """Run the kit against an animal."""
    runner = Runner(Subject(transport_to(kind)), Plan(getattr(kind, "policy", Policy()), seed=seed, depth="quick"))
    try:
        listed = all_cases(replace(runner.plan, depth="default"))  # quick leaves out what makes one wait
        cases = [case for case in listed if meets(kind, case)]
        results = [event.result for event in runner.run(cases) if isinstance(event, CaseFinished)]
    finally:
        runner.close()
    return Visit(summarise(results, 4))


def level_left(kind):
    """The level that an animal still reaches, given what it deserves."""
    rows = [register()[each] for each in kind.expects]
    return getattr(kind, "level", min((row.level for row in rows if row.keyword == "MUST"), default=5) - 1)
