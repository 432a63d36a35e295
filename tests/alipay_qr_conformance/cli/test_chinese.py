"""What is said in Chinese holds no English sentence: of every command, and in what ``init`` writes."""

import argparse
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from alipay_qr_conformance import cli
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.cli.init import STARTERS, contents
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.model.texts import translated, tried

SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z]+ ){4,}[a-z]{2,}")
"""Five words of English in a row."""

HALF_A_HELLO = """import json, sys
for line in sys.stdin:
    print(json.dumps({"id": json.loads(line)["id"], "result": {"protocol": "1"}}), flush=True)"""

REQUEST = "service=alipay.acquire.cancel&partner=1&_input_charset=utf-8&sign_type=MD5&sign=" + "0" * 32
COMMANDS = {
    "init": ["init", "python", "new"],
    "init twice": ["init", "python", "."],
    "check": ["check", "-k", "sign.md5"],
    "a finding": ["check", "-k", "sign.md5.digest", "--python", "core_subjects:UpperCaseHex"],
    "a finding about a vector": ["check", "-k", "sign.order", "--python", "core_subjects:NoConfigure"],
    "nothing judged": ["check", "-k", "sign.order", "--python", "core_subjects:Empty"],
    "a trace": ["check", "--only", "sign.md5.digest[plain]", "--trace"],
    "the adapter alone": ["check", "--adapter-only", "--python", "core_subjects:Empty"],
    "against nothing": ["check", "--against", "absent.json"],
    "no adapter": ["check", "--", "/no/such/adapter"],
    "no hello": ["check", "--", sys.executable, "-c", "1"],
    "half a hello": ["check", "--", sys.executable, "-c", HALF_A_HELLO],
    "no case": ["check", "-k", "nonsense"],
    "no policy": ["check", "--policy", "pytest.ini"],
    "live": ["check", "--live", "pytest.ini"],
    "nothing live": ["check", "--live", "absent"],
    "no gateway": ["check", "--gateway", "http://127.0.0.1:1/"],
    "no shop": ["check", "--notify-url", "http://127.0.0.1:1/"],
    "rules": ["rules"],
    "a rule": ["rules", "money.cancel.window"],
    "no rule": ["rules", "nonsense"],
    "explain": ["explain", REQUEST],
    "explain a key": ["explain", "q7w3kz9x2m5n8v4b6c1j0h7g5f3d2s1a"],
    "explain nothing": ["explain", "absent.txt"],
    "audit": ["audit", "requests.txt"],
    "no traffic": ["audit", "absent.har"],
    "a port": ["gateway", "--port", "99999"],
    "pay": ["gateway", "pay", "code", "1", "--of", "1"],
    "send": ["gateway", "send", "paid", "--of", "1"],
    "diff": ["report", "diff", "absent", "absent"],
    "replay": ["report", "replay", "absent", "x"],
    "verify": ["report", "verify", "absent", "--key", "absent"],
    "path": ["vectors", "path"],
    "lint": ["vectors", "lint"],
    "stats": ["vectors", "stats", "--kind", "keys"],
    "no vectors": ["vectors", "stats", "--kind", "nonsense"],
    "export": ["vectors", "export", "copy"],
    "an old word": ["replay", "x"],
    "a mistyped word": ["chekc"],
    "a mistyped option": ["check", "--levl", "1"],
}
LEFT = re.compile(r"^ +(?:parameters|expected_presign|signed_presign) .*$", re.MULTILINE)
"""Texts that are signed: data."""


def commands(parser=None):
    """Return every command by the words that name it."""
    for action in (parser or cli.parser())._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield each.prog.removeprefix("alipay-qr ")
                yield from commands(each)


PARSERS = sorted(commands())


def said_by(words, capsys):
    at = words.index("--") if "--" in words else len(words)
    cli.main([*words[:at], "--lang", "zh", *words[at:]])
    said = capsys.readouterr()
    return LEFT.sub("", said.out + said.err)


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_command_speaks_chinese(words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pytest.ini").write_text("[pytest\n", "utf-8")
    Path("requests.txt").write_text(f"GET /gateway.do?{REQUEST} HTTP/1.1\n", "utf-8")
    text = said_by(words, capsys)
    assert re.search("[一-鿿]", text) or words == ["vectors", "path"]
    assert SENTENCE.findall(text) == []


def test_each_command_is_among_them():
    named = {" ".join(words[:2]) for words in COMMANDS.values()} | {words[0] for words in COMMANDS.values()}
    assert set(PARSERS) <= named


@pytest.mark.parametrize("name", PARSERS)
def test_help_speaks_chinese(name, capsys):
    text = said_by([*name.split(), "--help-all" if name == "check" else "--help"], capsys)
    assert re.search("[一-鿿]", text)
    assert SENTENCE.findall(text) == []


def test_what_cases_try_is_told_in_chinese():
    merchant = plan(RunOptions(level=4))
    every = [*all_cases(merchant), *all_cases(replace(merchant, role="gateway"))]
    assert {case.about for case in every} == {*tried()}
    assert [text for text in tried().values() if not re.search("[一-鿿]", text)] == []


@pytest.mark.parametrize("language", STARTERS)
def test_what_init_writes_has_chinese_comments(language):
    for name, text in contents(language).items():
        if name.startswith("Json"):
            continue  # a library, not to be filled in
        comments = "\n".join(
            found[1] for found in re.finditer(r"(?:^|\s)(?://+|#|\*)\s?(.*)$", translated(text), re.MULTILINE)
        )
        assert re.search("[一-鿿]", comments), name
        assert SENTENCE.findall(re.sub(r"'[^']*'|\"[^\"]*\"", "", comments)) == []


def code_of(text):
    """Return the lines that hold code and no comment."""
    text = re.sub(r'""".*?"""', "", text, flags=re.DOTALL)
    return [line for line in text.splitlines() if line.strip() and not re.search(r"//|#|\*", line)]


@pytest.mark.parametrize("language", STARTERS)
def test_the_code_stays_the_same(language):
    for text in contents(language).values():
        assert code_of(translated(text)) == code_of(text)
