"""docs/gateway.md: the PHP shop that only knows a gateway URL does what the page shows, word for word."""

import os
import re
import socket
import subprocess
import time
from pathlib import Path

import pytest

from alipay_qr_conformance.sandbox import ControlClient
from running_gateway import labels, started

ROOT = Path(__file__).resolve().parents[2]
SHOP = ROOT / "examples" / "php-shop" / "shop.php"
PAGE = (ROOT / "docs" / "gateway.md").read_text("utf-8")


def plain(text: str) -> str:
    """Take the day and the ports out of a text."""
    text = re.sub(r"\b20\d{6}(?=\d{20}\b)", "DAY", text)
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)


def wait_until(condition) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.runtime("php")
def test_the_shop_of_the_page(tmp_path):
    port = free_port()
    gateway, said = started()
    values = labels(said)
    book = tmp_path / "book.txt"
    config = tmp_path / "shop.ini"
    config.write_text(
        f'gateway = "{values["gateway URL"]}"\npartner = "{values["partner"]}"\n'
        f'md5_key = "{values["MD5 key"]}"\nnotify_url = "http://127.0.0.1:{port}/notify"\nbook = "{book}"\n'
    )
    php_environment = {**os.environ, "SHOP_CONFIG": str(config)}
    web = subprocess.Popen(
        ["php", "-S", f"127.0.0.1:{port}", str(SHOP)], env=php_environment, stderr=subprocess.DEVNULL
    )
    session = []

    def shop(*args: str) -> str:
        done = subprocess.run(
            ["php", str(SHOP), *args],
            capture_output=True,
            text=True,
            env=php_environment,
            timeout=20,
            check=True,
        )
        session.append("$ php shop.php " + " ".join(args) + "\n" + done.stdout)
        return done.stdout

    def booked(count: int) -> None:
        wait_until(lambda: book.exists() and len(book.read_text().splitlines()) >= count)

    control = ControlClient(values["control API"], values["control token"])
    try:
        wait_until(lambda: listens(port))
        code = re.search(r"qrcode: (\S+)", shop("create"))[1]
        first = control.pay(code, "12.50", "USD")["out_trade_no"]
        booked(1)
        shop("refund", first, "R-1", "2.50")
        booked(2)
        shop("cancel", first)
        second = control.pay(code, "12.50", "USD")["out_trade_no"]
        booked(3)
        shop("cancel", second)
        booked(4)
        session.append("$ cat book.txt\n" + book.read_text())
        assert control.findings() == []
        wait_until(lambda: {each["state"] for each in control.notifications()} == {"done"})
    finally:
        control.close()
        gateway.terminate()
        log = gateway.communicate(timeout=15)[0]
        web.kill()
        web.wait()
    log = re.sub(r"(?m)^\d\d:\d\d:\d\d", "12:00:00", log)
    log = re.sub(r", \d+\.\d\d s$", ", 0.01 s", log, flags=re.MULTILINE)
    for part in (*session, log):
        assert plain(part) in plain(PAGE), plain(part)
