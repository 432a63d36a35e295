"""Asking Alipay whether a notification is its own (service notify_verify): only ``true`` is a yes."""

from collections.abc import Callable
from typing import Final

from alipay_qr.gateway import Fault, faults
from alipay_qr_conformance.casebook import Broken
from alipay_qr_conformance.checks.attacks.belief import careful, is_believed
from alipay_qr_conformance.checks.delivery import fields_of, paid, send, shown, state
from alipay_qr_conformance.lab import Lab

ANSWERS: Final = {
    "false": b"false",
    "page": b"<html><body>it is true that this page does not exist</body></html>",
    "true-and-more": b"true if it were so",
}


def answered(answer: bytes) -> Callable[[Lab], None]:
    """Judge genuine news of which Alipay, when asked, does not say that they are its own."""

    def run(lab: Lab) -> None:
        careful(lab)
        with lab.gateway() as session:
            trade = paid(lab, session)
            fields, kind = fields_of(lab, session, trade)
            session.inject(_saying(answer))
            reply = send(lab, fields, kind)
            if session.of("notify_verify") and is_believed(lab, trade, reply):
                evidence = shown(fields, reply, state(lab, trade))
                raise Broken("attack.verify-query", evidence, answer=answer.decode())

    return run


def _saying(answer: bytes) -> Fault:
    return faults.body(answer, "notify_verify", content_type="text/plain")
