"""docs/attacks.md, from the register and the faulty merchants."""

import re
import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from alipay_qr_conformance.model.requirements import Requirement, register
from tools.pages import ROOT, module_of_tests

PAGE: Final = ROOT / "docs" / "attacks.md"
PARTS: Final = {
    "Forged signatures": r"verify\.reject\.",
    "Notifications": (
        r"notify\.(reject|validate|once|status|trade|amount|boundary|hostile|post-only|verify-query\.strict)"
    ),
    "Answers of the gateway": (
        r"response\.(unproved|two-levels|unknown|gateway-error|belongs|other-service|no-dtd|hostile|in-time"
        r"|transport|redirect|retry-flag)|request\.https"
    ),
    "Money": r"money\.",
}
"""Sections of the page, with the requirements that belong to each."""

HEAD: Final = """# Attacks

What somebody without Alipay's key can try, and the mistakes that pay out twice. Every attack is edited from a
genuine message; what counts is what the merchant believes afterwards, where it can be asked. For each
requirement stands how many of our [faulty merchants](../tests/faulty/README.md) fall, and one of them by its
fault. `alipay-qr rules ID` prints what is tried and how to mend it, `alipay-qr check -k "notify or response"
-- COMMAND` tries it.

Two attacks are weaknesses of the protocol itself: in `notify.boundary`, and in the cases of
`notify.validate.amount` about a boundary, the signature stays valid, because the signed text does not say
where a value ends. The merchant has to look, and the finding says so.
"""


def text() -> str:
    """Return the whole page."""
    lines = [line for title, pattern in PARTS.items() for line in (f"\n## {title}", *_part(pattern))]
    return HEAD + "\n".join(lines) + "\n"


def _part(pattern: str) -> Iterator[str]:
    tested = [each for each in register().values() if re.match(pattern, each.id) and each.excluded is None]
    for why, requirements in groupby(tested, key=lambda each: each.why.en):
        yield from ("", *textwrap.wrap(why, 110, break_on_hyphens=False), "")
        for each in requirements:
            yield from _entry(each)


def _entry(requirement: Requirement) -> list[str]:
    """Return the lines of a requirement: what it demands, and who falls."""
    merchants = module_of_tests("faulty.run").merchants().values()
    fallen = [kind for kind in merchants if requirement.id in kind.breaks]
    fallen.sort(key=lambda kind: (kind.breaks[0] != requirement.id, len(kind.fault), kind.name))
    line = f"- `{requirement.id}` ({requirement.keyword}): {requirement.title.en}."
    if fallen:
        falls = "1 falls" if len(fallen) == 1 else f"{len(fallen)} fall"
        line += f" {falls}; `{fallen[0].name}` {fallen[0].fault}."
    return textwrap.wrap(line, 110, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)
