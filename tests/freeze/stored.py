"""The data of this folder: JSON, compressed."""

import json
import lzma
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def read(name):
    """Return what is stored under a name."""
    return json.loads(lzma.decompress((FOLDER / f"{name}.json.xz").read_bytes()))


def write(name, content):
    """Store content under a name."""
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=0, sort_keys=True)
    (FOLDER / f"{name}.json.xz").write_bytes(lzma.compress(text.encode("utf-8"), preset=9))


def command_lines():
    """Return the command lines in their order, each with its exit code."""
    lines = (FOLDER / "commands.txt").read_text("utf-8").splitlines()
    return [(words, int(code)) for code, _, words in (line.partition("\t") for line in lines)]


def write_command_lines(codes):
    """Store command lines with their exit codes."""
    text = "".join(f"{code}\t{words}\n" for words, code in codes)
    (FOLDER / "commands.txt").write_text(text, "utf-8")


def folded(verdicts):
    """Return the verdicts of all as they are stored: who meets the same cases shares one list."""
    lists = sorted({tuple(met) for met, _ in verdicts.values()})
    return {
        "met": lists,
        "told": {
            name: {"met": lists.index(tuple(met)), "verdicts": told} for name, (met, told) in verdicts.items()
        },
    }


def unfolded(content):
    """Return the verdicts of all: by name, the cases that are met, and by verdict those that do not pass."""
    return {name: (content["met"][each["met"]], each["verdicts"]) for name, each in content["told"].items()}
