"""Every golden vector of level 1 is a case under its id; whom it accuses, and whom it leaves to another."""

import base64

import pytest

from alipay_qr_conformance import Refused
from alipay_qr_conformance.checks import vectors as golden
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.subjects import PythonTransport, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
from alipay_qr_conformance.testbed.case import cases_of
from alipay_qr_conformance.vectors.load import load

SETS = ("presign", "sign_md5", "sign_rsa", "sign_rsa2", "verify_notification")
CASES = {case.name: case for case in cases_of(golden, plan(RunOptions()))}


def judge(subject, *names):
    runner = Runner(Subject(PythonTransport(subject)), plan(RunOptions(level=1)))
    try:
        return {name: runner.judge(CASES[name]) for name in names}
    finally:
        runner.close()


def verdict(subject, name):
    return str(judge(subject, name)[name].verdict)


def test_every_vector_with_one_right_answer_is_a_case():
    judged = {each.id: each.flags[0] for name in SETS for each in load(name) if each.result != "acceptable"}
    assert {name: case.requirement for name, case in CASES.items()} == judged


def test_quick_signs_a_text_with_md5_alone():
    quick = {case.name for case in cases_of(golden, plan(RunOptions(depth="quick")))}
    left = CASES.keys() - quick
    assert left
    assert all(name.startswith(("rsa-", "rsa2-")) for name in left)
    assert {name for name in quick if name.startswith("rsa")} == {
        name for name, case in CASES.items() if "rsa" in case.requirement and "sign" in case.needs
    }


def test_the_reference_keeps_them_all():
    runner = Runner(Subject(PythonTransport(ReferenceAdapter)), plan(RunOptions(level=1)))
    results = [runner.judge(case) for case in CASES.values()]
    runner.close()
    assert [each.case for each in results if str(each.verdict) != "pass"] == []


class OtherValue(ReferenceAdapter):
    """Signs and shows values in a way that no other rule explains."""

    def presign(self, params, charset):
        return super().presign([self.changed(*pair) for pair in params], charset)

    def sign(self, params, charset, sign_type):
        return super().sign([self.changed(*pair) for pair in params], charset, sign_type)

    def changed(self, name, value):
        return name, value.replace("b", "d") if value else value


@pytest.mark.parametrize("name", ["presign-refund-plain", "md5-refund-plain"])
def test_what_nothing_explains_is_accused_where_it_shows_first(name):
    class Wrong(OtherValue):
        def changed(self, name, value):
            return name, value.replace("0.10", "0.11") if value else value

    op = name.partition("-")[0]
    twin = f"{op}-sign-type-is-sent-but-not-signed"
    found = judge(Wrong, name, twin)
    assert str(found[name].verdict) == "fail"
    assert str(found[twin].verdict) == "blocked"  # the edit is not to blame: without it, it is wrong as well
    assert name in found[twin].reason.en


def test_a_breach_of_another_rule_is_left_to_it():
    class Trims(OtherValue):
        def changed(self, name, value):
            return name, value.strip() if value else value

    about_blanks, about_charset = "md5-a-value-of-blanks-is-signed-one-blank", "md5-refund-plain"
    assert verdict(Trims, about_blanks) == "fail"
    assert verdict(Trims, about_charset) == "pass"


def test_a_digest_in_another_form_is_no_fault_of_the_text():
    class LosesZeros(ReferenceAdapter):
        def sign(self, params, charset, sign_type):
            return {"sign": super().sign(params, charset, sign_type)["sign"].lstrip("0")}

    found = judge(LosesZeros, *[name for name in CASES if name.startswith("md5-")])
    assert {each.requirement for each in found.values() if str(each.verdict) == "fail"} == {"sign.md5.digest"}


def test_a_character_that_the_charset_lacks_is_to_be_declined():
    class Replaces(ReferenceAdapter):
        def presign(self, params, charset):
            try:
                return super().presign(params, charset)
            except Refused:
                return {"base64": base64.b64encode(b"?").decode()}

    assert verdict(Replaces, "presign-not-in-gbk-emoji") == "fail"
    assert verdict(ReferenceAdapter, "presign-not-in-gbk-emoji") == "pass"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param({"base64": "%"}, "fail", id="no base64"),
        pytest.param({"text": "x"}, "fail", id="another text"),
    ],
)
def test_a_pre_sign_string_is_text_or_base64(answer, expected):
    class Shows(ReferenceAdapter):
        def presign(self, params, charset):
            return answer

    assert verdict(Shows, "presign-refund-plain") == expected


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        pytest.param("partner_refund_id", "pass", id="of refunds"),
        pytest.param("service", "blocked", id="always"),
    ],
)
def test_a_pre_sign_string_may_be_declined_where_others_are_shown(hidden, expected):
    class Hides(ReferenceAdapter):
        def presign(self, params, charset):
            if hidden in dict(params):
                raise Refused("not shown")
            return super().presign(params, charset)

    assert verdict(Hides, "presign-refund-plain") == expected


def test_a_forgery_that_is_believed_because_of_the_text_is_left_to_the_text():
    class SignsSignType(ReferenceAdapter):
        def sign(self, params, charset, sign_type):
            return super().sign([*params, ["zzz", "1"]], charset, sign_type)

        def verify(self, **args):
            return {"valid": True}

    class Believes(ReferenceAdapter):
        def verify(self, **args):
            return {"valid": True}

    name = "notification-md5-one-value-was-changed-total-fee"
    assert verdict(SignsSignType, name) == "blocked"
    assert verdict(Believes, name) == "fail"


def test_keys_of_a_vector_are_configured_for_it():
    other = [name for name, case in CASES.items() if case.setup.keys_of]
    assert other
    assert {str(each.verdict) for each in judge(ReferenceAdapter, *other).values()} == {"pass"}
