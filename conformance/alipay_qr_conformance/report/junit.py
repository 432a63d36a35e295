"""JUnit XML: one suite a level, one test case a case, as CI servers read it.

A finding that counts is a failure (an error where the adapter hung, died or talked nonsense); one that a
known failure excuses, or whose keyword does not count, is skipped with its reason. Requirements younger than
the requirement set are a suite of their own, one test case each, skipped whatever they came to: they count
for nothing. The causes stand in front, as properties of the first suite, and the evidence once, with the case
that shows its cause best. There are no times in it: the same run gives the same bytes.
"""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from alipay_qr_conformance.model.requirements import LEVELS, Requirement, register
from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.texts import say
from alipay_qr_conformance.model.verdicts import CaseResult, Verdict
from alipay_qr_conformance.report.run import Run, case_id
from alipay_qr_conformance.report.summary import Cause, summarise
from alipay_qr_conformance.report.terminal import notes, render_finding

_FAILURES = {Verdict.FAIL, Verdict.UNSTABLE}


def render_run(run: Run, lang: str = "en") -> str:
    """Return the report as XML text."""
    rows = register()
    root = ET.Element("testsuites", name=visible(run.title))
    causes = {each.id: cause for cause in run.summary.causes for row in cause.rows for each in row.findings}
    for level in LEVELS:
        results = [result for result in run.results if rows[result.requirement].level == level]
        if not results:
            continue
        suite = ET.SubElement(root, "testsuite", name=f"alipay-qr level {level}")
        if len(root) == 1:
            _causes(suite, run, lang)
        for result in results:
            _case(suite, run, rows[result.requirement], result, causes, lang)
        _count(suite)
    _later(root, run, lang)
    _count(root)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _causes(suite: ET.Element, run: Run, lang: str) -> None:
    """Put the causes in front of everything, as properties of the first suite."""
    if not run.summary.causes:
        return
    properties = ET.SubElement(suite, "properties")
    for number, cause in enumerate(run.summary.causes, 1):
        title = f"{cause.keyword} {cause.id}: {cause.title(lang)}"
        told = "\n".join([title, *notes(cause, lang, run.where.get(cause.id, ())).values()])
        ET.SubElement(properties, "property", name=f"cause {number}", value=visible(told))


def _case(
    suite: ET.Element, run: Run, row: Requirement, result: CaseResult, causes: Mapping[str, Cause], lang: str
) -> None:
    element = ET.SubElement(
        suite, "testcase", classname=f"alipay-qr.{row.id}", name=visible(result.case), time="0"
    )
    if result.verdict is Verdict.PASS:
        return
    reason = visible(result.reason.in_language(lang)) if result.reason else result.verdict.value
    finding = result.finding
    if finding is None:
        ET.SubElement(element, "skipped", type=result.verdict.value, message=reason)
        return
    keyword = finding.keyword or row.keyword
    known = run.excuses.get(case_id(row.id, result.case))
    if known is not None:
        word = say("report.flaky" if known.flaky else "report.known", lang, issue=visible(known.issue))
        ET.SubElement(element, "skipped", type="known-failure", message=f"{word}: {reason}")
    elif not run.counts(keyword):
        ET.SubElement(element, "skipped", type=keyword, message=f"{keyword}: {reason}")
    else:
        kind = "failure" if result.verdict in _FAILURES else "error"
        found = ET.SubElement(element, kind, type=f"{keyword} {result.verdict.value}", message=reason)
        cause = causes[finding.id]
        if run.full or cause.finding is finding:
            found.text = render_finding(finding, lang)
        else:
            found.text = visible(say("report.see-cause", lang, case=cause.finding.id, fix=cause.fix))


def _later(root: ET.Element, run: Run, lang: str) -> None:
    rows = summarise(run.later, run.plan.level).rows
    if not rows:
        return
    suite = ET.SubElement(root, "testsuite", name="alipay-qr later requirements")
    for row in rows:
        name = row.requirement.id
        element = ET.SubElement(suite, "testcase", classname=f"alipay-qr.{name}", name="later", time="0")
        told = f"{say('report.later', lang)}: {say(f'verdict.{row.verdict.value}', lang)}"
        ET.SubElement(element, "skipped", type="later", message=told)
    _count(suite)


def _count(element: ET.Element) -> None:
    counts = {
        "tests": "testcase",
        "failures": "testcase/failure",
        "errors": "testcase/error",
        "skipped": "testcase/skipped",
    }
    prefix = "testsuite/" if element.tag == "testsuites" else ""
    for name, path in counts.items():
        element.set(name, str(len(element.findall(prefix + path))))
    element.set("time", "0")
