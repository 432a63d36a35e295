"""Animals that believe forged messages, or refuse genuine ones."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes

from zoo.keeper import HASHES, Healthy, animal, cousin, private_key

REJECTS = ("changed", "no-sign", "bad-sign", "other-key", "other-type", "other-hash")


def taken_in(*kinds):
    """What a verifier deserves that accepts forgeries of these kinds, wherever they come from."""
    return (*(f"verify.reject.{kind}" for kind in kinds), *(f"notify.reject.{kind}" for kind in kinds), *UNPROVED)


# A response that proves nothing is believed, and with it refunds and cancels that nobody proved.
UNPROVED = ("response.unproved", "money.refund.unknown", "money.cancel.unknown")


@animal("verifies nothing: its check is still to be written", *taken_in(*REJECTS))
class VerifiesNothing(Healthy):
    def is_genuine(self, params, charset):
        return True


@animal("verifies notifications only where they have a sign", "verify.reject.no-sign", "notify.reject.no-sign", "response.unproved")
class AbsentSignIsFine(Healthy):
    def when_sign_is_absent(self):
        return True


@animal(
    "verifies with its own public key instead of Alipay's",
    "verify.genuine", "verify.reject.other-key", "notify.genuine", "notify.reject.other-key",
    "response.genuine", "response.unproved",
)
class OwnKeyToVerify(Healthy):
    def rsa_key_to_verify_with(self):
        return private_key(self.settings["merchant_private_key"]["pkcs8_pem"]).public_key()


@animal(
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


@animal(
    "verifies by the sign type that the sender names, MD5 with the empty key of an RSA account",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
)
class EmptyMd5KeyOfRsaAccount(Healthy):
    def type_to_verify_with(self, claimed):
        return "MD5" if claimed == "MD5" else super().type_to_verify_with(claimed)

    def with_key(self, data):
        return super().with_key(data) if self.settings["sign_type"] == "MD5" else data


@animal(
    "accepts a message whose sign type it does not know",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
)
class UnknownTypeIsFine(Healthy):
    def type_to_verify_with(self, claimed):
        return super().type_to_verify_with(claimed) if claimed in ("MD5", *HASHES) else "unknown"

    def holds(self, data, sign, sign_type):
        return sign_type == "unknown" or super().holds(data, sign, sign_type)


@animal(
    "compares only the first half of an MD5 sign",
    "verify.reject.bad-sign", "notify.reject.bad-sign", "response.unproved",
)
class HalfSignCompared(Healthy):
    def same_text(self, right, given):
        return right[:16] == given[:16]


@animal(
    "finds the given sign within the right one, so that a piece of it will do",
    "verify.reject.bad-sign", "notify.reject.bad-sign", "response.unproved", "verify.reject.no-sign",
)
class PieceOfSign(Healthy):
    def same_text(self, right, given):
        return given in right


@animal(
    "tries SHA-1 and SHA-256 until one fits",
    "verify.reject.other-hash", "notify.reject.other-hash", "response.unproved",
)
class AnyHash(Healthy):
    def hashes_to_verify_with(self, sign_type):
        return [hashes.SHA1(), hashes.SHA256()]


@animal("has a verification that never ran: it raises", "verify.genuine", "notify.genuine", "response.genuine")
class VerificationRaises(Healthy):
    def is_genuine(self, params, charset):
        return openssl_verify(params)  # noqa: F821 (that is the vice)


@animal("refuses messages with a field that it does not know", "verify.genuine", "notify.genuine", "response.genuine")
class UnknownFieldRefused(Healthy):
    def is_genuine(self, params, charset):
        return not any(name.startswith("x_") for name, _ in params) and super().is_genuine(params, charset)


@animal("takes an error while verifying for consent", "verify.reject.bad-sign", "notify.reject.bad-sign", "response.unproved", "verify.reject.no-sign")
class ErrorIsConsent(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        import base64

        try:
            base64.b64decode(sign, validate=True)
        except ValueError:
            return True
        return super().rsa_holds(data, sign, sign_type)


@cousin("raises on a message that is not genuine")
class RaisesOnForgery(Healthy):
    def verify(self, params, charset):
        if not self.is_genuine(params, charset):
            raise ValueError("not genuine")
        return {"valid": True}
