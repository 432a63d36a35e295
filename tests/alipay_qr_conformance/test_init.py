"""``alipay-qr init``, and every starter as it is copied out: unfilled, it answers unsupported everywhere."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from alipay_qr_conformance.cli import main
from alipay_qr_conformance.cli.init import STARTERS, contents

NEEDS = {
    "php": ("php",),
    "java": ("java", "javac"),
    "javascript": ("node",),
    "python": (),
    "csharp": ("mono", "mcs"),
    "go": ("go",),
    "ruby": ("ruby",),
}
LANGUAGES = [
    pytest.param(name, id=name, marks=[pytest.mark.runtime(*needs)] if needs else [])
    for name, needs in NEEDS.items()
]


def run(command, folder):
    env = os.environ | {"GOCACHE": str(folder / ".cache"), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def kit(folder, *words):
    paths = [path for path in sys.path if path]
    code = (
        f"import sys; sys.path[:0] = {paths!r}; from alipay_qr_conformance.cli import main; sys.exit(main())"
    )
    return run([sys.executable, "-c", code, *words], folder)


def test_every_starter_is_tested():
    assert set(STARTERS) == set(NEEDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_starter_runs_as_it_is_and_says_what_to_fill_in_first(language, tmp_path, capsys):
    assert main(["init", language, str(tmp_path)]) == 0
    assert "Fill in `sign` in" in capsys.readouterr().out
    starter = STARTERS[language]
    command = [sys.executable if word == "python" else word for word in starter.command]
    if starter.build:
        code, output = run(starter.build, tmp_path)
        assert code == 0, output

    code, output = kit(tmp_path, "check", "--adapter-only", "--", *command)
    assert code == 0, output
    answered = {line.split()[1] for line in output.splitlines() if line.startswith("unsupported")}
    assert answered >= {"sign", "presign", "verify", "create_qr_code", "cancel", "refund", "notify", "trade"}
    assert "fault" not in output.split()

    assert re.search(
        r"sign in \S+ is not filled in yet; begin with sign", output.replace("()", ""), re.IGNORECASE
    )

    _, output = kit(tmp_path, "check", "--level", "1", "--lang", "en", "--", *command)
    assert "0 cases judged, 0 findings" in output
    assert "A first adapter answers hello and sign" in output


def test_java_has_one_json_reader_for_the_starter_and_for_the_shop():
    example = Path(__file__).resolve().parents[2] / "examples" / "java" / "shop" / "Json.java"
    assert "package shop;\n\n" + contents("java")["Json.java"] == example.read_text("utf-8")


@pytest.mark.parametrize("language", sorted(STARTERS))
def test_the_settings_name_the_command(language):
    texts = contents(language)
    assert "alipay_adapter = " + " ".join(STARTERS[language].command) in texts["pytest.ini"]
    assert "pip install alipay-qr-conformance pytest" in texts["alipay-qr.ci.yml"]


@pytest.mark.parametrize("present", ["adapter.php", "pytest.ini", "alipay-qr.ci.yml"])
def test_nothing_is_overwritten(present, tmp_path, capsys):
    (tmp_path / present).write_text("mine", "utf-8")
    assert main(["init", "php", str(tmp_path)]) == 64
    assert present in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [present]
    assert (tmp_path / present).read_text("utf-8") == "mine"


def test_the_next_steps_are_said_in_chinese_too(tmp_path, capsys):
    assert main(["init", "--lang", "zh", "php", str(tmp_path)]) == 0
    assert "请填写 adapter.php 中的 `sign`" in capsys.readouterr().out
    assert main(["init", "--lang", "zh", "php", str(tmp_path)]) == 64
    assert "不会覆盖任何文件" in capsys.readouterr().err


def test_a_link_that_leads_nowhere_is_in_the_way_too(tmp_path):
    (tmp_path / "pytest.ini").symlink_to(tmp_path / "elsewhere")
    assert main(["init", "php", str(tmp_path)]) == 64
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_a_file(tmp_path, capsys):
    (tmp_path / "file").write_text("", "utf-8")
    assert main(["init", "ruby", str(tmp_path / "file")]) == 64
    assert "cannot write" in capsys.readouterr().err


def test_a_new_folder_is_made(tmp_path, capsys):
    assert main(["init", "python", str(tmp_path / "new" / "one")]) == 0
    assert sorted(path.name for path in (tmp_path / "new" / "one").iterdir()) == [
        "adapter.py",
        "alipay-qr.ci.yml",
        "pytest.ini",
    ]
    assert "cd " in capsys.readouterr().out


@pytest.fixture
def with_agent(tmp_path, monkeypatch):
    """The Python example shop, and what ``init --agent`` writes beside it."""
    example = Path(__file__).resolve().parents[2] / "examples" / "python"
    shutil.copytree(example, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert main(["init", "python", "--agent"]) == 0
    return tmp_path


SKILL = ".agents/skills/alipay-qr/SKILL.md"


@pytest.mark.slow  # the check as an agent runs it, but for the properties
def test_every_command_of_the_skill_runs(with_agent, capsys):
    text = (with_agent / SKILL).read_text("utf-8")
    assert len(text.splitlines()) < 500
    assert re.match(r"---\nname: alipay-qr\ndescription: .+\n---\n", text)
    commands = re.findall(r"```console\n\$ alipay-qr (.*)\n```", text)
    assert len(commands) == text.count("```console") >= 6
    for command in commands:
        capsys.readouterr()
        words = shlex.split(command)
        if words[0] == "check" and "--only" not in words:
            words[1:1] = ["-k", "not any-"]
        assert main(words) == (1 if command.startswith("explain") else 0), command
        shown = capsys.readouterr().out
        assert shown
        if "--format agent" in command:
            assert "verdict: passes" in shown
            assert len(shown.encode()) <= 8192


def test_a_section_is_added_once_and_the_adapter_stays(with_agent, capsys):
    example = Path(__file__).resolve().parents[2] / "examples" / "python"
    assert (with_agent / "adapter.py").read_text() == (example / "adapter.py").read_text()
    assert "python adapter.py" in (with_agent / "AGENTS.md").read_text("utf-8")
    before = (with_agent / "AGENTS.md").read_text("utf-8")
    assert main(["init", "python", "--agent"]) == 64
    assert (with_agent / "AGENTS.md").read_text("utf-8") == before
    (with_agent / "AGENTS.md").write_text("# Ours\n", "utf-8")
    shutil.rmtree(with_agent / ".agents")
    assert main(["init", "python", "--agent"]) == 0
    assert (with_agent / "AGENTS.md").read_text("utf-8").startswith("# Ours\n\n<!-- alipay-qr: begin -->")
