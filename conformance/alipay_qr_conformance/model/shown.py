"""What is told on the console, where neither a subject nor a file's name may steer the terminal.

visible         text with its control characters written out
spared_address  an address without what may hold a secret
complain        a line on stderr, made visible
leave           a stream that takes no more
"""

import os
import re
import sys
from typing import Final, TextIO

_LOG_COMMAND: Final = re.compile(r"^([^\S\n]*)(:(?=:)|#(?=#(?:\[|vso\[)))", re.MULTILINE)
"""``::error::`` and ``##[group]`` of GitHub Actions, ``##vso[task]`` of Azure, blanks before them ignored."""

_BEFORE_HOST: Final = re.compile(r"(?<=://)[^/@]*@")
_IN_PATH: Final = re.compile(r"(?<=/)(?=[a-zA-Z]*\d)[A-Za-z0-9]{32}(?!\w)|[A-Za-z0-9+/=_-]{100,}")
"""Hooks often have a secret of their own in the path."""


def visible(text: str) -> str:
    """Return text with control characters made visible: a subject must not steer the terminal.

    Nor a pipeline: some carry out commands that stand at the beginning of a line of the log.
    """
    shown = "".join(c if c == "\n" or c.isprintable() else _escape(c) for c in text)
    return _LOG_COMMAND.sub(lambda found: f"{found[1]}\\x{ord(found[2]):02x}", shown)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def spared_address(url: object) -> str:
    """Return an address without what may hold a secret: name and password, query, keys in the path."""
    bare = _BEFORE_HOST.sub("", str(url).partition("?")[0].partition("#")[0])
    return _IN_PATH.sub(lambda found: f"<{len(found[0])} characters>", bare)


def complain(text: str) -> None:
    """Write a line to stderr; names of files and words of others stand in it as text alone.

    That stderr takes it not (a full disk, a reader that left) changes no exit code.
    """
    try:
        sys.stderr.write(visible(text) + "\n")
        sys.stderr.flush()
    except OSError:
        leave(sys.stderr)


def leave(stream: TextIO) -> None:
    """Send what is left to nowhere: the interpreter flushes a stream once more when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
