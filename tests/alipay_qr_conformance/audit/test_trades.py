"""Histories of trades: what each is accused of, and that right ones are accused of nothing."""

from datetime import timedelta

import pytest
from audit_recordings import (
    DONE,
    FAILED,
    NOON,
    UNKNOWN,
    asked,
    cancel,
    news,
    refund,
    signed,
    told,
)

HOUR = timedelta(hours=1)
MIDNIGHT = NOON + timedelta(hours=12)


def paid(**changes):
    return told(signed(news(**changes)))


def refunded(refund_id="R1", amount="10.00", reply=DONE, after=HOUR, **changes):
    return asked(signed(refund(refund_id=refund_id, amount=amount, **changes)), reply, NOON + after)


def cancelled(at, reply=DONE, **changes):
    return asked(signed(cancel(at=at, **changes)), reply, at)


RIGHT = {
    "refunds to the last cent": [paid(), refunded("R1", "10.00"), refunded("R2", "20.00")],
    "the same refund again": [paid(), refunded(), refunded(after=2 * HOUR)],
    "the same amount in another form": [paid(), refunded(amount="10.00"), refunded(amount="10")],
    "a refused refund binds no money": [paid(), refunded("R1", "30.00", FAILED), refunded("R2", "30.00")],
    "an asynchronous refund and its news": [
        paid(),
        refunded(is_sync=None),
        told(
            signed(
                news(
                    notify_id="n2",
                    notify_action_type="refundFPAction",
                    refund_status="REFUND_SUCCESS",
                    out_biz_no="R1",
                    refund_fee="10.00",
                )
            )
        ),
    ],
    "an unanswered refund, repeated": [paid(), refunded(reply=UNKNOWN), refunded(after=2 * HOUR)],
    "cancelled at the last second": [paid(), cancelled(MIDNIGHT - timedelta(seconds=1))],
    "cancelled twice": [paid(), cancelled(NOON + HOUR), cancelled(NOON + 2 * HOUR)],
    "a cancel in time, unanswered, and repeated on the next day": [
        paid(),
        cancelled(MIDNIGHT - HOUR, UNKNOWN),
        cancelled(MIDNIGHT + HOUR),
    ],
    "never paid and cancelled": [cancelled(NOON)],
    "a refused cancel, then a refund": [paid(), cancelled(NOON + HOUR, FAILED), refunded(after=2 * HOUR)],
    "told twice and acknowledged twice": [paid(), paid()],
    "refused at first, acknowledged then": [
        told(signed(news()), "busy"),
        told(signed(news()), at=NOON + HOUR),
    ],
    "recorded before its payment": [refunded(), paid()],
    "some refused": [paid(), *[told(signed(news(trade=f"X{number}")), "fail") for number in range(5)]],
}

WRONG = {
    "one cent too much": (
        [paid(), refunded("R1", "10.00"), refunded("R2", "20.01")],
        {"MUST money.refund.sum": 1},
    ),
    "too much, and refused": (
        [paid(), refunded("R1", "10.00"), refunded("R2", "20.01", FAILED)],
        {"SHOULD money.refund.sum": 1},
    ),
    "too much with an unanswered one": (
        [paid(), refunded("R1", "20.00", UNKNOWN), refunded("R1", "20.00", UNKNOWN), refunded("R2", "10.01")],
        {"MUST money.refund.sum": 1},
    ),
    "after everything was refunded": (
        [paid(), refunded("R1", "30.00"), refunded("R2", "0.01")],
        {"MUST money.refund.sum": 1},
    ),
    "refund after a cancel": (
        [paid(), cancelled(NOON + HOUR), refunded(after=2 * HOUR)],
        {"MUST money.refund.sum": 1},
    ),
    "another currency": ([paid(), refunded(currency="HKD")], {"MUST money.refund.currency": 1}),
    "the id of the trade": (
        [paid(), refunded("T1")],
        {"MUST money.refund.ids-differ": 1},
    ),
    "an id with other data": (
        [paid(), refunded("R1", "10.00"), refunded("R1", "11.00")],
        {"MUST money.refund.same-id": 1},
    ),
    "another id after an unknown outcome": (
        [paid(), refunded("R1", "10.00", UNKNOWN), refunded("R2", "10.00", after=2 * HOUR)],
        {"SHOULD money.refund.one-id": 1},
    ),
    "cancelled on the next day": (
        [paid(), cancelled(MIDNIGHT + timedelta(minutes=15))],
        {"MUST money.cancel.window": 1},
    ),
    "late and refused": (
        [paid(), cancelled(MIDNIGHT + HOUR, FAILED)],
        {"SHOULD money.cancel.window": 1},
    ),
    "in the first minutes of the next day": (
        [paid(), cancelled(MIDNIGHT + timedelta(minutes=14))],
        {"SHOULD money.cancel.window-band": 1},
    ),
    "cancelled after a refund": (
        [paid(), refunded(), cancelled(NOON + 2 * HOUR)],
        {"SHOULD money.cancel.after-refund": 1},
    ),
    "the trade_no of another payment": (
        [paid(), cancelled(NOON + HOUR, trade_no="2026111022009999999999999999")],
        {"MUST money.cancel.own-trade": 1},
    ),
    "two amounts of one payment": (
        [paid(), told(signed(news(total="31.00", notify_id="n2")))],
        {"MUST notify.validate.amount": 1},
    ),
    "never acknowledged": (
        [told(signed(news()), "fail", NOON + number * HOUR) for number in range(8)],
        {"MUST notify.genuine": 1},
    ),
    "none of three acknowledged": (
        [told(signed(news(trade=f"T{number}")), "<html>") for number in range(3)],
        {"MUST notify.genuine": 3},
    ),
    "acknowledged, then refused": (
        [paid(), told(signed(news()), "fail", NOON + HOUR)],
        {"MUST notify.once.acknowledged": 1},
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_histories(audit, accused, name):
    report = audit(RIGHT[name])
    assert accused(report) == {}
    assert report["exit"] == 0


@pytest.mark.parametrize("name", WRONG)
def test_wrong_histories(audit, accused, name):
    records, expected = WRONG[name]
    report = audit(records)
    assert accused(report) == expected
    assert report["exit"] == any(each.startswith("MUST") for each in expected)


def test_order_of_the_file_makes_no_difference(audit, accused):
    records, expected = WRONG["another id after an unknown outcome"]
    assert accused(audit(records[::-1])) == expected


def test_a_finding_shows_its_trade(audit):
    records, _ = WRONG["one cent too much"]
    (finding,) = audit(records)["findings"]
    assert finding["trade"] == "T1"
    assert [(each["event"], each.get("amount"), each["place"]["line"]) for each in finding["timeline"]] == [
        ("notification", "30.00", 1),
        ("refund", "10.00", 2),
        ("refund", "20.01", 3),
    ]
    assert [(place["line"], place["offset"]) for place in finding["places"]] == [
        (3, finding["places"][0]["offset"])
    ]
    assert finding["places"][0]["offset"] > 0


@pytest.mark.parametrize(
    ("records", "requirement", "reason"),
    [
        ([refunded()], "money.refund.sum", "no-payment"),
        ([told(signed(news(), "k" * 32)), refunded()], "money.refund.sum", "payment-forged"),
        (
            [paid(), cancelled(NOON + HOUR, UNKNOWN), refunded(after=2 * HOUR)],
            "money.refund.sum",
            "cancel-undecided",
        ),
        ([told(signed(news()), "fail")], "notify.genuine", "recording-ends"),
        ([told(signed(news()), None)], "notify.genuine", "reply-not-recorded"),
        ([paid(), {**cancelled(NOON), "time": "yesterday"}], "money.cancel.window", "no-time"),
    ],
    ids=["no payment", "forged payment", "undecided cancel", "end of recording", "no reply", "no time"],
)
def test_what_has_no_proof_is_not_judged(audit, records, requirement, reason):
    report = audit(records)
    (row,) = [each for each in report["judged"] if each["requirement"] == requirement]
    assert row["not_judged"] == {reason: 1}
    assert row["judged"] == row["broken"] == 0


def test_a_hot_trade_is_told_and_not_judged(audit, monkeypatch):
    monkeypatch.setattr("alipay_qr_conformance.audit.trades.MOST_EVENTS", 5)
    report = audit([paid(), *[refunded(f"R{n}", "10.00") for n in range(6)]])
    assert report["findings"] == []
    (row,) = [each for each in report["judged"] if each["requirement"] == "money.refund.sum"]
    assert row["not_judged"] == {"hot-trade": 1}
