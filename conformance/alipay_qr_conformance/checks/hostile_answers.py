"""Level 3: answers that were made to confuse their reader, and what follows an own cancel (level 4).

Hostile XML around a genuine signature, answers of another service, answers that never end. A subject that
takes a plain unproved or broken answer for more than it is, is accused of that by `responses` alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from alipay_qr.gateway import Fault, Record, faults
from alipay_qr.gateway.reply import Reply
from alipay_qr_conformance.casebook import Broken, Case, NotJudged, Plan
from alipay_qr_conformance.checks.notifications import fields_of, send, shown
from alipay_qr_conformance.checks.requests import OPERATIONS
from alipay_qr_conformance.checks.responses import arguments, told_again
from alipay_qr_conformance.checks.till import Answered, Till, outcome, words
from alipay_qr_conformance.lab import Lab
from alipay_qr_conformance.subjects import Result

Change = Callable[[bytes], bytes]
_SUCCESS: Final = b"<result_code>SUCCESS</result_code>"
_FAILED: Final = b"<result_code>FAILED</result_code>"
_SLOW: Final = 4.0
"""Seconds over which a body trickles; the kit's ``gateway_timeout`` is one."""


def _nested(text: bytes) -> bytes:
    """Write the reason as an entity of entities: a thousand letters of a few bytes, safely bounded."""
    head, mark, rest = text.partition(b"?>")
    inner = b'<!ENTITY a "' + b"l" * 10 + b'"><!ENTITY b "' + b"&a;" * 10 + b'"><!ENTITY c "' + b"&b;" * 10
    return head + mark + b"<!DOCTYPE alipay [" + inner + b'">]>' + rest.replace(b"l" * 1000, b"&c;")


def _utf16(text: bytes) -> bytes:
    return _declared("UTF-16")(text).decode("utf-8").encode("utf-16")


def _declared(charset: str) -> Change:
    return lambda text: re.sub(rb'encoding="[^"]*"', b'encoding="' + charset.encode() + b'"', text, count=1)


def _in_request(junk: bytes) -> Change:
    """Put junk into the echo, which nobody signs: the signed part stays genuine."""
    return lambda text: text.replace(b"</request>", junk + b"</request>", 1)


TWICE: Final[dict[str, Change]] = {
    "result-code-first": lambda text: text.replace(_FAILED, _SUCCESS + _FAILED, 1),
    "result-code-last": lambda text: text.replace(_FAILED, _FAILED + _SUCCESS, 1),
    "response-first": lambda text: text.replace(
        b"<response>", b"<response><alipay>" + _SUCCESS + b"</alipay></response><response>", 1
    ),
    "sign-first": lambda text: text.replace(_FAILED, _SUCCESS).replace(b"<sign>", b"<sign></sign><sign>", 1),
    "sign-last": lambda text: text.replace(_FAILED, _SUCCESS).replace(b"</sign>", b"</sign><sign></sign>", 1),
}
"""A signed failure in which one element stands twice."""

SPLITS: Final = {"comment": b"<!-- -->", "instruction": b"<?x y?>", "cdata": b"<![CDATA[]]>"}
"""What may stand inside a text, and make a careless reader stop there."""

HOSTILE: Final[dict[str, Change]] = {
    "deep": _in_request(b"<a>" * 20_000 + b"</a>" * 20_000),
    "long-text": _in_request(b'<param name="x">' + b"a" * 1_500_000 + b"</param>"),
    "many-elements": _in_request(b"<a/>" * 50_000),
    "nul": _in_request(b'<param name="x">\0</param>'),
    "utf-16": _utf16,
    "unknown-charset": _declared("X-NOBODY-KNOWS"),
    "other-charset": _declared("GBK"),
    "script-as-charset": _declared("utf_7;idna"),
    "two-declarations": lambda text: b'<?xml version="1.0" encoding="GBK"?>' + text,
}


class _ToldAgain(Exception):  # noqa: N818 (no mishap)
    """The subject asked again within its call, and was told genuinely: it may report what it was told."""


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the cases."""
    for case in _cases(plan):
        yield replace(case, run=_forgiving(case.run))


def _forgiving(judge: Callable[[Lab], None]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with suppress(_ToldAgain):
            judge(lab)

    return run


def _cases(plan: Plan) -> Iterator[Case]:
    for name, change in TWICE.items():
        yield Case("response.unproved", f"twice-{name}", _twice(name, change), needs=("refund",))
    for name, mark in SPLITS.items():
        yield Case("response.belongs", f"{name}-in-the-number", _split_number(name, mark), needs=("refund",))
    yield Case("response.no-dtd", "entities-of-entities", _expanded(_nested), needs=("refund",))
    yield Case("response.no-dtd", "utf-16", _expanded(lambda text: _utf16(_nested(text))), needs=("refund",))
    for name, change in HOSTILE.items():
        yield Case("response.hostile", name, _hostile(name, change), needs=("refund",))
    if plan.depth != "quick":  # each costs a correct subject two seconds of waiting
        yield Case("response.in-time", "slow", _trickles(b""), needs=("refund",))
        yield Case("response.in-time", "endless", _trickles(b" " * 8_000_000), needs=("refund",))
    yield Case("response.belongs", "replayed", _replayed, needs=("refund",))
    yield Case("response.retry-flag", "for-ever", _retry_for_ever, needs=("cancel",))
    yield Case("response.redirect", "refund-permanently", _redirected, needs=("refund",))
    for op, other in _FOREIGN:
        yield Case("response.other-service", f"{op}-{other}", _other_service(op, other), needs=(op,))
    for op in ("refund", "cancel", "create_qr_code"):
        yield Case("response.trimmed", op, _indented(op), needs=(op,))
    yield Case("response.existing-code", "same-store", _existing_code, needs=("create_qr_code",))
    yield Case("response.image-url", "ampersand", _image_url, needs=("create_qr_code",))
    if plan.level >= 4:  # noqa: PLR2004 (the level of the money rules)
        for name, action in (("unknown", None), ("closed", "close")):
            yield Case("money.cancel.unpaid", name, _cancel_unpaid(action), needs=("cancel",))
        yield Case("money.cancel.closed-notice", "one", _closed_notice, needs=("notify", "cancel", "trade"))


# --- what several cases need --------------------------------------------------------------------------


def _ask(lab: Lab, op: str, fault: Fault | None, **more: str) -> tuple[Answered, Record]:
    with lab.gateway() as session:
        args = arguments(lab, session, op) | more
        if fault is not None:
            session.inject(fault)
        answer = lab.ask(op, gateway_url=session.url, **args)
        records = session.of(OPERATIONS[op])
    if not records:
        raise NotJudged("nothing.reached", op=op)
    if records[0].code:
        raise NotJudged("gateway.refused", op=op, code=records[0].code)
    if told_again(op, session):
        raise _ToldAgain
    return answer, records[0]


def _body(change: Change, **more: object) -> Fault:
    return Fault(answer=lambda answer: replace(answer, body=change(answer.body), **more), name="body")  # type: ignore[arg-type] # fields of Answer


def _careful(lab: Lab, op: str) -> None:
    """Raise `NotJudged` where genuine answers are doubted, or plainly worthless ones believed."""
    refused = Fault(commit=False, reply=_refuse, name="refused")
    plain = {
        "response.genuine": (None, {"success"}),
        "response.unproved": (faults.wrong_signature(), {"unknown", "raised", "refused"}),
        "response.two-levels": (refused, {"failed"}),
        "response.transport": (_body(lambda text: text[:-30]), {"unknown", "raised", "refused"}),
    }

    def attempt() -> str:
        for requirement, (fault, right) in plain.items():
            with suppress(_ToldAgain):
                if outcome(_ask(lab, op, fault)[0]) not in right:
                    return requirement
        return ""

    if found := lab.once(f"careful-with-answers/{op}", attempt):
        raise NotJudged("see.requirement", requirement=found)


def _refuse(reply: Reply) -> Reply:
    return reply.changed({"result_code": "FAILED", "detail_error_code": "TRADE_STATUS_ERROR"})


def _not_success(answer: Answered, record: Record, what: str) -> None:
    if outcome(answer) in {"success", "accepted"}:
        raise Broken("attack.answer", _evidence(answer, record), found=outcome(answer), what=what)


def _evidence(answer: Answered, record: Record) -> Mapping[str, object]:
    return {"answer": record.answer.body[:1500], "reported": words(answer)}


# --- answers that two readers read differently --------------------------------------------------------


def _twice(name: str, change: Change) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab, "refund")
        fault = replace(_body(change), commit=False, reply=_refuse)
        _not_success(*_ask(lab, "refund", fault), what=name)

    return run


_DONE: Final = {"result_code": "SUCCESS", "detail_error_code": None, "detail_error_des": None}


def _split_number(name: str, mark: bytes) -> Callable[[Lab], None]:
    """Answer for a refund whose number begins with ours, and goes on behind a mark in the text."""

    def run(lab: Lab) -> None:
        _careful(lab, "refund")
        number = lab.fresh("R")
        fault = Fault(
            commit=False,
            reply=lambda reply: reply.changed({**_DONE, "partner_refund_id": f"{number}-other"}),
            answer=lambda answer: replace(answer, body=_marked(answer.body, number.encode(), mark)),
        )
        _not_success(*_ask(lab, "refund", fault, partner_refund_id=number), what=name)

    return run


def _marked(text: bytes, number: bytes, mark: bytes) -> bytes:
    return text.replace(number + b"-other<", number + mark + b"-other<")


def _expanded(change: Change) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab, "refund")
        fault = replace(_body(change), reply=lambda reply: reply.changed({"refund_reason": "l" * 1000}))
        _not_success(*_ask(lab, "refund", fault), what="DOCTYPE")

    return run


def _hostile(name: str, change: Change) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab, "refund")
        answer, record = _ask(lab, "refund", _body(change))
        if outcome(answer) == "failed":  # it was carried out, and every signed byte is genuine
            raise Broken("attack.answer", _evidence(answer, record), found="failed", what=name)
        if outcome(_ask(lab, "refund", None)[0]) != "success":
            raise Broken("attack.deaf", _evidence(answer, record), what=name)

    return run


def _trickles(tail: bytes) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        if lab.once("dropped", lambda: outcome(_ask(lab, "refund", faults.drop())[0])) == "success":
            raise NotJudged("see.requirement", requirement="response.transport")
        answer, record = _ask(lab, "refund", _body(lambda text: text + tail, slow=_SLOW))
        _not_success(answer, record, f"{_SLOW:.0f} s")

    return run


def _redirected(lab: Lab) -> None:
    with lab.gateway() as there, lab.gateway() as session:
        args = arguments(lab, session, "refund")
        session.inject(faults.redirect(there.url, status=308))
        answer = lab.ask("refund", gateway_url=session.url, **args)
        came = list(there.records)
    if came:
        evidence = {"location": there.url, "arrived_there": came[0].request.body or came[0].request.query}
        raise Broken("response.redirected", {**evidence, "reported": words(answer)})


_CREATED: Final = {
    "result_code": "SUCCESS",
    "qrcode": "https://qr.alipay.com/bax00000000000000000000000",
    "qrcode_img_url": "https://mobilecodec.alipay.com/show.htm?code=bax00000000000000000000000",
}
_TRADE: Final = "<trade>"
"""Stands for the number of the trade that is spoken of: the recorded answer is about that very trade."""
_FOREIGN: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("refund", "by-create"): _CREATED,
    ("refund", "by-cancel"): {
        "result_code": "SUCCESS",
        "out_trade_no": _TRADE,
        "trade_no": "2026030921001004",
        "retry_flag": "N",
        "action": "refund",
    },
    ("cancel", "by-create"): _CREATED,
    ("cancel", "by-query"): {
        "result_code": "SUCCESS",
        "alipay_trans_status": "TRADE_SUCCESS",
        "partner_trans_id": _TRADE,
        "trans_amount": "12.50",
    },
}
"""By operation and the service that answered: what was signed."""


def _other_service(op: str, other: str) -> Callable[[Lab], None]:
    """Replay the signed part of another service's answer; the echo around it is the present one."""

    def run(lab: Lab) -> None:
        _careful(lab, op)

        def answer(reply: Reply) -> Reply:
            asked = dict(reply.request)
            trade = asked.get("partner_trans_id") or asked.get("out_trade_no", "")
            signed = _FOREIGN[op, other].items()
            fields = tuple((name, trade if value == _TRADE else value) for name, value in signed)
            return replace(reply, fields=fields)

        fault = Fault(commit=False, reply=answer, name=other)
        _not_success(*_ask(lab, op, fault), what=other)

    return run


# --- genuine answers of another shape -----------------------------------------------------------------


def _indented(op: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab, op)
        answer, record = _ask(lab, op, _body(_indent))
        if outcome(answer) != "success":
            raise Broken("attack.answer", _evidence(answer, record), found=outcome(answer), what="blanks")

    return run


def _indent(text: bytes) -> bytes:
    """Write each signed value on a line of its own."""
    head, mark, rest = text.partition(b"<response>")
    signed, end, tail = rest.partition(b"</response>")
    signed = re.sub(rb"<(\w+)>([^<]+)</", rb"\n    <\1>\n      \2\n    </", signed)
    return head + mark + signed + end + tail


def _existing_code(lab: Lab) -> None:
    """Two CREATEs of one store: the second answer holds the code of the first."""
    _careful(lab, "create_qr_code")
    first, made = _ask(lab, "create_qr_code", None)
    code = first.value.get("qrcode") if isinstance(first, Result) else None
    if not code or f"<qrcode>{code}</".encode() not in made.answer.body:
        raise NotJudged("see.requirement", requirement="response.genuine")
    again = Fault(reply=lambda reply: reply.changed({"qrcode": str(code)}), name="existing code")
    answer, record = _ask(lab, "create_qr_code", again)
    found = answer.value.get("qrcode") if isinstance(answer, Result) else outcome(answer)
    if outcome(answer) != "success" or found != code:
        raise Broken("response.other-qrcode", _evidence(answer, record), found=found, expected=code)


def _image_url(lab: Lab) -> None:
    _careful(lab, "create_qr_code")
    address = "https://mobilecodec.alipay.com/show.htm?code=bax1&picSize=M&type=jpg"
    fault = Fault(reply=lambda reply: reply.changed({"qrcode_img_url": address}), name="address")
    answer, record = _ask(lab, "create_qr_code", fault)
    found = answer.value.get("qrcode_img_url") if isinstance(answer, Result) else None
    if found is not None and found != address:
        raise Broken("attack.image", _evidence(answer, record), found=found, expected=address)


def _replayed(lab: Lab) -> None:
    """Every byte of the genuine answer to an earlier refund, once more."""
    _careful(lab, "refund")
    with lab.gateway() as session:
        args = arguments(lab, session, "refund")
        lab.ask("refund", gateway_url=session.url, **args)
        recorded = session.of(OPERATIONS["refund"])[-1].answer
        session.inject(Fault(commit=False, answer=lambda _: recorded, times=9, name="replayed"))
        before = len(session.of(OPERATIONS["refund"]))
        args = arguments(lab, session, "refund")
        answer = lab.ask("refund", gateway_url=session.url, **args)
        records = session.of(OPERATIONS["refund"])[before:]
    if not records:
        raise NotJudged("nothing.reached", op="refund")
    _not_success(answer, records[0], "replayed")


def _retry_for_ever(lab: Lab) -> None:
    """``retry_flag`` Y invites a repeat, and says so each time: the operation must end all the same."""
    with lab.gateway() as session:
        args = arguments(lab, session, "cancel")
        failure = faults.business_error("SELLER_BALANCE_NOT_ENOUGH", "CANCEL", retry_flag="Y")
        session.inject(replace(failure, times=10**9))
        answer = lab.ask("cancel", gateway_url=session.url, **args)
        count = len(session.of(OPERATIONS["cancel"]))
    if not count:
        raise NotJudged("nothing.reached", op="cancel")
    if outcome(answer) == "success":
        raise NotJudged("see.requirement", requirement="response.two-levels")


# --- an own cancel ------------------------------------------------------------------------------------


def _cancel_unpaid(action: str | None) -> Callable[[Lab], None]:
    """A subject may decline to cancel what it never saw; if it asks, the yes is a yes."""

    def run(lab: Lab) -> None:
        _careful(lab, "cancel")
        with lab.gateway() as session:
            trade = lab.fresh("T")
            session.inject(Fault(reply=lambda reply: reply.changed({"action": action}), name="action"))
            answer = lab.ask("cancel", gateway_url=session.url, out_trade_no=trade)
            records = session.of(OPERATIONS["cancel"])
        if not records or _SUCCESS not in records[0].answer.body:
            return
        if outcome(answer) != "success":
            what = f"action {action or '-'}"
            raise Broken("attack.answer", _evidence(answer, records[0]), found=outcome(answer), what=what)

    return run


def _closed_notice(lab: Lab) -> None:
    with lab.gateway() as session:
        till = Till.open(lab, session)
        till.prepared(till.cancel(), "success")
        before = till.belief()
        if before.get("state") != "cancelled":
            raise NotJudged("see.requirement", requirement="money.cancel.booked")
        news = {"trade_status": "TRADE_CLOSED", "notify_id": f"c{till.trade}"}
        fields, kind = fields_of(lab, session, till.trade, news)
        reply = send(lab, fields, kind)
        after = till.belief()
    evidence = shown(fields, reply, after)
    if not reply.acknowledged:
        raise Broken("attack.closed-notice", evidence, what=reply.reason or reply.status)
    if after.get("state") not in {"cancelled", "closed"} or after.get("fulfilled") != before.get("fulfilled"):
        raise Broken("attack.closed-notice", evidence, what=after)
