"""The searches of one run: what is explained is explained alike, what is not is bounded, and that is told."""

import hashlib

import pytest

from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.outcomes import WrongSign
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.rules import wrong_sign
from alipay_qr_conformance.rules.wrong_sign import Searches

KEYS = TestKeys()
PARAMS = {
    "_input_charset": "UTF-8", "out_trade_no": "", "partner": "2088021966388155",
    "service": "alipay.acquire.cancel", "timestamp": "1773021600",
}  # fmt: skip


def signed(number, faults, *, service=PARAMS["service"]):
    """Return the cancellation of a trade, signed with these mistakes."""
    pairs = PARAMS | {"out_trade_no": f"T{number}", "service": service}
    text = "&".join(f"{name}={pairs[name]}" for name in sorted(pairs, reverse="reversed" in faults))
    text += "&" if "trailing" in faults else ""
    text += "what nobody thinks of" if "odd" in faults else ""
    sign = hashlib.md5(f"{text}{KEYS.md5_key}".encode(), usedforsecurity=False).hexdigest()
    found = sign.upper() if "capitals" in faults else sign
    return WrongSign((*pairs.items(), ("sign_type", "MD5")), "UTF-8", "MD5", found)


@pytest.fixture
def tried(monkeypatch):
    """How many hypotheses each search has tried."""
    found, search = [], wrong_sign._search

    def watched(*args, **more):
        found.append(search(*args, **more))
        return found[-1]

    monkeypatch.setattr(wrong_sign, "_search", watched)
    return lambda: [each.tried for each in found]


@pytest.mark.parametrize(
    "faults", [("trailing",), ("reversed", "trailing"), ("capitals", "reversed", "trailing")], ids="+".join
)
def test_a_mistake_that_was_met_is_found_at_once_and_told_alike(faults, tried):
    run = Searches()
    first, second = (run.explained(signed(number, faults), KEYS) for number in (1, 2))
    assert first == second
    assert first.mistakes[-1] == "join.trailing"
    assert tried()[1] <= max(tried()[0], 400)


def test_mistakes_that_were_met_apart_are_found_together(tried):
    run = Searches()
    for faults in (("reversed",), ("trailing",), ("reversed", "trailing")):
        found = run.explained(signed(1, faults), KEYS)
    assert found.mistakes == ("order.insertion", "join.trailing")
    assert found == Searches().explained(signed(1, ("reversed", "trailing")), KEYS)
    assert tried()[-2] < 400 < tried()[-1]


def test_the_same_sign_is_searched_once(tried):
    run = Searches()
    for _ in range(2):
        assert run.explained(signed(1, ("trailing",)), KEYS).mistakes == ("join.trailing",)
    assert len(tried()) == 1


def test_of_one_service_two_signs_are_searched_in_vain_and_the_rest_is_told(monkeypatch, tried):
    monkeypatch.setattr(wrong_sign, "BUDGET", 2_000)
    run = Searches()
    assert not any(run.explained(signed(number, ("odd",)), KEYS) for number in range(2))
    assert run.remarks() == ()
    assert run.explained(signed(3, ("odd",)), KEYS) is None
    assert run.explained(signed(4, ("odd",), service="alipay.acquire.query"), KEYS) is None
    assert [each >= 2_000 for each in tried()] == [True, True, False, True]
    assert run.explained(signed(5, ("trailing",)), KEYS).mistakes == ("join.trailing",)
    (remark,) = run.remarks()
    assert remark.startswith("1 wrong signs were searched")
    assert in_both(remark).zh != remark
