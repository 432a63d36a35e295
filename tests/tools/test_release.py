"""What is released beside the wheel: the bill of materials, the vectors as packages, the forge's files."""

import json
import os
import subprocess
import tarfile
import tomllib

import pytest
import yaml

from alipay_qr import __version__
from alipay_qr_conformance.vectors.load import load, names
from tools import sbom


def test_the_bill_of_materials_is_current():
    assert sbom.FILE.read_text("utf-8") == sbom.sbom(), "write it anew: make sbom"


def test_every_dependency_is_in_it():
    project = tomllib.loads((sbom.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = {each["name"] for each in json.loads(sbom.FILE.read_text("utf-8"))["components"]}
    assert {each.split(">")[0].split("=")[0] for each in project["dependencies"]} <= listed


def test_one_version_everywhere(repository):
    assert yaml.safe_load((repository / "CITATION.cff").read_text("utf-8"))["version"] == __version__
    assert json.loads((repository / "vectors" / "package.json").read_text("utf-8"))["version"] == __version__


def test_the_forge_runs_the_whole_check_and_the_action(repository):
    folder = repository / ".github" / "workflows"
    if not folder.is_dir():
        pytest.skip("the workflows are part of the repository")
    steps = {
        name: next(iter(yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))["jobs"].values()))[
            "steps"
        ]
        for name in ("check", "action")
    }
    assert steps["check"][-1] == {"run": ".ci/run"}
    used = steps["action"][-1]
    assert used["uses"] == "./"
    inputs = yaml.safe_load((repository / "action.yml").read_text("utf-8"))["inputs"]
    assert used["with"].keys() <= inputs.keys()
    assert (repository / used["with"]["adapter"].split()[1]).is_file()


def test_the_hook_calls_what_is_there(repository):
    from importlib import import_module

    (hook,) = yaml.safe_load((repository / ".pre-commit-hooks.yaml").read_text("utf-8"))
    python, option, module = hook["entry"].split()
    assert (python, option) == ("python", "-m")
    assert callable(import_module(module).main)


# --- the vectors as packages of other languages


@pytest.fixture
def package(repository, tmp_path):
    """The folder of the vectors, where a package manager would put it."""
    (tmp_path / "vectors").symlink_to(repository / "vectors")
    return tmp_path / "vectors"


def told(command, cwd, **environment):
    done = subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


COUNT = len(load("presign"))


@pytest.mark.runtime("node")
def test_node_requires_a_set(package):
    modules = package.parent / "node_modules"
    modules.mkdir()
    (modules / "alipay-qr-vectors").symlink_to(package)
    script = "console.log(require('alipay-qr-vectors/presign.json').count)"
    assert told(["node", "-e", script], package.parent) == [str(COUNT)]
    manifest = json.loads((package / "package.json").read_text("utf-8"))
    assert manifest["scripts"]["test"] == "node runners/runner.js"


@pytest.mark.runtime("php")
def test_php_loads_a_set(package):
    manifest = json.loads((package / "composer.json").read_text("utf-8"))
    (source,) = manifest["autoload"]["classmap"]
    script = f"require 'vectors/{source}'; echo AlipayQr\\Vectors::load('presign')['count'];"
    assert told(["php", "-r", script], package.parent) == [str(COUNT)]
    assert manifest["scripts"]["test"] == "php runners/runner.php"


@pytest.mark.slow  # the Go compiler
@pytest.mark.runtime("go")
def test_go_embeds_every_set(package, tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "go.mod").write_text(
        "module shop\n\ngo 1.16\n\nrequire alipay-qr-vectors v1.0.0\n\n"
        f"replace alipay-qr-vectors => {package.resolve()}\n"
    )
    (shop / "main.go").write_text(
        'package main\n\nimport (\n\t"fmt"\n\tvectors "alipay-qr-vectors"\n)\n\n'
        'func main() {\n\tfound, _ := vectors.Files.ReadDir(".")\n'
        "\tfor _, each := range found {\n\t\tfmt.Println(each.Name())\n\t}\n}\n"
    )
    cache = {"GOCACHE": str(tmp_path / "cache"), "GOPROXY": "off", "GOFLAGS": "-mod=mod"}
    found = told(["go", "run", "."], shop, GO111MODULE="on", **cache)
    assert {f"{name}.json" for name in names()} <= {*found}
    assert "kills.json" not in found


def test_a_package_is_small(package, tmp_path):
    with tarfile.open(tmp_path / "package.tgz", "w:gz") as archive:
        for path in sorted(package.iterdir()):
            if path.name != "kills.json":
                archive.add(path, path.name)
    assert (tmp_path / "package.tgz").stat().st_size <= 2_000_000
