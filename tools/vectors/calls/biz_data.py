"""The members of ``biz_data``: what a counter is, and in which currencies it is paid and settled."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.calls.common import told
from tools.vectors.calls.plain import create_for_a_taxi, create_plain, create_with_everything
from tools.vectors.calls.whole import ABSENT, COUNTER, GLOBAL, counter, creating, taxi, written
from tools.vectors.question import Inputs, Row, family, question

HERE: Final = "request.create.biz_data"

_NULL: Final = "PARAMTER_IS_NULL"
_LONG: Final = "ILLEGAL_LENGTH"
_FORM: Final = "REGEXP_MATCH_FAIL"
_CURRENCY: Final = "ILLEGAL_CURRENCY"


@family(HERE, given=GLOBAL, twin=create_plain, result="invalid")
def a_compulsory_member() -> Iterator[Row]:
    """Without it no code is made."""
    for name in COUNTER:
        flags = (f"{HERE}.{name}",)
        for value, kind, comment in (
            (ABSENT, "absent", "absent"),
            ("", "empty", "empty"),
            (None, "absent", "null"),
        ):
            slug = f"{name.replace('_', '-')}-{comment}"
            says = told(f"biz_data.{name}", kind, _NULL)
            yield Row(slug, f"Here: {name} is {comment}.", counter(**{name: value}), says=says, flags=flags)


@family(HERE, given=GLOBAL, twin=create_for_a_taxi, result="invalid")
def a_member_of_a_taxi() -> Iterator[Row]:
    """A taxi (4121) needs four members of its own."""
    for name in ("taxi_operation_id", "taxi_number", "taxi_driver_name", "taxi_driver_mobile"):
        says = told(f"biz_data.{name}", "absent", _NULL)
        slug = name.replace("_", "-")
        yield Row(
            slug, f"Here: {name} is absent.", taxi(**{name: ABSENT}), says=says, flags=(f"{HERE}.{name}",)
        )


@question(f"{HERE}.taxi_number", given=GLOBAL, twin=create_plain)
def a_taxi_number_of_no_taxi() -> Inputs:
    """A counter that is no taxi may have a member of one."""
    return counter(taxi_number="B12345")


@question(f"{HERE}.store_id", given=GLOBAL, twin=create_for_a_taxi)
def a_taxi_with_a_store() -> Inputs:
    """A taxi may name a store all the same."""
    return taxi(store_id="S-01")


@family(f"{HERE}.secondary_merchant_industry", given=GLOBAL, twin=create_plain, result="invalid")
def the_industry() -> Iterator[Row]:
    """A merchant category code: four digits, as text."""
    for value, kind, error, slug, comment in (
        ("581", "illegal", _FORM, "three-digits", "Here: three digits."),
        ("58122", "too-long", _LONG, "five-digits", "Here: five digits."),
        ("58a2", "illegal", _FORM, "letter", "Here: a letter is among them."),
        ("58 2", "illegal", _FORM, "blank", "Here: a blank is among them."),
        ("-581", "illegal", _FORM, "minus", "Here: with a minus."),
        ("\uff15812", "illegal", _FORM, "full-width", "Here: its first digit is full-width."),
        ("\u0665\u0668\u0661\u0662", "illegal", _FORM, "arabic", "Here: Arabic-Indic digits."),
        ("581\n", "illegal", _FORM, "newline", "Here: three digits and a newline."),
        (5812, "illegal", _FORM, "number", "Here: a JSON number, where the page says String."),
        (True, "illegal", _FORM, "boolean", "Here: a JSON boolean."),
        (["5812"], "illegal", _FORM, "array", "Here: an array."),
        ({"mcc": "5812"}, "illegal", _FORM, "object", "Here: an object."),
    ):
        says = told("biz_data.secondary_merchant_industry", kind, error)
        yield Row(slug, comment, counter(secondary_merchant_industry=value), says=says)


@family(f"{HERE}.secondary_merchant_industry", given=GLOBAL, twin=create_plain)
def another_industry() -> Iterator[Row]:
    """Four digits, whichever they are."""
    for value, slug, comment in (
        ("5311", "example-of-the-page", "Here: the example of the page."),
        ("0001", "zeros-in-front", "Here: zeros in front, which a number would lose."),
        ("0000", "zeros", "Here: zeros alone."),
        ("9999", "nines", "Here: the largest."),
    ):
        yield Row(slug, comment, counter(secondary_merchant_industry=value))


@family(f"{HERE}.secondary_merchant_id", given=GLOBAL, twin=create_plain)
def the_merchant_id() -> Iterator[Row]:
    """Letters, digits and underscore, at most 64 characters."""
    name, wrong = "biz_data.secondary_merchant_id", (told("biz_data.secondary_merchant_id", "illegal", _FORM))
    for value, slug, comment in (
        ("m" * 64, "64-characters", "Here: at the limit."),
        ("m", "one-character", "Here: a single letter."),
        ("0", "zero", "Here: the digit zero, which is a value."),
        ("_", "underscore", "Here: an underscore alone."),
        ("Shop_001", "capital", "Here: with a capital letter."),
    ):
        yield Row(slug, comment, counter(secondary_merchant_id=value))
    yield Row(
        "65-characters",
        "Here: a character over the limit.",
        counter(secondary_merchant_id="m" * 65),
        "invalid",
        told(name, "too-long", _LONG),
    )
    for value, slug, comment in (
        ("shop 001", "blank", "Here: a blank is inside."),
        ("shop.001", "point", "Here: a point is inside."),
        ("shop/001", "slash", "Here: a slash is inside."),
        ("\u5546\u6237", "chinese", "Here: Chinese characters."),
        ("caf\u00e9", "accent", "Here: a letter with an accent."),
        ("shop_001\n", "newline", "Here: a newline behind, which a $ lets pass."),
        (" shop_001", "blank-in-front", "Here: a blank in front."),
    ):
        yield Row(slug, comment, counter(secondary_merchant_id=value), "invalid", wrong)
    yield Row("number", "Here: a JSON number.", counter(secondary_merchant_id=2088), "invalid", wrong)
    yield Row(
        "dash",
        "Here: with a dash, which older public code allows and the page does not name.",
        counter(secondary_merchant_id="shop-001"),
        "acceptable",
    )


@family(f"{HERE}.secondary_merchant_name", given=GLOBAL, twin=create_plain)
def the_merchant_name() -> Iterator[Row]:
    """Any text of at most 64 characters; characters, not bytes (inferred)."""
    name = "biz_data.secondary_merchant_name"
    for value, slug, comment in (
        ("N" * 64, "64-characters", "Here: at the limit."),
        ("\u9762" * 64, "64-chinese", "Here: 64 Chinese characters, 192 bytes of UTF-8."),
        ("\u9762\u9986", "chinese", "Here: Chinese characters."),
        ("Caf\u00e9 & Bar", "accent-and-ampersand", "Here: an accent and an ampersand."),
        ("O'Brien's <Bar>", "markup", "Here: marks that HTML and SQL would escape."),
        (" ", "blank", "Here: a blank, which is a text."),
        ("0", "zero", "Here: the digit zero."),
    ):
        yield Row(slug, comment, counter(secondary_merchant_name=value))
    yield Row(
        "65-characters",
        "Here: a character over the limit.",
        counter(secondary_merchant_name="N" * 65),
        "invalid",
        told(name, "too-long", _LONG),
    )
    yield Row(
        "65-chinese",
        "Here: 65 Chinese characters.",
        counter(secondary_merchant_name="\u9762" * 65),
        "invalid",
        told(name, "too-long", _LONG),
    )
    yield Row("number", "Here: a JSON number.", counter(secondary_merchant_name=7), "invalid")
    yield Row("boolean", "Here: a JSON boolean.", counter(secondary_merchant_name=False), "invalid")


@family(f"{HERE}.store_id", given=GLOBAL, twin=create_plain)
def the_store_id() -> Iterator[Row]:
    """Letters, digits, underscore and dash, at most 32 characters (public code)."""
    for value, slug, comment in (
        ("s" * 32, "32-characters", "Here: at the limit."),
        ("A_b-9", "all-marks", "Here: with dash and underscore."),
        ("1", "digit", "Here: a single digit."),
    ):
        yield Row(slug, comment, counter(store_id=value))
    yield Row(
        "33-characters",
        "Here: a character over the limit.",
        counter(store_id="s" * 33),
        "invalid",
        told("biz_data.store_id", "too-long", _LONG),
    )
    for value, slug, comment in (
        ("S/01", "slash", "Here: a slash is inside."),
        ("S 01", "blank", "Here: a blank is inside."),
        ("S\u201301", "long-dash", "Here: an en dash in place of the dash."),
        ("\u5e97-01", "chinese", "Here: a Chinese character is inside."),
    ):
        yield Row(
            slug, comment, counter(store_id=value), "invalid", told("biz_data.store_id", "illegal", _FORM)
        )


@question(f"{HERE}.store_id", given=GLOBAL, twin=create_plain, result="invalid")
def the_store_id_as_a_number() -> Inputs:
    """A JSON number, where the page says String."""
    return counter(store_id=1)


@family(f"{HERE}.trans_currency", given=GLOBAL, twin=create_plain)
def the_currencies() -> Iterator[Row]:
    """The price is in trans_currency; the settlement in CNY or in the same."""
    price, settled = f"{HERE}.trans_currency", f"{HERE}.currency"
    yield Row("settled-in-cny", "Here: settled in CNY.", counter(currency="CNY"), flags=(settled,))
    yield Row(
        "settled-in-another",
        "Here: settled in EUR, neither CNY nor the currency of the price.",
        counter(currency="EUR"),
        "invalid",
        told("biz_data.currency", "conflict", _CURRENCY),
        flags=(settled,),
    )
    yield Row(
        "price-differs",
        "Here: the price is in HKD, the settlement in USD.",
        counter(trans_currency="HKD"),
        "invalid",
        told("biz_data.currency", "conflict", _CURRENCY),
        flags=(settled, price),
    )
    yield Row(
        "price-in-cny", "Here: the price is in CNY, and settled in dollars.", counter(trans_currency="CNY")
    )
    for value, slug, comment in (
        ("usd", "small", "Here: the price in small letters."),
        ("US", "two-letters", "Here: two letters."),
        ("USDT", "four-letters", "Here: four letters."),
        ("XXX", "unknown", "Here: three letters that are no currency of this gateway."),
        ("RMB", "rmb", "Here: RMB, which people say, and which is no code."),
        ("$", "sign", "Here: its sign."),
        ("840", "number-code", "Here: its numeric code."),
        (" USD", "blank-in-front", "Here: with a blank in front."),
        ("US\u0405", "look-alike", "Here: with a Cyrillic letter that looks like an S."),
        (["USD"], "array", "Here: an array."),
    ):
        yield Row(
            slug,
            comment,
            counter(trans_currency=value),
            "invalid",
            told("biz_data.trans_currency", "illegal", _CURRENCY),
        )
    for value, slug, comment in (
        ("usd", "settlement-small", "Here: the settlement in small letters."),
        ("XXX", "settlement-unknown", "Here: a settlement in no currency of this gateway."),
        ("CNH", "settlement-offshore", "Here: the code that traders use for yuan abroad."),
    ):
        yield Row(
            slug,
            comment,
            counter(currency=value),
            "invalid",
            told("biz_data.currency", "illegal", _CURRENCY),
            flags=(settled,),
        )


@question(f"{HERE}.trans_currency", given=GLOBAL)
def a_counter_of_yen() -> Inputs:
    """Price and settlement in JPY, a currency without decimals."""
    return counter(trans_currency="JPY", currency="JPY")


@family(f"{HERE}.currency", given=GLOBAL, twin=a_counter_of_yen, result="invalid")
def a_counter_of_yen_settled() -> Iterator[Row]:
    """JPY is settled in JPY or CNY."""
    yield Row(
        "in-dollars",
        "Here: in USD.",
        counter(trans_currency="JPY", currency="USD"),
        says=told("biz_data.currency", "conflict", _CURRENCY),
    )
    yield Row("in-cny", "Here: in CNY.", counter(trans_currency="JPY", currency="CNY"), "valid")


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
    """A flat object of plain values, which come back after the payment."""
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
        "text",
        "Here: the object as a text in the text.",
        counter(passback_parameters='{"till":"7"}'),
        "invalid",
        wrong,
    )
    yield Row("array", "Here: an array.", counter(passback_parameters=["till", "7"]), "invalid", wrong)


def _filled(length: int) -> str:
    members = {**COUNTER, "address": ""}
    return written({**members, "address": "a" * (length - len(written(members)))})


@family(HERE, given=GLOBAL, twin=create_plain)
def its_length() -> Iterator[Row]:
    """The whole text has at most 2000 characters."""
    yield Row("2000-characters", "Here: at the limit.", creating(_filled(2000)))
    yield Row(
        "2001-characters",
        "Here: a character over the limit.",
        creating(_filled(2001)),
        "invalid",
        told("biz_data", "too-long", _LONG),
    )
    wide = written({**COUNTER, "address": "\u8def" * 700})
    yield Row("over-2000-bytes", "Here: below 2000 characters, above 2000 bytes of UTF-8.", creating(wide))


@question(HERE, given=GLOBAL, twin=create_with_everything)
def everything_but_a_mobile() -> Inputs:
    """Every optional member but one."""
    members = dict(create_with_everything.inputs["params"])
    text = members["biz_data"].replace(',"notify_mobile":"13800000000"', "")
    return creating(text)
