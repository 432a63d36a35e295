"""``notify.hostile``, ``notify.verify-query``: bodies that strain a reader, and Alipay's answer if asked."""

from collections.abc import Callable, Mapping
from typing import Final

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.notifications import (
    deliver,
    fields_of,
    is_believed,
    paid,
    recorded,
    send,
    shown,
)
from alipay_qr_conformance.testbed.testbed import Testbed

_NOTIFY: Final = ("notify",)
_CAREFUL: Final = ("notify.reject.changed", "notify.genuine")

Change = Callable[[bytes], bytes]
HOSTILE: Final[Mapping[str, Change]] = {
    "long-value": lambda form: form + b"&junk=" + b"a" * 1_500_000,
    "many-names": lambda form: form + b"".join(b"&a%d=" % number for number in range(20_000)),
    "nested-names": lambda form: form + b"&a" + b"[a]" * 5_000 + b"=1",
    "broken-percent": lambda form: form + b"&junk=%&x=%zz&%=%e4%b8&y=%00",
    "no-text": lambda form: b"\xff\xfe&=&&==;\0=" + form[:0],
    "empty": lambda form: form[:0],
}
"""Bodies that nobody signed; made of a genuine form."""

LARGE: Final[Mapping[str, Change]] = {
    "ten-megabytes": lambda form: form + b"&junk=" + b"a" * 10_000_000,
}
"""The same, at depth ``deep``: an adapter that reads lines takes its time over them."""


def _at_depth(plan: Plan) -> Mapping[str, tuple[str, Change]]:
    bodies = {**HOSTILE, **LARGE} if plan.depth == "deep" else HOSTILE
    return {name: (name, change) for name, change in bodies.items()}


@check("notify.hostile", needs=_NOTIFY, builds_on=_CAREFUL, each=_at_depth)
def survived(bed: Testbed, row: tuple[str, Change]) -> None:
    """A body that nobody signed strains its reader: the genuine notification after it is acknowledged."""
    name, change = row
    with bed.gateway() as session:
        fields, content_type = fields_of(bed, session, paid(bed, session))
        deliver(bed, change(encode_notification(fields, bed.setup.charset)), content_type)
        fields, content_type = fields_of(bed, session, paid(bed, session))
        reply = send(bed, fields, content_type)
    if not reply.acknowledged:
        raise Failed("attack.deaf", shown(fields, reply), what=name)


ANSWERS: Final = {
    "false": b"false",
    "page": b"<html><body>it is true that this page does not exist</body></html>",
    "true-and-more": b"true if it were so",
    "ends-in-true": b"untrue",
    "not-true": b"not true",
}


@check("notify.verify-query.strict", needs=_NOTIFY, builds_on=_CAREFUL, each=ANSWERS)
def answered(bed: Testbed, answer: bytes) -> None:
    """Alipay is asked whether the notification is its own, and does not say ``true``: it is not believed."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        session.inject(faults.body(answer, content_type="text/plain"), "notify_verify")
        reply = send(bed, fields, content_type)
        if session.of("notify_verify") and is_believed(bed, trade, reply):
            evidence = shown(fields, reply, recorded(bed, trade))
            raise Failed("attack.verify-query", evidence, answer=answer.decode())
