"""A policy file: the traffic is held against what it declares, where a message shows it."""

import pytest
from audit_recordings import DONE, FAILED, NOON, asked, cancel, form, news, refund, signed, told

from alipay_qr_conformance import cli

GET = asked(signed(cancel()))
POST = {**GET, "method": "POST"}
PAID = told(signed(news()))
TOO_MUCH = asked(signed(refund(amount="30.01")), DONE, NOON)
SHOUTED = told(signed(news()), reply="SUCCESS")
BLANK = told(signed(news()), reply=" success")
LOGGED = (
    '10.0.0.1 - - [10/Nov/2026:12:00:00 +0800] "POST /notify HTTP/1.1" 200 7 "-" "Mozilla/4.0" '
    f'"{form(signed(news()))}"\n'
)


def refunded(**changes):
    return asked(signed(refund(**changes)))


SHOWN = {
    "method": ('method = "GET"', GET, {**GET, "method": "POST"}, "policy.method"),
    "is_sync": ('is_sync = "absent"', refunded(is_sync=None), refunded(is_sync="N"), "policy.is-sync"),
    "explicit": ('is_sync = "explicit"', refunded(is_sync="N"), refunded(is_sync=None), "policy.is-sync"),
    "url": (
        'refund_notify_url = "always"',
        refunded(),
        refunded(notify_url=None),
        "policy.refund-notify-url",
    ),
    "url later": (
        'refund_notify_url = "asynchronous"',
        refunded(notify_url=None),
        refunded(),
        "policy.refund-notify-url",
    ),
    "timestamp": (
        'cancel_timestamp = "date"',
        GET,
        asked(signed(cancel(timestamp=str(int(NOON.timestamp() * 1000))))),
        "policy.cancel-timestamp",
    ),
    "amount": (
        'amount_form = "fixed"',
        refunded(amount="1.50"),
        refunded(amount="1.5"),
        "policy.amount-form",
    ),
    "reply": ('reply = "success"', PAID, SHOUTED, "policy.reply"),
}


@pytest.fixture
def held(audit, tmp_path):
    """Audit records under a policy."""

    def run(policy, *records):
        path = tmp_path / "policy.toml"
        path.write_text(policy)
        recording = records[0] if isinstance(records[0], str) else records
        return audit(recording, "--policy", str(path))

    return run


@pytest.mark.parametrize(("policy", "kept", "broken", "requirement"), SHOWN.values(), ids=SHOWN)
def test_what_a_message_shows(held, accused, policy, kept, broken, requirement):
    report = held(policy, kept)
    assert accused(report) == {}
    assert {each["requirement"]: each["judged"] for each in report["judged"]}[requirement] == 1
    report = held(policy, broken, kept, broken)
    assert accused(report).get(f"MUST {requirement}") == 2
    (place,) = {each["line"] for each in report["findings"][0]["places"][:1]}
    assert place == 1
    assert "policy declares" in report["stdout"]


@pytest.mark.parametrize(
    ("policy", "records"),
    [
        ('amount_form = "short"', [refunded(amount="10.00"), refunded(amount="1.25"), refunded(amount="7")]),
        ('refund_notify_url = "never"', [refunded(), refunded(notify_url=None)]),
        ('is_sync = "explicit"', [refunded()]),
        ('reply = "SUCCESS"', [LOGGED]),
        ('cancel_timestamp = "date"', [refunded()]),
        ('late_cancel = "refund"', [GET]),
    ],
    ids=["whole amounts", "never", "at once", "seven bytes", "no cancel", "no message shows it"],
)
def test_what_no_message_shows_is_not_judged(held, policy, records):
    report = held(policy, *records)
    judged = {each["requirement"]: each["judged"] for each in report["judged"]}
    name = f"policy.{policy.partition(' ')[0].replace('_', '-')}"
    assert judged[name] == (1 if "short" in policy else 0)


@pytest.mark.parametrize(
    ("policy", "keyword", "code"),
    [("", "MUST", cli.FINDINGS), ('refund_sum = "gateway"', "SHOULD", cli.CONFORMS)],
    ids=["not declared", "left to the gateway"],
)
def test_who_keeps_the_sum_of_refunds(held, accused, policy, keyword, code):
    report = held(policy, PAID, TOO_MUCH)
    assert accused(report) == {f"{keyword} money.refund.sum": 1}
    assert report["exit"] == code


@pytest.mark.parametrize(
    ("policy", "keyword"), [("", "MUST"), ('cancel_window = "gateway"', "SHOULD")], ids=["own", "gateway"]
)
def test_who_keeps_the_window_of_cancels(held, accused, policy, keyword):
    from datetime import timedelta

    late = NOON + timedelta(days=1)
    report = held(policy, PAID, asked(signed(cancel(at=late)), DONE, late))
    assert accused(report) == {f"{keyword} money.cancel.window": 1}


def test_a_policy_that_cannot_be_used(held):
    report = held('method = "PUT"', GET)
    assert report["exit"] == cli.USAGE
    assert "method" in report["stderr"]
    assert held('refund_sum = "gateway"', PAID, asked(signed(refund(amount="30.01")), FAILED))["exit"] == 0
