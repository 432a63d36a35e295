"""Key texts again: PEM by its lines, DER by its bytes, primes by multiplication; no library of cryptography.

Every decision is one short method, a seam: a faulty implementation in tests/faulty overrides one of them.
"""

import base64
import hashlib
import re

RSA = bytes.fromhex("06092a864886f70d0101010500")
SMALLEST = 1024


class NoKeyError(Exception):
    """Why it is none."""


def element(data, tag):
    """The content and the rest of the first element of DER, which must have this tag."""
    if len(data) < 2 or data[0] != tag:
        raise NoKeyError("another element")
    size, start = data[1], 2
    if size >= 0x80:
        start = 2 + size - 0x80
        size = int.from_bytes(data[2:start], "big")
    if len(data) < start + size:
        raise NoKeyError("it breaks off")
    return data[start : start + size], data[start + size :]


def numbers_in(data):
    found = []
    while data:
        number, data = element(data, 2)
        found.append(int.from_bytes(number, "big", signed=True))
    return found


def encoded(tag, content):
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(number):
    return encoded(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


class KeyTexts:
    """Answers vectors of the kind ``keys``; says no more of a text that is none."""

    def keys(self, inputs):
        try:
            told = self.told(*self.load(inputs["key"], inputs["wanted"]))
            if "public_key" in inputs:
                _, modulus, exponent = self.load(inputs["public_key"], "public")
                told["pairs"] = self.pairs(told, modulus, exponent)
        except NoKeyError:
            return self.declined()
        return {"result": "valid", **told}

    def load(self, text, wanted):
        """The form, the modulus and the public exponent."""
        form, numbers = self.private(self.der(text)) if wanted == "private" else self.public(self.der(text))
        modulus, exponent = numbers[:2]
        if not self.is_long_enough(modulus.bit_length()) or not self.is_exponent(exponent):
            raise NoKeyError("too weak")
        return form, modulus, exponent

    def told(self, form, modulus, exponent):
        return {
            "form": form,
            "bits": modulus.bit_length(),
            "modulus": self.modulus(modulus),
            "exponent": exponent,
            "fingerprint": self.fingerprint(modulus, exponent),
        }

    def spki(self, modulus, exponent):
        pair = encoded(0x30, integer(modulus) + integer(exponent))
        return encoded(0x30, encoded(0x30, RSA) + encoded(3, b"\0" + pair))

    def private(self, data):
        content = self.whole(data)
        version, behind = element(content, 2)
        if version == b"\0" and behind[:1] == b"\x30":
            algorithm, behind = element(behind, 0x30)
            self.check_algorithm(algorithm)
            form, pkcs1 = self.is_form("PKCS#8"), element(behind, 4)[0]
            content = element(pkcs1, 0x30)[0]
        else:
            form = self.is_form("PKCS#1")
        numbers = numbers_in(content)
        if len(numbers) != 9 or numbers[0] != 0:
            raise NoKeyError("not the nine numbers of a private key")
        self.check_numbers(numbers[1:])
        return form, numbers[1:]

    def public(self, data):
        content = self.whole(data)
        algorithm, behind = element(content, 0x30)
        self.check_algorithm(algorithm)
        pair = element(element(behind, 3)[0][1:], 0x30)[0]
        return self.is_form("SubjectPublicKeyInfo"), numbers_in(pair)

    # === the seams ==================================================================================

    def declined(self):
        return {"result": "invalid"}

    def der(self, text):
        return self.decoded(self.body(text))

    def body(self, text):
        """The base64 within a text, without its lines."""
        lines = text.strip().splitlines()
        if "-----" in text:
            label = re.fullmatch(r"-----BEGIN ((?:RSA )?P(?:RIVATE|UBLIC) KEY)-----", lines[0])
            if not label or lines[-1] != f"-----END {label[1]}-----":
                raise NoKeyError("another label")
            lines = lines[1:-1]
        return "".join(lines)

    def decoded(self, body):
        if not body or len(body) % 4 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", body):
            raise NoKeyError("no base64")
        return base64.b64decode(body)

    def whole(self, data):
        content, rest = element(data, 0x30)
        if rest:
            raise NoKeyError("more than a key")
        return content

    def is_form(self, form):
        return form

    def check_algorithm(self, algorithm):
        if algorithm != RSA:
            raise NoKeyError("another algorithm")

    def check_numbers(self, numbers):
        n, e, d, p, q, dp, dq, inverse = numbers
        if p * q != n or e * d % (p - 1) != 1 or e * d % (q - 1) != 1:
            raise NoKeyError("the numbers do not fit")
        if (dp, dq, inverse) != (d % (p - 1), d % (q - 1), pow(q, -1, p)):
            raise NoKeyError("the shortcuts do not fit")

    def is_long_enough(self, bits):
        return bits >= SMALLEST

    def is_exponent(self, exponent):
        return exponent > 1 and exponent % 2 == 1

    def modulus(self, number):
        return number.to_bytes((number.bit_length() + 7) // 8, "big").hex()

    def fingerprint(self, modulus, exponent):
        return hashlib.sha256(self.spki(modulus, exponent)).hexdigest()

    def pairs(self, told, modulus, exponent):
        return (told["modulus"], told["exponent"]) == (self.modulus(modulus), exponent)
