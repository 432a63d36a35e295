import pytest

from alipay_qr_conformance import Refused
from alipay_qr_conformance.policy import Policy, PolicyError, read_policy
from alipay_qr_conformance.reference import ReferenceAdapter
from alipay_qr_conformance.report.terminal import render


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
        ('refund = "gateway"', "unknown key 'refund'; known are refund_sum, cancel_window"),
        ('refund_sum = "nobody"', 'refund_sum is "merchant" or "gateway"'),
        ("refund_sum = true", 'refund_sum is "merchant" or "gateway"'),
        ("refund_sum = []", 'refund_sum is "merchant" or "gateway"'),
        ("refund_sum", "policy.toml"),
        (b"\xff", "policy.toml"),
    ],
    ids=["unknown-key", "unknown-choice", "bool", "list", "no-toml", "no-utf8"],
)
def test_a_bad_file_says_what_it_may_say(tmp_path, text, complaint):
    with pytest.raises(PolicyError, match="policy file") as caught:
        read_policy(written(tmp_path, text))
    assert complaint in str(caught.value)


def test_a_missing_file_is_a_policy_error(tmp_path):
    with pytest.raises(PolicyError):
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
    ran = run_kit(SendsAnything, "money.refund.sum", policy=path)
    found = [result.finding for result in ran.results.values()]
    assert {finding.keyword for finding in found} == {None if keeper == "merchant" else "SHOULD"}
    assert ran.summary.fails("must") is (keeper == "merchant")
    assert ran.summary.fails("should")
    shown = render(ran.summary, "x")
    assert ("MUST money.refund.sum" in shown) is (keeper == "merchant")
    assert ("SHOULD money.refund.sum" in shown) is (keeper == "gateway")
