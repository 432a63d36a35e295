"""What is wrong with a command line is said in English and Chinese."""

import argparse
import ast
import inspect
import re

import pytest

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.usage import UsageParser
from alipay_qr_conformance.model.complaints import in_both

WORDS = {
    "nothing": ("", "the following arguments are required: COMMAND", "缺少必需的参数：COMMAND"),
    "unknown option": (
        "check --nonsense",
        "unrecognized arguments: --nonsense",
        "无法识别的参数：--nonsense",
    ),
    "missing": ("init", "the following arguments are required: language", "缺少必需的参数：language"),
    "choice": (
        "check --level 9",
        "argument --level: invalid choice: 9",
        "参数 --level：取值无效：9（可选：1",
    ),
    "command": (
        "chekc",
        "argument COMMAND: invalid choice: 'chekc'",
        "参数 COMMAND：取值无效：'chekc'（可选：",
    ),
    "no value": ("check --seed", "argument --seed: expected one argument", "参数 --seed：需要一个值"),
    "no number": ("check --seed x", "--seed: invalid int value: 'x'", "参数 --seed：不是整数：'x'"),
    "several": ("check --re x", "ambiguous option: --re could match ", "选项 --re 不明确，可能是：--re"),
    "too much": (
        "gateway --tls=1",
        "ignored explicit argument '1'",
        "参数 --tls：该选项不带值，却给出了 '1'",
    ),
    "port": ("gateway --port x", "'x' is no port: ", "参数 --port：'x' 不是端口：应为 0 到 65535 的数字"),
    "scale": ("gateway --time-scale 0", "--time-scale: a number above 0", "--time-scale：应为大于 0 的数字"),
    "float": ("gateway --time-scale x", "invalid _scale value: 'x'", "--time-scale：取值无效：'x'"),
}


def complaint(capsys, words):
    assert cli.main(words.split()) == cli.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    near = ("Did you mean ", "是否想写 ")
    *usage, last, more = (line for line in err.splitlines() if not line.startswith(near))
    assert "--help" in more
    return usage[0], last


@pytest.mark.parametrize(("words", "en", "zh"), WORDS.values(), ids=WORDS)
def test_the_environment_says_in_which_language(capsys, monkeypatch, words, en, zh):
    for place, start, sentence in (("C.UTF-8", "usage: ", en), ("zh_CN.UTF-8", "用法：", zh)):
        monkeypatch.setenv("LC_ALL", place)
        usage, last = complaint(capsys, words)
        assert usage.startswith(f"{start}alipay-qr")
        assert sentence in last


@pytest.mark.parametrize(("words", "en", "zh"), list(WORDS.values())[1:], ids=list(WORDS)[1:])
def test_the_option_says_in_which_language(capsys, monkeypatch, words, en, zh):
    command, _, rest = words.partition(" ")
    for place, lang, sentence in (("zh_CN.UTF-8", "en", en), ("C.UTF-8", "zh", zh)):
        monkeypatch.setenv("LC_ALL", place)
        assert sentence in complaint(capsys, f"{command} --lang {lang} {rest}")[1]


@pytest.mark.parametrize("words", ["check --level 9 --lang zh", "check --lang=zh --level 9"])
def test_the_language_counts_wherever_it_stands(capsys, monkeypatch, words):
    monkeypatch.setenv("LC_ALL", "C")
    assert "取值无效" in complaint(capsys, words)[1]


@pytest.mark.parametrize("words", ["check --lang", "check --lang xx"])
def test_where_the_language_itself_is_wrong_the_environment_decides(capsys, monkeypatch, words):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "参数 --lang：" in complaint(capsys, words)[1]


def test_behind_two_hyphens_a_language_is_the_subjects(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    assert "invalid choice" in complaint(capsys, "check --level 9 -- shop --lang zh")[1]


def some_parser():
    class Parser(UsageParser):
        speaks = "zh"

    parser = Parser(prog="x")
    parser.add_argument("--many", nargs="+")
    parser.add_argument("--two", nargs=2)
    parser.add_argument("--float", type=float)
    either = parser.add_mutually_exclusive_group(required=True)
    either.add_argument("--this", action="store_true")
    either.add_argument("--that", action="store_true")
    return parser


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "x: 以下参数必须给出其中一个：--this --that\n"),
        ("--this --that", "x: 参数 --that：不能与参数 --this 同时使用\n"),
        ("--this --many", "x: 参数 --many：至少需要一个值\n"),
        ("--this --two 1", "x: 参数 --two：需要 2 个值\n"),
        ("--this --float x", "x: 参数 --float：不是数字：'x'\n"),
    ],
)
def test_what_no_command_of_ours_has_yet(capsys, words, sentence):
    with pytest.raises(SystemExit) as stop:
        some_parser().parse_args(words.split())
    assert stop.value.code == cli.USAGE
    assert capsys.readouterr().err.endswith(f"{sentence}更多说明见 x --help\n")


# what argparse says to programmers, and what stands in help
OF_PROGRAMMERS = re.compile(
    r"__call__|is an invalid argument for|must be optional|is not callable|cannot merge|must start with|"
    r"dest= is required|conflict|cannot have multiple|with mode|deprecated|can't open|^usage: $|^%\(prog\)s|"
    r"^%\(heading\)s|^argument %\(argument_name\)s: |^(positional arguments|options|subcommands)$|"
    r"^show |\(default"
)


def argparse_sentences():
    for node in ast.walk(ast.parse(inspect.getsource(argparse))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}:
            yield from (
                each.value
                for each in node.args
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


def test_everything_that_this_argparse_says_to_a_user_is_known():
    said = {each for each in argparse_sentences() if not OF_PROGRAMMERS.search(each)}
    assert len(said) > 12
    unknown = {each for each in said if in_both(re.sub(r"%(\(\w+\))?[sr]", "word", each)).zh[0].isascii()}
    assert unknown == set()


def test_a_sentence_that_nobody_knows_stays_as_it_is():
    assert in_both("something new").zh == "something new"
