"""Hostile HTTP against the command itself: bounded in memory and time, everybody else is served."""

import contextlib
import socket
import time
from pathlib import Path

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alipay_qr_conformance.sandbox import Sandbox

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running
    assert running.server.errors == []


def connect(base_url: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", int(base_url.rpartition(":")[2])), timeout=5)
    connection.settimeout(5)
    return connection


def read(connection: socket.socket) -> bytes:
    found = []
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65536):
            found.append(part)
    return b"".join(found)


def exchange(sandbox, *parts: bytes) -> bytes:
    with connect(sandbox.server.base_url) as connection:
        with contextlib.suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
            connection.shutdown(socket.SHUT_WR)
        return read(connection)


def healthy(base_url: str) -> bool:
    start = time.monotonic()
    return requests.get(f"{base_url}/health", timeout=5).ok and time.monotonic() - start < 4


def memory(process_id: int) -> int:
    """Return the resident memory of a process in bytes."""
    return int(Path(f"/proc/{process_id}/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="/proc is missing")
def test_a_hundred_megabytes_of_body(start):
    gateway = start("--quiet")
    base = gateway.url.removesuffix("/gateway.do")
    assert healthy(base)
    before = memory(gateway.process.pid)
    began = time.monotonic()
    for head in (b"Content-Length: 104857600", b"Transfer-Encoding: chunked"):
        with connect(base) as connection, contextlib.suppress(ConnectionError):
            connection.sendall(b"POST /gateway.do HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n" % head)
            block = b"a" * MEGABYTE
            if b"chunked" in head:
                block = b"100000\r\n%s\r\n" % block
            for _ in range(100):
                connection.sendall(block)
    assert time.monotonic() - began < 30
    assert healthy(base)
    assert memory(gateway.process.pid) - before < 64 * MEGABYTE


def test_slow_heads_and_bodies_hold_up_nobody(sandbox):
    connections = [connect(sandbox.server.base_url) for _ in range(60)]
    for number, connection in enumerate(connections):
        head = b"POST /gateway.do HTTP/1.1\r\nContent-Length: 99\r\n\r\na=" if number % 2 else b"GET /gat"
        connection.sendall(head)
    assert healthy(sandbox.server.base_url)
    for connection in connections:
        connection.close()


def test_ten_thousand_parameters(sandbox):
    body = "&".join(f"name{number}={number}" for number in range(10_000)).encode()
    start = time.monotonic()
    answer = requests.post(sandbox.gateway_url + "?_input_charset=UTF-8", data=body, timeout=10)
    assert time.monotonic() - start < 5
    assert "<is_success>F</is_success>" in answer.text
    assert len(sandbox.log.entries[-1].record.reading.params) <= 1001


@pytest.mark.parametrize("field", ["service", "notify_url", "_input_charset", "sign_type", "out_trade_no"])
def test_a_value_never_becomes_a_header(sandbox, field):
    value = "x\r\nSet-Cookie: injected=1\r\n\r\n<html>"
    answer = requests.get(
        sandbox.gateway_url, params={"service": "alipay.acquire.cancel", field: value}, timeout=5
    )
    assert "injected" not in str(answer.headers)
    assert answer.headers["Content-Type"].startswith("text/xml")


def test_a_long_pipeline_is_answered_in_order(sandbox):
    sent = b"".join(b"GET /health?%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % number for number in range(500))
    start = time.monotonic()
    answer = exchange(sandbox, sent)
    assert answer.count(b"HTTP/1.1 200 OK") == 500
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "chunks",
    [
        b"zz\r\nabc\r\n0\r\n\r\n",
        b"-1\r\nabc\r\n0\r\n\r\n",
        b"FFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
        b"3;x=" + b"y" * 70_000 + b"\r\nabc\r\n0\r\n\r\n",
        b"3\r\nabcdef\r\n0\r\n\r\n",
        b"3\r\nab",
        b"0\r\nTrailer: x\r\n\x00\r\n\r\n",
    ],
    ids=["no-hex", "negative", "huge", "long-extension", "too-much", "too-little", "bad-trailer"],
)
def test_invalid_chunking(sandbox, chunks):
    head = b"POST /gateway.do?a=b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = exchange(sandbox, head, chunks)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    assert healthy(sandbox.server.base_url)


REQUEST = (
    b"POST /gateway.do?_input_charset=GBK HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 21\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nservice=x&sign=%B2%E2"
)
TOKENS = (b"\r\n", b"\n", b" ", b"\x00", b"\xff", b"%", b"%zz", b"?", b"&", b"=", b"HTTP/1.1", b"\r\n\r\n")
pieces = st.sampled_from((*TOKENS, b"Content-Length: 0\r\n")) | st.binary(max_size=6)
edits = st.lists(st.tuples(st.integers(0, len(REQUEST)), st.integers(0, 8), pieces), min_size=1, max_size=5)


@settings(
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits)
def test_a_mutilated_request_is_answered_or_dropped_and_never_breaks_the_server(sandbox, edits):
    sent = REQUEST
    for place, gone, piece in edits:
        sent = sent[:place] + piece + sent[place + gone :]
    answer = exchange(sandbox, sent)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    assert sandbox.server.errors == []
