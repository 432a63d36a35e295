"""Names that look like another's, values that must be undone to be right, other content types."""

import html
import json
from collections.abc import Callable
from typing import Final

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.casebook import Broken, NotJudged
from alipay_qr_conformance.checks.attacks.belief import careful, disbelieved, made_cheap
from alipay_qr_conformance.checks.delivery import fields_of, paid, send, shown, state
from alipay_qr_conformance.checks.till import number
from alipay_qr_conformance.counter import deliver
from alipay_qr_conformance.forgeries import Pairs, replace
from alipay_qr_conformance.lab import Lab

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


def lookalike(name: str) -> Callable[[Lab], None]:
    """Judge news with an unsigned amount under a name that is nearly total_fee."""

    def run(lab: Lab) -> None:
        careful(lab)
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


def disguised(name: str, disguise: Callable[[str], str], twin: str) -> Callable[[Lab], None]:
    """Judge a forgery that is right once the value is undone; genuine values that look so come first."""

    def run(lab: Lab) -> None:
        careful(lab)
        with lab.gateway() as session:
            genuine, kind = fields_of(lab, session, paid(lab, session), {"subject": twin})
            if not send(lab, genuine, kind).acknowledged:
                raise NotJudged("see.requirement", requirement="notify.genuine")
            trade = paid(lab, session)
            genuine, kind = fields_of(lab, session, trade, {"subject": "tea<7>"})
            fields = replace(genuine, "subject", disguise("tea<7>"))
            disbelieved(lab, trade, fields, send(lab, fields, kind), name)

    return run


def typed(kind: str) -> Callable[[Lab], None]:
    """Judge a plain forgery that comes in the form of another content type."""

    def run(lab: Lab) -> None:
        careful(lab)
        with lab.gateway() as session:
            trade, fields, _ = made_cheap(lab, session)
            body, content_type = _written(fields, kind, lab.setup.charset)
            reply = deliver(lab, body, content_type)
            disbelieved(lab, trade, fields, reply, kind)

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
