"""The gateway role: ours has no finding; each faulty gateway is found for its own fault alone."""

import json

import pytest

from alipay_qr_conformance.cli import main
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.role_gateway import GatewayTarget, check_gateway, render, report
from alipay_qr_conformance.role_gateway.requirements import gateway_register
from alipay_qr_conformance.role_gateway.run import all_cases
from alipay_qr_conformance.sandbox import Sandbox, Settings
from faulty.gateways import GATEWAYS, SCALE, Healthy

SLOW = ("gateway.notify", "gateway.refund.sync")


def examined(kind, only=None):
    wiring = GatewayTarget(kind.url, kind.pay_url, time_scale=SCALE)
    return check_gateway(wiring, "quick" if "money.history" not in str(kind.breaks) else "default", only)


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_faulty_gateway_is_found_for_its_fault_alone(name):
    with GATEWAYS[name]() as kind:
        quick = examined(
            kind, lambda case: not case.requirement.startswith(SLOW) or case.requirement in kind.breaks
        )
        assert kind.server.errors == []
    found = {finding.requirement for _, finding in quick.summary.findings}
    assert found == kind.breaks, render(quick)


def test_every_requirement_has_a_faulty_gateway():
    assert len(GATEWAYS) >= 12
    broken = {each for kind in GATEWAYS.values() for each in kind.breaks}
    assert broken == set(gateway_register())
    assert {case.requirement for case in all_cases()} == set(gateway_register())


@pytest.mark.parametrize("sign_type", ["MD5", "RSA"])
def test_ours_has_no_finding(sign_type):
    with Sandbox(Settings(time_scale=SCALE)) as sandbox:
        pay = sandbox.control_url + "/pay"
        wiring = GatewayTarget(sandbox.gateway_url, pay, sandbox.token, time_scale=SCALE, sign_type=sign_type)
        outcome = check_gateway(wiring, "quick")
        assert sandbox.server.errors == []
    assert outcome.summary.findings == [], render(outcome)
    assert outcome.summary.counts[Verdict.UNSUPPORTED] == 0


def test_the_command(tmp_path, capsys):
    with Healthy() as gateway:
        args = ["check", "--gateway", gateway.url, "--depth", "quick", "--json", str(tmp_path / "r.json")]
        assert main(args) == 0
        assert "- no payment can be made: name --pay URL (12)" in capsys.readouterr().out
        assert json.loads((tmp_path / "r.json").read_text("ascii"))["findings"] == []
    with GATEWAYS["OneErrorForAll"]() as gateway:
        args = ["check", "--gateway", gateway.url, "--depth", "quick", "--lang", "zh"]
        assert main(args) == 0
        assert "应为 ILLEGAL_SIGN，实为 SYSTEM_ERROR" in capsys.readouterr().out
        assert main([*args, "--fail-on", "should"]) == 1
        capsys.readouterr()


def test_nobody_there(capsys):
    assert main(["check", "--gateway", "http://127.0.0.1:9/gateway.do"]) == 3
    assert "nothing could be judged" in capsys.readouterr().err


def test_a_token_is_no_evidence():
    with Healthy() as gateway:
        outcome = check_gateway(
            GatewayTarget(gateway.url, gateway.pay_url, "canary-token"), "quick", lambda _: True
        )
    assert "canary-token" not in json.dumps(report(outcome)) + render(outcome) + repr(
        GatewayTarget("", token="canary-token")
    )
