"""Messages of Alipay as data: children of the responses, the notification.

The tables of the pages are kept only in part; a requiredness that no source records is given as
``optional`` and said so in the notes. One edition: the sources do not differ here by profile.
"""

from typing import Final

from alipay_qr.catalogue.fields import Condition, Field, Requiredness, vary
from alipay_qr.catalogue.requests import CREATE, CURRENCY, LONG_FORM

_CANCEL: Final = "global.alipay.com/doc/global/acquire_cancel_cn"
_REFUND: Final = "global.alipay.com/doc/global/spot_refund_cn"
_QUERY: Final = "docs.antom.com/ac/global/overseas_query_cn"
_SAMPLE: Final = "public code: a response of the service"
_NOTIFY: Final = "docs.antom.com/ac/3rdpartryqrcode/simplified_2; public code: qfpay schema"
_MANTX: Final = "public code: mantx/alipay-api-wrapper (2018)"
_UNRECORDED: Final = "requiredness not recorded"
_NUMBER: Final = "-?[0-9]+(\\.[0-9]+)?"
_FAILED: Final = Condition("is_success", "F")
_TAKEN: Final = Condition("is_success", "T")


def _frame(
    clause: str, *, error_length: int | None = None, signed: Condition | None = None
) -> tuple[Field, ...]:
    """Return what every response has around its result, and ``signed`` says when a signature."""
    signed = signed or Condition("result_code")
    return (
        Field(
            name="is_success",
            required="required",
            max_length=1,
            values=("T", "F"),
            clause=clause,
            notes="T says only that the gateway took the request; not signed",
        ),
        Field(
            name="error",
            required="conditional",
            when=_FAILED,
            max_length=error_length,
            clause=clause,
            notes="a reason of the business too (TRADE_NOT_EXIST, genuine, 2016 and 2020)",
        ),
        Field(
            name="sign_type",
            required="conditional",
            when=signed,
            kind="sign-type",
            values=("MD5", "RSA", "RSA2"),
            clause=clause,
            notes="absent where is_success is F",
        ),
        Field(
            name="sign",
            required="conditional",
            when=signed,
            kind="sign",
            clause=clause,
            notes="absent where is_success is F; a page says String(32), which fits MD5 only",
        ),
    )


def _result_code(values: tuple[str, ...], clause: str, notes: str = "") -> Field:
    return Field(
        name="result_code",
        required="conditional",
        when=Condition("is_success", "T"),
        max_length=32,
        values=values,
        open_values=True,
        clause=clause,
        notes=notes,
    )


def _details(clause: str, required: Requiredness = "optional", notes: str = "") -> tuple[Field, ...]:
    return tuple(
        Field(
            name=name,
            required=required,
            max_length=length,
            clause=clause,
            notes=notes or "absent on SUCCESS",
        )
        for name, length in (("detail_error_code", 48), ("detail_error_des", 64))
    )


_NOT_IN_TABLE: Final = "not in Alipay's table; its SDK class, mantx and three integrators read error"
_REASON: Final = (
    "with is_success T it stands inside the result and is the reason of FAILED or UNKNOW, blank or absent on "
    "SUCCESS (public code: Alipay's SDK class, mantx)"
)


def _plain(name: str, clause: str, max_length: int | None = None) -> Field:
    return Field(name=name, required="optional", max_length=max_length, clause=clause, notes=_UNRECORDED)


def _number(name: str, digits: str) -> Field:
    notes = f"Number({digits}); {_UNRECORDED}"
    return Field(name=name, required="optional", kind="number", pattern=_NUMBER, clause=_REFUND, notes=notes)


_MADE: Final = (
    *_frame("common gateway pages", signed=_TAKEN),
    Field(
        name="result_code",
        required="optional",
        max_length=32,
        values=("SUCCESS", "FAIL"),
        open_values=True,
        clause="public code: a response of alipay.mobile.qrcode.manage",
        notes=f"in <alipay>, not in <qrcodeinfo>: {_MANTX} reads none; a signed refusal was never seen",
    ),
    Field(
        name="qrcode",
        required="conditional",
        when=_TAKEN,
        example="https://qr.alipay.com/<token>",
        clause=CREATE,
    ),
)

CREATE_RESPONSE: Final = (
    *_MADE,
    Field(
        name="qrcode_img_url",
        required="conditional",
        when=_TAKEN,
        example="https://mobilecodec.alipay.com/show.htm?code=<token>&picSize=S",
        clause=_MANTX,
        notes="holds an ampersand, escaped in XML: unescape it before verifying",
    ),
)

CANCEL_RESPONSE: Final = (
    *_frame(_CANCEL),
    _result_code(("SUCCESS", "FAIL"), _CANCEL, "UNKNOWN too on older pages"),
    _plain("out_trade_no", _CANCEL, 64),
    Field(
        name="trade_no",
        required="optional",
        max_length=64,
        min_length=16,
        clause=_CANCEL,
        notes=_UNRECORDED,
    ),
    Field(
        name="retry_flag",
        required="optional",
        max_length=1,
        values=("Y", "N"),
        clause=_CANCEL,
        notes=f"Y: call again; {_UNRECORDED}",
    ),
    Field(
        name="action",
        required="optional",
        max_length=10,
        values=("close", "refund"),
        clause=_CANCEL,
        notes="what the cancel did; absent, as trade_no, where nothing was to be done (genuine, 2014-03-19)",
    ),
    *_details(_CANCEL),
)

REFUND_RESPONSE: Final = (
    *vary(_frame(_REFUND, error_length=48), {"error": {"notes": _REASON}}),
    _result_code(
        ("SUCCESS", "FAILED"), _REFUND, "UNKNOW and UNKNOWN too (open SDK class); public code: FAIL"
    ),
    _plain("partner_trans_id", _REFUND, 64),
    _plain("alipay_trans_id", _REFUND, 64),
    _plain("partner_refund_id", _REFUND, 64),
    _number("refund_amount", "9,2"),
    Field(
        name="currency",
        required="optional",
        kind="currency",
        pattern=CURRENCY,
        clause=_REFUND,
        notes=_UNRECORDED,
    ),
    _number("exchange_rate", "8,6"),
    _number("refund_amount_cny", "9,2"),
    *_details("public code: qfpay library", "undocumented", _NOT_IN_TABLE),
)

QUERY_RESPONSE: Final = (
    *_frame(_QUERY, error_length=48),
    _result_code(("SUCCESS", "FAIL"), _QUERY),
    Field(
        name="alipay_trans_status",
        required="optional",
        max_length=32,
        values=("WAIT_BUYER_PAY", "TRADE_SUCCESS", "TRADE_CLOSED"),
        open_values=True,
        clause=_QUERY,
    ),
    Field(
        name="alipay_buyer_login_id",
        required="optional",
        max_length=20,
        clause=_QUERY,
        notes="masked",
    ),
    Field(
        name="alipay_buyer_user_id",
        required="optional",
        max_length=16,
        clause=_QUERY,
        notes="required on the page, which cannot hold where nobody has paid",
    ),
    _plain("alipay_trans_id", _SAMPLE),
    _plain("partner_trans_id", _SAMPLE),
    _plain("out_trade_no", _SAMPLE),
    Field(name="alipay_pay_time", required="optional", pattern="[0-9]{14}", clause=_SAMPLE),
    Field(name="trans_amount", required="optional", kind="number", pattern=_NUMBER, clause=_SAMPLE),
    Field(name="currency", required="optional", kind="currency", pattern=CURRENCY, clause=_SAMPLE),
    _plain("payment_inst", _SAMPLE),
    *_details("public code: acquire family (inferred for the query)"),
)

STATUS_RESPONSE: Final = vary(_MADE, {"qrcode": {"clause": "docs.antom.com/ac/hkapi/modify_status"}})


def _text(name: str, max_length: int | None = None, notes: str = "") -> Field:
    return Field(name=name, required="optional", max_length=max_length, clause=_NOTIFY, notes=notes)


def _time(name: str) -> Field:
    return Field(
        name=name, required="optional", kind="timestamp", max_length=19, pattern=LONG_FORM, clause=_NOTIFY
    )


def _amount(name: str, clause: str = _NOTIFY) -> Field:
    return Field(name=name, required="optional", kind="number", pattern=_NUMBER, clause=clause)


def _currency(name: str, notes: str = "in no genuine notification of this gateway: do not need it") -> Field:
    return Field(
        name=name,
        required="optional",
        kind="currency",
        pattern=CURRENCY,
        clause="public code: overseas samples",
        notes=notes,
    )


def _flag(name: str) -> Field:
    return Field(name=name, required="optional", max_length=1, values=("Y", "N"), clause=_NOTIFY)


NOTIFICATION: Final = (
    Field(
        name="notify_time",
        required="required",
        kind="timestamp",
        max_length=19,
        pattern=LONG_FORM,
        clause=_NOTIFY,
    ),
    Field(name="notify_type", required="required", values=("trade_status_sync",), clause=_NOTIFY),
    Field(
        name="notify_id",
        required="required",
        clause=_NOTIFY,
        notes="what notify_verify asks about; a repeat keeps it, with a new notify_time and sign "
        "(docs.open.alipay.com/270/105902)",
    ),
    Field(
        name="sign_type",
        required="required",
        kind="sign-type",
        values=("MD5", "RSA", "RSA2"),
        clause=_NOTIFY,
    ),
    Field(name="sign", required="required", kind="sign", clause=_NOTIFY),
    Field(
        name="notify_action_type",
        required="optional",
        values=(
            "createDirectPayTradeByBuyerAction",
            "payByAccountAction",
            "refundFPAction",
            "reverseAction",
            "closeTradeAction",
            "finishFPAction",
        ),
        open_values=True,
        clause=_NOTIFY,
        notes="absent in a genuine notification of 2015, payByAccountAction in 2018",
    ),
    _text("out_trade_no", 64, "for a static code Alipay names it: index by trade_no as well"),
    Field(name="trade_no", required="optional", max_length=64, min_length=16, clause=_NOTIFY),
    Field(
        name="trade_status",
        required="optional",
        values=("WAIT_BUYER_PAY", "TRADE_CLOSED", "TRADE_SUCCESS", "TRADE_PENDING", "TRADE_FINISHED"),
        clause=f"{_NOTIFY}; docs.antom.com/ac/gr/trade_status",
        notes="TRADE_SUCCESS stays after refunds of parts; TRADE_CLOSED: time-out, cancel, refund of all; "
        "TRADE_FINISHED: the refund period is over, in the forex family the paid status at once (genuine, "
        "2018 and 2020); TRADE_PENDING: older tables only",
    ),
    _text("subject", 256),
    _text("body", 400),
    _time("gmt_create"),
    _time("gmt_payment"),
    _time("gmt_close"),
    _time("gmt_refund"),
    _text("refund_status"),
    _amount("refund_fee"),
    _text("out_biz_no", 64, "the number of the refund request in a refund's notification"),
    _text("seller_email", 100),
    _text("seller_id", 30),
    _text("buyer_email", 100),
    _text("buyer_id", 30),
    _amount("price"),
    _amount("quantity"),
    Field(
        name="total_fee",
        required="optional",
        kind="amount",
        pattern="[0-9]{1,7}(\\.[0-9]{1,2})?",
        clause=_NOTIFY,
        notes="in trans_currency",
    ),
    _amount("discount"),
    _flag("is_total_fee_adjust"),
    _flag("use_coupon"),
    _text("payment_type"),
    _text("paytools_pay_amount", 512, "JSON"),
    _text("extra_common_param", 256),
    _currency("currency", "in genuine notifications of the forex family, 2018"),
    _currency("trans_currency"),
    _currency("settle_currency"),
    _currency("pay_currency"),
    _amount("pay_amount", "public code: overseas samples"),
    Field(
        name="passback_parameters",
        required="optional",
        clause=CREATE,
        notes="what CREATE was given; its members may come as fields of their own, the whole as "
        "extra_common_param",
    ),
)
"""The notification of a trade's status; fields beyond these may come."""
