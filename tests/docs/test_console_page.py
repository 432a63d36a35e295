"""docs/tutorials/console.md: two shops that know a gateway URL alone, and the console's buttons."""

import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr_conformance.sandbox import ControlClient, Sandbox

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "tutorials" / "console.md").read_text("utf-8")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline
        time.sleep(0.02)


class NodeShop:
    def __init__(self, gateway: str, _folder: Path) -> None:
        self.port = free_port()
        settings = {**os.environ, "GATEWAY": gateway, "PORT": str(self.port)}
        self.process = subprocess.Popen(["node", ROOT / "examples/node-shop/shop.mjs"], env=settings)
        wait_for(self.port)

    def do(self, act: str, *values: str) -> str:
        params = dict(zip(("trade", "id", "amount"), values, strict=False))
        return requests.get(f"http://127.0.0.1:{self.port}/{act}", params=params, timeout=20).text

    def book(self) -> list[str]:
        return self.do("book").splitlines()


class PhpShop:
    def __init__(self, gateway: str, folder: Path) -> None:
        port = free_port()
        self.file = folder / "book.txt"
        self.shop = ROOT / "examples/php-shop/shop.php"
        config = folder / "shop.ini"
        config.write_text(
            f'gateway = "{gateway}"\npartner = "{TEST_PARTNER}"\nmd5_key = "{TEST_MD5_KEY}"\n'
            f'notify_url = "http://127.0.0.1:{port}/notify"\nbook = "{self.file}"\n'
        )
        self.environment = {**os.environ, "SHOP_CONFIG": str(config)}
        self.process = subprocess.Popen(
            ["php", "-S", f"127.0.0.1:{port}", self.shop], env=self.environment, stderr=subprocess.DEVNULL
        )
        wait_for(port)

    def do(self, act: str, *values: str) -> str:
        command = ["php", self.shop, act, *values]
        return subprocess.run(
            command, capture_output=True, text=True, env=self.environment, timeout=20, check=True
        ).stdout

    def book(self) -> list[str]:
        return self.file.read_text().splitlines()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield made
        made.close()


@pytest.mark.slow
@pytest.mark.runtime("chromium")
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(PhpShop, marks=pytest.mark.runtime("php"), id="php"),
        pytest.param(NodeShop, marks=pytest.mark.runtime("node"), id="node"),
    ],
)
def test_the_day_of_the_page(browser, kind, tmp_path):
    with Sandbox() as sandbox, ControlClient(sandbox.control_url, sandbox.token) as control:
        shop = kind(sandbox.gateway_url, tmp_path)
        page = browser.new_page()
        try:
            page.goto(sandbox.state.console_url)
            page.locator("#connection", has_text="live").wait_for()
            assert "qrcode: https://qr.alipay.com/" in shop.do("create")
            page.fill("#amount", "12.50")
            page.click("text=Scan and pay")
            page.locator("#notifications li", has_text="as it should be").wait_for()
            for name in ("tampered", "wrong sign", "foreign key", "unsigned"):
                page.click(f"#usual >> text={name}")
                page.locator("#reply .note.good", has_text=name.partition(" ")[0]).wait_for()
            assert sum(line.startswith("FORGED") for line in shop.book()) == 4
            (first,) = (each["out_trade_no"] for each in control.trades())
            assert "result_code: SUCCESS" in shop.do("refund", first, "R-1", "2.50")
            assert "result_code: SUCCESS" in shop.do("refund", first, "R-2", "10.00")
            assert "not possible" in shop.do("refund", first, "R-3", "0.01")
            page.locator("#sums", has_text="12.50").wait_for()
            page.click("text=Scan and pay")
            page.locator("#trade-number option").nth(1).wait_for(state="attached")
            page.locator("#notifications li", has_text="paid").wait_for()
            second = control.trades()[1]["out_trade_no"]
            assert "for another" in page.locator("#window").inner_text()
            page.click("text=to 23:59:59")
            page.locator("#window", has_text="0 h 0 min 1 s").wait_for()
            page.click("text=over midnight")
            page.locator("#window", has_text="no longer be cancelled").wait_for()
            assert "TRADE_CANCEL_TIME_OUT" in shop.do("cancel", second)
            states = {each["out_trade_no"]: each["state"] for each in control.trades()}
            assert states == {first: "refunded", second: "paid"}
            assert not any("notification" in each for each in control.findings())
        finally:
            page.close()
            shop.process.kill()
            shop.process.wait()


def test_the_page_names_what_is_there():
    from alipay_qr_conformance.model.texts import interface

    bold = {" ".join(each.split()) for each in re.findall(r"\*\*([^*]+)\*\*", PAGE)}
    said = {text.en for key, text in interface().items() if key.startswith("console.")}
    assert {each.rstrip(":") for each in bold} <= {each.rstrip(":") for each in said} | {
        "The last call, for a shell"
    }
