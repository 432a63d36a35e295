"""Animals that take the gateway's answers for something else than they are."""

import re
import xml.etree.ElementTree as ET

from zoo.keeper import Healthy, Lost, Reply, animal, cousin
from zoo.verifiers import UNPROVED

# --- reading --------------------------------------------------------------------------------------------


@animal("reads responses as UTF-8, whatever their declaration says", "response.genuine")
class ResponsesInUtf8(Healthy):
    def xml_charset(self, data):
        return "UTF-8"


@animal("expects the result in an element called alipay", "response.genuine")
class ContainerByName(Healthy):
    def result_of(self, root):
        return root.find("response/alipay")


@animal("leaves the entities in the values of a response", "response.genuine")
class EntitiesLeft(Healthy):
    def texts(self, element):
        return {name: text.replace("&", "&amp;").replace("<", "&lt;") for name, text in super().texts(element).items()}


@animal("verifies is_success along with the result", "response.genuine")
class IsSuccessVerified(Healthy):
    def is_proved(self, message, charset):
        return super().is_proved([("is_success", "T"), *message], charset)


@animal("lets the parser expand a document type", "response.no-dtd")
class DoctypeExpanded(Healthy):
    def allows_doctype(self):
        return True


@animal("raises on a field that it does not know", "response.genuine")
class FieldsByName(Healthy):
    def result(self, fields, asked):
        if "x_new_field" in fields:
            raise KeyError("x_new_field")
        return super().result(fields, asked)


@animal("gives the picture's address for the code", "response.genuine")
class PictureForCode(Healthy):
    def code_of(self, reply):
        found = super().code_of(reply)
        return {**found, "qrcode": found["qrcode_img_url"]}


@animal("does not return the code that was made", "response.genuine")
class CodeNotReturned(Healthy):
    def code_of(self, reply):
        return {}


# --- believing ------------------------------------------------------------------------------------------


@animal("does not verify responses", *UNPROVED)
class ResponsesUnverified(Healthy):
    def is_proved(self, message, charset):
        return True


@animal("takes a response that is not proved for a failure", "response.unproved", "money.cancel.unknown")
class UnprovedIsFailed(Healthy):
    def when_unproved(self):
        return Reply("failed")


@animal(
    "takes is_success=T for success",
    "response.two-levels", "response.unknown", "money.refund.not-booked", "money.cancel.not-booked",
)
class IsSuccessIsSuccess(Healthy):
    def is_success(self, fields):
        return True


@animal("believes the response of another request", "response.belongs")
class AnyResponseBelongs(Healthy):
    def belongs(self, fields, asked):
        return True


@animal("takes SYSTEM_ERROR for a failure", "response.unknown", "money.cancel.unknown")
class SystemErrorIsFailed(Healthy):
    def in_doubt(self, code):
        return False


@animal("takes a closed interface for a failure", "response.unknown")
class ClosedIsFailed(Healthy):
    def in_doubt(self, code):
        return code == "SYSTEM_ERROR"


@animal("takes result_code UNKNOWN for a failure", "response.unknown")
class UnknownIsFailed(Healthy):
    def result(self, fields, asked):
        reply = super().result(fields, asked)
        return Reply("failed", reply.code) if fields.get("result_code", "").startswith("UNKNOW") else reply


@animal("knows FAILED and not FAIL", "response.two-levels")
class FailNotKnown(Healthy):
    def is_failure(self, fields):
        return fields.get("result_code") == "FAILED"


@animal("takes a gateway error for doubt", "response.gateway-error")
class GatewayErrorIsUnknown(Healthy):
    def gateway_error(self, code):
        return Reply("unknown")


@animal("raises on a gateway error", "response.gateway-error")
class GatewayErrorRaises(Healthy):
    def ask(self, url, service, fields):
        from zoo.keeper import Forged

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


@animal("does not say the error code", "response.code")
class CodeSwallowed(Healthy):
    def report_code(self, code):
        return None


@animal("reports its own code for every failure", "response.code")
class OwnCode(Healthy):
    def report_code(self, code):
        return "PAY_FAILED"


# --- broken exchanges -----------------------------------------------------------------------------------


@animal("takes a broken exchange for a failure", "response.transport", "money.cancel.unknown")
class LostIsFailed(Healthy):
    def when_lost(self):
        return Reply("failed")


@animal(
    "takes a broken exchange for success",
    "response.transport", "money.refund.unknown", "money.refund.repeat", "money.cancel.unknown",
)
class LostIsSuccess(Healthy):
    def when_lost(self):
        return Reply("success")


@animal("does not look at the HTTP status", "response.transport")
class StatusIgnored(Healthy):
    def with_status(self, status, data):
        return data


@animal("takes a page instead of XML for a failure", "response.transport")
class PageIsFailed(Healthy):
    def xml(self, data):
        if b"<html" not in data:
            return super().xml(data)
        root = ET.Element("alipay")
        ET.SubElement(root, "is_success").text = "F"
        ET.SubElement(root, "error").text = "NO_XML"
        return root, "UTF-8"


@animal("reads a body that broke off by regular expressions, unverified", "response.transport")
class ReadsByRegex(Healthy):
    def read_reply(self, data, asked):
        try:
            return super().read_reply(data, asked)
        except Lost:
            if re.search(rb"<is_success>T</is_success>", data) and not data.rstrip().endswith(b"</alipay>"):
                return Reply("success")
            raise


# --- cousins --------------------------------------------------------------------------------------------


@cousin("raises where the outcome is unknown, having noted it")
class RaisesInDoubt(Healthy):
    def told(self, reply, **more):
        if reply.outcome == "unknown":
            raise TimeoutError("nobody knows")
        return super().told(reply, **more)


@animal("takes a failure whose code it does not know for success", "response.two-levels", "response.gateway-error")
class UnheardCodeIsSuccess(Healthy):
    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        if reply.outcome == "failed" and "MOON" in (reply.code or ""):
            reply.outcome = "success"
        return reply
