"""``notify.genuine``, ``notify.reply``: genuine notifications are acknowledged in the exact words."""

from collections.abc import Mapping
from typing import Final

from alipay_qr_conformance.gateway import Dialect
from alipay_qr_conformance.gateway.engine.notifications import FOREX
from alipay_qr_conformance.model.outcomes import Blocked, Failed, quoted
from alipay_qr_conformance.model.plan import SIGN_TYPES, Setup
from alipay_qr_conformance.model.texts import sample
from alipay_qr_conformance.rules.forgeries import Pairs, replace
from alipay_qr_conformance.testbed.booking import UNPAID
from alipay_qr_conformance.testbed.case import check, precondition
from alipay_qr_conformance.testbed.notifications import (
    LAST_REPEAT,
    expect_ack,
    fields_of,
    given,
    paid,
    recorded,
    resigned,
    send,
    shown,
)
from alipay_qr_conformance.testbed.offer import expect_no_right_to_refuse, in_units
from alipay_qr_conformance.testbed.testbed import Testbed

_NOTIFY: Final = ("notify",)
_TRADE: Final = ("notify", "trade")
_USUAL: Final = tuple(map(Setup, SIGN_TYPES))
_ALL: Final = tuple(
    Setup(sign_type, charset) for sign_type in SIGN_TYPES for charset in ("UTF-8", "GBK", "GB2312")
)
_CHARSETS: Final = (Setup("MD5"), Setup("MD5", "GBK"))
_FEWEST: Final = frozenset({*FOREX, "gmt_payment", "trans_currency"})
_CHINESE: Final = {"subject": sample("goods"), "body": sample("branch")}

_ALIKE: Final = {"at-its-end": "{rest}{digit}", "at-its-beginning": "{digit}{rest}"}
_ID_LENGTH: Final = 34

OVERRIDES: Final[dict[str, Mapping[str, str | None]]] = {
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
"""By case: the fields of a plain notification that are changed (None: left out) before they are signed.

TRADE_FINISHED as the first news of a trade may be left alone: "no further operation" (trade status page).
"""

LETTERS: Final = {
    "line-ends": {"subject": "two\r\nlines", "body": "a\nb\rc"},
    "backslash": {"subject": "C:\\new\\table", "body": '\\"quoted\\" it\\\'s'},
    "emoji-and-accents": {"subject": "caf\u00e9 cafe\u0301 \U0001f600"},
    "tab-and-ends": {"subject": "\ta b\t", "body": " x\n"},
    "dollar-and-tag": {"subject": "$1 ${x} <?php %s {0}", "body": "&amp;lt; &copy=1"},
}
"""Values of a genuine notification that a careless reader changes before it verifies."""


@precondition("notify.genuine")
def plain_is_acknowledged(bed: Testbed) -> None:
    """Raise `Blocked` where not even the plainest genuine notification is acknowledged."""

    def attempt() -> bool:
        with bed.gateway() as session:
            return send(bed, *fields_of(bed, session, paid(bed, session))).acknowledged

    if not bed.once("notify.genuine", attempt):
        raise Blocked("see.genuine")


@check("notify.genuine", needs=_NOTIFY, each=OVERRIDES, setups=_USUAL, named="setup")
@check("notify.genuine", needs=_NOTIFY, each={"chinese": _CHINESE}, setups=_ALL, named="setup")
def payment(bed: Testbed, overrides: Mapping[str, str | None]) -> None:
    """A genuine notification of a payment, whatever its fields hold, is acknowledged and recorded as paid."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade, overrides)
        reply = send(bed, fields, content_type)
        expect_ack(bed, fields, reply)
        found = recorded(bed, trade)
        state = None if found is None else found.get("state")
        if found is None or state == "paid" or (state in UNPAID and overrides == OVERRIDES["finished"]):
            return
        raise Failed("notify.not-believed", shown(fields, reply, found), state=state)


@check(
    "notify.genuine",
    needs=_NOTIFY,
    builds_on=("notify.genuine",),
    each={f"{name}/UTF-8": overrides for name, overrides in LETTERS.items()},
)
def letters(bed: Testbed, overrides: Mapping[str, str]) -> None:
    """A genuine notification is acknowledged whatever letters its texts hold: they are verified raw."""
    with bed.gateway() as session:
        fields, content_type = fields_of(bed, session, paid(bed, session), overrides)
        reply = send(bed, fields, content_type)
    if not reply.acknowledged:
        expect_no_right_to_refuse(bed, fields)
        raise Failed("notify.refused", shown(fields, reply))


@check("notify.genuine", needs=_NOTIFY, name="own-query/MD5")
def own_query(bed: Testbed) -> None:
    """The notify URL has a query of its own, which is no part of the notification: it is acknowledged."""
    with bed.gateway() as session:
        fields, content_type = fields_of(bed, session, paid(bed, session))
        reply = send(bed, fields, content_type, query="shop=7&lang=en")
    try:
        expect_ack(bed, fields, reply)
    except Failed as broken:
        broken.keyword = "SHOULD"  # Alipay's own advice is a notify URL without a query
        raise


@check("notify.genuine", needs=_NOTIFY, builds_on=("notify.genuine",))
def refund_of_somebody_else(bed: Testbed) -> None:
    """News of a refund that the shop did not send (Alipay's portal can make one) are acknowledged: SHOULD."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        given(bed, fields, content_type)
        refund = {
            "notify_id": f"r{trade}",
            "notify_action_type": "refundFPAction",
            "out_biz_no": bed.fresh("P"),
            "refund_fee": in_units("2.50", bed.plan.currency),
            "refund_status": "REFUND_SUCCESS",
        }
        # The gateway makes this id, and so knows it: a subject may ask it (service notify_verify).
        fields, content_type = fields_of(bed, session, trade, refund)
        reply = send(bed, fields, content_type)
        evidence = shown(fields, reply, recorded(bed, trade))
    if not reply.acknowledged:
        raise Failed("notify.refused", evidence, keyword_="SHOULD")


@check("notify.content-type", needs=_NOTIFY, builds_on=("notify.genuine",), setups=_CHARSETS, named="setup")
def malformed(bed: Testbed) -> None:
    """The Content-Type holds a bare ``text/html``: the notification is acknowledged and recorded as paid."""
    with bed.gateway() as session:
        session.engine.dialect = Dialect(notify_content_type="malformed")
        trade = paid(bed, session)
        _expect_paid(bed, trade, *fields_of(bed, session, trade))


@check("notify.lean", needs=_NOTIFY, builds_on=("notify.genuine",))
def fewest_fields(bed: Testbed) -> None:
    """The fields of the forex family come, and those that the contract promises: it is recorded as paid."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        fewest = resigned(bed, [(name, value) for name, value in fields if name in _FEWEST])
        _expect_paid(bed, trade, fewest, content_type)


def _expect_paid(bed: Testbed, trade: str, fields: Pairs, content_type: str) -> None:
    reply = send(bed, fields, content_type)
    found = recorded(bed, trade)
    if not reply.acknowledged or (found is not None and found.get("state") != "paid"):
        expect_no_right_to_refuse(bed, fields)
        evidence = shown(fields, reply, found) | {"content_type": content_type}
        if reply.acknowledged and found is not None:
            raise Failed("notify.not-believed", evidence, state=found.get("state"))
        raise Failed("notify.refused", evidence)


@check("notify.genuine", needs=_NOTIFY, name="shuffled/MD5")
def shuffled(bed: Testbed) -> None:
    """The fields come in another order: the notification is acknowledged all the same."""
    with bed.gateway() as session:
        fields, content_type = fields_of(bed, session, paid(bed, session))
        bed.rng("shuffled").shuffle(fields)
        expect_ack(bed, fields, send(bed, fields, content_type))


@check("notify.genuine", needs=_TRADE, setups=_USUAL, named="sign_type")
def after_a_forgery(bed: Testbed) -> None:
    """A forgery comes first under the same ``notify_id``: it does not silence the genuine notification."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        send(bed, replace(fields, "total_fee", "0.01"), content_type)
        if (recorded(bed, trade) or {}).get("state") == "paid":
            raise Blocked("see.requirement", requirement="notify.reject.changed")
        given(bed, *fields_of(bed, session, paid(bed, session)))
        reply = send(bed, fields, content_type)
        found = recorded(bed, trade) or {}
    if not reply.acknowledged or found.get("state") != "paid":
        raise Failed("notify.silenced", shown(fields, reply, found))


@check("notify.genuine", needs=_TRADE, builds_on=("notify.genuine",), each=_ALIKE)
def id_like_anothers(bed: Testbed, alike: str) -> None:
    """Another payment's notification came, whose ``notify_id`` differs in one place: both are recorded."""
    rest = bed.fresh("n").rjust(_ID_LENGTH - 1, "7")
    with bed.gateway() as session:
        for digit in "12":
            fields, content_type = fields_of(
                bed, session, paid(bed, session), {"notify_id": alike.format(digit=digit, rest=rest)}
            )
            _expect_paid(bed, dict(fields)["out_trade_no"], fields, content_type)


@check("notify.genuine", needs=_NOTIFY, clock=True)
def a_day_late(bed: Testbed) -> None:
    """A payment of yesterday is notified only now, for Alipay tries for a day: it is acknowledged."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        session.advance(LAST_REPEAT)
        fields, content_type = fields_of(bed, session, trade)
        reply = send(bed, fields, content_type)
        found = recorded(bed, trade)
    if not reply.acknowledged or (found is not None and found.get("state") != "paid"):
        raise Failed("notify.refused", shown(fields, reply, found))


@check("notify.reply.exact", needs=_NOTIFY, name="paid")
def exact_reply(bed: Testbed) -> None:
    """The reply to a genuine notification is the word ``success`` and nothing else, no blank around it."""
    with bed.gateway() as session:
        reply = send(bed, *fields_of(bed, session, paid(bed, session)))
    if not reply.acknowledged:
        raise Blocked("see.genuine")
    if reply.body not in {b"success", b"SUCCESS"}:
        raise Failed("notify.reply-blanks", {"reply": quoted(reply.body)})
