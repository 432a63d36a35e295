"""Do these two belong together? A merchant who uploads another key than it signs with gets ILLEGAL_SIGN."""

from collections.abc import Iterator

from tools.vectors import keys
from tools.vectors.keytexts.texts import ALIPAY_PEM, GUIDE, GUIDE_ALIPAY, MERCHANT, PRIVATE, public_pkcs1
from tools.vectors.question import Inputs, Row, family, question

OTHER_KEY = "verify.reject.other-key"
_PUBLIC = keys.merchant("RSA2").public_forms


@question("verify.genuine", given=PRIVATE, says={"pairs": True})
def its_own_public_half() -> Inputs:
    """A private key and its public half."""
    return {"key": MERCHANT.pkcs1_pem, "public_key": _PUBLIC["pem"]}


@question("verify.genuine", given=PRIVATE, twin=its_own_public_half, says={"pairs": True})
def its_own_half_in_other_forms() -> Inputs:
    """The same private key as PKCS#8: forms differ, the pair is one."""
    return {"key": MERCHANT.pkcs8_base64, "public_key": _PUBLIC["pem"]}


@question("verify.genuine", given=PRIVATE, twin=its_own_public_half, says={"pairs": True})
def its_own_half_in_base64() -> Inputs:
    """The same public half without its labels."""
    return {"key": MERCHANT.pkcs1_pem, "public_key": _PUBLIC["base64"]}


@question("verify.genuine", given=PRIVATE, says={"pairs": True, "exponent": 3})
def of_exponent_3_in_both() -> Inputs:
    """A pair of exponent 3."""
    pair = keys.alipay_of_exponent_3("RSA2")
    return {"key": pair.private_pem, "public_key": pair.public_pem}


@family(OTHER_KEY, given=PRIVATE, twin=its_own_public_half)
def somebody_elses_public_half() -> Iterator[Row]:
    """Both load, and they do not belong together."""
    for text, slug, comment in (
        (ALIPAY_PEM, "alipays", "Here: Alipay's key, of the same size and exponent."),
        (keys.stranger("RSA2").public_pem, "strangers", "Here: a stranger's."),
        (keys.alipay_of_exponent_3("RSA2").public_pem, "exponent-3", "Here: one of exponent 3."),
        (GUIDE_ALIPAY, "the-guides", "Here: the key of Alipay's that the guide prints."),
    ):
        yield Row(slug, comment, {"key": MERCHANT.pkcs1_pem, "public_key": text}, says={"pairs": False})


@question(OTHER_KEY, given=PRIVATE, says={"pairs": False, "bits": 1024})
def the_two_keys_of_the_guide() -> Inputs:
    """The guide prints a private key and a public one. They are no pair: the first is the merchant's, the second Alipay's."""
    return {"key": GUIDE.pkcs1_pem, "public_key": GUIDE_ALIPAY}


@question(OTHER_KEY, given=PRIVATE, twin=its_own_public_half, result="acceptable")
def its_own_half_as_pkcs1() -> Inputs:
    """Its public half as PKCS#1."""
    return {"key": MERCHANT.pkcs1_pem, "public_key": public_pkcs1(_PUBLIC["pem"])}
