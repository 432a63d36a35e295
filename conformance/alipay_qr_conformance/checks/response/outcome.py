"""``response.genuine``, ``response.two-levels`` and other signed or plain words: what is said is reported."""

import re
from dataclasses import replace
from typing import Final

from alipay_qr.errors import AlipayQrError
from alipay_qr.wire import read_response
from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import Setup
from alipay_qr_conformance.model.texts import message, sample
from alipay_qr_conformance.subjects import Raised, Result
from alipay_qr_conformance.testbed.answers import (
    EACH_SIGN_TYPE,
    FAILED,
    SUCCESS,
    UNKNOWN,
    MakeFault,
    Row,
    always,
    expect_right,
    in_reply,
    none,
    saying,
    table,
)
from alipay_qr_conformance.testbed.calls import (
    ask,
    encounter,
    refuse,
    require,
    told,
    unless_told_again,
    with_body,
)
from alipay_qr_conformance.testbed.case import check, precondition
from alipay_qr_conformance.testbed.paid_trade import outcome
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_CAREFUL: Final = ("response.genuine", "response.unproved", "response.two-levels", "response.transport")
_CODE: Final = ("create_qr_code",)
_PICTURE: Final = "https://mobilecodec.alipay.com/show.htm?code=bax1"
_OTHER_CHARSETS: Final = tuple(
    Setup(sign_type, charset) for charset in ("GBK", "GB2312") for sign_type in ("MD5", "RSA")
)


@precondition("response.genuine", of_operation=True)
def genuine_is_success(bed: Testbed, op: str) -> None:
    """Raise `Blocked` where a genuine success is doubted."""
    require(bed, "response.genuine", op, None, "success")


@precondition("response.two-levels", of_operation=True)
def failure_is_failure(bed: Testbed, op: str) -> None:
    """Raise `Blocked` where a signed failure is not reported as one."""
    refused = Fault(commit=False, reply=refuse, name="refused")
    require(bed, "response.two-levels", op, refused, "failed")


# --- genuine --------------------------------------------------------------------------------------------


def _in_container(name: str) -> MakeFault:
    return in_reply(lambda reply: replace(reply, container=name))


GENUINE: Final = table(
    *(Row("plain", op, SUCCESS, none, setups=EACH_SIGN_TYPE) for op in OPERATIONS),
    Row("unknown-field", "refund", SUCCESS, saying(x_new_field="1")),
    Row("escaped-field", "create_qr_code", SUCCESS, saying(qrcode_img_url=f"{_PICTURE}&t=<a>&n='b'")),
    Row("empty-field", "refund", SUCCESS, saying(exchange_rate="")),
    Row("no-action", "cancel", SUCCESS, saying(action=None)),
    Row("capital-name", "refund", SUCCESS, saying(Alpha="1", a_lpha="2")),
    Row("container-name", "create_qr_code", SUCCESS, _in_container("qrcodeinfo")),
    Row("container-name", "refund", SUCCESS, _in_container("trade")),
)
IN_CHARSETS: Final = table(
    Row("plain", "refund", SUCCESS, none, setups=_OTHER_CHARSETS),
    Row("chinese", "cancel", SUCCESS, saying(detail_info=sample("cancelled")), setups=_OTHER_CHARSETS),
    Row("plain", "create_qr_code", SUCCESS, none, setups=_OTHER_CHARSETS),
)


@check(
    "response.genuine",
    each=GENUINE,
    needs=lambda row: row.needs,
    setups=lambda row: row.setups,
    named="setup",
)
@check(
    "response.genuine",
    each=IN_CHARSETS,
    needs=lambda row: row.needs,
    setups=lambda row: row.setups,
    named="setup",
)
def genuine(bed: Testbed, row: Row) -> None:
    """A genuine success is reported as success in whatever form it comes, with the code that was made."""
    met = expect_right(bed, row)
    if met is None or row.op != "create_qr_code" or not isinstance(met.answer, Result):
        return
    value, sent = met.answer.value, met.records[0].answer
    evidence = {"operation": row.op, "arguments": met.args, "answer": sent.body[:1500], "reported": value}
    found = value.get("qrcode")
    if not found:
        raise Failed("response.no-qrcode", evidence, found=found)
    try:
        made = read_response(sent.body).fields.get("qrcode")
    except AlipayQrError:  # pragma: no cover - the gateway's own genuine answer
        return
    if found != made:
        raise Failed("response.other-qrcode", evidence, found=found, expected=made)


ESCAPES: Final = {
    "create_qr_code-entity-as-text": "&t=&lt;b&gt;&amp;n=&#39;",
    "create_qr_code-html-entity-without-end": "&copy=2&reg=3",
    "create_qr_code-percent-and-plus": "&t=1+1%20=2%25&n=%41%2B",
    "create_qr_code-backslash": "&t=C:\\new\\'it\\'s",
}
"""Ends of the picture's address, the free text of a genuine answer, that somebody could still unescape."""


@check("response.genuine", each=ESCAPES, needs=_CODE, builds_on=("response.genuine",))
@unless_told_again
def escaped(bed: Testbed, end: str) -> None:
    """A value of a genuine success looks escaped: it is verified as it stands, and success is reported."""
    address = f"{_PICTURE}{end}"
    answer, record = ask(bed, "create_qr_code", saying(qrcode_img_url=address)(bed))
    if (found := outcome(answer)) != "success":
        evidence = told(answer, record) | {"value": address}
        raise Failed("response.outcome", evidence, found=found, expected="success", what="escapes")


@check("response.trimmed", each={op: op for op in OPERATIONS}, needs=lambda op: (op,), builds_on=_CAREFUL)
@unless_told_again
def indented(bed: Testbed, op: str) -> None:
    """The values of a genuine success have blanks around them: success is reported."""
    answer, record = ask(bed, op, with_body(_indent))
    if (found := outcome(answer)) != "success":
        raise Failed("attack.answer", told(answer, record), found=found, what="blanks")


def _indent(text: bytes) -> bytes:
    """Write each signed value on a line of its own."""
    head, mark, rest = text.partition(b"<response>")
    signed, end, tail = rest.partition(b"</response>")
    signed = re.sub(rb"<(\w+)>([^<]+)</", rb"\n    <\1>\n      \2\n    </", signed)
    return head + mark + signed + end + tail


@check("response.existing-code", needs=_CODE, builds_on=_CAREFUL, name="same-store")
@unless_told_again
def existing_code(bed: Testbed) -> None:
    """The second CREATE of a store is answered with the code of the first: that code is reported."""
    first, made = ask(bed, "create_qr_code", None)
    code = first.value.get("qrcode") if isinstance(first, Result) else None
    if not code or f"<qrcode>{code}</".encode() not in made.answer.body:
        raise Blocked("see.requirement", requirement="response.genuine")
    again = Fault(reply=lambda reply: reply.changed({"qrcode": str(code)}), name="existing code")
    answer, record = ask(bed, "create_qr_code", again)
    found = answer.value.get("qrcode") if isinstance(answer, Result) else outcome(answer)
    if outcome(answer) != "success" or found != code:
        raise Failed("response.other-qrcode", told(answer, record), found=found, expected=code)


@check("response.image-url", needs=_CODE, builds_on=_CAREFUL, name="ampersand")
@unless_told_again
def image_url(bed: Testbed) -> None:
    """The address of the picture holds an ampersand: it is reported as it was before it was escaped."""
    address = f"{_PICTURE}&picSize=M&type=jpg"
    answer, record = ask(bed, "create_qr_code", saying(qrcode_img_url=address)(bed))
    found = answer.value.get("qrcode_img_url") if isinstance(answer, Result) else None
    if found is not None and found != address:
        raise Failed("attack.image", told(answer, record), found=found, expected=address)


# --- failures -------------------------------------------------------------------------------------------


def _refused(op: str, service: str, code: str, name: str = "refused", **more: str) -> Row:
    return Row(name, op, FAILED, always(faults.business_error, code, service, **more), code)


_FAIL: Final = {
    "detail_error_code": "TRADE_STATUS_ERROR",
    "detail_error_des": "TRADE_STATUS_ERROR",
    "result_code": "FAIL",
}

TWO_LEVELS: Final = table(
    _refused("refund", "REFUND", "MERCHANT_BALANCE_NOT_ENOUGH"),
    _refused("cancel", "CANCEL", "TRADE_STATUS_ERROR", retry_flag="N"),
    _refused("create_qr_code", "CREATE", "INVALID_PARAMETER"),
    _refused("refund", "REFUND", "TRADE_HAS_CLOSE", "refused-trade-has-close"),
    _refused("refund", "REFUND", "RETURN_AMOUNT_EXCEED", "refused-return-amount-exceed"),
    Row(
        "fail-for-failed",
        "refund",
        FAILED,
        always(Fault, commit=False, reply=lambda reply: reply.changed(_FAIL)),
        "TRADE_STATUS_ERROR",
    ),
    Row(
        "code-never-heard-of",
        "refund",
        (*FAILED, *UNKNOWN),
        always(faults.business_error, "MERCHANT_ON_THE_MOON", "REFUND"),
    ),
)


def _gateway_error(op: str, name: str, code: str) -> Row:
    """Return a row of an error that nobody signed: to doubt it is no fault, to believe in success is."""
    return Row(name, op, (*FAILED, *UNKNOWN), always(faults.gateway_error, code), code)


GATEWAY_ERRORS: Final = table(
    _gateway_error("refund", "illegal-sign", "ILLEGAL_SIGN"),
    _gateway_error("create_qr_code", "illegal-sign", "ILLEGAL_SIGN"),
    _gateway_error("cancel", "no-privilege", "HAS_NO_PRIVILEGE"),
    Row(
        "code-never-heard-of",
        "cancel",
        (*FAILED, *UNKNOWN),
        always(faults.gateway_error, "GATEWAY_ON_THE_MOON"),
    ),
)
DOUBTFUL: Final = table(
    *(
        Row("gateway-system-error", op, UNKNOWN, always(faults.gateway_error, "SYSTEM_ERROR"))
        for op in ("refund", "cancel")
    ),
    Row("gateway-closed", "refund", (*UNKNOWN, *FAILED), always(faults.gateway_error, "EXTERFACE_IS_CLOSED")),
    Row("business-system-error", "refund", UNKNOWN, always(faults.business_error, "SYSTEM_ERROR", "REFUND")),
    Row(
        "business-system-error",
        "cancel",
        UNKNOWN,
        always(faults.business_error, "SYSTEM_ERROR", "CANCEL", retry_flag="Y"),
    ),
    Row("result-unknown", "refund", UNKNOWN, always(faults.unknown_result, "REFUND")),
    Row("result-unknow", "refund", UNKNOWN, always(faults.unknown_result, "REFUND", word="UNKNOW")),
)


@check(
    "response.two-levels",
    each=TWO_LEVELS,
    needs=lambda row: row.needs,
    builds_on=("response.genuine",),
    named="setup",
)
def business_failure(bed: Testbed, row: Row) -> None:
    """``is_success`` is T and ``result_code`` says FAILED: the failure is reported, not a success."""
    expect_right(bed, row)


@check("response.gateway-error", each=GATEWAY_ERRORS, needs=lambda row: row.needs, named="setup")
def gateway_error(bed: Testbed, row: Row) -> None:
    """The gateway refuses the request by an unsigned error: failed or unknown is reported, no success."""
    met = expect_right(bed, row)
    if met is not None and isinstance(met.answer, Raised):
        evidence = told(met.answer, met.records[0])
        raise Failed("response.raised", evidence, expected=" / ".join(row.right), what=row.name)


@check("response.unknown", each=DOUBTFUL, needs=lambda row: row.needs, named="setup")
def doubtful(bed: Testbed, row: Row) -> None:
    """The answer leaves open whether the request was carried out: the outcome is reported as unknown."""
    expect_right(bed, row)


@check(
    "response.code",
    each={key: row for key, row in (TWO_LEVELS | GATEWAY_ERRORS).items() if row.code},
    needs=lambda row: row.needs,
)
def code(bed: Testbed, row: Row) -> None:
    """A failure is reported with the error code that the gateway gave."""
    met = encounter(bed, row.op, row.fault(bed))
    if row in GATEWAY_ERRORS.values() and met.outcome == "unknown":
        return  # nobody signed it: to doubt it is the shop's choice, and then no code is due
    if not _tells_codes(bed):
        raise Unsupported(message("response.no-codes"), optional=True)
    if not isinstance(met.answer, Result) or met.outcome != "failed":
        rule = "response.two-levels" if row in TWO_LEVELS.values() else "response.gateway-error"
        raise Blocked("see.requirement", requirement=rule)
    found = met.answer.value.get("code")
    if found != row.code:
        raise Failed("response.no-code", {"reported": met.answer.value}, expected=row.code, found=found)


def _tells_codes(bed: Testbed) -> bool:
    """Say whether the subject reports any code at all: the adapter protocol does not ask for it."""

    def attempt(row: Row) -> bool:
        if not bed.subject.supports(row.op):
            return False
        answer = encounter(bed, row.op, row.fault(bed)).answer
        return isinstance(answer, Result) and bool(answer.value.get("code"))

    rows = [row for row in (TWO_LEVELS | GATEWAY_ERRORS).values() if row.code]
    return bed.once("tells codes", lambda: any(map(attempt, rows)))
