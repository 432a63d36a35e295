"""Asking the shell oracle from a test."""

import base64
import os
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

SCRIPT = Path(__file__).with_name("oracle.sh")
UNENCODABLE = 3
"""The status of an answer: a character does not exist in the charset."""


class Question(NamedTuple):
    """What the oracle is asked about the parameters of a message.

    ``what`` is ``bytes``, or a sign type; ``key`` an MD5 key or a PEM file's text: a private key, or with a
    ``sign`` in base64 to verify, a public one.
    """

    params: list
    charset: str
    what: str
    key: str = ""
    sign: str = ""


class Answer(NamedTuple):
    """What the oracle answers: 0, `UNENCODABLE`, or 1 for a sign that does not hold; and bytes, or a sign."""

    status: int
    out: bytes | str = ""


def ask(questions):
    """Run the oracle once for all questions; returns their answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = {}
        lines, params = [], []
        for number, question in enumerate(questions):
            words = [str(number), question.charset, question.what]
            if question.key:
                if question.key not in keys:
                    keys[question.key] = f"{len(keys)}.key"
                    (folder / keys[question.key]).write_text(question.key)
                words.append(keys[question.key])
            if question.sign:
                words.append(f"{number}.sign")
                (folder / words[-1]).write_bytes(base64.b64decode(question.sign, validate=True))
            lines.append(" ".join(words))
            params += [f"{number}\t{each}\t{(value or '').encode().hex()}" for each, value in question.params]
        (folder / "questions").write_text("".join(f"{line}\n" for line in lines))
        (folder / "params").write_bytes("".join(f"{line}\n" for line in params).encode())
        done = subprocess.run(
            ["sh", str(SCRIPT), name],
            capture_output=True,
            check=False,
            timeout=120,
            env={"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8"},
        )
        assert not done.stderr, done.stderr.decode()
        assert done.returncode == 0
        return answers(folder, questions)


def answers(folder, questions):
    """Read what the oracle wrote."""
    digests = {}
    if (folder / "digests").exists():
        pairs = (line.split(" *") for line in (folder / "digests").read_text().splitlines())
        digests = {name: digest for digest, name in pairs}
    found = []
    for number, question in enumerate(questions):
        status = int((folder / f"{number}.status").read_text())
        if status or question.sign:
            found.append(Answer(status))
        elif question.what == "MD5":
            found.append(Answer(0, digests[f"{number}.bytes"]))
        else:
            out = (folder / f"{number}.out").read_bytes()
            found.append(Answer(0, out if question.what == "bytes" else base64.b64encode(out).decode()))
    return found
