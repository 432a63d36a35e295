import subprocess
import sys

import pytest

import alipay_qr


@pytest.mark.parametrize("name", alipay_qr.__all__)
def test_every_public_name_is_there(name):
    assert getattr(alipay_qr, name) is not None
    assert name in dir(alipay_qr)


def test_other_names_are_not():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = alipay_qr.nothing


def test_the_package_itself_loads_none_of_its_parts():
    script = (
        "import sys, alipay_qr; print(sorted(name for name in sys.modules if name.startswith('alipay_qr')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['alipay_qr', 'alipay_qr._version']"
