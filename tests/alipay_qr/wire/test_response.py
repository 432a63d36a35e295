import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.errors import ParameterError, Unencodable, UnknownCharset, WireError
from alipay_qr.signing import Md5, sign_params, verify_params
from alipay_qr.wire import (
    MAX_BYTES,
    Response,
    encode_error,
    encode_response,
    read_response,
    response_presign_params,
)
from alipay_qr.wire.xml import MAX_DEPTH, MAX_ELEMENTS

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=100)
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
        lambda character: character >= " " or character in "\t\r\n"
    ),
    max_size=12,
)
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,11}", fullmatch=True)


def xml(inside: str, root: str = "alipay") -> bytes:
    return f"<{root}>{inside}</{root}>".encode()


def result(children: str) -> bytes:
    return xml(f"<is_success>T</is_success><response><alipay>{children}</alipay></response>")


@PROPERTY
@given(
    st.sampled_from(["UTF-8", "GBK", "GB2312"]),
    NAMES,
    st.dictionaries(NAMES, XML_TEXT, max_size=6),
    st.lists(st.tuples(XML_TEXT, XML_TEXT), max_size=4),
    st.none() | st.text("0aZ+/=", max_size=8),
)
def test_what_is_written_is_read(charset, container, fields, request_, sign):
    data = encode_response(
        fields, container=container, request=request_, sign=sign, sign_type="MD5", charset=charset
    )
    assert read_response(data) == Response(
        is_success=True,
        error=None,
        container=container,
        fields={name: value.strip(" \t\r\n") for name, value in fields.items()},
        sign=sign,
        sign_type="MD5",
        charset=charset,
        request=tuple(request_),
    )


PIECES = [
    *(b"<alipay>", b"</alipay>", b"<is_success>T</is_success>", b"<response>", b"</response>"),
    *(b"<a>", b"</a>", b"<sign>", b"</sign>", b"<?xml version='1.0' encoding='GBK'?>", b"<!DOCTYPE a>"),
    *(b"<!--x-->", b"<?p?>", b"<![CDATA[", b"]]>", b"&amp;", b"&#0;", b"&x;", b"<x:a xmlns:x='u'/>"),
    *(b"\xd6\xd0", b"\xef\xbb\xbf", b"\0", b"x"),
]


@PROPERTY
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(b"".join) | st.binary(max_size=60))
def test_any_bytes_are_a_response_or_a_wire_error(data):
    for candidate in (data, b"<alipay><is_success>T</is_success>" + data + b"</alipay>"):
        try:
            response = read_response(candidate)
        except WireError:
            continue
        assert isinstance(response.is_success, bool)


def test_the_genuine_shape():
    data = (
        '<?xml version="1.0" encoding="GBK"?>\n<alipay><is_success>T</is_success>\n<request>'
        '<param name="sign">s</param><param name="_input_charset">UTF-8</param></request>\n'
        "<response><qrcodeinfo>\n <qrcode_img_url>https://mobilecodec.alipay.com/show.htm?a=1&amp;b=2"
        "</qrcode_img_url>\n <store_name> 北京 </store_name><empty/></qrcodeinfo></response>\n"
        "<sign> abc </sign><sign_type>MD5</sign_type></alipay>"
    ).encode("gbk")
    response = read_response(data)
    assert (response.is_success, response.error) == (True, None)
    assert response.container == "qrcodeinfo"
    assert response.charset == "GBK"
    assert (response.sign, response.sign_type) == ("abc", "MD5")
    assert response.request == (("sign", "s"), ("_input_charset", "UTF-8"))
    assert response_presign_params(response) == {
        "qrcode_img_url": "https://mobilecodec.alipay.com/show.htm?a=1&b=2",
        "store_name": "北京",
        "empty": "",
    }


@pytest.mark.parametrize("charset", ["UTF-8", "GBK", "GB2312"])
def test_a_signature_survives_the_wire(charset):
    key = Md5("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6")
    fields = {"result_code": "SUCCESS", "store_name": "北京 & <路>", "error": ""}
    sign = sign_params(fields, key, charset)
    response = read_response(encode_response(fields, sign=sign, sign_type="MD5", charset=charset))
    received = {**response_presign_params(response), "sign": response.sign, "sign_type": response.sign_type}
    assert verify_params(received, key, response.charset)


def test_the_bytes_of_a_response():
    echo = [("a", "1"), ("b", '<"\0')]
    data = encode_response({"c": "&", "d": ""}, request=echo, sign="s=", sign_type="RSA", charset="gbk")
    assert data == (
        '<?xml version="1.0" encoding="GBK"?>\n<alipay><is_success>T</is_success>'
        '<request><param name="a">1</param><param name="b">&lt;"&#65533;</param></request>'
        "<response><alipay><c>&amp;</c><d></d></alipay></response>"
        "<sign>s=</sign><sign_type>RSA</sign_type></alipay>"
    ).encode("ascii")


def test_the_bytes_of_a_plain_echo():
    data = encode_response({}, container="r", request=[("a", "1"), ("b", "2")], sign=None, sign_type=None)
    assert b'<request><param name="a">1</param><param name="b">2</param></request>' in data


@pytest.mark.parametrize(
    ("character", "written"),
    [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', '"')],
    ids=["ampersand", "less", "greater", "quote"],
)
def test_the_bytes_of_a_single_special_character(character, written):
    data = encode_response(
        {"c": character}, request=[(character, character)], sign=character, sign_type="MD5"
    ).decode()
    name = written.replace('"', "&quot;")
    assert f'<request><param name="{name}">{written}</param></request>' in data
    assert f"<alipay><c>{written}</c></alipay></response><sign>{written}</sign>" in data


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param('<"&>', '&lt;"&amp;&gt;', id="printable-and-special"),
        pytest.param("\0", "\ufffd", id="neither-printable-nor-xml"),
        pytest.param("<\n", "&lt;\n", id="special-and-line-end"),
    ],
)
def test_the_bytes_of_an_echo_that_needs_care(value, written):
    data = encode_response({}, request=[("a", value)], sign=None, sign_type=None)
    assert f'<request><param name="a">{written}</param></request>'.encode() in data


def test_the_bytes_of_the_least_response_and_of_an_error():
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<alipay><is_success>'
    assert encode_response({}, sign=None, sign_type=None) == (
        head + b"T</is_success><response><alipay></alipay></response></alipay>"
    )
    assert encode_error("SYSTEM_ERROR") == head + b"F</is_success><error>SYSTEM_ERROR</error></alipay>"


def test_a_gateway_error_is_unsigned():
    response = read_response(encode_error("ILLEGAL_SIGN", "GBK"))
    assert response == Response(
        is_success=False, error="ILLEGAL_SIGN", container=None, fields={}, sign=None, sign_type=None,
        charset="GBK", request=(),
    )  # fmt: skip


def test_a_character_that_the_charset_lacks_becomes_a_reference():
    data = encode_response({"a": "中☃"}, sign=None, sign_type=None, charset="GB2312")
    assert "<a>中&#9731;</a>".encode("gbk") in data
    assert read_response(data).fields == {"a": "中☃"}


def test_hostile_responses_can_be_written_and_are_refused():
    data = encode_response([("a", "1"), ("b", None), ("a", "2")], sign="s", sign_type="MD5")
    assert b"<b>" not in data
    with pytest.raises(WireError) as caught:
        read_response(data)
    assert caught.value.code == "response.duplicate"


def test_the_echo_takes_what_xml_cannot_hold():
    data = encode_response({}, request=[("a\0", '"\n<')], sign=None, sign_type=None)
    assert read_response(data).request == (("a\ufffd", '"\n<'),)


def test_what_cannot_be_written_is_the_callers_fault():
    with pytest.raises(Unencodable) as caught:
        encode_response({"a": "x\0"}, sign=None, sign_type=None)
    assert caught.value.code == "response.character"
    with pytest.raises(ParameterError):
        encode_response({"a b": "x"}, sign=None, sign_type=None)
    with pytest.raises(ParameterError):
        encode_response({}, container="1><x", sign=None, sign_type=None)
    with pytest.raises(UnknownCharset):
        encode_error("X", "latin-1")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "response.malformed", id="nothing"),
        pytest.param(b"<html>a long page</html>", "response.root", id="html"),
        pytest.param(b"<alipay xmlns='u'/>", "response.malformed", id="namespace"),
        pytest.param(
            b"\n<?xml version='1.0'?><alipay/>", "response.malformed", id="blank-before-declaration"
        ),
        pytest.param(b"<?xml version='1.0'?><alipay>", "response.malformed", id="truncated"),
        pytest.param(
            b"<?xml version='1.1' encoding='GBK'?><alipay/>",
            "response.malformed",
            id="declaration-of-xml-1.1",
        ),
        pytest.param(
            b"<?xml version='1.0'?><?xml version='1.0' encoding='GBK'?><alipay/>",
            "response.malformed",
            id="two-declarations",
        ),
        pytest.param(xml("<is_success>T</is_success>\0"), "response.malformed", id="nul"),
        pytest.param(result("<a>1<!-- -->2</a>"), "response.malformed", id="comment"),
        pytest.param(result("<a>1<?p q?>2</a>"), "response.malformed", id="processing-instruction"),
        pytest.param(result("<a>&unknown;</a>"), "response.malformed", id="undefined-entity"),
        pytest.param(b"<!DOCTYPE alipay><alipay/>", "response.dtd", id="doctype"),
        pytest.param(
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><alipay>&x;</alipay>",
            "response.dtd",
            id="xxe",
        ),
        pytest.param(
            b"<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'><alipay/>", "response.dtd", id="remote-dtd"
        ),
        pytest.param(xml("<response/>"), "response.is-success", id="no-is-success"),
        pytest.param(xml("<is_success>true</is_success>"), "response.is-success", id="is-success-true"),
        pytest.param(xml("<is_success>t</is_success>"), "response.is-success", id="is-success-small"),
        pytest.param(xml("<is_success><a/>T</is_success>"), "response.malformed", id="is-success-nested"),
        pytest.param(
            xml("<is_success>T</is_success><is_success>F</is_success>"), "response.duplicate", id="two-flags"
        ),
        pytest.param(
            xml("<is_success>T</is_success><sign>a</sign><sign>b</sign>"),
            "response.duplicate",
            id="two-signs",
        ),
        pytest.param(result("<a>1</a><a>2</a>"), "response.duplicate", id="two-values"),
        pytest.param(
            xml("<is_success>T</is_success><response><alipay/><alipay/></response>"),
            "response.duplicate",
            id="two-containers",
        ),
        pytest.param(
            xml("<is_success>T</is_success><response/><response><alipay/></response>"),
            "response.duplicate",
            id="two-responses",
        ),
        pytest.param(
            b"<?xml version='1.0' encoding='UTF-16'?><alipay/>", "response.charset", id="utf-16-declared"
        ),
        pytest.param("<alipay/>".encode("utf-16"), "response.charset", id="utf-16"),
        pytest.param(b"<?xml version='1.0' encoding='Big5'?><alipay/>", "response.charset", id="big5"),
        pytest.param(
            b"\xef\xbb\xbf<?xml version='1.0' encoding='GBK'?><alipay/>",
            "response.charset",
            id="bom-against-declaration",
        ),
        pytest.param(result("<a>中</a>").replace(b"\xad", b""), "response.undecodable", id="broken-utf-8"),
        pytest.param("<alipay>中</alipay>".encode("gbk"), "response.undecodable", id="gbk-undeclared"),
        pytest.param(b"<alipay>" * 33, "response.depth", id="deep"),
        pytest.param(b"<alipay>" + b"<a/>" * 5_000, "response.elements", id="many-elements"),
        pytest.param(b"<alipay>" + b"x" * MAX_BYTES, "response.too-large", id="large"),
    ],
)
def test_what_is_no_response(data, code):
    with pytest.raises(WireError) as caught:
        read_response(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        pytest.param("", "utf-8", id="no-declaration"),
        pytest.param("\ufeff", "utf-8", id="byte-order-mark"),
        pytest.param("\ufeff<?xml version='1.0' encoding='utf-8'?>", "utf-8", id="both"),
        pytest.param("<?xml version='1.0'?>", "utf-8", id="declaration-without-encoding"),
        pytest.param('<?xml version = "1.0"\n encoding = "gbk" standalone="yes" ?>\r\n', "gbk", id="gbk"),
        pytest.param("<?xml version='1.0' encoding='GB2312'?>", "gb2312", id="gb2312"),
    ],
)
def test_declared_charsets(head, encoding):
    text = "<alipay><is_success>T</is_success><response><r><a>中</a></r></response></alipay>"
    response = read_response((head + text).encode(encoding))
    assert (response.charset, response.fields) == (encoding.upper(), {"a": "中"})


def test_cdata_is_text():
    assert read_response(result("<a><![CDATA[x&y]]></a>")).fields == {"a": "x&y"}


def test_nested_fields_are_flagged_and_their_xml_kept():
    response = read_response(result("<a>1</a><list> <item>2 &amp; 3</item>t</list>"))
    assert response.nested == ("list",)
    assert response.fields == {"a": "1", "list": "<item>2 &amp; 3</item>t"}


def test_elements_without_text_keep_both_their_tags():
    fields = read_response(result("<list><item/><item> </item></list>")).fields
    assert fields == {"list": "<item></item><item> </item>"}


def test_an_element_without_text_is_empty_and_not_absent():
    response = read_response(xml("<is_success>F</is_success><error/><sign> </sign>"))
    assert (response.is_success, response.error, response.sign) == (False, "", "")
    assert response.sign_type is None


def test_only_the_blanks_of_xml_are_trimmed():
    response = read_response(
        result("<a>\u3000x\u00a0 </a>").replace(b"<response>", b"<error>\xc2\x85 </error><response>")
    )
    assert (response.fields["a"], response.error) == ("\u3000x\u00a0", "\x85")


def test_an_odd_echo_is_read_as_far_as_it_goes():
    data = xml(
        "<is_success>T</is_success>"
        "<request><param>1</param><other/><param name='b'>2<i>3</i>4</param></request>"
    )
    assert read_response(data).request == (("", "1"), ("b", "234"))


def test_a_response_that_just_fits():
    head, tail = xml("<is_success>T</is_success><error>-</error>").split(b"-")
    error = "x" * (MAX_BYTES - len(head) - len(tail))
    assert read_response(head + error.encode() + tail).error == error


def test_the_deepest_response_that_is_read():
    inner = "<a>" * (MAX_DEPTH - 3) + "</a>" * (MAX_DEPTH - 3)
    assert read_response(result(inner)).nested == ("a",)
    with pytest.raises(WireError, match="deeper than 32"):
        read_response(result(f"<a>{inner}</a>"))


def test_the_depth_is_counted_anew_behind_an_element_that_ended():
    beside = "<b/>" * 40
    inner = "<a>" * (MAX_DEPTH - 4) + "</a>" * (MAX_DEPTH - 4)
    assert read_response(result(f"<c>{beside}{inner}</c>")).nested == ("c",)
    with pytest.raises(WireError, match="deeper than 32"):
        read_response(result(f"<c><b/><a>{inner}</a></c>"))


def test_as_many_elements_as_are_read():
    fields = "".join(f"<a{number}/>" for number in range(MAX_ELEMENTS - 4))
    assert len(read_response(result(fields)).fields) == MAX_ELEMENTS - 4
    with pytest.raises(WireError, match="more than 4096 elements"):
        read_response(result(fields + "<b/>"))


@pytest.mark.parametrize("unit", [b"<a>", b"<a/>", b"&amp;", b"x", b"<"], ids=repr)
def test_the_worst_response_takes_bounded_time(unit):
    head = b"<alipay>"
    data = head + unit * ((MAX_BYTES - len(head)) // len(unit))
    start = time.process_time()
    with pytest.raises(WireError):
        read_response(data)
    assert time.process_time() - start < 3


def test_many_attributes_take_bounded_time():
    data = b"<alipay " + b" ".join(b"a%d=''" % number for number in range(90_000)) + b"/>"
    start = time.process_time()
    with pytest.raises(WireError):
        read_response(data)
    assert time.process_time() - start < 3
