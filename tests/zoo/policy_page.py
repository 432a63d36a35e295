"""Writes docs/howto/policy.md from the table of choices and the zoo. ``python tests/zoo/policy_page.py``"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":  # a test imports the wheel, and so do the processes that it starts
    sys.path[:0] = [str(ROOT / each) for each in ("tests", "conformance", "reference_impl")]

from alipay_qr_conformance.model.policy import CHOICES, LONGEST_PERIOD  # noqa: E402
from alipay_qr_conformance.model.requirements import register  # noqa: E402
from zoo.declarers import KEEPERS  # noqa: E402
from zoo.keeper import ANIMALS  # noqa: E402

PAGE = ROOT / "docs" / "howto" / "policy.md"
HEAD = """# A policy: say what your shop does where the protocol leaves it open

The protocol does not decide everything. Where it allows several ways the kit accuses nobody; a policy file says which
one is yours, and the kit then holds you to it.

```{code-block} toml
:caption: policy.toml

reply = "success"
late_cancel = "refuse"
refund_period = 365
```

```console
$ alipay-qr check --policy policy.toml -k policy.
reference merchant ... (Python)
...
No finding.
...
```

Under pytest it is `--alipay-policy policy.toml`, or `alipay_policy = policy.toml` in the ini file. A finding reads
`the policy declares reply = SUCCESS, and what was done is success`; it belongs to the requirement that the last column
names, a MUST. The declared choices stand in the JSON report and in the statement, so that whoever reads them knows
what was promised.

Two keys are of another kind: they say who keeps a rule. `refund_sum = "gateway"` and `cancel_window = "gateway"` make
*sending* what must not be sent a SHOULD. *Booking* what the gateway refused stays a MUST under every policy.

An unknown key, a way that does not exist, and keys that contradict each other are usage errors (exit code 64) that say
what may be written.

## All keys

This list is complete: where it names nothing, there is one right way, or several that no choice of a merchant decides
(whether it tells an unproved answer as unknown or raises, for instance). Each way has a subject in the
[zoo](../../tests/zoo/README.md) that keeps it, and each key an animal that declares one way and does another. The page
is written by `python tests/zoo/policy_page.py`.

| key | ways | why several are right | held to it by | who breaks its word |
|---|---|---|---|---|
"""


def text():
    """The whole page."""
    return HEAD + "".join(row(key, choice) for key, choice in CHOICES.items())


def row(key, choice):
    """One line of the table."""
    ways = [f"`{way}`: {meaning}" for way, meaning in choice.ways.items()]
    requirement = f"policy.{key.replace('_', '-')}"
    if key in KEEPERS:
        rule = f"`{requirement}`, level {register()[requirement].level}"
        broken = ", ".join(sorted(name for name, kind in ANIMALS.items() if requirement in kind.expects))
    else:
        rule, broken = {
            "refund_sum": ("`money.refund.sum`", "refunds-not-summed"),
            "cancel_window": ("`money.cancel.window`", "cancel-at-any-time"),
        }[key]
    cells = (f"`{key}`", "; ".join(ways) or f"days, 1 to {LONGEST_PERIOD}", choice.source, rule, broken)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
