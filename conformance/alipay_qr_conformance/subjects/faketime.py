"""A clock for processes that cannot be told the time: libfaketime, preloaded, reads a file of the kit's.

The library stands between a process and the C library's clock. It reads ``FAKETIME_TIMESTAMP_FILE`` at
every look at the clock (``FAKETIME_NO_CACHE``); what stands there, in seconds since 1970 (``FAKETIME_FMT``),
so that no time zone has a part in it, is either

    1773071999.999     a moment at which the clock stands still
    -22470083.5        a distance from the real clock, which runs

Between two steps of a case the clock stands still, as the gateway's does: the last millisecond of a day lasts
as long as a slow process needs. Only while a process waits for an answer that is late on purpose does it run,
so that a time limit measured by the wall clock comes to its end. The monotonic clock is never touched, and
neither are the times of files.

Whether a process really follows is not known here: one that bypasses the C library, such as a static binary,
does not, and says nothing of it. `alipay_qr_conformance.engine.clock_probe` finds out.
"""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text

_FREE: Final = {"FAKETIME", "FAKETIME_SHARED", "FAKETIME_FOLLOW_FILE", "FAKETIME_UPDATE_TIMESTAMP_FILE"}
"""Variables of a faketime that the kit itself may run under: they would win over the file."""

_ASKING: Final = 10.0
"""Seconds that the ``faketime`` command may take to say where its library is."""

_SHARED: Final = Path("/dev/shm")  # noqa: S108 (where the library keeps a segment and a semaphore a process)


class NoFaketime(Exception):  # noqa: N818 (a gap, not a mishap)
    """There is no libfaketime on this machine; ``reason`` says so in both languages."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def library() -> str:
    """Return what ``LD_PRELOAD`` must hold, for the architecture of whatever is started.

    The ``faketime`` command knows where its library is, so it is asked; its answer may hold ``$LIB``, which
    the dynamic linker replaces.

    Raises:
        NoFaketime: the command is missing, or does not preload anything.
    """
    command = shutil.which("faketime")
    if command is None:
        raise NoFaketime(message("clock.no-command"))
    words = [command, "-m", "2026-01-01 00:00:00", "printenv", "LD_PRELOAD"]
    clean = {name: value for name, value in os.environ.items() if name not in {*_FREE, "LD_PRELOAD"}}
    try:
        told = subprocess.run(  # noqa: S603 (a list, no shell)
            words, env=clean, capture_output=True, text=True, timeout=_ASKING, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise NoFaketime(message("clock.no-library", command=command)) from None
    found = told.stdout.strip()
    if told.returncode != 0 or "faketime" not in found or "\n" in found:
        raise NoFaketime(message("clock.no-library", command=command))
    return found


class Faketime:
    """The file that a process takes the time from. After `close` processes are started with the real time.

    Raises:
        NoFaketime: see `library`.
    """

    def __init__(self) -> None:
        self._library = library()
        self._folder = tempfile.TemporaryDirectory(prefix="alipay-qr-clock-")
        self._file = Path(self._folder.name) / "now"
        self._new = self._file.with_suffix(".new")
        self._moment: float | None = None
        self._written = ""
        self._closed = False
        self.freeze(datetime.fromtimestamp(int(time.time())).astimezone())

    def environment(self) -> dict[str, str]:
        """Return the environment of a process whose clock this is to be."""
        if self._closed:
            return dict(os.environ)
        env = {name: value for name, value in os.environ.items() if name not in _FREE}
        preloaded = [each for each in env.get("LD_PRELOAD", "").split(":") if each]
        return env | {
            "LD_PRELOAD": ":".join([self._library, *preloaded]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # waits of the JVM would last ten times as long
            "FAKETIME_FMT": "%s",
            "NO_FAKE_STAT": "1",
        }

    def freeze(self, at: datetime) -> None:
        """Let the clock stand at an aware moment."""
        self._moment = at.timestamp()
        self._write(f"{self._moment:.6f}")

    def run(self) -> None:
        """Let the clock run on from where it stands."""
        if self._moment is not None:
            self._write(f"{self._moment - time.time():+.6f}")
            self._moment = None

    def forget(self, pid: int) -> None:
        """Remove what the library leaves in shared memory when its process is ended from outside.

        The names hold the process id: what is left would keep the next process of this id from starting.
        """
        for name in (f"faketime_shm_{pid}", f"sem.faketime_sem_{pid}"):
            with suppress(OSError):
                (_SHARED / name).unlink()

    def close(self) -> None:
        """Remove the file; closing twice is harmless."""
        self._closed = True
        self._folder.cleanup()

    def _write(self, text: str) -> None:
        """Replace the file in one step: the process may read it at any moment."""
        if text != self._written and not self._closed:
            self._new.write_text(f"{text}\n", "ascii")
            self._new.replace(self._file)
            self._written = text
