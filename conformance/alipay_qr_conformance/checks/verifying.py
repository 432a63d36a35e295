"""Level 1: does the subject tell genuine signatures from forged ones?

Only subjects that list the operation ``verify`` are asked. *Not accepted* is the answer ``valid: false``,
a refusal or an error alike.
"""

from collections.abc import Callable, Iterator
from typing import Final

from alipay_qr.presign import presign
from alipay_qr_conformance.casebook import (
    CHARSETS,
    SIGN_TYPES,
    Broken,
    CannotDo,
    Case,
    NotJudged,
    Plan,
    Setup,
)
from alipay_qr_conformance.forgeries import Pairs, Tools, applicable, forge
from alipay_qr_conformance.lab import Lab
from alipay_qr_conformance.messages import message
from alipay_qr_conformance.subjects import Raised, Refusal, Result

_NOTIFICATION: Final[Pairs] = [
    ("notify_time", "2026-03-09 10:00:01"),
    ("notify_type", "trade_status_sync"),
    ("notify_id", "a1b2c3d4e5"),
    ("out_trade_no", "T1001"),
    ("trade_no", "2026030921001004"),
    ("trade_status", "TRADE_SUCCESS"),
    ("total_fee", "12.50"),
    ("trans_currency", "USD"),
    ("gmt_payment", "2026-03-09 10:00:00"),
]
_RESPONSE: Final[Pairs] = [
    ("result_code", "SUCCESS"),
    ("out_trade_no", "T1001"),
    ("trade_no", "2026030921001004"),
    ("retry_flag", "N"),
    ("action", "refund"),
]
GENUINE: Final[dict[str, Pairs]] = {
    "plain": [],
    "empty-field": [("body", "")],
    "blanks": [("subject", "two  words")],
    "outer-blanks": [("subject", " x ")],
    "plus": [("subject", "1+1=2")],
    "reserved": [("subject", "a&b=c%41;/?")],
    "json": [("passback_parameters", '{"a": "b/c", "d": "1"}')],
    "unknown-field": [("x_new_field", "1")],
    "zero": [("discount", "0"), ("use_coupon", "0")],
    "capital-name": [("sendFormat", "normal"), ("Zone", "8")],
}
_CHINESE: Final[Pairs] = [("subject", "测试商品"), ("body", "北京 第1店")]


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (level 1 is the same in every plan)
    """Yield genuine and forged messages for each sign type."""
    for sign_type in SIGN_TYPES:
        setup = Setup(sign_type)
        for name, extra in GENUINE.items():
            yield Case(
                "verify.genuine", f"{name}/{setup}", _genuine([*_NOTIFICATION, *extra]), setup, ("verify",)
            )
        yield Case("verify.genuine", f"response/{setup}", _genuine(_RESPONSE, "response"), setup, ("verify",))
        for charset in CHARSETS:
            there = Setup(sign_type, charset)
            yield Case(
                "verify.genuine",
                f"chinese/{there}",
                _genuine([*_NOTIFICATION, *_CHINESE]),
                there,
                ("verify",),
            )
        for name, kind in applicable(sign_type):
            for source, base, changed in (
                ("notification", _NOTIFICATION, ("total_fee", "0.01")),
                ("response", _RESPONSE, ("out_trade_no", "T1002")),
            ):
                run = _forged(name, base, source, changed)
                yield Case(f"verify.reject.{kind}", f"{name}/{source}/{sign_type}", run, setup, ("verify",))


def signed(lab: Lab, fields: Pairs) -> Pairs:
    """Return the fields with sign and sign type as Alipay would send them."""
    signer = lab.keys.gateway_signer(lab.setup.sign_type)
    if signer is None:
        raise CannotDo(message("needs.keys", sign_type=lab.setup.sign_type))
    return [
        *fields,
        ("sign", signer.sign(presign(fields, lab.setup.charset))),
        ("sign_type", signer.sign_type),
    ]


def accepted(lab: Lab, params: Pairs, source: str) -> bool:
    """Ask the subject whether a message is valid."""
    if not lab.subject.supports("verify", source=source):
        raise CannotDo(message("needs.source", source=source))
    answer = lab.ask(
        "verify", params=[list(pair) for pair in params], charset=lab.setup.charset, source=source
    )
    match answer:
        case Result(value={"valid": bool(valid)}):
            return valid
        case Result(value=value):
            raise Broken("verify.no-answer", {"parameters": params, "answer": value})
        case Refusal() | Raised():
            return False


def _genuine(fields: Pairs, source: str = "notification") -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        params = signed(lab, fields)
        if not accepted(lab, params, source):
            text = presign(params, lab.setup.charset).decode(lab.setup.charset.lower())
            raise Broken("verify.refused", {"parameters": params, "source": source, "expected_presign": text})

    return run


def _forged(name: str, fields: Pairs, source: str, changed: tuple[str, str]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        tools = Tools(lab.keys, lab.setup.sign_type, lab.setup.charset, changed)
        params = forge(name, signed(lab, fields), tools)
        if params is None:
            raise NotJudged("forgery.impossible", what=name)
        if accepted(lab, params, source):
            raise Broken("verify.accepted", {"parameters": params, "source": source}, what=name)

    return run
