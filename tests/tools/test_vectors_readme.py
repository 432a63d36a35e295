"""The runner that vectors/README.md shows is a runner."""

import re
import subprocess

import pytest


@pytest.mark.runtime("node")
def test_the_runner_of_the_page_passes(repository, tmp_path):
    page = (repository / "vectors" / "README.md").read_text("utf-8")
    (code,) = re.findall(r"```js\n(.*?)```", page, re.DOTALL)
    script = tmp_path / "runner.cjs"
    script.write_text(code, "utf-8")
    done = subprocess.run(
        ["node", str(script)],
        cwd=repository / "vectors",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    passed, failed = map(int, re.fullmatch(r"(\d+) passed, (\d+) failed", done.stdout.strip()).groups())
    assert passed > 300
    assert failed == 0
