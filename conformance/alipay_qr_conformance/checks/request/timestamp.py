"""Level 2: requests at other moments than ten in the morning, and requests that are sent once more.

A timestamp can be right on an ordinary morning and wrong after noon, around midnight, at New Year, or from
the second request on. And a subject that asks again within a call signs what it sends then, too.
"""

from datetime import datetime, timedelta
from typing import Final

from alipay_qr.beijing import BEIJING
from alipay_qr_conformance.checks.request.form import sent_from
from alipay_qr_conformance.gateway import Record, faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import SIGN_TYPES, Setup
from alipay_qr_conformance.rules.request import judge, signature, zone
from alipay_qr_conformance.testbed.calls import arguments, expect_reached
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed


def _beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


MOMENTS: Final = {
    "afternoon": _beijing("2026-03-09 18:45:07"),
    "noon": _beijing("2026-03-09 12:30:00"),
    "after-midnight": _beijing("2026-03-10 00:10:00"),
    "last-evening-of-the-year": _beijing("2026-12-31 23:10:00"),
    "first-morning-of-the-year": _beijing("2027-01-01 00:40:00"),
    "leap-day": _beijing("2028-02-29 15:00:00"),
}
"""Clocks of twelve hours, hours from 1 to 24 and years of the week (``YYYY``) are wrong at one of them."""

_CREATE: Final = ("create_qr_code",)
_LATER: Final = timedelta(minutes=45)
_LAST_MILLISECOND: Final = _beijing("2026-12-31 23:59:59.999")


@check("request.timestamp.zone", needs=_CREATE, each=MOMENTS, clock=True)
def at_a_moment(bed: Testbed, moment: datetime) -> None:
    """Write the Beijing time of the moment, whatever hour, day and year it is."""
    with bed.gateway(start=moment) as session:
        bed.ask("create_qr_code", gateway_url=session.url, **arguments(bed, session, "create_qr_code"))
        _judge_time(bed, session.of(OPERATIONS["create_qr_code"]))


@check("request.timestamp.zone", needs=_CREATE, clock=True)
def the_second_one(bed: Testbed) -> None:
    """Write the time of the request, not of the first one."""
    with bed.gateway() as session:
        args = arguments(bed, session, "create_qr_code")
        bed.ask("create_qr_code", gateway_url=session.url, **args)
        before = len(session.of(OPERATIONS["create_qr_code"]))
        session.advance(_LATER)
        bed.ask("create_qr_code", gateway_url=session.url, **args)
        _judge_time(bed, session.of(OPERATIONS["create_qr_code"])[before:])


@check("request.create.timestamp", needs=_CREATE, clock=True)
def last_millisecond(bed: Testbed) -> None:
    """Whoever rounds to the next second must carry it over to the minute, the hour and the day."""
    with bed.gateway(start=_LAST_MILLISECOND) as session:
        bed.ask("create_qr_code", gateway_url=session.url, **arguments(bed, session, "create_qr_code"))
        records = session.of(OPERATIONS["create_qr_code"])
    if not records:
        raise Blocked("nothing.reached", op="create_qr_code")
    sent = sent_from(bed, records[0])
    for breach in judge(sent):
        if breach.requirement == "request.create.timestamp":
            raise Failed(breach.key, {**breach.evidence, **sent.evidence()}, **breach.details)


def _judge_time(bed: Testbed, records: list[Record]) -> None:
    if not records:
        raise Blocked("nothing.reached", op="create_qr_code")
    sent = sent_from(bed, records[0])
    for breach in zone(sent):
        raise Failed(breach.key, {**breach.evidence, **sent.evidence()}, **breach.details)


SENT_AGAIN: Final = {f"{op}-sent-again": op for op in OPERATIONS}


@check(
    "request.sign.valid",
    each=SENT_AGAIN,
    setups=tuple(map(Setup, SIGN_TYPES)),
    named="sign_type",
    needs=lambda op: (op,),
)
def sent_again(bed: Testbed, op: str) -> None:
    """Lose the first answer; whatever the subject sends after it must be signed as it is sent."""
    with bed.gateway() as session:
        args = arguments(bed, session, op)
        session.inject(faults.drop(commit=False), op)
        answer = bed.ask(op, gateway_url=session.url, **args)
        records = session.of(OPERATIONS[op])
    expect_reached(records, op, answer)
    for record in records:
        sent = sent_from(bed, record)
        for breach in signature(sent):
            evidence = {**breach.evidence, **sent.evidence()}
            raise Failed(breach.key, evidence, wrong_sign_=breach.wrong_sign, **breach.details)
