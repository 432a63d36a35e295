"""Records: every request that reached the gateway, what was wrong with it, what was answered."""

from dataclasses import dataclass
from datetime import datetime

from alipay_qr.catalogue import Problem
from alipay_qr.gateway.answer import Answer
from alipay_qr.wire import Reading, Request


@dataclass(frozen=True, slots=True)
class Record:
    """One request and its answer.

    Args:
        request: the bytes, as they came.
        reading: the parameters, and what was irregular about their form.
        service: the ``service`` parameter, or an empty text.
        problems: what was wrong with the parameters, their values and their age.
        verified: whether the signature holds.
        answer: what was answered, faults included.
        at: the gateway's time.
        code: the gateway error that the request earned by itself; empty where it earned none.
        carried_out: whether it was carried out, whatever was answered.
        fault: the name of the fault that it met, or an empty text.
    """

    request: Request
    reading: Reading
    service: str
    problems: tuple[Problem, ...]
    verified: bool
    answer: Answer
    at: datetime
    code: str = ""
    carried_out: bool = False
    fault: str = ""

    @property
    def params(self) -> dict[str, str]:
        """The parameters; of a name that stands twice the first value."""
        return dict(reversed(self.reading.params))
