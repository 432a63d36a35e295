"""Rows of tables: an answer that a call meets, how it is made, and the outcomes that are right."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from alipay_qr.signing import Signer
from alipay_qr_conformance.gateway import Fault, Reply, faults
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.plan import ANY_SETUP, SIGN_TYPES, Setup
from alipay_qr_conformance.rules.forgeries import Tools, forge
from alipay_qr_conformance.subjects import Raised, Refusal, Result
from alipay_qr_conformance.testbed.calls import Encounter, encounter
from alipay_qr_conformance.testbed.paid_trade import outcome
from alipay_qr_conformance.testbed.testbed import Testbed

MakeFault = Callable[[Testbed], Fault | None]

SUCCESS: Final = ("success",)
FAILED: Final = ("failed",)
UNKNOWN: Final = ("unknown",)
EACH_SIGN_TYPE: Final = tuple(map(Setup, SIGN_TYPES))


@dataclass(frozen=True, slots=True)
class Row:
    """One answer that a call meets, and the outcomes that are right."""

    name: str
    op: str
    right: tuple[str, ...]
    fault: MakeFault
    code: str | None = None
    """The code that the subject should report."""
    setups: tuple[Setup, ...] = (ANY_SETUP,)

    @property
    def needs(self) -> tuple[str, ...]:
        """The operation without which it is unsupported."""
        return (self.op,)


def table(*rows: Row) -> dict[str, Row]:
    """Return rows by the names of their cases, to which the setup is added."""
    return {f"{row.op}-{row.name}": row for row in rows}


# --- how an answer is made ------------------------------------------------------------------------------


def always(make: Callable[..., Fault], *args: Any, **options: Any) -> MakeFault:
    """Return a fault that is the same for every subject."""
    return lambda bed: make(*args, **options)  # noqa: ARG005 (a row of a table needs no bed)


def none(bed: Testbed) -> Fault | None:  # noqa: ARG001 (a `MakeFault`)
    """Let the genuine answer through."""
    return None


def in_reply(change: Callable[[Reply], Reply]) -> MakeFault:
    """Change the answer before it is signed."""
    return always(Fault, reply=change)


def saying(**fields: str | None) -> MakeFault:
    """Change fields before they are signed; None leaves one out."""
    return in_reply(lambda reply: reply.changed(fields))


def in_body(change: Callable[[bytes], bytes]) -> MakeFault:
    """Change the bytes of the signed answer."""
    return always(faults.transform, lambda answer: replace(answer, body=change(answer.body)))


def forged(name: str) -> MakeFault:
    """Put a forgery of the common table in the place of the genuine answer."""

    def fault(bed: Testbed) -> Fault:
        tools = Tools(bed.keys, bed.setup.sign_type, bed.setup.charset, ("refund_amount", "0.01"))

        def seal(reply: Reply, _: Signer) -> Reply:
            genuine = [*reply.fields, ("sign", reply.sign or ""), ("sign_type", reply.sign_type or "")]
            forged = dict(forge(name, genuine, tools) or genuine)
            sign, sign_type = forged.pop("sign", None), forged.pop("sign_type", None)
            return replace(reply, fields=tuple(forged.items()), sign=sign, sign_type=sign_type)

        return Fault(seal=seal, name=f"forgery {name}")

    return fault


# --- what is made of it ---------------------------------------------------------------------------------


def expect_right(bed: Testbed, row: Row) -> Encounter | None:
    """Raise `Failed` unless the outcome that is reported is right.

    Returns:
        The call; None where the subject asked again, and reports the success that it was told of.
    """
    met = encounter(bed, row.op, row.fault(bed))
    if met.told_again and met.outcome == "success":
        return None
    expect_outcome(met, row)
    return met


def expect_outcome(met: Encounter, row: Row) -> None:
    """Raise `Failed` unless what a call came to is right."""
    first, expected = met.records[0].answer, " / ".join(row.right)
    evidence = {
        "operation": row.op,
        "arguments": met.args,
        "answer": f"{first.status} {first.body[:1500].decode('utf-8', 'backslashreplace')}",
    }
    match met.answer:
        case Raised() | Refusal() if "unknown" in row.right:
            pass  # an error is never an acceptance: it breaks only what should have been reported
        case Raised(message=text):
            raise Failed("response.raised", evidence | {"error": text}, expected=expected, what=row.name)
        case Refusal(reason=reason):
            evidence |= {"reason": reason}
            raise Failed("response.outcome", evidence, found="refused", expected=expected, what=row.name)
        case Result(value=value) if (found := outcome(met.answer)) not in row.right:
            evidence |= {"reported": value}
            raise Failed("response.outcome", evidence, found=found, expected=expected, what=row.name)
