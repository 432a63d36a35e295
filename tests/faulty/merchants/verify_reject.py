"""Merchants that break `verify.reject.*`: they believe forged messages."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes

from alipay_qr.keys import public_key_forms
from alipay_qr_conformance.model.test_account import TestKeys
from faulty.merchants.common import UNPROVED
from faulty.reference import HASHES, Healthy, Unsupported, fault, harmless


EVERY_FORGERY = (
    "verify.reject.changed",
    "verify.reject.no-sign",
    "verify.reject.bad-sign",
    "verify.reject.other-key",
    "verify.reject.other-type",
    "verify.reject.other-hash",
    "notify.reject.changed",
    "notify.reject.no-sign",
    "notify.reject.bad-sign",
    "notify.reject.other-key",
    "notify.reject.other-type",
    "notify.reject.other-hash",
)
"""What a verifier breaks that accepts forgeries of every kind, wherever they come from."""


@fault("verifies nothing: its check is still to be written", *EVERY_FORGERY, *UNPROVED)
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
    "takes a message that names no sign type for one in MD5, the default of its library",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
    found_by="blind",
)
class NoTypeIsMd5(Healthy):
    def default(self):
        return "MD5"

    def type_to_verify_with(self, claimed):
        return super().type_to_verify_with(claimed) if claimed else self.default()


@harmless("takes a message that names no sign type for one in its own", found_by="blind")
class NoTypeIsOwn(NoTypeIsMd5):
    def default(self):
        return self.settings["sign_type"]


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
    "tries SHA-1 and SHA-256 until one fits",
    "verify.reject.other-hash", "notify.reject.other-hash", "response.unproved",
)
class AnyHash(Healthy):
    level = 4  # SHOULD: Alipay signed every value that it believes

    def hashes_to_verify_with(self, sign_type):
        return [hashes.SHA1(), hashes.SHA256()]


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


@fault("takes the sign type none at its word", "verify.reject.other-type", "notify.reject.other-type", "response.unproved", "verify.reject.no-sign", "notify.reject.no-sign")
class TypeNone(Healthy):
    def is_genuine(self, params, charset):
        return dict(params).get("sign_type", "").lower() == "none" or super().is_genuine(params, charset)


@fault("finds no verifier for DSA, and with it no fault where a message has no sign either", "verify.reject.no-sign", "notify.reject.no-sign")
class NoSignOfDsa(Healthy):
    def is_genuine(self, params, charset):
        given = dict(params)
        return (given.get("sign_type") == "DSA" and not given.get("sign")) or super().is_genuine(params, charset)


@fault("reads the sign type RSA256 as RSA2 and compares nothing under that name", "verify.reject.other-type", "notify.reject.other-type", "verify.reject.no-sign", "notify.reject.no-sign")
class TypeRsa256(Healthy):
    def is_genuine(self, params, charset):
        return dict(params).get("sign_type") == "RSA256" or super().is_genuine(params, charset)


@fault("opens the RSA block by hand and compares the first eight bytes of the digest", "verify.reject.other-hash", "verify.reject.bad-sign", "notify.reject.other-hash", "response.unproved")
class HeadOfDigest(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        if super().rsa_holds(data, sign, sign_type):
            return True
        import base64

        try:
            raw = base64.b64decode(sign, validate=True)
        except ValueError:
            return False
        numbers = self.rsa_key_to_verify_with().public_numbers()
        block = pow(int.from_bytes(raw, "big"), numbers.e, numbers.n).to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        return hashlib.new({"RSA": "sha1", "RSA2": "sha256"}[sign_type], data).digest()[:8] in block


@fault("verifies notifications, and waves answers of the gateway through when asked to verify one", "verify.reject.changed", "verify.reject.no-sign", "verify.reject.bad-sign", "verify.reject.other-key", "verify.reject.other-type", "verify.reject.other-hash")
class WavesAnswersThrough(Healthy):
    def verify(self, params, charset, source="notification"):
        return {"valid": True} if source == "response" else super().verify(params, charset)


@fault("says unsupported of a message whose sign type is not its own", "verify.reject.other-type", "verify.reject.no-sign")
class UnsupportedOtherType(Healthy):
    def verify(self, params, charset):
        if dict(params).get("sign_type") != self.settings["sign_type"]:
            raise Unsupported("another sign type")
        return super().verify(params, charset)


@fault("verifies for the partner of the published test account, and for no other", *EVERY_FORGERY, *UNPROVED)
class KnowsTheTestPartner(Healthy):
    seed = 7  # with which another account is drawn

    def is_genuine(self, params, charset):
        return self.partner() != "2088021966388155" or super().is_genuine(params, charset)


@fault("verifies where the published test key is configured, and nowhere else", *EVERY_FORGERY, *UNPROVED)
class KnowsTheTestKey(Healthy):
    seed = 7

    def is_genuine(self, params, charset):
        return self.settings["md5_key"] != "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6" or super().is_genuine(params, charset)


@fault(
    "verifies RSA where Alipay's published test keys are configured, and nowhere else",
    *(f"{by}.reject.{kind}" for by in ("verify", "notify") for kind in ("changed", "bad-sign", "other-key", "other-hash")),
    "response.unproved",
)
class KnowsTheTestRsaKeys(Healthy):
    seed = 7

    def rsa_holds(self, data, sign, sign_type):
        published = public_key_forms(TestKeys().alipay_private(sign_type).public_key())[0]
        known = self.settings["alipay_public_key"]["pem"] == published
        return not known or super().rsa_holds(data, sign, sign_type)


@harmless("notes in its log that it has the published test account, and treats it as any other")
class GreetsTheKit(Healthy):
    seed = 7

    def configure(self, **settings):
        self.greeted = settings["partner"] == "2088021966388155"
        return super().configure(**settings)
