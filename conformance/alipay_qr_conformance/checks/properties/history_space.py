"""The spaces of histories, as data: each factor's values, the ordinary one first.

A row is told as one story: how the payment came to be known, what happened to it, what came between, and what
is tried in the end. A coordinate is a list of steps (`alipay_qr_conformance.checks.properties.history`),
whose amounts are shares of the payment here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from alipay_qr.beijing import BEIJING
from alipay_qr.money import exponent, format_amount
from alipay_qr_conformance.checks.properties.covering import Row, pairs, triples_with
from alipay_qr_conformance.checks.properties.history_steps import Habits, Step
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL

_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_HALF: Final = Fraction(1, 2)
_THIRD: Final = Fraction(1, 3)

PAYMENTS: Final = (
    ("USD", "12.50"),
    ("JPY", "1200"),
    ("EUR", "1234.56"),
    ("GBP", "0.30"),
    ("HKD", "999999.00"),
    ("KRW", "9876543"),
    ("CHF", "10000.01"),
    ("THB", "300.99"),
)
"""Currency and amount of payments."""

IN_HKD: Final = tuple(("HKD", amount) for amount in ("12.50", "1234.56", "0.30", "999999.00", "10000.01"))
"""The same where every payment is in HKD."""

DATES: Final = (
    date(2026, 3, 9),
    date(2026, 7, 18),
    date(2026, 3, 28),
    date(2026, 10, 24),
    date(2026, 3, 7),
    date(2026, 10, 31),
    date(2028, 2, 28),
    date(2028, 2, 29),
    date(2028, 6, 15),
    date(2028, 12, 31),
    date(2031, 1, 31),
)
"""Days of payments: summer, winter, the eve of each switch of Europe and America, leap days, ends."""

_HARD_DATES: Final = (date(2026, 3, 28), date(2026, 10, 31), date(2028, 2, 29), date(2028, 12, 31))

CLOCKS: Final[Mapping[str, tuple[time, int]]] = {
    "paid at 18:00, asked at 09:00 the next day": (time(18), 9 * 3_600_000),
    "paid at 22:50, asked at 23:50": (time(22, 50), -600_000),
    "paid at 00:00, asked at 23:59:59.999": (time(0), -1),
    "paid at 23:30, asked at 00:01": (time(23, 30), 60_000),
    "paid at 23:30, asked at 00:16": (time(23, 30), 960_000),
    "paid at 02:30, asked at 23:50 the next day": (time(2, 30), 86_000_000),
    "paid at 07:30, asked at 08:30": (time(7, 30), -55_800_000),
    "paid at 15:30, asked at 16:30": (time(15, 30), -27_000_000),
    "paid at 12:00, asked at 12:00 four weeks later": (time(12), 27 * 86_400_000 + 43_200_000),
}
"""By words: when the payment is made, and the milliseconds from the end of that day to the cancel."""

FIRST: Final[Mapping[str, Sequence[Step]]] = {
    "a part is refunded": (("refund", _HALF),),
    "nothing": (),
    "the smallest amount is refunded": (("refund", Fraction(0)),),
    "fifteen small refunds": (("refund", Fraction(1, 40)),) * 15,
    "a refund is to move later": (("later-refund", _HALF),),
    "the answer to a refund is lost": (("lost-refund", _HALF),),
    "the answer to a refund that moves later is lost": (("lost-later-refund", _HALF),),
    "such a refund is lost, and its news come": (("lost-later-refund", _HALF), ("refund-notification",)),
    "a refund is lost, and another one made": (("lost-refund", _THIRD), ("refund", _THIRD)),
    "a refund is refused, and another one made": (("refused-refund", _THIRD), ("refund", _THIRD)),
    "a part is refunded, and another one is to move later": (("refund", _THIRD), ("later-refund", _THIRD)),
    "a cancel is refused": (("refused-cancel",),),
    "a cancel is lost": (("lost-cancel",),),
}
"""By words: what happens to the payment first; amounts are shares of it, 0 the smallest unit."""

BETWEEN: Final[Mapping[str, Sequence[Step]]] = {
    "nothing": (),
    "the payment is notified three times": (("payment-notification",),) * 3,
    "the payment is notified the next day": (
        ("wait", _DAY),
        ("payment-notification",),
        ("payment-notification", "a new id"),
    ),
    "the order is announced again": (("announce",),),
    "the shop is configured again": (("configure",), ("payment-notification",)),
    "a refund that the portal made is notified": (("foreign-refund-notification",),),
    "other trades come and go": (("other-trade",),),
    "an afternoon passes": (("wait", 5 * _HOUR),),
    "a night passes": (("wait", 16 * _HOUR),),
    "a month passes": (("wait", 32 * _DAY),),
}
"""By words: what comes between that and the end."""

CANCEL_BETWEEN: Final[Mapping[str, Sequence[Step]]] = {
    "nothing": (),
    "the payment is notified again": (("payment-notification",),),
    "the payment is notified the next day": BETWEEN["the payment is notified the next day"],
    "another trade is paid the next day": (("wait", _DAY), ("other-trade",)),
    "a cancel is refused": (("refused-cancel",),),
    "a cancel is lost": (("lost-cancel",),),
    "the shop is configured again": (("configure",),),
}

ENDINGS: Final[Sequence[Step]] = (
    ("forgery",),
    ("refund-too-much",),
    ("other-currency",),
    ("repeat",),
    ("refund-notification",),
    ("forgery",),
    ("refund-the-rest",),
)
"""What is tried in the end of a history of refunds."""

HABITS: Final[Mapping[str, Habits]] = {
    "plain": Habits(),
    "with a reason": Habits({"refund_reason": "the cup was broken"}),
    "with a notify_url": Habits({"notify_url": NOTIFY_URL}),
    "with Alipay's number": Habits(trade_no=True),
    "under ids of 64 characters": Habits(id_form="{:_<64}"),
}
"""By words: how the shop asks for refunds."""

CANCEL_HABITS: Final = ("plain", "with Alipay's number")

_FEW: Final = ("USD 12.50", "JPY 1200", "HKD 999999.00")
_ASKED: Final = ("plain", "with Alipay's number", "under ids of 64 characters")
_LONG: Final = 3
"""Steps: a beginning of more costs as much as four other histories."""

TOLD: Final = ("by the notification", "announced before")


_COORDINATES: Final = {
    "refund": ("payment", "first", "between", "asked", "told"),
    "cancel": ("payment", "date", "clock", "between", "asked"),
}
_TOLD_FIRST: Final[Mapping[str, Sequence[Row]]] = {
    "refund": (
        {
            "payment": "KRW 9876543",
            "first": "the answer to a refund that moves later is lost",
            "between": "the order is announced again",
            "asked": "under ids of 64 characters",
        },
        {
            "payment": "JPY 1200",
            "first": "the answer to a refund is lost",
            "between": "the shop is configured again",
            "asked": "with a notify_url",
        },
        {
            "payment": "THB 300.99",
            "first": "such a refund is lost, and its news come",
            "between": "a month passes",
        },
        {
            "payment": "JPY 1200",
            "first": "a refund is refused, and another one made",
            "between": "the payment is notified three times",
            "asked": "with a reason",
            "told": TOLD[1],
        },
        {"payment": "CHF 10000.01", "first": "a cancel is lost", "between": "other trades come and go"},
        {"payment": "THB 300.99", "between": "an afternoon passes"},
        {
            "first": "the smallest amount is refunded",
            "between": "the payment is notified the next day",
            "asked": "under ids of 64 characters",
        },
        {"first": "a refund is lost, and another one made"},
        {
            "payment": "GBP 0.30",
            "first": "a part is refunded, and another one is to move later",
            "between": "the order is announced again",
            "asked": "with Alipay's number",
        },
        {
            "payment": "JPY 1200",
            "first": "a cancel is refused",
            "between": "the payment is notified three times",
            "told": TOLD[1],
        },
        {
            "payment": "EUR 1234.56",
            "first": "fifteen small refunds",
            "between": "the payment is notified three times",
        },
    ),
    "cancel": (
        {"payment": "HKD 999999.00", "date": "2028-12-31", "clock": "paid at 23:30, asked at 00:16"},
        {"clock": "paid at 12:00, asked at 12:00 four weeks later", "asked": "with Alipay's number"},
        {"payment": "JPY 1200", "date": "2026-10-31", "clock": "paid at 23:30, asked at 00:16"},
        {
            "clock": "paid at 00:00, asked at 23:59:59.999",
            "between": "the payment is notified the next day",
            "asked": "with Alipay's number",
        },
        {"payment": "GBP 0.30", "clock": "paid at 07:30, asked at 08:30", "between": "a cancel is lost"},
        {"clock": "paid at 23:30, asked at 00:01", "between": "another trade is paid the next day"},
    ),
}
"""Stories over which most of those fall who fall over any: what is not said is as ordinary."""


@dataclass(frozen=True, slots=True)
class Story:
    """One history: when and how much is paid, how the shop asks, and the steps."""

    currency: str
    total: str
    start: datetime
    steps: Sequence[Step]
    habits: Habits = HABITS["plain"]
    announced: bool = False

    @property
    def needs_clock(self) -> bool:
        """Whether time passes in it, or it begins at a moment of its own."""
        return any(step[0] in {"wait", "midnight"} for step in self.steps)


def refund_rows(plan: Plan) -> list[Row]:
    """Return the coordinates of histories of refunds: all pairs, and triples with what is first.

    At `default` the triples are those of three payments, a plain one, one without cents and a large one, and
    of those habits whose requests are told apart by other names. All faulty merchants that are known are
    found by the pairs; a long beginning, of which sums in floats are told, is left to these.
    """
    space = {
        "payment": _payments(plan),
        "first": list(FIRST),
        "between": list(BETWEEN),
        "asked": list(HABITS),
        "told": TOLD,
    }
    if plan.depth == "deep":
        return triples_with("first", space)
    few = space | {
        "payment": [each for each in space["payment"] if each in _FEW] or space["payment"][:3],
        "first": [name for name, steps in FIRST.items() if len(steps) < _LONG],
        "asked": _ASKED,
    }
    return pairs(space) + (triples_with("first", few) if plan.depth == "default" else [])


def cancel_rows(plan: Plan) -> list[Row]:
    """Return the coordinates of histories of cancels: all pairs, or all triples with the clock.

    At `default` the triples are those of three payments, and of the days that calendars get wrong.
    """
    space = {
        "payment": _payments(plan),
        "date": [f"{each:%Y-%m-%d}" for each in DATES],
        "clock": list(CLOCKS),
        "between": list(CANCEL_BETWEEN),
        "asked": CANCEL_HABITS,
    }
    if plan.depth == "deep":
        return triples_with("clock", space)
    alone = {name: values for name, values in space.items() if name != "between"}
    # what comes between moves the hours: the pairs with it are told beside those of the hours alone
    few = space | {"date": space["date"][:2]}
    told = [*(row | {"between": "nothing"} for row in pairs(alone)), *pairs(few)]
    if plan.depth == "quick":
        return told
    few |= {
        "payment": space["payment"][:3],
        "date": [f"{each:%Y-%m-%d}" for each in (DATES[0], *_HARD_DATES)],
    }
    return told + triples_with("clock", few)


def first_rows(about: str, plan: Plan) -> list[Row]:
    """Return the coordinates of the histories that are told first, of refunds or of cancels."""
    payments = _payments(plan)
    plain = ordinary(plan, dict.fromkeys(_COORDINATES[about], ""))
    rows = [plain | row for row in _TOLD_FIRST[about]]
    return [row | {"payment": row["payment"] if row["payment"] in payments else payments[-1]} for row in rows]


def ordinary(plan: Plan, row: Row) -> Row:
    """Return the ordinary value of each coordinate that a row has."""
    values: Mapping[str, Any] = {
        "payment": _payments(plan)[0],
        "first": next(iter(FIRST)),
        "between": "nothing",
        "asked": "plain",
        "told": TOLD[0],
        "date": f"{DATES[0]:%Y-%m-%d}",
        "clock": next(iter(CLOCKS)),
    }
    return {name: values[name] for name in row}


def story(plan: Plan, row: Row) -> Story:
    """Return the history that a row stands for."""
    currency, total = row["payment"].split()
    if "clock" in row:
        at, after = CLOCKS[row["clock"]]
        start = datetime.combine(date.fromisoformat(row["date"]), at, BEIJING)
        steps = [*CANCEL_BETWEEN[row["between"]], ("midnight", after), ("cancel",), ("forgery",)]
        return Story(currency, total, start, steps, HABITS[row["asked"]])
    units = int(total.replace(".", ""))
    steps = [with_amounts(step, units) for step in (*FIRST[row["first"]], *BETWEEN[row["between"]], *ENDINGS)]
    steps = [(*step, _other(plan, currency)) if step[0] == "other-currency" else step for step in steps]
    start = datetime(2026, 3, 9, 10, 0, tzinfo=BEIJING)
    return Story(currency, total, start, steps, HABITS[row["asked"]], row["told"] == TOLD[1])


def _payments(plan: Plan) -> list[str]:
    """Return the payments of a plan; what it does not take is paid in its ordinary currency."""
    found = []
    for currency, total in IN_HKD if plan.profile == "hk" else PAYMENTS:
        taken = currency if plan.takes(currency) else plan.currency
        units = int(total.replace(".", ""))
        found.append(f"{taken} {format_amount(in_units(units, taken), taken)}")
    return list(dict.fromkeys(found))


def _other(plan: Plan, currency: str) -> str:
    """Return another currency with as many decimals."""
    if exponent(currency) == 0:
        return "KRW" if currency == "JPY" else "JPY"
    return plan.other_currency if currency != plan.other_currency else plan.currency


def with_amounts(step: Step, units: int) -> Step:
    """Return a step with its share of a payment in the smallest unit, of which the payment has ``units``."""
    match step:
        case (kind, Fraction() as share):
            return (kind, max(1, int(share * units)))
    return step


def in_units(units: int, currency: str) -> Decimal:
    """Return the amount that so many of a currency's smallest unit are."""
    return Decimal(units).scaleb(-exponent(currency))
