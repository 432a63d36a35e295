"""Level 3: what the subject makes of the gateway's answers.

A REFUND of a paid trade and a CREATE meet answers that are genuine, unproved, negative, doubtful or
broken. The subject must report what is proved and nothing more: ``success``, ``accepted``, ``failed``,
``unknown`` as the adapter protocol defines them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from alipay_qr.errors import AlipayQrError
from alipay_qr.gateway import Answer, Fault, Record, faults
from alipay_qr.gateway.reply import Reply
from alipay_qr.signing import Signer
from alipay_qr.wire import read_response
from alipay_qr_conformance.casebook import SIGN_TYPES, Broken, Case, NotJudged, Plan, Setup
from alipay_qr_conformance.checks.requests import BIZ_DATA, OPERATIONS
from alipay_qr_conformance.checks.till import outcome
from alipay_qr_conformance.counter import announce_payment
from alipay_qr_conformance.forgeries import Tools, applicable, forge
from alipay_qr_conformance.lab import Lab, Session
from alipay_qr_conformance.subjects import Raised, Refusal, Result

MakeFault = Callable[[Lab], Fault | None]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One answer that a call meets, and the outcomes that are right."""

    requirement: str
    name: str
    op: str
    right: tuple[str, ...]
    fault: MakeFault
    code: str | None = None
    """The code that the subject should report."""


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (the same in every plan)
    """Yield the cases about responses."""
    for sign_type in SIGN_TYPES:
        for row in _SIGNATURES:
            yield _case(row, Setup(sign_type))
        for name, _ in applicable(sign_type):
            row = Meeting("response.unproved", name, "refund", _UNKNOWN, _forged(name))
            yield _case(row, Setup(sign_type))
    for charset in ("GBK", "GB2312"):
        for row in _GENUINE:
            yield _case(row, Setup("MD5", charset))
            yield _case(row, Setup("RSA", charset))
    for row in _OTHERS:
        yield _case(row, Setup())
        if row.code:
            yield Case("response.code", f"{row.op}-{row.name}", _code(row), needs=(row.op,))


def _case(row: Meeting, setup: Setup) -> Case:
    return Case(row.requirement, f"{row.op}-{row.name}/{setup}", _meet(row), setup, (row.op,))


def _fixed(make: Callable[..., Fault], *args: Any, **options: Any) -> MakeFault:
    return lambda lab: make(*args, **options)  # noqa: ARG005 (a table row needs no lab)


def _no_fault(lab: Lab) -> Fault | None:  # noqa: ARG001 (the table's signature)
    return None


def _reply(change: Callable[[Reply], Reply]) -> MakeFault:
    return _fixed(Fault, reply=change)


def _body(change: Callable[[bytes], bytes]) -> MakeFault:
    return _fixed(faults.transform, lambda answer: replace(answer, body=change(answer.body)))


def _forged(name: str) -> MakeFault:
    """Put a forgery of the common table in the place of the genuine answer."""

    def fault(lab: Lab) -> Fault:
        def seal(reply: Reply, _: Signer) -> Reply:
            genuine = [*reply.fields, ("sign", reply.sign or ""), ("sign_type", reply.sign_type or "")]
            forged = dict(forge(name, genuine, _tools(lab)) or genuine)
            sign, sign_type = forged.pop("sign", None), forged.pop("sign_type", None)
            return replace(reply, fields=tuple(forged.items()), sign=sign, sign_type=sign_type)

        return Fault(seal=seal, name=f"forgery {name}")

    return fault


def _tools(lab: Lab) -> Tools:
    return Tools(lab.keys, lab.setup.sign_type, lab.setup.charset, ("refund_amount", "0.01"))


def _entity(text: bytes) -> bytes:
    """Write SUCCESS as an entity of a document type: whoever expands it reads the genuine text."""
    head, mark, rest = text.partition(b"?>")
    doctype = b'<!DOCTYPE alipay [<!ENTITY s "SUCCESS">]>'
    return head + mark + doctype + rest.replace(b">SUCCESS<", b">&s;<")


def _with(**fields: str | None) -> MakeFault:
    return _reply(lambda reply: reply.changed(fields))


_UNKNOWN: Final = ("unknown",)
_FAILED: Final = ("failed",)
_REFUSED: Final = {"detail_error_code": "TRADE_STATUS_ERROR", "detail_error_des": "TRADE_STATUS_ERROR"}
_PAID_OUT: Final = ("success",)
_SIGNATURES: Final = (
    Meeting("response.genuine", "plain", "refund", _PAID_OUT, _no_fault),
    Meeting("response.genuine", "plain", "create_qr_code", _PAID_OUT, _no_fault),
    Meeting("response.genuine", "plain", "cancel", _PAID_OUT, _no_fault),
    Meeting("response.unproved", "wrong-sign", "refund", _UNKNOWN, _fixed(faults.wrong_signature)),
    Meeting("response.unproved", "wrong-sign", "create_qr_code", _UNKNOWN, _fixed(faults.wrong_signature)),
    Meeting("response.unproved", "wrong-sign", "cancel", _UNKNOWN, _fixed(faults.wrong_signature)),
    Meeting("response.unproved", "no-sign", "cancel", _UNKNOWN, _fixed(faults.missing_signature)),
    Meeting("response.unproved", "sign-of-another", "refund", _UNKNOWN, _fixed(faults.swapped_signature)),
    Meeting(
        "response.unproved",
        "success-made-of-failure",
        "refund",
        _UNKNOWN,
        _fixed(Fault, commit=False, seal=lambda reply, _: reply.changed({"result_code": "SUCCESS"})),
    ),
)
_GENUINE: Final = (
    Meeting("response.genuine", "plain", "refund", _PAID_OUT, _no_fault),
    Meeting("response.genuine", "chinese", "cancel", _PAID_OUT, _with(detail_info="已撤销")),
    Meeting("response.genuine", "plain", "create_qr_code", _PAID_OUT, _no_fault),
)
_OTHERS: Final = (
    Meeting(
        "response.genuine",
        "container-name",
        "create_qr_code",
        _PAID_OUT,
        _reply(lambda r: replace(r, container="qrcodeinfo")),
    ),
    Meeting(
        "response.genuine",
        "container-name",
        "refund",
        _PAID_OUT,
        _reply(lambda r: replace(r, container="trade")),
    ),
    Meeting("response.genuine", "unknown-field", "refund", _PAID_OUT, _with(x_new_field="1")),
    Meeting("response.genuine", "escaped-field", "refund", _PAID_OUT, _with(refund_reason='<a> & "b"')),
    Meeting("response.genuine", "empty-field", "refund", _PAID_OUT, _with(exchange_rate="")),
    Meeting("response.genuine", "no-action", "cancel", _PAID_OUT, _with(action=None)),
    Meeting("response.genuine", "capital-name", "refund", _PAID_OUT, _with(Alpha="1", a_lpha="2")),
    Meeting(
        "response.two-levels",
        "refused",
        "refund",
        _FAILED,
        _fixed(faults.business_error, "MERCHANT_BALANCE_NOT_ENOUGH", "REFUND"),
        "MERCHANT_BALANCE_NOT_ENOUGH",
    ),
    Meeting(
        "response.two-levels",
        "fail-for-failed",
        "refund",
        _FAILED,
        _fixed(
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
        _fixed(faults.business_error, "TRADE_STATUS_ERROR", "CANCEL", retry_flag="N"),
        "TRADE_STATUS_ERROR",
    ),
    *(
        Meeting(
            "response.two-levels",
            f"refused-{code.lower().replace('_', '-')}",
            "refund",
            _FAILED,
            _fixed(faults.business_error, code, "REFUND"),
            code,
        )
        for code in ("TRADE_HAS_CLOSE", "RETURN_AMOUNT_EXCEED")
    ),
    Meeting(
        "response.two-levels",
        "refused",
        "create_qr_code",
        _FAILED,
        _fixed(faults.business_error, "INVALID_PARAMETER", "CREATE"),
        "INVALID_PARAMETER",
    ),
    Meeting(
        "response.gateway-error",
        "illegal-sign",
        "refund",
        _FAILED,
        _fixed(faults.gateway_error, "ILLEGAL_SIGN"),
        "ILLEGAL_SIGN",
    ),
    Meeting(
        "response.gateway-error",
        "illegal-sign",
        "create_qr_code",
        _FAILED,
        _fixed(faults.gateway_error, "ILLEGAL_SIGN"),
        "ILLEGAL_SIGN",
    ),
    Meeting(
        "response.gateway-error",
        "no-privilege",
        "cancel",
        _FAILED,
        _fixed(faults.gateway_error, "HAS_NO_PRIVILEGE"),
        "HAS_NO_PRIVILEGE",
    ),
    Meeting(
        "response.unknown",
        "gateway-system-error",
        "refund",
        _UNKNOWN,
        _fixed(faults.gateway_error, "SYSTEM_ERROR"),
    ),
    Meeting(
        "response.unknown",
        "gateway-system-error",
        "cancel",
        _UNKNOWN,
        _fixed(faults.gateway_error, "SYSTEM_ERROR"),
    ),
    Meeting(
        "response.unknown",
        "gateway-closed",
        "refund",
        _UNKNOWN,
        _fixed(faults.gateway_error, "EXTERFACE_IS_CLOSED"),
    ),
    Meeting(
        "response.unknown",
        "business-system-error",
        "refund",
        _UNKNOWN,
        _fixed(faults.business_error, "SYSTEM_ERROR", "REFUND"),
    ),
    Meeting(
        "response.unknown",
        "business-system-error",
        "cancel",
        _UNKNOWN,
        _fixed(faults.business_error, "SYSTEM_ERROR", "CANCEL", retry_flag="Y"),
    ),
    Meeting(
        "response.two-levels",
        "code-never-heard-of",
        "refund",
        ("failed", "unknown"),
        _fixed(faults.business_error, "MERCHANT_ON_THE_MOON", "REFUND"),
    ),
    Meeting(
        "response.gateway-error",
        "code-never-heard-of",
        "cancel",
        ("failed", "unknown"),
        _fixed(faults.gateway_error, "GATEWAY_ON_THE_MOON"),
    ),
    Meeting(
        "response.unknown", "result-unknown", "refund", _UNKNOWN, _fixed(faults.unknown_result, "REFUND")
    ),
    Meeting(
        "response.unknown",
        "result-unknow",
        "refund",
        _UNKNOWN,
        _fixed(faults.unknown_result, "REFUND", word="UNKNOW"),
    ),
    Meeting("response.transport", "status-500", "refund", _UNKNOWN, _fixed(faults.http_status, 500)),
    Meeting(
        "response.transport",
        "status-502-page",
        "cancel",
        _UNKNOWN,
        _fixed(faults.http_status, 502, body=b"<html>Bad gateway</html>"),
    ),
    Meeting(
        "response.transport",
        "html-page",
        "refund",
        _UNKNOWN,
        _fixed(faults.body, b"<html><body>hello</body></html>"),
    ),
    Meeting("response.transport", "empty", "refund", _UNKNOWN, _fixed(faults.body, b"")),
    Meeting(
        "response.transport",
        "no-xml",
        "cancel",
        _UNKNOWN,
        _fixed(faults.body, b"is_success=T", content_type="text/plain"),
    ),
    Meeting(
        "response.transport", "cut-in-two", "refund", _UNKNOWN, _body(lambda text: text[: len(text) // 2])
    ),
    Meeting("response.transport", "truncated", "refund", _UNKNOWN, _fixed(faults.truncated, 60)),
    Meeting("response.transport", "dropped-after-commit", "refund", _UNKNOWN, _fixed(faults.drop)),
    Meeting(
        "response.transport", "dropped-before-commit", "refund", _UNKNOWN, _fixed(faults.drop, commit=False)
    ),
    Meeting("response.transport", "dropped-after-commit", "cancel", _UNKNOWN, _fixed(faults.drop)),
    Meeting("response.transport", "timeout", "refund", _UNKNOWN, _fixed(faults.timeout, 2.5)),
    Meeting("response.transport", "redirect", "refund", _UNKNOWN, _fixed(faults.redirect, "/elsewhere")),
    Meeting(
        "response.belongs", "other-refund", "refund", _UNKNOWN, _with(partner_refund_id="R-of-somebody-else")
    ),
    Meeting(
        "response.belongs", "other-trade", "refund", _UNKNOWN, _with(partner_trans_id="T-of-somebody-else")
    ),
    Meeting("response.belongs", "other-trade", "cancel", _UNKNOWN, _with(out_trade_no="T-of-somebody-else")),
    Meeting("response.no-dtd", "entity", "refund", ("unknown", "failed"), _body(_entity)),
)
_CUT: Final = _body(lambda text: text[: len(text) // 2])
_QUERY: Final = "alipay.acquire.overseas.query"
_CLOSED: Final = b"<alipay_trans_status>TRADE_CLOSED<"
_BUILD_ON_GENUINE: Final = frozenset({"response.two-levels"})
"""Requirements about signed answers that only a subject can keep which believes signed answers at all."""


@dataclass(frozen=True, slots=True)
class Encounter:
    """One call, the answers that it met, and what the subject made of them."""

    args: Mapping[str, Any]
    records: Sequence[Record]
    answer: Result | Refusal | Raised
    told_again: bool
    """Whether it asked again within the call, and was told genuinely in the end."""

    @property
    def outcome(self) -> str:
        """What the subject reports, or "refused", "raised"."""
        return outcome(self.answer)


def _encounter(lab: Lab, op: str, fault: Fault | None) -> Encounter:
    """Let the subject meet a fault.

    Raises:
        NotJudged: no request came, or one that the gateway refuses whatever the fault.
    """
    with lab.gateway() as session:
        args = arguments(lab, session, op)
        if fault is not None:
            session.inject(fault)
        answer = lab.ask(op, gateway_url=session.url, **args)
        records = session.of(OPERATIONS[op])
    if not records:
        raise NotJudged("nothing.reached", op=op)
    if records[0].code:
        raise NotJudged("gateway.refused", op=op, code=records[0].code)
    return Encounter(args, records, answer, told_again(op, session))


def told_again(op: str, session: Session) -> bool:
    """Say whether a second request of one call was told genuinely what became of the first.

    The same request sent once more is told; of a CANCEL a query of the trade tells as well: TRADE_CLOSED.
    """
    records = session.of(OPERATIONS[op])
    queries = session.of(_QUERY) if op == "cancel" else []
    tells = [*records[1:][-1:], *(each for each in queries if _CLOSED in each.answer.body)]
    return any(each.carried_out and not each.fault for each in tells)


def _usually(lab: Lab, op: str, name: str, fault: Fault | None) -> str:
    """Return what the subject makes of the plainest case of another requirement, asked once."""
    return lab.once(f"usually/{op}/{name}", lambda: _encounter(lab, op, fault).outcome)


def _meet(row: Meeting) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        met = _encounter(lab, row.op, row.fault(lab))
        if met.told_again and met.outcome == "success":
            return
        if row.requirement in _BUILD_ON_GENUINE and _usually(lab, row.op, "genuine", None) != "success":
            raise NotJudged("see.requirement", requirement="response.genuine")
        if row.requirement == "response.no-dtd" and _usually(lab, row.op, "cut", _CUT(lab)) == "success":
            raise NotJudged("see.requirement", requirement="response.transport")
        first = met.records[0].answer
        evidence = {"operation": row.op, "arguments": met.args, "answer": first}
        _compare(row, met.answer, evidence, first)

    return run


def arguments(lab: Lab, session: Session, op: str) -> dict[str, Any]:
    """Return the arguments of a legal call; a trade is paid first where one is needed."""
    if op == "create_qr_code":
        return {"biz_data": BIZ_DATA, "notify_url": "https://merchant.example/alipay/notify"}
    trade = lab.fresh("T")
    announce_payment(lab, session, trade, "12.50", lab.plan.currency)
    if op == "cancel":
        return {"out_trade_no": trade}
    return {
        "partner_trans_id": trade,
        "partner_refund_id": lab.fresh("R"),
        "refund_amount": "2.50",
        "currency": lab.plan.currency,
        "is_sync": "Y",
    }


def _compare(
    row: Meeting, answer: Result | Refusal | Raised, evidence: dict[str, object], sent: Answer
) -> None:
    evidence["answer"] = f"{sent.status} {sent.body[:1500].decode('utf-8', 'backslashreplace')}"
    expected = " / ".join(row.right)
    match answer:
        case Raised():
            # an error is never an acceptance: it breaks only what should have been reported
            if "unknown" in row.right:
                return
            raise Broken(
                "response.raised", evidence | {"error": answer.message}, expected=expected, what=row.name
            )
        case Refusal(reason=reason):
            if "unknown" in row.right:
                return
            raise Broken(
                "response.outcome",
                evidence | {"reason": reason},
                found="refused",
                expected=expected,
                what=row.name,
            )
        case Result(value=value):
            found = value.get("outcome")
            if found not in row.right:
                raise Broken(
                    "response.outcome",
                    evidence | {"reported": value},
                    found=found,
                    expected=expected,
                    what=row.name,
                )
            if row.requirement == "response.genuine" and row.op == "create_qr_code":
                _expect_the_code(value, evidence, sent)


def _expect_the_code(value: Mapping[str, Any], evidence: dict[str, object], sent: Answer) -> None:
    """Raise `Broken` unless the code that the gateway made is returned."""
    found = value.get("qrcode")
    if not found:
        raise Broken("response.no-qrcode", evidence | {"reported": value}, found=found)
    try:
        made = read_response(sent.body).fields.get("qrcode")
    except AlipayQrError:  # pragma: no cover - the gateway's own genuine answer
        return
    if found != made:
        raise Broken("response.other-qrcode", evidence | {"reported": value}, found=found, expected=made)


def _code(row: Meeting) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        met = _encounter(lab, row.op, row.fault(lab))
        if not isinstance(met.answer, Result) or met.outcome != "failed":
            raise NotJudged("see.requirement", requirement=row.requirement)
        found = met.answer.value.get("code")
        if found != row.code:
            raise Broken("response.no-code", {"reported": met.answer.value}, expected=row.code, found=found)

    return run
