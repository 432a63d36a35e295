"""The optional members of ``biz_data``, those that no page names, and what comes back after the payment."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.calls.biz_data import HERE
from tools.vectors.calls.common import told
from tools.vectors.calls.plain import create_plain
from tools.vectors.calls.whole import GLOBAL, counter
from tools.vectors.question import Row, family

_LONG: Final = "ILLEGAL_LENGTH"
_FORM: Final = "REGEXP_MATCH_FAIL"


@family(HERE, given=GLOBAL, twin=create_plain)
def an_optional_member() -> Iterator[Row]:
    """It may be there, in its legal form, and it may be empty."""
    country, mobile = f"{HERE}.country_code", f"{HERE}.notify_mobile"
    yield Row("country-code", "Here: country_code.", counter(country_code="SG"), flags=(country,))
    yield Row(
        "country-code-empty", "Here: an empty country_code.", counter(country_code=""), flags=(country,)
    )
    yield Row(
        "country-code-null", "Here: country_code is null.", counter(country_code=None), flags=(country,)
    )
    yield Row(
        "country-code-small",
        "Here: country_code in small letters.",
        counter(country_code="sg"),
        "invalid",
        told("biz_data.country_code", "illegal", _FORM),
        flags=(country,),
    )
    yield Row(
        "country-code-alpha-3",
        "Here: the country in three letters.",
        counter(country_code="SGP"),
        "invalid",
        told("biz_data.country_code", "too-long", _LONG),
        flags=(country,),
    )
    yield Row(
        "country-code-one-letter",
        "Here: the country in one letter.",
        counter(country_code="S"),
        "invalid",
        told("biz_data.country_code", "illegal", _FORM),
        flags=(country,),
    )
    yield Row(
        "address",
        "Here: an address.",
        counter(address="1 Orchard Road\nSingapore"),
        flags=(f"{HERE}.address",),
    )
    yield Row(
        "address-array",
        "Here: an address as an array of lines.",
        counter(address=["1 Orchard Road", "Singapore"]),
        "invalid",
        flags=(f"{HERE}.address",),
    )
    yield Row(
        "provider",
        "Here: the provider's partner number.",
        counter(sys_service_provider_id="2088021966388155"),
        flags=(f"{HERE}.sys_service_provider_id",),
    )
    yield Row(
        "mobile", "Here: notify_mobile in digits.", counter(notify_mobile="13800000000"), flags=(mobile,)
    )
    yield Row(
        "mobile-plus",
        "Here: notify_mobile with a plus.",
        counter(notify_mobile="+8613800000000"),
        "invalid",
        told("biz_data.notify_mobile", "illegal", _FORM),
        flags=(mobile,),
    )
    yield Row(
        "mobile-dashes",
        "Here: notify_mobile with dashes.",
        counter(notify_mobile="138-0000-0000"),
        "invalid",
        told("biz_data.notify_mobile", "illegal", _FORM),
        flags=(mobile,),
    )
    yield Row(
        "mobile-number",
        "Here: notify_mobile as a JSON number.",
        counter(notify_mobile=13800000000),
        "invalid",
        told("biz_data.notify_mobile", "illegal", _FORM),
        flags=(mobile,),
    )
    yield Row(
        "wangwang",
        "Here: notify_wangwang, of older pages.",
        counter(notify_wangwang="shop"),
        flags=(f"{HERE}.notify_wangwang",),
    )
    yield Row(
        "account",
        "Here: notify_alipay_account, of older pages.",
        counter(notify_alipay_account="shop@shop.example"),
        flags=(f"{HERE}.notify_alipay_account",),
    )


@family("request.documented-only", HERE, given=GLOBAL, twin=create_plain, result="invalid")
def an_unknown_member() -> Iterator[Row]:
    """No source names it."""
    for name, slug, comment in (
        ("shop_name", "made-up", "Here: a name that somebody made up."),
        ("Store_Id", "capitals", "Here: a member's name with capital letters, beside the right one."),
        ("total_fee", "amount", "Here: an amount: the customer types it in."),
        ("subject", "subject", "Here: a subject, which other products have."),
    ):
        says = told(f"biz_data.{name}", "undocumented", "ILLEGAL_ARGUMENT")
        yield Row(slug, comment, counter(**{name: "1"}), says=says)


@family(HERE, given=GLOBAL, twin=create_plain, result="acceptable")
def a_member_that_only_a_sample_has() -> Iterator[Row]:
    """No page defines it, a sample of an SDK sends it: tolerated, and not to be relied on."""
    yield Row("is-show-memo", "Here: is_show_memo.", counter(is_show_memo="true"))
    yield Row("notify-sign-type", "Here: notify_sign_type.", counter(notify_sign_type="MD5"))
    yield Row("notify-charset", "Here: notify_charset.", counter(notify_charset="UTF-8"))


@family(f"{HERE}.passback_parameters", given=GLOBAL, twin=create_plain)
def what_comes_back() -> Iterator[Row]:
    """A flat object of plain values, or its text, which come back after the payment."""
    wrong = told("biz_data.passback_parameters", "illegal", "ILLEGAL_ARGUMENT")
    yield Row("flat", "Here: a flat object.", counter(passback_parameters={"till": "7", "shift": "early"}))
    yield Row("no-members", "Here: an object without members.", counter(passback_parameters={}))
    yield Row(
        "nested",
        "Here: an object inside.",
        counter(passback_parameters={"till": {"number": "7"}}),
        "invalid",
        wrong,
    )
    yield Row(
        "array-inside",
        "Here: an array inside.",
        counter(passback_parameters={"tills": ["7", "8"]}),
        "invalid",
        wrong,
    )
    yield Row(
        "text-of-an-object",
        "Here: the object as a text in the text, as a comment of the page's sample says.",
        counter(passback_parameters='{"till":"7"}'),
    )
    yield Row(
        "text-of-no-object",
        "Here: a text that holds no object.",
        counter(passback_parameters="till 7"),
        "invalid",
        wrong,
    )
    yield Row("array", "Here: an array.", counter(passback_parameters=["till", "7"]), "invalid", wrong)
