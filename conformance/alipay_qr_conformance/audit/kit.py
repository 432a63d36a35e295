"""Every name of the kit outside the protocol package that the auditor imports, in one place."""

from alipay_qr_conformance.doctor.render import visible
from alipay_qr_conformance.doctor.sign.explain import explain_params
from alipay_qr_conformance.model.files import read_file, read_toml
from alipay_qr_conformance.model.known_failures import (
    Known,
    KnownFailuresError,
    Stale,
    excused,
    read_known_failures,
    stale,
)
from alipay_qr_conformance.model.outcomes import WrongSign
from alipay_qr_conformance.model.policy import Policy, to_policy
from alipay_qr_conformance.model.redaction import Redactor
from alipay_qr_conformance.model.requirements import Requirement, register
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Keyword, Text, Verdict
from alipay_qr_conformance.rules.request import (
    ALIASES,
    Breach,
    Sent,
    encoding,
    judge,
    method,
    no_duplicates,
    signature,
)

__all__ = [
    "ALIASES",
    "Breach",
    "CaseResult",
    "Finding",
    "Keyword",
    "Known",
    "KnownFailuresError",
    "Policy",
    "Redactor",
    "Requirement",
    "Sent",
    "Stale",
    "TestKeys",
    "Text",
    "Verdict",
    "WrongSign",
    "encoding",
    "excused",
    "explain_params",
    "judge",
    "message",
    "method",
    "no_duplicates",
    "read_file",
    "read_known_failures",
    "read_toml",
    "register",
    "signature",
    "stale",
    "to_policy",
    "visible",
]
