from dataclasses import fields

import pytest

from alipay_qr_conformance import Refused
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import CHOICES, Policy, PolicyError, read_policy, to_policy
from alipay_qr_conformance.report.terminal import render
from alipay_qr_conformance.subjects.reference import ReferenceAdapter


def written(tmp_path, text):
    path = tmp_path / "policy.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("", Policy("merchant", "merchant")),
        ('refund_sum = "gateway"', Policy("gateway", "merchant")),
        ('cancel_window = "gateway"\nrefund_sum = "merchant"', Policy("merchant", "gateway")),
    ],
)
def test_what_is_not_said_is_the_seeds(tmp_path, text, policy):
    assert read_policy(written(tmp_path, text)) == policy


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('colour = "red"', "unknown key 'colour'; known are refund_sum, cancel_window, method"),
        ('late_cancels = "refund"', "unknown key 'late_cancels', did you mean late_cancel"),
        ('reply = "ok"', 'reply is "success" or "SUCCESS", not "ok"'),
        ("refund_period = 0", "refund_period is a number of days from 1 to 1000, not 0"),
        ("refund_period = true", "refund_period is a number of days from 1 to 1000, not true"),
        ('refund_period = "365"', 'refund_period is a number of days from 1 to 1000, not "365"'),
        ("cancel_margin = 1440", "cancel_margin is a number of minutes from 1 to 1439, not 1440"),
        ("max_refunds = 0", "max_refunds is a number of refunds from 1 to 100, not 0"),
        ("min_partial_refund = 1.5", "min_partial_refund is an amount in quotes"),
        ('min_partial_refund = "0.00"', "min_partial_refund is an amount in quotes"),
        ('currencies = ["usd"]', "currencies is a list of currencies"),
        ("currencies = []", "currencies is a list of currencies"),
        ('cancel_window = "gateway"\nlate_cancel = "refund"', "late_cancel says what the merchant does"),
        ('reply = "success"\nreply = "SUCCESS"', "Cannot overwrite"),
        ('refund_sum = "nobody"', 'refund_sum is "merchant" or "gateway"'),
        ("refund_sum = true", 'refund_sum is "merchant" or "gateway"'),
        ("refund_sum = []", 'refund_sum is "merchant" or "gateway"'),
        ("refund_sum", "policy.toml"),
        (b"\xff", "policy.toml"),
    ],
    ids=[
        "unknown-key",
        "near-key",
        "unknown-way",
        "no-days",
        "bool-days",
        "text-days",
        "minutes",
        "refunds",
        "number-amount",
        "no-amount",
        "small-currency",
        "no-currency",
        "contradiction",
        "twice",
        "unknown-choice",
        "bool",
        "rules",
        "no-toml",
        "no-utf8",
    ],
)
def test_a_bad_file_says_what_it_may_say(tmp_path, text, complaint):
    with pytest.raises(PolicyError, match="policy file") as caught:
        read_policy(written(tmp_path, text))
    assert complaint in str(caught.value)


def test_a_missing_file_is_a_policy_error(tmp_path):
    with pytest.raises(PolicyError, match=r"none\.toml: No such file or directory$"):
        read_policy(tmp_path / "none.toml")


class SendsAnything(ReferenceAdapter):
    """Leaves it to the gateway what may be refunded, and books what the gateway says."""

    def configure(self, **settings):
        self.settings = settings
        return super().configure(**settings)

    def refund(self, now=None, **args):
        try:
            return super().refund(now=now, **args)
        except Refused:
            other = ReferenceAdapter()  # its books are empty: it has no reason to decline
            other.configure(**self.settings)
            return other.refund(now=now, **args)


@pytest.mark.parametrize("keeper", ["merchant", "gateway"])
def test_a_policy_makes_of_sending_a_remark(run_kit, tmp_path, keeper):
    path = written(tmp_path, f'refund_sum = "{keeper}"')
    others = "refused-repeat or any-history"  # always a SHOULD; judges nothing that the gateway keeps
    ran = run_kit(SendsAnything, f"money.refund.sum and not ({others})", policy=path)
    found = [result.finding for result in ran.results.values()]
    assert {finding.keyword for finding in found} == {None if keeper == "merchant" else "SHOULD"}
    assert ran.summary.fails("must") is (keeper == "merchant")
    assert ran.summary.fails("should")
    shown = render(ran.summary, "x")
    assert ("MUST money.refund.sum" in shown) is (keeper == "merchant")
    assert ("SHOULD money.refund.sum" in shown) is (keeper == "gateway")


def test_the_table_and_the_policy_name_the_same_keys():
    assert list(CHOICES) == [field.name for field in fields(Policy)]
    assert all(len(choice.ways) != 1 and choice.source for choice in CHOICES.values())


def test_a_report_tells_what_was_declared_and_a_replay_takes_it_back():
    policy = Policy(reply="SUCCESS", refund_period=360, currencies=("USD", "HKD"))
    told = policy.declared()
    assert told == {
        "refund_sum": "merchant",
        "cancel_window": "merchant",
        "reply": "SUCCESS",
        "refund_period": 360,
        "currencies": ["USD", "HKD"],
    }
    assert to_policy(told) == policy


@pytest.mark.parametrize("told", [{"reply": "x"}, {"__class__": "x"}, {"refund_period": 10**9}])
def test_a_forged_report_is_no_policy(told):
    with pytest.raises(PolicyError):
        to_policy(told)


def test_what_is_declared_open_is_not_a_remark():
    def asked(**words):
        return {case.id for case in all_cases(Plan(Policy(**words)))}

    assert asked() - asked(cancel_band="open") == {each for each in asked() if "window-band" in each}
    assert asked() - asked(cancel_after_refund="send") == {
        each for each in asked() if ".after-refund[" in each
    }
    assert asked() - asked(refund_period=90) == {"money.refund.period[half-a-year-later]"}
