"""A gateway as the subject of a run: it is only reached; its checks send what a merchant sends."""

import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from alipay_qr_conformance.model.shown import spared_address
from alipay_qr_conformance.subjects.answers import Answer, NotSupported, Result
from alipay_qr_conformance.subjects.exceptions import AdapterFault
from alipay_qr_conformance.subjects.hello import CHARSETS, PROTOCOL
from alipay_qr_conformance.subjects.transport import WINDOW, AnyCall, Bounds, Transport

_PATIENCE = 5.0
"""Seconds to wait for a connection."""


class GatewayTransport(Transport):
    """Stands for the gateway at a URL, whose answers are judged by the checks themselves.

    Args:
        url: where it is.
        sign_type: what its merchant signs with.
    """

    bounds = Bounds()
    broken = False
    warnings: list[str] = []  # noqa: RUF012 (nothing is ever added)

    def __init__(self, url: str, sign_type: str) -> None:
        self.url = url
        self._sign_type = sign_type

    def call_many(
        self,
        calls: Sequence[AnyCall],
        timeout: float = 10.0,  # noqa: ARG002 (a connection has its own)
        window: int = WINDOW,  # noqa: ARG002 (one after the other)
    ) -> list[Answer | None]:
        """Answer ``hello`` once the gateway was reached; it has no other operation.

        Raises:
            AdapterFault: nobody answers there.
        """
        return [
            self._hello() if op == "hello" else NotSupported("a gateway has no adapter") for op, _, _ in calls
        ]

    def restart(self) -> None:
        """Do nothing: the kit did not start it."""

    def close(self) -> None:
        """Do nothing: the kit did not start it."""

    def evidence(self) -> str:
        """Return what it wrote: nothing that the kit can see."""
        return ""

    def _hello(self) -> Answer:
        self._reach()
        return Result(
            {
                "protocol": PROTOCOL,
                "name": spared_address(self.url),
                "version": "-",
                "language": "-",
                "operations": [],
                "sign_types": [self._sign_type],
                "charsets": list(CHARSETS),
                "clock": False,
                "parallel": False,
            }
        )

    def _reach(self) -> None:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.create_connection((host, port), _PATIENCE).close()
        except OSError as error:
            raise AdapterFault(
                f"nobody answers at {host}:{port}, where the gateway should be: {error.strerror or error}",
                code="gateway.unreachable",
                hint="start the gateway first, and name its URL",
            ) from None
