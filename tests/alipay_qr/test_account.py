"""The account: the guide's credentials verbatim, and errors that say which key is missing."""

import hashlib

import pytest

from alipay_qr import account as accounts
from alipay_qr.errors import KeyTextError, ParameterError, SignTypeError, UnknownCharset
from alipay_qr.signing import sign_params, verify_params

PARAMS = {"service": "test", "partner": "123"}
SECRETS = [accounts.TEST_MD5_KEY, *accounts.TEST_PRIVATE_KEY_PHP.splitlines()[1:-1]]


def test_the_guides_texts_are_verbatim():
    php, java, alipay = (
        accounts.TEST_PRIVATE_KEY_PHP.splitlines(),
        accounts.TEST_PRIVATE_KEY_JAVA.splitlines(),
        accounts.TEST_ALIPAY_PUBLIC_KEY.splitlines(),
    )
    assert (php[0], php[-1], len(php)) == (
        "-----BEGIN RSA PRIVATE KEY (For PHP)-----",
        "-----END RSA PRIVATE KEY-----",
        15,
    )
    assert (java[0], java[-1], len(java)) == (
        "----BEGIN RSA PRIVATE KEY (For JAVA)-----",
        "-----END RSA PRIVATE KEY-----",
        3,
    )
    assert (alipay[0], len(alipay)) == ("-----BEGIN PUBLIC KEY-----", 3)
    assert (accounts.TEST_PARTNER, accounts.TEST_MD5_KEY) == (
        "2088021966388155",
        "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6",
    )


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        pytest.param(
            accounts.TEST_PRIVATE_KEY_PHP,
            "55132c0e9b029ff666d417d238ad1c48b1b6debffa83b5e76ff2d750550a5d4f",
            id="php",
        ),
        pytest.param(
            accounts.TEST_PRIVATE_KEY_JAVA,
            "2f80c2b7b09d02ca721fc55b2d3c1de02113266926058e81bcd076b779a5da43",
            id="java",
        ),
        pytest.param(
            accounts.TEST_ALIPAY_PUBLIC_KEY,
            "3d93f62a995cfdb5937d798daebeef92aa23a99a69199e55cfe1569a871e3091",
            id="alipay",
        ),
    ],
)
def test_not_a_character_of_the_guide_was_changed(text, digest):
    assert hashlib.sha256(text.encode()).hexdigest() == digest


@pytest.mark.parametrize("charset", ["UTF-8", "gbk"])
@pytest.mark.parametrize("sign_type", ["MD5", "RSA", "RSA2"])
def test_the_sandbox_account(sign_type, charset):
    found = accounts.test_account(sign_type, charset)
    assert (found.partner, found.sign_type, found.charset) == (accounts.TEST_PARTNER, sign_type, charset)
    assert found.signer.sign_type == found.verifier.sign_type == sign_type
    assert not any(secret in repr(found) for secret in SECRETS)


def test_only_md5_verifies_what_it_signed_itself():
    """RSA signs with our key and verifies with Alipay's: our own sign is none of theirs."""
    for sign_type, expected in (("MD5", True), ("RSA", False), ("RSA2", False)):
        found = accounts.test_account(sign_type)
        message = PARAMS | {"sign_type": sign_type, "sign": sign_params(PARAMS, found.signer)}
        assert verify_params(message, found.verifier) is expected


@pytest.mark.parametrize(
    ("arguments", "error", "code"),
    [
        pytest.param({"sign_type": "MD5"}, SignTypeError, "sign-type.no-key", id="md5-without-key"),
        pytest.param({"sign_type": "RSA"}, SignTypeError, "sign-type.no-key", id="rsa-without-key"),
        pytest.param(
            {"sign_type": "RSA2", "private_key": accounts.TEST_PRIVATE_KEY_PHP},
            SignTypeError,
            "sign-type.no-key",
            id="rsa-without-alipays-key",
        ),
        pytest.param(
            {"sign_type": "MD5", "md5_key": " x"}, SignTypeError, "md5-key.form", id="md5-key-with-blank"
        ),
        pytest.param(
            {"sign_type": "md5", "md5_key": "x"}, SignTypeError, "sign-type.unknown", id="lower-case"
        ),
        pytest.param({"sign_type": "DSA"}, SignTypeError, "sign-type.unknown", id="dsa"),
        pytest.param(
            {"sign_type": "RSA", "private_key": "", "alipay_public_key": ""},
            KeyTextError,
            "key.empty",
            id="empty",
        ),
        pytest.param(
            {
                "sign_type": "RSA",
                "private_key": accounts.TEST_PRIVATE_KEY_PHP,
                "alipay_public_key": accounts.TEST_PRIVATE_KEY_PHP,
            },
            KeyTextError,
            "key.private-for-public",
            id="own-key-for-alipays",
        ),
        pytest.param(
            {"sign_type": "MD5", "md5_key": "x", "charset": "latin-1"},
            UnknownCharset,
            "charset.unknown",
            id="charset",
        ),
        pytest.param(
            {"sign_type": "MD5", "md5_key": "x", "partner": "2088 "},
            ParameterError,
            "partner.form",
            id="partner",
        ),
    ],
)
def test_what_is_missing_or_wrong(arguments, error, code):
    with pytest.raises(error) as caught:
        accounts.account(**{"partner": accounts.TEST_PARTNER, **arguments})
    assert caught.value.code == code
    assert not any(secret in str(caught.value) for secret in SECRETS)
