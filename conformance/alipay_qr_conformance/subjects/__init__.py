"""How the kit reaches an implementation in any language: one adapter protocol over three transports.

answers      what can come back from a call: eight values, never a verdict
transport    the Protocol that the transports share; time and size bounds
process      a command: JSON Lines over pipes           (child: its process group, pipes and end)
http         a URL: one POST a call
python       an object of this process
message      requests and answers as text, bounded and checked
operations   every operation as data; the JSON Schema and the run-time checks are made from it
hello        what a subject says about itself, checked
faketime     a clock that the kit moves, for processes that cannot be told the time
subject      a transport and the order of things: hello, configure, reset, work; restart after a fault
lint         replays the golden transcript (`transcript`) against an adapter and says how to mend it
exceptions   Refused and Unsupported for Python subjects; AdapterFault
"""

from alipay_qr_conformance.subjects.answers import (
    BROKEN,
    Answer,
    Crash,
    Garbled,
    Hang,
    NotSupported,
    Raised,
    Refusal,
    Result,
    Silence,
)
from alipay_qr_conformance.subjects.exceptions import AdapterFault, Refused, Unsupported
from alipay_qr_conformance.subjects.faketime import Faketime, NoFaketime
from alipay_qr_conformance.subjects.hello import Hello, OperationLimits
from alipay_qr_conformance.subjects.http import HttpTransport
from alipay_qr_conformance.subjects.process import ProcessTransport
from alipay_qr_conformance.subjects.python import PythonTransport
from alipay_qr_conformance.subjects.subject import Subject
from alipay_qr_conformance.subjects.transport import WINDOW, Bounds, Call, Transport

__all__ = [
    "BROKEN",
    "WINDOW",
    "AdapterFault",
    "Answer",
    "Bounds",
    "Call",
    "Crash",
    "Faketime",
    "Garbled",
    "Hang",
    "Hello",
    "HttpTransport",
    "NoFaketime",
    "NotSupported",
    "OperationLimits",
    "ProcessTransport",
    "PythonTransport",
    "Raised",
    "Refusal",
    "Refused",
    "Result",
    "Silence",
    "Subject",
    "Transport",
    "Unsupported",
]
