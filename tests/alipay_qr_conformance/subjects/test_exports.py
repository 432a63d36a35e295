import subprocess
import sys
from pathlib import Path

import pytest

import alipay_qr
import alipay_qr_conformance
from alipay_qr_conformance import subjects


def test_a_python_subject_imports_two_names():
    assert alipay_qr_conformance.__all__ == ["Refused", "Unsupported"]
    assert alipay_qr_conformance.Refused("too long").reason == "too long"
    assert alipay_qr_conformance.Unsupported("no RSA", "#1").issue == "#1"


def test_the_public_list_is_complete_and_sorted():
    assert all(hasattr(subjects, name) for name in subjects.__all__)
    assert len(set(subjects.__all__)) == len(subjects.__all__)


@pytest.mark.parametrize(
    ("module", "slow"),
    [
        ("alipay_qr_conformance", "subprocess json inspect dataclasses"),
        (
            "alipay_qr_conformance.subjects.lint",
            "jsonschema requests hypothesis http.client cryptography ssl",
        ),
    ],
)
def test_slow_modules_are_not_imported_before_they_are_needed(module, slow):
    code = f"import sys, {module}; print(*sorted(set({slow.split()}) & set(sys.modules)))"
    # -S: what the site packages of this machine import at every start is not the kit's doing.
    path = ":".join(str(Path(each.__path__[0]).parent) for each in (alipay_qr, alipay_qr_conformance))
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=60, env={"PYTHONPATH": path}
    )
    assert done.stdout.strip() == ""


def test_the_package_has_no_other_names():
    with pytest.raises(AttributeError, match="no attribute 'Refuse'"):
        _ = alipay_qr_conformance.Refuse
