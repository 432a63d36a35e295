"""Signing: right signs from both libraries, and nothing that is merely similar is accepted."""

import base64
import hashlib
from collections import ChainMap
from types import MappingProxyType

import Crypto.PublicKey.RSA
import pytest
from Crypto.Hash import SHA1, SHA256
from Crypto.Signature import pkcs1_15
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr import account as accounts
from alipay_qr.errors import SignTypeError, UnknownCharset
from alipay_qr.keys import load_private_key
from alipay_qr.signing import Md5, RsaSigner, RsaVerifier, sign_params, verify_params

KEY = "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6"
PRIVATE = load_private_key(accounts.TEST_PRIVATE_KEY_PHP)
PARAMS = {"service": "test", "partner": "123", "empty": ""}
SIGNERS = {"MD5": Md5(KEY), "RSA": RsaSigner(PRIVATE, "RSA"), "RSA2": RsaSigner(PRIVATE, "RSA2")}
VERIFIERS = {
    "MD5": SIGNERS["MD5"],
    "RSA": RsaVerifier(PRIVATE.public_key(), "RSA"),
    "RSA2": RsaVerifier(PRIVATE.public_key(), "RSA2"),
}
TYPES = pytest.mark.parametrize("sign_type", list(SIGNERS))


def signed(sign_type, **extra):
    params = PARAMS | extra
    return params | {"sign_type": sign_type, "sign": sign_params(params, SIGNERS[sign_type])}


@pytest.mark.parametrize(
    ("key", "sign"),
    [
        ("10000000000000000000000000000000", "bbd13b52823b576291595f472ebcfbc2"),
        ("20000000000000000000000000000000", "6d581af270c023fdaaca6880491e9bf7"),
    ],
)
def test_md5_published_vectors(key, sign):
    assert sign_params(PARAMS, Md5(key)) == sign


@given(st.binary(max_size=200))
def test_md5_is_the_digest_of_message_and_key(message):
    assert Md5(KEY).sign(message) == hashlib.md5(message + KEY.encode()).hexdigest()


@pytest.mark.parametrize(("sign_type", "digest"), [("RSA", SHA1), ("RSA2", SHA256)])
def test_rsa_agrees_with_a_second_library(sign_type, digest):
    message = "a=中".encode()
    other = Crypto.PublicKey.RSA.import_key(
        base64.b64decode("".join(accounts.TEST_PRIVATE_KEY_PHP.splitlines()[1:-1]))
    )
    expected = base64.b64encode(pkcs1_15.new(other).sign(digest.new(message))).decode()
    assert SIGNERS[sign_type].sign(message) == expected
    assert VERIFIERS[sign_type].verify(message, expected)


@TYPES
def test_what_was_signed_verifies(sign_type):
    assert verify_params(signed(sign_type), VERIFIERS[sign_type])


@TYPES
@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"partner": "124"}, id="value"),
        pytest.param({"extra": "1"}, id="extra-parameter"),
        pytest.param({"sign": ""}, id="empty-sign"),
        pytest.param({"sign": None}, id="null-sign"),
        pytest.param({"sign_type": ""}, id="empty-sign-type"),
        pytest.param({"sign_type": "md5"}, id="lower-case-sign-type"),
        pytest.param({"sign_type": "DSA"}, id="other-sign-type"),
        pytest.param({"extra": "\ud800"}, id="unencodable-value"),
    ],
)
def test_an_edit_is_not_accepted(sign_type, edit):
    assert not verify_params(signed(sign_type) | edit, VERIFIERS[sign_type])


@TYPES
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda sign: sign + "\n", id="line-end"),
        pytest.param(lambda sign: " " + sign, id="blank"),
        pytest.param(lambda sign: sign[:-1], id="shorter"),
        pytest.param(lambda sign: sign.swapcase(), id="other-case"),
        pytest.param(lambda sign: sign.replace("+", " ").replace("/", "_") + "=", id="other-alphabet"),
        pytest.param(lambda sign: "é" + sign[1:], id="not-ascii"),
    ],
)
def test_a_malformed_sign_is_not_accepted_and_raises_nothing(sign_type, change):
    params = signed(sign_type)
    assert not verify_params(params | {"sign": change(params["sign"])}, VERIFIERS[sign_type])


def test_non_canonical_base64_is_not_accepted():
    params = signed("RSA")
    body = params["sign"].rstrip("=")
    padding = len(params["sign"]) - len(body)
    assert padding
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = body[:-1] + alphabet[alphabet.index(body[-1]) + 1] + "=" * padding
    assert base64.b64decode(other) == base64.b64decode(params["sign"])
    assert not verify_params(params | {"sign": other}, VERIFIERS["RSA"])


def test_a_sender_cannot_choose_the_algorithm():
    """The MD5 of a text with an empty key, or with the public key, gets nobody past an RSA verifier."""
    params = signed("MD5")
    assert not verify_params(params, VERIFIERS["RSA"])
    assert not verify_params(params | {"sign_type": "RSA"}, VERIFIERS["RSA"])
    assert not verify_params(signed("RSA") | {"sign_type": "RSA2"}, VERIFIERS["RSA2"])


@pytest.mark.parametrize(
    "form",
    [dict, MappingProxyType, ChainMap, dict.items, lambda each: iter(each.items())],
    ids=["dict", "mapping", "chain", "pairs", "iterator"],
)
def test_parameters_in_any_form(form):
    assert verify_params(form(signed("MD5")), VERIFIERS["MD5"])


@pytest.mark.parametrize("name", ["partner", "sign", "sign_type", "unheard_of"])
def test_a_name_that_stands_twice_is_not_accepted(name):
    pairs = list(signed("MD5").items())
    assert verify_params(pairs, VERIFIERS["MD5"])
    twice = [*pairs, (name, dict(pairs).get(name, "")), (name, dict(pairs).get(name, ""))]
    assert not verify_params(twice, VERIFIERS["MD5"])


def test_an_unknown_charset_is_the_callers_fault_even_when_verifying():
    with pytest.raises(UnknownCharset):
        verify_params(signed("MD5"), VERIFIERS["MD5"], "latin-1")


@pytest.mark.parametrize("key", ["", " " + KEY, KEY + "\n", "\u3000" + KEY, "é" * 32], ids=repr)
def test_an_md5_key_with_anything_around_it_is_refused_without_being_shown(key):
    with pytest.raises(SignTypeError) as caught:
        Md5(key)
    assert caught.value.code == "md5-key.form"
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("sign_type", ["", "rsa", "MD5", "RSA256"])
def test_rsa_refuses_other_sign_types(sign_type):
    for maker, key in ((RsaSigner, PRIVATE), (RsaVerifier, PRIVATE.public_key())):
        with pytest.raises(SignTypeError) as caught:
            maker(key, sign_type)
        assert caught.value.code == "sign-type.unknown"


def test_rsa_is_the_type_where_none_is_named():
    signer, verifier = RsaSigner(PRIVATE), RsaVerifier(PRIVATE.public_key())
    assert (signer.sign_type, verifier.sign_type) == ("RSA", "RSA")
    assert signer.sign(b"a=1") == SIGNERS["RSA"].sign(b"a=1")
    assert verifier.verify(b"a=1", signer.sign(b"a=1"))
    assert not verifier.verify(b"a=1", SIGNERS["RSA2"].sign(b"a=1"))


def test_a_repr_names_the_type_and_hides_the_key():
    assert repr(Md5(KEY)) == "Md5(key=<hidden>)"
    assert repr(RsaSigner(PRIVATE, "RSA2")) == "RsaSigner(key=<hidden>, sign_type='RSA2')"


@TYPES
def test_no_repr_shows_a_key(sign_type):
    assert KEY not in repr(SIGNERS[sign_type])
    assert "hidden" in repr(SIGNERS[sign_type])
