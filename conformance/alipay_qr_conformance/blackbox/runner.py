"""The engine over a black box: the same cases, and a reason for each that cannot be seen."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from alipay_qr_conformance.blackbox import cases, visibility, watch
from alipay_qr_conformance.blackbox.answering import OnTheWire
from alipay_qr_conformance.blackbox.target import Box
from alipay_qr_conformance.blackbox.transport import BlackBox
from alipay_qr_conformance.engine import setup
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.engine.setup import RunOptions, UsageError
from alipay_qr_conformance.gateway.notify.post import NotAllowedError, Post, split
from alipay_qr_conformance.model.plan import USUAL_CHARSET, Plan
from alipay_qr_conformance.model.test_account import OwnKeys, TestKeys
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.subjects import AdapterFault, Bounds, Subject
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.testbed import Testbed

_PATIENCE: Final = 5.0


@dataclass(frozen=True)
class FromOutside:
    """See no more of a shop than its requests and its replies; see `View`."""

    wire: OnTheWire
    subject: Subject
    say: Callable[[Text], None]

    one_charset = True

    def look(self, bed: Testbed) -> None:
        """Find sign type and charset, and watch the shop's own buttons.

        Raises:
            AdapterFault: nobody answers at its notify URL.
        """
        _reach(self.wire.box.box.notify_url)
        watch.find(bed, self.wire)
        watch.watch(bed, self.wire, self.say)
        self.subject.forget_hello()

    def more_cases(self, plan: Plan, *, every: bool) -> list[Case]:
        """Return the cases of a black box alone; ``every``: those that were driven in other runs too."""
        return list(cases.cases(plan, {} if every else self.wire.box.box.drive))

    def adapted(self, case: Case) -> Case:
        """Return a case in the shop's charset, where an adapter would be configured in UTF-8."""
        if case.setup.charset != USUAL_CHARSET:
            return case
        return replace(case, setup=replace(case.setup, charset=self.wire.box.charset))

    def lacks(self, op: str) -> Text:
        """Say why an operation cannot be asked for."""
        return visibility.lacks(op)

    def unseen(self, case: Case) -> Text | None:
        """Say why a case cannot be judged from outside."""
        return visibility.unseen(case.id, self.wire.box.box.drive)


def box_runner(
    box: Box,
    plan: Plan,
    keys: TestKeys | None = None,
    *,
    say: Callable[[Text], None] = lambda _: None,
    bounds: Bounds | None = None,
) -> Runner:
    """Return a runner over a black box. The port is had at once, the shop is first called by `hello`.

    Args:
        box: what is known of it.
        plan: seed, depth, profile, policy.
        keys: partner and keys; the published test account by default, with the kit's key as Alipay's.
        say: called with what a person should do while the kit watches.
        bounds: how long to wait.

    Raises:
        OSError: the port cannot be had.
    """
    wire = OnTheWire(box=BlackBox(box, bounds=bounds))
    subject = Subject(wire.box)
    view = FromOutside(wire, subject, say)
    runner = Runner(subject, plan, _one_pair(keys or TestKeys()), answering=wire, view=view)
    runner.testbed.gateway_url  # noqa: B018 (the port is had, or is not)
    return runner


def black_box(wish: RunOptions, box: Box, say: Callable[[Text], None]) -> Runner:
    """Return a runner over a black box, whose gateway listens already.

    Args:
        wish: everything but the subject.
        box: what is known of it.
        say: called with what a person should do while the kit watches.

    Raises:
        UsageError: see `setup.runner`; or the notify URL is not allowed, or the port cannot be had.
    """
    if wish.command is not None or wish.python or wish.url or wish.faketime:
        raise UsageError("name one subject: --notify-url takes no adapter beside it")
    try:
        asyncio.run(Post(box.notify_hosts).addresses(box.notify_url))
    except (NotAllowedError, OSError) as error:
        raise UsageError(f"--notify-url {box.notify_url}: {error}") from None
    try:
        return box_runner(box, setup.plan(wish), setup.keys_of(wish), say=say)
    except OSError as error:
        raise UsageError(f"--listen {box.port}: {error.strerror or error}; choose another port") from None


def _one_pair(keys: TestKeys) -> TestKeys:
    """Return keys of which one RSA pair serves both RSA sign types: a shop has one for whatever it signs."""
    if keys.own is not None:
        return keys
    private = keys.merchant_private("RSA")
    return replace(keys, own=OwnKeys(private, private.public_key(), keys.alipay_private("RSA")))


def _reach(url: str) -> None:
    target = split(url)
    try:
        socket.create_connection((target.host, target.port), _PATIENCE).close()
    except OSError as error:
        raise AdapterFault(
            f"nobody answers at {target.host}:{target.port}, where the notify URL leads: "
            f"{error.strerror or error}",
            code="blackbox.unreachable",
            hint="start the shop first, and name the URL that its notifications come to",
        ) from error
