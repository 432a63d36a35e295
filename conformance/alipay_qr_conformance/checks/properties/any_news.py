"""``notify.genuine[any-news-...]``, ``verify.genuine[any-news-...]``: any genuine message is taken.

Each optional field absent, each value that a careless reader takes for nothing or changes, each way to write
the Content-Type, and what may still come in each state of a trade; through ``verify`` and as a notification.
``notify.validate.*[any-news-unexpected]``: a payment of something else is believed in none of these shapes.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.checks.properties import forgery_space as space
from alipay_qr_conformance.checks.properties.trade_states import prepared
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import Plan, Setup
from alipay_qr_conformance.model.texts import message, sample
from alipay_qr_conformance.rules.forgeries import Pairs, replace
from alipay_qr_conformance.subjects import Refusal, Result
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import (
    deliver_many,
    expect_ack,
    fields_of,
    is_believed,
    paid,
    resigned,
    send,
    shown,
)
from alipay_qr_conformance.testbed.testbed import Testbed

_ABSENT: Final = (
    "subject", "body", "notify_action_type", "gmt_create", "seller_email", "buyer_email", "buyer_id", "price",
    "quantity", "discount", "is_total_fee_adjust", "use_coupon", "payment_type",
)  # fmt: skip
"""Fields that no page promises, and nothing that is booked depends on."""

_VALUES: Final = (
    "-", "--", "#1 of 2", "# note", "@home", "@", "null", "NULL", "None", "nil", "undefined", "NaN", "0",
    "0.00", "00", "false", "[]", "{}", "''", '""', "\\", "%20", "%", "+", "=", "a=b", "a&b", "&amp;", "&#39;",
    "it's", "<a/>", "N/A", "1e3", "// x", "/* x */", ";", "$x", "~",
)  # fmt: skip
"""Values that some readers take for nothing, for a comment, or for another way to write something."""

_BLANKS: Final = (" ", "   ", "\t", " x", "x ")
"""Values of a notification alone: those of a response are trimmed."""

_HEADERS: Final = (
    "application/x-www-form-urlencoded; charset={}",
    "application/x-www-form-urlencoded;charset={}",
)
"""Well-formed ones (RFC 9110 5.6.6); the malformed one has `notify.content-type` for itself."""

_STILL: Final[Mapping[str, tuple[str, ...]]] = {
    "waiting": ("TRADE_SUCCESS", "TRADE_CLOSED"),
    "awaited": ("TRADE_SUCCESS", "TRADE_CLOSED"),
    "paid": ("TRADE_FINISHED",),
    "partly-refunded": ("TRADE_FINISHED",),
    "refunded": ("TRADE_CLOSED",),
}
"""By state: what documents say that Alipay may still tell of such a trade; repeats have `notify.once`.

That a paid trade closes without a refund or a cancel of the shop's own is told nowhere.
"""

_UNPAID: Final = ("waiting", "awaited")
_ACTIONS: Final[Mapping[str, str]] = {
    "TRADE_SUCCESS": "payByAccountAction",
    "TRADE_FINISHED": "finishFPAction",
    "TRADE_CLOSED": "closeTradeAction",
}
"""By status: the action of such news. News of a refund name the refund, and are not among these."""

_EXPECT: Final = ("notify", "expect")
_SETUPS: Final = (Setup("MD5"), Setup("MD5", "GBK"))


def _edits(plan: Plan) -> Iterator[tuple[str, Mapping[str, str | None]]]:
    """Yield what a genuine notification may look like, in words and in the fields that are other."""
    yield from ((f"no {name}", {name: None}) for name in _ABSENT)
    yield "none of the optional fields", dict.fromkeys(_ABSENT)
    letter = sample("goods")[0]
    yield "the longest subject and body", {"subject": letter * 128, "body": letter * 400}
    for text in (*_VALUES, *_BLANKS):
        if plan.profile != "hk" or '"' not in text:
            yield f"{text!r} in subject and x_note", {"subject": text, "x_note": text}


# --- as notifications -----------------------------------------------------------------------------------


@check(
    "notify.genuine",
    needs=("notify",),
    setups=_SETUPS,
    named="setup",
    builds_on=("notify.genuine",),
    once_only=True,
)
def any_news_fields(bed: Testbed) -> None:
    """A genuine notification with any fields, values and Content-Type is acknowledged."""
    with bed.gateway() as session:
        made = [(what, *_news(bed, session, changes)) for what, changes in _edits(bed.plan)]
        for header in _HEADERS:
            for charset in (bed.setup.charset, bed.setup.charset.lower()):
                fields, _ = _news(bed, session, {"subject": sample("goods")})
                made.append((header.format(charset), fields, header.format(charset)))
        bodies = [
            (encode_notification(fields, bed.setup.charset), header, None) for _, fields, header in made
        ]
        replies = deliver_many(bed, bodies, session.now)
    for (what, fields, header), reply in zip(made, replies, strict=True):
        if not reply.acknowledged:
            raise Failed("notify.refused", {"what": what, "content_type": header, **shown(fields, reply)})


def _news(bed: Testbed, session: GatewaySession, changes: Mapping[str, str | None]) -> tuple[Pairs, str]:
    return fields_of(bed, session, paid(bed, session), changes)


def _states(plan: Plan) -> Mapping[str, str]:  # noqa: ARG001 (the same in every plan)
    return {f"any-news-{state}": state for state in _STILL}


@check(
    "notify.genuine",
    needs=lambda state: ("notify", *space.STATES[state]),
    each=_states,
    builds_on=("notify.genuine",),
    once_only=True,
)
def any_news_of_state(bed: Testbed, state: str) -> None:
    """Whatever Alipay may still tell of a trade in this state is acknowledged."""
    row = space.plain(bed.plan) | {"state": state}
    for status in _STILL[state]:
        with bed.gateway() as session:
            target = prepared(bed, session, row)
            if target is None:
                continue
            fields, header = fields_of(bed, session, target.trade, _told(bed, status, state))
            expect_ack(bed, fields, send(bed, fields, header))


def _told(bed: Testbed, status: str, state: str) -> dict[str, str | None]:
    """Return how the news of a status differ from the gateway's of the trade as it is now."""
    told = {"trade_status": status, "notify_action_type": _ACTIONS[status], "notify_id": bed.fresh("n")}
    if status != "TRADE_CLOSED":
        return {**told, "gmt_close": None}
    return {**told, **dict.fromkeys(("gmt_payment",) if state in _UNPAID else ())}


# --- an order that is announced anew --------------------------------------------------------------------


@check(
    "notify.genuine",
    needs=_EXPECT,
    builds_on=("notify.genuine",),
    name="any-news-announced-anew",
)
def announced_anew(bed: Testbed) -> None:
    """An order is announced again with another amount: a payment of that one is acknowledged."""
    with bed.gateway() as session:
        trade = _announced_twice(bed, session, "12.50", "15.00", "15.00")
        fields, header = fields_of(bed, session, trade)
        expect_ack(bed, fields, send(bed, fields, header))


@check("notify.genuine", needs=_EXPECT, builds_on=("notify.genuine",), once_only=True)
def any_news_announced(bed: Testbed) -> None:
    """A payment that was announced, of any amount, currency and number, is acknowledged."""
    with bed.gateway() as session:
        for currency, amount, form, _ in space.trades(bed.plan):
            trade = space.number(form, bed.fresh("T"))
            if not _announce(bed, trade, amount, currency):
                continue
            session.engine.pay(None, amount, currency, session.now, out_trade_no=trade)
            fields, header = fields_of(bed, session, trade)
            expect_ack(bed, fields, send(bed, fields, header))


def _announce(bed: Testbed, trade: str, total: str, currency: str) -> bool:
    answer = bed.ask("expect", out_trade_no=trade, total_fee=total, currency=currency)
    return not isinstance(answer, Refusal)


@check(
    "notify.validate.amount",
    needs=_EXPECT,
    builds_on=("notify.genuine",),
    name="any-news-announced-anew",
)
def amount_before(bed: Testbed) -> None:
    """An order is announced again with another amount: a payment of the old one is not believed."""
    with bed.gateway() as session:
        trade = _announced_twice(bed, session, "12.50", "15.00", "12.50")
        fields, header = fields_of(bed, session, trade)
        reply = send(bed, fields, header)
        if is_believed(bed, trade, reply):
            raise Failed("notify.unexpected", shown(fields, reply), found=f"12.50 {bed.plan.currency}")


def _announced_twice(bed: Testbed, session: GatewaySession, first: str, second: str, pays: str) -> str:
    trade = bed.fresh("T")
    for total in (first, second):
        answer = bed.ask("expect", out_trade_no=trade, total_fee=total, currency=bed.plan.currency)
        if isinstance(answer, Refusal):
            raise Unsupported(message("declined.rightly", reason=answer.reason), optional=True)
    session.engine.pay(None, pays, bed.plan.currency, session.now, out_trade_no=trade)
    return trade


# --- a payment of something else, in any shape ----------------------------------------------------------

_GRANTS: Final[Mapping[str, Mapping[str, str | None]]] = {
    "as Alipay sends it": {},
    "a coupon was used": {"use_coupon": "Y"},
    "a coupon and a discount": {"use_coupon": "Y", "discount": "-12.49", "coupon_discount": "12.49"},
    "the price of the order": {"price": "12.50", "quantity": "1"},
    "TRADE_FINISHED": {"trade_status": "TRADE_FINISHED", "notify_action_type": "finishFPAction"},
    "the seller changed the price": {"is_total_fee_adjust": "Y"},
}
"""By name: what some readers take for a reason why another amount came."""

_SELLER: Final = {"seller_id": "2088999999999999"}


_BEFORE: Final = ""
"""In the place of a field's name: the status that forged news of the same payment told before it."""


def _shapes() -> Iterator[tuple[str, Mapping[str, str | None]]]:
    yield from _GRANTS.items()
    for status in ("WAIT_BUYER_PAY", "TRADE_PENDING"):
        yield f"after a forged {status} of the same", {_BEFORE: status}
    yield from ((f"no {name}", {name: None}) for name in _ABSENT)
    yield "none of the optional fields", dict.fromkeys(_ABSENT)


class _Odd(NamedTuple):
    """A payment that is not the awaited one, and how its notification differs."""

    what: str
    awaited: str
    currency: str
    paid: str
    paid_in: str
    changes: Mapping[str, str | None] = {}


def _believed(bed: Testbed, payments: Iterable[_Odd]) -> tuple[_Odd, dict[str, Any]] | None:
    """Return the first payment that is believed, and its evidence.

    All are sent before one is looked at: who books later than it acknowledges is waited for once.
    """
    came = []
    with bed.gateway() as session:
        for each in payments:
            trade = bed.fresh("T")
            if not _announce(bed, trade, each.awaited, each.currency):
                continue
            session.engine.pay(None, each.paid, each.paid_in, session.now, out_trade_no=trade)
            changes = {name: value for name, value in each.changes.items() if name != _BEFORE}
            fields, header = fields_of(bed, session, trade, changes)
            if status := each.changes.get(_BEFORE):
                send(bed, replace(fields, "trade_status", status), header)  # under a sign that is not its own
            came.append((each, trade, fields, send(bed, fields, header)))
        for each, trade, fields, reply in came:
            if is_believed(bed, trade, reply):
                return each, {"what": each.what, **shown(fields, reply)}
    return None


def _expect_disbelief(
    bed: Testbed, total: str, currency: str, changes: Mapping[str, str | None] | None = None
) -> None:
    """Expect in no shape that 12.50 of the usual currency have come where this was paid."""
    own, more = bed.plan.currency, changes or {}
    seen = _believed(
        bed, (_Odd(what, "12.50", own, total, currency, {**shape, **more}) for what, shape in _shapes())
    )
    if seen is not None:
        # a seller who lowers the price at Alipay may mean it: no page says what the shop is to make of it
        adjusted = currency == own and not more and seen[0].changes.get("is_total_fee_adjust") == "Y"
        found = f"{total} {currency}"
        raise Failed("notify.unexpected", seen[1], found=found, keyword_="SHOULD" if adjusted else None)


@check("notify.validate.amount", needs=_EXPECT, builds_on=("notify.genuine",), name="any-news-unexpected")
def other_amount(bed: Testbed) -> None:
    """12.50 are awaited and a cent is paid: no shape of the notification makes that the awaited payment."""
    _expect_disbelief(bed, "0.01", bed.plan.currency)


_CLOSE: Final = (
    ("USD", "19.99", "19.98"), ("USD", "0.29", "0.28"), ("USD", "1.15", "1.14"), ("USD", "12.00", "12.99"),
    ("USD", "12.00", "11.99"), ("USD", "12.50", "12.05"), ("USD", "100.00", "10.00"),
    ("USD", "1234.56", "1.00"), ("USD", "1000.00", "100000.00"), ("USD", "999999.02", "999999.01"),
    ("JPY", "1200", "12"), ("KRW", "9876500", "98765"),
    ("KRW", "9876543", "9876542"),
)  # fmt: skip
"""A currency, what is awaited and what is paid: alike in doubles, in cents, in parts or in minor units."""


@check("notify.validate.amount", needs=_EXPECT, builds_on=("notify.genuine",), name="any-news-close-amount")
def close_amount(bed: Testbed) -> None:
    """Another amount is paid than is awaited, which a careless comparison takes for the same."""
    plan = bed.plan
    close = [(plan.currency if each == "USD" else each, *amounts) for each, *amounts in _CLOSE]
    payments = (
        _Odd(f"{awaited} {currency} are awaited", awaited, currency, paid_, currency)
        for currency, awaited, paid_ in close
        if plan.takes(currency)
    )
    if (seen := _believed(bed, payments)) is not None:
        raise Failed("notify.unexpected", seen[1], found=f"{seen[0].paid} {seen[0].paid_in}")


@check("notify.validate.currency", needs=_EXPECT, builds_on=("notify.genuine",), name="any-news-unexpected")
def other_currency(bed: Testbed) -> None:
    """12.50 are paid in another currency: no shape of the notification makes that the awaited payment."""
    _expect_disbelief(bed, "12.50", bed.plan.other_currency)


@check("notify.validate.seller", needs=_EXPECT, builds_on=("notify.genuine",), name="any-news-unexpected")
def other_seller(bed: Testbed) -> None:
    """What is awaited is paid to another seller: no shape of the notification makes that our payment."""
    _expect_disbelief(bed, "12.50", bed.plan.currency, _SELLER)


# --- through verify -------------------------------------------------------------------------------------


@check(
    "verify.genuine",
    needs=("verify",),
    each={source: source for source in ("notification", "response")},
    setups=_SETUPS,
    named="setup",
    name=lambda source: f"any-news-{source}",
    once_only=True,
)
def verified(bed: Testbed, source: str) -> None:
    """A genuine message with any fields and values is valid."""
    if not bed.subject.supports("verify", source=source):
        raise Unsupported(message("needs.source", source=source))
    made = list(_messages(bed, source))
    calls: list[tuple[str, dict[str, Any]]] = [
        (
            "verify",
            {"params": [list(pair) for pair in params], "charset": bed.setup.charset, "source": source},
        )
        for _, params in made
    ]
    judged = [bed.sort_out(*call, answer) for call, answer in zip(calls, bed.ask_many(calls), strict=True)]
    if not any(map(_valid, judged)):
        raise Blocked("see.requirement", requirement="verify.genuine")
    for (what, params), answer in zip(made, judged, strict=True):
        if not _valid(answer):
            raise Failed("verify.refused", {"what": what, "parameters": params, "source": source})


def _valid(answer: Any) -> bool:
    return isinstance(answer, Result) and answer.value.get("valid") is True


def _messages(bed: Testbed, source: str) -> Iterator[tuple[str, Pairs]]:
    if source == "response":
        for text in _VALUES:
            yield f"{text!r} in x_note", resigned(bed, [("result_code", "SUCCESS"), ("x_note", text)])
        return
    with bed.gateway() as session:
        for what, changes in _edits(bed.plan):
            yield what, _news(bed, session, changes)[0]
