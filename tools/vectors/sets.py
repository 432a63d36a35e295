"""Which vectors stand in which file of ``vectors/``."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from tools.vectors import external, notes, requests

Groups = list[dict[str, Any]]

SETS: Final[Mapping[str, tuple[str, Callable[[], Groups]]]] = {
    "external": ("sign", external.signs),
    "external_digest": ("digest", external.digests),
    "presign": ("presign", requests.presign_groups),
    "sign_md5": ("sign", partial(requests.sign_groups, "MD5")),
    "sign_rsa": ("sign", partial(requests.sign_groups, "RSA")),
    "sign_rsa2": ("sign", partial(requests.sign_groups, "RSA2")),
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
