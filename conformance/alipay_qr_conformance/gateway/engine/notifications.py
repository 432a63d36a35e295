"""Notifications of the simulated Alipay side: their fields, their signature, their way to the outbox."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from alipay_qr import ledger
from alipay_qr.errors import Unencodable
from alipay_qr.ledger import Terms
from alipay_qr.signing import sign_params
from alipay_qr.wire import encode_notification
from alipay_qr_conformance.gateway.engine.keys import AccountKeys
from alipay_qr_conformance.gateway.engine.notices import notice_fields
from alipay_qr_conformance.gateway.engine.services import find_payment
from alipay_qr_conformance.gateway.engine.trades import Books
from alipay_qr_conformance.gateway.notify.delivery import Delivery
from alipay_qr_conformance.gateway.notify.outbox import Outbox
from alipay_qr_conformance.gateway.store.memory import Store


class Announcer(Books):
    """Books that tell the merchant what happened.

    Args:
        partner: the account that is told.
        ring: the keys to sign with.
        store, terms, seed: as `Books`.
    """

    def __init__(self, partner: str, ring: AccountKeys, store: Store, terms: Terms, seed: int) -> None:
        super().__init__(store, terms, seed)
        self.partner = partner
        self.outbox = Outbox(store, self._lock)
        self._ring = ring

    def notify_url(self, out_trade_no: str) -> str:
        """Return where the notifications of a trade go; an empty text if nobody has said.

        Raises:
            RuleError: TRADE_NOT_EXIST.
        """
        with self._lock:
            payment = find_payment(self._store, out_trade_no)
            code = self._store.code(payment.qrcode) if payment.qrcode else None
            return payment.notify_url or (code.notify_url if code else "")

    def notify_form(self, out_trade_no: str) -> tuple[str, str]:
        """Return sign type and charset of a trade's notifications: those that its code was made with.

        Raises:
            RuleError: TRADE_NOT_EXIST.
        """
        with self._lock:
            payment = find_payment(self._store, out_trade_no)
            code = self._store.code(payment.qrcode) if payment.qrcode else None
            sign_type, charset = code.made_by if code and code.made_by else (self._ring.sign_type, "UTF-8")
            return sign_type if sign_type in self._ring.signers else self._ring.sign_type, charset

    def announce(
        self, out_trade_no: str, at: datetime, *, partner_refund_id: str | None = None, url: str = ""
    ) -> Delivery | None:
        """Put the notification of a trade's present state, or of a refund, into the outbox.

        Args:
            out_trade_no: the trade.
            at: ``notify_time``.
            partner_refund_id: the refund that is reported, if one is.
            url: where it goes, if not where the trade's notifications go; None comes back without either.

        Raises:
            RuleError: there is no such trade, or no such refund.
        """
        with self._lock:
            url = url or self.notify_url(out_trade_no)
            if not url:
                return None
            sign_type, charset = self.notify_form(out_trade_no)
            params = partial(
                self.notification_params,
                out_trade_no,
                at,
                sign_type=sign_type,
                partner_refund_id=partner_refund_id,
            )
            try:
                pairs = params(charset=charset)
            except Unencodable:  # a value came by another request, in another charset
                charset = "UTF-8"
                pairs = params(charset=charset)
            event = (
                f"refund {partner_refund_id}" if partner_refund_id else self.trade(out_trade_no).state.value
            )
            return self.outbox.put(out_trade_no, event, url, *_body(pairs, charset))

    def notification(
        self,
        out_trade_no: str,
        at: datetime,
        *,
        sign_type: str | None = None,
        charset: str = "UTF-8",
        overrides: Mapping[str, str | None] | None = None,
    ) -> tuple[bytes, str]:
        """Return body and Content-Type of the signed notification about a trade's present state.

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
        pairs = self.notification_params(
            out_trade_no, at, sign_type=sign_type, charset=charset, overrides=overrides
        )
        return _body(pairs, charset)

    def refund_notification(
        self,
        out_trade_no: str,
        partner_refund_id: str,
        at: datetime,
        *,
        sign_type: str | None = None,
        charset: str = "UTF-8",
        overrides: Mapping[str, str | None] | None = None,
    ) -> tuple[bytes, str]:
        """Return the notification that a refund succeeded, finishing it first if it is pending.

        Raises:
            RuleError: there is no such trade, or no such refund.
            SignTypeError, Unencodable: as `notification`.
        """
        with self._lock:
            self.finish_refund(out_trade_no, partner_refund_id, at)
            pairs = self.notification_params(
                out_trade_no,
                at,
                sign_type=sign_type,
                charset=charset,
                overrides=overrides,
                partner_refund_id=partner_refund_id,
            )
        return _body(pairs, charset)

    def notification_params(
        self,
        out_trade_no: str,
        at: datetime,
        *,
        sign_type: str | None = None,
        charset: str = "UTF-8",
        overrides: Mapping[str, str | None] | None = None,
        partner_refund_id: str | None = None,
    ) -> list[tuple[str, str]]:
        """Return the fields of a notification with their signature; see `notification` for what is raised."""
        with self._lock:
            signer = self._ring.signer(sign_type)
            payment = find_payment(self._store, out_trade_no)
            code = self._store.code(payment.qrcode) if payment.qrcode else None
            refund = ledger.find_refund(payment.trade, partner_refund_id) if partner_refund_id else None
            event = f"{out_trade_no}/{partner_refund_id or payment.trade.state}"
            fields: dict[str, str | None] = {
                "notify_id": self._desk.digest(event, 0)[:34],
                **notice_fields(payment, code, self.partner, at, refund),
                **(overrides or {}),
            }
            kept = [(name, value) for name, value in fields.items() if value is not None]
            if notify_id := dict(kept).get("notify_id"):
                self._store.put_notify_id(notify_id)
            sign = sign_params(kept, signer, charset)
            return [*kept, ("sign_type", signer.sign_type), ("sign", sign)]


def _body(pairs: list[tuple[str, str]], charset: str) -> tuple[bytes, str]:
    content_type = f"application/x-www-form-urlencoded; charset={charset.upper()}"
    return encode_notification(pairs, charset), content_type
