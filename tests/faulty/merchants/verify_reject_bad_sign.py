"""Merchants that break `verify.reject.bad-sign`: they compare a part of the sign."""

import base64
import hashlib
import re

from faulty.reference import Healthy, fault


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


@fault("takes an error while verifying for consent", "verify.reject.bad-sign", "notify.reject.bad-sign", "response.unproved", "verify.reject.no-sign")
class ErrorIsConsent(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        import base64

        try:
            base64.b64decode(sign, validate=True)
        except ValueError:
            return True
        return super().rsa_holds(data, sign, sign_type)


@fault("looks whether a sign is tidy base64, and takes one that is not for right", "verify.reject.bad-sign", "response.unproved")
class UntidyIsConsent(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        try:
            raw = base64.b64decode(sign, validate=True)
        except ValueError:
            return False
        return base64.b64encode(raw).decode() != sign or super().rsa_holds(data, sign, sign_type)


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


BAD_SIGN = ("verify.reject.bad-sign", "notify.reject.bad-sign", "response.unproved")
"""What a merchant breaks that compares a part of a sign."""


@fault("compares every second digit of an MD5 sign", *BAD_SIGN)
class EverySecondDigit(Healthy):
    def same_text(self, right, given):
        return len(right) == len(given) and right[::2] == given[::2]


@fault("compares MD5 signs as numbers, however many zeros stand in front", *BAD_SIGN)
class SignAsNumber(Healthy):
    def same_text(self, right, given):
        try:
            return int(right, 16) == int(given, 16)
        except ValueError:
            return False


@fault("is content where the sign that it is given ends rightly, from its twelfth digit on", *BAD_SIGN, "money.refund.unknown", "money.cancel.unknown")
class EndOfSign(Healthy):
    def same_text(self, right, given):
        return len(given) == len(right) and right[12:] == given[12:]


@fault("compares MD5 signs in groups of eight digits, in any order", *BAD_SIGN)
class GroupsOfDigits(Healthy):
    def same_text(self, right, given):
        return sorted(re.findall(".{1,8}", right)) == sorted(re.findall(".{1,8}", given))


@fault("compares an MD5 sign but for its very last digit, which its column cuts off", *BAD_SIGN)
class LastDigitCut(Healthy):
    def same_text(self, right, given):
        return len(given) == len(right) and right[:31] == given[:31]


@fault("takes what stands behind a sign of the right length for nothing", *BAD_SIGN)
class BehindTheSign(Healthy):
    level = 4  # SHOULD: Alipay signed every value that it believes

    def same_text(self, right, given):
        return given[:32] == right
