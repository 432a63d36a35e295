"""``notify.reject.*``, ``notify.post-only``: what looks signed, comes another way, or comes twice."""

import html
import json
from collections.abc import Callable
from typing import Final

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.rules.forgeries import Pairs, replace
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.notifications import (
    Reply,
    call_url,
    changed,
    deliver,
    expect_disbelief,
    fields_of,
    paid,
    recorded,
    recorded_in_the_end,
    send,
    shown,
)
from alipay_qr_conformance.testbed.paid_trade import number
from alipay_qr_conformance.testbed.testbed import Testbed

_NOTIFY: Final = ("notify",)
_TRADE: Final = ("notify", "trade")
_CAREFUL: Final = ("notify.reject.changed", "notify.genuine")

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

TYPES: Final = ("text/plain", "application/json", "multipart/form-data", "text/xml")


@check("notify.reject.lookalike", needs=_TRADE, builds_on=_CAREFUL, each=LOOKALIKES)
def lookalike(bed: Testbed, name: str) -> None:
    """An unsigned amount comes under a name that is nearly ``total_fee``: the signed amount is recorded."""
    with bed.gateway() as session:
        for first in (True, False):
            trade = paid(bed, session)
            genuine, content_type = fields_of(bed, session, trade)
            extra = (name, "0.01")
            fields = [extra, *genuine] if first else [*genuine, extra]
            reply = send(bed, fields, content_type)
            told = recorded(bed, trade) or {}
            found = number(told.get("paid"))
            if told.get("state") == "paid" and found is not None and found != number(bed.price):
                raise Failed("notify.unsigned-value", shown(fields, reply, told), found=found)


@check("notify.reject.disguised", needs=_NOTIFY, builds_on=_CAREFUL, each=DISGUISES)
def disguised(bed: Testbed, disguise: tuple[Callable[[str], str], str]) -> None:
    """A forged value is right once it is unescaped: it is not believed; a genuine one that looks so is."""
    change, twin = disguise
    with bed.gateway() as session:
        genuine, content_type = fields_of(bed, session, paid(bed, session), {"subject": twin})
        if not send(bed, genuine, content_type).acknowledged:
            raise Blocked("see.requirement", requirement="notify.genuine")
        trade = paid(bed, session)
        genuine, content_type = fields_of(bed, session, trade, {"subject": "tea<7>"})
        value = change("tea<7>")
        fields = replace(genuine, "subject", value)
        expect_disbelief(bed, trade, fields, send(bed, fields, content_type), value)


@check(
    "notify.reject.content-type",
    needs=_NOTIFY,
    builds_on=_CAREFUL,
    each={each.replace("/", "-"): each for each in TYPES},
)
def typed(bed: Testbed, content_type: str) -> None:
    """A plain forgery comes in the form of another content type: it is not believed."""
    with bed.gateway() as session:
        trade, fields, _ = changed(bed, session)
        body, full = written(fields, content_type, bed.setup.charset)
        expect_disbelief(bed, trade, fields, deliver(bed, body, full), content_type)


def written(fields: Pairs, content_type: str, charset: str) -> tuple[bytes, str]:
    """Return fields in the usual form of a content type, and the whole header."""
    if content_type == "application/json":
        return json.dumps(dict(fields)).encode(), content_type
    if content_type == "multipart/form-data":
        head = 'Content-Disposition: form-data; name="'
        parts = "".join(f'--b\r\n{head}{name}"\r\n\r\n{value}\r\n' for name, value in fields)
        return f"{parts}--b--\r\n".encode(), f"{content_type}; boundary=b"
    if content_type == "text/xml":
        items = "".join(f"<{name}>{html.escape(value)}</{name}>" for name, value in fields)
        return f"<xml>{items}</xml>".encode(), content_type
    return encode_notification(fields, charset), content_type


# --- in the URL -----------------------------------------------------------------------------------------


def _open_link(bed: Testbed, fields: Pairs) -> Reply:
    """Open the notify URL with fields in its query, as a browser does."""
    query = encode_notification(fields, bed.setup.charset).decode("ascii")
    if bed.hello.notify_url and not bed.subject.supports("notify"):
        return call_url(bed.hello.notify_url, "GET", b"", query=query)
    return deliver(bed, b"", "", method="GET", query=query)


@check("notify.post-only", needs=_NOTIFY, builds_on=_CAREFUL)
def forged_link(bed: Testbed) -> None:
    """A forged notification comes as a link, by GET: it is not believed."""
    with bed.gateway() as session:
        trade, fields, _ = changed(bed, session)
        expect_disbelief(bed, trade, fields, _open_link(bed, fields), "GET")


@check("notify.post-only", needs=_NOTIFY, builds_on=_CAREFUL, each={"by-put": "PUT", "by-patch": "PATCH"})
def forged_by(bed: Testbed, method: str) -> None:
    """A forged notification comes by another method with a body: it is not believed."""
    with bed.gateway() as session:
        trade, fields, content_type = changed(bed, session)
        body = encode_notification(fields, bed.setup.charset)
        if bed.hello.notify_url and not bed.subject.supports("notify"):
            reply = call_url(bed.hello.notify_url, method, body, content_type)
        else:
            reply = deliver(bed, body, content_type, method=method)
        expect_disbelief(bed, trade, fields, reply, method)


@check("notify.post-only", needs=_TRADE, builds_on=_CAREFUL)
def genuine_link_first(bed: Testbed) -> None:
    """The genuine notification comes by GET, which may be refused; then by POST, which must not."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        _open_link(bed, fields)
        reply = send(bed, fields, content_type)
        told = recorded_in_the_end(bed, trade)
    found = {"state": told.get("state"), "fulfilled": str(told.get("fulfilled") or "0")}
    if not reply.acknowledged or found["state"] != "paid" or found["fulfilled"] not in {"0", "1"}:
        raise Failed("attack.get", shown(fields, reply, told), what=found)


@check("notify.reject.url-override", needs=_NOTIFY, builds_on=_CAREFUL)
def all_in_the_url(bed: Testbed) -> None:
    """An empty POST comes with a whole forged notification behind the notify URL: it is not believed."""
    with bed.gateway() as session:
        trade, fields, content_type = changed(bed, session)
        query = encode_notification(fields, bed.setup.charset).decode("ascii")
        expect_disbelief(bed, trade, fields, deliver(bed, b"", content_type, query=query), "URL")


@check("notify.reject.url-override", needs=_TRADE)
def amount(bed: Testbed) -> None:
    """Unsigned values stand in the query of the notify URL: those of the body are recorded, if any."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        reply = send(bed, fields, content_type, query="total_fee=0.01&trade_status=TRADE_SUCCESS")
        _expect_genuine_amount(bed, trade, fields, reply)


# --- twice ----------------------------------------------------------------------------------------------


@check("notify.reject.duplicate", needs=_TRADE, each={"forged-first": True, "forged-last": False})
def duplicate(bed: Testbed, first: bool) -> None:  # noqa: FBT001 (a row of the table)
    """A notification holds a second, unsigned amount: it is not the one that is recorded."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        genuine, content_type = fields_of(bed, session, trade)
        extra = ("total_fee", "0.01")
        fields = [extra, *genuine] if first else [*genuine, extra]
        _expect_genuine_amount(bed, trade, fields, send(bed, fields, content_type))


def _expect_genuine_amount(bed: Testbed, trade: str, fields: Pairs, reply: Reply) -> None:
    """Raise `Failed` where the unsigned one of two values is recorded."""
    told = recorded(bed, trade) or {}
    found = told.get("paid")
    if found is None:
        return
    if number(found) != number(bed.price):
        raise Failed("notify.unsigned-value", shown(fields, reply, told), found=found)
