"""``request.*[any-call-...]``: every rule holds for legal calls with any text, number, currency and hour.

The wire's alphabet is sent in every free text: what ends an HTML attribute or a parameter, what an unescaping
reader changes, what a typed language takes for nothing, texts as long as they may be. Calls that the subject
declines are not judged here (``request.carried-out`` has cases of its own), but where only the form of a
number can be the reason; every other one is judged by each rule, and a finding shows the first that broke it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from alipay_qr.beijing import BEIJING
from alipay_qr_conformance.checks.properties import forgery_space as space
from alipay_qr_conformance.checks.request.form import sent_from
from alipay_qr_conformance.gateway import Record
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.plan import Plan, Setup
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.texts import sample
from alipay_qr_conformance.rules.request import Breach, Sent, Wanted, judge
from alipay_qr_conformance.subjects import Refusal
from alipay_qr_conformance.testbed.calls import expect_reached
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import announce_payment
from alipay_qr_conformance.testbed.paid_trade import Answered
from alipay_qr_conformance.testbed.scenarios import BIZ_DATA, OPERATIONS
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed

_ASCII: Final = (
    "it's 1' 2'' done", 'a "quoted" word', "<b>bold</b> & <br/>", "&amp; &lt; &quot; &#39; &#x41; &nbsp;",
    "&copy=1&not=2&curren=3", "a=b&c=d", "a#b", "a;b;c", "100% %41 %2B %zz", "a+b c", "a\\b\\\\c \\n \\u0041",
    "{name} ${name} {{name}} %s %(x)s", "[1] (2) |3|", "0", "007", "1e3", "null", "None", "false", "-", "--",
    "a--b", "@x", "#1", "~!$^*_,.?:", "/* x */ -- y", "http://merchant.example/?a=1&b=2", "tea" * 30,
    "two  blanks   and three",
)  # fmt: skip
"""Free texts of ASCII."""

_CARRIED_OUT: Final = "request.carried-out"

_MOMENTS: Final = tuple(
    datetime.fromisoformat(text).replace(tzinfo=BEIJING)
    for text in (
        "2026-03-10 00:00:00", "2026-03-10 00:10:00", "2026-03-09 12:00:00", "2026-03-09 13:05:09",
        "2026-12-31 23:59:59", "2028-02-29 08:08:08", "2027-01-02 09:30:00", "2026-10-10 10:10:10",
    )
)  # fmt: skip
"""Hours, days and years that a format gets wrong."""

_LONGEST_REASON: Final = 128
"""Characters, of whatever width (docs.antom.com/ac/global/spot_refund, String(128))."""
_LONG: Final = "of 64 characters"
_LINES: Final = ("one\ntwo", "one\ttwo")


@dataclass(frozen=True, slots=True)
class _Legal:
    """One legal call: arguments, and what is paid before it."""

    args: Mapping[str, Any]
    paid: tuple[str, str] = ("", "")
    number: str = "ordinary"
    own_number: str = ""
    """The form of the refund's number, where it is another than the trade's."""
    at: datetime | None = None
    """The moment of the call, where it is another than the usual one."""
    must: bool = False
    """Whether there is no reason to decline it."""
    names_trade: bool = False
    """Whether Alipay's number of the trade is given too."""


def _texts(plan: Plan, charset: str) -> Iterator[str]:
    for text in (*_ASCII, *_LINES, *sample("texts.UTF-8").split("|")):
        try:
            text.encode(charset)
        except UnicodeEncodeError:
            continue
        yield text.replace('"', "'") if plan.profile == "hk" else text


def _creates(bed: Testbed) -> Iterator[_Legal]:
    for text in _texts(bed.plan, bed.setup.charset):
        yield _Legal({"biz_data": BIZ_DATA | {"store_name": text, "address": text}})
    for text in ("0", "007", "1e3"):
        yield _Legal({"biz_data": BIZ_DATA | {"store_id": text}})
    yield _Legal({"biz_data": BIZ_DATA | {"secondary_merchant_industry": "0742"}})  # veterinarians
    for query in ("a=1&copy=2&not=3&curren=4", "q=%27%22&x=;y", "a=b#", "t={x}&u=~", "shop=%E5%BA%97"):
        yield _Legal({"biz_data": BIZ_DATA, "notify_url": f"https://merchant.example/n?{query}".rstrip("#")})
    for at in _MOMENTS:
        yield _Legal({"biz_data": BIZ_DATA}, at=at)
    currencies = dict.fromkeys(currency for currency, *_ in space.trades(bed.plan))
    for currency in currencies:
        yield _Legal({"biz_data": BIZ_DATA | {"trans_currency": currency, "currency": currency}})


def _refunds(bed: Testbed) -> Iterator[_Legal]:
    own = bed.plan.currency
    for text in _texts(bed.plan, bed.setup.charset):
        yield _Legal({"refund_amount": "0.01", "currency": own, "refund_reason": text}, ("12.50", own))
    for letter in ("x", sample("goods")[0]):
        reason = letter * _LONGEST_REASON
        yield _Legal({"refund_amount": "0.01", "currency": own, "refund_reason": reason}, ("12.50", own))
    for currency, amount, number, _ in space.trades(bed.plan):
        yield _Legal({"refund_amount": amount, "currency": currency}, (amount, currency), number)
        part = "123" if "." not in amount else "1.23"  # no multiple of any coin but the least
        yield _Legal({"refund_amount": part, "currency": currency}, (part, currency))
    plain = {"refund_amount": "1.00", "currency": own}
    for number, form in space.NUMBERS.items():  # a shop's own numbers may be shorter than those of Alipay
        yield _Legal(plain, ("12.50", own), number, must=_is_plain(form) and number != _LONG)
    yield _Legal(plain, ("12.50", own), _LONG, "ordinary", must=True)
    yield _Legal(plain, ("12.50", own), names_trade=True)
    yield _Legal(
        {"refund_amount": "1.00", "currency": own, "notify_url": "https://merchant.example/r?a=1&copy=2;x='"},
        ("12.50", own),
    )


def _is_plain(form: str) -> bool:
    """Say whether numbers of this form are legal by any page: which characters others may have, none says."""
    return "." not in form


def _cancels(bed: Testbed) -> Iterator[_Legal]:
    for currency, amount, number, _ in space.trades(bed.plan):
        yield _Legal({}, (amount, currency), number)
    for number, form in space.NUMBERS.items():
        yield _Legal({}, ("12.50", bed.plan.currency), number, must=_is_plain(form))
    for at in _MOMENTS:
        yield _Legal({}, ("12.50", bed.plan.currency), at=at)
    yield _Legal({}, ("12.50", bed.plan.currency), names_trade=True)


_CALLS: Final = {"create": "create_qr_code", "refund": "refund", "cancel": "cancel"}
_LEGAL: Final = {"create": _creates, "refund": _refunds, "cancel": _cancels}
_SETUPS: Final = (Setup("MD5"), Setup("MD5", "GBK"))


def _concerned(plan: Plan, alias: str) -> list[str]:  # noqa: ARG001 (the same in every plan)
    """Return the rules of the request that a call can break."""
    found = []
    for row in register().values():
        parts = row.id.split(".")
        if parts[0] != "request" or row.level != 2 or row.excluded is not None:  # noqa: PLR2004 (requests)
            continue
        if parts[1] in {"illegal", "https"} or (parts[1] in _CALLS and parts[1] != alias):
            continue
        if row.id == _CARRIED_OUT and alias == "create":
            continue
        if row.id == "request.timestamp.zone" and alias == "refund":
            continue
        found.append(row.id)
    return found


@check(
    _concerned,
    each={name: name for name in _CALLS},
    needs=lambda alias: (_CALLS[alias],),
    setups=_SETUPS,
    name=lambda alias: f"any-call-{alias}",
    named="setup",
    once_only=True,
)
def any_call(bed: Testbed, alias: str, requirement: str) -> None:
    """Keep this rule in legal calls with any text, number and currency."""
    found = bed.once(f"any-call/{alias}", lambda: _send_all(bed, alias))
    if (broken := found.get(requirement)) is not None:
        raise broken()


_Found = dict[str, Callable[[], Failed]]


def _send_all(bed: Testbed, alias: str) -> _Found:
    """Return, by rule, how the first request that broke it fails."""
    found: _Found = {}
    rows = list(_LEGAL[alias](bed))
    moments = dict.fromkeys(row.at for row in rows if bed.hello.clock or row.at is None)
    reached, answer = list[Record](), None
    for at in moments:
        with bed.gateway(start=at) as session:
            calls = [(legal, _arguments(bed, session, alias, legal)) for legal in rows if legal.at == at]
            for _, args in calls:  # a queue is waited for once
                bed.booking.settle(bed, args.get("partner_trans_id") or args.get("out_trade_no") or "")
            for legal, args in calls:
                answer = _send(bed, session, alias, legal, args, found)
            reached += session.of(OPERATIONS[_CALLS[alias]])
    expect_reached(reached, _CALLS[alias], answer)
    return found


def _send(
    bed: Testbed,
    session: GatewaySession,
    alias: str,
    legal: _Legal,
    args: Mapping[str, Any],
    found: _Found,
) -> Answered:
    """Make a call, and take note of what it breaks."""
    op = _CALLS[alias]
    seen = len(session.records)
    answer = bed.ask(op, gateway_url=session.url, **args)
    wanted = Wanted(OPERATIONS[op], bed.told(op, args))
    records = [each for each in session.records[seen:] if each.service == OPERATIONS[op]]
    if legal.must and len(session.records) == seen and isinstance(answer, Refusal):
        evidence = {"operation": op, "arguments": args, "reason": answer.reason}
        found.setdefault(_CARRIED_OUT, partial(Failed, "legal.refused", evidence))
    for record in records[:1]:
        sent = sent_from(bed, record, wanted)
        for breach in judge(sent):
            found.setdefault(breach.requirement, partial(_failed, breach, sent))
    return answer


def _failed(breach: Breach, sent: Sent) -> Failed:
    evidence = {**breach.evidence, **sent.evidence()}
    more = {"wrong_sign_": breach.wrong_sign, "diagnosis_": breach.diagnosis, **breach.details}
    return Failed(breach.key, evidence, **more)


def _arguments(bed: Testbed, session: GatewaySession, alias: str, legal: _Legal) -> dict[str, Any]:
    if alias == "create":
        return {"notify_url": NOTIFY_URL, **legal.args}
    trade = space.number(legal.number, bed.fresh("T"))
    trade_no = announce_payment(bed, session, trade, *legal.paid, wait=False)
    named = {"trade_no" if alias == "cancel" else "alipay_trans_id": trade_no} if legal.names_trade else {}
    if alias == "cancel":
        return {"out_trade_no": trade, **named}
    refund_id = space.number(legal.own_number or legal.number, bed.fresh("R"))
    return {"partner_trans_id": trade, "partner_refund_id": refund_id, "is_sync": "Y", **named, **legal.args}
