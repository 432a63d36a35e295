"""Names that look like another's, values that must be undone to be right, other content types."""

import html
import json
from collections.abc import Callable
from typing import Final

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.checks.attacks.belief import careful, disbelieved, made_cheap
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.rules.forgeries import Pairs, replace
from alipay_qr_conformance.testbed.notifications import deliver, fields_of, paid, recorded, send, shown
from alipay_qr_conformance.testbed.paid_trade import number
from alipay_qr_conformance.testbed.testbed import Testbed

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


def lookalike(name: str) -> Callable[[Testbed], None]:
    """Judge news with an unsigned amount under a name that is nearly total_fee."""

    def run(bed: Testbed) -> None:
        careful(bed)
        with bed.gateway() as session:
            for first in (True, False):
                trade = paid(bed, session)
                genuine, kind = fields_of(bed, session, trade)
                extra = (name, "0.01")
                fields = [extra, *genuine] if first else [*genuine, extra]
                reply = send(bed, fields, kind)
                belief = recorded(bed, trade) or {}
                found = number(belief.get("paid"))
                if belief.get("state") == "paid" and found is not None and found != number("12.50"):
                    raise Failed("notify.unsigned-value", shown(fields, reply, belief), found=found)

    return run


def disguised(name: str, disguise: Callable[[str], str], twin: str) -> Callable[[Testbed], None]:
    """Judge a forgery that is right once the value is undone; genuine values that look so come first."""

    def run(bed: Testbed) -> None:
        careful(bed)
        with bed.gateway() as session:
            genuine, kind = fields_of(bed, session, paid(bed, session), {"subject": twin})
            if not send(bed, genuine, kind).acknowledged:
                raise Blocked("see.requirement", requirement="notify.genuine")
            trade = paid(bed, session)
            genuine, kind = fields_of(bed, session, trade, {"subject": "tea<7>"})
            fields = replace(genuine, "subject", disguise("tea<7>"))
            disbelieved(bed, trade, fields, send(bed, fields, kind), name)

    return run


def typed(kind: str) -> Callable[[Testbed], None]:
    """Judge a plain forgery that comes in the form of another content type."""

    def run(bed: Testbed) -> None:
        careful(bed)
        with bed.gateway() as session:
            trade, fields, _ = made_cheap(bed, session)
            body, content_type = _written(fields, kind, bed.setup.charset)
            reply = deliver(bed, body, content_type)
            disbelieved(bed, trade, fields, reply, kind)

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
