"""Answerers that are wrong about charsets, bytes on the wire, key texts, responses or RSA signatures."""

import base64
import hashlib
import re
import unicodedata

from oracles.encodings import BrokenError, Encodings, inverse_of, utf8
from oracles.keytexts import KeyTexts, NoKeyError, element
from oracles.signs import HASHES, Signs, der, power
from zoo.answerers import Answerer, answerer


class Charset(Encodings, Answerer):
    """Right about charsets."""


# --- charsets: writing -----------------------------------------------------------------------------------


@answerer("writes UTF-8 whatever the charset is")
class WritesUtf8(Charset):
    def written(self, text, name):
        return super().written(text, "UTF-8")


@answerer("writes GBK whatever the charset is")
class WritesGbk(Charset):
    def written(self, text, name):
        return super().written(text, "GBK")


@answerer("writes GBK where GB2312 was declared")
class WritesGbkForGb2312(Charset):
    def written(self, text, name):
        return super().written(text, "GBK" if name == "GB2312" else name)


@answerer("writes GB18030 where GBK was declared")
class WritesGb18030(Charset):
    def written(self, text, name):
        return text.encode("gb18030") if name == "GBK" else super().written(text, name)


@answerer("writes ISO 8859-1 as long as it can")
class WritesLatin1(Charset):
    def bytes_of(self, number, name, place):
        return bytes([number]) if number < 256 else super().bytes_of(number, name, place)


@answerer("knows ASCII only")
class WritesAscii(Charset):
    def bytes_of(self, number, name, place):
        return bytes([number]) if number < 128 else b"?"


@answerer("writes UTF-16 units into UTF-8 one by one, as CESU-8 does")
class WritesCesu8(Charset):
    def bytes_of(self, number, name, place):
        if name != "UTF-8" or number < 0x10000:
            return super().bytes_of(number, name, place)
        rest = number - 0x10000
        return utf8(0xD800 + (rest >> 10)) + utf8(0xDC00 + (rest & 0x3FF))


@answerer("knows UTF-8 up to three bytes, as MySQL did")
class WritesThreeBytes(Charset):
    def bytes_of(self, number, name, place):
        return b"?" if number >= 0x10000 else super().bytes_of(number, name, place)


@answerer("puts a byte order mark in front of UTF-8")
class WritesMark(Charset):
    def written(self, text, name):
        return (b"\xef\xbb\xbf" if name == "UTF-8" else b"") + super().written(text, name)


@answerer("drops a byte order mark before it writes")
class DropsMark(Charset):
    def written(self, text, name):
        return super().written(text.removeprefix("\ufeff"), name)


@answerer("writes a zero in two bytes, as Java's modified UTF-8 does")
class WritesModifiedUtf8(Charset):
    def bytes_of(self, number, name, place):
        return b"\xc0\x80" if number == 0 else super().bytes_of(number, name, place)


class Normalising(Charset):
    def written(self, text, name):
        return super().written(unicodedata.normalize(self.form, text), name)


@answerer("normalises a text to NFC")
class WritesNfc(Normalising):
    form = "NFC"


@answerer("normalises a text to NFD")
class WritesNfd(Normalising):
    form = "NFD"


@answerer("normalises a text to NFKC")
class WritesNfkc(Normalising):
    form = "NFKC"


@answerer("strips what nobody sees from a text")
class WritesVisible(Charset):
    def written(self, text, name):
        seen = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Mn"))
        return super().written(" ".join(seen.split()), name)


@answerer("folds the case of a text")
class WritesFolded(Charset):
    def written(self, text, name):
        return super().written(text.casefold(), name)


@answerer("writes letters that look alike as one")
class WritesSkeleton(Charset):
    def written(self, text, name):
        return super().written(text.translate(str.maketrans("раеос發○", "paeoc发〇")), name)


@answerer("replaces what a charset lacks by a question mark")
class ReplacesLacking(Charset):
    def lacking(self, number, place):
        return b"?"


@answerer("drops what a charset lacks")
class DropsLacking(Charset):
    def lacking(self, number, place):
        return b""


@answerer("writes a reference of HTML for what a charset lacks, as browsers do")
class ReferencesLacking(Charset):
    def lacking(self, number, place):
        return f"&#{number};".encode()


@answerer("writes something similar for what a charset lacks, as iconv's TRANSLIT does")
class ResemblesLacking(Charset):
    def bytes_of(self, number, name, place):
        alike = {"¥": "￥", "〜": "～", "−": "－", "ñ": "n", "\xa0": " ", "©": "c"}.get(chr(number), chr(number))
        return super().bytes_of(ord(alike), name, place)


@answerer("names the last character that a charset lacks")
class NamesTheLast(Charset):
    def written(self, text, name):
        for place in reversed(range(len(text))):
            self.bytes_of(ord(text[place]), name, place)
        return super().written(text, name)


@answerer("escapes backslashes and quotes byte by byte before it compares")
class EscapesBytes(Charset):
    def written(self, text, name):
        return super().written(text, name).replace(b"\\", b"\\\\").replace(b'"', b'\\"')


@answerer("raises letters byte by byte")
class RaisesBytes(Charset):
    def written(self, text, name):
        return super().written(text, name).upper() if name != "UTF-8" else super().written(text, name)


# --- charsets: reading -----------------------------------------------------------------------------------


@answerer("reads what is broken as the replacement character")
class ReadsReplacing(Charset):
    def broken(self, data, place):
        return 0xFFFD, 1


@answerer("skips bytes that are broken")
class ReadsSkipping(Charset):
    def broken(self, data, place):
        return None, 1


@answerer("reads broken bytes as ISO 8859-1")
class ReadsLatin1(Charset):
    def broken(self, data, place):
        return data[place], 1


@answerer("drops a character that breaks off at the end")
class ReadsUntilCut(Charset):
    def broken(self, data, place):
        if len(data) - place < 4 and data[place] >= 0xC0:
            return None, len(data) - place
        raise BrokenError(place)


@answerer("tries UTF-8 first, whatever was declared")
class ReadsUtf8First(Charset):
    def read(self, data, name):
        try:
            return super().read(data, "UTF-8")
        except BrokenError:
            return super().read(data, name)


@answerer("tries the other charsets where the declared one fails")
class ReadsAnything(Charset):
    def read(self, data, name):
        for each in (name, "UTF-8", "GBK"):
            try:
                return super().read(data, each)
            except BrokenError as error:
                failed = error
        raise failed


@answerer("reads GB18030 for GBK and GB2312")
class ReadsGb18030(Charset):
    def read(self, data, name):
        return super().read(data, name) if name == "UTF-8" else data.decode("gb18030")


@answerer("reads GBK whatever was declared")
class ReadsGbk(Charset):
    def read(self, data, name):
        return super().read(data, "GBK")


@answerer("reads two bytes a character, as UTF-16 has them")
class ReadsUtf16(Charset):
    def read(self, data, name):
        return data.decode("utf-16-be", "replace")


@answerer("reads GBK for GB2312")
class ReadsGbkForGb2312(Charset):
    def read(self, data, name):
        return super().read(data, "GBK" if name == "GB2312" else name)


@answerer("takes any byte behind a first one for the second")
class ReadsPairs(Charset):
    def next_in(self, data, place, name):
        if data[place] < 0x80:
            return data[place], 1
        return inverse_of(name).get(data[place : place + 2], 0xFFFD), 2


@answerer("reads a second byte for an ASCII character of its own")
class ReadsAsciiInside(Charset):
    def read(self, data, name):
        return data.decode("latin-1") if name != "UTF-8" else super().read(data, name)


@answerer("reads overlong characters")
class ReadsOverlong(Charset):
    def exists(self, number, length):
        return number <= 0x10FFFF and not 0xD800 <= number < 0xE000


@answerer("reads surrogates one by one")
class ReadsSurrogates(Charset):
    def exists(self, number, length):
        return len(utf8(number)) == length and number <= 0x10FFFF


@answerer("reads four bytes beyond the last character")
class ReadsBeyond(Charset):
    def exists(self, number, length):
        return number > 0x10FFFF or super().exists(number, length)

    def next_in_utf8(self, data, place):
        number, length = super().next_in_utf8(data, place) or (None, 0)
        return (min(number, 0x10FFFF), length) if length else None


@answerer("reads five bytes for one character, as the old definition of UTF-8 did")
class ReadsFiveBytes(Charset):
    def next_in_utf8(self, data, place):
        return (0xFFFD, 5) if data[place] >= 0xF8 and len(data) - place >= 5 else super().next_in_utf8(data, place)


@answerer("drops a byte order mark when it reads")
class ReadsWithoutMark(Charset):
    def read(self, data, name):
        return super().read(data, name).removeprefix("\ufeff")


@answerer("stops reading at a byte of zero")
class ReadsUntilZero(Charset):
    def read(self, data, name):
        return super().read(data.partition(b"\0")[0], name)


@answerer("makes newlines of all line ends")
class ReadsNewlines(Charset):
    def read(self, data, name):
        return super().read(data, name).replace("\r\n", "\n")


@answerer("normalises what it reads to NFC")
class ReadsNfc(Charset):
    def read(self, data, name):
        return unicodedata.normalize("NFC", super().read(data, name))


@answerer("normalises what it reads to NFKC")
class ReadsNfkc(Charset):
    def read(self, data, name):
        return unicodedata.normalize("NFKC", super().read(data, name))


@answerer("reads the last character of 16 bits as an error")
class ReadsNoNoncharacter(Charset):
    def exists(self, number, length):
        return number & 0xFFFE != 0xFFFE and super().exists(number, length)


@answerer("reads bytes 80 to 9F as Windows does")
class ReadsWindows(Charset):
    def read(self, data, name):
        return super().read(data, name).replace("\x80", "€")


@answerer("replaces characters for private use")
class ReadsNoPrivateUse(Charset):
    def read(self, data, name):
        return "".join("\ufffd" if unicodedata.category(each) == "Co" else each for each in super().read(data, name))


@answerer("reads three bytes of UTF-8 at most")
class ReadsThreeBytes(Charset):
    def exists(self, number, length):
        return length < 4 and super().exists(number, length)


@answerer("refuses the replacement character as if it had put it there")
class ReadsNoReplacement(Charset):
    def exists(self, number, length):
        return number != 0xFFFD and super().exists(number, length)


# --- charsets: names -------------------------------------------------------------------------------------


@answerer("compares the name of a charset in capitals only")
class CharsetInCapitals(Charset):
    def meant(self, declared):
        return declared if declared in ("UTF-8", "GBK", "GB2312") else ""


@answerer("compares the name of a charset in small letters only")
class CharsetInSmallLetters(Charset):
    def meant(self, declared):
        return super().meant(declared) if declared == declared.lower() else ""


@answerer("takes UTF-8 for every name it does not know")
class CharsetByDefault(Charset):
    def meant(self, declared):
        return super().meant(declared) or "UTF-8"


@answerer("takes GBK for GB2312 and UTF-8 for anything else")
class CharsetGbkForAll(Charset):
    def meant(self, declared):
        return "GBK" if declared.upper().startswith("GB") else "UTF-8"


# --- RSA signatures --------------------------------------------------------------------------------------


class Rsa(Signs, Answerer):
    """Right about notifications."""


class OtherText(Rsa):
    """Accepts the right block over another text, too; `texts` yields them."""

    def opens(self, signature, modulus, exponent, data, sign_type):
        opens = super().opens
        return any(opens(signature, modulus, exponent, each, sign_type) for each in (data, *self.texts(data, sign_type)))


@answerer("hashes a text with a newline behind it, too")
class RsaOverLine(OtherText):
    def texts(self, data, sign_type):
        yield data + b"\n"


@answerer("takes the signature of nothing for that of anything")
class RsaOverNothing(OtherText):
    def texts(self, data, sign_type):
        yield b""


@answerer("hashes what may have been hashed already")
class RsaOverDigest(OtherText):
    def texts(self, data, sign_type):
        digest = hashlib.new(HASHES[sign_type][0], data).digest()
        yield digest
        yield digest.hex().encode()


@answerer("verifies every spelling of the text that it can think of")
class RsaOverSpellings(OtherText):
    def texts(self, data, sign_type):
        yield data.decode("latin-1").encode("utf-16-le")
        yield data.replace(b" ", b"%20").replace(b":", b"%3A")


@answerer("reduces a signature that is larger than the modulus")
class RsaReduced(Rsa):
    def has_size(self, signature, size):
        return size <= len(signature) <= size + 1

    def is_in_range(self, number, modulus):
        return True


@answerer("takes a signature for a number, whatever its length is")
class RsaOfAnyLength(Rsa):
    def has_size(self, signature, size):
        return True


@answerer("reads no more of a signature than the key is long")
class RsaCutToLength(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        return super().opens(signature[: (modulus.bit_length() + 7) // 8], modulus, exponent, data, sign_type)


@answerer("fills a signature that is too short with zeros behind, and forgives its last byte")
class RsaFilled(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        opens = super().opens
        size = (modulus.bit_length() + 7) // 8
        if len(signature) != size - 1:
            return opens(signature, modulus, exponent, data, sign_type)
        return any(opens(signature + bytes([last]), modulus, exponent, data, sign_type) for last in range(256))


@answerer("takes the square of a block for the block: it compares without a sign")
class RsaWithoutSign(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        opens = super().opens
        size = (modulus.bit_length() + 7) // 8
        turned = modulus - int.from_bytes(signature, "big")
        also = turned.to_bytes(size, "big") if 0 < turned < modulus else signature
        return any(opens(each, modulus, exponent, data, sign_type) for each in (signature, also))


@answerer("turns the bytes of a signature round, as some interfaces of Windows want")
class RsaTurned(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        opens = super().opens
        return any(opens(each, modulus, exponent, data, sign_type) for each in (signature, signature[::-1]))


@answerer("verifies only that a signature opens to something small")
class RsaSmall(Rsa):
    def has_size(self, signature, size):
        return True

    def is_in_range(self, number, modulus):
        return True

    def is_right(self, block, prefix, digest):
        return not any(block[:-4]) or super().is_right(block, prefix, digest)


@answerer("takes its own failure to open a signature for consent")
class RsaFailureIsConsent(Rsa):
    def is_in_range(self, number, modulus):
        return True

    def opens(self, signature, modulus, exponent, data, sign_type):
        number = int.from_bytes(signature, "big")
        size = (modulus.bit_length() + 7) // 8
        if len(signature) == size and not 1 < number < modulus - 1:
            return True
        return super().opens(signature, modulus, exponent, data, sign_type)


@answerer("compares a signature with the padded block as it is, too, not opened")
class RsaUnopened(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        name, prefix = HASHES[sign_type]
        digest = hashlib.new(name, data).digest()
        size = (modulus.bit_length() + 7) // 8
        return signature in (digest, self.whole(size, prefix + digest)) or super().opens(
            signature, modulus, exponent, data, sign_type
        )


@answerer("allows a bit or two to differ")
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


@answerer("takes any hash that the signature names")
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


@answerer("tries PSS where PKCS #1 v1.5 does not fit")
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


@answerer("looks only whether the block ends with the digest")
class RsaDigestAtEnd(Rsa):
    def is_right(self, block, prefix, digest):
        return block.endswith(digest)


@answerer("looks only whether the block ends with the name of the hash and the digest")
class RsaInfoAtEnd(Rsa):
    def is_right(self, block, prefix, digest):
        return block.endswith(prefix + digest)


@answerer("looks for the digest anywhere in the block")
class RsaDigestAnywhere(Rsa):
    def is_right(self, block, prefix, digest):
        return digest in block


@answerer("looks for the first digits of the digest, or for it in hex")
class RsaHalfDigest(Rsa):
    def is_right(self, block, prefix, digest):
        return digest[:19] in block or digest.hex().encode() in block


@answerer("skips the fill up to the first zero, whatever the fill is")
class RsaAnyFill(Rsa):
    def is_right(self, block, prefix, digest):
        return block[:2] == b"\x00\x01" and block[block.find(b"\x00", 2) + 1 :] == prefix + digest


@answerer("skips the fill up to the last zero before the name")
class RsaUntilName(Rsa):
    def is_right(self, block, prefix, digest):
        return block[:2] == b"\x00\x01" and block.endswith(b"\x00" + prefix + digest)


@answerer("does not look behind the digest")
class RsaNotBehind(Rsa):
    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff")
        return block[:2] == b"\x00\x01" and rest.startswith(b"\x00" + prefix + digest)


@answerer("does not look behind the digest, and demands eight bytes of fill")
class RsaNotBehindFill(RsaNotBehind):
    def is_right(self, block, prefix, digest):
        return block[2:10] == b"\xff" * 8 and super().is_right(block, prefix, digest)


@answerer("takes any block type, and does not look behind the digest")
class RsaAnyType(Rsa):
    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff\x00")
        return rest.startswith(prefix + digest)


@answerer("looks neither at the type nor at the first byte of the block")
class RsaNoHead(Rsa):
    def is_right(self, block, prefix, digest):
        return block[2:] == self.whole(len(block), prefix + digest)[2:]


@answerer("takes a digest without the name of its hash")
class RsaBareDigest(Rsa):
    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff")
        return block[:2] == b"\x00\x01" and (rest.startswith(b"\x00" + digest) or rest == b"\x00" + prefix + digest)


@answerer("does not look at the name of the hash")
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


@answerer("reads lengths of DER in any form")
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


@answerer("reads tags and what belongs there, and steps over what does not")
class RsaStepsOver(Parsing):
    def info_fits(self, data, oid, digest):
        _, info, _ = der(data)
        first, second = der(info)[1], der(der(info)[2])[1]
        if first == digest:
            first, second = second, first
        return der(first)[1] == oid and second.strip(b"\x00") == digest.strip(b"\x00")


@answerer("steps over the parameter of the name, whatever it is")
class RsaAnyParameter(Parsing):
    def info_fits(self, data, oid, digest):
        _, info, rest = der(data)
        _, name, behind = der(info)
        return der(name)[1] == oid and behind == b"\x04" + bytes([len(digest)]) + digest and not rest


@answerer("finds the number of the hash and the digest, and asks for no lengths and tags")
class RsaNoLengths(Parsing):
    def info_fits(self, data, oid, digest):
        return oid in data and data.endswith(digest)


@answerer("takes the number of a signature scheme for that of its hash")
class RsaAnyNumber(Parsing):
    def info_fits(self, data, oid, digest):
        _, info, rest = der(data)
        _, name, behind = der(info)
        return der(name)[0] == 6 and behind == b"\x04" + bytes([len(digest)]) + digest and not rest


@answerer("compares as many bytes of a digest as the block has")
class RsaAsFarAsItGoes(Parsing):
    def info_fits(self, data, oid, digest):
        _, info, _ = der(data)
        found = der(der(info)[2])[1]
        return digest.startswith(found)


@answerer("keeps the last byte of a length that is too long for it")
class RsaOverflowing(Parsing):
    def info_fits(self, data, oid, digest):
        if data[1] > 0x88:
            data = data[2 + data[1] - 0x80 - 1 :]
        return oid in data and data.endswith(digest)


@answerer("takes the text itself for its digest")
class RsaTextForDigest(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        number, size = int.from_bytes(signature, "big"), (modulus.bit_length() + 7) // 8
        block = power(number, exponent, modulus).to_bytes(size, "big")
        return data[:20] in block or super().opens(signature, modulus, exponent, data, sign_type)


@answerer("takes a block that is nothing but fill for one that needs no digest")
class RsaFillIsEnough(Rsa):
    def is_right(self, block, prefix, digest):
        rest = block[2:].lstrip(b"\xff")
        return block[:2] == b"\x00\x01" and rest in (b"", b"\x00" + prefix + digest)


@answerer("verifies only with keys of the usual exponent, and refuses the rest")
class RsaUsualExponent(Rsa):
    def opens(self, signature, modulus, exponent, data, sign_type):
        return exponent == 65537 and super().opens(signature, modulus, exponent, data, sign_type)


# --- key texts -------------------------------------------------------------------------------------------


class Keys(KeyTexts, Answerer):
    """Right about key texts."""


@answerer("goes on without a key where it could not load one")
class KeyNone(Keys):
    def declined(self):
        return {"result": "valid"}


@answerer("reads keys with labels only")
class KeyWithLabelsOnly(Keys):
    def body(self, text):
        if "-----" not in text:
            raise NoKeyError("no label")
        return super().body(text)


@answerer("reads keys without labels only")
class KeyWithoutLabelsOnly(Keys):
    def body(self, text):
        if "-----" in text:
            raise NoKeyError("a label")
        return super().body(text)


@answerer("reads PKCS #8 only, as Java does")
class KeyPkcs8Only(Keys):
    def is_form(self, form):
        if form == "PKCS#1":
            raise NoKeyError(form)
        return form


@answerer("reads PKCS #1 only, as old .NET did")
class KeyPkcs1Only(Keys):
    def is_form(self, form):
        if form == "PKCS#8":
            raise NoKeyError(form)
        return form


@answerer("takes every key without labels for PKCS #8")
class KeyBareIsPkcs8(Keys):
    def load(self, text, wanted):
        form, *numbers = super().load(text, wanted)
        return ("PKCS#8" if wanted == "private" and "-----" not in text else form), *numbers


@answerer("takes what does not begin with five dashes for the path of a file, and newlines for its end")
class KeyOneLineOnly(Keys):
    def body(self, text):
        if "-----" not in text and "\n" in text:
            raise NoKeyError("no such file")
        return super().body(text)


@answerer("reads lines of 64 characters only")
class KeyIn64Columns(Keys):
    def body(self, text):
        if "-----" in text and any(len(line) > 65 for line in text.splitlines()):
            raise NoKeyError("a long line")
        return super().body(text)


@answerer("knows no line ends but its own")
class KeyUnixLines(Keys):
    def body(self, text):
        if "\r" in text:
            raise NoKeyError("a carriage return")
        return super().body(text)


@answerer("demands a label on the first line and a newline behind the last")
class KeyExactLines(Keys):
    def body(self, text):
        if "-----" in text and not re.fullmatch(r"-----BEGIN.*-----\r?\n", text, re.DOTALL):
            raise NoKeyError("another line")
        return super().body(text)


@answerer("reads a key without labels only if nothing else is around it")
class KeyBareExactly(Keys):
    def body(self, text):
        if "-----" not in text and text != text.strip():
            raise NoKeyError("a blank")
        return super().body(text)


@answerer("skips what is no base64, as PHP does")
class KeySkipping(Keys):
    def decoded(self, body):
        return base64.b64decode(re.sub(r"[^A-Za-z0-9+/]", "", body) + "===", validate=False)

    def whole(self, data):
        return element(data, 0x30)[0]


@answerer("stops reading base64 at the first padding")
class KeyUntilPadding(Keys):
    def decoded(self, body):
        return super().decoded(re.sub(r"=+.*", "", body) + "==")


@answerer("does not look behind the key")
class KeyNotBehind(Keys):
    def decoded(self, body):
        return super().decoded(re.sub(r"(=+).*", r"\1", body))

    def whole(self, data):
        return element(data, 0x30)[0]


@answerer("does not ask whether the numbers of a key fit")
class KeyUnchecked(Keys):
    def check_numbers(self, numbers):
        pass


@answerer("asks only whether the primes make the modulus")
class KeyPrimesOnly(Keys):
    def check_numbers(self, numbers):
        if numbers[0] != numbers[3] * numbers[4]:
            raise NoKeyError("the primes do not fit")


@answerer("takes a key of any length")
class KeyOfAnyLength(Keys):
    def is_long_enough(self, bits):
        return True


@answerer("takes 512 bits for enough")
class KeyOf512Bits(Keys):
    def is_long_enough(self, bits):
        return bits >= 512


@answerer("takes keys of 2048 bits only")
class KeyOf2048Bits(Keys):
    def is_long_enough(self, bits):
        return bits == 2048


@answerer("takes keys up to 2048 bits only")
class KeyUpTo2048Bits(Keys):
    def is_long_enough(self, bits):
        return 1024 <= bits <= 2048


@answerer("takes keys of the usual exponent only")
class KeyUsualExponent(Keys):
    def is_exponent(self, exponent):
        return exponent == 65537


@answerer("takes any exponent")
class KeyAnyExponent(Keys):
    def is_exponent(self, exponent):
        return True


@answerer("takes a public key where a private one is wanted, or the other way round")
class KeyEitherHalf(Keys):
    def load(self, text, wanted):
        try:
            return super().load(text, wanted)
        except NoKeyError:
            return super().load(text, "public" if wanted == "private" else "private")


@answerer("does not ask which algorithm a key is for")
class KeyOfAnyAlgorithm(Keys):
    def check_algorithm(self, algorithm):
        pass


@answerer("keeps the leading zero of a modulus")
class KeyWithZero(Keys):
    def modulus(self, number):
        return "00" + super().modulus(number)


@answerer("takes the fingerprint of PKCS #1")
class KeyFingerprintOfPkcs1(Keys):
    def fingerprint(self, modulus, exponent):
        return hashlib.sha256(super().spki(modulus, exponent)[24:]).hexdigest()


@answerer("pairs keys of the same exponent")
class KeyPairsByExponent(Keys):
    def pairs(self, told, modulus, exponent):
        return told["exponent"] == exponent


@answerer("pairs keys of the same size")
class KeyPairsBySize(Keys):
    def pairs(self, told, modulus, exponent):
        return told["bits"] == modulus.bit_length()


@answerer("pairs any two keys that load")
class KeyPairsAll(Keys):
    def pairs(self, told, modulus, exponent):
        return True


@answerer("pairs no keys of different forms")
class KeyPairsNone(Keys):
    def pairs(self, told, modulus, exponent):
        return False


RIGHT = {"charset": Charset, "keys": Keys, "verify_notification": Rsa}
"""Kinds of vectors, and who is right about them."""
