"""What every test may count on.

- ``@pytest.mark.runtime("php", "node")``: the test needs these programs. Where one is missing the test is
  skipped, unless CI=true: there it fails, so that no gap stays unseen.
- Hypothesis runs under one explicit profile: no deadline, no example database, the same examples every time.
- A hang-up ends what tests start, under nohup too.
- Under tox the packages must come from the installed wheel, never from the source tree.
"""

import functools
import gc
import os
import shutil
import signal
import subprocess
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[1]
PHP_MODULES = ("curl", "dom", "mbstring", "openssl")  # what examples/php asks for

hypothesis.settings.register_profile(
    "alipay-qr", deadline=None, database=None, derandomize=True, print_blob=False
)
hypothesis.settings.load_profile("alipay-qr")


@pytest.fixture(scope="session")
def repository():
    """The source tree: where vectors/, examples/ and tools/ stand."""
    return ROOT


@functools.cache
def missing_part_of(program):
    """What is missing before ``program`` can be used, or None."""
    path = shutil.which(program)
    if path is None:
        return f"{program} is not installed"
    if program == "php":
        listed = subprocess.run([path, "-m"], capture_output=True, text=True, check=True, timeout=30).stdout
        absent = [name for name in PHP_MODULES if name not in listed.lower().split()]
        return f"php lacks {', '.join(absent)}" if absent else None
    return None


def pytest_runtest_setup(item):
    for mark in item.iter_markers("runtime"):
        for program in mark.args:
            missing = missing_part_of(program)
            if missing and os.environ.get("CI") == "true":
                pytest.fail(f"{missing}, and CI=true allows no gap", pytrace=False)
            if missing:
                pytest.skip(missing)


def pytest_collection_finish():
    """Modules, vectors and tests stay to the end: no search for garbage needs to pass through them."""
    gc.collect()
    gc.freeze()


def pytest_sessionstart():
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored, and that would be inherited
    if os.environ.get("ALIPAY_QR_TESTS_IMPORT") != "wheel":
        return
    import alipay_qr
    import alipay_qr_conformance

    for package in (alipay_qr, alipay_qr_conformance):
        origin = Path(next(iter(package.__path__))).resolve()
        if "site-packages" not in origin.parts:
            raise pytest.UsageError(f"{package.__name__} comes from {origin}, not from the installed wheel")
