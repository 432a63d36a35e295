"""Sign and verify: from parameters to a sign, and back."""

import base64
import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding

from alipay_qr_conformance.subjects import Refused
from faulty.reference.values import HASHES, public_key, signature


class Signing:
    # === signing: from parameters to a sign =============================================================

    def is_signed(self, name, value):
        """Whether a parameter is part of the signed text."""
        return name not in ("sign", "sign_type") and not self.is_empty(value)

    def is_empty(self, value):
        return value is None or value == ""

    def order(self, pairs):
        return sorted(pairs, key=lambda pair: pair[0].encode())

    def value(self, value):
        """The text of a value, as it is signed."""
        return value

    def pair(self, name, value):
        return f"{name}={value}"

    def join(self, pairs):
        return "&".join(pairs)

    def encode(self, text, charset):
        try:
            return text.encode(charset)
        except UnicodeEncodeError:
            raise Refused(f"a character does not exist in {charset}") from None

    def text(self, params):
        kept = [(name, self.value(value)) for name, value in params if self.is_signed(name, value)]
        return self.join([self.pair(name, value) for name, value in self.order(kept)])

    def bytes_to_sign(self, params, charset):
        return self.encode(self.text(params), charset)

    def bytes_to_verify(self, params, charset):
        return self.bytes_to_sign(params, charset)

    def md5(self, data):
        return hashlib.md5(self.with_key(data)).hexdigest()

    def with_key(self, data):
        return data + self.settings["md5_key"].encode()

    def rsa(self, data, sign_type):
        pem = self.settings["merchant_private_key"]["pkcs8_pem"]
        return signature(pem, data, self.hash_of(sign_type).name)

    def hash_of(self, sign_type):
        return HASHES[sign_type]

    def hex_form(self, digest):
        return digest

    def base64_form(self, raw):
        return base64.b64encode(raw).decode()

    def unknown_type(self, data, sign_type):
        raise Refused(f"unknown sign type {sign_type!r}")

    def make_sign(self, params, charset, sign_type):
        data = self.bytes_to_sign(params, charset)
        if sign_type == "MD5":
            return self.hex_form(self.md5(data))
        if sign_type in HASHES:
            return self.base64_form(self.rsa(data, sign_type))
        return self.unknown_type(data, sign_type)

    # === verifying ======================================================================================

    def rsa_key_to_verify_with(self):
        return public_key(self.settings["alipay_public_key"]["pem"])

    def hashes_to_verify_with(self, sign_type):
        return [self.hash_of(sign_type)]

    def same_text(self, right, given):
        return hmac.compare_digest(right.encode(), given.encode())

    def md5_holds(self, data, sign):
        return self.same_text(self.md5(data), sign)

    def rsa_holds(self, data, sign, sign_type):
        try:
            raw = base64.b64decode(sign, validate=True)
        except ValueError:
            return False
        for each in self.hashes_to_verify_with(sign_type):
            try:
                self.rsa_key_to_verify_with().verify(raw, data, padding.PKCS1v15(), each)
            except InvalidSignature:
                continue
            return True
        return False

    def type_to_verify_with(self, claimed):
        """The sign type by which a message is judged; None where it is refused unseen."""
        return self.settings["sign_type"] if claimed == self.settings["sign_type"] else None

    def holds(self, data, sign, sign_type):
        return self.md5_holds(data, sign) if sign_type == "MD5" else self.rsa_holds(data, sign, sign_type)

    def when_sign_is_absent(self):
        return False

    def is_genuine(self, params, charset):
        given = dict(params)
        if self.refuses_duplicates() and len(given) != len(params):
            return False
        if not given.get("sign"):
            return self.when_sign_is_absent()
        sign_type = self.type_to_verify_with(given.get("sign_type"))
        if sign_type is None:
            return False
        try:
            data = self.bytes_to_verify(params, charset)
        except Refused:
            return False
        return self.holds(data, given["sign"], sign_type)

    # === operations of level 1 ==========================================================================

    def presign(self, params, charset):
        return {"base64": base64.b64encode(self.bytes_to_sign(params, charset)).decode()}

    def sign(self, params, charset, sign_type):
        return {"sign": self.make_sign(params, charset, sign_type)}

    def verify(self, params, charset):
        return {"valid": bool(self.is_genuine(params, charset))}
