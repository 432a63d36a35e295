"""The same bytes for any number of processes and parts; nothing is done twice; reports, exit codes."""

import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from audit_recordings import FAILED, NOON, asked, cancel, lines, news, refund, signed, told

from alipay_qr_conformance import cli
from alipay_qr_conformance.audit import ndjson
from alipay_qr_conformance.audit import plan as plan_module
from alipay_qr_conformance.audit import run as run_module
from alipay_qr_conformance.audit.words import sentences

HOUR = timedelta(hours=1)


def traffic(trades=300):
    """Trades with every tenth one wrong in some way."""
    records = []
    for number in range(trades):
        trade = f"T{number:06d}"
        at = NOON + number * timedelta(seconds=3)
        records.append(told(signed(news(trade, at=at)), at=at))
        if number % 2:
            records.append(asked(signed(refund(trade, f"R{number}", "10.00")), at=at + HOUR))
        if number % 10 == 3:
            records.append(asked(signed(refund(trade, f"S{number}", "20.01")), at=at + HOUR))
        if number % 10 == 4:
            late = at + 20 * HOUR
            records.append(asked(signed(cancel(trade, at=late)), at=late))
        if number % 10 == 6:
            records.append(told({**signed(news(trade)), "total_fee": "1.00"}, at=at))
        if number % 100 == 8:
            records.append(asked({**signed(refund(trade)), "refund_reason": "x"}, FAILED, at + HOUR))
    return records


@pytest.fixture
def recording(tmp_path, monkeypatch):
    path = tmp_path / "traffic.ndjson"
    path.write_text(lines(traffic()))
    monkeypatch.setattr(plan_module, "PART", 32 * 1024)
    return path


def report_of(path, tmp_path, *options, words=()):
    out = tmp_path / "out.json"
    code = cli.main(["audit", *(words or [str(path)]), "--lang", "en", "--json", str(out), *options])
    return code, out.read_bytes()


def test_any_number_of_parts(recording, tmp_path, capsys):
    code, whole = report_of(recording, tmp_path)
    assert code == 1
    folders = [tmp_path / f"share{n}" for n in (1, 2, 3)]
    for number, folder in enumerate(folders, 1):
        arguments = ["audit", "judge", str(recording), "--out", str(folder), "--part", f"{number}/3"]
        assert cli.main(arguments) == 0
    words = ["fold", *map(str, folders)]
    assert report_of(recording, tmp_path, words=words) == (1, whole)
    assert cli.main(["audit", "fold", str(folders[0]), str(folders[1])]) == 64
    assert "is not judged yet" in capsys.readouterr().err


def test_the_size_of_parts_changes_no_count(recording, tmp_path, monkeypatch):
    _, small = report_of(recording, tmp_path)
    monkeypatch.setattr(plan_module, "PART", 32 * 1024 * 1024)
    _, large = report_of(recording, tmp_path)
    assert json.loads(small) == json.loads(large)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["2", "7"])
def test_any_number_of_processes(recording, tmp_path, jobs, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert report_of(recording, tmp_path) == report_of(recording, tmp_path, "--jobs", jobs)


def test_without_msgspec(recording, tmp_path, monkeypatch):
    pytest.importorskip("msgspec")
    by_types = report_of(recording, tmp_path)
    monkeypatch.setattr(ndjson, "decoder", lambda _: None)
    assert report_of(recording, tmp_path) == by_types


@pytest.mark.slow
def test_a_cluster_of_dask(recording, tmp_path):
    pytest.importorskip("distributed")
    _, alone = report_of(recording, tmp_path)
    out = tmp_path / "dask.json"
    script = "import alipay_qr_conformance.audit.plan as p; p.PART = 32768\n"
    script += "from alipay_qr_conformance import cli; import sys\n"
    script += "if __name__ == '__main__': sys.exit(cli.main(sys.argv[1:]))\n"
    (tmp_path / "main.py").write_text(script)
    command = [sys.executable, str(tmp_path / "main.py"), "audit", str(recording), "--lang", "en"]
    command += ["--json", str(out), "--dask", "local", "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert out.read_bytes() == alone


def test_every_planted_fault_and_no_other(recording, tmp_path):
    _, text = report_of(recording, tmp_path)
    report = json.loads(text)
    assert {each["requirement"]: each["count"] for each in report["findings"]} == {
        "request.sign.valid": 3,
        "notify.reject.changed": 30,
        "money.refund.sum": 30,
        "money.cancel.window": 30,
    }
    assert all(len(each["places"]) == min(5, each["count"]) for each in report["findings"])
    text = recording.read_bytes()
    for finding in report["findings"]:
        for place in finding["places"]:
            begin = place["offset"]
            assert text[:begin].count(b"\n") + 1 == place["line"]
            assert begin == 0 or text[begin - 1 : begin] == b"\n"


def test_what_is_done_is_not_done_again(recording, tmp_path):
    work = tmp_path / "work"
    code, first = report_of(recording, tmp_path, "--work", str(work))
    parts = sorted(work.glob("part-*.json"))
    times = [each.stat().st_mtime_ns for each in parts]
    parts[1].unlink()
    assert report_of(recording, tmp_path, "--work", str(work)) == (code, first)
    after = [each.stat().st_mtime_ns for each in parts]
    assert [one == two for one, two in zip(times, after, strict=True)] == [
        True,
        False,
        *[True] * (len(parts) - 2),
    ]


def test_another_audit_in_the_same_folder(recording, tmp_path, capsys):
    work = tmp_path / "work"
    report_of(recording, tmp_path, "--work", str(work))
    recording.write_text(lines(traffic(10)))
    assert cli.main(["audit", str(recording), "--work", str(work)]) == 64
    assert "holds another audit" in capsys.readouterr().err


@pytest.mark.slow
def test_killed_and_started_again(tmp_path):
    path = tmp_path / "traffic.ndjson"
    path.write_text(lines(traffic(1500)))
    script = "import alipay_qr_conformance.audit.plan as p; p.PART = 262144\n"
    script += "from alipay_qr_conformance import cli; import sys; sys.exit(cli.main(sys.argv[1:]))"
    out = tmp_path / "out.json"
    command = [sys.executable, "-c", script, "audit", str(path), "--lang", "en", "--json", str(out)]
    whole = subprocess.run(command, capture_output=True, check=False)
    assert whole.returncode == 1
    expected = out.read_bytes()
    out.unlink()
    command += ["--work", str(tmp_path / "work")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list((tmp_path / "work").glob("part-*.json")):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = {each.name: each.stat().st_mtime_ns for each in (tmp_path / "work").glob("part-*.json")}
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert out.read_bytes() == expected
    again = {each.name: each.stat().st_mtime_ns for each in (tmp_path / "work").glob("part-*.json")}
    assert {name: again[name] for name in done} == done


@pytest.mark.parametrize("kind", ["junit", "sarif", "markdown", "html", "ndjson", "terminal"])
def test_every_report(recording, tmp_path, kind):
    target = tmp_path / "report"
    cli.main(["audit", str(recording), "--report", f"{kind}={target}"])
    text = target.read_text()
    assert "money.refund.sum" in text.replace("\\", "")
    target.unlink()


def test_known_failures(recording, tmp_path, capsys):
    known = tmp_path / "known.toml"
    names = ["request.sign.valid", "notify.reject.changed", "money.refund.sum", "money.cancel.window"]
    rows = [f'{{ match = "{name}", cause = "fail", issue = "SHOP-1" }},' for name in names]
    known.write_text("known = [\n" + "\n".join(rows) + "\n]\n")
    code, text = report_of(recording, tmp_path, "--known-failures", str(known))
    assert code == 0
    assert all("known" in each for each in json.loads(text)["findings"])
    known.write_text(
        "known = [\n" + "\n".join([*rows, rows[0].replace(names[0], "request.partner")]) + "\n]\n"
    )
    code, _ = report_of(recording, tmp_path, "--known-failures", str(known))
    assert code == 2
    assert "request.partner" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_text_for_people(recording, capsys, lang):
    cli.main(["audit", str(recording), "--lang", lang])
    text = capsys.readouterr().out
    assert f"{recording}:" in text
    assert ("已判定" in text) is (lang == "zh")
    assert "T00000" in text


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-file"],
        ["--field", "colour=red", "x"],
        ["--report", "pdf=x", "x"],
        ["judge", "x"],
        ["fold", "."],
        ["--account", "no-such-file", "x"],
    ],
    ids=["nothing", "no file", "no field", "no report", "judge without a folder", "no work", "no account"],
)
def test_usage(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").write_text(lines(traffic(2)))
    if arguments == ["no-such-file"]:
        assert not (tmp_path / "no-such-file").exists()
    assert cli.main(["audit", *arguments]) == 64
    assert "alipay-qr audit: " in capsys.readouterr().err


def test_standard_input(recording):
    script = "import sys; from alipay_qr_conformance import cli; sys.exit(cli.main(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "audit", "-", "--lang", "en", "--json", "-"]
    done = subprocess.run(command, input=recording.read_bytes(), capture_output=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)["inputs"][0]["file"] == "-"


def test_sentences_are_in_both_languages():
    assert [key for key, text in sentences().items() if not text.en or not text.zh] == []


@pytest.fixture
def asked_to_end():
    """Interrupt this process in a moment, whatever it waits for."""

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_an_interrupt_ends_what_several_processes_do(tmp_path, asked_to_end):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    opened = threading.Timer(120, os.open, (gate, os.O_RDWR))  # else a process opens it, and waits for ever
    opened.start()
    with pytest.raises(KeyboardInterrupt):
        list(run_module._each(os.open, gate, [os.O_RDONLY] * 4, run_module.Hands(jobs=2)))
    assert opened.is_alive()
    opened.cancel()
    assert multiprocessing.active_children() == []


def test_a_full_disk_leaves_no_half_file(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        run_module._put(tmp_path / "plan.json", b"{}")
    assert list(tmp_path.iterdir()) == []
