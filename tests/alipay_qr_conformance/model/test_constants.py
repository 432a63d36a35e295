"""What a seed changes: the account, the shop's address, the moment and the price of a plain case; and ids."""

from decimal import Decimal

import pytest

from alipay_qr_conformance.model import constants
from alipay_qr_conformance.model.test_account import TestKeys

SEEDS = (1, 2, 7, 1031)
URL = "https://merchant.example/alipay/notify"


@pytest.mark.parametrize("seed", SEEDS)
def test_another_seed_has_other_values(seed):
    args = {"notify_url": URL, "biz_data": {"store_name": "Noodle Bar"}}
    given = constants.addressed(seed, args)
    assert given["notify_url"] != URL
    assert len(given["notify_url"]) == len(URL)
    assert given["biz_data"] is args["biz_data"]
    assert constants.price(seed) != constants.PRICE
    assert 10 <= float(constants.price(seed)) < 15  # less than what the cases call more, and as many digits
    assert constants.start(seed) < constants.START
    assert constants.start(seed).weekday() == constants.START.weekday()
    assert constants.start(seed).time() == constants.START.time()
    assert constants.start(seed) == constants.start(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_parts_of_a_plain_trade_make_its_whole_with_every_seed(seed):
    whole, part, rest, more, cent = (
        Decimal(constants.worth(seed, text)) for text in ("10.00", "6.00", "4.00", "4.01", "0.01")
    )
    assert part + rest == whole != 10
    assert (more - rest, cent) == (Decimal("0.01"), Decimal("0.01"))
    assert constants.worth(seed, "-5.00") == f"-{constants.worth(seed, '5.00')}"
    assert float(whole) - float(part) == float(rest)  # roundings have cases of their own


def test_seed_0_has_the_values_of_the_documentation():
    assert constants.addressed(0, {"notify_url": URL}) == {"notify_url": URL}
    assert (constants.price(0), constants.start(0)) == (constants.PRICE, constants.START)
    assert [constants.worth(0, text) for text in ("10.00", "301", "0")] == ["10.00", "301", "0"]
    assert TestKeys.drawn(0) == TestKeys()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sign_type", ["MD5", "RSA", "RSA2"])
def test_no_account_has_a_key_of_another_one(seed, sign_type):
    drawn = TestKeys.drawn(seed)
    accounts = [TestKeys(), drawn, drawn.another()]
    settings = [each.settings(sign_type) for each in accounts]
    for name in settings[0]:
        assert len({str(each[name]) for each in settings}) == len(accounts), name
