"""Entries of a HAR file are the same by msgspec's types as without it."""

import copy
import io
import json

import pytest

from alipay_qr_conformance.reading import har, har_types

FORM = "application/x-www-form-urlencoded"
PLAIN = {
    "startedDateTime": "2026-11-10T12:00:00Z",
    "request": {
        "method": "POST",
        "url": "https://shop.example/n",
        "headers": [{"name": "Content-Type", "value": FORM}],
        "postData": {"mimeType": FORM, "text": "a=b"},
    },
    "response": {"status": 200, "content": {"size": 7, "text": "success"}},
}
CHANGES = {
    "request": [
        {},
        None,
        1,
        {"url": 1},
        {"url": "https://a.example/?a=b"},
        {"url": "https://a.example/é?\udc80"},
    ],
    "request.url": ["/n?a=b", "/n?a=\ud800", None],
    "request.method": ["GET", "", None, 7],
    "request.headers": [None, {"content-type": "text/plain"}, [["Content-Type", "a/b"]]],
    "request.queryString": [[{"name": "a", "value": "%20"}], None],
    "request.postData": [
        None,
        {},
        1,
        {"text": ""},
        {"mimeType": FORM},
        {"params": [{"name": "a", "value": "b c"}]},
    ],
    "request.postData.text": ["", None, 1, "测试", "YT1i"],
    "request.postData.encoding": ["base64", None, 1],
    "request.postData.params": [[], None, [{"name": "x", "value": "y"}], 3],
    "request.postData.mimeType": ["", None, 1],
    "response": [None, {}, 1],
    "response.status": [None, True, 200.0, "200", 10**30],
    "response.content": [None, [], {"size": 0}, {"size": -1}],
    "response.content.size": [None, 0, True, 7.5],
    "response.content.text": [None, "c3VjY2Vzcw==", "\x00"],
    "response.content.encoding": ["base64", 5],
    "startedDateTime": [None, "", 1794283200],
    "cache": [{}, [PLAIN, PLAIN], '},{"startedDateTime"', "\\", "\ud83d"],
}
BROKEN = ["nul", '"\\q"', '"\t"', "[1,]", "NaN", "01", "[" * 5000, '"']


def entries():
    """Plain entries, and between them one with each change, and with two."""
    for name, values in CHANGES.items():
        for value in values:
            entry = copy.deepcopy(PLAIN)
            *path, last = name.split(".")
            place = entry
            for step in path:
                place = place[step]
            place[last] = value
            yield from (PLAIN, entry, {**entry, "request": {"url": "https://a.example/?c=d"}})


def read(text):
    """What is read of a file."""
    return list(har.har_exchanges(io.BytesIO(text.encode("utf-8", "surrogatepass"))))


@pytest.mark.parametrize("indent", [None, 1])
def test_every_way_to_write_an_entry(indent, monkeypatch):
    pytest.importorskip("msgspec")
    kept = json.dumps(PLAIN, indent=indent)
    texts = [
        json.dumps({"log": {"entries": [*entries()]}}, indent=indent, ensure_ascii=ascii_only)
        for ascii_only in (True, False)
    ]
    texts += [f'{{"entries": [{kept}, {kept}, {kept[:-1]}, "x": {each}}}, {kept}]}}' for each in BROKEN]
    by_types = list(map(read, texts))
    monkeypatch.setattr(har, "entry_reader", lambda _: None)
    assert by_types == list(map(read, texts))
    assert len(by_types[0]) > 3 * len(CHANGES)


def test_many_small_files_make_the_types_once(monkeypatch):
    msgspec = pytest.importorskip("msgspec")
    made = []
    define = msgspec.defstruct
    monkeypatch.setattr(
        msgspec, "defstruct", lambda name, *args, **more: made.append(name) or define(name, *args, **more)
    )
    har_types._entry.cache_clear()
    for _ in range(3):
        read('{"log": {"entries": []}}')
    assert len(made) == len(set(made)) > 0
