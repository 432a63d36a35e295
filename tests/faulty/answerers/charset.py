"""Implementations that are wrong about charsets."""

import unicodedata

from oracles.encodings import BrokenError, Encodings, inverse_of, utf8
from faulty.answerers.registry import Implementation, fault


class Charset(Encodings, Implementation):
    """Right about charsets."""


# --- charsets: writing -----------------------------------------------------------------------------------


@fault("writes UTF-8 whatever the charset is")
class WritesUtf8(Charset):
    def written(self, text, name):
        return super().written(text, "UTF-8")


@fault("writes GBK whatever the charset is")
class WritesGbk(Charset):
    def written(self, text, name):
        return super().written(text, "GBK")


@fault("writes GBK where GB2312 was declared")
class WritesGbkForGb2312(Charset):
    def written(self, text, name):
        return super().written(text, "GBK" if name == "GB2312" else name)


@fault("writes GB18030 where GBK was declared")
class WritesGb18030(Charset):
    def written(self, text, name):
        return text.encode("gb18030") if name == "GBK" else super().written(text, name)


@fault("writes ISO 8859-1 as long as it can")
class WritesLatin1(Charset):
    def bytes_of(self, number, name, place):
        return bytes([number]) if number < 256 else super().bytes_of(number, name, place)


@fault("knows ASCII only")
class WritesAscii(Charset):
    def bytes_of(self, number, name, place):
        return bytes([number]) if number < 128 else b"?"


@fault("writes UTF-16 units into UTF-8 one by one, as CESU-8 does")
class WritesCesu8(Charset):
    def bytes_of(self, number, name, place):
        if name != "UTF-8" or number < 0x10000:
            return super().bytes_of(number, name, place)
        rest = number - 0x10000
        return utf8(0xD800 + (rest >> 10)) + utf8(0xDC00 + (rest & 0x3FF))


@fault("knows UTF-8 up to three bytes, as MySQL did")
class WritesThreeBytes(Charset):
    def bytes_of(self, number, name, place):
        return b"?" if number >= 0x10000 else super().bytes_of(number, name, place)


@fault("puts a byte order mark in front of UTF-8")
class WritesMark(Charset):
    def written(self, text, name):
        return (b"\xef\xbb\xbf" if name == "UTF-8" else b"") + super().written(text, name)


@fault("drops a byte order mark before it writes")
class DropsMark(Charset):
    def written(self, text, name):
        return super().written(text.removeprefix("\ufeff"), name)


@fault("writes a zero in two bytes, as Java's modified UTF-8 does")
class WritesModifiedUtf8(Charset):
    def bytes_of(self, number, name, place):
        return b"\xc0\x80" if number == 0 else super().bytes_of(number, name, place)


class Normalising(Charset):
    def written(self, text, name):
        return super().written(unicodedata.normalize(self.form, text), name)


@fault("normalises a text to NFC")
class WritesNfc(Normalising):
    form = "NFC"


@fault("normalises a text to NFD")
class WritesNfd(Normalising):
    form = "NFD"


@fault("normalises a text to NFKC")
class WritesNfkc(Normalising):
    form = "NFKC"


@fault("strips what nobody sees from a text")
class WritesVisible(Charset):
    def written(self, text, name):
        seen = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Mn"))
        return super().written(" ".join(seen.split()), name)


@fault("folds the case of a text")
class WritesFolded(Charset):
    def written(self, text, name):
        return super().written(text.casefold(), name)


@fault("writes letters that look alike as one")
class WritesSkeleton(Charset):
    def written(self, text, name):
        return super().written(text.translate(str.maketrans("раеос發○", "paeoc发〇")), name)


@fault("replaces what a charset lacks by a question mark")
class ReplacesLacking(Charset):
    def lacking(self, number, place):
        return b"?"


@fault("drops what a charset lacks")
class DropsLacking(Charset):
    def lacking(self, number, place):
        return b""


@fault("writes a reference of HTML for what a charset lacks, as browsers do")
class ReferencesLacking(Charset):
    def lacking(self, number, place):
        return f"&#{number};".encode()


@fault("writes something similar for what a charset lacks, as iconv's TRANSLIT does")
class ResemblesLacking(Charset):
    def bytes_of(self, number, name, place):
        alike = {"¥": "￥", "〜": "～", "−": "－", "ñ": "n", "\xa0": " ", "©": "c"}.get(chr(number), chr(number))
        return super().bytes_of(ord(alike), name, place)


@fault("names the last character that a charset lacks")
class NamesTheLast(Charset):
    def written(self, text, name):
        for place in reversed(range(len(text))):
            self.bytes_of(ord(text[place]), name, place)
        return super().written(text, name)


@fault("escapes backslashes and quotes byte by byte before it compares")
class EscapesBytes(Charset):
    def written(self, text, name):
        return super().written(text, name).replace(b"\\", b"\\\\").replace(b'"', b'\\"')


@fault("raises letters byte by byte")
class RaisesBytes(Charset):
    def written(self, text, name):
        return super().written(text, name).upper() if name != "UTF-8" else super().written(text, name)


# --- charsets: reading -----------------------------------------------------------------------------------


@fault("reads what is broken as the replacement character")
class ReadsReplacing(Charset):
    def broken(self, data, place):
        return 0xFFFD, 1


@fault("skips bytes that are broken")
class ReadsSkipping(Charset):
    def broken(self, data, place):
        return None, 1


@fault("reads broken bytes as ISO 8859-1")
class ReadsLatin1(Charset):
    def broken(self, data, place):
        return data[place], 1


@fault("drops a character that breaks off at the end")
class ReadsUntilCut(Charset):
    def broken(self, data, place):
        if len(data) - place < 4 and data[place] >= 0xC0:
            return None, len(data) - place
        raise BrokenError(place)


@fault("tries UTF-8 first, whatever was declared")
class ReadsUtf8First(Charset):
    def read(self, data, name):
        try:
            return super().read(data, "UTF-8")
        except BrokenError:
            return super().read(data, name)


@fault("tries the other charsets where the declared one fails")
class ReadsAnything(Charset):
    def read(self, data, name):
        for each in (name, "UTF-8", "GBK"):
            try:
                return super().read(data, each)
            except BrokenError as error:
                failed = error
        raise failed


@fault("reads GB18030 for GBK and GB2312")
class ReadsGb18030(Charset):
    def read(self, data, name):
        return super().read(data, name) if name == "UTF-8" else data.decode("gb18030")


@fault("reads GBK whatever was declared")
class ReadsGbk(Charset):
    def read(self, data, name):
        return super().read(data, "GBK")


@fault("reads two bytes a character, as UTF-16 has them")
class ReadsUtf16(Charset):
    def read(self, data, name):
        return data.decode("utf-16-be", "replace")


@fault("reads GBK for GB2312")
class ReadsGbkForGb2312(Charset):
    def read(self, data, name):
        return super().read(data, "GBK" if name == "GB2312" else name)


@fault("takes any byte behind a first one for the second")
class ReadsPairs(Charset):
    def next_in(self, data, place, name):
        if data[place] < 0x80:
            return data[place], 1
        return inverse_of(name).get(data[place : place + 2], 0xFFFD), 2


@fault("reads a second byte for an ASCII character of its own")
class ReadsAsciiInside(Charset):
    def read(self, data, name):
        return data.decode("latin-1") if name != "UTF-8" else super().read(data, name)


@fault("reads overlong characters")
class ReadsOverlong(Charset):
    def exists(self, number, length):
        return number <= 0x10FFFF and not 0xD800 <= number < 0xE000


@fault("reads surrogates one by one")
class ReadsSurrogates(Charset):
    def exists(self, number, length):
        return len(utf8(number)) == length and number <= 0x10FFFF


@fault("reads four bytes beyond the last character")
class ReadsBeyond(Charset):
    def exists(self, number, length):
        return number > 0x10FFFF or super().exists(number, length)

    def next_in_utf8(self, data, place):
        number, length = super().next_in_utf8(data, place) or (None, 0)
        return (min(number, 0x10FFFF), length) if length else None


@fault("reads five bytes for one character, as the old definition of UTF-8 did")
class ReadsFiveBytes(Charset):
    def next_in_utf8(self, data, place):
        return (0xFFFD, 5) if data[place] >= 0xF8 and len(data) - place >= 5 else super().next_in_utf8(data, place)


@fault("drops a byte order mark when it reads")
class ReadsWithoutMark(Charset):
    def read(self, data, name):
        return super().read(data, name).removeprefix("\ufeff")


@fault("stops reading at a byte of zero")
class ReadsUntilZero(Charset):
    def read(self, data, name):
        return super().read(data.partition(b"\0")[0], name)


@fault("makes newlines of all line ends")
class ReadsNewlines(Charset):
    def read(self, data, name):
        return super().read(data, name).replace("\r\n", "\n")


@fault("normalises what it reads to NFC")
class ReadsNfc(Charset):
    def read(self, data, name):
        return unicodedata.normalize("NFC", super().read(data, name))


@fault("normalises what it reads to NFKC")
class ReadsNfkc(Charset):
    def read(self, data, name):
        return unicodedata.normalize("NFKC", super().read(data, name))


@fault("reads the last character of 16 bits as an error")
class ReadsNoNoncharacter(Charset):
    def exists(self, number, length):
        return number & 0xFFFE != 0xFFFE and super().exists(number, length)


@fault("reads bytes 80 to 9F as Windows does")
class ReadsWindows(Charset):
    def read(self, data, name):
        return super().read(data, name).replace("\x80", "€")


@fault("replaces characters for private use")
class ReadsNoPrivateUse(Charset):
    def read(self, data, name):
        return "".join("\ufffd" if unicodedata.category(each) == "Co" else each for each in super().read(data, name))


@fault("reads three bytes of UTF-8 at most")
class ReadsThreeBytes(Charset):
    def exists(self, number, length):
        return length < 4 and super().exists(number, length)


@fault("refuses the replacement character as if it had put it there")
class ReadsNoReplacement(Charset):
    def exists(self, number, length):
        return number != 0xFFFD and super().exists(number, length)


# --- charsets: names -------------------------------------------------------------------------------------


@fault("compares the name of a charset in capitals only")
class CharsetInCapitals(Charset):
    def meant(self, declared):
        return declared if declared in ("UTF-8", "GBK", "GB2312") else ""


@fault("compares the name of a charset in small letters only")
class CharsetInSmallLetters(Charset):
    def meant(self, declared):
        return super().meant(declared) if declared == declared.lower() else ""


@fault("takes UTF-8 for every name it does not know")
class CharsetByDefault(Charset):
    def meant(self, declared):
        return super().meant(declared) or "UTF-8"


@fault("takes GBK for GB2312 and UTF-8 for anything else")
class CharsetGbkForAll(Charset):
    def meant(self, declared):
        return "GBK" if declared.upper().startswith("GB") else "UTF-8"
