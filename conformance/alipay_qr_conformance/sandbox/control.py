"""The control API: events from outside the protocol, and evidence.

    POST pay {qrcode, total_fee, currency, out_trade_no?, notify_url?, buyer_id? ...} -> {out_trade_no}
    POST fault {fault, service?, commit?, times?, ...}      the next matching requests meet it
    POST clock {now: "2026-03-09T12:00:00+08:00" | null, still?}   null: real time
    POST notify {kind, out_trade_no, after?, overrides?, url?}     see `notify.faults`
    POST reset
    GET requests?after=N, findings, notifications, trades, evidence

It takes nothing without the token (``Authorization: Bearer``); the server itself lets no page of another
Origin come here (`gateway.http.gatekeeper`). Bodies and answers are JSON; what is not understood is refused
with 400, and nothing of it is kept.
"""

import hmac
import json
import sys
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import wait
from datetime import datetime
from itertools import islice
from typing import Any, Final
from urllib.parse import parse_qs

from alipay_qr.catalogue import NOTIFICATION
from alipay_qr.errors import AlipayQrError, ParameterError
from alipay_qr.ledger import Trade
from alipay_qr_conformance.gateway import Answer, Delivery, HttpRequest, notification_faults
from alipay_qr_conformance.sandbox import fault_names, log_lines
from alipay_qr_conformance.sandbox.request_log import LoggedRequest
from alipay_qr_conformance.sandbox.state import CONTROL_PATH, State

_MAX_BODY: Final = 64 * 1024
_PAY: Final = frozenset({"qrcode", "total_fee", "currency", "out_trade_no", "notify_url"})
_FIELDS: Final = tuple(field.name for field in NOTIFICATION if field.name not in _PAY)
"""What a payment may further say: fields of its notifications."""

_LISTED: Final = 1000
_PATIENCE: Final = 1.0
"""Seconds that a list waits for its diagnoses."""

_MOST_SECONDS: Final = 30 * 86_400
_YEARS: Final = range(1990, 2200)
"""Within them every reckoning with time zones and windows stays within what a date can hold."""

Given = Mapping[str, Any]


class Control:
    """The handler of everything below `CONTROL_PATH`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._posts: Mapping[str, Callable[[Given], object]] = {
            "pay": self._pay,
            "fault": self._fault,
            "clock": self._clock,
            "notify": self._notify,
            "reset": self._reset,
        }
        self._gets: Mapping[str, Callable[[Mapping[str, list[str]]], object]] = {
            "requests": self._requests,
            "findings": self._findings,
            "notifications": lambda _: [_delivery(each) for each in state.engine.outbox.all()[-_LISTED:]],
            "trades": lambda _: [_trade(each) for each in state.engine.trades.all()[-_LISTED:]],
            "evidence": self._evidence,
        }

    def __call__(self, http: HttpRequest) -> Answer:
        """Answer one request of the control API."""
        if refusal := self._refusal(http):
            return _json({"error": refusal}, 403)
        name = http.path.removeprefix(CONTROL_PATH).strip("/")
        table: Mapping[str, Callable[..., object]] = {"GET": self._gets, "POST": self._posts}.get(
            http.request.method, {}
        )
        act = table.get(name)
        if act is None:
            other = name in self._gets or name in self._posts
            return _json(
                {"error": "another method, please" if other else "there is no such thing here"},
                405 if other else 404,
            )
        try:
            if http.request.method == "GET":
                return _json(act(parse_qs(http.request.query.decode("ascii", "replace"))))
            return _json(act(_object(http.request.body)))
        except AlipayQrError as error:
            return _json({"error": str(error), "code": error.code}, 400)
        except UnicodeError:
            return _json({"error": "a text has characters that the trade's charset has not"}, 400)

    def _refusal(self, http: HttpRequest) -> str:
        """Return why a request is not listened to; nothing about the token is told."""
        scheme, _, token = http.header("authorization").partition(" ")
        given = token.encode("latin-1") if scheme.lower() == "bearer" else b""
        if not hmac.compare_digest(given, self._state.token.encode()):
            return "no token, or a wrong one: send Authorization: Bearer TOKEN, which the gateway printed"
        return ""

    # --- what can be done ---------------------------------------------------------------------------

    def _pay(self, given: Given) -> object:
        extra = {name: value for name, value in given.items() if name not in _PAY}
        _known(extra, _FIELDS)
        texts = [value for name, value in given.items() if value is not None]
        if not all(isinstance(each, str) for each in texts):
            raise _wrong('every member is a text; amounts too, as in "12.50"')
        for name in ("total_fee", "currency"):
            if not given.get(name):
                raise _wrong(f"{name} is missing")
        number = self._state.engine.pay(
            given.get("qrcode"),
            given["total_fee"],
            given["currency"],
            self._state.clock(),
            out_trade_no=given.get("out_trade_no"),
            notify_url=given.get("notify_url") or "",
            **extra,
        )
        return {"out_trade_no": number, **_trade(self._state.engine.trades.get(number))}

    def _fault(self, given: Given) -> object:
        fault = fault_names.fault(given)
        self._state.engine.inject(fault)
        return {"fault": given["fault"], "times": fault.times}

    def _clock(self, given: Given) -> object:
        _known(given, ("now", "still"))
        clock = self._state.clock
        now = given.get("now")
        if now is None:
            clock.real()
        else:
            at = _moment(now)
            (clock.stand if given.get("still") is True else clock.run_from)(at)
        return {"now": clock().isoformat()}

    def _notify(self, given: Given) -> object:
        _known(given, ("kind", "out_trade_no", "after", "overrides", "url"))
        after, overrides = given.get("after"), given.get("overrides")
        if not isinstance(after, int | float | None) or isinstance(after, bool):
            raise _wrong("after is a number of seconds")
        if after is not None and not 0 <= after <= _MOST_SECONDS:
            raise _wrong(f"after is a number of seconds from 0 to {_MOST_SECONDS}")
        if not isinstance(overrides, dict | None) or not all(
            isinstance(each, str | None) for each in (overrides or {}).values()
        ):
            raise _wrong("overrides is an object of texts; null takes a field away")
        made = notification_faults.send(
            self._state.engine,
            str(given.get("kind", "genuine")),
            str(given.get("out_trade_no", "")),
            self._state.clock(),
            after=after,
            overrides=overrides,
            url=str(given.get("url") or ""),
        )
        return {"notifications": [each.number for each in made]}

    def _reset(self, given: Given) -> object:
        _known(given, ())
        self._state.reset()
        return {}

    # --- what can be seen ---------------------------------------------------------------------------

    def _requests(self, query: Mapping[str, list[str]]) -> object:
        text = query.get("after", ["0"])[0]
        after = int(text) if text.isdecimal() and len(text) < 12 else 0  # noqa: PLR2004 (a number at all)
        return [self._request(each) for each in _explained(self._state.log.after(after, _LISTED))]

    def _findings(self, _: Mapping[str, list[str]]) -> object:
        broken = (each for each in self._state.log.after(0, sys.maxsize) if each.breaches)
        found = (
            {"request": each.number, **told}
            for each in _explained(list(islice(broken, _LISTED)))
            for told in log_lines.findings(each)
        )
        return list(islice(found, _LISTED))

    def _evidence(self, query: Mapping[str, list[str]]) -> object:
        return {
            "time": self._state.clock().isoformat(),
            "requests": self._requests(query),
            "strays": [
                {"reason": each.reason, "sent": each.sent.decode("latin-1")}
                for each in self._state.server.strays
            ],
            "notifications": self._gets["notifications"](query),
            "trades": self._gets["trades"](query),
        }

    def _request(self, logged: LoggedRequest) -> dict[str, Any]:
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
            "verdict": log_lines.verdict(logged),
            "irregularities": [f"{each.code}: {each.detail}" for each in record.reading.irregularities],
            "findings": log_lines.findings(logged),
            "explained": logged.explained,
            "answer": record.answer.body.decode("latin-1"),
        }


def _explained(requests: list[LoggedRequest]) -> list[LoggedRequest]:
    """Wait a moment for what the doctor makes of them, and no longer."""
    asked = [diagnosis for each in requests if (diagnosis := each.diagnosis()) is not None]
    wait(asked, _PATIENCE)
    return requests


def _trade(trade: Trade) -> dict[str, Any]:
    return {
        "out_trade_no": trade.out_trade_no,
        "trade_no": trade.trade_no,
        "state": trade.state.value,
        "currency": trade.currency,
        "total": str(trade.total),
        "refunded": str(trade.refunded),
        "remaining": str(trade.remaining),
        "paid_at": trade.paid_at.isoformat() if trade.paid_at else None,
        "refunds": [
            {"partner_refund_id": each.partner_refund_id, "amount": str(each.amount), "done": each.done}
            for each in trade.refunds
        ],
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "number": delivery.number,
        "out_trade_no": delivery.out_trade_no,
        "event": delivery.event,
        "url": delivery.url,
        "body": delivery.body.decode("latin-1"),
        "state": delivery.state,
        "due": delivery.due,
        "attempts": [
            {
                "at": each.at,
                "late": each.late,
                "seconds": each.seconds,
                "status": each.status,
                "reply": each.reply.decode("latin-1"),
                "error": each.error,
            }
            for each in delivery.attempts
        ],
    }


def _object(body: bytes) -> dict[str, Any]:
    """Read a JSON object; no body is an empty one."""
    if len(body) > _MAX_BODY:
        raise _wrong(f"the body is longer than {_MAX_BODY} bytes")
    try:
        given = json.loads(body or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _wrong("the body is no JSON") from None
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise _wrong("a text has half of a surrogate pair: it is no Unicode") from None
    if not isinstance(given, dict):
        raise _wrong("the body is no JSON object")
    return given


def _moment(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _wrong('now is a moment with its zone, as in "2026-03-09T12:00:00+08:00"')
    if at.year not in _YEARS:
        raise _wrong(f"now is in a year from {_YEARS[0]} to {_YEARS[-1]}")
    return at


def _known(given: Given, names: Collection[str]) -> None:
    """Refuse members that mean nothing here: a misspelt one must not be passed over."""
    for name in given:
        if name not in names:
            raise _wrong(f"there is no member {name[:40]!r} here; there are {', '.join(names) or 'none'}")


def _no_number(name: str) -> object:
    raise ValueError(name)


def _wrong(text: str) -> ParameterError:
    return ParameterError(text, code="control.input", hint="see docs/gateway.md")


def _json(value: object, status: int = 200) -> Answer:
    if isinstance(value, list):  # piece by piece: one long call would let no other thread run
        body = "[" + ",\n".join(json.dumps(each) for each in value) + "]"
    else:
        body = json.dumps(value)
    return Answer(body.encode("ascii"), status, "application/json")
