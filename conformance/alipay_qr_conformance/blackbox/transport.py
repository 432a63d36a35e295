"""`BlackBox`, a transport whose other end knows nothing of the kit.

    hello                             made up from what is known of it
    notify                            a POST to its notify URL
    create_qr_code, cancel, refund    the command that makes it send, where there is one

The outcome of what it sends is not known here: `answering` reads it from the wire.
"""

import asyncio
import base64
import socket
import time
from collections.abc import Mapping, Sequence
from errno import E2BIG
from typing import Final

from alipay_qr_conformance.blackbox.commands import Ended, run
from alipay_qr_conformance.blackbox.target import Box
from alipay_qr_conformance.gateway.notify.post import NotAllowedError, Post, split
from alipay_qr_conformance.model.shown import spared_address
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.subjects import (
    WINDOW,
    Answer,
    Bounds,
    Crash,
    Hang,
    NotSupported,
    Raised,
    Refusal,
    Result,
)
from alipay_qr_conformance.subjects.exceptions import SetupFault
from alipay_qr_conformance.subjects.hello import PROTOCOL
from alipay_qr_conformance.subjects.transport import AnyCall

BOUNDS: Final = Bounds(local=10.0, sending=20.0)
"""Seconds for a whole reply to a notification, and for a command."""

_SHOWN: Final = 300
"""How many characters of what such a command printed are told."""

COMES_BACK: Final = 2.0
"""Seconds within which whoever watches over a shop may start it again."""

_LOOK: Final = 0.05

_NOT_RUN: Final = ("126", "127")
"""How a shell ends where a command cannot be executed, or is not found (POSIX, Shell 2.8.2)."""


class BlackBox:
    """Talks to a shop that knows nothing of it; see the module's docstring."""

    def __init__(self, box: Box, *, bounds: Bounds | None = None) -> None:
        self.box = box
        self.sign_type = box.sign_type or "MD5"
        self.charset = box.charset or "UTF-8"
        self.hangs = 0
        """How often it did not answer in time, in the whole run."""
        self.gone = False
        """Whether nobody listens at its notify URL any more."""
        self._bounds = bounds or BOUNDS
        self._post = Post(box.notify_hosts, self._bounds.local, query_in_body=False)
        self._said = ""
        self._remarks: list[str] = []

    @property
    def bounds(self) -> Bounds:
        """How long it waits."""
        return self._bounds

    @property
    def broken(self) -> bool:
        """Never: what happens to the shop is not the kit's to mend."""
        return False

    @property
    def warnings(self) -> list[str]:
        """What was seen beside the cases."""
        return self._remarks

    def remark(self, text: str) -> None:
        """Note what was seen beside the cases."""
        if text not in self._remarks:
            self._remarks.append(text)

    def call(
        self,
        op: str,
        args: Mapping[str, object],
        now: str | None = None,  # noqa: ARG002 (it cannot be told)
        timeout: float = 10.0,
    ) -> Answer:
        """Make one call.

        Raises:
            SetupFault: its command cannot be started.
        """
        if op == "hello":
            return Result(self._hello())
        if op == "notify":
            return self._notify(args)
        template = self.box.drive.get(op)
        if template is None:
            return NotSupported("no command makes it send this")
        try:
            ended = run(template.argv(args), min(timeout, self._bounds.sending))
        except ValueError as error:  # the value, which no command could be told
            return Refusal(f"the command cannot be run: {error}")
        except OSError as error:
            if error.errno == E2BIG:
                return Refusal(f"the command cannot be run: {error}")
            raise _cannot_run(op, error.strerror or str(error)) from error
        return self._judged(ended)

    def call_many(
        self,
        calls: Sequence[AnyCall],
        timeout: float = 10.0,
        window: int = WINDOW,  # noqa: ARG002 (one after the other)
    ) -> list[Answer | None]:
        """Make many calls, one after the other."""
        return [self.call(op, args, None, timeout) for op, args, _ in calls]

    def expect_ran(self, op: str, ended: Result) -> None:
        """Raise `SetupFault` where a command that sent nothing ended as what cannot be run does."""
        if ended.value.get("status") in _NOT_RUN:
            raise _cannot_run(op, f"status {ended.value['status']}: {self._said[-_SHOWN:].strip() or '-'}")

    def listens(self) -> bool:
        """Say whether the shop takes a connection at its notify URL; it is waited for a while if not."""
        target, end = split(self.box.notify_url), time.monotonic() + COMES_BACK
        while not self.gone:
            try:
                socket.create_connection((target.host, target.port), self._bounds.local).close()
            except ConnectionRefusedError:
                self.gone = time.monotonic() >= end
                time.sleep(_LOOK)
            except OSError:  # too busy, or too slow: it is there
                return True
            else:
                return True
        return False

    def restart(self) -> None:
        """Do nothing: the user started the shop."""

    def close(self) -> None:
        """Do nothing: the user ends the shop."""

    def evidence(self) -> str:
        """Return the end of what the last command printed."""
        return self._said

    def _hello(self) -> dict[str, object]:
        return {
            "protocol": PROTOCOL,
            "name": f"black box at {spared_address(self.box.notify_url).partition('://')[2]}",
            "version": f"{self.sign_type}/{self.charset}",
            "language": "unknown",
            "operations": ["hello", "notify", *self.box.drive],
            "sign_types": [self.sign_type],
            "charsets": list(dict.fromkeys(["UTF-8", self.charset])),
            "clock": False,
            "parallel": False,
        }

    def _judged(self, ended: Ended) -> Answer:
        self._said = ended.output
        if ended.status is None:
            self.hangs += 1
            return Hang(self._bounds.sending)
        return Result({"outcome": "unknown", "status": str(ended.status)})

    def _notify(self, args: Mapping[str, object]) -> Answer:
        url, query = self.box.notify_url, args.get("query")
        if query:
            url = f"{url}{'&' if '?' in url else '?'}{query}"
        body = base64.b64decode(str(args["body_base64"]))
        kind, method = str(args["content_type"]), str(args.get("method") or "POST")
        try:
            attempt = asyncio.run(self._post.send(url, body, kind, time.time(), method=method))
        except NotAllowedError as error:
            return Raised(str(error))
        if attempt.seconds >= self._bounds.local:  # also where it has sent a part
            self.hangs += 1
            return Hang(self._bounds.local)
        if not attempt.status and attempt.error.startswith(ConnectionRefusedError.__name__):
            back = " for a moment, and is back" if self.listens() else ""
            return Crash(None, detail=f"nobody listened at its notify URL{back}")
        if not attempt.status:
            return Refusal(attempt.error)
        reply = base64.b64encode(attempt.reply).decode("ascii")
        return Result({"reply": {"base64": reply}, "status": str(attempt.status)})


def _cannot_run(op: str, why: str) -> SetupFault:
    return SetupFault(message("blackbox.cannot-run", op=op, why=why))
