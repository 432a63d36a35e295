"""Published packages as subjects: the pins, the explanations and the page; one package is really run."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from datetime import date

import pytest

from alipay_qr_conformance.model.requirements import register


@pytest.fixture(scope="module", autouse=True)
def _tools(repository):
    """``tools`` is no part of the wheel."""
    sys.path.append(str(repository))
    yield
    sys.path.remove(str(repository))


@pytest.fixture
def subjects():
    from tools import subjects

    return subjects


def test_each_explains_requirements_that_exist(subjects):
    every = subjects.subjects()
    assert len(every) >= 4
    for subject in every.values():
        assert set(subject.findings) <= set(register())
        assert all(each.text and each.source for each in subject.findings.values())


def test_python_pins_have_hashes(repository):
    for path in repository.glob("subjects/*/requirements*.txt"):
        pins = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        assert pins
        for pin in pins:
            assert re.fullmatch(r"[\w-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}", pin), pin


def test_npm_locks_have_integrity_and_exact_versions(subjects):
    for subject in subjects.subjects().values():
        if subject.registry != "npm":
            continue
        lock = json.loads((subject.folder / "package-lock.json").read_text("utf-8"))["packages"]
        assert lock[f"node_modules/{subject.package}"]["version"] == subject.version
        assert lock[""]["dependencies"] == {subject.package: subject.version}
        assert all(each["integrity"].startswith("sha512-") for name, each in lock.items() if name)


def test_the_page_has_every_explanation(repository, subjects):
    page = (repository / "docs" / "ecosystem.md").read_text("utf-8")
    for subject in subjects.subjects().values():
        assert f"## {subject.registry} {subject.package} {subject.version}\n" in page
        for requirement, explanation in subject.findings.items():
            assert f"`{requirement}`" in page
            assert explanation.security or explanation.text in page


@pytest.mark.parametrize(
    ("public", "age", "shown"),
    [("", 100, False), ("", 6 * 365, True), ("https://tracker.example/1", 100, True)],
    ids=["recent", "abandoned", "published by others"],
)
def test_a_security_fault_is_shown_only_where_the_policy_allows_it(public, age, shown, subjects):
    any_subject = next(iter(subjects.subjects().values()))
    fault = subjects.Explanation("How to forge it.", "file.js", security=True, public=public)
    subject = dataclasses.replace(any_subject, findings={"verify.genuine": fault}, released=date(2020, 1, 1))
    outcome = subjects.Outcome(subject, 0, 1, {"verify.genuine": "MUST"})
    page = subjects.page([outcome], date.fromordinal(date(2020, 1, 1).toordinal() + age))
    assert ("How to forge it." in page) is shown
    assert ("1 more, not described here" in page) is not shown
    assert "| 0 | 1 | 0 |" in page


def test_findings_and_explanations_must_meet(subjects):
    subject = next(iter(subjects.subjects().values()))
    outcome = subjects.Outcome(subject, 0, 1, {"sign.empty-invented": "MUST"})
    complaints = subjects.discrepancies(outcome)
    assert "sign.empty-invented: found, and not explained in subject.toml" in complaints
    assert "sign.null: explained in subject.toml, and not found" in complaints


@pytest.mark.slow
def test_one_package_from_pypi(repository, tmp_path):
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    paths = [path for path in sys.path if path]
    done = subprocess.run(
        [sys.executable, "-m", "tools.subjects", "pypi-alipay"],
        cwd=repository,
        env=env | {"PYTHONPATH": os.pathsep.join(paths), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    if "pip" in done.stderr and "CalledProcessError" in done.stderr and os.environ.get("CI") != "true":
        pytest.skip("PyPI cannot be reached")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^PyPI alipay +0\.7\.4 +2017-02-28 +0 +\d+ +4 +2$", done.stdout, re.MULTILINE)
