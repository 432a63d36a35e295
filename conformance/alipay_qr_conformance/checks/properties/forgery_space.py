"""The space of forged notifications, as data: each factor's values, the ordinary one first.

A forgery meets a trade in a state. Beside that the trade has an amount, a currency, a number and a moment;
the message has fields, a header and an edited field; and it comes once or several times. None of it makes a
forgery genuine.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import cycle
from typing import Any, Final

from alipay_qr.beijing import BEIJING
from alipay_qr_conformance.checks.properties.covering import Row, pairs, triples_with
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.rules.forgeries import applicable

STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "unknown": (),
    "awaited": ("expect",),
    "waiting": (),
    "paid": (),
    "partly-refunded": ("refund",),
    "refunded": ("refund",),
    "refund-pending": ("refund",),
    "refund-unknown": ("refund",),
    "cancelled": ("cancel",),
    "cancel-refused": ("cancel",),
    "undecided": ("cancel",),
    "closed": (),
}
"""By state of the trade: the operations, beside ``notify``, that lead there."""

MOMENTS: Final = {
    "a Monday morning": datetime(2026, 3, 9, 10, 0, tzinfo=BEIJING),
    "a Saturday": datetime(2026, 3, 14, 11, 0, tzinfo=BEIJING),
    "a Sunday": datetime(2026, 7, 19, 15, 30, tzinfo=BEIJING),
    "the early morning": datetime(2026, 6, 3, 2, 30, tzinfo=BEIJING),
    "the late evening": datetime(2026, 10, 29, 23, 20, tzinfo=BEIJING),
    "the last day of a month": datetime(2026, 3, 31, 12, 0, tzinfo=BEIJING),
    "February 29": datetime(2028, 2, 29, 9, 15, tzinfo=BEIJING),
    "New Year of another year": datetime(2031, 1, 1, 13, 5, tzinfo=BEIJING),
    "ten days after the payment": datetime(2026, 3, 9, 10, 0, tzinfo=BEIJING),
}
"""By name: when the trade comes to its state; the last is followed by ten days."""

LATE: Final = "ten days after the payment"

NUMBERS: Final = {
    "ordinary": "{}",
    "with dashes": "shop-7-{}",
    "of digits": "20260309210010{:d}",
    "of digits, zeros in front": "00{:d}",
    "of 64 characters": "{:_<64}",
    "in small letters": "order.{:l}",
    "of a test": "TEST-{}",
}
"""By name: the form of a trade number, made of a fresh id."""

TRADES: Final = (
    ("USD", "12.50", "ordinary", "a Monday morning"),
    ("EUR", "0.02", "with dashes", "a Saturday"),
    ("GBP", "1000.00", "of digits", "the early morning"),
    ("HKD", "999999.00", "of 64 characters", "the late evening"),
    ("JPY", "1200", "in small letters", "the last day of a month"),
    ("KRW", "9876543", "with dashes", "February 29"),
    ("SGD", "1234.56", "ordinary", "New Year of another year"),
    ("AUD", "88.88", "of 64 characters", LATE),
    ("CAD", "7.00", "in small letters", "a Sunday"),
    ("THB", "300.00", "of digits", LATE),
    ("CHF", "0.10", "of a test", "the late evening"),
    ("NZD", "19.90", "with dashes", "the early morning"),
    ("SEK", "5000.00", "of digits", "a Saturday"),
    ("USD", "100000.00", "in small letters", "February 29"),
)
"""Currency, amount, number and moment of trades: each value stands in one of them at least."""

IN_HKD: Final = (
    ("HKD", "12.50", "ordinary", "a Monday morning"),
    ("HKD", "0.02", "with dashes", "a Saturday"),
    ("HKD", "1000.00", "of digits", "the early morning"),
    ("HKD", "999999.00", "of 64 characters", "the late evening"),
    ("HKD", "1234.56", "in small letters", "the last day of a month"),
    ("HKD", "88.88", "with dashes", "February 29"),
    ("HKD", "7.00", "of digits", "New Year of another year"),
    ("HKD", "0.10", "of a test", LATE),
    ("HKD", "300.00", "of 64 characters", "a Sunday"),
)
"""The same where every payment is in HKD."""

NO_TEXT: Final = "bytes that are no text"

FIELDS: Final = (
    "as Alipay sends them",
    "the fewest",
    "thirty more",
    "ten kilobytes",
    "a discount",
    "no currency",
    "Chinese text",
    "the partner's number in the subject",
    "TRADE_FINISHED",
    NO_TEXT,
)

HEADERS: Final = {
    "declared": "application/x-www-form-urlencoded; charset={}",
    "GBK": "application/x-www-form-urlencoded; charset=GBK",
    "GB2312": "application/x-www-form-urlencoded; charset=GB2312",
    "no charset": "application/x-www-form-urlencoded",
    "malformed": "application/x-www-form-urlencoded; text/html; charset={}",
}

QUERIES: Final = {"none": None, "of its own": "token=3f9a&shop=7"}

EDITS: Final = ("buyer_id", "subject", "notify_time", "trade_no", "buyer_email", "gmt_payment", "total_fee")
"""Fields whose value a forger may choose: without contradicting the order, or so that nothing is due."""

REPEATS: Final = {"once": 1, "three times": 3, "ten times": 10}

CLOSING: Final = (
    "awaited", "waiting", "paid", "partly-refunded", "refund-pending", "refund-unknown", "cancel-refused",
    "undecided",
)  # fmt: skip
REFUNDING: Final = ("paid", "partly-refunded", "refund-pending", "refund-unknown")
"""States in which a forged closing, or forged news of a refund, would change what is recorded."""

PLAIN_FORGERIES: Final = ("value-changed", "sign-absent", "stranger")


def number(form: str, fresh: str) -> str:
    """Return a number of this form, made of a fresh id."""
    text = NUMBERS[form].replace("{:d}", fresh[1:]).replace("{:l}", fresh.lower())
    return text.format(fresh)


def trades(plan: Plan) -> Sequence[tuple[str, str, str, str]]:
    """Return the trades of a plan, the ordinary one first."""
    if plan.profile == "hk":
        return IN_HKD
    return [(name if plan.takes(name) else plan.currency, *rest) for name, *rest in TRADES]  # type: ignore[misc]


def states(plan: Plan, sign_type: str) -> Sequence[str]:
    """Return the states in which forgeries of a sign type are tried."""
    few = plan.depth == "quick" and sign_type == "RSA2"
    return ("unknown", "awaited", "paid") if few else tuple(STATES)


def factors(plan: Plan, sign_type: str) -> dict[str, Sequence[str]]:
    """Return the factors, by name, of forgeries of payments in a sign type."""
    quick = plan.depth == "quick"
    found: dict[str, Sequence[str]] = {
        "state": states(plan, sign_type),
        "forgery": [name for name, _ in applicable(sign_type)],
        "trade": [str(place) for place in range(len(trades(plan)))],
        # who cannot read a text refuses it whatever its sign: with RSA it would hide what its pair shows
        "fields": [each for each in FIELDS if each != NO_TEXT or sign_type == "MD5" or not quick],
        "header": list(HEADERS),
        "query": list(QUERIES),
        "edit": EDITS,
        "repeat": list(REPEATS),
    }
    # RSA costs twenty times as much as MD5, and what surrounds a sign does not ask how it was made
    shrunk: dict[str, Sequence[str]] = {
        "quick/RSA": ["trade"],
        "quick/RSA2": list(found)[2:],
        "default/RSA2": ["trade"],
    }
    plain = shrunk.get(f"{plan.depth}/{sign_type}", ())
    return {name: values[:1] if name in plain else values for name, values in found.items()}


def rows(plan: Plan, sign_type: str, state: str) -> list[Row]:
    """Return the coordinates of the forgeries that meet a state; `quick` holds all pairs, else all triples.

    Triples are those with the state. The plain row of each forgery comes first, so that a fault that shows
    everywhere is found at once.
    """
    space = factors(plan, sign_type)
    # all triples with the state, in one sign type: RSA costs twenty times as much, and forges alike
    found = triples_with("state", space) if plan.depth != "quick" and sign_type == "MD5" else pairs(space)
    plain = {name: values[0] for name, values in space.items()} | {"state": state}
    some = space["forgery"] if plan.depth == "deep" or sign_type == "MD5" else ()
    first = [plain | {"forgery": name} for name in some]
    news = [
        plain | {"forgery": name, "news": kind}
        for kind, where in (("closing", CLOSING), ("refund", REFUNDING))
        if state in where
        for name in PLAIN_FORGERIES
    ]
    other = [name for name, kind in applicable(sign_type) if kind == "other-hash"]
    hashed = [
        plain | {"forgery": name, "trade": str(place)}
        for place, name in zip(range(len(trades(plan))), cycle(other), strict=False)
        if state == "unknown" and len(space["trade"]) == 1
    ]
    hashed += [plain | {"forgery": other[0], "fields": NO_TEXT}] if hashed else []
    met = [row for row in found if row["state"] == state]
    return [unfolded(plan, row) for row in [*first, *news, *hashed, *met]]


def unfolded(plan: Plan, row: Row) -> Row:
    """Return a row with the trade's four coordinates in the place of its number."""
    currency, amount, number, moment = trades(plan)[int(row["trade"])]
    rest = {name: value for name, value in row.items() if name != "trade"}
    return rest | {"currency": currency, "amount": amount, "number": number, "moment": moment}


def plain(plan: Plan) -> Row:
    """Return the ordinary value of each coordinate that a finding need not name."""
    currency, amount, number, moment = trades(plan)[0]
    return {
        "currency": currency,
        "amount": amount,
        "number": number,
        "moment": moment,
        "fields": FIELDS[0],
        "header": next(iter(HEADERS)),
        "query": next(iter(QUERIES)),
        "edit": EDITS[0],
        "repeat": next(iter(REPEATS)),
    }


def more_fields(kind: str, partner: str, note: str) -> dict[str, Any]:
    """Return what a message's fields have beside the usual ones; None takes a field away."""
    match kind:
        case "the fewest":
            kept = ("notify_id", "out_trade_no", "trade_status", "total_fee", "trans_currency", "gmt_payment")
            return {"": kept}
        case "thirty more":
            return {f"x_field_{number:02d}": f"value {number}" for number in range(30)}
        case "ten kilobytes":
            return {"body": "tea and cake, " * 750}
        case "a discount":
            return {"discount": "1.50", "coupon_discount": "1.50", "use_coupon": "Y"}
        case "no currency":
            return {"trans_currency": None}
        case "Chinese text":
            return {"subject": note}
        case "the partner's number in the subject":
            return {"subject": f"payment for {partner}"}
        case "TRADE_FINISHED":
            return {"trade_status": "TRADE_FINISHED"}
    return {}
