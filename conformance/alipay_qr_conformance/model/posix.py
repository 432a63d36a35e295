"""What POSIX has and Windows has not, guarded in one place.

On Windows the kit imports, and everything works that needs no other process: vectors, explain, the gateway,
adapters in Python or over HTTP. A command as an adapter needs process groups, and pipes that can be waited
for.

    PROCESSES    whether commands can be run as adapters here
    poller       waits for several pipes or sockets; its events are `POLLIN` and `POLLOUT`
    exited       whether a process has ended, without reaping it
    end_group    asks a process group to leave, or ends it
    fork, reaped   a child of this process, and whether it has ended and was waited for
    set_blocking, keep_mode, be_nice
"""

import contextlib
import os
import signal
import subprocess
import sys
from typing import Any

PROCESSES = sys.platform != "win32"

if sys.platform == "win32":
    POLLIN, POLLOUT = 1, 4

    def poller() -> Any:
        """Raise OSError: there is no such thing here."""
        raise OSError("pipes cannot be waited for on Windows")

    def exited(popen: "subprocess.Popen[bytes]") -> bool:
        """Say whether a process has ended."""
        return popen.poll() is not None

    def end_group(group: int, *, hard: bool) -> None:  # noqa: ARG001 (the signature of both)
        """End a process; those that it started stay."""
        with contextlib.suppress(OSError):
            os.kill(group, signal.SIGTERM)

    def fork() -> int:
        """Raise OSError: there is no such thing here."""
        raise OSError("a process cannot be forked on Windows")

    def reaped(child: int) -> bool:  # noqa: ARG001 (the signature of both)
        """Return True: there is none."""
        return True

    def set_blocking(descriptor: int, blocking: bool) -> None:  # noqa: FBT001 (that of os.set_blocking)
        """Do nothing: a file never waits for a writer here."""

    def keep_mode(descriptor: int, mode: int) -> None:
        """Do nothing: there are no such rights."""

    def be_nice() -> None:
        """Do nothing: there is no such order."""

else:
    import select

    POLLIN, POLLOUT = select.POLLIN, select.POLLOUT

    fork = os.fork

    def reaped(child: int) -> bool:
        """Say whether a child has ended, and forget it then."""
        return os.waitpid(child, os.WNOHANG)[0] != 0

    def poller() -> Any:
        """Return what waits for several pipes or sockets."""
        return select.poll()

    def exited(popen: "subprocess.Popen[bytes]") -> bool:
        """Say whether a process has ended, without reaping it."""
        if popen.returncode is not None:
            return True
        if not hasattr(os, "waitid"):
            return popen.poll() is not None
        try:
            return os.waitid(os.P_PID, popen.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
        except ChildProcessError:
            return True

    def end_group(group: int, *, hard: bool) -> None:
        """Ask a process group to leave, or end it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL if hard else signal.SIGTERM)

    def set_blocking(descriptor: int, blocking: bool) -> None:  # noqa: FBT001 (that of os.set_blocking)
        """Let a descriptor wait, or not."""
        os.set_blocking(descriptor, blocking)

    def keep_mode(descriptor: int, mode: int) -> None:
        """Give a file the rights of another one."""
        os.fchmod(descriptor, mode)

    def be_nice() -> None:
        """Leave the processor to others."""
        with contextlib.suppress(OSError):
            os.nice(5)
