"""Shops that know nothing of the kit: healthy ones pass, each faulty one fails for its fault alone."""

import re
import time

import pytest

from alipay_qr_conformance.blackbox.answering import MAX_HANGS
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.subjects import Bounds
from faulty import shops
from faulty.shops import SHOPS, Shop

pytestmark = pytest.mark.runtime("bash")
DIRECTED = "not any-"
"""The properties meet one healthy shop, and whom they alone expose: they cost more than all else."""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Shop", "ChoosesIds", "InGbk", "InRsa2"])
def test_a_healthy_shop_has_no_finding(see, name):
    keys = TestKeys()
    shops.InRsa2.own = keys.merchant_private("RSA")
    shops.InRsa2.alipay = keys.alipay_private("RSA").public_key()
    seen = see(getattr(shops, name), None if name == "Shop" else DIRECTED)
    assert seen.told() == {}
    assert seen.cases(Verdict.BLOCKED) == []
    judged = set(seen.cases(Verdict.PASS))
    assert {
        f"request.carried-out[cancel-paid/{seen.runner.answering.box.sign_type}/UTF-8]",
        f"notify.genuine[plain/{seen.runner.answering.box.sign_type}/UTF-8]",
        "notify.validate.seller[other-seller]",
        "response.redirect[refund]",
        "response.hostile[then-deep]",
        "money.cancel.window[paid-yesterday]",
        "money.refund.exact[three-thirds]",
        "money.refund.one-id[asked-again]",
    } <= judged
    assert len(judged) > 200
    assert ("money.refund.repeat[after-unproved]" in judged) is (name != "ChoosesIds")


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHOPS.values(), ids=SHOPS)
def test_a_faulty_shop_fails_for_its_fault_alone(see, kind):
    of_notifications = all(each.startswith("notify.") for each in kind.breaks)
    about = "notify" if of_notifications else "(request or money or response)"
    if not any("any-" in each for each in kind.breaks):
        about += f" and {DIRECTED}"
    seen = see(kind, about, drive=not of_notifications)
    assert seen.broken() == set(kind.breaks), kind.fault


def test_without_commands_notifications_are_judged_and_the_rest_says_why_not(see):
    seen = see(Shop, "plain or sign.order or refund-partial", drive=False)
    assert seen.told() == {}
    assert "notify.genuine[plain/MD5/UTF-8]" in seen.cases(Verdict.PASS)
    assert seen.summary.level == 0
    reasons = seen.reasons(Verdict.UNSUPPORTED)
    assert "a black box cannot be asked for sign: only what it sends and replies is seen" in reasons
    assert "no command makes the black box send this (refund); see --drive" in reasons


def test_what_a_command_does_not_tell_is_not_judged(see):
    seen = see(shops.ChoosesIds, "money.refund.same-id or request.values-verbatim", drive=True)
    reasons = seen.reasons(Verdict.UNSUPPORTED)
    assert "the command that drives refund does not tell the shop partner_refund_id" in reasons
    assert "the command that drives create_qr_code does not tell the shop biz_data" in reasons
    assert seen.told() == {}


@pytest.mark.parametrize(
    ("kind", "verdict", "detail"),
    [
        (shops.Hangs, Verdict.HANG, "the shop did not end notify within 0.3 s"),
        (shops.Trickles, Verdict.HANG, "the shop did not end notify within 0.3 s"),
        (
            shops.Floods,
            Verdict.FAIL,
            "the reply has something around success, or writes it otherwise: the word alone acknowledges",
        ),
        (shops.Closes, Verdict.FAIL, "a genuine notification was refused"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_hostile_shop_costs_cases_and_never_the_run(see, kind, verdict, detail):
    began = time.monotonic()
    seen = see(
        kind,
        "notify.genuine or boundary",
        drive=False,
        sign_type="MD5",
        charset="UTF-8",
        bounds=Bounds(local=0.3),
    )
    told = set(seen.told().values())
    assert told == {(str(verdict), detail)}
    assert seen.runner.answering.box.hangs <= MAX_HANGS
    assert not seen.cases(Verdict.PASS)
    assert time.monotonic() - began < 60


def test_a_shop_that_ends_in_the_middle_is_told_so_first(see):
    seen = see(shops.EndsOnALostAnswer, "asked-again or money.refund.sum or money.refund.same-id")
    first = seen.summary.causes[0].finding
    died = f"the shop ended during {first.id}, or right after it: nobody liste"
    assert first.verdict is Verdict.CRASH
    assert first.detail.en in {f"{died}{each} at its notify URL" for each in ("ned", "ns")}
    assert len(seen.told()) == 1
    assert any(each.startswith(died) for each in seen.runner.subject.warnings)
    for reason in seen.reasons(Verdict.BLOCKED):
        gone = reason.startswith("not judged: nobody listens at the notify URL of the shop any more")
        assert gone or reason.endswith(f"see {first.requirement}"), reason  # what it was in when it ended


def test_a_shop_that_is_started_again_goes_on(see):
    seen = see(shops.IsStartedAgain, "asked-again or then-")
    assert not seen.runner.testbed.answering.box.gone
    assert seen.cases(Verdict.PASS)


def test_a_command_that_does_not_end_costs_three_cases(see):
    seen = see(
        Shop,
        "refund-partial and encoding or refund-thirty-cents or exact",
        drive=_sleeping(),
        sign_type="MD5",
        charset="UTF-8",
        bounds=Bounds(sending=0.2),
    )
    assert set(seen.told().values()) == {("hang", "the shop did not end refund within 0.2 s")}
    assert seen.runner.answering.box.hangs == 3


def _sleeping():
    from alipay_qr_conformance.blackbox import parse_drive

    return parse_drive(
        ["refund=bash -c 'sleep 60 & wait' {out_trade_no} {refund_amount} {partner_refund_id}"]
    )


# --- watched -----------------------------------------------------------------------------------------


def pressing(**asked):
    """Return what a person does while the kit watches: a code, a refund and a cancel."""

    def say(shop, text):
        now, yesterday = re.search(r"(T\d+) just now, (T\d+) yesterday", text.en).groups()
        trades = {"now": now, "yesterday": yesterday}
        shop.press_create({})
        shop.press_refund({"out_trade_no": now, "refund_amount": "4.00", "partner_refund_id": "R-1"})
        for press, which, more in asked.get("also", ()):
            getattr(shop, f"press_{press}")({"out_trade_no": trades[which], **more})
        shop.press_cancel({"out_trade_no": "T-unheard-of"})

    return say


@pytest.mark.parametrize(
    ("kind", "also", "broken"),
    [
        (Shop, (), set()),
        (Shop, [("cancel", "yesterday", {})], set()),
        (
            shops.RefundsAnySum,
            [("refund", "now", {"refund_amount": "6.01", "partner_refund_id": "R-2"})],
            {"money.refund.sum"},
        ),
        (shops.CancelsYesterday, [("cancel", "yesterday", {})], {"money.cancel.window"}),
        (shops.London, (), {"request.timestamp.zone"}),
        (shops.CapitalSign, (), {"request.sign.valid"}),
    ],
    ids=["healthy", "healthy-late", "sum", "late", "zone", "sign"],
)
def test_what_its_own_buttons_send_is_judged(see, kind, also, broken):
    seen = see(kind, "observed", drive=False, say=pressing(also=also), watch=30)
    assert seen.broken() == broken
    assert len(seen.runner.answering.observed) >= 3
    assert len(seen.cases(Verdict.PASS)) > 40


def test_who_sends_nothing_is_not_judged(see):
    seen = see(Shop, "observed", drive=False, watch=0.1)
    assert seen.results
    assert not seen.cases(Verdict.PASS)
    assert "none of cancel arrived within the 0.1 s that the kit watched" in seen.reasons(Verdict.UNSUPPORTED)


def test_requests_that_went_past_the_gateway_are_remarked_on(see):
    def create(shop, text):
        shop.press_create({})

    seen = see(PastTheGateway, "observed", drive=False, say=create, watch=0.2)
    assert seen.runner.subject.warnings == [
        "requests came to /alipay/gateway.do, where no gateway is: its path is /gateway.do"
    ]


class PastTheGateway(Shop):
    """Has a gateway URL with a path too many."""

    def get(self, query):
        self.gateway = self.gateway.partition("/gateway.d")[0] + "/alipay/gateway.do"
        return super().get(query)
