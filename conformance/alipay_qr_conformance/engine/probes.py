"""The plainest genuine call of each operation: who does not even that has passed nothing."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from alipay_qr_conformance.checks.notify.genuine import plain_is_acknowledged
from alipay_qr_conformance.checks.sign import PLAIN, ask_sign
from alipay_qr_conformance.checks.verify import accepted, signed
from alipay_qr_conformance.model.outcomes import UNUSABLE, Blocked
from alipay_qr_conformance.testbed.answering import OverAdapter
from alipay_qr_conformance.testbed.calls import arguments
from alipay_qr_conformance.testbed.notifications import fields_of, paid
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed


def expect_evidence(bed: Testbed, needs: Iterable[str]) -> None:
    """Let no case pass that found no fault with a subject that does nothing.

    Each operation that the case asked (or ``needs``, where it saw no need to ask) must have done once what it
    is there for.

    Raises:
        Blocked: one never did.
    """
    if not bed.evidence.asked and isinstance(bed.answering, OverAdapter):
        bed.evidence.asked.update(needs)
    missing = bed.evidence.missing(bed, _PROBES)
    if missing is not None:
        raise Blocked("evidence.none", blames_=(*_BLAMES.get(missing, ()), UNUSABLE), op=missing)


_BLAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "sign": ("sign.",),
    "presign": ("sign.",),
    "verify": ("verify.genuine",),
    "notify": ("notify.genuine",),
    **dict.fromkeys(OPERATIONS, ("request.carried-out", "request.")),
}
"""By operation: the beginnings of the requirements that it breaks where it does nothing."""


def _sign(bed: Testbed) -> None:
    ask_sign(bed, PLAIN, "UTF-8", bed.setup.sign_type)


def _presign(bed: Testbed) -> None:
    bed.ask("presign", params=[list(pair) for pair in PLAIN], charset="UTF-8")


def _verify(bed: Testbed) -> None:
    if bed.subject.supports("verify", source="response"):
        accepted(bed, signed(bed, [("result_code", "SUCCESS")]), "response")
        return
    with bed.gateway() as session:
        accepted(bed, fields_of(bed, session, paid(bed, session))[0], "notification")


def _send(op: str, bed: Testbed) -> None:
    with bed.gateway() as session:
        bed.ask(op, gateway_url=session.url, **arguments(bed, session, op))


_PROBES: Final[Mapping[str, Callable[[Testbed], object]]] = {
    "sign": _sign,
    "presign": _presign,
    "verify": _verify,
    "notify": plain_is_acknowledged,
    **{op: partial(_send, op) for op in OPERATIONS},
}
"""By operation: what asks it for the plainest genuine thing."""
