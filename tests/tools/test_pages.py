"""Computed pages are as their generators write them, and say what the register and the merchants say."""

import re

import pytest

import alipay_qr
from alipay_qr.presign import presign
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.checks.notify.validate import moved_into_the_value_before
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.requirements import register
from tools.pages import api, policy, proof
from tools.pages.__main__ import PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.PAGE.stem)
def test_a_page_is_as_written(page):
    assert page.PAGE.read_text("utf-8") == page.text(), "write it anew: make pages"


def test_every_attack_has_a_merchant_that_falls():
    falls = proof.fallen()
    assert len(proof.attacked()) > 30
    assert [name for name in proof.attacked() if not falls[name]] == []


def test_every_rejection_that_is_tested_is_an_attack():
    asked = [each for each in register() if re.match(r"notify\.reject|verify\.reject|response\.un", each)]
    tested = {case.requirement for case in all_cases(Plan(Policy()))}
    assert {*asked} & tested <= {*proof.attacked()}


def test_every_public_name_is_told():
    page = api.text()
    names = [name for name in alipay_qr.__all__ if not name.startswith("_")]
    assert [name for name in names if not re.search(rf"`{name}\b", page)] == []
    assert "GatewayFixture" in page


def test_a_moved_boundary_keeps_the_signed_text():
    fields = [("b", "2"), ("total_fee", "1.00"), ("subject", "x"), ("sign", "s"), ("empty", "")]
    moved = moved_into_the_value_before(fields, "total_fee")
    assert ("subject", "x&total_fee=1.00") in moved
    assert "total_fee" not in dict(moved)
    signed = [[pair for pair in each if pair[0] != "sign"] for each in (fields, moved)]
    assert presign(signed[0], "UTF-8") == presign(signed[1], "UTF-8")


def test_every_key_of_a_policy_has_a_merchant_that_breaks_its_word():
    assert not [line for line in policy.text().splitlines() if line.endswith("|  |")]
