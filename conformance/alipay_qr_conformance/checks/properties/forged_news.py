"""A forged notification about a trade, made of the coordinates of a row.

A row has the values of `alipay_qr_conformance.checks.properties.forgery_space`: the forgery and the edited
field, further fields, a header, and perhaps ``news`` of something else than a payment.
"""

from collections.abc import Mapping
from typing import Any, Final

from alipay_qr.presign import presign
from alipay_qr.wire import encode_notification
from alipay_qr_conformance.checks.properties import forgery_space as space
from alipay_qr_conformance.checks.properties.covering import Row
from alipay_qr_conformance.checks.properties.trade_states import Target, part
from alipay_qr_conformance.model.outcomes import Unsupported
from alipay_qr_conformance.model.texts import message, sample
from alipay_qr_conformance.rules.forgeries import Pairs, Tools, applicable, forge, replace, without
from alipay_qr_conformance.testbed.booking import UNPAID
from alipay_qr_conformance.testbed.notifications import recorded
from alipay_qr_conformance.testbed.testbed import Testbed

NEWS: Final = {"closing": "notify.reject.closing", "refund": "notify.reject.refund"}
"""By kind of news, other than of a payment: the requirement of its forgeries."""

_BOOKED: Final = ("state", "paid", "currency", "refunded", "pending", "fulfilled")
_FORGED: Final[Mapping[str, str]] = {
    "buyer_id": "2088102000000666",
    "subject": "two cups of tea",
    "notify_time": "2026-03-09 10:00:07",
    "trade_no": "2026030900001000666",
    "buyer_email": "nobody@example.com",
    "gmt_payment": "2026-03-09 09:59:58",
    "total_fee": "0.00",
}
"""By field: what a forger writes into it."""
_NO_TEXT: Final = b"&x_note=%FF%80%FF"
"""A field that is no text in any charset of the protocol."""


def books_of(bed: Testbed, trade: str) -> dict[str, object] | None:
    """Return what is recorded of a trade, as far as forged news could change it; None without ``trade``."""
    found = recorded(bed, trade)
    return None if found is None else {name: found.get(name) for name in _BOOKED}


def is_unchanged(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> bool:
    """Say whether forged news changed nothing: goods that were paid for may leave meanwhile, once."""
    if before is None or after is None or before == after:
        return before == after
    leaves = (str(before.get("fulfilled") or "0"), str(after.get("fulfilled"))) == ("0", "1")
    rest = {**before, "fulfilled": ""} == {**after, "fulfilled": ""}
    return before.get("state") not in UNPAID and leaves and rest


def charset_of(bed: Testbed, row: Row) -> str:
    """Return the charset of a row's message."""
    return row["header"] if row["header"] in {"GBK", "GB2312"} else bed.setup.charset


def message_about(bed: Testbed, target: Target, row: Row) -> tuple[Pairs, bytes, str] | None:
    """Return a forgery's fields, body and header; None where it makes no sense with these coordinates."""
    charset = charset_of(bed, row)
    genuine = _signed(bed, _fields(bed, target, row), charset)
    names = dict(genuine)
    edit = row["edit"] if row["edit"] in names else "gmt_payment"
    tools = Tools(bed.keys, bed.setup.sign_type, charset, (edit, _FORGED[edit]))
    fields = forge(row["forgery"], genuine, tools)
    if fields is None or fields == genuine or len(dict(fields)) != len(fields):
        return None
    header = space.HEADERS[row["header"]].format(charset)
    body = encode_notification(fields, charset)
    return fields, body + (_NO_TEXT if row["fields"] == space.NO_TEXT else b""), header


def requirement_of(bed: Testbed, row: Row) -> str:
    """Return the requirement that forbids to believe a row's message."""
    if "news" in row:
        return NEWS[row["news"]]
    return f"notify.reject.{dict(applicable(bed.setup.sign_type))[row['forgery']]}"


def _fields(bed: Testbed, target: Target, row: Row) -> Pairs:
    """Return the fields of a message about the trade that says it is paid, or brings the row's news."""
    fields: Pairs = target.session.engine.notifications.unsigned(target.trade, target.session.now)
    changes: dict[str, Any] = {
        "notify_id": bed.fresh("f"),
        "trade_status": "TRADE_SUCCESS",
        "notify_action_type": "payByAccountAction",
    }
    if row.get("news") == "closing":
        changes |= {"trade_status": "TRADE_CLOSED", "notify_action_type": "closeTradeAction"}
    elif row.get("news") == "refund":
        parts = 2 if row["state"] in {"refund-pending", "refund-unknown"} else 4
        changes |= {
            "notify_action_type": "refundFPAction",
            "out_biz_no": target.refund_id,
            "refund_fee": part(row, parts),
            "refund_status": "REFUND_SUCCESS",
        }
    changes |= space.more_fields(row["fields"], bed.keys.partner, sample("goods"))
    if kept := changes.pop("", None):
        given = {**dict(fields), **changes}
        return [(name, given[name]) for name in kept if name in given]
    paid_at = dict(fields).get("gmt_payment")
    fields = [
        *without(fields, *changes),
        *((name, each) for name, each in changes.items() if each is not None),
    ]
    return fields if paid_at else replace(fields, "gmt_payment", _FORGED["gmt_payment"])


def _signed(bed: Testbed, fields: Pairs, charset: str) -> Pairs:
    signer = bed.keys.gateway_signer(bed.setup.sign_type)
    if signer is None:
        raise Unsupported(message("needs.keys", sign_type=bed.setup.sign_type))
    sign = signer.sign(presign(fields, charset))
    return [*fields, ("sign_type", signer.sign_type), ("sign", sign)]
