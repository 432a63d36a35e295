"""The repair loop: a mechanical repairer mends a wrong shop by the kit's words alone.

    python tests/repair/loop.py [--language L] [--lang en|zh] [--seed N] [--single] [--log FILE]

The shop is an example of the repository into which faults of ``faults.toml`` are written. The repairer runs
``alipay-qr check --format agent``, reads the first ``fix:`` and undoes the fault that this id cures; a fix
that cures none of the faults that are left is a wrong one and ends it. One run tells it in both languages.
What has gone well stands in the log and is not run again, so that a loop may be interrupted, and several
processes may share the seeds: 0 is the merchant with all faults, others are subsets. Outside the gate:
`make repair`.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from repair.tongues import TONGUES  # noqa: E402

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


def check(folder, language, *, words=()):
    """Run the kit; return what it prints for an agent, by language."""
    command = [sys.executable, str(HERE / "tongues.py"), "check", "--format", "agent", "--depth", "quick"]
    command += [*words, "--", *COMMANDS[language]]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=600, check=False, env=environment)
    assert done.returncode in (0, 1), done.stderr.decode()
    told = {lang: (folder / f"told.{lang}").read_bytes() for lang in TONGUES}
    assert max(map(len, told.values())) <= MOST_BYTES, {lang: len(each) for lang, each in told.items()}
    return {lang: each.decode() for lang, each in told.items()}


def facts(printed):
    """Return the first value of each name that the report prints."""
    found = {}
    for name, value in re.findall(r"^([a-z]+): (.*)$", printed, re.MULTILINE):
        found.setdefault(name, value)
    return found


def repair(language, faults, *, langs=TONGUES, words=(), say=lambda *_: None):
    """Mend a shop by the kit's words; return how many runs that took, the last one included.

    Raises:
        WrongAdviceError: a cure in one of the languages cures nothing, or the runs did not suffice.
    """
    left = list(faults)
    for runs in range(1, MOST_RUNS + 1):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shop(folder, language, left)
            printed = check(folder, language, words=words)
        told = {lang: facts(printed[lang]) for lang in langs}
        fixes = sorted({each.get("fix", "") for each in told.values()})
        if "" in fixes:
            assert not left, f"not found: {left}\n{printed}"
            assert {each["verdict"] for each in told.values()} == {"passes"}, printed
            return runs
        cured = [
            each for each in left if all(set(FAULTS[each]["fixes"]) & set(fix.split("+")) for fix in fixes)
        ]
        say(f"{language}, run {runs}: {' / '.join(fixes)} -> {', '.join(cured[:1])}")
        if not cured:
            raise WrongAdviceError(f"{' / '.join(fixes)} cures none of {left}\n{printed}")
        left.remove(cured[0])
    raise WrongAdviceError(f"{MOST_RUNS} runs were not enough: {left}")


def main():
    """Run loops that the log does not have, and print how all went."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--language", choices=tuple(COMMANDS), action="append")
    parser.add_argument("--lang", choices=TONGUES, action="append")
    parser.add_argument("--seed", type=int, action="append")
    parser.add_argument("--single", action="store_true", help="each fault alone, in place of the seeds")
    parser.add_argument("--log", type=Path, default=Path(tempfile.gettempdir(), "alipay-qr-repair.jsonl"))
    args = parser.parse_args()
    langs = tuple(args.lang or TONGUES)
    subsets = single() if args.single else {f"seed {each}": subset(each) for each in args.seed or range(10)}
    for name, faults in subsets.items():
        for language in args.language or COMMANDS:
            done = {loop for loop, each in logged(args.log).items() if "runs" in each}
            todo = tuple(lang for lang in langs if f"{language} {lang} {name}" not in done)
            if not todo:
                continue
            outcome = {"faults": len(faults)} | outcome_of(language, faults, todo)
            with args.log.open("a", encoding="utf-8") as log:
                log.writelines(json.dumps([f"{language} {lang} {name}", outcome]) + "\n" for lang in todo)
    return table(logged(args.log))


def outcome_of(language, faults, langs):
    """Return what became of one loop: its runs, and the seconds that they took."""
    since = time.monotonic()
    try:
        outcome = {"runs": repair(language, faults, langs=langs, say=lambda text: print(text, flush=True))}
    except (WrongAdviceError, AssertionError) as error:
        outcome = {"wrong": str(error)}
    return outcome | {"seconds": round(time.monotonic() - since)}


def logged(log):
    """Return what became of each loop of a log the last time."""
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    return dict(map(json.loads, lines))


def table(loops):
    """Print a line for each loop; return 1 where one went wrong."""
    for name, each in sorted(loops.items()):
        ended = f"level 4 after {each['runs']:2} runs" if "runs" in each else f"WRONG: {each['wrong']}"
        print(f"{name:24} {each['faults']:2} faults  {each['seconds']:5} s  {ended}")
    wrong = sum("runs" not in each for each in loops.values())
    print(f"{len(loops)} loops, {wrong} went wrong")
    return int(wrong > 0)


def single():
    """Return each fault alone."""
    return {name: [name] for name in FAULTS}


def subset(seed):
    """Return all faults for 0, else a random subset in random order."""
    draw = random.Random(seed)  # noqa: S311 (a draw that is the same every time)
    return draw.sample(list(FAULTS), draw.randint(2, len(FAULTS))) if seed else list(FAULTS)


if __name__ == "__main__":
    sys.exit(main())
