"""The command ``alipay-qr vectors``."""

import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from alipay_qr_conformance.cli import main
from alipay_qr_conformance.vectors.lint import lint
from alipay_qr_conformance.vectors.load import folder, load, names

EVERYTHING = sum(len(load(name)) for name in names())
FEW = ["--kind", "presign", "--flag", "sign.empty", "--flag", "sign.null", "--result", "valid"]


def run(capsys, *words):
    code = main(["vectors", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_path_is_where_they_stand(capsys):
    code, out, _ = run(capsys, "path")
    assert (code, Path(out.strip())) == (0, folder())


def test_lint_finds_what_was_changed_by_hand(capsys, tmp_path):
    shutil.copytree(folder(), tmp_path / "v")
    path = tmp_path / "v" / "external.json"
    path.write_text(path.read_text("utf-8").replace("a", "A", 1), "utf-8")
    code, out, _ = run(capsys, "lint", tmp_path / "v", "--lang", "en")
    assert code == 1
    assert "external.json" in out


def test_lint_of_a_folder_without_vectors_is_usage(capsys, tmp_path):
    code, _, err = run(capsys, "lint", tmp_path, "--lang", "zh")
    assert code == 64
    assert str(tmp_path) in err
    assert "向量" in err


@pytest.mark.slow
def test_lint_of_the_installed_ones_is_clean(capsys):
    assert run(capsys, "lint", "--lang", "zh")[0] == 0


def test_stats_count_by_set_result_and_flag(capsys):
    code, out, _ = run(capsys, "stats", "--json")
    found = json.loads(out)
    assert code == 0
    assert sum(sum(row.values()) for row in found["sets"].values()) == EVERYTHING
    assert found["flags"]["sign.order"] > 100
    code, out, _ = run(capsys, "stats", "--kind", "presign", "--result", "invalid", "--lang", "en")
    assert "presign" in out.splitlines()[0]
    assert "0 valid" in out
    assert "sign_md5" not in out


@pytest.mark.parametrize("command", ["stats", "export"])
def test_what_chooses_nothing_says_which_kinds_there_are(capsys, tmp_path, command):
    where = [tmp_path / "x"] if command == "export" else []
    code, _, err = run(capsys, command, *where, "--kind", "nonsense", "--lang", "en")
    assert code == 64
    assert "presign" in err
    assert not (tmp_path / "x").exists()


def test_a_whole_copy_is_byte_for_byte_the_same(capsys, tmp_path):
    code, out, _ = run(capsys, "export", tmp_path / "copy", "--lang", "en")
    assert (code, str(EVERYTHING) in out) == (0, True)
    there = {path.relative_to(folder()): path.read_bytes() for path in folder().rglob("*") if path.is_file()}
    here = {path.relative_to(tmp_path / "copy"): path for path in (tmp_path / "copy").rglob("*")}
    assert {name: path.read_bytes() for name, path in here.items() if path.is_file()} == there


def test_a_chosen_part_keeps_its_schema(capsys, tmp_path):
    assert run(capsys, "export", tmp_path / "part", *FEW)[0] == 0
    content = json.loads((tmp_path / "part" / "presign.json").read_text("utf-8"))
    tests = [test for group in content["groups"] for test in group["tests"]]
    assert content["count"] == len(tests) > 5
    assert {test["result"] for test in tests} == {"valid"}
    assert all({"sign.empty", "sign.null"} & set(test["flags"]) for test in tests)
    assert {each.name for each in (tmp_path / "part").iterdir()} == {
        *("LICENSE", "README.md", "presign.json", "schema")
    }
    complaints = [each.what for each in lint(tmp_path / "part")]
    assert complaints == ["is missing: it remembers every id that was ever published"]


@pytest.mark.parametrize("name", ["v.zip", "v.tar", "v.tar.gz", "v.tgz"])
def test_an_archive_holds_the_same(capsys, tmp_path, name):
    assert run(capsys, "export", tmp_path / name, *FEW)[0] == 0
    if name.endswith("zip"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            found = {each: archive.read(each) for each in archive.namelist()}
    else:
        with tarfile.open(tmp_path / name) as archive:
            found = {each.name: archive.extractfile(each).read() for each in archive.getmembers()}
    assert json.loads(found["alipay-qr-vectors/presign.json"])["subject"] == "presign"
    assert found["alipay-qr-vectors/LICENSE"] == (folder() / "LICENSE").read_bytes()
    assert run(capsys, "export", tmp_path / name)[0] == 64  # nothing is overwritten


def test_a_folder_with_something_in_it_is_left_alone(capsys, tmp_path):
    (tmp_path / "mine").write_text("x")
    code, _, err = run(capsys, "export", tmp_path, "--lang", "en")
    assert (code, "nothing is overwritten" in err) == (64, True)
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_a_place_that_cannot_be_written_is_said(capsys, tmp_path):
    code, _, err = run(capsys, "export", tmp_path / "absent" / "v.zip", "--lang", "en")
    assert (code, "v.zip" in err) == (64, True)
