"""Both phases of an audit: parts -> tallies and events on disk -> the tally of everything.

A part that is done has its result in the working folder, put there by one rename; it is not done again when
the same audit is started again. Several folders, made on several machines, are folded as one.
"""

import gc
import json
import os
import signal
import sys
import threading
import time
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from alipay_qr_conformance.audit.access import AccessLines
from alipay_qr_conformance.audit.accounts import Accounts, read_accounts
from alipay_qr_conformance.audit.blocks import blocks
from alipay_qr_conformance.audit.clock import milliseconds
from alipay_qr_conformance.audit.events import EventFile, EventWriter, read_partition, size_of
from alipay_qr_conformance.audit.inputs import Input, opened
from alipay_qr_conformance.audit.judge import PartJudge
from alipay_qr_conformance.audit.ndjson import Lines, offset_of
from alipay_qr_conformance.audit.plan import CONTAINERS, Plan, read_plan
from alipay_qr_conformance.audit.tables import BOOKS, FORMATS, put_rows
from alipay_qr_conformance.audit.tally import Place, Tally, from_data
from alipay_qr_conformance.audit.trades import MOST_EVENTS, Fold, settle
from alipay_qr_conformance.reading.exchange import Skipped

_PLAN: Final = "plan.json"
_RARELY: Final = 50_000
"""New objects before garbage is looked for: records and events are no garbage, and have no cycles."""
_LARGEST_PARTITION: Final = 24 * 1024 * 1024
"""Bytes of a partition that are sorted at once."""

Progress = Callable[[int, int], None]
"""Called with how many parts or partitions are done, and of how many."""


class WorkError(ValueError):
    """A working folder is not that of this audit, or is not complete; the text says so."""


@dataclass(frozen=True)
class Work:
    """What a worker needs: where results go, and the account files, whose keys it reads itself."""

    folder: Path
    accounts: tuple[Path, ...]


def prepare(folder: Path, plan: Plan) -> None:
    """Put the plan into a working folder, or find the same one there.

    Raises:
        WorkError: the folder holds another plan.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _PLAN
    text = plan.to_text()
    if path.exists():
        if path.read_text("utf-8") != text:
            raise WorkError(
                f"{folder} holds another audit: its inputs, options or kit differ; name another folder"
            )
        return
    _put(path, text.encode())


@dataclass(frozen=True)
class Hands:
    """Who does the work: so many processes, or those of a Dask cluster (its address, or ``local``)."""

    jobs: int = 1
    dask: str = ""


def judge_parts(work: Work, parts: Sequence[int], hands: Hands, progress: Progress) -> None:
    """Phase 1: judge parts that are not done yet."""
    todo = [part for part in parts if not _result(work.folder, part).exists()]
    done = len(parts) - len(todo)
    for _ in _each(_judge_part, work, todo, hands):
        done += 1
        progress(done, len(parts))


def fold(folders: Sequence[Path], hands: Hands, progress: Progress) -> tuple[Plan, Tally, "Bases"]:
    """Phase 2: fold everything that was judged.

    Returns:
        The plan, the tally of all, and where the lines of each part begin.

    Raises:
        WorkError: the folders do not belong together, or a part is missing.
    """
    plan = _same_plan(folders)
    tally, lines = Tally(), []
    for _, data in _results(plan, folders):
        tally.add(from_data(data["tally"]))
        lines.append(data["lines"])
    ahead = _each(_fold_partition, tuple(folders), range(plan.partitions), hands)
    for done, data in enumerate(ahead, 1):
        tally.add(from_data(data))
        progress(done, plan.partitions)
    settle(tally)
    return plan, tally, Bases(plan, lines)


class Bases:
    """Turns places of parts into lines and offsets of whole inputs."""

    def __init__(self, plan: Plan, lines: Sequence[int]) -> None:
        self._plan = plan
        self._before: list[int] = []
        sums: Counter[int] = Counter()
        for (number, _, _), count in zip(plan.parts, lines, strict=True):
            self._before.append(sums[number])
            sums[number] += count
        self._offsets: dict[tuple[int, int], int] = {}

    def place(self, place: Place, *, offset: bool = True) -> dict[str, Any]:
        """Return a place as the reports tell it: file, line (from 1) or entry (from 0), offset."""
        found = self._plan.inputs[place.file]
        told: dict[str, Any] = {"file": found.name}
        if found.format in CONTAINERS:
            told["entry"] = place.number
        else:
            told["line"] = self._before[place.part] + place.number + 1
        if offset:
            told["offset"] = place.offset if place.offset >= 0 else self._offset(place)
        return told

    def _offset(self, place: Place) -> int:
        """Return where a line or entry begins: found by reading its part once more."""
        key = (place.part, place.number)
        if key not in self._offsets:
            self._offsets[key] = self._search(place)
        return self._offsets[key]

    def _search(self, place: Place) -> int:
        number, begin, end = self._plan.parts[place.part]
        found = self._plan.inputs[number]
        with opened(found) as file:
            if found.format in CONTAINERS:
                entries = CONTAINERS[found.format](file)
                return next((each.offset for each in entries if each.entry == place.number), -1)
            for block in blocks(file, begin, None if end < 0 else end):
                if place.number < block.first + len(block.lines):
                    return offset_of(block, place.number)
        return -1


def _judge_part(work: Work, part: int) -> int:
    gc.set_threshold(_RARELY, 10, 10)
    plan, accounts = _shared(work)
    number, begin, end = plan.parts[part]
    found = plan.inputs[number]
    path = work.folder / f"part-{part:06d}.events"
    with path.with_suffix(".part").open("wb") as file:
        writer = EventWriter(file, plan.partitions)
        judge = PartJudge(accounts, writer, number, part, plan.policy)
        where = Place(number, part, 0, 0)
        if found.format in FORMATS:
            partner = next(iter(accounts)).partner
            lines = put_rows(found, plan.names, partner, writer, judge.tally, where)
        else:
            lines = _read(found, begin, None if end < 0 else end, judge, plan.names, where)
        tally = judge.finish()
        writer.flush()
    path.with_suffix(".part").replace(path)
    data = {
        "tally": tally.to_data(),
        "segments": writer.segments,
        "lines": lines,
    }
    _put(_result(work.folder, part), json.dumps(data).encode())
    return part


def _read(
    found: Input, begin: int, end: int | None, judge: PartJudge, names: Mapping[str, str], place: Place
) -> int:
    """Judge a part of an input; return how many lines it has."""
    try:
        with opened(found) as file:
            if found.format in CONTAINERS:
                for entry in CONTAINERS[found.format](file):
                    if isinstance(entry, Skipped):
                        judge.tally.skip(
                            place._replace(number=entry.entry, offset=entry.offset), entry.reason
                        )
                    else:
                        judge.keep(entry.entry, entry, milliseconds(entry.time, found.clock))
                return 0
            lines = 0
            json_lines = Lines(judge, found.clock, names, place) if found.format == "json-lines" else None
            log = AccessLines(judge, found.clock)
            for block in blocks(file, begin, end):
                lines = block.first + len(block.lines)
                if json_lines is not None:
                    json_lines.read(block)
                elif block.too_long:
                    judge.tally.skip(place._replace(number=block.first, offset=block.offset), "too-long")
                else:
                    log.read(block)
            return lines
    except OSError:
        judge.tally.skip(place, "unreadable")
        return 0


def _fold_partition(folders: tuple[Path, ...], number: int) -> dict[str, Any]:
    plan, found = _segments(folders)
    with_books = any(each.format == BOOKS for each in plan.inputs)
    folding = Fold([part[0] for part in plan.parts], plan.policy, with_books=with_books)
    size = size_of(found, number)
    if size <= _LARGEST_PARTITION:
        lines = b"".join(read_partition(found, number)).splitlines()
        lines.sort()
        folding.lines(lines)
        return folding.finish().to_data()
    counts: Counter[bytes] = Counter()
    for segment in read_partition(found, number):
        counts.update(line.partition(b"\t")[0] for line in segment.splitlines())
    hot = {key for key, count in counts.items() if count > MOST_EVENTS}
    for key in sorted(hot):
        folding.too_many(key, counts[key])
    del counts
    times = 2 * size // _LARGEST_PARTITION + 1
    for turn in range(times):
        lines = [
            line
            for segment in read_partition(found, number)
            for line in segment.splitlines()
            if (key := line.partition(b"\t")[0]) not in hot
            and zlib.crc32(key) // plan.partitions % times == turn
        ]
        lines.sort()
        folding.lines(lines)
    return folding.finish().to_data()


@lru_cache(maxsize=1)
def _segments(folders: tuple[Path, ...]) -> tuple[Plan, list[EventFile]]:
    """Return the plan and, of each part, where its events stand; read once in a process."""
    plan = _same_plan(folders)
    return plan, [
        (path, [array("Q", starts) for starts in data["segments"]]) for path, data in _results(plan, folders)
    ]


_CACHE: dict[Work, tuple[Plan, Accounts]] = {}


def _shared(work: Work) -> tuple[Plan, Accounts]:
    """Return plan and accounts, read once in a process."""
    if work not in _CACHE:
        _CACHE.clear()
        plan = read_plan((work.folder / _PLAN).read_text("utf-8"))
        _CACHE[work] = plan, read_accounts(work.accounts)
    return _CACHE[work]


def _same_plan(folders: Sequence[Path]) -> Plan:
    texts = set()
    for folder in folders:
        try:
            texts.add((folder / _PLAN).read_text("utf-8"))
        except OSError:
            raise WorkError(f"{folder} holds no audit: there is no {_PLAN} in it") from None
    if len(texts) != 1:
        raise WorkError("these folders belong to different audits: their plans differ")
    return read_plan(texts.pop())


def _results(plan: Plan, folders: Sequence[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield event file and result of every part, in their order."""
    for part in range(len(plan.parts)):
        path = next((path for folder in folders if (path := _result(folder, part)).exists()), None)
        if path is None:
            raise WorkError(f"part {part} of {len(plan.parts)} is not judged yet")
        yield path.with_suffix(".events"), json.loads(path.read_bytes())


def _result(folder: Path, part: int) -> Path:
    return folder / f"part-{part:06d}.json"


def _put(path: Path, data: bytes) -> None:
    """Write a file in one step: it is there whole, or not at all."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _each(
    function: Callable[[Any, int], Any], job: Any, numbers: Iterable[int], hands: Hands
) -> Iterator[Any]:
    """Yield the results of ``function(job, number)`` in the order of the numbers."""
    numbers = list(numbers)
    if hands.dask and numbers:
        yield from _on_cluster(function, job, numbers, hands)
        return
    jobs = min(hands.jobs, len(numbers))
    if jobs <= 1:
        for number in numbers:
            yield function(job, number)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    # Without threads a fork is safe, and spares each process a third of a second in which it loads the kit.
    way = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
    with ProcessPoolExecutor(jobs, get_context(way), _end_with, (os.getpid(),)) as pool:
        waiting = [pool.submit(function, job, number) for number in numbers]
        try:
            for future in waiting:
                yield future.result()
        except KeyboardInterrupt:
            # Nobody waits for what they do. Nothing is cancelled: the pool stumbles over that when they end.
            for child in active_children():
                child.terminate()
            raise
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _on_cluster(
    function: Callable[[Any, int], Any], job: Any, numbers: Sequence[int], hands: Hands
) -> Iterator[Any]:
    """Do the same by the workers of a Dask cluster, which share the folders of the audit."""
    from functools import partial

    try:
        from distributed import Client  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        raise WorkError("for --dask, install the extra: pip install 'alipay-qr-conformance[dask]'") from None
    own = {"n_workers": max(1, hands.jobs), "threads_per_worker": 1, "dashboard_address": None}
    connect: Any = Client
    with connect(**own) if hands.dask == "local" else connect(hands.dask) as client:
        for future in client.map(partial(function, job), numbers, pure=False):
            yield future.result()


def _end_with(parent: int) -> None:
    """End this process soon after its parent has ended, however that came."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)  # not what the parent does, where it was forked
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all: the parent says who ends
    threading.Thread(target=watch, daemon=True).start()
