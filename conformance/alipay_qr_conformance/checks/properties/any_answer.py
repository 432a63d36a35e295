"""``response.unproved[any-answer-...]``: no answer without Alipay's sign is believed, whatever it answers.

One case for each call: first tries and repeats, synchronous or not, with every optional argument, large, in
another currency, about trades that the subject was never told of. The answer says success or failure, is as
wide or as long as an answer may be, and its sign is wrong in every way of
`alipay_qr_conformance.checks.properties.sign_space`. The outcome is unknown: success would be money that
never moved, and failure would let it move twice.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from alipay_qr.presign import presign
from alipay_qr.signing import Signer
from alipay_qr_conformance.checks.properties.covering import Row, pairs
from alipay_qr_conformance.checks.properties.sign_space import OF_NO_TYPE, wrongly_signed
from alipay_qr_conformance.checks.response.unproved import claimed
from alipay_qr_conformance.checks.verify import softened
from alipay_qr_conformance.gateway import Fault, Reply, faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import USUAL_CHARSET, Plan, Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs
from alipay_qr_conformance.testbed.calls import expect_reached
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import announce_payment
from alipay_qr_conformance.testbed.paid_trade import outcome, words
from alipay_qr_conformance.testbed.scenarios import BIZ_DATA, OPERATIONS
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed

_CLAIMS: Final[Mapping[str, Mapping[str, str | None]]] = {
    "success": {},
    "failure": {
        "result_code": "FAILED",
        "action": None,
        "detail_error_code": "TRADE_STATUS_ERROR",
        "detail_error_des": "TRADE_STATUS_ERROR",
    },
}
_SHAPES: Final[Mapping[str, Mapping[str, str]]] = {
    "ordinary": {},
    "a rate": {"exchange_rate": "6.8812", "rmb_amount": "68.81"},
    "wide": {f"x_field_{number:02d}": f"value {number}" for number in range(20)},
    "long": {"x_note": "tea and cake, " * 300},
}

Prepare = Callable[[Testbed, GatewaySession], dict[str, Any]]
"""Announces what a call is about, and returns its arguments."""

Lead = Callable[[Testbed, GatewaySession, dict[str, Any]], dict[str, Any]]
"""Leads to a call whose payment is booked, and returns its arguments."""


def _at_once(bed: Testbed, session: GatewaySession, args: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 (a `Lead`)
    return args


@dataclass(frozen=True, slots=True)
class _Call:
    op: str
    prepare: Prepare
    lead: Lead = _at_once
    charset: str = USUAL_CHARSET
    says: Mapping[str, str] = field(default_factory=dict)
    """What an answer that claims success says besides."""


def _create(bed: Testbed, session: GatewaySession) -> dict[str, Any]:  # noqa: ARG001 (a `Prepare`)
    return {"biz_data": BIZ_DATA, "notify_url": NOTIFY_URL, "gateway_url": session.url}


def _refund(total: str = "12.50", amount: str = "2.50", currency: str = "", **more: str) -> Prepare:
    def prepare(bed: Testbed, session: GatewaySession) -> dict[str, Any]:
        own = currency if currency and bed.plan.takes(currency) else bed.plan.currency
        whole = own == "JPY"
        trade = bed.fresh("T")
        announce_payment(bed, session, trade, "12500" if whole else total, own, wait=False)
        return {
            "partner_trans_id": trade,
            "partner_refund_id": bed.fresh("R"),
            "refund_amount": "2500" if whole else amount,
            "currency": own,
            "is_sync": "Y",
            "gateway_url": session.url,
            **more,
        }

    return prepare


def _of_untold(bed: Testbed, session: GatewaySession) -> dict[str, Any]:
    args = _refund()(bed, session) | {"partner_trans_id": bed.fresh("T")}
    session.engine.pay(None, "12.50", bed.plan.currency, session.now, out_trade_no=args["partner_trans_id"])
    return args


def _repeated(bed: Testbed, session: GatewaySession, args: dict[str, Any]) -> dict[str, Any]:
    op = "refund" if "refund_amount" in args else "cancel"
    session.inject(faults.drop(commit=op == "refund"), op)
    bed.ask(op, **args)
    return args


def _second(bed: Testbed, session: GatewaySession, args: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 (a `Lead`)
    bed.ask("refund", **args)
    return args | {"partner_refund_id": bed.fresh("R")}


def _cancel_of_unpaid(bed: Testbed, session: GatewaySession) -> dict[str, Any]:
    return {"out_trade_no": bed.fresh("T"), "gateway_url": session.url}


def _cancel(*, told: bool = True, numbered: bool = False) -> Prepare:
    def prepare(bed: Testbed, session: GatewaySession) -> dict[str, Any]:
        trade = bed.fresh("T")
        if told:
            number = announce_payment(bed, session, trade, "12.50", bed.plan.currency, wait=False)
        else:
            session.engine.pay(None, "12.50", bed.plan.currency, session.now, out_trade_no=trade)
            number = session.engine.trades.get(trade).trade_no
        args: dict[str, Any] = {"out_trade_no": trade, "gateway_url": session.url}
        if numbered:
            args["trade_no"] = number
        return args

    return prepare


CALLS: Final[Mapping[str, _Call]] = {
    "create": _Call("create_qr_code", _create),
    "refund": _Call("refund", _refund()),
    "refund-asynchronous": _Call("refund", _refund(is_sync="N", notify_url=NOTIFY_URL)),
    "refund-large": _Call("refund", _refund("250000.00", "125000.00")),
    "refund-in-yen": _Call("refund", _refund(currency="JPY")),
    "refund-with-reason": _Call("refund", _refund(refund_reason="the cup was broken", notify_url=NOTIFY_URL)),
    "refund-of-untold-trade": _Call("refund", _of_untold),
    "refund-second": _Call("refund", _refund(), _second),
    "refund-repeated": _Call("refund", _refund(), _repeated),
    "refund-in-gbk": _Call("refund", _refund(), charset="GBK"),
    "cancel": _Call("cancel", _cancel()),
    "cancel-by-trade-no": _Call("cancel", _cancel(numbered=True)),
    "cancel-of-untold-trade": _Call("cancel", _cancel(told=False)),
    "cancel-repeated": _Call("cancel", _cancel(), _repeated),
    "cancel-of-unpaid-trade": _Call("cancel", _cancel_of_unpaid, says={"action": "close"}),
    "cancel-in-gb2312": _Call("cancel", _cancel(), charset="GB2312"),
}
"""Calls, as the subject makes them."""


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    sign_type: str

    @property
    def call(self) -> _Call:
        """What the subject does."""
        return CALLS[self.name]

    @property
    def builds_on(self) -> tuple[str, ...]:
        """What must hold; the plain forgeries are tried in the usual charset alone."""
        plain = ("response.unproved",) if self.call.charset == USUAL_CHARSET else ()
        return ("response.genuine", *plain)


def _items(plan: Plan) -> Mapping[str, _Item]:  # noqa: ARG001 (the same in every plan)
    return {
        f"any-answer-{name}/{sign_type}": _Item(name, sign_type)
        for sign_type in ("MD5", "RSA", "RSA2")
        for name in CALLS
    }


@check(
    "response.unproved",
    each=_items,
    needs=lambda item: (item.call.op,),
    builds_on=lambda item: item.builds_on,
    setups=lambda item: [Setup(item.sign_type, item.call.charset)],
    once_only=True,
)
def any_answer(bed: Testbed, item: _Item) -> None:
    """No answer to this call is believed that is not signed by Alipay as it stands."""
    milder: Failed | None = None
    with bed.gateway() as session:
        rows = _rows(bed, item)
        prepared = [item.call.prepare(bed, session) for _ in rows]
        for args in prepared:  # a queue is waited for once
            bed.booking.settle(bed, args.get("partner_trans_id") or args.get("out_trade_no") or "")
        for row, args in zip(rows, prepared, strict=True):
            try:
                _expect_unknown(bed, session, item, row, args)
            except Failed as broken:
                if broken.keyword is None:
                    raise
                milder = milder or broken  # a tolerant reader of signs may believe forged values too
    if milder is not None:
        raise milder


_FEW: Final = (
    "digit 1 of", "byte 1 of", OF_NO_TYPE, *(f"no sign, sign_type {each!r}" for each in ("MD5", "DSA", "RSA"))
)  # fmt: skip
"""How the names of wrong signs begin that every answer has."""


def _rows(bed: Testbed, item: _Item) -> list[Row]:
    """Return what answers meet the call: all wrong signs where that is cheap, some in every shape."""
    signer = bed.keys.gateway_signer(item.sign_type)
    if signer is None:
        raise Unsupported(message("needs.keys", sign_type=item.sign_type))
    fields = [("result_code", "SUCCESS")]
    signed = [*fields, ("sign_type", item.sign_type), ("sign", signer.sign(presign(fields)))]
    names = bed.once("any-answer", lambda: [name for name, _ in _wrong_signs(bed, signed)])
    quick, deep = bed.plan.depth == "quick", bed.plan.depth == "deep"
    few = [name for name in names if name.startswith(_FEW)]
    if quick and item.sign_type == "RSA2":
        few = few[:1]
    space = {"sign": [*few, "of its request"], "claim": list(_CLAIMS), "shape": list(_SHAPES)}
    # what surrounds a sign does not ask how it was made: at default RSA2 is as RSA is at quick
    few_shapes = not deep and (item.sign_type == "RSA2" or (quick and item.sign_type == "RSA"))
    space = space | {"shape": list(_SHAPES)[:1]} if few_shapes else space
    if not quick:
        rows = pairs(space)
    else:  # pairs with the call
        rows = [row for row in pairs({"call": list(CALLS), **space}) if row["call"] == item.name]
    if item.name in {"create", "cancel"} and (deep or item.sign_type == "MD5" or not (quick or few_shapes)):
        rows += [{"sign": name, "claim": "success", "shape": "ordinary"} for name in names]
    return rows


def _wrong_signs(bed: Testbed, genuine: Pairs) -> Iterator[tuple[str, Pairs]]:
    more = [bed.gateway_url, NOTIFY_URL]
    unchanged = genuine[0]  # the wrong sign alone is tried here
    found = wrongly_signed(genuine, unchanged, bed.setup.sign_type, bed.keys, more)
    return ((name, fields) for kind, name, fields in found if kind != "other-type" or name == OF_NO_TYPE)


def _expect_unknown(
    bed: Testbed, session: GatewaySession, item: _Item, row: Row, args: dict[str, Any]
) -> None:
    op, args = item.call.op, item.call.lead(bed, session, args)
    seen = len(session.records)
    session.inject(_fault(bed, row, item.call.says), op)
    answer = bed.ask(op, **args)
    records = session.records[seen:]
    session.clear_faults()
    of_it = [record for record in records if record.service == OPERATIONS[op]]
    if not of_it:
        if "repeated" in item.name or "untold" in item.name:
            return  # it need not ask again, nor about what it does not know
        expect_reached(of_it, op, answer)
    if of_it[0].code:
        raise Blocked("gateway.refused", op=op, code=of_it[0].code)
    found = outcome(answer)
    if len(records) > 1 or found in {"unknown", "raised", "refused"}:
        return  # a subject that asks again within its call may report what it is told then
    evidence = {"arguments": args, "answer": of_it[0].answer.body[:1500], "reported": words(answer)}
    what = f"{row['sign']}; claim: {row['claim']}; shape: {row['shape']}"
    broken = Failed("attack.answer", evidence, found=found, what=what)
    raise softened(bed, claimed(of_it[0].answer.body), what, broken)


def _fault(bed: Testbed, row: Row, says: Mapping[str, str]) -> Fault:
    changes = {**says, **_CLAIMS[row["claim"]], **_SHAPES[row["shape"]]}

    def seal(reply: Reply, _: Signer) -> Reply:
        if row["sign"] == "of its request":
            return replace(reply, sign=dict(reply.request).get("sign", "0"))
        genuine = [*reply.fields, ("sign", reply.sign or ""), ("sign_type", reply.sign_type or "")]
        forged = dict(next(fields for name, fields in _wrong_signs(bed, genuine) if name == row["sign"]))
        sign, sign_type = forged.pop("sign", None), forged.pop("sign_type", None)
        return replace(reply, fields=tuple(forged.items()), sign=sign, sign_type=sign_type)

    return Fault(
        commit=row["claim"] == "success",
        reply=lambda reply: reply.changed(changes),
        seal=seal,
        name=f"{row['sign']}, {row['claim']}, {row['shape']}",
    )
