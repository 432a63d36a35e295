"""Requests that strict parsers refuse are read as they came."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr_conformance.gateway.http.tolerant import RequestReader, read_raw, split_target

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


PARTS = st.lists(
    st.sampled_from(
        [
            *(b"GET ", b"POST /g HTTP/1.1\r\n", b"/g", b" ", b"\r\n", b"\n", b"\r", b"Content-Length: 3\r\n"),
            *(
                b"Transfer-Encoding: chunked\r\n",
                b"2;x\r\nab\r\n",
                b"1\nc",
                b"0\r\n",
                b"T: r\r\n",
                b"a",
                b"\xff",
            ),
        ]
    )
)


@settings(deadline=None, database=None, derandomize=True, max_examples=300)
@given(PARTS, st.lists(st.integers(1, 9)))
def test_any_cutting_gives_the_same_request(parts, sizes):
    raw = b"".join(parts)
    reader, position = RequestReader(bytearray()), 0
    for size in [*sizes, len(raw) or 1]:
        reader.feed(raw[position : position + size])
        position += size
    for at_end in (False, True):
        found = read_raw(raw, at_end=at_end)
        assert found is None or 0 < found.end <= len(raw)
        assert reader.request(at_end=at_end) == found


class Watched(bytearray):
    """Counts the bytes that are looked at."""

    looked = 0

    def find(self, sought, start):
        found = super().find(sought, start)
        self.looked += (found if found >= 0 else len(self)) - start
        return found

    def __getitem__(self, place):
        got = super().__getitem__(place)
        self.looked += len(got) if isinstance(place, slice) else 1
        return got


CHUNKED = b"POST /g HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(CHUNKED + b"1\r\na\r\n" * 5000 + b"0\r\n\r\n", id="chunks-of-one-byte"),
        pytest.param(CHUNKED + b"7530\r\n" + b"a" * 30_000 + b"\r\n0\r\n\r\n", id="one-chunk"),
        pytest.param(CHUNKED + b"1;" + b"x" * 30_000 + b"\r\na\r\n0\r\n\r\n", id="a-long-extension"),
        pytest.param(CHUNKED + b"0\r\n" + b"T: r\r\n" * 5000 + b"\r\n", id="trailers"),
        pytest.param(CHUNKED + b"x" * 30_000, id="no-chunk"),
        pytest.param(b"POST /g HTTP/1.1\r\nContent-Length: 30000\r\n\r\n" + b"a" * 30_000, id="counted"),
        pytest.param(b"GET /" + b"a" * 30_000 + b"\r\n\r\n", id="one-line"),
        pytest.param(b"GET /g\r\n" + b"a:b\r\n" * 6000 + b"\r\n", id="many-fields"),
        pytest.param(b"\r\n" * 15_000, id="blank-lines"),
    ],
)
def test_pieces_cost_each_byte_a_few_times_at_most(raw):
    buffer = Watched()
    reader = RequestReader(buffer)
    for position in range(0, len(raw), 8):
        reader.feed(raw[position : position + 8])
    reader.request(at_end=True)
    assert buffer.looked <= 4 * len(raw)


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
