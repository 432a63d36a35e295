"""Implementations that are wrong about how URLs and forms are written."""

import html
import re
import unicodedata

from faulty.answerers.registry import fault
from faulty.answerers.wire import Bytes


class Raw(Bytes):
    """Leaves some bytes as they are."""

    def escape(self, byte):
        return chr(byte) if chr(byte) in self.left else super().escape(byte)


@fault("escapes nothing that is ASCII")
class FormRaw(Raw):
    left = "".join(map(chr, range(128)))


@fault("leaves a plus sign as it is")
class FormRawPlus(Raw):
    left = "+"


@fault("escapes like encodeURI: not what separates")
class FormLikeEncodeUri(Raw):
    left = ";/?:@&=+$,#!'()*"


@fault("escapes like encodeURIComponent, and an apostrophe stays")
class FormLikeComponent(Raw):
    left = "!'()*"


@fault("leaves percent signs as they are, since they may be escapes already")
class FormRawPercent(Raw):
    left = "%"


@fault("leaves what is no separator as it is")
class FormRawHostile(Raw):
    left = "\"\\<>{}|;\r\n\t\0"


@fault("escapes twice")
class FormTwice(Bytes):
    def escaped(self, text, charset):
        return super().escaped(super().escaped(text, charset), charset)


@fault("escapes letters and tildes, too")
class FormEscapesAll(Bytes):
    def escape(self, byte):
        return f"%{byte:02X}" if not chr(byte).isalnum() or byte >= 128 else chr(byte)


@fault("escapes a character beyond ASCII by its number, as escape() of JavaScript does")
class FormByNumber(Bytes):
    def escaped(self, text, charset):
        return "".join(super(FormByNumber, self).escaped(each, charset) if each < "\x80" else f"%u{ord(each):04X}" for each in text)


class OtherCharset(Bytes):
    def escaped(self, text, charset):
        return super().escaped(text, self.charset)


@fault("escapes the bytes of UTF-8 whatever the charset is")
class FormInUtf8(OtherCharset):
    charset = "UTF-8"


@fault("escapes the bytes of GBK whatever the charset is")
class FormInGbk(OtherCharset):
    charset = "GBK"


@fault("writes a reference of HTML for what the charset lacks, as a browser's form does")
class FormWithReferences(Bytes):
    def lacking(self, params, place):
        return {"result": "valid", "query": "a=%26%2327836%3B"}


@fault("escapes small: it lowers the letter that is the second byte of a character")
class FormLowered(Bytes):
    def escaped(self, text, charset):
        return re.sub("(?<=%AE)a", "A", super().escaped(text, charset))


@fault("normalises to NFC before it escapes")
class FormNormalised(Bytes):
    def escaped(self, text, charset):
        return super().escaped(unicodedata.normalize("NFKC", text), charset)


@fault("makes two characters of a newline, as a browser does")
class FormWithLineEnds(Bytes):
    def escaped(self, text, charset):
        return super().escaped(re.sub("\r?\n", "\r\n", text), charset)


@fault("escapes HTML before URLs, as in a form that submits itself")
class FormOfHtml(Bytes):
    def escaped(self, text, charset):
        return super().escaped(html.unescape(text), charset)


@fault("puts values in quotes, as the in-app product does")
class FormQuoted(Bytes):
    def escaped(self, text, charset):
        plain = super().escaped(text, charset)
        return f'"{plain}"' if plain.isdigit() else plain


@fault("sends null as a word")
class FormWithNull(Bytes):
    def is_sent(self, value):
        return True

    def escaped(self, text, charset):
        return super().escaped("null" if text is None else text, charset)


@fault("sends no empty value")
class FormWithoutEmpty(Bytes):
    def is_sent(self, value):
        return bool(value)


@fault("sends _input_charset in the body of a POST")
class CharsetInBody(Bytes):
    def is_for_the_url(self, name):
        return False


@fault("sends all of a POST in the URL")
class PostInUrl(Bytes):
    def is_for_the_url(self, name):
        return True


@fault("adds _input_charset to the URL of every POST")
class CharsetAdded(Bytes):
    def leaves(self, params, method, charset):
        answer = super().leaves(params, method, charset)
        if method == "POST" and not answer["query"]:
            answer["query"] = f"_input_charset={charset}"
        return answer


@fault("sorts what it sends")
class FormSorted(Bytes):
    def form(self, params, charset):
        return super().form(sorted(params, key=lambda pair: pair[0]), charset)


@fault("escapes values and not names")
class FormRawNames(Bytes):
    def form(self, params, charset):
        return "&".join(f"{name}={self.escaped(value, charset)}" for name, value in params if self.is_sent(value))
