"""What the sandbox shows, as plain data: for the control API, its stream of events and the exports."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar

from alipay_qr.beijing import BEIJING
from alipay_qr.ledger import Trade, cancel_deadline, refund_deadline
from alipay_qr.presign import presign_text
from alipay_qr_conformance.gateway import Code, Delivery, Fault
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.report.differences import compare
from alipay_qr_conformance.report.exchange import curl
from alipay_qr_conformance.sandbox import log_lines, stories
from alipay_qr_conformance.sandbox.clock import Clock
from alipay_qr_conformance.sandbox.request_log import LoggedRequest, keyword
from alipay_qr_conformance.sandbox.state import CANCEL_WINDOWS, State

_Item = TypeVar("_Item")
_LONGEST: Final = 20_000


def clock(of: Clock) -> dict[str, Any]:
    """Return the gateway's time: ``now``, the same in Beijing, whether it stands, whether it is real."""
    now = of()
    return {
        "now": now.isoformat(),
        "beijing": now.astimezone(BEIJING).isoformat(timespec="seconds"),
        "still": of.still is not None,
        "real": of.is_real,
    }


def code(state: State, made: Code) -> dict[str, Any]:
    """Return a code, with the link of its wallet page."""
    name = made.qrcode.rpartition("/")[2]
    return {
        "qrcode": made.qrcode,
        "code": name,
        "image_url": made.image_url,
        "status": made.status,
        "store_name": _text(made.data.get("store_name")),
        "store_id": made.shop.counter,
        "currency": _text(made.data.get("currency")),
        "trans_currency": _text(made.data.get("trans_currency") or made.data.get("currency")),
        "notify_url": made.notify_url,
        "pay_url": state.pay_url(made.qrcode),
    }


def fault(waiting: Fault) -> dict[str, Any]:
    """Return a fault that waits for its request."""
    return {
        "name": waiting.name,
        "service": waiting.service,
        "times": waiting.times,
        "commit": waiting.commit,
    }


# --- requests -------------------------------------------------------------------------------------------


def request_row(logged: LoggedRequest) -> dict[str, Any]:
    """Return what stands in one line of a list; ``findings`` is None until they are known."""
    record = logged.record
    word, said = log_lines.outcome(logged)
    params = record.params
    row: dict[str, Any] = {
        "number": logged.number,
        "at": record.at.isoformat(timespec="milliseconds"),
        "method": record.request.method[:20],
        "service": record.service[:80],
        "trade": (params.get("out_trade_no") or params.get("partner_trans_id") or "")[:80],
        "outcome": word,
        "code": said[:80],
        "fault": record.fault,
        "verified": record.verified,
        "findings": None,
        "explained": False,
    }
    if logged.judged:
        row["findings"] = [[keyword(each), each.requirement] for each in logged.breaches]
        row["explained"] = logged.explained
        if found := logged.mistake:
            row["mistake"] = found.mistake._asdict()
    return row


def request(logged: LoggedRequest, lang: str = "en") -> dict[str, Any]:
    """Return a request in full."""
    record = logged.record
    return {
        "number": logged.number,
        "at": record.at.isoformat(),
        "method": record.request.method,
        "target": record.request.target.decode("latin-1"),
        "content_type": record.request.content_type,
        "body": record.request.body.decode("latin-1"),
        "service": record.service,
        "params": record.params,
        "verified": record.verified,
        "code": record.code,
        "verdict": log_lines.verdict(logged, lang),
        "irregularities": [f"{each.code}: {each.detail}" for each in record.reading.irregularities],
        "findings": log_lines.findings(logged, lang),
        "explained": logged.explained,
        "answer": record.answer.body.decode("latin-1"),
    }


def request_in_full(state: State, logged: LoggedRequest, lang: str = "en") -> dict[str, Any]:
    """Return a request with both pre-sign strings, where they part, and a command that sends it again."""
    told = request(logged, lang)
    record = logged.record
    found = logged.mistake
    expected = presign_text(dict(record.reading.params))[:_LONGEST]
    told["presign"] = expected
    if found is not None and found.signed is not None:
        sides = compare(expected, found.signed[:_LONGEST])
        told["difference"] = [[[piece.text, piece.same] for piece in side] for side in sides]
    told["answer_status"] = record.answer.status
    told["answer_type"] = record.answer.content_type
    told["curl"] = curl(record.request).replace('"$GATEWAY_URL"', state.gateway_url)
    return told


# --- trades and notifications ---------------------------------------------------------------------------


def trade(of: Trade) -> dict[str, Any]:
    """Return a trade."""
    return {
        "out_trade_no": of.out_trade_no,
        "trade_no": of.trade_no,
        "state": of.state.value,
        "currency": of.currency,
        "total": str(of.total),
        "refunded": str(of.refunded),
        "pending": str(of.pending),
        "remaining": str(of.remaining),
        "paid_at": _moment(of.paid_at),
        "ended_at": _moment(of.ended_at),
        "refunds": [
            {
                "partner_refund_id": each.partner_refund_id,
                "amount": str(each.amount),
                "done": each.done,
                "at": each.requested_at.isoformat(),
            }
            for each in of.refunds
        ],
    }


def trade_row(state: State, of: Trade) -> dict[str, Any]:
    """Return a trade with the ends of its windows; each is the first moment that is too late."""
    terms = CANCEL_WINDOWS[state.settings.cancel_window]
    told = trade(of)
    if of.paid_at is not None:
        told["cancel_until"] = cancel_deadline(of.paid_at, terms).isoformat()
        told["refund_until"] = refund_deadline(of.paid_at, terms).isoformat()
    payment = state.engine.trades.payment(of.out_trade_no)
    told["qrcode"] = payment.qrcode if payment else None
    return told


def trade_in_full(state: State, of: Trade, lang: str = "en") -> dict[str, Any]:
    """Return a trade with its history: what was asked and what was sent, in the order it happened."""
    number = of.out_trade_no
    told = trade_row(state, of)
    told["requests"] = [
        request_row(each)
        for each in state.log.after(0, len(state.log.entries))
        if number in {each.record.params.get("out_trade_no"), each.record.params.get("partner_trans_id")}
    ]
    told["notifications"] = [
        delivery(each, lang) for each in state.engine.outbox.all() if each.out_trade_no == number
    ]
    return told


def delivery(of: Delivery, lang: str = "en") -> dict[str, Any]:
    """Return a notification with its attempts, and what the latest reply proves."""
    return {
        "number": of.number,
        "out_trade_no": of.out_trade_no,
        "event": of.event,
        "url": of.url,
        "body": of.body.decode("latin-1"),
        "content_type": of.content_type,
        "state": of.state,
        "due": of.due,
        "way": of.way,
        "judgement": judgement(of, lang),
        "attempts": [
            {
                "at": each.at,
                "late": each.late,
                "seconds": each.seconds,
                "status": each.status,
                "reply": each.reply.decode("latin-1"),
                "error": each.error,
            }
            for each in of.attempts
        ],
    }


def delivery_row(of: Delivery) -> dict[str, Any]:
    """Return what stands in one line of a list."""
    told = delivery(of)
    del told["body"], told["content_type"]
    told["judgement"] = {**told["judgement"], "detail": judgement_texts(of)}
    told["attempts"] = [{**each, "reply": each["reply"][:200]} for each in told["attempts"][-1:]]
    told["tried"] = len(of.attempts)
    return told


def judgement(of: Delivery, lang: str = "en") -> dict[str, Any]:
    """Return what the reply to a notification proves, for people: verdict, requirement, detail, remedy."""
    told = stories.judge(of)
    if told["verdict"] != "wrong":
        return told
    row = register().get(told["requirement"])
    told["detail"] = told["detail"].in_language(lang)
    if row is not None:
        told |= {
            "keyword": row.keyword,
            "why": row.why.in_language(lang),
            "remedy": row.mend.in_language(lang),
        }
    return told


def judgement_texts(of: Delivery) -> Mapping[str, str]:
    """Return the same detail in both languages; empty where nothing is wrong."""
    told = stories.judge(of).get("detail")
    return told._asdict() if told is not None else {}


def delivery_findings(state: State, lang: str = "en") -> list[dict[str, Any]]:
    """Return the notifications whose reply was wrong, as findings."""
    return [
        {"notification": each.number, "event": each.event, **told, "evidence": {"reply": reply(each)}}
        for each in state.engine.outbox.all()
        if (told := judgement(each, lang))["verdict"] == "wrong"
    ]


def page(items: list[_Item], after: int | None, limit: int) -> list[_Item]:
    """Return the latest items, or those behind the first ``after``."""
    return items[-limit:] if after is None else list(islice(items, after, after + limit))


def reply(of: Delivery) -> str:
    """Return status and body of the latest reply as a text."""
    attempt = of.attempts[-1]
    return f"{attempt.status} {attempt.reply.decode('utf-8', 'backslashreplace')}"


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
