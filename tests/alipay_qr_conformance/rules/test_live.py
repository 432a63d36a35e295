"""What is left of a test, a sandbox or a laptop is found in any form of text, and no key is shown."""

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_PHP
from alipay_qr_conformance import cli
from alipay_qr_conformance.rules.live import remarks

RIGHT = """
partner = 2088123456789012
gateway = https://globalmapi.alipay.com/gateway.do
notify_url: "https://shop.hotel.com.hk/alipay/notify"
_input_charset=UTF-8
"""


def test_what_is_ready_has_no_remark():
    assert remarks(RIGHT) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2088123456789012", TEST_PARTNER, "the published test partner"),
        ("partner", f"key = {TEST_MD5_KEY}\npartner", "a published test key (MD5)"),
        ("partner", f'key = "{TEST_PRIVATE_KEY_PHP}"\npartner', "a published test key (RSA)"),
        ("globalmapi.alipay.com", "mapi.alipaydev.com", "is a sandbox"),
        ("globalmapi.alipay.com", "gateway.hotel.com", "no gateway of Alipay's"),
        ("https://globalmapi", "http://globalmapi", "is plain http"),
        ("shop.hotel.com.hk", "192.168.1.20:8080", "cannot be reached from outside"),
        ("shop.hotel.com.hk", "localhost", "cannot be reached from outside"),
        ("shop.hotel.com.hk", "merchant.example", "cannot be reached from outside"),
        ("_input_charset=UTF-8", "_input_charset=UTF-8\ncharset=gbk", "more than one charset"),
    ],
    ids=[
        "partner",
        "md5-key",
        "rsa-key",
        "sandbox",
        "gateway",
        "http",
        "private",
        "localhost",
        "example",
        "charsets",
    ],
)
def test_each_remnant_is_named_and_no_key_is_shown(old, new, words):
    (found,) = remarks(RIGHT.replace(old, new, 1))
    assert words in found.en
    assert TEST_MD5_KEY not in found.en + found.zh


def test_a_request_with_escapes_is_read_too():
    request = "https://globalmapi.alipay.com/gateway.do?notify_url=http%3A%2F%2F10.0.0.5%2Fn&partner=2088123456789012"
    assert [each.en.split(" ", 1)[1] for each in remarks(request)] == [
        "is plain http: use https",
        "cannot be reached from outside: it is a private or a test address",
    ]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (RIGHT, 0, "Nothing of a test"),
        (TEST_PARTNER, 1, "published test partner"),
        ("hello", 5, "nothing was found"),
    ],
    ids=["right", "wrong", "cannot-say"],
)
def test_the_command(tmp_path, capsys, text, code, words):
    path = tmp_path / "settings.ini"
    path.write_text(text)
    assert cli.main(["check", "--lang", "en", "--live", str(path)]) == code
    said = capsys.readouterr()
    assert words in said.out + said.err
