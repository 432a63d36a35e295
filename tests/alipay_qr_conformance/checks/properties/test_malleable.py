"""Who reads signs tolerantly is told so; who believes what Alipay did not sign is accused of that first."""

import pytest
from cryptography.hazmat.primitives import hashes

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.subjects import PythonTransport, Subject
from faulty.run import merchants

BehindTheSign = merchants()["behind-the-sign"]
AnyHash = merchants()["any-hash"]


class TakesZeros(BehindTheSign):
    """Reads a sign tolerantly, which shows first, and takes zeros for any sign."""

    def same_text(self, right, given):
        return super().same_text(right, given) or set(given) == {"0"}


class TriesMd5(AnyHash):
    """Takes either SHA, which shows first, and MD5, whose collisions are made in seconds."""

    def hashes_to_verify_with(self, sign_type):
        return [*super().hashes_to_verify_with(sign_type), hashes.MD5()]


ASKED = ("any-sign-response/", "any-sign/", "any-forgery-unknown/", "any-answer-create/")


def keywords(kind, sign_type):
    """Return the keywords of what the properties say of a faulty merchant, by requirement."""
    runner = Runner(Subject(PythonTransport(kind)), Plan(Policy(), depth="quick"))
    try:
        cases = [
            case
            for case in all_cases(runner.plan)
            if case.name.startswith(ASKED) and case.name.endswith(sign_type)
        ]
        found = [runner.judge(case).finding for case in cases]
    finally:
        runner.close()
    return {(each.requirement, each.keyword or "MUST") for each in found if each is not None}


@pytest.mark.parametrize(
    ("kind", "sign_type", "said"),
    [
        (AnyHash, "RSA", {("notify.reject.other-hash", "SHOULD")}),
        (TriesMd5, "RSA", {("notify.reject.other-hash", "MUST")}),
        (
            BehindTheSign,
            "MD5",
            {
                ("notify.reject.bad-sign", "SHOULD"),
                ("response.unproved", "SHOULD"),
                ("verify.reject.bad-sign", "SHOULD"),
            },
        ),
        (
            TakesZeros,
            "MD5",
            {
                ("notify.reject.bad-sign", "MUST"),
                ("response.unproved", "MUST"),
                ("verify.reject.bad-sign", "MUST"),
            },
        ),
    ],
    ids=["other-hash", "other-hash-and-md5", "behind-the-sign", "behind-the-sign-and-zeros"],
)
def test_only_a_forged_value_is_called_a_forgery(kind, sign_type, said):
    assert keywords(kind, sign_type) == said
