"""``alipay-qr check``: the main job."""

import argparse
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language, add_subject, wish

if TYPE_CHECKING:
    from alipay_qr_conformance.casebook import Case
    from alipay_qr_conformance.engine import Runner
    from alipay_qr_conformance.report.summary import Summary
    from alipay_qr_conformance.verdicts import CaseResult


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "check",
        help="say which requirements a merchant implementation keeps and breaks",
        usage="alipay-qr check [options] [-- COMMAND ...]",
    )
    add_subject(parser)
    parser.add_argument(
        "--account", type=Path, metavar="FILE", help="partner and key files of a test account (TOML)"
    )
    add_language(parser)
    parser.add_argument(
        "--level", type=int, choices=(1, 2, 3, 4), default=4, help="run levels 1 to N (default 4)"
    )
    parser.add_argument(
        "-k", dest="expression", metavar="EXPR", help='only cases that match, as in "sign and not rsa"'
    )
    parser.add_argument(
        "--profile", choices=("global", "hk"), default="global", help="edition of the interface pages"
    )
    parser.add_argument("--policy", type=Path, metavar="FILE", help="the choices of this merchant (TOML)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same run")
    parser.add_argument("--depth", choices=("quick", "default", "deep"), default="default")
    parser.add_argument(
        "--fail-on",
        choices=("must", "should"),
        default="must",
        help="what counts as a finding for the exit code",
    )
    parser.add_argument(
        "--require-level", type=int, choices=(1, 2, 3, 4), help="also fail if this level is not reached"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON report; - is stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the checks; see `alipay_qr_conformance.cli` for the exit codes."""
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.selection import SelectionError, selector
    from alipay_qr_conformance.subjects import AdapterFault
    from alipay_qr_conformance.ways_in import UsageError, runner

    try:
        run_ = runner(wish(args))
        matches = selector(args.expression) if args.expression else None
    except (UsageError, SelectionError) as error:
        sys.stderr.write(f"alipay-qr check: {error}" + "\n")
        return cli.USAGE
    every = all_cases(run_.plan)
    cases = [case for case in every if matches is None or matches(case.id)]
    if not cases:
        sys.stderr.write(
            f"alipay-qr check: no case matches {args.expression!r}; see alipay-qr list --cases" + "\n"
        )
        return cli.USAGE
    if args.json is not None and str(args.json) != "-" and not args.json.absolute().parent.is_dir():
        sys.stderr.write(f"alipay-qr check: --json {args.json}: there is no such folder\n")
        return cli.USAGE
    try:
        return _check(args, run_, cases, len(every))
    except AdapterFault as error:
        _complain(run_, f"the adapter is at fault: {error}", run_.subject.evidence())
        return cli.ADAPTER_FAULT
    except Exception:  # noqa: BLE001 (whatever is left is the kit's own fault, and must say so)
        _complain(
            run_, "the kit itself failed; please report this with the lines below", traceback.format_exc()
        )
        return cli.KIT_FAULT
    finally:
        run_.close()


def _check(args: argparse.Namespace, runner: "Runner", cases: "list[Case]", of: int) -> int:
    from alipay_qr_conformance.engine import CaseFinished, Event, RunFinished, feed
    from alipay_qr_conformance.report.json_report import json_report, to_text
    from alipay_qr_conformance.report.summary import summarise
    from alipay_qr_conformance.report.terminal import Progress, nothing_judged, render

    results: list[CaseResult] = []
    warnings: list[str] = []

    def collect(event: Event) -> None:
        if isinstance(event, CaseFinished):
            results.append(event.result)
        elif isinstance(event, RunFinished):
            warnings.extend(event.warnings)

    feed(runner.run(cases), collect, Progress())
    summary = summarise(results, args.level)
    to_stdout = args.json is not None and str(args.json) == "-"
    if args.json is not None:
        report = json_report(summary, runner.hello, runner.plan, args.lang, warnings=warnings, of=of)
        text = to_text(runner.redactor.data(report))
        if to_stdout:
            cli.write(text)
        elif not _written(args.json, text):
            return cli.USAGE
    if not to_stdout:
        hello = runner.hello
        title = f"{hello.name} {hello.version} ({hello.language})"
        text = render(summary, title, args.lang, warnings=warnings, of=of)
        cli.write(runner.redactor.text(text))
    if not summary.judged:
        sentence = runner.redactor.text(nothing_judged(summary, args.lang))
        sys.stderr.write(f"alipay-qr check: {sentence}\n")
    return _exit_code(args, summary)


def _exit_code(args: argparse.Namespace, summary: "Summary") -> int:
    if summary.fails(args.fail_on) or (args.require_level or 0) > summary.level:
        return cli.FINDINGS
    return cli.CONFORMS if summary.judged else cli.ADAPTER_FAULT


def _written(path: Path, text: str) -> bool:
    try:
        path.write_text(text, "ascii")
    except OSError as error:
        sys.stderr.write(f"alipay-qr check: the report cannot be written: {error}\n")
        return False
    return True


def _complain(runner: "Runner", text: str, evidence: str) -> None:
    from alipay_qr_conformance.report.terminal import visible

    shown = runner.redactor.text(f"alipay-qr check: {text}\n{evidence}".rstrip())
    sys.stderr.write(visible(shown) + "\n")
