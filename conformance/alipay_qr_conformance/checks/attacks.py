"""Level 3: what a stranger can do with the notify URL, and with messages that Alipay really signed.

Every forgery here is one that a careful verifier never believes; a subject that believes any change at all
is accused of that by `notifications` alone, and not judged here. Where the protocol itself is weak (a moved
boundary keeps the signature valid), the finding says so.
"""

import html
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.gateway import Fault, faults
from alipay_qr.wire import encode_notification
from alipay_qr_conformance.casebook import Broken, CannotDo, Case, NotJudged, Plan, Setup
from alipay_qr_conformance.checks.notifications import fields_of, paid, resigned, send, shown, state
from alipay_qr_conformance.checks.till import Answered, Till, number
from alipay_qr_conformance.counter import Reply, deliver
from alipay_qr_conformance.forgeries import Pairs, replace, without
from alipay_qr_conformance.lab import Lab, Session
from alipay_qr_conformance.messages import message

_NOTIFY: Final = ("notify",)
_BOOKS: Final = ("notify", "trade")
_EXPECT: Final = ("notify", "expect")
_OPEN: Final = frozenset({"none", "waiting", None})
"""States in which no payment is believed."""

_OTHER_SELLER: Final = "2088999999999999"
MOVED: Final = ("total_fee", "out_trade_no", "trade_status", "seller_id")
"""Parameters that are moved into the value before them."""

LOOKALIKES: Final = {
    "brackets": "total_fee[]",
    "blank-behind": "total_fee ",
    "blank-before": " total_fee",
    "capitals": "TOTAL_FEE",
    "dot": "total.fee",
    "blank-for-underscore": "total fee",
    "cyrillic": "tot\u0430l_fee",
    "zero-width": "total_fee\u200b",
    "nul": "total_fee\0",
    "escaped": "total%5Ffee",
}
DISGUISES: Final[dict[str, tuple[Callable[[str], str], str]]] = {
    "html-entities": (lambda text: "".join(f"&#{ord(each)};" for each in text), "&#49;&amp;"),
    "named-entities": (html.escape, "&lt;b&gt;"),
    "percent-twice": (lambda text: "".join(f"%{ord(each):02X}" for each in text), "%41"),
    "json-text": (json.dumps, '"x"'),
    "json-list": (lambda text: json.dumps([text]), '["x"]'),
    "blanks-around": (lambda text: f" {text} ", " x "),
    "backslashes": (lambda text: text.replace("<", "\\<"), "a\\<b"),
    "full-width": (lambda text: text.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)}), "\uff21"),
}
"""By name: how a value is disguised, and a genuine value that looks disguised and must be left alone."""

ZERO: Final[Pairs] = [
    ("notify_id", "0e2097431906"),
    ("notify_time", "2026-03-09 10:00:00"),
    ("notify_type", "trade_status_sync"),
    ("notify_action_type", "payByAccountAction"),
    ("out_trade_no", "T20970009"),
    ("trade_no", "2026030983624811992560000001"),
    ("trade_status", "TRADE_SUCCESS"),
    ("subject", "tea" + "!" * 41),
    ("gmt_create", "2026-03-09 10:00:00"),
    ("seller_id", TEST_PARTNER),
    ("buyer_id", "2088102000000001"),
    ("price", "12.50"),
    ("quantity", "1"),
    ("total_fee", "12.50"),
    ("discount", "0.00"),
    ("is_total_fee_adjust", "N"),
    ("use_coupon", "N"),
    ("payment_type", "1"),
    ("trans_currency", "USD"),
    ("gmt_payment", "2026-03-09 10:00:00"),
    ("x_counter", "1069694543"),
]
"""A payment that never was; with the published MD5 key its digest is 0e and thirty digits (searched for)."""

TYPES: Final = ("text/plain", "application/json", "multipart/form-data", "text/xml")
HOSTILE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "long-value": lambda form: form + b"&junk=" + b"a" * 1_500_000,
    "many-names": lambda form: form + b"".join(b"&a%d=" % number for number in range(20_000)),
    "nested-names": lambda form: form + b"&a" + b"[a]" * 5_000 + b"=1",
    "broken-percent": lambda form: form + b"&junk=%&x=%zz&%=%e4%b8&y=%00",
    "no-text": lambda form: b"\xff\xfe&=&&==;\0=" + form[:0],
    "empty": lambda form: form[:0],
}
"""Bodies that nobody signed; made of a genuine form."""
LARGE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "ten-megabytes": lambda form: form + b"&junk=" + b"a" * 10_000_000,
}
"""The same, at depth ``deep``: an adapter that reads lines takes its time over them."""


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the cases."""
    for name in MOVED:
        yield Case("notify.boundary", f"{name}-moved", _moved_away(name), needs=_NOTIFY)
    yield Case("notify.boundary", "amount-in-the-subject", _split_amount, needs=_BOOKS)
    yield Case("notify.validate.amount", "boundary-moved", _hidden_amount, needs=_EXPECT)
    yield Case("notify.validate.amount", "amount-in-the-subject", _split_awaited, needs=_EXPECT)
    for name, lookalike in LOOKALIKES.items():
        yield Case("notify.reject.lookalike", name, _lookalike(lookalike), needs=_BOOKS)
    for name, (disguise, twin) in DISGUISES.items():
        yield Case("notify.reject.disguised", name, _disguised(name, disguise, twin), needs=_NOTIFY)
    for kind in TYPES:
        yield Case("notify.reject.content-type", kind.replace("/", "-"), _typed(kind), needs=_NOTIFY)
    yield Case("notify.post-only", "forged-link", _forged_link, needs=_NOTIFY)
    yield Case("notify.post-only", "genuine-link-first", _link_first, needs=_BOOKS)
    yield Case("notify.reject.closing", "paid", _forged_closing, needs=_BOOKS)
    yield Case("notify.reject.refund", "accepted-one", _forged_refund(asked=True), needs=(*_BOOKS, "refund"))
    yield Case("notify.reject.refund", "nobody-asked", _forged_refund(asked=False), needs=_BOOKS)
    yield Case("notify.reject.bad-sign", "sign-as-a-list", _sign_as_a_list, needs=_NOTIFY)
    yield Case("notify.reject.bad-sign", "equal-as-numbers", _equal_as_numbers, Setup("MD5"), _BOOKS)
    yield Case("notify.reject.url-override", "all-in-the-url", _all_in_the_url, needs=_NOTIFY)
    for name, change in HOSTILE.items() if plan.depth != "deep" else (HOSTILE | LARGE).items():
        yield Case("notify.hostile", name, _hostile(name, change), needs=_NOTIFY)
    yield Case("notify.once.fulfilled", "hundred-times", _hundred_times, needs=_BOOKS)
    yield Case("notify.once.fulfilled", "two-ids-at-once", _two_ids_at_once, needs=_BOOKS)
    yield Case("notify.status.forward", "after-own-cancel", _after_cancel, needs=(*_BOOKS, "cancel"))
    yield Case("notify.status.forward", "after-full-refund", _after_refund, needs=(*_BOOKS, "refund"))
    for name, answer in _ANSWERS.items():
        yield Case("notify.verify-query.strict", name, _verify_query(answer), needs=_NOTIFY)


# --- what several cases need --------------------------------------------------------------------------


def _careful(lab: Lab) -> None:
    """Raise `NotJudged` where genuine news are refused, or any change at all is believed."""

    def attempt() -> str:
        with lab.gateway() as session:
            trade = paid(lab, session)
            fields, kind = fields_of(lab, session, trade)
            if _believed(lab, trade, send(lab, replace(fields, "total_fee", "0.01"), kind)):
                return "notify.reject.changed"
            if not send(lab, *fields_of(lab, session, paid(lab, session))).acknowledged:
                return "notify.genuine"
        return ""

    if found := lab.once("careful-with-notifications", attempt):
        raise NotJudged("see.requirement", requirement=found)


def _believed(lab: Lab, trade: str, reply: Reply) -> bool:
    """Say whether a payment is believed; by the reply where there is no ``trade``."""
    belief = state(lab, trade)
    if belief is None:
        return reply.acknowledged
    return belief.get("state") not in _OPEN or str(belief.get("fulfilled") or "0") != "0"


def _moved(fields: Pairs, name: str) -> Pairs:
    """Return the message with one parameter moved into the value before it; the signed text is the same."""
    signed = sorted(pair for pair in without(fields, "sign", "sign_type") if pair[1])
    place = [each for each, _ in signed].index(name)
    before, value = signed[place - 1]
    return replace(without(fields, name), before, f"{value}&{name}={signed[place][1]}")


def _disbelieved(lab: Lab, trade: str, fields: Pairs, reply: Reply, what: str) -> None:
    if _believed(lab, trade, reply):
        raise Broken("notify.believed", shown(fields, reply, state(lab, trade)), what=what)


# --- the boundary between two parameters --------------------------------------------------------------


def _moved_away(name: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab)
        with lab.gateway() as session:
            if name != "total_fee" and _takes_without(lab, session, name):
                rule = "notify.validate.seller" if name == "seller_id" else "notify.validate.complete"
                raise NotJudged("see.requirement", requirement=rule)
            trade = paid(lab, session)
            fields, kind = fields_of(lab, session, trade)
            if name == "seller_id":
                fields = resigned(lab, [*without(fields, name), (name, _OTHER_SELLER)])
            moved = _moved(fields, name)
            reply = send(lab, moved, kind)
            if _believed(lab, trade, reply):
                raise Broken("attack.boundary", shown(moved, reply, state(lab, trade)), name=name)

    return run


def _takes_without(lab: Lab, session: Session, name: str) -> bool:
    """Say whether a signed message is believed that lacks a parameter; one of another seller, for that."""
    trade = paid(lab, session)
    fields, kind = fields_of(lab, session, trade)
    bare = without(fields, name)
    fields = resigned(lab, [*bare, (name, _OTHER_SELLER)] if name == "seller_id" else bare)
    return _believed(lab, trade, send(lab, fields, kind))


def _hidden_amount(lab: Lab) -> None:
    """Goods for 12.50 are awaited; 0.01 is paid, and its amount hidden."""
    _careful(lab)
    with lab.gateway() as session:
        trade = lab.fresh("T")
        lab.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
        session.engine.pay(None, "0.01", "USD", session.now, out_trade_no=trade)
        fields, kind = fields_of(lab, session, trade)
        moved = _moved(fields, "total_fee")
        reply = send(lab, moved, kind)
        if _believed(lab, trade, reply):
            raise Broken("attack.boundary", shown(moved, reply, state(lab, trade)), name="total_fee")


def _split(lab: Lab, session: Session, trade: str) -> tuple[Pairs, str]:
    """Return news of 0.01 in which the customer's text about the goods becomes a part of the amount."""
    session.engine.pay(None, "0.01", "USD", session.now, out_trade_no=trade)
    fields, kind = fields_of(lab, session, trade, {"subject": "goods&total_fee=1250.00"})
    fields = replace(fields, "subject", "goods")
    return replace(fields, "total_fee", "1250.00&total_fee=0.01"), kind


def _split_amount(lab: Lab) -> None:
    _careful(lab)
    with lab.gateway() as session:
        trade = lab.fresh("T")
        fields, kind = _split(lab, session, trade)
        reply = send(lab, fields, kind)
        belief = state(lab, trade) or {}
    found = number(belief.get("paid"))
    if belief.get("state") == "paid" and found is not None and found != number("0.01"):
        raise Broken("attack.split", shown(fields, reply, belief), paid="0.01", found=found)


def _split_awaited(lab: Lab) -> None:
    _careful(lab)
    with lab.gateway() as session:
        trade = lab.fresh("T")
        lab.ask("expect", out_trade_no=trade, total_fee="1250.00", currency="USD")
        fields, kind = _split(lab, session, trade)
        reply = send(lab, fields, kind)
        if _believed(lab, trade, reply):
            raise Broken(
                "attack.split", shown(fields, reply, state(lab, trade)), paid="0.01", found="1250.00"
            )


# --- names, values, ways in ---------------------------------------------------------------------------


def _lookalike(name: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab)
        with lab.gateway() as session:
            for first in (True, False):
                trade = paid(lab, session)
                genuine, kind = fields_of(lab, session, trade)
                extra = (name, "0.01")
                fields = [extra, *genuine] if first else [*genuine, extra]
                reply = send(lab, fields, kind)
                belief = state(lab, trade) or {}
                found = number(belief.get("paid"))
                if belief.get("state") == "paid" and found is not None and found != number("12.50"):
                    raise Broken("notify.unsigned-value", shown(fields, reply, belief), found=found)

    return run


def _disguised(name: str, disguise: Callable[[str], str], twin: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab)
        with lab.gateway() as session:
            genuine, kind = fields_of(lab, session, paid(lab, session), {"subject": twin})
            if not send(lab, genuine, kind).acknowledged:
                raise NotJudged("see.requirement", requirement="notify.genuine")
            trade = paid(lab, session)
            genuine, kind = fields_of(lab, session, trade, {"subject": "tea<7>"})
            fields = replace(genuine, "subject", disguise("tea<7>"))
            _disbelieved(lab, trade, fields, send(lab, fields, kind), name)

    return run


def _typed(kind: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab)
        with lab.gateway() as session:
            trade = paid(lab, session)
            genuine, _ = fields_of(lab, session, trade)
            fields = replace(genuine, "total_fee", "0.01")
            body, content_type = _written(fields, kind, lab.setup.charset)
            reply = deliver(lab, body, content_type)
            _disbelieved(lab, trade, fields, reply, kind)

    return run


def _written(fields: Pairs, kind: str, charset: str) -> tuple[bytes, str]:
    """Return fields in the usual form of a content type."""
    if kind == "application/json":
        return json.dumps(dict(fields)).encode(), kind
    if kind == "multipart/form-data":
        head = 'Content-Disposition: form-data; name="'
        parts = "".join(f'--b\r\n{head}{name}"\r\n\r\n{value}\r\n' for name, value in fields)
        return f"{parts}--b--\r\n".encode(), f"{kind}; boundary=b"
    if kind == "text/xml":
        items = "".join(f"<{name}>{html.escape(value)}</{name}>" for name, value in fields)
        return f"<xml>{items}</xml>".encode(), kind
    return encode_notification(fields, charset), kind


def _link(lab: Lab, fields: Pairs) -> Reply:
    """Open the notify URL with fields in its query, as a browser does."""
    query = encode_notification(fields, lab.setup.charset).decode("ascii")
    if lab.hello.notify_url and not lab.subject.supports("notify"):
        return _over_http(lab.hello.notify_url, "GET", b"", query=query)
    return deliver(lab, b"", "", method="GET", query=query)


def _over_http(url: str, method: str, body: bytes, kind: str = "", query: str = "") -> Reply:
    """Call a subject that listens itself, once, without waiting for what it books."""
    import requests

    target = f"{url}{'&' if '?' in url else '?'}{query}" if query else url
    headers = {"Content-Type": kind} if kind else {}
    with requests.Session() as http:
        http.trust_env = False
        try:
            with http.request(
                method,
                target,
                data=body,
                headers=headers,
                timeout=10,
                allow_redirects=False,
                stream=True,
            ) as answer:
                text = answer.raw.read(64 * 1024, decode_content=True)
                return Reply(text, str(answer.status_code))
        except requests.RequestException as error:
            return Reply(None, reason=type(error).__name__)


def _forged_link(lab: Lab) -> None:
    _careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        genuine, _ = fields_of(lab, session, trade)
        fields = replace(genuine, "total_fee", "0.01")
        _disbelieved(lab, trade, fields, _link(lab, fields), "GET")


def _link_first(lab: Lab) -> None:
    """The genuine news by GET, which may be refused; then by POST, which must not."""
    _careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, kind = fields_of(lab, session, trade)
        _link(lab, fields)
        reply = send(lab, fields, kind)
        belief = state(lab, trade) or {}
    found = {"state": belief.get("state"), "fulfilled": str(belief.get("fulfilled") or "1")}
    if not reply.acknowledged or found != {"state": "paid", "fulfilled": "1"}:
        raise Broken("attack.get", shown(fields, reply, belief), what=found)


def _all_in_the_url(lab: Lab) -> None:
    """A POST with nothing in it, and a whole forged message behind the notify URL."""
    _careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        genuine, kind = fields_of(lab, session, trade)
        fields = replace(genuine, "total_fee", "0.01")
        query = encode_notification(fields, lab.setup.charset).decode("ascii")
        _disbelieved(lab, trade, fields, deliver(lab, b"", kind, query=query), "URL")


def _sign_as_a_list(lab: Lab) -> None:
    """PHP reads ``sign[]`` as a list, and strcmp of a list was null, which is equal to zero."""
    _careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        genuine, kind = fields_of(lab, session, trade)
        bare = without(replace(genuine, "total_fee", "0.01"), "sign")
        if _believed(lab, trade, send(lab, bare, kind)):
            raise NotJudged("see.requirement", requirement="notify.reject.no-sign")
        fields = [*bare, ("sign[]", dict(genuine)["sign"])]
        _disbelieved(lab, trade, fields, send(lab, fields, kind), "sign[]")


def _equal_as_numbers(lab: Lab) -> None:
    """The right sign is 0e and thirty digits; so is the wrong one, and both are the number 0."""
    if lab.keys.md5_key != TEST_MD5_KEY:
        raise CannotDo(message("needs.published-key"))
    _careful(lab)
    with lab.gateway() as session:
        fields = [*ZERO, ("sign_type", "MD5"), ("sign", "0e462097431906509019562988736854")]
        _, kind = fields_of(lab, session, paid(lab, session))
        _disbelieved(lab, dict(ZERO)["out_trade_no"], fields, send(lab, fields, kind), "0e...")


def _forged_closing(lab: Lab) -> None:
    _careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, kind = fields_of(lab, session, trade)
        send(lab, fields, kind)
        before = state(lab, trade) or {}
        forged = replace(replace(fields, "trade_status", "TRADE_CLOSED"), "notify_id", f"f{trade}")
        reply = send(lab, forged, kind)
        after = state(lab, trade) or {}
    if before.get("state") == "paid" and after.get("state") != "paid":
        raise Broken(
            "attack.changed",
            shown(forged, reply, after),
            before="paid",
            after=after.get("state"),
            what="TRADE_CLOSED",
        )


def _forged_refund(*, asked: bool) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab)
        with lab.gateway() as session:
            till = Till.open(lab, session)
            fields, kind = fields_of(lab, session, till.trade)
            refund_id = lab.fresh("R")
            if asked:
                till.refund("4.00", refund_id=refund_id, is_sync="N")
            before = number(till.belief().get("refunded") or "0")
            news = {
                "notify_id": f"f{refund_id}",
                "notify_action_type": "refundFPAction",
                "out_biz_no": refund_id,
                "refund_fee": "4.00",
                "refund_status": "REFUND_SUCCESS",
            }
            forged = [*without(fields, *news), *news.items()]
            reply = send(lab, forged, kind)
            belief = till.belief()
        if number(belief.get("refunded") or "0") != before:
            raise Broken("attack.refunded", shown(forged, reply, belief), found=belief.get("refunded"))

    return run


def _hostile(name: str, change: Callable[[bytes], bytes]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab)
        with lab.gateway() as session:
            fields, kind = fields_of(lab, session, paid(lab, session))
            deliver(lab, change(encode_notification(fields, lab.setup.charset)), kind)
            fields, kind = fields_of(lab, session, paid(lab, session))
            reply = send(lab, fields, kind)
        if not reply.acknowledged:
            raise Broken("attack.deaf", shown(fields, reply), what=name)

    return run


# --- once, and never back -----------------------------------------------------------------------------


def _fulfilled(lab: Lab, trade: str, fields: Pairs, times: int) -> None:
    belief = state(lab, trade) or {}
    count = belief.get("fulfilled")
    if count is None:
        raise CannotDo(message("notify.no-fulfilled"))
    if str(count) not in {"0", "1"}:
        evidence = {"notification": fields, "trade": dict(belief)}
        raise Broken("attack.many", evidence, times=times, count=count)


def _hundred_times(lab: Lab) -> None:
    _careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, kind = fields_of(lab, session, trade)
        send(lab, fields, kind)
        _all_at_once(lab, session, [fields] * 99, kind)
        _fulfilled(lab, trade, fields, 100)


def _two_ids_at_once(lab: Lab) -> None:
    """The payment under two notification numbers at the same moment (in turn if not parallel)."""
    _careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        one, kind = fields_of(lab, session, trade)
        two, _ = fields_of(lab, session, trade, {"notify_id": f"n{trade}"})
        _all_at_once(lab, session, [one, two] * 2, kind)
        _fulfilled(lab, trade, two, 4)


def _all_at_once(lab: Lab, session: Session, news: list[Pairs], kind: str) -> None:
    import base64

    bodies = [encode_notification(each, lab.setup.charset) for each in news]
    url = lab.hello.notify_url
    if lab.subject.supports("notify"):
        args = [
            {"body_base64": base64.b64encode(body).decode("ascii"), "content_type": kind} for body in bodies
        ]
        lab.ask_many([("notify", each) for each in args], session.now)
    elif url:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda body: _over_http(url, "POST", body, kind), bodies))


def _after_cancel(lab: Lab) -> None:
    _after(lab, Till.cancel, "cancelled")


def _after_refund(lab: Lab) -> None:
    _after(lab, lambda till: till.refund("10.00"), "refunded")


def _after(lab: Lab, end: Callable[[Till], Answered], ended: str) -> None:
    """News of the payment under a new number, which come after the trade has ended.

    Where it has not ended, other rules are to blame, and nothing is there to be reopened.
    """
    with lab.gateway() as session:
        till = Till.open(lab, session)
        fields, kind = fields_of(lab, session, till.trade, {"notify_id": f"l{till.trade}"})
        end(till)
        before = till.belief()
        if before.get("state") != ended:
            return
        reply = send(lab, fields, kind)
        after = till.belief()
    if _ledger(after) != _ledger(before):
        evidence = {**shown(fields, reply, after), "before": before}
        raise Broken("attack.late-news", evidence, before=ended, what=_ledger(after))


def _ledger(belief: Mapping[str, object]) -> dict[str, str]:
    """State and refunded sum; how often goods left is judged by ``notify.once.fulfilled``."""
    found = {"state": str(belief.get("state"))}
    return found if belief.get("state") == "cancelled" else {**found, "refunded": str(belief.get("refunded"))}


# --- asking Alipay whether a notification is its own --------------------------------------------------

_ANSWERS: Final = {
    "false": b"false",
    "page": b"<html><body>it is true that this page does not exist</body></html>",
    "true-and-more": b"true if it were so",
}


def _verify_query(answer: bytes) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        _careful(lab)
        with lab.gateway() as session:
            trade = paid(lab, session)
            fields, kind = fields_of(lab, session, trade)
            session.inject(_saying(answer))
            reply = send(lab, fields, kind)
            if session.of("notify_verify") and _believed(lab, trade, reply):
                evidence = shown(fields, reply, state(lab, trade))
                raise Broken("attack.verify-query", evidence, answer=answer.decode())

    return run


def _saying(answer: bytes) -> Fault:
    return faults.body(answer, "notify_verify", content_type="text/plain")
