"""Run a merchant through the kit, and say what it was accused of.

The reference meets the whole kit, a harmless variant one share in ten of it. A faulty merchant is spared
what costs most and cannot tell it from the others: the properties and what is long or slow, unless it breaks
them; the exchange that really times out, unless it misreads answers; forgeries in RSA, unless it believes
forgeries; the golden vectors, unless it signs or verifies wrongly, and those signed with RSA, unless that is its
fault; and, where it signs, verifies and sends rightly, the third sign type and the third charset. Of what is
about its fault it meets a quarter (all, where it says that it shows ``only_in_order``), and then the rest and the
properties until one of them tells; of what stands beside its fault a fifth, of what is far from it a fortieth, or
a tenth of what there is little of. With ``ALIPAY_QR_FAULTY=full`` in the environment (`make faulty`) no merchant
is spared anything.
"""

import os
import sys
import zlib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.pytest.tally import Tally, told
from alipay_qr_conformance.report.summary import Summary, summarise
from alipay_qr_conformance.subjects import Bounds, ProcessTransport, PythonTransport, Subject
from faulty.reference import MERCHANTS, Healthy

FAMILIES = sorted(path.stem for path in (Path(__file__).parent / "merchants").glob("*.py"))
"""Modules with merchants."""

ANYWHERE = frozenset({"sign.any-message", "money.any-history"})
"""Requirements about any message and any history: many faults may show there too, and need not."""

FOLLOWING = {
    ".reject.": {"notify.reject.closing", "notify.reject.refund"},  # whoever believes forged payments
    "money.cancel.same-day": {"money.cancel.unknown"},  # whoever refuses a cancel refuses its repeat
}
"""What is broken too, where it fits, by whom a part of a name tells; it need not be named."""

COSTLY = frozenset({"response.in-time", "response.hostile", "notify.hostile"})
"""Requirements whose cases are long, or wait."""


def spared(breaks):
    """Return what a merchant that breaks these may be accused of or not."""
    follows = (more for part, more in FOLLOWING.items() if any(part in each for each in breaks))
    return ANYWHERE.union(*follows) - set(breaks)


@cache
def merchants():
    """Return all registered merchants by name, harmless variants among them."""
    for family in FAMILIES:
        import_module(f"faulty.merchants.{family}")
    return dict(sorted(MERCHANTS.items(), key=lambda item: item[1].__module__))


def module_of(requirement):
    """Return the module for the merchants that break a requirement: the longest one that begins its id."""
    words = requirement.replace("-", "_").split(".")
    while "_".join(words) not in FAMILIES:
        words.pop()
    return f"faulty.merchants.{'_'.join(words)}"


@cache
def golden():
    """Return the names of the cases that are golden vectors."""
    from alipay_qr_conformance.checks import vectors
    from alipay_qr_conformance.testbed.case import cases_of

    return {case.name for case in cases_of(vectors, Plan(Policy()))}


@dataclass(frozen=True)
class Judgement:
    """What the kit said of a merchant."""

    summary: Summary

    @property
    def accused(self):
        return {requirement.id for requirement, _ in self.summary.findings}

    @property
    def verdicts(self):
        return {str(finding.verdict) for _, finding in self.summary.findings}

    def because(self, requirements):
        """Return the first finding of each requirement, for people."""
        lines = {}
        for row, finding in self.summary.findings:
            if row.id in requirements and row.id not in lines:
                case = f"{row.id}[{finding.case}] {finding.verdict}: {finding.detail.en}"
                lines[row.id] = f"{case} {dict(finding.evidence)}"
        return "\n".join(text[:1200] for text in lines.values())


def transport_to(kind):
    """Return a way to a merchant: in this process, or as a process of its own."""
    if not getattr(kind, "own_process", False):
        return PythonTransport(kind)
    command = [sys.executable, str(Path(__file__).with_name("over_stdio.py")), kind.name, kind.__module__]
    return ProcessTransport(command, bounds=Bounds(local=2.0, sending=5.0))


@cache  # it is asked for every case of every merchant
def _spare_nothing():
    return os.environ.get("ALIPAY_QR_FAULTY") == "full"


def judge_in_gate(kind):
    """Run the kit against a merchant, and what costs more only until it told what nothing else tells."""
    if _spare_nothing() or not kind.breaks:
        return judge(kind)
    results = run(kind, met=lambda kind, case: meets(kind, case) and not _cost(kind, case))
    for cost in (1, 2, 3):
        if missing := set(kind.breaks) - _judged(results).accused:
            results += _run_until_told(kind, missing, cost)
    return _judged(results)


def _run_until_told(kind, missing, cost):
    """Run what is about the missing, until each requirement was broken once; return the results."""

    def met(kind, case):
        return case.requirement in missing and _cost(kind, case) == cost and meets(kind, case)

    results, left = [], set(missing)
    for result in _results(kind, met=met):
        results.append(result)
        left -= {result.requirement} if result.finding else set()
        if not left:
            break
    return results


def _cost(kind, case):
    """Return 0 for what is met at any rate, 1 for more cases of a fault, 2 for properties, 3 for histories."""
    if "any-" in case.name:
        return 3 if "any-history" in case.name else 2
    every = getattr(kind, "only_in_order", False)
    return int(case.requirement in kind.breaks and not every and not _share(kind.name, case, of=4))


def meets(kind, case):
    """Return whether a merchant meets a case; see the module's docstring."""
    if _spare_nothing() or kind is Healthy:
        return True
    if not kind.breaks:
        every = case.requirement.startswith(getattr(kind, "meets_all_of", ()))
        return (every or _share(kind.name, case, of=10)) and "any-" not in case.name
    if about := getattr(kind, "about", ("policy.",) if hasattr(kind, "policy") else ()):
        return case.requirement.startswith(tuple(about))
    if case.name in golden() and not any(register()[each].level == 1 for each in kind.breaks):
        return False
    if case.name in golden() and case.setup.sign_type in ("RSA", "RSA2") and "sign" in case.needs:
        return any(each.startswith("sign.rsa") for each in kind.breaks)
    if case.requirement in ANYWHERE or case.requirement in COSTLY:
        return case.requirement in kind.breaks
    if case.id.startswith("response.transport[refund-timeout"):
        return kind.__module__.startswith("faulty.merchants.response")
    if "any-forgery-" in case.name or "any-sign" in case.name:
        return any(".reject." in each for each in kind.breaks)
    if case.name.startswith("any-call-"):
        return any(each.startswith("request.") for each in kind.breaks)
    if "any-answer-" in case.name:
        return "response.unproved" in kind.breaks
    forged = ".reject." in case.requirement or case.requirement == "response.unproved"
    if forged and case.setup.sign_type in ("RSA", "RSA2"):
        return any(".reject." in each or each == "response.unproved" for each in kind.breaks)
    third = case.setup.sign_type == "RSA2" or case.setup.charset == "GB2312"
    if third and all(each.startswith(("notify.", "response.", "money.")) for each in kind.breaks):
        return False
    if case.requirement in kind.breaks:
        return True
    if _stands_beside(kind, case.requirement):
        return _share(kind.name, case, of=5)
    few = register()[case.requirement].level in (1, 4) and case.name not in golden()
    return _share(kind.name, case, of=10 if few else 40)  # a level of which nothing is judged is not reached


def _stands_beside(kind, requirement):
    """Say whether a requirement is of the same group as one that a merchant breaks."""
    return any(each.split(".")[:2] == requirement.split(".")[:2] for each in kind.breaks)


def _share(name, case, of):
    """Return whether a case is in the merchant's share, one of so many."""
    return zlib.crc32(name.encode()) % of == zlib.crc32(case.id.encode()) % of


def judge(kind, *, seed=0, met=meets):
    """Run the kit against a merchant, at the cases that it meets; return what is said of it."""
    return _judged(run(kind, seed=seed, met=met))


def run(kind, *, seed=0, met=meets):
    """Run the kit against a merchant, at the cases that it meets; return the results."""
    return list(_results(kind, seed=seed, met=met))


@lru_cache(maxsize=4)
def _listed(plan):
    """Return the cases of a plan: most merchants have the same one, and to list costs a tenth of meeting them."""
    return tuple(all_cases(plan))


def _results(kind, *, seed=0, met=meets):
    seed = getattr(kind, "seed", seed)
    runner = Runner(
        Subject(transport_to(kind)), Plan(getattr(kind, "policy", Policy()), seed=seed, depth="quick")
    )
    try:
        listed = _listed(replace(runner.plan, depth="default"))  # quick leaves out what makes one wait
        cases = [case for case in listed if met(kind, case)]
        yield from (event.result for event in runner.run(cases) if isinstance(event, CaseFinished))
    finally:
        runner.close()


def _judged(results):
    seen = Judgement(summarise(results, 4))
    assert _under_pytest(results).level == seen.summary.level
    return seen


def _under_pytest(results):
    """Return what the pytest plugin makes of the same results."""
    tally = Tally()
    tally.rows = [dict(told(each, "en")) for each in results]
    return tally.summary(4)


def level_left(kind):
    """Return the level that a merchant still reaches, given what it breaks."""
    rows = [register()[each] for each in kind.breaks]
    return getattr(kind, "level", min((row.level for row in rows if row.keyword == "MUST"), default=5) - 1)
