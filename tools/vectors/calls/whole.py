"""From a message to the inputs of a vector: signed with MD5, whatever is wrong with it."""

import json
from typing import Any, Final

from tools.vectors import keys
from tools.vectors.messages import cancel, create, refund
from tools.vectors.question import Inputs
from tools.vectors.steps import Pairs, sign_steps

GLOBAL: Final = {"profile": "global", "charset": "UTF-8", "md5_key": keys.MD5_KEY}
HK: Final = {**GLOBAL, "profile": "hk"}

NOTIFY_URL: Final = "https://shop.example/alipay/notify"
ABSENT: Final = "(absent)"
COUNTER: Final[dict[str, Any]] = {
    "secondary_merchant_industry": "5812",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "Noodle Bar",
    "store_id": "S-01",
    "store_name": "Noodle Bar Central",
    "trans_currency": "USD",
    "currency": "USD",
}
TAXI: Final[dict[str, Any]] = {
    **{name: value for name, value in COUNTER.items() if not name.startswith("store")},
    "secondary_merchant_industry": "4121",
    "taxi_operation_id": "OP1",
    "taxi_number": "B12345",
    "taxi_driver_name": "Li",
    "taxi_driver_mobile": "13800000000",
}


def creating(text: str | None = None, **edits: str | None) -> Inputs:
    """A CREATE with another text in ``biz_data``, or with other parameters."""
    return _signed(create(**(edits if text is None else {**edits, "biz_data": text})))


def counter(**edits: Any) -> Inputs:
    """A CREATE for the usual counter with other members; `ABSENT` takes one away."""
    return creating(written({**COUNTER, **edits}))


def taxi(**edits: Any) -> Inputs:
    """A CREATE for a taxi with other members."""
    return creating(written({**TAXI, **edits}))


def written(members: dict[str, Any]) -> str:
    """The JSON text of members, without spaces."""
    kept = {name: value for name, value in members.items() if value != ABSENT}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def cancelling(**edits: str | None) -> Inputs:
    """A CANCEL with other parameters."""
    return _signed(cancel(**edits))


def refunding(**edits: str | None) -> Inputs:
    """A REFUND, with a notify_url, with other parameters."""
    return _signed(refund(**{"notify_url": NOTIFY_URL, **edits}))


def _signed(message: Pairs) -> Inputs:
    """Add the sign; parameters that are `ABSENT` are taken away first, ``sign`` and ``sign_type`` can be edited."""
    edits = dict(message)
    kept = [(name, value) for name, value in message if value != ABSENT and name not in {"sign", "sign_type"}]
    sign = sign_steps(kept, GLOBAL | {"sign_type": "MD5"}, None)["sign"]
    last = {"sign_type": edits.get("sign_type", "MD5"), "sign": edits.get("sign", sign)}
    return {"params": [*kept, *((name, value) for name, value in last.items() if value != ABSENT)]}
