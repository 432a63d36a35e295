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
    cases = [case for case in all_cases(run_.plan) if matches is None or matches(case.id)]
    if not cases:
        sys.stderr.write(
            f"alipay-qr check: no case matches {args.expression!r}; see alipay-qr list --cases" + "\n"
        )
        return cli.USAGE
    try:
        return _check(args, run_, cases)
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


def _check(args: argparse.Namespace, runner: "Runner", cases: "list[Case]") -> int:
    from alipay_qr_conformance.engine import CaseFinished, Event, RunFinished, feed
    from alipay_qr_conformance.report.json_report import json_report, to_text
    from alipay_qr_conformance.report.summary import summarise
    from alipay_qr_conformance.report.terminal import Progress, render

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
        text = to_text(json_report(summary, runner.hello, runner.plan, args.lang))
        if to_stdout:
            sys.stdout.write(text)
        else:
            args.json.write_text(text, "ascii")
    if not to_stdout:
        hello = runner.hello
        title = f"{hello.name} {hello.version} ({hello.language})"
        sys.stdout.write(render(summary, title, args.lang, warnings=warnings))
    return _exit_code(args, summary)


def _exit_code(args: argparse.Namespace, summary: "Summary") -> int:
    if summary.fails(args.fail_on) or (args.require_level or 0) > summary.level:
        return cli.FINDINGS
    return cli.CONFORMS


def _complain(runner: "Runner", text: str, evidence: str) -> None:
    from alipay_qr_conformance.report.terminal import visible

    shown = runner.redactor.text(f"alipay-qr check: {text}\n{evidence}".rstrip())
    sys.stderr.write(visible(shown) + "\n")
