"""Bodies that nobody signed and that strain a reader: whoever meets one must hear the next."""

from collections.abc import Callable
from typing import Final

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.checks.attacks.belief import careful
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.testbed.notifications import deliver, fields_of, paid, send, shown
from alipay_qr_conformance.testbed.testbed import Testbed

HOSTILE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "long-value": lambda form: form + b"&junk=" + b"a" * 1_500_000,
    "many-names": lambda form: form + b"".join(b"&a%d=" % number for number in range(20_000)),
    "nested-names": lambda form: form + b"&a" + b"[a]" * 5_000 + b"=1",
    "broken-percent": lambda form: form + b"&junk=%&x=%zz&%=%e4%b8&y=%00",
    "no-text": lambda form: b"\xff\xfe&=&&==;\0=" + form[:0],
    "empty": lambda form: form[:0],
}
"""Bodies that nobody signed; made of a genuine form."""

LARGE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "ten-megabytes": lambda form: form + b"&junk=" + b"a" * 10_000_000,
}
"""The same, at depth ``deep``: an adapter that reads lines takes its time over them."""


def at_depth(depth: str) -> dict[str, Callable[[bytes], bytes]]:
    """Return the bodies of a depth, by name."""
    return HOSTILE | LARGE if depth == "deep" else HOSTILE


def survived(name: str, change: Callable[[bytes], bytes]) -> Callable[[Testbed], None]:
    """Judge whether genuine news are acknowledged after such a body."""

    def run(bed: Testbed) -> None:
        careful(bed)
        with bed.gateway() as session:
            fields, kind = fields_of(bed, session, paid(bed, session))
            deliver(bed, change(encode_notification(fields, bed.setup.charset)), kind)
            fields, kind = fields_of(bed, session, paid(bed, session))
            reply = send(bed, fields, kind)
        if not reply.acknowledged:
            raise Failed("attack.deaf", shown(fields, reply), what=name)

    return run
