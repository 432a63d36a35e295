"""A JSON report read back: for comparing two of them, and for running one of its cases again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alipay_qr_conformance.model.files import read_file
from alipay_qr_conformance.model.verdicts import FINDINGS, Verdict
from alipay_qr_conformance.report.json_report import schema


class ReportError(ValueError):
    """The file is no report of this kit; the text says why."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What one case of a saved report came to. ``evidence`` is empty but for findings."""

    verdict: Verdict
    detail: str = ""
    evidence: Mapping[str, str] | None = None

    @property
    def broken(self) -> bool:
        """Whether it is a finding."""
        return self.verdict in FINDINGS


def read_report(path: Path) -> dict[str, Any]:
    """Return the report in a file.

    Raises:
        ReportError: unreadable, no JSON, or not of the report's schema.
    """
    import jsonschema

    try:
        found: dict[str, Any] = json.loads(read_file(path))
        jsonschema.Draft202012Validator(schema()).validate(found)
    except OSError as error:
        raise ReportError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path} is no report of this kit: it is no JSON: {error}") from None
    except jsonschema.ValidationError as error:
        where = "/".join(map(str, error.absolute_path)) or "the top"
        raise ReportError(f"{path} is no report of this kit: at {where}: {error.message[:200]}") from None
    return found


def lists_cases(report: Mapping[str, Any]) -> bool:
    """Say whether a report was written with full evidence."""
    return bool(report["run"]["evidence"] == "full")


def without_cases(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a report as one that does not list its cases."""
    return {**report, "run": {**report["run"], "evidence": "causes"}}


def cases(report: Mapping[str, Any]) -> dict[str, Saved]:
    """Return the cases of a report by id, in its order; its requirements, where it lists no cases."""
    if not lists_cases(report):
        causes = {name: row["id"] for row in report["causes"] for name in row["findings"]}
        return {
            row["id"]: Saved(Verdict(row["verdict"]), causes.get(row["id"], ""))
            for row in report["requirements"]
        }
    findings = {f"{row['requirement']}[{row['case']}]": row for row in report["findings"]}
    found = {}
    for row in report["requirements"]:
        for case in row["cases"]:
            identity = f"{row['id']}[{case['name']}]"
            finding = findings.get(identity)
            found[identity] = Saved(
                Verdict(case["verdict"]),
                finding["detail"] if finding else case.get("reason", ""),
                finding["evidence"] if finding else None,
            )
    return found
