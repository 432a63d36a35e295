# ruff: noqa: E501 (lines as people paste them)
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_PRIVATE_KEY_JAVA, TEST_PRIVATE_KEY_PHP
from alipay_qr.wire import encode_response
from alipay_qr_conformance.reading.reader import read

PAIRS = (("service", "x"), ("subject", "a b+c"), ("sign_type", "MD5"), ("sign", "abc"))
FORM = "service=x&subject=a+b%2Bc&sign_type=MD5&sign=abc"
BODY = "subject=a+b%2Bc&sign_type=MD5&sign=abc"
URL = "https://globalmapi.alipay.com/gateway.do"

SAME = {
    "url": (f"{URL}?{FORM}#top"),
    "body": (FORM),
    "body with a line end": (f"\ufeff{FORM}\n"),
    "curl -d": (f"curl -d '{BODY}' '{URL}?service=x'"),
    "curl over several lines": (f"curl '{URL}?service=x' \\\n  -H 'Accept: */*' \\\n  --data-raw '{BODY}' --compressed"),
    "curl as browsers copy it": (f"curl '{URL}?service=x' --data-raw $'subject=a+b%2Bc&sign_type=MD5&sign=\\x61b\\u0063'"),
    "curl -G": (f'$ curl -sG {URL} -d service=x --data-urlencode "subject=a b+c" -d sign_type=MD5 -dsign=abc'),
    "curl GET": (f"curl -X GET --url={URL}?service=x -d '{BODY}'"),
    "har entry": (json.dumps({"request": {"method": "GET", "url": f"{URL}?{FORM}"}})),
    "har file": (
        json.dumps({"log": {"entries": [
            {"request": {"url": "https://shop.example/?a=1"}},
            {"request": {"url": f"{URL}?service=x", "postData": {"mimeType": "application/x-www-form-urlencoded", "text": BODY}}},
        ]}})
    ),
    "har params": (
        json.dumps({"request": {"url": f"{URL}?service=x", "postData": {"params": [
            {"name": name, "value": value} for name, value in PAIRS[1:]
        ]}}})
    ),
    "HTTP GET": (f"GET /gateway.do?{FORM} HTTP/1.1\r\nHost: globalmapi.alipay.com\r\n\r\n"),
    "HTTP POST": (
        f"POST /gateway.do?service=x HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n{BODY}\n"
    ),
    "HTML form": (
        f'<form action="{URL}?service=x"><input name="subject" value="a b&#43;c"/><INPUT type="hidden" name=sign_type value=MD5><input name="sign" value="abc"><input type="submit"></form>'
    ),
    "one field a line": ("service=x\r\nsubject=a b+c\nsign_type=MD5\nsign=abc\n"),
    "print_r": (
        "Array\n(\n    [service] => x\n    [subject] => a b+c\n    [sign_type] => MD5\n    [sign] => abc\n)\n"
    ),
    "Java map": ("{service=x, subject=a b+c, sign_type=MD5, sign=abc}"),
    "JSON object": (json.dumps(dict(PAIRS))),
    "log line with a URL": (f"2026-11-25 10:00:00 INFO sent {URL}?{FORM} in 3 ms"),
    "log line with a body": (f'2026-11-25 10:00:00 INFO body="{FORM}" status=200'),
    "URL in quotes": (f"'{URL}?{FORM}'"),
    "URL without scheme": (f"globalmapi.alipay.com/gateway.do?{FORM}"),
    "URL escaped for HTML": (f"{URL}?{FORM}".replace("&", "&amp;")),
}  # fmt: skip


def first(data):
    """Return the only message in ``data``."""
    (message,) = [each for each in read(data.encode() if isinstance(data, str) else data) if each.candidates]
    return message


@pytest.mark.parametrize("name", SAME)
def test_every_way_in_gives_the_same_parameters(name):
    found = first(SAME[name]).candidates.first
    assert (found.params, found.sign, found.sign_type) == (PAIRS, "abc", "MD5")


@pytest.mark.parametrize(
    ("name", "ways", "certain"),
    [
        ("body", (), True),
        ("URL escaped for HTML", (("html-entities", ""),), False),
        ("URL in quotes", (), False),
    ],
)
def test_what_was_done_to_the_input_is_said(name, ways, certain):
    found = first(SAME[name]).candidates.first
    assert (found.ways, found.certain) == (ways, certain)


def test_the_value_of_a_form_ends_at_its_quote_as_it_does_in_a_browser():
    form = '<form><input name="service" value="x"><input name="biz_data" value="{"a":"b"}"><input name="sign" value="s"></form>'
    assert dict(first(form).candidates.first.params) == {"service": "x", "biz_data": "{", "sign": "s"}


def test_a_button_with_a_name_is_sent():
    form = '<form><input name="service" value="x"><input name="partner" value="1"><input name="sign" value="s"><button name="go" value="1"></form>'
    assert ("go", "1") in first(form).candidates.first.params


def test_a_body_with_raw_blanks_and_quotes_is_read_as_it_stands():
    body = 'service=x&timestamp=2026-11-25 10:00:00&biz_data={"a":"b=c"}&sign=s'
    assert dict(first(body).candidates.first.params)["biz_data"] == '{"a":"b=c"}'


def test_a_raw_body_behind_other_text_begins_with_its_first_name():
    found = first('2026-11-25 INFO body: service=x&biz_data={"a":"b c"}&sign=s').candidates.first
    assert dict(found.params) == {"service": "x", "biz_data": '{"a":"b c"}', "sign": "s"}


def test_a_comma_in_a_value_of_a_java_map_stays():
    found = first('{service=x, biz_data={"a":"b, c","d":"e"}, sign=s}').candidates.first
    assert dict(found.params)["biz_data"] == '{"a":"b, c","d":"e"}'


def test_names_that_the_protocol_does_not_know_are_read_between_the_others():
    found = first("{service=x, partner=1, Zeta=7, alpha=y, sign_type=MD5, sign=s}").candidates.first
    assert [name for name, _ in found.params] == ["service", "partner", "Zeta", "alpha", "sign_type", "sign"]


def test_blanks_at_the_edges_of_printed_values_stay():
    text = "Array\n(\n    [service] => x\n    [subject] =>  a b \n    [is_sync] => \n    [sign] => s\n)\n"
    assert dict(first(text).candidates.first.params) == {
        "service": "x",
        "subject": " a b ",
        "is_sync": "",
        "sign": "s",
    }


def test_a_response_gives_its_signed_children():
    fields = {"result_code": "SUCCESS", "qrcode": "a&b"}
    message = first(encode_response(fields, sign="s", sign_type="MD5", charset="GBK"))
    found = message.candidates.first
    assert (message.kind, message.received, found.charset) == ("response", True, "GBK")
    assert dict(found.params) == {**fields, "sign": "s", "sign_type": "MD5"}


def test_bytes_in_another_charset_are_read_and_said():
    found = first("service=x&_input_charset=UTF-8&subject=%D5%C5%C8%FD&sign=x").candidates.first
    assert (dict(found.params)["subject"], found.sent_in) == ("\u5f20\u4e09", "GBK")


@pytest.mark.parametrize(
    "text",
    [
        "please help", " \r\n", "<a/>", '<!DOCTYPE x [<!ENTITY y "z">]><alipay>&y;</alipay>', "curl -d @/etc/passwd https://x/",
        "curl 'https://x/", "curl -d a=b", "{", '{"a": 1}', "[1, 2]", "https://x/", "https://x/?page=2&q=tea",
        "ng+yOjSFsEmMxntRSoN4E8P6r6cnmNzOtXManMjBNkr2WgWAm2sh+0j=",
    ],
)  # fmt: skip
def test_anything_else_is_nothing(text):
    assert list(read(text.encode())) == []


KEYS = {
    "private": TEST_PRIVATE_KEY_PHP,
    "on one line": "".join(TEST_PRIVATE_KEY_JAVA.splitlines()[1:-1]),
    "without dashes": "BEGIN RSA PRIVATE KEY-----\nMIIC\n",
    "public": TEST_ALIPAY_PUBLIC_KEY,
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_a_key(name):
    assert [each.kind for each in read(KEYS[name].encode())] == ["key"]


def test_entries_of_a_har_have_their_number():
    entries = [
        {"request": {"url": f"https://x/?service=x&partner={number}&sign=s{number}"}} for number in range(3)
    ]
    assert [each.place.entry for each in read(json.dumps(entries).encode())] == [0, 1, 2]


@settings(deadline=None, database=None, derandomize=True, max_examples=60)
@given(
    st.sampled_from(
        [b"", b"curl ", b"https://x/?", b"{", b"<", b"a=", b"<form><input name=sign value=", b"GET /?"]
    ),
    st.binary(max_size=60),
)
def test_no_bytes_make_it_fail(head, tail):
    list(read(head + tail))
