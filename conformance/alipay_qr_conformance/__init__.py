"""The conformance kit: says which rules of the protocol a merchant implementation keeps and breaks.

A Python subject needs two names of it: it raises `Refused` for an input that it declines before anything
is sent, and `Unsupported` for what it cannot do at all. Everything else stands in the subpackages.

Both names are loaded when they are first asked for: a pytest run that has the plugin installed and does not
use it imports nothing else.
"""

from typing import TYPE_CHECKING

__all__ = ["Refused", "Unsupported"]

if TYPE_CHECKING:
    from alipay_qr_conformance.subjects.exceptions import Refused, Unsupported
else:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from alipay_qr_conformance.subjects import exceptions

        found: object = getattr(exceptions, name)
        return found
