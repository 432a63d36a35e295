"""Checks of trades: what refunds and cancels may do, step by step and in any order, against the ledger."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from alipay_qr import ledger
from alipay_qr.errors import RuleError
from alipay_qr.ledger import State, Trade
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_client import EXAMPLES
from alipay_qr_conformance.testbed.properties import for_all
from alipay_qr_conformance.testbed.testbed import Testbed


@check("gateway.refund.sum")
def the_last_cent(bed: Testbed) -> None:
    """Carry refunds out up to the exact payment, and none above it."""
    bench = bed.client
    number = bench.pay("10.00")
    accepted = Decimal(0)
    reply = None
    for amount in ("4.00", "6.01", "6.00", "0.01"):
        reply = bench.send(bench.refund(number, amount))
        accepted += Decimal(amount) if reply.done else 0
    if accepted != Decimal("10.00"):
        evidence = reply.evidence() if reply else {}
        raise Failed("gateway.refund.sum", evidence, sum=accepted, total="10.00")


@check("gateway.refund.once")
def identical(bed: Testbed) -> None:
    """Move money once for a refund and its identical repeat."""
    bench = bed.client
    number = bench.pay("10.00")
    params = bench.refund(number, "6.00")
    first, again = bench.send(params), bench.send(params)
    if not first.done or not again.done:
        what = f"a refund and its identical repeat: {first.error}, then {again.error}"
        raise Failed("gateway.refund.once", again.evidence(), what=what)
    rest = bench.send(bench.refund(number, "4.00"))
    if not rest.done:
        what = f"after a repeated refund of 6.00 of 10.00 the remaining 4.00 were refused: {rest.error}"
        raise Failed("gateway.refund.once", rest.evidence(), what=what)


@check("gateway.refund.once")
def changed(bed: Testbed) -> None:
    """Refuse the same partner_refund_id with another amount."""
    bench = bed.client
    number, refund_id = bench.pay("10.00"), bench.fresh("R")
    bench.send(bench.refund(number, "1.00", refund_id=refund_id))
    reply = bench.send(bench.refund(number, "2.00", refund_id=refund_id))
    if reply.done:
        what = "the same partner_refund_id was accepted with another amount"
        raise Failed("gateway.refund.once", reply.evidence(), what=what)


@check("gateway.illegal")
def refund_in_another_currency(bed: Testbed) -> None:
    """Refuse a refund in another currency than the payment."""
    bench = bed.client
    reply = bench.send(bench.refund(bench.pay("10.00"), "1.00", "HKD"))
    if reply.done:
        raise Failed(
            "gateway.illegal", reply.evidence(), service="REFUND", field="currency", value="HKD for USD"
        )


@check("gateway.illegal")
def refund_jpy_decimals(bed: Testbed) -> None:
    """Refuse decimals of a currency that has none."""
    bench = bed.client
    reply = bench.send(bench.refund(bench.pay("1000", "JPY"), "1.50", "JPY"))
    if reply.done:
        raise Failed(
            "gateway.illegal", reply.evidence(), service="REFUND", field="refund_amount", value="1.50 JPY"
        )


@check("gateway.cancel.nothing")
def cancelled_already(bed: Testbed) -> None:
    """Name action=refund at the first CANCEL, and no action at its repeat."""
    bench = bed.client
    number = bench.pay()
    first, again = (bench.send(bench.cancel(number)) for _ in range(2))
    what = ""
    if not first.done or not first.response or first.response.fields.get("action") != "refund":
        what = f"a CANCEL of a paid trade gave no action=refund: {first.error}"
    elif not again.done:
        what = f"its repeat failed: {again.error}"
    elif again.response and again.response.fields.get("action"):
        what = "its repeat named an action again"
    if what:
        raise Failed("gateway.cancel.nothing", again.evidence(), what=what)


@check("gateway.cancel.refunded")
def after_a_part(bed: Testbed) -> None:
    """Refuse the CANCEL of a trade that is refunded in part."""
    bench = bed.client
    number = bench.pay("10.00")
    bench.send(bench.refund(number, "1.00"))
    reply = bench.send(bench.cancel(number))
    if reply.done:
        raise Failed("gateway.cancel.refunded", reply.evidence())


@check("gateway.cancel.closed")
def refund_after_cancel(bed: Testbed) -> None:
    """Refuse a refund after the CANCEL."""
    bench = bed.client
    number = bench.pay("10.00")
    bench.send(bench.cancel(number))
    reply = bench.send(bench.refund(number, "1.00"))
    if reply.done:
        raise Failed("gateway.cancel.closed", reply.evidence())


class _Step(NamedTuple):
    """A refund by number and cents, or a cancel (no cents)."""

    refund: int
    cents: int


@check("gateway.money.history", name="any", once_only=True)
def any_history(bed: Testbed) -> None:
    """Do in any history what the ledger allows."""
    bench = bed.client
    from hypothesis import strategies as st

    code = bench.code()
    cents = st.sampled_from((400, 300, 600, 500, 1000, 1)) | st.integers(1, 1000)
    refunds = st.builds(_Step, st.sampled_from((1, 2, 3, 4)), cents)
    few_cancels = st.sampled_from((False, False, False, True))
    step = few_cancels.flatmap(lambda cancel: st.just(_Step(0, 0)) if cancel else refunds)
    steps = st.lists(step, min_size=3, max_size=7)

    def one(history: list[_Step]) -> None:
        number = bench.pay("10.00", code=code)
        ids = {each: bench.fresh("R") for each in (1, 2, 3, 4)}
        now = datetime.now(UTC)
        trade = Trade(number, "USD", Decimal("10.00"), State.PAID, paid_at=now)
        for place, step in enumerate(history, 1):
            params = bench.cancel(number)
            if step.cents:
                params = bench.refund(number, f"{Decimal(step.cents) / 100:.2f}", refund_id=ids[step.refund])
            try:
                trade = _after(trade, step, ids, now)
                wanted = True
            except RuleError:
                wanted = False
            reply = bench.send(params)
            if reply.done != wanted:
                shown = [f"refund {s.refund} of {s.cents} cents" if s.cents else "cancel" for s in history]
                raise Failed(
                    "gateway.money.history",
                    {"history of a payment of 10.00": "; ".join(shown), **reply.evidence()},
                    step=place,
                    found="carried out" if reply.done else f"refused ({reply.error})",
                    wanted="carried out" if wanted else "refused",
                )

    for_all(steps, one, examples=EXAMPLES[bed.plan.depth], seed=bed.plan.seed)


def _after(trade: Trade, step: _Step, ids: dict[int, str], now: datetime) -> Trade:
    if not step.cents:
        return ledger.cancel(trade, now)[0]
    amount = Decimal(step.cents) / 100
    refund_id = ids[step.refund]
    return ledger.refund(trade, partner_refund_id=refund_id, amount=amount, currency="USD", at=now)[0]
