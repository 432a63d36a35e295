"""Does a process really follow the clock that the kit moves for it? It is asked, not guessed.

`libfaketime` stands between a process and the C library. Static binaries, and runtimes that ask the kernel
themselves, never meet it, and nothing on the outside tells. What tells is what they send: a CREATE carries a
``timestamp``. The clock is put to a day on which no machine runs any more, and the day of the timestamp says
which clock was read; a time zone that is wrong, or a clock of twelve hours, moves it by a day at most.
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from alipay_qr.beijing import BEIJING
from alipay_qr_conformance.model.outcomes import Blocked, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.testbed.scenarios import BIZ_DATA, OPERATIONS
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed

LONG_AGO: Final = datetime(2009, 6, 15, 12, 0, tzinfo=BEIJING)
_NEAR: Final = timedelta(days=1)
_CALLS: Final[dict[str, dict[str, Any]]] = {
    "create_qr_code": {"biz_data": BIZ_DATA, "notify_url": NOTIFY_URL},
    "cancel": {"out_trade_no": "T-clock"},
}
"""Calls of which no trade needs to be known, and whose request carries a timestamp."""


def why_not(bed: Testbed) -> Text | None:
    """Return why the subject's process does not follow its clock, None where it does.

    The subject is configured; it has a process, and `Subject.clock` is what that takes the time from.
    """
    if bed.subject.clock is None:
        raise ValueError("the subject's process has the real time")
    listed = [op for op in _CALLS if bed.subject.supports(op)]
    if not listed:
        return message("clock.not-asked")
    bed.subject.clock.freeze(LONG_AGO)
    for op in listed:
        found = None
        with suppress(Unsupported, Blocked, NoUsableAnswer):
            found = _day_sent(bed, op)
        if found is not None:
            near = abs(found - LONG_AGO.date()) <= _NEAR
            return None if near else message("clock.not-followed", found=found, put=LONG_AGO.date())
    return message("clock.not-told", ops=", ".join(listed))


def _day_sent(bed: Testbed, op: str) -> date | None:
    """Let the subject send; return the day of the timestamp that arrives, None where there is none."""
    with bed.gateway() as session:
        bed.ask(op, gateway_url=session.url, **_CALLS[op])
        for record in session.of(OPERATIONS[op]):
            if (found := day(record.params.get("timestamp", ""))) is not None:
                return found
    return None


def day(text: str) -> date | None:
    """Return the day of a timestamp: ``2009-06-15 ...`` in any punctuation, or seconds or milliseconds."""
    with suppress(ValueError, OverflowError):
        if re.fullmatch(r"[0-9]{9,10}|[0-9]{12,13}", text):
            number = int(text)
            return datetime.fromtimestamp(number / 1000 if len(text) > 10 else number, UTC).date()  # noqa: PLR2004
        if parts := re.match(r"([0-9]{4})\D?([0-9]{2})\D?([0-9]{2})", text):
            return date(*map(int, parts.groups()))
    return None
