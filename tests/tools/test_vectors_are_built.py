"""``vectors/`` is what the builders write, byte for byte, and nothing else."""

import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.runtime("openssl")
def test_building_again_changes_nothing(repository):
    done = subprocess.run(
        [sys.executable, "-m", "tools.vectors", "--check"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
