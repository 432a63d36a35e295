import pytest

from alipay_qr_conformance.subjects.operations import BARRIERS, OPERATIONS, check_result


@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("sign", {"sign": "x", "unknown": True}),
        ("verify", {"valid": False}),
        ("presign", {"text": ""}),
        ("presign", {"base64": "", "text": None}),
        ("cancel", {"outcome": "unknown", "code": None}),
        ("notify", {"reply": {"base64": "AA=="}}),
        ("reset", {}),
        ("teleport", {"anything": True}),
    ],
)
def test_a_result_as_it_should_be(op, value):
    assert check_result(op, value) is None


@pytest.mark.parametrize(
    ("op", "value", "words"),
    [
        ("sign", {}, "lacks sign: expected a string"),
        ("sign", {"sign": None}, "lacks sign"),
        ("sign", {"sign": True}, "is a boolean: expected a string"),
        ("verify", {"valid": "false"}, "'false': expected true or false"),
        ("presign", {}, "has 0 of text and base64"),
        ("presign", {"text": "a", "base64": "b"}, "has 2 of text and base64"),
        ("cancel", {"outcome": "SUCCESS"}, "expected one of success, accepted, failed, unknown"),
        ("cancel", {"outcome": ["success"]}, "is a list"),
        ("cancel", {"outcome": "success", "action": "none"}, "expected one of close, refund"),
        ("notify", {"reply": {"base64": True}}, "is a dict"),
        ("trade", {"state": "done"}, "expected one of none, waiting"),
        ("hello", {}, "lacks protocol"),
    ],
)
def test_what_is_wrong_is_said(op, value, words):
    assert words in check_result(op, value)


def test_hostile_values_are_shown_short_and_printable():
    text = check_result("cancel", {"outcome": "\x1b\u9000" * 1000})
    assert text.isascii()
    assert "\x1b" not in text
    assert len(text) < 1000


def test_what_sends_is_not_asked_again():
    assert {each.name for each in OPERATIONS.values() if each.pure} == {"presign", "sign", "verify"}
    assert not any(each.pure and each.sends for each in OPERATIONS.values())
    assert set(OPERATIONS) >= BARRIERS
