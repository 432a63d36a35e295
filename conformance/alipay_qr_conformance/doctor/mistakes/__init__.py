"""The mistakes, one module a topic: their ids, how rare they are, and how each is made.

parameters order values json escapes text charset   between the message and the signed bytes: see ``pipeline``
key hash                                            between the bytes and the digest: see ``sign.hashing``
signature                                           between the digest and ``sign``: see ``sign.encoding``

Their words stand in ``texts/mistakes.toml``.
"""

from collections.abc import Mapping
from typing import Final

from alipay_qr_conformance.doctor.mistakes import (
    charset,
    escapes,
    json,
    key,
    order,
    parameters,
    signature,
    text,
    values,
)
from alipay_qr_conformance.doctor.mistakes import (
    hash as hash_,
)
from alipay_qr_conformance.doctor.model import Mistake

RARITY: Final[Mapping[str, int]] = {
    **parameters.RARITY,
    **order.RARITY,
    **values.RARITY,
    **json.RARITY,
    **escapes.RARITY,
    **text.RARITY,
    **charset.RARITY,
    **key.RARITY,
    **hash_.RARITY,
    **signature.RARITY,
}
"""By id: 1 for what every second shop gets wrong, 8 for curiosities."""


def mistake(id_: str, detail: str = "", extra: int = 0) -> Mistake:
    """Return a mistake; ``extra`` makes this way of it rarer than others."""
    return Mistake(id_, detail, RARITY[id_] + extra)
