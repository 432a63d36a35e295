import time
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.errors import ParameterError, Unencodable, UnknownCharset
from alipay_qr.wire import MAX_BYTES, MAX_FIELDS, Irregularity, Request, get_url, post_parts, read_request
from alipay_qr.wire.request import _unusual, _usual

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=50)
CHARSETS = {"UTF-8": "utf-8", "GBK": "gbk", "GB2312": "gb2312"}
GATEWAY = "https://globalmapi.alipay.com/gateway.do"
FORM = "application/x-www-form-urlencoded"


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
    names = text.filter(lambda name: name not in ("", "_input_charset"))
    params = draw(st.dictionaries(names, text, max_size=8))
    return charset, {"service": "x", "_input_charset": charset, **params}


def get(query: bytes, **more) -> Request:
    return Request("GET", query, **more)


def codes(request: Request, **more) -> list[str]:
    return [irregularity.code for irregularity in read_request(request, **more).irregularities]


@PROPERTY
@given(messages())
def test_a_get_url_is_read_as_it_was_written(message):
    charset, params = message
    reading = read_request(get(urlsplit(get_url(GATEWAY, params, charset)).query.encode("ascii")))
    assert (dict(reading.params), reading.charset, reading.irregularities) == (params, charset, ())
    assert list(reading.params) == list(params.items())


@PROPERTY
@given(messages())
def test_a_post_is_read_as_it_was_written(message):
    charset, params = message
    url, body, content_type = post_parts(GATEWAY, params, charset)
    reading = read_request(Request("POST", urlsplit(url).query.encode("ascii"), body, content_type))
    assert (dict(reading.params), reading.charset, reading.irregularities) == (params, charset, ())
    assert len(reading.params) == len(params)


@PROPERTY
@given(
    st.builds(
        Request,
        method=st.sampled_from(["GET", "POST", "PUT", "get", ""]) | st.text(max_size=5),
        query=st.binary(max_size=60) | st.text("%&=_+a1\\", max_size=30).map(str.encode),
        body=st.binary(max_size=60),
        content_type=st.sampled_from(["", FORM, FORM + ";charset=", "text/plain"]) | st.text(max_size=20),
    ),
    st.sampled_from(list(CHARSETS)),
)
def test_any_request_has_a_reading(request_, default):
    reading = read_request(request_, default)
    assert reading.charset in CHARSETS
    for irregularity in reading.irregularities:
        assert irregularity.detail.isascii()
        assert len(irregularity.detail) < 600
    for name, value in reading.params:
        assert isinstance(name + value, str)


@st.composite
def nearly_usual(draw):
    """A message that was written well, with a few bytes changed, taken out or put in."""
    charset, params = draw(messages())
    if draw(st.booleans()):
        url, body, _ = post_parts(GATEWAY, params, charset)
    else:
        url, body = get_url(GATEWAY, params, charset), b""
    parts = [urlsplit(url).query.encode("ascii"), body]
    for _ in range(draw(st.integers(0, 3))):
        which = draw(st.integers(0, 1))
        at = draw(st.integers(0, len(parts[which])))
        put = draw(
            st.sampled_from([b"", b"&", b"=", b"%", b"%00", b"\0", b"+", b"\xd6", b"&_input_charset=GBK"])
        )
        parts[which] = parts[which][:at] + put + parts[which][at + draw(st.integers(0, 2)) :]
    return parts


@settings(PROPERTY, max_examples=100)
@given(nearly_usual())
def test_the_usual_form_is_read_at_once_as_it_would_be_pair_by_pair(parts):
    found = []
    if usual := _usual(*parts):
        assert usual == _unusual(*parts, "UTF-8", found)
        assert found == []


@PROPERTY
@given(messages())
def test_what_is_written_well_is_read_at_once_unless_it_holds_nul(message):
    charset, params = message
    in_body, body, _ = post_parts(GATEWAY, params, charset)
    well = not any("\0" in text for pair in params.items() for text in pair)
    in_url = urlsplit(get_url(GATEWAY, params, charset)).query.encode("ascii")
    assert (_usual(in_url, b"") is not None) is well
    assert (_usual(urlsplit(in_body).query.encode("ascii"), body) is not None) is well


def test_the_seed_shape_of_a_post():
    params = {"service": "alipay.acquire.cancel", "_input_charset": "GBK", "partner": "2088021966388155"}
    assert post_parts(GATEWAY, params, "GBK") == (
        f"{GATEWAY}?_input_charset=GBK",
        b"service=alipay.acquire.cancel&partner=2088021966388155",
        f"{FORM}; charset=GBK",
    )


def test_a_post_without_charset_is_sent_without_one():
    url, body, _ = post_parts(GATEWAY, {"partner": "1"}, "UTF-8")
    assert (url, body) == (GATEWAY, b"partner=1")


@pytest.mark.parametrize(
    ("gateway_url", "expected"),
    [
        pytest.param("http://h/g", "http://h/g?a=1", id="plain"),
        pytest.param("http://h/g?b=2", "http://h/g?b=2&a=1", id="own-query"),
    ],
)
def test_get_url_joins(gateway_url, expected):
    assert get_url(gateway_url, [("a", "1")], "UTF-8") == expected


def test_what_cannot_be_sent_is_the_callers_fault():
    with pytest.raises(ParameterError) as caught:
        get_url("http://h/#top", {"a": "1"}, "UTF-8")
    assert caught.value.code == "gateway-url.fragment"
    with pytest.raises(Unencodable):
        get_url(GATEWAY, {"a": "☃"}, "GB2312")
    with pytest.raises(UnknownCharset):
        post_parts(GATEWAY, {}, "latin-1")
    with pytest.raises(UnknownCharset):
        read_request(get(b""), "latin-1")


U = b"_input_charset=UTF-8"


@pytest.mark.parametrize(
    ("request_", "code", "detail"),
    [
        pytest.param(
            get(U + b"&a=x y"), "byte.unencoded", "query: a: raw byte 0x20 at byte 3", id="raw-blank"
        ),
        pytest.param(get(U + b"&a=\xe4\xb8\xad"), "byte.unencoded", "0xE4", id="raw-utf-8"),
        pytest.param(get(b"_input_charset=GBK&a=\xd6\xd0"), "byte.unencoded", "0xD6", id="raw-gbk"),
        pytest.param(get(U + b'&a={"b":1}'), "byte.illegal-in-url", "query: raw {", id="raw-json"),
        pytest.param(get(U + b"&a=100%"), "percent.broken", "query: a: %", id="broken-percent"),
        pytest.param(get(U + b"&a=%D6%D0"), "charset.undecodable", "a: bytes d6 d0", id="gbk-under-utf-8"),
        pytest.param(get(b"a=1"), "charset.missing", "read as UTF-8", id="no-charset"),
        pytest.param(get(b"_input_charset=&a=1"), "charset.missing", "read as UTF-8", id="empty-charset"),
        pytest.param(get(b"_input_charset=utf8"), "charset.unknown", "utf8", id="unknown-charset"),
        pytest.param(
            get(U + b"&_input_charset=GBK"), "charset.differs", "UTF-8 and GBK", id="two-charsets-in-query"
        ),
        pytest.param(
            Request("POST", U, b"_input_charset=GBK", FORM),
            "charset.differs",
            "GBK",
            id="two-charsets-in-post",
        ),
        pytest.param(
            Request("POST", U, b"_input_charset=utf-8", FORM),
            "charset.differs",
            "utf-8",
            id="charset-letter-case",
        ),
        pytest.param(
            Request("POST", b"", U, FORM),
            "post.charset-not-in-query",
            "body alone",
            id="charset-in-body-only",
        ),
        pytest.param(get(U + b"&a=1&a=1"), "name.duplicate", "a stands 2 times", id="duplicate"),
        pytest.param(get(U + b"&" + U), "name.duplicate", "_input_charset", id="charset-twice-alike"),
        pytest.param(
            Request("POST", U + b"&a=1", b"a=2", FORM), "name.duplicate", "a stands", id="in-query-and-body"
        ),
        pytest.param(get(U + b"&=1"), "name.empty", "query: (no name)", id="no-name"),
        pytest.param(Request("PUT", U, b"a=1", FORM), "method", "PUT", id="put"),
        pytest.param(Request("get", U), "method", "get", id="small-letters"),
        pytest.param(get(U, body=b"a=1"), "method", "not read", id="get-with-body"),
        pytest.param(Request("POST", U, b"{}", "application/json"), "content-type", "not read", id="json"),
        pytest.param(
            Request("POST", U, b"a=1", "application/json"),
            "content-type",
            "all the same",
            id="form-called-json",
        ),
        pytest.param(Request("POST", U, b"a=1"), "content-type", "no Content-Type", id="no-content-type"),
        pytest.param(
            Request("POST", U, b"a=1", FORM + "; charset=GBK"),
            "content-type.charset",
            "says GBK, the request is read as UTF-8",
            id="content-type-charset",
        ),
        pytest.param(get(U + b"&a=1" * MAX_FIELDS), "fields.too-many", "1001 fields", id="too-many"),
        pytest.param(
            Request("POST", U, b"x" * (MAX_BYTES + 1), FORM), "body.too-large", "none", id="large-body"
        ),
        pytest.param(get(b"x" * (MAX_BYTES + 1)), "query.too-large", "none", id="large-query"),
    ],
)
def test_irregularities(request_, code, detail):
    details = [found.detail for found in read_request(request_).irregularities if found.code == code]
    assert len(details) == 1
    assert detail in details[0]


@pytest.mark.parametrize(
    ("request_", "only"),
    [
        pytest.param(get(U + b"&a=x y"), ["byte.unencoded"], id="raw-blank"),
        pytest.param(
            get(U + b"&_input_charset=GBK"), ["charset.differs"], id="two-charsets-are-no-duplicate"
        ),
        pytest.param(Request("POST", b"", U, FORM), ["post.charset-not-in-query"], id="charset-in-body-only"),
        pytest.param(Request("POST", U, U + b"&a=1", FORM), [], id="charset-in-both"),
        pytest.param(Request("POST", U + b"&a=1", b""), [], id="post-with-everything-in-the-query"),
        pytest.param(Request("POST", U, b'a={"b":1}', FORM), [], id="braces-in-a-body"),
        pytest.param(get(b"_input_charset=gbk&a=%D6%D0"), [], id="charset-in-small-letters"),
    ],
)
def test_one_mistake_earns_one_irregularity(request_, only):
    assert codes(request_) == only


def test_charset_in_both_places_is_kept_once():
    reading = read_request(Request("POST", U + b"&a=1", b"b=2&" + U, FORM))
    assert reading.params == (("_input_charset", "UTF-8"), ("a", "1"), ("b", "2"))


def test_the_first_thousand_fields_are_read_as_they_stand():
    names = [f"n{number}" for number in range(MAX_FIELDS + 1)]
    query = "&&".join(f"{name}=v" for name in names).encode()
    reading = read_request(get(query))
    assert reading.params == tuple((name, "v") for name in names[:MAX_FIELDS])


def test_a_post_of_pairs_keeps_their_repetitions():
    url, body, _ = post_parts(GATEWAY, [("a", "2"), ("_input_charset", "UTF-8"), ("a", "1")], "UTF-8")
    assert (url, body) == (f"{GATEWAY}?_input_charset=UTF-8", b"a=2&a=1")


def test_the_first_known_charset_decides():
    reading = read_request(Request("POST", b"_input_charset=Big5", b"_input_charset=GBK&a=%D6%D0", FORM))
    assert (reading.charset, dict(reading.params)["a"]) == ("GBK", "中")


def test_the_default_charset_is_the_callers():
    assert dict(read_request(get(b"a=%D6%D0"), "GBK").params) == {"a": "中"}
    assert read_request(get(b"a=%D6%D0"), default_charset="gbk").charset == "GBK"


def test_undecodable_bytes_stay_visible():
    assert dict(read_request(get(U + b"&a=x%D6%D0")).params)["a"] == "x\\xd6\\xd0"


def test_details_never_repeat_values():
    secret = b"w0nu2sn0o97s8ruzrpj64fgc8vj8wus6"
    request = get(b"key=%s %%zz%%FF&key=%s&_input_charset=%%" % (secret, secret))
    assert secret.decode() not in repr(read_request(request).irregularities)


def test_hostile_names_are_shortened_and_escaped():
    name = b"\x1b[31m" + b"n" * 500
    (found,) = read_request(get(U + b"&" + name + b"=1")).irregularities
    assert found == Irregularity(
        "byte.unencoded",
        f"query: \\x1b[31m{'n' * 35}...: raw byte 0x1B at byte 0 is not percent-encoded",
    )


@pytest.mark.parametrize("unit", [b"%&", b"=&", b"&", b"a=%FF&", b"\xff", b"%"], ids=repr)
def test_the_worst_request_takes_bounded_time(unit):
    data = unit * (MAX_BYTES // len(unit))
    start = time.process_time()
    reading = read_request(Request("POST", data, data, FORM))
    assert time.process_time() - start < 3
    assert len(reading.params) <= MAX_FIELDS
    assert len(reading.irregularities) < 5 * MAX_FIELDS
