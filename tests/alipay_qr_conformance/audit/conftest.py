import json
import sys
from pathlib import Path

import jsonschema
import pytest

from alipay_qr_conformance import cli
from alipay_qr_conformance.audit.report import schema

SCHEMA = jsonschema.Draft202012Validator(schema())

sys.path.insert(0, str(Path(__file__).parent))  # audit_recordings


@pytest.fixture
def audit(tmp_path, capsys):
    """Audit records, or the text of a recording; return the JSON report with the exit code in it."""

    def run(recording, *options, name="traffic.ndjson"):
        from audit_recordings import lines

        path = tmp_path / name
        if isinstance(recording, bytes):
            path.write_bytes(recording)
        else:
            path.write_text(recording if isinstance(recording, str) else lines(recording))
        code = cli.main(
            ["audit", str(path), "--lang", "en", "--json", str(tmp_path / "report.json"), *options]
        )
        out = capsys.readouterr()
        if code == cli.USAGE:
            return {"exit": code, "stderr": out.err}
        report = json.loads((tmp_path / "report.json").read_text())
        SCHEMA.validate(report)
        return {**report, "exit": code, "stdout": out.out, "stderr": out.err}

    return run


@pytest.fixture
def accused():
    """The broken requirements of a report, with how often."""
    return lambda report: {
        f"{each['keyword']} {each['requirement']}": each["count"] for each in report["findings"]
    }
