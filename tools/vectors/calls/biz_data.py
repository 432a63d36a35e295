"""The compulsory members of ``biz_data``, but for its currencies; and how long the whole is."""

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
