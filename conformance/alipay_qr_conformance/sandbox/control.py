"""The control API: events from outside the protocol, and evidence.

    POST pay {qrcode, total_fee, currency, out_trade_no?, notify_url?, buyer_id? ...} -> {out_trade_no}
    POST fault {fault, service?, commit?, times?, ...}      the next matching requests meet it; {clear: true}
    POST clock {now | advance: "1d" | to: "midnight" | "before-midnight", still?}      null: real time
    POST notify {kind, out_trade_no?, after?, overrides?, url?, wait?}      see `stories`
    POST reset
    GET codes, requests, findings, notifications, trades, faults  ?after=N&limit=N&lang=zh
    GET codes/CODE, requests/N, notifications/N, trades/NO       one of them in full
    GET clock, stories, evidence
    GET events ?after=N&run=R      a stream, see `events`
    GET export?as=json|har|html|report      see `exports`

It takes nothing without the token (``Authorization: Bearer``); a code's own secret lets that code be seen and
paid. The server itself lets no page of another Origin come here (`gateway.http.gatekeeper`). Bodies and
answers are JSON; what is not understood is refused with 400, and nothing of it is kept.
"""

import hmac
import json
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import wait
from itertools import islice
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, unquote

from alipay_qr.errors import AlipayQrError
from alipay_qr_conformance.gateway import Answer, HttpRequest, Stream
from alipay_qr_conformance.sandbox import log_lines, views
from alipay_qr_conformance.sandbox.acts import Acts, find_code, read_object
from alipay_qr_conformance.sandbox.events import PAUSE, Events
from alipay_qr_conformance.sandbox.exports import export
from alipay_qr_conformance.sandbox.request_log import LoggedRequest
from alipay_qr_conformance.sandbox.state import CONTROL_PATH, State
from alipay_qr_conformance.sandbox.stories import stories

_LISTED: Final = 1000
_PATIENCE: Final = 1.0
"""Seconds that a list waits for its diagnoses."""

_REFUSAL: Final = "no token, or a wrong one: send Authorization: Bearer TOKEN, which the gateway printed"
_PRIVATE: Final = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


class Query(NamedTuple):
    """What a GET asks for: ``key`` is the part of the path behind the name."""

    key: str = ""
    after: int | None = None
    limit: int = _LISTED
    lang: str = "en"
    rest: Mapping[str, str] = {}


class Control:
    """The handler of everything below `CONTROL_PATH`."""

    def __init__(self, state: State) -> None:
        self._state = state
        acts = Acts(state)
        self._posts: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
            name: getattr(acts, name) for name in ("pay", "fault", "clock", "notify", "reset")
        }
        self._gets: Mapping[str, Callable[[Query], object]] = {
            "codes": self._codes,
            "requests": self._requests,
            "rows": self._rows,
            "findings": self._findings,
            "notifications": self._notifications,
            "trades": self._trades,
            "faults": lambda _: [views.fault(each) for each in state.engine.faults],
            "clock": lambda _: views.clock(state.clock),
            "stories": lambda _: {
                name: {"awaited": each.awaited, "requirement": each.requirement}
                for name, each in stories().items()
            },
            "evidence": self._evidence,
            "export": lambda query: export(
                state, query.rest.get("as", "json"), query.lang, query.rest.get("shop", "shop")
            ),
            "events": lambda query: Stream(
                Events(state, query.after, query.rest.get("run", "")).read,
                PAUSE,
                "text/event-stream",
                _PRIVATE,
            ),
        }

    def __call__(self, http: HttpRequest) -> Answer | Stream:
        """Answer one request of the control API."""
        name, _, key = http.path.removeprefix(CONTROL_PATH).strip("/").partition("/")
        if not self._may(http, name, unquote(key)):
            return _json({"error": _REFUSAL}, 403)
        tables: Mapping[str, Mapping[str, Callable[..., object]]] = {"GET": self._gets, "POST": self._posts}
        table = tables.get(http.request.method, {})
        act = table.get(name)
        if act is None or (key and (http.request.method == "POST" or name not in _SINGLE)):
            other = not key and (name in self._gets or name in self._posts)
            return _json(
                {"error": "another method, please" if other else "there is no such thing here"},
                405 if other else 404,
            )
        try:
            if http.request.method == "GET":
                told = act(_query(http, unquote(key)))
            else:
                told = act(read_object(http.request.body))
        except AlipayQrError as error:
            return _json({"error": str(error), "code": error.code}, 400)
        except UnicodeError:
            return _json({"error": "a text has characters that the trade's charset has not"}, 400)
        if isinstance(told, Answer | Stream):
            return told
        return _json({"error": "there is no such thing here"}, 404) if told is None else _json(told)

    def _may(self, http: HttpRequest, name: str, key: str) -> bool:
        """Say whether the sender may ask that; nothing about the token is told."""
        scheme, _, text = http.header("authorization").partition(" ")
        given = text.encode("latin-1") if scheme.lower() == "bearer" else b""
        if hmac.compare_digest(given, self._state.token.encode()):
            return True
        if name == "pay" and http.request.method == "POST":
            try:
                key = str(read_object(http.request.body).get("qrcode") or "")
            except AlipayQrError:
                return False
        elif name != "codes" or http.request.method != "GET":
            return False
        found = find_code(self._state, key) if key else None
        return found is not None and hmac.compare_digest(given, self._state.pay_secret(found.qrcode).encode())

    # --- what can be seen ---------------------------------------------------------------------------

    def _codes(self, query: Query) -> object:
        state = self._state
        if query.key:
            found = find_code(state, query.key)
            return None if found is None else views.code(state, found)
        made = state.engine.trades.codes()
        return [views.code(state, each) for each in views.page(made, query.after, query.limit)]

    def _requests(self, query: Query) -> object:
        log = self._state.log
        if query.key:
            logged = log.find(_number(query.key))
            if logged is None:
                return None
            _explained([logged])
            return views.request_in_full(self._state, logged, query.lang)
        found = _explained(log.after(query.after or 0, query.limit))
        return [views.request(each, query.lang) for each in found]

    def _rows(self, query: Query) -> object:
        found = self._state.log.after(query.after or 0, query.limit)
        for each in found[-_EXPLAINED:]:
            if not each.explained:
                self._state.explaining.want(each)
        return [views.request_row(each) for each in found]

    def _findings(self, query: Query) -> object:
        broken = (each for each in self._state.log.after(0, sys.maxsize) if each.breaches)
        of_requests = (
            {"request": each.number, **told}
            for each in _explained(list(islice(broken, _LISTED)))
            for told in log_lines.findings(each, query.lang)
        )
        found = [*of_requests, *views.delivery_findings(self._state, query.lang)]
        return found[query.after or 0 :][: query.limit]

    def _notifications(self, query: Query) -> object:
        outbox = self._state.engine.outbox
        if query.key:
            found = outbox.find(_number(query.key))
            return None if found is None else views.delivery(found, query.lang)
        show = views.delivery_row if query.rest.get("rows") else lambda each: views.delivery(each, query.lang)
        return [show(each) for each in views.page(outbox.all(), query.after, query.limit)]

    def _trades(self, query: Query) -> object:
        trades = self._state.engine.trades
        if query.key:
            found = trades.payment(query.key)
            return None if found is None else views.trade_in_full(self._state, found.trade, query.lang)
        return [
            views.trade_row(self._state, each) for each in views.page(trades.all(), query.after, query.limit)
        ]

    def _evidence(self, query: Query) -> object:
        return {
            "time": self._state.clock().isoformat(),
            "requests": self._requests(query),
            "strays": [
                {"reason": each.reason, "sent": each.sent.decode("latin-1")}
                for each in self._state.server.strays
            ],
            "notifications": self._notifications(query),
            "trades": self._trades(query),
        }


_SINGLE: Final = frozenset({"codes", "requests", "notifications", "trades"})
_EXPLAINED: Final = 100


def _query(http: HttpRequest, key: str) -> Query:
    parts = {
        name: values[0] for name, values in parse_qs(http.request.query.decode("ascii", "replace")).items()
    }
    after = _number(parts["after"]) if "after" in parts else None
    limit = _number(parts["limit"]) if "limit" in parts else _LISTED
    return Query(
        key, after, min(limit or _LISTED, _LISTED), "zh" if parts.get("lang") == "zh" else "en", parts
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0  # noqa: PLR2004 (a number at all)


def _explained(requests: list[LoggedRequest]) -> list[LoggedRequest]:
    """Wait a moment for what the doctor makes of them, and no longer."""
    asked = [each.diagnosis() for each in requests]
    wait([each for each in asked if each is not None and not each.done()], _PATIENCE)
    return requests


def _json(value: object, status: int = 200) -> Answer:
    return Answer(_text(value).encode("ascii"), status, "application/json", headers=_PRIVATE)


def _text(value: object) -> str:
    """Return JSON; lists piece by piece, for one long call would let no other thread run."""
    if isinstance(value, list):
        return "[" + ",\n".join(json.dumps(each) for each in value) + "]"
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(str(name))}: {_text(each)}" for name, each in value.items()) + "}"
        )
    return json.dumps(value)
