"""What a plain trade is paid, and what is asked back of it."""

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.model import constants
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.subjects.reference import ReferenceAdapter


def cases_of(seed, *parts):
    """Return the cases whose ids have one of these parts."""
    return [case for case in all_cases(Plan(Policy(), seed=seed)) if any(each in case.id for each in parts)]


class Told(ReferenceAdapter):
    """Keeps the amounts that it is asked for."""

    asked = ()

    def refund(self, *args, **more):
        type(self).asked += (more["refund_amount"],)
        return super().refund(*args, **more)


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_the_seed_draws_the_amounts_of_a_plain_trade_and_no_others(run_kit, seed, monkeypatch):
    monkeypatch.setattr(Told, "asked", ())
    chosen = ("refund.repeat[after-success]", "refund.exact[cents]", "above-the-rest-of-an-accepted")
    ran = run_kit(Told, cases=cases_of(seed, *chosen), seed=seed)
    assert ran.verdicts() == {"pass"}
    assert len(ran.results) == 3
    drawn = {constants.worth(seed, text) for text in ("10.00", "4.00", "6.00", "4.01")}
    assert set(Told.asked) == drawn | {"0.01"}


@pytest.mark.parametrize(("seed", "found"), [(0, "12.49"), (7, None)])
def test_what_is_close_to_the_price_is_as_close_with_each_seed(run_kit, seed, found):
    class Believes(ReferenceAdapter):
        def expect(self, **_):
            return {}

    ran = run_kit(Believes, cases=cases_of(seed, "notify.validate.amount[a-cent-less]"), seed=seed)
    (told,) = ran.findings().values()
    less = found or f"{float(constants.price(seed)) - 0.01:.2f}"
    assert f"{less} USD" in told
