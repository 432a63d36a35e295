"""The full matrix: every example shop at the full depth, as a command, under the pytest plugin and over HTTP.

Its name keeps it out of the ordinary run; `make matrix` runs it on every Python.
"""

import re

import pytest

from example_shops import COMMANDS, LANGUAGES, alipay_qr, listening, under_pytest

pytestmark = pytest.mark.slow
WHOLE = ("check", "--fail-on", "should", "--require-level", "4", "--lang", "en")


def told(output):
    """Return how many cases were judged, with how many findings; a run that judged next to nothing fails."""
    judged, findings = re.search(r"(\d+) cases judged, (\d+) findings", output).groups()
    print(f"{judged} cases judged, {findings} findings")  # noqa: T201 (the figures of `pytest -rA`)
    assert int(judged) > 1500
    return findings


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_a_command(language, tmp_path):
    code, output = alipay_qr(*WHOLE, "--", *COMMANDS[language](tmp_path))
    assert code == 0, output
    assert "Level reached: 4 of 4" in output
    assert told(output) == "0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_under_the_pytest_plugin(language, tmp_path):
    done = under_pytest(COMMANDS[language](tmp_path), tmp_path, "default")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "failed" not in done.stdout
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 1500


def test_over_http():
    with listening() as url:
        code, output = alipay_qr(*WHOLE, "--url", url)
    assert code == 0, output
    assert told(output) == "0"
