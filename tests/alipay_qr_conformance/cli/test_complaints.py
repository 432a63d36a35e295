"""Every sentence about a wish that cannot be meant is known in Chinese."""

import ast
from importlib.resources import files
from pathlib import Path

import pytest

from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.texts import complaints

PACKAGE = Path(str(files("alipay_qr_conformance")))
ROOMS = ("cli", "engine", "blackbox", "model", "report", "subjects")
RAISED = {
    *(
        "UsageError",
        "_UsageError",
        "DriveError",
        "KeyFileError",
        "StatementError",
        "TreeError",
        "ReportError",
    ),
    *("KnownFailuresError", "AccountFileError", "PolicyError", "FormatError", "SelectionError"),
    *("ReportError", "UnknownSetError", "AdapterFault", "_refuse"),
}


def form(node):
    """Return a sentence with a word in place of each detail, None for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(each.value if isinstance(each, ast.Constant) else "word" for each in node.values)
    return None


def sentences():
    for room in ROOMS:
        for path in (PACKAGE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED:
                    hints = [each.value for each in node.keywords if each.arg == "hint"]
                    yield from (text for each in (*node.args[:1], *hints) if (text := form(each)))


def of_details_alone(text):
    return all(word in {"word", "hello"} or word.startswith("--") for word in text.replace(":", "").split())


def test_each_is_known():
    said = {each for each in sentences() if " " in each and not of_details_alone(each)}
    assert len(said) > 60
    assert {each for each in said if in_both(each).zh == each} == set()


@pytest.mark.parametrize("text", complaints(), ids=lambda text: text.en[:40])
def test_the_details_are_those_of_the_english_sentence(text):
    names = {piece.partition("}")[0] for piece in text.en.split("{")[1:]}
    assert {piece.partition("}")[0] for piece in text.zh.split("{")[1:]} <= names


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        (
            "the adapter is at fault: hello: Permission denied (answer configure with an empty result)",
            "适配器有误：hello：没有权限（请对 configure 回答空结果）",
        ),
        ("known failures k.toml, line 3: the command is empty", "已知问题列表 k.toml, line 3：命令为空"),
        ("--drive pay: there is no command 'x'", "--drive pay：没有命令 'x'"),
    ],
)
def test_parts_are_translated_too(en, zh):
    assert in_both(en).zh == zh
