"""Answers that belong to something else: an earlier call, another service, another place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from alipay_qr_conformance.checks.hostile_answers.asking import ask, careful, not_success
from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.gateway.engine.response import Reply
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.testbed.calls import arguments
from alipay_qr_conformance.testbed.paid_trade import words
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed


def replayed(bed: Testbed) -> None:
    """Every byte of the genuine answer to an earlier refund, once more."""
    careful(bed, "refund")
    with bed.gateway() as session:
        args = arguments(bed, session, "refund")
        bed.ask("refund", gateway_url=session.url, **args)
        recorded = session.of(OPERATIONS["refund"])[-1].answer
        session.inject(Fault(commit=False, answer=lambda _: recorded, times=9, name="replayed"))
        before = len(session.of(OPERATIONS["refund"]))
        args = arguments(bed, session, "refund")
        answer = bed.ask("refund", gateway_url=session.url, **args)
        records = session.of(OPERATIONS["refund"])[before:]
    if not records:
        raise Blocked("nothing.reached", op="refund")
    not_success(answer, records[0], "replayed")


def redirected(bed: Testbed) -> None:
    """A permanent redirect of the refund: no one else gets what was signed for the gateway."""
    with bed.gateway() as there, bed.gateway() as session:
        args = arguments(bed, session, "refund")
        session.inject(faults.redirect(there.url, status=308))
        answer = bed.ask("refund", gateway_url=session.url, **args)
        came = list(there.records)
    if came:
        evidence = {"location": there.url, "arrived_there": came[0].request.body or came[0].request.query}
        raise Failed("response.redirected", {**evidence, "reported": words(answer)})


_CREATED: Final = {
    "result_code": "SUCCESS",
    "qrcode": "https://qr.alipay.com/bax00000000000000000000000",
    "qrcode_img_url": "https://mobilecodec.alipay.com/show.htm?code=bax00000000000000000000000",
}

_TRADE: Final = "<trade>"
"""Stands for the number of the trade that is spoken of: the recorded answer is about that very trade."""

FOREIGN: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("refund", "by-create"): _CREATED,
    ("refund", "by-cancel"): {
        "result_code": "SUCCESS",
        "out_trade_no": _TRADE,
        "trade_no": "2026030921001004",
        "retry_flag": "N",
        "action": "refund",
    },
    ("cancel", "by-create"): _CREATED,
    ("cancel", "by-query"): {
        "result_code": "SUCCESS",
        "alipay_trans_status": "TRADE_SUCCESS",
        "partner_trans_id": _TRADE,
        "trans_amount": "12.50",
    },
}
"""By operation and the service that answered: what was signed."""


def other_service(op: str, other: str) -> Callable[[Testbed], None]:
    """Replay the signed part of another service's answer; the echo around it is the present one."""

    def run(bed: Testbed) -> None:
        careful(bed, op)

        def answer(reply: Reply) -> Reply:
            asked = dict(reply.request)
            trade = asked.get("partner_trans_id") or asked.get("out_trade_no", "")
            signed = FOREIGN[op, other].items()
            fields = tuple((name, trade if value == _TRADE else value) for name, value in signed)
            return replace(reply, fields=fields)

        fault = Fault(commit=False, reply=answer, name=other)
        not_success(*ask(bed, op, fault), what=other)

    return run
