"""docs/keywords.md, from the register: how many rules each kind of source gives, and changed keywords."""

from collections import Counter
from typing import Final

from alipay_qr_conformance.model.requirements import register
from tools.pages import ROOT

PAGE: Final = ROOT / "docs" / "keywords.md"

KINDS: Final = {
    "seed": "Alipay's integration guide says so",
    "page": "an interface page of Alipay's says so, or genuine messages prove it",
    "security": "our conclusion; breaking it admits an attack, or loses money, which the text names",
    "policy": "the merchant's own policy file says so",
    "inference": "our conclusion alone",
    "public code": "other people's code alone",
}

HEAD: Final = """# Keywords and their sources

Each requirement names the clause that it comes from, and its kind in brackets: `alipay-qr rules ID` shows
both. Where the sources are silent there is no MUST: an inference or other people's code gives a SHOULD, or a
MAY, which is not tested. The one exception is security.

"""


def text() -> str:
    """Return the page."""
    rows = list(register().values())
    counts = Counter[tuple[str, str]]((row.source, row.keyword) for row in rows)
    lines = ["| source | what it means | MUST | SHOULD | MAY |", "|---|---|---|---|---|"]
    for kind, what in KINDS.items():
        found = " | ".join(str(counts[kind, keyword]) for keyword in ("MUST", "SHOULD", "MAY"))
        lines.append(f"| {kind} | {what} | {found} |")
    lines += ["", "## Changed before the first release", "", "| requirement | was | is | because |"]
    lines.append("|---|---|---|---|")
    for row in rows:
        if row.was is not None and row.because is not None:
            lines.append(f"| `{row.id}` | {row.was} | {row.keyword} | {row.because.en} |")
    lines += [
        "",
        "## MUST for the sake of security",
        "",
        "| requirement | what breaking it admits |",
        "|---|---|",
    ]
    lines += [f"| `{row.id}` | {row.why.en} |" for row in rows if row.source == "security"]
    return HEAD + "\n".join(lines) + "\n"
