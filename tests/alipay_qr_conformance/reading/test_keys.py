# ruff: noqa: E501 (lines as people write them)
import re

import pytest

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_PRIVATE_KEY_JAVA, TEST_PRIVATE_KEY_PHP
from alipay_qr.keys import load_private_key, load_public_key
from alipay_qr_conformance.reading.keys import keys

BASE64 = "".join(line for line in TEST_PRIVATE_KEY_JAVA.splitlines() if "-" not in line)
PEM = TEST_PRIVATE_KEY_PHP.strip()
ESCAPED = PEM.replace("\n", "\\n")
JOINED = ' +\n    "'.join(f'{BASE64[at : at + 60]}"' for at in range(0, len(BASE64), 60))
CODE = {
    "dotenv": (f"ALIPAY_PARTNER=1\nALIPAY_PRIVATE_KEY={BASE64}\n", "ALIPAY_PRIVATE_KEY"),
    "dotenv, quoted": (f'KEY="{BASE64}"\n', "KEY"),
    "properties": (f"alipay.private-key={ESCAPED}\n", "alipay.private-key"),
    "YAML": (f"alipay:\n  private_key: {BASE64}\n", "private_key"),
    "YAML, folded": ("alipay:\n  private_key: >\n    " + "\n    ".join(re.findall(".{1,64}", BASE64)) + "\n", "private_key"),
    "YAML, literal": ("private_key: |\n  " + PEM.replace("\n", "\n  ") + "\n", "private_key"),
    "JSON": (f'{{"private_key": "{ESCAPED}"}}', "private_key"),
    "PHP": (f"<?php\n$config = ['private_key' => '{PEM}'];", "private_key"),
    "Java": (f'static final String KEY = "{BASE64}";', "KEY"),
    "Java, joined": (f'String KEY = "{JOINED};', "KEY"),
    "C#": (f'const string PrivateKey = @"{PEM}";', "PrivateKey"),
    "Go": (f"const privateKey = `{PEM}`\n", "privateKey"),
    "Go, assigned": (f'key := "{BASE64}"\n', "key"),
    "JavaScript": ("const key = `" + PEM.replace("\n", "\n    ") + "`;", "key"),
    "Ruby": (f"key = <<~K\n{PEM}\nK\n", ""),
    "PHP, define": (f"define('ALIPAY_KEY', '{BASE64}');", "ALIPAY_KEY"),
    "PHP, index": (f"$config['private_key'] = '{PEM}';", "private_key"),
    "Java, setter": (f'config.setPrivateKey("{BASE64}");', "config.setPrivateKey"),
    "Go, bytes": (f"var key = []byte(`{PEM}`)", "key"),
    "C#, raw": (f'var key = """\n{PEM}\n""";', "key"),
    "Python, brackets": (f'KEY = (\n    "{BASE64[:320]}"\n    "{BASE64[320:]}"\n)', "KEY"),
    "Rust": (f'const KEY: &str = r#"{PEM}"#;', "str"),
    "appSettings": (f'<add key="PrivateKey" value="{BASE64}"/>', "PrivateKey"),
    "XML": (f"<PrivateKey>{BASE64}</PrivateKey>", "PrivateKey"),
    "Chinese label": (f"\u5546\u6237\u79c1\u94a5\uff1a\n{BASE64}\n", "\u5546\u6237\u79c1\u94a5"),
    "page": (PEM.replace("\n", "<br>") + " thanks", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CODE)
def test_a_key_is_cut_out_of_code(name):
    text, label = CODE[name]
    (found,) = keys(text.encode())
    assert found.label == label
    assert load_private_key(found.text).private_numbers() == load_private_key(PEM).private_numbers()


MD5 = "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (f"ALIPAY_MD5_KEY={MD5}\n", "ALIPAY_MD5_KEY"),
        (f"$alipay_config['key'] = '{MD5}';", "key"),
        (f"\u5b89\u5168\u6821\u9a8c\u7801(Key)\uff1a{MD5}", "\u5b89\u5168\u6821\u9a8c\u7801"),
    ],
)
def test_an_md5_key_is_known_by_its_name(text, label):
    (found,) = keys(text.encode())
    assert (found.label, found.text) == (label, MD5.encode())


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("properties", ("escaped-newlines",)),
        ("JavaScript", ("indented",)),
        ("Java, joined", ("joined",)),
        ("Go", ()),
    ],
)
def test_what_was_undone_is_told(name, marks):
    (found,) = keys(CODE[name][0].encode())
    assert found.marks == marks


def test_two_keys_are_two():
    found = list(keys(f"a={BASE64}\nb='{TEST_ALIPAY_PUBLIC_KEY.strip()}'\n".encode()))
    assert [each.label for each in found] == ["a", "b"]
    assert load_public_key(found[1].text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MIIC",
        "MIGHT be a key",
        "sign=" + "A" * 172,
        "x: MI" + "Z" * 200,
        "0" * 31,
        f"sign={MD5}",
        "q7/+" * 43,
    ],
)
def test_what_is_no_key_is_none(text):
    assert list(keys(text.encode())) == []


@pytest.mark.parametrize(
    "text", ["ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 a@b", '{"kty": "RSA"}', "<RSAKeyValue>x"]
)
def test_keys_of_other_programs_are_found(text):
    assert len(list(keys(text.encode()))) == 1


@pytest.mark.parametrize("begin", ["", "+"])
@pytest.mark.parametrize("end", ["", "+"])
def test_a_plus_sign_of_base64_is_no_joint(begin, end):
    line = f"{begin}{'A' * 62}{end}"
    body = f"-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYw\n{line}\n-----END PRIVATE KEY-----"
    (found,) = keys(f"private_key={body}\n".encode())
    assert found.text.decode() == body
