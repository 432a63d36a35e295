"""The pytest plugin, as a user's project meets it."""

import json
import os
import re
import shlex
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import core_subjects
import pytest

import alipay_qr_conformance.checks
import alipay_qr_conformance.engine.runner
import alipay_qr_conformance.pytest.fixtures
import alipay_qr_conformance.report.summary  # noqa: F401 (see below)
from alipay_qr_conformance import cli
from alipay_qr_conformance.pytest.plugin import marks_of
from alipay_qr_conformance.subjects import schema  # noqa: F401 (modules in Rust cannot be loaded twice)
from example_shops import has_entry_point

HOSTILE = Path(__file__).parents[1] / "subjects" / "hostile_adapter.py"
FEW = ("-k", "sign.order[plain or md5.digest")


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest in the user's folder; as a process where ``process`` is set."""
    monkeypatch.setenv("PYTHONPATH", ":".join([str(Path(__file__).parents[1]), *sys.path]))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def start(*words, process=False):
        plugin = () if has_entry_point() else ("-p", "alipay_qr_conformance.pytest.plugin")
        how = pytester.runpytest_subprocess if process else pytester.runpytest_inprocess
        return how(*plugin, "-p", "no:cacheprovider", *words)

    return start


def python(name):
    return ["--alipay-python", f"core_subjects:{name}"]


REFERENCE = ["--alipay-python", "alipay_qr_conformance.subjects.reference:ReferenceAdapter"]


def test_one_item_a_case_in_an_empty_folder(run):
    result = run(*REFERENCE, "-v", "-k", "sign.md5.digest or sign.join")
    chosen = [each for each in _ids() if "md5.digest" in each or "sign.join" in each]
    result.assert_outcomes(passed=len(chosen), deselected=len(_ids()) - len(chosen))
    result.stdout.fnmatch_lines(
        [
            "alipay-qr: alipay_qr_conformance.subjects.reference:ReferenceAdapter, levels 1 to 4, seed 0*",
            f"*collected {len(_ids())} items / * deselected / {len(chosen)} selected",
            "alipay-qr::sign.md5.digest[[]plain] PASSED*",
            "Only * of * cases ran: a level counts for these alone.",
            "Level reached: 1 of 4",
        ]
    )


def _ids(level=4):
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import RunOptions, plan

    return [case.id for case in all_cases(plan(RunOptions(level=level)))]


def test_the_items_are_the_cases(run):
    result = run(*REFERENCE, "--collect-only", "-q")
    found = [line.removeprefix("alipay-qr::") for line in result.outlines if line.startswith("alipay-qr::")]
    assert sorted(found) == sorted(_ids())


def test_beside_the_users_own_tests(run, pytester):
    pytester.makepyfile("def test_own(): pass\ndef test_bad(): assert 0")
    result = run(*REFERENCE, "-k", "test_own or test_bad or md5.digest[plain")
    result.assert_outcomes(passed=2, failed=1, deselected=len(_ids()) - 1)


def test_without_an_option_nothing_happens(run, pytester):
    pytester.makepyfile("def test_own(): pass")
    result = run()
    result.assert_outcomes(passed=1)
    assert "alipay" not in "\n".join(line for line in result.outlines if not line.startswith("plugins"))


def test_an_unused_plugin_imports_nothing(run, pytester):
    pytester.makepyfile("def test_own(): pass")
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure():
            slow = {"cryptography", "jsonschema", "requests", "httptools", "defusedxml", "alipay_qr"}
            assert not slow & set(sys.modules)
            kit = [name for name in sys.modules if name.startswith("alipay_qr_conformance")]
            found = {name.partition(".")[2] for name in kit}
            assert found == {"", "pytest", "pytest.options", "pytest.plugin", "pytest.tally"}
            print("nothing")
        """
    )
    result = run("-p", "no:hypothesispytest", process=True)
    result.assert_outcomes(passed=1)
    assert "nothing" in result.outlines


@pytest.mark.parametrize("where", ["option", "ini"])
def test_a_command_means_its_folder_wherever_a_conftest_goes(run, pytester, where):
    (pytester.path / "adapter.py").write_bytes(HOSTILE.read_bytes())
    command = f"{shlex.quote(sys.executable)} adapter.py"
    pytester.makeconftest("import os; os.chdir('/')")
    pytester.makeini(f"[pytest]\nalipay = true\nalipay_adapter = {command}" if where == "ini" else "[pytest]")
    words = ("--alipay-adapter", command) if where == "option" else ()
    result = run(*words, "-k", "sign.order[plain or sign.md5.digest[plain", process=True)
    text = result.stdout.str() + result.stderr.str()
    assert "is at fault" not in text
    assert "1 failed" in text


def test_ini_settings(run, pytester):
    pytester.makeini(
        "[pytest]\nalipay = true\nalipay_python = alipay_qr_conformance.subjects.reference:ReferenceAdapter\n"
        "alipay_level = 1\nalipay_seed = 7\nalipay_depth = quick\nalipay_lang = zh"
    )
    result = run(*FEW[:1], "md5.digest[plain")
    result.assert_outcomes(passed=1, deselected=result.parseoutcomes()["deselected"])
    result.stdout.fnmatch_lines(["*levels 1 to 1, seed 7, depth quick"])
    result.stdout.fnmatch_lines(["达到级别：1（共 1）"])


CLOCK = shlex.join([sys.executable, str(HOSTILE.with_name("clock_adapter.py"))])


@pytest.mark.runtime("faketime")
@pytest.mark.parametrize("how", ["option", "ini"])
def test_the_clock_of_the_adapter_is_moved_where_that_is_wished_for(run, pytester, how):
    if how == "ini":
        pytester.makeini("[pytest]\nalipay_faketime = true")
    words = ["--alipay-faketime"] if how == "option" else []
    report = pytester.path / "report.json"
    wanted = ["--alipay-report", f"json={report}", "-k", "zone[noon"]
    result = run("--alipay-adapter", CLOCK, *words, *wanted)
    assert json.loads(report.read_text("utf-8"))["subject"]["clock"] == "faketime"
    assert "skipped" not in result.parseoutcomes()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--alipay-level", "5"], "--alipay-level is 1, 2, 3 or 4"),
        (["--alipay-level", "x"], "--alipay-level is a number"),
        (["--alipay-seed", "-1"], "the seed is a number from 0"),
        (["--alipay-depth", "x"], "--alipay-depth is one of default, quick, deep"),
        (["--alipay-profile", "x"], "--alipay-profile is one of global, hk"),
        (["--alipay-fail-on", "x"], "--alipay-fail-on is one of must, should"),
        (["--alipay-lang", "fr"], "--alipay-lang is one of en, zh"),
        (["--alipay-policy", "none.toml"], "policy file"),
        (["--alipay-account", "none.toml"], "none.toml"),
        (["--alipay-url", "http://127.0.0.1:1/"], "name one subject"),
        (["--alipay-adapter", "  "], "--alipay-adapter is empty"),
        (["--alipay-adapter", "a 'b"], "No closing quotation"),
    ],
    ids=lambda found: " ".join(found) if isinstance(found, list) else None,
)
def test_wrong_options_are_usage_errors(run, words, complaint):
    result = run(*REFERENCE, *words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    shown = "\n".join([*result.outlines, *result.errlines])
    assert complaint in shown
    assert "INTERNALERROR" not in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--alipay-level", "5"], "--alipay-level 应为 1、2、3 或 4"),
        (["--alipay-level", "x"], "--alipay-level 应为数字，而不是 'x'"),
        (["--alipay-depth", "x"], "--alipay-depth 应为 default, quick, deep 之一"),
        (["--alipay-policy", "none.toml"], "没有这个文件"),
        (["--alipay-url", "http://127.0.0.1:1/"], "只能指定一个被测对象"),
        (["--alipay-adapter", "  "], "--alipay-adapter 为空"),
        (["--alipay-adapter", "a 'b"], "引号没有闭合"),
        (["alipay-qr::nothing"], "按当前设置没有用例 'nothing'"),
    ],
    ids=lambda found: " ".join(found) if isinstance(found, list) else None,
)
def test_wrong_options_are_told_in_chinese(run, words, complaint):
    result = run(*REFERENCE, *words, "--alipay-lang", "zh")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert complaint in "\n".join([*result.outlines, *result.errlines])


@pytest.mark.parametrize("asking", ["alipay = true", ""])
def test_cases_that_are_asked_for_without_a_subject_are_no_green_run(run, pytester, asking):
    pytester.makepyfile("def test_own(): pass")
    pytester.makeini(f"[pytest]\n{asking}\n")
    result = run(*([] if asking else ["--alipay"]))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "nobody is named to run them against" in "\n".join(result.errlines)


def test_a_setting_that_is_no_number_is_named(run, pytester):
    pytester.makeini("[pytest]\nalipay_level = five\n")
    result = run(*REFERENCE)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "level is a number" in "\n".join(result.errlines)


def test_a_failing_subject_fails_with_a_readable_text(run, pytester):
    result = run(*python("UpperCaseHex"), "-k", "md5.digest[plain", "--junitxml", "junit.xml")
    result.assert_outcomes(failed=1, deselected=len(_ids()) - 1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*MUST sign.md5.digest: MD5 over text and key, as 32 lower-case hex digits",
            "*fail [[]plain[]]: the sign is not that of the expected string",
            "*how to mend it: Write the digest in lower case. [[]form.hex-case[]]",
            "*expected_presign *out_trade_no=1001&partner=2088021966388155&service=test",
            "Causes: 1, behind 1 findings. Mend the first one first.",
            "MUST sign.md5.digest: *",
            "*how to mend it: Write the digest in lower case. [[]form.hex-case[]]",
            "Level reached: 0 of 4",
        ]
    )
    assert "plugin.py" not in "\n".join(result.outlines)
    (case,) = ET.parse(pytester.path / "junit.xml").getroot().iter("testcase")  # noqa: S314 (our own file)
    assert case.get("name") == "sign.md5.digest[plain]"
    assert "expected_sign" in case.find("failure").text
    assert {each.get("name"): each.get("value") for each in case.iter("property")}["alipay_verdict"] == "fail"


def test_in_chinese(run):
    result = run(*python("UpperCaseHex"), "-k", "md5.digest", "--alipay-lang", "zh")
    result.stdout.fnmatch_lines(["*签名与预期字符串不符"])


@pytest.mark.parametrize(("fail_on", "outcome"), [("must", "xfailed"), ("should", "failed")])
def test_a_should_is_an_expected_failure_unless_it_counts(run, pytester, fail_on, outcome):
    pytester.makepyfile(
        chatty="""
        from alipay_qr_conformance.subjects.reference import ReferenceAdapter

        class Chatty(ReferenceAdapter):
            def notify(self, body_base64, content_type, method="POST", now=None):
                return {"reply": super().notify(body_base64, content_type, method, now)["reply"] + " "}
        """
    )
    pytester.syspathinsert()
    result = run("--alipay-python", "chatty:Chatty", "-k", "reply.exact", "--alipay-fail-on", fail_on, "-rx")
    result.assert_outcomes(**{outcome: 1}, deselected=len(_ids()) - 1)
    result.stdout.fnmatch_lines(["*SHOULD*"])


def test_what_is_not_offered_is_skipped_with_its_reason(run):
    result = run(*python("md5_only"), "-k", "rsa.digest[plain", "-rs")
    result.assert_outcomes(skipped=1, deselected=len(_ids()) - 1)
    result.stdout.fnmatch_lines(["*the subject does not list the sign type RSA"])
    result.stdout.fnmatch_lines(["Nothing could be judged*"])


def test_a_conftest_may_skip_a_case(run, pytester):
    pytester.makeconftest(
        """
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.skip(reason="not ours"))
        """
    )
    result = run(*REFERENCE, "-k", "sign.md5.digest[plain", "-rs")
    result.assert_outcomes(skipped=1, deselected=len(_ids()) - 1)
    result.stdout.fnmatch_lines(["*not ours"])


def test_the_subject_cannot_steer_the_terminal(run):
    result = run(*python("Terminal"), "-k", "md5.digest or sign.join", "-rs")
    assert not [c for line in result.outlines for c in line if not c.isprintable()]


NOTING = """
from pathlib import Path
from alipay_qr_conformance.subjects.reference import ReferenceAdapter

class Noting(ReferenceAdapter):
    wrong = None

    def presign(self, params, charset):
        with Path("asked").open("a", encoding="utf-8") as file:
            file.write(ascii(params) + "\\n")
        if Path("asked").read_text("utf-8").count("\\n") >= 5 and self.wrong is None:
            type(self).wrong = params
        return {"text": "wrong"} if params == self.wrong else super().presign(params, charset)

class Healthy(Noting):
    wrong = []
"""


def _asked(pytester):
    return (pytester.path / "asked").read_text("utf-8").splitlines()


def test_only_what_runs_is_asked_and_once(run, pytester):
    pytester.makepyfile(noting=NOTING)
    pytester.makeconftest(
        """
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                if "presign-charset" in item.name:
                    item.add_marker(pytest.mark.xfail(run=False, reason="not today"))
        """
    )
    pytester.syspathinsert()
    words = ["--alipay-python", "noting:Healthy", "--alipay-level", "1", "-k", "[presign-"]
    seen = run(*words).parseoutcomes()
    assert seen["passed"] > 2 * 64
    assert seen["xfailed"]
    assert len(_asked(pytester)) == seen["passed"]


@pytest.mark.parametrize("words", [(), ("-x",)], ids=["to the end", "-x"])
def test_where_the_first_failure_ends_the_run_nothing_is_asked_ahead(run, pytester, words):
    pytester.makepyfile(noting=NOTING)
    pytester.syspathinsert()
    where = ["--alipay-python", "noting:Noting", "--alipay-level", "1", "-k", "sign.order[presign-"]
    seen = run(*where, *words).parseoutcomes()
    ran = sum(seen[word] for word in ("passed", "failed", "skipped") if word in seen)
    assert seen["failed"] == 1
    assert (ran == 5) is bool(words)
    assert ran <= len(set(_asked(pytester))) <= ran + 1  # and what the one that failed is compared with


@pytest.mark.parametrize(
    ("words", "together"),
    [((), True), (("--durations=3",), False), (("--maxfail=2",), False)],
    ids=["plain", "durations", "maxfail"],
)
def test_items_are_asked_together_unless_each_is_measured_or_may_be_the_last(run, pytester, words, together):
    pytester.makeconftest(
        f"""
        import pytest

        @pytest.hookimpl(trylast=True)
        def pytest_collection_finish(session):
            assert {{item.behind is not None for item in session.items}} == {{{together}}}
        """
    )
    assert run(*REFERENCE, "--alipay-level", "1", *words, *FEW).ret == pytest.ExitCode.OK


def test_every_item_stands_where_pytest_itself_would_put_it(run, pytester):
    pytester.makeconftest(
        """
        import pytest

        @pytest.hookimpl(trylast=True)
        def pytest_collection_finish(session):
            for item in session.items:
                assert item.location == pytest.Item.location.func(item)
                assert item.location[2] == f"alipay-qr {item.name}"
        """
    )
    folder = pytester.mkdir("deeper")
    os.chdir(folder)
    result = run(*REFERENCE, "--alipay-level", "1", "--rootdir", str(pytester.path), *FEW)
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_faulty_adapter_ends_the_run_with_a_clear_text(run, workers):
    result = run("--alipay-adapter", "false", "--alipay-level", "1", *workers, process=bool(workers))
    shown = "\n".join([*result.outlines, *result.errlines])
    assert result.ret != pytest.ExitCode.OK
    assert "the adapter is at fault: the adapter did not answer hello" in shown
    assert "INTERNALERROR" not in shown
    assert shown.count("it left with exit status 1") < 20


def test_two_workers(run):
    result = run(*REFERENCE, "-n", "2", "-k", "sign.join or carried-out", "--alipay-level", "2", process=True)
    assert result.parseoutcomes().keys() == {"passed"}
    result.stdout.fnmatch_lines(["Level reached: 2 of 2"])


def test_no_adapter_is_left_behind(run):
    mark = f"left-{os.getpid()}-{time.monotonic_ns()}"
    command = f"{sys.executable} -I -S {HOSTILE} {mark}"
    result = run("--alipay-adapter", command, "-k", "md5.digest or verify.genuine[plain", process=True)
    assert result.ret == pytest.ExitCode.TESTS_FAILED

    def alive():
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().split(b"\0")
            except OSError:
                continue
            if mark.encode() in words:
                return True
        return False

    deadline = time.monotonic() + 3
    while alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive()


@pytest.mark.parametrize(
    ("requirement", "name", "expected"),
    [
        ("sign.order", "plain", {"alipay_level"}),
        ("sign.any-message", "sign/utf-8", {"alipay_level", "alipay_property"}),
        ("notify.reject.changed", "value-changed/MD5", {"alipay_level", "alipay_security"}),
        (
            "response.unproved",
            "any-answer-refund/MD5",
            {"alipay_level", "alipay_property", "alipay_security"},
        ),
    ],
)
def test_cases_bear_markers(requirement, name, expected):
    assert {mark.name for mark in marks_of(requirement, name)} == expected


def test_nothing_is_left_in_the_users_folder(run, pytester):
    run(*REFERENCE, "-k", "any-message and presign")
    left = [path.name for path in pytester.path.iterdir() if path.name != "__pycache__"]
    assert left == []


def test_the_fixtures_in_a_users_test(run, pytester):
    pytester.makepyfile(
        """
        import requests

        SHOP = {
            "secondary_merchant_industry": "5311", "secondary_merchant_id": "shop_001",
            "secondary_merchant_name": "Lotte", "store_id": "A-1", "store_name": "Lotte 1",
            "trans_currency": "USD", "currency": "USD",
        }

        def test_a_day_at_the_counter(alipay_gateway, alipay_merchant):
            code = alipay_merchant.create_qr_code(SHOP)
            assert code.outcome == "success"
            trade = alipay_gateway.pay(code.qrcode, "10.00", "USD")
            body, kind = alipay_gateway.notification(trade)
            assert alipay_merchant.receive_notification(body, kind) == "success"
            done = alipay_merchant.refund(
                partner_trans_id=trade, partner_refund_id="R1", refund_amount="2.50", currency="USD",
                is_sync="Y",
            )
            assert done.outcome == "success"
            assert [each.service for each in alipay_gateway.requests][-1].endswith("spot.refund")
            assert alipay_gateway.findings == []

        def test_everything_is_forgotten(alipay_gateway):
            assert alipay_gateway.requests == []

        def test_a_faulty_request_is_judged(alipay_gateway):
            requests.get(alipay_gateway.url, {"service": "alipay.acquire.cancel"}, timeout=5)
            found = {each.requirement for each in alipay_gateway.findings}
            assert {"request.partner", "request.sign.valid", "request.cancel.out_trade_no"} <= found
        """
    )
    run("-W", "error").assert_outcomes(passed=3)


def test_help_lists_the_options(run):
    result = run("--help")
    text = "\n".join(result.outlines)
    for name in (
        "adapter",
        "python",
        "url",
        "level",
        "policy",
        "account",
        "seed",
        "depth",
        "fail-on",
        "lang",
    ):
        assert re.search(rf"--alipay-{name}\b", text)
        assert f"alipay_{name.replace('-', '_')} " in text


def test_the_small_subjects_are_what_they_say():
    assert core_subjects.CATALOGUE["md5-only"]().hello()["sign_types"] == ["MD5"]


INI = "[pytest]\nalipay_python = {subject}\nalipay_level = 1\n{more}"


def in_ini(
    pytester, subject="alipay_qr_conformance.subjects.reference:ReferenceAdapter", more="alipay = true"
):
    pytester.makeini(INI.format(subject=subject, more=more))
    pytester.makepyfile(test_own="def test_own(): pass\ndef test_bad(): assert 0")


@pytest.mark.parametrize(
    ("more", "words", "asked"),
    [
        ("", [], False),
        ("alipay = true", [], True),
        ("", ["--alipay"], True),
        ("alipay = true", ["test_own.py::test_own"], False),
        ("alipay = true", ["test_own.py"], False),
        ("alipay = true", ["test_own.py", "--alipay"], True),
        ("alipay = true", ["."], True),
        ("", ["alipay-qr::sign.md5.digest[plain]"], True),
    ],
    ids=["set-up-alone", "ini", "option", "an-id", "a-file", "a-file-and-option", "a-folder", "a-case"],
)
def test_cases_run_only_when_asked(run, pytester, more, words, asked):
    in_ini(pytester, more=more)
    found = run("--collect-only", "-q", *words).outlines
    assert any(line.startswith("alipay-qr::") for line in found) is asked


def test_a_printed_id_pastes_back_and_runs_alone(run, pytester):
    in_ini(pytester, more="")
    run("alipay-qr::sign.md5.digest[plain]", "-v").assert_outcomes(passed=1)
    run("alipay-qr::sign.md5.digest[plain]", "test_own.py::test_own").assert_outcomes(passed=2)
    run("../alipay-qr::sign.md5.digest[plain]").assert_outcomes(passed=1)  # as printed in a folder below
    run("alipay-qr::sign.type.no-silent-sign").assert_outcomes(passed=3)
    result = run("alipay-qr::sign.md5.digest[nothing]")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "no case 'sign.md5.digest[nothing]'" in "\n".join(result.errlines)


def test_last_failed_runs_what_failed_last(run, pytester):
    in_ini(pytester)
    run("-p", "cacheprovider", "-k", "test_bad or md5.digest[plain").assert_outcomes(
        passed=1, failed=1, deselected=len(_ids(1))
    )
    run("-p", "cacheprovider", "--lf").assert_outcomes(failed=1, deselected=len(_ids(1)))


@pytest.mark.parametrize(
    ("name", "level"), [("UpperCaseHex", "1"), ("Empty", "1"), ("Deaf", "4"), ("no_trade", "4")]
)
def test_the_level_line_is_that_of_check(run, name, level, capsys):
    chosen = "md5.digest or order[md5-given or genuine[plain or refund.booked"
    cli.main(["check", "--level", level, "-k", chosen, "--python", f"core_subjects:{name}", "--lang", "en"])
    found = re.search("Level reached: . of .", capsys.readouterr().out)
    result = run(*python(name), "--alipay-level", level, "-k", chosen)
    assert found[0] in [line.partition(";")[0] for line in result.outlines]


def test_green_needs_something_judged(run):
    result = run(*python("Empty"), "--alipay-level", "1", "-k", "md5")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=result.parseoutcomes()["skipped"])
    assert "Nothing could be judged" in "\n".join(result.outlines)


@pytest.mark.parametrize(
    "chosen", [(), ("alipay-qr::notify.genuine[plain/MD5/UTF-8]",)], ids=["alone", "both"]
)
def test_what_keeps_a_single_case_from_being_judged_is_run_and_told_apart(run, chosen):
    result = run(*python("Deaf"), "alipay-qr::notify.reject.changed[under-a-known-id/MD5]", *chosen)
    result.assert_outcomes(failed=1, skipped=len(chosen))
    assert "MUST notify.genuine" in "\n".join(result.outlines)
    said = "not judged: a genuine payment notification was not acknowledged"
    assert (said in "\n".join(result.outlines)) is not bool(chosen)  # skipped: only told with -rs


@pytest.mark.parametrize(("subject", "level"), [("sign_only", 1), ("UpperCaseHex", 0)])
def test_the_level_is_that_of_check(run, capsys, subject, level):
    from alipay_qr_conformance.cli import main

    main(["check", "--python", f"core_subjects:{subject}", "--level", "1", "--depth", "quick"])
    (line,) = [each for each in capsys.readouterr().out.splitlines() if each.startswith("Level reached")]
    assert line.partition(";")[0] == f"Level reached: {level} of 1"
    words = ["--alipay-level", "1", "--alipay-depth", "quick", "--alipay-require-level", "1"]
    result = run(*python(subject), *words)
    assert line.partition(";")[0] in result.outlines
    assert (result.ret == 0) is (level == 1)


def test_a_required_level_that_is_not_reached_fails_by_itself(run):
    words = ["--alipay-level", "2", "--alipay-require-level", "2", "-k", "md5.digest"]
    result = run(*REFERENCE, *words)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["Level 2 is required, and level 1 was reached."])


@pytest.mark.skipif(int(pytest.__version__.partition(".")[0]) < 9, reason="native TOML came with pytest 9")
def test_native_toml_settings_are_numbers_and_booleans(run, pytester):
    pytester.makefile(
        ".toml",
        pyproject="[tool.pytest]\nalipay = true\nalipay_level = 1\nalipay_seed = 7\n"
        'alipay_python = "alipay_qr_conformance.subjects.reference:ReferenceAdapter"\n',
    )
    run("-k", "md5.digest[plain").stdout.fnmatch_lines(["*levels 1 to 1, seed 7*"])
