"""The simulated gateway against WireMock and Prism, which answer with a constant: they verify and keep nothing.

    python benchmarks/gateway_peers.py          installs both from npm into a temporary folder, no scripts run

Ours does its whole work meanwhile: it verifies, judges, carries out, signs, records and commits each request
before its answer leaves. Every contestant meets the generator of `gateway.py`. What is missing (npm, Java) is
said, and left out.
"""

import argparse
import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from gateway import NOW, load, ours, requests_of, served
from side_by_side import Ratio, at_least, show

from alipay_qr.wire import Request
from alipay_qr_conformance.sandbox import Sandbox, Settings

PACKAGES = ("wiremock@3.13.2", "@stoplight/prism-cli@5.14.2")
GOAL = 1.0
"""At least as fast as a constant."""


def constant(request: bytes) -> str:
    """Return the XML that ours answers with: what the peers serve again and again."""
    sandbox = Sandbox(Settings())
    sandbox.engine.pay(None, "10.00", "USD", NOW, out_trade_no="T0")
    query = request.split(b" ")[1].partition(b"?")[2]
    return sandbox.engine.handle(Request("GET", query), NOW).body.decode()


def wiremock(folder: Path, port: int, body: str) -> list[str]:
    """Write WireMock's one mapping; return its command."""
    mapping = {
        "request": {"urlPath": "/gateway.do", "method": "ANY"},
        "response": {"status": 200, "headers": {"Content-Type": "text/xml;charset=UTF-8"}, "body": body},
    }
    (folder / "root" / "mappings").mkdir(parents=True)
    (folder / "root" / "mappings" / "constant.json").write_text(json.dumps(mapping))
    (jar,) = (folder / "node_modules" / "wiremock" / "build").glob("*.jar")
    options = ["--disable-banner", "--disable-gzip", "--use-chunked-encoding", "never"]
    return [
        "java",
        "-jar",
        str(jar),
        "--port",
        str(port),
        "--bind-address",
        "127.0.0.1",
        "--root-dir",
        str(folder / "root"),
        *options,
    ]


def prism(folder: Path, port: int, body: str) -> list[str]:
    """Write Prism's description of one operation; return its command."""
    content = {"application/json": {"schema": {"type": "object"}, "example": {"xml": body}}}
    described = {
        "openapi": "3.0.3",
        "info": {"title": "constant", "version": "1"},
        "paths": {"/gateway.do": {"get": {"responses": {"200": {"description": "ok", "content": content}}}}},
    }
    (folder / "openapi.json").write_text(json.dumps(described))
    command = str(folder / "node_modules" / ".bin" / "prism")
    return [command, "mock", "--host", "127.0.0.1", "--port", str(port), str(folder / "openapi.json")]


PEERS = {"WireMock": ("java", wiremock), "Prism": ("node", prism)}


@contextlib.contextmanager
def listening(command: list[str], port: int) -> Iterator[int]:
    """Run a peer until it listens; yield its process id."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.kill()
        process.wait()


def processor_time(pid: int) -> float:
    """Return the seconds that a process has worked, all of its threads together (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compare(name: str, folder: Path, rounds: int, count: int) -> list[Ratio]:
    """Let ours and a peer take turns."""
    requests = requests_of(count, "MD5")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = PEERS[name][1](folder, port, constant(requests[0]))
    rates, times = [], []
    with listening(command, port) as pid:
        load(f"http://127.0.0.1:{port}", requests, 16)  # the just-in-time compilers warm up
        for _ in range(rounds):
            before = processor_time(pid)
            their_rate, _ = load(f"http://127.0.0.1:{port}", requests, 16)
            theirs = (processor_time(pid) - before) / count
            with served(ours, count) as (url, end):
                our_rate, _ = load(url, requests, 16)
                mine = end()[2] / count
            print(
                f"     {name}: {their_rate:.0f}/s, {theirs * 1e6:.0f} us; ours: {our_rate:.0f}/s, {mine * 1e6:.0f} us"
            )
            rates.append(our_rate / their_rate)
            times.append(theirs / mine)
    return [
        at_least(
            f"ours, requests/s at 16 connections, against {name} serving a constant",
            "its",
            statistics.median(rates),
            GOAL,
        ),
        at_least(
            f"{name} serving a constant, processor time a request", "ours", statistics.median(times), GOAL
        ),
    ]


def main() -> int:
    """Install, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=1500)
    args = parser.parse_args()
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed: there is no peer to compare with")
        return 0
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([npm, "install", "--prefix", text, *quiet, *PACKAGES], check=True, timeout=600)
        found = []
        for name, (program, _) in PEERS.items():
            if shutil.which(program) is None:
                print(f"{program} is not installed: {name} is left out")
            else:
                found += compare(name, folder, args.rounds, args.count)
    return show(found)


if __name__ == "__main__":
    sys.exit(main())
