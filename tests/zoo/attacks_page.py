"""Writes docs/attacks.md from the register, the cases and the zoo. ``python tests/zoo/attacks_page.py``"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":  # a test imports the wheel, and so do the processes that it starts
    sys.path[:0] = [str(ROOT / each) for each in ("tests", "conformance", "reference_impl")]

from alipay_qr_conformance.model.plan import Plan  # noqa: E402
from alipay_qr_conformance.checks import all_cases  # noqa: E402
from alipay_qr_conformance.model.policy import Policy  # noqa: E402
from alipay_qr_conformance.model.requirements import register  # noqa: E402
from zoo.runner import animals  # noqa: E402

PAGE = ROOT / "docs" / "attacks.md"
PARTS = {
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
HEAD = """# Attacks

What somebody without Alipay's key can try, and the mistakes that pay out twice. Each row is a requirement:
what is tried (the cases that the kit runs), what it demands, what it costs to break it, and the faulty
merchants of the [zoo](../tests/zoo/README.md) that fall, each for one vice alone. Every attack is edited from
a genuine message; what counts is what the merchant believes afterwards, where it can be asked.

Two of them are weaknesses of the protocol itself: in `notify.boundary`, and in the cases of
`notify.validate.amount` about a boundary, the signature stays valid, because the signed text does not say
where a value ends. The merchant has to look, and the finding says so.

To run them: `alipay-qr check -k "notify or response" -- COMMAND`; to read one: `alipay-qr show ID`. This page
is written by `python tests/zoo/attacks_page.py`.
"""


def text():
    """The whole page."""
    tried = {}
    for case in all_cases(Plan(Policy(), depth="default")):
        name = re.sub(r"/(any|MD5|RSA2?|UTF-8|GBK|GB2312)\b", "", case.name)
        tried.setdefault(case.requirement, dict.fromkeys([])).setdefault(name)
    parts = [HEAD]
    for title, pattern in PARTS.items():
        parts.append(f"\n## {title}\n\n| attack | requirement | why it matters | animals that fall |\n|---|---|---|---|\n")
        parts += [row(each, tried[each.id]) for each in register().values() if re.match(pattern, each.id) and each.id in tried]
    return "".join(parts)


def row(requirement, names):
    """One line of a table."""
    fallen = [name for name, kind in animals().items() if requirement.id in kind.expects]
    what = f"`{requirement.id}` {requirement.keyword}: {requirement.title.en}"
    cells = (tried_in(names), what, requirement.why.en, ", ".join(fallen))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def tried_in(names):
    """Cases by name; golden messages, of which there are hundreds, by the families that their ids begin with."""
    golden = {name.partition("-")[2].partition("-")[2] for name in names if name.startswith("notification-")}
    named = [name for name in names if not name.startswith("notification-")]
    if not golden:
        return ", ".join(named)
    shared = {family(each, golden) for each in golden}
    families = sorted(each for each in shared if not any(each.startswith(f"{other}-") for other in shared))
    told = "; ".join(each.replace("-", " ") for each in families)
    return ", ".join([*named, f"{len(golden)} golden messages ({told})"])


def family(name, names):
    """The longest beginning, in whole words, that a name shares with another; the name itself where there is none."""
    words = name.split("-")
    for count in range(len(words), 2, -1):
        start = "-".join(words[:count])
        if sum(each == start or each.startswith(f"{start}-") for each in names) > 1:
            return start
    return name


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
