"""The documentation: every command on a page is run, and every link leads somewhere. `make docs` builds it.

A page is one story: its files (code blocks with a caption) and its commands (console blocks, ``$ ...``)
follow each other in one folder. Lines below a command are what it prints, in order; ``...`` stands for
anything. ``% exit: N`` before a block says what its last command ends with.
"""

import os
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path for folder in ("tutorials", "howto") for path in (DOCS / folder).glob("*.md"))
BLOCK = re.compile(
    r"^(?:% exit: (?P<exit>\d+)\n)?"
    r"(?:```\{code-block\} \w+\n:caption: (?P<file>\S+)\n\n(?P<content>.*?)^```"
    r"|```console\n(?P<story>.*?)^```)",
    re.MULTILINE | re.DOTALL,
)
EVERY = sorted(path for path in DOCS.rglob("*.md") if "generated" not in path.parts)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture
def folder(tmp_path):
    """A folder for one page, with the programs that a user has."""
    programs = tmp_path / "bin"
    programs.mkdir()
    python = shlex.quote(sys.executable)
    plugin = "-p alipay_qr_conformance.pytest.plugin -p no:cacheprovider"
    for name, line in {
        "alipay-qr": f'exec {python} -m alipay_qr_conformance.cli "$@"',
        "pytest": f'PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 exec {python} -m pytest {plugin} "$@"',
        "python": f'exec {python} "$@"',
    }.items():
        path = programs / name
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def run(command, folder):
    python = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        ["bash", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
        env={**inherited, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": python},
    )


def commands(story):
    """Yield each command with the lines that it is said to print."""
    command, lines = None, []
    for line in story.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, lines
            command, lines = line[2:], []
        else:
            lines.append(line)
    yield command, lines


def pattern(lines):
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(re.escape(piece) for piece in line.split("...")) + r"\n")
    return "".join(parts)


@pytest.mark.slow
@pytest.mark.runtime("bash")
@pytest.mark.parametrize("page", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_does_what_it_says(page, folder):
    for block in BLOCK.finditer(page.read_text("utf-8")):
        if block["file"]:
            (folder / block["file"]).write_text(block["content"], "utf-8")
            continue
        steps = list(commands(block["story"]))
        for number, (command, lines) in enumerate(steps):
            done = run(command, folder)
            expected = int(block["exit"] or 0) if number == len(steps) - 1 else 0
            assert done.returncode == expected, f"{command}\n{done.stdout}"
            if lines:
                assert re.fullmatch(pattern(lines), done.stdout), f"{command}\n{done.stdout}"


@pytest.mark.parametrize("page", EVERY, ids=lambda path: str(path.relative_to(DOCS)))
def test_a_link_leads_somewhere(page):
    lost = [
        target
        for target in LINK.findall(
            re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        )
        if not re.match(r"[a-z]+:|#", target)
        and not target.startswith(("generated/", "../generated/"))
        and not (page.parent / target.partition("#")[0]).exists()
    ]
    assert lost == []


def test_every_page_is_there_as_markdown_and_listed(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    from generate import write_texts_of

    pages = sorted(path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md"))
    write_texts_of(DOCS, tmp_path, pages)
    listed = (tmp_path / "llms.txt").read_text("utf-8")
    assert listed.startswith("# Alipay Merchant QR conformance kit\n\n> Says, for any merchant")
    assert re.findall(r"^- \[[^\]]+\]\((.*?)\)", listed, re.MULTILINE)
    assert set(re.findall(r"\]\((\S+?\.md)\)", listed)) >= {f"{name}.md" for name in pages}
    assert all((tmp_path / f"{name}.md").read_text("utf-8") for name in pages)
