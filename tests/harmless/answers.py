"""What the reference merchant tells the kit, in other forms that the adapter protocol allows."""

import base64
from xml.etree.ElementTree import tostring
from xml.sax.handler import ContentHandler

from defusedxml.sax import parseString

from alipay_qr_conformance import Refused
from harmless.base import Healthy, harmless


@harmless()
class NothingIsNull(Healthy):
    """Answers [] and null where nothing is to be said (adapter protocol: both count as {})."""

    def configure(self, **settings):
        super().configure(**settings)
        return []

    def reset(self):
        super().reset()


@harmless()
class NullFields(Healthy):
    """Answers null for what it does not know (adapter protocol: leaves are strings, booleans or null)."""

    def told(self, reply, **more):
        return {"outcome": reply.outcome, "code": reply.code, **more}

    def trade(self, out_trade_no):
        return {"paid": None, "currency": None, "refunded": None, **super().trade(out_trade_no)}


@harmless()
class TellsMore(Healthy):
    """Adds fields of its own to its answers (adapter protocol: unknown fields are ignored)."""

    def told(self, reply, **more):
        return {**super().told(reply, **more), "took": "12 ms", "raw": reply.fields}

    def yes(self):
        return {**super().yes(), "log": "booked"}


@harmless()
class ReplyInBase64(Healthy):
    """Gives its reply as base64, with a status (adapter protocol: text or base64)."""

    def yes(self):
        return {"reply": {"base64": base64.b64encode(b"success").decode()}, "status": "200"}


@harmless()
class OtherDecimals(Healthy):
    """Writes amounts without trailing zeros (adapter protocol: compared as decimals)."""

    def written(self, amount, currency):
        return f"{amount.normalize():f}"


@harmless()
class ManyDecimals(Healthy):
    """Writes amounts with four decimals, as a database does (adapter protocol: compared as decimals)."""

    def written(self, amount, currency):
        return f"{amount:.4f}"


@harmless()
class ForgedIsRefused(Healthy):
    """Refuses a forged notification (adapter protocol: not valid and refused both mean not accepted)."""

    def no(self, why):
        raise Refused(why)


@harmless()
class PaidTradesOnly(Healthy):
    """Has no record of trades that nobody paid (adapter protocol: none is no record)."""

    def state(self, trade):
        found = super().state(trade)
        return "none" if found in ("waiting", "closed") and trade.total is None else found


@harmless()
class CancelIsFinal(Healthy):
    """Shows a cancelled trade without its sums (adapter protocol: they are not compared after cancelled)."""

    def trade(self, out_trade_no):
        found = super().trade(out_trade_no)
        return {"state": "cancelled"} if found["state"] == "cancelled" else found


class Events(ContentHandler):
    """The text of each element by its path."""

    def __init__(self):
        super().__init__()
        self.path, self.found, self.text = [], [], ""

    def startElement(self, name, attrs):  # noqa: N802 (the parser's name)
        self.path, self.text = [*self.path, name], ""

    def characters(self, content):
        self.text += content

    def endElement(self, name):  # noqa: N802 (the parser's name)
        self.found.append((tuple(self.path), self.text))
        self.path, self.text = self.path[:-1], ""


@harmless()
class ReadsBySax(Healthy):
    """Reads the values of an answer from the events of a parser (response page: XML, no parser is named)."""

    def texts(self, element):
        events = Events()
        parseString(tostring(element, "utf-8"), events)
        return {path[1]: text.strip(" \t\r\n") for path, text in events.found if len(path) == 2}


@harmless()
class TakesQrcodeinfo(Healthy):
    """Takes a code from qrcodeinfo alone, which has no result_code (as one public client reads it)."""

    def is_success(self, fields):
        return "qrcode" in fields or super().is_success(fields)

    def result_of(self, root):
        found = super().result_of(root)
        return (
            None
            if found is not None and found.find("qrcode") is not None and found.tag != "qrcodeinfo"
            else found
        )


@harmless()
class TakesResultCode(Healthy):
    """Takes a code only beside result_code=SUCCESS (the sibling service's genuine answers bear it)."""

    def result_of(self, root):
        found = super().result_of(root)
        bare = found is not None and found.find("qrcode") is not None and found.find("result_code") is None
        return None if bare else found
