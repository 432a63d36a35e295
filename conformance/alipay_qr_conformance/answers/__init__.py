"""What the reference implementation answers to the golden vectors that are no signed text.

One module a kind; each function takes a vector's inputs and returns its ``result`` beside the members of its
``steps``. Whoever wires another implementation to the vectors writes the same functions for it, and compares.

    amounts    texts, sums and comparisons of money
    encodings  texts and bytes in the charsets of the protocol
    moments    timestamps, their age, and the Beijing day
"""

from alipay_qr_conformance.answers.amounts import amount
from alipay_qr_conformance.answers.encodings import charset
from alipay_qr_conformance.answers.moments import timestamp

__all__ = ["amount", "charset", "timestamp"]
