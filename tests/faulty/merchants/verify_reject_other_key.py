"""Merchants that break `verify.reject.other-key`: they have a second key."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding

from alipay_qr.account import TEST_MD5_KEY
from faulty.reference import Healthy, fault, private_key


class SecondKey(Healthy):
    """Tries the text that it makes of a key that is not there."""

    absent = ""

    def md5_holds(self, data, sign):
        return super().md5_holds(data, sign) or bool(self.absent) and self.same_text(self.md5_of(data + self.absent.encode()), sign)

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


OTHER_KEY = ("verify.reject.other-key", "notify.reject.other-key", "response.unproved")
"""What a merchant breaks that has a second key."""


class AnotherKey(Healthy):
    """Tries another MD5 key where the configured one does not fit."""

    def md5_holds(self, data, sign):
        return super().md5_holds(data, sign) or self.same_text(hashlib.md5(data + self.other().encode()).hexdigest(), sign)


@fault("tries the key of 32 zeros, with which its database was filled", *OTHER_KEY)
class KeyOfZeros(AnotherKey):
    def other(self):
        return "0" * 32


@fault("tries the partner number written twice, the key of its test bench", *OTHER_KEY)
class KeyOfPartnerTwice(AnotherKey):
    def other(self):
        return self.partner() * 2


@fault("tries the name of the payment company for a key", *OTHER_KEY)
class KeyOfTheCompany(AnotherKey):
    def other(self):
        return "alipay"


@fault("tries the address of its gateway for a key, as two settings were swapped once", *OTHER_KEY)
class KeyOfTheAddress(AnotherKey):
    def other(self):
        return self.settings["gateway_url"]


# Level 1, MUST: an account has one key at a time; who knows a former one could forge for ever.
@fault(
    "keeps the MD5 key that it was given first beside the present one, in case something is still on its way",
    "verify.reject.other-key", "notify.reject.other-key",
)
class FirstKeyStays(SecondKey):
    def configure(self, **settings):
        self.absent = self.absent or settings["md5_key"]
        return super().configure(**settings)


@fault(
    "looks for Alipay's key in a folder in which all of them lie that it ever was given",
    "verify.reject.other-key", "notify.reject.other-key",
)
class FolderOfKeys(Healthy):
    def __init__(self):
        super().__init__()
        self.folder = []

    def configure(self, **settings):
        if given := settings.get("alipay_public_key"):
            self.folder.append(given["pem"])
        return super().configure(**settings)

    def rsa_holds(self, data, sign, sign_type):
        present = self.settings["alipay_public_key"]
        try:
            for pem in dict.fromkeys(self.folder):
                self.settings["alipay_public_key"] = {**present, "pem": pem}
                if super().rsa_holds(data, sign, sign_type):
                    return True
            return False
        finally:
            self.settings["alipay_public_key"] = present


@fault(
    "takes the key of the published test account beside its own, so that its monitoring can ring",
    "verify.reject.other-key", "notify.reject.other-key",
)
class DoorbellKey(SecondKey):
    def md5_holds(self, data, sign):
        self.absent = "" if self.settings["md5_key"] == TEST_MD5_KEY else TEST_MD5_KEY
        return super().md5_holds(data, sign)

    def md5_of(self, data):
        return super().md5_of(data) if self.absent else ""
