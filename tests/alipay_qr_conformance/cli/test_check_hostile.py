"""``alipay-qr check -- python hostile.py``, as a person types it: one case is lost, and nothing else."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

HOSTILE = Path(__file__).parent / "hostile.py"
CASES = "sign.value.falsy and MD5"  # a dozen; the second `sign` of the run meets the vice
VICES = {
    "honest": None,
    "hang": "hang",
    "die": "crash",
    "flood": "hang",
    "twice": "garbled",
    "other-id": "garbled",
    "endless-line": "garbled",
    "not-utf-8": "garbled",
    "deep-json": "garbled",
    "close-stdout": "crash",
    "ignore-eof": None,
    "banner": None,
}


def check(*words, **more):
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path), "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-m", "alipay_qr_conformance.cli", "check", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        **more,
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """All at once: two of them wait ten seconds for a hang to be one."""
    folder = tmp_path_factory.mktemp("hostile")
    started = {}
    for vice in VICES:
        subject = [sys.executable, "-I", "-S", str(HOSTILE), vice, str(folder / f"{vice}.met")]
        if vice == "honest":
            (folder / "honest.met").touch()
        report = folder / f"{vice}.json"
        started[vice] = check(
            "-k",
            CASES,
            "--level",
            "1",
            "--evidence",
            "full",
            "--json",
            str(report),
            "--",
            *subject,
            cwd=folder,
        )
    found = {}
    for vice, process in started.items():
        out, err = process.communicate(timeout=100)
        report = folder / f"{vice}.json"
        found[vice] = (
            process.returncode,
            out.decode(),
            err.decode(),
            json.loads(report.read_text()) if report.exists() else {},
        )
    left = {path.name for path in folder.iterdir()} - {f"{v}.{e}" for v in VICES for e in ("json", "met")}
    assert not left
    return found


@pytest.mark.parametrize("vice", VICES)
def test_a_vice_costs_one_case(runs, vice):
    code, out, err, report = runs[vice]
    assert err == ""
    counts = {verdict: count for verdict, count in report["summary"].items() if count}
    if VICES[vice] is None:
        assert code == 0, out
        assert set(counts) == {"pass"}
        return
    assert code == 1, out
    assert counts.pop(VICES[vice]) == 1
    assert set(counts) <= {"pass", "blocked"}
    assert counts.get("pass", 0) >= 8
    (finding,) = report["findings"]
    assert finding["verdict"] == VICES[vice]
    assert finding["evidence"]["operation"] == "sign"


@pytest.mark.parametrize(
    ("vice", "warning"), [("ignore-eof", "did not leave within 3 s"), ("banner", "lines that are no answers")]
)
def test_bad_manners_are_a_warning(runs, vice, warning):
    _, out, _, report = runs[vice]
    assert warning in out
    assert len(report["warnings"]) == 1
    assert warning in report["warnings"][0]
    assert "\x1b" not in out


def test_no_adapter_is_left(runs):
    assert runs
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if _readable(path)]
        if not any(bytes(HOSTILE) in line and b"cli" not in line for line in lines):
            return
        time.sleep(0.05)
    pytest.fail("an adapter is still there")


def _readable(path):
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


# --- keys in files ---------------------------------------------------------------------------------------

CANARY = 'Canary/Key+0123=4567&89"abcdef'


@pytest.mark.parametrize("key", [CANARY, "cafe0123456789abcdef0123456789ab"], ids=["awkward", "plain"])
def test_a_key_is_in_no_output_whatever_the_adapter_echoes(tmp_path, key):
    (tmp_path / "md5.key").write_text(key + "\n")
    (tmp_path / "account.toml").write_text('partner = "2088123412341234"\nmd5_key_file = "md5.key"\n')
    adapter = tmp_path / "hostile.py"
    adapter.write_text(HOSTILE.read_text().replace("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6", json.dumps(key)[1:-1]))
    subject = [sys.executable, "-I", "-S", str(adapter), "echo"]
    report = tmp_path / "report.json"
    words = [
        "--account",
        "account.toml",
        "--level",
        "1",
        "-k",
        "md5",
        "--evidence",
        "full",
        "--json",
        str(report),
    ]
    process = check(*words, "--", *subject, cwd=tmp_path)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    shown = out.decode() + err.decode() + report.read_text() + json.dumps(json.loads(report.read_text()))
    assert "<redacted>" in shown
    assert "crash" in shown
    inner = key.replace("\\", "")
    for start in range(len(inner) - 12):
        piece = inner[start : start + 12]
        assert piece not in shown
        assert piece.encode().hex() not in shown
    import base64

    assert base64.b64encode(key.encode()).decode()[4:20] not in shown
