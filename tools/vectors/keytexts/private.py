"""The merchant's private key, as openssl, PHP, .NET and Java programs have it."""

from collections.abc import Iterator

from tools.vectors.keytexts.texts import FORMS, GUIDE, MERCHANT, PRIVATE, SIZE, bare, pem, stored, wrapped
from tools.vectors.question import Inputs, Row, family, question

_MERCHANT = {"bits": 2048, "exponent": 65537}


@question(FORMS, given=PRIVATE, says={"form": "PKCS#1", **_MERCHANT})
def pkcs1() -> Inputs:
    """PKCS#1 in PEM: what `openssl genrsa -traditional` writes, and PHP and .NET use."""
    return {"key": MERCHANT.pkcs1_pem}


@question(FORMS, given=PRIVATE, twin=pkcs1, says={"form": "PKCS#8", **_MERCHANT})
def pkcs8() -> Inputs:
    """The same key as PKCS#8 in PEM: what `openssl pkcs8 -topk8 -nocrypt` writes, and newer versions by default."""
    return {"key": MERCHANT.pkcs8_pem}


@question(FORMS, given=PRIVATE, twin=pkcs8, says={"form": "PKCS#8", **_MERCHANT})
def pkcs8_in_base64() -> Inputs:
    """PKCS#8 without its labels, on one line: what Java programs have in their settings."""
    return {"key": MERCHANT.pkcs8_base64}


@question(FORMS, given=PRIVATE, twin=pkcs1, says={"form": "PKCS#1", **_MERCHANT})
def pkcs1_in_base64() -> Inputs:
    """PKCS#1 without its labels, on one line."""
    return {"key": MERCHANT.pkcs1_base64}


@family(FORMS, given=PRIVATE, twin=pkcs8_in_base64)
def without_labels() -> Iterator[Row]:
    """Without labels, in lines."""
    for text, form, slug, comment in (
        (wrapped(MERCHANT.pkcs8_base64), "PKCS#8", "64-columns", "Here: PKCS#8 in lines of 64 characters, as in the file it was cut out of."),
        (wrapped(MERCHANT.pkcs8_base64, 76), "PKCS#8", "76-columns", "Here: PKCS#8 in lines of 76, as MIME wraps."),
        (wrapped(MERCHANT.pkcs1_base64), "PKCS#1", "pkcs1", "Here: PKCS#1 in lines of 64."),
        (GUIDE.pkcs8_base64, "PKCS#8", "of-the-guide", "Here: the key of Alipay's guide, 1024 bits."),
    ):  # fmt: skip
        yield Row(slug, comment, {"key": text}, says={"form": form})


@family(FORMS, given=PRIVATE, twin=pkcs1)
def body_on_one_line() -> Iterator[Row]:
    """Labels on lines of their own, and everything between them on one."""
    yield Row("pkcs1", "Here: PKCS#1.", {"key": pem("RSA PRIVATE KEY", MERCHANT.pkcs1_base64)})
    yield Row(
        "pkcs8",
        "Here: PKCS#8, as the guide prints its key for Java.",
        {"key": pem("PRIVATE KEY", MERCHANT.pkcs8_base64)},
    )


@family(SIZE, given=PRIVATE, twin=pkcs1)
def of_another_size() -> Iterator[Row]:
    """Keys of RSA have 1024 bits and those of RSA2 have 2048; longer ones work as well."""
    yield Row("1024", "Here: 1024 bits, the guide's key.", {"key": GUIDE.pkcs1_pem}, says={"bits": 1024})
    yield Row("4096", "Here: 4096 bits.", {"key": stored("long_4096")}, says={"bits": 4096})


@family(SIZE, given=PRIVATE, twin=pkcs1, result="invalid")
def too_short() -> Iterator[Row]:
    """A key with fewer than 1024 bits can be factored, or is left over from a lesson."""
    for name, bits in (("short_512", 512), ("short_1016", 1016)):
        yield Row(str(bits), f"Here: {bits} bits.", {"key": stored(name)})
    yield Row("512-in-base64", "Here: 512 bits, without labels.", {"key": bare(stored("short_512"))})


@question("sign.rsa.digest", given=PRIVATE, twin=pkcs1, says={"exponent": 3, "bits": 2048})
def of_exponent_3() -> Inputs:
    """A key whose public exponent is 3 and not 65537: legal."""
    return {"key": stored("alipay_e3_2048")}
