"""vectors/kills.json, whom each vector exposes, and docs/vectors.md, which sums it up."""

import json
import textwrap
from collections import Counter
from typing import Any, Final

from alipay_qr_conformance.vectors.form import canonical_text
from alipay_qr_conformance.vectors.load import load, names
from tools.pages import ROOT, module_of_tests

KILLS: Final = ROOT / "vectors" / "kills.json"
PAGE: Final = ROOT / "docs" / "vectors.md"
ABOUT: Final = (
    "Computed: whom each vector exposes, out of implementations that are wrong in one thing. "
    "`who` tells their faults, `exposes` whom a vector shows to be wrong, "
    "`reasons` why the others stand here."
)
HEAD: Final = """# Golden vectors

What stands in [`vectors/`](../vectors/README.md), and the proof that each vector earns its place: whom it
exposes, out of [merchants and implementations](../tests/faulty/README.md) that are wrong in one thing.
`vectors/kills.json` says it vector by vector, `alipay-qr rules ID` which vectors are about a requirement.
"""


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


def text() -> str:
    """Return docs/vectors.md, from kills.json as it stands."""
    content = json.loads(KILLS.read_text("utf-8"))
    files = {name: load(name) for name in names()}
    vectors = [vector for each in files.values() for vector in each]
    lines = [HEAD, f"## {len(vectors)} vectors", "", "| file | kind | valid | invalid | acceptable |"]
    lines.append("|---|---|--:|--:|--:|")
    for name, each in files.items():
        counted = Counter(vector.result for vector in each)
        counts = " | ".join(str(counted[result]) for result in ("valid", "invalid", "acceptable"))
        lines.append(f"| `{name}.json` | {each[0].kind} | {counts} |")
    about = Counter(".".join(flag.split(".")[:2]) for vector in vectors for flag in vector.flags[:1])
    touched = {flag for vector in vectors for flag in vector.flags}
    told = ", ".join(f"`{flag}` {count}" for flag, count in sorted(about.items()))
    lines += ["", f"## {len(touched)} requirements", "", *_wrapped(f"What the vectors are about: {told}.")]
    killed = Counter(name for found in content["exposes"].values() for name in found)
    hardest = sorted(killed, key=lambda name: (killed[name], name))[:: max(1, len(killed) // 12)][:6]
    lines += ["", f"## {len(content['who'])} who are wrong in one thing", ""]
    alone = sum(count == 1 for count in killed.values())
    lines.append(f"{alone} of them are exposed by one vector alone. Some of all, with the vectors that do:")
    lines += ["", *(f"- `{name}` {content['who'][name]}: {killed[name]};" for name in hardest), ""]
    lines += ["No vector can expose:", ""]
    unexposed = module_of_tests("faulty.exposing").UNEXPOSED
    lines += [f"- `{name}`: {why};" for name, why in sorted(unexposed.items())]
    lines += ["", "Vectors that expose nobody:", ""]
    lines += [f"- {len(slugs)}: {why};" for why, slugs in content["reasons"].items()]
    return "\n".join(lines) + "\n"


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, 110, break_on_hyphens=False, break_long_words=False)
