"""Implementations that are wrong about key texts."""

import base64
import hashlib
import re

from oracles.keytexts import KeyTexts, NoKeyError, element
from faulty.answerers.registry import Implementation, fault


class Keys(KeyTexts, Implementation):
    """Right about key texts."""


@fault("goes on without a key where it could not load one")
class KeyNone(Keys):
    def declined(self):
        return {"result": "valid"}


@fault("reads keys with labels only")
class KeyWithLabelsOnly(Keys):
    def body(self, text):
        if "-----" not in text:
            raise NoKeyError("no label")
        return super().body(text)


@fault("reads keys without labels only")
class KeyWithoutLabelsOnly(Keys):
    def body(self, text):
        if "-----" in text:
            raise NoKeyError("a label")
        return super().body(text)


@fault("reads PKCS #8 only, as Java does")
class KeyPkcs8Only(Keys):
    def is_form(self, form):
        if form == "PKCS#1":
            raise NoKeyError(form)
        return form


@fault("reads PKCS #1 only, as old .NET did")
class KeyPkcs1Only(Keys):
    def is_form(self, form):
        if form == "PKCS#8":
            raise NoKeyError(form)
        return form


@fault("takes every key without labels for PKCS #8")
class KeyBareIsPkcs8(Keys):
    def load(self, text, wanted):
        form, *numbers = super().load(text, wanted)
        return ("PKCS#8" if wanted == "private" and "-----" not in text else form), *numbers


@fault("takes what does not begin with five dashes for the path of a file, and newlines for its end")
class KeyOneLineOnly(Keys):
    def body(self, text):
        if "-----" not in text and "\n" in text:
            raise NoKeyError("no such file")
        return super().body(text)


@fault("reads lines of 64 characters only")
class KeyIn64Columns(Keys):
    def body(self, text):
        if "-----" in text and any(len(line) > 65 for line in text.splitlines()):
            raise NoKeyError("a long line")
        return super().body(text)


@fault("knows no line ends but its own")
class KeyUnixLines(Keys):
    def body(self, text):
        if "\r" in text:
            raise NoKeyError("a carriage return")
        return super().body(text)


@fault("demands a label on the first line and a newline behind the last")
class KeyExactLines(Keys):
    def body(self, text):
        if "-----" in text and not re.fullmatch(r"-----BEGIN.*-----\r?\n", text, re.DOTALL):
            raise NoKeyError("another line")
        return super().body(text)


@fault("reads a key without labels only if nothing else is around it")
class KeyBareExactly(Keys):
    def body(self, text):
        if "-----" not in text and text != text.strip():
            raise NoKeyError("a blank")
        return super().body(text)


@fault("skips what is no base64, as PHP does")
class KeySkipping(Keys):
    def decoded(self, body):
        return base64.b64decode(re.sub(r"[^A-Za-z0-9+/]", "", body) + "===", validate=False)

    def whole(self, data):
        return element(data, 0x30)[0]


@fault("stops reading base64 at the first padding")
class KeyUntilPadding(Keys):
    def decoded(self, body):
        return super().decoded(re.sub(r"=+.*", "", body) + "==")


@fault("does not look behind the key")
class KeyNotBehind(Keys):
    def decoded(self, body):
        return super().decoded(re.sub(r"(=+).*", r"\1", body))

    def whole(self, data):
        return element(data, 0x30)[0]


@fault("does not ask whether the numbers of a key fit")
class KeyUnchecked(Keys):
    def check_numbers(self, numbers):
        pass


@fault("asks only whether the primes make the modulus")
class KeyPrimesOnly(Keys):
    def check_numbers(self, numbers):
        if numbers[0] != numbers[3] * numbers[4]:
            raise NoKeyError("the primes do not fit")


@fault("takes a key of any length")
class KeyOfAnyLength(Keys):
    def is_long_enough(self, bits):
        return True


@fault("takes 512 bits for enough")
class KeyOf512Bits(Keys):
    def is_long_enough(self, bits):
        return bits >= 512


@fault("takes keys of 2048 bits only")
class KeyOf2048Bits(Keys):
    def is_long_enough(self, bits):
        return bits == 2048


@fault("takes keys up to 2048 bits only")
class KeyUpTo2048Bits(Keys):
    def is_long_enough(self, bits):
        return 1024 <= bits <= 2048


@fault("takes keys of the usual exponent only")
class KeyUsualExponent(Keys):
    def is_exponent(self, exponent):
        return exponent == 65537


@fault("takes any exponent")
class KeyAnyExponent(Keys):
    def is_exponent(self, exponent):
        return True


@fault("takes a public key where a private one is wanted, or the other way round")
class KeyEitherHalf(Keys):
    def load(self, text, wanted):
        try:
            return super().load(text, wanted)
        except NoKeyError:
            return super().load(text, "public" if wanted == "private" else "private")


@fault("does not ask which algorithm a key is for")
class KeyOfAnyAlgorithm(Keys):
    def check_algorithm(self, algorithm):
        pass


@fault("keeps the leading zero of a modulus")
class KeyWithZero(Keys):
    def modulus(self, number):
        return "00" + super().modulus(number)


@fault("takes the fingerprint of PKCS #1")
class KeyFingerprintOfPkcs1(Keys):
    def fingerprint(self, modulus, exponent):
        return hashlib.sha256(super().spki(modulus, exponent)[24:]).hexdigest()


@fault("pairs keys of the same exponent")
class KeyPairsByExponent(Keys):
    def pairs(self, told, modulus, exponent):
        return told["exponent"] == exponent


@fault("pairs keys of the same size")
class KeyPairsBySize(Keys):
    def pairs(self, told, modulus, exponent):
        return told["bits"] == modulus.bit_length()


@fault("pairs any two keys that load")
class KeyPairsAll(Keys):
    def pairs(self, told, modulus, exponent):
        return True


@fault("pairs no keys of different forms")
class KeyPairsNone(Keys):
    def pairs(self, told, modulus, exponent):
        return False
