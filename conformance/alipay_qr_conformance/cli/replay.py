"""``alipay-qr report replay REPORT CASE``: one case of a saved report again, with every byte shown.

The report gives seed, depth, edition and policy; the subject is named as for ``check``. Exit codes: those
of ``check``.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_faketime, add_language, add_subject, wish
from alipay_qr_conformance.cli.trace import trace
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.shown import complain

if TYPE_CHECKING:
    from alipay_qr_conformance.model.plan import Plan
    from alipay_qr_conformance.testbed.case import Case

_COMMAND = "alipay-qr report replay"


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "replay", help="", usage=f"{_COMMAND} [options] REPORT CASE [-- COMMAND ...]"
    )
    parser.add_argument("report", type=Path, metavar="REPORT")
    parser.add_argument("case", metavar="CASE")
    add_subject(parser)
    add_faketime(parser)
    parser.add_argument("--account", type=Path, metavar="FILE")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run one case again."""
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import UsageError
    from alipay_qr_conformance.report.saved import ReportError, read_report

    try:
        report = read_report(args.report)
        plan = _plan(report)
        case = _chosen(args.case, report, all_cases(plan))
        return trace(wish(args), plan, case, args.lang, _COMMAND, report["subject"]["name"])
    except (ReportError, UsageError) as error:
        complain(f"{_COMMAND}: {in_both(str(error)).in_language(args.lang)}")
        return cli.USAGE


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
