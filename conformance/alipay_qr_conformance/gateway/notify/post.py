"""One bounded POST to an allowed address, which follows no redirect.

The gateway of a test must be no weapon: by default it talks to loopback only. A name is resolved once, every
address that it has must be allowed, and the connection goes to the address that was looked at.
"""

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from alipay_qr_conformance.gateway.store.memory import Attempt

DONE_REPLIES: Final = (b"success", b"SUCCESS")
"""The whole body that ends the repeats; the pages disagree about its letters, so both do."""

MAX_REPLY: Final = 64 * 1024
MAX_SECONDS: Final = 10.0
_KEPT: Final = 4096
_READ: Final = 16 * 1024


class NotAllowedError(Exception):
    """The address is one that notifications may not go to."""


@dataclass(frozen=True)
class Target:
    """The address of a POST, taken apart."""

    host: str
    port: int
    path: str
    query: str
    secure: bool


@dataclass
class Post:
    """The sender of notifications.

    Args:
        allowed_hosts: host names and addresses beside loopback, in small letters.
        seconds: for the whole exchange.
        query_in_body: POST to the path alone, and send the query of the address as fields of the body before
            Alipay's own, unsigned (global.alipay.com help page 201602631377; genuine, 2015-08-19).
        trust: certificates for https addresses; by default none is checked, because a shop under
            development has a certificate of its own making.
    """

    allowed_hosts: frozenset[str] = frozenset()
    seconds: float = MAX_SECONDS
    query_in_body: bool = True
    trust: ssl.SSLContext | None = field(default=None, repr=False)

    async def send(
        self, url: str, body: bytes, content_type: str, due: float, *, method: str = "POST"
    ) -> Attempt:
        """POST a notification; every mishap is in the attempt.

        Raises:
            NotAllowedError: the address is not allowed, or is none.
        """
        began = time.time()
        start = time.monotonic()
        reader = _Reply()
        error = ""
        try:
            async with asyncio.timeout(self.seconds):
                target = split(url)
                addresses = await self._resolve(target)
                request = _request(method, target, body, content_type, query_in_body=self.query_in_body)
                await self._exchange(target, addresses, request, reader)
        except TimeoutError:
            error = f"no whole answer within {self.seconds:g} seconds"
        except UnicodeError:
            error = "the host of notify_url is no name that can be looked up"
        except (OSError, HttpParserError, HttpParserUpgrade) as mishap:
            error = f"{type(mishap).__name__}: {mishap}"
        reply = bytes(reader.body)
        return Attempt(
            at=began,
            late=max(0.0, began - due),
            seconds=time.monotonic() - start,
            status=reader.status,
            reply=reply[:_KEPT],
            error=error or complaint(reader.status, reply),
        )

    async def addresses(self, url: str) -> list[str]:
        """Return the network addresses that an address leads to.

        Raises:
            NotAllowedError: it is not allowed, or is none.
            OSError: its host is not known.
        """
        return await self._resolve(split(url))

    async def _resolve(self, target: Target) -> list[str]:
        try:
            addresses = [str(ipaddress.ip_address(target.host))]
        except ValueError:
            if target.host.endswith((".example", ".invalid")):  # RFC 2606: nobody is there
                raise NotAllowedError(f"{target.host} is an address of examples, nothing is sent") from None
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            addresses = [str(each[4][0]) for each in found]
        if target.host in self.allowed_hosts:
            return addresses
        for address in addresses:
            if not _is_loopback(address) and address not in self.allowed_hosts:
                raise NotAllowedError(
                    f"{target.host} is not on this machine; allow it with --allow-notify-host {target.host}"
                )
        return addresses

    async def _connect(
        self, target: Target, addresses: list[str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        context = (self.trust or _trusting()) if target.secure else None
        name = target.host if context else None
        for address in addresses[:-1]:
            with contextlib.suppress(OSError):  # localhost: the shop may listen on one of the two families
                return await asyncio.open_connection(
                    address, target.port, ssl=context, server_hostname=name, limit=_READ
                )
        return await asyncio.open_connection(
            addresses[-1], target.port, ssl=context, server_hostname=name, limit=_READ
        )

    async def _exchange(self, target: Target, addresses: list[str], request: bytes, reply: "_Reply") -> None:
        reader, writer = await self._connect(target, addresses)
        try:
            writer.write(request)
            await writer.drain()
            parser = HttpResponseParser(reply)
            while not reply.complete and (data := await reader.read(_READ)):
                parser.feed_data(data)
                reply.status = parser.get_status_code()
                reply.received += len(data)
                if reply.received > MAX_REPLY:
                    raise ConnectionError(f"the reply is longer than {MAX_REPLY} bytes")
            if not reply.status:
                raise ConnectionError("the connection was closed without an answer")
            if not reply.complete and reply.announced:
                raise ConnectionError("the connection was closed within the answer")
        finally:
            writer.transport.abort()


class _Reply:
    """A response, as httptools reports it."""

    def __init__(self) -> None:
        self.status = 0
        self.body = bytearray()
        self.received = 0
        self.complete = False
        self.announced = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note whether the length of the body is known."""
        self.announced |= name.lower() in {b"content-length", b"transfer-encoding"} and bool(value)

    def on_body(self, part: bytes) -> None:
        """Collect the body."""
        self.body += part

    def on_message_complete(self) -> None:
        """Stop reading."""
        self.complete = True


def split(url: str) -> Target:
    """Take an address apart.

    Raises:
        NotAllowedError: it is no http or https address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotAllowedError("notify_url is no address") from None
    path, query = parts.path or "/", parts.query
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NotAllowedError("notify_url is no http or https address")
    whole = path + query
    if not whole.isascii() or any(character <= " " or character == "\x7f" for character in whole):
        raise NotAllowedError("notify_url holds characters that no address may hold")
    return Target(parts.hostname.lower(), port, path, query, parts.scheme == "https")


def complaint(status: int, reply: bytes) -> str:
    """Say why an answer does not end the repeats; an empty text if it does."""
    if status != 200:  # noqa: PLR2004 (the one status that counts)
        return f"status {status}: a merchant that has understood answers 200"
    if reply in DONE_REPLIES:
        return ""
    if reply.strip(b"\xef\xbb\xbf \t\r\n").lower() == b"success":
        return "the body must be success or SUCCESS and nothing else, no blank, line break or byte order mark"
    return "the body is neither success nor SUCCESS"


def _request(method: str, target: Target, body: bytes, content_type: str, *, query_in_body: bool) -> bytes:
    """Return the bytes of a POST; the head is that of genuine ones (expressjs/body-parser#137)."""
    path = target.path
    if target.query and query_in_body and body:
        body = target.query.encode("ascii") + b"&" + body
    elif target.query:
        path += f"?{target.query}"
    host = f"[{target.host}]" if ":" in target.host else target.host
    default = 443 if target.secure else 80
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host if target.port == default else f'{host}:{target.port}'}",
        *([f"Content-Type: {content_type}"] if content_type else []),
        f"Content-Length: {len(body)}",
        "User-Agent: Mozilla/4.0",
        "Connection: close",
        "\r\n",
    ]
    return "\r\n".join(lines).encode("ascii") + body


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
