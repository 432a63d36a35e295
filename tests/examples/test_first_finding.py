"""examples/README.md is real: its commands run, its code is pasted into the starter, its output comes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from alipay_qr_conformance.cli.init import STARTERS

README = Path(__file__).resolve().parents[2] / "examples" / "README.md"
NOT_FILLED_IN = re.compile(
    r"^([ \t]*)(throw new NotFilledIn\(\);|raise NotFilledIn|return fillIn\('sign'\);|fill_in"
    r"|return nil, notFilledIn|throw new NotImplementedException\(\);)\n",
    re.MULTILINE,
)
LISTED = re.compile(r"""((["'])configure\2, \2reset\2)(?!,)""")
RUNTIMES = {
    "php": ("php",),
    "java": ("java", "javac"),
    "javascript": ("node",),
    "python": (),
    "csharp": ("mono", "mcs"),
    "go": ("go",),
    "ruby": ("ruby",),
}
IMPORT_ABOVE = {
    "javascript": "import { createInterface }",
    "go": '\t"encoding/json"',
    "ruby": "require 'json'",
}


def section(language):
    text = README.read_text("utf-8")
    found = re.search(rf"<!-- {language} -->\n(.*?)<!-- end of {language} -->", text, re.DOTALL)
    assert found, language
    blocks = re.findall(r"```(\w+)\n(.*?)```", found[1], re.DOTALL)
    code = [body for kind, body in blocks if kind != "console"]
    shown = [body for kind, body in blocks if kind == "console"]
    return code, shown


def filled_in(text, language, code):
    """Do what the page says: import, paste into sign, list it as filled in."""
    if len(code) == 2:
        above = IMPORT_ABOVE[language]
        margin = "\t" if language == "go" else ""
        lines = "".join(f"{margin}{line}\n" for line in code[0].splitlines())
        text = text.replace(above, lines + above, 1)
    place = NOT_FILLED_IN.search(text)
    pasted = "".join(f"{place[1]}{line}".rstrip() + "\n" for line in code[-1].splitlines())
    text = text[: place.start()] + pasted + text[place.end() :]
    if language == "ruby":
        return text.replace("configure reset]", "configure reset sign]", 1)
    return LISTED.sub(r"\1, \2sign\2", text, count=1)


@pytest.mark.parametrize(
    "language",
    [
        pytest.param(
            name, id=name, marks=[pytest.mark.slow, *([pytest.mark.runtime(*needs)] if needs else [])]
        )
        for name, needs in RUNTIMES.items()
    ],
)
def test_the_first_finding_is_what_the_page_shows(language, tmp_path):
    paths = [path for path in sys.path if path]
    kit = (
        f"import sys; sys.path[:0] = {paths!r}; from alipay_qr_conformance.cli import main; sys.exit(main())"
    )
    env = os.environ | {"GOCACHE": str(tmp_path / "cache")}

    def run(*command):
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
        )

    starter = STARTERS[language]
    assert run(sys.executable, "-c", kit, "init", language).returncode == 0
    adapter = tmp_path / starter.files[0]
    code, shown = section(language)
    adapter.write_text(filled_in(adapter.read_text("utf-8"), language, code), "utf-8")
    if starter.build:
        built = run(*starter.build)
        assert built.returncode == 0, built.stdout + built.stderr
    command = [sys.executable if word == "python" else word for word in starter.command]
    done = run(sys.executable, "-c", kit, "check", "--level", "1", "--lang", "en", "--", *command)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"-- {' '.join(starter.command)}" in shown[-1]
    for line in shown[-1].splitlines():
        if re.match(r"MUST |SHOULD |  fail \[", line):
            assert line in done.stdout.splitlines()
