"""``alipay-qr check --watch``: check again whenever a file changes, what failed last first.

Each run is a child that was forked when the kit was loaded: it begins at once, and reads the subject anew. A
change ends the run that is on.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Final

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import wish
from alipay_qr_conformance.engine.events import CaseFinished, Event
from alipay_qr_conformance.model.posix import PROCESSES, fork, reaped
from alipay_qr_conformance.model.texts import catalogue, interface, mistake_texts, say
from alipay_qr_conformance.report.where import sources

_PAUSE: Final = 0.02
"""Seconds between two looks at the files, at least."""
_REST: Final = 4
"""How many times as long as a look a pause is, at least: to look at many files takes its time."""
_MOST_FILES: Final = 20_000
_MOST_FIRST: Final = 20
"""Cases of those that failed which are run by themselves, before the rest."""
_SECONDS: Final = 0.1
"""What they may take together; a single one may take longer."""
_LOADED: Final = ("engine.events", "report.comparison", "report.formats", "report.screen", "report.terminal")
_ALSO: Final = (".class", ".dll", ".exe", ".ini", ".jar", ".pem", ".properties", ".toml")
"""What a merchant is built or set up by; not what it may keep its books in."""

Check = Callable[[argparse.Namespace], int]


class Failed:
    """Collects which cases fail, and how long each took until it was told."""

    def __init__(self) -> None:
        self._since = time.perf_counter()
        self._seconds: dict[str, dict[str, float]] = {}

    def __call__(self, event: Event) -> None:
        """Consume one event."""
        now = time.perf_counter()
        if isinstance(event, CaseFinished) and event.result.finding is not None:
            found = event.result.finding
            self._seconds.setdefault(found.requirement, {})[found.id] = now - self._since
        self._since = now

    def soonest(self) -> list[str]:
        """Return what tells soonest whether it still fails: of each requirement one, then further ones.

        A property takes its time, and tells several cases at once: it is chosen where nothing else failed.
        """
        ranked = sorted(
            ("[any-" in case, rank, seconds, case)
            for cases in self._seconds.values()
            for rank, (case, seconds) in enumerate(sorted(cases.items(), key=lambda item: item[1]))
        )
        chosen: list[str] = []
        left = _SECONDS
        for is_property, _, seconds, case in ranked[:_MOST_FIRST]:
            if chosen and (is_property or seconds > left):
                continue
            left -= seconds
            chosen.append(case)
        return chosen


def watch(args: argparse.Namespace, check: Check) -> int:
    """Check, and again after each change of a file under ``--source`` or here; only an interrupt ends it.

    Args:
        args: as the parser read them.
        check: runs once: the cases in ``args.chosen``, all where it is empty; tells ``args.beside`` each
            event.

    Raises:
        UsageError: there is no such subject, or no process can be forked here.
    """
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import UsageError, plan

    if not PROCESSES:
        raise UsageError("--watch needs a POSIX system")
    for name in _LOADED:  # what is loaded now, no run has to load
        import_module(f"alipay_qr_conformance.{name}")
    import_module("cryptography.x509")  # of the gateway's certificates
    for texts in (catalogue, interface, mistake_texts):
        texts()
    list(all_cases(plan(wish(args))))
    folder: Path = args.source or Path.cwd()
    failed: list[str] = []
    while True:
        seen = snapshot(folder)
        first = _run(args, check, failed, folder, seen) if failed else []
        failed = failed if first is None else first
        every = None if first is None else _run(args, check, [], folder, seen)
        failed = failed if every is None else every
        if every is not None:
            cli.write(say("watch.waiting", args.lang, folder=folder) + "\n")
        while every is not None and not _changed(folder, seen):
            pass


def snapshot(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return the moment and the size of each source below a folder: what a shop writes is none."""
    found: dict[Path, tuple[int, int]] = {}
    for path in islice(sources(folder, _ALSO), _MOST_FILES):
        with contextlib.suppress(OSError):  # an editor has just replaced it
            told = path.stat()
            found[path] = told.st_mtime_ns, told.st_size
    return found


def _changed(folder: Path, seen: dict[Path, tuple[int, int]]) -> bool:
    """Say whether a source has changed; where none has, wait until it is worth another look."""
    began = time.perf_counter()
    if snapshot(folder) != seen:
        return True
    time.sleep(max(_PAUSE, _REST * (time.perf_counter() - began)))
    return False


def _run(
    args: argparse.Namespace, check: Check, chosen: list[str], folder: Path, seen: dict[Path, tuple[int, int]]
) -> list[str] | None:
    """Run some cases, or all; return those that failed, None where a change came before the end."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = fork()
    if child == 0:
        os.close(reading)
        _in_child(args, check, chosen, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        changed = True
        try:
            while not reaped(child):
                if _changed(folder, seen):
                    return None
            changed = False
        finally:
            if changed:  # or the watch ends: the run ends with it
                os.kill(child, signal.SIGINT)
                os.waitpid(child, 0)
        return [str(each) for each in json.loads(told.read() or b"[]")]


def _in_child(args: argparse.Namespace, check: Check, chosen: list[str], writing: int) -> None:
    """Run once, tell which cases failed, and end without what the parent would do at its end."""
    code = cli.KIT_FAULT
    try:
        failed = Failed()
        args.chosen, args.beside = frozenset(chosen), (failed,)
        code = check(args)
        os.write(writing, json.dumps(failed.soonest()).encode())
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    finally:
        os._exit(code)
