"""Every example shop through the kit: each over a process, one under the pytest plugin, one over HTTP."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DEBIAN_GO = Path("/usr/share/gocode")  # golang-golang-x-text-dev, where the module proxy cannot be reached

RUNTIMES = {
    "php": ("php",),
    "javascript": ("node",),
    "python": (),
    "ruby": ("ruby",),
    "java": ("java", "javac"),
    "csharp": ("mono", "mcs"),
    "go": ("go",),
}
LANGUAGES = [
    pytest.param(name, id=name, marks=[pytest.mark.runtime(*needs), pytest.mark.slow] if needs else [])
    for name, needs in RUNTIMES.items()
]


def compiled(command, folder, **env):
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def java(build):
    source = EXAMPLES / "java"
    files = [str(path) for path in (source / "Adapter.java", *sorted(source.glob("shop/*.java")))]
    compiled(["javac", "-Xlint:all", "-Werror", "-d", str(build), *files], source)
    return ["java", "-cp", str(build), "Adapter"]


def csharp(build):
    source = EXAMPLES / "csharp"
    files = [str(path) for path in sorted(source.glob("*.cs"))]
    out = build / "adapter.exe"
    compiled(["mcs", "-warnaserror", "-r:System.Web.Extensions.dll", f"-out:{out}", *files], source)
    return ["mono", str(out)]


def go(build):
    out = build / "adapter"
    env = {"GOCACHE": str(build / "cache"), "GOFLAGS": ""}
    if (DEBIAN_GO / "src/golang.org/x/text").is_dir():
        env |= {"GO111MODULE": "off", "GOPATH": str(DEBIAN_GO)}
    compiled(["go", "build", "-o", str(out), "."], EXAMPLES / "go", **env)
    return [str(out)]


COMMANDS = {
    "php": lambda _: ["php", str(EXAMPLES / "php/adapter.php")],
    "javascript": lambda _: ["node", str(EXAMPLES / "javascript/adapter.mjs")],
    "python": lambda _: [sys.executable, str(EXAMPLES / "python/adapter.py")],
    "ruby": lambda _: ["ruby", "-w", str(EXAMPLES / "ruby/adapter.rb")],
    "java": java,
    "csharp": csharp,
    "go": go,
}


@pytest.fixture
def command(language, tmp_path):
    return COMMANDS[language](tmp_path)


def alipay_qr(*words):
    done = subprocess.run(
        [sys.executable, "-m", "alipay_qr_conformance.cli", *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_reaches_every_level_without_a_finding(language, command):
    code, output = alipay_qr(
        "check",
        "--depth",
        "quick",
        "--fail-on",
        "should",
        "--require-level",
        "4",
        "--lang",
        "en",
        "--",
        *command,
    )
    assert code == 0, output
    assert "Level reached: 4 of 4" in output
    assert "No finding." in output
    assert " 0 findings, 2 unsupported, 0 not judged" in output, language  # request.https: they take http too

    code, output = alipay_qr("lint-adapter", "--", *command)
    assert code == 0, output
    assert "unsupported " not in output


@pytest.mark.slow
@pytest.mark.runtime("node")
def test_under_the_pytest_plugin(tmp_path):
    adapter = shlex.join(["node", str(EXAMPLES / "javascript/adapter.mjs")])
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "filterwarnings=error"),
            *(() if entry_point() else ("-p", "alipay_qr_conformance.plugin")),
            *(f"--alipay-adapter={adapter}", "--alipay-depth=quick", "--alipay-fail-on=should"),
        ],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "failed" not in done.stdout
    skips = re.findall(r"(\d+) skipped", done.stdout)
    assert skips in ([], ["2"]), done.stdout[-3000:]  # a gateway reached by https only is not theirs


def environment():
    """This process's, without what steers this pytest, and with paths that hold in another folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    paths = [str(Path(path).resolve()) for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    return env | {"PYTHONPATH": os.pathsep.join(paths)}


def entry_point():
    from importlib.metadata import entry_points

    return any(each.name == "alipay_qr_conformance" for each in entry_points(group="pytest11"))


@pytest.mark.slow
def test_over_http():
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLES / "python/http_adapter.py")], stdout=subprocess.PIPE, text=True
    )
    try:
        url = process.stdout.readline().strip()
        code, output = alipay_qr("check", "--depth", "quick", "--require-level", "4", "--url", url)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
    assert code == 0, output
    assert "Level reached: 4 of 4" in output or "4/4" in output


ABOUT_TIME = "sign.order[unsorted or zone or notify.genuine[plain or money.cancel or money.refund.period"
FOLLOWING = [each for each in LANGUAGES if each.id != "go"]


def without_clock(command, *words):
    """Check an adapter that is not told the time, where time has a part."""
    hidden = [sys.executable, str(Path(__file__).with_name("without_clock.py")), *command]
    asked = ["--depth", "quick", "-k", ABOUT_TIME, "--lang", "en", *words]
    return alipay_qr("check", "--faketime", *asked, "--", *hidden)


@pytest.mark.runtime("faketime")
@pytest.mark.parametrize("language", FOLLOWING)
def test_reaches_every_level_by_the_clock_of_its_system(command):
    code, output = without_clock(command, "--fail-on", "should", "--require-level", "4")
    assert code == 0, output
    assert "; faketime)" in output
    assert " 0 findings, 0 unsupported, 0 not judged" in output


@pytest.mark.runtime("faketime")
@pytest.mark.parametrize("language", [each for each in LANGUAGES if each.id == "go"])
def test_a_static_binary_does_not_follow_and_is_not_accused(command):
    code, output = without_clock(command)
    assert code == 0, output
    assert "its process does not follow libfaketime" in output
    assert "; faketime)" not in output
    assert " 0 findings" in output
