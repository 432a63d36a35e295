"""``request``: are these parameters a legal CREATE, CANCEL or REFUND, and if not, what is the error code?

Judged as they stand: no clock, no history, and the sign is not looked at.
"""

import json
from collections.abc import Mapping
from typing import Any

from alipay_qr.catalogue import SERVICES, problems

Answer = dict[str, Any]


def request(inputs: Mapping[str, Any]) -> Answer:
    """Answer a vector of the kind ``request``; ``error`` is the code of the first problem (inferred)."""
    params = {name: value for name, value in inputs["params"] if value is not None}
    service = SERVICES.get(params.get("service", ""))
    told: Answer = {"service": service.alias} if service is not None else {}
    if found := problems(params, inputs["profile"]):
        faults = [{"parameter": each.field, "kind": each.kind, "error": each.code} for each in found]
        return {"result": "invalid", **told, "problems": faults, "error": found[0].code}
    if biz_data := params.get("biz_data"):
        told["biz_data"] = json.loads(biz_data)
    return {"result": "valid", **told}
