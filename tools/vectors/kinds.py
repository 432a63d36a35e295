"""Every kind of vector, and its JSON Schema: those of `schemas`, and those beside their builders."""

from typing import Final

from tools.vectors import schemas
from tools.vectors.amounts import schema as amounts
from tools.vectors.calls import schema as calls
from tools.vectors.encodings import schema as encodings
from tools.vectors.keytexts import schema as keytexts
from tools.vectors.moments import schema as moments
from tools.vectors.responses import schema as responses
from tools.vectors.trades import schema as trades
from tools.vectors.wire import schema as wire

_OTHERS: Final = {
    "amount": amounts.parts,
    "cancel_window": trades.cancel_parts,
    "charset": encodings.parts,
    "keys": keytexts.parts,
    "refund_sequence": trades.refund_parts,
    "request": calls.parts,
    "timestamp": moments.parts,
    "verify_response": responses.parts,
    "wire": wire.parts,
}

KINDS: Final = (*schemas.KINDS, *_OTHERS)


def schema(kind: str) -> schemas.Schema:
    """Return the schema of a kind."""
    return schemas.whole(kind, **_OTHERS[kind]()) if kind in _OTHERS else schemas.schema(kind)
