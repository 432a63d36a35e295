"""What the doctor makes of wrong signs, away from the thread that answers.

A search may take 60 ms, and a shop that signs wrongly signs every request wrongly. A thread makes the first
few; where more wait than that, it hands them to a process of its own, which has a processor of its own.
The queue is bounded: what is thrown out of it is asked again by whoever looks at that request.
"""

import contextlib
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import Future
from typing import IO, Any, Final

from alipay_qr.keys import load_public_key, public_key_forms
from alipay_qr.signing import SIGN_TYPES
from alipay_qr_conformance.model.outcomes import WrongSign
from alipay_qr_conformance.model.posix import be_nice
from alipay_qr_conformance.model.test_account import OwnKeys, TestKeys
from alipay_qr_conformance.rules.wrong_sign import Explained, in_full

Diagnosis = Future[Explained | None]
"""The mistake that makes the sign; None where no search finds one."""

_LEAVING: Final = 2.0
"""Seconds for a search that goes on when all ends."""

_HERE: Final = 3
_MOST: Final = 1000
_PROGRAM: Final = "from alipay_qr_conformance.sandbox.diagnoses import serve; serve()"
_HEAD: Final = struct.Struct(">I")


class Diagnoses:
    """Diagnoses of one account's wrong signs, made one after the other; safe in any thread.

    Args:
        keys: of the account.
        most: how many may wait.
    """

    def __init__(self, keys: TestKeys, *, most: int = _MOST) -> None:
        self._keys = keys
        self._most = most
        self._waiting: deque[tuple[WrongSign, Diagnosis]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._helper: _Helper | None = None
        self._closed = False

    def ask(self, wrong_sign: WrongSign) -> Diagnosis:
        """Return the diagnosis to come; it is cancelled where too many wait, or all ends."""
        made: Diagnosis = Future()
        with self._changed:
            if self._closed:
                made.cancel()
                return made
            self._waiting.append((wrong_sign, made))
            if len(self._waiting) > self._most:
                self._waiting.popleft()[1].cancel()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="diagnoses", daemon=True)
                self._thread.start()
            self._changed.notify()
        return made

    def close(self) -> None:
        """Cancel what waits, and end thread and process."""
        with self._changed:
            self._closed = True
            for _, made in self._waiting:
                made.cancel()
            self._waiting.clear()
            self._changed.notify()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(_LEAVING)  # a long search is left to itself: nobody reads it any more
        if self._helper is not None:
            self._helper.close()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    if self._closed:
                        return
                    self._changed.wait()
                many = len(self._waiting) > _HERE
                wrong_sign, made = self._waiting.popleft()
            if not made.set_running_or_notify_cancel():
                continue
            try:
                made.set_result(self._explained(wrong_sign, many=many))
            except Exception as error:  # noqa: BLE001 (whoever reads it is told; the thread goes on)
                made.set_exception(error)

    def _explained(self, wrong_sign: WrongSign, *, many: bool) -> Explained | None:
        if many and self._helper is None:
            with contextlib.suppress(OSError):
                self._helper = _Helper(self._keys)
        if self._helper is not None:
            try:
                return self._helper.explained(wrong_sign)
            except (OSError, EOFError):  # it was killed: there is a way without it
                self._helper.close()
                self._helper = None
        return in_full(wrong_sign, self._keys)


class _Helper:
    """A process that explains what it is sent; it ends when its input does."""

    def __init__(self, keys: TestKeys) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(  # noqa: S603 (our own module, in our own interpreter)
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the gateway
        )
        public = {name: _pem(keys, name) for name in SIGN_TYPES if name != "MD5"} if keys.own else {}
        self._send((keys.partner, keys.md5_key, keys.own is not None, public.get("RSA", "")))

    def explained(self, wrong_sign: WrongSign) -> Explained | None:
        """Return the mistake; raise OSError or EOFError where the process is gone."""
        self._send(tuple(wrong_sign))
        assert self._process.stdout is not None  # noqa: S101 (a pipe was asked for)
        told: Explained | None = _read(self._process.stdout)
        return told

    def close(self) -> None:
        """Let it end."""
        self._process.kill()
        with contextlib.suppress(OSError), self._process:  # what it has not read is lost on it
            pass

    def _send(self, value: object) -> None:
        assert self._process.stdin is not None  # noqa: S101 (a pipe was asked for)
        _write(self._process.stdin, value)


def serve() -> None:
    """Explain what comes on stdin, until it ends; the helper's whole life."""
    be_nice()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    with contextlib.suppress(EOFError):
        partner, md5_key, own, public = _read(source)
        keys = TestKeys(partner, md5_key, _own(public) if own else None)
        while True:
            _write(sink, in_full(WrongSign(*_read(source)), keys))


def _own(public: str) -> OwnKeys:
    return OwnKeys(merchant_public=load_public_key(public) if public else None)


def _pem(keys: TestKeys, sign_type: str) -> str:
    key = keys.merchant_public(sign_type)
    return public_key_forms(key)[0] if key else ""


def _write(stream: IO[bytes], value: object) -> None:
    body = pickle.dumps(value)
    stream.write(_HEAD.pack(len(body)) + body)
    stream.flush()


def _read(stream: IO[bytes]) -> Any:
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    return pickle.loads(stream.read(_HEAD.unpack(head)[0]))  # noqa: S301 (our own process wrote it)
