"""Read the gateway's answers: what is proved, and what it means."""

import re
import xml.etree.ElementTree as ET

from faulty.reference.values import Forged, IN_DOUBT, Lost, Reply


class Answers:
    def ask(self, url, service, fields):
        """Send, and say what is proved."""
        try:
            return self.read_reply(self.exchange(url, service, fields), fields)
        except Lost:
            return self.when_lost()
        except Forged:
            return self.when_unproved()

    def when_lost(self):
        return Reply("unknown")

    def when_unproved(self):
        return Reply("unknown")

    def xml_charset(self, data):
        found = re.match(rb'<\?xml[^>]*encoding="([A-Za-z0-9-]+)"', data)
        return found[1].decode() if found else "UTF-8"

    def allows_doctype(self):
        return False

    def xml(self, data):
        charset = self.xml_charset(data)
        try:
            text = data.decode(charset)
            if "<!DOCTYPE" in text and not self.allows_doctype():
                raise Lost("a document type")
            return ET.fromstring(re.sub(r"^<\?xml.*?\?>", "", text)), charset
        except (UnicodeDecodeError, LookupError, ET.ParseError) as error:
            raise Lost(str(error)) from None

    def result_of(self, root):
        """The element whose children are signed."""
        response = root.find("response")
        return response[0] if response is not None and len(response) else None

    def texts(self, element):
        return {child.tag: (child.text or "").strip(" \t\r\n") for child in element}

    def read_reply(self, data, asked):
        root, charset = self.xml(data)
        top = self.texts(root)
        if top.get("is_success") == "F" and "sign" not in top:
            return self.gateway_error(top.get("error"))
        result = self.result_of(root)
        if top.get("is_success") != "T" or result is None:
            raise Lost("no result")
        fields = self.texts(result)
        message = [*fields.items()]
        message += [(name, top[name]) for name in ("sign", "sign_type") if name in top]
        if not self.is_proved(message, charset):
            raise Forged
        return self.result(fields, asked)

    def is_proved(self, message, charset):
        return self.is_genuine(message, charset)

    def in_doubt(self, code):
        return code in IN_DOUBT

    def gateway_error(self, code):
        return Reply("unknown" if self.in_doubt(code) else "failed", self.report_code(code))

    def report_code(self, code):
        return code

    def belongs(self, fields, asked):
        names = ("out_trade_no", "partner_trans_id", "partner_refund_id", "currency")
        return all(fields[name] == asked[name] for name in names if name in fields and asked.get(name))

    def names_it(self, fields, asked):
        """Whether the signed part says at all which request it answers."""
        return all(fields.get(name) for name in ("out_trade_no", "partner_refund_id") if asked.get(name))

    def is_success(self, fields):
        return fields.get("result_code") == "SUCCESS"

    def is_failure(self, fields):
        return fields.get("result_code") in ("FAIL", "FAILED")

    def result(self, fields, asked):
        code = fields.get("detail_error_code") or fields.get("error")
        if self.is_success(fields):
            ours = self.names_it(fields, asked) and self.belongs(fields, asked)
            return Reply("success", None, fields) if ours else Reply("unknown")
        if self.is_failure(fields) and not self.in_doubt(code):
            return Reply("failed", self.report_code(code), fields)
        return Reply("unknown", code, fields)

    def told(self, reply, **more):
        found = {"outcome": reply.outcome, "code": reply.code, **more}
        return {name: value for name, value in found.items() if value is not None}
