"""``alipay-qr init``: writes an adapter to fill in, pytest settings and a CI snippet into a folder.

With ``--agent`` it writes for coding agents too: a section of AGENTS.md and a skill. An adapter that is there
already stays as it is then.

The adapters stand in ``starters/`` of the repository and, in a wheel, beside this package. Nothing that is
already there is ever overwritten: if one file is in the way, none is written.
"""

import argparse
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language, language
from alipay_qr_conformance.model.files import whole_or_not
from alipay_qr_conformance.model.shown import complain

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_PLACES: Final = (_PACKAGE / "_starters", _PACKAGE.parents[1] / "starters")

_AGENTS: Final = "AGENTS.md"
_SKILL: Final = ".agents/skills/alipay-qr/SKILL.md"
_MARK: Final = "<!-- alipay-qr: begin -->"


@dataclass(frozen=True)
class Starter:
    """What one language needs.

    Attributes:
        files: names in the language's folder of ``starters/``.
        command: what starts the adapter, from the folder that it was written into.
        build: what must run before; empty for most.
        setup: a step of GitHub Actions that installs the language; empty where the runner has it.
    """

    files: tuple[str, ...]
    command: tuple[str, ...]
    build: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()


STARTERS: Final[Mapping[str, Starter]] = {
    "php": Starter(("adapter.php",), ("php", "adapter.php")),
    "java": Starter(
        ("Adapter.java", "Json.java"),
        ("java", "Adapter"),
        ("javac", "Adapter.java", "Json.java"),
        setup=("- uses: actions/setup-java@v4", "  with: {distribution: temurin, java-version: '17'}"),
    ),
    "javascript": Starter(("adapter.mjs",), ("node", "adapter.mjs")),
    "python": Starter(("adapter.py",), ("python", "adapter.py")),
    "csharp": Starter(
        ("Adapter.cs",),
        ("mono", "adapter.exe"),
        ("mcs", "-r:System.Web.Extensions.dll", "-out:adapter.exe", "Adapter.cs"),
        setup=("- run: sudo apt-get install -y mono-mcs mono-runtime libmono-system-web-extensions4.0-cil",),
    ),
    "go": Starter(("adapter.go",), ("./adapter",), ("go", "build", "-o", "adapter", "adapter.go")),
    "ruby": Starter(("adapter.rb",), ("ruby", "adapter.rb")),
}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("init", help="")
    parser.add_argument("language", type=_named, choices=tuple(STARTERS))
    parser.add_argument("folder", nargs="?", type=Path, default=Path())
    parser.add_argument("--agent", action="store_true")
    add_language(parser)
    parser.set_defaults(run=run)


_ALSO: Final = {
    "node": "javascript", "nodejs": "javascript", "js": "javascript", "typescript": "javascript",
    "ts": "javascript", "py": "python", "python3": "python", "c#": "csharp", "cs": "csharp",
    "dotnet": "csharp", "mono": "csharp",
    "golang": "go", "rb": "ruby", "kotlin": "java", "jvm": "java",
}  # fmt: skip
"""Other names of the languages."""


def _named(word: str) -> str:
    return _ALSO.get(word.lower(), word.lower())


def run(args: argparse.Namespace) -> int:
    """Write the files: 0, or 64 where one is in the way."""
    starter, folder = STARTERS[args.language], args.folder
    texts = contents(args.language)
    if args.lang == "zh":
        from alipay_qr_conformance.model.texts import translated

        texts = {name: translated(text) for name, text in texts.items()}
    if args.agent:
        texts = {name: text for name, text in texts.items() if not (folder / name).exists()}
        texts |= agent_files(args.language)
    section = texts.pop(_AGENTS, "")
    if section and _marked(folder / _AGENTS):
        return _refuse("init.in-the-way", args.lang, files=_AGENTS, folder=folder)
    in_the_way = [name for name in texts if (folder / name).exists() or (folder / name).is_symlink()]
    if in_the_way:
        return _refuse("init.in-the-way", args.lang, files=", ".join(in_the_way), folder=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_or_not() as made:
            for name, text in texts.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                    made.append(folder / name)
                    file.write(text)
            if section:
                with (folder / _AGENTS).open("a", encoding="utf-8", newline="\n") as file:
                    file.write(f"\n{section}" if file.tell() else section)
    except OSError as error:
        return _refuse("init.cannot-write", args.lang, folder=folder, why=error.strerror)
    names = (*starter.files, *texts, *([_AGENTS] if section else []))
    sys.stdout.write(_next_steps(starter, folder, tuple(dict.fromkeys(names)), args.lang))
    return cli.CONFORMS


def _refuse(key: str, lang: str, **details: object) -> int:
    from alipay_qr_conformance.model.texts import message

    complain(f"alipay-qr init: {message(key, **details).in_language(lang)}")
    return cli.USAGE


def _marked(path: Path) -> bool:
    """Say whether a file cannot be added to, or has the section already."""
    if path.is_symlink():
        return True
    return path.exists() and _MARK in path.read_text("utf-8", "replace")


def agent_files(language: str) -> dict[str, str]:
    """Return what ``init --agent`` adds for coding agents: file name to text.

    Raises:
        FileNotFoundError: the installation lacks its starters.
    """
    command = shlex.join(STARTERS[language].command)
    folder = _source() / "agent"
    return {
        name: (folder / Path(name).name).read_text("utf-8").replace("{command}", command)
        for name in (_AGENTS, _SKILL)
    }


def contents(language: str) -> dict[str, str]:
    """Return what ``init`` writes for a language: file name to text.

    Raises:
        FileNotFoundError: the installation lacks its starters.
    """
    starter = STARTERS[language]
    source = _source()
    texts = {name: (source / language / name).read_text("utf-8") for name in starter.files}
    return texts | {"pytest.ini": _pytest_ini(starter), "alipay-qr.ci.yml": _workflow(starter)}


def _source() -> Path:
    source = next((place for place in _PLACES if place.is_dir()), None)
    if source is None:
        raise FileNotFoundError("the starter adapters are not installed; reinstall alipay-qr-conformance")
    return source


def _pytest_ini(starter: Starter) -> str:
    return (
        "# Settings of the pytest plugin of alipay-qr-conformance: one test per rule and case.\n"
        "[pytest]\n"
        "alipay = true\n"
        f"alipay_adapter = {shlex.join(starter.command)}\n"
        "# Raise it as you fill in the adapter: 1 signing, 2 requests, 3 notifications, 4 money.\n"
        "alipay_level = 1\n"
    )


def _workflow(starter: Starter) -> str:
    lines = [
        "# GitHub Actions: copy this to .github/workflows/. Elsewhere, run the same last lines.",
        "# Never put live keys here: the kit brings its own test account.",
        "name: alipay-qr",
        "on: [push, pull_request]",
        "jobs:",
        "  conformance:",
        "    runs-on: ubuntu-latest",
        "    steps:",
        "      - uses: actions/checkout@v4",
        *(f"      {line}" for line in starter.setup),
        "      - uses: actions/setup-python@v5",
        "        with: {python-version: '3.12'}",
        "      - run: pip install alipay-qr-conformance pytest",
        *([f"      - run: {shlex.join(starter.build)}"] if starter.build else []),
        "      - run: pytest --alipay-require-level 1 --junitxml=alipay-qr.xml",
    ]
    return "\n".join(lines) + "\n"


def _next_steps(starter: Starter, folder: Path, names: tuple[str, ...], lang: str) -> str:
    from alipay_qr_conformance.model.texts import message

    written = message("init.written", folder=folder, files=", ".join(names)).in_language(lang)
    fill_in = message("init.fill-in", file=names[0]).in_language(lang)
    speaks = f" --lang {lang}" if lang != language() else ""
    steps = [
        *([f"cd {shlex.quote(str(folder))}"] if folder != Path() else []),
        *([shlex.join(starter.build)] if starter.build else []),
        f"alipay-qr check --level 1{speaks} -- {shlex.join(starter.command)}",
        f"alipay-qr check --adapter-only{speaks} -- {shlex.join(starter.command)}",
        "pytest",
    ]
    return "".join((f"{written}\n\n{fill_in}\n\n", *(f"    {step}\n" for step in steps)))
