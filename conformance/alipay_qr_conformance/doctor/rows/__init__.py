"""The catalogue of mistakes by id: words in two languages and how frequent they are.

In the order of the signing path: ``parameters`` (which, and their names) and their ``order``; ``values``,
``json_text`` and ``escapes``; the joined ``text`` and its ``charset``; ``key``, ``digest`` and ``form`` of
the sign.
"""

from typing import Final

from alipay_qr_conformance.doctor.rows import (
    charset,
    digest,
    escapes,
    form,
    json_text,
    key,
    order,
    parameters,
    text,
    values,
)
from alipay_qr_conformance.doctor.rows.row import Row

_FAMILIES: Final = (parameters, order, values, json_text, escapes, text, charset, key, digest, form)

ROWS: Final[dict[str, Row]] = {row.id: row for family in _FAMILIES for row in family.ROWS}

__all__ = ["ROWS", "Row"]
