"""The catalogue of mistakes by id: words in two languages and how frequent they are.

``parameters`` (which, order, names), ``values`` (numbers, JSON, escapes), ``sign`` (joining, charset, key,
digest, form of the sign).
"""

from typing import Final

from alipay_qr_conformance.doctor.rows import parameters, sign, values
from alipay_qr_conformance.doctor.rows.row import Row

ROWS: Final[dict[str, Row]] = {row.id: row for row in (*parameters.ROWS, *values.ROWS, *sign.ROWS)}

__all__ = ["ROWS", "Row"]
