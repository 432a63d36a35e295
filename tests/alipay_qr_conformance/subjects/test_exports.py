import subprocess
import sys

import alipay_qr_conformance
from alipay_qr_conformance import subjects


def test_a_python_subject_imports_two_names():
    assert alipay_qr_conformance.__all__ == ["Refused", "Unsupported"]
    assert alipay_qr_conformance.Refused("too long").reason == "too long"
    assert alipay_qr_conformance.Unsupported("no RSA", "#1").issue == "#1"


def test_the_public_list_is_complete_and_sorted():
    assert all(hasattr(subjects, name) for name in subjects.__all__)
    assert len(set(subjects.__all__)) == len(subjects.__all__)


def test_slow_modules_are_not_imported_before_they_are_needed():
    code = (
        "import sys, alipay_qr_conformance.subjects.lint;"
        "print(*sorted({'jsonschema', 'requests', 'hypothesis', 'http.client', 'cryptography', 'ssl'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
