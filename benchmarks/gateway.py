"""The simulated gateway under load: ratios against pytest-httpserver doing the same work, and kill -9.

    python benchmarks/gateway.py                the ratios
    python benchmarks/gateway.py --kill 100000 --kills 50    the whole durability run

`gateway_peers.py` compares with WireMock and Prism.

Ours runs in the loop of the extra `fast` (uvloop), and both in a process that `settle` has prepared, as the
command `alipay-qr gateway` runs. "The same work" is one engine and one log for both: read, judge, carry out, sign, record. Ours also keeps
each change in SQLite before its answer leaves; pytest-httpserver keeps nothing. Server and load generator are
processes of their own; every contestant meets the same generator: raw sockets, keep-alive where offered.
Both servers work in one thread, so a request's processor time decides their throughput; the ratio is taken from
it, because it does not move with whatever else the machine does. Wall-clock rates are printed beside it.
"""

import argparse
import contextlib
import multiprocessing
import os
import selectors
import signal
import socket
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from side_by_side import Ratio, at_least, ratio, show

from alipay_qr.signing import sign_params
from alipay_qr.wire import Request, get_url
from alipay_qr_conformance.gateway import SqliteStore
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.sandbox import ControlClient, Sandbox, Settings, settle

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from running_gateway import labels, started

KEYS = TestKeys()
SERVICE = "alipay.acquire.overseas.spot.refund"
NOW = datetime.now(UTC)
NOBODY = "http://127.0.0.1:9/n"
"""Where nobody listens: what is sent there stays pending."""


def refund(number: int, trade: str, sign_type: str = "MD5") -> bytes:
    """Return the query of a signed refund of one cent, a fresh one for each number."""
    params = {
        "service": SERVICE,
        "partner": KEYS.partner,
        "_input_charset": "UTF-8",
        "sign_type": sign_type,
        "notify_url": "https://shop.example/notify",
        "partner_trans_id": trade,
        "partner_refund_id": f"R{number}",
        "refund_amount": "0.01",
        "currency": "USD",
        "is_sync": "Y",
    }
    signer = KEYS.merchant_signer("RSA" if sign_type == "RSA" else "MD5")
    params["sign"] = sign_params(params, signer)
    return get_url("http://x/gateway.do", params, "UTF-8").partition("?")[2].encode()


def requests_of(count: int, sign_type: str) -> list[bytes]:
    """Return raw requests, one refund for each of as many trades."""
    return [
        b"GET /gateway.do?%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % refund(each, f"T{each}", sign_type)
        for each in range(count)
    ]


def open_trades(sandbox: Sandbox, count: int) -> None:
    """Pay the trades that the requests refund."""
    for each in range(count):
        sandbox.engine.pay(None, "10.00", "USD", NOW, out_trade_no=f"T{each}")
    sandbox.engine.commit()


def tell(pipe: Connection, url: str, sandbox: Sandbox) -> None:
    """Tell the address, wait for the end, tell what was done and the processor time that it took."""
    settle()
    pipe.send(url)
    began = time.process_time()
    pipe.recv()
    spent = time.process_time() - began
    refunds = sum(len(trade.refunds) for trade in sandbox.engine.trades.all())
    pipe.send((refunds, len(sandbox.log.entries), spent))


def ours(pipe: Connection, count: int) -> None:
    """Serve the sandbox with a file, until the pipe speaks."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(Settings(db=Path(folder, "gateway.db"))) as sandbox:
        open_trades(sandbox, count)
        tell(pipe, sandbox.server.base_url, sandbox)


def theirs(pipe: Connection, count: int) -> None:
    """Serve the same engine and log by pytest-httpserver."""
    import logging

    from pytest_httpserver import HTTPServer
    from werkzeug.wrappers import Request as WebRequest
    from werkzeug.wrappers import Response

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request is work that ours has not
    sandbox = Sandbox(Settings())
    open_trades(sandbox, count)

    def handle(request: WebRequest) -> Response:
        query = request.query_string
        made = Request("GET", query, b"", "", b"/gateway.do?" + query)
        answer = sandbox.engine.handle(made, NOW)
        sandbox.log.add(sandbox.engine.records[-1])
        return Response(answer.body, answer.status, content_type=answer.content_type)

    with HTTPServer(host="127.0.0.1", port=0, threaded=False) as server:
        server.expect_request("/gateway.do").respond_with_handler(handle)
        tell(pipe, server.url_for("").rstrip("/"), sandbox)


@contextlib.contextmanager
def served(serve: Callable, count: int) -> Iterator[tuple[str, Callable[[], tuple[int, int, float]]]]:
    """Run a server in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=serve, args=(there, count))
    process.start()
    try:
        yield here.recv(), lambda: (here.send("end"), here.recv())[1]
    finally:
        process.join(20)
        process.kill()


class Client:
    """One connection of the load generator: sends, reads by Content-Length, connects anew where it must."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.buffer = b""
        self.began = 0.0

    def send(self, request: bytes) -> socket.socket:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = time.perf_counter()
        self.buffer = b""
        self.socket.sendall(request)
        return self.socket

    def read(self) -> float | None:
        """Return the latency once the answer is whole."""
        data = self.socket.recv(65536)
        self.buffer += data
        head, blank, body = self.buffer.partition(b"\r\n\r\n")
        if not blank and data:
            return None
        low = head.lower()
        length = int(low.partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) < length and data:
            return None
        assert b"<result_code>SUCCESS" in body, self.buffer
        spent = time.perf_counter() - self.began
        if not data or b"connection: close" in low or head.startswith(b"HTTP/1.0"):
            self.socket.close()
            self.socket = None
        return spent


def load(url: str, requests: list[bytes], connections: int) -> tuple[float, list[float]]:
    """Send all requests over some connections; return requests per second and the latencies."""
    port = int(url.rpartition(":")[2])
    waiting = iter(requests)
    latencies: list[float] = []
    selector = selectors.DefaultSelector()
    clients = {}
    start = time.perf_counter()
    for request in [next(waiting) for _ in range(connections)]:
        client = Client(port)
        clients[client] = client.send(request)
        selector.register(clients[client], selectors.EVENT_READ, client)
    while len(latencies) < len(requests):
        for key, _ in selector.select(10):
            client = key.data
            spent = client.read()
            if spent is None:
                continue
            latencies.append(spent)
            following = next(waiting, None)
            if client.socket is None or following is None:
                selector.unregister(clients[client])
                if following is not None:
                    clients[client] = client.send(following)
                    selector.register(clients[client], selectors.EVENT_READ, client)
            else:
                client.send(following)
    return len(requests) / (time.perf_counter() - start), latencies


def throughput(rounds: int, count: int) -> list[Ratio]:
    """Compare with pytest-httpserver, round by round."""
    mine, other, late, rates = [], [], [], []
    requests = requests_of(count, "MD5")
    for _ in range(rounds):
        for serve, found in ((ours, mine), (theirs, other)):
            with served(serve, count) as (url, end):
                rate, latencies = load(url, requests, 16)
                refunds, seen, spent = end()
                assert (refunds, seen) == (count, count), (serve.__name__, refunds, seen)
            found.append(spent / count * 1e6)
            rates.append((serve.__name__, round(rate)))
            if serve is ours:
                late.append(statistics.quantiles(latencies, n=100)[98] * 1000)
    print(f"     requests/s by the wall clock: {rates}")
    print(
        f"     processor us a request: ours {statistics.median(mine):.0f}, theirs {statistics.median(other):.0f}"
    )
    p99 = statistics.median(late)
    return [
        at_least(
            "pytest-httpserver, same work, time a request", "ours, committed first", ratio(other, mine), 5
        ),
        Ratio("p99 at 16 connections, ms", "1 ms", p99, "<= 10", p99 <= 10),
    ]


def rsa(rounds: int, count: int) -> Ratio:
    """Compare RSA over HTTP, committed and judged, with the bare engine and log in a loop."""
    requests = requests_of(count, "RSA")
    mine, bare = [], []
    for _ in range(rounds):
        with served(ours, count) as (url, end):
            load(url, requests, 16)
            mine.append(end()[2] / count)
        sandbox = Sandbox(Settings())
        open_trades(sandbox, count)
        start = time.process_time()
        for raw in requests:
            query = raw.split(b" ")[1].partition(b"?")[2]
            made = Request("GET", query, b"", "", b"/gateway.do?" + query)
            sandbox.engine.handle(made, NOW)
            sandbox.log.add(sandbox.engine.records[-1])
        bare.append((time.process_time() - start) / count)
    return at_least("the bare handler, RSA, time a request", "the same over HTTP", ratio(bare, mine), 0.6)


def start_and_stop(rounds: int = 21) -> list[Ratio]:
    """Time a start to the first signed answer, and a stop, in this process."""
    import urllib.request

    starts, stops = [], []
    query = refund(1, "T1").decode()
    for _ in range(rounds):
        begin = time.perf_counter()
        sandbox = Sandbox(Settings()).start()
        urllib.request.urlopen(f"{sandbox.gateway_url}?{query}").read()  # noqa: S310 (ours)
        starts.append((time.perf_counter() - begin) * 1000)
        begin = time.perf_counter()
        sandbox.stop()
        stops.append((time.perf_counter() - begin) * 1000)
    first, last = statistics.median(starts), statistics.median(stops)
    return [
        Ratio("start to the first signed answer, ms", "1 ms", first, "<= 15", first <= 15),
        Ratio("stop, ms", "1 ms", last, "<= 50", last <= 50),
    ]


def durability(total: int, kills: int) -> int:
    """Send requests while the gateway is killed again and again; then compare its file with what it said."""
    acknowledged: set[tuple[str, str]] = set()
    sent = [0]
    lock = threading.Lock()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gateway.db")
        began = time.monotonic()
        for _ in range(kills):
            _one_life(path, total // kills, acknowledged, sent, lock)
        store = SqliteStore(path)
        trades = {each.trade.out_trade_no: each.trade for each in store.payments()}
        deliveries = [
            (each.out_trade_no, each.event) for each in store.deliveries() if each.state == "pending"
        ]
        store.close()
        (intact,) = sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone()
    pending = set(deliveries)
    lost = [each for each in acknowledged if not _is_there(each, trades, pending)]
    refunds = [refund.partner_refund_id for trade in trades.values() for refund in trade.refunds]
    twice = len(deliveries) - len(set(deliveries)) + len(refunds) - len(set(refunds))
    print(
        f"{sent[0]} requests, {kills} kill -9, {len(acknowledged)} acknowledged, {len(lost)} lost, {twice} twice, "
        f"{len(trades)} trades, {len(refunds)} refunds, {len(deliveries)} notifications pending, "
        f"integrity {intact}, {time.monotonic() - began:.0f} s"
    )
    return int(bool(lost or twice or sent[0] < total or intact != "ok"))


def _one_life(path: Path, quota: int, acknowledged: set, sent: list, lock: threading.Lock) -> None:
    process, said = started("--quiet", "--time-scale", "0.01", "--db", str(path))
    values = labels(said)
    goal = sent[0] + quota
    work = partial(_customer, values, goal, acknowledged, sent, lock)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    while sent[0] < goal and any(thread.is_alive() for thread in threads):
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    for thread in threads:
        thread.join(20)
    process.communicate()


def _customer(values: dict, goal: int, acknowledged: set, sent: list, lock: threading.Lock) -> None:
    import requests

    control = ControlClient(values["control API"], values["control token"])
    session = requests.Session()
    session.trust_env = False
    url = values["gateway URL"]
    try:
        while sent[0] < goal + 40:  # on until the kill
            with lock:
                sent[0] += 1
            trade = control.pay(None, "10.00", "USD", notify_url=NOBODY)["out_trade_no"]
            acknowledged.add(("paid", trade))
            for _ in range(9):
                with lock:
                    sent[0] += 1
                    number = f"{trade}-{sent[0]}"
                query = _refund_query(trade, number)
                if "<result_code>SUCCESS" in session.get(f"{url}?{query}", timeout=10).text:
                    acknowledged.add((f"refund R{number}", trade))
    except requests.RequestException:
        return


def _refund_query(trade: str, number: str) -> str:
    params = {
        "service": SERVICE,
        "partner": KEYS.partner,
        "_input_charset": "UTF-8",
        "sign_type": "MD5",
        "notify_url": NOBODY,
        "partner_trans_id": trade,
        "partner_refund_id": f"R{number}",
        "refund_amount": "0.01",
        "currency": "USD",
    }
    params["sign"] = sign_params(params, KEYS.merchant_signer("MD5"))
    return get_url("http://x/", params, "UTF-8").partition("?")[2]


def _is_there(each: tuple[str, str], trades: dict, deliveries: set) -> bool:
    what, number = each
    if number not in trades or (number, what) not in deliveries:
        return False
    wanted = what.removeprefix("refund ")
    return what == "paid" or wanted in {refund.partner_refund_id for refund in trades[number].refunds}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kill", type=int, metavar="REQUESTS", help="the durability run alone")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=1500)
    args = parser.parse_args()
    if args.kill:
        return durability(args.kill, args.kills)
    return show([*throughput(args.rounds, args.count), rsa(args.rounds, args.count), *start_and_stop()])


if __name__ == "__main__":
    sys.exit(main())
