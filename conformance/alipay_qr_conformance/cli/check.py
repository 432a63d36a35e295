"""``alipay-qr check``: the main job."""

import argparse
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.black_box import add_black_box, black_box_runner, is_black_box
from alipay_qr_conformance.cli.gateway_role import add_gateway, gateway_runner
from alipay_qr_conformance.cli.options import add_faketime, add_language, add_subject, wish
from alipay_qr_conformance.cli.reporting import add_reports, outputs, place

if TYPE_CHECKING:
    from alipay_qr_conformance.cli.reporting import Outputs
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.report.run import Run
    from alipay_qr_conformance.testbed.case import Case


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "check",
        help="say which requirements a merchant implementation keeps and breaks",
        usage="alipay-qr check [options] [-- COMMAND ...]",
    )
    add_subject(parser)
    add_faketime(parser)
    add_black_box(parser)
    add_gateway(parser)
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
    parser.add_argument(
        "--requirement-set",
        metavar="DATE",
        help="only requirements that this frozen set lists count; later ones are run and reported apart",
    )
    add_reports(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the checks; see `alipay_qr_conformance.cli` for the exit codes."""
    from alipay_qr_conformance.engine.setup import UsageError, runner
    from alipay_qr_conformance.model.selection import SelectionError, selector
    from alipay_qr_conformance.subjects import AdapterFault

    try:
        wanted = outputs(args)
        matches = selector(args.expression) if args.expression else None
        if args.gateway is not None:
            run_ = gateway_runner(args)
        else:
            run_ = black_box_runner(args) if is_black_box(args) else runner(wish(args))
    except (UsageError, SelectionError) as error:
        sys.stderr.write(f"alipay-qr check: {error}" + "\n")
        return cli.USAGE
    every = run_.cases()
    cases = [case for case in every if matches is None or matches(case.id)]
    if not cases:
        sys.stderr.write(
            f"alipay-qr check: no case matches {args.expression!r}; see alipay-qr rules --cases" + "\n"
        )
        run_.close()
        return cli.USAGE
    try:
        return _check(args, run_, cases, every, wanted)
    except AdapterFault as error:
        _complain(
            run_,
            f"the {'adapter' if args.gateway is None else 'gateway'} is at fault: {error}",
            run_.subject.evidence(),
        )
        return cli.ADAPTER_FAULT
    except cli.OutputError:
        raise
    except Exception:  # noqa: BLE001 (whatever is left is the kit's own fault, and must say so)
        _complain(
            run_, "the kit itself failed; please report this with the lines below", traceback.format_exc()
        )
        return cli.KIT_FAULT
    finally:
        run_.close()


def _check(
    args: argparse.Namespace, runner: "Runner", cases: "list[Case]", every: "list[Case]", wanted: "Outputs"
) -> int:
    from alipay_qr_conformance.engine.runner import feed
    from alipay_qr_conformance.report.run import Collector
    from alipay_qr_conformance.report.screen import show
    from alipay_qr_conformance.report.terminal import Progress, nothing_judged

    collector = Collector(wanted.known, fail_on=args.fail_on, redactor=runner.redactor)
    feed(runner.run(cases), collector, Progress(), *wanted.streams(runner.redactor, args.lang))
    found = collector.run(place(args), len(every), wanted.counted)
    try:
        wanted.write(found, args.lang)
    except OSError as error:
        sys.stderr.write(f"alipay-qr check: the report cannot be written: {error}\n")
        return cli.USAGE
    if not wanted.to_stdout and (text := show(found, args.lang)) is not None:
        cli.write(text)
    if not found.summary.judged:
        sentence = runner.redactor.text(nothing_judged(found.summary, args.lang))
        sys.stderr.write(f"alipay-qr check: {sentence}\n")
    stale = wanted.stale(found, runner.every_case())
    wanted.complain(stale, args.lang)
    return cli.STALE if (code := _exit_code(args, found)) == cli.CONFORMS and stale else code


def _exit_code(args: argparse.Namespace, run: "Run") -> int:
    if run.fails or (args.require_level or 0) > run.summary.level:
        return cli.FINDINGS
    return cli.CONFORMS if run.summary.judged else cli.ADAPTER_FAULT


def _complain(runner: "Runner", text: str, evidence: str) -> None:
    from alipay_qr_conformance.report.terminal import visible

    shown = runner.redactor.text(f"alipay-qr check: {text}\n{evidence}".rstrip())
    sys.stderr.write(visible(shown) + "\n")
