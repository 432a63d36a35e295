import pytest

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_MD5_KEY, TEST_PRIVATE_KEY_PHP
from alipay_qr.keys import load_public_key, private_key_forms, public_key_forms
from alipay_qr_conformance.model.test_account import AccountFileError, OwnKeys, TestKeys, read_account
from alipay_qr_conformance.model.test_account import test_key as published

CANARY = "canary0123456789abcdefghijklmnop"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "md5.key").write_text(f" {CANARY}\n")
    merchant, alipay = published("stranger_2048"), published("stranger_1024")
    (tmp_path / "merchant.pem").write_text(private_key_forms(merchant).pkcs8_pem)
    (tmp_path / "merchant-public.pem").write_text(public_key_forms(merchant.public_key())[0])
    (tmp_path / "alipay.pem").write_text(private_key_forms(alipay).pkcs1_pem)
    return tmp_path


def account(folder, *lines):
    (folder / "account.toml").write_text("\n".join(['partner = "2088123412341234"', *lines]))
    return folder / "account.toml"


def test_the_published_account_has_one_pair_for_each_sign_type():
    keys = TestKeys()
    sizes = {sign_type: keys.merchant_private(sign_type).key_size for sign_type in ("RSA", "RSA2")}
    assert sizes == {"RSA": 1024, "RSA2": 2048}
    assert {sign_type: keys.alipay_private(sign_type).key_size for sign_type in sizes} == sizes
    assert keys.settings("MD5")["md5_key"] == TEST_MD5_KEY
    alipay = load_public_key(TEST_ALIPAY_PUBLIC_KEY).public_numbers()
    assert keys.alipay_private("RSA").public_key().public_numbers() != alipay  # nobody has that one


def test_settings_hand_over_every_form_and_the_key_of_the_other_side():
    settings = TestKeys().settings("RSA2")
    assert set(settings["merchant_private_key"]) == {
        "pkcs1_pem",
        "pkcs8_pem",
        "pkcs1_base64",
        "pkcs8_base64",
    }
    public = load_public_key(settings["alipay_public_key"]["pem"]).public_numbers()
    assert public == TestKeys().alipay_private("RSA2").public_key().public_numbers()


def test_a_whole_account_file(folder):
    keys = read_account(
        account(
            folder,
            'md5_key_file = "md5.key"',
            'merchant_private_key_file = "merchant.pem"',
            'alipay_private_key_file = "alipay.pem"',
        )
    )
    assert (keys.partner, keys.md5_key) == ("2088123412341234", CANARY)
    for sign_type in ("MD5", "RSA", "RSA2"):
        assert keys.merchant_signer(sign_type)
        assert keys.gateway_signer(sign_type)
        assert keys.request_verifier(sign_type)
    assert CANARY in set(keys.secrets())
    assert len(set(keys.secrets())) == 9


def test_an_account_with_a_public_key_alone_can_be_checked_but_not_signed_for(folder):
    keys = read_account(account(folder, 'merchant_public_key_file = "merchant-public.pem"'))
    assert keys.request_verifier("RSA")
    assert keys.merchant_signer("RSA") is None
    assert keys.gateway_signer("RSA") is None
    assert keys.gateway_signer("MD5") is None
    assert keys.merchant_signer("MD5") is None


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (['md5 = "x"'], "unknown key 'md5'"),
        (['md5_key_file = "none"'], "none"),
        (['merchant_private_key_file = "md5.key"'], "account.toml"),
        (['merchant_public_key_file = "merchant.pem"'], "account.toml"),
        (["x"], "account.toml"),
    ],
    ids=["unknown", "missing-file", "no-key", "private-for-public", "no-toml"],
)
def test_a_bad_account_file_says_what_is_wrong_and_never_a_key(folder, lines, complaint):
    with pytest.raises(AccountFileError) as caught:
        read_account(account(folder, *lines))
    assert complaint in str(caught.value)
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("text", ["", 'partner = ""', "partner = 2088", 'md5_key_file = "md5.key"'])
def test_a_partner_is_needed(folder, text):
    (folder / "account.toml").write_text(text)
    with pytest.raises(AccountFileError, match="partner"):
        read_account(folder / "account.toml")


def test_an_empty_md5_key_is_no_key(folder):
    (folder / "md5.key").write_text("\n")
    with pytest.raises(AccountFileError, match="md5_key_file"):
        read_account(account(folder, 'md5_key_file = "md5.key"'))


def test_own_keys_are_used_for_both_rsa_types():
    pair = published("stranger_2048")
    keys = TestKeys("2088", TEST_MD5_KEY, OwnKeys(pair, pair.public_key(), None))
    assert keys.merchant_private("RSA") is keys.merchant_private("RSA2") is pair
    assert TEST_MD5_KEY not in set(keys.secrets())
    assert keys.settings("RSA")["alipay_public_key"] == {"pem": "", "base64": ""}
    assert TEST_PRIVATE_KEY_PHP not in set(keys.secrets())
