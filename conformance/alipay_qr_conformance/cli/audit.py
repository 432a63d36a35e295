"""``alipay-qr audit FILES...``: judge recorded traffic.

``audit judge`` and ``audit fold`` are its two phases.

Exit codes: 0 no MUST is broken, 1 findings, 2 a known-failure list is stale, 5 messages were found and none
could be judged, 64 usage, or no message was found.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.files import write_file
from alipay_qr_conformance.model.shown import complain

if TYPE_CHECKING:
    from alipay_qr_conformance.audit.accounts import Accounts
    from alipay_qr_conformance.audit.inputs import Input
    from alipay_qr_conformance.audit.kit import Known
    from alipay_qr_conformance.audit.plan import Plan
    from alipay_qr_conformance.audit.report import Audit
    from alipay_qr_conformance.audit.run import Hands, Progress
    from alipay_qr_conformance.report.formats import Wanted

CANNOT_SAY: Final = 5
_FIELDS: Final = "time, kind, method, url, contentType, body, bodyBase64, status, reply"


class _UsageError(Exception):
    """What was asked for cannot be done; the text says why."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "audit",
        help="judge recorded traffic: HAR files, logs, JSON lines",
        usage="alipay-qr audit FILES... [options]\n"
        "       alipay-qr audit judge FILES... --out DIR [--part I/N]\n"
        "       alipay-qr audit fold DIR... [options]",
        description="Says which recorded message broke which requirement, follows each trade over time, and "
        "says what could not be judged and why. Nothing is sent; nothing is written beside the recordings.",
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="FILES",
        help="recordings, folders, patterns, or - for standard input; .gz and .zip are read through",
    )
    parser.add_argument(
        "--account",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="partner and key files (TOML); repeat for several partners",
    )
    parser.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="NAME=OTHER",
        help=f"in JSON lines, the field NAME is called OTHER; the names are {_FIELDS}",
    )
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help="what the merchant declares where the protocol leaves it open (TOML), as of check",
    )
    parser.add_argument(
        "--books",
        action="append",
        default=[],
        metavar="FILE",
        help="what the merchant believes, CSV or SQLite: out_trade_no, state, paid, currency, ...",
    )
    parser.add_argument(
        "--statement",
        action="append",
        default=[],
        metavar="FILE",
        help="Alipay's transaction file, CSV: Partner_transaction_id, Transaction_type, ...",
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="TABLE.NAME=OTHER",
        help="in the table, books or statement, the column NAME is called OTHER",
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default 1)")
    parser.add_argument(
        "--dask",
        default="",
        metavar="ADDRESS",
        help="let a Dask cluster do it, which shares the folder of --work; local starts one (extra dask)",
    )
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="keep what is done there, so that the same audit goes on after it was stopped",
    )
    parser.add_argument("--part", metavar="I/N", help="of audit judge: the I-th of N shares, from 1")
    parser.add_argument("--out", type=Path, metavar="DIR", help="of audit judge: where the results go")
    parser.add_argument(
        "--show-values", action="store_true", help="show values of messages, people's data too"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON report; - is stdout")
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="KIND=FILE",
        help="write another report: json, ndjson, junit, sarif, markdown, html or terminal; repeatable",
    )
    parser.add_argument(
        "--known-failures",
        type=Path,
        metavar="FILE",
        help="findings that are expected (TOML), strict both ways",
    )
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Audit; see the module for the exit codes."""
    from alipay_qr_conformance.audit.accounts import AccountError, read_accounts
    from alipay_qr_conformance.audit.inputs import InputsError, close_archive
    from alipay_qr_conformance.audit.kit import KnownFailuresError
    from alipay_qr_conformance.audit.run import WorkError
    from alipay_qr_conformance.audit.scratch import scratch
    from alipay_qr_conformance.audit.words import say
    from alipay_qr_conformance.model.policy import PolicyError
    from alipay_qr_conformance.report.formats import FormatError

    phase = args.words[0] if args.words and args.words[0] in {"judge", "fold"} else ""
    words = args.words[1:] if phase else args.words
    try:
        _need(words, say("command.no-input", args.lang))
        accounts = read_accounts(args.account)
        known, reports = _outputs(args)
        if phase == "judge":
            return _judge(args, words, accounts)
        if phase == "fold":
            return _fold(args, [Path(word) for word in words], accounts, known, reports)
        with scratch() as folder:
            work = args.work or folder / "work"
            try:
                plan = _plan(args, words, accounts, folder)
                _judge_parts(args, plan, work, range(len(plan.parts)))
                return _fold(args, [work], accounts, known, reports)
            finally:
                close_archive()
    except (
        AccountError,
        InputsError,
        WorkError,
        FormatError,
        KnownFailuresError,
        PolicyError,
        _UsageError,
    ) as error:
        complain(f"alipay-qr audit: {in_both(str(error)).in_language(args.lang)}")
        return cli.USAGE


def _need(words: Sequence[str], otherwise: str) -> None:
    if not words:
        raise _UsageError(otherwise)


def _plan(args: argparse.Namespace, words: Sequence[str], accounts: "Accounts", folder: Path) -> "Plan":
    from alipay_qr_conformance.audit.inputs import find_inputs, keep_stdin
    from alipay_qr_conformance.audit.ndjson import FIELDS
    from alipay_qr_conformance.audit.plan import make_plan
    from alipay_qr_conformance.audit.tables import BOOKS, COLUMNS, STATEMENT
    from alipay_qr_conformance.model.policy import read_policy

    names = {}
    for text in args.field:
        name, mark, other = text.partition("=")
        if not mark or not other or name not in FIELDS:
            raise _UsageError(f"--field {text}: write NAME=OTHER, where NAME is one of {_FIELDS}")
        names[name] = other
    inputs: list[Input] = []
    for word in words:
        if word == "-":
            kept = keep_stdin(sys.stdin.buffer, folder / "stdin")
            inputs += [replace(each, name="-") for each in find_inputs([str(kept)])]
        else:
            inputs += find_inputs([word])
    for kind in (BOOKS, STATEMENT):
        for word in getattr(args, kind):
            inputs += [replace(each, format=kind) for each in find_inputs([word])]
    for text in args.column:
        name, mark, other = text.partition("=")
        table, _, what = name.partition(".")
        if not mark or not other or what not in COLUMNS.get(table, ()):
            raise _UsageError(f"--column {text}: write TABLE.NAME=OTHER, such as books.paid=amount")
        names[name] = other
    return make_plan(inputs, accounts, names, read_policy(args.policy) if args.policy else None)


def _judge(args: argparse.Namespace, words: Sequence[str], accounts: "Accounts") -> int:
    """Phase 1, perhaps a share of it."""
    if args.out is None or "-" in words:
        raise _UsageError("audit judge needs --out DIR, and files that can be read again")
    plan = _plan(args, words, accounts, args.out)
    parts: Sequence[int] = range(len(plan.parts))
    if args.part is not None:
        share, mark, count = args.part.partition("/")
        if not (mark and share.isdecimal() and count.isdecimal() and 1 <= int(share) <= int(count)):
            raise _UsageError(f"--part {args.part}: write I/N, such as 1/4")
        parts = parts[int(share) - 1 :: int(count)]
    _judge_parts(args, plan, args.out, parts)
    return cli.CONFORMS


def _judge_parts(args: argparse.Namespace, plan: "Plan", folder: Path, parts: Sequence[int]) -> None:
    from alipay_qr_conformance.audit.run import Work, judge_parts, prepare

    prepare(folder, plan)
    work = Work(folder.absolute(), tuple(path.absolute() for path in args.account))
    judge_parts(work, parts, _hands(args), _progress(plan, parts))


def _fold(
    args: argparse.Namespace,
    folders: Sequence[Path],
    accounts: "Accounts",
    known: "tuple[Known, ...]",
    reports: "Sequence[Wanted]",
) -> int:
    """Phase 2, and the reports."""
    from alipay_qr_conformance.audit.as_run import excuses, stale_entries
    from alipay_qr_conformance.audit.report import Audit, case_results
    from alipay_qr_conformance.audit.run import fold
    from alipay_qr_conformance.audit.tables import BOOKS
    from alipay_qr_conformance.audit.words import reason_text, say

    plan, tally, bases = fold([folder.absolute() for folder in folders], _hands(args), _quiet)
    books = any(each.format == BOOKS for each in plan.inputs)
    audit = Audit(plan, tally, bases, accounts, {}, args.show_values, books)
    if not audit.messages:
        for number, found in enumerate(plan.inputs):
            why = [reason for file, reason in sorted(tally.skipped) if file == number]
            told = "".join(f"; {reason_text(each).in_language(args.lang)}" for each in why)
            complain(f"alipay-qr audit: {found.name}: {found.format}, {found.size} bytes{told}")
        raise _UsageError(say("command.no-message", args.lang))
    results = case_results(audit)
    audit = replace(audit, known=excuses(known, results))
    _write(audit, reports, args.lang)
    return _exit_code(
        args, audit, [each.say(str(args.known_failures), args.lang) for each in stale_entries(known, results)]
    )


def _exit_code(args: argparse.Namespace, audit: "Audit", stale: Sequence[str]) -> int:
    for line in stale:
        complain(line)
    if audit.fails:
        return cli.FINDINGS
    if not audit.judged:
        from alipay_qr_conformance.audit.words import reason_text, say

        reasons = {reason for row in audit.rows for reason, count in row.not_judged.items() if count}
        why = "; ".join(reason_text(each).in_language(args.lang) for each in sorted(reasons))
        complain(f"alipay-qr audit: {say('label.nothing-judged', args.lang, why=why or '-')}")
        return CANNOT_SAY
    return cli.STALE if stale else cli.CONFORMS


def _outputs(args: argparse.Namespace) -> "tuple[tuple[Known, ...], list[Wanted]]":
    """Return what is to be written, checked before anything is read."""
    from alipay_qr_conformance.audit.kit import read_known_failures
    from alipay_qr_conformance.report.formats import Wanted, parse

    known = read_known_failures(args.known_failures) if args.known_failures else ()
    wanted = [parse(text) for text in args.report]
    if args.json is not None:
        wanted.append(Wanted("json", args.json))
    for each in wanted:
        if str(each.path) != "-" and not each.path.absolute().parent.is_dir():
            raise _UsageError(f"{each.path}: there is no such folder")
    if sum(str(each.path) == "-" for each in wanted) > 1:
        raise _UsageError("only one report can go to stdout")
    return known, wanted


def _write(audit: "Audit", reports: "Sequence[Wanted]", lang: str) -> None:
    from alipay_qr_conformance.audit.as_run import rendered
    from alipay_qr_conformance.audit.report import json_report, terminal

    own = {"json": json_report, "terminal": terminal}
    for kind, path in reports:
        text = own[kind](audit, lang) if kind in own else rendered(kind, audit, lang)
        if str(path) == "-":
            cli.write(text)
        else:
            write_file(path, text.encode("utf-8", "backslashreplace"))
    if not any(str(each.path) == "-" for each in reports):
        cli.write(terminal(audit, lang))


def _hands(args: argparse.Namespace) -> "Hands":
    from alipay_qr_conformance.audit.run import Hands

    most = os.cpu_count() or 1
    return Hands(max(1, min(args.jobs, most)) if args.jobs > 0 else most, args.dask)


def _quiet(done: int, of: int) -> None:
    """Say nothing."""


def _progress(plan: "Plan", parts: Sequence[int]) -> "Progress":
    """Return what tells, on a terminal alone, how far the reading is: bytes, speed, time left."""
    if not sys.stderr.isatty():
        return _quiet
    sizes = [(end - begin if end >= 0 else plan.inputs[number].size) for number, begin, end in plan.parts]
    total = sum(sizes[part] for part in parts)
    start = time.monotonic()

    def tell(done: int, of: int) -> None:
        read = total * done // max(1, of)
        speed = read / max(0.001, time.monotonic() - start)
        left = (total - read) / max(1.0, speed)
        line = f"{read >> 20} of {total >> 20} MiB, {speed / 2**20:.0f} MiB/s, {left:.0f} s left"
        sys.stderr.write(f"\r{line:<60}" if done < of else "\r\x1b[K")
        sys.stderr.flush()

    return tell
