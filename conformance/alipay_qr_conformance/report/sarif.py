"""SARIF 2.1.0, the form that code scanning reads: one result a cause, and the rules of these.

A cause has no line in the subject's source, so that its place is the adapter; where a request was made,
it is added as ``webRequest``. Rules carry why the requirement matters and how to mend a breach. A cause
whose findings are all known failures is there too, and suppressed. What a requirement younger than the
requirement set came to is no result but a notification of the tool about its rule: code scanning makes no
alert of it.
"""

import hashlib
import json
from typing import Any, Final

from alipay_qr._version import __version__
from alipay_qr_conformance.model.requirements import Requirement
from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.texts import say
from alipay_qr_conformance.model.verdicts import Finding, Keyword
from alipay_qr_conformance.report.run import Run, case_id
from alipay_qr_conformance.report.summary import Cause, RequirementResult, summarise

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final[dict[Keyword, str]] = {"MUST": "error", "SHOULD": "warning", "MAY": "note"}
_LONGEST: Final = 4000


def render_run(run: Run, lang: str = "en") -> str:
    """Return the report as JSON text in ASCII."""
    later = summarise(run.later, run.plan.level).rows
    causes = [cause for known in (False, True) for cause in run.causes(known=known)]
    rows = [*dict.fromkeys([*(each.requirement for each in causes), *(each.requirement for each in later)])]
    index = {row.id: number for number, row in enumerate(rows)}
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "alipay-qr-conformance",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(row, lang) for row in rows],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [
                            *_remarks(run),
                            *(_younger(row, index[row.requirement.id], lang) for row in later),
                        ],
                    }
                ],
                "artifacts": [{"location": {"uri": _uri(run.place)}}],
                "results": [_result(run, cause, index[cause.id], lang) for cause in causes],
                "columnKind": "unicodeCodePoints",
                "properties": {
                    "subject": run.title,
                    "levelReached": run.summary.level,
                    "levelAsked": run.summary.asked,
                    "seed": run.plan.seed,
                },
            }
        ],
    }
    return json.dumps(log, indent=1, ensure_ascii=True) + "\n"


def _remarks(run: Run) -> list[dict[str, Any]]:
    return [{"level": "note", "message": {"text": visible(each)}} for each in run.remarks]


def _younger(row: RequirementResult, index: int, lang: str) -> dict[str, Any]:
    name, verdict = row.requirement.id, say(f"verdict.{row.verdict.value}", lang)
    return {
        "level": "note",
        "message": {"text": f"{say('report.later', lang)}: {name}: {verdict}"},
        "associatedRule": {"id": name, "index": index},
        "properties": {"verdict": row.verdict.value},
    }


def _rule(row: Requirement, lang: str) -> dict[str, Any]:
    title, why, mend = (text.in_language(lang) for text in (row.title, row.why, row.mend))
    texts = [
        (say("report.why", lang), why),
        (say("report.mend", lang), mend),
        (say("report.source", lang), row.clause),
    ]
    return {
        "id": row.id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}. {why}"},
        "help": {
            "text": "\n".join(f"{word}: {text}" for word, text in texts),
            "markdown": "\n\n".join(f"**{word}**: {text}" for word, text in texts),
        },
        "defaultConfiguration": {"level": _LEVELS[row.keyword]},
        "properties": {
            "tags": ["alipay", f"level-{row.level}", say(f"level.{row.level}", "en")],
            "precision": "very-high",
            "keyword": row.keyword,
            "since": row.since.isoformat(),
        },
    }


def _result(run: Run, cause: Cause, index: int, lang: str) -> dict[str, Any]:
    row, finding = cause.requirement, cause.finding
    identity = case_id(finding.requirement, finding.case)
    result: dict[str, Any] = {
        "ruleId": row.id,
        "ruleIndex": index,
        "level": _LEVELS[cause.keyword],
        "kind": "fail",
        "message": {"text": _message(finding, lang)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(run.place), "index": 0},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": visible(identity), "kind": "member"}],
            }
        ],
        "partialFingerprints": {"alipayQrCause/v1": hashlib.sha256(cause.id.encode()).hexdigest()},
        "properties": {
            "verdict": finding.verdict.value,
            "case": visible(finding.case),
            "findings": dict(cause.counts),
            "fix": cause.fix,
            "remedy": cause.cure(lang),
            "where": [visible(each) for each in run.where.get(cause.id, ())],
            "evidence": {label: _cut(text) for label, text in finding.evidence.items()},
        },
    }
    everything = [finding, *(each for row in cause.rows for each in row.findings)]
    if request := next(filter(None, map(_request, everything)), None):
        result["webRequest"] = request
    if known := run.excuses.get(identity):
        word = say("report.flaky" if known.flaky else "report.known", lang, issue=known.issue)
        result["suppressions"] = [{"kind": "external", "justification": word}]
    return result


def _message(finding: Finding, lang: str) -> str:
    text = f"[{finding.case}] {finding.detail.in_language(lang)}"
    if finding.diagnosis is not None:
        text += f". {say('report.diagnosis', lang)}: {finding.diagnosis.in_language(lang)}"
    # code scanning reads [text](n) as a link to a related location
    return visible(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _request(finding: Finding) -> dict[str, Any] | None:
    """Return the request that a finding is about, from evidence such as ``POST ?_input_charset=UTF-8``."""
    method, _, target = finding.evidence.get("request", "").partition(" ")
    if method not in {"GET", "POST"}:
        return None
    request: dict[str, Any] = {"method": method, "target": _cut(target)}
    if body := finding.evidence.get("body"):
        request["body"] = {"text": _cut(body)}
    return request


def _cut(text: str) -> str:
    return visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)})")


def _uri(place: str) -> str:
    from urllib.parse import quote

    return quote(place, safe="/:@-._~")
