"""Requirement sets never change, and a statement can be checked by everybody."""

import json
import subprocess
import sys
from datetime import date

import pytest

from alipay_qr_conformance.model import requirement_sets
from alipay_qr_conformance.model.requirement_sets import (
    RequirementSet,
    UnknownSetError,
    days,
    frozen_text,
    ids_on,
    requirement_set,
)
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.report.statement import StatementError, canonical, checked, differences, statement


@pytest.mark.parametrize("day", days(), ids=str)
def test_a_set_lists_requirements_that_are_there(day):
    rows = register()
    assert [each for each in requirement_set(day).ids if each not in rows] == []
    assert [each for each in requirement_set(day).ids if rows[each].since > day] == []


def test_every_tested_requirement_is_in_the_newest_set_or_younger():
    newest = requirement_set()
    missing = sorted(set(ids_on(newest.day)) - newest.ids)
    assert missing == [], (
        "a requirement of a later day has a later 'since'; before a release: python -m tools.requirement_set"
    )


def test_a_set_is_written_in_one_form():
    newest = requirement_set()
    folder = requirement_sets.files("alipay_qr_conformance") / "texts" / "sets"
    assert (folder / f"{newest.day}.txt").read_text("ascii") == frozen_text(newest.ids)


def test_an_unknown_day_says_which_there_are():
    with pytest.raises(UnknownSetError, match=str(days()[0])):
        requirement_set(date(2001, 1, 1))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The statement of the reference merchant at level 1, as the command writes it."""
    path = tmp_path_factory.mktemp("statement") / "s.json"
    done = command("--level", "1", "--depth", "quick", "--output", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    return path


def command(*words, name="statement", cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "alipay_qr_conformance.cli", name, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=cwd,
    )


def test_it_is_canonical_and_says_what_it_is(made):
    text = made.read_text("ascii")
    found = checked(text.encode())
    assert text == canonical(found) + "\n"
    assert found["self_asserted"] is True
    assert found["level"] == 1
    assert set(found["results"].values()) == {"pass"}
    assert found["later"] == {}


def test_a_second_run_confirms_it(made):
    done = command("--verify", str(made), "--lang", "en")
    assert (done.returncode, done.stdout) == (0, "confirmed: a second run says the same\n")


def test_another_subject_does_not(made, tmp_path):
    (tmp_path / "shop.py").write_text(
        "from alipay_qr_conformance.subjects.reference import ReferenceAdapter\n"
        "class Upper(ReferenceAdapter):\n"
        "    def sign(self, params, charset, sign_type):\n"
        "        return {'sign': super().sign(params, charset, sign_type)['sign'].upper()}\n"
    )
    script = (
        "import sys; sys.path.insert(0, '.'); from alipay_qr_conformance.cli import main; "
        "sys.exit(main(sys.argv[1:]))"
    )
    words = ("statement", "--verify", str(made), "--python", "shop:Upper", "--lang", "en")
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 1, done.stderr
    assert "sign.md5.digest: claimed pass, seen fail" in done.stdout
    assert "not confirmed" in done.stdout


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.update(level=4),
        lambda found: found["results"].update({"sign.order": "fail"}),
        lambda found: found.update(self_asserted=False),
        lambda found: found.update(sha256="0" * 64),
        lambda found: found.update(extra=1),
        lambda found: found.pop("kit"),
    ],
    ids=["level", "result", "asserted", "hash", "extra", "missing"],
)
def test_a_changed_statement_is_told(made, spoil):
    found = json.loads(made.read_bytes())
    spoil(found)
    with pytest.raises(StatementError):
        checked(canonical(found).encode())


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"[" * 9999, b"\xff"])
def test_what_is_no_statement_is_told(text):
    with pytest.raises(StatementError):
        checked(text)


def test_the_command_tells_a_changed_one(made, tmp_path):
    other = tmp_path / "other.json"
    other.write_text(made.read_text().replace('"level":1', '"level":4', 1))
    done = command("--verify", str(other))
    assert (done.returncode, "was changed" in done.stderr) == (1, True)


def run_of(*ids, verdict="pass"):
    from alipay_qr_conformance.engine.setup import RunOptions, plan
    from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Text, Verdict
    from alipay_qr_conformance.report.run import Run
    from alipay_qr_conformance.subjects.hello import parse_hello
    from alipay_qr_conformance.subjects.reference import ReferenceAdapter

    text = Text("x", "x")
    results = tuple(
        CaseResult(
            each,
            "c",
            Verdict(verdict if each == ids[-1] else "pass"),
            finding=Finding(each, "c", Verdict.FAIL, text) if verdict == "fail" and each == ids[-1] else None,
        )
        for each in ids
    )
    return Run(parse_hello(ReferenceAdapter().hello()), plan(RunOptions(level=1)), results)


def test_a_requirement_that_came_later_turns_nobody_red():
    counted = RequirementSet(date(2026, 1, 1), frozenset({"sign.order", "sign.join"}), "0" * 64)
    found = statement(run_of("sign.order", "sign.join", "sign.empty", verdict="fail"), counted)
    assert found["level"] == 1
    assert found["findings"] == 0
    assert found["later"] == {"sign.empty": "fail"}
    assert "sign.empty" not in found["results"]
    before = statement(run_of("sign.order", "sign.join"), counted)
    assert differences(before, found) == []


def test_check_keeps_later_requirements_apart(tmp_path, monkeypatch, capfd):
    from alipay_qr_conformance import cli

    (tmp_path / "r.json").touch()
    monkeypatch.setattr(
        requirement_sets,
        "requirement_set",
        lambda day: RequirementSet(day, frozenset({"sign.order"}), "0" * 64),
    )
    words = [
        "-k",
        "sign.order or sign.join",
        "--level",
        "1",
        "--json",
        str(tmp_path / "r.json"),
        "--lang",
        "en",
    ]
    assert cli.main(["check", *words, "--requirement-set", "2026-01-01"]) == 0
    report = json.loads((tmp_path / "r.json").read_text())
    assert [row["id"] for row in report["requirements"]] == ["sign.order"]
    assert report["later"] == {"sign.join": "pass"}
    assert "Younger than the requirement set" in capfd.readouterr().out


@pytest.mark.parametrize("name", ["check", "statement"])
@pytest.mark.parametrize("day", ["2001-01-01", "yesterday"])
def test_a_day_without_a_set_is_usage(name, day):
    done = command("--requirement-set", day, name=name)
    assert done.returncode == 64
