"""Runs of the kit against a shop that knows nothing of it."""

from pathlib import Path

import pytest

from alipay_qr_conformance.blackbox import Box, box_runner, parse_drive
from alipay_qr_conformance.engine.runner import CaseFinished
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.model.selection import selector
from alipay_qr_conformance.report.summary import summarise
from faulty.shops import Shop

PRESS = f"bash {Path(__file__).parents[2] / 'faulty' / 'press.sh'}"


def buttons(shop: Shop) -> dict:
    """The commands that press a shop's buttons."""
    number = "" if shop.chooses_ids else "partner_refund_id={partner_refund_id}"
    words = ["out_trade_no", "refund_amount", "currency", "refund_reason", "is_sync"]
    pairs = " ".join([number, *(f"{word}={{{word}}}" for word in words)])
    return parse_drive(
        [
            f"create={PRESS} {shop.port} /create",
            f"cancel={PRESS} {shop.port} /cancel out_trade_no={{out_trade_no}}",
            f"refund={PRESS} {shop.port} /refund {pairs}",
        ]
    )


class Seen:
    """What a run came to."""

    def __init__(self, runner, results):
        self.runner = runner
        self.results = {f"{each.requirement}[{each.case}]": each for each in results}
        self.summary = summarise(results, runner.plan.level)

    def broken(self):
        return {finding.requirement for _, finding in self.summary.findings}

    def told(self):
        return {
            case_id: (str(each.verdict), each.finding.detail.en)
            for case_id, each in self.results.items()
            if each.finding
        }

    def cases(self, verdict):
        return [case_id for case_id, each in self.results.items() if each.verdict == verdict]

    def reasons(self, verdict):
        return {each.reason.en for each in self.results.values() if each.verdict == verdict}


@pytest.fixture
def see():
    """Return a function that runs the kit against a shop, with its buttons or without."""
    open_ = []

    def run(kind, expression=None, *, drive=True, say=None, bounds=None, keys=None, **box):
        shop = kind("")
        open_.append(shop)
        if drive is True:
            drive = buttons(shop)
        known = Box(f"http://127.0.0.1:{shop.port}/notify", 0, drive or {}, **{"settle": 0.01, **box})
        tell = (lambda text: say(shop, text)) if say else (lambda _: None)
        runner = box_runner(known, plan(RunOptions(depth="quick")), keys, say=tell, bounds=bounds)
        shop.gateway = runner.testbed.gateway_url
        matches = selector(expression) if expression else lambda _: True
        chosen = [case for case in runner.cases() if matches(case.id)]
        assert chosen
        results = [event.result for event in runner.run(chosen) if isinstance(event, CaseFinished)]
        return Seen(runner, results)

    yield run
    for shop in open_:
        shop.close()
