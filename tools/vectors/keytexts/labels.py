"""BEGIN and END lines, damaged: a reader may repair them, and must not take the text for another key."""

from collections.abc import Iterator

from tools.vectors.keytexts.private import pkcs1
from tools.vectors.keytexts.public import spki
from tools.vectors.keytexts.texts import (
    ALIPAY_PEM,
    GUIDE_JAVA,
    GUIDE_PHP,
    LABEL,
    MERCHANT,
    PRIVATE,
    PUBLIC,
    pem,
    wrapped,
)
from tools.vectors.question import Inputs, Row, family, question

_PEM = MERCHANT.pkcs1_pem


@question(LABEL, given=PRIVATE, twin=pkcs1, result="acceptable", says={"form": "PKCS#1", "bits": 1024})
def as_the_guide_prints_it_for_php() -> Inputs:
    """The guide's private key exactly as it prints it for PHP: words in the BEGIN line that no END line answers. OpenSSL refuses it."""
    return {"key": GUIDE_PHP}


@question(
    LABEL,
    given=PRIVATE,
    twin=as_the_guide_prints_it_for_php,
    result="acceptable",
    says={"form": "PKCS#8", "bits": 1024},
)
def as_the_guide_prints_it_for_java() -> Inputs:
    """The same key exactly as the guide prints it for Java: four dashes before BEGIN, a label of PKCS#1 over PKCS#8, one line."""
    return {"key": GUIDE_JAVA}


@family(LABEL, given=PRIVATE, twin=pkcs1, result="acceptable")
def damaged() -> Iterator[Row]:
    """The body is whole, its labels are not."""
    for text, slug, comment in (
        (_PEM.replace("-----", "----"), "four-dashes", "Here: four dashes everywhere."),
        (_PEM.replace("-----BEGIN", "---BEGIN"), "three-dashes", "Here: three dashes before BEGIN."),
        (_PEM.replace("-----", "—"), "long-dashes", "Here: a word processor made long dashes of them."),
        (_PEM.replace("-----", ""), "no-dashes", "Here: no dashes at all."),
        (_PEM.replace("RSA PRIVATE", "RSA PRIVAT"), "misspelt", "Here: the label is misspelt on both lines."),
        (_PEM.replace("BEGIN RSA PRIVATE KEY", "begin rsa private key"), "small-letters", "Here: the first label is in small letters."),
        (_PEM.replace("END RSA PRIVATE", "END PRIVATE"), "labels-differ", "Here: END names another label than BEGIN."),
        (_PEM.replace("-----BEGIN RSA PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\n" * 2), "begin-twice", "Here: the first line stands there twice."),
        (_PEM.replace("-----END RSA PRIVATE KEY-----\n", ""), "no-end-line", "Here: the last line is missing, the body is whole."),
        (_PEM.replace("-----BEGIN RSA PRIVATE KEY-----\n", ""), "no-begin-line", "Here: the first line is missing."),
        (pem("RSA PRIVATE KEY", wrapped(MERCHANT.pkcs8_base64)), "pkcs8-under-pkcs1", "Here: PKCS#8 under the label of PKCS#1, as in the guide."),
        (pem("PRIVATE KEY", wrapped(MERCHANT.pkcs1_base64)), "pkcs1-under-pkcs8", "Here: PKCS#1 under the label of PKCS#8."),
        (_PEM * 2, "same-key-twice", "Here: the whole key stands there twice."),
    ):  # fmt: skip
        yield Row(slug, comment, {"key": text})


@family(LABEL, given=PUBLIC, twin=spki, result="acceptable")
def damaged_public() -> Iterator[Row]:
    """The body of a public key is whole, its labels are not."""
    for text, slug, comment in (
        (ALIPAY_PEM.replace("PUBLIC KEY", "RSA PUBLIC KEY"), "pkcs1-label", "Here: the label of PKCS#1 over a SubjectPublicKeyInfo."),
        (ALIPAY_PEM.replace("-----", "----"), "four-dashes", "Here: four dashes everywhere."),
        (ALIPAY_PEM.replace("END PUBLIC KEY", "END RSA PUBLIC KEY"), "labels-differ", "Here: END names another label."),
    ):  # fmt: skip
        yield Row(slug, comment, {"key": text})
