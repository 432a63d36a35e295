"""The operations of the adapter protocol as data: what goes in, what comes out, what may be assumed.

One table serves the kit at run time (`check_result`), the published JSON Schema and the golden transcript,
so that the three cannot part. Kinds of a field:

    text     a string                          flag    true or false
    texts    a list of strings                 object  an object, read elsewhere
    value    a string, null or {"base64"}      pairs   a list of [name, value]
    blob     a string or {"base64"}            a tuple of strings: one of them
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Kind = Literal["text", "texts", "flag", "object", "value", "blob", "pairs"] | tuple[str, ...]


class Field(NamedTuple):
    """A field of the arguments or of the result."""

    name: str
    kind: Kind = "text"
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        name: as it stands in ``op``.
        args: what the kit sends.
        result: what the subject returns; fields that are not listed are ignored.
        exactly_one: of these result fields exactly one is there.
        sends: it sends a request to the gateway, so it is given more time.
        pure: it depends on its arguments and the settings alone: it may be asked again.
    """

    name: str
    args: tuple[Field, ...]
    result: tuple[Field, ...]
    exactly_one: tuple[str, ...] = ()
    sends: bool = False
    pure: bool = False


BARRIERS: Final = frozenset({"hello", "configure", "reset"})
"""Nothing else is in flight while one of these is."""

OUTCOMES: Final = ("success", "accepted", "failed", "unknown", "sent", "handed")
HANDED: Final = "handed"
"""The outcome of who leaves the sending to the customer's browser: it opens ``url``, with ``form``."""
UNREAD: Final = frozenset({"sent", HANDED})
"""Outcomes of who reads no answer."""
STATES: Final = (
    "none",
    "waiting",
    "paid",
    "partly_refunded",
    "refunded",
    "cancelled",
    "closed",
    "undecided",
)


def _maybe(name: str, kind: Kind = "text") -> Field:
    return Field(name, kind, required=False)


_OUTCOME: Final = (Field("outcome", OUTCOMES), _maybe("code"), _maybe("url"), _maybe("form"))

OPERATIONS: Final[Mapping[str, Operation]] = {
    each.name: each
    for each in (
        Operation(
            "hello",
            args=(Field("protocol"), Field("kit")),
            result=(
                Field("protocol"),
                Field("name"),
                Field("version"),
                Field("language"),
                Field("operations", "texts"),
                Field("sign_types", "texts"),
                Field("charsets", "texts"),
                Field("clock", "flag"),
                Field("parallel", "flag"),
                _maybe("features", "texts"),
                _maybe("limits", "object"),
                _maybe("slowest_answer"),
                _maybe("notify_url"),
                _maybe("homepage"),
                _maybe("issues"),
                _maybe("runtime"),
                _maybe("kind"),
                _maybe("currencies", "texts"),
            ),
        ),
        Operation(
            "configure",
            args=(
                Field("partner"),
                Field("sign_type", ("MD5", "RSA", "RSA2")),
                Field("charset", ("UTF-8", "GBK", "GB2312")),
                Field("md5_key"),
                Field("merchant_private_key", "object"),
                Field("alipay_public_key", "object"),
                Field("gateway_url"),
                Field("notify_url"),
                Field("gateway_timeout"),
                _maybe("gateway_ca_pem"),
            ),
            result=(),
        ),
        Operation("reset", args=(), result=()),
        Operation(
            "presign",
            args=(Field("params", "pairs"), Field("charset")),
            result=(_maybe("text"), _maybe("base64")),
            exactly_one=("text", "base64"),
            pure=True,
        ),
        Operation(
            "sign",
            args=(Field("params", "pairs"), Field("charset"), Field("sign_type")),
            result=(Field("sign"),),
            pure=True,
        ),
        Operation(
            "verify",
            args=(
                Field("source", ("notification", "response")),
                _maybe("params", "pairs"),
                _maybe("charset"),
                _maybe("body_base64"),
                _maybe("content_type"),
            ),
            result=(Field("valid", "flag"),),
            pure=True,
        ),
        Operation(
            "expect",
            args=(_maybe("out_trade_no"), _maybe("qrcode"), Field("total_fee"), Field("currency")),
            result=(),
        ),
        Operation(
            "create_qr_code",
            args=(Field("biz_data", "object"), Field("notify_url"), _maybe("gateway_url")),
            result=(*_OUTCOME, _maybe("qrcode"), _maybe("qrcode_img_url")),
            sends=True,
        ),
        Operation(
            "cancel",
            args=(Field("out_trade_no"), _maybe("trade_no"), _maybe("gateway_url")),
            result=(*_OUTCOME, _maybe("action", ("close", "refund")), _maybe("via", ("cancel", "refund"))),
            sends=True,
        ),
        Operation(
            "refund",
            args=(
                Field("partner_trans_id"),
                Field("partner_refund_id"),
                Field("refund_amount"),
                Field("currency"),
                _maybe("refund_reason"),
                _maybe("is_sync", ("Y", "N")),
                _maybe("alipay_trans_id"),
                _maybe("notify_url"),
                _maybe("gateway_url"),
            ),
            result=_OUTCOME,
            sends=True,
        ),
        Operation(
            "notify",
            args=(
                Field("body_base64"),
                Field("content_type"),
                _maybe("method"),
                _maybe("query"),
                _maybe("headers", "pairs"),
            ),
            result=(Field("reply", "blob"), _maybe("status")),
            sends=True,
        ),
        Operation(
            "trade",
            args=(Field("out_trade_no"),),
            result=(
                Field("state", STATES),
                _maybe("paid"),
                _maybe("currency"),
                _maybe("refunded"),
                _maybe("pending"),
                _maybe("fulfilled"),
            ),
        ),
    )
}
"""Every operation of version 1 by name. ``notify`` may send (``notify_verify``), so it is given that time."""


def check_result(op: str, value: Mapping[str, object]) -> str | None:
    """Return what is wrong with a result, or None. Results of unknown operations are never wrong."""
    operation = OPERATIONS.get(op)
    if operation is None:
        return None
    lacking = [field for field in operation.result if field.required and value.get(field.name) is None]
    if len(lacking) == 1:
        return f"result of {op} lacks {lacking[0].name}: expected {expected(lacking[0].kind)}"
    if lacking:
        return f"result of {op} lacks {', '.join(field.name for field in lacking)}"
    for field in operation.result:
        found = value.get(field.name)
        if found is not None and not _fits(field.kind, found):
            return f"result.{field.name} of {op} is {_shown(found)}: expected {expected(field.kind)}"
    if operation.exactly_one:
        present = [name for name in operation.exactly_one if value.get(name) is not None]
        if len(present) != 1:
            return f"result of {op} has {len(present)} of {' and '.join(operation.exactly_one)}: expected one"
    if value.get("outcome") == HANDED and operation.sends and value.get("url") is None:
        return f"result of {op} lacks url: with the outcome {HANDED} the kit is the browser, and opens it"
    return None


def expected(kind: Kind) -> str:
    """Return in words what a field of this kind holds."""
    if isinstance(kind, tuple):
        return "one of " + ", ".join(kind)
    return {
        "text": "a string",
        "texts": "a list of strings",
        "flag": "true or false",
        "object": "an object",
        "value": 'a string, null or {"base64": "..."}',
        "blob": 'a string or {"base64": "..."}',
        "pairs": "a list of [name, value]",
    }[kind]


def _fits(kind: Kind, found: object) -> bool:
    if isinstance(kind, tuple):
        return found in kind
    if kind == "flag":
        return isinstance(found, bool)
    if kind == "texts":
        return isinstance(found, list) and all(isinstance(each, str) for each in found)
    if kind == "object":
        return isinstance(found, dict | list)
    if kind == "blob" and isinstance(found, dict):
        return isinstance(found.get("base64"), str)
    return isinstance(found, str)


def _shown(found: object) -> str:
    if isinstance(found, str):
        return ascii(found[:60])
    return "a boolean" if isinstance(found, bool) else f"a {type(found).__name__}"
