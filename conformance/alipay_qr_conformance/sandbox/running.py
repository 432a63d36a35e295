"""Where the gateways of this user run, and their tokens: a file for each port, that nobody else can read.

``alipay-qr gateway pay`` and ``send`` find the gateway of another terminal by it.
"""

import contextlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Running(NamedTuple):
    """A running gateway: its control API."""

    url: str
    token: str
    ca_file: str = ""


@contextlib.contextmanager
def announced(port: int, running: Running) -> Iterator[None]:
    """Let others of this user find a gateway for as long as the block lasts; where that cannot be, go on."""
    path = None
    with contextlib.suppress(OSError):
        path = _folder() / f"{port}.json"
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(running._asdict(), file)
    try:
        yield
    finally:
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def find(port: int) -> Running | None:
    """Return the gateway of a port, or None."""
    try:
        text = (_folder() / f"{port}.json").read_text("utf-8")
        told = json.loads(text)
        return Running(str(told["url"]), str(told["token"]), str(told["ca_file"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _folder() -> Path:
    """Return the folder, which is this user's alone.

    Raises:
        OSError: it is not.
    """
    if sys.platform == "win32":
        raise PermissionError("who may read a file is another matter here")
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(runtime or tempfile.gettempdir()) / f"alipay-qr-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not this user's alone")
    return folder
