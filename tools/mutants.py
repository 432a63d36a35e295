"""Mutation testing of the pure floors: does a test or a vector fail when a line of the protocol changes?

`make mutants` copies the reference implementation and its tests to ``build/mutants``, where mutmut finds the
layout that it knows, lets it change one thing after the other, and writes ``docs/mutants.md``. It takes long:
no part of the check. Not changed are the hints of errors, which are prose, and what stands outside functions,
which mutmut leaves.

What an earlier run killed stays killed while its function stays as it is; what lived is tried again, because
a test may have come since. Where tests went away, remove ``build/mutants`` first. Arguments name mutants,
which are tried alone.
"""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
STAGE: Final = ROOT / "build" / "mutants"
PAGE: Final = ROOT / "docs" / "mutants.md"
MODULES: Final = ("presign", "signing", "money", "beijing", "ledger", "wire/*")
TESTS: Final = ("presign", "signing", "money", "beijing", "ledger", "error_texts")
WANTED: Final = 95
"""Per cent of the mutants that are to be killed."""

EQUIVALENT: Final = (
    (r'\.(en|de)code\("(ASCII|LATIN-1)"\)', "Python's names of codecs have no letter case"),
    (r"usedforsecurity|key, \)\.hexdigest", "matters only where a build of OpenSSL forbids MD5"),
    (r'charset: str = "utf-8"', "a charset is known in any letter case"),
    (r"short_empty_elements=None|quoted, strict=None", "None is as false as False"),
    (r"zip\(quoted, quoted, \)", "a zip is not strict where nobody says so"),
    (r'b"%3d"', "hexadecimal digits are read in any letter case"),
    (r'b"XX\\xffXX"\.join\(\[encode\(', "one of the texts raises before anything is joined"),
    (
        r'"XXXX"\.join\((chain|\[value)',
        "whether four letters stand between the texts does not matter to the question",
    ),
    (r'\["charset"\] or b"utf-8"', "what follows makes it capital letters"),
    (r'get\("sign"\) or "XXXX"', "four letters are a signature of nobody, as none is"),
    (r"_tree\.end\(None\)", "the builder of the standard library ends what is open, whatever the name"),
)
"""Changes that no test can notice, as a pattern of the changed line, and why."""

_LIVED: Final = frozenset({0, 5, 33})
"""What mutmut writes down of a mutant that the tests passed, or that no test reaches."""

_UNDECIDED: Final = frozenset({"not checked", "check was interrupted by user", "suspicious", "segfault"})
_KILLED: Final = frozenset({"killed", "timeout", "caught by type check"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: ``module.function`` and number of mutmut, and what became of it."""

    name: str
    status: str


def settings() -> str:
    """Return the pyproject.toml of the stage."""
    mutated = [f"src/alipay_qr/{name}.py" for name in MODULES]
    tests = [*(f"tests/alipay_qr/test_{name}.py" for name in TESTS), "tests/alipay_qr/wire", "tests/oracles"]
    return f"""[tool.mutmut]
source_paths = ["src/"]
only_mutate = {mutated}
do_not_mutate_patterns = ['\\bhint=']
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-m", "not slow and not runtime", "-p", "no:cacheprovider"]
[tool.pytest.ini_options]
addopts = ["--strict-markers", "--import-mode=importlib"]
filterwarnings = ["error"]
pythonpath = ["tests"]
markers = ["runtime(name): needs a program", "slow: takes more than two seconds"]
"""


def stage() -> None:
    """Copy what mutmut needs; what it knows from an earlier run stays."""
    for source, target in (("reference_impl/alipay_qr", "src/alipay_qr"), ("tests", "tests")):
        shutil.rmtree(STAGE / target, ignore_errors=True)
        shutil.copytree(ROOT / source, STAGE / target, ignore=shutil.ignore_patterns("__pycache__"))
    (STAGE / "pyproject.toml").write_text(settings(), "utf-8")


def forget_what_lived() -> None:
    """Let mutmut try again what the tests passed, and learn anew which tests reach which function."""
    known = STAGE / "mutants"
    (known / "mutmut-stats.json").unlink(missing_ok=True)
    for path in known.rglob("*.py.meta"):
        meta = json.loads(path.read_text("utf-8"))
        codes = meta["exit_code_by_key"]
        meta["exit_code_by_key"] = {name: None if code in _LIVED else code for name, code in codes.items()}
        path.write_text(json.dumps(meta, indent=4), "utf-8")


def mutmut(*arguments: str) -> str:
    """Run mutmut in the stage and return what it prints."""
    program = str(Path(sys.executable).with_name("mutmut"))
    told = subprocess.run([program, *arguments], cwd=STAGE, check=True, capture_output=True)
    return told.stdout.decode()


def results() -> list[Mutant]:
    """Return what mutmut knows of every mutant."""
    lines = [line.strip().rsplit(": ", 1) for line in mutmut("results", "--all", "true").splitlines()]
    return [Mutant(*line) for line in lines if len(line) == 2]  # noqa: PLR2004 (name and status)


def change(mutant: Mutant) -> str:
    """Return the line that the mutant put in."""
    lines = mutmut("show", mutant.name).splitlines()
    return next(line[1:].strip() for line in lines if re.match(r"\+(?!\+\+)", line))


def reason(line: str) -> str:
    """Return why no test can notice this line; an empty text if one could."""
    return next((why for pattern, why in EQUIVALENT if re.search(pattern, line)), "")


def page(mutants: list[Mutant], lines: dict[str, str]) -> str:
    """Return docs/mutants.md; ``lines`` has the changed line of every mutant that lives."""
    killed = len(mutants) - len(lines)
    noticed = {name: line for name, line in sorted(lines.items()) if not reason(line)}
    text = [
        "# Mutation testing",
        "",
        "Written by `make mutants`. It changes one thing after the other in the modules that hold the",
        "protocol, and lets the tests and the vectors run: a change that they notice is killed. The hints of",
        f"errors are not changed; {WANTED} per cent are to be killed. Why no test can notice those without",
        "effect stands in `tools/mutants.py`.",
        "",
        f"| {len(mutants)} changes | {killed} killed | {len(lines) - len(noticed)} without effect |",
        "|---|---|---|",
    ]
    if noticed:
        text += ["", "A test could notice these:", ""]
    for name, line in noticed.items():
        where = re.sub(r"x_|xǁ|__mutmut_\d+$", "", name.removeprefix("alipay_qr.")).replace("ǁ", ".")
        text.append(f"- {where}: `{line}`")
    return "\n".join(text) + "\n"


def main() -> int:
    """Run mutmut, write the page and say what survived; 0 where enough was killed, else 1."""
    named = sys.argv[1:]
    stage()
    if not named:
        forget_what_lived()
    program = str(Path(sys.executable).with_name("mutmut"))
    subprocess.run([program, "run", *named], cwd=STAGE, check=False)
    mutants = results()
    if undecided := [mutant.name for mutant in mutants if mutant.status in _UNDECIDED]:
        print(f"{len(undecided)} mutants have no result, {undecided[0]} first: the page stays as it is")
        return 1
    lines = {mutant.name: change(mutant) for mutant in mutants if mutant.status not in _KILLED}
    PAGE.write_text(page(mutants, lines), "utf-8")
    share = 100 * (len(mutants) - len(lines)) / len(mutants)
    for name, line in lines.items():
        print(f"{name}: {line}\n    {reason(line) or 'a test could notice it'}")
    counts = dict(Counter(mutant.status for mutant in mutants))
    print(f"{share:.1f} % of {len(mutants)} killed ({WANTED} wanted); {counts}")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
