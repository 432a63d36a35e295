"""One adapter process: its pipes, its process group and its end. It knows lines, not messages.

Nothing here blocks beyond its deadline: stdin and stdout are read and written in one loop that never
waits for either alone, and stderr is drained by a thread of its own, so that an adapter that logs while
the kit is busy elsewhere is never held up. The process leads a group, and the whole group dies with it.
"""

import contextlib
import errno
import os
import subprocess
import threading
import time
import weakref
from collections import deque
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Final

from alipay_qr_conformance.model.posix import (
    POLLIN,
    POLLOUT,
    PROCESSES,
    end_group,
    exited,
    poller,
    set_blocking,
)
from alipay_qr_conformance.subjects.exceptions import AdapterFault
from alipay_qr_conformance.subjects.transport import Bounds

CHUNK: Final = 65536
TAIL: Final = 65536
"""Bytes of stderr that are kept."""

LOOK: Final = 0.1
"""Seconds between two looks whether it still lives: a child of its own may hold its stdout open."""


class Trouble(Enum):
    """Why there is no line."""

    TIMEOUT = "timeout"
    END = "end of stdout"
    OVERLONG = "line too long"


class Child:
    """A running adapter."""

    def __init__(
        self,
        command: Sequence[str],
        bounds: Bounds,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self._bounds = bounds
        if not PROCESSES:
            raise AdapterFault(
                "a command cannot be an adapter on Windows",
                code="adapter.windows",
                hint="let it listen for HTTP POST and name it with --url, or run the kit in WSL",
            )
        try:
            self._popen = subprocess.Popen(  # noqa: S603 - the user's own command, as a list, no shell
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=environment,
                cwd=folder,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise AdapterFault(
                f"the adapter {command[0]!r} cannot be started: {reason}",
                code="adapter.not-started",
                hint=_hint(command, error),
            ) from error
        # Where nobody calls stop(): no child outlives the kit.
        self._finalizer = weakref.finalize(self, _abandon, self._popen)
        self._stdin = _number(self._popen.stdin)
        self._stdout = _number(self._popen.stdout)
        set_blocking(self._stdin, False)
        set_blocking(self._stdout, False)
        self._poll = poller()
        self._poll.register(self._stdout, POLLIN)
        # No events asked for: that its reader is gone is told unasked.
        self._poll.register(self._stdin, 0)
        self._outgoing: deque[memoryview] = deque()
        self._lines: deque[bytes] = deque()
        self._incoming = bytearray()
        self.deaf = False
        """Whether it closed its stdin, or died."""
        self._tail = _Tail(_number(self._popen.stderr))
        self._tail.start()

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its group."""
        return self._popen.pid

    @property
    def unread(self) -> bool:
        """Whether it has not yet taken all that was sent."""
        return bool(self._outgoing)

    @property
    def unfinished(self) -> bytes:
        """The beginning of a line whose end has not come."""
        return bytes(self._incoming)

    def stderr(self) -> str:
        """Return the tail of its stderr as text."""
        return self._tail.text()

    def send(self, line: bytes) -> None:
        """Queue a line and write as much as goes without waiting."""
        self._outgoing.append(memoryview(line + b"\n"))
        if len(self._outgoing) == 1 and not self.deaf:
            self._write()
            if self._outgoing:
                self._poll.modify(self._stdin, POLLOUT)

    def receive(self, deadline: float) -> bytes | Trouble:
        """Return the next line without its end, or why there is none by ``deadline`` (monotonic).

        One that closed its stdin gets no more than the time to leave.
        """
        while True:
            if self._lines:
                line = self._lines.popleft()
                return Trouble.OVERLONG if len(line) > self._bounds.line else line
            if len(self._incoming) > self._bounds.line:
                return Trouble.OVERLONG
            if self.deaf:
                deadline = min(deadline, time.monotonic() + self._bounds.leave)
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return Trouble.TIMEOUT
            ready = self._poll.poll(1000 * min(remaining, LOOK) + 1)
            if not ready and exited(self._popen) and not self._poll.poll(0):
                return Trouble.END
            for descriptor, event in ready:
                if descriptor == self._stdin:
                    self._write() if event == POLLOUT else self._stop_writing()
                elif not self._read():
                    return Trouble.END

    def stop(self, leave: float) -> bool:
        """End its stdin, wait ``leave`` seconds, then end the whole group. Say whether it left by itself."""
        self._finalizer.detach()
        self._close_stdin()
        left = self._exits_within(leave)
        if not left:
            end_group(self.pid, hard=False)
            self._exits_within(self._bounds.terminate)
        # The leader is not reaped yet, so its group id cannot belong to anybody else.
        end_group(self.pid, hard=True)
        self._popen.wait()
        if self._popen.stdout is not None:
            self._popen.stdout.close()
        self._tail.finish()
        if self._popen.stderr is not None:
            self._popen.stderr.close()
        return left

    @property
    def exit_status(self) -> int | None:
        """Its exit status after `stop`; negative for a signal."""
        return self._popen.returncode

    def _read(self) -> bool:
        try:
            data = os.read(self._stdout, CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        first, *others = data.split(b"\n")
        self._incoming += first
        if others:
            self._lines.append(bytes(self._incoming))
            self._incoming[:] = others.pop()
            self._lines.extend(others)
        return bool(data)

    def _write(self) -> None:
        try:
            while self._outgoing:
                first = self._outgoing[0]
                written = os.write(self._stdin, first)
                if written < len(first):
                    self._outgoing[0] = first[written:]
                else:
                    self._outgoing.popleft()
        except BlockingIOError:
            return
        except OSError:
            self._stop_writing()
        else:
            self._poll.modify(self._stdin, 0)

    def _stop_writing(self) -> None:
        self.deaf = True
        self._outgoing.clear()
        self._poll.unregister(self._stdin)

    def _close_stdin(self) -> None:
        if self._popen.stdin is not None:
            with contextlib.suppress(OSError):
                self._popen.stdin.close()

    def _exits_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        pause = 0.0005
        while not exited(self._popen):
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return False
            time.sleep(min(pause, remaining))
            pause = min(pause * 2, 0.005)
        return True


class _Tail(threading.Thread):
    """Drains stderr and keeps its end."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(name="adapter stderr", daemon=True)
        self._descriptor = descriptor
        self._kept = bytearray()
        self._stop_reading, self._stop_writing = os.pipe()

    def run(self) -> None:
        poll = poller()
        poll.register(self._descriptor, POLLIN)
        poll.register(self._stop_reading, POLLIN)
        last_chunks = 16
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            stopping = self._stop_reading in ready
            # What is there is read before the order to stop is obeyed, unless it never ends.
            if self._descriptor in ready and last_chunks:
                data = os.read(self._descriptor, CHUNK)
                if not data:
                    return
                self._kept = (self._kept + data)[-TAIL:]
                last_chunks -= stopping
            elif stopping:
                return

    def finish(self) -> None:
        """Stop once everything written so far is read. A grandchild may hold the pipe open for ever."""
        self.join(0.2)
        os.write(self._stop_writing, b".")
        self.join()
        os.close(self._stop_writing)
        os.close(self._stop_reading)

    def text(self) -> str:
        return bytes(self._kept).decode("utf-8", "backslashreplace")


def _hint(command: Sequence[str], error: Exception) -> str:
    """Return how to write a command that cannot be started."""
    if len(command) == 1 and " " in command[0] and isinstance(error, FileNotFoundError):
        return f"the command is quoted: without quotes it is {command[0]}"
    if isinstance(error, OSError) and error.errno == errno.ENOEXEC:
        return f"its first line names no interpreter (#!): write one before the file: python {command[0]}"
    if isinstance(error, PermissionError):
        return f"the file may not be executed: write its interpreter before it, or chmod +x {command[0]}"
    return "give the command as it works in a shell in this folder"


def _number(stream: object) -> int:
    return stream.fileno()  # type: ignore[attr-defined, no-any-return] # Popen(PIPE) always has one


def _abandon(popen: subprocess.Popen[bytes]) -> None:
    end_group(popen.pid, hard=True)
    popen.wait()
