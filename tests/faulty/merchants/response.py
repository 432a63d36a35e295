"""Merchants that break `response.*`: they misread the gateway's answer; and harmless variants."""

import codecs
import re
import xml.etree.ElementTree as ET
from decimal import Decimal

from faulty.reference import CANCEL, Healthy, Lost, REFUND, Reply, fault, harmless


@fault("lets the parser expand a document type", "response.no-dtd")
class DoctypeExpanded(Healthy):
    def allows_doctype(self):
        return True


@fault(
    "takes is_success=T for success",
    "response.two-levels", "response.unknown", "money.refund.not-booked", "money.cancel.not-booked",
)
class IsSuccessIsSuccess(Healthy):
    def is_success(self, fields):
        return True


@fault("believes the response of another request", "response.belongs")
class AnyResponseBelongs(Healthy):
    def belongs(self, fields, asked):
        return True


@fault("takes SYSTEM_ERROR for a failure", "response.unknown", "money.cancel.unknown")
class SystemErrorIsFailed(Healthy):
    def in_doubt(self, code):
        return False


@harmless("takes a closed interface for a failure: no page says what it is")
class ClosedIsFailed(Healthy):
    def in_doubt(self, code):
        return code == "SYSTEM_ERROR"


@fault("takes result_code UNKNOWN for a failure", "response.unknown", "money.cancel.unknown")
class UnknownIsFailed(Healthy):
    def result(self, fields, asked):
        reply = super().result(fields, asked)
        return Reply("failed", reply.code) if fields.get("result_code", "").startswith("UNKNOW") else reply


@fault("knows FAILED and not FAIL", "response.two-levels")
class FailNotKnown(Healthy):
    def is_failure(self, fields):
        return fields.get("result_code") == "FAILED"


@harmless("doubts a gateway error, which nobody signed")
class GatewayErrorIsUnknown(Healthy):
    def gateway_error(self, code):
        return Reply("unknown")


@fault("raises on a gateway error", "response.gateway-error")
class GatewayErrorRaises(Healthy):
    def ask(self, url, service, fields):
        from faulty.reference import Forged

        try:
            data = self.exchange(url, service, fields)
            if b"<is_success>F" in data and b"SYSTEM_ERROR" not in data:
                raise_later = True
            else:
                raise_later = False
            reply = self.read_reply(data, fields)
        except Lost:
            return self.when_lost()
        except Forged:
            return self.when_unproved()
        self.raise_later = raise_later
        return reply

    def told(self, reply, **more):
        if self.__dict__.pop("raise_later", False):
            raise RuntimeError("gateway error")
        return super().told(reply, **more)


@fault("says the code of a CANCEL, and none of a REFUND", "response.code")
class CodeOfCancelAlone(Healthy):
    def result(self, fields, asked):
        reply = super().result(fields, asked)
        reply.code = fields.get("detail_error_code") if reply.outcome == "failed" else reply.code
        return reply


@fault("reports its own code for every failure", "response.code")
class OwnCode(Healthy):
    def report_code(self, code):
        return "PAY_FAILED"


@harmless("raises where the outcome is unknown, having noted it")
class RaisesInDoubt(Healthy):
    def told(self, reply, **more):
        if reply.outcome == "unknown":
            raise TimeoutError("nobody knows")
        return super().told(reply, **more)


@fault("takes a failure whose code it does not know for success", "response.two-levels", "response.gateway-error")
class UnheardCodeIsSuccess(Healthy):
    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        if reply.outcome == "failed" and "MOON" in (reply.code or ""):
            reply.outcome = "success"
        return reply


@fault("verifies a text as a whole, and reads it up to the first mark in it", "response.belongs")
class ReadsUpToTheMark(Healthy):
    def xml(self, data):
        self.raw = data.decode("latin-1")
        return super().xml(data)

    def result(self, fields, asked):
        cut = dict(re.findall(r"<(\w+)>([^<]*)<[!?]", self.raw))
        return super().result({**fields, **{name: cut[name] for name in fields if name in cut}}, asked)


@fault("takes an answer in a charset that it does not know for a failure", "response.hostile")
class UnknownCharsetIsFailed(Healthy):
    def xml(self, data):
        try:
            codecs.lookup(self.xml_charset(data))
        except LookupError:
            root = ET.Element("alipay")
            ET.SubElement(root, "is_success").text = "F"
            ET.SubElement(root, "error").text = "UNKNOWN_CHARSET"
            return root, "UTF-8"
        return super().xml(data)


@harmless("limits the time of each read, and believes what came whole")
class WaitsForEachByte(Healthy):
    def check_deadline(self, deadline, connection):
        pass


@fault("believes a signed SUCCESS that does not say what it answers", "response.other-service")
class AnyServiceBelieved(Healthy):
    def names_it(self, fields, asked):
        return True


@fault("verifies the values of an answer with the blanks around them", "response.trimmed")
class AnswersNotTrimmed(Healthy):
    def texts(self, element):
        if element.find("is_success") is not None:
            return super().texts(element)
        return {child.tag: child.text or "" for child in element}


@fault("takes a code that it has seen before for no code", "response.existing-code")
class WantsNewCode(Healthy):
    def code_of(self, reply):
        found = super().code_of(reply)
        known = found["qrcode"] in self.codes
        self.codes[found["qrcode"]] = True
        return {} if known else found


@fault("hands the picture's address on as it stands in the XML", "response.image-url")
class PictureEscaped(Healthy):
    def code_of(self, reply):
        found = super().code_of(reply)
        address = found["qrcode_img_url"]
        return {**found, "qrcode_img_url": address and address.replace("&", "&amp;")}


# No finding: a retry inside one operation is legal, and the outcome is what is believed in the end.
@harmless("asks once more, with the identical request, when the line breaks", found_by="blind 1")
class AsksTwice(Healthy):
    def exchange(self, url, service, fields):
        parts = self.http_parts(self.signed_request(service, fields))
        try:
            return self.transmit(url, *parts)
        except Lost:
            return self.transmit(url, *parts)


# Level 3 or 4, MUST: FAIL is a failure, whatever its code seems to say; the money did not move.
@fault("takes TRADE_HAS_CLOSE for news that the refund was made before", "response.two-levels", found_by="blind 2")
class HasCloseIsRefunded(Healthy):
    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        if service == REFUND and reply.outcome == "failed" and reply.code == "TRADE_HAS_CLOSE":
            return Reply("success", None, reply.fields)
        return reply


# No finding: a repeat inside one operation is legal, and it ends.
@harmless("repeats a CANCEL three times at most while the answer says retry_flag=Y", found_by="blind 2")
class RetriesThrice(Healthy):
    def ask(self, url, service, fields):
        for _ in range(3):
            reply = super().ask(url, service, fields)
            if service != CANCEL or reply.fields.get("retry_flag") != "Y":
                break
        return reply


@fault("takes a signed answer to REFUND or CANCEL without result_code for success", "response.two-levels")
class MissingCodeIsSuccess(Healthy):
    def is_success(self, fields):
        return fields.get("result_code", "SUCCESS") == "SUCCESS"


@fault("takes result_code UNKNOWN of a CANCEL for a failure", "response.unknown", "money.cancel.unknown")
class UnknownCancelIsFailed(Healthy):
    def result(self, fields, asked):
        reply = super().result(fields, asked)
        if "partner_refund_id" not in asked and fields.get("result_code") in ("UNKNOWN", "UNKNOW"):
            reply.outcome = "failed"
        return reply


@fault("compares the first twenty characters of the numbers in an answer", "response.belongs")
class BelongsByTheHead(Healthy):
    def belongs(self, fields, asked):
        names = ("out_trade_no", "partner_trans_id", "partner_refund_id", "currency")
        return all(fields[name][:20] == asked[name][:20] for name in names if name in fields and asked.get(name))


@fault("compares the numbers in an answer without regard to case", "response.belongs")
class BelongsWithoutCase(Healthy):
    def belongs(self, fields, asked):
        low = lambda given: {name: (value or "").lower() for name, value in given.items()}  # noqa: E731
        return super().belongs(low(fields), low(asked))


@harmless("reads the sign of an answer before its fields, and verifies as ever")
class ReadsTheSignFirst(Healthy):
    def is_proved(self, message, charset):
        return super().is_proved(sorted(message, key=lambda pair: pair[0] != "sign"), charset)


@harmless("compares the amount of an answer, too, where it names one, as a number")
class ComparesTheAmount(Healthy):
    def belongs(self, fields, asked):
        amount, wanted = fields.get("refund_amount"), asked.get("refund_amount")
        same = not amount or not wanted or Decimal(amount) == Decimal(wanted)
        return same and super().belongs(fields, asked)


@fault("takes a CANCEL whose answer names an action for one that was carried out", "response.two-levels", found_by="blind")
class ActionMeansSuccess(Healthy):
    def is_success(self, fields):
        return super().is_success(fields) or fields.get("action") in ("close", "refund")


@harmless("looks at the action of a CANCEL beside its result", found_by="blind")
class LooksAtActionToo(Healthy):
    def is_success(self, fields):
        return super().is_success(fields) and fields.get("action") in (None, "", "close", "refund")


# Level 3, SHOULD: retry_flag=Y invites a repeat; an operation ends all the same.
@fault("repeats its CANCEL for as long as the answer says retry_flag=Y", "response.retry-flag", found_by="blind 2")
class RetriesForEver(Healthy):
    repeats = None

    def ask(self, url, service, fields):
        reply, left = super().ask(url, service, fields), self.repeats
        while reply.fields.get("retry_flag") == "Y" and reply.outcome != "success" and left != 0:
            reply, left = super().ask(url, service, fields), left and left - 1
        return reply


@harmless("repeats its CANCEL twenty times while the answer says retry_flag=Y")
class RetriesTwentyTimes(RetriesForEver):
    repeats = 20
    meets_all_of = ("response.retry-flag",)
