"""The example shops as subjects: how each is built and started, and the kit run against one.

What needs a runtime that is not there is skipped, or fails in CI, by the marks of `LANGUAGES`.
"""

import os
import shlex
import subprocess
import sys
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
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
    return ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", str(build), "Adapter"]


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


def alipay_qr(*words):
    done = subprocess.run(
        [sys.executable, "-m", "alipay_qr_conformance.cli", *words],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def under_pytest(command, folder, depth, *options):
    """Run the plugin in a folder of its own and return the finished process."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "filterwarnings=error"),
            *(() if has_entry_point() else ("-p", "alipay_qr_conformance.pytest.plugin")),
            *(
                f"--alipay-adapter={shlex.join(command)}",
                f"--alipay-depth={depth}",
                "--alipay-fail-on=should",
            ),
            *options,
        ],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def environment():
    """This process's, without what steers this pytest, and with paths that hold in another folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    paths = [str(Path(path).resolve()) for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    return env | {"PYTHONPATH": os.pathsep.join(paths)}


def has_entry_point():
    return any(each.name == "alipay_qr_conformance" for each in entry_points(group="pytest11"))


@contextmanager
def listening():
    """Start the Python shop's HTTP adapter and yield its URL."""
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLES / "python/http_adapter.py")], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
