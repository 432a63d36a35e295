"""What the control API does: JSON in, JSON out; what is not understood changes nothing."""

import json
import re
import time
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from alipay_qr.beijing import end_of_day
from alipay_qr.catalogue import NOTIFICATION
from alipay_qr.errors import ParameterError
from alipay_qr_conformance.gateway import Code, Delivery
from alipay_qr_conformance.sandbox import fault_names, stories, views
from alipay_qr_conformance.sandbox.state import State

MAX_BODY: Final = 64 * 1024
_PAY: Final = frozenset({"qrcode", "total_fee", "currency", "out_trade_no", "notify_url"})
_FIELDS: Final = tuple(field.name for field in NOTIFICATION if field.name not in _PAY)
"""What a payment may further say: fields of its notifications."""

_MOST_SECONDS: Final = 30 * 86_400
_MOST_WAIT: Final = 30
_YEARS: Final = range(1990, 2200)
"""Within them every reckoning with time zones and windows stays within what a date can hold."""

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_TIME: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)([smhd])", re.ASCII)
_NEXT: Final = {"before-midnight": timedelta(seconds=-1), "midnight": timedelta(0)}

Given = Mapping[str, Any]


class Acts:
    """The calls that change something; each takes the members of a JSON object."""

    def __init__(self, state: State) -> None:
        self._state = state

    def pay(self, given: Given) -> object:
        """Let a customer pay."""
        extra = {name: value for name, value in given.items() if name not in _PAY}
        _known(extra, _FIELDS)
        texts = [value for name, value in given.items() if value is not None]
        if not all(isinstance(each, str) for each in texts):
            raise wrong('every member is a text; amounts too, as in "12.50"')
        for name in ("total_fee", "currency"):
            if not given.get(name):
                raise wrong(f"{name} is missing")
        qrcode = given.get("qrcode")
        found = find_code(self._state, qrcode) if qrcode else None
        number = self._state.engine.pay(
            found.qrcode if found else qrcode,
            given["total_fee"],
            given["currency"],
            self._state.clock(),
            out_trade_no=given.get("out_trade_no"),
            notify_url=given.get("notify_url") or "",
            **extra,
        )
        return {"out_trade_no": number, **views.trade_row(self._state, self._state.engine.trades.get(number))}

    def fault(self, given: Given) -> object:
        """Let the next matching requests meet a fault; ``clear`` forgets those that wait."""
        if given.get("clear") is True:
            _known(given, ("clear",))
            self._state.engine.clear_faults()
            self._state.journal.note("fault")
            return []
        fault = fault_names.fault(given)
        self._state.engine.inject(fault)
        self._state.journal.note("fault")
        return {"fault": given["fault"], "times": fault.times}

    def clock(self, given: Given) -> object:
        """Set the gateway's time, move it on, or go to a midnight of Beijing."""
        _known(given, ("now", "still", "advance", "to"))
        clock = self._state.clock
        if len({"now", "advance", "to"} & set(given)) > 1:
            raise wrong("one of now, advance and to")
        if "advance" in given:
            by = _duration(given["advance"])
            try:
                _within(clock() + by)
            except OverflowError:
                raise wrong("advance is too far") from None
            clock.advance(by)
        elif "to" in given:
            before = _NEXT.get(str(given["to"]))
            if before is None:
                raise wrong(f"to is one of {', '.join(_NEXT)}")
            at = _within(end_of_day(clock()) + before)
            if at <= clock():  # it stands there already: that of the next day
                at = _within(end_of_day(clock() + timedelta(seconds=1)) + before)
            (clock.run_from if given.get("still") is False else clock.stand)(at)
        elif "now" not in given and given.get("still") is True:
            clock.stand(clock())
        elif given.get("now") is None:
            clock.real()
        else:
            at = _moment(given["now"])
            (clock.stand if given.get("still") is True else clock.run_from)(at)
        self._state.journal.note("clock")
        return views.clock(clock)

    def notify(self, given: Given) -> object:
        """Send a notification by its name; with ``wait``, return what came of it."""
        _known(given, ("kind", "out_trade_no", "after", "overrides", "url", "wait", "lang"))
        after, overrides = given.get("after"), given.get("overrides")
        _seconds("after", after, _MOST_SECONDS)
        _seconds("wait", given.get("wait"), _MOST_WAIT)
        if not isinstance(overrides, dict | None) or not all(
            isinstance(each, str | None) for each in (overrides or {}).values()
        ):
            raise wrong("overrides is an object of texts; null takes a field away")
        kind = str(given.get("kind", "genuine"))
        made = stories.send(
            self._state.engine,
            self._state.keys,
            stories.known(kind),
            str(given.get("out_trade_no") or "") or self._latest(),
            self._state.clock(),
            after=after,
            overrides=overrides,
            url=str(given.get("url") or ""),
        )
        told: dict[str, object] = {"notifications": [each.number for each in made]}
        if wait := given.get("wait"):
            self._state.engine.commit()
            lang = "zh" if given.get("lang") == "zh" else "en"
            told["sent"] = [views.delivery(each, lang) for each in self._attempted(made, wait)]
        return told

    def reset(self, given: Given) -> object:
        """Forget everything."""
        _known(given, ())
        self._state.reset()
        return {}

    def _latest(self) -> str:
        trades = self._state.engine.trades.all()
        if not trades:
            raise wrong("nobody has paid so far: pay a code first")
        return trades[-1].out_trade_no

    def _attempted(self, made: list[Delivery], seconds: float) -> list[Delivery]:
        """Wait until each of them was tried, or the time is over."""
        deadline = time.monotonic() + seconds
        while True:
            last = self._state.journal.last
            found = [self._state.engine.outbox.find(each.number) or each for each in made]
            left = deadline - time.monotonic()
            if left <= 0 or all(each.attempts for each in found):
                return found
            self._state.journal.wait(last, left)


def find_code(state: State, name: str) -> Code | None:
    """Return a code by its whole text, or by what stands behind its last slash."""
    found = state.engine.trades.code(name)
    if found is not None or "/" in name:
        return found
    return next((each for each in state.engine.trades.codes() if each.qrcode.endswith(f"/{name}")), None)


def read_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object; no body is an empty one."""
    if len(body) > MAX_BODY:
        raise wrong(f"the body is longer than {MAX_BODY} bytes")
    try:
        given = json.loads(body or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise wrong("the body is no JSON") from None
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise wrong("a text has half of a surrogate pair: it is no Unicode") from None
    if not isinstance(given, dict):
        raise wrong("the body is no JSON object")
    return given


def wrong(text: str) -> ParameterError:
    """Return the error about an input that means nothing here."""
    return ParameterError(text, code="control.input", hint="see docs/gateway.md")


def _seconds(name: str, value: object, most: int) -> None:
    if not isinstance(value, int | float | None) or isinstance(value, bool):
        raise wrong(f"{name} is a number of seconds")
    if value is not None and not 0 <= value <= most:
        raise wrong(f"{name} is a number of seconds from 0 to {most}")


def _duration(text: object) -> timedelta:
    """Read a number of seconds, or a text such as ``90s``, ``1m``, ``2h``, ``1d``."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        text = f"{text}s"
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise wrong("advance is a time such as 90s, 1m, 2h or 1d; the clock moves forward only")
    return timedelta(seconds=float(found[1]) * _UNITS[found[2]])


def _moment(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise wrong('now is a moment with its zone, as in "2026-03-09T12:00:00+08:00"')
    return _within(at)


def _within(at: datetime) -> datetime:
    if at.year not in _YEARS:
        raise wrong(f"now is in a year from {_YEARS[0]} to {_YEARS[-1]}")
    return at


def _known(given: Given, names: Collection[str]) -> None:
    """Refuse members that mean nothing here: a misspelt one must not be passed over."""
    for name in given:
        if name not in names:
            raise wrong(f"there is no member {name[:40]!r} here; there are {', '.join(names) or 'none'}")


def _no_number(name: str) -> object:
    raise ValueError(name)
