"""Trades, refunds and codes, and the events that no request causes.

A customer pays, a trade is closed by a timeout, a pending refund is finished or fails. Each call is one
step: a lock holds while it lasts, so that a server's thread and a test may share the trades.
"""

import threading
from dataclasses import replace
from datetime import datetime

from alipay_qr import ledger
from alipay_qr.errors import ParameterError
from alipay_qr.ledger import State, Trade
from alipay_qr.money import parse_amount
from alipay_qr_conformance.gateway.engine.services import Context, find_payment
from alipay_qr_conformance.gateway.store.memory import Code, Payment


class Trades:
    """The trades of one merchant.

    Args:
        context: store, terms and ids.
        lock: held by whoever works with them.
    """

    def __init__(self, context: Context, lock: threading.RLock) -> None:
        self._context = context
        self._store = context.store
        self._lock = lock

    def pay(
        self,
        qrcode: str | None,
        total_fee: str,
        currency: str,
        at: datetime,
        *,
        out_trade_no: str | None = None,
        notify_url: str = "",
        **extra: str,
    ) -> str:
        """Let a customer pay and return ``out_trade_no``; Alipay chooses one if need be.

        Args:
            qrcode: the code that is scanned; None for a payment that comes from elsewhere.
            total_fee: the amount, in the usual form of ``currency``.
            currency: the trade's; it becomes ``trans_currency``.
            at: the moment of the payment.
            out_trade_no: a number of the caller's own; a waiting trade of this number is paid.
            notify_url: where the trade's notifications go; by default where the code's do.
            extra: fields that the trade's notifications carry, such as ``buyer_id``.

        Raises:
            ParameterError: the code is unknown, stopped or deleted.
            AmountError: ``total_fee`` is no amount of ``currency``.
            RuleError: the trade of this number cannot be paid.
        """
        with self._lock:
            if qrcode is not None:
                code = self._store.code(qrcode)
                if code is None or code.status != "NORMAL":
                    raise ParameterError("the code is unknown, stopped or deleted", code="qrcode.invalid")
            number = out_trade_no or self._context.new_number("out_trade_no", at)
            known = self._store.payment(number)
            if known is None:
                known = self._opened(number, total_fee, currency, at)
            trade = replace(known.trade, total=parse_amount(total_fee, currency), currency=currency)
            payment = Payment(ledger.pay(trade, at), qrcode, tuple(extra.items()), notify_url)
            self._store.put_payment(payment)
            return number

    def open(self, out_trade_no: str, total_fee: str, currency: str, at: datetime) -> Trade:
        """Make a trade that waits for its payment; return one that exists as it is.

        Raises:
            AmountError: ``total_fee`` is no amount of ``currency``.
        """
        with self._lock:
            payment = self._store.payment(out_trade_no)
            if payment is None:
                payment = self._opened(out_trade_no, total_fee, currency, at)
                self._store.put_payment(payment)
            return payment.trade

    def get(self, out_trade_no: str) -> Trade:
        """Return a trade as the gateway knows it.

        Raises:
            RuleError: TRADE_NOT_EXIST.
        """
        with self._lock:
            return find_payment(self._store, out_trade_no).trade

    def all(self) -> list[Trade]:
        """Return every trade, in the order of their first appearance."""
        with self._lock:
            return [payment.trade for payment in self._store.payments()]

    def payment(self, out_trade_no: str) -> Payment | None:
        """Return a trade with what its notifications carry, or None."""
        with self._lock:
            return self._store.payment(out_trade_no)

    def codes(self) -> list[Code]:
        """Return every code, deleted ones too, in the order of their making."""
        with self._lock:
            return list(self._store.codes())

    def code(self, qrcode: str) -> Code | None:
        """Return a code with its data and its ``notify_url``, or None."""
        with self._lock:
            return self._store.code(qrcode)

    def close(self, out_trade_no: str, at: datetime) -> Trade:
        """Close a trade as a timeout does, without a CANCEL.

        Raises:
            RuleError: TRADE_NOT_EXIST.
        """
        with self._lock:
            payment = find_payment(self._store, out_trade_no)
            return self._keep(payment, ledger.close(payment.trade, at))

    def finish_refund(self, out_trade_no: str, partner_refund_id: str, at: datetime) -> Trade:
        """Move the money of an accepted refund; one that is done stays as it is.

        Raises:
            RuleError: there is no such trade, or no such refund.
        """
        with self._lock:
            payment = find_payment(self._store, out_trade_no)
            return self._keep(payment, ledger.finish_refund(payment.trade, partner_refund_id, at))

    def drop_refund(self, out_trade_no: str, partner_refund_id: str) -> Trade:
        """Let an accepted refund fail for good; no notification follows.

        Raises:
            RuleError: there is no such trade or refund, or it is done.
        """
        with self._lock:
            payment = find_payment(self._store, out_trade_no)
            return self._keep(payment, ledger.drop_refund(payment.trade, partner_refund_id))

    def _opened(self, out_trade_no: str, total_fee: str, currency: str, at: datetime) -> Payment:
        trade_no = self._context.new_number("trade_no", at)
        total = parse_amount(total_fee, currency)
        return Payment(Trade(out_trade_no, currency, total, State.WAITING, trade_no))

    def _keep(self, payment: Payment, trade: Trade) -> Trade:
        self._store.put_payment(replace(payment, trade=trade))
        return trade
