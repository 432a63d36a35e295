"""The engine over a black box: the same cases, and a reason for each that cannot be seen."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from alipay_qr.errors import Unencodable
from alipay_qr_conformance.blackbox import stories, visibility, watch
from alipay_qr_conformance.blackbox.lab import BlackBoxLab
from alipay_qr_conformance.blackbox.target import Box
from alipay_qr_conformance.blackbox.transport import BlackBox
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.gateway.notify.post import split
from alipay_qr_conformance.model.plan import CHARSETS, SIGN_TYPES, Plan
from alipay_qr_conformance.model.requirements import LEVELS
from alipay_qr_conformance.model.test_account import OwnKeys, TestKeys
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import CaseResult, Text, Verdict
from alipay_qr_conformance.subjects import AdapterFault, Bounds, Hello, Subject
from alipay_qr_conformance.testbed.case import Case

_PATIENCE: Final = 5.0


class _Seen(Subject):
    """A subject whose hello is not final before it was looked at."""

    def hello(self) -> Hello:
        """Return what is known by now."""
        self._hello = None
        return super().hello()


def _silence(_: Text) -> None:
    """Nobody listens."""


class BlackBoxRunner(Runner):
    """Runs cases against a black box. The port is had at once, the shop is first called by `hello`.

    Args:
        box: what is known of it.
        plan: seed, depth, profile, policy.
        keys: partner and keys; the published test account by default, with the kit's key as Alipay's.
        say: called with what a person should do while the kit watches.
        bounds: how long to wait.

    Raises:
        OSError: the port cannot be had.
    """

    def __init__(
        self,
        box: Box,
        plan: Plan,
        keys: TestKeys | None = None,
        *,
        say: Callable[[Text], None] = _silence,
        bounds: Bounds | None = None,
    ) -> None:
        self.box = BlackBox(box, bounds=bounds)
        super().__init__(_Seen(self.box), plan, _one_pair(keys or TestKeys()))
        self._say = say
        self.gateway_url = self.testbed.gateway_url

    @cached_property
    def hello(self) -> Hello:
        """What was found out about the box.

        Raises:
            AdapterFault: nobody answers at its notify URL.
        """
        _reach(self.box.box.notify_url)
        watch.find(self.testbed)
        watch.watch(self.testbed, self._say)
        self.testbed.hello = self.subject.hello()
        return self.testbed.hello

    @cached_property
    def testbed(self) -> BlackBoxLab:
        """The laboratory of this run."""
        unknown = Hello("1", "-", "-", "-", (), SIGN_TYPES, CHARSETS, clock=False, parallel=False)
        return BlackBoxLab(subject=self.subject, hello=unknown, keys=self.keys, plan=self.plan, box=self.box)

    def cases(self) -> list[Case]:
        """Return the cases of an adapter, and those of a black box alone."""
        return [*super().cases(), *stories.cases(self.plan, self.box.box.drive)]

    def every_case(self) -> list[Case]:
        """Return the cases of every level, and those that were observed or driven in other runs."""
        whole = replace(self.plan, level=max(LEVELS))
        return [*super().every_case(), *stories.cases(whole, {})]

    def judge(self, case: Case, upcoming: Sequence[Case] = ()) -> CaseResult:
        """Run one case; what an adapter would be configured to do in UTF-8, the box does in its charset."""
        self.hello  # noqa: B018 (it finds the charset)
        if case.setup.charset == "UTF-8":
            case = replace(case, setup=replace(case.setup, charset=self.box.charset))
        try:
            return super().judge(case, upcoming)
        except Unencodable:  # what is said in UTF-8 cannot always be said in its charset
            reason = message("needs.charset", charset="UTF-8")
            return CaseResult(case.requirement, case.name, Verdict.UNSUPPORTED, reason=reason, optional=True)

    def lacks(self, op: str) -> Text:
        """Say why an operation cannot be asked for."""
        return visibility.lacks(op)

    def unseen(self, case: Case) -> Text | None:
        """Say why a case cannot be judged from outside."""
        return visibility.unseen(case.id, self.box.box.drive)


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
