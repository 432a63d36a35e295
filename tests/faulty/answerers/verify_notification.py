"""Implementations that accept RSA signatures which nobody with the key would make."""

import hashlib

from oracles.signs import HASHES, Signs, der, power
from faulty.answerers.registry import Implementation, fault


class Rsa(Signs, Implementation):
    """Right about notifications."""


class OtherText(Rsa):
    """Accepts the right block over another text, too; `texts` yields them."""

    def opens(self, signature, modulus, exponent, data, sign_type):
        opens = super().opens
        return any(opens(signature, modulus, exponent, each, sign_type) for each in (data, *self.texts(data, sign_type)))


@fault("hashes a text with a newline behind it, too")
class RsaOverLine(OtherText):
    def texts(self, data, sign_type):
        yield data + b"\n"


@fault("takes the signature of nothing for that of anything")
class RsaOverNothing(OtherText):
    def texts(self, data, sign_type):
        yield b""


@fault("hashes what may have been hashed already")
class RsaOverDigest(OtherText):
    def texts(self, data, sign_type):
        digest = hashlib.new(HASHES[sign_type][0], data).digest()
        yield digest
        yield digest.hex().encode()


@fault("verifies every spelling of the text that it can think of")
class RsaOverSpellings(OtherText):
    def texts(self, data, sign_type):
        yield data.decode("latin-1").encode("utf-16-le")
        yield data.replace(b" ", b"%20").replace(b":", b"%3A")


@fault("reduces a signature that is larger than the modulus")
class RsaReduced(Rsa):
    def has_size(self, signature, size):
        return size <= len(signature) <= size + 1

    def is_in_range(self, number, modulus):
        return True


@fault("takes a signature for a number, whatever its length is")
class RsaOfAnyLength(Rsa):
    def has_size(self, signature, size):
        return True


@fault("reads no more of a signature than the key is long")
class RsaCutToLength(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        return super().opens(signature[: (modulus.bit_length() + 7) // 8], modulus, exponent, data, sign_type)


@fault("fills a signature that is too short with zeros behind, and forgives its last byte")
class RsaFilled(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        opens = super().opens
        size = (modulus.bit_length() + 7) // 8
        if len(signature) != size - 1:
            return opens(signature, modulus, exponent, data, sign_type)
        return any(opens(signature + bytes([last]), modulus, exponent, data, sign_type) for last in range(256))


@fault("takes the square of a block for the block: it compares without a sign")
class RsaWithoutSign(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        opens = super().opens
        size = (modulus.bit_length() + 7) // 8
        turned = modulus - int.from_bytes(signature, "big")
        also = turned.to_bytes(size, "big") if 0 < turned < modulus else signature
        return any(opens(each, modulus, exponent, data, sign_type) for each in (signature, also))


@fault("turns the bytes of a signature round, as some interfaces of Windows want")
class RsaTurned(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        opens = super().opens
        return any(opens(each, modulus, exponent, data, sign_type) for each in (signature, signature[::-1]))


@fault("verifies only that a signature opens to something small")
class RsaSmall(Rsa):
    def has_size(self, signature, size):
        return True

    def is_in_range(self, number, modulus):
        return True

    def is_right(self, block, prefix, digest):
        return not any(block[:-4]) or super().is_right(block, prefix, digest)


@fault("takes its own failure to open a signature for consent")
class RsaFailureIsConsent(Rsa):
    def is_in_range(self, number, modulus):
        return True

    def opens(self, signature, modulus, exponent, data, sign_type):
        number = int.from_bytes(signature, "big")
        size = (modulus.bit_length() + 7) // 8
        if len(signature) == size and not 1 < number < modulus - 1:
            return True
        return super().opens(signature, modulus, exponent, data, sign_type)


@fault("compares a signature with the padded block as it is, too, not opened")
class RsaUnopened(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        name, prefix = HASHES[sign_type]
        digest = hashlib.new(name, data).digest()
        size = (modulus.bit_length() + 7) // 8
        return signature in (digest, self.whole(size, prefix + digest)) or super().opens(
            signature, modulus, exponent, data, sign_type
        )


@fault("allows a bit or two to differ")
class RsaNearly(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        opens = super().opens
        size = (modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature, "big") % modulus
        half = number * pow(2, -1, modulus) % modulus
        near = (number, number ^ 1, half)
        return len(signature) == size and any(
            opens(each.to_bytes(size, "big"), modulus, exponent, data, sign_type) for each in near if each < modulus
        )


@fault("takes any hash that the signature names")
class RsaOfAnyHash(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        number, size = int.from_bytes(signature, "big"), (modulus.bit_length() + 7) // 8
        if len(signature) != size or number >= modulus:
            return False
        block = power(number, exponent, modulus).to_bytes(size, "big")
        return any(
            block == self.whole(size, bytes.fromhex(prefix) + hashlib.new(name, data).digest())
            for name, prefix in ALL_HASHES.items()
        )


@fault("tries PSS where PKCS #1 v1.5 does not fit")
class RsaOrPss(Rsa):
    def is_right(self, block, prefix, digest):
        return super().is_right(block, prefix, digest) or self.is_pss(block, digest)

    def is_pss(self, block, digest):
        name, length = ("sha1", 20) if len(digest) == 20 else ("sha256", 32)
        hashed = hashlib.new(name, bytes(8) + digest).digest()
        return block[-1] == 0xBC and block[-1 - length : -1] == hashed


ALL_HASHES = {
    "md5": "3020300c06082a864886f70d020505000410",
    "sha1": "3021300906052b0e03021a05000414",
    "sha224": "302d300d06096086480165030402040500041c",
    "sha256": "3031300d060960864801650304020105000420",
    "sha384": "3041300d060960864801650304020205000430",
    "sha512": "3051300d060960864801650304020305000440",
}


@fault("looks only whether the block ends with the digest")
class RsaDigestAtEnd(Rsa):
    def is_right(self, block, prefix, digest):
        return block.endswith(digest)


@fault("looks only whether the block ends with the name of the hash and the digest")
class RsaInfoAtEnd(Rsa):
    def is_right(self, block, prefix, digest):
        return block.endswith(prefix + digest)


@fault("looks for the digest anywhere in the block")
class RsaDigestAnywhere(Rsa):
    def is_right(self, block, prefix, digest):
        return digest in block


@fault("looks for the first digits of the digest, or for it in hex")
class RsaHalfDigest(Rsa):
    def is_right(self, block, prefix, digest):
        return digest[:19] in block or digest.hex().encode() in block


@fault("skips the fill up to the first zero, whatever the fill is")
class RsaAnyFill(Rsa):
    def is_right(self, block, prefix, digest):
        return block[:2] == b"\x00\x01" and block[block.find(b"\x00", 2) + 1 :] == prefix + digest


@fault("skips the fill up to the last zero before the name")
class RsaUntilName(Rsa):
    def is_right(self, block, prefix, digest):
        return block[:2] == b"\x00\x01" and block.endswith(b"\x00" + prefix + digest)


@fault("does not look behind the digest")
class RsaNotBehind(Rsa):
    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff")
        return block[:2] == b"\x00\x01" and rest.startswith(b"\x00" + prefix + digest)


@fault("does not look behind the digest, and demands eight bytes of fill")
class RsaNotBehindFill(RsaNotBehind):
    def is_right(self, block, prefix, digest):
        return block[2:10] == b"\xff" * 8 and super().is_right(block, prefix, digest)


@fault("takes any block type, and does not look behind the digest")
class RsaAnyType(Rsa):
    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff\x00")
        return rest.startswith(prefix + digest)


@fault("looks neither at the type nor at the first byte of the block")
class RsaNoHead(Rsa):
    def is_right(self, block, prefix, digest):
        return block[2:] == self.whole(len(block), prefix + digest)[2:]


@fault("takes a digest without the name of its hash")
class RsaBareDigest(Rsa):
    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff")
        return block[:2] == b"\x00\x01" and (rest.startswith(b"\x00" + digest) or rest == b"\x00" + prefix + digest)


@fault("does not look at the name of the hash")
class RsaAnyName(Rsa):
    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff")
        return block[:2] == b"\x00\x01" and rest[:2] == b"\x00\x30" and rest.endswith(digest)


class Parsing(Rsa):
    """Parses what it should compare; `read` takes DigestInfo apart into a list of tags and contents."""

    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff")
        if block[:2] != b"\x00\x01" or rest[:1] != b"\x00":
            return False
        try:
            return self.info_fits(rest[1:], prefix[6 : 6 + prefix[5]], digest)
        except (IndexError, ValueError):
            return False


@fault("reads lengths of DER in any form")
class RsaAnyLengths(Parsing):
    def info_fits(self, data, oid, digest):
        _, info, rest = self.element(data)
        _, name, behind = self.element(info)
        _, number, parameter = self.element(name)
        return (number.lstrip(b"\x80"), self.element(parameter)[1]) == (oid, b"") and self.octets(behind) == digest and not rest

    def octets(self, data):
        tag, content, rest = self.element(data)
        if tag != 0x24:
            return content
        _, one, more = self.element(content)
        return one + self.element(more)[1]

    def element(self, data):
        if data[1] == 0x80:
            return data[0], data[2:-2], b""
        return der(data)


@fault("reads tags and what belongs there, and steps over what does not")
class RsaStepsOver(Parsing):
    def info_fits(self, data, oid, digest):
        _, info, _ = der(data)
        first, second = der(info)[1], der(der(info)[2])[1]
        if first == digest:
            first, second = second, first
        return der(first)[1] == oid and second.strip(b"\x00") == digest.strip(b"\x00")


@fault("steps over the parameter of the name, whatever it is")
class RsaAnyParameter(Parsing):
    def info_fits(self, data, oid, digest):
        _, info, rest = der(data)
        _, name, behind = der(info)
        return der(name)[1] == oid and behind == b"\x04" + bytes([len(digest)]) + digest and not rest


@fault("finds the number of the hash and the digest, and asks for no lengths and tags")
class RsaNoLengths(Parsing):
    def info_fits(self, data, oid, digest):
        return oid in data and data.endswith(digest)


@fault("takes the number of a signature scheme for that of its hash")
class RsaAnyNumber(Parsing):
    def info_fits(self, data, oid, digest):
        _, info, rest = der(data)
        _, name, behind = der(info)
        return der(name)[0] == 6 and behind == b"\x04" + bytes([len(digest)]) + digest and not rest


@fault("compares as many bytes of a digest as the block has")
class RsaAsFarAsItGoes(Parsing):
    def info_fits(self, data, oid, digest):
        _, info, _ = der(data)
        found = der(der(info)[2])[1]
        return digest.startswith(found)


@fault("keeps the last byte of a length that is too long for it")
class RsaOverflowing(Parsing):
    def info_fits(self, data, oid, digest):
        if data[1] > 0x88:
            data = data[2 + data[1] - 0x80 - 1 :]
        return oid in data and data.endswith(digest)


@fault("takes the text itself for its digest")
class RsaTextForDigest(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        number, size = int.from_bytes(signature, "big"), (modulus.bit_length() + 7) // 8
        block = power(number, exponent, modulus).to_bytes(size, "big")
        return data[:20] in block or super().opens(signature, modulus, exponent, data, sign_type)


@fault("takes a block that is nothing but fill for one that needs no digest")
class RsaFillIsEnough(Rsa):
    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff")
        return block[:2] == b"\x00\x01" and rest in (b"", b"\x00" + prefix + digest)


@fault("verifies only with keys of the usual exponent, and refuses the rest")
class RsaUsualExponent(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        return exponent == 65537 and super().opens(signature, modulus, exponent, data, sign_type)
