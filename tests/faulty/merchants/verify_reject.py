"""Merchants that break `verify.reject.*`: they believe forged messages."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from faulty.merchants.common import UNPROVED
from faulty.reference import HASHES, Healthy, fault, private_key


REJECTS = ("changed", "no-sign", "bad-sign", "other-key", "other-type", "other-hash")


def taken_in(*kinds):
    """What a verifier deserves that accepts forgeries of these kinds, wherever they come from."""
    return (*(f"verify.reject.{kind}" for kind in kinds), *(f"notify.reject.{kind}" for kind in kinds), *UNPROVED)


@fault("verifies nothing: its check is still to be written", *taken_in(*REJECTS))
class VerifiesNothing(Healthy):
    def is_genuine(self, params, charset):
        return True


@fault("verifies notifications only where they have a sign", "verify.reject.no-sign", "notify.reject.no-sign", "response.unproved")
class AbsentSignIsFine(Healthy):
    def when_sign_is_absent(self):
        return True


@fault(
    "verifies by the sign type that the sender names",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
)
class SendersSignType(Healthy):
    def type_to_verify_with(self, claimed):
        return claimed if claimed in ("MD5", *HASHES) else None

    def rsa_holds(self, data, sign, sign_type):
        try:
            return super().rsa_holds(data, sign, sign_type)
        except InvalidSignature:
            return False


@fault(
    "verifies by the sign type that the sender names, MD5 with the empty key of an RSA account",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
)
class EmptyMd5KeyOfRsaAccount(Healthy):
    def type_to_verify_with(self, claimed):
        return "MD5" if claimed == "MD5" else super().type_to_verify_with(claimed)

    def with_key(self, data):
        return super().with_key(data) if self.settings["sign_type"] == "MD5" else data


@fault(
    "accepts a message whose sign type it does not know",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
)
class UnknownTypeIsFine(Healthy):
    def type_to_verify_with(self, claimed):
        return super().type_to_verify_with(claimed) if claimed in ("MD5", *HASHES) else "unknown"

    def holds(self, data, sign, sign_type):
        return sign_type == "unknown" or super().holds(data, sign, sign_type)


@fault(
    "compares only the first half of an MD5 sign",
    "verify.reject.bad-sign", "notify.reject.bad-sign", "response.unproved",
)
class HalfSignCompared(Healthy):
    def same_text(self, right, given):
        return right[:16] == given[:16]


@fault(
    "finds the given sign within the right one, so that a piece of it will do",
    "verify.reject.bad-sign", "notify.reject.bad-sign", "response.unproved", "verify.reject.no-sign",
)
class PieceOfSign(Healthy):
    def same_text(self, right, given):
        return given in right


@fault(
    "tries SHA-1 and SHA-256 until one fits",
    "verify.reject.other-hash", "notify.reject.other-hash", "response.unproved",
)
class AnyHash(Healthy):
    def hashes_to_verify_with(self, sign_type):
        return [hashes.SHA1(), hashes.SHA256()]


@fault("takes an error while verifying for consent", "verify.reject.bad-sign", "notify.reject.bad-sign", "response.unproved", "verify.reject.no-sign")
class ErrorIsConsent(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        import base64

        try:
            base64.b64decode(sign, validate=True)
        except ValueError:
            return True
        return super().rsa_holds(data, sign, sign_type)


@fault(
    "verifies nothing where no sign type is named",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
)
class NoTypeNoCheck(Healthy):
    def type_to_verify_with(self, claimed):
        return "unnamed" if claimed is None else super().type_to_verify_with(claimed)

    def holds(self, data, sign, sign_type):
        return sign_type == "unnamed" or super().holds(data, sign, sign_type)


@fault(
    "lets its sign type pass in small letters, and has no branch for those",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
)
class SmallLettersPass(Healthy):
    def type_to_verify_with(self, claimed):
        known = (claimed or "").upper() == self.settings["sign_type"]
        return claimed if known else None

    def holds(self, data, sign, sign_type):
        return sign_type.islower() or super().holds(data, sign, sign_type)


class SecondKey(Healthy):
    """Tries the text that it makes of a key that is not there."""

    absent = ""

    def md5_holds(self, data, sign):
        return super().md5_holds(data, sign) or self.same_text(self.md5_of(data + self.absent.encode()), sign)

    def md5_of(self, data):
        import hashlib

        return hashlib.md5(data).hexdigest()


@fault(
    "falls back on a sandbox key that is not set: the text undefined",
    "verify.reject.other-key", "notify.reject.other-key", "response.unproved",
)
class KeyOfUndefined(SecondKey):
    absent = "undefined"


@fault(
    "falls back on a sandbox key that is not set: the text None",
    "verify.reject.other-key", "notify.reject.other-key", "response.unproved",
)
class KeyOfNone(SecondKey):
    absent = "None"


# Level 1, MUST: only the whole sign proves anything.
@fault(
    "compares as many characters of an MD5 sign as it was given",
    "verify.reject.bad-sign",
    "notify.reject.bad-sign",
    "response.unproved",
    found_by="blind 1",
)
class PrefixIsEnough(Healthy):
    def same_text(self, right, given):
        return right.startswith(given)


# Level 1, MUST: PKCS#1 v1.5 is checked as a whole block, not by its end (forgeries of Bleichenbacher's kind).
@fault(
    "opens the RSA block by hand and looks only whether it ends with the digest",
    "verify.reject.bad-sign",
    "verify.reject.other-hash",
    "notify.reject.other-hash",
    "response.unproved",
    found_by="blind 1",
)
class LooksAtTheEnd(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        try:
            raw = base64.b64decode(sign, validate=True)
        except ValueError:
            return False
        numbers = self.rsa_key_to_verify_with().public_numbers()
        opened = pow(int.from_bytes(raw, "big"), numbers.e, numbers.n)
        block = opened.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        digest = hashlib.new({"RSA": "sha1", "RSA2": "sha256"}[sign_type], data).digest()
        return block.endswith(digest)


# Level 1, MUST: only Alipay's key proves a message of Alipay; the merchant's own requests must not come back.
@fault(
    "believes what its own key signed as well as what Alipay's key signed",
    "verify.reject.other-key",
    "notify.reject.other-key",
    "response.unproved",
    found_by="blind 1",
)
class BelievesItself(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        if super().rsa_holds(data, sign, sign_type):
            return True
        own = private_key(self.settings["merchant_private_key"]["pkcs8_pem"]).public_key()
        try:
            own.verify(
                base64.b64decode(sign, validate=True), data, padding.PKCS1v15(), self.hash_of(sign_type)
            )
        except (InvalidSignature, ValueError):
            return False
        return True
