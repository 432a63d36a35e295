"""What editors, mail, spreadsheets and environment variables do to the lines of a key."""

from collections.abc import Iterator

from tools.vectors.keytexts.private import pkcs1, pkcs8_in_base64
from tools.vectors.keytexts.texts import FORMS, MERCHANT, PRIVATE
from tools.vectors.question import Row, family

_PEM, _BASE64 = MERCHANT.pkcs1_pem, MERCHANT.pkcs8_base64


@family(FORMS, given=PRIVATE, twin=pkcs1)
def lines_of_a_pem() -> Iterator[Row]:
    """The same key: line ends and blank lines around it say nothing."""
    for text, slug, comment in (
        (_PEM.replace("\n", "\r\n"), "crlf", "Here: with the line ends of Windows."),
        (_PEM.strip(), "no-newline-at-the-end", "Here: no newline behind the last line."),
        (f"{_PEM}\n", "blank-line-behind", "Here: a blank line behind it."),
        (f"\n{_PEM}", "blank-line-before", "Here: a blank line before it."),
    ):
        yield Row(slug, comment, {"key": text}, says={"form": "PKCS#1", "bits": 2048})


@family(FORMS, given=PRIVATE, twin=pkcs8_in_base64)
def lines_of_base64() -> Iterator[Row]:
    """The same key: white space around it and line ends in it say nothing."""
    for text, slug, comment in (
        (f"{_BASE64}\n", "newline-behind", "Here: a newline behind, as a file has it."),
        (f"{_BASE64}\r\n", "crlf-behind", "Here: a line end of Windows behind."),
        (f"  {_BASE64}", "blanks-before", "Here: two blanks before it, as copying takes them along."),
    ):
        yield Row(slug, comment, {"key": text}, says={"form": "PKCS#8", "bits": 2048})


@family(FORMS, given=PRIVATE, twin=pkcs1, result="acceptable")
def lines_that_may_be_mended() -> Iterator[Row]:
    """Nobody can mistake the key, and no standard says that it must be read."""
    lines = _PEM.strip().split("\n")
    for text, slug, comment in (
        (f"\ufeff{_PEM}", "byte-order-mark", "Here: a byte order mark in front, as Windows' editor sets it."),
        (" ".join(lines), "blanks-for-line-ends", "Here: blanks stand where lines ended."),
        ("".join(lines), "no-line-ends", "Here: the line ends are gone, even those of the labels."),
        ("\n".join(f"  {line}" for line in lines), "indented", "Here: every line is indented, as in a settings file."),
        (_PEM.replace("\n", "\\n"), "escaped-line-ends", "Here: backslash and n stand where lines ended, as in an environment file."),
        (f'"{_PEM}"', "in-quotes", "Here: in quotes."),
        (f"key for the shop\n{_PEM}", "text-before", "Here: a note before it, which RFC 7468 allows."),
        ("\n\n".join(lines), "every-other-line-blank", "Here: a blank line behind every line."),
    ):  # fmt: skip
        yield Row(slug, comment, {"key": text})
