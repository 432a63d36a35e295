"""A hang is told by the case that met it first; the others name that case."""

import pytest

from alipay_qr_conformance.model.outcomes import Blocked
from alipay_qr_conformance.testbed.hangs import Hangs

FIRST = "money.refund.sum[exact]"
VERIFY = ("notify_verify", "")


@pytest.fixture
def hangs():
    found = Hangs()
    found.expect_first("notify", VERIFY, FIRST)
    return found


@pytest.mark.parametrize(
    ("op", "exchange", "case"),
    [
        pytest.param("notify", VERIFY, FIRST, id="in-the-same-case"),
        pytest.param("refund", VERIFY, "notify.genuine[plain]", id="of-another-operation"),
        pytest.param("notify", ("notify_verify", "drop"), "notify.genuine[plain]", id="under-another-fault"),
        pytest.param("notify", ("", ""), "notify.genuine[plain]", id="without-an-exchange"),
    ],
)
def test_another_hang_is_told_by_its_own_case(hangs, op, exchange, case):
    hangs.expect_first(op, exchange, case)
    with pytest.raises(Blocked):
        hangs.expect_first("notify", VERIFY, "response.genuine[plain]")


def test_the_same_hang_names_the_case_that_told_it(hangs):
    with pytest.raises(Blocked) as caught:
        hangs.expect_first("notify", VERIFY, "response.genuine[plain]")
    assert caught.value.reason.en == f"not judged: notify did not answer here either, see {FIRST}"
    assert caught.value.blames == ("money.refund.sum", "[exact]")


def test_before_the_first_case_nothing_is_told():
    hangs = Hangs()
    hangs.expect_first("notify", VERIFY, "")
    hangs.expect_first("notify", VERIFY, FIRST)
    with pytest.raises(Blocked):
        hangs.expect_first("notify", VERIFY, "response.genuine[plain]")
