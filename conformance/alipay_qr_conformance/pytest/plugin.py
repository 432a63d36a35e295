"""The pytest plugin: thin. It adds the kit's cases to the user's own tests, and two fixtures.

    pytest --alipay-adapter "php adapter.php"      one item per case: alipay-qr::<requirement>[<case>]
    pytest "alipay-qr::sign.md5.digest[plain]"     one of them; the ini file names the subject
    pytest "alipay-qr::sign.order"                 all of a requirement

Nothing is imported beyond pytest until an option or a fixture asks for it, so that a run that does not
use the plugin costs nothing. Every option has an ini setting of the same name (``alipay_adapter``).
"""

import shlex
from collections.abc import Generator, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest

from alipay_qr_conformance.pytest.options import (
    add_options,
    complaint,
    named_cases,
    option,
    required_level,
    take_named_cases,
    wish,
)
from alipay_qr_conformance.pytest.tally import Tally, told

if TYPE_CHECKING:
    from alipay_qr.merchant import Merchant
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.model.verdicts import CaseResult
    from alipay_qr_conformance.pytest.fixtures import GatewayFixture
    from alipay_qr_conformance.pytest.reports import Reports
    from alipay_qr_conformance.testbed.case import Case

pytest_addoption = add_options
_MOST_CAUSES: Final = 5
_NOWHERE = Path("alipay-qr")
"""Where cases stand for pytest: they come from no file."""
_RUNNER: "pytest.StashKey[Runner]" = pytest.StashKey()
_FAULT: pytest.StashKey[str] = pytest.StashKey()
_REPORTS: "pytest.StashKey[Reports]" = pytest.StashKey()
_PLACE: pytest.StashKey[str] = pytest.StashKey()
_TALLY: pytest.StashKey[Tally] = pytest.StashKey()
_CERTAIN: "pytest.StashKey[list[Case]]" = pytest.StashKey()
"""The cases that will run for certain, in their order."""


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say which subject is under test."""
    wished = wish(config)
    if wished is None:
        return None
    subject = shlex.join(wished.command or ()) or wished.python or wished.url
    return f"alipay-qr: {subject}, levels 1 to {wished.level}, seed {wished.seed}, depth {wished.depth}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add one item per case, before ``-k`` and ``-m`` choose among all items."""
    wished = wish(config)
    if wished is None:
        return
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.order import ordered
    from alipay_qr_conformance.engine.setup import UsageError, runner

    try:
        found = runner(wished)
    except UsageError as error:
        raise complaint(config, str(error)) from None
    config.stash[_RUNNER] = found
    folder = Suite.from_parent(session, name="alipay-qr", nodeid="alipay-qr")
    chosen = set(named_cases(config))
    cases = [
        case for case in ordered(all_cases(found.plan)) if not chosen or chosen & {case.id, case.requirement}
    ]
    if unknown := chosen - {name for case in cases for name in (case.id, case.requirement)}:
        raise complaint(config, f"no case {min(unknown)!r} with these settings; see alipay-qr rules --cases")
    added: list[pytest.Item] = [CaseItem.from_parent(folder, name=case.id, case=case) for case in cases]
    items.extend(added)
    # the terminal counts what is collected by reports of collectors
    collected = pytest.CollectReport("alipay-qr", "passed", None, list(added))
    config.hook.pytest_collectreport(report=collected)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which cases will run whatever happens before them: they may be asked together."""
    config = session.config
    stops_early = config.getoption("maxfail", 0) or config.getoption("stepwise", default=False)
    measures = config.getoption("durations", None) is not None  # the first item would take the time of all
    if _RUNNER not in config.stash or stops_early or measures or hasattr(config, "workerinput"):
        return  # a worker of xdist does not know which items it will be given
    certain = [item for item in session.items if isinstance(item, CaseItem) and not item.is_marked]
    config.stash[_CERTAIN] = [item.case for item in certain]
    for behind, item in enumerate(certain, 1):
        item.behind = behind


class _Controller:
    """Registered where xdist distributes the run: stops it when a worker's adapter is at fault."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Stop the distribution at the first such report."""
        fault = dict(report.user_properties).get("alipay_fault")
        distribution = self._config.pluginmanager.get_plugin("dsession")
        if fault and distribution is not None and not distribution.shouldstop:
            distribution.shouldstop = str(fault)


def pytest_configure(config: pytest.Config) -> None:
    """Count results, and watch the workers of pytest-xdist, where there are any."""
    for name, text in MARKERS.items():
        config.addinivalue_line("markers", text if text.startswith(name) else f"{name}: {text}")
    take_named_cases(config)
    if wish(config) is not None and not hasattr(config, "workerinput"):
        config.stash[_TALLY] = Tally()
        config.pluginmanager.register(config.stash[_TALLY], "alipay-qr-tally")
    if config.pluginmanager.hasplugin("xdist") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Controller(config), "alipay-qr-controller")
    wanted = [*config.getoption("--alipay-report"), *config.getini("alipay_report")]
    known = option(config, "known-failures")
    if not (wanted or known) or wish(config) is None:
        return
    from alipay_qr_conformance.pytest.reports import Reports

    lang = option(config, "lang") or "en"
    reports = Reports(config, wanted, config.rootpath / known if known else None, lang=lang)
    config.stash[_REPORTS] = reports
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(reports, "alipay-qr-reports")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, Any, Any]:
    """Hand the result of a case to the process that writes the reports."""
    report: Any = yield
    reports = item.config.stash.get(_REPORTS, None)
    if reports is not None and isinstance(item, CaseItem) and call.when == "call" and item.result:
        reports.attach(report, item.config.stash[_RUNNER], item.result)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the adapter and the gateway; write the reports; fail where nothing was proved."""
    config = session.config
    runner = config.stash.get(_RUNNER, None)
    if runner is not None:
        runner.close()
    if _unproved(config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    reports, wished = config.stash.get(_REPORTS, None), wish(config)
    if reports is None or wished is None or hasattr(config, "workerinput"):
        return
    from alipay_qr_conformance.engine.setup import plan

    fail_on: Any = option(config, "fail-on") or "must"
    warnings = tuple(map(runner.redactor.text, runner.subject.warnings)) if runner else ()
    reports.finish(plan(wished), fail_on, warnings)
    if reports.stale and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unproved(config: pytest.Config) -> str:
    """Say why a run without a failure proves nothing, or not enough; empty where it does."""
    wished, tally = wish(config), config.stash.get(_TALLY, None)
    if wished is None or tally is None or config.getoption("collectonly", default=False):
        return ""
    from alipay_qr_conformance.model.texts import say
    from alipay_qr_conformance.report.terminal import nothing_judged

    summary, lang = tally.summary(wished.level), option(config, "lang") or "en"
    if tally.rows and not summary.judged:
        return nothing_judged(summary, lang)
    if summary.level < required_level(config):
        return say("pytest.level-missed", lang, level=summary.level, required=required_level(config))
    return ""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which level was reached, in the words of ``alipay-qr check``."""
    config = terminalreporter.config
    wished, tally = wish(config), config.stash.get(_TALLY, None)
    if wished is None or tally is None or not (tally.rows or required_level(config)):
        return
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import plan
    from alipay_qr_conformance.model.complaints import in_both
    from alipay_qr_conformance.model.texts import say
    from alipay_qr_conformance.report.terminal import Page, brief, headline, one_line

    lang, summary = option(config, "lang") or "en", tally.summary(wished.level)
    terminalreporter.section("alipay-qr")
    runner = config.stash.get(_RUNNER, None)
    for warning in runner.subject.warnings if runner else ():
        told = in_both(runner.redactor.text(warning)).in_language(lang)
        terminalreporter.write_line(f"! {one_line(told)}")
    reports = config.stash.get(_REPORTS, None)
    for told_of in reports.complaints() if reports else ():
        terminalreporter.write_line(one_line(told_of), red=True)
    if summary.causes:
        terminalreporter.write_line(headline(Page(summary, "", lang)))
    for line in (line for cause in summary.causes[:_MOST_CAUSES] for line in brief(cause, lang)):
        terminalreporter.write_line(line)
    if len(tally.rows) < (of := len(all_cases(plan(wished)))):
        terminalreporter.write_line(say("report.partly", lang, ran=len(tally.rows), of=of))
    terminalreporter.write_line(say("terminal.level-is", lang, level=summary.level, asked=summary.asked))
    if unproved := _unproved(config):
        terminalreporter.write_line(unproved, red=True)


class Suite(pytest.Collector):
    """The parent of all cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield nothing: the items are added by the plugin."""
        return iter(())


MARKERS: Final = {
    "alipay_property": "cases that search a whole space: any message, call, answer, forgery or history",
    "alipay_security": "cases in which somebody forges, or answers what nobody signed",
    "alipay_level": "alipay_level(level): cases of this level, as in -m 'alipay_level(level=3)'",
}
"""The markers of the cases, for ``-m``."""

_SECURITY: Final = (
    "verify.reject.",
    "notify.reject.",
    "notify.boundary.",
    "notify.hostile.",
    "response.unproved.",
    "response.belongs.",
    "response.hostile.",
)


def marks_of(requirement: str, name: str) -> Iterator[pytest.MarkDecorator]:
    """Yield the markers of a case."""
    from alipay_qr_conformance.model.requirements import register

    yield pytest.mark.alipay_level(level=register()[requirement].level)
    if ".any-" in requirement or name.startswith("any-"):
        yield pytest.mark.alipay_property
    if f"{requirement}.".startswith(_SECURITY):
        yield pytest.mark.alipay_security


class CaseItem(pytest.Item):
    """One case as a light item, without fixtures."""

    def __init__(self, *, case: "Case", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        self.result: CaseResult | None = None
        self.behind: int | None = None
        """Where among the certain cases those stand that come behind this one."""
        for mark in marks_of(case.requirement, case.name):
            self.add_marker(mark)

    @property
    def is_marked(self) -> bool:
        """Whether it bears a marker that is not the plugin's own, such as one that skips it."""
        return any(mark.name not in MARKERS for mark in self.own_markers)

    def runtest(self) -> None:
        """Judge the case; a finding fails, what cannot be judged is skipped with its reason."""
        from alipay_qr_conformance.model.requirements import register
        from alipay_qr_conformance.model.shown import visible
        from alipay_qr_conformance.model.verdicts import Verdict
        from alipay_qr_conformance.pytest.culprit import culprit_of
        from alipay_qr_conformance.report.terminal import render_finding
        from alipay_qr_conformance.subjects.exceptions import AdapterFault

        runner = self.config.stash[_RUNNER]
        if _FAULT in self.config.stash:
            pytest.skip("the adapter is at fault; see the first failure")
        try:
            runner.preflight([item.case for item in self.session.items if isinstance(item, CaseItem)])
            result = runner.judge(self.case, self._upcoming())
        except AdapterFault as error:
            text = f"{error.whose} is at fault: {error}\n{runner.subject.evidence()}"
            self._end_run(visible(runner.redactor.text(text)))
        self.result = result
        lang = option(self.config, "lang") or "en"
        self.user_properties += told(result, lang)
        reason = "" if result.reason is None else visible(result.reason.in_language(lang))
        if result.finding is not None:
            row = register()[result.requirement]
            reports = self.config.stash.get(_REPORTS, None)
            if reports is not None and (known := reports.excuse(result)):
                pytest.xfail(reports.word(known))
            keyword = result.finding.keyword or row.keyword
            if keyword != "MUST" and (option(self.config, "fail-on") or "must") == "must":
                pytest.xfail(f"{keyword}: {visible(result.finding.detail.in_language(lang))}")
            raise FindingError(render_finding(result.finding, lang))
        if (culprit := culprit_of(self, self.case, runner, result)) is not None:
            raise FindingError(f"{reason}\n{render_finding(culprit, lang)}")
        if result.verdict is not Verdict.PASS:
            pytest.skip(reason or result.verdict.value)

    def _upcoming(self) -> "list[Case]":
        from alipay_qr_conformance.engine.runner import AHEAD

        if self.behind is None:
            return []
        return self.config.stash[_CERTAIN][self.behind : self.behind + AHEAD]

    def _end_run(self, fault: str) -> NoReturn:
        """End the run: without an adapter nothing can be judged."""
        self.config.stash[_FAULT] = fault
        if not hasattr(self.config, "workerinput"):
            pytest.exit(fault, returncode=pytest.ExitCode.USAGE_ERROR)
        # An exit of an xdist worker looks like a crash: the report tells the controller instead.
        self.user_properties.append(("alipay_fault", fault))
        raise FindingError(fault)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the finding instead of a traceback of the kit."""
        if isinstance(excinfo.value, FindingError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    @cached_property
    def location(self) -> tuple[str, int | None, str]:
        """Where it stands, for reports: the same place for all, looked for once."""
        stash = self.config.stash
        if _PLACE not in stash:
            stash[_PLACE] = super().location[0]
        return stash[_PLACE], 0, self.reportinfo()[2]

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the case in reports; pytest writes dots as colons in what a node id ends with.

        The line means nothing, but pytest wants one of what is skipped by a marker.
        """
        return _NOWHERE, 0, f"alipay-qr {self.name}"


class FindingError(Exception):
    """What pytest shows of a finding, or of an adapter that is at fault."""


@pytest.fixture(scope="session")
def _alipay_gateway_server() -> "Iterator[GatewayFixture]":
    from alipay_qr_conformance.pytest.fixtures import GatewayFixture

    with GatewayFixture() as gateway:
        yield gateway


@pytest.fixture
def alipay_gateway(_alipay_gateway_server: "GatewayFixture") -> "GatewayFixture":
    """A simulated gateway on loopback, started once a run and empty in every test."""
    _alipay_gateway_server.reset()
    return _alipay_gateway_server


@pytest.fixture
def alipay_merchant(alipay_gateway: "GatewayFixture") -> "Merchant":
    """The reference merchant, configured for `alipay_gateway` with the public test account."""
    return alipay_gateway.merchant()
