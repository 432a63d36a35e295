"""What the reference implementation answers to the golden vectors that are no signed text.

One module a kind or two; each function takes a vector's inputs and returns its ``result`` beside the members
of its ``steps``. Whoever wires another implementation to the vectors writes the same functions, and compares.

    amounts    texts, sums and comparisons of money
    calls      the parameters of CREATE, CANCEL and REFUND
    encodings  texts and bytes in the charsets of the protocol
    keytexts   which key a text is
    moments    timestamps, their age, and the Beijing day
    responses  whole responses, and what they prove
    trades     what may happen to a trade after its history: refunds and cancels
    wires      bytes on the wire: URL, form and XML, both ways
"""

from tools.vectors.expected.amount import amount
from tools.vectors.expected.charset import charset
from tools.vectors.expected.keys import keys
from tools.vectors.expected.request import request
from tools.vectors.expected.timestamp import timestamp
from tools.vectors.expected.trade import cancel_window, refund_sequence
from tools.vectors.expected.verify_response import verify_response
from tools.vectors.expected.wire import wire

__all__ = [
    "amount",
    "cancel_window",
    "charset",
    "keys",
    "refund_sequence",
    "request",
    "timestamp",
    "verify_response",
    "wire",
]
