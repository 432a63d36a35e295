"""Whatever the network does, the merchant's books never claim more than the gateway's, and forget nothing."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.account import test_account as sandbox
from alipay_qr.errors import OutcomeUnknown, RuleError
from alipay_qr.ledger import State
from alipay_qr.merchant import Merchant
from alipay_qr.wire import Request, post_parts
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.gateway.engine.engine import Engine

FAULTS = {
    "none": None,
    "lost-before": lambda: faults.drop(commit=False),
    "lost-after": faults.drop,
    "status-500": lambda: faults.http_status(500),
    "html": lambda: faults.body(b"<html>busy</html>"),
    "system-error": lambda: faults.gateway_error("SYSTEM_ERROR", commit=True),
    "system-error-before": lambda: faults.gateway_error("SYSTEM_ERROR", commit=False),
    "business-system-error": lambda: faults.business_error("SYSTEM_ERROR", commit=True),
    "unknown-result": faults.unknown_result,
    "wrong-sign": faults.wrong_signature,
    "no-sign": faults.missing_signature,
    "tampered": lambda: faults.tampered({"result_code": "FAIL"}),
    "swapped": faults.swapped_signature,
}


class Line:
    """The merchant's way to the gateway, without sockets."""

    def __init__(self, engine, clock):
        self.engine, self.clock = engine, clock

    def check(self, url):
        pass

    def send(self, url, params, charset):
        target, body, content_type = post_parts(url, params, charset)
        request = Request("POST", target.partition("?")[2].encode(), body, content_type)
        answer = self.engine.handle(request, self.clock())
        if answer.drop or answer.status != 200:
            raise OutcomeUnknown("lost", code="test")
        return answer.body


class World:
    def __init__(self, clock):
        self.clock = clock
        self.engine = Engine(partner=TEST_PARTNER, md5_key=TEST_MD5_KEY)
        self.merchant = Merchant(sandbox(), "https://gateway.example/", "https://shop.example/n", clock=clock)
        self.merchant._sender = Line(self.engine, clock)
        self.engine.pay(None, "10.00", "USD", clock(), out_trade_no="T1")

    def tell(self, **_):
        body, content_type = self.engine.notifications.make("T1", self.clock())
        assert self.merchant.receive_notification(body, content_type) == "success"

    def settle(self, number, **_):
        if (refund := f"R{number}") in self.truth:
            body, content_type = self.engine.notifications.make_refund("T1", refund, self.clock())
            assert self.merchant.receive_notification(body, content_type) == "success"

    def refund(self, number, sync):
        amount = ("3.00", "4.00", "10.00", "6.00")[number]
        self.merchant.refund("T1", f"R{number}", amount, "USD", is_sync="Y" if sync else "N")

    def cancel(self, **_):
        self.merchant.cancel("T1")

    def wait(self, **_):
        self.clock.now += timedelta(hours=7)

    @property
    def truth(self):
        return {each.partner_refund_id: each for each in self.engine.trades.get("T1").refunds}

    def check(self):
        record, trade = self.merchant.trade("T1"), self.engine.trades.get("T1")
        booked = {each.partner_refund_id: each for each in record.refunds}
        for number, refund in booked.items():
            assert not refund.done or self.truth[number].done, "a refund is booked that was not made"
        for number, refund in self.truth.items():
            assert booked[number].amount == refund.amount, "a refund was forgotten"
        if record.state == "cancelled":
            assert trade.state is State.CANCELLED
        if trade.state is State.CANCELLED:
            assert record.state in ("cancelled", "undecided")
        assert record.refunded <= trade.refunded
        assert record.paid <= trade.total
        assert record.fulfilled <= 1


steps = st.tuples(
    st.sampled_from(["tell", "settle", "refund", "refund", "cancel", "cancel", "wait"]),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from(sorted(FAULTS)),
)


@pytest.mark.parametrize("told_first", [True, False], ids=["notified", "never-seen"])
def test_the_books_never_part_from_the_truth(told_first, make_clock):
    met = Counter()

    @settings(max_examples=150)
    @given(st.lists(steps, max_size=12))
    def run(story):
        world = World(make_clock())
        if told_first:
            world.tell()
        for op, number, sync, fault in story:
            world.engine.clear_faults()
            if FAULTS[fault] is not None:
                world.engine.inject(FAULTS[fault]())
            try:
                getattr(world, op)(number=number, sync=sync)
            except RuleError as refused:
                met[refused.code] += 1
            world.check()
        met[world.merchant.trade("T1").state] += 1

    run()
    assert {"cancelled", "undecided"} <= met.keys()
    assert met.keys() & {"partly_refunded", "refunded", "none"}


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("op", ["refund", "cancel"])
def test_a_repeat_brings_books_and_truth_together(op, fault, make_clock):
    world = World(make_clock())
    world.tell()
    if FAULTS[fault] is not None:
        world.engine.inject(FAULTS[fault]())
    getattr(world, op)(number=0, sync=True)
    world.check()
    getattr(world, op)(number=0, sync=True)
    world.check()
    assert world.merchant.trade("T1").state == world.engine.trades.get("T1").state.value
    assert world.merchant.trade("T1").refunded == world.engine.trades.get("T1").refunded
    assert not world.merchant.trade("T1").pending
