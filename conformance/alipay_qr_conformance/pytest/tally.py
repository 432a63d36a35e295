"""What the cases came to, under pytest: told on its reports, put together by the rules of ``check``.

told    what a case says of itself, as plain data, which survives the way from a worker of pytest-xdist
Tally   collects it in the process that reports
"""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from alipay_qr_conformance.model.verdicts import CaseResult
    from alipay_qr_conformance.report.summary import Summary


def told(result: "CaseResult", lang: str) -> list[tuple[str, Any]]:
    """Return what a case says of itself, for ``user_properties``."""
    from alipay_qr_conformance.model.shown import visible

    reason = "" if result.reason is None else visible(result.reason.in_language(lang))
    return [
        ("alipay_requirement", result.requirement),
        ("alipay_case", result.case),
        ("alipay_verdict", result.verdict.value),
        ("alipay_optional", result.optional),
        ("alipay_reason", reason),
        ("alipay_keyword", result.finding.keyword if result.finding else None),
        ("alipay_mistakes", list(result.finding.mistakes) if result.finding else []),
    ]


class Tally:
    """Counts, in the process that reports, what the cases of all workers came to."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a case says of itself."""
        if report.when == "call" and report.nodeid.startswith("alipay-qr::"):
            row = dict(report.user_properties)
            if "alipay_verdict" in row:
                self.rows.append(row)

    def summary(self, level: int) -> "Summary":
        """Return the summary, by the same rules as ``alipay-qr check``."""
        from alipay_qr_conformance.report.summary import summarise

        return summarise(map(_result, self.rows), level)


def _result(row: dict[str, Any]) -> "CaseResult":
    from alipay_qr_conformance.model.verdicts import FINDINGS, CaseResult, Finding, Text, Verdict

    verdict, name = Verdict(row["alipay_verdict"]), (row["alipay_requirement"], row["alipay_case"])
    reason = Text(row["alipay_reason"], row["alipay_reason"])
    finding = None
    if verdict in FINDINGS:
        mistakes = tuple(row["alipay_mistakes"])
        finding = Finding(*name, verdict, reason, keyword=row["alipay_keyword"], mistakes=mistakes)
    return CaseResult(*name, verdict, reason if reason.en else None, finding, optional=row["alipay_optional"])
