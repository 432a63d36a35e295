"""A second process of a run, with a subject of its own: it judges from the end of the order.

The two meet somewhere. Only what passes in the second process has passed: all else is judged once more by
the first, in its turn, so that verdicts, evidence and causes are those of one process, wherever they meet. A
second process that dies, or whose subject does anything but pass, costs nothing but its help.

Nobody waits: the first process says in shared memory how far it is, the second tells in a pipe what passed.
Where they meet, one case may be judged twice.
"""

import gc
import json
import mmap
import os
import signal
import struct
import sys
import threading
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

from alipay_qr_conformance.model.posix import PROCESSES, fork, reaped, set_blocking
from alipay_qr_conformance.model.verdicts import CaseResult, Verdict
from alipay_qr_conformance.subjects.transport import WINDOW
from alipay_qr_conformance.testbed import apart
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.create_form import CreateForm
from alipay_qr_conformance.testbed.testbed import Testbed

if TYPE_CHECKING:
    from types import FrameType

    from alipay_qr_conformance.engine.runner import Runner

FEWEST: Final = 100
"""Cases below which a second subject is not worth its start."""
MOST: Final = 40
"""Cases that do not pass, after which the second process is no help and ends."""
_AHEAD: Final = 2 * WINDOW
_PATIENCE: Final = 10.0
"""Seconds in which a second process lets its adapter leave."""
_LOOK: Final = 0.005
_READ: Final = 1 << 20
_PLACE: Final = struct.Struct("=q")
_GO: Final = b"g"
_ENDS: Final = -1
"""The place that it tells last, where it ends in order."""
_GAVE_OUT: Final = (
    "the second process of this run gave out: the first judged its cases too, so no verdict differs, and the"
    " run was longer; --jobs 1 does without it"
)
_RACES: Final = ("at-once", "hundred-times")
"""In the names of cases that look for a race: they have the machine for themselves."""
_WAITS: Final = frozenset({"refund-timeout", "slow", "endless"})
"""How the names of cases begin that pass time rather than work: others are judged meanwhile."""


def is_race(case: Case) -> bool:
    """Say whether what a case finds depends on what else the machine does."""
    return any(name in case.name for name in _RACES)


def _waits(case: Case) -> bool:
    """Say whether a case waits for a limit of time."""
    return case.name.partition("/")[0] in _WAITS


@dataclass(frozen=True, slots=True)
class _Told:
    """What the second process tells of a case that passed."""

    asked: list[str]
    noted: list[list[str]]
    warnings: list[str]


@dataclass
class _Child:
    """The second process, as the first one sees it."""

    process: int
    go: int
    """Where it is told to begin; closed, it ends."""
    told: int
    front: mmap.mmap
    """The place of the case that the first process judges now."""
    rest: bytes = b""
    passed: dict[int, _Told] = field(default_factory=dict)
    is_odd: bool = False
    """Its subject did what may show in other cases too: none of them counts."""
    ended: bool = False

    def read(self) -> None:
        """Take what it has told since, and wait for nothing."""
        while not self.ended:
            try:
                data = os.read(self.told, _READ)
            except BlockingIOError:
                return
            self.ended = not data
            *lines, self.rest = (self.rest + data).split(b"\n")
            for place, *told in map(json.loads, lines):
                self.is_odd |= not told
                if told:
                    self.passed[place] = _Told(*told)

    def wait(self) -> None:
        """Wait until it has left; end it where it does not."""
        os.close(self.go)
        os.close(self.told)
        ends = time.monotonic() + _PATIENCE
        with suppress(ChildProcessError):
            while not reaped(self.process):
                if time.monotonic() > ends:
                    _send(self.process, "SIGKILL")
                    ends += _PATIENCE
                time.sleep(_LOOK)
        self.front.close()


class Second:
    """The second process of a run; without a ``twin`` there is none, and nothing passes in it.

    Args:
        twin: makes a runner over a subject of the same kind, which knows nothing of this one.
    """

    def __init__(self, twin: "Callable[[], Runner] | None" = None) -> None:
        self._twin = twin
        self._child: _Child | None = None
        self.is_here = False
        """Whether this is it: another process judges once more what does not pass here, and says why."""
        self.helped = 0
        """How many cases it has spared the first process."""
        self.warnings: list[str] = []
        """What to tell of it, once it has ended."""

    def start(self, order: Sequence[Case]) -> None:
        """Fork it, before the first process has threads; it waits until it is told to `begin`."""
        alone = threading.active_count() > 1 or not PROCESSES
        if self._twin is None or self._child is not None or alone or len(order) < FEWEST:
            return
        (waits, go), (told, tells), front = os.pipe(), os.pipe(), mmap.mmap(-1, _PLACE.size)
        parent = os.getpid()
        gc.freeze()  # all that is there stays: neither looks for garbage among it
        with warnings.catch_warnings():  # a thread that has just ended may still be seen
            warnings.simplefilter("ignore", DeprecationWarning)
            process = fork()
        if process == 0:
            os.close(go)
            os.close(told)
            _in_child(self._twin, order, _Pipes(waits, tells, front, parent))
        os.close(waits)
        os.close(tells)
        set_blocking(told, False)
        self._child = _Child(process, go, told, front)

    def begin(self) -> None:
        """Let it judge: the set-up was found right."""
        if self._child is not None:
            with suppress(BrokenPipeError):
                os.write(self._child.go, _GO)

    def passed(self, case: Case, place: int, bed: Testbed) -> CaseResult | None:
        """Return the result of a case that passed in the second process; None where it is to be judged here.

        Args:
            case: the next one of the run.
            place: its place in the order, from 0.
            bed: of the first process, which takes note of what the subject was seen to do.
        """
        child = self._child
        if child is None:
            return None
        _PLACE.pack_into(child.front, 0, place)
        child.read()
        told = child.passed.get(place)
        if told is None or child.is_odd or bed.subject.restarts or bed.booking.delay:
            return None
        if not {*told.warnings}.issubset(bed.subject.warnings):
            return None  # it has to show here too, at its own case
        bed.evidence.learn(case.requirement, case.id, told.asked, map(tuple, told.noted))
        self.helped += 1
        return CaseResult(case.requirement, case.name, Verdict.PASS)

    @contextmanager
    def silent(self, case: Case) -> Iterator[None]:
        """Let the second process stand still while the first one judges a race."""
        if self._child is None or not is_race(case):
            yield
            return
        _send(self._child.process, "SIGSTOP")
        try:
            yield
        finally:
            _send(self._child.process, "SIGCONT")

    @contextmanager
    def ended(self) -> Iterator[None]:
        """Ask it to leave while the first process does so, and wait until it has, with its adapter."""
        child, self._child = self._child, None
        if child is not None:
            child.read()
            self.warnings += [_GAVE_OUT] * (child.ended and _ENDS not in child.passed)
            _send(child.process, "SIGCONT", "SIGTERM")
        try:
            yield
        finally:
            if child is not None:
                child.wait()
                gc.unfreeze()


def _send(process: int, *names: str) -> None:
    for name in names:
        with suppress(ProcessLookupError):
            os.kill(process, getattr(signal, name))


# --- the second process --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pipes:
    waits: int
    tells: int
    front: mmap.mmap
    parent: int
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)


def _in_child(twin: "Callable[[], Runner]", order: Sequence[Case], pipes: _Pipes) -> NoReturn:
    """Judge, and end without what the first process does at its end."""
    try:
        _on_signals(_interrupted)
        _hush()
        if os.read(pipes.waits, len(_GO)) == _GO:
            runner, other = twin(), twin() if any(map(_waits, order)) else None
            beside = threading.Thread(target=_tell, args=(other, order, pipes), kwargs={"waiting": True})
            try:
                if other is not None:
                    beside.start()
                _tell(runner, order, pipes)
                os.write(pipes.tells, json.dumps([_ENDS, [], [], []]).encode() + b"\n")
            finally:
                _on_signals(signal.SIG_IGN)  # its adapters have to leave before it
                runner.close()
                if other is not None:
                    other.close()
                    beside.join(_PATIENCE)
    except BaseException:  # noqa: BLE001, S110 (whatever it is, the first process will meet it itself)
        pass
    finally:
        with suppress(BaseException):
            apart.leave()
        os._exit(0)


def _tell(runner: "Runner", order: Sequence[Case], pipes: _Pipes, *, waiting: bool = False) -> None:
    for line in judged(runner, order, lambda: _front(pipes), waiting=waiting):
        with pipes.one_at_a_time:
            os.write(pipes.tells, line)


def _front(pipes: _Pipes) -> int:
    """Return how far the first process is; where it has died, at the end."""
    if os.getppid() != pipes.parent:
        return sys.maxsize
    found: int = _PLACE.unpack_from(pipes.front)[0]
    return found


def _interrupted(_number: int, _frame: "FrameType | None") -> None:
    _on_signals(signal.SIG_IGN)
    raise KeyboardInterrupt


def _on_signals(handler: "Callable[[int, FrameType | None], None] | signal.Handlers") -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), handler)


def _hush() -> None:
    """Say nothing, and read nothing that is meant for the first process."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def judged(
    runner: "Runner", order: Sequence[Case], front: Callable[[], int], *, waiting: bool = False
) -> Iterator[bytes]:
    """Judge from the end of an order; yield a line for each case that passed.

    Args:
        runner: not yet used.
        order: all cases of the run.
        front: says at which place the first process is.
        waiting: judge those that wait for a limit of time, and no others; else all the others.
    """
    runner.second.is_here = True
    _ = runner.hello
    bed, others = runner.testbed, 0
    bed.drawn.run = "waiting" if waiting else "second"
    for at, upcoming in _from_the_end(order, front):
        case = order[at]
        if is_race(case) or _waits(case) is not waiting:
            continue
        result = runner.judge(case, upcoming)
        if bed.subject.restarts or bed.booking.delay or bed.create_form.form != CreateForm.form:
            yield json.dumps([at]).encode() + b"\n"
            return
        if result.verdict is Verdict.PASS:
            told = [sorted(bed.evidence.asked), sorted(bed.evidence.noted), bed.subject.warnings]
            yield json.dumps([at, *told]).encode() + b"\n"
        else:
            others += result.verdict is not Verdict.UNSUPPORTED
            if others == MOST:
                return


def _from_the_end(order: Sequence[Case], front: Callable[[], int]) -> Iterator[tuple[int, Sequence[Case]]]:
    """Yield places, and what comes after, until the first process is met.

    Cases that judge what was drawn once for all of them come together, wherever they stand: lest the first
    process draws it too.
    """
    kin = defaultdict[tuple[object, ...], list[int]](list)
    for at, case in enumerate(order):
        kin[_drawn(case)].append(at)
    for last in reversed(range(len(order))):
        if last <= front():
            return
        upcoming = order[max(0, last - _AHEAD) : last][::-1]
        for at in reversed(kin.pop(_drawn(order[last]), ())):
            if at > front():
                yield at, upcoming


def _drawn(case: Case) -> tuple[object, ...]:
    return (case.name, case.setup) if case.once_only else (case.id,)
