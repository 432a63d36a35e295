"""Receiving notifications: bytes -> verified `News` -> a step of the record.

The order matters (``seed.md, Pay Flow``: "verify the signature and validate the information"):

1. bytes to parameters, in the charset of the message; a name that stands twice is refused, because two
   readers could believe different values;
2. the signature, with *our* sign type: the message's ``sign_type`` is compared, never obeyed;
3. the parameters: compulsory ones present, forms right, and no value that has swallowed its neighbours.
   The pre-sign string has no escapes, so ``a=1`` ``b=2`` and ``a=1&b=2`` carry the same signature;
4. the payee is us, the amount and the currency are those on record;
5. only then the news is booked, atomically.

Only the body counts. What stands behind ``?`` of the notify URL is ours or the framework's, never signed.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from alipay_qr.account import Account
from alipay_qr.beijing import parse_timestamp
from alipay_qr.catalogue import NOTIFICATION, notification_problems
from alipay_qr.errors import Unencodable, Unverified, WireError
from alipay_qr.merchant.trade import (
    TradeRecord,
    announce,
    book_closed,
    book_payment,
    book_refund,
)
from alipay_qr.money import parse_amount
from alipay_qr.signing import verify_params
from alipay_qr.wire import notification_charset, read_notification

DEFAULT_CURRENCY: Final = "CNY"
"""Of a notification without ``trans_currency`` about a trade nobody announced (inferred: domestic ones)."""

_PAID: Final = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})
_STATUSES: Final = _PAID | {"WAIT_BUYER_PAY", "TRADE_PENDING", "TRADE_CLOSED"}
_REFUND_ACTION: Final = "refundFPAction"
_REFUND_DONE: Final = ("", "REFUND_SUCCESS")
_SWALLOWED: Final = re.compile("&(?:" + "|".join(re.escape(field.name) for field in NOTIFICATION) + ")=")


@dataclass(frozen=True, slots=True)
class News:
    """The content of a genuine notification.

    Attributes:
        status: ``trade_status``.
        total: ``total_fee`` in ``currency``; None where the notification names none.
        paid_at: ``gmt_payment``; it alone fixes the transaction day.
        refund_id: ``out_biz_no`` of a finished refund, or an empty text.
        refund_amount: ``refund_fee`` of it, in ``currency``.
    """

    out_trade_no: str
    status: str
    trade_no: str
    currency: str
    total: Decimal | None
    paid_at: datetime | None
    refund_id: str
    refund_amount: Decimal | None


def verified(body: bytes, content_type: str, account: Account) -> dict[str, str]:
    """Return the parameters of a notification whose signature holds.

    Raises:
        WireError: the body is no notification.
        Unverified: it is not signed by Alipay with the account's sign type, or a name stands twice.
    """
    pairs = read_notification(body, content_type, account.charset)
    charset = notification_charset(content_type, account.charset)
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise Unverified(f"{twice[0][:40]!a} stands twice", code="notification.duplicate")
    try:
        genuine = verify_params(pairs, account.verifier, charset)
    except Unencodable:  # pragma: no cover - what was decoded from a charset can be encoded in it
        genuine = False
    if not genuine:
        raise Unverified(
            f"the notification is not signed by Alipay with {account.sign_type}",
            code="notification.sign",
            hint="check, in this order: the key, the parameters that were verified, the charset",
        )
    return dict(pairs)


def read_news(params: Mapping[str, str], account: Account, record: TradeRecord | None = None) -> News:
    """Read verified parameters; ``record`` helps where they name no currency.

    Raises:
        WireError: a parameter is absent, illegal, or meant for another merchant.
    """
    _check(params, account)
    known = "" if record is None else record.currency
    currency = params.get("trans_currency") or known or DEFAULT_CURRENCY
    refund = params.get("notify_action_type") == _REFUND_ACTION or (
        not params.get("notify_action_type") and bool(params.get("refund_status"))
    )
    done = refund and params.get("refund_status", "") in _REFUND_DONE
    paid_at = params.get("gmt_payment")
    return News(
        out_trade_no=out_trade_no(params),
        status=params["trade_status"],
        trade_no=params.get("trade_no", ""),
        currency=currency,
        total=_amount(params, "total_fee", currency),
        paid_at=parse_timestamp(paid_at) if paid_at else None,
        refund_id=params.get("out_biz_no", "") if done else "",
        refund_amount=_amount(params, "refund_fee", currency) if done else None,
    )


def out_trade_no(params: Mapping[str, str]) -> str:
    """Return the number of the trade that verified parameters are about.

    Raises:
        WireError: they name none.
    """
    number = params.get("out_trade_no")
    if not number:
        raise _illegal("out_trade_no is absent")
    return number


def book(record: TradeRecord, news: News, at: datetime) -> TradeRecord:
    """Return the record after the news; repeated or late news change nothing.

    Args:
        record: what is on record about this trade.
        news: verified.
        at: the moment of receipt.

    Raises:
        RuleError: amount, currency or numbers differ from those on record.
        WireError: the news lacks what this record needs to be booked.
    """
    if news.total is not None:
        record = announce(record, currency=news.currency, total=news.total, trade_no=news.trade_no)
    elif record.trade is None:
        raise _illegal("total_fee is absent, and nothing is known about this trade")
    if news.status in _PAID and news.paid_at is None:
        raise _illegal("gmt_payment is absent: nobody knows the day of the payment")
    if news.refund_id:
        if news.paid_at is not None:
            record = book_payment(record, news.paid_at, release=False)
        return book_refund(record, news.refund_id, news.refund_amount, at)
    if news.status in _PAID and news.paid_at is not None:
        return book_payment(record, news.paid_at)
    if news.status == "TRADE_CLOSED":
        return book_closed(record, at)
    return record


def _check(params: Mapping[str, str], account: Account) -> None:
    for name, value in params.items():
        if _SWALLOWED.search(value):
            raise _illegal(f"{name[:40]} holds another parameter: the boundaries were moved")
    if problems := notification_problems(params):
        raise _illegal("; ".join(f"{problem.field} {problem.text}" for problem in problems[:3]))
    for name in ("notify_id", "trade_status"):
        if not params.get(name):
            raise _illegal(f"{name} is absent")
    if params["trade_status"] not in _STATUSES:
        raise _illegal("trade_status is none of the protocol's")
    if params.get("seller_id", account.partner) != account.partner:
        raise _illegal("seller_id is not our partner id: the payment is somebody else's")


def _amount(params: Mapping[str, str], name: str, currency: str) -> Decimal | None:
    text = params.get(name)
    return parse_amount(text, currency) if text else None


def _illegal(text: str) -> WireError:
    return WireError(text, code="notification.illegal", hint="reply fail, and look at who sent this")
