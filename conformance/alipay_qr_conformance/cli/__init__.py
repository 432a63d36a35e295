"""The command ``alipay-qr``: thin, one module a subcommand, heavy imports inside.

Exit codes: 0 conforms, 1 findings, 2 a known-failure list is stale, 3 the adapter is at fault,
4 the kit is at fault, 5 it cannot be said, 64 usage or no message found.
"""

import argparse
import atexit
import gc
import io
import os
import re
import shutil
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from alipay_qr._version import __version__
from alipay_qr_conformance.cli.signals import EndedError, unwound
from alipay_qr_conformance.cli.usage import UsageParser, asked_language
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.shown import complain, leave
from alipay_qr_conformance.model.texts import say

CONFORMS: Final = 0
FINDINGS: Final = 1
STALE: Final = 2
ADAPTER_FAULT: Final = 3
KIT_FAULT: Final = 4
USAGE: Final = 64

_COMMANDS: Final = (
    "init",
    "check",
    "gateway",
    "audit",
    "rules",
    "explain",
    "report",
    "vectors",
)


_RENAMED: Final = {
    "list": "rules",
    "lint-adapter": "check --adapter-only",
    "show": "rules ID",
    "doctor-key": "explain",
    "diff": "report diff",
    "replay": "report replay",
    "statement": "check --report statement=FILE",
}
"""Words of earlier versions, and those of today."""


_TO_COMPARE: Final = re.compile(r"^[-+] |^ *\^+$|^  &?\w+=|^&?\w+=[^ ]*&|\S{60}")
"""Lines of a difference, and texts that are signed."""


class OutputError(OSError):
    """What was found cannot be written: a full disk, a folder in place of a file."""


def write(text: str) -> None:
    """Write to stdout; that a pipe's reader left early changes no exit code.

    Raises:
        OutputError: stdout takes no more, and not because its reader left.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        leave(sys.stdout)
    except OSError as error:
        raise OutputError(error.errno, error.strerror, "stdout") from None


def for_people(text: str) -> str:
    """Return text as a terminal shows it best: sentences folded to its width, strings to compare whole."""
    if not sys.stdout.isatty():
        return text
    from alipay_qr_conformance.model.widths import fold

    width = shutil.get_terminal_size().columns
    return "".join(
        f"{line}\n" if _TO_COMPARE.search(line) else fold(line, width) or "\n" for line in text.splitlines()
    )


def _open_streams() -> None:
    """Put nothing in the place of a closed standard stream, lest a socket be written to as if it were one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 (as long as the process)
            setattr(sys, name, nowhere)


def parser(lang: str = "en", only: str = "") -> argparse.ArgumentParser:
    """Return the parser of the whole command, which says what is wrong in ``lang``.

    Args:
        lang: ``en`` or ``zh``.
        only: the subcommand that was asked for, where it is known: the others need not be loaded then.
    """

    class Parser(UsageParser):
        speaks = lang
        status = USAGE

    top = Parser(prog="alipay-qr")
    top.add_argument("--version", action="version", version=f"alipay-qr {__version__}")
    commands = top.add_subparsers(dest="command_name", required=True, metavar="COMMAND", parser_class=Parser)
    for name in (only,) if only in _COMMANDS else _COMMANDS:
        import_module(f"alipay_qr_conformance.cli.{name}").add_parser(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    gc.set_threshold(20_000, 20, 20)  # most of what a run makes stays
    atexit.register(gc.freeze)  # a process that ends gives everything back: no last search for garbage
    _open_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    subject: list[str] | None = None
    if "--" in words:  # everything behind it is the subject's own command line
        at = words.index("--")
        words, subject = words[:at], words[at + 1 :]
    if words and words[0] in _RENAMED:
        lang, today = asked_language(words), f"alipay-qr {_RENAMED[words[0]]}"
        complain(f"alipay-qr {words[0]}: {say('usage.renamed', lang, today=today)}")
        return USAGE
    try:
        args = parser(asked_language(words), *words[:1]).parse_args(words)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    args.subject = subject
    if isinstance(sys.stdout, io.TextIOWrapper):  # a Chinese report on an ASCII terminal is no crash
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with unwound():
            code: int = args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        leave(sys.stdout)
        return CONFORMS
    except OSError as error:  # a command knows what its files may do; what is left is its output
        told = in_both(f"cannot be written: {error}").in_language(asked_language(words))
        complain(f"alipay-qr {words[0]}: {told}")
        leave(sys.stdout)
        return USAGE
    except EndedError as ended:
        return ended.status
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 (whatever is left is the kit's own fault, and must say so)
        _confess(words[0], error, asked_language(words))
        return KIT_FAULT
    return code


def _confess(command: str, error: Exception, lang: str) -> None:
    """Say where the kit failed. What the error says is left out: it may hold a part of a key or an input."""
    import traceback

    where = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    failed, report = (
        say("usage.kit-failed", lang, kind=type(error).__name__),
        say("usage.please-report", lang),
    )
    complain(f"alipay-qr {command}: {failed}\n{where}\n{report}")
