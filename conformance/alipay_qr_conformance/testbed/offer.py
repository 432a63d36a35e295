"""What a subject declares that it does not do: such a call is not made, or its refusal is its right.

Currencies are declared by ``hello`` or the policy file, what a stricter shop declines by the policy file. A
case that asks for what is not offered is not judged, and costs no level; whether the word is kept is judged
by ``policy.*``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from alipay_qr.beijing import end_of_day
from alipay_qr.ledger import Trade
from alipay_qr.money import exponent
from alipay_qr_conformance.model.outcomes import Unsupported
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.testbed.scenarios import OPERATIONS

if TYPE_CHECKING:
    from alipay_qr_conformance.testbed.testbed import Testbed


class Declined(Unsupported):
    """The subject declined a call that it declares it declines."""


_CODE: Final = re.compile(r"[A-Z]{3}")
_TRADE: Final = {"refund": "partner_trans_id", "cancel": "out_trade_no"}


def in_units(amount: str, currency: str) -> str:
    """Return a case's amount as it is written in a currency: 12.50 is 1250 yen, who has no smaller unit."""
    whole = "." not in amount or exponent(currency) > 0
    return amount if whole else amount.replace(".", "").lstrip("0") or "0"


def expect_currency(bed: "Testbed", *currencies: object) -> None:
    """Raise `Unsupported` where the subject does not take one of these; what is no code may pass."""
    taken = bed.plan.currencies
    other = [each for each in currencies if isinstance(each, str) and _CODE.fullmatch(each)]
    if taken and (other := [each for each in other if each not in taken]):
        listed = ", ".join(taken)
        raise Unsupported(message("needs.currency", currency=other[0], taken=listed), optional=True)


def expect_offered(bed: "Testbed", op: str, args: Mapping[str, Any]) -> None:
    """Raise `Unsupported` where a call is about a currency that the subject does not take."""
    if not bed.plan.currencies:
        return
    if op == "create_qr_code":
        expect_currency(bed, *(args["biz_data"].get(name) for name in ("trans_currency", "currency")))
    elif op == "expect":
        expect_currency(bed, args["currency"])
    elif (trade := _trade(bed, op, args)) is not None:
        expect_currency(bed, trade.currency)


def expect_no_right_to_decline(bed: "Testbed", op: str, args: Mapping[str, Any]) -> None:
    """Raise `Declined` where the policy declares that a call is declined that was just declined."""
    if (key := declined_by(bed, op, args)) is not None:
        raise Declined(message("policy.declines", key=key), optional=True)


def expect_no_right_to_refuse(bed: "Testbed", fields: Sequence[tuple[str, str | None]]) -> None:
    """Raise `Declined` where the policy declares that such a notification is refused, which was refused."""
    policy, names = bed.plan.policy, dict(fields)
    if policy.line_ends == "refuse" and _has_line_end(names.values()):
        raise Declined(message("policy.declines", key="line_ends"), optional=True)
    if policy.seller_id == "required" and not names.get("seller_id"):
        raise Declined(message("policy.declines", key="seller_id"), optional=True)


def declined_by(bed: "Testbed", op: str, args: Mapping[str, Any]) -> str | None:
    """Return the key of the policy by which a call may be declined, None where there is none."""
    trade, policy = _trade(bed, op, args), bed.plan.policy
    if policy.line_ends == "refuse" and _has_line_end(args.values()):
        return "line_ends"
    if trade is None or bed.session is None:
        return None
    if op == "cancel":
        if policy.paid_cancel == "refuse" and trade.paid_at is not None:
            return "paid_cancel"
        return "cancel_margin" if _in_margin(policy, trade, bed.session.now) else None
    try:
        amount = Decimal(str(args["refund_amount"]))
    except InvalidOperation:
        return None
    number = str(args.get("partner_refund_id"))
    asked = {each.params.get("partner_refund_id") for each in bed.session.of(OPERATIONS["refund"])}
    return _no_refund(policy, trade, number, amount, len(asked - {number}))


def _has_line_end(values: Iterable[Any]) -> bool:
    return any(
        _has_line_end(each) if isinstance(each, list) else bool({"\r", "\n"} & set(each))
        for each in values
        if isinstance(each, str | list)
    )


def _in_margin(policy: Policy, trade: Trade, now: datetime) -> bool:
    if policy.cancel_margin is None or trade.paid_at is None:
        return False
    end = end_of_day(trade.paid_at)
    return end - timedelta(minutes=policy.cancel_margin) <= now < end


def _no_refund(policy: Policy, trade: Trade, number: str, amount: Decimal, asked: int) -> str | None:
    others = [each for each in trade.refunds if each.partner_refund_id != number]
    rest = trade.total - sum((each.amount for each in others), Decimal(0))
    is_part = 0 < amount < trade.total
    if policy.partial_refunds == "refuse" and is_part:
        return "partial_refunds"
    if policy.max_refunds is not None and max(len(others), asked) >= policy.max_refunds:
        return "max_refunds"
    if policy.largest_refund is not None and amount > Decimal(policy.largest_refund):
        return "largest_refund"
    least = policy.min_partial_refund
    if least is not None and is_part and amount < Decimal(least) and amount != rest:
        return "min_partial_refund"
    return None


def _trade(bed: "Testbed", op: str, args: Mapping[str, Any]) -> Trade | None:
    number = args.get(_TRADE.get(op, ""))
    if bed.session is None or number is None:
        return None
    return next((each for each in bed.session.engine.trades.all() if each.out_trade_no == number), None)
