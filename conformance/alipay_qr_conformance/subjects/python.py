"""An adapter that is a Python object: one method per operation, in this process.

    class Shop:                                 # or any object, or a factory that returns one
        def hello(self, protocol, kit): ...
        def sign(self, params, charset, sign_type): return {"sign": ...}

    PythonTransport("shop:Shop")   PythonTransport(Shop)   PythonTransport(Shop())

A method gets the arguments that it names (all of them with ``**rest``), and ``now`` where the subject has
a clock. `Refused` and `Unsupported` are answers; any other exception is `Raised`; a missing method is
`NotSupported`.

Calls run in threads of the kit's own (`alipay_qr_conformance.subjects.threads`), one at a time; with a
``window`` above 1 in as many threads. After a hang the next call meets a fresh instance in a fresh thread. An
object that was given ready-made cannot be made anew: it is used again, and a warning says so.
"""

import importlib
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import CodeType, FunctionType, MethodType
from typing import Final

from alipay_qr_conformance.subjects.answers import Answer, Garbled, NotSupported, Raised, Refusal
from alipay_qr_conformance.subjects.exceptions import AdapterFault, Refused, Unsupported
from alipay_qr_conformance.subjects.message import answer_of, clip, plain
from alipay_qr_conformance.subjects.threads import Batch, Worker
from alipay_qr_conformance.subjects.transport import WINDOW, AnyCall, Bounds, Transport, moment

_METHOD_NAMES: Final = ("hello", "sign", "notify", "presign", "verify")
"""What tells a subject from a factory that makes one."""


class PythonTransport(Transport):
    """Talks to a Python object. ``target`` is one, its class or factory, or ``module:attribute``."""

    def __init__(self, target: object, *, bounds: Bounds | None = None) -> None:
        self._target = target
        self._bounds = bounds or Bounds()
        self._warnings: list[str] = []
        self._subject: object | None = None
        self._workers: list[Worker] = []
        self._names: _Names = {}
        self._broken = False

    @property
    def bounds(self) -> Bounds:
        """How long it waits and how much it reads."""
        return self._bounds

    @property
    def broken(self) -> bool:
        """Whether the instance was given up after a hang."""
        return self._broken

    @property
    def warnings(self) -> list[str]:
        """What the adapter does wrong without costing a case, each told once."""
        return self._warnings

    def call_many(
        self, calls: Sequence[AnyCall], timeout: float = 10.0, window: int = WINDOW
    ) -> list[Answer | None]:
        """Make many calls; see `Transport.call_many`."""
        # A copy: a subject that sorts its parameters in place must not sort the kit's.
        jobs = [(op, _copy(args), moment(now)) for op, args, now in calls]
        if not jobs:
            return []
        subject = self._made()
        batch = Batch([partial(_perform, subject, self._names, *job) for job in jobs])
        hands = min(window, len(jobs))
        while len(self._workers) < hands:
            self._workers.append(Worker())
        for worker in self._workers[:hands]:
            worker.do(batch)
        if not batch.wait(timeout):
            self._give_up()
        return batch.answers

    def restart(self) -> None:
        """Drop the instance; the next call makes a fresh one."""
        self.close()
        self._broken = False

    def close(self) -> None:
        """Let the threads end and drop the instance."""
        for worker in self._workers:
            worker.leave()
        self._workers = []
        self._subject = None
        self._names.clear()

    def evidence(self) -> str:
        """Return nothing: what an object prints goes to the kit's own streams."""
        return ""

    def _give_up(self) -> None:
        self.close()
        self._broken = True
        if not (isinstance(self._target, str) or _is_factory(self._target)):
            text = (
                "the subject is a ready-made object: after a hang it is used again as it is (give a factory)"
            )
            if text not in self._warnings:
                self._warnings.append(text)

    def _made(self) -> object:
        if self._subject is None:
            found = _load(self._target) if isinstance(self._target, str) else self._target
            self._subject = _make(found) if _is_factory(found) else found
            self._broken = False
        return self._subject


_Names = dict[str, tuple[CodeType, frozenset[str] | None]]
"""By operation: the code that was looked at, and the arguments that it names; None where it takes all."""


def _copy(args: Mapping[str, object]) -> dict[str, object]:
    copy = plain(args)
    return dict(copy) if isinstance(copy, dict) else {}


def _perform(subject: object, known: _Names, op: str, args: dict[str, object], now: str | None) -> Answer:
    method = None if op.startswith("_") else getattr(subject, op, None)
    if not callable(method):
        return NotSupported(f"it has no method {op}")
    if now is not None:
        args["now"] = now
    try:
        names = _names(method, op, known)
        value = method(**(args if names is None else {key: args[key] for key in args if key in names}))
    except Refused as error:
        return Refusal(_legible(str(error)))
    except Unsupported as error:
        return NotSupported(_legible(str(error)), error.issue and _legible(str(error.issue)))
    except BaseException as error:  # noqa: BLE001 - SystemExit too is the subject's way to fail, not ours
        return _raised(error)
    if inspect.iscoroutine(value):
        value.close()
        return Garbled(f"{op} returned a coroutine: a method of a Python subject is no async function")
    return answer_of({"result": value})


def _names(method: Callable[..., object], op: str, known: _Names) -> frozenset[str] | None:
    """Return what is to be passed by name, None where all is: unknown fields are ignored by both sides."""
    code = _code(method)
    if code is None:
        return _parameters(method)
    found = known.get(op)
    if found is None or found[0] is not code:
        found = known[op] = code, _parameters(method)
    return found[1]


def _code(method: object) -> CodeType | None:
    """Return the code of an ordinary method, which alone says what it takes; None for anything else.

    What is decorated, or callable in some way of its own, may change what it takes from call to call.
    """
    function = method.__func__ if type(method) is MethodType else None
    return function.__code__ if type(function) is FunctionType and not function.__dict__ else None


def _parameters(method: Callable[..., object]) -> frozenset[str] | None:
    try:
        parameters = inspect.signature(method).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return None
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return frozenset(each.name for each in parameters if each.kind in by_name)


def _raised(error: BaseException) -> Raised:
    # Without the kit's own frame; a traceback of one frame is a call that did not fit the method.
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    try:
        text = "".join(traceback.format_exception(type(error), error, frames))
        message = f"{type(error).__name__}: {error}"
    except Exception as broken:  # noqa: BLE001 - an exception whose own __str__ raises
        text, message = "", f"{type(error).__name__}, whose text cannot be made: {type(broken).__name__}"
    misfit = frames is None and isinstance(error, TypeError)
    return Raised(_legible(message), _legible(text), "adapter" if misfit else "subject")


def _legible(text: str) -> str:
    return clip(text).encode("utf-8", "backslashreplace").decode("utf-8")


def _is_factory(target: object) -> bool:
    if isinstance(target, type):
        return True
    return callable(target) and not any(callable(getattr(target, name, None)) for name in _METHOD_NAMES)


def _make(factory: object) -> object:
    if not callable(factory):  # pragma: no cover - only factories come here
        raise TypeError("not a factory")
    try:
        return factory()
    except Exception as error:
        raise AdapterFault(
            f"the factory of the Python subject raised {type(error).__name__}: {clip(str(error), 500)}",
            code="adapter.not-started",
            hint="a factory takes no arguments and returns an object with one method per operation",
        ) from error


def _load(target: str) -> object:
    module_name, colon, attribute = target.partition(":")
    if not (module_name and colon and attribute):
        raise AdapterFault(
            f"{target!r} names no Python subject",
            code="adapter.not-found",
            hint="write module:attribute, such as shop.adapter:Shop",
        )
    here = os.getcwd()  # noqa: PTH109 - sys.path holds texts
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found: object = importlib.import_module(module_name)
        for name in attribute.split("."):
            found = getattr(found, name)
    except Exception as error:
        raise AdapterFault(
            f"the Python subject {target!r} cannot be loaded: {type(error).__name__}: {clip(str(error))}",
            code="adapter.not-found",
            hint=f"modules are searched in {here} and on sys.path",
        ) from error
    return found
