"""Every example shop through the kit over a process, one under the pytest plugin too, and one over HTTP.

Three languages meet the properties too. The last two meet a share of the cases; `matrix.py` beside it runs
every shop both ways, at the full depth.
"""

import re

import pytest

from example_shops import COMMANDS, EXAMPLES, LANGUAGES, alipay_qr, listening, under_pytest


@pytest.fixture
def command(language, tmp_path):
    return COMMANDS[language](tmp_path)


TOLD_OF_AUTHORITY = {"python", "php", "javascript", "ruby"}
"""They have the feature ``https``."""
MEETS_PROPERTIES = {"python", "php", "javascript"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_reaches_every_level_without_a_finding(language, command):
    code, output = alipay_qr(
        "check",
        "--depth",
        "quick",
        "--fail-on",
        "should",
        "--require-level",
        "4",
        "--lang",
        "en",
        *([] if language in MEETS_PROPERTIES else ["-k", "not any-"]),
        "--",
        *command,
    )
    assert code == 0, output
    assert "Level reached: 4 of 4" in output
    assert "No finding." in output
    # 12 of names that stand twice: their maps hold one; 20 golden forgeries as notifications: their verify
    # was asked about them; 7 of request.https where they are not given the gateway's authority
    unsupported = 32 + 7 * (language not in TOLD_OF_AUTHORITY)
    assert f" 0 findings, {unsupported} unsupported, 0 not judged" in output, language

    code, output = alipay_qr("check", "--adapter-only", "--", *command)
    assert code == 0, output
    assert "unsupported " not in output


@pytest.mark.slow
@pytest.mark.runtime("node")
def test_under_the_pytest_plugin(tmp_path):
    done = under_pytest(
        ["node", str(EXAMPLES / "javascript/adapter.mjs")], tmp_path, "quick", "-k", "request or money"
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "failed" not in done.stdout
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 500
    assert "skipped" not in done.stdout, done.stdout[-3000:]


@pytest.mark.slow
def test_over_http():
    with listening() as url:
        code, output = alipay_qr(
            "check",
            "--depth",
            "quick",
            "--fail-on",
            "should",
            "-k",
            "(notify or money) and not any-",
            "--url",
            url,
        )
    assert code == 0, output
    assert int(re.search(r"(\d+) cases judged, 0 findings", output)[1]) > 400
