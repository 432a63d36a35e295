"""``alipay-qr check``: the main job."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.adapter_only import adapter_only
from alipay_qr_conformance.cli.black_box import add_black_box, black_box_runner, is_black_box
from alipay_qr_conformance.cli.gateway_role import add_gateway, gateway_runner
from alipay_qr_conformance.cli.live import live
from alipay_qr_conformance.cli.options import add_faketime, add_language, add_subject, wish
from alipay_qr_conformance.cli.reporting import add_reports, again, outputs, place
from alipay_qr_conformance.cli.trace import trace
from alipay_qr_conformance.cli.usage import begin_with
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.shown import complain

if TYPE_CHECKING:
    from alipay_qr_conformance.cli.reporting import Outputs
    from alipay_qr_conformance.engine.order import Order
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.report.run import Run
    from alipay_qr_conformance.testbed.case import Case


_FIRST: Final = (
    "--help", "--help-all", "--python", "--url", "--notify-url", "--gateway", "--adapter-only", "--live",
    "--watch", "--only", "--trace", "--against", "--level", "--report", "--known-failures", "--lang",
)  # fmt: skip
"""The options of the first page of help."""
BOTH: Final = 2
"""Processes, of which each has a subject of its own."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("check", help="", usage="alipay-qr check [options] [-- COMMAND ...]")
    begin_with(parser, *_FIRST)
    parser.add_argument("--adapter-only", action="store_true")
    parser.add_argument("--live", type=Path, metavar="FILE")
    parser.add_argument("--only", metavar="CASE", action="append")
    parser.add_argument("--trace", action="store_true")
    parser.add_argument("--against", type=Path, metavar="REPORT")
    parser.add_argument("--level", type=int, choices=(1, 2, 3, 4), default=4)
    parser.add_argument("-k", dest="expression", metavar="EXPR")
    parser.add_argument("--profile", choices=("global", "hk"), default="global")
    parser.add_argument("--policy", type=Path, metavar="FILE")
    parser.add_argument("--account", type=Path, metavar="FILE")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--depth", choices=("quick", "default", "deep"), default="default")
    parser.add_argument("--jobs", type=int, choices=(1, 2), metavar="N")
    parser.add_argument("--fail-on", choices=("must", "should"), default="must")
    parser.add_argument("--require-level", type=int, choices=(1, 2, 3, 4))
    parser.add_argument("--requirement-set", metavar="DATE")
    add_reports(parser)
    add_language(parser)
    add_subject(parser)
    add_faketime(parser)
    add_black_box(parser)
    add_gateway(parser)
    parser.set_defaults(run=run, chosen=frozenset(), beside=())


def run(args: argparse.Namespace) -> int:
    """Run the checks; see `alipay_qr_conformance.cli` for the exit codes."""
    watched = args.watch is True and args.notify_url is None
    args.watch = None if args.watch is True else args.watch
    if not watched:
        return _once(args)
    from alipay_qr_conformance.cli.watch import watch
    from alipay_qr_conformance.engine.setup import UsageError

    try:
        return watch(args, _once)
    except UsageError as error:
        return _refuse(str(error), args.lang)


def _once(args: argparse.Namespace) -> int:
    from alipay_qr_conformance.engine.setup import UsageError, runner
    from alipay_qr_conformance.model.selection import SelectionError, selector
    from alipay_qr_conformance.model.texts import say
    from alipay_qr_conformance.subjects.exceptions import AdapterFault, SetupFault

    if args.live is not None:
        return live(args)
    try:
        if args.adapter_only:
            return adapter_only(args)
        wanted = outputs(args)
        matches = selector(args.expression) if args.expression else lambda _: True
        if args.trace:
            return _trace(args)
        args.jobs = jobs(args)
        if args.gateway is not None:
            run_ = gateway_runner(args)
        else:
            run_ = black_box_runner(args) if is_black_box(args) else runner(wish(args), ahead=True)
    except (UsageError, SelectionError) as error:
        return _refuse(str(error), args.lang)
    try:
        every = cache(run_.cases)
        order = _order(args, run_, every, wanted, matches)
        if not (order.known or order.whole()):
            return _refuse(f"no case matches {_asked(args)!r}; see alipay-qr rules --cases", args.lang)
        return _check(args, run_, order, every, wanted)
    except SetupFault as error:
        words = say("preflight.fault", args.lang, text=error.text.in_language(args.lang))
        _complain(run_, words, "")
        return cli.ADAPTER_FAULT
    except AdapterFault as error:
        role = "adapter" if args.gateway is None else "gateway"
        _complain(run_, _told(f"the {role} is at fault: {error}", args.lang), run_.subject.evidence())
        return cli.ADAPTER_FAULT
    except cli.OutputError:
        raise
    except Exception:  # noqa: BLE001 (whatever is left is the kit's own fault, and must say so)
        told = _told("the kit itself failed; please report this with the lines below", args.lang)
        _complain(run_, told, traceback.format_exc())
        return cli.KIT_FAULT
    finally:
        run_.close()


def _order(
    args: argparse.Namespace,
    runner: "Runner",
    every: "Callable[[], list[Case]]",
    wanted: "Outputs",
    matches: Callable[[str], bool],
) -> "Order":
    """Return the chosen cases; where all are, those that are not likely to find something are made later."""
    from alipay_qr_conformance.engine.order import Order, soon

    outside = args.gateway is not None or is_black_box(args)
    told = any(each.kind == "ndjson" for each in wanted.wanted)  # it says first how many there are
    if not (args.expression or args.only or args.chosen or outside or told or args.jobs == BOTH):
        return soon(runner.plan, every)
    return Order(
        case
        for case in every()
        if matches(case.id)
        and (args.only is None or not {case.id, case.requirement}.isdisjoint(args.only))
        and (not args.chosen or case.id in args.chosen)
    )


def jobs(args: argparse.Namespace) -> int:
    """Return how many processes judge: two by default where that can harm nobody, and is of use.

    Raises:
        UsageError: two are wished for, and there is no subject for each of them.
    """
    from alipay_qr_conformance.engine.setup import ONE_JOB, UsageError

    outside = args.gateway is not None or is_black_box(args)
    if args.jobs == BOTH and outside:
        raise UsageError(ONE_JOB)
    if args.jobs is not None or outside or args.subject or args.python or args.url:
        return args.jobs or 1
    return BOTH if sys.platform == "linux" and len(os.sched_getaffinity(0)) >= BOTH else 1


def _refuse(text: str, lang: str) -> int:
    complain(f"alipay-qr check: {_told(text, lang)}")
    return cli.USAGE


def _asked(args: argparse.Namespace) -> str:
    return ", ".join(args.only or ()) or str(args.expression)


def _told(text: str, lang: str) -> str:
    return in_both(text).in_language(lang)


def _trace(args: argparse.Namespace) -> int:
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import UsageError, plan

    if args.only is None or args.gateway is not None or is_black_box(args):
        raise UsageError("--trace shows one case of an adapter: name it with --only CASE")
    asked = wish(args)
    planned = plan(asked)
    for case in all_cases(planned):
        if not {case.id, case.requirement}.isdisjoint(args.only):
            return trace(asked, planned, case, args.lang, "alipay-qr check")
    raise UsageError(f"no case matches {_asked(args)!r}; see alipay-qr rules --cases")


def _check(
    args: argparse.Namespace,
    runner: "Runner",
    order: "Order",
    every: "Callable[[], list[Case]]",
    wanted: "Outputs",
) -> int:
    from alipay_qr_conformance.engine.events import feed
    from alipay_qr_conformance.model.known_failures import KnownFailuresError
    from alipay_qr_conformance.report.comparison import since
    from alipay_qr_conformance.report.formats import render
    from alipay_qr_conformance.report.run import Collector
    from alipay_qr_conformance.report.screen import show
    from alipay_qr_conformance.report.terminal import Progress, nothing_judged
    from alipay_qr_conformance.report.where import look

    collector = Collector(wanted.known, fail_on=args.fail_on, redactor=runner.redactor)
    streams = wanted.streams(runner.redactor, args.lang)
    feed(runner.run(order), collector, Progress(lang=args.lang), *args.beside, *streams)
    found = collector.run(place(args), len(every()), wanted.counted)
    found = replace(found, full=args.evidence == "full", again=runner.redactor.text(again(args)))
    if args.source is not None:
        found = replace(found, where=look(args.source, found.summary.causes))
    try:
        wanted.write(found, args.lang)
    except (OSError, KnownFailuresError) as error:
        return _refuse(f"the report cannot be written: {error}", args.lang)
    if not wanted.to_stdout:
        text = render("agent", found, args.lang) if args.format == "agent" else show(found, args.lang)
        cli.write(text or "")
        if wanted.against is not None:
            cli.write(since(wanted.against, found, args.lang))
    for fault in found.faults:
        complain(f"alipay-qr check: {runner.redactor.text(fault.in_language(args.lang))}")
    if not found.summary.judged:
        sentence = runner.redactor.text(nothing_judged(found.summary, args.lang))
        complain(f"alipay-qr check: {sentence}")
    stale = wanted.stale(found, runner.every_case)
    wanted.complain(stale, args.lang)
    return cli.STALE if (code := _exit_code(args, found)) == cli.CONFORMS and stale else code


def _exit_code(args: argparse.Namespace, run: "Run") -> int:
    if run.faults:
        return cli.KIT_FAULT
    if run.fails or (args.require_level or 0) > run.summary.level:
        return cli.FINDINGS
    return cli.CONFORMS if run.summary.judged else cli.ADAPTER_FAULT


def _complain(runner: "Runner", text: str, evidence: str) -> None:

    shown = runner.redactor.text(f"alipay-qr check: {text}\n{evidence}".rstrip())
    complain(shown)
