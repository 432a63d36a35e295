"""Alipay's public key, as its pages print it and openssl writes it."""

from collections.abc import Iterator

from tools.vectors.keys import alipay_of_exponent_3
from tools.vectors.keytexts.texts import (
    ALIPAY_BASE64,
    ALIPAY_PEM,
    FORMS,
    GUIDE_ALIPAY,
    PUBLIC,
    bare,
    pem,
    public_pkcs1,
    stored,
    wrapped,
)
from tools.vectors.question import Inputs, Row, family, question

_FORM = "SubjectPublicKeyInfo"


@question(FORMS, given=PUBLIC, says={"form": _FORM, "bits": 2048, "exponent": 65537})
def spki() -> Inputs:
    """SubjectPublicKeyInfo in PEM: what `openssl rsa -pubout` writes."""
    return {"key": ALIPAY_PEM}


@question(FORMS, given=PUBLIC, twin=spki, says={"form": _FORM, "bits": 2048})
def spki_in_base64() -> Inputs:
    """The same without its labels, on one line: what the merchant's page at Alipay shows."""
    return {"key": ALIPAY_BASE64}


@question(FORMS, given=PUBLIC, twin=spki, says={"form": _FORM, "bits": 1024})
def of_the_guide() -> Inputs:
    """Alipay's key exactly as the integration guide prints it: labels on lines of their own, all else on one."""
    return {"key": GUIDE_ALIPAY}


@family(FORMS, given=PUBLIC, twin=spki)
def laid_out_otherwise() -> Iterator[Row]:
    """The same key, other line ends."""
    for text, slug, comment in (
        (wrapped(ALIPAY_BASE64), "base64-in-lines", "Here: without labels, in lines of 64."),
        (pem("PUBLIC KEY", ALIPAY_BASE64), "body-on-one-line", "Here: all of its body on one line."),
        (pem("PUBLIC KEY", wrapped(ALIPAY_BASE64, 76)), "76-columns", "Here: in lines of 76."),
        (ALIPAY_PEM.replace("\n", "\r\n"), "crlf", "Here: with the line ends of Windows."),
        (ALIPAY_PEM.strip(), "no-newline-at-the-end", "Here: no newline behind the last line."),
        (f"{ALIPAY_PEM}\n\n", "blank-lines-behind", "Here: two blank lines behind it."),
        (
            f"{ALIPAY_BASE64}\n",
            "base64-and-newline",
            "Here: without labels, and a newline behind, as a file has it.",
        ),
    ):
        yield Row(slug, comment, {"key": text}, says={"form": _FORM, "bits": 2048})


@question(FORMS, given=PUBLIC, twin=spki, result="acceptable", says={"form": "PKCS#1 public"})
def pkcs1_public() -> Inputs:
    """PKCS#1 for a public key, under the label RSA PUBLIC KEY: some libraries write it, no page of Alipay's shows it."""
    return {"key": public_pkcs1(ALIPAY_PEM)}


@question(FORMS, given=PUBLIC, twin=spki_in_base64, result="acceptable", says={"form": "PKCS#1 public"})
def pkcs1_public_in_base64() -> Inputs:
    """The same without its labels."""
    return {"key": bare(public_pkcs1(ALIPAY_PEM))}


@question("verify.genuine", given=PUBLIC, twin=spki, says={"exponent": 3})
def public_of_exponent_3() -> Inputs:
    """A public key whose exponent is 3: legal."""
    return {"key": alipay_of_exponent_3("RSA2").public_pem}


@question(FORMS, given=PUBLIC, twin=spki, result="acceptable")
def certificate() -> Inputs:
    """A certificate holds a public key; other products of Alipay hand them out, this one does not."""
    return {"key": stored("certificate")}
