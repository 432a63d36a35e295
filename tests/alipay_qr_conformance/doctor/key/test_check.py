import base64
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_PRIVATE_KEY_JAVA, TEST_PRIVATE_KEY_PHP
from alipay_qr.keys import load_private_key, private_key_forms, public_key_forms
from alipay_qr_conformance.doctor.key.check import FORMS, examine_key, render_key, write_key
from alipay_qr_conformance.model.texts import interface

KEY = rsa.generate_private_key(65537, 2048)
PRIVATE = private_key_forms(KEY)
PEM, BARE = public_key_forms(KEY.public_key())

CASES = {
    "PKCS#1": (PRIVATE.pkcs1_pem, "pkcs1", []),
    "PKCS#8": (PRIVATE.pkcs8_pem, "pkcs8", []),
    "bare PKCS#1": (PRIVATE.pkcs1_base64, "pkcs1", []),
    "bare PKCS#8": (PRIVATE.pkcs8_base64, "pkcs8", []),
    "public": (PEM, "spki", []),
    "bare public": (BARE, "spki", []),
    "the guide's PHP key": (
        TEST_PRIVATE_KEY_PHP,
        "pkcs1",
        ["label-nonstandard", "label-differs", "rsa-only", "published"],
    ),
    "the guide's Java key": (
        TEST_PRIVATE_KEY_JAVA,
        "pkcs8",
        [
            "dashes",
            "label-nonstandard",
            "label-differs",
            "one-line",
            "label-mismatch",
            "rsa-only",
            "published",
        ],
    ),
    "the guide's public key": (TEST_ALIPAY_PUBLIC_KEY, "spki", ["one-line", "rsa-only", "published"]),
    "a byte order mark": ("\ufeff" + PEM, "spki", ["bom"]),
    "no END line": (PEM.split("-----END")[0], "spki", ["no-end"]),
    "no BEGIN line": (PEM.split("BEGIN PUBLIC KEY-----\n")[1], "spki", ["no-begin"]),
    "BEGIN twice": ("-----BEGIN PUBLIC KEY-----\n" + PEM, "spki", ["label-doubled"]),
    "escaped line ends": (PEM.replace("\n", "\\n"), "spki", ["escaped-newlines"]),
    "in quotes": (f'"{BARE}"', "spki", ["quotes"]),
    "blanks for line ends": (BARE[:64] + " " + BARE[64:], "spki", ["blanks-inside"]),
    "URL-encoded": (BARE.replace("+", "%2B").replace("/", "%2F") + "%20", "spki", ["percent"]),
    "the wrong label": (PRIVATE.pkcs8_pem.replace("PRIVATE", "RSA PRIVATE"), "pkcs8", ["label-mismatch"]),
    "one line, blanks": (PEM.replace("\n", " "), "spki", ["one-line"]),
    "HTML codes for line ends": (PEM.replace("\n", "&#10;"), "spki", ["html"]),
    "base64 of a PEM": (base64.b64encode(PEM.encode()).decode(), "spki", ["base64-twice"]),
    "hex": (base64.b64decode(BARE).hex(), "spki", ["hex"]),
    "an MD5 key in capitals": ("W0NU2SN0O97S8RUZRPJ64FGC8VJ8WUS6", "md5", ["md5-letters"]),
    "an MD5 key, cut": ("w0nu2sn0o97s8ruzrpj64fgc8vj8wus", "md5", ["md5-length"]),
    "id_rsa.pub": ("ssh-rsa AAAAB3NzaC1yc2E= a@b", "ssh-public", []),
    "PuTTY": ("PuTTY-User-Key-File-2: ssh-rsa", "putty", []),
    "PGP": ("-----BEGIN PGP PRIVATE KEY BLOCK-----", "pgp", []),
    ".NET": ("<RSAKeyValue><Modulus>zg==</Modulus>", "xml-rsa", []),
    "JSON Web Key": ('{"kty": "RSA"}', "jwk", []),
    "cut": (PRIVATE.pkcs8_base64[:400], "unknown", ["cut"]),
    "no key": (base64.b64encode(b"hello world!").decode(), "unknown", ["no-key"]),
    "empty": (" \n", "unknown", ["empty"]),
    "an MD5 key": ("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6", "md5", []),
    "an MD5 key with its line end": ("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6\n", "md5", ["md5-newline"]),
}


@pytest.mark.parametrize("name", CASES)
def test_form_and_defects_are_named(name):
    text, kind, defects = CASES[name]
    report = examine_key(text.encode())
    found = [defect.code for defect in report.defects]
    if name == "URL-encoded":
        found = [code for code in found if code != "not-base64"]
    assert (report.kind, found) == (kind, defects)
    assert {f"key-defect.{code}" for code in found} <= interface().keys()
    assert f"key-kind.{report.kind}" in interface()


def test_other_kinds_of_key_are_told():
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert examine_key(pem).kind == "other"
    locked = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    assert examine_key(locked).kind == "encrypted"
    bare = b"".join(line for line in locked.splitlines() if b"-" not in line)
    assert examine_key(bare).kind == "encrypted"
    assert examine_key(serialize_key_and_certificates(b"x", KEY, None, None, NoEncryption())).kind == "pkcs12"
    assert examine_key(b"\xfe\xed\xfe\xed\0\0\0\2").kind == "keystore"
    der = KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert examine_key(der).defects[0].code == "binary"


def test_pairs_are_told_from_strangers():
    others = [("pub.pem", PEM.encode()), ("java", TEST_PRIVATE_KEY_JAVA.encode()), ("x", b"?")]
    relations = [each.relation for each in examine_key(PRIVATE.pkcs1_pem.encode(), others).pairings]
    assert relations == ["pair", "no-pair", "pair-unread"]
    php = examine_key(TEST_PRIVATE_KEY_PHP.encode(), [("java", TEST_PRIVATE_KEY_JAVA.encode())])
    assert php.pairings[0].relation == "same"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", PRIVATE._fields)
def test_a_private_key_is_never_printed(form, lang):
    shown = render_key(examine_key(getattr(PRIVATE, form).encode()), lang) + repr(
        examine_key(getattr(PRIVATE, form).encode())
    )
    body = PRIVATE.pkcs1_base64
    assert not any(
        body[start : start + 32] in shown.replace("\n", "") for start in range(400, len(body) - 32)
    )


def test_key_material_in_a_broken_label_is_not_printed_either():
    text = f"-----BEGIN {PRIVATE.pkcs1_base64[:60]}-----\n{PRIVATE.pkcs1_base64}"
    assert PRIVATE.pkcs1_base64[:40] not in render_key(examine_key(text.encode()))


@pytest.mark.parametrize("form", FORMS)
def test_writing_makes_a_new_file_for_the_owner_alone(tmp_path, form):
    path = tmp_path / "new.pem"
    write_key(TEST_PRIVATE_KEY_JAVA.encode(), form, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    if not form.startswith("public"):
        assert (
            load_private_key(path.read_text()).private_numbers()
            == load_private_key(TEST_PRIVATE_KEY_PHP).private_numbers()
        )
    with pytest.raises(FileExistsError):
        write_key(TEST_PRIVATE_KEY_JAVA.encode(), form, path)


def test_a_public_key_cannot_be_written_as_a_private_one(tmp_path):
    with pytest.raises(ValueError, match="private one"):
        write_key(PEM.encode(), "pkcs8_pem", tmp_path / "x")
    assert not (tmp_path / "x").exists()


@settings(deadline=None, database=None, derandomize=True, max_examples=80)
@given(
    st.sampled_from([b"", b"-----BEGIN PUBLIC KEY-----\n", b"MII", b"0\x82", b"-----BEGIN"]),
    st.binary(max_size=80),
)
def test_no_bytes_make_it_fail(head, tail):
    examine_key(head + tail, [("x", tail)])
