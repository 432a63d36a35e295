"""An account: who the merchant is, and the keys of both directions.

An `Account` holds loaded keys, never their text: what signs the requests that we send, and what checks
the messages that claim to be Alipay's. Both have one fixed ``sign_type``; no message can change it.

The ``TEST_*`` values are the public sandbox account, exactly as Alipay's integration guide prints it
(``seed.md``, Testing Credentials): malformed PEM labels and all. The PHP and the Java text hold one
1024-bit key; Alipay's public key is not its pair, as it must be, and its private half is not public.
Everybody knows these keys: they prove nothing about who sent a message, and never sign real money.
"""

from dataclasses import dataclass
from typing import Final, TypeVar

from alipay_qr.errors import ParameterError, SignTypeError
from alipay_qr.keys import load_private_key, load_public_key
from alipay_qr.presign import codec
from alipay_qr.signing import SIGN_TYPES, Md5, RsaSigner, RsaVerifier, Signer, Verifier

TEST_PARTNER: Final = "2088021966388155"
"""The sandbox's Partner ID (PID)."""

TEST_MD5_KEY: Final = "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6"
"""The sandbox's MD5 key."""

TEST_PRIVATE_KEY_PHP: Final = (
    "-----BEGIN RSA PRIVATE KEY (For PHP)-----\n"
    "MIICXAIBAAKBgQD7FfmVdd570cFX3G76FatugmYlGNFtw9b2kFiBPvJDM0yeX52S\n"
    "WqAtjVBizaf6zNzib1a9xety7dnAxELidQJmUj3z4lwb3j5PRn+lx5FeAyAJWRBS\n"
    "m5+J3AzhOoHpStgATvEXT/AUndrgdn5Adfi45koUB8IzJzGZmk+5DabrIwIDAQAB\n"
    "AoGABd2WjgpJ30SgKqhIo2j8L0G2lylEQzcu/2WR27sXt8AsCwsayD97vHSvqw84\n"
    "3GAKzPNi6F4GSRILYzhyg43ON3/d3m/S1iTgSFXchTyAsAjy398Iq/ufSj9DOj+u\n"
    "I88XZ7JVt7jEyihPldSh7FkuMKaaFkJdsNz22LfD3NZIBVECQQD+I/zp+OuxmW5D\n"
    "GcNDEIXF0bl3mmCAv041ZBBO5JCYrgvpkofC6SRlOi+P3BPXYPHZjyU3Jp3XgaJD\n"
    "QvHCEkXbAkEA/OxD8FDM5i1JqcwIzha+NyJdm3nJ7Njlx4VIKD9Kx10oG49ge7gG\n"
    "8fDC7FwduGupfPj9ycKsHBFWC+AIUPSGWQJASqzWbwWWc+wKiyrxxi3/sL3MSomR\n"
    "G6Oa3nNVm2jr2AEkPPCydaI98ISlXxciuWGiDvRR0h/Ft4I+5JayJP1riwJAHe6o\n"
    "K6ykUylQ6nNnJ1yxrjy270t+hjU1HGO9omW7J9TyhjB1rq6cw81GhEpyifzT1iJx\n"
    "hosvazLyB/2/fjUyIQJBAJDzo5n2tVhsQEe5aNlF5ZHTtReyTMnPR4HgfBqGWydc\n"
    "DV/Wx7roFLX0dYT71CMD3vvHtda0qfNpQe8nM43lJfc=\n"
    "-----END RSA PRIVATE KEY-----"
)
"""The merchant's private key as the guide prints it for PHP: PKCS#1, wrapped, a label of its own."""

TEST_PRIVATE_KEY_JAVA: Final = (
    "----BEGIN RSA PRIVATE KEY (For JAVA)-----\n"
    "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAPsV+ZV13nvRwVfcbvoVq26CZiUY0W3D1vaQWIE+8kMzTJ5fnZJa"
    "oC2NUGLNp/rM3OJvVr3F63Lt2cDEQuJ1AmZSPfPiXBvePk9Gf6XHkV4DIAlZEFKbn4ncDOE6gelK2ABO8RdP8BSd2uB2fkB1+Ljm"
    "ShQHwjMnMZmaT7kNpusjAgMBAAECgYAF3ZaOCknfRKAqqEijaPwvQbaXKURDNy7/ZZHbuxe3wCwLCxrIP3u8dK+rDzjcYArM82Lo"
    "XgZJEgtjOHKDjc43f93eb9LWJOBIVdyFPICwCPLf3wir+59KP0M6P64jzxdnslW3uMTKKE+V1KHsWS4wppoWQl2w3PbYt8Pc1kgF"
    "UQJBAP4j/On467GZbkMZw0MQhcXRuXeaYIC/TjVkEE7kkJiuC+mSh8LpJGU6L4/cE9dg8dmPJTcmndeBokNC8cISRdsCQQD87EPw"
    "UMzmLUmpzAjOFr43Il2becns2OXHhUgoP0rHXSgbj2B7uAbx8MLsXB24a6l8+P3JwqwcEVYL4AhQ9IZZAkBKrNZvBZZz7AqLKvHG"
    "Lf+wvcxKiZEbo5rec1WbaOvYASQ88LJ1oj3whKVfFyK5YaIO9FHSH8W3gj7klrIk/WuLAkAd7qgrrKRTKVDqc2cnXLGuPLbvS36G"
    "NTUcY72iZbsn1PKGMHWurpzDzUaESnKJ/NPWInGGiy9rMvIH/b9+NTIhAkEAkPOjmfa1WGxAR7lo2UXlkdO1F7JMyc9HgeB8GoZb"
    "J1wNX9bHuugUtfR1hPvUIwPe+8e11rSp82lB7yczjeUl9w==\n"
    "-----END RSA PRIVATE KEY-----"
)
"""The same key as the guide prints it for Java: PKCS#8 on one line, four dashes, the label of PKCS#1."""

TEST_ALIPAY_PUBLIC_KEY: Final = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCnxj/9qwVfgoUh/y2W89L6BkRAFljhNhgPdyPuBV64bfQNN1PjbCzkIM6qRdKB"
    "oLPXmKKMiFYnkd6rAoprih3/PrQEB/VsW8OoM8fxn67UDYuyBTqA23MML9q1+ilIZwBC2AQ2UBVOrFXfFl75p6/B5KsiNG9zpgmL"
    "CUYuLkxpLQIDAQAB\n"
    "-----END PUBLIC KEY-----"
)
"""Alipay's public key of the sandbox: it verifies responses and notifications."""


_Text = TypeVar("_Text", bound=str | bytes)


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """A merchant's account with both directions of its keys.

    Attributes:
        partner: the PID, value of ``partner`` in every request.
        sign_type: MD5, RSA or RSA2; value of ``sign_type`` in requests, and the only one accepted back.
        charset: value of ``_input_charset`` in every request.
        signer: signs requests with the merchant's key.
        verifier: checks responses and notifications with Alipay's key (for MD5 the shared one).
    """

    partner: str
    sign_type: str
    charset: str
    signer: Signer
    verifier: Verifier

    def __repr__(self) -> str:
        return (
            f"Account(partner={self.partner!r}, sign_type={self.sign_type!r}, charset={self.charset!r}, "
            "keys=<hidden>)"
        )


def account(
    partner: str,
    *,
    sign_type: str,
    charset: str = "UTF-8",
    md5_key: str | None = None,
    private_key: str | bytes | None = None,
    alipay_public_key: str | bytes | None = None,
) -> Account:
    """Return the account with these key texts; the keys of other sign types are not looked at.

    Args:
        partner: the PID: digits only, 16 of them beginning with 2088 at the real gateway.
        sign_type: MD5, RSA or RSA2, in capital letters.
        charset: UTF-8, GBK or GB2312, in any letter case.
        md5_key: for MD5: the shared key.
        private_key: for RSA and RSA2: the merchant's private key, in any published form.
        alipay_public_key: for RSA and RSA2: Alipay's public key, in any published form.

    Raises:
        SignTypeError: the sign type is unknown, or a key that it needs was not given.
        KeyTextError: a key text cannot be used; its code says why.
        UnknownCharset: ``charset`` is none of the three.
        ParameterError: ``partner`` is not all digits.
    """
    if not (partner.isascii() and partner.isdigit()):
        raise ParameterError(
            f"partner {partner[:20]!r} is not all digits",
            code="partner.form",
            hint="write the 16 digits of the PID, without blanks",
        )
    codec(charset)
    if sign_type == "MD5":
        shared = Md5(_needed(md5_key, "md5_key", sign_type))
        return Account(partner, sign_type, charset, shared, shared)
    if sign_type not in SIGN_TYPES:
        raise SignTypeError(
            f"sign type {sign_type[:20]!r} is not one of {', '.join(SIGN_TYPES)}",
            code="sign-type.unknown",
            hint="write it in capital letters: MD5, RSA or RSA2",
        )
    signer = RsaSigner(load_private_key(_needed(private_key, "private_key", sign_type)), sign_type)
    alipay = load_public_key(_needed(alipay_public_key, "alipay_public_key", sign_type))
    return Account(partner, sign_type, charset, signer, RsaVerifier(alipay, sign_type))


def test_account(sign_type: str = "MD5", charset: str = "UTF-8") -> Account:  # noqa: PT028 (no test)
    """Return the public sandbox account; see `account` for what is raised.

    RSA2 uses the same 1024-bit pair: the guide prints no other.
    """
    return account(
        TEST_PARTNER,
        sign_type=sign_type,
        charset=charset,
        md5_key=TEST_MD5_KEY,
        private_key=TEST_PRIVATE_KEY_PHP,
        alipay_public_key=TEST_ALIPAY_PUBLIC_KEY,
    )


def _needed(text: _Text | None, name: str, sign_type: str) -> _Text:
    if text is None:
        raise SignTypeError(
            f"sign type {sign_type} needs {name}, and none was given",
            code="sign-type.no-key",
            hint=f"give {name}, or choose the sign type that you have keys for",
        )
    return text
