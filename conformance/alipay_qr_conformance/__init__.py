"""The conformance kit: says which rules of the protocol a merchant implementation keeps and breaks.

A Python subject needs two names of it: it raises `Refused` for an input that it declines before anything
is sent, and `Unsupported` for what it cannot do at all. Everything else stands in the subpackages.
"""

from alipay_qr_conformance.subjects.exceptions import Refused, Unsupported

__all__ = ["Refused", "Unsupported"]
