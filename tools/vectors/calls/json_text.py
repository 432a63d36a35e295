"""``biz_data`` is a text that holds a JSON object: exactly one reading, or none."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.calls.biz_data import HERE
from tools.vectors.calls.common import told
from tools.vectors.calls.plain import create_plain
from tools.vectors.calls.whole import ABSENT, COUNTER, GLOBAL, creating, written
from tools.vectors.question import Row, family

_TEXT: Final = written(COUNTER)
_ID: Final = '"secondary_merchant_id":"shop_001"'


@family(HERE, given=GLOBAL, twin=create_plain)
def the_same_object_in_another_text() -> Iterator[Row]:
    """Another text of the same object: legal, and signed as exactly this text."""
    for text, slug, comment in (
        (_TEXT.replace(":", ": ").replace(",", ", "), "spaces", "Here: with spaces, as many encoders write."),
        (_TEXT.replace('{"', '{\n  "').replace(',"', ',\n  "').replace("}", "\n}"), "lines", "Here: on several lines."),
        (" " + _TEXT + " ", "spaces-around", "Here: with spaces around it."),
        (_TEXT.replace("Noodle Bar Central", "Noodle\\u0020Bar\\u0020Central"), "escapes", "Here: with escapes for blanks."),
        (_TEXT.replace("Noodle Bar Central", "\\u9762\\u9986"), "chinese-escaped", "Here: Chinese characters as escapes."),
        (_TEXT.replace("Noodle Bar Central", "Noodle\\/Bar"), "slash-escaped", "Here: an escaped slash, as PHP writes it."),
        (_TEXT.replace("Noodle Bar Central", 'The \\"Noodle\\" Bar'), "quotes", "Here: quotes inside a value; the edition of Hong Kong forbids them."),
        (_TEXT.replace("Noodle Bar Central", "\\ud83c\\udf5c"), "pair-of-surrogates", "Here: a character outside the BMP as two escapes."),
        (_TEXT.replace("Noodle Bar Central", "\U0001f35c"), "outside-the-bmp", "Here: a character outside the BMP as itself."),
        (_TEXT.replace("Noodle Bar Central", "a\\tb"), "tab-escaped", "Here: an escaped tab."),
        (written(dict(reversed(COUNTER.items()))), "other-order", "Here: its members in another order."),
    ):  # fmt: skip
        yield Row(slug, comment, creating(text))


@family(HERE, given=GLOBAL, twin=create_plain, result="invalid")
def no_object() -> Iterator[Row]:
    """No text of a JSON object: lenient readers make one of it, and not all of them the same."""
    for text, kind, error, slug, comment in (
        (ABSENT, "absent", "PARAMTER_IS_NULL", "absent", "Here: it is absent."),
        ("", "empty", "PARAMTER_IS_NULL", "empty", "Here: it is empty."),
    ):
        yield Row(slug, comment, creating(text), says=told("biz_data", kind, error))
    for text, slug, comment in (
        (_TEXT[:-1], "cut-off", "Here: the last brace is missing."),
        (_TEXT[:60], "cut-in-a-value", "Here: cut off within a value."),
        ("{", "brace", "Here: what an unescaped HTML form leaves of it."),
        (_TEXT + "}", "brace-too-many", "Here: a brace too many."),
        (_TEXT + "null", "something-behind", "Here: something stands behind it."),
        (f"[{_TEXT}]", "array", "Here: an array with the object in it."),
        (
            '"' + _TEXT.replace('"', '\\"') + '"',
            "encoded-twice",
            "Here: encoded twice, so that it is a string.",
        ),
        ("null", "null", "Here: null."),
        ("5812", "number", "Here: a number."),
        ("[]", "empty-array", "Here: an empty array, what PHP makes of no members."),
        (_TEXT.replace('"', "'"), "single-quotes", "Here: single quotes, as Python prints a dictionary."),
        (_TEXT.replace('"', "&quot;"), "html-entities", "Here: its quotes as HTML entities."),
        (_TEXT.replace('"', "%22"), "percent-encoded", "Here: its quotes percent-encoded."),
        (
            _TEXT.replace('"store_id"', "store_id"),
            "bare-name",
            "Here: a name without quotes, as JavaScript allows.",
        ),
        (_TEXT.replace("}", ",}"), "comma-at-the-end", "Here: a comma before the brace."),
        (_TEXT.replace("}", "/* counter */}"), "comment", "Here: a comment."),
        (_TEXT.replace('"S-01"', "NaN"), "nan", "Here: NaN, which is no JSON."),
        (_TEXT.replace('"S-01"', "undefined"), "undefined", "Here: undefined, which is no JSON."),
        (_TEXT.replace('"S-01"', "None"), "none", "Here: None, as Python prints nothing."),
        (
            _TEXT.replace("Noodle Bar Central", "Noodle\nBar"),
            "raw-newline",
            "Here: a raw newline within a value.",
        ),
        (
            _TEXT.replace("Noodle Bar Central", "Noodle\\xBar"),
            "unknown-escape",
            "Here: an escape that JSON has not.",
        ),
        ("\ufeff" + _TEXT, "byte-order-mark", "Here: a byte order mark in front."),
        (_TEXT.replace(",", "&"), "ampersands", "Here: ampersands between its members."),
        ("secondary_merchant_industry=5812&store_id=S-01", "form", "Here: a form in place of JSON."),
    ):
        yield Row(slug, comment, creating(text), says=told("biz_data", "illegal", "ILLEGAL_ARGUMENT"))


@family(HERE, given=GLOBAL, twin=create_plain, result="invalid")
def a_member_that_stands_twice() -> Iterator[Row]:
    """Two readers would believe different values: one takes the first, one the last."""
    says = told("biz_data.secondary_merchant_id", "illegal", "ILLEGAL_ARGUMENT")
    for again, slug, comment in (
        ('"secondary_merchant_id":"shop_002"', "another-value", "Here: with another value."),
        (_ID, "same-value", "Here: with the same value."),
        (
            '"secondary_merchant_\\u0069d":"shop_002"',
            "escaped-name",
            "Here: the second name is written with an escape.",
        ),
    ):
        yield Row(slug, comment, creating(_TEXT.replace(_ID, f"{_ID},{again}")), says=says)


@family(f"{HERE}.store_name", given=GLOBAL, twin=create_plain, result="invalid")
def half_a_character() -> Iterator[Row]:
    """Half of a pair of surrogates is no character, and has no bytes."""
    for escape, slug, comment in (
        ("\\ud83c", "first-half", "Here: the first half alone."),
        ("\\udf5c", "second-half", "Here: the second half alone."),
        ("\\udf5c\\ud83c", "wrong-order", "Here: both, in the wrong order."),
    ):
        text = _TEXT.replace("Noodle Bar Central", escape)
        yield Row(slug, comment, creating(text), says={"error": "ILLEGAL_ARGUMENT"})
