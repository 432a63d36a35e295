"""docs/howto/black-box.md: the PHP shop is checked as the page shows, with ports that are free here."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOP = ROOT / "examples" / "php-shop"
PAGE = (ROOT / "docs" / "howto" / "black-box.md").read_text("utf-8")
STORY = re.compile(r"^(?:% exit: (\d+)\n)?```\n\$ (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SELLER = "($news['seller_id'] ?? $config['partner']) === $config['partner']"


def free_ports() -> list[int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        return [one.getsockname()[1], two.getsockname()[1]]


def pattern(text: str) -> str:
    parts = []
    for line in text.splitlines():
        if line == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(re.escape(piece) for piece in line.split("...")) + r"\n")
    return "".join(parts)


@pytest.fixture
def shop(tmp_path):
    """The shop with its web server; returns its folder and a function that puts free ports into a text."""
    notify, gateway = free_ports()

    def here(text: str) -> str:
        return text.replace("127.0.0.1:8080", f"127.0.0.1:{notify}").replace(":8700", f":{gateway}")

    for path in SHOP.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "shop.ini").write_text(here((tmp_path / "shop.ini").read_text()))
    with (tmp_path / "shop.log").open("wb") as log:
        web = subprocess.Popen(
            ["php", "-d", "opcache.enable=0", "-S", f"127.0.0.1:{notify}", "shop.php"],
            cwd=tmp_path,
            stdout=log,
            stderr=log,
        )
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", notify)) == 0:
                break
        assert time.monotonic() < deadline
    yield tmp_path, lambda text: here(text).replace("check ", f"check --listen {gateway} ")
    web.kill()
    web.wait()


def said(words, folder):
    return subprocess.run(
        [sys.executable, "-m", "alipay_qr_conformance.cli", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )


@pytest.mark.slow
@pytest.mark.runtime("php")
def test_the_page(shop):
    folder, here = shop
    stories = STORY.findall(PAGE)
    assert len(stories) == 3
    for expected, command, output in stories:
        if expected:
            php = (folder / "shop.php").read_text()
            assert SELLER in php
            (folder / "shop.php").write_text(php.replace(SELLER, "true"))
        words = shlex.split(here(command))
        assert words.pop(0) == "alipay-qr"
        done = said(words, folder)
        if done.returncode != int(expected or 0):  # a shop on real time may be late on a busy machine
            done = said(words, folder)
        assert done.returncode == int(expected or 0), done.stdout
        assert re.fullmatch(pattern(here(output)), done.stdout), f"{command}\n{done.stdout}"
