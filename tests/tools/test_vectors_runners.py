"""The foreign runners beside the vectors say of every vector of level 1 what it says of itself."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from alipay_qr_conformance.vectors.load import load

SETS = ("presign", "sign_md5", "sign_rsa", "sign_rsa2", "verify_notification", "external")
JUDGED = sum(vector.result != "acceptable" for name in SETS for vector in load(name))
DEBIAN_GO = Path("/usr/share/gocode")  # golang-golang-x-text-dev, where the module proxy cannot be reached


def javascript(runner, _):
    return ["node", str(runner)]


def php(runner, _):
    return ["php", str(runner)]


def go(runner, build):
    out = build / "runner"
    env = os.environ | {"GO111MODULE": "off", "GOPATH": str(DEBIAN_GO), "GOCACHE": str(build / "cache")}
    command = ["go", "build", "-o", str(out), str(runner)]
    subprocess.run(command, env=env | {"GOFLAGS": ""}, check=True, timeout=300)
    return [str(out)]


RUNNERS = [
    pytest.param("runner.js", javascript, id="javascript", marks=pytest.mark.runtime("node")),
    pytest.param("runner.php", php, id="php", marks=pytest.mark.runtime("php")),
    pytest.param("runner.go", go, id="go", marks=pytest.mark.runtime("go")),
]


def run(name, command, folder, build):
    line = command(folder / "runners" / name, build)
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert not done.stderr
    *wrong, told = done.stdout.splitlines()
    passed, failed = map(int, re.fullmatch(r"(\d+) passed, (\d+) failed", told).groups())
    return done.returncode, passed, failed, [each.split()[0] for each in wrong]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "command"), RUNNERS)
def test_all_vectors_of_level_1(repository, tmp_path, name, command):
    assert run(name, command, repository / "vectors", tmp_path) == (0, JUDGED, 0, [])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "command"), RUNNERS)
def test_what_is_wrong_is_named(repository, tmp_path, name, command):
    folder = tmp_path / "vectors"
    folder.mkdir()
    (folder / "runners").symlink_to(repository / "vectors" / "runners")
    for each in SETS:
        text = (repository / "vectors" / f"{each}.json").read_text("utf-8")
        if each == "sign_md5":
            right = next(vector for vector in load(each) if vector.id == "md5-refund-plain").steps["sign"]
            text = text.replace(f'"sign": "{right}"', f'"sign": "{right[::-1]}"', 1)
        (folder / f"{each}.json").write_text(text, "utf-8")
    assert run(name, command, folder, tmp_path) == (1, JUDGED - 1, 1, ["md5-refund-plain"])
