"""REFUND: its numbers, its amount and currency, its reason."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.calls.common import told
from tools.vectors.calls.plain import refund_at_once, refund_plain
from tools.vectors.calls.whole import ABSENT, GLOBAL, refunding
from tools.vectors.question import Inputs, Row, family, question

_NULL, _LONG, _MONEY = "PARAMTER_IS_NULL", "ILLEGAL_LENGTH", "ILLEGAL_MONEY_FORMAT"
_CURRENCY: Final = "ILLEGAL_CURRENCY"


@family("request.refund.partner_refund_id", given=GLOBAL, twin=refund_plain)
def the_numbers() -> Iterator[Row]:
    """Texts of at most 64 characters: of the payment, of the refund, and Alipay's."""
    for name, optional in (
        ("partner_trans_id", False),
        ("partner_refund_id", False),
        ("alipay_trans_id", True),
    ):
        flags, slug = (f"request.refund.{name}",), name.replace("_", "-")
        yield Row(
            f"{slug}-64-characters", f"Here: {name} at the limit.", refunding(**{name: "T" * 64}), flags=flags
        )
        yield Row(
            f"{slug}-65-characters",
            f"Here: {name} is a character too long.",
            refunding(**{name: "T" * 65}),
            "invalid",
            told(name, "too-long", _LONG),
            flags=flags,
        )
        for value, kind in ((ABSENT, "absent"), ("", "empty")):
            if not optional:
                says = told(name, kind, _NULL)
                yield Row(
                    f"{slug}-{kind}",
                    f"Here: {name} is {kind}.",
                    refunding(**{name: value}),
                    "invalid",
                    says,
                    flags=flags,
                )
        yield Row(
            f"{slug}-zero",
            f"Here: {name} is the digit zero, which is a value.",
            refunding(**{name: "0"}),
            flags=flags,
        )
    yield Row(
        "chinese",
        "Here: a number of 64 Chinese characters: characters count, not bytes (inferred).",
        refunding(partner_refund_id="\u9000" * 64),
    )


@question(
    "money.refund.ids-differ",
    "request.refund.partner_refund_id",
    given=GLOBAL,
    twin=refund_plain,
    result="invalid",
    says=told("partner_refund_id", "conflict", "INVALID_PARAMETER"),
)
def the_number_of_the_payment() -> Inputs:
    """partner_refund_id is the same as partner_trans_id."""
    return refunding(partner_refund_id="2026112300001")


@question("money.refund.ids-differ", given=GLOBAL, twin=the_number_of_the_payment)
def almost_the_number_of_the_payment() -> Inputs:
    """partner_refund_id differs from partner_trans_id by a zero in front."""
    return refunding(partner_refund_id="02026112300001")


@family("request.refund.refund_amount", given=GLOBAL, twin=refund_plain)
def the_amount() -> Iterator[Row]:
    """Above zero, in the decimals of its currency."""
    for value, slug, comment in (
        ("0.01", "a-cent", "Here: a cent."),
        ("0.1", "one-decimal", "Here: with one decimal."),
        ("9999999.99", "the-largest", "Here: the largest of Number(9,2)."),
        ("1", "whole", "Here: without decimals."),
    ):
        yield Row(slug, comment, refunding(refund_amount=value))
    for value, slug, comment in (
        ("0.00", "zero", "Here: nothing: an amount, but no refund."),
        ("0", "whole-zero", "Here: nothing, without decimals."),
        ("100.999", "error-case-of-the-page", "Here: the error case of the page."),
        ("0.001", "too-fine", "Here: finer than a cent."),
        ("-0.10", "negative", "Here: less than nothing."),
        ("+0.10", "plus", "Here: with a plus."),
        ("1e1", "exponent", "Here: with an exponent."),
        ("0,10", "comma", "Here: a decimal comma."),
        ("1,000.00", "grouped", "Here: grouped thousands."),
        (" 0.10", "blank", "Here: a blank in front."),
        ("0.10\n", "newline", "Here: a newline behind."),
        ("USD0.10", "currency", "Here: with its currency."),
        ("\uff10.10", "full-width", "Here: its first digit is full-width."),
        ("12345678.00", "ten-digits", "Here: ten digits."),
        ("NaN", "nan", "Here: not a number."),
        ("ten", "word", "Here: a word."),
        (".10", "no-zero", "Here: nothing before the point."),
    ):
        yield Row(
            slug, comment, refunding(refund_amount=value), "invalid", told("refund_amount", "illegal", _MONEY)
        )
    for value, kind in ((ABSENT, "absent"), ("", "empty")):
        yield Row(
            kind,
            f"Here: it is {kind}.",
            refunding(refund_amount=value),
            "invalid",
            told("refund_amount", kind, _NULL),
        )


@question("request.refund.refund_amount", given=GLOBAL)
def a_refund_of_yen() -> Inputs:
    """A hundred yen."""
    return refunding(refund_amount="100", currency="JPY")


@family("request.refund.refund_amount", given=GLOBAL, twin=a_refund_of_yen, result="invalid")
def a_refund_of_yen_with() -> Iterator[Row]:
    """Yen are whole numbers."""
    says = told("refund_amount", "illegal", _MONEY)
    yield Row(
        "two-decimals",
        "Here: with two decimals that are zero.",
        refunding(refund_amount="100.00", currency="JPY"),
        says=says,
    )
    yield Row(
        "half-a-yen", "Here: with half a yen.", refunding(refund_amount="100.5", currency="JPY"), says=says
    )


@question("request.refund.refund_amount", given=GLOBAL)
def a_refund_of_won() -> Inputs:
    """A thousand won."""
    return refunding(refund_amount="1000", currency="KRW")


@question(
    "request.refund.refund_amount",
    given=GLOBAL,
    twin=a_refund_of_won,
    result="invalid",
    says=told("refund_amount", "illegal", _MONEY),
)
def a_refund_of_won_with_decimals() -> Inputs:
    """Won are whole numbers."""
    return refunding(refund_amount="1000.00", currency="KRW")


@family("request.refund.currency", given=GLOBAL, twin=refund_plain)
def the_currency() -> Iterator[Row]:
    """Three capital letters of a currency that the gateway knows; whether it is the payment's is another rule."""
    for value, slug, comment in (
        ("HKD", "hkd", "Here: HKD."),
        ("CNY", "cny", "Here: CNY."),
        ("EUR", "eur", "Here: EUR."),
    ):
        yield Row(slug, comment, refunding(currency=value))
    for value, kind, error, slug, comment in (
        (ABSENT, "absent", _NULL, "absent", "Here: it is absent."),
        ("", "empty", _NULL, "empty", "Here: it is empty."),
        ("usd", "illegal", _CURRENCY, "small", "Here: in small letters."),
        ("Usd", "illegal", _CURRENCY, "mixed", "Here: with one capital letter."),
        ("XYZ", "illegal", _CURRENCY, "unknown", "Here: three letters that are no currency."),
        ("BTC", "illegal", _CURRENCY, "bitcoin", "Here: a currency that no bank has."),
        ("$", "illegal", _CURRENCY, "sign", "Here: its sign."),
        ("840", "illegal", _CURRENCY, "number-code", "Here: its numeric code."),
        ("USD ", "illegal", _CURRENCY, "blank-behind", "Here: with a blank behind."),
        ("US DOLLARS", "illegal", _CURRENCY, "words", "Here: in words, ten characters."),
        ("US DOLLARS!", "too-long", _LONG, "eleven-characters", "Here: eleven characters, more than the page allows for it."),
    ):  # fmt: skip
        yield Row(slug, comment, refunding(currency=value), "invalid", told("currency", kind, error))


@family("request.refund.refund_reason", given=GLOBAL, twin=refund_plain)
def the_reason() -> Iterator[Row]:
    """Optional, any text of at most 128 characters."""
    for value, slug, comment in (
        ("wrong size", "words", "Here: plain words."),
        ("r" * 128, "128-characters", "Here: at the limit."),
        ("\u9000" * 128, "128-chinese", "Here: 128 Chinese characters, 384 bytes of UTF-8."),
        ("0", "zero", "Here: the digit zero."),
        ('say "no" & <go>', "marks", "Here: with marks that some escape."),
        (" ", "blank", "Here: a blank, which is a value."),
    ):
        yield Row(slug, comment, refunding(refund_reason=value))
    for value, slug, comment in (
        ("r" * 129, "129-characters", "Here: a character over the limit."),
        ("\u9000" * 129, "129-chinese", "Here: 129 Chinese characters."),
    ):
        yield Row(
            slug, comment, refunding(refund_reason=value), "invalid", told("refund_reason", "too-long", _LONG)
        )


@family("request.refund.is_sync", given=GLOBAL, twin=refund_at_once)
def is_sync() -> Iterator[Row]:
    """Y or N; absent means N."""
    yield Row("n", "Here: N.", refunding(is_sync="N"))
    yield Row("empty", "Here: it is empty, as if it were absent.", refunding(is_sync=""))
    for value, kind, error, slug, comment in (
        ("y", "illegal", "ILLEGAL_ARGUMENT", "small", "Here: a small letter."),
        ("1", "illegal", "ILLEGAL_ARGUMENT", "one", "Here: 1."),
        ("X", "illegal", "ILLEGAL_ARGUMENT", "other-letter", "Here: another letter."),
        ("true", "too-long", _LONG, "true", "Here: true."),
        ("YES", "too-long", _LONG, "yes", "Here: the whole word."),
    ):
        yield Row(slug, comment, refunding(is_sync=value), "invalid", told("is_sync", kind, error))
