"""The ids that were ever published, in ``vectors/ids.json``: no id is used twice, no vector changes.

Vectors of the set that is being made (`case.SET`) may still change; those of earlier sets may not, and
one that is taken out must be named in ``withdrawn`` by hand, with the reason.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alipay_qr_conformance.vectors.form import fingerprint
from tools.vectors.case import SET


class FrozenError(Exception):
    """A published vector would change, vanish or come back."""


def updated(path: Path, files: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ledger for ``files``, after the one that stands in ``path``.

    Raises:
        FrozenError: a vector of an earlier set is not what it was.
    """
    before = json.loads(path.read_text("utf-8")) if path.exists() else {"published": {}, "withdrawn": {}}
    now = {
        test["id"]: [test["since"], fingerprint(group, test)]
        for content in files.values()
        for group in content["groups"]
        for test in group["tests"]
    }
    for slug, row in before["published"].items():
        if row[0] < SET and now.get(slug) != row and slug not in before["withdrawn"]:
            raise FrozenError(f"{slug} was published on {row[0]} and is not what it was")
    for slug in now:
        if slug in before["withdrawn"]:
            raise FrozenError(f"{slug} was withdrawn: {before['withdrawn'][slug]}")
    return {"published": dict(sorted(now.items())), "withdrawn": before["withdrawn"]}
