"""The independent merchant's HTTP: bytes written by hand, so that it can have the habits of any client."""

import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

from harmless.independent_wire import MOST_BYTES, Lost


class Line:
    """One connection, and how this merchant writes on it."""

    def __init__(self, habits):
        self.habits, self.kept, self.left = habits, {}, b""

    def close(self):
        for each in self.kept.values():
            each.close()
        self.kept = {}

    def send(self, url, method, query, body, content_type, limit):
        """Return status and body of the answer; raises `Lost`."""
        parts = urlsplit(url)
        address, self.until = (parts.hostname, parts.port or 80), time.monotonic() + limit
        target = f"{parts.path}?{query}" if query else parts.path
        if self.habits.absolute_target:
            target = f"{parts.scheme}://{parts.netloc}{target}"
        data = self.request(parts.netloc, method, target, body, content_type)
        try:
            return self.exchange(address, data)
        except (OSError, ValueError, EOFError) as error:
            if (old := self.kept.pop(address, None)) is not None:
                old.close()
            raise Lost(str(error)) from None

    def request(self, host, method, target, body, content_type):
        habits = self.habits
        headers = [("Host", host), *habits.headers]
        if habits.connection in ("close", "keep-alive"):
            headers.append(("Connection", habits.connection))
        if body is not None:
            headers.append(("Content-Type", content_type))
            length = (
                ("Transfer-Encoding", "chunked") if habits.chunked else ("Content-Length", str(len(body)))
            )
            headers.append(length)
        change = {"lower": str.lower, "upper": str.upper}.get(habits.header_case, str)
        lines = [
            f"{method} {target} HTTP/{habits.http}",
            *(f"{change(name)}: {text}" for name, text in headers),
        ]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        if body is None or not habits.chunked:
            return head + (body or b"")
        half = max(1, len(body) // 2)
        chunks = (body[at : at + half] for at in range(0, len(body), half))
        return head + b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in chunks) + b"0\r\n\r\n"

    def exchange(self, address, data):
        reuses = self.habits.connection in ("reuse", "keep-alive") and self.habits.http == "1.1"
        line = self.kept.pop(address, None) if reuses else None
        line = self.fresh_unless_alive(line, address)
        self.left, keeps = b"", False
        try:
            size = self.habits.piece or len(data)
            for at in range(0, len(data), size):
                line.sendall(data[at : at + size])
            status, answer, keeps = self.answer(line)
        finally:
            if reuses and keeps:
                self.kept[address] = line
            else:
                line.close()
        return status, answer

    def fresh_unless_alive(self, line, address):
        if line is not None:
            line.settimeout(0)
            with suppress(BlockingIOError):
                line.recv(1)  # closed meanwhile, or says what nobody asked
                line.close()
                line = None
        if line is None:
            line = socket.create_connection(address, self.rest())
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.settimeout(self.rest())
        return line

    def rest(self):
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left

    def more(self, line):
        line.settimeout(self.rest())
        part = line.recv(65536)
        self.left += part
        if len(self.left) > MOST_BYTES:
            raise ValueError("too long")
        return bool(part)

    def until_mark(self, line, mark):
        while mark not in self.left:
            if not self.more(line):
                raise EOFError("it ended too soon")
        found, _, self.left = self.left.partition(mark)
        return found

    def exactly(self, line, size):
        if not 0 <= size <= MOST_BYTES:
            raise ValueError("too long")
        while len(self.left) < size:
            if not self.more(line):
                raise EOFError("it ended too soon")
        found, self.left = self.left[:size], self.left[size:]
        return found

    def answer(self, line):
        status = 100
        while status < 200:
            first, *rest = self.until_mark(line, b"\r\n\r\n").decode("latin-1").split("\r\n")
            status = int(first.split(" ")[1]) if first.startswith("HTTP/1.") else 0
            if not status:
                raise ValueError("no HTTP")
        headers = {
            name.strip().lower(): text.strip() for name, _, text in (each.partition(":") for each in rest)
        }
        keeps = headers.get("connection", "").lower() != "close" and first.startswith("HTTP/1.1")
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return status, self.chunks(line), keeps
        if "content-length" in headers:
            return status, self.exactly(line, int(headers["content-length"])), keeps
        while self.more(line):
            pass
        return status, self.left, False

    def chunks(self, line):
        found = b""
        while size := int(self.until_mark(line, b"\r\n").split(b";")[0], 16):
            found += self.exactly(line, size)
            if len(found) > MOST_BYTES or self.until_mark(line, b"\r\n"):
                raise ValueError("no chunk")
        while self.until_mark(line, b"\r\n"):
            pass
        return found
