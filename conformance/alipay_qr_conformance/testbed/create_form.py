"""The form of CREATE's answer that a subject takes.

Two forms are known, neither from a genuine message of CREATE: ``<alipay>`` with ``result_code`` (as its
sibling alipay.mobile.qrcode.manage is answered), ``<qrcodeinfo>`` without (public code: mantx, 2018). Each is
tried once; only a subject that takes neither is accused.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from alipay_qr.catalogue import OPERATIONS
from alipay_qr_conformance.gateway import Dialect
from alipay_qr_conformance.subjects import Answer, Result
from alipay_qr_conformance.subjects.operations import UNREAD
from alipay_qr_conformance.testbed.gateway_session import GatewaySession

Form = Literal["alipay", "qrcodeinfo"]

_CREATE: Final = OPERATIONS["create_qr_code"].name
_OTHER: Final[dict[Form, Form]] = {"alipay": "qrcodeinfo", "qrcodeinfo": "alipay"}


@dataclass
class CreateForm:
    """The form in which CREATE is answered; ``settled`` once a subject took one, or neither."""

    form: Form = "alipay"
    settled: bool = False

    @property
    def dialect(self) -> Dialect:
        """The dialect of a gateway that answers in this form."""
        return Dialect(create_form=self.form)

    def ask(self, op: str, session: GatewaySession | None, call: Callable[[], Answer]) -> Answer:
        """Make one call; return the subject's answer in the form that it takes.

        A first genuine answer that is not taken is given once more in the other form. One request stands in
        the engine's records for both.
        """
        answer = call()
        if self.settled or op != "create_qr_code" or session is None:
            return answer
        engine = session.engine
        last = engine.records[-1] if engine.records else None
        if (
            last is None
            or last.service != _CREATE
            or not last.carried_out
            or last.fault
            or session.met_a_fault
        ):
            return answer
        self.settled = True
        if _is_success(answer):
            return answer
        count, dialect = len(engine.records), engine.dialect
        engine.dialect = replace(dialect, create_form=_OTHER[self.form])
        again = call()
        if _is_success(again) and len(engine.records) > count:
            self.form = _OTHER[self.form]
            engine.records.remove(last)
            return again
        engine.dialect = dialect
        del engine.records[count:]
        return answer


def _is_success(answer: Answer) -> bool:
    """Say whether the code was taken, or nobody looks for one."""
    return isinstance(answer, Result) and answer.value.get("outcome") in {"success", *UNREAD}
