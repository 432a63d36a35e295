"""The drive: the user's own commands that make a shop send, one for each operation.

    refund=php shop.php refund {out_trade_no} {partner_refund_id} {refund_amount}

The line is split into words once, as a shell would; then each ``{name}`` is replaced inside its word. No
shell sees it, so no value can become a word or a command. What a command prints is evidence, never an
answer: it is kept in part, and its exit status judges nothing.
"""

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from alipay_qr_conformance.model.posix import POLLIN, end_group, poller

FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "create_qr_code": {},
    "cancel": {"out_trade_no": "out_trade_no", "trade_no": "trade_no"},
    "refund": {
        "out_trade_no": "partner_trans_id",
        "trade_no": "alipay_trans_id",
        "partner_refund_id": "partner_refund_id",
        "refund_amount": "refund_amount",
        "currency": "currency",
        "refund_reason": "refund_reason",
        "is_sync": "is_sync",
    },
}
"""By operation: the names that may stand in braces, and the argument of the operation that each means."""

COMPULSORY: Final[Mapping[str, tuple[str, ...]]] = {
    "create_qr_code": (),
    "cancel": ("out_trade_no",),
    "refund": ("out_trade_no", "refund_amount"),
}
WORDS: Final = {"create": "create_qr_code", "cancel": "cancel", "refund": "refund"}
"""The operations as a user writes them."""

_NAME: Final = re.compile(r"\{([a-z_]+)\}")
_TAIL: Final = 8192
_LOOK: Final = 0.02
"""Seconds between two looks whether it has ended: a child of its own may hold its output open."""


class DriveError(ValueError):
    """A drive that cannot be meant; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Template:
    """One command: its words, with names in braces."""

    op: str
    words: tuple[str, ...]

    @property
    def told(self) -> frozenset[str]:
        """The arguments of the operation that the shop is told by it."""
        names = {name for word in self.words for name in _NAME.findall(word)}
        return frozenset(FIELDS[self.op][name] for name in names)

    def argv(self, args: Mapping[str, object]) -> list[str]:
        """Return the argument list; an argument that is not given is an empty text.

        Raises:
            ValueError: a value holds a NUL, which no argument list can carry.
        """
        names = FIELDS[self.op]
        words = [_NAME.sub(lambda found: str(args.get(names[found[1]]) or ""), word) for word in self.words]
        if any("\0" in word for word in words):
            raise ValueError("an argument of a command cannot hold a NUL")
        return words


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: ``status`` is None where it was ended for taking too long."""

    status: int | None
    output: str


def parse_drive(texts: Iterable[str]) -> dict[str, Template]:
    """Return the templates of ``OP=COMMAND`` texts, by operation.

    Raises:
        DriveError: no such operation, one twice, no such command, or a name that is unknown or missing.
    """
    found: dict[str, Template] = {}
    for text in texts:
        template = _parse(text)
        if template.op in found:
            raise DriveError(f"{text!r}: a command for this operation was given before")
        found[template.op] = template
    return found


def _parse(text: str) -> Template:
    word, equals, line = text.partition("=")
    op = WORDS.get(word.strip())
    if not equals or op is None:
        raise DriveError(f"{text!r}: write {'=..., '.join(WORDS)}=..., with a command behind the sign")
    try:
        words = tuple(shlex.split(line))
    except ValueError as error:
        raise DriveError(f"{text!r}: {error}") from None
    if not words:
        raise DriveError(f"{text!r}: the command is empty")
    names = {name for each in words for name in _NAME.findall(each)}
    legal = FIELDS[op]
    if unknown := names - set(legal):
        known = ", ".join(legal) or "none"
        raise DriveError(f"{text!r}: {{{min(unknown)}}} is not known here; known are: {known}")
    if missing := [name for name in COMPULSORY[op] if name not in names]:
        raise DriveError(f"{text!r}: {{{missing[0]}}} is missing: the shop must be told")
    if shutil.which(words[0]) is None:
        raise DriveError(f"{text!r}: there is no command {words[0]!r}")
    return Template(op, words)


def run(argv: list[str], seconds: float) -> Ended:
    """Run a command to its end, or end it with all that it started when its time is over.

    What it leaves behind in the background stays: a shop may send later.

    Raises:
        OSError: it cannot be started.
    """
    popen = subprocess.Popen(  # noqa: S603 (the user's own command, as a list, no shell)
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        start_new_session=True,
    )
    assert popen.stdout is not None  # noqa: S101 (a pipe was asked for)
    deadline = time.monotonic() + seconds
    with popen.stdout as stream:  # not closed before the end: whoever still writes would die of that instead
        output = _read(popen, stream.fileno(), deadline)
        try:
            status: int | None = popen.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            status = None
            end_group(popen.pid, hard=True)  # it leads the group, and is not reaped yet
            popen.wait()
    return Ended(status, output.decode("utf-8", "backslashreplace"))


def _read(popen: "subprocess.Popen[bytes]", descriptor: int, deadline: float) -> bytes:
    """Return the end of what a command prints until it ends, or its time is over."""
    tail = b""
    poll = poller()
    poll.register(descriptor, POLLIN)
    while (remaining := deadline - time.monotonic()) > 0:
        if poll.poll(1000 * min(remaining, _LOOK) + 1):
            data = os.read(descriptor, 65536)
            if not data:
                break
            tail = (tail + data)[-_TAIL:]
        elif popen.poll() is not None:
            break
    return tail
