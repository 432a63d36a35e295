"""Asking Alipay whether a notification is its own (service notify_verify): only ``true`` is a yes."""

from collections.abc import Callable
from typing import Final

from alipay_qr_conformance.checks.attacks.belief import careful, is_believed
from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.testbed.notifications import fields_of, paid, recorded, send, shown
from alipay_qr_conformance.testbed.testbed import Testbed

ANSWERS: Final = {
    "false": b"false",
    "page": b"<html><body>it is true that this page does not exist</body></html>",
    "true-and-more": b"true if it were so",
}


def answered(answer: bytes) -> Callable[[Testbed], None]:
    """Judge genuine news of which Alipay, when asked, does not say that they are its own."""

    def run(bed: Testbed) -> None:
        careful(bed)
        with bed.gateway() as session:
            trade = paid(bed, session)
            fields, kind = fields_of(bed, session, trade)
            session.inject(_saying(answer))
            reply = send(bed, fields, kind)
            if session.of("notify_verify") and is_believed(bed, trade, reply):
                evidence = shown(fields, reply, recorded(bed, trade))
                raise Failed("attack.verify-query", evidence, answer=answer.decode())

    return run


def _saying(answer: bytes) -> Fault:
    return faults.body(answer, "notify_verify", content_type="text/plain")
