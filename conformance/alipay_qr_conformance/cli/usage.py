"""What the command line says of itself, in English and Chinese: help, and what is wrong.

``texts/help.toml`` holds the words of each option, by command and by the option's name; those below
``everywhere`` are said wherever a command has none of its own. What is wrong argparse finds, and says it in
English sentences; the Chinese ones are found by their form. A sentence that no form fits stays English.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NoReturn

from alipay_qr_conformance.cli.options import add_language, language
from alipay_qr_conformance.model.texts import complaints, help_texts, interface, labelled, say
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.model.widths import broken

_ABOUT: Final = re.compile(r"argument (?P<name>.+?): (?P<rest>.+)", re.DOTALL)
_HINT: Final = re.compile(r"(?P<said>.+) \((?P<hint>(?:(?! \().)+)\)", re.DOTALL)
_BRACKETS: Final = "\uff08\uff09"
_PROGRAM: Final = "alipay-qr"
_KEY: Final = re.compile(
    r"(?<![\w/.-])(?=[a-zA-Z]*\d)[A-Za-z0-9]{32}(?![\w/.-])|[A-Za-z0-9+/=]{100,}|-----BEGIN.*", re.DOTALL
)
"""An MD5 key, the base64 of an RSA key, or its PEM."""


class HelpPage(argparse.HelpFormatter):
    """Breaks lines at the width of the terminal, where a Chinese character takes two columns."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=22, width=max(40, shutil.get_terminal_size().columns - 2))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return broken(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}" for each in text.splitlines() for line in broken(each, width))


class UsageParser(argparse.ArgumentParser):
    """Says help and what is wrong in the language ``speaks``, and ends with the exit code ``status``."""

    speaks = "en"
    status = 64
    first: frozenset[str] = frozenset()
    """The options of the first page; empty is: all."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formatter_class=HelpPage, **kwargs)

    def error(self, message: str) -> NoReturn:
        """Write the usage and what is wrong to stderr, and leave."""
        usage, more = self.format_usage(), say("usage.more", self.speaks, program=self.prog)
        hint = self._hint(message)
        sys.stderr.write(self._translated(usage))
        told = in_both(message).in_language(self.speaks)
        self.exit(self.status, f"{self.prog}: {told}\n{hint}{more}\n")

    def _hint(self, message: str) -> str:
        """Say that the command of an adapter stands behind two hyphens, where that was forgotten."""
        words = message.removeprefix("unrecognized arguments: ")
        if words == message or words.startswith("-"):
            return ""
        return say("usage.dashes", self.speaks, words=spared(words)) + "\n"

    def format_help(self) -> str:
        """Return the help, its words taken from ``texts/help.toml``."""
        command = self.prog.removeprefix(_PROGRAM).strip()
        rows = help_texts(command)
        self.description = self._say(rows, "about")
        self.epilog = self._say(rows, "end")
        for group in self._action_groups:
            key = f"group.{(group.title or '').split(' ', maxsplit=1)[0]}"
            group.title = self._say(rows, key) or group.title
            group.description = self._say(rows, f"{key}.about")
        for action in self._actions:
            self._word(action, rows)
        return self._translated(super().format_help())

    def _word(self, action: argparse.Action, rows: Mapping[str, Text]) -> None:
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 (argparse has no public name for it)
            for each in action._choices_actions:  # noqa: SLF001 (nor for what it lists)
                command = f"{self.prog.removeprefix(_PROGRAM)} {each.dest}".strip()
                each.help = self._say(help_texts(command), "short") or each.help
            return
        name = name_of(action)
        if self.first and action.option_strings and not self.first & {*action.option_strings}:
            action.help = argparse.SUPPRESS
            return
        told = self._say(rows, name)
        if told is not None:
            action.help = told.replace("%", "%%")

    def _say(self, rows: Mapping[str, Text], key: str) -> str | None:
        return rows[key].in_language(self.speaks) if key in rows else None

    def _translated(self, page: str) -> str:
        page = page.replace("usage: ", say("usage.usage", self.speaks), 1)
        for group in self._action_groups:
            if group.title:
                page = page.replace(f"\n{group.title}:\n", f"\n{labelled(group.title, self.speaks)}\n")
        return page


class _HelpAll(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Show the help with every option."""
        if isinstance(parser, UsageParser):
            parser.first = frozenset()
        parser.print_help()
        parser.exit()


def begin_with(parser: argparse.ArgumentParser, *options: str) -> None:
    """Show only these options under ``--help``, and all of them under ``--help-all``."""
    parser.add_argument("--help-all", action=_HelpAll, nargs=0)
    if isinstance(parser, UsageParser):
        parser.first = frozenset(options)


def name_of(action: argparse.Action) -> str:
    """Return the name of an option or argument, under which its words stand."""
    if action.option_strings:
        return action.option_strings[-1]
    return action.metavar if isinstance(action.metavar, str) else action.dest


def spared(text: str) -> str:
    """Return a text without what may be a key that was typed in the wrong place."""
    return _KEY.sub(lambda found: f"<{len(found[0])} characters>", text)


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
    """Return a sentence about the command line, as argparse or the kit writes it, with the Chinese one.

    What looks like a key in it is not shown.
    """
    sentence = spared(sentence)
    if about := _ABOUT.fullmatch(sentence):
        return Text(sentence, say("usage.about", "zh", name=about["name"], rest=in_both(about["rest"]).zh))
    return Text(sentence, _chinese(sentence) or sentence)


def _chinese(sentence: str) -> str:
    """Return a sentence in Chinese, empty where nobody knows it: whole, with a hint, or in two parts."""
    for text, form in _forms():
        if found := form.fullmatch(sentence):
            parts = {name: _chinese(part) or part for name, part in found.groupdict().items()}
            return text.zh.format_map(parts)
    if (hint := _HINT.fullmatch(sentence)) and (told := _chinese(hint["hint"])):
        return f"{_chinese(hint['said']) or hint['said']}{_BRACKETS[0]}{told}{_BRACKETS[1]}"
    before, colon, rest = sentence.partition(": ")
    if colon and (told := _chinese(rest)):
        return labelled(_chinese(before) or before, "zh", told)
    return ""


@cache
def _forms() -> tuple[tuple[Text, re.Pattern[str]], ...]:
    arguments = [text for key, text in interface().items() if key.startswith("argument.")]
    return tuple((text, _form(text.en)) for text in (*arguments, *complaints()))


def _form(template: str) -> re.Pattern[str]:
    """Return what matches the sentences of a template; each ``{name}`` is a group."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template)), re.DOTALL)
