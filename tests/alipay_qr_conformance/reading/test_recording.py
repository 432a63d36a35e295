# ruff: noqa: E501 (lines as recorders write them)
import base64
import io
import json

import pytest

from alipay_qr_conformance.reading.clock import seconds
from alipay_qr_conformance.reading.exchange import Exchange, Skipped
from alipay_qr_conformance.reading.lines import MAX_LINE
from alipay_qr_conformance.reading.recording import exchanges

FORM = "notify_id=1&notify_type=t&out_trade_no=T1&subject=a+b&sign_type=MD5&sign=2f699e1b7cb9a9813bc51231158966a1"
BODY = FORM.encode()
PAIRS = tuple(pair.split("=", 1) for pair in FORM.replace("+", " ").split("&"))
FORM_TYPE = "application/x-www-form-urlencoded"


def har(post, **request):
    entry = {
        "startedDateTime": "2026-11-23T10:00:00.000+08:00",
        "request": {
            "method": "POST",
            "url": "https://shop.example/n",
            "headers": [{"name": "Content-Type", "value": FORM_TYPE}],
            "postData": post,
            **request,
        },
        "response": {"status": 200, "content": {"size": 7, "mimeType": "text/plain", "text": "success"}},
    }
    return json.dumps({"log": {"entries": [entry]}})


WHOLE = {
    "HAR": (har({"mimeType": FORM_TYPE, "text": FORM}), "har"),
    "HAR, params encoded": (har({"params": [{"name": n, "value": v.replace(" ", "+")} for n, v in PAIRS]}), "har"),
    "HAR, base64": (har({"text": base64.b64encode(BODY).decode(), "encoding": "base64"}), "har"),
    "HAR, headers as object": (har({"text": FORM}, headers={"content-type": FORM_TYPE}), "har"),
    "HAR, byte order mark": ("\ufeff" + har({"text": FORM}), "har"),
    "JSON line": (json.dumps({"time": "2026-11-23T10:00:00+08:00", "method": "POST", "url": "https://shop.example/n", "body": FORM, "content_type": FORM_TYPE, "status": 200, "response_body": "success", "size": 7}), "json-line"),
    "JSON line, request apart": (json.dumps({"ts": 1795399200, "request": {"method": "POST", "uri": "https://shop.example/n", "body": FORM, "headers": {"Content-Type": [FORM_TYPE]}}, "status": 200, "size": 7, "resp_body": "success"}), "json-line"),
}  # fmt: skip


def only(text):
    found = list(exchanges(io.BytesIO(text.encode())))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_exchange_is_read_alike_from_each_format(name):
    text, source = WHOLE[name]
    found = only(text)
    assert (found.source, found.method, found.url, found.body) == (
        source,
        "POST",
        b"https://shop.example/n",
        BODY,
    )
    assert (found.status, found.reply, found.reply_size, found.content_type) == (
        200,
        b"success",
        7,
        FORM_TYPE,
    )
    assert seconds(found.time) == 1795399200.0


LINES = {
    "nginx": (f'203.0.113.7 - - [23/Nov/2026:10:00:00 +0800] "GET /r?{FORM} HTTP/1.1" 200 512 "-" "Mozilla/5.0"', ("access-log", "GET", f"/r?{FORM}".encode(), b"", 200, 512)),
    "nginx with a body": (f'203.0.113.7 - - [23/Nov/2026:10:00:00 +0800] "POST /n HTTP/1.1" 200 7 "-" "Mozilla/4.0" "{FORM}"', ("access-log", "POST", b"/n", BODY, 200, 7)),
    "nginx without a body": ('203.0.113.7 - - [23/Nov/2026:10:00:00 +0800] "POST /n HTTP/1.1" 419 - "-" "Mozilla/4.0"', ("access-log", "POST", b"/n", None, 419, 0)),
    "load balancer": (f'h2 2026-11-23T02:00:00.000000Z app/x/50 203.0.113.7:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET https://shop.example:443/r?{FORM} HTTP/1.1" "x" - -', ("access-log", "GET", f"https://shop.example:443/r?{FORM}".encode(), b"", 200, -1)),
    "Caddy": (json.dumps({"ts": 1795399200.0, "request": {"method": "GET", "uri": f"/r?{FORM}"}, "status": 200, "size": 5}), ("json-line", "GET", f"/r?{FORM}".encode(), b"", 200, 5)),
    "application, body": (f"2026-11-23 02:00:00 INFO n - body={FORM}", ("log-line", "POST", b"", b"body=" + BODY, None, -1)),
    "application, address": (f"2026-11-23T02:00:00Z sent https://h/g.do?{FORM} in 3 ms", ("log-line", "GET", f"https://h/g.do?{FORM}".encode(), b"", None, -1)),
    "text in JSON": (json.dumps({"time": "2026-11-23T02:00:00Z", "msg": f"notify {FORM}"}), ("json-line", "POST", b"", BODY, None, -1)),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_tells_what_it_has(name):
    line, expected = LINES[name]
    found = only(line + "\n")
    assert (found.source, found.method, found.url, found.body, found.status, found.reply_size) == expected
    assert (found.line, found.offset, seconds(found.time)) == (1, 0, 1795399200.0)


def test_decoded_records_have_pairs_and_no_body():
    found = only(json.dumps({"time": "x", "params": dict(PAIRS)}))
    assert (found.params, found.body) == (tuple(map(tuple, PAIRS)), None)


def test_what_is_no_exchange_is_skipped_and_told():
    text = f"hello\n\n{{\n{'x' * MAX_LINE}yz\n2026 body={FORM}\n"
    found = list(exchanges(io.BytesIO(text.encode())))
    assert [(each.line, getattr(each, "reason", "")) for each in found] == [
        (1, "no-exchange"),
        (3, "no-exchange"),
        (4, "too-long"),
        (5, ""),
    ]
    assert found[-1].offset == text.index("2026 body")
    assert isinstance(found[0], Skipped)
    assert isinstance(found[-1], Exchange)


@pytest.mark.parametrize(
    ("text", "reason"),
    [('{"log": {"entries": [{"request": {"url": "x"', "broken"), ('{"log": {"entries": [1]}}', "no-exchange"), ('{"entries": 3, "log": 1}', "no-exchange")],
    ids=["cut", "a number", "no list"],
)  # fmt: skip
def test_a_broken_har_says_so(text, reason):
    assert only(text).reason == reason


def test_the_offset_of_an_entry_is_in_bytes():
    text = '{"log": {"comment": "\u7b7e\u540d", "entries": [{"request": {"url": "x", "c": "\u7b7e"}}, {"request": {"url": "y"}}]}}'
    found = list(exchanges(io.BytesIO(text.encode())))
    assert [text.encode()[each.offset :][:10] for each in found] == [b'{"request"'] * 2


TIMES = {
    "23/Nov/2026:10:00:00 +0800": 1795399200.0,
    "2026-11-23T10:00:00.5+08:00": 1795399200.5,
    "2026-11-23 02:00:00,250": 1795399200.25,
    "Mon, 23 Nov 2026 02:00:00 GMT": 1795399200.0,
    "1795399200": 1795399200.0,
    "1795399200.5": 1795399200.5,
    "1795399200000": 1795399200.0,
    "1795399200000000": 1795399200.0,
    "yesterday": None,
    "99/Foo/2026:10:00:00 +0800": None,
    "": None,
}


@pytest.mark.parametrize("text", TIMES)
def test_times_are_read(text):
    assert seconds(text) == TIMES[text]


def test_a_time_without_a_zone_is_in_the_zone_named():
    assert seconds("2026-11-23 10:00:00", 480) == 1795399200.0
