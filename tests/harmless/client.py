"""What the reference merchant asks beside the request under test."""

import socket
from contextlib import suppress
from urllib.parse import urlsplit

from alipay_qr_conformance import Refused
from harmless.base import QUERY, Healthy, Lost, harmless


class Queries(Healthy):
    """Queries a trade before it moves its money."""

    def ask_about(self, url, service, fields):
        number = fields.get("out_trade_no") or fields.get("partner_trans_id")
        if number and service.endswith(self.before):
            self.ask(url, QUERY, {"partner_trans_id": number})

    def exchange(self, url, service, fields):
        if service != QUERY:
            self.ask_about(url, service, fields)
        return super().exchange(url, service, fields)


@harmless()
class QueriesFirst(Queries):
    """Queries a trade before each REFUND and CANCEL (adapter protocol: such a query is legal)."""

    before = ("refund", "cancel")


@harmless()
class QueriesAfterwards(Healthy):
    """Queries a trade after each REFUND, only to log it (adapter protocol: such a query is legal)."""

    def ask_refund(self, url, args, refund):
        reply = super().ask_refund(url, args, refund)
        self.ask(url, QUERY, {"partner_trans_id": args["partner_trans_id"]})
        return reply


@harmless()
class QueriesUnknownRefund(Healthy):
    """Queries a trade whose REFUND ended unknown, and stays unknown (error handling page: ask again)."""

    def ask_refund(self, url, args, refund):
        reply = super().ask_refund(url, args, refund)
        if reply.outcome == "unknown":
            self.ask(url, QUERY, {"partner_trans_id": args["partner_trans_id"]})
        return reply


@harmless()
class RepeatsLostRefund(Healthy):
    """Repeats a REFUND without an end once, with the same ids (error handling page: the same parameters)."""

    def ask_refund(self, url, args, refund):
        reply = super().ask_refund(url, args, refund)
        return super().ask_refund(url, args, refund) if reply.outcome == "unknown" else reply


@harmless()
class RepeatsLostCancel(Healthy):
    """Repeats a CANCEL without an end once (error handling page: the same parameters)."""

    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        again = reply.outcome == "unknown" and service.endswith("cancel")
        return super().ask(url, service, fields) if again else reply


@harmless()
class RepeatsWithNewTimestamp(Healthy):
    """Repeats an unknown CANCEL under a timestamp of its own (CANCEL page: the time of the request)."""

    def exchange(self, url, service, fields):
        if "timestamp" in fields:
            fields = {**fields, "timestamp": self.timestamp()}
        return super().exchange(url, service, fields)

    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        return super().ask(url, service, fields) if reply.outcome == "unknown" else reply


@harmless()
class WaitsThreeSeconds(Healthy):
    """Waits three seconds for an answer whatever it is told (adapter protocol: the final belief counts)."""

    def configure(self, **settings):
        super().configure(**settings)
        self.timeout = 3.0
        return {}


@harmless()
class WaitsTwice(Healthy):
    """Waits twice the time that it is told (adapter protocol: the final belief counts)."""

    def configure(self, **settings):
        super().configure(**settings)
        self.timeout *= 2
        return {}


@harmless()
class WaitsLess(Healthy):
    """Waits four fifths of the time that it is told (no page sets a lower limit)."""

    def configure(self, **settings):
        super().configure(**settings)
        self.timeout *= 0.8
        return {}


@harmless()
class AsksBeforeItBelieves(Healthy):
    """Asks notify_verify before it looks at the signature (notification page: this order)."""

    def believes(self, pairs, charset):
        notify_id = dict(pairs).get("notify_id") or ""
        query = f"service=notify_verify&partner={self.partner()}&notify_id={notify_id}"
        try:
            known = self.transmit(None, "GET", query, "") == b"true"
        except Exception:  # noqa: BLE001 (whatever goes wrong: not verified)
            known = False
        return known and super().believes(pairs, charset)


@harmless()
class TriesTheGatewayFirst(Healthy):
    """Queries an unknown trade when it is configured, to see whether the gateway answers (gateway page)."""

    def configure(self, **settings):
        super().configure(**settings)
        self.tried = False
        return {}

    def exchange(self, url, service, fields):
        if not self.tried:
            self.tried = True
            self.ask(None, QUERY, {"partner_trans_id": "T0"})
        return super().exchange(url, service, fields)


@harmless()
class AsksTheTime(Healthy):
    """Asks query_timestamp before each request, and goes on whatever comes (an older page of the gateway)."""

    def exchange(self, url, service, fields):
        if service != "query_timestamp":
            self.ask(url, "query_timestamp", {})
        return super().exchange(url, service, fields)


@harmless()
class KnocksFirst(Healthy):
    """Opens and closes a connection before each request (RFC 9112 9: none need follow)."""

    def transmit(self, url, method, query, body):
        parts = urlsplit(url or self.settings["gateway_url"])
        with suppress(OSError):
            socket.create_connection((parts.hostname, parts.port), 1).close()
        return super().transmit(url, method, query, body)


@harmless()
class LooksFirst(Healthy):
    """Sends a HEAD before each request, to see whether the gateway is there (RFC 9110 9.3.2: safe)."""

    def transmit(self, url, method, query, body):
        with suppress(Lost):
            super().transmit(url, "HEAD", "", "")
        return super().transmit(url, method, query, body)


@harmless()
class AsksAboutNews(Healthy):
    """Asks notify_verify by a signed POST, of the first news of a payment alone (it is optional)."""

    def book(self, trade, news, total, currency):
        if trade.paid_at is None and self.means_paid(news["trade_status"]):
            request = self.signed_request("notify_verify", {"notify_id": news["notify_id"]})
            if self.transmit(None, *self.http_parts(request)) != b"true":
                raise Refused("nobody at Alipay knows of it")
        super().book(trade, news, total, currency)
