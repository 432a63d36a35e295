"""A row of the table of answers: what meets a call, and how such an answer is made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from alipay_qr.signing import Signer
from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.gateway.engine.response import Reply
from alipay_qr_conformance.rules.forgeries import Tools, forge
from alipay_qr_conformance.testbed.testbed import Testbed

MakeFault = Callable[[Testbed], Fault | None]


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


def fixed(make: Callable[..., Fault], *args: Any, **options: Any) -> MakeFault:
    """Return a fault that is the same for every subject."""
    return lambda bed: make(*args, **options)  # noqa: ARG005 (a table row needs no bed)


def no_fault(bed: Testbed) -> Fault | None:  # noqa: ARG001 (the table's signature)
    """Let the genuine answer through."""
    return None


def in_reply(change: Callable[[Reply], Reply]) -> MakeFault:
    """Change the answer before it is signed."""
    """Let the genuine answer through."""
    return fixed(Fault, reply=change)


def saying(**fields: str | None) -> MakeFault:
    """Change fields before they are signed; None leaves one out."""
    return in_reply(lambda reply: reply.changed(fields))


def in_body(change: Callable[[bytes], bytes]) -> MakeFault:
    """Change the bytes of the signed answer."""
    return fixed(faults.transform, lambda answer: replace(answer, body=change(answer.body)))


def forged(name: str) -> MakeFault:
    """Put a forgery of the common table in the place of the genuine answer."""

    def fault(bed: Testbed) -> Fault:
        def seal(reply: Reply, _: Signer) -> Reply:
            genuine = [*reply.fields, ("sign", reply.sign or ""), ("sign_type", reply.sign_type or "")]
            forged = dict(forge(name, genuine, _tools(bed)) or genuine)
            sign, sign_type = forged.pop("sign", None), forged.pop("sign_type", None)
            return replace(reply, fields=tuple(forged.items()), sign=sign, sign_type=sign_type)

        return Fault(seal=seal, name=f"forgery {name}")

    return fault


def _tools(bed: Testbed) -> Tools:
    return Tools(bed.keys, bed.setup.sign_type, bed.setup.charset, ("refund_amount", "0.01"))
