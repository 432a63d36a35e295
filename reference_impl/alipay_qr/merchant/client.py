"""The merchant: CREATE, CANCEL, REFUND, and what the gateway tells unasked.

    merchant = Merchant(test_account(), GATEWAY_TEST, "https://shop.example/alipay/notify")
    code = merchant.create_qr_code({"secondary_merchant_id": "M1", ...})
    reply = merchant.receive_notification(body, content_type)        # "success" or "fail"
    outcome = merchant.refund(out_trade_no, "R1", "10.00", "USD")

Every request takes the same way: build the parameters, check them, ask the books whether the step is
allowed, note it, send it, judge the answer, book what is proved. What is refused here (an
`AlipayQrError` is raised) was never sent; what was sent ends in an `Outcome`, never in an exception.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Final, Literal, Self

from alipay_qr.account import Account
from alipay_qr.beijing import format_milliseconds, format_timestamp
from alipay_qr.catalogue import PROFILES, Problem, problems
from alipay_qr.errors import AlipayQrError, OutcomeUnknown, ParameterError
from alipay_qr.ledger import SEED_TERMS, Terms
from alipay_qr.merchant import notification
from alipay_qr.merchant.http import Method, Sender, Timeout, open_session
from alipay_qr.merchant.outcome import Outcome, judge, unknown
from alipay_qr.merchant.pending import begin_cancel, begin_refund, own_number, settle_cancel, settle_refund
from alipay_qr.merchant.store import MemoryStore, Store
from alipay_qr.merchant.trade import Step, TradeRecord, expect, find_refund
from alipay_qr.money import parse_amount
from alipay_qr.signing import sign_params

GATEWAY_GLOBAL: Final = "https://globalmapi.alipay.com/gateway.do"
GATEWAY_HK: Final = "https://intlmapi.alipay.com/gateway.do"
GATEWAY_TEST: Final = "https://mapi.alipaydev.com/gateway.do"

_REASON: Final = {"global": "refund_reason", "hk": "refund_reson"}  # the hk page spells it so

_log = logging.getLogger("alipay_qr.merchant")
_log.addHandler(logging.NullHandler())  # whoever wants to read it configures logging


class Merchant:
    """A merchant's side of the protocol; safe to use from several threads.

    Args:
        account: partner, keys, sign type and charset.
        gateway_url: where requests go, https.
        notify_url: where Alipay posts notifications to; at most 200 characters.
        store: the books; in memory by default, `SqliteStore` keeps them.
        clock: returns the present moment, aware.
        method: POST, or GET.
        timeout: seconds to connect, and for the answer.
        allow_http: allow plain http to a loopback gateway, for tests.
        ca_file: certificates to trust instead of the usual ones.
        profile: ``global`` or ``hk``; see the catalogue.
        terms: the cancel window and the refund period of the contract.
        on_paid: called once for each payment, after it was booked: the goods may go.

    Raises:
        ParameterError: there is no such profile.
    """

    def __init__(  # noqa: PLR0913 (settings of a merchant, all but three with a default)
        self,
        account: Account,
        gateway_url: str,
        notify_url: str,
        *,
        store: Store | None = None,
        clock: Callable[[], datetime] | None = None,
        method: Method = "POST",
        timeout: tuple[float, float] = (3.0, 15.0),
        allow_http: bool = False,
        ca_file: str | None = None,
        profile: str = "global",
        terms: Terms = SEED_TERMS,
        on_paid: Callable[[TradeRecord], None] | None = None,
    ) -> None:
        if profile not in PROFILES:
            raise ParameterError(
                f"there is no profile {profile[:20]!r}", code="profile.unknown", hint="use global or hk"
            )
        self._account = account
        self._gateway_url = gateway_url
        self._notify_url = notify_url
        self._store = MemoryStore() if store is None else store
        self._now = clock or _utc_now
        self._profile = profile
        self._terms = terms
        self._on_paid = on_paid
        self._sender = Sender(open_session(ca_file), method, Timeout(*timeout), allow_http)

    # --- requests ----------------------------------------------------------------------------------

    def create_qr_code(
        self,
        biz_data: Mapping[str, object],
        *,
        notify_url: str | None = None,
        gateway_url: str | None = None,
    ) -> Outcome:
        """Ask for a static QR code, the outcome's ``qrcode`` (``seed.md, Create Flow``).

        Args:
            biz_data: the counter: industry, merchant, store, currencies; amounts as text.
            notify_url: instead of the merchant's own.
            gateway_url: instead of the merchant's own.

        Raises:
            ParameterError: a compulsory value is absent, or one is illegal.
            Unencodable: a character does not exist in the account's charset.
        """
        params = self._signed(
            service="alipay.commerce.qrcode.create",
            timestamp=format_timestamp(self._now()),
            notify_url=self._notify_url if notify_url is None else notify_url,
            biz_type="OVERSEASHOPQRCODE",
            biz_data=json.dumps(biz_data, ensure_ascii=False, separators=(",", ":")),
        )
        return self._send(params, self._address(gateway_url))

    def cancel(
        self, out_trade_no: str, trade_no: str | None = None, *, gateway_url: str | None = None
    ) -> Outcome:
        """Close an unpaid trade, refund a paid one whole (``seed.md, Cancel Flow``).

        Until the outcome is known the trade is ``undecided``: call again with the same number.

        Raises:
            ParameterError: a number is illegal.
            RuleError: the payment's transaction day is over (use `refund`), or a refund was made.
        """
        now = self._now()
        params = self._signed(
            service="alipay.acquire.cancel",
            timestamp=format_milliseconds(now),
            out_trade_no=out_trade_no,
            trade_no=trade_no,
        )
        return self._send_between(
            out_trade_no,
            params,
            self._address(gateway_url),
            repeated=lambda record: record.cancel == "undecided",
            begin=lambda record: begin_cancel(record, now, self._terms),
            settle=lambda record, outcome, repeated: settle_cancel(record, outcome, now, repeated=repeated),
        )

    def refund(  # noqa: PLR0913 (the parameters of REFUND)
        self,
        partner_trans_id: str,
        partner_refund_id: str,
        refund_amount: str,
        currency: str,
        *,
        refund_reason: str | None = None,
        is_sync: Literal["Y", "N"] | None = None,
        alipay_trans_id: str | None = None,
        notify_url: str | None = None,
        gateway_url: str | None = None,
    ) -> Outcome:
        """Refund all or a part of a trade (``seed.md, Refund Flow``).

        After ``unknown`` call again with the same data: ``partner_refund_id`` names one refund, however
        often it is asked for. Until then its amount is pending and counts as spent.

        Args:
            partner_trans_id: the trade's ``out_trade_no``.
            partner_refund_id: our own number of this refund.
            refund_amount: text in the currency's usual form: ``0.10`` USD, ``100`` JPY.
            currency: of the trade.
            refund_reason: at most 128 characters.
            is_sync: ``Y`` moves the money at once; else it is taken, and a notification settles it.
            alipay_trans_id: the trade's ``trade_no``.
            notify_url: instead of the merchant's own.
            gateway_url: instead of the merchant's own.

        Raises:
            ParameterError: a parameter is illegal.
            AmountError: ``refund_amount`` is no amount of ``currency``.
            RuleError: more than remains, the trade is over, the id is taken by a refund with other data or of
                another trade, or a cancel is undecided.
        """
        now = self._now()
        params = self._signed(
            service="alipay.acquire.overseas.spot.refund",
            notify_url=self._notify_url if notify_url is None else notify_url,
            partner_trans_id=partner_trans_id,
            alipay_trans_id=alipay_trans_id,
            partner_refund_id=partner_refund_id,
            refund_amount=refund_amount,
            currency=currency,
            is_sync=is_sync,
            **{_REASON[self._profile]: refund_reason},
        )
        amount = parse_amount(refund_amount, currency)
        address = self._address(gateway_url)
        own_number(partner_refund_id, partner_trans_id, self._store.trade_of_refund(partner_refund_id))
        begin = partial(
            begin_refund,
            partner_refund_id=partner_refund_id,
            amount=amount,
            currency=currency,
            at=now,
            sync=is_sync == "Y",
            terms=self._terms,
        )
        return self._send_between(
            partner_trans_id,
            params,
            address,
            repeated=lambda record: find_refund(record, partner_refund_id) is not None,
            begin=begin,
            settle=lambda record, outcome, repeated: settle_refund(
                record, partner_refund_id, outcome, now, repeated=repeated
            ),
        )

    # --- notifications and the books ---------------------------------------------------------------

    def receive_notification(self, body: bytes, content_type: str) -> str:
        """Return the answer to Alipay: ``success``, or ``fail`` if nothing was booked.

        ``fail`` makes Alipay repeat a genuine notification (eight times within 25 hours).
        """
        try:
            self.book_notification(body, content_type)
        except AlipayQrError as error:
            _log.warning("notification refused: %s: %s", error.code, error)
            return "fail"
        return "success"

    def book_notification(self, body: bytes, content_type: str) -> TradeRecord:
        """Verify a notification, book it, and return the trade's new record.

        Raises:
            WireError: it is no notification, or one of its parameters is absent or illegal.
            Unverified: it is not signed by Alipay.
            RuleError: amount, currency or numbers differ from those on record.
        """
        params = notification.verified(body, content_type, self._account)
        now = self._now()
        released = False

        def step(record: TradeRecord) -> TradeRecord:
            nonlocal released
            news = notification.read_news(params, self._account, record)
            booked = notification.book(record, news, now)
            released = booked.fulfilled > record.fulfilled
            return booked

        record = self._store.change(notification.out_trade_no(params), step)
        if released and self._on_paid is not None:
            self._on_paid(record)
        return record

    def expect(self, out_trade_no: str, total_fee: str, currency: str) -> TradeRecord:
        """Announce a payment; a notification of another amount will be refused.

        Raises:
            AmountError: ``total_fee`` is no amount of ``currency``.
            RuleError: the trade is on record with another amount.
        """
        total = parse_amount(total_fee, currency)
        return self._store.change(out_trade_no, lambda record: expect(record, currency=currency, total=total))

    def trade(self, out_trade_no: str) -> TradeRecord:
        """Return the record of a trade; an unknown number has the state ``none``."""
        return self._store.read(out_trade_no)

    def close(self) -> None:
        """Close the connections to the gateway."""
        self._sender.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the way of every request ------------------------------------------------------------------

    def _signed(self, **own: str | None) -> dict[str, str]:
        """Return the checked and signed parameters of a request; None is not sent."""
        account = self._account
        given = {"partner": account.partner, "_input_charset": account.charset, **own}
        params = {name: value for name, value in given.items() if value}
        params["sign"] = sign_params(params, account.signer, account.charset)
        params["sign_type"] = account.sign_type
        if found := problems(params, profile=self._profile):
            raise _refusal(found)
        return params

    def _address(self, gateway_url: str | None) -> str:
        """Return the address to send to, checked before anything is noted or sent."""
        address = self._gateway_url if gateway_url is None else gateway_url
        self._sender.check(address)
        return address

    def _send_between(
        self,
        out_trade_no: str,
        params: Mapping[str, str],
        address: str,
        *,
        repeated: Callable[[TradeRecord], bool],
        begin: Step,
        settle: Callable[[TradeRecord, Outcome, bool], TradeRecord],
    ) -> Outcome:
        """Note a step in the books, send it, and settle the note by its outcome."""
        again = False

        def note(record: TradeRecord) -> TradeRecord:
            nonlocal again
            again = repeated(record)
            return begin(record)

        self._store.change(out_trade_no, note)
        outcome = self._send(params, address)
        self._store.change(out_trade_no, lambda record: settle(record, outcome, again))
        return outcome

    def _send(self, params: Mapping[str, str], address: str) -> Outcome:
        try:
            body = self._sender.send(address, params, self._account.charset)
        except OutcomeUnknown as error:
            return unknown(str(error))
        return judge(body, params, self._account)


def _refusal(found: list[Problem]) -> ParameterError:
    first = found[0]
    return ParameterError(
        "; ".join(f"{problem.field} {problem.text}" for problem in found[:5]),
        code=f"parameter.{first.kind}",
        hint=f"see {first.clause}" if first.clause else "",
    )


def _utc_now() -> datetime:
    return datetime.now(UTC)
