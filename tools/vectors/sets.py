"""Which vectors stand in which file of ``vectors/``."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tools.vectors import (
    amounts,
    calls,
    digests,
    encodings,
    external,
    keytexts,
    moments,
    notes,
    notifications,
    requests,
    responses,
    trades,
    wire,
)

Groups = list[dict[str, Any]]

SETS: Final[Mapping[str, tuple[str, Callable[[], Groups]]]] = {
    "amount": ("amount", amounts.groups),
    "charset": ("charset", encodings.groups),
    "cancel_window": ("cancel_window", trades.cancel_groups),
    "external": ("sign", external.signs),
    "external_digest": ("digest", external.digests),
    "keys": ("keys", keytexts.groups),
    "presign": ("presign", requests.presign_groups),
    "refund_sequence": ("refund_sequence", trades.refund_groups),
    "request": ("request", calls.groups),
    "sign_md5": ("sign", lambda: _signed("MD5")),
    "sign_rsa": ("sign", lambda: _signed("RSA")),
    "sign_rsa2": ("sign", lambda: _signed("RSA2")),
    "timestamp": ("timestamp", moments.groups),
    "verify_notification": ("verify_notification", notifications.groups),
    "verify_response": ("verify_response", responses.groups),
    "wire": ("wire", wire.groups),
}
"""File name -> kind, and what makes its groups."""


def content(name: str) -> dict[str, Any]:
    """Return the content of one file."""
    kind, make = SETS[name]
    groups = make()
    return {
        "subject": kind,
        "schema": f"schema/{kind}.schema.json",
        "count": sum(len(group["tests"]) for group in groups),
        "notes": notes.notes_for(groups),
        "groups": groups,
    }


def _signed(sign_type: str) -> Groups:
    groups = requests.sign_groups(sign_type, digests.cases(sign_type))
    return groups + (list(digests.other_key_groups()) if sign_type == "MD5" else [])
