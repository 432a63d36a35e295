"""The outcome of a request: four words, and when each may be said.

    success    ``is_success`` T, the signature holds, ``result_code`` SUCCESS; for CREATE a ``qrcode``
               without ``result_code`` too (public code: mantx/alipay-api-wrapper, 2018)
    accepted   the same for an asynchronous refund: it was taken, no money moved yet
    failed     the same with FAIL or FAILED: a business failure; or an unsigned gateway error
    unknown    everything else: it may or may not have been carried out

Two levels (``global.alipay.com/doc/global/spot_refund_cn``): ``is_success`` T only means that the gateway
took the request; ``result_code`` says what became of it. The first is not signed, the second is.

``unknown`` is no failure. The money may have moved, so nothing is booked either way, and the request is
repeated with the same ids until the gateway says what happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from alipay_qr.account import Account
from alipay_qr.catalogue import GATEWAY_ERRORS, SERVICES
from alipay_qr.errors import AlipayQrError, WireError
from alipay_qr.signing import verify_params
from alipay_qr.wire import Response, read_response, response_presign_params

Word = Literal["success", "accepted", "failed", "unknown"]

UNDECIDED_CODES: Final = frozenset(
    {"SYSTEM_EXCEPTION", *(each.code for each in GATEWAY_ERRORS if each.level == "gateway-system")}
)
"""Codes of a gateway that stumbled: the request may have been carried out all the same.

Of SYSTEM_ERROR that is documented; of the others nothing is, and the careful reading costs no money.
"""

_FAILED: Final = frozenset({"FAIL", "FAILED"})  # CANCEL says FAIL, REFUND says FAILED
_IDS: Final = ("out_trade_no", "trade_no", "partner_trans_id", "alipay_trans_id", "partner_refund_id")
_ECHOED: Final = (*_IDS, "service", "partner")
_NO_FIELDS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a request.

    Attributes:
        outcome: ``success``, ``accepted``, ``failed`` or ``unknown``; see the module's docstring.
        code: ``detail_error_code``, else ``error``; None on success, and a mere hint when unknown.
        reason: in words, for a log; holds no secrets.
        fields: what the gateway signed; empty unless the signature held.
    """

    outcome: Word
    code: str | None = None
    reason: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def signed(self) -> bool:
        """True if Alipay's signature stands behind this outcome."""
        return bool(self.fields)

    @property
    def qrcode(self) -> str | None:
        """CREATE: the text of the QR code."""
        return self.fields.get("qrcode")

    @property
    def qrcode_img_url(self) -> str | None:
        """CREATE: where an image of the QR code stands."""
        return self.fields.get("qrcode_img_url")

    @property
    def action(self) -> str | None:
        """CANCEL: ``close`` or ``refund``; None where there was nothing to do."""
        return self.fields.get("action")


def unknown(reason: str, code: str | None = None, fields: Mapping[str, str] = _NO_FIELDS) -> Outcome:
    """Return the outcome of a request of which nobody can say what became of it."""
    return Outcome("unknown", code, reason, fields)


def judge(body: bytes, sent: Mapping[str, str], account: Account) -> Outcome:
    """Say what a response means for the request that was sent.

    Args:
        body: the bytes of an answer with HTTP status 200.
        sent: the parameters of the request.
        account: whose verifier checks the signature.
    """
    try:
        response = read_response(body)
    except WireError as error:
        return unknown(f"the answer is no response of the gateway: {error}")
    if not response.is_success:
        return _gateway_error(response)
    if not verified(response, account):
        return unknown("the response is not signed by Alipay", response.error)
    if foreign := _foreign(response, sent):
        return unknown(f"the response belongs to another request: {foreign} differs")
    return _business_result(response.fields, sent)


def _gateway_error(response: Response) -> Outcome:
    """Judge ``is_success`` F, unsigned: the gateway refused before it did anything."""
    if not response.error:
        return unknown("the gateway reported an error without saying which")
    if response.error in UNDECIDED_CODES:
        return unknown(f"the gateway stumbled: {response.error}", response.error)
    return Outcome("failed", response.error, f"the gateway refused the request: {response.error}")


def verified(response: Response, account: Account) -> bool:
    """Check the signature with the account's sign type, not the response's."""
    params: dict[str, str | None] = dict(response_presign_params(response))
    if not params:
        return False
    params |= {"sign": response.sign, "sign_type": response.sign_type}
    try:
        return verify_params(params, account.verifier, response.charset)
    except AlipayQrError:  # a character reference that the declared charset cannot write
        return False


def _foreign(response: Response, sent: Mapping[str, str]) -> str | None:
    """Return the name of a value that shows that the response answers another request.

    A parameter that was sent without a value was not given.
    """
    echo = dict(response.request)
    for values, names in ((response.fields, _IDS), (echo, _ECHOED)):
        for name in names:
            if name in values and sent.get(name) and values[name].strip() != sent[name].strip():
                return name
    for name in ("refund_amount", "currency"):
        if name in response.fields and sent.get(name) and not _equal(response.fields[name], sent[name]):
            return name
    return None


def _business_result(fields: Mapping[str, str], sent: Mapping[str, str]) -> Outcome:
    made = "biz_data" in sent and bool(fields.get("qrcode"))
    result = fields.get("result_code", "SUCCESS" if made else "")
    code = fields.get("detail_error_code") or fields.get("error") or None
    if code in UNDECIDED_CODES:
        return unknown(f"the gateway stumbled: {code}", code, fields)
    if result in _FAILED:
        explained = fields.get("detail_error_des") or code or "without a code"
        return Outcome("failed", code, f"refused by the business: {explained}", fields)
    if result != "SUCCESS":
        return unknown(f"result_code is {result[:32]!r}", code, fields)
    if "biz_data" in sent and not made:
        return unknown("the response names no qrcode", fields=fields)
    if _of_another_service(fields, sent):
        return unknown("the response is another service's", fields=fields)
    if "refund_amount" in sent and sent.get("is_sync") != "Y":
        return Outcome(
            "accepted", reason="the refund was taken; a notification will settle it", fields=fields
        )
    return Outcome("success", fields=fields)


def _of_another_service(fields: Mapping[str, str], sent: Mapping[str, str]) -> bool:
    """Say whether an answer has no number of ours but fields of other services."""
    asked = SERVICES.get(sent.get("service", ""))
    if asked is None or any(
        name in fields and name in sent for name in ("partner_refund_id", "out_trade_no")
    ):
        return False
    own = {each.name for each in asked.response}
    others = {each.name for service in SERVICES.values() for each in service.response}
    return any(name in others - own for name in fields)


def _equal(left: str, right: str) -> bool:
    """Compare amounts as numbers, anything else as text."""
    try:
        return Decimal(left) == Decimal(right)
    except InvalidOperation:
        return left == right
