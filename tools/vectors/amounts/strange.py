"""Texts that some language takes for a number, and that are no amount."""

from collections.abc import Iterator

from tools.vectors.amounts.reading import (
    FORM,
    JPY,
    USD,
    a_hundred_with_both_decimals,
    a_hundred_yen,
    ten_cents,
)
from tools.vectors.question import Row, family


@family(FORM, given=USD, twin=a_hundred_with_both_decimals, result="invalid")
def too_fine() -> Iterator[Row]:
    """An amount has at most two decimals: what is finer is refused, never rounded."""
    for text, slug, comment in (
        ("1.005", "half-a-cent", "Here: 1.005, which is below that as a float, and rounds to 1.00 in some languages, to 1.01 in others."),
        ("1.015", "half-a-cent-again", "Here: 1.015, rounded up, down or to the even cent."),
        ("0.001", "tenth-of-a-cent", "Here: a tenth of a cent, which rounds to nothing."),
        ("0.005", "half-a-cent-alone", "Here: half a cent, which rounds to nothing or to a cent."),
        ("100.999", "error-case-of-the-page", "Here: the error case of the gateway's own page."),
        ("0.100", "three-decimals-of-ten-cents", "Here: ten cents with a third decimal that is zero."),
        ("100.000", "three-decimals-of-a-hundred", "Here: a hundred with three decimals: a thousand times as much where the point groups thousands."),
        ("0.30000000000000004", "sum-of-floats", "Here: what 0.1 + 0.2 makes as floats."),
        ("7.999999999999999", "difference-of-floats", "Here: what 8.2 - 0.2 makes as floats."),
        ("0.069999999999999993", "seven-cents-as-a-float", "Here: 0.07 as a float with all its digits."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text})


@family(FORM, given=USD, twin=ten_cents, result="invalid")
def a_sign() -> Iterator[Row]:
    """An amount has no sign. A negative refund would be a charge."""
    for text, slug, comment in (
        ("-0.10", "minus", "Here: a minus."),
        ("+0.10", "plus", "Here: a plus, which a form decodes to a blank."),
        ("-0.00", "minus-zero", "Here: a minus before zero."),
        ("-0", "minus-zero-whole", "Here: a minus before a whole zero."),
        ("--0.10", "two-minuses", "Here: two minuses, which cancel each other only in arithmetic."),
        ("0.10-", "minus-behind", "Here: a minus behind, as in old book-keeping."),
        ("(0.10)", "brackets", "Here: brackets, as in a balance."),
        ("\u22120.10", "typographic-minus", "Here: the typographic minus sign."),
        ("\uff0d0.10", "full-width-minus", "Here: a full-width minus."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text})


@family(FORM, given=USD, twin=ten_cents, result="invalid")
def another_notation() -> Iterator[Row]:
    """A number to a programming language, not to the gateway."""
    for text, slug, comment in (
        ("1e-1", "exponent", "Here: an exponent."),
        ("1E1", "capital-exponent", "Here: an exponent with a capital E."),
        ("1e0", "exponent-zero", "Here: an exponent of zero."),
        ("0x10", "hex", "Here: hex digits."),
        ("0b10", "binary", "Here: binary digits."),
        ("0o10", "octal", "Here: octal digits."),
        ("1_000.00", "underscore", "Here: an underscore between digits."),
        ("1'000.00", "apostrophe", "Here: an apostrophe between thousands, as in Switzerland."),
        ("1,000.00", "comma-thousands", "Here: a comma between thousands."),
        ("1 000.00", "blank-thousands", "Here: a blank between thousands."),
        ("1\u00a0000.00", "hard-blank-thousands", "Here: a no-break space between thousands, as formatters write it."),
        ("0,10", "comma", "Here: a decimal comma, as half of Europe writes it."),
        ("1.000,00", "german", "Here: a thousand the German way."),
        ("1/10", "fraction", "Here: a fraction."),
        ("10%", "percent", "Here: a percentage."),
        ("0.10f", "float-suffix", "Here: the suffix of a float literal."),
        ("10L", "long-suffix", "Here: the suffix of a long literal."),
        ("0.1.0", "two-points", "Here: two points."),
        ("..10", "two-points-in-front", "Here: two points in front."),
        (".10", "nothing-before-the-point", "Here: no digit before the point."),
        ("10.", "nothing-behind-the-point", "Here: no digit behind the point."),
        (".", "point-alone", "Here: a point alone."),
        ("0.1 0", "blank-inside", "Here: a blank between digits."),
        ("{0.10}", "braces", "Here: braces of a template."),
        ('"0.10"', "quotes", "Here: with its quotes, as a JSON text that was not decoded."),
        ("0.10;1", "semicolon", "Here: two values."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text})


@family(FORM, given=USD, twin=ten_cents, result="invalid")
def no_number() -> Iterator[Row]:
    """It is no number at all, although some parsers return one."""
    for text, slug, comment in (
        ("", "empty", "Here: nothing, which some languages read as zero."),
        (" ", "blank", "Here: a blank, which JavaScript reads as zero."),
        ("NaN", "nan", "Here: not a number; compared with anything it is neither more nor less."),
        ("Infinity", "infinity", "Here: infinity, more than any refund."),
        ("inf", "inf", "Here: infinity by its short name."),
        ("null", "null", "Here: the word null."),
        ("None", "none", "Here: the word None."),
        ("undefined", "undefined", "Here: the word undefined."),
        ("true", "true", "Here: true, which counts as one."),
        ("[]", "empty-list", "Here: an empty list, which JavaScript reads as zero."),
        ("ten", "word", "Here: a word."),
        ("O.1O", "letters-like-digits", "Here: the letter O in place of zeros."),
        ("l.00", "letter-l", "Here: the letter l in place of one."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text})


@family(FORM, given=USD, twin=ten_cents, result="invalid")
def with_its_currency() -> Iterator[Row]:
    """The currency has a parameter of its own."""
    for text, slug, comment in (
        ("USD0.10", "code-in-front", "Here: the code in front."),
        ("0.10 USD", "code-behind", "Here: the code behind."),
        ("$0.10", "dollar", "Here: a dollar sign."),
        ("\uffe50.10", "full-width-yen", "Here: the full-width sign of the yen and yuan."),
        ("0.10\u5143", "yuan", "Here: the character for yuan."),
        ("10c", "cents", "Here: cents."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text})


@family(FORM, given=USD, twin=ten_cents, result="invalid")
def white_space() -> Iterator[Row]:
    """White space around an amount is signed and sent with it; lenient parsers drop it, the gateway does not."""
    for text, slug, comment in (
        (" 0.10", "in-front", "Here: a blank in front, as number formatters pad."),
        ("0.10 ", "behind", "Here: a blank behind."),
        ("0.10\n", "newline", "Here: a newline behind, before which the $ of many regular expressions matches."),
        ("0.10\r\n", "crlf", "Here: the line end of a text file."),
        ("\t0.10", "tab", "Here: a tab in front."),
        ("0.10\u0000", "nul", "Here: a NUL behind, where C stops reading."),
        ("0.10\u00a0", "hard-blank", "Here: a no-break space behind, from a web page."),
        ("\u30000.10", "ideographic-blank", "Here: an ideographic space in front, from a Chinese keyboard."),
        ("\ufeff0.10", "byte-order-mark", "Here: a byte order mark in front, from a file."),
        ("0.10\u200b", "zero-width", "Here: a zero-width space behind, which nobody sees."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text})


@family(FORM, given=USD, twin=ten_cents, result="invalid")
def other_digits() -> Iterator[Row]:
    """Digits of another script are digits to Unicode, and to the "digit" of many regular expressions."""
    for text, slug, comment in (
        ("\uff10\uff0e\uff11\uff10", "full-width", "Here: full-width digits and point, from a Chinese keyboard."),
        ("0.\uff11\uff10", "full-width-decimals", "Here: full-width decimals behind an ordinary point."),
        ("\u0660.\u0661\u0660", "arabic", "Here: Arabic-Indic digits."),
        ("\u06f0.\u06f1\u06f0", "persian", "Here: Persian digits."),
        ("\u0966.\u0967\u0966", "devanagari", "Here: Devanagari digits."),
        ("0\u3002\u0031\u0030", "chinese-full-stop", "Here: a Chinese full stop in place of the point."),
        ("0\u066b10", "arabic-decimal-mark", "Here: the Arabic decimal separator."),
        ("0.1\u2070", "superscript", "Here: a superscript zero."),
        ("\u00bd", "half", "Here: the fraction one half."),
        ("\u3007.\u4e00", "chinese-numerals", "Here: Chinese numerals."),
        ("\u2160", "roman", "Here: a Roman numeral."),
        ("\U0001d7ce.\U0001d7cf0", "mathematical", "Here: mathematical bold digits, outside the BMP."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text})


@family(FORM, given=USD, twin=ten_cents, result="invalid")
def too_long() -> Iterator[Row]:
    """No reading of Number(9,2) holds it."""
    for text, slug, comment in (
        ("12345678.00", "ten-digits", "Here: ten digits."),
        ("1234567890", "ten-digits-no-decimals", "Here: ten digits without decimals."),
        ("4294967296.00", "over-32-bits", "Here: 2 to the 32nd, which some counters take for zero."),
        ("92233720368547758.08", "over-64-bits", "Here: 2 to the 63rd in cents, which some counters take for a negative number."),
        ("9" * 40, "forty-digits", "Here: forty digits."),
        ("0." + "0" * 60 + "1", "sixty-decimals", "Here: sixty decimals that are almost nothing."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text})


@family(FORM, given=JPY, twin=a_hundred_yen, result="invalid")
def no_yen() -> Iterator[Row]:
    """What is no amount is none in a currency without decimals either."""
    for text, slug, comment in (
        ("100.", "point-behind", "Here: a point without decimals."),
        ("1,000", "comma-thousands", "Here: a comma between thousands, as every Japanese price tag has it."),
        ("1.000", "point-thousands", "Here: a point between thousands; a thousand, or one."),
        ("1e2", "exponent", "Here: an exponent."),
        ("\uff11\uff10\uff10", "full-width", "Here: full-width digits."),
        ("\u00a5100", "yen-sign", "Here: the sign of the yen."),
        ("100 ", "blank", "Here: a blank behind."),
        ("-100", "minus", "Here: a minus."),
        ("99999999", "eight-digits", "Here: eight digits: too long, or not, by the reading of Number(9,2)."),
        ("10000000000", "eleven-digits", "Here: eleven digits."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, "acceptable" if slug == "eight-digits" else None)
