"""docs/howto/fixed-gateway.md, tried on three shops that name Alipay's address in their code."""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.beijing import format_timestamp
from alipay_qr_conformance import cli

FOLDER = Path(__file__).parent / "fixed"
PAGE = (Path(__file__).parents[2] / "docs/howto/fixed-gateway.md").read_text("utf-8")
BIZ_DATA = {
    "secondary_merchant_industry": "5812",
    "secondary_merchant_id": "S_1",
    "secondary_merchant_name": "Noodles & more",
    "store_id": "1",
    "store_name": '"The" shop',
    "trans_currency": "USD",
    "currency": "USD",
}
SHOPS = {
    "php": ["php", "-d", "curl.cainfo={ca}", "-d", "openssl.cafile={ca}", str(FOLDER / "shop.php")],
    "node": ["env", "NODE_EXTRA_CA_CERTS={ca}", "node", str(FOLDER / "shop.mjs")],
    "python": ["env", "REQUESTS_CA_BUNDLE={ca}", sys.executable, str(FOLDER / "shop.py")],
}
EACH = [
    pytest.param(name, id=name, marks=[pytest.mark.runtime(name)] if name != "python" else [])
    for name in SHOPS
]


@functools.cache
def can_be_apart():
    """Whether this machine gives an ordinary process a network and mounts of its own."""
    words = ["unshare", "--map-root-user", "--mount", "--net", "true"]
    return shutil.which("unshare") is not None and subprocess.run(words, check=False).returncode == 0


def environment():
    params = {
        "service": "alipay.commerce.qrcode.create",
        "partner": TEST_PARTNER,
        "_input_charset": "UTF-8",
        "timestamp": format_timestamp(datetime.now(UTC)),
        "notify_url": "https://merchant.example/notify",
        "biz_type": "OVERSEASHOPQRCODE",
        "biz_data": json.dumps(BIZ_DATA),
    }
    return {**os.environ, "PARAMS": json.dumps(params), "MD5_KEY": TEST_MD5_KEY}


@pytest.mark.parametrize("name", EACH)
def test_a_shop_with_the_address_in_its_code(name, tmp_path):
    if not can_be_apart():
        pytest.skip("no namespaces for an ordinary process")
    command = [word.format(ca=tmp_path / "ca.pem") for word in [*SHOPS[name], "send"]]
    apart = ["unshare", "--map-root-user", "--mount", "--net", sys.executable, str(FOLDER / "apart.py")]
    done = subprocess.run(
        [*apart, str(tmp_path), *command],
        env=environment(), capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "<is_success>T</is_success>" in done.stdout
    assert re.search(r"#1 GET commerce\.qrcode\.create: carried out SUCCESS", done.stdout), done.stdout
    assert "MUST" not in done.stdout


@pytest.mark.parametrize("name", EACH)
def test_a_shop_that_prints_a_form(name, tmp_path, capsys):
    command = [word.format(ca="none") for word in [*SHOPS[name], "form"]]
    form = tmp_path / "form.html"
    form.write_bytes(subprocess.run(command, env=environment(), capture_output=True, check=True).stdout)
    assert cli.main(["explain", str(form), "--lang", "en"]) == 0
    form.write_bytes(form.read_bytes().replace(b"Noodles", b"Noodle"))
    assert cli.main(["explain", str(form), "--lang", "en"]) == 1
    assert "The sign is wrong" in capsys.readouterr().out


def test_the_page_names_what_was_tried():
    tried = ("curl.cainfo=", "openssl.cafile=", "NODE_EXTRA_CA_CERTS=", "REQUESTS_CA_BUNDLE=")
    assert all(each in PAGE for each in tried)
