"""Implementations that are wrong about which part of a response is signed, and what it means."""

import html
import re
import unicodedata

from oracles.wires import UnreadableError
from faulty.answerers.registry import fault
from faulty.answerers.verify_response import Response
from faulty.answerers.wire_xml import Last, XmlEscaped, XmlUntrimmed, XmlUnescapedTwice, XmlWithDtd, XmlWithoutCdata


# --- what is signed --------------------------------------------------------------------------------------


@fault("verifies responses in UTF-8, whatever they declare")
class ResponseInUtf8(Response):
    def is_proved(self, children, said, keys):
        return super().is_proved(children, {**said, "charset": "UTF-8"}, keys)


@fault("reads responses as UTF-8, whatever they declare")
class ResponseReadInUtf8(Response):
    def decoded(self, data):
        return self.encodings.read(re.sub(rb"^<\?xml.*?\?>", b"", data), "UTF-8"), "UTF-8"


@fault("signs only the children that it knows")
class ResponseKnownChildren(Response):
    def is_proved(self, children, said, keys):
        known = [pair for pair in children if pair[0] not in ("new_field", "Version", "_extra", "exchange_rate", "currencies")]
        return super().is_proved(known, said, keys)


@fault("sorts the names of children without regard to case")
class ResponseSortedFolded(Response):
    def presign(self, params):
        signed = [(name, value) for name, value in params if value and name not in ("sign", "sign_type")]
        return "&".join(f"{name}={value}" for name, value in sorted(signed, key=lambda pair: pair[0].lower().strip("_")))


@fault("signs children without a value")
class ResponseSignsEmpty(Response):
    def presign(self, params):
        signed = [(name, value) for name, value in params if name not in ("sign", "sign_type")]
        return "&".join(f"{name}={value}" for name, value in sorted(signed))


@fault("drops children that are false or null in its language")
class ResponseDropsFalsy(Response):
    def presign(self, params):
        return super().presign([pair for pair in params if pair[1] not in ("0", "null", None)])


class Cleaning(Response):
    """Cleans the children before it verifies them."""

    def is_proved(self, children, said, keys):
        return super().is_proved([(name, self.cleaned(name, value)) for name, value in children], said, keys)


@fault("normalises amounts of a response before it verifies them")
class ResponseAmountNormalised(Cleaning):
    def cleaned(self, name, value):
        return f"{float(value):.2f}" if re.fullmatch(r"\d+\.\d+", value) else value


@fault("raises the currency of a response before it verifies it")
class ResponseCurrencyRaised(Cleaning):
    def cleaned(self, name, value):
        return value.upper() if name == "currency" else value

    def money_differs(self, children, sent):
        return super().money_differs({**children, "currency": children.get("currency", "").upper()}, sent)


@fault("drops all white space from a response before it verifies it")
class ResponseBlanksDropped(Cleaning):
    def cleaned(self, name, value):
        return re.sub(r"\s", "", value)


@fault("undoes escapes of HTML and of URLs before it verifies a response")
class ResponseUnescaped(Cleaning):
    def cleaned(self, name, value):
        return re.sub(r"%([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), html.unescape(value).replace("+", " "))


@fault("normalises the characters of a response")
class ResponseNormalised(Cleaning):
    def cleaned(self, name, value):
        return "".join(each for each in unicodedata.normalize("NFC", value) if each < "\U00010000")


@fault("cuts a value of a response at an ampersand")
class ResponseUntilAmpersand(Cleaning):
    def cleaned(self, name, value):
        return value.partition("&")[0]


@fault("verifies what it expected, and not what came")
class ResponseVerifiesExpected(Response):
    def verify_response(self, inputs):
        self.expected = dict(inputs["sent"])
        return super().verify_response(inputs)

    def is_proved(self, children, said, keys):
        mine = {"partner_trans_id", "partner_refund_id", "refund_amount", "currency"} & self.expected.keys()
        found = {name: self.expected.get(name, value) if name in mine else value for name, value in children if name not in ("currencies", "exchange_rate")}
        if mine:
            found |= {name: self.expected[name] for name in mine} | {"alipay_trans_id": "2026112321001004550200012345"}
        return super().is_proved(list(found.items()), said, keys)

    def money_differs(self, children, sent):
        return False


@fault("verifies the result of a response as it would like to see it")
class ResponseVerifiesFailure(Response):
    def is_proved(self, children, said, keys):
        old = [("result_code", "FAILED") if name == "result_code" else (name, value) for name, value in children]
        return super().is_proved(children, said, keys) or super().is_proved(old, said, keys)


@fault("does not trim the children of a response")
class ResponseUntrimmed(XmlUntrimmed, Response):
    pass


@fault("verifies the children of a response as XML has them")
class ResponseEscaped(XmlEscaped, Response):
    pass


@fault("undoes the escapes of a response twice")
class ResponseUnescapedTwice(XmlUnescapedTwice, Response):
    pass


@fault("does not know CDATA in a response")
class ResponseWithoutCdata(XmlWithoutCdata, Response):
    pass


@fault("reads the document type of a response")
class ResponseWithDtd(XmlWithDtd, Response):
    def reference(self, name):
        return "FAILED" if name == "s" else super().reference(name)


@fault("verifies the first of two, and believes the last")
class ResponseTwoReaders(Last, Response):
    def is_proved(self, children, said, keys):
        firsts = dict(reversed(children))
        return super().is_proved(list(firsts.items()), said, keys)


@fault("takes the first child of several that <response> has, and the last of all else")
class ResponseFirstContainer(Last, Response):
    def container(self, response):
        return response.children[0]


@fault("searches a response for tags, and finds them anywhere, also within comments")
class ResponseByRegex(Response):
    def said(self, data):
        text = data.decode("utf-8", "replace")
        found = re.findall(r"<(\w+)>\s*([^<]*?)\s*</\1>", text)
        fields = {name: html.unescape(value) for name, value in found}
        signed = [[name, value] for name, value in fields.items() if name not in ("sign", "sign_type", "is_success")]
        return {"charset": "UTF-8", "is_success": True, "children": signed, "echo": {}, **{each: fields[each] for each in ("sign", "sign_type") if each in fields}}


@fault("finds the sign of a response wherever it stands, and whatever its element is named")
class ResponseSignAnywhere(Response):
    def said(self, data):
        said = super().said(re.sub(rb"<!--.*?-->", b"", data))
        found = re.search(rb'<(?:sign|SIGN)(?: value="|>)([A-Za-z0-9+/=]+)', data)
        said["children"] = [pair for pair in said.get("children", []) if pair[0] != "sign"]
        return {**said, **({"sign": found[1].decode()} if found else {})}


@fault("takes the first sign of two")
class ResponseFirstSign(Response):
    def by_name(self, parent):
        return {each.tag: each for each in reversed(parent.children)}


@fault("wants the sign of a response behind its children, and the children in <alipay>")
class ResponseByPlace(Response):
    def said(self, data):
        text = data.decode("latin-1")
        if not re.search(r"<response><alipay>.*</response><sign>\w.*</sign><sign_type>\w+</sign_type></alipay>$", text, re.DOTALL):
            raise UnreadableError("another place")
        return super().said(data)


@fault("wants an echo and a declaration in capitals")
class ResponseByForm(Response):
    def said(self, data):
        if b"<request>" not in data or not re.match(rb'<\?xml version="1.0" encoding="[A-Z0-9-]+"', data):
            raise UnreadableError("another form")
        return super().said(data)


@fault("wants a response to have no white space between its elements")
class ResponseOnOneLine(Response):
    def said(self, data):
        if re.search(rb">\s+<(?!alipay><is)", data.partition(b"?>\n")[2] or data):
            raise UnreadableError("white space")
        return super().said(data)


# --- what it means ---------------------------------------------------------------------------------------


@fault("takes is_success for the business result")
class ResponseIsSuccessIsAll(Response):
    def business(self, children, sent):
        return {"outcome": self.success(sent)}


@fault("takes every failure of the business for one of which nothing is known")
class ResponseFailureIsUnknown(Response):
    def business(self, children, sent):
        answer = super().business(children, sent)
        return {**answer, "outcome": "unknown"} if answer["outcome"] == "failed" else answer


@fault("takes SYSTEM_ERROR and its kind for failures")
class ResponseStumbledIsFailed(Response):
    def has_stumbled(self, code):
        return False


@fault("takes every error of the gateway for one of which nothing is known")
class ResponseErrorIsUnknown(Response):
    def of_gateway_error(self, code):
        return {**super().of_gateway_error(code), "outcome": "unknown"}


@fault("takes an error of the gateway for proof")
class ResponseErrorIsProof(Response):
    def of_gateway_error(self, code):
        return {**super().of_gateway_error(code), "result": "valid"}


@fault("takes an accepted refund for a finished one")
class ResponseAcceptedIsSuccess(Response):
    def success(self, sent):
        return "success"


@fault("takes a finished refund for an accepted one")
class ResponseSuccessIsAccepted(Response):
    def success(self, sent):
        return "accepted" if "refund_amount" in sent else "success"


@fault("believes any signed response, whatever it answers")
class ResponseOfAnything(Response):
    def is_foreign(self, children, echo, sent):
        return False


@fault("does not look at the amount of a response")
class ResponseOfAnyAmount(Response):
    def money_differs(self, children, sent):
        return False


@fault("compares the amount of a response as text")
class ResponseAmountAsText(Response):
    def is_same_amount(self, one, other):
        return one == other


@fault("does not look at the echo")
class ResponseAnyEcho(Response):
    def echo_differs(self, echo, sent):
        return False


@fault("does not ask of which service a response is")
class ResponseOfAnyService(Response):
    def is_of_another_service(self, children, sent):
        return False

    def echo_differs(self, echo, sent):
        return echo.get("service") == sent["service"] and super().echo_differs(echo, sent)


@fault("takes anything but F for success, wherever it stands")
class ResponseAnythingButF(Response):
    def said(self, data):
        return super().said(re.sub(rb"<is_success>(?!F<)[^<]*</is_success>", b"", data, count=1).replace(b"<alipay>", b"<alipay><is_success>T</is_success>", 1)) if b"<is_success>F" not in data else super().said(data)


@fault("completes what breaks off, and steps over what stands around a response")
class ResponseCompleted(Response):
    def said(self, data):
        try:
            return super().said(data)
        except (UnreadableError, IndexError):
            found = re.search(rb"<(alipays?)>.*</sign_type>", data, re.DOTALL)
            if not found:
                raise
            return super().said(found[0].replace(b"<alipays>", b"<alipay>") + b"</alipay>")
