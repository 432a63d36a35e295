"""README.md shows what the commands print."""

import re
import shlex
from pathlib import Path

import pytest

from alipay_qr_conformance.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
CUT = "[...]"


def block(command):
    """Return the lines that the README shows below a command."""
    found = re.search(rf"^( *)\$ ({re.escape(command)}.*)\n((?:(?!\1```).*\n)*)", README, re.MULTILINE)
    margin = len(found[1])
    return found[2], [line[margin:] for line in found[3].splitlines()]


def stands_in(lines, printed):
    """Whether lines stand in a text in this order, whole; what is cut is anything."""
    text = re.escape("\n".join(lines)).replace(re.escape(CUT), r"(?:.*\n)*?.*")
    return re.search(rf"^{text}$", printed, re.MULTILINE) is not None


def test_the_first_command_explains(capsys):
    command, lines = block("alipay-qr explain 'https://globalmapi.alipay.com/gateway.do?service")
    assert main([*shlex.split(command)[1:], "--lang", "en"]) == 1
    assert stands_in(lines, capsys.readouterr().out)


def test_the_first_finding_is_that_of_the_examples():
    _, lines = block("alipay-qr check --level 1 -- php adapter.php")
    examples = (ROOT / "examples" / "README.md").read_text("utf-8")
    assert stands_in(lines, examples[examples.index("<!-- php -->") : examples.index("<!-- end of php -->")])


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_its_links_lead_somewhere(name):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", (ROOT / name).read_text("utf-8"))
    assert [each for each in links if not re.match(r"[a-z]+:", each) and not (ROOT / each).exists()] == []


def test_it_can_be_read_in_one_go():
    assert len(README.splitlines()) <= 120
