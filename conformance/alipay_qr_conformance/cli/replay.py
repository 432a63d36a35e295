"""``alipay-qr replay REPORT CASE``: one case of a saved report again, with every byte shown.

The report gives seed, depth, edition and policy; the subject is named as for ``check``. Exit codes: those
of ``check``.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_faketime, add_language, add_subject, wish

if TYPE_CHECKING:
    from alipay_qr_conformance.model.plan import Plan
    from alipay_qr_conformance.testbed.case import Case


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "replay",
        help="run one case of a saved report again, with every byte shown",
        usage="alipay-qr replay [options] REPORT CASE [-- COMMAND ...]",
    )
    parser.add_argument("report", type=Path, metavar="REPORT", help="a JSON report")
    parser.add_argument(
        "case", metavar="CASE", help="requirement[case]; or a requirement, for its first finding"
    )
    add_subject(parser)
    add_faketime(parser)
    parser.add_argument(
        "--account", type=Path, metavar="FILE", help="partner and key files of a test account (TOML)"
    )
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run one case again."""
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.engine.setup import UsageError, process_clock, transport
    from alipay_qr_conformance.model.test_account import AccountFileError, TestKeys, read_account
    from alipay_qr_conformance.report.exchange import Witness
    from alipay_qr_conformance.report.saved import ReportError, read_report
    from alipay_qr_conformance.subjects import AdapterFault, Subject

    try:
        report = read_report(args.report)
        plan = _plan(report)
        case = _chosen(args.case, report, all_cases(plan))
        asked = wish(args)
        transport(asked)  # a wish that cannot be meant leaves nothing behind
        keys = read_account(args.account) if args.account else TestKeys()
    except (ReportError, UsageError, AccountFileError) as error:
        sys.stderr.write(f"alipay-qr replay: {error}\n")
        return cli.USAGE
    clock, gap = process_clock(asked)
    witness = Witness(transport(asked, clock))
    runner = Runner(Subject(witness, clock=clock), plan, keys, no_clock=gap)
    try:
        named, greeted = report["subject"]["name"], runner.hello.name
        if named != greeted:
            sys.stderr.write(
                runner.redactor.text(
                    f"alipay-qr replay: the report is about {named!r}, and this is {greeted!r}; "
                    "name the subject behind --, or with --python or --url\n"
                )
            )
            return cli.USAGE
        if args.faketime:
            witness.seen.clear()  # how the clock was tried belongs to no case
        return _replay(args.lang, runner, case, witness)
    except AdapterFault as error:
        sys.stderr.write(runner.redactor.text(f"alipay-qr replay: the adapter is at fault: {error}\n"))
        return cli.ADAPTER_FAULT
    finally:
        runner.close()


def _replay(lang: str, runner: Any, case: "Case", witness: Any) -> int:
    from alipay_qr_conformance.report.exchange import render
    from alipay_qr_conformance.report.run import Cleaner
    from alipay_qr_conformance.report.terminal import render_finding, visible

    runner.testbed.witness = witness.saw_request
    result = runner.judge(replace(case, once_only=True))
    cli.write(render(witness.seen, lang, Cleaner(runner.redactor).text))
    if result.finding is not None:
        cli.write(runner.redactor.text(render_finding(result.finding, lang)) + "\n")
        return cli.FINDINGS
    reason = f": {visible(runner.redactor.text(result.reason.in_language(lang)))}" if result.reason else ""
    cli.write(f"{case.id}: {result.verdict.value}{reason}\n")
    return cli.CONFORMS


def _plan(report: dict[str, Any]) -> "Plan":
    from alipay_qr_conformance.model.plan import Plan
    from alipay_qr_conformance.model.policy import to_policy

    settings = report["run"]
    return Plan(
        policy=to_policy(settings.get("policy", {})),
        level=settings["level"],
        seed=settings["seed"],
        depth=settings["depth"],
        profile=settings["profile"],
    )


def _chosen(name: str, report: dict[str, Any], cases: "list[Case]") -> "Case":
    from alipay_qr_conformance.engine.setup import UsageError

    by_id = {case.id: case for case in cases}
    if name in by_id:
        return by_id[name]
    for finding in report["findings"]:
        identity = f"{finding['requirement']}[{finding['case']}]"
        if finding["requirement"] == name and identity in by_id:
            return by_id[identity]
    raise UsageError(f"no case {name!r} with the settings of this report; see alipay-qr rules --cases")
