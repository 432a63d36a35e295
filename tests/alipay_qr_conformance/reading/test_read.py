# ruff: noqa: E501 (lines as people paste them)
import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.account import TEST_MD5_KEY, TEST_PRIVATE_KEY_JAVA
from alipay_qr.errors import Unencodable, UnknownCharset
from alipay_qr.keys import load_private_key
from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaVerifier
from alipay_qr_conformance.reading.reader import MAX_INPUT, TooLargeError, read
from alipay_qr_conformance.reading.unpacked import unpacked
from reading_wrappings import KINDS, WRAPPINGS, sample

VERIFIERS = (Md5(TEST_MD5_KEY), RsaVerifier(load_private_key(TEST_PRIVATE_KEY_JAVA).public_key()))


def verifies(candidate):
    """Say whether the sign of one reading is right."""
    try:
        text = presign(candidate.params, candidate.charset)
    except (Unencodable, UnknownCharset):
        return False
    return candidate.sign is not None and any(each.verify(text, candidate.sign) for each in VERIFIERS)


def pastes(wrapping, *, right):
    """Yield each kind's sample with the bytes of its paste, where the wrapping suits it."""
    for kind in KINDS:
        given_ = sample(kind, right=right)
        if (found := WRAPPINGS[wrapping](given_)) is not None:
            yield given_, found.encode() if isinstance(found, str) else found


def signed(data):
    """Return the messages with readings."""
    return [message for message in read(data) if message.candidates]


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_right_message_verifies_whatever_is_around_it(wrapping):
    for given_, data in pastes(wrapping, right=True):
        (message,) = signed(data)
        assert any(map(verifies, message.candidates)), given_.kind


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_wrong_message_is_read_as_it_was_sent(wrapping):
    for given_, data in pastes(wrapping, right=False):
        (message,) = signed(data)
        sent = sorted(pair for pair in given_.params if pair[0] != "sign_type")
        readings = [
            sorted(pair for pair in each.params if pair[0] != "sign_type") for each in message.candidates
        ]
        assert sent in readings, given_.kind
        assert not any(map(verifies, message.candidates)), given_.kind


NOTIFICATION = sample("notification")
PLACES = {
    "third line": (f"a\nb\n{NOTIFICATION.form}\n", [(3, 1, -1)]),
    "behind a prefix": (f"INFO body={NOTIFICATION.form}", [(1, 11, -1)]),
    "two lines": (f"{sample('get').url}\n{NOTIFICATION.form}", [(1, 42, -1), (2, 1, -1)]),
    "two objects": ("\n".join(json.dumps(dict(sample(kind).params)) for kind in ("get", "notification")), [(1, 1, -1), (2, 1, -1)]),
    "a collection": (json.dumps({"item": [{"request": {"method": "GET", "url": {"raw": sample("get").url}}}]}), [(1, 253, 0)]),
    "a list of HAR": (WRAPPINGS["HAR"](NOTIFICATION), [(0, 0, 1)]),
    "two HAR files": ("\n--\n".join([WRAPPINGS["HAR"](NOTIFICATION)] * 2), [(0, 0, 1), (0, 0, 3)]),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_each_message_has_its_place(name):
    text, places = PLACES[name]
    assert [tuple(each.place)[1:] for each in signed(text.encode())] == places


OTHERS = {
    "an error code": ("ILLEGAL_PARTNER_EXTERFACE", "error-code", "ILLEGAL_PARTNER_EXTERFACE"),
    "a code of no list": ('{"is_success": "F", "error": "ILLEGAL_TIMESTAMP"}', "error-code", "ILLEGAL_TIMESTAMP"),
    "an error page": ("<html><title>x</title><p>Error: ILLEGAL_SIGN</p></html>", "error-code", "ILLEGAL_SIGN"),
    "an error response": ("<alipay><is_success>F</is_success><error>ILLEGAL_SIGN</error></alipay>", "error-code", "ILLEGAL_SIGN"),
    "Open Platform": ("https://openapi.alipay.com/gateway.do?app_id=2016&method=alipay.trade.pay&sign=x&charset=utf-8", "other-protocol", "open-platform"),
    "Antom": ("POST /ams/api/v1/payments/pay\nClient-Id: SANDBOX_5Y0\nSignature: algorithm=RSA256,keyVersion=1,signature=KE", "other-protocol", "antom-rest"),
    "WAP": ('{"service"=>"alipay.wap.trade.create.direct", "sign"=>"13480b1584995728c36d3f79c057dc10", "sec_id"=>"MD5", "v"=>"1.0"}', "other-protocol", "wap"),
    "a key": (TEST_PRIVATE_KEY_JAVA, "key", ""),
    "an MD5 key": ("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6\n", "key", ""),
    "a .env file": (f"A=1\nALIPAY_KEY={TEST_PRIVATE_KEY_JAVA.splitlines()[1]}\n", "key", "ALIPAY_KEY"),
    "an error about a key": ("openssl_sign(): supplied key param cannot be coerced", "key", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_message_is_named(name):
    text, kind, detail = OTHERS[name]
    assert [(each.kind, each.detail) for each in read(text.encode())] == [(kind, detail)]


@pytest.mark.parametrize(
    "text", ["", "a", "hello, world", "a=b&c=d", "service=x", "sign=abc", "\0" * 99, "{}"]
)
def test_what_is_nothing_gives_nothing(text):
    assert list(read(text.encode())) == []


def test_folded_base64_of_any_length_is_unpacked_whole():
    texts = [b"sign" + b"x" * size for size in range(115, 167)]
    found = unpacked(b"".join(map(base64.encodebytes, texts)))
    assert found.text == b"".join(text + b"\n\n" for text in texts)
    assert len(found.starts) == len(found.places) == len(texts)


def test_a_secret_stands_in_no_repr():
    (found,) = read(TEST_PRIVATE_KEY_JAVA.encode())
    assert found.secret.decode().strip() == TEST_PRIVATE_KEY_JAVA.strip()
    assert TEST_PRIVATE_KEY_JAVA.splitlines()[1][:20] not in repr(found)


def test_what_is_too_large_is_refused():
    with pytest.raises(TooLargeError):
        next(read(b"x" * (MAX_INPUT + 1)))


EDGES = st.text(
    st.sampled_from([*" \n\t.,;:!?()[]{}<>'\"`|*~-_=/#@$%^\\0aZ", *"\u3002\uff0c\uff1b\uff08\uff09\u300c\u300d\u201c\u201d\u8bf7\u7801"]),
    max_size=30,
)  # fmt: skip


@given(EDGES, EDGES, st.sampled_from([kind for kind in KINDS if kind != "response"]))
@settings(deadline=None)
def test_surroundings_do_not_hide_a_right_message(before, behind, kind):
    text = f"{before} {sample(kind).text} {behind}"
    assert any(verifies(each) for message in signed(text.encode()) for each in message.candidates)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
@settings(deadline=None)
def test_any_bytes_are_read_without_an_exception(data):
    list(read(data))
    list(read(NOTIFICATION.form.encode()[:200] + data + base64.b64encode(data)))
