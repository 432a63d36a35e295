import subprocess
import sys
import sysconfig
import tarfile
import zipfile

import pytest

from alipay_qr_conformance.vectors import load as vectors


def test_the_folder_holds_vectors_schemas_and_their_licence():
    folder = vectors.folder()
    assert (folder / "external.json").is_file()
    assert (folder / "schema" / "sign.schema.json").is_file()
    assert "CC0 1.0 Universal" in (folder / "LICENSE").read_text("utf-8")


def test_names_are_the_sets_and_not_their_bookkeeping():
    assert "external" in vectors.names()
    assert not {"ids", "kills", "package", "composer"} & set(vectors.names())


@pytest.mark.parametrize("name", vectors.names())
def test_every_set_loads(name):
    loaded = vectors.load(name)
    assert loaded
    assert len({vector.id for vector in loaded}) == len(loaded)
    assert all(vector.result in {"valid", "invalid", "acceptable"} for vector in loaded)


def test_a_vector_knows_the_inputs_of_its_group():
    vector = next(each for each in vectors.load("external") if each.id == "external-chloerei-md5-1")
    assert vector.kind == "sign"
    assert vector.inputs["md5_key"] == "10000000000000000000000000000000"
    assert vector.params == [("service", "test"), ("partner", "123")]
    assert vector.steps["sign"] == "bbd13b52823b576291595f472ebcfbc2"
    assert vector.source.licence == "MIT"


def test_a_set_is_read_once():
    assert vectors.load("external") is vectors.load("external")


def test_an_unknown_set_is_named_with_those_there_are():
    with pytest.raises(vectors.VectorsMissingError, match=r"'nonsense'.*external"):
        vectors.load("nonsense")


def test_a_broken_installation_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(vectors, "_PLACES", (tmp_path / "_vectors", tmp_path / "vectors"))
    vectors.folder.cache_clear()
    with pytest.raises(vectors.VectorsMissingError, match="reinstall"):
        vectors.folder()
    monkeypatch.undo()
    vectors.folder.cache_clear()


PROBE = """
import site, sys
site.addsitedir(sys.argv[1])
sys.path.append(sys.argv[2])
from alipay_qr_conformance.vectors.load import folder, load
print(folder())
print(len(load("external")))
"""


@pytest.mark.slow
def test_vectors_are_found_in_a_wheel_made_from_the_sdist_and_in_an_editable_install(repository, tmp_path):
    call(repository, "build_sdist", tmp_path)
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.glob("alipay_qr_conformance-*/")
    assert (unpacked / "vectors" / "external.json").is_file()

    assert not (unpacked / ".ci" / "run").exists()

    (tmp_path / "again").mkdir()
    call(repository, "build_sdist", tmp_path / "again")
    assert (tmp_path / "again" / sdist.name).read_bytes() == sdist.read_bytes()
    call(repository, "build_wheel", tmp_path / "again")

    wheels = {}
    for hook, source in (("build_wheel", unpacked), ("build_editable", unpacked)):
        (tmp_path / hook).mkdir()
        call(source, hook, tmp_path / hook)
        (wheel,) = (tmp_path / hook).glob("*.whl")
        if hook == "build_wheel":
            assert (tmp_path / "again" / wheel.name).read_bytes() == wheel.read_bytes()
            names = zipfile.ZipFile(wheel).namelist()
            assert [name for name in names if "answers/" in name or name.endswith("kills.json")] == []
            kept = {path.name for path in (repository / "vectors").iterdir()} - {"kills.json"}
            assert {name.split("/")[2] for name in names if "/_vectors/" in name} == kept
            assert [name for name in names if name.endswith("sboms/sbom.cdx.json")]
        wheels[hook] = tmp_path / f"{hook}-installed"
        zipfile.ZipFile(wheel).extractall(wheels[hook])  # noqa: S202 (built a moment ago)

    expected = str(len(vectors.load("external")))
    in_wheel = wheels["build_wheel"] / "alipay_qr_conformance" / "_vectors"
    assert probe(wheels["build_wheel"]) == [str(in_wheel.resolve()), expected]
    assert probe(wheels["build_editable"]) == [str((unpacked / "vectors").resolve()), expected]


def call(source, hook, target):
    """Run one of the build backend's hooks in the source folder, as pip would."""
    command = f"import hatchling.build as b; b.{hook}({str(target)!r})"
    subprocess.run([sys.executable, "-c", command], cwd=source, check=True, capture_output=True, timeout=120)


def probe(installed):
    """Import the package from there alone; the dependencies come last on the path."""
    command = [sys.executable, "-S", "-c", PROBE, str(installed), sysconfig.get_path("purelib")]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=60, cwd=installed, env={}
    )
    return done.stdout.splitlines()
