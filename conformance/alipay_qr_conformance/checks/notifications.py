"""Level 3: what the subject makes of notifications.

Genuine ones first, which must be acknowledged and believed; then forged ones, each a genuine one with
one edit. What counts is the reply, and what the subject believes afterwards (operation ``trade``, where
it has one), never that it claims to refuse.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from alipay_qr.errors import AlipayQrError
from alipay_qr.money import parse_amount
from alipay_qr.presign import presign
from alipay_qr.wire import encode_notification, read_notification
from alipay_qr_conformance.casebook import SIGN_TYPES, Broken, CannotDo, Case, NotJudged, Plan, Setup
from alipay_qr_conformance.counter import Reply, deliver, notification
from alipay_qr_conformance.forgeries import Pairs, Tools, applicable, forge, without
from alipay_qr_conformance.lab import Lab, Session
from alipay_qr_conformance.messages import message
from alipay_qr_conformance.subjects import Result

_NOTIFY: Final = ("notify",)
_SETUPS: Final = tuple(
    Setup(sign_type, charset) for sign_type in SIGN_TYPES for charset in ("UTF-8", "GBK", "GB2312")
)

GENUINE: Final[dict[str, Mapping[str, str | None]]] = {
    "plain": {},
    "empty-field": {"body": "", "discount": ""},
    "unknown-field": {"x_new_field": "1", "zzz": "later"},
    "plus-and-percent": {"subject": "1+1=2 100% %41%2B"},
    "reserved": {"subject": "a&b=c;d?e#f"},
    "blanks": {"subject": " two  words "},
    "markup": {"subject": '<b>&amp;"it\'s"</b>'},
    "json": {"passback_parameters": '{"counter": "7", "u": "a/b"}'},
    "no-seller-fields": {"seller_id": None, "seller_email": None},
    "capital-name": {"sendFormat": "normal", "Zone": "8"},
    "zero": {"discount": "0", "x_new_count": "0"},
    "finished": {"trade_status": "TRADE_FINISHED"},
}
_CHINESE: Final = {"subject": "测试商品", "body": "北京 第1店"}


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (the same in every plan)
    """Yield the cases about notifications."""
    for sign_type in SIGN_TYPES:
        setup = Setup(sign_type)
        for name, overrides in GENUINE.items():
            yield Case("notify.genuine", f"{name}/{setup}", _genuine(overrides), setup, _NOTIFY)
        for name, kind in applicable(sign_type):
            yield Case(f"notify.reject.{kind}", f"{name}/{sign_type}", _forged(name), setup, _NOTIFY)
    for setup in _SETUPS:
        yield Case("notify.genuine", f"chinese/{setup}", _genuine(_CHINESE), setup, _NOTIFY)
    yield Case("notify.genuine", "own-query/MD5", _own_query, needs=_NOTIFY)
    yield Case("notify.genuine", "shuffled/MD5", _shuffled, needs=_NOTIFY)
    yield Case("notify.reply.exact", "paid", _reply_exact, needs=_NOTIFY)
    for status, state in _STATES.items():
        yield Case("notify.status.believed", status, _status(status, state), needs=(*_NOTIFY, "trade"))
    yield Case("notify.amount.believed", "paid-amount", _amount("12.50", "USD"), needs=(*_NOTIFY, "trade"))
    yield Case("notify.amount.believed", "whole-number", _amount("300", "JPY"), needs=(*_NOTIFY, "trade"))
    yield Case("notify.validate.seller", "other-seller", _other_seller, needs=_NOTIFY)
    yield Case("notify.validate.amount", "less", _unexpected("0.01", "USD"), needs=(*_NOTIFY, "expect"))
    yield Case(
        "notify.validate.amount", "a-cent-less", _unexpected("12.49", "USD"), needs=(*_NOTIFY, "expect")
    )
    yield Case(
        "notify.validate.amount", "a-cent-more", _unexpected("12.51", "USD"), needs=(*_NOTIFY, "expect")
    )
    yield Case("notify.validate.amount", "more", _unexpected("125.00", "USD"), needs=(*_NOTIFY, "expect"))
    yield Case("notify.validate.currency", "other", _unexpected("12.50", "HKD"), needs=(*_NOTIFY, "expect"))
    yield Case("notify.validate.amount", "as-announced", _as_announced, needs=(*_NOTIFY, "expect"))
    for name in ("notify_id", "trade_status", "out_trade_no"):
        yield Case("notify.validate.complete", f"without-{name}", _incomplete(name), needs=_NOTIFY)
    for name in ("forged-first", "forged-last"):
        yield Case(
            "notify.reject.duplicate",
            name,
            _duplicate(first=name == "forged-first"),
            needs=(*_NOTIFY, "trade"),
        )
    yield Case("notify.reject.url-override", "amount", _url_override, needs=(*_NOTIFY, "trade"))
    yield Case("notify.once.acknowledged", "same-id", _repeated(new_id=False), needs=_NOTIFY)
    yield Case("notify.once.acknowledged", "new-id", _repeated(new_id=True), needs=_NOTIFY)
    yield Case("notify.once.fulfilled", "same-id", _fulfilled_once(new_id=False), needs=(*_NOTIFY, "trade"))
    yield Case("notify.once.fulfilled", "new-id", _fulfilled_once(new_id=True), needs=(*_NOTIFY, "trade"))
    yield Case("notify.status.forward", "closed-stays-closed", _stays_closed, needs=(*_NOTIFY, "trade"))
    yield Case("notify.status.forward", "paid-stays-paid", _stays_paid, needs=(*_NOTIFY, "trade"))


_STATES: Final = {
    "TRADE_SUCCESS": "paid",
    "TRADE_FINISHED": "paid",
    "TRADE_CLOSED": "closed",
    "TRADE_PENDING": "waiting",
    "WAIT_BUYER_PAY": "waiting",
}


# --- what several cases need --------------------------------------------------------------------------


def paid(lab: Lab, session: Session, amount: str = "12.50", currency: str = "USD") -> str:
    """Let a customer pay a new trade; the subject does not know of it yet."""
    trade = lab.fresh("T")
    session.engine.pay(None, amount, currency, session.now, out_trade_no=trade)
    return trade


def state(lab: Lab, trade: str) -> dict[str, object] | None:
    """Return what the subject believes about a trade; None where it has no ``trade`` or cannot say."""
    if not lab.subject.supports("trade"):
        return None
    answer = lab.ask("trade", out_trade_no=trade)
    return answer.value if isinstance(answer, Result) else None


def resigned(lab: Lab, fields: Pairs) -> Pairs:
    """Return the fields signed anew with Alipay's key."""
    signer = lab.keys.gateway_signer(lab.setup.sign_type)
    if signer is None:
        raise CannotDo(message("needs.keys", sign_type=lab.setup.sign_type))
    bare = without(fields, "sign", "sign_type")
    return [*bare, ("sign_type", signer.sign_type), ("sign", signer.sign(presign(bare, lab.setup.charset)))]


def fields_of(
    lab: Lab, session: Session, trade: str, overrides: Mapping[str, str | None] | None = None
) -> tuple[Pairs, str]:
    """Return the fields of a genuine notification, and its content type."""
    body, content_type = notification(lab, session, trade, overrides)
    return read_notification(body, content_type, lab.setup.charset), content_type


def send(lab: Lab, fields: Pairs, content_type: str, **more: str) -> Reply:
    """Deliver fields as they are."""
    return deliver(lab, encode_notification(fields, lab.setup.charset), content_type, **more)  # type: ignore[arg-type] # query, method


def shown(fields: Pairs, reply: Reply, belief: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return evidence: what was delivered, what came back, what is believed."""
    came = reply.body if reply.body is not None else f"(declined: {reply.reason})"
    found: dict[str, object] = {"notification": fields, "reply": came, "status": reply.status}
    return found if belief is None else {**found, "trade": dict(belief)}


def _expect_ack(lab: Lab, fields: Pairs, reply: Reply) -> None:
    if not reply.acknowledged:
        text = presign(without(fields, "sign", "sign_type"), lab.setup.charset)
        evidence = {**shown(fields, reply), "expected_presign": text.decode(lab.setup.charset.lower())}
        key = "notify.refused" if reply.body is None or reply.status != "200" else "notify.not-acknowledged"
        raise Broken(key, evidence)


def _genuine_first(lab: Lab, session: Session, trade: str) -> None:
    """Deliver the genuine payment; without it nothing that builds on it can be judged."""
    fields, content_type = fields_of(lab, session, trade)
    if not send(lab, fields, content_type).acknowledged:
        raise NotJudged("see.genuine")


def _plain_first(lab: Lab) -> None:
    """Raise `NotJudged` where not even the plainest genuine notification is acknowledged."""

    def attempt() -> bool:
        with lab.gateway() as session:
            fields, content_type = fields_of(lab, session, paid(lab, session))
            return send(lab, fields, content_type).acknowledged

    if not lab.once("plain-notification", attempt):
        raise NotJudged("see.genuine")


# --- genuine ------------------------------------------------------------------------------------------


def _genuine(overrides: Mapping[str, str | None]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            fields, content_type = fields_of(lab, session, trade, overrides)
            reply = send(lab, fields, content_type)
            _expect_ack(lab, fields, reply)
            believed = state(lab, trade)
            if believed is not None and believed.get("state") != "paid":
                raise Broken(
                    "notify.not-believed", shown(fields, reply, believed), state=believed.get("state")
                )

    return run


def _own_query(lab: Lab) -> None:
    with lab.gateway() as session:
        fields, content_type = fields_of(lab, session, paid(lab, session))
        _expect_ack(lab, fields, send(lab, fields, content_type, query="shop=7&lang=en"))


def _shuffled(lab: Lab) -> None:
    with lab.gateway() as session:
        fields, content_type = fields_of(lab, session, paid(lab, session))
        lab.rng("shuffled").shuffle(fields)
        _expect_ack(lab, fields, send(lab, fields, content_type))


def _reply_exact(lab: Lab) -> None:
    with lab.gateway() as session:
        fields, content_type = fields_of(lab, session, paid(lab, session))
        reply = send(lab, fields, content_type)
    if not reply.acknowledged:
        raise NotJudged("see.genuine")
    if reply.body not in {b"success", b"SUCCESS"}:
        raise Broken("notify.reply-blanks", {"reply": repr(reply.body)})


def _status(status: str, expected: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _plain_first(lab)
        with lab.gateway() as session:
            trade = paid(lab, session)
            fields, content_type = fields_of(lab, session, trade, {"trade_status": status})
            reply = send(lab, fields, content_type)
            believed = state(lab, trade) or {}
        found = believed.get("state")
        if found != expected and not (expected in {"waiting", "closed"} and found == "none"):
            raise Broken(
                "notify.state", shown(fields, reply, believed), status=status, expected=expected, found=found
            )
        if expected != "paid" and str(believed.get("fulfilled") or "0") != "0":
            raise Broken("notify.released", shown(fields, reply, believed), status=status)

    return run


def _amount(total: str, currency: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session, total, currency)
            _genuine_first(lab, session, trade)
            believed = state(lab, trade) or {}
        found, unit = believed.get("paid"), believed.get("currency")
        if found is None:
            raise CannotDo(message("notify.no-amount"))
        try:
            equal = parse_amount(str(found), currency) == parse_amount(total, currency)
        except AlipayQrError:
            equal = False
        if not equal or unit not in {None, currency}:
            raise Broken(
                "notify.amount", {"trade": believed}, expected=f"{total} {currency}", found=f"{found} {unit}"
            )

    return run


# --- forged and unfitting -----------------------------------------------------------------------------


def _forged(name: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            genuine, content_type = fields_of(lab, session, trade)
            tools = Tools(lab.keys, lab.setup.sign_type, lab.setup.charset, ("total_fee", "0.01"))
            fields = forge(name, genuine, tools)
            if fields is None:
                raise NotJudged("forgery.impossible", what=name)
            _expect_disbelief(lab, trade, fields, send(lab, fields, content_type), name)

    return run


def _expect_disbelief(lab: Lab, trade: str, fields: Pairs, reply: Reply, what: str) -> None:
    believed = state(lab, trade)
    if believed is not None and believed.get("state") not in {"none", "waiting", None}:
        raise Broken("notify.believed", shown(fields, reply, believed), what=what)
    if reply.acknowledged:
        raise Broken("notify.acknowledged", shown(fields, reply, believed), what=what)


def _other_seller(lab: Lab) -> None:
    with lab.gateway() as session:
        trade = paid(lab, session)
        genuine, content_type = fields_of(lab, session, trade)
        fields = resigned(lab, [*without(genuine, "seller_id"), ("seller_id", "2088999999999999")])
        _expect_disbelief(lab, trade, fields, send(lab, fields, content_type), "seller_id")


def _unexpected(total: str, currency: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = lab.fresh("T")
            lab.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
            session.engine.pay(None, total, currency, session.now, out_trade_no=trade)
            fields, content_type = fields_of(lab, session, trade)
            reply = send(lab, fields, content_type)
            believed = state(lab, trade)
        announced = {**shown(fields, reply, believed), "expected": "12.50 USD"}
        if believed is not None and believed.get("state") == "paid":
            raise Broken("notify.unexpected", announced, found=f"{total} {currency}")
        if believed is None and reply.acknowledged:
            raise Broken("notify.unexpected", announced, found=f"{total} {currency}")

    return run


def _as_announced(lab: Lab) -> None:
    _plain_first(lab)
    with lab.gateway() as session:
        trade = lab.fresh("T")
        lab.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
        session.engine.pay(None, "12.50", "USD", session.now, out_trade_no=trade)
        fields, content_type = fields_of(lab, session, trade)
        _expect_ack(lab, fields, send(lab, fields, content_type))


def _incomplete(name: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            genuine, content_type = fields_of(lab, session, trade)
            fields = resigned(lab, without(genuine, name))
            reply = send(lab, fields, content_type)
            believed = state(lab, trade)
        evidence = shown(fields, reply, believed)
        if believed is not None and believed.get("state") not in {"none", "waiting"}:
            raise Broken("notify.incomplete", evidence, field=name)
        if believed is None and reply.acknowledged:
            raise Broken("notify.incomplete", evidence, field=name)

    return run


def _duplicate(*, first: bool) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            genuine, content_type = fields_of(lab, session, trade)
            forged = ("total_fee", "0.01")
            fields = [forged, *genuine] if first else [*genuine, forged]
            reply = send(lab, fields, content_type)
            _expect_genuine_amount(lab, trade, fields, reply)

    return run


def _url_override(lab: Lab) -> None:
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, content_type = fields_of(lab, session, trade)
        reply = send(lab, fields, content_type, query="total_fee=0.01&trade_status=TRADE_SUCCESS")
        _expect_genuine_amount(lab, trade, fields, reply)


def _expect_genuine_amount(lab: Lab, trade: str, fields: Pairs, reply: Reply) -> None:
    """Whatever the subject did with two values, it must not believe the unsigned one."""
    believed = state(lab, trade) or {}
    found = believed.get("paid")
    if found is None:
        return
    try:
        genuine = parse_amount(str(found), "USD") == parse_amount("12.50", "USD")
    except AlipayQrError:
        genuine = False
    if not genuine:
        raise Broken("notify.unsigned-value", shown(fields, reply, believed), found=found)


# --- acting once, never backwards ---------------------------------------------------------------------


def _repeat(lab: Lab, session: Session, trade: str, *, new_id: bool) -> tuple[Pairs, Reply]:
    _genuine_first(lab, session, trade)
    # The gateway makes the new id, and so knows it: a subject may ask it (service notify_verify).
    again = {"notify_id": f"n{trade}"} if new_id else None
    fields, content_type = fields_of(lab, session, trade, again)
    return fields, send(lab, fields, content_type)


def _repeated(*, new_id: bool) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            fields, reply = _repeat(lab, session, paid(lab, session), new_id=new_id)
            _expect_ack(lab, fields, reply)

    return run


def _fulfilled_once(*, new_id: bool) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            fields, reply = _repeat(lab, session, trade, new_id=new_id)
            believed = state(lab, trade) or {}
        if believed.get("fulfilled") is None:
            raise CannotDo(message("notify.no-fulfilled"))
        if str(believed["fulfilled"]) != "1":
            raise Broken("notify.twice", shown(fields, reply, believed), count=believed["fulfilled"])

    return run


def _stays_closed(lab: Lab) -> None:
    with lab.gateway() as session:
        trade = paid(lab, session)
        _genuine_first(lab, session, trade)
        closed, kind = fields_of(
            lab, session, trade, {"trade_status": "TRADE_CLOSED", "notify_id": f"c{trade}"}
        )
        if not send(lab, closed, kind).acknowledged:
            raise NotJudged("see.genuine")
        before = state(lab, trade) or {}
        late, kind = fields_of(lab, session, trade, {"notify_id": f"l{trade}"})
        reply = send(lab, late, kind)
        after = state(lab, trade) or {}
    if before.get("state") == "closed" and after.get("state") != "closed":
        raise Broken("notify.backwards", shown(late, reply, after), before="closed", after=after.get("state"))


def _stays_paid(lab: Lab) -> None:
    with lab.gateway() as session:
        trade = paid(lab, session)
        _genuine_first(lab, session, trade)
        news = {"trade_status": "WAIT_BUYER_PAY", "notify_id": f"w{trade}"}
        fields, kind = fields_of(lab, session, trade, news)
        reply = send(lab, fields, kind)
        after = state(lab, trade) or {}
    if after.get("state") != "paid":
        raise Broken("notify.backwards", shown(fields, reply, after), before="paid", after=after.get("state"))
