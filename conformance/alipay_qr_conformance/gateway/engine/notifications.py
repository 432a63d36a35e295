"""Notifications: their fields, their signature, their way to the outbox.

The field set follows docs.antom.com/ac/3rdpartryqrcode/simplified_2 and public samples; which action goes
with which status, and that a cancel is reported as ``reverseAction``, is inferred from their names.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from alipay_qr import ledger
from alipay_qr.beijing import format_timestamp, parse_timestamp
from alipay_qr.errors import Unencodable
from alipay_qr.ledger import Refund, State, Trade
from alipay_qr.money import format_amount
from alipay_qr.signing import sign_params
from alipay_qr.wire import decode_form, encode_notification
from alipay_qr.wire.form import content_type_charset
from alipay_qr_conformance.gateway.engine.dialect import Dialect
from alipay_qr_conformance.gateway.engine.keys import AccountKeys
from alipay_qr_conformance.gateway.engine.services import TRADE_STATUS, Context, find_payment
from alipay_qr_conformance.gateway.engine.trades import Trades
from alipay_qr_conformance.gateway.store.memory import Code, Delivery, Payment
from alipay_qr_conformance.gateway.store.outbox import Outbox

_ACTION: Final = {
    State.WAITING: "createDirectPayTradeByBuyerAction",
    State.PAID: "payByAccountAction",
    State.PARTLY_REFUNDED: "payByAccountAction",
    State.REFUNDED: "closeTradeAction",  # refundFPAction names its refund
    State.CANCELLED: "reverseAction",
    State.CLOSED: "closeTradeAction",
}


FOREX: Final = (
    "notify_id",
    "notify_type",
    "notify_time",
    "currency",
    "out_trade_no",
    "out_return_no",
    "refund_status",
    "total_fee",
    "trade_no",
    "trade_status",
)
"""The fields of the forex family: no seller, buyer, price or gmt_payment (genuine, 2018-04-11).

There TRADE_FINISHED is the paid status; here the ledger's own status stands.
"""


class Notifications:
    """Notifications of one merchant's trades.

    Args:
        partner: the account that is told.
        keys: sign what is told.
        context: store and ids.
        trades: what is told about.
        outbox: takes what is to be sent.
        lock: held by whoever works with the trades.
        dialect: returns the engine's.
    """

    def __init__(
        self,
        *,
        partner: str,
        keys: AccountKeys,
        context: Context,
        trades: Trades,
        outbox: Outbox,
        lock: threading.RLock,
        dialect: Callable[[], Dialect],
    ) -> None:
        self._partner = partner
        self._keys = keys
        self._context = context
        self._store = context.store
        self._trades = trades
        self._outbox = outbox
        self._lock = lock
        self._dialect = dialect
        outbox.renew = self._renewed

    def url_of(self, out_trade_no: str) -> str:
        """Return the address of a trade's notifications, or an empty text.

        Raises:
            RuleError: TRADE_NOT_EXIST.
        """
        with self._lock:
            payment = find_payment(self._store, out_trade_no)
            code = self._store.code(payment.qrcode) if payment.qrcode else None
            return payment.notify_url or (code.notify_url if code else "")

    def form_of(self, out_trade_no: str) -> tuple[str, str]:
        """Return sign type and charset of a trade's notifications: its CREATE's.

        Raises:
            RuleError: TRADE_NOT_EXIST.
        """
        with self._lock:
            payment = find_payment(self._store, out_trade_no)
            code = self._store.code(payment.qrcode) if payment.qrcode else None
            sign_type, charset = code.made_by if code and code.made_by else (self._keys.sign_type, "UTF-8")
            return sign_type if sign_type in self._keys.signers else self._keys.sign_type, charset

    def announce(
        self, out_trade_no: str, at: datetime, *, partner_refund_id: str | None = None, url: str = ""
    ) -> Delivery | None:
        """Put the notification of a trade's state, or of a refund, into the outbox.

        Args:
            out_trade_no: the trade.
            at: ``notify_time``.
            partner_refund_id: the refund that is reported, if one is.
            url: where it goes, if not where the trade's notifications go; None comes back without either.

        Raises:
            RuleError: there is no such trade, or no such refund.
        """
        with self._lock:
            url = url or self.url_of(out_trade_no)
            if not url:
                return None
            sign_type, charset = self.form_of(out_trade_no)
            made = partial(
                self.params,
                out_trade_no,
                at,
                sign_type=sign_type,
                partner_refund_id=partner_refund_id,
            )
            try:
                pairs = made(charset=charset)
            except Unencodable:  # a value came by another request, in another charset
                charset = "UTF-8"
                pairs = made(charset=charset)
            event = (
                f"refund {partner_refund_id}"
                if partner_refund_id
                else self._trades.get(out_trade_no).state.value
            )
            return self._outbox.put(out_trade_no, event, url, *self._body(pairs, charset))

    def make(
        self,
        out_trade_no: str,
        at: datetime,
        *,
        sign_type: str | None = None,
        charset: str = "UTF-8",
        overrides: Mapping[str, str | None] | None = None,
    ) -> tuple[bytes, str]:
        """Return body and Content-Type of the notification about a trade's state.

        The ``notify_id`` names the event, so a repeat has the same one, as Alipay's do.

        Args:
            out_trade_no: the trade.
            at: ``notify_time``.
            sign_type: what to sign with; by default what the account signs with.
            charset: UTF-8, GBK or GB2312.
            overrides: fields to change or add before signing; None takes a field away.

        Raises:
            RuleError: TRADE_NOT_EXIST.
            SignTypeError: there is no key for ``sign_type``.
            Unencodable: a value cannot be written in ``charset``.
        """
        pairs = self.params(out_trade_no, at, sign_type=sign_type, charset=charset, overrides=overrides)
        return self._body(pairs, charset)

    def make_refund(
        self,
        out_trade_no: str,
        partner_refund_id: str,
        at: datetime,
        *,
        sign_type: str | None = None,
        charset: str = "UTF-8",
        overrides: Mapping[str, str | None] | None = None,
    ) -> tuple[bytes, str]:
        """Return the notification of a refund, which is finished first if it is pending.

        Raises:
            RuleError: there is no such trade, or no such refund.
            SignTypeError, Unencodable: as `make`.
        """
        with self._lock:
            self._trades.finish_refund(out_trade_no, partner_refund_id, at)
            pairs = self.params(
                out_trade_no,
                at,
                sign_type=sign_type,
                charset=charset,
                overrides=overrides,
                partner_refund_id=partner_refund_id,
            )
        return self._body(pairs, charset)

    def params(
        self,
        out_trade_no: str,
        at: datetime,
        *,
        sign_type: str | None = None,
        charset: str = "UTF-8",
        overrides: Mapping[str, str | None] | None = None,
        partner_refund_id: str | None = None,
    ) -> list[tuple[str, str]]:
        """Return the signed fields of a notification; `make` says what is raised."""
        signer = self._keys.signer(sign_type)
        kept = self.unsigned(out_trade_no, at, overrides=overrides, partner_refund_id=partner_refund_id)
        sign = sign_params(kept, signer, charset)
        return [*kept, ("sign_type", signer.sign_type), ("sign", sign)]

    def unsigned(
        self,
        out_trade_no: str,
        at: datetime,
        *,
        overrides: Mapping[str, str | None] | None = None,
        partner_refund_id: str | None = None,
    ) -> list[tuple[str, str]]:
        """Return the fields of a notification before they are signed; `make` says what is raised."""
        with self._lock:
            payment = find_payment(self._store, out_trade_no)
            code = self._store.code(payment.qrcode) if payment.qrcode else None
            refund = ledger.find_refund(payment.trade, partner_refund_id) if partner_refund_id else None
            event = f"{out_trade_no}/{partner_refund_id or payment.trade.state}"
            fields: dict[str, str | None] = {
                "notify_id": self._context.digest(event, 0)[:34],
                **self._fields(payment, code, at, refund),
                **(overrides or {}),
            }
            kept = [(name, value) for name, value in fields.items() if value is not None]
            if notify_id := dict(kept).get("notify_id"):
                self._store.put_notify_id(notify_id)
            return kept

    def _fields(
        self, payment: Payment, code: Code | None, at: datetime, refund: Refund | None
    ) -> dict[str, str]:
        fields = _fields(payment, code, self._partner, at, refund)
        if self._dialect().notification == "acquire":
            return fields
        fields |= {"currency": payment.trade.currency, "out_return_no": fields.get("out_biz_no", "")}
        return {name: fields[name] for name in FOREX if fields.get(name)}

    def _body(self, pairs: list[tuple[str, str]], charset: str) -> tuple[bytes, str]:
        return encode_notification(pairs, charset), self._dialect().content_type(charset)

    def _renewed(self, delivery: Delivery, at: datetime) -> Delivery:
        """Return a delivery for its repeat: a later ``notify_time``, hence a new sign.

        The ``notify_id`` stays (docs.open.alipay.com/270/105902). A genuine notification of 2016-11-15
        came with a ``notify_time`` 86 minutes after its ``gmt_payment``.
        """
        charset = content_type_charset(delivery.content_type)[1] or "UTF-8"
        fields = dict(decode_form(delivery.body, charset))
        sign_type = fields.pop("sign_type", "")
        if not fields.pop("sign", "") or sign_type not in self._keys.signers:
            return delivery
        before = parse_timestamp(fields.get("notify_time", format_timestamp(at)))
        fields["notify_time"] = format_timestamp(max(at, before + timedelta(seconds=1)))
        sign = sign_params(fields, self._keys.signer(sign_type), charset)
        body = encode_notification([*fields.items(), ("sign_type", sign_type), ("sign", sign)], charset)
        return replace(delivery, body=body)


def _fields(
    payment: Payment, code: Code | None, partner: str, at: datetime, refund: Refund | None
) -> dict[str, str]:
    """Return the fields without ``notify_id``, ``sign`` and ``sign_type``.

    Args:
        payment: what is reported, in its present state.
        code: the code that was paid, if one was; it gives the subject and the settlement currency.
        partner: the seller.
        at: ``notify_time``.
        refund: the finished refund that is reported; None for the state of the trade.
    """
    trade = payment.trade
    total = format_amount(trade.total, trade.currency)
    fields = {
        "notify_time": format_timestamp(at),
        "notify_type": "trade_status_sync",
        "notify_action_type": "refundFPAction" if refund else _ACTION[trade.state],
        "out_trade_no": trade.out_trade_no,
        "trade_no": trade.trade_no,
        "trade_status": TRADE_STATUS[trade.state],
        "subject": "Merchant QR code payment",
        "gmt_create": format_timestamp(trade.paid_at or at),
        "seller_id": partner,
        "seller_email": "merchant@example.com",
        "buyer_id": "2088102000000001",
        "buyer_email": "bu***@example.com",
        "price": total,
        "quantity": "1",
        "total_fee": total,
        "discount": format_amount(trade.total - trade.total, trade.currency),
        "is_total_fee_adjust": "N",
        "use_coupon": "N",
        "payment_type": "1",
        "trans_currency": trade.currency,
    }
    return fields | _times(trade) | _code_fields(code) | _refund_fields(refund) | dict(payment.extra)


def _times(trade: Trade) -> dict[str, str]:
    fields = {}
    if trade.paid_at is not None:
        fields["gmt_payment"] = format_timestamp(trade.paid_at)
    if TRADE_STATUS[trade.state] == "TRADE_CLOSED" and trade.ended_at is not None:
        fields["gmt_close"] = format_timestamp(trade.ended_at)
    return fields


def _code_fields(code: Code | None) -> dict[str, str]:
    if code is None:
        return {}
    passback = code.data.get("passback_parameters")
    if isinstance(passback, dict):
        passback = json.dumps(passback, ensure_ascii=False, separators=(",", ":"))
    wanted = {
        "subject": code.data.get("store_name"),
        "settle_currency": code.data.get("currency"),
        "passback_parameters": passback,
    }
    return {name: value for name, value in wanted.items() if isinstance(value, str) and value}


def _refund_fields(refund: Refund | None) -> dict[str, str]:
    if refund is None:
        return {}
    return {
        "refund_status": "REFUND_SUCCESS",
        "refund_fee": format_amount(refund.amount, refund.currency),
        "out_biz_no": refund.partner_refund_id,
        "gmt_refund": format_timestamp(refund.requested_at),
    }
