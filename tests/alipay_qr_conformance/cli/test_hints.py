"""What is said to those who mistyped: what to write instead, and never a key."""

import pytest

from alipay_qr.account import TEST_PRIVATE_KEY_JAVA
from alipay_qr_conformance import cli
from alipay_qr_conformance.model.complaints import spared
from alipay_qr_conformance.model.files import text_of

OPTIONS = ([], ["--account"], ["--level"], ["--only"], ["--report"], ["-k"])
BEFORE = [[], ["init"], ["rules"], *(["check", *option] for option in OPTIONS)]
KEY = "q7w3kz9x2m5n8v4b6c1j0h7g5f3d2s1a"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["check", "php", "adapter.php"], "behind two hyphens: -- php adapter.php"),
        (["report", "replay", "r.json", "x", "node", "a.mjs"], "behind two hyphens: -- node a.mjs"),
        (["check", "--", "php adapter.php"], "without quotes it is php adapter.php"),
        (
            ["check", "--", "./script"],
            "names no interpreter (#!): write one before the file: python ./script",
        ),
        (["check", "--", "./plain"], "write its interpreter before it"),
        (["chekc"], "Did you mean check?"),
        (["check", "--levl", "1"], "Did you mean --level?"),
        (["gateway", "pay", "code", "1", "--curency", "USD"], "alipay-qr gateway pay --help says more"),
    ],
    ids=[
        *("forgotten hyphens", "of replay", "quoted", "no interpreter", "not executable"),
        *("mistyped command", "mistyped option", "help of the command that was named"),
    ],
)
def test_a_hint(words, hint, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, mode in (("script", 0o755), ("plain", 0o644)):
        (tmp_path / name).write_text("print(1)\n")
        (tmp_path / name).chmod(mode)
    assert cli.main([*words, "--lang", "en"] if "--" not in words else words) in {
        cli.USAGE,
        cli.ADAPTER_FAULT,
    }
    assert hint in capsys.readouterr().err


@pytest.mark.parametrize("name", ["node", "Node", "py", "golang", "c#"])
def test_languages_have_other_names(name, tmp_path, capsys):
    assert cli.main(["init", name, str(tmp_path / "new")]) == 0
    assert "pytest.ini" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        *([*before, KEY] for before in BEFORE),
        ["report", "diff", KEY, KEY],
        ["check", "--policy", TEST_PRIVATE_KEY_JAVA],
        ["check", TEST_PRIVATE_KEY_JAVA],
    ],
    ids=lambda words: " ".join(words)[:30],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_key_in_the_wrong_place_is_not_shown(words, lang, capsys):
    assert cli.main([*words, "--lang", lang]) == cli.USAGE
    said = capsys.readouterr()
    assert KEY[:12] not in said.out + said.err
    assert TEST_PRIVATE_KEY_JAVA.splitlines()[1][:24] not in said.out + said.err


@pytest.mark.parametrize(
    "text",
    ["/srv/build-29/test_check_writes_a_list_and_i0/a.toml", "sign.order[x]", "a" * 32],
)
def test_what_is_no_key_is_shown(text):
    assert spared(f"{text}: there is no such folder") == f"{text}: there is no such folder"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_files_of_windows_are_read(codec):
    text = 'partner = "2088" # 支付宝'
    data = b"\xff\xfe" + text.encode("utf-16-le") if codec.endswith("bom") else text.encode(codec)
    assert text_of(data) == text
