# ruff: noqa: E501 (lines as people paste them)
import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_PRIVATE_KEY_JAVA, TEST_PRIVATE_KEY_PHP
from alipay_qr.wire import encode_response
from alipay_qr_conformance.doctor.input_error import InputError
from alipay_qr_conformance.doctor.inputs import read_input

PAIRS = (("service", "x"), ("subject", "a b+c"), ("sign_type", "MD5"), ("sign", "abc"))
FORM = "service=x&subject=a+b%2Bc&sign_type=MD5&sign=abc"
BODY = "subject=a+b%2Bc&sign_type=MD5&sign=abc"
URL = "https://globalmapi.alipay.com/gateway.do"

SAME = {
    "url": ("url", f"{URL}?{FORM}#top"),
    "body": ("form", FORM),
    "body with a line end": ("form", f"\ufeff{FORM}\n"),
    "curl -d": ("curl", f"curl -d '{BODY}' '{URL}?service=x'"),
    "curl over several lines": ("curl", f"curl '{URL}?service=x' \\\n  -H 'Accept: */*' \\\n  --data-raw '{BODY}' --compressed"),
    "curl as browsers copy it": ("curl", f"curl '{URL}?service=x' --data-raw $'subject=a+b%2Bc&sign_type=MD5&sign=\\x61b\\u0063'"),
    "curl -G": ("curl", f'$ curl -sG {URL} -d service=x --data-urlencode "subject=a b+c" -d sign_type=MD5 -dsign=abc'),
    "curl GET": ("curl", f"curl -X GET --url={URL}?service=x -d '{BODY}'"),
    "har entry": ("har", json.dumps({"request": {"method": "GET", "url": f"{URL}?{FORM}"}})),
    "har file": (
        "har",
        json.dumps({"log": {"entries": [
            {"request": {"url": "https://shop.example/?a=1"}},
            {"request": {"url": f"{URL}?service=x", "postData": {"mimeType": "application/x-www-form-urlencoded", "text": BODY}}},
        ]}}),
    ),
    "har params": (
        "har",
        json.dumps({"request": {"url": f"{URL}?service=x", "postData": {"params": [
            {"name": name, "value": value} for name, value in PAIRS[1:]
        ]}}}),
    ),
    "HTTP GET": ("form", f"GET /gateway.do?{FORM} HTTP/1.1\r\nHost: globalmapi.alipay.com\r\n\r\n"),
    "HTTP POST": (
        "form",
        f"POST /gateway.do?service=x HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n{BODY}\n",
    ),
    "HTML form": (
        "form",
        f'<form action="{URL}?service=x"><input name="subject" value="a b&#43;c"/><INPUT type="hidden" name=sign_type value=MD5><input name="sign" value="abc"><input type="submit"></form>',
    ),
    "one field a line": ("form", "service=x\r\nsubject=a b+c\nsign_type=MD5\nsign=abc\n"),
    "print_r": (
        "form",
        "Array\n(\n    [service] => x\n    [subject] => a b+c\n    [sign_type] => MD5\n    [sign] => abc\n)\n",
    ),
    "Java map": ("form", "{service=x, subject=a b+c, sign_type=MD5, sign=abc}"),
    "JSON object": ("form", json.dumps(dict(PAIRS))),
    "log line with a URL": ("form", f"2026-11-25 10:00:00 INFO sent {URL}?{FORM} in 3 ms"),
    "log line with a body": ("form", f'2026-11-25 10:00:00 INFO body="{FORM}" status=200'),
    "URL in quotes": ("form", f"'{URL}?{FORM}'"),
    "URL without scheme": ("form", f"globalmapi.alipay.com/gateway.do?{FORM}"),
    "URL escaped for HTML": ("url", f"{URL}?{FORM}".replace("&", "&amp;")),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_every_way_in_gives_the_same_parameters(name):
    kind, text = SAME[name]
    given_ = read_input(text.encode())
    assert (given_.kind, given_.params, given_.sign, given_.sign_type) == (kind, PAIRS, "abc", "MD5")


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("body", ()),
        ("URL escaped for HTML", (("input.html-escaped", ""),)),
        ("URL in quotes", (("input.cut-out", f"{URL}?{FORM}"[:60]),)),
    ],
)
def test_what_was_done_to_the_input_is_said(name, remark):
    assert read_input(SAME[name][1].encode()).remarks == remark


def test_a_request_of_the_open_platform_is_told_apart():
    given_ = read_input(b"app_id=1&method=alipay.trade.pay&biz_content=%7B%7D&sign_type=RSA2&sign=x")
    assert given_.remarks == (("input.open-platform", ""),)


def test_the_value_of_a_form_ends_at_its_quote_as_it_does_in_a_browser():
    form = b'<form><input name="biz_data" value="{"a":"b"}"><input name="sign" value="s"></form>'
    assert dict(read_input(form).params) == {"biz_data": "{", "sign": "s"}


def test_a_body_with_raw_blanks_and_quotes_is_read_as_it_stands():
    body = b'service=x&timestamp=2026-11-25 10:00:00&biz_data={"a":"b=c"}&sign=s'
    given_ = read_input(body)
    assert dict(given_.params)["biz_data"] == '{"a":"b=c"}'
    assert given_.remarks == ()


def test_a_raw_body_behind_other_text_begins_with_its_first_name():
    given_ = read_input(b'2026-11-25 INFO body: service=x&biz_data={"a":"b c"}&sign=s')
    assert dict(given_.params) == {"service": "x", "biz_data": '{"a":"b c"}', "sign": "s"}
    assert given_.remarks[0][0] == "input.cut-out"


def test_a_comma_in_a_value_of_a_java_map_stays():
    given_ = read_input(b'{service=x, biz_data={"a":"b, c","d":"e"}, sign=s}')
    assert dict(given_.params)["biz_data"] == '{"a":"b, c","d":"e"}'


def test_a_body_that_was_broken_into_lines_is_joined():
    assert dict(read_input(b"service=x&subject=ab\nc&sign=s\n&sign_type=MD5").params)["subject"] == "abc"


def test_a_notification_is_known_by_its_fields():
    assert read_input(b"notify_id=1&sign=x").received


def test_a_response_gives_its_signed_children():
    xml = encode_response(
        {"result_code": "SUCCESS", "qrcode": "a&b"}, sign="s", sign_type="MD5", charset="GBK"
    )
    given_ = read_input(xml)
    assert given_.kind == "response"
    assert given_.received
    assert dict(given_.params) == {"result_code": "SUCCESS", "qrcode": "a&b", "sign": "s", "sign_type": "MD5"}
    assert given_.charset == "GBK"


def test_bytes_in_another_charset_are_read_and_said():
    given_ = read_input(b"_input_charset=UTF-8&subject=%D5%C5%C8%FD&sign=x")
    assert (dict(given_.params)["subject"], given_.sent_in) == ("张三", "GBK")


REFUSED = {
    "prose": (b"please help", "unknown"),
    "nothing": (b"", "empty"),
    "blanks": (b" \r\n", "empty"),
    "an error response": (
        b"<alipay><is_success>F</is_success><error>ILLEGAL_SIGN</error></alipay>",
        "unsigned",
    ),
    "other XML": (b"<a/>", "xml"),
    "a document type": (b'<!DOCTYPE x [<!ENTITY y "z">]><alipay>&y;</alipay>', "xml"),
    "a curl line that reads a file": (b"curl -d @/etc/passwd https://x/", "curl-file"),
    "a form file": (b"curl -F 'a=@/etc/passwd' https://x/", "curl-file"),
    "open quotes": (b"curl 'https://x/", "curl-words"),
    "no address": (b"curl -d a=b", "curl-url"),
    "broken JSON": (b"{", "har"),
    "JSON of something else": (b'{"a": 1}', "har-empty"),
    "a list": (b"[1, 2]", "har-empty"),
    "an address without parameters": (b"https://x/", "no-parameters"),
    "another page's address": (b"https://x/?page=2&q=tea", "foreign"),
    "base64": (b"ng+yOjSFsEmMxntRSoN4E8P6r6cnmNzOtXManMjBNkr2WgWAm2sh+0j=", "foreign"),
    "a private key": (TEST_PRIVATE_KEY_PHP.encode(), "key"),
    "a private key on one line": ("".join(TEST_PRIVATE_KEY_JAVA.splitlines()[1:-1]).encode(), "key"),
    "a private key without dashes": (b"BEGIN RSA PRIVATE KEY-----\nMIIC\n", "key"),
    "a public key": (TEST_ALIPAY_PUBLIC_KEY.encode(), "key"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_is_refused_with_a_reason(name):
    given, code = REFUSED[name]
    with pytest.raises(InputError) as caught:
        read_input(given)
    assert caught.value.code == code


def test_a_refusal_is_said_in_two_languages():
    error = InputError("folder", "a.txt")
    assert str(error) == "a.txt is a folder: name the file that holds the request"
    assert error.in_language("zh") == "a.txt 是目录：请给出保存请求的文件名"


def test_a_har_entry_may_be_chosen():
    entries = [{"request": {"url": f"https://x/?n={number}&sign=s"}} for number in range(3)]
    data = json.dumps(entries).encode()
    assert dict(read_input(data, entry=2).params)["n"] == "2"
    with pytest.raises(InputError, match="has 3"):
        read_input(data, entry=3)


@pytest.mark.parametrize(
    "text",
    [
        b"<input " * 9000,
        b"a=b\n" * 100_000,
        b"a." * 1_000_000,
        b"x ?" * 20_000,
        b"<input><!--" + b"--!" * 20_000,
    ],
    ids=["open tags", "lines", "dots", "questions", "comments"],
)
def test_a_hostile_paste_costs_little(text):
    started = time.process_time()
    with contextlib.suppress(InputError):
        read_input(text)
    assert time.process_time() - started < 2


@settings(deadline=None, database=None, derandomize=True, max_examples=60)
@given(
    st.sampled_from(
        [b"", b"curl ", b"https://x/?", b"{", b"<", b"a=", b"<input name=sign value=", b"GET /?"]
    ),
    st.binary(max_size=60),
)
def test_no_bytes_make_it_fail_otherwise(head, tail):
    with contextlib.suppress(InputError):
        read_input(head + tail)
