"""Mutation testing of the pure floors: does a test or a vector fail when a line of the protocol changes?

`make mutants` copies the reference implementation and its tests to ``build/mutants``, where mutmut finds the
layout that it knows, and lets it change one thing after the other. It takes long: no part of the check.
Not changed are the hints of errors, which are prose, and what stands outside functions, which mutmut leaves.
"""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
STAGE: Final = ROOT / "build" / "mutants"
MODULES: Final = ("presign", "signing", "money", "beijing", "ledger", "wire/*")
TESTS: Final = ("presign", "signing", "money", "beijing", "ledger")
WANTED: Final = 95
"""Per cent of the mutants that are to be killed."""


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


def main() -> int:
    """Run mutmut and say what survived; 0 where enough was killed, else 1."""
    stage()
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    subprocess.run([mutmut, "run", *sys.argv[1:]], cwd=STAGE, check=False)
    told = subprocess.run([mutmut, "results", "--all", "true"], cwd=STAGE, check=True, capture_output=True)
    rows = [line.strip().rsplit(": ", 1) for line in told.stdout.decode().splitlines() if ": " in line]
    counts = Counter(status for _, status in rows)
    for name, status in rows:
        if status not in {"killed", "timeout", "caught by type check"}:
            print(f"{name}: {status}")
    lived = counts["survived"] + counts["no tests"]
    killed = counts["killed"] + counts["timeout"]
    share = 100 * killed / max(killed + lived, 1)
    print(f"{killed} of {killed + lived} mutants killed, {share:.1f} % ({WANTED} wanted); {dict(counts)}")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
