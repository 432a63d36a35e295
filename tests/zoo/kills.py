"""Writes vectors/kills.json and docs/vectors.md: whom each vector exposes. ``python tests/zoo/kills.py``"""

import json
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / each) for each in ("tests", "conformance", "reference_impl")]

from alipay_qr_conformance.vectors.form import canonical_text  # noqa: E402
from alipay_qr_conformance.vectors.load import load, names  # noqa: E402
from zoo import exposing  # noqa: E402

KILLS = ROOT / "vectors" / "kills.json"
PAGE = ROOT / "docs" / "vectors.md"
ABOUT = (
    "Computed: whom each vector exposes, out of implementations that are wrong in one thing. "
    "`who` tells their vices, `exposes` whom a vector shows to be wrong, `reasons` why the others stand here."
)
HEAD = """# Golden vectors

What stands in [`vectors/`](../vectors/README.md), and the proof that each vector earns its place: whom it
exposes. Computed by `make kills` from the files and from the [zoo](../tests/zoo/README.md), whose members are
each wrong in one thing. `vectors/kills.json` says it vector by vector.
"""


def kills():
    """The content of kills.json."""
    exposes, reasons = {}, {}
    for vector in exposing.every_vector():
        found = exposing.exposed(vector)
        exposes[vector.id] = found
        if not found:
            reasons.setdefault(exposing.reason(vector) or "", []).append(vector.id)
    exposes = {slug: found for slug, found in sorted(exposes.items()) if found}
    reasons = {why: sorted(slugs) for why, slugs in sorted(reasons.items())}
    return {"about": ABOUT, "who": exposing.everybody(), "exposes": exposes, "reasons": reasons}


def page(content):
    """The text of docs/vectors.md."""
    vectors = {name: load(name) for name in names()}
    everything = [vector for each in vectors.values() for vector in each]
    lines = [HEAD, f"## {len(everything)} vectors", "", "| file | kind | valid | invalid | acceptable |", "|---|---|--:|--:|--:|"]
    for name, each in vectors.items():
        counted = Counter(vector.result for vector in each)
        counts = " | ".join(str(counted[result]) for result in ("valid", "invalid", "acceptable"))
        lines.append(f"| `{name}.json` | {each[0].kind} | {counts} |")
    flags = Counter(flag for vector in everything for flag in vector.flags)
    first = Counter(vector.flags[0] for vector in everything)
    lines += ["", f"## {len(flags)} requirements", "", "| requirement | vectors about it | vectors that touch it |", "|---|--:|--:|"]
    lines += [f"| `{flag}` | {first[flag]} | {count} |" for flag, count in sorted(flags.items())]
    killed = Counter(name for found in content["exposes"].values() for name in found)
    lines += ["", f"## {len(content['who'])} who are wrong in one thing", "", "| who | vice | vectors that expose it |", "|---|---|--:|"]
    lines += [f"| {name} | {vice} | {killed[name]} |" for name, vice in content["who"].items()]
    lines += ["", "No vector can expose:", ""]
    lines += [f"- {name}: {why};" for name, why in sorted(exposing.UNEXPOSED.items())]
    lines += ["", "Vectors that expose nobody:", ""]
    lines += [f"- {len(slugs)}: {why};" for why, slugs in content["reasons"].items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    content = kills()
    KILLS.write_text(canonical_text(content), "utf-8", newline="\n")
    PAGE.write_text(page(content), "utf-8", newline="\n")
    print(json.dumps({"vectors that expose": len(content["exposes"]), "who": len(content["who"])}))
