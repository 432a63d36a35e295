"""Records: the requests that reached the gateway, their problems and answers."""

from datetime import datetime
from typing import NamedTuple

from alipay_qr.catalogue import Problem
from alipay_qr.wire import Reading, Request, read_request
from alipay_qr_conformance.gateway.engine.response import Answer


class Record(NamedTuple):
    """One request and its answer.

    Args:
        request: the bytes, as they came. They alone are kept, and read anew when somebody asks what they
            say: thousands of records are kept, and few are looked at.
        default_charset: what they are read in, where they do not say.
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
    default_charset: str
    service: str
    problems: tuple[Problem, ...]
    verified: bool
    answer: Answer
    at: datetime
    code: str = ""
    carried_out: bool = False
    fault: str = ""

    @property
    def reading(self) -> Reading:
        """The parameters, and what was irregular about their form."""
        return read_request(self.request, self.default_charset)

    @property
    def params(self) -> dict[str, str]:
        """The parameters; of a name that stands twice the first value."""
        return dict(reversed(self.reading.params))
