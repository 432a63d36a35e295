"""Key texts: every published form loads, every malformed one has its name, none is ever repeated."""

import base64
import contextlib
import subprocess
import traceback

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_PRIVATE_KEY_JAVA, TEST_PRIVATE_KEY_PHP
from alipay_qr.errors import KeyTextError
from alipay_qr.keys import load_private_key, load_public_key, private_key_forms, public_key_forms

PRIVATE = load_private_key(TEST_PRIVATE_KEY_PHP)
PUBLIC = load_public_key(TEST_ALIPAY_PUBLIC_KEY)
FORMS = private_key_forms(PRIVATE)
PUBLIC_PEM, PUBLIC_BASE64 = public_key_forms(PUBLIC)
PKCS1_PUBLIC = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def one_line(pem):
    first, *body, last = pem.strip().splitlines()
    return "\n".join([first, "".join(body), last])


def bare(pem):
    return "".join(line for line in pem.splitlines() if "-----" not in line)


PRIVATE_FORMS = {
    "guide-php": TEST_PRIVATE_KEY_PHP,
    "guide-java": TEST_PRIVATE_KEY_JAVA,
    **FORMS._asdict(),
    "pkcs1-one-line-body": one_line(FORMS.pkcs1_pem),
    "pkcs8-wrapped-base64": "\n".join(FORMS.pkcs8_pem.splitlines()[1:-1]),
    "crlf": FORMS.pkcs1_pem.replace("\n", "\r\n"),
    "blanks-around": f"\n\n  {FORMS.pkcs8_base64}  \n",
    "byte-order-mark": "\ufeff" + FORMS.pkcs1_pem,
    "bytes": FORMS.pkcs1_pem.encode(),
    "bytes-with-byte-order-mark": b"\xef\xbb\xbf" + FORMS.pkcs8_pem.encode(),
}
PUBLIC_FORMS = {
    "guide": TEST_ALIPAY_PUBLIC_KEY,
    "pem": PUBLIC_PEM,
    "base64": PUBLIC_BASE64,
    "pkcs1-pem": PKCS1_PUBLIC,
    "pkcs1-base64": bare(PKCS1_PUBLIC),
    "bytes": PUBLIC_PEM.encode(),
}


def named(table):
    return pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in table.items()])


@named(PRIVATE_FORMS)
def test_every_private_form_is_the_same_key(text):
    assert load_private_key(text).private_numbers() == PRIVATE.private_numbers()


@named(PUBLIC_FORMS)
def test_every_public_form_is_the_same_key(text):
    assert load_public_key(text).public_numbers() == PUBLIC.public_numbers()


def test_the_guides_keys_are_no_pair():
    assert PRIVATE.public_key().public_numbers() != PUBLIC.public_numbers()


@pytest.mark.runtime("openssl")
def test_openssl_reads_what_we_write(tmp_path):
    for number, pem in enumerate((FORMS.pkcs1_pem, FORMS.pkcs8_pem)):
        path = tmp_path / f"{number}.pem"
        path.write_text(pem)
        answer = subprocess.run(
            ["openssl", "rsa", "-in", path, "-check", "-noout"], capture_output=True, check=True
        )
        assert b"RSA key ok" in answer.stdout + answer.stderr


def encrypted(layout):
    return PRIVATE.private_bytes(Encoding.PEM, layout, BestAvailableEncryption(b"secret")).decode()


def ec_pem(layout):
    return EC_KEY.private_bytes(Encoding.PEM, layout, NoEncryption()).decode()


def altered(text):
    """Change a byte of the DER's inside, so that it is well-formed base64 of no key."""
    der = bytearray(base64.b64decode(text))
    der[4:8] = b"\xff\xff\xff\xff"
    return base64.b64encode(der).decode()


PHP = TEST_PRIVATE_KEY_PHP
MALFORMED = {
    "nothing": ("key.empty", ""),
    "blanks": ("key.empty", " \n\t "),
    "only-a-byte-order-mark": ("key.empty", "\ufeff"),
    "empty-body": ("key.empty", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"),
    "two-keys": ("key.two-keys", FORMS.pkcs1_pem * 2),
    "no-end-line": ("key.truncated", FORMS.pkcs1_pem.split("-----END")[0]),
    "cut-base64": ("key.truncated", FORMS.pkcs8_base64[:-101]),
    "cut-whole-quads": ("key.truncated", FORMS.pkcs8_base64[:-100]),
    "dashes-lost": ("key.label", FORMS.pkcs1_pem.replace("-----", "")),
    "three-dashes": ("key.label", FORMS.pkcs1_pem.replace("-----BEGIN", "---BEGIN")),
    "misspelt": ("key.label", FORMS.pkcs1_pem.replace("RSA PRIVATE", "RSA PRIVAT")),
    "labels-differ": ("key.label", FORMS.pkcs1_pem.replace("END RSA PRIVATE", "END PRIVATE")),
    "another-language": ("key.label", PHP.replace("For PHP", "For COBOL")),
    "text-before": ("key.label", "my key:\n" + FORMS.pkcs1_pem),
    "text-after": ("key.label", FORMS.pkcs1_pem + "that was my key"),
    "ec-label": ("key.label", ec_pem(PrivateFormat.TraditionalOpenSSL)),
    "escaped-line-ends": ("key.base64", FORMS.pkcs1_pem.strip().replace("\n", "\\n")),
    "foreign-characters": ("key.base64", FORMS.pkcs8_base64[:50] + "!" + FORMS.pkcs8_base64[51:]),
    "padding-inside": ("key.base64", FORMS.pkcs8_base64[:50] + "==" + FORMS.pkcs8_base64[50:]),
    "binary": ("key.base64", base64.b64decode(FORMS.pkcs8_base64)),
    "utf-16": ("key.base64", FORMS.pkcs1_pem.encode("utf-16")),
    "ec-key": ("key.not-rsa", ec_pem(PrivateFormat.PKCS8)),
    "encrypted-pkcs1": ("key.encrypted", encrypted(PrivateFormat.TraditionalOpenSSL)),
    "encrypted-pkcs8": ("key.encrypted", encrypted(PrivateFormat.PKCS8)),
    "encrypted-base64": ("key.encrypted", bare(encrypted(PrivateFormat.PKCS8))),
    "public": ("key.public-for-private", PUBLIC_PEM),
    "public-base64": ("key.public-for-private", PUBLIC_BASE64),
    "certificate": ("key.certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"),
    "altered": ("key.broken", altered(FORMS.pkcs8_base64)),
    "no-der": ("key.broken", base64.b64encode(b"not a key at all").decode()),
    "huge": ("key.broken", "A" * 100_000),
}


@pytest.mark.parametrize(("code", "text"), [pytest.param(*case, id=name) for name, case in MALFORMED.items()])
def test_each_malformed_private_text_has_its_code(code, text):
    with pytest.raises(KeyTextError) as caught:
        load_private_key(text)
    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize(
    ("code", "text"),
    [
        pytest.param("key.private-for-public", FORMS.pkcs1_pem, id="pkcs1"),
        pytest.param("key.private-for-public", FORMS.pkcs8_base64, id="pkcs8-base64"),
        pytest.param("key.private-for-public", TEST_PRIVATE_KEY_JAVA, id="guide-java"),
        pytest.param("key.truncated", PUBLIC_BASE64[:-20], id="cut"),
        pytest.param("key.broken", altered(PUBLIC_BASE64), id="altered"),
        pytest.param(
            "key.not-rsa",
            EC_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            id="ec",
        ),
        pytest.param(
            "key.too-short",
            rsa.RSAPublicNumbers(65537, PUBLIC.public_numbers().n >> 512 | 1)
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            id="512-bits",
        ),
    ],
)
def test_each_malformed_public_text_has_its_code(code, text):
    with pytest.raises(KeyTextError) as caught:
        load_public_key(text)
    assert caught.value.code == code


FRAMES = st.sampled_from(
    ["", "-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\n", "----BEGIN X-----", "\ufeff"]
)
ENDS = st.sampled_from(["", "-----END PRIVATE KEY-----", "\n-----END RSA PRIVATE KEY-----\n", "-----END "])
BODIES = (
    st.text(max_size=80)
    | st.binary(max_size=80).map(lambda data: base64.b64encode(data).decode())
    | st.tuples(st.integers(0, 633), st.binary(min_size=1, max_size=4)).map(
        lambda edit: base64.b64encode(
            (der := base64.b64decode(FORMS.pkcs8_base64))[: edit[0]] + edit[1] + der[edit[0] + len(edit[1]) :]
        ).decode()
    )
)


@given(FRAMES, BODIES, ENDS)
def test_arbitrary_text_raises_nothing_but_key_text_error(begin, body, end):
    for load in (load_private_key, load_public_key):
        with contextlib.suppress(KeyTextError):
            assert load(begin + body + end).key_size >= 1024


@given(st.binary(max_size=120))
def test_arbitrary_bytes_raise_nothing_but_key_text_error(data):
    for load in (load_private_key, load_public_key):
        with pytest.raises(KeyTextError):
            load(data)


def pieces(text):
    """Every run of 16 characters of the key's base64: the canary."""
    body = "".join(bare(text).split())
    return {body[start : start + 16] for start in range(len(body) - 15)}


def told(error):
    """Everything that a logger could write about an error, and about those it hides behind it."""
    seen = []
    while error is not None:
        seen += [str(error), repr(error), repr(vars(error)), repr(error.args)]
        seen += [repr(getattr(error, "object", ""))]
        error = error.__cause__ or error.__context__
    return "\n".join(seen)


CANARY = FORMS.pkcs8_base64
LEAKY = {
    **{name: text for name, (_, text) in MALFORMED.items()},
    "key-as-label": f"-----BEGIN {CANARY[:48]}-----\nAAAA\n-----END {CANARY[48:100]}-----",
    "key-before": f"{CANARY}\n{FORMS.pkcs1_pem}",
    "key-with-a-stray-byte": CANARY.encode() + b"\xff",
    "key-with-a-stray-character": CANARY + "é",
}


@named(LEAKY)
def test_no_error_ever_holds_key_material(text):
    for load in (load_private_key, load_public_key):
        try:
            load(text)
        except KeyTextError as error:
            shown = told(error) + "".join(traceback.format_exception(error))
            assert not any(piece in shown for piece in pieces(CANARY) | pieces(FORMS.pkcs1_pem))
