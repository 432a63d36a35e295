"""What is wrong with a command line, in English and Chinese.

argparse finds it, and says it in English sentences of its own. The Chinese ones are found by their form; a
sentence that no form fits stays English.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Final, NoReturn

from alipay_qr_conformance.cli.options import add_language, language
from alipay_qr_conformance.model.texts import interface, say
from alipay_qr_conformance.model.verdicts import Text

_ABOUT: Final = re.compile(r"argument (?P<name>.+?): (?P<rest>.+)", re.DOTALL)


class UsageParser(argparse.ArgumentParser):
    """Says what is wrong in the language ``speaks``, and ends with the exit code ``status``."""

    speaks = "en"
    status = 64

    def error(self, message: str) -> NoReturn:
        """Write the usage and what is wrong to stderr, and leave."""
        usage, more = self.format_usage(), say("usage.more", self.speaks, program=self.prog)
        if self.speaks == "zh":
            usage = usage.replace("usage: ", say("usage.usage", "zh"), 1)
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
        return Text(sentence, say("usage.about", "zh", name=about["name"], rest=in_both(about["rest"]).zh))
    for text in _sentences():
        if found := _form(text.en).fullmatch(sentence):
            return Text(sentence, text.zh.format_map(found.groupdict()))
    return Text(sentence, sentence)


def _sentences() -> Iterable[Text]:
    return (text for key, text in interface().items() if key.startswith("argument."))


def _form(template: str) -> re.Pattern[str]:
    """Return what matches the sentences of a template; each ``{name}`` is a group."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template)), re.DOTALL)
