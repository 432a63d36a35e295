import time
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.errors import Unencodable, UnknownCharset, WireError
from alipay_qr.wire import MAX_BYTES, MAX_FIELDS, decode_form, encode_form, quote, split_form

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=50)
CHARSETS = {"UTF-8": "utf-8", "GBK": "gbk", "GB2312": "gb2312"}


def double_byte_characters(codec):
    codes = [bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF)]
    return [text for text in (code.decode(codec, "ignore") for code in codes) if len(text) == 1]


ASCII = st.characters(max_codepoint=0x7F)
ALPHABETS = {
    "UTF-8": st.characters(exclude_categories=["Cs"]),
    "GBK": ASCII | st.sampled_from(double_byte_characters("gbk")),
    "GB2312": ASCII | st.sampled_from(double_byte_characters("gb2312")),
}


@st.composite
def messages(draw):
    charset = draw(st.sampled_from(list(CHARSETS)))
    text = st.text(ALPHABETS[charset], max_size=12)
    return charset, draw(st.lists(st.tuples(text.filter(bool), text), max_size=8))


@PROPERTY
@given(messages())
def test_what_is_written_is_read(message):
    charset, pairs = message
    assert decode_form(encode_form(pairs, charset).encode("ascii"), charset) == pairs


@PROPERTY
@given(messages())
def test_the_standard_library_writes_and_reads_the_same(message):
    charset, pairs = message
    written = encode_form(pairs, charset)
    assert written == urlencode(pairs, encoding=CHARSETS[charset])
    assert parse_qsl(written, keep_blank_values=True, encoding=CHARSETS[charset], errors="strict") == pairs


@PROPERTY
@given(st.binary(max_size=40) | st.text("%&=+0aF\r\n", max_size=40).map(str.encode))
def test_splitting_undoes_percent_codes_as_the_standard_library_does(data):
    segments = [s for s in data.replace(b"+", b" ").split(b"&") if s]
    expected = [tuple(map(unquote_to_bytes, s.partition(b"=")[::2])) for s in segments]
    assert split_form(data) == expected


@PROPERTY
@given(st.binary(max_size=60), st.sampled_from(list(CHARSETS)))
def test_any_bytes_are_a_form_or_a_wire_error(data, charset):
    try:
        pairs = decode_form(data, charset)
    except WireError:
        return
    assert decode_form(encode_form(pairs, charset).encode("ascii"), charset) == pairs


@pytest.mark.parametrize(
    ("text", "charset", "expected"),
    [
        pytest.param("aZ09_.-~", "UTF-8", "aZ09_.-~", id="unreserved"),
        pytest.param("a b", "UTF-8", "a+b", id="blank"),
        pytest.param("a+b", "UTF-8", "a%2Bb", id="plus"),
        pytest.param("%41", "UTF-8", "%2541", id="literal-percent"),
        pytest.param('{"a":1}', "UTF-8", "%7B%22a%22%3A1%7D", id="json"),
        pytest.param("中", "UTF-8", "%E4%B8%AD", id="utf-8"),
        pytest.param("中", "gbk", "%D6%D0", id="gbk-small-letters"),
        pytest.param("丂", "GBK", "%81%40", id="gbk-trail-byte-is-ascii"),
        pytest.param("\0\r\n", "UTF-8", "%00%0D%0A", id="controls"),
    ],
)
def test_quoting(text, charset, expected):
    assert quote(text, charset) == expected


def test_none_is_not_sent_and_empty_is():
    assert encode_form({"a": None, "b": "", "c": "0"}, "UTF-8") == "b=&c=0"


def test_order_and_repetition_are_kept():
    assert decode_form(b"b=1&a=2&b=3", "UTF-8") == [("b", "1"), ("a", "2"), ("b", "3")]


def test_empty_segments_and_missing_equals_signs():
    assert decode_form(b"&&a&b=1=2&", "UTF-8") == [("a", ""), ("b", "1=2")]


def test_semicolon_is_no_separator():
    assert decode_form(b"a=1;b=2", "UTF-8") == [("a", "1;b=2")]


@pytest.mark.parametrize(
    ("data", "charset", "code", "named"),
    [
        pytest.param(b"a=1&b=%4", "UTF-8", "percent.broken", "field b: %4 at byte 2", id="short-code"),
        pytest.param(b"a=%zz", "UTF-8", "percent.broken", "%zz", id="no-hex"),
        pytest.param(b"a=x y", "UTF-8", "byte.unencoded", "0x20 at byte 3", id="raw-blank"),
        pytest.param(b"a=\xd6\xd0", "GBK", "byte.unencoded", "0xD6", id="raw-gbk"),
        pytest.param(b"a=\xe4\xb8\xad", "UTF-8", "byte.unencoded", "0xE4", id="raw-utf-8"),
        pytest.param(b"=x", "UTF-8", "name.empty", "without a name", id="no-name-first"),
        pytest.param(b"a=1&=x", "UTF-8", "name.empty", "without a name", id="no-name-later"),
        pytest.param(
            b"a=%D6%D0", "UTF-8", "charset.undecodable", "d6 d0 at byte 0 are no UTF-8", id="gbk-as-utf-8"
        ),
        pytest.param(b"%FF=1", "GBK", "charset.undecodable", "ff", id="undecodable-name"),
        pytest.param(b"a=%81%40", "GB2312", "charset.undecodable", "GB2312", id="gbk-as-gb2312"),
        pytest.param(b"a=" + b"x" * MAX_BYTES, "UTF-8", "body.too-large", "bytes", id="too-large"),
        pytest.param(b"a=1&" * (MAX_FIELDS + 1), "UTF-8", "fields.too-many", "1000", id="too-many"),
    ],
)
def test_defects_are_named(data, charset, code, named):
    with pytest.raises(WireError) as caught:
        decode_form(data, charset)
    assert caught.value.code == code
    assert named in str(caught.value)
    assert str(caught.value).isascii()


def test_a_thousand_fields_are_read():
    assert len(decode_form(b"a=1&" * MAX_FIELDS, "UTF-8")) == MAX_FIELDS


def test_the_largest_form_is_read():
    assert decode_form(b"a=" + b"x" * (MAX_BYTES - 2), "UTF-8") == [("a", "x" * (MAX_BYTES - 2))]


def test_unknown_charset_and_unencodable_character_are_the_callers_fault():
    with pytest.raises(UnknownCharset):
        encode_form({}, "latin-1")
    with pytest.raises(UnknownCharset):
        decode_form(b"", "Big5")
    with pytest.raises(Unencodable):
        encode_form({"a": "☃"}, "GBK")


@pytest.mark.parametrize("byte", [b"%", b"&", b"=", b"+", b"\xff", b"%41"], ids=repr)
def test_splitting_the_largest_form_takes_bounded_time(byte):
    data = byte * (MAX_BYTES // len(byte))
    start = time.process_time()
    split_form(data)
    assert time.process_time() - start < 2
