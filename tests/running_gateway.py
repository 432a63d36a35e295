"""The command ``alipay-qr gateway`` as a process of its own, for tests and benchmarks.

process, said = started("--quiet")      waits until it is ready; its greeting
labels(said)["gateway URL"]             what it says of itself
"""

import os
import re
import subprocess
import sys

COMMAND = (
    sys.executable,
    "-m",
    "alipay_qr_conformance.cli",
    "gateway",
    "--port",
    "0",
    "--verbose",
    "--lang",
    "en",
)


def started(*options, **how):
    """Start the command; return its process and its greeting."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, text=True, env=environment, **how
    )
    said = ""
    for line in process.stdout:
        said += line
        if line == "ready\n":
            return process, said
    raise AssertionError(said + (process.communicate()[1] or ""))


def labels(said):
    """Return the lines of a greeting by their labels."""
    return dict(re.findall(r"^(\S.{1,18}?) {2,}(\S.*)$", said, re.MULTILINE))
