"""``money.any-history`` and ``*[any-history-...]``: any history of payments, refunds, cancels, news and time.

Two ways, and the gateway's books are the truth in both. A space of stories, told in every pair of its
coordinates (`alipay_qr_conformance.checks.properties.history_space`), says which requirement was broken; the
same in every seed. A machine of Hypothesis (`.history_machine`) draws what no table holds. What fails is made
as short as it can be while it still fails, and told in words, with times and amounts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from alipay_qr_conformance.checks.properties import history_space as space
from alipay_qr_conformance.checks.properties.covering import Row
from alipay_qr_conformance.checks.properties.forgery_space import number
from alipay_qr_conformance.checks.properties.history import History
from alipay_qr_conformance.checks.properties.history_space import Story
from alipay_qr_conformance.checks.properties.history_steps import Habits
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.booking import UNPAID
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import deliver, notification
from alipay_qr_conformance.testbed.paid_trade import PaidTrade
from alipay_qr_conformance.testbed.properties import Guard, run_machine
from alipay_qr_conformance.testbed.testbed import DEFAULT_START, Testbed

_NEEDS: Final = ("notify", "refund", "cancel")
_FACTS: Final = (
    "notify.amount.believed",
    "notify.once.acknowledged",
    "notify.once.fulfilled",
    "notify.reject.changed",
)
_RULES: Final = {
    "refund": (
        "money.refund.sum",
        "money.refund.exact",
        "money.refund.booked",
        "money.refund.repeat",
        "money.refund.asynchronous",
        "money.refund.currency",
        "money.cancel.unknown",
        "notify.status.forward",
        *_FACTS,
    ),
    "cancel": (
        "money.cancel.window",
        "money.cancel.window-band",
        "money.cancel.same-day",
        "money.cancel.unknown",
        "notify.reject.changed",
    ),
}
"""By what the stories are about: the requirements that they can break."""

_ROWS: Final[Mapping[str, Callable[[Plan], list[Row]]]] = {
    "refund": space.refund_rows,
    "cancel": space.cancel_rows,
    "refund-first": partial(space.first_rows, "refund"),
    "cancel-first": partial(space.first_rows, "cancel"),
}
_Found = dict[str, Failed]


# --- the machine ----------------------------------------------------------------------------------------


@check("money.any-history", needs=_NEEDS, clock=True, once_only=True)
def clock(bed: Testbed) -> None:
    """After any history with time in it, what was sent and recorded agrees with the gateway's books."""
    _run(bed, timed=True)


@check("money.any-history", needs=_NEEDS, once_only=True)
def no_clock(bed: Testbed) -> None:
    """After any history of one day, what was sent and recorded agrees with the gateway's books."""
    _run(bed)


@check("money.any-history", needs=_NEEDS, once_only=True)
def at_once(bed: Testbed) -> None:
    """After any history with refunds at the same moment, what was sent and recorded agrees with the books."""
    _run(bed, at_once=True)


@check("money.any-history", needs=_NEEDS, builds_on=("notify.genuine",), once_only=True)
def forged(bed: Testbed) -> None:
    """After any history no forged notification is acknowledged, and what is recorded stays as it was."""
    from alipay_qr_conformance.checks.properties import forgery_machine

    made: list[Any] = []

    def machine(guard: Guard) -> Any:
        made.append(forgery_machine.machine(bed, guard))
        return made[-1]

    try:
        with bed.memo.alone("hypothesis"):
            run_machine(machine, examples=bed.examples(24), steps=20, seed=bed.plan.seed, shrink=False)
    except Failed as broken:
        raise _plainest(bed, made[0].story, broken) from None


def _plainest(bed: Testbed, told: Story, broken: Failed) -> Failed:
    """Return how a forgery is believed in a story that is as plain and as short as it can be."""

    def believed(told: Story) -> Failed | None:
        found = play(bed, told)
        return next((each for name, each in found.items() if name.startswith("notify.reject.")), None)

    told, broken = shortened(told, broken, believed)
    for plain in (
        {"currency": bed.plan.currency, "total": "12.50"},
        {"start": DEFAULT_START},
        {"habits": Habits()},
        {"announced": False},
    ):
        if (again := believed(replace(told, **plain))) is not None:
            told, broken = replace(told, **plain), again
    return broken


def _run(bed: Testbed, *, timed: bool = False, at_once: bool = False) -> None:
    from alipay_qr_conformance.checks.properties.history_machine import machine

    # with a clock, what the other machines draw is drawn by that of time too
    examples = bed.examples(40 if timed or not bed.hello.clock else 20)
    with bed.memo.alone("hypothesis"):
        run_machine(
            lambda guard: machine(bed, guard, timed=timed, at_once=at_once),
            examples=examples,
            steps=8,
            seed=bed.plan.seed,
        )


# --- the stories ----------------------------------------------------------------------------------------


def _concerned(plan: Plan, about: str) -> Sequence[str]:
    open_band = plan.policy.cancel_band == "open"
    return [each for each in _RULES[about] if not (open_band and each.endswith("-band"))]


def _about(stories: str) -> str:
    return stories.partition("-")[0]


@check(
    lambda plan, stories: _concerned(plan, _about(stories)),
    each={stories: stories for stories in _ROWS},
    needs=lambda stories: ("notify", _about(stories)),
    clock=lambda stories: _about(stories) == "cancel",
    builds_on=("notify.genuine",),
    name=lambda stories: f"any-history-{stories}",
    once_only=True,
)
def any_history(bed: Testbed, stories: str, requirement: str) -> None:
    """Keep this rule in every history: any payment, habit, state and moment, in all pairs.

    Those that many fall over are told first, in cases of their own: nobody waits for all the others.
    """
    found = bed.once(f"any-history/{stories}", lambda: _tell_all(bed, stories))
    if (broken := found.get(requirement)) is not None:
        raise broken


def _tell_all(bed: Testbed, stories: str) -> _Found:
    """Return, by requirement, the shortest story that breaks it."""
    rows = _ROWS[stories](bed.plan)
    if bed.booking.delay:
        rows = rows[::24]  # it is waited for at each step
    elif not bed.subject.supports("trade"):
        rows = rows[::6]  # less of each story shows; and a black box is pressed by a process each time
    if "currency" not in bed.told("refund", {"currency": bed.plan.currency}):
        rows = [row | {"payment": space.ordinary(bed.plan, row)["payment"]} for row in rows]
    found: _Found = {}
    judged, ended = False, None
    for row in rows:
        told = space.story(bed.plan, row)
        if not _is_possible(bed, told):
            continue
        try:
            broken = play(bed, told)
        except (Blocked, Unsupported) as end:
            ended = ended or end
            continue
        judged = True
        for requirement in broken:
            if requirement not in found:
                found[requirement] = _shortest(bed, row, requirement, broken[requirement])
    if not judged and ended is not None:
        raise ended
    return found


def _is_possible(bed: Testbed, told: Story) -> bool:
    if told.needs_clock and not bed.hello.clock:
        return False
    names = {str(step[0]) for step in told.steps}
    return bed.subject.supports("cancel") or not any("cancel" in name for name in names)


def _shortest(bed: Testbed, row: Row, requirement: str, broken: Failed) -> Failed:
    """Return how a story fails whose coordinates are as ordinary, and whose steps as few, as they can be."""

    def fails(told: Story) -> Failed | None:
        try:
            return play(bed, told).get(requirement)
        except (Blocked, Unsupported):
            return None

    for name, value in space.ordinary(bed.plan, row).items():
        simpler = row | {name: value}
        if simpler != row and (again := fails(space.story(bed.plan, simpler))) is not None:
            row, broken = simpler, again
    return shortened(space.story(bed.plan, row), broken, fails)[1]


def shortened(told: Story, broken: Failed, fails: Callable[[Story], Failed | None]) -> tuple[Story, Failed]:
    """Return a story with as few steps as it can have, tried from the last one back, and how it fails."""
    place = len(told.steps) - 1
    while place >= 0:
        shorter = replace(told, steps=[*told.steps[:place], *told.steps[place + 1 :]])
        if (again := fails(shorter)) is not None:
            told, broken = shorter, again
        place -= 1
    return told, broken


def play(bed: Testbed, told: Story) -> _Found:
    """Play a story; return, by requirement, what broke it first.

    Raises:
        Blocked: the subject did not take the payment.
    """
    found: _Found = {}
    with bed.gateway(start=told.start) as session:
        history = opened(bed, session, told, found.setdefault)
        for step in told.steps:
            history.play(step)
    return found


def opened(bed: Testbed, session: GatewaySession, told: Story, broken: Any) -> History:
    """Let a customer pay what a story says, and tell the subject as it says.

    Raises:
        Blocked: the subject did not acknowledge the genuine notification.
    """
    trade = number("ordinary", bed.fresh("T"))
    if told.announced and bed.subject.supports("expect"):
        bed.ask("expect", out_trade_no=trade, total_fee=told.total, currency=told.currency)
    session.engine.pay(None, told.total, told.currency, session.now, out_trade_no=trade)
    if not deliver(bed, *notification(bed, session, trade)).acknowledged:
        raise Blocked("see.genuine")
    bed.booking.settle(bed, trade)
    paid_trade = PaidTrade(bed, session, trade, told.currency)
    history = History(paid_trade, broken, told.habits)
    found = paid_trade.recorded()
    history.ended = found.get("state") in UNPAID - {None}  # what is never booked, or late
    if not history.ended:
        history.compare_payment(found)
    return history
