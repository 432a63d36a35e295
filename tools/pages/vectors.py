"""vectors/kills.json: whom each vector exposes."""

from typing import Any, Final

from alipay_qr_conformance.vectors.form import canonical_text
from tools.pages import ROOT, module_of_tests

KILLS: Final = ROOT / "vectors" / "kills.json"
ABOUT: Final = (
    "Computed: whom each vector exposes, out of implementations that are wrong in one thing. "
    "`who` tells their faults, `exposes` whom a vector shows to be wrong, "
    "`reasons` why the others stand here."
)


def kills() -> dict[str, Any]:
    """Return the content of kills.json."""
    exposing = module_of_tests("faulty.exposing")
    exposes: dict[str, list[str]] = {}
    reasons: dict[str, list[str]] = {}
    for vector in exposing.every_vector():
        found = exposing.exposed(vector)
        exposes[vector.id] = found
        if not found:
            reasons.setdefault(exposing.reason(vector) or "", []).append(vector.id)
    exposes = {slug: found for slug, found in sorted(exposes.items()) if found}
    reasons = {why: sorted(slugs) for why, slugs in sorted(reasons.items())}
    return {"about": ABOUT, "who": exposing.everybody(), "exposes": exposes, "reasons": reasons}


def write_kills() -> None:
    """Write kills.json anew; this takes a minute."""
    KILLS.write_text(canonical_text(kills()), "utf-8", newline="\n")
