"""docs/howto/policy.md, from the table of choices and the faulty merchants."""

from typing import Final

from alipay_qr_conformance.model.policy import CHOICES, Choice
from alipay_qr_conformance.model.requirements import register
from tools.pages import ROOT, module_of_tests

PAGE: Final = ROOT / "docs" / "howto" / "policy.md"
HEAD: Final = """# A policy: say what your shop does where the protocol leaves it open

The protocol does not decide everything. Where it allows several ways the kit accuses nobody; a policy file
says which one is yours, and the kit then holds you to it.

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

Under pytest it is `--alipay-policy policy.toml`, or `alipay_policy = policy.toml` in the ini file. A finding
reads `the policy declares reply = SUCCESS, and what was done is success`; it belongs to the requirement that
the last column names, a MUST. The declared choices stand in the JSON report and in the statement, so that
whoever reads them knows what was promised.

Two keys are of another kind: they say who keeps a rule. `refund_sum = "gateway"` and `cancel_window =
"gateway"` make *sending* what must not be sent a SHOULD. *Booking* what the gateway refused stays a MUST
under every policy.

An unknown key, a way that does not exist, and keys that contradict each other are usage errors (exit code 64)
that say what may be written.

## All keys

This list is complete: where it names nothing, there is one right way, or several that no choice of a merchant
decides (whether it tells an unproved answer as unknown or raises, for instance). Each way has a merchant in
the [tests](../../tests/faulty/README.md) that keeps it, and each key one that declares one way and does
another.

| key | ways | why several are right | held to it by | who breaks its word |
|---|---|---|---|---|
"""


def text() -> str:
    """Return the whole page."""
    return HEAD + "".join(_row(key, choice) for key, choice in CHOICES.items())


def _row(key: str, choice: Choice) -> str:
    """Return one line of the table."""
    ways = [f"`{way}`: {meaning}" for way, meaning in choice.ways.items()]
    requirement = f"policy.{key.replace('_', '-')}"
    if key in module_of_tests("faulty.merchants.policy").KEEPERS:
        rule = f"`{requirement}`, level {register()[requirement].level}"
        merchants = module_of_tests("faulty.run").merchants()
        broken = ", ".join(sorted(name for name, kind in merchants.items() if requirement in kind.breaks))
    else:
        rule, broken = {
            "refund_sum": ("`money.refund.sum`", "refunds-not-summed"),
            "cancel_window": ("`money.cancel.window`", "cancel-at-any-time"),
        }[key]
    cells = (
        f"`{key}`",
        "; ".join(ways) or (choice.value.words if choice.value else ""),
        choice.source,
        rule,
        broken,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
