"""The gateway role: ours has no finding; each faulty gateway is found for its own fault alone."""

import json

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.cli import main
from alipay_qr_conformance.engine.events import feed
from alipay_qr_conformance.engine.setup import RunOptions, gateway, plan
from alipay_qr_conformance.gateway import Post
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.report.run import Collector
from alipay_qr_conformance.report.terminal import render
from alipay_qr_conformance.sandbox import Sandbox, Settings
from alipay_qr_conformance.testbed.gateway_client import GatewayTarget
from faulty.gateways import GATEWAYS, SCALE, Healthy

SLOW = ("gateway.notify", "gateway.refund.sync")
OWED = {row.id for row in register().values() if row.role == "gateway"}


def checked(target, depth="quick", wanted=lambda case: True):
    runner = gateway(RunOptions(depth=depth), target)
    collector = Collector(redactor=runner.redactor)
    try:
        feed(runner.run([case for case in runner.cases() if wanted(case)]), collector)
    finally:
        runner.close()
    return collector.run()


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_faulty_gateway_is_found_for_its_fault_alone(name):
    with GATEWAYS[name]() as faulty:
        target = GatewayTarget(faulty.url, faulty.pay_url, time_scale=SCALE)
        depth = "default" if "gateway.money.history" in faulty.breaks else "quick"
        run = checked(
            target,
            depth,
            lambda case: not case.requirement.startswith(SLOW) or case.requirement in faulty.breaks,
        )
        assert faulty.server.errors == []
    found = {finding.requirement for _, finding in run.summary.findings}
    assert found == faulty.breaks, render(run.summary, run.title)


def test_every_requirement_has_its_faulty_gateway_and_its_cases():
    assert len(GATEWAYS) >= 12
    assert {each for faulty in GATEWAYS.values() for each in faulty.breaks} == OWED
    runner = gateway(RunOptions(), GatewayTarget("http://127.0.0.1:9/gateway.do"))
    assert {case.requirement for case in runner.cases()} == OWED
    assert not {case.requirement for case in all_cases(plan(RunOptions()))} & OWED


@pytest.mark.parametrize("requirement", ["gateway.notify.stop", "gateway.refund.sync"])
def test_who_sends_nothing_is_not_said_to_be_silent_rightly(requirement):
    class Mute(Healthy):
        schedule = ()

        def post(self):
            return Post(seconds=0.0)  # over before it began

    with Mute() as mute:
        runner = gateway(RunOptions(depth="quick"), GatewayTarget(mute.url, mute.pay_url, time_scale=SCALE))
        case = next(each for each in runner.cases() if each.requirement == requirement)
        assert runner.judge(case).verdict is Verdict.BLOCKED
        runner.close()


@pytest.mark.parametrize("sign_type", ["MD5", "RSA"])
def test_ours_has_no_finding(sign_type):
    with Sandbox(Settings(time_scale=SCALE)) as sandbox:
        pay = sandbox.control_url + "/pay"
        run = checked(
            GatewayTarget(sandbox.gateway_url, pay, sandbox.token, time_scale=SCALE, sign_type=sign_type)
        )
        assert sandbox.server.errors == []
    assert run.summary.findings == [], render(run.summary, run.title)
    assert run.summary.counts[Verdict.UNSUPPORTED] == 0


def test_the_command_takes_every_option(tmp_path, capsys):
    known = tmp_path / "known.toml"
    with Healthy() as healthy:
        args = ["check", "--gateway", healthy.url, "--depth", "quick", "--json", str(tmp_path / "r.json")]
        assert main(args) == 0
        assert "no payment can be made: name --pay URL" in capsys.readouterr().out
        assert json.loads((tmp_path / "r.json").read_text("ascii"))["findings"] == []
    with GATEWAYS["OneErrorForAll"]() as faulty:
        args = ["check", "--gateway", faulty.url, "--depth", "quick", "--lang", "zh"]
        assert main([*args, "--report", f"junit={tmp_path / 'r.xml'}"]) == 0
        assert "应为 ILLEGAL_SIGN，实为 SYSTEM_ERROR" in capsys.readouterr().out
        assert "gateway.error.code" in (tmp_path / "r.xml").read_text("utf-8")
        assert main([*args, "--fail-on", "should", "--write-known-failures", str(known)]) == 1
        assert main([*args, "--fail-on", "should", "--known-failures", str(known)]) == 0
        capsys.readouterr()


def test_a_gateway_that_is_not_there_is_one_line(capsys):
    assert main(["check", "--gateway", "http://127.0.0.1:9/gateway.do"]) == 3
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "nobody answers at 127.0.0.1:9" in captured.err


def test_a_token_is_no_evidence():
    target = GatewayTarget("http://127.0.0.1:9/", token="canary-token")
    assert "canary-token" not in repr(target)
    with GATEWAYS["OneErrorForAll"]() as faulty:
        run = checked(
            GatewayTarget(faulty.url, faulty.pay_url, "canary-token"), wanted=lambda case: "error" in case.id
        )
    assert "canary-token" not in render(run.summary, run.title)
