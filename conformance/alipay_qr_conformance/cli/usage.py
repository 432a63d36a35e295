"""What the command line says of itself, in English and Chinese: help, and what is wrong.

``texts/help.toml`` holds the words of each option, by command and by the option's name; those below
``everywhere`` are said wherever a command has none of its own. What is wrong argparse finds, and says it in
English sentences; see `alipay_qr_conformance.model.complaints` for the Chinese ones.
"""

import argparse
import difflib
import re
import shutil
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from alipay_qr_conformance.cli.options import add_language, language
from alipay_qr_conformance.model.complaints import in_both, spared
from alipay_qr_conformance.model.shown import complain
from alipay_qr_conformance.model.texts import help_texts, labelled, say
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.model.widths import broken

_PROGRAM: Final = "alipay-qr"
_CHOICE: Final = re.compile(r"argument [^:]{1,400}: invalid choice: '([^']{1,40})' \(choose from (.+)\)")


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
        self.set_defaults(used=self)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; what is left over is a mistake in the words of the command that was named, not of all."""
        found, left = self.parse_known_args(args, namespace)
        if left:
            found.used.error(f"unrecognized arguments: {' '.join(left)}")
        return found

    def error(self, message: str) -> NoReturn:
        """Write the usage and what is wrong to stderr, and leave."""
        usage, more = self.format_usage(), say("usage.more", self.speaks, program=self.prog)
        hint = self._hint(message)
        told = in_both(message).in_language(self.speaks)
        complain(f"{self._translated(usage)}{self.prog}: {told}\n{hint}{more}")
        self.exit(self.status)

    def _hint(self, message: str) -> str:
        """Return what was probably meant: another word, or a command, which stands behind two hyphens."""
        words = message.removeprefix("unrecognized arguments: ")
        if choice := _CHOICE.match(message):
            near = difflib.get_close_matches(choice[1], re.findall("'([^']+)'", choice[2]), n=1)
        elif words.startswith("-") and words != message:
            options = [each for action in self._actions for each in action.option_strings]
            near = difflib.get_close_matches(words.split()[0].partition("=")[0], options, n=1)
        elif words != message:
            return say("usage.dashes", self.speaks, words=spared(words)) + "\n"
        else:
            return ""
        return say("usage.near", self.speaks, near=near[0]) + "\n" if near else ""

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


def asked_language(words: Sequence[str]) -> str:
    """Return the language that ``--lang`` asks for, wherever it stands, else that of the environment."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    add_language(early)
    try:
        found, _ = early.parse_known_args(words)
    except argparse.ArgumentError:  # --lang itself is what is wrong
        return language()
    return str(found.lang)
