"""Libraries: the reference merchant's parts without its books."""

from alipay_qr_conformance import Refused
from alipay_qr_conformance.reading.names import KNOWN
from harmless.base import Healthy, Reply, harmless

SENDS = ["hello", "configure", "reset", "presign", "sign", "verify", "create_qr_code", "cancel", "refund"]


class Library(Healthy):
    """Signs, verifies and sends; the application keeps books."""

    operations = SENDS

    def hello(self, protocol):
        return {**super().hello(protocol), "kind": "library"}

    def trade_of(self, number):
        self.trades.clear()
        return super().trade_of(number)


@harmless()
class Stateless(Library):
    """Sends what it is told without remembering it (adapter protocol: sums are the application's)."""


@harmless()
class SignsWhatIsDefined(Healthy):
    """Declines to sign a parameter that no page defines (ac/web/signing: only defined ones may be sent)."""

    def sign(self, params, charset, sign_type):
        if any(name not in KNOWN for name, _ in params):
            raise Refused("no such parameter")
        return super().sign(params, charset, sign_type)


@harmless(refund_sum="gateway", cancel_window="gateway", same_refund_id="send", unknown_refund="binds")
class StatelessDeclared(Library):
    """Sends what it is told without remembering it, and declares that the gateway decides (Refund Flow 3)."""


@harmless()
class RequestBuilder(Library):
    """Sends its requests and reads no answer, and says so (adapter protocol: outcome sent)."""

    def ask(self, url, service, fields):
        super().ask(url, service, fields)
        return Reply("sent")

    def book_refund(self, trade, refund, reply, repeated):
        """It has no books."""


class HandsOver(Healthy):
    """Builds what the customer's browser is to open, and sends nothing itself."""

    def ask(self, url, service, fields):
        self.page = url or self.settings["gateway_url"]
        self.query = self.form(self.signed_request(service, fields))
        return Reply("handed")

    def told(self, reply, **more):
        return {**super().told(reply, **more), "url": f"{self.page}?{self.query}"}

    def book_refund(self, trade, refund, reply, repeated):
        refund.status = "unknown"


@harmless()
class Redirects(HandsOver, Library):
    """Builds addresses for the customer's browser (adapter protocol: outcome handed)."""


@harmless()
class PrintsForms(Redirects):
    """Builds forms that the customer's browser posts (adapter protocol: outcome handed, with a form)."""

    def told(self, reply, **more):
        charset = f"_input_charset={self.settings['charset']}"
        return {**super().told(reply, **more), "url": f"{self.page}?{charset}", "form": self.query}


@harmless()
class ShopThatRedirects(HandsOver):
    """A shop with books that leaves all sending to the browser (adapter protocol: outcome handed)."""

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        told = super().cancel(out_trade_no, trade_no, gateway_url, now)
        self.trade_of(out_trade_no).undecided = True
        return told


@harmless()
class AnswerReader(Library):
    """Reads the signed part of an answer alone, and doubts whatever is unsigned (adapter protocol)."""

    def gateway_error(self, code):
        return Reply("unknown", code)


@harmless()
class VerifiesNotifications(Library):
    """Verifies notifications and leaves seller and amount to the application (adapter protocol)."""

    operations = ("hello", "configure", "reset", "sign", "verify", "notify")

    def is_ours(self, news):
        return True

    def hides_a_parameter(self, news):
        return False

    def is_complete(self, news):
        return "notify_id" in news

    def paid_amount(self, news):
        return None, None

    def book(self, trade, news, total, currency):
        """It has no books."""


@harmless()
class SignsAndReads(Library):
    """Signs requests and verifies answers, and sends nothing itself (adapter protocol, level 1)."""

    operations = ("hello", "configure", "reset", "presign", "sign", "verify")
