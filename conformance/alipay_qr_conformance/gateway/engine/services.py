"""The services: parameters in, fields of the result out, store changed.

What these functions are given is legal already (see `validation`); what they refuse, history refuses: a
`RuleError` of the ledger, or their own, becomes a signed business failure.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from alipay_qr import ledger
from alipay_qr.beijing import BEIJING
from alipay_qr.errors import RuleError
from alipay_qr.ledger import State, Terms
from alipay_qr.money import format_amount, parse_amount
from alipay_qr_conformance.gateway.store.memory import Code, CodeStatus, Payment, Shop, Store

Params = Mapping[str, str]
Fields = dict[str, str]

TRADE_STATUS: Final = {
    State.WAITING: "WAIT_BUYER_PAY",
    State.PAID: "TRADE_SUCCESS",
    State.PARTLY_REFUNDED: "TRADE_SUCCESS",
    State.REFUNDED: "TRADE_CLOSED",
    State.CANCELLED: "TRADE_CLOSED",
    State.CLOSED: "TRADE_CLOSED",
}
_STATUS_AFTER: Final[dict[str, CodeStatus]] = {"STOP": "STOP", "RESTART": "NORMAL", "DELETE": "DELETE"}
_FIXED_MEMBERS: Final = ("secondary_merchant_id", "sys_service_provider_id")


@dataclass(frozen=True, slots=True)
class Context:
    """The store, the terms and the source of ids that the services work with."""

    store: Store
    terms: Terms
    seed: int

    def digest(self, kind: str, number: int) -> str:
        """Return 64 hex digits for the number-th thing of a kind."""
        return hashlib.sha256(f"{self.seed}/{kind}/{number}".encode()).hexdigest()

    def new_qrcode(self) -> tuple[str, str]:
        """Return the addresses of a new code and of its picture."""
        token = "baX" + self.digest("code", self.store.next_number("code"))[:20]
        return (
            f"https://qr.alipay.com/{token}",
            f"https://mobilecodec.alipay.com/show.htm?code={token}&picSize=S",
        )

    def new_number(self, kind: str, at: datetime) -> str:
        """Return a trade number: the Beijing day, then 20 digits."""
        number = self.store.next_number(kind)
        digits = int(self.digest(kind, number), 16) % 10**14
        return f"{at.astimezone(BEIJING):%Y%m%d}{digits:014d}{number % 10**6:06d}"


def create(context: Context, params: Params, now: datetime) -> Fields:  # noqa: ARG001 (services are called alike)
    """Give a shop its code: one with channel fee, one without, the same each time."""
    data = _members(params["biz_data"])
    shop = _shop(data)
    code = context.store.code_of(shop)
    if code is None:
        qrcode, image_url = context.new_qrcode()
        made_by = (params.get("sign_type", ""), params.get("_input_charset", "UTF-8").upper())
        code = Code(qrcode, image_url, shop, data, params["notify_url"], made_by=made_by)
        context.store.put_code(code)
    return {"result_code": "SUCCESS", "qrcode": code.qrcode, "qrcode_img_url": code.image_url}


def modify(context: Context, params: Params, now: datetime) -> Fields:  # noqa: ARG001
    """Give a code new data; its merchant and a channel fee stay."""
    code = _code(context, params)
    data = _members(params["biz_data"])
    shop = _shop(data)
    for name in _FIXED_MEMBERS:
        if data.get(name) != code.data.get(name):
            raise RuleError(f"{name} of a code cannot be changed", code="INVALID_PARAMETER")
    if code.shop.with_channel_fee and not shop.with_channel_fee:
        raise RuleError("a channel fee cannot be removed", code="INVALID_PARAMETER")
    other = context.store.code_of(shop)
    if other is not None and other.qrcode != code.qrcode:
        raise RuleError("the shop has another code of this kind", code="INVALID_PARAMETER")
    notify_url = params.get("notify_url") or code.notify_url
    context.store.put_code(replace(code, shop=shop, data=data, notify_url=notify_url))
    return {"result_code": "SUCCESS", "qrcode": code.qrcode, "qrcode_img_url": code.image_url}


def modify_status(context: Context, params: Params, now: datetime) -> Fields:  # noqa: ARG001
    """Stop a code, start it again, or delete it for good."""
    code = _code(context, params)
    context.store.put_code(replace(code, status=_STATUS_AFTER[params["status"]]))
    return {"result_code": "SUCCESS", "qrcode": code.qrcode}


def cancel(context: Context, params: Params, now: datetime) -> Fields:
    """Close an unpaid trade, return the money of a paid one; nothing to do is success.

    Then neither ``action`` nor ``trade_no`` comes (genuine answer of 2014-03-19).
    """
    trade_no = params.get("trade_no") or ""
    payment = (
        context.store.payment_by_trade_no(trade_no)
        if trade_no
        else context.store.payment(params["out_trade_no"])
    )
    if payment is None:
        return _without_empty(result_code="SUCCESS", out_trade_no=params["out_trade_no"], retry_flag="N")
    trade, action = ledger.cancel(payment.trade, now, context.terms)
    context.store.put_payment(replace(payment, trade=trade))
    return _without_empty(
        result_code="SUCCESS",
        out_trade_no=trade.out_trade_no,
        trade_no=trade.trade_no if action else "",
        retry_flag="N",
        action=action or "",
    )


def refund(context: Context, params: Params, now: datetime) -> Fields:
    """Refund at once with ``is_sync=Y``, otherwise accept a refund that is pending."""
    payment = context.store.payment(params["partner_trans_id"])
    trans_id = params.get("alipay_trans_id")
    if payment is None or (trans_id and trans_id != payment.trade.trade_no):
        raise RuleError("there is no such payment", code="TRADE_NOT_EXIST")
    refund_id, currency = params["partner_refund_id"], params["currency"]
    owner = context.store.payment_of_refund(refund_id)
    if owner is not None and owner.trade.out_trade_no != payment.trade.out_trade_no:
        raise RuleError("partner_refund_id names a refund of another payment", code="INVALID_PARAMETER")
    trade, made = ledger.refund(
        payment.trade,
        partner_refund_id=refund_id,
        amount=parse_amount(params["refund_amount"], currency),
        currency=currency,
        at=now,
        terms=context.terms,
        done=params.get("is_sync") == "Y",
    )
    context.store.put_payment(replace(payment, trade=trade))
    fields = _without_empty(
        result_code="SUCCESS",
        partner_trans_id=trade.out_trade_no,
        alipay_trans_id=trade.trade_no,
        partner_refund_id=refund_id,
        refund_amount=params["refund_amount"],
        currency=currency,
    )
    if made.done and currency == "CNY":  # any other rate would be an invention
        fields |= {"exchange_rate": "1.000000", "refund_amount_cny": format_amount(made.amount, "CNY")}
    return fields


def query(context: Context, params: Params, now: datetime) -> Fields:  # noqa: ARG001
    """Report the state of a trade."""
    trans_id = params.get("alipay_trans_id")
    if trans_id:
        payment = context.store.payment_by_trade_no(trans_id)
    else:
        payment = context.store.payment(params.get("partner_trans_id", ""))
    if payment is None:
        raise RuleError("there is no such payment", code="TRADE_NOT_EXIST")
    trade, extra = payment.trade, dict(payment.extra)
    return _without_empty(
        result_code="SUCCESS",
        alipay_trans_status=TRADE_STATUS[trade.state],
        out_trade_no=trade.out_trade_no,
        partner_trans_id=trade.out_trade_no,
        alipay_trans_id=trade.trade_no,
        alipay_buyer_user_id=extra.get("buyer_id", "") if trade.paid_at else "",
        alipay_pay_time=f"{trade.paid_at.astimezone(BEIJING):%Y%m%d%H%M%S}" if trade.paid_at else "",
        trans_amount=format_amount(trade.total, trade.currency),
        currency=trade.currency,
    )


SERVICES: Final[Mapping[str, Callable[[Context, Params, datetime], Fields]]] = {
    "CREATE": create,
    "MODIFY": modify,
    "MODIFY_STATUS": modify_status,
    "CANCEL": cancel,
    "REFUND": refund,
    "QUERY": query,
}
"""What is answered with XML; ``notify_verify`` answers plain text and is the engine's own."""

_ECHOED: Final = {
    "CANCEL": ("out_trade_no", "trade_no"),
    "REFUND": ("partner_trans_id", "alipay_trans_id", "partner_refund_id", "refund_amount", "currency"),
    "QUERY": ("partner_trans_id", "alipay_trans_id"),
}


def failure(alias: str, params: Params) -> Fields:
    """Return the fields of a business failure: FAILED for REFUND, FAIL for the others.

    What gives the reason is the `Reply`'s affair.
    """
    fields = {"result_code": "FAILED" if alias == "REFUND" else "FAIL"}
    fields |= {name: value for name in _ECHOED.get(alias, ()) if (value := params.get(name))}
    return fields


def _members(text: str) -> dict[str, object]:
    """Parse ``biz_data``, which is known to be a JSON object."""
    data = json.loads(text)
    return data if isinstance(data, dict) else {}


def _shop(data: Mapping[str, object]) -> Shop:
    counter = data.get("store_id") or data.get("taxi_number") or data.get("taxi_operation_id") or ""
    return Shop(str(data.get("secondary_merchant_id", "")), str(counter), bool(data.get("channel_fee")))


def _code(context: Context, params: Params) -> Code:
    code = context.store.code(params["qrcode"])
    if code is None or code.status == "DELETE":
        raise RuleError("there is no such code", code="INVALID_PARAMETER")
    return code


def _without_empty(**fields: str) -> Fields:
    return {name: value for name, value in fields.items() if value}


def find_payment(store: Store, out_trade_no: str) -> Payment:
    """Return a payment, for a caller in the same process.

    Raises:
        RuleError: TRADE_NOT_EXIST.
    """
    payment = store.payment(out_trade_no)
    if payment is None:
        raise RuleError(f"there is no trade {out_trade_no[:64]!r}", code="TRADE_NOT_EXIST")
    return payment
