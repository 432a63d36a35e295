"""The table of answers that a call meets, and what it may make of them."""

from dataclasses import replace
from typing import Final

from alipay_qr_conformance.checks.responses.meeting import (
    Meeting,
    fixed,
    in_body,
    in_reply,
    no_fault,
    saying,
)
from alipay_qr_conformance.gateway import Fault, faults

UNKNOWN: Final = ("unknown",)
_FAILED: Final = ("failed",)
_PAID_OUT: Final = ("success",)
_REFUSED: Final = {"detail_error_code": "TRADE_STATUS_ERROR", "detail_error_des": "TRADE_STATUS_ERROR"}

SIGNATURES: Final = (
    Meeting("response.genuine", "plain", "refund", _PAID_OUT, no_fault),
    Meeting("response.genuine", "plain", "create_qr_code", _PAID_OUT, no_fault),
    Meeting("response.genuine", "plain", "cancel", _PAID_OUT, no_fault),
    Meeting("response.unproved", "wrong-sign", "refund", UNKNOWN, fixed(faults.wrong_signature)),
    Meeting("response.unproved", "wrong-sign", "create_qr_code", UNKNOWN, fixed(faults.wrong_signature)),
    Meeting("response.unproved", "wrong-sign", "cancel", UNKNOWN, fixed(faults.wrong_signature)),
    Meeting("response.unproved", "no-sign", "cancel", UNKNOWN, fixed(faults.missing_signature)),
    Meeting("response.unproved", "sign-of-another", "refund", UNKNOWN, fixed(faults.swapped_signature)),
    Meeting(
        "response.unproved",
        "success-made-of-failure",
        "refund",
        UNKNOWN,
        fixed(Fault, commit=False, seal=lambda reply, _: reply.changed({"result_code": "SUCCESS"})),
    ),
)

GENUINE: Final = (
    Meeting("response.genuine", "plain", "refund", _PAID_OUT, no_fault),
    Meeting("response.genuine", "chinese", "cancel", _PAID_OUT, saying(detail_info="已撤销")),
    Meeting("response.genuine", "plain", "create_qr_code", _PAID_OUT, no_fault),
)


def _entity(text: bytes) -> bytes:
    """Write SUCCESS as an entity of a document type: whoever expands it reads the genuine text."""
    head, mark, rest = text.partition(b"?>")
    doctype = b'<!DOCTYPE alipay [<!ENTITY s "SUCCESS">]>'
    return head + mark + doctype + rest.replace(b">SUCCESS<", b">&s;<")


OTHERS: Final = (
    Meeting(
        "response.genuine",
        "container-name",
        "create_qr_code",
        _PAID_OUT,
        in_reply(lambda r: replace(r, container="qrcodeinfo")),
    ),
    Meeting(
        "response.genuine",
        "container-name",
        "refund",
        _PAID_OUT,
        in_reply(lambda r: replace(r, container="trade")),
    ),
    Meeting("response.genuine", "unknown-field", "refund", _PAID_OUT, saying(x_new_field="1")),
    Meeting("response.genuine", "escaped-field", "refund", _PAID_OUT, saying(refund_reason='<a> & "b"')),
    Meeting("response.genuine", "empty-field", "refund", _PAID_OUT, saying(exchange_rate="")),
    Meeting("response.genuine", "no-action", "cancel", _PAID_OUT, saying(action=None)),
    Meeting("response.genuine", "capital-name", "refund", _PAID_OUT, saying(Alpha="1", a_lpha="2")),
    Meeting(
        "response.two-levels",
        "refused",
        "refund",
        _FAILED,
        fixed(faults.business_error, "MERCHANT_BALANCE_NOT_ENOUGH", "REFUND"),
        "MERCHANT_BALANCE_NOT_ENOUGH",
    ),
    Meeting(
        "response.two-levels",
        "fail-for-failed",
        "refund",
        _FAILED,
        fixed(
            Fault,
            commit=False,
            reply=lambda r: r.changed({**_REFUSED, "result_code": "FAIL"}),
        ),
        "TRADE_STATUS_ERROR",
    ),
    Meeting(
        "response.two-levels",
        "refused",
        "cancel",
        _FAILED,
        fixed(faults.business_error, "TRADE_STATUS_ERROR", "CANCEL", retry_flag="N"),
        "TRADE_STATUS_ERROR",
    ),
    *(
        Meeting(
            "response.two-levels",
            f"refused-{code.lower().replace('_', '-')}",
            "refund",
            _FAILED,
            fixed(faults.business_error, code, "REFUND"),
            code,
        )
        for code in ("TRADE_HAS_CLOSE", "RETURN_AMOUNT_EXCEED")
    ),
    Meeting(
        "response.two-levels",
        "refused",
        "create_qr_code",
        _FAILED,
        fixed(faults.business_error, "INVALID_PARAMETER", "CREATE"),
        "INVALID_PARAMETER",
    ),
    Meeting(
        "response.gateway-error",
        "illegal-sign",
        "refund",
        _FAILED,
        fixed(faults.gateway_error, "ILLEGAL_SIGN"),
        "ILLEGAL_SIGN",
    ),
    Meeting(
        "response.gateway-error",
        "illegal-sign",
        "create_qr_code",
        _FAILED,
        fixed(faults.gateway_error, "ILLEGAL_SIGN"),
        "ILLEGAL_SIGN",
    ),
    Meeting(
        "response.gateway-error",
        "no-privilege",
        "cancel",
        _FAILED,
        fixed(faults.gateway_error, "HAS_NO_PRIVILEGE"),
        "HAS_NO_PRIVILEGE",
    ),
    Meeting(
        "response.unknown",
        "gateway-system-error",
        "refund",
        UNKNOWN,
        fixed(faults.gateway_error, "SYSTEM_ERROR"),
    ),
    Meeting(
        "response.unknown",
        "gateway-system-error",
        "cancel",
        UNKNOWN,
        fixed(faults.gateway_error, "SYSTEM_ERROR"),
    ),
    Meeting(
        "response.unknown",
        "gateway-closed",
        "refund",
        UNKNOWN,
        fixed(faults.gateway_error, "EXTERFACE_IS_CLOSED"),
    ),
    Meeting(
        "response.unknown",
        "business-system-error",
        "refund",
        UNKNOWN,
        fixed(faults.business_error, "SYSTEM_ERROR", "REFUND"),
    ),
    Meeting(
        "response.unknown",
        "business-system-error",
        "cancel",
        UNKNOWN,
        fixed(faults.business_error, "SYSTEM_ERROR", "CANCEL", retry_flag="Y"),
    ),
    Meeting(
        "response.two-levels",
        "code-never-heard-of",
        "refund",
        ("failed", "unknown"),
        fixed(faults.business_error, "MERCHANT_ON_THE_MOON", "REFUND"),
    ),
    Meeting(
        "response.gateway-error",
        "code-never-heard-of",
        "cancel",
        ("failed", "unknown"),
        fixed(faults.gateway_error, "GATEWAY_ON_THE_MOON"),
    ),
    Meeting("response.unknown", "result-unknown", "refund", UNKNOWN, fixed(faults.unknown_result, "REFUND")),
    Meeting(
        "response.unknown",
        "result-unknow",
        "refund",
        UNKNOWN,
        fixed(faults.unknown_result, "REFUND", word="UNKNOW"),
    ),
    Meeting("response.transport", "status-500", "refund", UNKNOWN, fixed(faults.http_status, 500)),
    Meeting(
        "response.transport",
        "status-502-page",
        "cancel",
        UNKNOWN,
        fixed(faults.http_status, 502, body=b"<html>Bad gateway</html>"),
    ),
    Meeting(
        "response.transport",
        "html-page",
        "refund",
        UNKNOWN,
        fixed(faults.body, b"<html><body>hello</body></html>"),
    ),
    Meeting("response.transport", "empty", "refund", UNKNOWN, fixed(faults.body, b"")),
    Meeting(
        "response.transport",
        "no-xml",
        "cancel",
        UNKNOWN,
        fixed(faults.body, b"is_success=T", content_type="text/plain"),
    ),
    Meeting(
        "response.transport", "cut-in-two", "refund", UNKNOWN, in_body(lambda text: text[: len(text) // 2])
    ),
    Meeting("response.transport", "truncated", "refund", UNKNOWN, fixed(faults.truncated, 60)),
    Meeting("response.transport", "dropped-after-commit", "refund", UNKNOWN, fixed(faults.drop)),
    Meeting(
        "response.transport", "dropped-before-commit", "refund", UNKNOWN, fixed(faults.drop, commit=False)
    ),
    Meeting("response.transport", "dropped-after-commit", "cancel", UNKNOWN, fixed(faults.drop)),
    Meeting("response.transport", "timeout", "refund", UNKNOWN, fixed(faults.timeout, 2.5)),
    Meeting("response.transport", "redirect", "refund", UNKNOWN, fixed(faults.redirect, "/elsewhere")),
    Meeting(
        "response.belongs",
        "other-refund",
        "refund",
        UNKNOWN,
        saying(partner_refund_id="R-of-somebody-else"),
    ),
    Meeting(
        "response.belongs",
        "other-trade",
        "refund",
        UNKNOWN,
        saying(partner_trans_id="T-of-somebody-else"),
    ),
    Meeting("response.belongs", "other-trade", "cancel", UNKNOWN, saying(out_trade_no="T-of-somebody-else")),
    Meeting("response.no-dtd", "entity", "refund", ("unknown", "failed"), in_body(_entity)),
)

CUT: Final = in_body(lambda text: text[: len(text) // 2])
