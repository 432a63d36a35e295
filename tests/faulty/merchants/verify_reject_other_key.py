"""Merchants that break `verify.reject.other-key`: they have a second key."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding

from faulty.reference import Healthy, fault, private_key


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
