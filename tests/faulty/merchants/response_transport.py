"""Merchants that break `response.transport`: a broken exchange becomes an answer."""

import re
import xml.etree.ElementTree as ET

from faulty.reference import Healthy, Lost, Reply, fault, harmless


@fault("takes a broken exchange for a failure", "response.transport", "response.in-time", "money.cancel.unknown")
class LostIsFailed(Healthy):
    def when_lost(self):
        return Reply("failed")


@fault(
    "takes a broken exchange for success",
    "response.transport", "money.refund.unknown", "money.refund.repeat", "money.cancel.unknown",
)
class LostIsSuccess(Healthy):
    def when_lost(self):
        return Reply("success")


@harmless("does not look at the HTTP status of what is rightly signed")
class StatusIgnored(Healthy):
    def with_status(self, status, data):
        return data


@fault("takes a page instead of XML for a failure", "response.transport")
class PageIsFailed(Healthy):
    def xml(self, data):
        if b"<html" not in data:
            return super().xml(data)
        root = ET.Element("alipay")
        ET.SubElement(root, "is_success").text = "F"
        ET.SubElement(root, "error").text = "NO_XML"
        return root, "UTF-8"


@fault("reads a body that broke off by regular expressions, unverified", "response.transport")
class ReadsByRegex(Healthy):
    def read_reply(self, data, asked):
        try:
            return super().read_reply(data, asked)
        except Lost:
            if re.search(rb"<is_success>T</is_success>", data) and not data.rstrip().endswith(b"</alipay>"):
                return Reply("success")
            raise


@harmless("waits for its gateway as long as it takes, and believes what came whole")
class WaitsForever(Healthy):
    meets_all_of = ("response.",)

    def transmit(self, url, method, query, body):
        self.timeout = 200.0
        return super().transmit(url, method, query, body)


@fault("takes any answer of status 503 for a refusal by the gateway", "response.transport")
class Status503IsFailed(Healthy):
    def with_status(self, status, data):
        self.status = status
        return super().with_status(status, data)

    def when_lost(self):
        return Reply("failed" if getattr(self, "status", 200) == 503 else "unknown")


@fault("takes an answer whose response is empty for a refusal", "response.transport")
class EmptyIsFailed(Healthy):
    def read_reply(self, data, asked):
        return Reply("failed") if b"<response></response>" in data else super().read_reply(data, asked)
