"""Asking the shell oracle from a test."""

import os
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("oracle.sh")


def ask(params, charset, *arguments):
    """Run the oracle; returns its exit status and what it wrote."""
    lines = [f"{name}\t{(value or '').encode().hex()}\n" for name, value in params]
    done = subprocess.run(
        ["sh", str(SCRIPT), charset, *arguments],
        input="".join(lines).encode(),
        capture_output=True,
        check=False,
        timeout=30,
        env={"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8"},
    )
    assert done.returncode == 3 or not done.stderr, done.stderr
    return done.returncode, done.stdout
