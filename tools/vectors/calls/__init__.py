"""The parameters of CREATE, CANCEL and REFUND: what may be absent, how long, in which form, in which edition.

Every vector is a whole request with its sign, one edit away from a legal one. Which error code a fault earns is
inferred: the sources list the codes without their causes.
"""

from typing import Any

from tools.vectors.calls import (
    address,
    biz_data,
    cancel,
    common,
    create,
    currencies,
    editions,
    fees,
    json_text,
    optional,
    plain,
    refund,
)
from tools.vectors.expected import request
from tools.vectors.question import groups as groups_of
from tools.vectors.question import questions_of


def groups() -> list[dict[str, Any]]:
    """Return the groups of ``request.json``: one an edition of the pages."""
    counter = (biz_data, currencies, optional, json_text, fees)
    modules = (plain, common, create, address, *counter, cancel, refund, editions)
    return groups_of("request", questions_of(modules), request)
