"""The hook that keeps keys out of commits."""

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PRIVATE_KEY_JAVA
from alipay_qr_conformance.cli.staged_keys import main, secrets

LIVE = "q7w3kz9x2m5n8v4b6c1j0h7g5f3d2s1a"


@pytest.fixture(scope="module")
def pair():
    from cryptography.hazmat.primitives.asymmetric import rsa

    from alipay_qr.keys import private_key_forms, public_key_forms

    key = rsa.generate_private_key(65537, 2048)
    return private_key_forms(key), public_key_forms(key.public_key())[0]


def test_a_private_key_is_found_in_every_form(pair):
    for form in pair[0]:
        assert [*secrets(f"a: 1\nALIPAY_PRIVATE_KEY={form}\n".encode())] == [(2, "live")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"[alipay]\nmd5_key = {LIVE}\n", [(2, "live")]),
        (f"$key = '{TEST_MD5_KEY}';", [(1, "published")]),
        (TEST_PRIVATE_KEY_JAVA, [(1, "published")]),
        (f"sign={LIVE}&sign_type=MD5", []),
        ("checksum: d41d8cd98f00b204e9800998ecf8427e", []),
        ("", []),
    ],
    ids=["md5", "published md5", "published RSA", "a sign", "a checksum", "nothing"],
)
def test_what_is_found(text, found):
    assert [*secrets(text.encode())] == found


def test_a_public_key_may_stand_anywhere(pair):
    assert [*secrets(pair[1].encode())] == []


def test_file_and_line_are_named_and_nothing_else(tmp_path, capsys):
    path = tmp_path / "shop.ini"
    path.write_text(f"[alipay]\nmd5_key = {LIVE}\n")
    assert main([str(path), str(tmp_path / "absent")]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{path}:2: ")
    assert LIVE[:8] not in out
    path.write_text("nothing = here\n")
    assert main([str(path)]) == 0
