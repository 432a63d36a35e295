import hashlib
import re

import pytest

from alipay_qr_conformance.doctor import Mistake, explain_params, render_text
from alipay_qr_conformance.doctor.mistakes import RARITY
from alipay_qr_conformance.doctor.render import difference, visible
from alipay_qr_conformance.model.texts import mistake_texts

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


def test_every_mistake_has_a_rarity_and_words():
    assert set(RARITY) == set(mistake_texts())
    assert {id_: rarity for id_, rarity in RARITY.items() if not 1 <= rarity <= 8} == {}


@pytest.mark.parametrize("id_", RARITY)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_detail_of_a_mistake_is_said_or_left_out_with_its_brackets(id_, lang):
    for detail in ("", "x"):
        mistake = Mistake(id_, detail)
        assert "{detail}" not in mistake.title(lang) + mistake.explanation(lang) + mistake.remedy(lang)
        assert not re.search(r"\( *\)|（ *）", mistake.title(lang))
