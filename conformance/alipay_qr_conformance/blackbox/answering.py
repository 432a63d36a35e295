"""How a black box answers: one port for the whole run, and outcomes that are read from the wire.

The shop has one gateway URL. The session that is open answers there; a request about a trade of an earlier
session is answered by that session, so that a late retry disturbs nobody.

What a shop makes of an answer cannot be seen. `Testbed.ask` reports what a merchant could know at best:
``success`` where the gateway did it and said so, ``unknown`` where the answer was lost or unproved, refused
where nothing came. Cases that ask what the shop *concluded* are not run: see `visibility`.
"""

import base64
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from alipay_qr.account import Account
from alipay_qr.merchant.outcome import judge
from alipay_qr.signing import Md5, RsaVerifier
from alipay_qr.wire import Request, read_request
from alipay_qr_conformance.blackbox.transport import BlackBox
from alipay_qr_conformance.gateway import Answer, Engine, Record, Server
from alipay_qr_conformance.model.outcomes import UNUSABLE, Blocked, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.rules.altered import same_meaning
from alipay_qr_conformance.subjects import Answer as SubjectAnswer
from alipay_qr_conformance.subjects import Crash, Hang, Raised, Refusal, Result
from alipay_qr_conformance.testbed.answering import NO_SESSION
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.offer import expect_no_right_to_decline
from alipay_qr_conformance.testbed.scenarios import OPERATIONS, in_currency
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed
from alipay_qr_conformance.testbed.usable import sort_out

PATHS: Final = ("/gateway.do", "/cooperate/gateway.do")
MAX_HANGS: Final = 8
"""How often it may hang in a whole run: each costs a case, and all of them no more than minutes."""

_LOOK: Final = 0.01
_OK: Final = 200
_FEW: Final = 3
_LONGEST: Final = 80
_SESSION: Final = re.compile(r"/s[0-9]+(/|$)")
"""The address of a single case, which a shop is redirected to."""

_TOO_LONG: Final = 1.0
"""Seconds after which nobody knows whether the shop still listened."""
_NUMBERS: Final = ("out_trade_no", "partner_trans_id")
_OWN_CHOICE: Final[Mapping[str, object]] = {"is_sync": "Y", "notify_url": NOTIFY_URL}
"""What an ordinary case says although it does not matter: the shop has its own."""
ALWAYS_THE_SHOPS_CHOICE: Final = frozenset(
    {
        ("create_qr_code", "gateway_url"),
        ("cancel", "gateway_url"),
        ("refund", "gateway_url"),
        ("refund", "notify_url"),
        ("refund", "partner_refund_id"),
    }
)
"""What a shop without adapter always chooses by itself, or may."""


@dataclass(kw_only=True)
class OnTheWire:
    """Drive a shop by commands, and read from the wire what came of it; see `Answering`.

    Attributes:
        box: what is known of it.
        late: requests about trades of sessions that are over.
        observed: what the shop sent by itself while it was watched.
        run: a part of each id, other in each run: the milliseconds at which it began.
        paid: the payments that were told then: by trade, the amount and its moment.
    """

    box: BlackBox
    late: list[Record] = field(default_factory=list)
    observed: list[Record] = field(default_factory=list)
    paid: dict[str, tuple[Decimal, datetime]] = field(default_factory=dict)
    run: str = field(default_factory=lambda: str(time.time_ns() // 10**6))
    _owners: dict[str, GatewaySession] = field(default_factory=dict)
    _suspect: str = ""
    """The case that asked something of the shop last."""
    unowned: ClassVar[frozenset[str]] = frozenset({"create_qr_code"})  # its request names no trade

    # --- the one port ------------------------------------------------------------------------------

    def serve(self, bed: Testbed, otherwise: Callable[[Request], Answer]) -> Server:  # noqa: ARG002 (its own)
        """Start the server at the port that the shop knows.

        Raises:
            OSError: the port cannot be had.
        """
        server = Server(port=self.box.box.port)
        server.start()
        for path in PATHS:
            server.mount(path, otherwise)
        return server

    def named(self, bed: Testbed, name: str) -> str:
        """Return an id that no run had before, for the shop keeps its books; and remember whose it is."""
        name = f"{name[:1]}{self.run}{name[1:]}"
        if bed.session is not None:
            self._owners[name] = bed.session
        return name

    def engine(self, bed: Testbed, *, strict: bool) -> Engine:
        """Serve every sign type side by side: the shop's is its own choice."""
        keys = bed.keys
        return Engine(
            partner=keys.partner,
            md5_key=keys.md5_key,
            merchant_public_key=keys.merchant_public("RSA"),
            alipay_private_key=keys.alipay_private("RSA"),
            seed=int(f"{self.run}{bed.plan.seed + int(bed.number)}"),
            profile=bed.plan.profile,
            strict=strict,
            dialect=bed.create_form.dialect,
        )

    def answer(self, bed: Testbed, request: Request) -> Answer:
        """Let the session answer whose trade a request is about, else the open one."""
        params = dict(read_request(request).params)
        owner = next((self._owners[n] for n in map(params.get, _NUMBERS) if n in self._owners), None)
        if owner is None or owner is bed.session:
            return bed.session.handle(request) if bed.session else NO_SESSION
        answer = owner.handle(request)
        self.late = [*self.late[-99:], owner.records[-1]]
        return answer

    def leave(self, server: Server | None) -> None:
        """Remark on requests that went past the gateway."""
        lost = {_path(each.sent) for each in server.strays} if server is not None else set()
        for path in sorted(path for path in lost if not _SESSION.match(path))[:_FEW]:
            self.box.remark(f"requests came to {path}, where no gateway is: its path is {PATHS[0]}")

    # --- what it is told, and what came of it ------------------------------------------------------

    def told(self, op: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the arguments that the command tells the shop, and the currency, which the trade has."""
        template = self.box.box.drive.get(op)
        names = (template.told if template else frozenset()) | {"currency"}
        return {name: value for name, value in args.items() if name in names}

    def ask(
        self, bed: Testbed, op: str, now: datetime | None, args: dict[str, Any]
    ) -> Result | Refusal | Raised:
        """Let the shop do one operation.

        Raises:
            Unsupported: no command tells it what this case is about.
            Blocked: it hung too often in this run.
            SetupFault: its command cannot be run.
        """
        if self.box.gone:
            raise Blocked("blackbox.gone", blames_=(UNUSABLE,))
        self._suspect = bed.evidence.suspect
        if self.box.hangs >= MAX_HANGS:
            raise Blocked("see.hang", op=op, count=MAX_HANGS)
        session = bed.session
        if op not in OPERATIONS or session is None:
            return bed.call(op, now, args)
        self._can_tell(bed, op, args)
        bed.create_form.settled = True  # which form a shop takes, the wire does not show
        before = len(session.records)
        answer = bed.call(op, None, args)
        if not isinstance(answer, Result):
            return answer
        self._await_request(bed, session, before)
        came = session.records[before:]
        if not came:
            self.box.expect_ran(op, answer)
            if not self.box.listens():
                self.usable(op, args, Crash(None, detail="nobody listens at its notify URL"))
        if args.get("is_sync") != "N":
            self.settle(bed, session, came)
        return self._outcome(bed, op, args, came, answer)

    def ask_many(
        self, bed: Testbed, calls: "list[tuple[str, dict[str, Any]]]", now: datetime | None
    ) -> "list[SubjectAnswer]":
        """Let the shop do many operations, one after the other."""
        return [self.ask(bed, op, now, args) for op, args in calls]

    def _can_tell(self, bed: Testbed, op: str, args: Mapping[str, Any]) -> None:
        told = self.told(op, args)
        for name, value in args.items():
            usual = in_currency(bed.plan.currency) if name == "biz_data" else _OWN_CHOICE.get(name)
            if name in told or (op, name) in ALWAYS_THE_SHOPS_CHOICE or value is None or value == usual:
                continue
            raise Unsupported(message("blackbox.not-told", op=op, field=name))
        template = self.box.box.drive.get(op)
        other = args.get("currency", bed.plan.currency) != bed.plan.currency
        if other and template is not None and "currency" not in template.told:
            raise Unsupported(message("blackbox.not-told", op=op, field="currency"))

    def _await_request(self, bed: Testbed, session: GatewaySession, before: int) -> None:
        deadline = time.monotonic() + self.box.box.settle
        while len(session.records) <= before and time.monotonic() < deadline:
            bed.booking.pause(_LOOK)

    def settle(self, bed: Testbed, session: GatewaySession, came: list[Record]) -> None:
        """Finish at once what the shop asked for asynchronously, and tell it, as Alipay does the same day."""
        for record in came:
            if record.service != OPERATIONS["refund"] or not record.carried_out:
                continue
            trade, number = record.params.get("partner_trans_id", ""), record.params["partner_refund_id"]
            known = {each.out_trade_no: each for each in session.engine.trades.all()}
            pending = trade in known and any(
                each.partner_refund_id == number and not each.done for each in known[trade].refunds
            )
            if pending:
                body, kind = session.engine.notifications.make_refund(
                    trade,
                    number,
                    session.now,
                    sign_type=self.box.sign_type,
                    charset=self.box.charset,
                )
                self.post(bed, body, kind)

    def post(self, bed: Testbed, body: bytes, content_type: str) -> None:
        """Deliver a notification whose reply nobody judges."""
        encoded = base64.b64encode(body).decode("ascii")
        bed.subject.call("notify", {"body_base64": encoded, "content_type": content_type})

    def _outcome(
        self, bed: Testbed, op: str, args: Mapping[str, Any], came: list[Record], answer: Result
    ) -> Result | Refusal:
        account = self._account(bed)
        if not came and bed.session is not None and _done_before(bed.session, op, args, account):
            return Result({"outcome": "success", "seen": "on the wire before"})
        if not came:
            expect_no_right_to_decline(bed, op, args)
            status = answer.value.get("status", "-")
            return Refusal(message("blackbox.nothing-came", op=op, status=status).en)
        own = [record for record in came if record.service == OPERATIONS[op]]
        found = at_best((own or came)[-1], account)
        if found == "accepted" and args.get("is_sync") != "N":
            found = "success"  # it was finished at once
        instead = op == "cancel" and not own and any(each.service == OPERATIONS["refund"] for each in came)
        via = {"via": "refund"} if instead else {}
        return Result({"outcome": found, "seen": "on the wire", **via})

    def _account(self, bed: Testbed) -> Account:
        """What a merchant has that reads the answers well."""
        box, keys = self.box, bed.keys
        signer, alipay = keys.gateway_signer(box.sign_type), keys.alipay_private(box.sign_type)
        if isinstance(signer, Md5):
            return Account(keys.partner, box.sign_type, box.charset, signer, signer)
        if signer is None or alipay is None:
            raise Unsupported(message("needs.keys", sign_type=box.sign_type))
        verifier = RsaVerifier(alipay.public_key(), box.sign_type)
        return Account(keys.partner, box.sign_type, box.charset, signer, verifier)

    # --- how it ends -------------------------------------------------------------------------------

    def usable(self, op: str, args: dict[str, Any], answer: "SubjectAnswer") -> Result | Refusal | Raised:
        """Return an answer that a case can judge, or raise what ends the case."""
        sent = {"operation": op, "arguments": args}
        if isinstance(answer, Crash):
            text = message("blackbox.died", case=self._suspect, what=answer.detail)
            self.box.remark(text.en)
            raise NoUsableAnswer(Verdict.CRASH, text, sent)
        if isinstance(answer, Hang):
            raise NoUsableAnswer(Verdict.HANG, message("blackbox.hang", op=op, seconds=answer.waited), sent)
        return sort_out(op, args, answer)


def _path(target: bytes) -> str:
    return target.partition(b"?")[0][:_LONGEST].decode("ascii", "backslashreplace")


def _done_before(session: GatewaySession, op: str, args: Mapping[str, Any], account: Account) -> bool:
    """Say whether the same refund or cancel was answered with success: a shop may know it from its books."""
    number = "partner_refund_id" if op == "refund" else "out_trade_no"
    for record in session.of(OPERATIONS[op]):
        same = args.get(number) and record.params.get(number) == args[number]
        same = same and same_meaning(
            "refund_amount", args.get("refund_amount", "0"), record.params.get("refund_amount", "0")
        )
        if same and at_best(record, account) == "success":
            return True
    return False


def at_best(record: Record, account: Account) -> str:
    """Return the outcome that a merchant can know of a request at best, when it has read the answer well."""
    answer = record.answer
    if answer.drop or answer.truncate is not None or answer.status != _OK or answer.delay >= _TOO_LONG:
        return "unknown"
    return judge(answer.body, record.params, account).outcome
