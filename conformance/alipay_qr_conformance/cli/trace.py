"""One case with every byte shown: ``check --only CASE --trace``, and ``report replay`` for a saved report."""

from dataclasses import replace
from typing import TYPE_CHECKING

from alipay_qr_conformance import cli
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.shown import complain

if TYPE_CHECKING:
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.engine.setup import RunOptions
    from alipay_qr_conformance.model.plan import Plan
    from alipay_qr_conformance.report.exchange import ExchangeRecorder
    from alipay_qr_conformance.testbed.case import Case


def trace(
    asked: "RunOptions", plan: "Plan", case: "Case", lang: str, command: str, expected: str | None = None
) -> int:
    """Run a case, show what passed, and return the exit code.

    Args:
        asked: the subject and its keys.
        plan: the settings of the run.
        case: what to run.
        lang: ``en`` or ``zh``.
        command: what stands before a complaint.
        expected: the name that the subject must have; None is: any.

    Raises:
        UsageError: the subject or its keys cannot be meant.
    """
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.engine.setup import keys_of, process_clock, transport
    from alipay_qr_conformance.report.exchange import ExchangeRecorder
    from alipay_qr_conformance.subjects import AdapterFault, Subject

    def ended(text: str, code: int) -> int:
        shown = runner.redactor.text(in_both(text).in_language(lang))
        complain(f"{command}: {shown}")
        return code

    keys = keys_of(asked)
    transport(asked)  # a wish that cannot be meant leaves nothing behind
    clock, gap = process_clock(asked)
    recorder = ExchangeRecorder(transport(asked, clock))
    runner = Runner(Subject(recorder, clock=clock), plan, keys, no_clock=gap)
    try:
        if expected is not None and (greeted := runner.hello.name) != expected:
            return ended(
                f"the report is about {expected!r}, and this is {greeted!r}; "
                "name the subject behind --, or with --python or --url",
                cli.USAGE,
            )
        if asked.faketime:
            recorder.seen.clear()  # how the clock was tried belongs to no case
        return _shown(lang, runner, case, recorder)
    except AdapterFault as error:
        return ended(f"the adapter is at fault: {error}", cli.ADAPTER_FAULT)
    finally:
        runner.close()


def _shown(lang: str, runner: "Runner", case: "Case", recorder: "ExchangeRecorder") -> int:
    from alipay_qr_conformance.model.shown import visible
    from alipay_qr_conformance.model.texts import labelled, say
    from alipay_qr_conformance.report.exchange import render
    from alipay_qr_conformance.report.run import Cleaner
    from alipay_qr_conformance.report.terminal import render_finding

    runner.testbed.on_exchange = recorder.saw_request
    result = runner.judge(replace(case, once_only=True))
    cli.write(render(recorder.seen, lang, Cleaner(runner.redactor).text))
    if result.finding is not None:
        cli.write(runner.redactor.text(render_finding(result.finding, lang)) + "\n")
        return cli.FINDINGS
    reason = visible(runner.redactor.text(result.reason.in_language(lang))) if result.reason else ""
    verdict = labelled(say(f"verdict.{result.verdict.value}", lang), lang, reason) if reason else ""
    cli.write(labelled(case.id, lang, verdict or say(f"verdict.{result.verdict.value}", lang)) + "\n")
    return cli.CONFORMS
