"""What ``--help`` says: of every option, in both languages, at every width."""

import argparse
import re

import pytest

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.usage import name_of
from alipay_qr_conformance.model.texts import _table, help_texts
from alipay_qr_conformance.model.widths import broken, columns


def walk(parser):
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from walk(each)


def command(parser):
    return parser.prog.removeprefix("alipay-qr").strip()


PARSERS = {command(each): each for each in walk(cli.parser())}
PLAIN = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")
"""Three English words in a row."""


@pytest.mark.parametrize("name", PARSERS)
def test_every_option_is_explained(name):
    rows = help_texts(name)
    names = {
        name_of(each) for each in PARSERS[name]._actions if not isinstance(each, argparse._SubParsersAction)
    }
    assert names - {*rows} == set()
    own = {each for each in _table("help").get(name, {}) if each[0] == "-"}
    assert own - names <= {"--adapter-only", "--live"}


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_fits_the_terminal(name, width, lang, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    parser = next(each for each in walk(cli.parser(lang)) if command(each) == name)
    page = parser.format_help()
    usage, _, rest = page.partition("\n\n")
    assert [line for line in rest.splitlines() if columns(line) > width] == []
    if lang == "zh":
        assert usage.startswith("用法：")
        assert PLAIN.findall(re.sub(r"sign\s+and\s+not\s+rsa", "", rest)) == []


def test_the_first_page_of_check_is_short(capsys):
    assert cli.main(["check", "--help", "--lang", "en"]) == 0
    first = re.findall(r"^  -\S+", capsys.readouterr().out, re.MULTILINE)
    assert cli.main(["check", "--help-all", "--lang", "en"]) == 0
    every = re.findall(r"^  -\S+", capsys.readouterr().out, re.MULTILINE)
    assert len(first) <= 16 < len(every)


@pytest.mark.parametrize(
    ("word", "today"),
    [("list", "rules"), ("show", "rules ID"), ("doctor-key", "explain"), ("diff", "report diff"),
     ("replay", "report replay"), ("statement", "check --report statement=FILE")],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_old_word_names_the_new_one(word, today, lang, capsys):
    assert cli.main([word, "x", "--lang", lang]) == cli.USAGE
    assert f"`alipay-qr {today}`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "width", "pieces"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("  one two three", 8, ["  one", "  two", "  three"]),
        ("甲乙丙丁", 4, ["甲乙", "丙丁"]),
        ("甲乙，丙丁", 4, ["甲", "乙，", "丙丁"]),
        ("甲、abc", 5, ["甲、", "abc"]),
        ("x" * 7, 3, ["xxx", "xxx", "x"]),
        ("", 3, [""]),
    ],
)
def test_lines_break_where_a_reader_expects_it(text, width, pieces):
    assert broken(text, width) == pieces
