"""Merchants that break `response.genuine`: they refuse genuine answers."""

import html
import re

from faulty.reference import CANCEL, Healthy, Reply, fault, harmless


@fault("reads responses as UTF-8, whatever their declaration says", "response.genuine")
class ResponsesInUtf8(Healthy):
    def xml_charset(self, data):
        return "UTF-8"


@fault("expects the result in an element called alipay", "response.genuine")
class ContainerByName(Healthy):
    def result_of(self, root):
        return root.find("response/alipay")


@fault("leaves the entities in the values of a response", "response.genuine")
class EntitiesLeft(Healthy):
    def texts(self, element):
        return {name: text.replace("&", "&amp;").replace("<", "&lt;") for name, text in super().texts(element).items()}


@fault("verifies is_success along with the result", "response.genuine")
class IsSuccessVerified(Healthy):
    def is_proved(self, message, charset):
        return super().is_proved([("is_success", "T"), *message], charset)


@fault("raises on a field that it does not know", "response.genuine")
class FieldsByName(Healthy):
    def result(self, fields, asked):
        if "x_new_field" in fields:
            raise KeyError("x_new_field")
        return super().result(fields, asked)


@fault("gives the picture's address for the code", "response.genuine")
class PictureForCode(Healthy):
    def code_of(self, reply):
        found = super().code_of(reply)
        return {**found, "qrcode": found["qrcode_img_url"]}


@fault("does not return the code that was made", "response.genuine")
class CodeNotReturned(Healthy):
    def code_of(self, reply):
        return {}


# Level 3, MUST: values are unescaped once; a genuine answer with `&amp;lt;` or a `&copy=` in an address holds.
@fault("unescapes the values of an answer once more, as if they were HTML", "response.genuine", found_by="blind 1")
class UnescapesTwice(Healthy):
    def texts(self, element):
        return {name: html.unescape(text) for name, text in super().texts(element).items()}


# Level 3 or 4, MUST: a CANCEL that had nothing to do is a success, and its answer names no action.
@fault("takes a CANCEL whose answer names no action for one without an end", "response.genuine", "money.cancel.unpaid", found_by="blind 2")
class ActionNeeded(Healthy):
    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        if service == CANCEL and reply.outcome == "success" and not reply.fields.get("action"):
            return Reply("unknown")
        return reply


# Level 3, MUST: the answer of CREATE stands in qrcodeinfo, whatever its name.
@fault("looks for the answer under response/alipay, and nowhere else", "response.genuine", found_by="blind 3")
class AnswerUnderAlipay(Healthy):
    def result_of(self, root):
        return root.find("response/alipay")


# Level 3, MUST: values are unescaped before they are verified.
@fault("verifies the values of an answer as they stand in the XML, escapes and all", "response.genuine", found_by="blind 3")
class EscapedValuesVerified(Healthy):
    def is_proved(self, message, charset):
        return super().is_proved([(name, (value or "").replace("&", "&amp;").replace("<", "&lt;") if name != "sign" else value) for name, value in message], charset)


# Level 3, MUST: an answer is signed in the charset that its XML declares, not in that of the request.
@fault("verifies answers in the charset that it asked in", "response.genuine", found_by="blind 3")
class CharsetOfTheRequest(Healthy):
    def is_proved(self, message, charset):
        return super().is_proved(message, self.declared_charset())


# Harmless after all: Alipay's answers declare their charset, and no page says what one without it is in.
@harmless("takes an answer that declares no charset for GBK", found_by="blind 3")
class UndeclaredIsGbk(Healthy):
    def xml_charset(self, data):
        return super().xml_charset(data) if b"encoding=" in data[:80] else "GBK"


# Level 3, MUST: a character may be written as a number.
@fault("undoes the five named escapes of XML and no numbers", "response.genuine", found_by="blind 3")
class NamedEscapesOnly(Healthy):
    def xml(self, data):
        return super().xml(re.sub(rb"&#", b"&amp;#", data))


# Level 3, MUST: an answer is as long as it is.
@fault("reads the first two kilobytes of an answer", "response.genuine", found_by="blind 3")
class TwoKilobytes(Healthy):
    def with_status(self, status, data):
        return super().with_status(status, data)[:2048]


# Level 3, MUST: HTTP lets a server close the connection with its answer (RFC 9112, 9.6); the answer stands.
@fault("limits the time of a connection that its answer may have closed", "response.genuine")
class LimitsAClosedConnection(Healthy):
    def check_deadline(self, deadline, connection):
        connection.settimeout(self.timeout)


@fault("has room for one code, and takes that of the first store for every store's", "response.genuine", "response.image-url")
class OneCodeForAll(Healthy):
    first = None

    def code_of(self, reply):
        found = super().code_of(reply)
        self.first = self.first or found
        return self.first if found.get("qrcode") else found
