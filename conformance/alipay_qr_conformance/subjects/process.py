"""An adapter that is a command: JSON Lines over the pipes of one long-lived process.

What a fault costs, and whether the process is started again:

    hang, silence, crash, a line longer than the bound, stdout closed    the calls in flight; started again
    a line that is no answer, or an id that is unknown or repeated,
      - while one call is in flight                                      this call; it goes on
      - while several are                                                all of them; started again
    a readable id with a bad content                                     the call of that id; it goes on
    a line that does not begin with `{`                                  nothing; a warning, told once

It can go on because an id is never used twice, not even by the next process: what arrives late for a call
that was given up is known by its id and dropped. Where several calls are in flight a line without a known
id leaves open which of them it was meant for, so nothing that follows could be trusted.
"""

import signal
import time
from codecs import BOM_UTF8
from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance.subjects.answers import Answer, Crash, Failed, Garbled, Hang, Silence
from alipay_qr_conformance.subjects.child import Child, Trouble
from alipay_qr_conformance.subjects.exceptions import AdapterFault
from alipay_qr_conformance.subjects.message import (
    LARGEST_ID,
    Incoming,
    clip,
    decode,
    encode,
    excerpt,
    too_much,
)
from alipay_qr_conformance.subjects.transport import WINDOW, AnyCall, Bounds, Transport, moment

if TYPE_CHECKING:
    from alipay_qr_conformance.subjects.faketime import Faketime

STRAY: Final = 8192
"""Bytes of stray stdout lines that are kept."""


class ProcessTransport(Transport):
    """Talks to a command. ``command`` is a list of arguments; no shell is involved.

    With ``clock`` the process is started so that it takes the time from there; with ``folder``, in it.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        bounds: Bounds | None = None,
        clock: "Faketime | None" = None,
        folder: Path | None = None,
    ) -> None:
        if isinstance(command, str) or not command:
            raise ValueError(
                "the command of an adapter is a list of arguments, such as ['php', 'adapter.php']"
            )
        self._command = tuple(command)
        self._bounds = bounds or Bounds()
        self._clock = clock
        self._folder = folder
        self._warnings: list[str] = []
        self._child: Child | None = None
        self._broken = False
        self._last_id = 0
        self._given_up: set[int] = set()
        self._spoke = False
        self._stderr = ""
        self._stray = b""

    @property
    def bounds(self) -> Bounds:
        """How long it waits and how much it reads."""
        return self._bounds

    @property
    def broken(self) -> bool:
        """Whether the process is gone and its state with it."""
        return self._broken

    @property
    def warnings(self) -> list[str]:
        """What the adapter does wrong without costing a case, each told once."""
        return self._warnings

    @property
    def pid(self) -> int | None:
        """The process id, which is also that of its group; None while none runs."""
        return self._child.pid if self._child else None

    def call_many(
        self, calls: Sequence[AnyCall], timeout: float = 10.0, window: int = WINDOW
    ) -> list[Answer | None]:
        """Make many calls; see `Transport.call_many`."""
        # All lines are made before any is sent: a fault of the caller leaves nothing in flight.
        lines = {}
        for index, (op, args, now) in enumerate(calls):
            number = (self._last_id + index) % LARGEST_ID + 1
            lines[number] = encode(number, op, args, moment(now))
        answers: dict[int, Answer] = {}
        waiting = iter(lines)
        flight: set[int] = set()
        share = self._bounds.share(len(lines))
        child = self._child or self._start()
        while True:
            # Half a window at a time, in one write: a write for every line would cost more than its answer.
            if len(flight) <= window // 2 and (batch := list(islice(waiting, window - len(flight)))):
                child.send(b"\n".join(lines[number] for number in batch))
                flight.update(batch)
                self._last_id = batch[-1]
            if not flight:
                break
            came = self._next_answer(child, flight, timeout, share)
            if not isinstance(came, Incoming):
                answers.update(dict.fromkeys(flight, came))
                self._given_up |= flight
                if len(flight) > 1:
                    self._retire(0.0)
                if self._child is None:
                    self._broken = True
                    break
                flight.clear()
            elif came.id is not None:
                flight.discard(came.id)
                answers[came.id] = came.answer
        return [answers.get(number) for number in lines]

    def begin(self) -> None:
        """Start the process ahead of its first call; one that cannot be started is complained of there."""
        if self._child is None:
            with suppress(AdapterFault):
                self._start()

    def restart(self) -> None:
        """End the process, if it still runs; the next call starts it again."""
        self._retire(self._bounds.leave)
        self._broken = False

    def close(self) -> None:
        """End its stdin, wait for it to leave, and end it with its whole group if it does not."""
        if not self._retire(self._bounds.leave):
            self._warn(
                f"the adapter did not leave within {self._bounds.leave:g} s of the end of its stdin "
                "(leave the loop when reading a line finds the end of the file)"
            )

    def evidence(self) -> str:
        """Return the tail of its stderr, and of the stdout lines that were no answers."""
        parts = [self._child.stderr() if self._child else self._stderr]
        if self._stray:
            parts.append(
                "stdout lines that are no answers:\n" + self._stray.decode("utf-8", "backslashreplace")
            )
        return "\n".join(part for part in parts if part)

    def _start(self) -> Child:
        environment = self._clock.environment() if self._clock else None
        self._child = Child(self._command, self._bounds, environment, self._folder)
        self._given_up.clear()
        self._broken = False
        self._spoke = False
        return self._child

    def _retire(self, leave: float) -> bool:
        """End the process and say whether it left by itself within ``leave`` seconds."""
        child, self._child = self._child, None
        if child is None:
            return True
        left = child.stop(leave)
        self._stderr = child.stderr()
        if self._clock is not None:
            self._clock.forget(child.pid)
        return left

    def _next_answer(
        self, child: Child, flight: Collection[int], timeout: float, share: int
    ) -> Incoming | Failed:
        deadline = time.monotonic() + timeout
        while True:
            line = child.receive(deadline)
            if isinstance(line, Trouble):
                return self._trouble(child, line, timeout, len(flight))
            if not line.startswith(b"{"):
                self._keep_stray(line)
                continue
            self._spoke = True
            came = decode(line)
            if came.id is not None and came.id in flight:
                return came if len(line) <= share else came._replace(answer=too_much(share))
            if came.id is None:
                complaint = came.answer.detail if isinstance(came.answer, Garbled) else ""
                return Garbled(complaint, len(flight))
            if came.id not in self._given_up:
                how = "a second time" if came.id <= self._last_id else "though it was never sent"
                numbers = ", ".join(map(str, sorted(flight)))
                return Garbled(f"id {came.id} was answered {how}, while {numbers} was awaited", len(flight))
            # Late: its call was given up and has cost its case already.
            self._given_up.discard(came.id)

    def _trouble(self, child: Child, trouble: Trouble, timeout: float, in_flight: int) -> Failed:
        if trouble is Trouble.OVERLONG:
            self._retire(0.0)
            return Garbled(f"a line is longer than {self._bounds.line} bytes", in_flight)
        partial, took_all, deaf = child.unfinished, not child.unread, child.deaf
        if trouble is Trouble.END or deaf:
            left = self._retire(self._bounds.leave)
            return Crash(
                exit_status=child.exit_status if left else None,
                stderr=clip(self._stderr),
                detail=_departure(child.exit_status if left else None, partial, deaf=deaf),
                in_flight=in_flight,
            )
        self._retire(0.0)
        if self._spoke or partial.startswith(b"{") or not took_all:
            return Hang(timeout, in_flight)
        hint = "it took the whole request and never wrote a byte of an answer: flush stdout after every line"
        if self._stray:
            hint += "; what it wrote are lines that do not begin with {"
        elif partial:
            hint += f"; what it wrote has no end of line and does not begin with {{: {excerpt(partial)}"
        return Silence(hint, in_flight)

    def _keep_stray(self, line: bytes) -> None:
        self._stray = (self._stray + line[:STRAY] + b"\n")[-STRAY:]
        if line.startswith(BOM_UTF8):
            self._warn("a stdout line begins with a byte order mark (save the adapter's file without BOM)")
        else:
            self._warn(
                "stdout carries lines that are no answers (write them to stderr; PHP: display_errors=stderr)"
            )

    def _warn(self, text: str) -> None:
        if text not in self._warnings:
            self._warnings.append(text)


def _departure(status: int | None, partial: bytes, *, deaf: bool) -> str:
    if status is None:
        text = f"it closed its {'stdin' if deaf else 'stdout'} and stayed"
    elif status < 0:
        text = f"it was ended by {_signal_name(-status)}"
    else:
        text = f"it left with exit status {status}"
        if status == 0:
            text += " (an adapter answers line after line until the end of its stdin)"
    return f"{text}; its last line has no end: {excerpt(partial)}" if partial else text


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
