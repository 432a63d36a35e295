"""Files that a person names: bounded, and nobody is waited for."""

import os
import resource
import stat

import pytest

from alipay_qr.account import TEST_PRIVATE_KEY_JAVA
from alipay_qr_conformance.cli import main
from alipay_qr_conformance.model import files

REQUEST = "service=alipay.acquire.cancel&partner=2088021966388155&sign=x&sign_type=MD5"
WAYS = {
    "policy": lambda file: ["check", "-k", "sign.md5.digest", "--policy", file],
    "known-failures": lambda file: ["check", "-k", "sign.md5.digest", "--known-failures", file],
    "account": lambda file: ["check", "-k", "sign.md5.digest", "--account", file],
    "diff": lambda file: ["report", "diff", file, file],
    "replay": lambda file: ["report", "replay", file, "sign.order"],
    "statement": lambda file: ["report", "verify", file, "--key", file],
    "explain": lambda file: ["explain", file],
    "md5-key": lambda file: ["explain", "--md5-key-file", file, REQUEST],
    "public-key": lambda file: ["explain", "--public-key", file, REQUEST],
    "pair": lambda file: ["explain", "--pair", file, TEST_PRIVATE_KEY_JAVA],
}


@pytest.fixture
def pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_pipe_without_a_writer_is_refused_at_once(way, pipe, capsys):
    assert main(way(str(pipe))) == 64
    assert "a pipe to which nobody writes" in capsys.readouterr().err


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_does_not_end_is_refused(way, tmp_path, monkeypatch, capsys):
    endless = tmp_path / "endless"
    endless.write_bytes(b" " * 1001)
    monkeypatch.setattr(files, "LARGEST", 1000)
    assert main(way(str(endless))) == 64
    assert "more than 1000 bytes" in capsys.readouterr().err


@pytest.mark.parametrize("way", ["policy", "known-failures", "account"])
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("a = " + "[" * 9000 + "]" * 9000, "nested too deeply", id="deep"),
        pytest.param("a = " + "9" * 9000, "4300 digits", id="long-number"),
        pytest.param("a = 2026-02-30", "Invalid date", id="no-such-day"),
    ],
)
def test_toml_that_its_reader_cannot_bear_is_a_fault_of_the_file(way, text, complaint, tmp_path, capsys):
    (tmp_path / "file.toml").write_text(text, "utf-8")
    assert main(WAYS[way](str(tmp_path / "file.toml"))) == 64
    said = capsys.readouterr().err
    assert complaint in said
    assert "file.toml" in said


def test_a_shell_may_hand_over_a_pipe(capsys):
    """As in ``alipay-qr explain <(pbpaste)``."""
    reading, writing = os.pipe()
    os.write(writing, REQUEST.encode())
    os.close(writing)
    assert main(["explain", f"/dev/fd/{reading}"]) == 1
    os.close(reading)
    assert "The sign is wrong" in capsys.readouterr().out


def test_a_file_is_written_for_its_owner_alone(tmp_path):
    files.write_file(tmp_path / "report", b"text")
    assert (tmp_path / "report").read_bytes() == b"text"
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["report"]


def test_a_file_that_is_replaced_keeps_its_mode(tmp_path):
    (tmp_path / "report").write_bytes(b"before")
    (tmp_path / "report").chmod(0o640)
    files.write_file(tmp_path / "report", b"after")
    assert (tmp_path / "report").read_bytes() == b"after"
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o640


def test_no_symbolic_link_is_followed(tmp_path):
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "report").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="symbolic link"):
        files.write_file(tmp_path / "report", b"text")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OSError, match="symbolic link"):
        files.write_file(tmp_path / "dangling", b"text")
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (tmp_path / "nowhere").exists()


def test_a_file_is_whole_or_not_written(tmp_path, monkeypatch):
    (tmp_path / "report").write_bytes(b"before")
    monkeypatch.setattr(files.Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        files.write_file(tmp_path / "report", b"after")
    assert [each.name for each in tmp_path.iterdir()] == ["report"]
    assert (tmp_path / "report").read_bytes() == b"before"


def test_a_device_is_written_to_as_it_is(tmp_path):
    files.write_file(files.Path(os.devnull), b"text")
    assert not files.Path(os.devnull).is_file()


URL = "https://globalmapi.alipay.com/gateway.do?service=x&partner=1&sign=y"


@pytest.mark.parametrize(
    "words",
    [
        ["check", "-k", "sign.md5.digest", "--report", "json={}"],
        ["explain", "--depth", "1", "--report", "html={}", URL],
    ],
    ids=["json", "explain"],
)
def test_a_report_follows_no_link(words, tmp_path, capsys):
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "report").symlink_to(tmp_path / "precious")
    assert main([word.format(tmp_path / "report") for word in words]) == 64
    assert "symbolic link" in capsys.readouterr().err
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_more_is_written_to_what_was_begun(tmp_path):
    file = tmp_path / "events"
    files.write_file(file, b"one")
    files.append_file(file, b"two")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"onetwo", 0o600)
    file.unlink()
    file.symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="symbolic"):
        files.append_file(file, b"three")


@pytest.fixture
def narrow():
    """Let no file grow beyond a thousand bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    "words", [["init", "php"], ["vectors", "export"], ["vectors", "export", "v.tar.gz"]], ids=" ".join
)
@pytest.mark.usefixtures("narrow")
def test_of_several_files_none_stays_where_one_does_not_fit(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*words, *(["copy"] if len(words) == 2 else [])]) == 64
    assert "large" in capsys.readouterr().err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
