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

from alipay_qr_conformance.answers.amounts import amount
from alipay_qr_conformance.answers.calls import request
from alipay_qr_conformance.answers.encodings import charset
from alipay_qr_conformance.answers.keytexts import keys
from alipay_qr_conformance.answers.moments import timestamp
from alipay_qr_conformance.answers.responses import verify_response
from alipay_qr_conformance.answers.trades import cancel_window, refund_sequence
from alipay_qr_conformance.answers.wires import wire

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
