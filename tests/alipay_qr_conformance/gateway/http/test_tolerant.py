"""Requests that strict parsers refuse are read as they came."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr_conformance.gateway.http.tolerant import has_head, read_raw, split_target

CASES = [
    pytest.param(b"GET /g?a=b c HTTP/1.1\r\nHost: x\r\n\r\n", b"/g?a=b c", b"", id="blank-in-url"),
    pytest.param("GET /g?a=店 HTTP/1.1\r\n\r\n".encode(), "/g?a=店".encode(), b"", id="raw-utf-8"),
    pytest.param("GET /g?a=店 HTTP/1.1\r\n\r\n".encode("gbk"), "/g?a=店".encode("gbk"), b"", id="raw-gbk"),
    pytest.param(b"GET /g?a=b\n\n", b"/g?a=b", b"", id="bare-line-feeds-and-no-version"),
    pytest.param(
        b"POST /g HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab",
        b"/g",
        b"ab",
        id="length-twice",
    ),
    pytest.param(
        b"POST /g HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 3\r\n\r\nabc",
        b"/g",
        b"abc",
        id="two-lengths",
    ),
    pytest.param(
        b"POST /g HTTP/1.1\r\nContent-Length: 3, 3\r\n\r\nabc", b"/g", b"abc", id="two-lengths-in-one-field"
    ),
    pytest.param(
        b"POST /g HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n"
        b"2\r\nab\r\n1;x=y\nc\n0\r\nT: r\r\n\r\n",
        b"/g",
        b"abc",
        id="chunks-and-length",
    ),
    pytest.param(b"\r\n\r\nget /g HTTP/1.0\r\n\r\n", b"/g", b"", id="blank-lines-first-small-letters"),
]


@pytest.mark.parametrize(("raw", "target", "body"), CASES)
def test_what_is_read(raw, target, body):
    found = read_raw(raw + b"GET /next")
    assert found is not None
    assert (found.target, found.body, found.complete) == (target, body, True)
    assert raw[found.end :] == b""
    assert found.end == len(raw)


@pytest.mark.parametrize(("raw", "target", "body"), CASES)
def test_a_request_in_pieces_is_complete_at_its_last_byte_only(raw, target, body):
    for cut in range(1, len(raw)):
        found = read_raw(raw[:cut])
        assert found is None or not found.complete


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"a=b&c=d", b"%E5%BA%97 /g HTTP/1.1\r\n\r\n", b"GET gateway.do HTTP/1.1\r\n\r\n"]
)
def test_what_has_no_request_line_is_no_request(raw):
    assert read_raw(raw, at_end=True) is None


def test_at_the_end_what_there_is_counts():
    found = read_raw(b"POST /g HTTP/1.1\r\nContent-Length: 9\r\n\r\nab", at_end=True)
    assert (found.body, found.complete) == (b"ab", True)
    assert read_raw(b"GET /g?a=\xff", at_end=True).target == b"/g?a=\xff"


@settings(deadline=None, database=None, derandomize=True, max_examples=300)
@given(
    st.lists(
        st.sampled_from([b"GET ", b"/g", b" ", b"\r\n", b"\n", b"Content-Length: 3", b"a", b"\xff", b"0"])
    )
)
def test_nothing_raises(parts):
    raw = b"".join(parts)
    for at_end in (False, True):
        found = read_raw(raw, at_end=at_end)
        assert found is None or 0 < found.end <= len(raw)
    assert has_head(raw) or read_raw(raw) is None


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"/gateway.do?a=b?c", "/gateway.do", b"a=b?c"),
        (b"http://host:1/gateway.do?a", "/gateway.do", b"a"),
        (b"http://host", "", b""),
        (b"/g?a=1#2", "/g", b"a=1#2"),
        (b"*", "", b""),
    ],
)
def test_targets_are_split_into_path_and_query(target, path, query):
    assert split_target(target) == (path, query)
