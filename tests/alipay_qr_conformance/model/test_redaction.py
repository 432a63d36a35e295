import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr.account import TEST_MD5_KEY, TEST_PRIVATE_KEY_PHP
from alipay_qr.keys import private_key_forms
from alipay_qr_conformance.model.redaction import MASK, Redactor
from alipay_qr_conformance.model.test_account import OwnKeys, TestKeys
from alipay_qr_conformance.model.test_account import test_key as published

CANARY = 'canary/Key+0123"456789=xyz&'
FORMS = {
    "raw": CANARY,
    "padded": f"  {CANARY}\r\n",
    "url": quote(CANARY, safe=""),
    "url-with-slash": quote(CANARY),
    "url-lower-case": quote(CANARY, safe="").replace("%2F", "%2f").replace("%2B", "%2b"),
    "form": quote_plus(CANARY),
    "json": json.dumps(CANARY),
    "json-slashes": json.dumps(CANARY).replace("/", "\\/"),
    "json-unicode": json.dumps(CANARY).replace("/", "\\u002f"),
    "json-in-json": json.dumps(json.dumps(json.dumps(CANARY))),
    "python": repr({"key": json.dumps(CANARY)}),
    "hex": CANARY.encode().hex(),
    "hex-upper": CANARY.encode().hex().upper(),
    "base64": base64.b64encode(CANARY.encode()).decode(),
    "base64-url": base64.urlsafe_b64encode(CANARY.encode()).decode(),
    "base64-form": quote(base64.b64encode(CANARY.encode()), safe=""),
    "signed-text": f"a=1&b=2{CANARY}",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_taken_out_in_every_form(form):
    shown = Redactor([CANARY]).text(f"before {FORMS[form]} behind")
    assert shown.startswith("before ")
    assert shown.endswith(" behind")
    assert MASK in shown
    assert not any(piece in shown for piece in ("0123", "456789", CANARY.encode().hex()[8:30]))


@pytest.mark.parametrize("before", range(3))
def test_base64_is_found_at_every_alignment(before):
    inside = base64.b64encode(b"x" * before + CANARY.encode() + b"yyy").decode()
    shown = Redactor([CANARY]).text(inside)
    assert len(shown.replace(MASK, "")) < 16


@given(st.integers(0, len(CANARY)), st.integers(0, len(CANARY)))
def test_a_cut_secret_gives_at_most_a_dozen_characters_away(start, end):
    piece = CANARY[start:end]
    shown = Redactor([CANARY]).text(f"... {piece} ...")
    assert (piece not in shown) or len(piece) < 12


@given(st.text())
def test_without_secrets_nothing_changes(text):
    assert Redactor().text(text) == text


def test_short_secrets_make_no_holes():
    assert Redactor(["", "abc", " \n"]).text("abcdefgh abc") == "abcdefgh abc"
    assert Redactor(["12345678"]).text("x12345678x") == f"x{MASK}x"


def test_all_forms_of_a_private_key_are_taken_out():
    key = published("merchant_2048")
    redactor = Redactor(TestKeys("2088", None, OwnKeys(merchant_private=key)).secrets())
    for form in private_key_forms(key):
        shown = redactor.text(json.dumps({"k": form}))
        assert len(shown) < 140, shown  # labels alone
    der = base64.b64decode(private_key_forms(key).pkcs8_base64)
    assert len(redactor.text(der.hex())) < 30


def test_plain_data_is_walked_through():
    data = {"a": [CANARY, 1, None], f"key {CANARY}": (True, {"b": CANARY})}
    assert CANARY not in json.dumps(Redactor([CANARY]).data(data))
    assert Redactor([CANARY]).data([1, None, True]) == [1, None, True]


def test_the_published_account_is_no_secret():
    redactor = Redactor(TestKeys().secrets())
    assert redactor.text(TEST_MD5_KEY + TEST_PRIVATE_KEY_PHP) == TEST_MD5_KEY + TEST_PRIVATE_KEY_PHP


def test_nothing_shows_the_secrets_by_accident():
    keys = TestKeys("2088", CANARY, OwnKeys(published("merchant_2048")))
    assert CANARY not in repr(keys) + repr(Redactor([CANARY])) + repr(keys.own)


MD5_KEY = "q7w3kz9x2m5n8v4b6c1j0h7g5f3d2s1a"
PARTS = {
    "begin": MD5_KEY[:11],
    "eight": MD5_KEY[12:20],
    "capitals": MD5_KEY.upper(),
    "reversed": MD5_KEY[::-1],
    "part-reversed": MD5_KEY[3:14][::-1],
    "spaced": " ".join(MD5_KEY),
    "hyphens": "-".join(MD5_KEY[at : at + 4] for at in range(0, 32, 4)),
    "lines": "\n".join(MD5_KEY),
    "quoted": json.dumps(list(MD5_KEY)),
    "capitals-of-base64": base64.b64encode(MD5_KEY.encode()).decode().upper(),
    "reversed-hex": MD5_KEY.encode().hex()[::-1],
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_a_part_is_taken_out_however_it_is_written(part):
    shown = Redactor([MD5_KEY]).text(f"[{part}]")
    assert MASK in shown
    assert sum(map(str.isalnum, shown.replace(MASK, ""))) < 8


@pytest.mark.parametrize(
    "text",
    [
        "alipay.acquire.overseas.spot.refund is refused: SYSTEM_ERROR at 2026-03-09 12:00:00",
        "partner=2088021966388155&sign=0123456789abcdef0123456789abcdef&sign_type=MD5",
        published("alipay_2048").public_key().public_numbers().n.to_bytes(256, "big").hex(),
    ],
)
def test_what_is_no_part_stays(text):
    key = published("merchant_2048")
    redactor = Redactor([MD5_KEY, *TestKeys("2088", None, OwnKeys(merchant_private=key)).secrets()])
    assert redactor.text(text) == text


def test_seven_characters_may_stand():
    assert Redactor([MD5_KEY]).text(MD5_KEY[:7]) == MD5_KEY[:7]
