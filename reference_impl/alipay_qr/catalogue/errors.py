"""Error codes of gateway and business, and the one that a problem earns.

The gateway's codes and their division follow three published lists. **Access** errors say that the
request is wrong: correct it, a repeat is useless. **System** errors are Alipay's: SYSTEM_ERROR leaves the
outcome unknown (globalbarcode/error_handling): query, then repeat with the same ids. For the others that is
not established: unknown and failed are both right. The business tables of the official pages are not
retrievable; the rows come from public code. Meanings are glosses of the names, retry values are inferred
unless the row's source gives them.
"""

from typing import Final

from alipay_qr.catalogue.fields import ErrorCode, Field, Kind, ProblemKind, Retry

_LISTS: Final = "public code: CardInfoLink lists, qfpay, kim50012/bbc RefundError.java"
_QFPAY: Final = "public code: qfpay library"
_ACQUIRE: Final = "public code: acquire family"
_OPEN: Final = "open-platform analogue alipay.trade.cancel (inferred)"

_ACCESS: Final = {
    "ILLEGAL_SIGN": "the signature is wrong",
    "ILLEGAL_DYN_MD5_KEY": "the dynamic key is wrong",
    "ILLEGAL_ENCRYPT": "",
    "ILLEGAL_ARGUMENT": "an argument is wrong",
    "ILLEGAL_SERVICE": "the service name is unknown",
    "ILLEGAL_USER": "",
    "ILLEGAL_PARTNER": "the partner is unknown",
    "ILLEGAL_EXTERFACE": "the interface is configured wrongly",
    "ILLEGAL_PARTNER_EXTERFACE": "the partner has no contract for the service",
    "ILLEGAL_SECURITY_PROFILE": "",
    "ILLEGAL_AGENT": "",
    "ILLEGAL_SIGN_TYPE": "the sign type is unknown",
    "ILLEGAL_CHARSET": "the charset is not supported",
    "ILLEGAL_CLIENT_IP": "the caller's address is not allowed",
    "HAS_NO_PRIVILEGE": "the partner has no permission",
    "INVALID_CHARACTER_SET": "the name of the charset is wrong",
    "INVALID_PARAMETER": "a parameter is wrong",
    "ILLEGAL_CURRENCY": "the currency is wrong",
    "ILLEGAL_DIGEST_TYPE": "",
    "ILLEGAL_DIGEST": "",
    "ILLEGAL_FILE_FORMAT": "",
    "ILLEGAL_ENCODING": "",
    "ILLEGAL_REQUEST_REFERER": "",
    "ILLEGAL_ANTI_PHISHING_KEY": "",
    "ANTI_PHISHING_KEY_TIMEOUT": "",
    "ILLEGAL_EXTER_INVOKE_IP": "",
    "ILLEGAL_NUMBER_FORMAT": "a number is malformed",
    "ILLEGAL_INTEGER_FORMAT": "a whole number is malformed",
    "ILLEGAL_MONEY_FORMAT": "an amount is malformed",
    "ILLEGAL_DATA_FORMAT": "a date is malformed (the name says data)",
    "REGEXP_MATCH_FAIL": "a value does not match its pattern",
    "ILLEGAL_LENGTH": "a value is too long or too short",
    "PARAMTER_IS_NULL": "a compulsory parameter is missing (spelled so)",
}
_OPEN_END: Final = "unknown or failed: not established"
_SYSTEM: Final = {
    "SYSTEM_ERROR": "the outcome is unknown",
    "SESSION_TIMEOUT": f"the session has expired; {_OPEN_END}",
    "ILLEGAL_TARGET_SERVICE": _OPEN_END,
    "ILLEGAL_ACCESS_SWITCH_SYSTEM": _OPEN_END,
    "ILLEGAL_SWITCH_SYSTEM": _OPEN_END,
    "EXTERFACE_IS_CLOSED": f"the interface is closed; {_OPEN_END}",
}

GATEWAY_ERRORS: Final = (
    *(ErrorCode(code, "gateway-access", "no", meaning, _LISTS) for code, meaning in _ACCESS.items()),
    *(ErrorCode(code, "gateway-system", "query", meaning, _LISTS) for code, meaning in _SYSTEM.items()),
)
"""What every service may answer in ``error`` with ``is_success`` F, unsigned."""


def _business(source: str, *rows: tuple[str, Retry, str]) -> tuple[ErrorCode, ...]:
    return tuple(ErrorCode(code, "business", retry, meaning, source) for code, retry, meaning in rows)


CANCEL_ERRORS: Final = (
    *_business(
        _ACQUIRE,
        ("SYSTEM_ERROR", "repeat", "a fault on Alipay's side: the same parameters again"),
        ("INVALID_PARAMETER", "no", "a parameter is wrong"),
        ("TRADE_NOT_EXIST", "no", "the trade is unknown"),
        ("TRADE_STATUS_ERROR", "no", "the trade's status forbids it"),
        ("REASON_ILLEGAL_STATUS", "no", "the trade's status forbids it"),
        ("REASON_TRADE_BEEN_FREEZEN", "no", "the trade is frozen"),
        ("SELLER_BALANCE_NOT_ENOUGH", "later", "the seller's balance is too small: top it up"),
        ("TRADE_CANCEL_TIME_OUT", "no", "the cancel window is over: use REFUND"),
        ("TRADE_HAS_FINISHED", "no", "the trade takes no further operation"),
    ),
    *_business(
        _OPEN,
        ("CANCEL_NOT_ALLOWED", "no", "the trade cannot be cancelled"),
        ("REASON_TRADE_REFUND_FEE_ERR", "no", "a refund was made already"),
        ("ACCESS_FORBIDDEN", "no", "the interface is not permitted"),
        ("PARTNER_ERROR", "no", "the partner is wrong"),
    ),
)

REFUND_ERRORS: Final = _business(
    _QFPAY,
    ("SYSTEM_ERROR", "repeat", "a fault on Alipay's side: the same partner_refund_id again"),
    ("INVALID_PARAMETER", "no", "a parameter is wrong"),
    ("RETURN_AMOUNT_EXCEED", "no", "the refunds together exceed the payment"),
    ("REFUND_AMT_RESTRICTION", "no", "the amount is not allowed"),
    ("REQUEST_AMOUNT_EXCEED", "no", "the amount is above the limit"),
    ("TRADE_HAS_CLOSE", "no", "the trade was cancelled or refunded in full"),
    ("TRADE_NOT_EXIST", "no", "the payment is unknown"),
    ("TRADE_STATUS_ERROR", "no", "the trade's status forbids a refund"),
    ("REASON_TRADE_BEEN_FREEZEN", "no", "the payment is frozen"),
    ("SELLER_NOT_EXIST", "no", "the seller is unknown"),
    ("BUYER_NOT_EXIST", "no", "the buyer is unknown"),
    ("BUYER_ENABLE_STATUS_FORBID", "no", "the buyer's account is blocked"),
    ("BUYER_SELLER_EQUAL", "no", "buyer and seller are one"),
    ("TRADE_BUYER_NOT_MATCH", "no", "the trade has another buyer"),
    ("CLIENT_VERSION_NOT_MATCH", "no", "of the payment family"),
    ("SOUNDWAVE_PARSER_FAIL", "no", "of the payment family"),
    ("EXIST_FORBIDDEN_WORD", "no", "a text holds a forbidden word"),
    ("MERCHANT_BALANCE_NOT_ENOUGH", "later", "the unsettled funds are too small"),
)

QUERY_ERRORS: Final = _business(
    "docs.antom.com/ac/global/overseas_query_cn", ("TRANS_NOT_FOUND", "no", "the trade is unknown")
)

_OF_KIND: Final[dict[Kind, str]] = {
    "service": "ILLEGAL_SERVICE",
    "partner": "ILLEGAL_PARTNER",
    "charset": "ILLEGAL_CHARSET",
    "sign-type": "ILLEGAL_SIGN_TYPE",
    "sign": "ILLEGAL_SIGN",
    "timestamp": "ILLEGAL_DATA_FORMAT",
    "moment": "ILLEGAL_DATA_FORMAT",
    "amount": "ILLEGAL_MONEY_FORMAT",
    "currency": "ILLEGAL_CURRENCY",
    "number": "ILLEGAL_NUMBER_FORMAT",
    "integer": "ILLEGAL_INTEGER_FORMAT",
}
_ACCESS_KINDS: Final = frozenset({"service", "partner", "sign-type", "sign"})


def earned(field: Field, kind: ProblemKind) -> str:
    """Return the gateway's code for a problem of ``kind`` with ``field`` (inferred).

    What the gateway needs before it knows who calls, and whether to believe it, has codes of its own,
    absent or not; elsewhere absence, length, pattern and form each have theirs.
    """
    if field.kind in _ACCESS_KINDS:
        return _OF_KIND[field.kind]
    if kind in {"absent", "empty"}:
        return "PARAMTER_IS_NULL"
    if kind == "too-long":
        return "ILLEGAL_LENGTH"
    if field.kind == "text" and field.pattern and not field.values:
        return "REGEXP_MATCH_FAIL"
    if field.kind == "text" and field.min_length:
        return "ILLEGAL_LENGTH"
    return _OF_KIND.get(field.kind, "ILLEGAL_ARGUMENT")
