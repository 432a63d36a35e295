"""A value is signed byte for byte: JSON, numbers, Unicode forms and control characters are not touched."""

from collections.abc import Iterator

from tools.vectors.case import Row, case, table
from tools.vectors.messages import BIZ_DATA, cancel, create, refund
from tools.vectors.steps import Pairs
from tools.vectors.text.plain import cancel_plain, create_plain, refund_plain, refund_with_reason


@table("sign.value.verbatim", twin=create_plain)
def biz_data_is_signed_as_the_text_it_is() -> Iterator[Row]:
    """Encoding the JSON again between signing and sending changes the text."""
    for value, slug, comment in (
        (BIZ_DATA.replace("}", ',"url":"https://shop.example"}'), "plain-slashes", "Here: with plain slashes, which PHP escapes by default."),
        (BIZ_DATA.replace("}", ',"url":"https:\\/\\/shop.example"}'), "escaped-slashes", "Here: with escaped slashes, as PHP writes them."),
        (BIZ_DATA.replace("Noodle Bar Central", "面店"), "raw-chinese", "Here: with Chinese characters as they are."),
        (BIZ_DATA.replace("Noodle Bar Central", "\\u9762\\u5e97"), "escaped-chinese", "Here: with the same characters as \\u escapes in small letters, as PHP and Python write them."),
        (BIZ_DATA.replace("Noodle Bar Central", "\\u9762\\u5E97"), "escaped-chinese-capitals", "Here: with the same escapes in capital letters."),
        (BIZ_DATA.replace("Noodle Bar Central", "Mum \\u0026 Dad"), "escaped-ampersand", "Here: with & as an escape, as Go writes it."),
        (BIZ_DATA.replace("Noodle Bar Central", "Mum & Dad"), "raw-ampersand", "Here: with a raw & in it."),
        (BIZ_DATA.replace("Noodle Bar Central", "Fish \\u003c\\u003e"), "escaped-brackets", "Here: with angle brackets as escapes, as Go writes them."),
        (BIZ_DATA.replace("Noodle Bar Central", "O'Neill"), "apostrophe", "Here: with an apostrophe."),
        (BIZ_DATA.replace("Noodle Bar Central", 'The \\"Bar\\"'), "escaped-quotes", "Here: with escaped quotes; the Hong Kong page warns against quotes in values."),
        (BIZ_DATA.replace("Noodle Bar Central", "C:\\\\bar"), "escaped-backslash", "Here: with an escaped backslash."),
        (BIZ_DATA.replace("Noodle Bar Central", "two\\nlines"), "escaped-newline", "Here: with an escaped newline."),
        (BIZ_DATA.replace("Noodle Bar Central", "\\ud83c\\udf5c"), "escaped-surrogates", "Here: with a character beyond 16 bits as two escapes."),
        (BIZ_DATA.replace('"5812"', "5812"), "number-for-text", "Here: with a number in place of a text."),
        (BIZ_DATA.replace("}", ',"channel_fee":{"type":"RATE","value":"0.02"}}'), "nested", "Here: with an object inside."),
        (BIZ_DATA.replace("}", ',"channel_fee":"{\\"type\\":\\"RATE\\",\\"value\\":\\"0.02\\"}"}'), "nested-as-text", "Here: with JSON inside a text inside JSON."),
        (BIZ_DATA.replace("}", ',"sys_service_provider_id":1.0}'), "float", "Here: with 1.0, which some encoders write as 1."),
        (BIZ_DATA.replace("}", ',"sys_service_provider_id":9007199254740993}'), "large-integer", "Here: with an integer that JavaScript cannot hold."),
        (BIZ_DATA.replace("}", ',"sys_service_provider_id":1e2}'), "exponent", "Here: with an exponent."),
        (BIZ_DATA.replace("}", ',"store_id":"S-02"}'), "member-twice", "Here: with a member that stands twice; parsing it keeps one."),
        ('{"currency":"USD",' + BIZ_DATA[1:].replace(',"currency":"USD"}', "}"), "other-member-order", "Here: the same members in another order."),
        (BIZ_DATA.replace("}", ",}"), "trailing-comma", "Here: with a comma too many. It is no JSON, but it is the value."),
        (BIZ_DATA.replace('"', "'"), "apostrophes-for-quotes", "Here: with apostrophes for quotes. It is no JSON, but it is the value."),
        (BIZ_DATA[:-1], "cut-off", "Here: without its last brace. It is no JSON, but it is the value."),
    ):  # fmt: skip
        yield Row(slug, comment, create(biz_data=value))


@table("sign.value.verbatim", twin=refund_plain)
def an_amount_is_signed_as_it_is_spelt() -> Iterator[Row]:
    """The text is signed, not the number: a float in between spells it anew."""
    for value, slug, comment in (
        ("0.1", "one-decimal", "Here: 0.1; it is not the text 0.10."),
        ("0.100", "three-decimals", "Here: 0.100."),
        ("00.10", "zero-before", "Here: 00.10."),
        (".10", "no-zero", "Here: .10."),
        ("+0.10", "plus", "Here: with a plus."),
        ("1", "whole", "Here: 1."),
        ("1.00", "whole-with-decimals", "Here: 1.00, which floats print as 1 or 1.0."),
        ("1.", "point-behind", "Here: a point behind."),
        ("100", "whole-hundred", "Here: 100."),
        ("1e2", "exponent", "Here: 1e2, which is 100 as a number."),
        ("0.30000000000000004", "float-noise", "Here: what 0.1 + 0.2 prints as a float."),
        ("1,000.00", "thousands", "Here: with a comma for thousands."),
        ("0,10", "decimal-comma", "Here: with a decimal comma."),
        ("9999999.99", "largest", "Here: the largest that Number(9,2) holds."),
        ("0x1A", "hex", "Here: in hex."),
        ("\uff10.\uff11\uff10", "full-width", "Here: in full-width digits."),
        ("\u0660.\u0661\u0660", "arabic-digits", "Here: in Arabic digits, which \\d may match."),
    ):
        yield Row(slug, comment, refund(refund_amount=value))


@table("sign.value.verbatim", twin=cancel_plain)
def an_id_of_digits_is_text() -> Iterator[Row]:
    """out_trade_no is text, however much it looks like a number."""
    for value, slug, comment in (
        ("0012345", "zeros-before", "Here: with zeros in front."),
        ("9007199254740993", "beyond-double", "Here: 2^53 + 1, which a JavaScript number rounds."),
        ("18446744073709551616", "beyond-64-bits", "Here: 2^64."),
        (
            "2026112300001202611230000120261123",
            "very-long",
            "Here: 34 digits, which become an exponent as a number.",
        ),
        ("1e5", "exponent", "Here: 1e5."),
        ("0e12345", "zero-exponent", "Here: 0e12345, which PHP compares as equal to 0."),
        ("1_000", "underscore", "Here: 1_000, which Python reads as a number."),
        ("0b101", "binary", "Here: 0b101."),
        ("1795370400250", "looks-like-time", "Here: what looks like milliseconds."),
        ("2026-11-23", "looks-like-date", "Here: what looks like a date."),
        ("TRUE", "looks-like-boolean", "Here: TRUE."),
    ):
        yield Row(slug, comment, cancel(out_trade_no=value))


@table("sign.value.verbatim", twin=refund_with_reason)
def a_value_in_this_unicode_form_is_not_normalised() -> Iterator[Row]:
    """Text that looks the same is not the same: no normal form is applied, nothing invisible is removed."""
    for value, slug, comment in (
        ("caf\u00e9", "nfc", "Here: an e with an accent as one character."),
        ("cafe\u0301", "nfd", "Here: an e and a combining accent."),
        ("\u212b", "angstrom", "Here: the sign for Angstrom, which every normal form turns into a letter."),
        ("\u2126", "ohm", "Here: the sign for Ohm, which every normal form turns into Omega."),
        ("\uf900", "compatibility-ideograph", "Here: a compatibility ideograph, which every normal form replaces."),
        ("\ufb01", "ligature", "Here: the ligature fi."),
        ("\uff21\uff11\uff01", "full-width", "Here: full-width letters, digits and marks."),
        ("\uff71\uff76", "half-width-kana", "Here: half-width kana."),
        ("\u2460", "circled-digit", "Here: a digit in a circle."),
        ("\u1100\u1161", "jamo", "Here: two Korean letters that combine into one."),
        ("\u0130", "turkish-capital", "Here: a capital I with a dot, two characters in small letters."),
        ("stra\u00dfe", "sharp-s", "Here: a sharp s, two characters in capitals."),
        ("\u0e33", "thai-am", "Here: a Thai vowel with a compatibility form."),
        ("a\u0327\u0301", "two-marks", "Here: two combining marks in canonical order."),
        ("a\u0301\u0327", "two-marks-turned", "Here: the same marks the other way round."),
        ("\U0001f35c", "beyond-16-bits", "Here: a character beyond 16 bits, four bytes in UTF-8, never six."),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "joined-emoji", "Here: emoji joined by an invisible character."),
        ("\u2764\ufe0f", "variation-selector", "Here: a heart with a variation selector."),
        ("\U00020bb7\u91ce\u5c4b", "rare-ideograph", "Here: an ideograph beyond 16 bits, as in a real shop's name."),
        ("a\u00adb", "soft-hyphen", "Here: a soft hyphen."),
        ("\u202eabc", "right-to-left-override", "Here: an override of the direction."),
        ("\u05e9\u05dc\u05d5\u05dd", "hebrew", "Here: Hebrew."),
        ("\u0627\u0644\u0633\u0644\u0627\u0645", "arabic", "Here: Arabic."),
        ("\ue000", "private-use", "Here: a private-use character."),
        ("\uffff", "noncharacter", "Here: U+FFFF, which is no character and still text."),
        ("\U0010ffff", "last-code-point", "Here: the last code point."),
        ("\ufffd", "replacement-character", "Here: the replacement character itself."),
        ("\u2018x\u2019 \u2014 \u2026", "typographic", "Here: typographic quotes, a dash, dots."),
    ):  # fmt: skip
        yield Row(slug, comment, refund(refund_reason=value))


@table("sign.value.verbatim", twin=refund_with_reason)
def a_value_with_a_control_character() -> Iterator[Row]:
    """Control characters are characters."""
    for value, slug, comment in (
        ("a\x00b", "nul-inside", "Here: U+0000, where C ends a text."),
        ("a\x01b", "start-of-heading", "Here: U+0001."),
        ("a\x08b", "backspace", "Here: a backspace."),
        ("a\x1bb", "escape", "Here: an escape, where a terminal sequence begins."),
        ("a\x1ab", "substitute", "Here: U+001A, where some systems end a file."),
        ("a\x7fb", "delete", "Here: U+007F."),
        ("a\u0080b", "c1", "Here: U+0080; as a byte of CP1252 it would be the euro."),
        ("a\u2028b", "line-separator", "Here: U+2028, which old JavaScript does not allow in a text."),
        ("a\u2029b", "paragraph-separator", "Here: U+2029."),
    ):
        yield Row(slug, comment, refund(refund_reason=value))


@case("sign.value.verbatim", twin=refund_plain)
def a_currency_in_small_letters_stays_so() -> Pairs:
    """usd is not a legal currency, and is signed as usd."""
    return refund(currency="usd")


@case("sign.value.verbatim", twin=refund_plain)
def a_service_in_another_case_stays_so() -> Pairs:
    """The name of a service is a value like any other."""
    return refund(service="Alipay.Acquire.Overseas.Spot.Refund")


@case("sign.value.verbatim", twin=create_plain)
def the_longest_biz_data() -> Pairs:
    """biz_data of 2000 characters: no buffer, no cut."""
    rest = 2000 - len(BIZ_DATA) - len(',"address":""')
    return create(biz_data=f'{BIZ_DATA[:-1]},"address":"{"No. 1 " * 400:.{rest}}"}}')


@case("sign.value.verbatim", twin=refund_with_reason)
def the_longest_reason_in_chinese() -> Pairs:
    """128 Chinese characters, 384 bytes."""
    return refund(refund_reason="退" * 128)
