"""The parts of the black box by themselves: what is seen, whose request it is, what the ledger says."""

from datetime import datetime, timedelta
from decimal import Decimal
from fnmatch import fnmatchcase

import pytest
import requests

from alipay_qr.wire import Request
from alipay_qr.wire.form import encode_form
from alipay_qr_conformance.blackbox import Box, cases
from alipay_qr_conformance.blackbox.answering import at_best
from alipay_qr_conformance.blackbox.runner import box_runner
from alipay_qr_conformance.blackbox.visibility import ROWS
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.gateway import Answer, Record, faults
from alipay_qr_conformance.model.requirements import register
from faulty.shops import BEIJING, Shop

NOON = datetime(2026, 3, 9, 12, tzinfo=BEIJING)
SUCCESS = b"<result_code>SUCCESS</result_code>"
CANCEL, REFUND = "alipay.acquire.cancel", "alipay.acquire.overseas.spot.refund"


@pytest.fixture
def runner():
    found = box_runner(Box("http://127.0.0.1:9/notify", 0), plan(RunOptions()))
    yield found
    found.close()


def record(service, at=NOON, body=SUCCESS, code="", fault="", **params):
    query = encode_form({"service": service, "_input_charset": "UTF-8", **params}, "UTF-8").encode()
    return Record(
        Request("GET", query), "UTF-8", service, (), verified=True, answer=Answer(body), at=at, code=code,
        carried_out=not code, fault=fault,
    )  # fmt: skip


def test_every_row_about_sight_concerns_a_case(runner):
    ids = [case.id for case in runner.cases()]
    assert len(set(ids)) == len(ids)
    for row in ROWS:
        assert any(fnmatchcase(each, row.pattern) for each in ids), row


def test_every_case_of_its_own_is_of_a_tested_requirement(runner):
    rows = register()
    for case in cases.cases(runner.plan, {}):
        assert rows[case.requirement].excluded is None


@pytest.mark.parametrize(
    ("fault", "known"),
    [
        (None, "success"),
        (faults.business_error("SELLER_BALANCE_NOT_ENOUGH", "REFUND"), "failed"),
        (faults.gateway_error("ILLEGAL_SIGN"), "failed"),
        (faults.gateway_error("SYSTEM_ERROR"), "unknown"),
        (faults.wrong_signature(), "unknown"),
        (faults.drop(), "unknown"),
        (faults.truncated(60), "unknown"),
        (faults.http_status(500), "unknown"),
    ],
    ids=["success", "failure", "gateway-error", "system-error", "unproved", "drop", "truncated", "status"],
)
def test_what_a_merchant_can_know_at_best(runner, fault, known):
    bed = runner.testbed
    shop = Shop("")
    try:
        with bed.gateway() as session:
            shop.gateway, trade = session.url, bed.fresh("T")
            session.engine.pay(None, "10.00", "USD", session.now, out_trade_no=trade)
            shop.book({
                "trade_status": "TRADE_SUCCESS", "out_trade_no": trade, "total_fee": "10.00",
                "trans_currency": "USD", "gmt_payment": "2026-03-09 10:00:00",
            })  # fmt: skip
            if fault:
                session.inject(fault, "refund")
            shop.press_refund({"out_trade_no": trade, "refund_amount": "4.00", "partner_refund_id": "R-1"})
            (found,) = session.records
    finally:
        shop.close()
    assert at_best(found, bed.answering._account(bed)) == known


def refund(number, amount, trade="T1", **more):
    return record(REFUND, partner_trans_id=trade, partner_refund_id=number, refund_amount=amount, **more)


def cancel(trade="T1", **more):
    return record(CANCEL, out_trade_no=trade, **more)


@pytest.mark.parametrize(
    ("records", "broken"),
    [
        ([refund("R1", "4.00"), refund("R2", "6.00")], []),
        ([refund("R1", "4.00"), refund("R1", "4.00"), refund("R2", "6.00")], []),
        ([refund("R1", "4.00"), refund("R2", "6.01")], ["money.refund.sum"]),
        ([refund("R1", "4.00", body=b""), refund("R2", "10.00")], []),
        ([refund("R1", "x")], []),
        ([refund("R1", "99.00", trade="T-of-nobody"), cancel("T-of-nobody")], []),
        ([cancel(), refund("R1", "1.00")], ["money.refund.sum"]),
        ([cancel(body=b""), refund("R1", "1.00")], []),
        ([refund("R1", "1.00"), cancel()], ["money.cancel.after-refund"]),
        ([cancel(at=NOON + timedelta(hours=11, minutes=59))], []),
        ([cancel(at=NOON + timedelta(hours=12))], ["money.cancel.window"]),
    ],
)
def test_the_ledger_of_what_was_observed(records, broken):
    paid = {"T1": (Decimal("10.00"), NOON)}
    assert [each for each, _, _ in cases.breaches(records, paid)] == broken


def test_a_late_request_disturbs_no_other_case(runner):
    bed = runner.testbed
    with bed.gateway() as first:
        trade = bed.fresh("T")
        first.engine.pay(None, "10.00", "USD", first.now, out_trade_no=trade)
    with bed.gateway() as second:
        shop = Shop(runner.testbed.gateway_url)
        try:
            assert shop.call(CANCEL, {"timestamp": shop.now(), "out_trade_no": trade}) == "SUCCESS"
        finally:
            shop.close()
        assert second.records == []
    assert [each.service for each in bed.answering.late] == [CANCEL]
    assert first.engine.trades.get(trade).state == "cancelled"


def test_between_two_cases_nobody_is_served(runner):
    with requests.Session() as http:
        http.trust_env = False
        assert http.get(runner.testbed.gateway_url, timeout=5).status_code == 404
