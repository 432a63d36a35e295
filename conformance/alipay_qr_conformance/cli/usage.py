"""What is wrong with a command line, in English and Chinese.

argparse finds it, and says it in English sentences of its own. The Chinese ones are found by their form; a
sentence that no form fits stays English.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from alipay_qr_conformance.cli.options import add_language, language
from alipay_qr_conformance.model.verdicts import Text

SENTENCES: Final = (
    Text("unrecognized arguments: {words}", "无法识别的参数：{words}"),
    Text("the following arguments are required: {names}", "缺少必需的参数：{names}"),
    Text("one of the arguments {names} is required", "以下参数必须给出其中一个：{names}"),
    Text("not allowed with argument {other}", "不能与参数 {other} 同时使用"),
    Text("invalid choice: {value} (choose from {choices})", "取值无效：{value}（可选：{choices}）"),
    Text("unknown parser {value} (choices: {choices})", "未知的命令 {value}（可选：{choices}）"),
    Text("invalid int value: {value}", "不是整数：{value}"),
    Text("invalid float value: {value}", "不是数字：{value}"),
    Text("invalid {kind} value: {value}", "取值无效：{value}"),
    Text("expected one argument", "需要一个值"),
    Text("expected at most one argument", "最多只能有一个值"),
    Text("expected at least one argument", "至少需要一个值"),
    Text("expected {number} argument", "需要 {number} 个值"),
    Text("expected {number} arguments", "需要 {number} 个值"),
    Text("ignored explicit argument {value}", "该选项不带值，却给出了 {value}"),
    Text("ambiguous option: {option} could match {matches}", "选项 {option} 不明确，可能是：{matches}"),
    Text("unexpected option string: {option}", "此处不应出现选项 {option}"),
    # ours
    Text("a number above 0", "应为大于 0 的数字"),
    Text("{value} is no port: a number from 0 to 65535", "{value} 不是端口：应为 0 到 65535 的数字"),
)
"""Every sentence about a user's words; the first that fits is the one."""

_ABOUT: Final = re.compile(r"argument (?P<name>.+?): (?P<rest>.+)", re.DOTALL)


class UsageParser(argparse.ArgumentParser):
    """Says what is wrong in the language ``speaks``, and ends with the exit code ``status``."""

    speaks = "en"
    status = 64

    def error(self, message: str) -> NoReturn:
        """Write the usage and what is wrong to stderr, and leave."""
        usage, more = self.format_usage(), f"{self.prog} --help says more"
        if self.speaks == "zh":
            usage, more = usage.replace("usage: ", "用法：", 1), f"更多说明见 {self.prog} --help"
        sys.stderr.write(usage)
        self.exit(self.status, f"{self.prog}: {in_both(message).in_language(self.speaks)}\n{more}\n")


def asked_language(words: Sequence[str]) -> str:
    """Return the language that ``--lang`` asks for, wherever it stands, else that of the environment."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    add_language(early)
    try:
        found, _ = early.parse_known_args(words)
    except argparse.ArgumentError:  # --lang itself is what is wrong
        return language()
    return str(found.lang)


def in_both(sentence: str) -> Text:
    """Return a sentence of argparse's with the Chinese one."""
    if about := _ABOUT.fullmatch(sentence):
        return Text(sentence, f"参数 {about['name']}：{in_both(about['rest']).zh}")
    for text in SENTENCES:
        if found := _form(text.en).fullmatch(sentence):
            return Text(sentence, text.zh.format_map(found.groupdict()))
    return Text(sentence, sentence)


def _form(template: str) -> re.Pattern[str]:
    """Return what matches the sentences of a template; each ``{name}`` is a group."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template)), re.DOTALL)
