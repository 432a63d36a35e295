"""The folder of an audit that was given none: gone when it ends; what a killed one left, the next removes.

A lock tells whether the owner lives: it ends with its processes, however they end.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

_PREFIX: Final = "alipay-qr-audit-"
_LOCK: Final = "owner"
_YOUNG: Final = 60
"""Seconds in which a folder may not be locked yet."""


@contextmanager
def scratch() -> Iterator[Path]:
    """Return a folder below the temporary folder, as long as this runs."""
    _remove_dead(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder, (Path(folder) / _LOCK).open("wb") as file:
        _locks(file)
        yield Path(folder)


def _remove_dead(parent: Path) -> None:
    """Remove folders whose owner is dead; of another user's, or of one that cannot be told, none."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            found = folder.lstat()
            if (
                sys.platform == "win32"
                or found.st_uid != os.getuid()
                or time.time() - found.st_mtime < _YOUNG
            ):
                continue
            with (folder / _LOCK).open("rb") as file:
                dead = _locks(file)
            if dead:
                shutil.rmtree(folder, ignore_errors=True)


def _locks(file: BinaryIO) -> bool:
    """Lock a file until it is closed; say whether nobody else has."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
