"""Notifications that no honest gateway sends, or not like this.

    duplicate        the latest notification of the trade, twice more, the same bytes
    replayed         the earliest one again, long after it was settled
    reordered        all of them again, the latest first
    late             one about the present state, after a while
    tampered         the amount changed after signing
    wrong-signature  one character of the sign changed
    foreign-key      signed, correctly, with a key that is not Alipay's
    unsigned         no ``sign`` at all
    altered          signed as it should be, with other values (``overrides``)

Each is sent once: the schedule of repeats is for genuine ones.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from alipay_qr.errors import ParameterError
from alipay_qr.signing import Md5, sign_params
from alipay_qr.wire import encode_notification
from alipay_qr_conformance.gateway.engine.engine import Engine
from alipay_qr_conformance.gateway.store.memory import Delivery

KINDS: Final = (
    "genuine",
    "duplicate",
    "replayed",
    "reordered",
    "late",
    "tampered",
    "wrong-signature",
    "foreign-key",
    "unsigned",
    "altered",
)
_AGAIN: Final[Mapping[str, Callable[[list[Delivery]], list[Delivery]]]] = {
    "duplicate": lambda sent: [sent[-1], sent[-1]],
    "replayed": lambda sent: [sent[0]],
    "reordered": lambda sent: sent[::-1],
}
_LATE: Final = 60.0
_STRANGER: Final = Md5("a-key-that-is-nobodys-in-the-story")


def send(
    engine: Engine,
    kind: str,
    out_trade_no: str,
    at: datetime,
    *,
    after: float | None = None,
    overrides: Mapping[str, str | None] | None = None,
    url: str = "",
) -> list[Delivery]:
    """Put notifications of a kind into the outbox; they leave after the next commit.

    Args:
        engine: the gateway.
        kind: one of `KINDS`.
        out_trade_no: the trade that they are about.
        at: ``notify_time``.
        after: seconds until they are due; 60 for "late", otherwise 0.
        overrides: values to change before signing; None takes a field away.
        url: where to, if not where the trade's notifications go.

    Raises:
        ParameterError: the kind is unknown, there is nowhere to send them, or nothing was sent so far.
        RuleError: TRADE_NOT_EXIST.
    """
    if kind not in KINDS:
        raise ParameterError(
            f"there is no kind {kind[:40]!r} of notification",
            code="notification.kind",
            hint=f"choose one of {', '.join(KINDS)}",
        )
    url = url or address(engine, out_trade_no)
    pause = after if after is not None else _LATE if kind == "late" else 0.0
    put = engine.outbox.put
    if again := _AGAIN.get(kind):
        sent = [each for each in engine.outbox.all() if each.out_trade_no == out_trade_no]
        if not sent:
            raise ParameterError("this trade has sent no notification so far", code="notification.nothing")
        return [
            put(out_trade_no, kind, url, each.body, each.content_type, after=pause, repeats=False)
            for each in again(sent)
        ]
    sign_type, charset = engine.notifications.form_of(out_trade_no)
    pairs = engine.notifications.params(
        out_trade_no, at, sign_type=sign_type, charset=charset, overrides=overrides
    )
    body = encode_notification(_spoilt(kind, pairs, charset), charset)
    content_type = engine.dialect.content_type(charset)
    return [put(out_trade_no, kind, url, body, content_type, after=pause, repeats=kind == "genuine")]


def address(engine: Engine, out_trade_no: str) -> str:
    """Return where a trade's notifications go.

    Raises:
        ParameterError: nowhere.
        RuleError: TRADE_NOT_EXIST.
    """
    url = engine.notifications.url_of(out_trade_no)
    if not url:
        raise ParameterError(
            f"trade {out_trade_no} has no notify_url",
            code="notification.nowhere",
            hint="pay a code that was made with a notify_url, or name the address",
        )
    return url


def _spoilt(kind: str, pairs: list[tuple[str, str]], charset: str) -> list[tuple[str, str]]:
    fields = dict(pairs)
    if kind == "tampered":
        fields["total_fee"] = str(Decimal(fields.get("total_fee", "0")) + 1)
    elif kind == "wrong-signature":
        sign = fields["sign"]
        fields["sign"] = ("0" if sign[0] != "0" else "1") + sign[1:]
    elif kind == "unsigned":
        del fields["sign"]
    elif kind == "foreign-key":
        unsigned = {name: value for name, value in fields.items() if name not in {"sign", "sign_type"}}
        fields |= {"sign_type": "MD5", "sign": sign_params(unsigned, _STRANGER, charset)}
    return list(fields.items())
