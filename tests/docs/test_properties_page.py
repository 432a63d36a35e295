"""docs/properties.md: each story is what the kit says of the merchant that the page speaks of."""

import json
import re
from pathlib import Path

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.selection import selector
from alipay_qr_conformance.pytest.plugin import marks_of
from alipay_qr_conformance.subjects import Subject
from faulty.run import merchants, transport_to

PAGE = (Path(__file__).parents[2] / "docs" / "properties.md").read_text("utf-8")
QUICK = Plan(Policy(), depth="quick")
STORIES = {
    "sign.any-message[sign/GB2312]": "trimmer",
    "verify.reject.bad-sign[any-sign-response/MD5]": "every-second-digit",
    "notify.genuine[any-news-fields/MD5/UTF-8]": "dash-is-nothing",
    "request.documented-only[any-call-refund/MD5/UTF-8]": "refund-by-trade-no",
    "notify.reject.changed[any-forgery-unknown/MD5]": "trusts-the-weekend",
    "response.unproved[any-answer-refund-in-yen/MD5]": "yen-answers-unverified",
    "response.belongs[any-reading-refund]": "belongs-without-case",
    "money.refund.sum[any-history-refund]": "success-clears-unknown",
    "money.cancel.window[any-history-cancel]": "leap-days-added",
    "money.any-history[forged]": "trusts-its-database",
}


def finding_of(name, case_id):
    runner = Runner(Subject(transport_to(merchants()[name])), QUICK)
    try:
        wanted = [case for case in all_cases(QUICK) if case.id == case_id]
        found = [event.result.finding for event in runner.run(wanted) if isinstance(event, CaseFinished)]
    finally:
        runner.close()
    return found[0]


def block(case_id):
    """Return what the page quotes below a case's id, and the story behind it."""
    told = PAGE.partition(f"> `{case_id}`")[2]
    quoted = re.match(r".*\n(?:> (.*)\n)?", told)[1]
    story = re.match(r".*\n(?:> .*\n)?\n```text\n([^`]*)```", told)
    return quoted, story[1] if story else None


def told_of(evidence):
    """Return the story of a history; of a single message the least that was wrong, as it is shown."""
    if "story" in evidence:
        return re.sub(r"\(R\d+\)", "(...)", evidence["story"]) + "\n"
    signed = json.dumps(evidence["expected_presign"])
    return (
        f"parameters: {evidence['parameters']}\ncharset: {evidence['charset']}\nexpected_presign: {signed}\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("case_id", STORIES)
def test_the_story_is_told_of_the_merchant(case_id):
    finding, (quoted, story) = finding_of(STORIES[case_id], case_id), block(case_id)
    assert finding is not None
    if quoted is not None:
        assert quoted.lower() in finding.detail.en.lower()
    if story is not None:
        assert told_of(finding.evidence) == story


def test_each_property_has_a_heading_and_is_chosen_by_name_and_by_marker():
    cases, chosen = all_cases(QUICK), selector("*.any-*")
    by_name = {case.id for case in cases if chosen(case.id)}
    assert by_name == {
        case.id for case in cases if pytest.mark.alipay_property in marks_of(case.requirement, case.name)
    }
    ids = [case.id for case in cases if case.once_only or "any-news" in case.name]
    properties = {match[0] for each in ids if (match := re.search(r"any-[a-z]+", each))}
    assert {f"## {name}" for name in properties} <= set(PAGE.splitlines())
