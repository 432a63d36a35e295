import hashlib

import pytest

from alipay_qr_conformance.doctor import explain_params, render_text
from alipay_qr_conformance.doctor.facts import CODES, fact_text
from alipay_qr_conformance.doctor.render import difference, visible
from alipay_qr_conformance.doctor.rows import ROWS

KEY = "s3cr3ts3cr3ts3cr3ts3cr3ts3cr3t12"
PARAMS = {"service": "x", "subject": "a" * 300 + "/b\x07", "total_fee": "0.10"}
TEXT = "&".join(f"{name}={value}" for name, value in sorted(PARAMS.items()))


def diagnose(text, key=KEY, **options):
    return explain_params(
        PARAMS, "UTF-8", "MD5", hashlib.md5((text + key).encode()).hexdigest(), md5_key=KEY, **options
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_strings_stand_there_with_the_difference_marked(lang):
    shown = render_text(diagnose(TEXT.replace("0.10", "0.1")), lang)
    assert "- &total_fee=0.1\n" in shown
    assert "+ &total_fee=0.10\n" + 16 * " " + "^\n" in shown
    assert len(max(shown.splitlines(), key=len)) < 400


def test_long_values_are_folded_and_control_characters_visible():
    shown = render_text(diagnose(TEXT.replace("0.10", "0.1")))
    assert "\x07" not in shown
    assert "␇" in shown
    assert "characters …" in shown


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("text", [TEXT, TEXT + "&", "unknown"], ids=["valid", "explained", "unexplained"])
def test_no_key_is_ever_shown(text, lang):
    assert KEY not in render_text(diagnose(text, budget=3_000), lang)
    assert KEY not in render_text(diagnose(text, KEY + "\n", budget=3_000), lang)


def test_unexplained_says_what_md5_cannot_tell_apart_and_what_was_ruled_out():
    shown = render_text(diagnose("unknown", budget=3_000))
    assert "cannot be told apart" in shown
    assert "ruled out" in shown
    assert "combinations were compared" in shown


VISIBLE = {
    "a\nb": "a␊b",
    " a ": "␠a␠",
    "\x7f": "␡",
    "\u200b": "<U+200B>",
    "\xa0": "<U+00A0>",
    "张": "张",
    "\x1b[31m": "␛[31m",
}


@pytest.mark.parametrize("text", VISIBLE)
def test_nothing_reaches_the_terminal_unseen(text):
    assert visible(text) == VISIBLE[text]


def test_a_difference_of_whole_parameters_is_said_by_line():
    assert difference("a=1&b=2&c=3", "a=1&c=3") == ["  a=1", "+ &b=2", "  &c=3"]


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_every_mistake_has_its_words_in_both_languages(row):
    assert 1 <= row.cost <= 8
    for words in (row.en, row.zh):
        assert all(text.strip() for text in words)
        assert "{detail}" not in "".join(words.about("")) + "".join(words.about("x"))
    assert any("\u4e00" <= character <= "\u9fff" for character in row.zh.title)
    assert row.en.title.isascii() or row.id == "charset.entities"


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_fact_has_its_words_in_both_languages(code):
    assert fact_text(code, "x", "en") != fact_text(code, "x", "zh") or code == "note"
