"""docs/attacks.md says what the register, the cases and the zoo say; every attack has its animal."""

import re

from alipay_qr.presign import presign
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.checks.attacks import boundary
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.requirements import register
from zoo.attacks_page import PAGE, text


def test_the_page_is_as_written():
    assert PAGE.read_text("utf-8") == text(), "write it anew: python tests/zoo/attacks_page.py"


def test_every_attack_has_an_animal_that_falls():
    rows = [line.split(" | ") for line in text().splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) > 30
    assert [row[1] for row in rows if not re.search(r"[a-z]", row[-1])] == []


def test_every_money_rule_and_every_rejection_that_is_tested_stands_on_the_page():
    page = text()
    asked = [each for each in register() if re.match(r"money\.|notify\.reject|verify\.reject|response\.un", each)]
    tested = {case.requirement for case in all_cases(Plan(Policy()))}
    assert [each for each in asked if each in tested and f"`{each}`" not in page] == []


def test_a_moved_boundary_keeps_the_signed_text():
    fields = [("b", "2"), ("total_fee", "1.00"), ("subject", "x"), ("sign", "s"), ("empty", "")]
    moved = boundary.moved_into_the_value_before(fields, "total_fee")
    assert ("subject", "x&total_fee=1.00") in moved
    assert "total_fee" not in dict(moved)
    signed = [[pair for pair in each if pair[0] != "sign"] for each in (fields, moved)]
    assert presign(signed[0], "UTF-8") == presign(signed[1], "UTF-8")
