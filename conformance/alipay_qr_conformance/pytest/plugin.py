"""The pytest plugin: thin. It adds the kit's cases to the user's own tests, and two fixtures.

    pytest --alipay-adapter "php adapter.php"      one item per case: alipay-qr::<requirement>[<case>]

Nothing is imported beyond pytest until an option or a fixture asks for it, so that a run that does not
use the plugin costs nothing. Every option has an ini setting of the same name (``alipay_adapter``).
"""

import shlex
from collections.abc import Generator, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from alipay_qr.merchant import Merchant
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.engine.setup import RunOptions
    from alipay_qr_conformance.model.verdicts import CaseResult
    from alipay_qr_conformance.pytest.fixtures import GatewayFixture
    from alipay_qr_conformance.pytest.reports import Reports
    from alipay_qr_conformance.testbed.case import Case

_OPTIONS = (
    ("adapter", "COMMAND", "run the conformance cases against the adapter that this command starts"),
    ("python", "MODULE:ATTRIBUTE", "run them against a Python object or factory"),
    ("url", "URL", "run them against an adapter that listens for HTTP POST"),
    ("level", "N", "run levels 1 to N (default 4)"),
    ("profile", "NAME", "edition of the interface pages: global (default) or hk"),
    ("policy", "FILE", "the choices of this merchant (TOML)"),
    ("account", "FILE", "partner and key files of a test account (TOML)"),
    ("seed", "N", "the same seed gives the same run (default 0)"),
    ("depth", "NAME", "quick, default or deep"),
    ("fail-on", "KEYWORD", "must (default) or should: which findings fail a test"),
    ("lang", "LANG", "en (default) or zh: language of the findings"),
    ("known-failures", "FILE", "findings that are expected (TOML), strict both ways"),
)
_NOWHERE = Path("alipay-qr")
"""Where cases stand for pytest: they come from no file."""
_RUNNER: "pytest.StashKey[Runner]" = pytest.StashKey()
_FAULT: pytest.StashKey[str] = pytest.StashKey()
_REPORTS: "pytest.StashKey[Reports]" = pytest.StashKey()
_PLACE: pytest.StashKey[str] = pytest.StashKey()
_CERTAIN: "pytest.StashKey[list[Case]]" = pytest.StashKey()
"""The cases that will run for certain, in their order."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and their ini settings."""
    group = parser.getgroup("alipay-qr", "Alipay Merchant QR conformance")
    for name, metavar, text in _OPTIONS:
        group.addoption(f"--alipay-{name}", metavar=metavar, default=None, help=text)
        parser.addini(f"alipay_{name.replace('-', '_')}", text, default="")
    text = "move the clock of the adapter's process with libfaketime, where it says clock: false"
    group.addoption("--alipay-faketime", action="store_true", default=None, help=text)
    parser.addini("alipay_faketime", text, type="bool", default=False)
    text = "write a report, as alipay-qr check does: json, ndjson, junit, sarif, markdown, html; repeatable"
    group.addoption("--alipay-report", metavar="KIND=FILE", action="append", default=[], help=text)
    parser.addini("alipay_report", text, type="linelist", default=[])


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say which subject is under test."""
    wished = _wish(config)
    if wished is None:
        return None
    subject = shlex.join(wished.command or ()) or wished.python or wished.url
    return f"alipay-qr: {subject}, levels 1 to {wished.level}, seed {wished.seed}, depth {wished.depth}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add one item per case, before ``-k`` and ``-m`` choose among all items."""
    wished = _wish(config)
    if wished is None:
        return
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.runner import ordered
    from alipay_qr_conformance.engine.setup import UsageError, runner

    try:
        found = runner(wished)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[_RUNNER] = found
    folder = Suite.from_parent(session, name="alipay-qr", nodeid="alipay-qr")
    added: list[pytest.Item] = [
        CaseItem.from_parent(folder, name=case.id, case=case) for case in ordered(all_cases(found.plan))
    ]
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
    certain = [item for item in session.items if isinstance(item, CaseItem) and not item.own_markers]
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
    """Watch the workers of pytest-xdist, where there are any."""
    if config.pluginmanager.hasplugin("xdist") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Controller(config), "alipay-qr-controller")
    wanted = [*config.getoption("--alipay-report"), *config.getini("alipay_report")]
    known = _option(config, "known-failures")
    if not (wanted or known) or _wish(config) is None:
        return
    from alipay_qr_conformance.pytest.reports import Reports

    lang = _option(config, "lang") or "en"
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
    """Stop the adapter and the gateway; write the reports."""
    config = session.config
    runner = config.stash.get(_RUNNER, None)
    if runner is not None:
        runner.close()
    reports, wished = config.stash.get(_REPORTS, None), _wish(config)
    if reports is None or wished is None or hasattr(config, "workerinput"):
        return
    from alipay_qr_conformance.engine.setup import plan

    fail_on: Any = _option(config, "fail-on") or "must"
    warnings = tuple(map(runner.redactor.text, runner.subject.warnings)) if runner else ()
    reports.finish(plan(wished), fail_on, warnings)
    if reports.stale and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which level was reached, from the reports of all workers."""
    from_reports: list[dict[str, Any]] = [
        dict(report.user_properties)
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport)
        and report.when == "call"
        and report.nodeid.startswith("alipay-qr::")
    ]
    rows = [row for row in from_reports if "alipay_verdict" in row]
    if not rows:
        return
    from alipay_qr_conformance.model.verdicts import CaseResult, Text, Verdict
    from alipay_qr_conformance.report.summary import summarise
    from alipay_qr_conformance.report.terminal import nothing_judged, one_line

    results = [
        CaseResult(
            row["alipay_requirement"],
            row["alipay_case"],
            Verdict(row["alipay_verdict"]),
            Text(row["alipay_reason"], row["alipay_reason"]) if row["alipay_reason"] else None,
            optional=row["alipay_optional"],
        )
        for row in rows
    ]
    wished = _wish(terminalreporter.config)
    summary = summarise(results, wished.level if wished else 4)
    terminalreporter.section("alipay-qr")
    runner = terminalreporter.config.stash.get(_RUNNER, None)
    for warning in runner.subject.warnings if runner else ():
        terminalreporter.write_line(f"! {one_line(runner.redactor.text(warning))}")
    if not summary.judged:
        terminalreporter.write_line(nothing_judged(summary), red=True)
    reports = terminalreporter.config.stash.get(_REPORTS, None)
    for complaint in reports.complaints() if reports else ():
        terminalreporter.write_line(one_line(complaint), red=True)
    terminalreporter.write_line(f"level reached by the cases that ran: {summary.level} of {summary.asked}")


class Suite(pytest.Collector):
    """The parent of all cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield nothing: the items are added by the plugin."""
        return iter(())


class CaseItem(pytest.Item):
    """One case as a light item, without fixtures."""

    def __init__(self, *, case: "Case", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        self.result: CaseResult | None = None
        self.behind: int | None = None
        """Where among the certain cases those stand that come behind this one."""

    def runtest(self) -> None:
        """Judge the case; a finding fails, what cannot be judged is skipped with its reason."""
        from alipay_qr_conformance.model.requirements import register
        from alipay_qr_conformance.model.verdicts import Verdict
        from alipay_qr_conformance.report.terminal import render_finding, visible
        from alipay_qr_conformance.subjects import AdapterFault

        runner = self.config.stash[_RUNNER]
        if _FAULT in self.config.stash:
            pytest.skip("the adapter is at fault; see the first failure")
        try:
            result = runner.judge(self.case, self._upcoming())
        except AdapterFault as error:
            text = f"the adapter is at fault: {error}\n{runner.subject.evidence()}"
            self._end_run(visible(runner.redactor.text(text)))
        self.result = result
        lang = _option(self.config, "lang") or "en"
        reason = "" if result.reason is None else visible(result.reason.in_language(lang))
        self.user_properties += [
            ("alipay_requirement", result.requirement),
            ("alipay_case", result.case),
            ("alipay_verdict", result.verdict.value),
            ("alipay_optional", result.optional),
            ("alipay_reason", reason),
        ]
        if result.finding is not None:
            row = register()[result.requirement]
            reports = self.config.stash.get(_REPORTS, None)
            if reports is not None and (known := reports.excuse(result)):
                pytest.xfail(reports.word(known))
            keyword = result.finding.keyword or row.keyword
            if keyword != "MUST" and (_option(self.config, "fail-on") or "must") == "must":
                pytest.xfail(f"{keyword}: {visible(result.finding.detail.in_language(lang))}")
            raise FindingError(render_finding(result.finding, lang))
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


def _option(config: pytest.Config, name: str) -> str | None:
    given = config.getoption(f"--alipay-{name}", None)
    return given if given is not None else (config.getini(f"alipay_{name.replace('-', '_')}") or None)


def _wish(config: pytest.Config) -> "RunOptions | None":
    """Return what the user asked for, None where no subject is named."""
    adapter, python, url = (_option(config, name) for name in ("adapter", "python", "url"))
    for name, given in (("adapter", adapter), ("python", python), ("url", url)):
        if given is not None and not given.strip():  # an empty variable must not leave everything out
            raise pytest.UsageError(f"--alipay-{name} is empty: it names the implementation under test")
    if not (adapter or python or url):
        return None
    from alipay_qr_conformance.engine.setup import RunOptions

    level, seed = _number(config, "level", 4), _number(config, "seed", 0)
    choices = {
        "depth": ("default", "quick", "deep"),
        "profile": ("global", "hk"),
        "fail-on": ("must", "should"),
        "lang": ("en", "zh"),
    }
    for name, allowed in choices.items():
        if (_option(config, name) or allowed[0]) not in allowed:
            raise pytest.UsageError(f"--alipay-{name} is one of {', '.join(allowed)}")
    if not 1 <= level <= 4:  # noqa: PLR2004 (the four levels)
        raise pytest.UsageError("--alipay-level is 1, 2, 3 or 4")
    policy, account = _option(config, "policy"), _option(config, "account")
    depth: Any = _option(config, "depth") or "default"
    return RunOptions(
        command=_words(adapter) if adapter else None,
        python=python,
        url=url,
        level=level,
        profile=_option(config, "profile") or "global",
        policy=config.rootpath / policy if policy else None,
        account=config.rootpath / account if account else None,
        seed=seed,
        depth=depth,
        faketime=bool(config.getoption("--alipay-faketime") or config.getini("alipay_faketime")),
        folder=_folder(config),
    )


def _folder(config: pytest.Config) -> Path:
    """Return where a command means what it says: a conftest.py may go elsewhere before it is started."""
    given = config.getoption("--alipay-adapter", None) is not None
    return config.invocation_params.dir if given else config.rootpath


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise pytest.UsageError(f"--alipay-adapter {command!r}: {error}") from None


def _number(config: pytest.Config, name: str, default: int) -> int:
    text = _option(config, name)
    try:
        return int(text) if text else default
    except ValueError:
        raise pytest.UsageError(f"--alipay-{name} is a number, not {text!r}") from None
