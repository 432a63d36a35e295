"""The repair loop: a mechanical repairer mends a wrong shop by the kit's words alone.

    python tests/repair/loop.py [--language L] [--lang en|zh] [--seeds N] [--single]

The shop is an example of the repository into which faults of ``faults.toml`` are written. The repairer runs
``alipay-qr check --format agent``, reads the first ``fix:`` and undoes the fault that this id cures; a fix
that cures none of the faults that are left is a wrong one and ends it. Outside the gate: `make repair`.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"
FAULTS = tomllib.loads((HERE / "faults.toml").read_text("utf-8"))
COMMANDS = {
    "python": [sys.executable, "adapter.py"],
    "php": ["php", "adapter.php"],
    "javascript": ["node", "adapter.mjs"],
}
MOST_RUNS = 21
MOST_BYTES = 8192


class WrongAdviceError(Exception):
    """The kit named a cure of nothing that is wrong."""


def shop(folder, language, faults):
    """Write the shop with these faults into a folder."""
    shutil.copytree(EXAMPLES / language, folder, dirs_exist_ok=True)
    for name in faults:
        file, right, wrong = FAULTS[name][language]
        path = folder / file
        text = path.read_text("utf-8")
        assert text.count(right) == 1, (language, name, text.count(right))
        path.write_text(text.replace(right, wrong), "utf-8")


def check(folder, language, *, lang="en", words=()):
    """Run the kit; return what it prints for an agent."""
    kit = [
        sys.executable,
        "-m",
        "alipay_qr_conformance.cli",
        "check",
        "--format",
        "agent",
        "--depth",
        "quick",
    ]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [*kit, "--lang", lang, *words, "--", *COMMANDS[language]]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=600, check=False, env=environment)
    assert done.returncode in (0, 1), done.stderr.decode()
    assert len(done.stdout) <= MOST_BYTES, len(done.stdout)
    return done.stdout.decode()


def facts(printed):
    """Return the first value of each name that the report prints."""
    found = {}
    for name, value in re.findall(r"^([a-z]+): (.*)$", printed, re.MULTILINE):
        found.setdefault(name, value)
    return found


def repair(language, faults, *, lang="en", words=(), say=lambda *_: None):
    """Mend a shop by the kit's words; return how many runs that took, the last one included."""
    left = list(faults)
    for runs in range(1, MOST_RUNS + 1):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shop(folder, language, left)
            printed = check(folder, language, lang=lang, words=words)
        told = facts(printed)
        if "fix" not in told:
            assert not left, f"not found: {left}\n{printed}"
            assert told["verdict"] == "passes", printed
            return runs
        named = told["fix"].split("+")
        cured = next((each for each in left if set(FAULTS[each]["fixes"]) & set(named)), None)
        say(f"run {runs}: {told['fix']} -> {cured}")
        if cured is None:
            raise WrongAdviceError(f"{told['fix']} cures none of {left}\n{printed}")
        left.remove(cured)
    raise WrongAdviceError(f"{MOST_RUNS} runs were not enough: {left}")


def main():
    """Run loops, and say how each went."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--language", choices=tuple(COMMANDS), action="append")
    parser.add_argument("--lang", choices=("en", "zh"), action="append")
    parser.add_argument(
        "--seeds", type=int, default=10, help="0 is the merchant with all faults, others a subset"
    )
    parser.add_argument("--single", action="store_true", help="each fault alone")
    args = parser.parse_args()
    failed = 0
    for language in args.language or COMMANDS:
        for lang in args.lang or ("en", "zh"):
            for name, faults in single() if args.single else subsets(args.seeds):
                try:
                    runs = repair(language, faults, lang=lang, say=print)
                    print(
                        f"{language} {lang} {name}: {len(faults)} faults, level 4 after {runs} runs",
                        flush=True,
                    )
                except (WrongAdviceError, AssertionError) as error:
                    failed += 1
                    print(f"{language} {lang} {name}: {error}", flush=True)
    return 1 if failed else 0


def single():
    """Return each fault alone."""
    return [(name, [name]) for name in FAULTS]


def subsets(seeds):
    """Return all faults, then random subsets in random order, by seed."""
    found = [("all", list(FAULTS))]
    for seed in range(1, seeds):
        draw = random.Random(seed)  # noqa: S311 (a draw that is the same every time)
        found.append((f"seed {seed}", draw.sample(list(FAULTS), draw.randint(2, len(FAULTS)))))
    return found


if __name__ == "__main__":
    sys.exit(main())
