"""The simulated Alipay side: request and time in, answer and record out; no I/O.

    engine = Engine(partner=..., md5_key=..., merchant_public_key=None, alipay_private_key=None)
    answer = engine.handle(request, now)
    number = engine.pay(qrcode, "12.50", "USD", now)
    engine.trades.get(number).state
    body, content_type = engine.notifications.make(number, now)

It reads no clock and draws no random number: the same seed and the same calls give the same bytes. What it
remembers is its store's matter, and `Engine.commit` makes it last. A lock makes each call one step, so that
a server's thread and a test may share an engine.

With ``announce=True`` a payment, a CANCEL that changed something and an asynchronous REFUND put their
notification into `Engine.outbox`, in the same step (and such a REFUND is finished at once).

A strict engine refuses what Alipay would refuse. A forgiving one (``strict=False``) records a wrong
signature, an undocumented parameter, an irregular form or an old timestamp, and carries the request out all
the same; absent and illegal parameters it refuses where it needs them (see `validation`). What is refused
has HTTP status 200, as any gateway error, but 400 where an HTTP server in between would not have passed the
request on.
"""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from alipay_qr import ledger
from alipay_qr.catalogue import SERVICES, service
from alipay_qr.errors import RuleError, Unencodable
from alipay_qr.ledger import SEED_TERMS, Terms
from alipay_qr.wire import Reading, Request, read_request
from alipay_qr_conformance.gateway.engine.dialect import CREATED, Dialect
from alipay_qr_conformance.gateway.engine.faults import Fault
from alipay_qr_conformance.gateway.engine.keys import account_keys
from alipay_qr_conformance.gateway.engine.notifications import Notifications
from alipay_qr_conformance.gateway.engine.record import Record
from alipay_qr_conformance.gateway.engine.response import Answer, Reply
from alipay_qr_conformance.gateway.engine.services import SERVICES as BUSINESS
from alipay_qr_conformance.gateway.engine.services import Context, failure
from alipay_qr_conformance.gateway.engine.trades import Trades
from alipay_qr_conformance.gateway.engine.validation import Judge, Judgement
from alipay_qr_conformance.gateway.store.memory import MemoryStore, Store, Watcher
from alipay_qr_conformance.gateway.store.outbox import Outbox

_GBK_BY_DEFAULT: Final = frozenset({"REFUND", "QUERY"})
_DIALECT: Final = Dialect()


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
        dialect: how it writes where genuine messages differ; may be set anew at any time.
        announce: put notifications into the outbox.
        keep: how many of the latest records are kept, about; None for all.

    Attributes:
        trades: trades, refunds and codes.
        notifications: what the merchant is told about them.
        outbox: notifications to be sent.
        records: the requests that came, oldest first.

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
        dialect: Dialect = _DIALECT,
        announce: bool = False,
        keep: int | None = None,
    ) -> None:
        service("CREATE", profile)  # raises where there is no such profile
        self.profile = profile
        self.dialect = dialect
        self.records: list[Record] = []
        self._keys = account_keys(md5_key, merchant_public_key, alipay_private_key)
        self._lock = threading.RLock()
        self._store = store if store is not None else MemoryStore()
        self._context = Context(self._store, terms, seed)
        self.trades = Trades(self._context, self._lock)
        self.outbox = Outbox(self._store, self._lock)
        self.notifications = Notifications(
            partner=partner,
            keys=self._keys,
            context=self._context,
            trades=self.trades,
            outbox=self.outbox,
            lock=self._lock,
            dialect=lambda: self.dialect,
        )
        self._faults: list[Fault] = []
        self._announce = announce
        self._keep_records = keep
        self._judge = Judge(partner, self._keys.verifiers, profile, strict)

    def handle(self, request: Request, now: datetime) -> Answer:
        """Answer a request that arrives at ``now``, and record both; never raises."""
        with self._lock:
            self._store.next_number("request")
            reading, default_charset = self._read(request)
            params = dict(reversed(reading.params))
            judgement = self._judge.judge(request, reading, params, now)
            name = self._judge.meant(params)
            found = SERVICES.get(name)
            alias = found.alias if found else ""
            fault = self._next_fault(alias, name)
            carried_out = not judgement.code and (fault is None or fault.commit)
            if alias == "NOTIFY_VERIFY":
                answer = self._notify_verify(params, judgement)
            else:
                answer = self._answer(
                    alias, params, reading, code=judgement.code, fault=fault, carried_out=carried_out, now=now
                )
            if request.refused and judgement.code:
                answer = replace(answer, status=HTTPStatus.BAD_REQUEST)
            if fault is not None:
                answer = fault.answer(answer)
            self._record(
                Record(
                    request=request,
                    default_charset=default_charset,
                    service=name,
                    problems=judgement.problems,
                    verified=judgement.verified,
                    answer=answer,
                    at=now,
                    code=judgement.code,
                    carried_out=carried_out,
                    fault=fault.name if fault else "",
                )
            )
            return answer

    def commit(self) -> None:
        """Make everything so far survive the end of the process, if the store can.

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

    @property
    def faults(self) -> list[Fault]:
        """The faults that no request has met yet, in their order."""
        with self._lock:
            return list(self._faults)

    @property
    def handled(self) -> int:
        """How many requests were answered so far, by earlier processes of this store too."""
        return self._store.last_number("request")

    def watch(self, told: Watcher) -> None:
        """Tell of each code, trade and notification that changes, in the thread that changes it."""
        self._store.watch(told)

    def clear_faults(self) -> None:
        """Forget the faults that no request has met yet."""
        with self._lock:
            self._faults.clear()

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
        """Let a customer pay, and announce it where that was asked for; see `Trades.pay`."""
        with self._lock:
            number = self.trades.pay(
                qrcode, total_fee, currency, at, out_trade_no=out_trade_no, notify_url=notify_url, **extra
            )
            if self._announce:
                self.notifications.announce(number, at)
            return number

    # --- inside -------------------------------------------------------------------------------------

    def _record(self, record: Record) -> None:
        self.records.append(record)
        if self._keep_records is not None and len(self.records) > 2 * self._keep_records:
            del self.records[: -self._keep_records]

    def _read(self, request: Request) -> tuple[Reading, str]:
        """Return a request's reading, and the charset that stood in for an absent one."""
        reading = read_request(request)
        missing = any(each.code == "charset.missing" for each in reading.irregularities)
        if missing and self.profile == "hk":
            found = SERVICES.get(dict(reading.params).get("service", ""))
            if found is not None and found.alias in _GBK_BY_DEFAULT:
                return read_request(request, "GBK"), "GBK"
        return reading, "UTF-8"

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
            reply = Reply(error=code, charset=self._charset(reading))
        else:
            reply = self._reply(alias, params, reading, now, carried_out=carried_out)
        signer = self._keys.signer_like(params.get("sign_type", ""))
        if fault is None:
            try:
                return reply.signed(signer).answer()
            except Unencodable:  # a number that another request, in another charset, has brought
                return Reply(error="INVALID_CHARACTER_SET", charset=reply.charset).answer()
        return fault.seal(fault.reply(reply).signed(signer), signer).answer()

    def _reply(
        self, alias: str, params: Mapping[str, str], reading: Reading, now: datetime, *, carried_out: bool
    ) -> Reply:
        """Return what the business says, in the engine's dialect."""
        dialect = self.dialect
        created = alias in CREATED
        reply = partial(
            Reply,
            charset=self._charset(reading),
            request=_echo(reading.params, with_sign=dialect.echo_sign),
            container=dialect.create_form if created else "alipay",
            reason=dialect.refund_reason if alias == "REFUND" else "detail",
        )
        code, text = "SYSTEM_ERROR", "the request was not carried out"
        if carried_out:
            try:
                fields = BUSINESS[alias](self._context, params, now)
            except RuleError as error:
                if created:  # a signed refusal was never seen there
                    return Reply(error=error.code, charset=self._charset(reading))
                code, text = error.code, str(error.args[0])[:64]
            else:
                if self._announce:
                    self._announce_result(alias, params, fields, now)
                if created and dialect.create_form == "qrcodeinfo":
                    fields = {name: value for name, value in fields.items() if name != "result_code"}
                return reply(tuple(sorted(fields.items())))
        fields = failure(alias, params) | reply().because(code, text)
        if alias == "CANCEL":  # Y: a repeat may help
            fields["retry_flag"] = "Y" if code == "SYSTEM_ERROR" else "N"
        return reply(tuple(sorted(fields.items())))

    def _charset(self, reading: Reading) -> str:
        outside = self.dialect.gbk_without_query and any(
            each.code == "post.charset-not-in-query" for each in reading.irregularities
        )
        return "GBK" if outside else reading.charset

    def _announce_result(
        self, alias: str, params: Mapping[str, str], fields: Mapping[str, str], now: datetime
    ) -> None:
        """Report what a CANCEL did; finish and report a REFUND that is not synchronous."""
        if alias == "CANCEL" and fields.get("action"):
            self.notifications.announce(fields["out_trade_no"], now)
        elif alias == "REFUND":
            number, refund_id = params["partner_trans_id"], params["partner_refund_id"]
            made = ledger.find_refund(self.trades.get(number), refund_id)
            if made is not None and not made.done:
                self.trades.finish_refund(number, refund_id, now)
                self.notifications.announce(
                    number, now, partner_refund_id=refund_id, url=params.get("notify_url", "")
                )

    def _notify_verify(self, params: Mapping[str, str], judgement: Judgement) -> Answer:
        """Answer ``true``, ``false``, or ``invalid`` where partner or notify_id is absent.

        An id is true until its notification is acknowledged (docs.open.alipay.com/270/105902).
        The three words are those of Alipay's demo code and of docs.antom.com/ac/autodebit/sent.
        """
        if not (params.get("partner") and params.get("notify_id")):
            return Answer(b"invalid", content_type="text/plain")
        known = not judgement.code and self._store.has_notify_id(params["notify_id"])
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


def _echo(params: tuple[tuple[str, str], ...], *, with_sign: bool) -> tuple[tuple[str, str], ...]:
    """Return the parameters in an order that is neither theirs nor sorted, as genuine echoes have it."""
    if not with_sign:
        params = tuple(each for each in params if each[0] not in {"sign", "sign_type"})
    return params[1::2] + params[::2]
