"""From what a person names - a command, a URL, a Python object - to a runner.

The command line and the pytest plugin share this, so that both accept the same things and complain in
the same words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance.model.plan import Depth, Plan
from alipay_qr_conformance.model.policy import Policy, PolicyError, read_policy
from alipay_qr_conformance.model.test_account import AccountFileError, TestKeys, read_account
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.subjects import (
    AdapterFault,
    Faketime,
    HttpTransport,
    NoFaketime,
    ProcessTransport,
    PythonTransport,
    Subject,
    Transport,
)

if TYPE_CHECKING:
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.testbed.gateway_client import GatewayTarget

LARGEST_SEED: Final = 999_999_999
ONE_JOB: Final = "two jobs need a subject each: name a command or --python, without --faketime"


class UsageError(ValueError):
    """What the user asked for cannot be meant; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a user asked for; without command, python and url it is the bundled reference merchant."""

    command: Sequence[str] | None = None
    python: str | None = None
    url: str | None = None
    level: int = 4
    profile: str = "global"
    policy: Path | None = None
    account: Path | None = None
    seed: int = 0
    depth: Depth = "default"
    faketime: bool = False
    """Move the clock of the process that the command starts."""
    jobs: int = 1
    """Processes; the second one has a subject of its own."""
    folder: Path | None = None
    """Where the command is started; None is: where the kit was."""


def transport(wish: RunOptions, clock: Faketime | None = None) -> Transport:
    """Return the transport to the subject; the process of a command takes the time from ``clock``.

    Raises:
        UsageError: more than one subject is named, or one that cannot be meant.
    """
    if wish.command is not None and not wish.command:
        raise UsageError("the command that starts the adapter is empty")
    if sum((wish.command is not None, wish.python is not None, wish.url is not None)) > 1:
        raise UsageError("name one subject: a command, or --python, or --url")
    if wish.faketime and not wish.command:
        raise UsageError(
            "faketime moves the clock of a process that a command starts, and no command is named"
        )
    if wish.command:
        return ProcessTransport(list(wish.command), clock=clock, folder=wish.folder)
    if wish.url is not None:
        try:
            return HttpTransport(wish.url)
        except AdapterFault as error:
            raise UsageError(f"--url: {error}") from None
    return PythonTransport(wish.python or "alipay_qr_conformance.subjects.reference:ReferenceAdapter")


def process_clock(wish: RunOptions) -> tuple[Faketime | None, Text | None]:
    """Return the clock of the command's process; where one was wished for and cannot be had, why."""
    if not wish.faketime:
        return None, None
    try:
        return Faketime(), None
    except NoFaketime as error:
        return None, error.reason


def plan(wish: RunOptions) -> Plan:
    """Return the plan of a wish.

    Raises:
        UsageError: the policy file or the seed cannot be used.
    """
    if not 0 <= wish.seed <= LARGEST_SEED:  # it is a part of every trade's number
        raise UsageError(f"the seed is a number from 0 to {LARGEST_SEED}, not {wish.seed}")
    try:
        policy = read_policy(wish.policy) if wish.policy else Policy()
    except PolicyError as error:
        raise UsageError(str(error)) from None
    return Plan(policy=policy, level=wish.level, seed=wish.seed, depth=wish.depth, profile=wish.profile)


def runner(wish: RunOptions, *, ahead: bool = False) -> "Runner":
    """Return a runner over the subject of a wish.

    Args:
        wish: what the user asked for.
        ahead: start the process of a command now, so that it comes up while the kit is still loaded; else
            it is started at its first use, as where a second process is to be forked.

    Raises:
        UsageError: see `transport` and `plan`; or the account file cannot be used.
    """
    keys = keys_of(wish)
    if wish.jobs > 1 and (wish.url is not None or wish.faketime):
        raise UsageError(ONE_JOB)
    transport(wish)  # a wish that cannot be meant leaves nothing behind
    planned = plan(wish)
    clock, gap = process_clock(wish)
    way = transport(wish, clock)
    if ahead and wish.jobs == 1 and isinstance(way, ProcessTransport):
        way.begin()
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.engine.second import Second

    found = Runner(Subject(way, clock=clock), planned, keys, no_clock=gap)
    if wish.jobs > 1:
        found.second = Second(partial(runner, replace(wish, jobs=1)))
    return found


def gateway(wish: RunOptions, target: "GatewayTarget") -> "Runner":
    """Return a runner over a gateway.

    Args:
        wish: everything but the subject.
        target: how to reach it; its keys are those of the account file.

    Raises:
        UsageError: see `plan`; or the account file cannot be used.
    """
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.subjects.gateway import GatewayTransport

    keys = keys_of(wish)
    planned = replace(plan(wish), role="gateway", level=1)
    transport = GatewayTransport(target.url, target.sign_type)
    return Runner(Subject(transport), planned, keys, target=replace(target, keys=keys))


def keys_of(wish: RunOptions) -> TestKeys:
    """Return the keys of a wish.

    Raises:
        UsageError: the account file cannot be used.
    """
    try:
        return read_account(wish.account) if wish.account else TestKeys()
    except AccountFileError as error:
        raise UsageError(str(error)) from None
