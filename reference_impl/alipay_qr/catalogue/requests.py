r"""The requests as data: every parameter of every service, with its source.

The tables give the ``global`` edition; ``_HK`` tables beside them say what the ``hk`` edition changes.
The seed wins over the pages: CREATE needs ``notify_url`` (``seed.md``, Create Flow 1), though both
editions of its page call it optional.

In patterns ``[0-9]`` stands for ``\d``, which means more in some languages than in others.
"""

from typing import Any, Final

from alipay_qr.catalogue.fields import Changes, Condition, Field, vary

_SIGNING: Final = "docs.antom.com/ac/web/signing"

CREATE: Final = "docs.antom.com/ac/global/qrcode_create"
CREATE_HK: Final = "docs.antom.com/ac/hkapi/qrcode_create"
MODIFY: Final = "docs.antom.com/ac/global/qrcode_modify"
MODIFY_HK: Final = "docs.antom.com/ac/hkapi/qrcode_modify"
MODIFY_STATUS: Final = "docs.antom.com/ac/global/qrcode_modify_status"
MODIFY_STATUS_HK: Final = "docs.antom.com/ac/hkapi/modify_status"
CANCEL: Final = "docs.antom.com/ac/global/acquire_cancel"
CANCEL_HK: Final = "docs.antom.com/ac/hkapi/acquire_cancel"
REFUND: Final = "docs.antom.com/ac/global/spot_refund"
REFUND_HK: Final = "docs.antom.com/ac/hkapi/spot_refund"
QUERY: Final = "docs.antom.com/ac/global/overseas_query"
QUERY_HK: Final = "docs.antom.com/ac/hkapi/overseas_query"
NOTIFY_VERIFY: Final = "docs.antom.com/ac/wap_hk/asyncnotif"

LONG_FORM: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
CURRENCY: Final = "[A-Z]{3}"


def common(service: str, clause: str) -> tuple[Field, ...]:
    """Return the parameters that every service takes."""
    return (
        Field(name="service", required="required", kind="service", values=(service,), clause=clause),
        Field(
            name="partner",
            required="required",
            kind="partner",
            max_length=16,
            pattern="2088[0-9]{12}",
            example="2088021966388155",
            clause=clause,
            notes="16 digits that begin with 2088",
        ),
        Field(
            name="_input_charset",
            required="required",
            kind="charset",
            values=("UTF-8", "GBK", "GB2312"),
            example="UTF-8",
            clause=clause,
            notes="any letter case (inferred: public clients write utf-8); in the URL query of a POST",
        ),
        Field(
            name="sign_type",
            required="required",
            kind="sign-type",
            values=("MD5", "RSA", "RSA2"),
            example="MD5",
            clause=clause,
            notes="capital letters; not signed; older pages name DSA, which nothing implements",
        ),
        Field(
            name="sign",
            required="required",
            kind="sign",
            clause=_SIGNING,
            notes="MD5: 32 lower-case hex digits; RSA, RSA2: base64. Its form is judged by verifying it",
        ),
    )


def _timestamp(clause: str) -> Field:
    return Field(
        name="timestamp",
        required="required",
        kind="timestamp",
        max_length=19,
        pattern=LONG_FORM,
        example="2012-12-21 17:11:16",
        clause=clause,
        notes="GMT+8; refused by default when older than 30 minutes",
    )


def _notify_url(clause: str, notes: str = "") -> Field:
    return Field(
        name="notify_url",
        required="optional",
        kind="url",
        max_length=200,
        example="https://www.test.com/alipay/notify_url.php",
        clause=clause,
        notes=notes,
    )


def _biz_type(clause: str) -> Field:
    return Field(name="biz_type", required="required", values=("OVERSEASHOPQRCODE",), clause=clause)


def _biz_data(clause: str) -> Field:
    return Field(
        name="biz_data",
        required="required",
        kind="json",
        max_length=2000,
        clause=clause,
        notes="signed as the exact text that is sent: spacing and order of the members matter",
    )


_QRCODE: Final = Field(
    name="qrcode",
    required="required",
    example="https://qr.alipay.com/ocx07358e3pxwresfpqpzed",
    clause=MODIFY,
    notes="the code as CREATE returned it; a public client names it qr_code, which is wrong",
)

_NOTIFY_URL_BY_SEED: Final[dict[str, Any]] = {
    "required": "required",
    "clause": "seed.md, Create Flow 1",
    "notes": "optional on both editions of the interface page; the flow pages agree with the seed",
}

CREATE_REQUEST: Final = vary(
    (
        *common("alipay.commerce.qrcode.create", CREATE),
        _timestamp(CREATE),
        _notify_url(CREATE),
        _biz_type(CREATE),
        _biz_data(CREATE),
    ),
    {"notify_url": _NOTIFY_URL_BY_SEED},
)

MODIFY_REQUEST: Final = vary(
    (
        *common("alipay.commerce.qrcode.modify", MODIFY),
        _timestamp(MODIFY),
        _notify_url(MODIFY),
        _biz_type(MODIFY),
        _QRCODE,
        _biz_data(MODIFY),
    ),
    {"_input_charset": {"values": ("UTF-8",)}},
)
MODIFY_REQUEST_HK: Final[Changes] = {
    "_input_charset": {"values": ("UTF-8", "GBK", "GB2312")},
    "sign_type": {"values": ("MD5",), "notes": "only MD5 is supported"},
}

MODIFY_STATUS_REQUEST: Final = vary(
    (
        *common("alipay.commerce.qrcode.modifyStatus", MODIFY_STATUS),
        _timestamp(MODIFY_STATUS),
        _notify_url(MODIFY_STATUS),
        _biz_type(MODIFY_STATUS),
        _QRCODE,
        Field(
            name="status",
            required="required",
            values=("STOP", "RESTART", "DELETE"),
            clause=MODIFY_STATUS,
            notes="DELETE cannot be undone",
        ),
    ),
    {"_input_charset": {"values": ("UTF-8",)}},
)
MODIFY_STATUS_REQUEST_HK: Final[Changes] = {"_input_charset": {"values": ("UTF-8", "GBK", "GB2312")}}

CANCEL_REQUEST: Final = (
    *common("alipay.acquire.cancel", CANCEL),
    Field(
        name="timestamp",
        required="required",
        kind="moment",
        max_length=19,
        pattern=f"[0-9]{{13}}|{LONG_FORM}",
        example="1456507704121",
        clause=CANCEL,
        notes="in milliseconds (SUCCESS on the sibling precreate, 2018-10-26); an SDK's sample sends the "
        "long form, so both are read",
    ),
    Field(
        name="terminal_timestamp",
        required="optional",
        kind="moment",
        max_length=19,
        pattern=f"[0-9]{{13}}|{LONG_FORM}",
        example="1456507704102",
        clause=CANCEL,
    ),
    Field(
        name="out_trade_no",
        required="required",
        max_length=64,
        clause=CANCEL,
        notes="for a merchant's static code it comes with the payment notification",
    ),
    Field(
        name="trade_no",
        required="optional",
        max_length=64,
        min_length=16,
        clause=CANCEL,
        notes="wins over out_trade_no where both are given",
    ),
    Field(name="operator_id", required="undocumented", clause="public code: open SDK class only"),
    Field(name="operator_type", required="undocumented", clause="public code: open SDK class only"),
)

REFUND_REQUEST: Final = vary(
    (
        *common("alipay.acquire.overseas.spot.refund", REFUND),
        _notify_url(REFUND),
        Field(
            name="partner_trans_id",
            required="required",
            max_length=64,
            example="2010121000000002",
            clause=REFUND,
            notes="out_trade_no of the payment",
        ),
        Field(name="alipay_trans_id", required="optional", max_length=64, clause=REFUND),
        Field(
            name="partner_refund_id",
            required="required",
            max_length=64,
            example="301012133000002",
            clause=REFUND,
            notes="differs from partner_trans_id; with partner it names one refund",
        ),
        Field(
            name="refund_amount",
            required="required",
            kind="amount",
            pattern="[0-9]{1,7}(\\.[0-9]{1,2})?",
            example="0.01",
            clause=REFUND,
            notes="Number(9,2), read as seven digits and two decimals (inferred); JPY and KRW are whole",
        ),
        Field(
            name="currency",
            required="required",
            kind="currency",
            max_length=10,
            pattern=CURRENCY,
            example="USD",
            clause=REFUND,
            notes="that of the payment",
        ),
        Field(name="refund_reason", required="optional", max_length=128, clause=REFUND),
        Field(
            name="is_sync",
            required="optional",
            max_length=1,
            values=("Y", "N"),
            default="N",
            clause=REFUND,
        ),
    ),
    {
        "_input_charset": {"required": "optional"},
        "notify_url": {
            "required": "conditional",
            "when": Condition("is_sync", "Y", unless=True),
            "notes": "required by the newer English page, optional on the older Chinese one; with is_sync Y "
            "no notification comes, so it is not demanded (inferred)",
        },
    },
)
REFUND_REQUEST_HK: Final[Changes] = {
    "_input_charset": {"default": "GBK"},
    "notify_url": {"required": "optional", "when": None, "notes": ""},
    "currency": {"values": ("HKD",), "example": "HKD"},
    "refund_reason": {"name": "refund_reson", "notes": "spelled so"},
}
REFUND_REQUEST_HK_ALSO: Final = (
    Field(
        name="refund_reason",
        required="undocumented",
        max_length=128,
        clause=f"{REFUND} (inferred for hk)",
        notes="the global edition's spelling of refund_reson: tolerated",
    ),
)

QUERY_REQUEST: Final = vary(
    (
        *common("alipay.acquire.overseas.query", QUERY),
        Field(
            name="partner_trans_id",
            required="conditional",
            when=Condition("alipay_trans_id", unless=True),
            max_length=64,
            example="2010121000000002",
            clause=QUERY,
        ),
        Field(
            name="alipay_trans_id",
            required="optional",
            max_length=64,
            clause=QUERY,
            notes="looked at first where both are given",
        ),
    ),
    {"_input_charset": {"required": "optional"}},
)
QUERY_REQUEST_HK: Final[Changes] = {
    "_input_charset": {"default": "GBK"},
    "partner_trans_id": {"required": "required", "when": None},
}

NOTIFY_VERIFY_REQUEST: Final = vary(
    (
        *common("notify_verify", NOTIFY_VERIFY),
        Field(name="notify_id", required="required", clause=NOTIFY_VERIFY),
    ),
    {
        name: {"required": "optional", "notes": "works unsigned too; some clients sign it (public code)"}
        for name in ("_input_charset", "sign_type", "sign")
    },
)
