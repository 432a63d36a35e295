"""The control API's stream: server-sent events (WHATWG HTML, 9.2), each with its number.

    hello         first: ``run``, ``last``; a client that followed another run begins anew
    request       a line of the list          explained     the same line, with what became known later
    notification  trade  code  clock  faults  as they are now
    skipped       requests ``from`` to ``to`` came too fast for lines; ask for them
    gap           events are lost: ask for everything
    reset         everything is forgotten
    heartbeat     nothing happened for a while

What changed several times since the last look is told once, as it is now.
"""

import json
import time
from collections.abc import Callable
from typing import Any, Final

from alipay_qr_conformance.sandbox import views
from alipay_qr_conformance.sandbox.journal import Event
from alipay_qr_conformance.sandbox.state import State

PAUSE: Final = 0.05
HEARTBEAT: Final = 5.0
_LINES: Final = 25
"""Requests in one look: more would take from the time of those who are answered."""


class Events:
    """One listener's place in the journal; `read` is what a `Stream` asks for."""

    def __init__(self, state: State, after: int | None, run: str = "") -> None:
        self._state = state
        journal = state.journal
        own = after is not None and (not run or run == journal.run) and after <= journal.last
        self._after = after if own and after is not None else journal.last
        self._greeted = False
        self._spoke = time.monotonic()
        self._views: dict[str, Callable[[str], Any]] = {
            "request": self._request,
            "explained": self._explained,
            "notification": self._notification,
            "trade": self._trade,
            "code": self._code,
            "clock": lambda _: views.clock(state.clock),
            "fault": lambda _: [views.fault(each) for each in state.engine.faults],
            "reset": lambda _: {},
        }

    def read(self) -> bytes:
        """Return what is new as text of the stream."""
        parts: list[str] = []
        if not self._greeted:
            self._greeted = True
            journal = self._state.journal
            parts.append(_event("hello", {"run": journal.run, "last": self._after}, self._after))
        events, lost = self._state.journal.since(self._after)
        if lost:
            parts.append(_event("gap", {"after": self._after}, self._after))
        if events:
            self._after = events[-1].number
            parts += self._told(events)
        now = time.monotonic()
        if not parts and now - self._spoke >= HEARTBEAT:
            parts.append(_event("heartbeat", views.clock(self._state.clock), self._after))
        if parts:
            self._spoke = now
        return "".join(parts).encode("ascii")

    def _told(self, events: list[Event]) -> list[str]:
        latest = {(event.kind, event.key): event for event in events}
        requests = [event for event in latest.values() if event.kind == "request"]
        skipped = set(requests[:-_LINES])
        found = []
        if skipped:
            numbers = [int(event.key) for event in skipped]
            told = {"from": min(numbers), "to": max(numbers)}
            found.append(_event("skipped", told, max(event.number for event in skipped)))
        shown = [event for event in sorted(latest.values()) if event not in skipped]
        views_of = [(event, self._views[event.kind](event.key)) for event in shown]
        return found + [_event(each.kind, told, each.number) for each, told in views_of if told is not None]

    def _request(self, key: str) -> object:
        logged = self._state.log.find(int(key))
        if logged is None:
            return None
        row = views.request_row(logged)
        if not row["explained"]:
            self._state.explaining.want(logged)
        return row

    def _explained(self, key: str) -> object:
        logged = self._state.log.find(int(key))
        return None if logged is None else views.request_row(logged)

    def _notification(self, key: str) -> object:
        found = self._state.engine.outbox.find(int(key))
        return None if found is None else views.delivery_row(found)

    def _trade(self, key: str) -> object:
        found = self._state.engine.trades.payment(key)
        return None if found is None else views.trade_row(self._state, found.trade)

    def _code(self, key: str) -> object:
        found = self._state.engine.trades.code(key)
        return None if found is None else views.code(self._state, found)


def _event(kind: str, data: object, number: int) -> str:
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"
