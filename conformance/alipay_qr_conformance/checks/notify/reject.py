"""``notify.reject``: a notification that nobody could sign is never believed."""

from typing import Final, NamedTuple

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr_conformance.checks.verify import ANOTHER, signed_formerly, softened
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import SIGN_TYPES, Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs, Tools, applicable, forge, replace, without
from alipay_qr_conformance.testbed.case import check, precondition
from alipay_qr_conformance.testbed.notifications import (
    changed,
    expect_disbelief,
    expect_refusal,
    fields_of,
    given,
    is_believed,
    paid,
    recorded,
    send,
    shown,
)
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, number
from alipay_qr_conformance.testbed.testbed import Testbed

_NOTIFY: Final = ("notify",)
_TRADE: Final = ("notify", "trade")
_CAREFUL: Final = ("notify.reject.changed", "notify.genuine")


@precondition("notify.reject.changed")
def change_is_refused(bed: Testbed) -> None:
    """Raise `Blocked` where a change of any signed value is believed."""

    def attempt() -> bool:
        with bed.gateway() as session:
            trade, fields, content_type = changed(bed, session)
            return is_believed(bed, trade, send(bed, fields, content_type))

    if bed.once("notify.reject.changed", attempt):
        raise Blocked("see.requirement", requirement="notify.reject.changed")


@precondition("notify.reject.no-sign")
def sign_is_missed(bed: Testbed) -> None:
    """Raise `Blocked` where a message without any sign is believed."""

    def attempt() -> bool:
        with bed.gateway() as session:
            trade, fields, content_type = changed(bed, session)
            return is_believed(bed, trade, send(bed, without(fields, "sign"), content_type))

    if bed.once("notify.reject.no-sign", attempt):
        raise Blocked("see.requirement", requirement="notify.reject.no-sign")


class _Forgery(NamedTuple):
    name: str
    kind: str
    sign_type: str


_FORGERIES: Final = {
    f"{name}/{sign_type}": _Forgery(name, kind, sign_type)
    for sign_type in SIGN_TYPES
    for name, kind in applicable(sign_type)
}


@check(
    lambda _, forgery: [f"notify.reject.{forgery.kind}"],
    needs=_NOTIFY,
    each=_FORGERIES,
    setups=lambda forgery: [Setup(forgery.sign_type)],
)
def forged(bed: Testbed, forgery: _Forgery, _requirement: str) -> None:
    """A notification edited by somebody without Alipay's key is neither recorded nor acknowledged."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        genuine, content_type = fields_of(bed, session, trade)
        tools = Tools(bed.keys, bed.setup.sign_type, bed.setup.charset, ("total_fee", "0.01"))
        fields = forge(forgery.name, genuine, tools)
        if fields is None:
            raise Unsupported(message("forgery.impossible", what=forgery.name), optional=True)
        try:
            expect_refusal(bed, trade, fields, send(bed, fields, content_type), forgery.name)
        except Failed as broken:
            raise softened(bed, fields, forgery.name, broken) from None


@check(
    "notify.reject.other-key",
    needs=_NOTIFY,
    builds_on=_CAREFUL,
    setups=ANOTHER,
    named="sign_type",
    name="former-account",
)
def formerly_signed(bed: Testbed) -> None:
    """The account was changed: news that the keys of the former one signed are not believed."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        for words, forged_ones in signed_formerly(bed, fields):
            expect_refusal(bed, trade, forged_ones, send(bed, forged_ones, content_type), words)


@check("notify.reject.changed", needs=_NOTIFY, setups=tuple(map(Setup, SIGN_TYPES)), named="sign_type")
def under_a_known_id(bed: Testbed) -> None:
    """A forgery about another trade, under the ``notify_id`` of a genuine notification, is not believed."""
    with bed.gateway() as session:
        fields, content_type = fields_of(bed, session, paid(bed, session))
        given(bed, fields, content_type)
        other = paid(bed, session)
        fields = replace(fields, "out_trade_no", other)
        reply = send(bed, fields, content_type)
        found = recorded(bed, other)
    if found is not None and found.get("state") not in {"none", "waiting"}:
        raise Failed("notify.believed", shown(fields, reply, found), what="notify_id")
    if found is None and reply.acknowledged:
        raise Failed("notify.acknowledged", shown(fields, reply), what="notify_id")


@check("notify.reject.bad-sign", needs=_NOTIFY, builds_on=(*_CAREFUL, "notify.reject.no-sign"))
def sign_as_a_list(bed: Testbed) -> None:
    """The sign comes as ``sign[]``, which PHP reads as a list and compares loosely: it is not believed."""
    with bed.gateway() as session:
        trade, forgery, content_type = changed(bed, session)
        fields = [*without(forgery, "sign"), ("sign[]", dict(forgery)["sign"])]
        expect_disbelief(bed, trade, fields, send(bed, fields, content_type), "sign[]")


_ZERO: Final[Pairs] = [
    ("notify_id", "0e2097431906"),
    ("notify_time", "2026-03-09 10:00:00"),
    ("notify_type", "trade_status_sync"),
    ("notify_action_type", "payByAccountAction"),
    ("out_trade_no", "T20970009"),
    ("trade_no", "2026030983624811992560000001"),
    ("trade_status", "TRADE_SUCCESS"),
    ("subject", "tea" + "!" * 41),
    ("gmt_create", "2026-03-09 10:00:00"),
    ("seller_id", TEST_PARTNER),
    ("buyer_id", "2088102000000001"),
    ("price", "12.50"),
    ("quantity", "1"),
    ("total_fee", "12.50"),
    ("discount", "0.00"),
    ("is_total_fee_adjust", "N"),
    ("use_coupon", "N"),
    ("payment_type", "1"),
    ("trans_currency", "USD"),
    ("gmt_payment", "2026-03-09 10:00:00"),
    ("x_counter", "1069694543"),
]
"""A payment that never was; with the published MD5 key its digest is 0e and thirty digits (searched for)."""


@check("notify.reject.bad-sign", needs=_TRADE, builds_on=_CAREFUL, setups=(Setup("MD5", published=True),))
def equal_as_numbers(bed: Testbed) -> None:
    """The right sign is 0e and thirty digits; another such text, the same number 0, is not taken for it."""
    if bed.keys.md5_key != TEST_MD5_KEY:
        raise Unsupported(message("needs.published-key"))
    with bed.gateway() as session:
        fields = [*_ZERO, ("sign_type", "MD5"), ("sign", "0e462097431906509019562988736854")]
        _, content_type = fields_of(bed, session, paid(bed, session))
        expect_disbelief(bed, dict(_ZERO)["out_trade_no"], fields, send(bed, fields, content_type), "0e...")


@check("notify.reject.closing", needs=_TRADE, builds_on=_CAREFUL, name="paid")
def closing(bed: Testbed) -> None:
    """A paid trade is closed by somebody who cannot sign: it stays paid."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        send(bed, fields, content_type)
        before = recorded(bed, trade) or {}
        fields = replace(replace(fields, "trade_status", "TRADE_CLOSED"), "notify_id", f"f{trade}")
        reply = send(bed, fields, content_type)
        after = recorded(bed, trade) or {}
    if before.get("state") == "paid" and after.get("state") != "paid":
        evidence, found = shown(fields, reply, after), after.get("state")
        raise Failed("attack.changed", evidence, before="paid", after=found, what="TRADE_CLOSED")


@check("notify.reject.refund", needs=(*_TRADE, "refund"), builds_on=_CAREFUL)
def accepted_one(bed: Testbed) -> None:
    """Somebody who cannot sign says that an accepted refund has moved: it is not recorded."""
    _forged_refund(bed, asked=True)


@check("notify.reject.refund", needs=_TRADE, builds_on=_CAREFUL)
def nobody_asked(bed: Testbed) -> None:
    """Somebody who cannot sign says that a refund was made which nobody asked for: it is not recorded."""
    _forged_refund(bed, asked=False)


def _forged_refund(bed: Testbed, *, asked: bool) -> None:
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        fields, content_type = fields_of(bed, session, trade.trade)
        refund_id = bed.fresh("R")
        if asked:
            trade.refund("4.00", refund_id=refund_id, is_sync="N")
        before = number(trade.recorded().get("refunded") or "0")
        told = {
            "notify_id": f"f{refund_id}",
            "notify_action_type": "refundFPAction",
            "out_biz_no": refund_id,
            "refund_fee": "4.00",
            "refund_status": "REFUND_SUCCESS",
        }
        fields = [*without(fields, *told), *told.items()]
        reply = send(bed, fields, content_type)
        after = trade.recorded()
    if number(after.get("refunded") or "0") != before:
        raise Failed("attack.refunded", shown(fields, reply, after), found=after.get("refunded"))
