"""The shop's side of Alipay's Merchant QR Code: create a code, receive payments, cancel, refund.

Every operation answers a dict with ``outcome`` (success, accepted, failed or unknown) and raises Refused
where the shop itself declines, before anything is sent.
"""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote_to_bytes

from gateway import prepare, send
from ledger import (
    Ledger,
    News,
    Refund,
    decimals_of,
    format_amount,
    format_beijing,
    parse_amount,
    parse_beijing,
    read_amount,
)
from signing import Refused, decode, verify

# Members of biz_data: longest length, and pattern where there is one.
BIZ_DATA = {
    "secondary_merchant_industry": (4, "[0-9]{4}"),
    "secondary_merchant_id": (64, "[A-Za-z0-9_]+"),
    "secondary_merchant_name": (64, None),
    "store_id": (32, "[A-Za-z0-9_-]+"),
    "store_name": (2000, None),
    "trans_currency": (3, None),
    "currency": (3, None),
    "country_code": (2, "[A-Z]{2}"),
    "notify_mobile": (32, "[0-9]+"),
}
COMPULSORY = tuple(BIZ_DATA)[:7]
TAXI = "4121"
# refund_amount is a Number(9,2): seven digits before the point.
REFUND_AMOUNT = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
# A repeated refund may fail so because its first attempt was carried out after all.
MAYBE_BY_ITSELF = {"TRADE_HAS_CLOSE", "RETURN_AMOUNT_EXCEED"}
STATUSES = {"WAIT_BUYER_PAY", "TRADE_PENDING", "TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"}
ACTED_UPON = (
    "notify_(?:id|type|action_type)|out_(?:trade|biz)_no|trade_(?:no|status)|total_fee|trans_currency"
    "|gmt_payment|refund_(?:fee|status)|seller_id|qrcode"
)

log = logging.getLogger(__name__)


class Merchant:
    def __init__(self, account, ledger=None, clock=lambda: datetime.now(UTC)):
        self._account = account
        self._ledger = ledger or Ledger()
        self._clock = clock

    # --- CREATE ---------------------------------------------------------------------------------------

    def create_qr_code(self, biz_data, notify_url, gateway_url=None):
        _check_biz_data(biz_data)
        fields = {
            "timestamp": format_beijing(self._clock()),
            "notify_url": _address(notify_url),
            "biz_type": "OVERSEASHOPQRCODE",
            # Encoded once: the same text is signed and sent.
            "biz_data": _compulsory("biz_data", json.dumps(biz_data, ensure_ascii=False, separators=(",", ":")), 2000),
        }
        reply = send(self._account, *prepare(self._account, "alipay.commerce.qrcode.create", fields, gateway_url))
        reply = reply.unless_about(reply.fields.get("qrcode"))
        return _result(reply, "qrcode", "qrcode_img_url")

    # --- CANCEL ---------------------------------------------------------------------------------------

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None):
        now = self._clock()
        self._ledger.may_cancel(out_trade_no, trade_no, now)
        fields = {
            "timestamp": str((now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)),
            "out_trade_no": _compulsory("out_trade_no", out_trade_no, 64),
            "trade_no": _optional("trade_no", trade_no, 64),
        }
        request = prepare(self._account, "alipay.acquire.cancel", fields, gateway_url)

        known = self._ledger.find(out_trade_no)
        is_repeat = known is not None and known.undecided
        trade = self._ledger.cancel_sent(out_trade_no)
        reply = send(self._account, *request)
        reply = reply.unless_about(
            reply.fields.get("out_trade_no") == out_trade_no
            and _same_if_given(reply.fields.get("trade_no"), trade_no or trade.trade_no)
        )
        if reply.outcome == "success":
            self._ledger.cancel_done(trade)
            return _result(reply, "action") | {"via": "cancel"}
        if reply.outcome == "failed" and (reply.signed or not is_repeat):
            trade.undecided = False
        return _result(reply)

    # --- REFUND ---------------------------------------------------------------------------------------

    def refund(
        self,
        partner_trans_id,
        partner_refund_id,
        refund_amount,
        currency,
        refund_reason=None,
        is_sync=None,
        alipay_trans_id=None,
        notify_url=None,
        gateway_url=None,
    ):
        _compulsory("partner_trans_id", partner_trans_id, 64)
        _compulsory("partner_refund_id", partner_refund_id, 64)
        amount = parse_amount(_compulsory("refund_amount", refund_amount, 10), _compulsory("currency", currency, 10))
        if partner_refund_id == partner_trans_id:
            raise Refused("partner_refund_id must differ from partner_trans_id")
        if not amount or not REFUND_AMOUNT.fullmatch(refund_amount):
            raise Refused("refund_amount is zero or too large")
        if is_sync not in (None, "Y", "N"):
            raise Refused("is_sync is Y or N")
        if notify_url is None and is_sync != "Y":
            notify_url = self._account.notify_url  # Alipay reports an asynchronous refund there
        fields = {
            "partner_trans_id": partner_trans_id,
            "alipay_trans_id": _optional("alipay_trans_id", alipay_trans_id, 64),
            "partner_refund_id": partner_refund_id,
            "refund_amount": format_amount(amount, currency),
            "currency": currency,
            "refund_reason": _optional("refund_reason", refund_reason, 128),
            "is_sync": is_sync,
            "notify_url": _address(notify_url) if notify_url else None,
        }
        request = prepare(self._account, "alipay.acquire.overseas.spot.refund", fields, gateway_url)

        known = self._ledger.find_refund(partner_refund_id)
        refund = known or Refund(partner_refund_id, partner_trans_id, amount, currency)
        if (refund.out_trade_no, refund.amount, refund.currency) != (partner_trans_id, amount, currency):
            raise Refused("this partner_refund_id names another refund")
        if refund.state == "done":
            return {"outcome": "success"}  # once is enough
        if refund.state == "accepted":
            return {"outcome": "accepted"}
        is_repeat = known is not None and known.pending
        if not is_repeat:
            self._ledger.may_refund(refund, alipay_trans_id, self._clock())
        self._ledger.refund_sent(refund)
        reply = send(self._account, *request)
        reply = reply.unless_about(_confirms(reply.fields, refund))
        if reply.outcome == "success" and is_sync != "Y":
            refund.state = "accepted"  # no money has moved yet: a notification will say so
            return {"outcome": "accepted"}
        if reply.outcome == "success":
            self._ledger.refund_done(refund)
        elif reply.outcome == "failed" and (not is_repeat or _settles(reply)):
            refund.state = "failed"
        return _result(reply)

    # --- notifications --------------------------------------------------------------------------------

    def expect(self, out_trade_no, qrcode, total_fee, currency):
        self._ledger.expect(out_trade_no, qrcode, parse_amount(total_fee, currency), currency)

    def notify(self, method, body):
        """Receive a notification: return the text to answer, and answer nothing else.

        Give it the raw bytes of the body, not a framework's form (which decodes UTF-8 and forgives repeated
        names), and nothing from the query of the notify URL.
        """
        try:
            if method != "POST":
                raise Refused("a notification is a POST")
            pairs = _parse_form(body, self._account.charset)
            if not verify(self._account, pairs, self._account.charset):
                raise Refused("the signature does not hold")
            self._ledger.book(self._read_news({name: value for name, value in pairs if value}))
        except Refused as refused:
            log.warning("notification not accepted: %s", refused)
            return "fail"
        return "success"

    def _read_news(self, values):
        """``values`` are signed, and each name stood there once."""
        _check_boundaries(values)
        if values.get("notify_type") != "trade_status_sync" or "notify_id" not in values:
            raise Refused("notify_type or notify_id is not what it should be")
        if values.get("seller_id", self._account.partner) != self._account.partner:
            raise Refused("this payment is for another seller")
        out_trade_no = _compulsory("out_trade_no", values.get("out_trade_no"), 64)
        status = values.get("trade_status")
        is_refund = values.get("notify_action_type") == "refundFPAction"
        if status not in STATUSES and not (is_refund and status is None):
            raise Refused("trade_status is unknown")
        if is_refund and values.get("refund_status", "REFUND_SUCCESS") != "REFUND_SUCCESS":
            raise Refused("the refund has not succeeded")
        known = self._ledger.find(out_trade_no)
        currency = values.get("trans_currency") or (known and known.currency)
        total = _positive(values.get("total_fee"), currency)
        if total is None and not is_refund and status in ("TRADE_SUCCESS", "TRADE_FINISHED"):
            raise Refused("total_fee is missing")
        paid_at = values.get("gmt_payment")
        return News(
            out_trade_no=out_trade_no,
            trade_no=_optional("trade_no", values.get("trade_no"), 64),
            status=status,
            total=total,
            currency=currency,
            paid_at=paid_at and parse_beijing(paid_at),
            qrcode=values.get("qrcode"),
            is_refund=is_refund,
            refund_id=_optional("out_biz_no", values.get("out_biz_no"), 64) if is_refund else None,
            refund_fee=_positive(values.get("refund_fee"), currency) if is_refund else None,
        )

    # --- looking --------------------------------------------------------------------------------------

    def trade(self, out_trade_no):
        result = {"state": self._ledger.state(out_trade_no)}
        trade = self._ledger.find(out_trade_no)
        if trade is None or trade.currency is None:
            return result
        if trade.was_paid:
            result["paid"] = format_amount(trade.total, trade.currency)
        return result | {
            "currency": trade.currency,
            "refunded": format_amount(self._ledger.refunded(out_trade_no), trade.currency),
            "pending": format_amount(self._ledger.pending(out_trade_no), trade.currency),
            "fulfilled": str(trade.fulfilled),
        }


# --- checks before sending ----------------------------------------------------------------------------


def _check_biz_data(biz_data):
    is_taxi = biz_data.get("secondary_merchant_industry") == TAXI
    for name in COMPULSORY:
        if not biz_data.get(name) and not (is_taxi and name.startswith("store_")):
            raise Refused(f"biz_data.{name} is missing")
    for name, (longest, pattern) in BIZ_DATA.items():
        value = biz_data.get(name)
        if value is None:
            continue
        _compulsory(f"biz_data.{name}", value, longest)
        if pattern and not re.fullmatch(pattern, value):
            raise Refused(f"biz_data.{name} holds a character that is not allowed there")
    pricing, settlement = biz_data["trans_currency"], biz_data["currency"]
    decimals_of(pricing)
    decimals_of(settlement)
    if pricing != "CNY" and settlement not in ("CNY", pricing):
        raise Refused("settlement is in CNY or in the pricing currency")
    if biz_data.get("channel_fee") is not None:
        _check_channel_fee(biz_data["channel_fee"], settlement)
    passback = biz_data.get("passback_parameters")
    if isinstance(passback, dict) and any(isinstance(value, dict | list) for value in passback.values()):
        raise Refused("biz_data.passback_parameters must be flat")


def _check_channel_fee(fee, currency):
    kind, value = (fee.get("type"), fee.get("value")) if isinstance(fee, dict) else (None, None)
    if kind not in ("FIXED", "RATE") or not isinstance(value, str):
        raise Refused("biz_data.channel_fee needs a type, FIXED or RATE, and a value")
    if kind == "FIXED":
        parse_amount(value, currency)
    elif not re.fullmatch(r"0(\.(0[0-4][0-9]*|050*|00?))?", value):
        raise Refused("biz_data.channel_fee: a RATE lies between 0 and 0.05")


def _compulsory(name, value, longest):
    if not isinstance(value, str) or not value:
        raise Refused(f"{name} is missing")
    if len(value) > longest:
        raise Refused(f"{name} is longer than {longest} characters")
    return value


def _optional(name, value, longest):
    return _compulsory(name, value, longest) if value else None


def _address(url):
    if not re.fullmatch(r"https?://[^\s/?#]\S*", _compulsory("notify_url", url, 200)):
        raise Refused("notify_url is not an address")
    return url


# --- reading what came --------------------------------------------------------------------------------


def _parse_form(body, charset):
    if re.search(rb"%(?![0-9A-Fa-f]{2})", body):
        raise Refused("a percent sign encodes nothing")
    pairs = []
    for part in body.split(b"&"):
        if part:
            name, _, value = part.replace(b"+", b" ").partition(b"=")
            pairs.append((decode(unquote_to_bytes(name), charset), decode(unquote_to_bytes(value), charset)))
    return pairs


def _check_boundaries(values):
    """The signed text is "a=1&b=2": whoever forwards it may move the border between two parameters.

    The signature still holds, and a seller_id can so be hidden in the value before it. A value that holds one
    of the names we act upon is therefore not believed.
    """
    if any(re.search(f"&(?:{ACTED_UPON})=", value) for value in values.values()):
        raise Refused("a value holds another parameter")


def _positive(text, currency):
    if text is None:
        return None
    amount = read_amount(text, currency)
    if not amount:
        raise Refused("an amount is zero")
    return amount


def _confirms(fields, refund):
    amount = fields.get("refund_amount")
    try:
        return (
            fields.get("partner_refund_id") == refund.id
            and _same_if_given(fields.get("partner_trans_id"), refund.out_trade_no)
            and _same_if_given(fields.get("currency"), refund.currency)
            and (not amount or read_amount(amount, refund.currency) == refund.amount)
        )
    except Refused:
        return False


def _settles(failure):
    """Does the failure of a repeat say what became of the first attempt?"""
    return failure.signed and failure.code not in MAYBE_BY_ITSELF


def _same_if_given(theirs, ours):
    return not theirs or not ours or theirs == ours


def _result(reply, *names):
    result = {"outcome": reply.outcome}
    if reply.outcome == "success":
        result |= {name: reply.fields[name] for name in names if reply.fields.get(name)}
    return result | ({"code": reply.code} if reply.code else {})
