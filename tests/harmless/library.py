"""Libraries: the reference merchant's parts without its books."""

from harmless.base import Healthy, Lost, Reply, harmless

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


@harmless(refund_sum="gateway", cancel_window="gateway", same_refund_id="send", unknown_refund="binds")
class StatelessDeclared(Library):
    """Sends what it is told without remembering it, and declares that the gateway decides (Refund Flow 3)."""


@harmless()
class RequestBuilder(Library):
    """Sends its requests and reads no answer: each outcome is unknown (adapter protocol)."""

    def read_reply(self, data, asked):
        raise Lost("nobody reads it")


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
