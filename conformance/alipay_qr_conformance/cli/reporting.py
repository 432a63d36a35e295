"""What ``check`` writes besides the terminal report: ``--report``, ``--json``, and known failures."""

import argparse
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import language
from alipay_qr_conformance.cli.statement import KIND as STATEMENT
from alipay_qr_conformance.cli.statement import wanted_statement
from alipay_qr_conformance.model.files import append_file, read_file, text_of, write_file
from alipay_qr_conformance.model.shown import complain, spared_address
from alipay_qr_conformance.model.texts import say

if TYPE_CHECKING:
    from alipay_qr_conformance.cli.statement import WantedStatement
    from alipay_qr_conformance.engine.events import Consumer, Event
    from alipay_qr_conformance.model.known_failures import Known, Stale
    from alipay_qr_conformance.model.redaction import Redactor
    from alipay_qr_conformance.report.formats import Wanted
    from alipay_qr_conformance.report.run import Run
    from alipay_qr_conformance.testbed.case import Case


def add_reports(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="KIND=FILE",
    )
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument(
        "--evidence",
        choices=("causes", "full"),
        default="causes",
    )
    parser.add_argument(
        "--format",
        choices=("terminal", "agent"),
        default="agent" if os.environ.get("AI_AGENT") else "terminal",
    )
    parser.add_argument(
        "--known-failures",
        type=Path,
        metavar="FILE",
    )
    parser.add_argument("--write-known-failures", type=Path, metavar="FILE")
    parser.add_argument("--sign-with", type=Path, metavar="KEY")
    parser.add_argument("--valid-days", type=int, default=90, metavar="N")
    parser.add_argument("--source", type=Path, metavar="DIR")


@dataclass(frozen=True)
class Outputs:
    """What was asked for, checked before anything runs."""

    wanted: "tuple[Wanted, ...]"
    known: "tuple[Known, ...]"
    known_path: Path | None
    new_list: Path | None
    counted: frozenset[str] | None = None
    """The requirements that count; None is: all."""
    statement: "WantedStatement | None" = None
    against: Mapping[str, Any] | None = None
    """A saved report to compare with."""

    @property
    def to_stdout(self) -> bool:
        """Whether stdout belongs to a report."""
        paths = [each.path for each in self.wanted] + ([self.statement.path] if self.statement else [])
        return any(str(path) == "-" for path in paths)

    def streams(self, redactor: "Redactor", lang: str) -> "list[Consumer]":
        """Return the consumers of reports that are written while the run lasts."""
        return [_stream(each.path, redactor, lang) for each in self.wanted if each.kind == "ndjson"]

    def write(self, run: "Run", lang: str) -> None:
        """Write everything that is written at the end.

        Raises:
            OSError: a file cannot be written.
            KnownFailuresError: the list that is there cannot be merged with.
        """
        from alipay_qr_conformance.report.formats import render

        for kind, path in self.wanted:
            if kind == "ndjson":
                continue
            text = render(kind, run, lang)
            if str(path) == "-":
                cli.write(text)
            else:
                write_file(path, text.encode("utf-8", "backslashreplace"))
        if self.statement is not None:
            self.statement.write(run)
        if self.new_list is not None:
            self._merge(self.new_list, run, lang)

    def _merge(self, path: Path, run: "Run", lang: str) -> None:
        """Write the list of known failures, or merge the findings into the one that is there."""
        from alipay_qr_conformance.model.known_failures import read_known_failures
        from alipay_qr_conformance.model.known_list import merged, summary

        there = path.is_file()
        entries = read_known_failures(path) if there else ()
        text = text_of(read_file(path)) if there else ""
        found = merged(text, entries, run.results, [list(each.counts) for each in run.summary.causes])
        write_file(path, found.text.encode("utf-8", "backslashreplace"))
        complain(say("known.written", lang, file=path, **summary(found)))

    def stale(self, run: "Run", every: "Callable[[], Sequence[Case]]") -> "list[Stale]":
        """Return the entries of the list that have to go; what this run left out is not stale.

        Args:
            run: what was found.
            every: returns all cases; to make them takes a while, and most runs have no list.
        """
        if not self.known:
            return []
        from alipay_qr_conformance.model.known_failures import stale

        return stale(self.known, run.results, [case.id for case in every()], datetime.now(UTC).date())

    def complain(self, stale: "Sequence[Stale]", lang: str) -> None:
        """Say which lines to delete, on stderr."""
        for each in stale:
            complain(each.say(str(self.known_path), lang))


def outputs(args: argparse.Namespace) -> Outputs:
    """Return what the arguments ask for.

    Raises:
        UsageError: no such report, a missing folder, two reports for stdout, or a list that is none.
    """
    from alipay_qr_conformance.engine.setup import UsageError
    from alipay_qr_conformance.model.known_failures import KnownFailuresError, read_known_failures
    from alipay_qr_conformance.report.formats import FormatError, Wanted, parse
    from alipay_qr_conformance.report.saved import ReportError, read_report

    try:
        wanted = [parse(text) for text in args.report if not text.startswith(STATEMENT)]
        known = read_known_failures(args.known_failures) if args.known_failures else ()
        against = read_report(args.against) if args.against else None
    except (FormatError, KnownFailuresError, ReportError) as error:
        raise UsageError(str(error)) from None
    counted = _counted(args.requirement_set)
    statement = wanted_statement(args, args.report)
    if args.json is not None:
        wanted.append(Wanted("json", args.json))
    named = [(f"--report {each.kind}", each.path) for each in wanted]
    if statement is not None:
        named.append(("--report statement", statement.path))
    if args.write_known_failures is not None:
        named.append(("--write-known-failures", args.write_known_failures))
    if args.source is not None and not args.source.is_dir():
        raise UsageError(f"--source {args.source}: there is no such folder")
    for option, path in named:
        if str(path) != "-" and not path.absolute().parent.is_dir():
            raise UsageError(f"{option} {path}: there is no such folder")
        if path.is_dir():
            raise UsageError(f"{option} {path}: this is a folder, expected a file")
    if sum(str(path) == "-" for _, path in named) > 1:
        raise UsageError("only one report can go to stdout")
    return Outputs(
        tuple(wanted), known, args.known_failures, args.write_known_failures, counted, statement, against
    )


def _counted(day: str | None) -> frozenset[str] | None:
    from alipay_qr_conformance.engine.setup import UsageError
    from alipay_qr_conformance.model.requirement_sets import UnknownSetError, requirement_set

    if day is None:
        return None
    try:
        return requirement_set(date.fromisoformat(day)).ids
    except (UnknownSetError, ValueError) as error:
        raise UsageError(f"--requirement-set {day}: {error}") from None


def place(args: argparse.Namespace) -> str:
    """Return where a reader of code looks for the subject: its file where one is named."""
    if args.url is not None:
        return spared_address(args.url)
    if args.gateway is not None:
        return spared_address(args.gateway)
    if args.notify_url is not None:
        return spared_address(args.notify_url)
    if args.python is not None:
        return str(args.python).partition(":")[0].replace(".", "/") + ".py"
    for word in args.subject or ():
        path = Path(word)
        if not path.is_absolute() and path.is_file():
            return path.as_posix()
    return "adapter"


def again(args: argparse.Namespace) -> str:
    """Return the command that checks the same subject again; what may hold a secret is left out."""
    words = ["alipay-qr", "check"]
    if args.lang != language():
        words += ["--lang", str(args.lang)]
    if args.python is not None:
        words += ["--python", str(args.python)]
    for name in ("url", "notify_url", "gateway"):
        if (address := getattr(args, name, None)) is not None:
            words += [f"--{name.replace('_', '-')}", spared_address(address)]
    if args.subject:
        words += ["--", *args.subject]
    return shlex.join(words)


def _stream(path: Path, redactor: "Redactor", lang: str) -> "Consumer":
    from alipay_qr_conformance.report.ndjson import line
    from alipay_qr_conformance.report.run import Cleaner

    cleaner = Cleaner(redactor)
    to_stdout = str(path) == "-"
    if not to_stdout:
        _put(write_file, path, b"")

    def consume(event: "Event") -> None:
        text = line(cleaner.event(event), lang)
        if to_stdout:
            cli.write(text)
        else:
            _put(append_file, path, text.encode("ascii"))

    return consume


def _put(write: "Callable[[Path, bytes], None]", path: Path, data: bytes) -> None:
    try:
        write(path, data)
    except OSError as error:
        raise cli.OutputError(error.errno, error.strerror, str(path)) from None
