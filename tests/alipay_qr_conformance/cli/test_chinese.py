"""What is said in Chinese holds no English sentence: of every command, and in what ``init`` writes."""

import re

import pytest

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.init import STARTERS, contents
from alipay_qr_conformance.model.texts import translated

SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z]+ ){4,}[a-z]{2,}")
"""Five words of English in a row."""

COMMANDS = {
    "rules": ["rules"],
    "a rule": ["rules", "money.cancel.window", "-k", "no-such"],
    "check": ["check", "-k", "sign.md5"],
    "a finding": ["check", "-k", "sign.md5.digest", "--python", "core_subjects:UpperCaseHex"],
    "against nothing": ["check", "--against", "absent.json"],
    "no adapter": ["check", "--", "/no/such/adapter"],
    "no case": ["check", "-k", "nonsense"],
    "an old word": ["replay", "x"],
    "no statement": ["report", "verify", "absent", "--key", "absent"],
    "vectors": ["vectors", "stats", "--kind", "keys"],
    "no vectors": ["vectors", "stats", "--kind", "nonsense"],
    "no traffic": ["audit", "absent.har"],
    "help": ["--help"],
    "help of check": ["check", "--help-all"],
}
LEFT = re.compile(
    r"^ +(?:vector|parameters|expected_presign|signed_presign) .*$|^.*检查内容.*$", re.MULTILINE
)
"""Comments of vectors, which are data, and what a case tries, which its author wrote."""


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_command_speaks_chinese(words, capsys):
    at = words.index("--") if "--" in words else len(words)
    cli.main([*words[:at], "--lang", "zh", *words[at:]])
    said = capsys.readouterr()
    text = LEFT.sub("", said.out + said.err)
    assert re.search("[一-鿿]", text)
    assert SENTENCE.findall(text) == []


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
