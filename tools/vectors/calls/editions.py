"""Where the edition of Hong Kong differs: the same request, judged by the other pages."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.calls.biz_data import HERE
from tools.vectors.calls.common import told
from tools.vectors.calls.plain import cancel_plain, create_plain, refund_plain
from tools.vectors.calls.whole import ABSENT, GLOBAL, HK, cancelling, counter, creating, refunding
from tools.vectors.question import Inputs, Row, family, question

_LONG: Final = "ILLEGAL_LENGTH"


@question(HERE, given=HK, twin=create_plain)
def create_in_hong_kong() -> Inputs:
    """The usual CREATE is legal in both editions."""
    return counter()


@question("request.cancel.out_trade_no", given=HK, twin=cancel_plain)
def cancel_in_hong_kong() -> Inputs:
    """The usual CANCEL is legal in both editions."""
    return cancelling()


@question("request.refund.currency", given=HK)
def refund_in_hong_kong() -> Inputs:
    """A REFUND in HKD, the only currency of that edition."""
    return refunding(currency="HKD")


@question(
    "request.refund.currency",
    given=HK,
    twin=refund_in_hong_kong,
    result="invalid",
    says=told("currency", "illegal", "ILLEGAL_CURRENCY"),
)
def refund_of_dollars_in_hong_kong() -> Inputs:
    """USD, which only the global edition refunds."""
    return refunding()


@family("request.refund.notify_url", given=HK, twin=refund_in_hong_kong)
def a_refund_in_hong_kong() -> Iterator[Row]:
    """Its page calls notify_url optional, and spells the reason in a way of its own."""
    base = {"currency": "HKD"}
    yield Row("without-notify-url", "Here: without notify_url.", refunding(**base, notify_url=ABSENT))
    yield Row(
        "without-charset",
        "Here: without _input_charset, which then means GBK.",
        refunding(**base, _input_charset=ABSENT),
        flags=("request.charset.declared",),
    )
    reason = ("request.refund.refund_reason",)
    yield Row(
        "reson", "Here: refund_reson, spelled so.", refunding(**base, refund_reson="wrong size"), flags=reason
    )
    yield Row(
        "reson-128-characters",
        "Here: refund_reson at its limit.",
        refunding(**base, refund_reson="r" * 128),
        flags=reason,
    )
    yield Row(
        "reson-129-characters",
        "Here: refund_reson a character over its limit.",
        refunding(**base, refund_reson="r" * 129),
        "invalid",
        told("refund_reson", "too-long", _LONG),
        flags=reason,
    )
    yield Row(
        "reason",
        "Here: refund_reason, as the global edition spells it; nobody knows whether it is read.",
        refunding(**base, refund_reason="wrong size"),
        "acceptable",
        flags=reason,
    )


@question(
    "request.documented-only",
    given=GLOBAL,
    twin=refund_plain,
    result="invalid",
    says=told("refund_reson", "undocumented", "ILLEGAL_ARGUMENT"),
)
def the_reason_of_hong_kong_elsewhere() -> Inputs:
    """refund_reson, where the page spells it refund_reason."""
    return refunding(refund_reson="wrong size")


@family(HERE, given=HK, twin=create_in_hong_kong)
def a_member_in_hong_kong() -> Iterator[Row]:
    """Shorter limits, and no double quote in a value."""
    number, name = f"{HERE}.secondary_merchant_id", f"{HERE}.secondary_merchant_name"
    for member, letter, flag in (
        ("secondary_merchant_id", "m", number),
        ("secondary_merchant_name", "N", name),
    ):
        slug, place = member.replace("_", "-"), f"biz_data.{member}"
        yield Row(
            f"{slug}-32-characters",
            f"Here: {member} at its limit of 32.",
            counter(**{member: letter * 32}),
            flags=(flag,),
        )
        yield Row(
            f"{slug}-33-characters",
            f"Here: {member} with 33 characters, legal in the global edition.",
            counter(**{member: letter * 33}),
            "invalid",
            told(place, "too-long", _LONG),
            flags=(flag,),
        )
    quoted = counter(store_name='The "Noodle" Bar')
    says = {
        "problems": [{"parameter": "biz_data.store_name", "kind": "illegal", "error": "ILLEGAL_ARGUMENT"}]
    }
    yield Row(
        "quote",
        "Here: a double quote in store_name, legal in the global edition.",
        quoted,
        "invalid",
        says,
        flags=(f"{HERE}.store_name",),
    )
    yield Row(
        "full-width-quote",
        "Here: full-width quotes.",
        counter(store_name="The \uff02Noodle\uff02 Bar"),
        flags=(f"{HERE}.store_name",),
    )
    yield Row(
        "single-quote",
        "Here: single quotes.",
        counter(store_name="The 'Noodle' Bar"),
        flags=(f"{HERE}.store_name",),
    )


@family(f"{HERE}.secondary_merchant_id", given=GLOBAL, twin=create_plain)
def a_member_elsewhere() -> Iterator[Row]:
    """The same values by the global pages."""
    yield Row(
        "id-33-characters",
        "Here: secondary_merchant_id with 33 characters.",
        counter(secondary_merchant_id="m" * 33),
    )
    yield Row(
        "name-33-characters",
        "Here: secondary_merchant_name with 33 characters.",
        counter(secondary_merchant_name="N" * 33),
        flags=(f"{HERE}.secondary_merchant_name",),
    )


@family("request.create.notify_url", given=HK, twin=create_in_hong_kong, result="invalid")
def an_address_in_hong_kong() -> Iterator[Row]:
    """The seed makes CREATE need notify_url in this edition, too."""
    yield Row(
        "absent",
        "Here: it is absent.",
        creating(notify_url=ABSENT),
        says=told("notify_url", "absent", "PARAMTER_IS_NULL"),
    )


@question(f"{HERE}.channel_fee", given=HK)
def a_fee_in_hong_kong() -> Inputs:
    """A fixed fee is in HKD whatever the settlement: two decimals, also beside yen."""
    return counter(trans_currency="JPY", currency="JPY", channel_fee={"type": "FIXED", "value": "0.50"})


@question(
    f"{HERE}.channel_fee",
    given=GLOBAL,
    twin=a_fee_in_hong_kong,
    result="invalid",
    says=told("biz_data.channel_fee.value", "illegal", "ILLEGAL_ARGUMENT"),
)
def the_fee_of_hong_kong_elsewhere() -> Inputs:
    """By the global page it is in the currency of the settlement, and yen have no decimals."""
    return counter(trans_currency="JPY", currency="JPY", channel_fee={"type": "FIXED", "value": "0.50"})
