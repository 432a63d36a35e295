"""What is known of a black box before the run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from alipay_qr_conformance.blackbox.commands import Template

PORT: Final = 8700
"""Where the gateway listens unless told otherwise; that of ``alipay-qr gateway`` too."""


@dataclass(frozen=True, slots=True)
class Box:
    """A shop that knows a gateway URL and has a notify URL, and nothing of tests.

    Attributes:
        notify_url: where it takes notifications.
        port: where the kit plays the gateway, on loopback; 0 lets the system choose.
        drive: by operation, the command that makes the shop send.
        watch: for how many seconds requests of the shop's own are awaited before the cases.
        settle: how many seconds after a command its request may still come.
        sign_type, charset: what it is configured with; empty: found from what it sends.
        notify_hosts: hosts beside loopback that the notify URL may be on, in small letters.
    """

    notify_url: str
    port: int = PORT
    drive: "Mapping[str, Template]" = field(default_factory=dict)
    watch: float = 0.0
    settle: float = 0.2
    sign_type: str = ""
    charset: str = ""
    notify_hosts: frozenset[str] = frozenset()
