"""The recipes, executed as far as that goes without the services that run them."""

import configparser
import json
import os
import re
import shlex
import stat
import subprocess
import sys

import pytest
import yaml
from junitparser import JUnitXml

pytestmark = pytest.mark.runtime("bash")

SHOP = "from alipay_qr_conformance.subjects.reference import ReferenceAdapter as Adapter\n"
BROKEN = (
    "from alipay_qr_conformance.subjects.reference import ReferenceAdapter\n"
    "class Adapter(ReferenceAdapter):\n"
    "    def sign(self, params, charset, sign_type):\n"
    "        return {'sign': super().sign(params, charset, sign_type)['sign'].upper()}\n"
)


@pytest.fixture
def folder(repository):
    if not (repository / ".ci" / "recipes" / "check.sh").is_file():
        pytest.skip("the recipes are part of the repository")
    return repository


@pytest.fixture
def shop(tmp_path, repository):
    """A folder with a shop, and with programs that stand for those of a CI machine."""
    (tmp_path / "shop.py").write_text(SHOP)
    programs = tmp_path / "bin"
    programs.mkdir()
    few = '"${1}" -k sign.order "${@:2}"'
    _program(programs / "alipay-qr", f"exec {shlex.quote(sys.executable)} -m alipay_qr_conformance.cli {few}")
    adapter = repository / "examples" / "python" / "adapter.py"
    _program(programs / "php", f"exec {shlex.quote(sys.executable)} {shlex.quote(str(adapter))}")
    return tmp_path


def _program(path, line):
    path.write_text(f"#!/usr/bin/env bash\n{line}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def environment(shop, **more):
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "PYTEST_"))
    }
    python = os.pathsep.join(filter(None, [str(shop), os.environ.get("PYTHONPATH")]))
    return {
        **inherited,
        "PATH": f"{shop / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": python,
        **more,
    }


def bash(script, shop, **more):
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=shop,
        env=environment(shop, **more),
    )


def action_step(folder, inputs):
    """Return the script of the action's second step and its environment, as GitHub would fill it in."""
    action = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
    step = next(each for each in action["runs"]["steps"] if each.get("id") == "check")
    values = {name: each["default"] for name, each in action["inputs"].items()} | inputs
    filled = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: values[found[1]], text)
        for name, text in step["env"].items()
    }
    assert set(inputs) <= set(action["inputs"])
    return step["run"], filled | {"GITHUB_ACTION_PATH": str(folder)}


def test_the_action_puts_no_input_into_a_script(folder):
    action = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
    assert action["runs"]["using"] == "composite"
    assert [each["run"] for each in action["runs"]["steps"] if "${{" in each["run"]] == []
    assert not re.search(r"\beval\b|\bsource\b", (folder / ".ci" / "recipes" / "check.sh").read_text("utf-8"))


def test_the_action_checks_and_reports(folder, shop):
    script, filled = action_step(folder, {"python": "shop:Adapter", "level": "1", "require-level": "1"})
    for name in ("summary", "output"):
        filled[f"GITHUB_{'STEP_SUMMARY' if name == 'summary' else 'OUTPUT'}"] = str(shop / name)
    done = bash(script, shop, **filled)
    assert done.returncode == 0, done.stderr
    reports = shop / "alipay-qr-reports"
    assert (shop / "output").read_text() == "reports=alipay-qr-reports\n"
    assert (shop / "summary").read_text() == (reports / "summary.md").read_text()
    assert json.loads((reports / "report.json").read_text())["level"] == 1
    assert json.loads((reports / "alipay-qr.sarif").read_text())["version"] == "2.1.0"
    assert JUnitXml.fromfile(str(reports / "junit.xml")).tests > 0


def test_the_action_fails_with_findings_and_still_reports(folder, shop):
    (shop / "shop.py").write_text(BROKEN)
    script, filled = action_step(
        folder, {"python": "shop:Adapter", "level": "1", "arguments": "-k\nsign.rsa2.digest\n"}
    )
    assert bash(script, shop, **filled).returncode == 1
    assert (shop / "alipay-qr-reports" / "report.html").stat().st_size > 1000


@pytest.mark.parametrize("attack", ["$(touch pwned)", "; touch pwned #", "`touch pwned`", "a b", "*", "'\""])
def test_an_adapter_command_is_an_array_and_nothing_else(folder, shop, attack):
    _program(shop / "bin" / "alipay-qr", 'printf "%s\\n" "$@" > arguments')
    script, filled = action_step(folder, {"adapter": f"php\n{attack}\nlast\n", "arguments": attack})
    assert bash(script, shop, **filled).returncode == 0
    words = (shop / "arguments").read_text().splitlines()
    assert words[words.index("--") :] == ["--", "php", attack, "last"]
    assert words[words.index("--") - 1] == attack
    assert not (shop / "pwned").exists()


def test_the_workflow_names_inputs_that_exist(folder):
    workflow = yaml.safe_load((folder / ".ci" / "recipes" / "github-workflow.yml").read_text("utf-8"))
    steps = workflow["jobs"]["conformance"]["steps"]
    kit = next(each for each in steps if "alipay-qr-conformance" in each["uses"])
    action = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
    assert set(kit["with"]) <= set(action["inputs"])
    sarif = next(each for each in steps if "upload-sarif" in each["uses"])["with"]["sarif_file"]
    assert sarif == f"{action['inputs']['reports']['default']}/alipay-qr.sarif"


def test_the_gitlab_job(folder, shop):
    job = yaml.safe_load((folder / ".ci" / "recipes" / "gitlab.yml").read_text("utf-8"))["alipay-qr"]
    done = bash("\n".join(job["script"]), shop)
    assert done.returncode == 0, done.stdout + done.stderr
    assert JUnitXml.fromfile(str(shop / job["artifacts"]["reports"]["junit"])).failures == 0
    assert all((shop / path).is_file() for path in job["artifacts"]["paths"])


def run_pytest(words, shop):
    more = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    fixed = ["-p", "alipay_qr_conformance.pytest.plugin", "-p", "no:cacheprovider", "-k", "sign.order", "-q"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words, *fixed],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        cwd=shop,
        env=environment(shop, **more),
    )


def test_the_tox_environment(folder, shop):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(folder / ".ci" / "recipes" / "tox.ini", "utf-8")
    command = parser["testenv:alipay-qr"]["commands"].strip()
    command = command.replace("{env_log_dir}{/}", f"{shop}/").replace("{posargs}", "")
    python, *words = shlex.split(command)
    assert (python, words[:2]) == ("python", ["-m", "pytest"])
    done = run_pytest(words[2:], shop)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (shop / "alipay-qr.html").is_file()


def test_the_pytest_settings(folder, shop):
    (shop / "pytest.ini").write_text((folder / ".ci" / "recipes" / "pytest.ini").read_text("utf-8"))
    done = run_pytest(["-o", "alipay_require_level=1"], shop)  # of few cases
    assert done.returncode == 0, done.stdout + done.stderr
    assert JUnitXml.fromfile(str(shop / "reports" / "alipay-qr.xml")).tests > 0
