"""What installed packages sign wrongly, for the doctor, who shares none of their code.

    recorded(command)   ask an adapter for the signs of a few messages; keep the ones that are wrong
    SIGNS               where `python -m tools.subjects --write` keeps them, so that a test needs no registry

What each of them ought to be explained by is written by hand in the subject's ``subject.toml``, table
``doctor``.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.presign import presign
from alipay_qr.signing import Md5
from alipay_qr_conformance.doctor import explain_params
from alipay_qr_conformance.subjects import ProcessTransport, Result
from alipay_qr_conformance.subjects.transcript import request_of

SIGNS: Final = Path(__file__).resolve().parents[1] / "subjects" / "signs.json"

_COMMON: Final = (("partner", TEST_PARTNER), ("_input_charset", "UTF-8"))
_REFUND: Final = (
    ("service", "alipay.acquire.overseas.spot.refund"),
    *_COMMON,
    ("partner_trans_id", "T-0001"),
    ("partner_refund_id", "R-0001"),
    ("refund_amount", "0.10"),
    ("currency", "USD"),
)
_CREATE: Final = (
    ("service", "alipay.commerce.qrcode.create"),
    *_COMMON,
    ("timestamp", "2026-03-09 10:00:00"),
    ("biz_type", "OVERSEASHOPQRCODE"),
    ("biz_data", '{"store_name":"\u5317\u4eac\u8def \\"12\\"","trans_currency":"USD"}'),
)
MESSAGES: Final[Mapping[str, tuple[tuple[str, str | None], ...]]] = {
    "refund": _REFUND,
    "create": _CREATE,
    "blanks": (*_REFUND, ("refund_reason", " too  sweet ")),
    "empty": (*_REFUND, ("refund_reason", "")),
    "null": (*_REFUND, ("refund_reason", None)),
    "numeric names": (*_REFUND, ("9", "a"), ("10", "b")),
}
_KEYS: Final = {"key with newline": TEST_MD5_KEY + "\n"}
_TYPES: Final = {"other type": "SHA512"}


@dataclass(frozen=True)
class WrongSign:
    """One wrong sign; ``subject`` is the name of the folder."""

    subject: str
    message: str
    params: list[list[str | None]]
    sign_type: str
    sign: str


def recorded(subject: str, command: list[str]) -> list[WrongSign]:
    """Ask an adapter for all signs and return the wrong ones; none where it does not sign.

    Raises:
        RuntimeError: the adapter breaks.
    """
    transport = ProcessTransport(command)
    try:
        hello = transport.call("hello", request_of("hello"))
        if not isinstance(hello, Result):
            raise RuntimeError(f"{subject}: {hello}")  # noqa: TRY004 (what it is, is not its type)
        operations = hello.value["operations"]
        if not isinstance(operations, list) or "sign" not in operations:
            return []
        asked = [(name, name, TEST_MD5_KEY, "MD5") for name in MESSAGES]
        asked += [(name, "refund", key, "MD5") for name, key in _KEYS.items()]
        asked += [(name, "refund", TEST_MD5_KEY, kind) for name, kind in _TYPES.items()]
        found = [_asked(transport, subject, *each) for each in asked]
    finally:
        transport.close()
    return [each for each in found if each is not None]


def _asked(
    transport: ProcessTransport, subject: str, name: str, message: str, key: str, sign_type: str
) -> WrongSign | None:
    params = [list(pair) for pair in MESSAGES[message]]
    settings = {**request_of("configure"), "md5_key": key, "sign_type": sign_type}
    transport.call("configure", settings)
    answer = transport.call("sign", {"params": params, "charset": "UTF-8", "sign_type": sign_type})
    if not isinstance(answer, Result) or not (sign := str(answer.value["sign"])):
        return None  # it declines, or signs nothing
    right = Md5(TEST_MD5_KEY).sign(presign(MESSAGES[message]))
    return None if sign == right else WrongSign(subject, name, params, sign_type, sign)


def explained_by(wrong: WrongSign) -> list[str]:
    """Return the ids of the mistakes that the doctor names."""
    params = [(str(name), value) for name, value in wrong.params]
    found = explain_params(params, "UTF-8", wrong.sign_type, wrong.sign)
    return [each.id for each in found.mistakes] if found.verdict == "explained" else [found.verdict]


def discrepancies(subject: str, wrong: list[WrongSign], expected: Mapping[str, Any]) -> list[str]:
    """Say where the doctor names something else than what was found by hand."""
    named = {each.message: explained_by(each) for each in wrong}
    return [
        f"{subject}: the doctor explains {message!r} by {named.get(message)}, not by {expected.get(message)}"
        for message in sorted({*named, *expected})
        if named.get(message) != expected.get(message)
    ]


def written(wrong: list[WrongSign]) -> str:
    """Return the text of `SIGNS`."""
    return json.dumps([asdict(each) for each in wrong], ensure_ascii=True, indent=1) + "\n"


def read() -> list[WrongSign]:
    """Return the signs that were recorded last."""
    return [WrongSign(**each) for each in json.loads(SIGNS.read_text("ascii"))]
