"""The simulated Alipay side as a pure machine: a request and a time in, an answer and a record out.

    engine = Engine(partner=..., md5_key=..., merchant_public_key=None, alipay_private_key=None)
    answer = engine.handle(request, now)
    number = engine.pay(qrcode, "12.50", "USD", now)
    body, content_type = engine.notification(number, now)

It reads no clock and draws no random number: the same seed and the same calls give the same bytes. What it
remembers is its store's matter, and `Engine.commit` makes it last. A lock makes each call one step, so that
a server's thread and a test may share an engine.

With ``announce=True`` a payment, a CANCEL that changed something and an asynchronous REFUND put their
notification into `Engine.outbox`, in the same step (and such a REFUND is finished at once).

A strict engine refuses what Alipay would refuse. A forgiving one (``strict=False``) records a wrong
signature, an undocumented parameter, an irregular form or an old timestamp, and carries the request out all
the same; absent and illegal parameters it refuses too (see `judge`). What is refused has HTTP status 200, as
any gateway error, but 400 where an HTTP server in between would not have passed the request on at all.
"""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from alipay_qr import ledger
from alipay_qr.catalogue import PROFILES, SERVICES, service
from alipay_qr.errors import ParameterError, RuleError, Unencodable
from alipay_qr.gateway.answer import Answer
from alipay_qr.gateway.delivery import Delivery
from alipay_qr.gateway.faults import Fault
from alipay_qr.gateway.judge import Judge, Judgement
from alipay_qr.gateway.key_ring import key_ring
from alipay_qr.gateway.notices import notice_fields
from alipay_qr.gateway.outbox import Outbox
from alipay_qr.gateway.records import Record
from alipay_qr.gateway.reply import Reply
from alipay_qr.gateway.services import SERVICES as BUSINESS
from alipay_qr.gateway.services import Desk, failure, find_payment
from alipay_qr.gateway.store import Code, MemoryStore, Payment, Store
from alipay_qr.ledger import SEED_TERMS, State, Terms, Trade
from alipay_qr.money import parse_amount
from alipay_qr.signing import sign_params
from alipay_qr.wire import Reading, Request, encode_notification, read_request

_GBK_BY_DEFAULT: Final = frozenset({"REFUND", "QUERY"})


class Engine:
    """One merchant's view of Alipay; see the module's docstring.

    Args:
        partner: the only account that is served.
        md5_key: the shared key, for MD5.
        merchant_public_key: verifies RSA and RSA2 requests.
        alipay_private_key: signs answers and notifications with RSA and RSA2.
        seed: decides every id.
        profile: ``global`` or ``hk``.
        terms: what the ledger allows.
        strict: refuse what Alipay would refuse, or record it and go on.
        store: the memory; a new `MemoryStore` by default.
        container: the element around the fields of a result; ``qrcodeinfo`` was seen for CREATE.
        announce: put notifications into the outbox.
        keep: how many of the latest records are kept, about; None for all.

    Raises:
        SignTypeError: no key to sign answers with was given.
        ParameterError: there is no such profile.
    """

    def __init__(  # noqa: PLR0913 (each argument is one thing that an account or a contract decides)
        self,
        *,
        partner: str,
        md5_key: str | None = None,
        merchant_public_key: RSAPublicKey | None = None,
        alipay_private_key: RSAPrivateKey | None = None,
        seed: int = 0,
        profile: str = "global",
        terms: Terms = SEED_TERMS,
        strict: bool = True,
        store: Store | None = None,
        container: str = "alipay",
        announce: bool = False,
        keep: int | None = None,
    ) -> None:
        if profile not in PROFILES:
            raise ParameterError(
                f"profile {profile[:20]!r} is unknown",
                code="profile.unknown",
                hint=f"choose one of {', '.join(PROFILES)}",
            )
        self.partner = partner
        self.profile = profile
        self.strict = strict
        self.records: list[Record] = []
        self._store: Store = store if store is not None else MemoryStore()
        self._desk = Desk(self._store, terms, seed)
        self._container = container
        self._faults: list[Fault] = []
        self._lock = threading.RLock()
        self._announce = announce
        self._keep_records = keep
        self.outbox = Outbox(self._store, self._lock)
        self._ring = key_ring(md5_key, merchant_public_key, alipay_private_key)
        self._judge = Judge(partner, self._ring.verifiers, profile, strict)

    # --- requests -----------------------------------------------------------------------------------

    def handle(self, request: Request, now: datetime) -> Answer:
        """Answer a request that arrives at ``now``, and record both. Never raises on any request."""
        with self._lock:
            reading = self._read(request)
            params = dict(reversed(reading.params))
            judgement = self._judge.judge(request, reading, params, now)
            found = SERVICES.get(params.get("service", ""))
            fault = self._next_fault(found.alias if found else "", params.get("service", ""))
            carried_out = not judgement.code and (fault is None or fault.commit)
            if found is not None and found.alias == "NOTIFY_VERIFY":
                answer = self._notify_verify(params, judgement)
            else:
                alias = found.alias if found else ""
                answer = self._answer(
                    alias, params, reading, code=judgement.code, fault=fault, carried_out=carried_out, now=now
                )
            if request.refused and judgement.code:
                answer = replace(answer, status=HTTPStatus.BAD_REQUEST)
            if fault is not None:
                answer = fault.answer(answer)
            self.records.append(
                Record(
                    request=request,
                    reading=reading,
                    service=params.get("service", ""),
                    problems=judgement.problems,
                    verified=judgement.verified,
                    answer=answer,
                    at=now,
                    code=judgement.code,
                    carried_out=carried_out,
                    fault=fault.name if fault else "",
                )
            )
            if self._keep_records is not None and len(self.records) > 2 * self._keep_records:
                del self.records[: -self._keep_records]
            return answer

    def commit(self) -> None:
        """Make everything so far survive the end of the process, as far as the store can.

        Raises:
            AlipayQrError: the store cannot write it; what raised keeps it for the next commit.
        """
        with self._lock:
            self._store.commit()
        self.outbox.committed()

    def reset(self) -> None:
        """Forget every trade, code, record, fault and notification; ids begin anew."""
        with self._lock:
            self._store.clear()
            self.outbox.forget()
            self.records.clear()
            self._faults.clear()

    def inject(self, fault: Fault) -> None:
        """Let the next matching requests meet a fault; several wait in their order.

        Raises:
            ParameterError: the fault waits for a service that does not exist.
        """
        name = fault.service
        if name is not None:
            service(name, self.profile)
        with self._lock:
            self._faults.append(fault)

    def clear_faults(self) -> None:
        """Forget the faults that no request has met yet."""
        with self._lock:
            self._faults.clear()

    # --- what happens outside requests --------------------------------------------------------------

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
        """Let a customer pay; returns ``out_trade_no``, which Alipay chooses unless it is given.

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
            number = out_trade_no or self._desk.new_number("out_trade_no", at)
            known = self._store.payment(number)
            if known is None:
                known = self._opened(number, total_fee, currency, at)
            trade = replace(known.trade, total=parse_amount(total_fee, currency), currency=currency)
            payment = Payment(ledger.pay(trade, at), qrcode, tuple(extra.items()), notify_url)
            self._store.put_payment(payment)
            if self._announce:
                self.announce(number, at)
            return number

    def open_trade(self, out_trade_no: str, total_fee: str, currency: str, at: datetime) -> Trade:
        """Make a trade that waits for its payment; one that exists is returned as it is.

        Raises:
            AmountError: ``total_fee`` is no amount of ``currency``.
        """
        with self._lock:
            payment = self._store.payment(out_trade_no)
            if payment is None:
                payment = self._opened(out_trade_no, total_fee, currency, at)
                self._store.put_payment(payment)
            return payment.trade

    def trade(self, out_trade_no: str) -> Trade:
        """Return a trade as the gateway knows it.

        Raises:
            RuleError: TRADE_NOT_EXIST.
        """
        with self._lock:
            return find_payment(self._store, out_trade_no).trade

    def trades(self) -> list[Trade]:
        """Return every trade, in the order of their first appearance."""
        with self._lock:
            return [payment.trade for payment in self._store.payments()]

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

    # --- notifications ------------------------------------------------------------------------------

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
            try:
                pairs = self.notification_params(
                    out_trade_no,
                    at,
                    sign_type=sign_type,
                    charset=charset,
                    partner_refund_id=partner_refund_id,
                )
            except Unencodable:  # a value came by another request, in another charset
                charset = "UTF-8"
                pairs = self.notification_params(
                    out_trade_no,
                    at,
                    sign_type=sign_type,
                    charset=charset,
                    partner_refund_id=partner_refund_id,
                )
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

    # --- inside -------------------------------------------------------------------------------------

    def _read(self, request: Request) -> Reading:
        reading = read_request(request)
        missing = any(each.code == "charset.missing" for each in reading.irregularities)
        if missing and self.profile == "hk":
            found = SERVICES.get(dict(reading.params).get("service", ""))
            if found is not None and found.alias in _GBK_BY_DEFAULT:
                return read_request(request, "GBK")
        return reading

    def _answer(
        self,
        alias: str,
        params: Mapping[str, str],
        reading: Reading,
        *,
        code: str,
        fault: Fault | None,
        carried_out: bool,
        now: datetime,
    ) -> Answer:
        if code:
            reply = Reply(error=code, charset=reading.charset)
        else:
            fields = self._business(alias, params, now) if carried_out else _system_error(alias, params)
            reply = Reply(tuple(fields.items()), reading.charset, reading.params, self._container)
        signer = self._ring.signer_like(params.get("sign_type", ""))
        if fault is None:
            try:
                return reply.signed(signer).answer()
            except Unencodable:  # a number that another request, in another charset, has brought
                return Reply(error="INVALID_CHARACTER_SET", charset=reading.charset).answer()
        return fault.seal(fault.reply(reply).signed(signer), signer).answer()

    def _business(self, alias: str, params: Mapping[str, str], now: datetime) -> dict[str, str]:
        try:
            fields = BUSINESS[alias](self._desk, params, now)
        except RuleError as error:
            return failure(alias, params, error.code, error.args[0])
        if self._announce:
            self._announce_result(alias, params, fields, now)
        return fields

    def _announce_result(
        self, alias: str, params: Mapping[str, str], fields: Mapping[str, str], now: datetime
    ) -> None:
        """Report what a CANCEL did; finish and report a REFUND that is not synchronous."""
        if alias == "CANCEL" and fields.get("action"):
            self.announce(fields["out_trade_no"], now)
        elif alias == "REFUND":
            number, refund_id = params["partner_trans_id"], params["partner_refund_id"]
            made = ledger.find_refund(self.trade(number), refund_id)
            if made is not None and not made.done:
                self.finish_refund(number, refund_id, now)
                self.announce(number, now, partner_refund_id=refund_id, url=params.get("notify_url", ""))

    def _notify_verify(self, params: Mapping[str, str], judgement: Judgement) -> Answer:
        known = not judgement.code and self._store.has_notify_id(params.get("notify_id", ""))
        return Answer(b"true" if known else b"false", content_type="text/plain")

    def _next_fault(self, alias: str, name: str) -> Fault | None:
        for place, fault in enumerate(self._faults):
            if fault.service in {None, alias, name}:
                if fault.times > 1:
                    self._faults[place] = replace(fault, times=fault.times - 1)
                else:
                    del self._faults[place]
                return fault
        return None

    def _opened(self, out_trade_no: str, total_fee: str, currency: str, at: datetime) -> Payment:
        trade_no = self._desk.new_number("trade_no", at)
        total = parse_amount(total_fee, currency)
        return Payment(Trade(out_trade_no, currency, total, State.WAITING, trade_no))

    def _keep(self, payment: Payment, trade: Trade) -> Trade:
        self._store.put_payment(replace(payment, trade=trade))
        return trade


def _system_error(alias: str, params: Mapping[str, str]) -> dict[str, str]:
    return failure(alias, params, "SYSTEM_ERROR", "the request was not carried out")


def _body(pairs: list[tuple[str, str]], charset: str) -> tuple[bytes, str]:
    content_type = f"application/x-www-form-urlencoded; charset={charset.upper()}"
    return encode_notification(pairs, charset), content_type
