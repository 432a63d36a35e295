"""Runs the kit against a harmless variant: whatever it says against one is a false accusation.

Everything that the kit is asked for stands here, so that new names in the kit cost lines in this file alone.
"""

import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from alipay_qr_conformance.blackbox import Box, box_runner, parse_drive
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy, to_policy
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.report.summary import summarise
from alipay_qr_conformance.subjects import (
    HttpTransport,
    ProcessTransport,
    PythonTransport,
    Subject,
)
from harmless.base import FAMILIES
from harmless.serve import Adapter, Listening, Shop

PROFILES = ("global", "hk")
CHANNELS = ("object", "process", "http", "listener", "blackbox")
RUN = "run.ended"
"""What stands for a requirement where the run does not begin, or the kit itself fails."""


@dataclass(frozen=True)
class Seen:
    """What the kit said of a variant.

    Attributes:
        against: the first finding of each requirement.
        withheld: where there is no finding at all: what could not be judged all the same, and why.
    """

    against: dict[str, str]
    withheld: dict[str, str]
    level: int
    judged: int

    @property
    def accusations(self):
        return {**self.against, **self.withheld}


_listed = lru_cache(maxsize=4)(all_cases)
"""The cases of a plan: most variants have one of two plans, and to list costs a third of meeting them."""


@cache
def _quick():
    """The ids of the cases that do not make one wait."""
    return frozenset(case.id for case in all_cases(Plan(Policy(), depth="quick")))


def gate(variant):
    """Return what says whether a variant meets a case in the gate: its family's, and a fifth of all.

    The properties, whose spaces are large, are left to `make innocents`. What makes one wait is left to the
    family of clients. Whoever makes one wait meets the fifth alone.
    """
    waits = variant.family == "client" and not variant.slow
    family = () if variant.slow else FAMILIES[variant.family]

    def is_for(case_id):
        if "any-" in case_id or not (waits or case_id in _quick()):
            return False
        digest = int.from_bytes(sha256(f"{variant.name} {case_id}".encode()).digest()[:4])
        return digest % 5 == 0 or case_id.startswith(family)

    return is_for


def every_case(_case_id):
    return True


def meet(variant, wanted=every_case, profile="global", channel="object"):
    """Run the wanted cases against a variant."""
    plan = Plan(to_policy(variant.policy), depth="quick", profile=profile)
    closing = []
    try:
        runner = _runner(variant, plan, channel, closing)
        listed = runner.cases() if channel == "blackbox" else _listed(Plan(plan.policy, profile=profile))
        chosen = [case for case in listed if wanted(case.id)]
        results = [event.result for event in runner.run(chosen) if isinstance(event, CaseFinished)]
    except Exception as fault:  # noqa: BLE001 (an adapter's fault, or the kit's own: an innocent has none)
        return Seen({RUN: f"{type(fault).__name__}: {fault}"}, {}, 0, 0)
    finally:
        for each in reversed(closing):
            each()
    return _seen(results)


def accusations(variant, wanted=every_case, profile="global", channel="object"):
    """What is said against a variant.

    It is asked for once more alone: on a busy machine a time limit accuses anybody.
    """
    said = meet(variant, wanted, profile, channel).accusations
    if said:

        def is_said(case_id):
            return wanted(case_id) and (RUN in said or case_id.partition("[")[0] in said)

        again = meet(variant, is_said, profile, channel).accusations
        said = {each: text for each, text in said.items() if each in again}
    return said


def _seen(results):
    summary, against, withheld = summarise(results, 4), {}, {}
    for row, finding in summary.findings:
        text = (
            f"{row.keyword} [{finding.case}] {finding.verdict}: {finding.detail.en} {dict(finding.evidence)}"
        )
        against.setdefault(row.id, text[:1500])
    if not against:  # a case that cannot be judged needs a culprit
        for each in results:
            if each.verdict is Verdict.BLOCKED:
                withheld.setdefault(each.requirement, f"[{each.case}] {each.reason.en}")
    return Seen(against, withheld, summary.level, summary.judged)


def _closed_at_the_end(make, closing):
    """A factory whose merchants leave no connection open."""

    def made():
        shop = make()
        closing.append(getattr(shop, "close", int))
        return shop

    return made


def _runner(variant, plan, channel, closing):
    if channel == "process":
        command = [sys.executable, str(Path(__file__).with_name("serve.py")), variant.name]
        words = [f"{name}={value}" for name, value in variant.environment.items()]
        return _adapter(ProcessTransport(["env", *words, *command]), plan, closing)
    make = _closed_at_the_end(variant.make, closing)
    if channel == "blackbox":
        return _black_box(variant, make, plan, closing)
    if channel == "http":
        server = Adapter(make)
        closing.append(server.close)
        return _adapter(HttpTransport(server.url), plan, closing)
    if channel == "listener":
        return _adapter(PythonTransport(_closed_at_the_end(lambda: Listening(make), closing)), plan, closing)
    return _adapter(PythonTransport(make), plan, closing)


def _adapter(transport, plan, closing):
    runner = Runner(Subject(transport), plan)
    closing.append(runner.close)
    return runner


def _black_box(variant, make, plan, closing):
    shop = Shop(make, greeting(variant)["charsets"][0])
    closing.append(shop.close)
    press = f"bash {_press()} {shop.port}"
    words = ("out_trade_no", "partner_refund_id", "refund_amount", "currency", "refund_reason", "is_sync")
    drive = parse_drive(
        [
            f"create={press} /create",
            f"cancel={press} /cancel out_trade_no={{out_trade_no}} trade_no={{trade_no}}",
            f"refund={press} /refund " + " ".join(f"{each}={{{each}}}" for each in words),
        ]
    )
    runner = box_runner(Box(shop.url, 0, drive, settle=0.01), plan)
    closing.append(runner.close)
    shop.opens(runner.testbed.gateway_url)
    return runner


@cache
def _press():
    return Path(__file__).resolve().parents[1] / "faulty" / "press.sh"


def greeting(variant):
    """What a variant says about itself."""
    return variant.make().hello(protocol="1")


def can_be_met(variant, channel, profile="global"):
    """Whether a channel can show a variant, and an edition is its own.

    A black box is met with MD5 and needs all its buttons; the hk edition knows no currency but HKD.
    """
    if profile == "hk" and "HKD" not in variant.policy.get("currencies", ("HKD",)):
        return False
    if channel != "blackbox":
        return not (variant.environment and channel != "process")
    told = greeting(variant)
    buttons = {"create_qr_code", "cancel", "refund", "notify", "trade"}
    return (
        "MD5" in told["sign_types"]
        and buttons <= set(told["operations"])
        and callable(getattr(variant.make, "configure", None))
    )
