"""An audit as a run of the kit: JUnit, SARIF, Markdown and HTML by its writers."""

from collections.abc import Sequence
from datetime import UTC, datetime

from alipay_qr._version import __version__
from alipay_qr_conformance.audit.kit import CaseResult, Known, Policy, Redactor, Stale, excused, stale
from alipay_qr_conformance.audit.report import Audit, case_results
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.report.formats import render
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.subjects import Hello


def excuses(known: Sequence[Known], results: Sequence[CaseResult]) -> dict[str, Known]:
    """Return the known failure that excuses each finding, by its case id."""
    return excused(known, results)


def stale_entries(known: Sequence[Known], results: Sequence[CaseResult]) -> list[Stale]:
    """Return the known failures that have to go."""
    every = [f"{each.requirement}[{each.case}]" for each in results]
    return stale(known, results, every, datetime.now(UTC).date())


def rendered(kind: str, audit: Audit, lang: str) -> str:
    """Return the audit in a format of the kit's other reports."""
    subject = Hello(
        protocol="1",
        name="recorded traffic",
        version=__version__,
        language="-",
        operations=(),
        sign_types=(),
        charsets=(),
        clock=False,
        parallel=False,
    )
    place = audit.plan.inputs[0].name if len(audit.plan.inputs) == 1 else "recordings"
    results = tuple(case_results(audit))
    run = Run(
        subject,
        Plan(Policy()),
        results,
        tuple(audit.remarks(lang)),
        audit.known,
        place,
        full=True,
        judges_levels=False,
    )
    return Redactor(audit.accounts.secrets()).text(render(kind, run, lang))
