"""The boundary between two parameters: the signed text does not say where a value ends."""

from collections.abc import Callable
from typing import Final

from alipay_qr_conformance.checks.attacks.belief import careful, is_believed
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.rules.forgeries import Pairs, replace, without
from alipay_qr_conformance.testbed.notifications import fields_of, paid, recorded, resigned, send, shown
from alipay_qr_conformance.testbed.paid_trade import number
from alipay_qr_conformance.testbed.testbed import GatewaySession, Testbed

_OTHER_SELLER: Final = "2088999999999999"
MOVED: Final = ("total_fee", "out_trade_no", "trade_status", "seller_id")
"""Parameters that are moved into the value before them."""


def moved(name: str) -> Callable[[Testbed], None]:
    """Judge genuine news in which a parameter stands in the value before it."""

    def run(bed: Testbed) -> None:
        careful(bed)
        with bed.gateway() as session:
            if name != "total_fee" and _takes_without(bed, session, name):
                rule = "notify.validate.seller" if name == "seller_id" else "notify.validate.complete"
                raise Blocked("see.requirement", requirement=rule)
            trade = paid(bed, session)
            fields, kind = fields_of(bed, session, trade)
            if name == "seller_id":
                fields = resigned(bed, [*without(fields, name), (name, _OTHER_SELLER)])
            fields = moved_into_the_value_before(fields, name)
            reply = send(bed, fields, kind)
            if is_believed(bed, trade, reply):
                raise Failed("attack.boundary", shown(fields, reply, recorded(bed, trade)), name=name)

    return run


def moved_into_the_value_before(fields: Pairs, name: str) -> Pairs:
    """Return the message with one parameter moved into the value before it; the signed text is the same."""
    signed = sorted(pair for pair in without(fields, "sign", "sign_type") if pair[1])
    place = [each for each, _ in signed].index(name)
    before, value = signed[place - 1]
    return replace(without(fields, name), before, f"{value}&{name}={signed[place][1]}")


def _takes_without(bed: Testbed, session: GatewaySession, name: str) -> bool:
    """Say whether a signed message is believed that lacks a parameter; one of another seller, for that."""
    trade = paid(bed, session)
    fields, kind = fields_of(bed, session, trade)
    bare = without(fields, name)
    fields = resigned(bed, [*bare, (name, _OTHER_SELLER)] if name == "seller_id" else bare)
    return is_believed(bed, trade, send(bed, fields, kind))


def hidden_amount(bed: Testbed) -> None:
    """Goods for 12.50 are awaited; 0.01 is paid, and its amount hidden."""
    careful(bed)
    with bed.gateway() as session:
        trade = bed.fresh("T")
        bed.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
        session.engine.pay(None, "0.01", "USD", session.now, out_trade_no=trade)
        fields, kind = fields_of(bed, session, trade)
        fields = moved_into_the_value_before(fields, "total_fee")
        reply = send(bed, fields, kind)
        if is_believed(bed, trade, reply):
            raise Failed("attack.boundary", shown(fields, reply, recorded(bed, trade)), name="total_fee")


def _split(bed: Testbed, session: GatewaySession, trade: str) -> tuple[Pairs, str]:
    """Return news of 0.01 in which the customer's text about the goods becomes a part of the amount."""
    session.engine.pay(None, "0.01", "USD", session.now, out_trade_no=trade)
    fields, kind = fields_of(bed, session, trade, {"subject": "goods&total_fee=1250.00"})
    fields = replace(fields, "subject", "goods")
    return replace(fields, "total_fee", "1250.00&total_fee=0.01"), kind


def split_amount(bed: Testbed) -> None:
    """What the customer wrote becomes a part of the amount, and is booked."""
    careful(bed)
    with bed.gateway() as session:
        trade = bed.fresh("T")
        fields, kind = _split(bed, session, trade)
        reply = send(bed, fields, kind)
        belief = recorded(bed, trade) or {}
    found = number(belief.get("paid"))
    if belief.get("state") == "paid" and found is not None and found != number("0.01"):
        raise Failed("attack.split", shown(fields, reply, belief), paid="0.01", found=found)


def split_awaited(bed: Testbed) -> None:
    """The same, where exactly that amount is awaited."""
    careful(bed)
    with bed.gateway() as session:
        trade = bed.fresh("T")
        bed.ask("expect", out_trade_no=trade, total_fee="1250.00", currency="USD")
        fields, kind = _split(bed, session, trade)
        reply = send(bed, fields, kind)
        if is_believed(bed, trade, reply):
            raise Failed(
                "attack.split", shown(fields, reply, recorded(bed, trade)), paid="0.01", found="1250.00"
            )
