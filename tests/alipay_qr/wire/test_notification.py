import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.errors import UnknownCharset, WireError
from alipay_qr.signing import Md5, sign_params, verify_params
from alipay_qr.wire import MAX_BYTES, encode_notification, notification_charset, read_notification

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=100)
FORM = "application/x-www-form-urlencoded"


@PROPERTY
@given(
    st.sampled_from(["UTF-8", "GBK"]), st.dictionaries(st.text("abc_", min_size=1), st.text("中文 +&=%<0\n"))
)
def test_what_is_written_is_read(charset, params):
    body = encode_notification(params, charset)
    assert dict(read_notification(body, f"{FORM}; charset={charset}", "UTF-8")) == params
    assert dict(read_notification(body, FORM, charset)) == params


@PROPERTY
@given(st.binary(max_size=60), st.sampled_from(["", FORM, FORM + ";charset=gbk"]) | st.text(max_size=20))
def test_any_bytes_are_a_notification_or_a_wire_error(body, content_type):
    try:
        pairs = read_notification(body, content_type, "UTF-8")
    except WireError:
        return
    assert isinstance(pairs, list)


@pytest.mark.parametrize("charset", ["UTF-8", "GBK", "GB2312"])
def test_a_signature_survives_the_wire(charset):
    key = Md5("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6")
    params = {"subject": "北京路 一号店", "total_fee": "0.10", "buyer_email": ""}
    params |= {"sign": sign_params(params, key, charset), "sign_type": "MD5"}
    body, content_type = encode_notification(params, charset), f'{FORM};Charset="{charset.lower()}"'
    assert verify_params(
        read_notification(body, content_type, "UTF-8"), key, notification_charset(content_type, "UTF-8")
    )


def test_a_sign_that_lost_its_plus_signs_gets_them_back():
    body = b"sign=a+b%2Bc%20d&subject=a+b&signature=a+b"
    assert read_notification(body, FORM, "UTF-8") == [
        ("sign", "a+b+c+d"),
        ("subject", "a b"),
        ("signature", "a b"),
    ]


def test_repeated_names_are_kept_in_order():
    assert read_notification(b"a=1&b=2&a=3", FORM, "UTF-8") == [("a", "1"), ("b", "2"), ("a", "3")]


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        pytest.param("", "GBK", id="absent"),
        pytest.param(FORM.upper(), "GBK", id="no-charset"),
        pytest.param(f"{FORM};charset=UTF-8", "UTF-8", id="named"),
        pytest.param(f'{FORM} ; x=y; CHARSET = "gb2312"', "GB2312", id="quoted"),
        pytest.param(f"{FORM};charset=", "GBK", id="empty"),
    ],
)
def test_the_content_type_decides_the_charset(content_type, expected):
    assert notification_charset(content_type, "gbk") == expected


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        pytest.param(b"a=1", f"{FORM};charset=utf8", "notification.charset", id="unknown-charset"),
        pytest.param(b"a=1", f"{FORM};charset=utf-8;charset=gbk", "notification.charset", id="two-charsets"),
        pytest.param(b"{}", "application/json", "notification.content-type", id="json"),
        pytest.param(b"a=1", "multipart/form-data; boundary=x", "notification.content-type", id="multipart"),
        pytest.param(b"a=%D6%D0", FORM, "charset.undecodable", id="undecodable"),
        pytest.param(b"a=%4", FORM, "percent.broken", id="broken-percent"),
        pytest.param(b"a=" + b"x" * MAX_BYTES, FORM, "body.too-large", id="large"),
    ],
)
def test_what_is_no_notification(body, content_type, code):
    with pytest.raises(WireError) as caught:
        read_notification(body, content_type, "UTF-8")
    assert caught.value.code == code


def test_an_unknown_configured_charset_is_the_callers_fault():
    with pytest.raises(UnknownCharset):
        read_notification(b"", FORM, "latin-1")
