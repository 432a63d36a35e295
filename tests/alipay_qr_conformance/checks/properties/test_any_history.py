"""Histories that a correct subject must survive, and stories that the machine must tell of a faulty one."""

import base64
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from alipay_qr_conformance.checks.properties import history_space as space
from alipay_qr_conformance.checks.properties.any_history import play as played
from alipay_qr_conformance.checks.properties.history_machine import machine
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.plan import Plan, Setup
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.subjects import PythonTransport, Refused, Result, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
from alipay_qr_conformance.testbed.properties import run_machine
from alipay_qr_conformance.testbed.testbed import DEFAULT_START, Testbed

MINUTES_TO_MIDNIGHT = 14 * 60  # virtual time starts on a Monday at 10:00


def play(bed, minutes, steps, *, in_yen=False):
    """Play a history of a payment of a thousand of its currency's smallest unit; fail as it does."""
    start = DEFAULT_START + timedelta(minutes=minutes)
    payment = ("JPY", "1000") if in_yen else ("USD", "10.00")
    for broken in played(bed, space.Story(*payment, start, steps)).values():
        raise broken


class Generous(ReferenceAdapter):
    """Reports every refund as success without sending anything."""

    def refund(self, now=None, **args):
        return {"outcome": "success"}


class Oblivious(ReferenceAdapter):
    """Forgets what it refunded."""

    def trade(self, out_trade_no, **_):
        return {**super().trade(out_trade_no), "refunded": "0.00"}


class OneByOne(ReferenceAdapter):
    """Makes no new refund while the outcome of another is unknown."""

    unsettled = None

    def refund(self, now=None, **args):
        number = args["partner_refund_id"]
        if self.unsettled not in (None, number):
            raise Refused("another refund is not settled")
        told = super().refund(**args, now=now)
        self.unsettled = number if told["outcome"] == "unknown" else None
        return told


class BooksLate(ReferenceAdapter):
    """Says that a repeated refund is done, and does not book it."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def refund(self, now=None, **args):
        self.asked.append(args["partner_refund_id"])
        return super().refund(**args, now=now)

    def trade(self, out_trade_no, **_):
        told = super().trade(out_trade_no)
        return {**told, "refunded": "0.00"} if len(self.asked) > len(set(self.asked)) else told


class Deaf(ReferenceAdapter):
    """Takes no notice of any news but those of a payment."""

    def notify(self, now=None, **args):
        if b"refundFPAction" in base64.b64decode(args["body_base64"]):
            return {"reply": "success"}
        return super().notify(now=now, **args)


class Twice(ReferenceAdapter):
    """Leaves it to the gateway what remains, which is wrong where the merchant says that it looks."""

    def configure(self, **settings):
        self.settings = settings
        return super().configure(**settings)

    def refund(self, now=None, **args):
        other = ReferenceAdapter()
        other.configure(**self.settings)
        return other.refund(now=now, **args)


class WholeAlone(ReferenceAdapter):
    """Refunds the whole payment or nothing, as its policy says."""

    def refund(self, now=None, **args):
        if args["refund_amount"] != "10.00":
            raise Refused("no part of a payment is refunded")
        return super().refund(now=now, **args)


class ForgetsTheWhole(WholeAlone):
    """The same, and does not book that the whole went back."""

    def trade(self, out_trade_no, **_):
        return {**super().trade(out_trade_no), "refunded": "0.00"}


class OneNotification(ReferenceAdapter):
    """Takes news of a payment for a repeat where they are the very same, and refuses any other."""

    news = None

    def notify(self, now=None, **args):
        told = dict(parse_qsl(base64.b64decode(args["body_base64"]).decode()))
        if "refundFPAction" in told.values():
            return super().notify(now=now, **args)
        same = (told["notify_id"], told["trade_status"], told["gmt_payment"], told.get("gmt_close"))
        self.news = self.news or same
        return super().notify(now=now, **args) if same == self.news else {"reply": "fail"}


class Sleepy(ReferenceAdapter):
    """Its clock stands still for cancels."""

    def notify(self, now=None, **args):
        self.woke = now
        return super().notify(now=now, **args)

    def cancel(self, now=None, **args):
        return super().cancel(now=self.woke, **args)


@pytest.fixture
def lab_of():
    open_labs = []

    def make(adapter, policy=None):
        subject = Subject(PythonTransport(adapter))
        keys = TestKeys()
        bed = Testbed(subject, subject.hello(), keys, Plan(policy or Policy()), setup=Setup("MD5"))
        settings = {**keys.settings("MD5"), "sign_type": "MD5", "charset": "UTF-8", "gateway_timeout": "1"}
        settings |= {"gateway_url": bed.gateway_url, "notify_url": "https://merchant.example/n"}
        assert isinstance(subject.configure(settings), Result)
        open_labs.append(bed)
        return bed

    yield make
    for bed in open_labs:
        bed.close()


@pytest.mark.parametrize(
    ("minutes", "steps"),
    [
        pytest.param(MINUTES_TO_MIDNIGHT, [("cancel",)], id="paid-at-midnight-cancelled-at-once"),
        pytest.param(MINUTES_TO_MIDNIGHT - 1, [("wait", 1), ("cancel",)], id="cancelled-in-the-first-minute"),
        pytest.param(0, [("lost-refund", 1000), ("repeat",)], id="lost-and-repeated"),
        pytest.param(0, [("lost-refund", 1001), ("refund", 1000)], id="illegal-and-lost"),
        pytest.param(0, [("refund", 500), ("refund", 500), ("refund", 1)], id="exact-sum-then-one-cent"),
        pytest.param(0, [("cancel",), ("refund", 1), ("cancel",)], id="cancelled-twice"),
        pytest.param(0, [("wait", 20000), ("refund", 1000)], id="two-weeks-later"),
        pytest.param(0, [("midnight", -1), ("cancel",)], id="cancelled-in-the-last-millisecond"),
        pytest.param(0, [("midnight", 899_999), ("cancel",)], id="asked-in-the-band"),
        pytest.param(0, [("midnight", 900_000), ("cancel",), ("refund", 1000)], id="too-late-and-refunded"),
        pytest.param(0, [("lost-cancel",), ("cancel",)], id="lost-cancel-and-repeated"),
        pytest.param(0, [("lost-cancel",), ("refund", 1)], id="refund-while-undecided"),
        pytest.param(
            0, [("later-refund", 600), ("refund", 401), ("refund-notification",)], id="pending-counts"
        ),
        pytest.param(
            0, [("later-refund", 600), ("repeat",), ("refund-notification",), ("repeat",)], id="later-again"
        ),
        pytest.param(
            0, [("refund", 1000), ("payment-notification",), ("refund", 1)], id="old-news-after-the-refund"
        ),
        pytest.param(0, [("two-refunds", 500), ("refund", 1)], id="two-that-fit"),
        pytest.param(0, [("two-refunds", 501), ("refund", 499)], id="two-of-which-one-fits"),
    ],
)
@pytest.mark.parametrize("in_yen", [False, True], ids=["dollars", "yen"])
def test_a_correct_subject_survives(lab_of, minutes, steps, in_yen):
    play(lab_of(ReferenceAdapter), minutes, steps, in_yen=in_yen)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([("lost-refund", 1), ("refund", 1)], id="while-one-is-unknown"),
        pytest.param([("lost-refund", 1), ("repeat",), ("refund", 1)], id="settled-and-another"),
    ],
)
def test_one_refund_after_the_other_is_no_vice(lab_of, steps):
    play(lab_of(OneByOne), 0, steps)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([("refund", 1000), ("payment-notification",)], id="after-a-full-refund"),
        pytest.param([("cancel",), ("payment-notification",)], id="after-a-cancel"),
        pytest.param([("refund", 1), ("payment-notification", "a new id")], id="another-id-is-no-repeat"),
    ],
)
def test_a_repeat_is_the_first_news_again(lab_of, steps):
    play(lab_of(OneNotification), 0, steps)


def test_a_step_that_is_declined_by_policy_is_left_out_alone(lab_of):
    policy, steps = Policy(partial_refunds="refuse"), [("lost-refund", 1), ("refund", 500), ("refund", 1000)]
    play(lab_of(WholeAlone, policy), 0, steps)
    with pytest.raises(Failed) as caught:
        play(lab_of(ForgetsTheWhole, policy), 0, steps)
    assert "believed refunded is 0.00" in caught.value.detail.en


@pytest.mark.parametrize(
    ("adapter", "steps", "sentence"),
    [
        pytest.param(
            Generous, [("refund", 1001)], "reported as refunded although less remains", id="too-much"
        ),
        pytest.param(Oblivious, [("refund", 500)], "believed refunded is 0.00", id="forgotten"),
        pytest.param(
            BooksLate, [("lost-refund", 500), ("repeat",)], "believed refunded is 0.00", id="settled-unbooked"
        ),
        pytest.param(
            Deaf, [("later-refund", 500), ("refund-notification",)], "believed refunded is 0", id="deaf"
        ),
        pytest.param(Twice, [("two-refunds", 501)], "was sent although less remains", id="two-at-once"),
        pytest.param(
            Sleepy, [("midnight", 900_000), ("cancel",)], "left after the Beijing day", id="after-midnight"
        ),
    ],
)
def test_a_faulty_subject_is_told_of(lab_of, adapter, steps, sentence):
    with pytest.raises(Failed) as caught:
        play(lab_of(adapter), 0, steps)
    assert sentence in caught.value.detail.en
    assert "a customer pays 10.00" in caught.value.evidence["story"]


@pytest.mark.parametrize(
    ("adapter", "sentence"),
    [
        pytest.param(Generous, "reported as refunded although less remains", id="too-much"),
        pytest.param(Sleepy, "left after the Beijing day", id="after-midnight"),
    ],
)
def test_the_machine_tells_the_shortest_story(lab_of, adapter, sentence):
    bed = lab_of(adapter)
    with pytest.raises(Failed) as caught:
        run_machine(
            lambda guard: machine(bed, guard, timed=True, at_once=False), examples=30, steps=8, seed=0
        )
    assert sentence in caught.value.detail.en
    assert len(caught.value.evidence["story"].splitlines()) <= 3


def test_a_correct_subject_survives_the_machine(lab_of):
    bed = lab_of(ReferenceAdapter)
    run_machine(lambda guard: machine(bed, guard, timed=True, at_once=True), examples=10, steps=8, seed=3)


@pytest.mark.parametrize("rows", [space.refund_rows, space.cancel_rows], ids=["refunds", "cancels"])
def test_at_more_depth_there_are_more_stories_and_each_can_be_told(rows):
    quick, whole = (rows(Plan(Policy(), depth=depth)) for depth in ("quick", "default"))
    assert len(quick) < len(whole)
    for row in quick:
        assert space.story(Plan(Policy()), row).total
        assert space.ordinary(Plan(Policy()), row).keys() == row.keys()


def test_the_hk_edition_pays_in_hkd_alone():
    plan = Plan(Policy(), profile="hk", depth="quick")
    told = [space.story(plan, row) for row in (*space.refund_rows(plan), *space.cancel_rows(plan))]
    assert {each.currency for each in told} == {"HKD"}
