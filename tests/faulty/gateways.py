"""Faulty gateways, each with one fault: what `alipay-qr check --gateway` must find, and find alone.

Each is our own gateway with one thing spoilt, behind real HTTP, with a payment call without a token.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.beijing import parse_timestamp
from alipay_qr_conformance.gateway import Answer, Engine, Fault, MemoryStore, Notifier, Post, Reply, Server, faults
from alipay_qr.ledger import State
from alipay_qr.signing import Md5
from alipay_qr.wire import encode_error, read_request

SCALE = 2000.0
CREATE, CANCEL, REFUND = (
    "alipay.commerce.qrcode.create",
    "alipay.acquire.cancel",
    "alipay.acquire.overseas.spot.refund",
)
GATEWAYS = {}


def fault(text, *breaks):
    """Register a faulty gateway: its one fault, and the requirements that it breaks."""

    def register(kind):
        kind.fault, kind.breaks = text, {f"gateway.{each}" for each in breaks}
        GATEWAYS[kind.__name__] = kind
        return kind

    return register


class Healthy:
    fault, breaks = "none", set()
    schedule = (120.0, 600.0)

    def __init__(self):
        self.store = self.memory()
        self.engine = Engine(partner=TEST_PARTNER, md5_key=TEST_MD5_KEY, store=self.store, announce=True)
        self.notifier = Notifier(self.engine.outbox, schedule=self.schedule, time_scale=SCALE, post=self.post())
        self.server = Server(commit=self.engine.commit)
        self.signer = Md5(TEST_MD5_KEY)

    def memory(self):
        return MemoryStore()

    def post(self):
        return Post()

    def __enter__(self):
        self.server.start()
        self.url = self.server.mount("/gateway.do", self.answer)
        self.pay_url = self.server.mount("/pay", self.pay)
        self.notifier.start()
        return self

    def __exit__(self, *_):
        self.notifier.stop()
        self.server.stop()

    def pay(self, request):
        order = json.loads(request.body)
        number = self.engine.pay(order["qrcode"], order["total_fee"], order["currency"], datetime.now(UTC))
        return Answer(json.dumps({"out_trade_no": number}).encode(), content_type="application/json")

    def answer(self, request):
        params = dict(read_request(request).params)
        self.before(params)
        answer = self.engine.handle(request, self.now(params))
        return self.after(params, answer)

    def now(self, params):
        return datetime.now(UTC)

    def before(self, params):
        pass

    def after(self, params, answer):
        return answer

    def trade(self, params):
        payment = self.store.payment(params.get("partner_trans_id") or params.get("out_trade_no", ""))
        return payment and payment.trade

    def put(self, trade):
        self.store.put_payment(replace(self.store.payment(trade.out_trade_no), trade=trade))


@fault("signs its answers over the escaped text", "create.signed", "charset")
class SignsEscapedText(Healthy):
    def before(self, params):
        def escaped(reply, signer):
            shown = replace(reply, fields=tuple((n, v.replace("&", "&amp;")) for n, v in reply.fields))
            return replace(reply, sign=shown.signed(signer).sign)

        self.engine.inject(Fault(seal=escaped))


@fault("does not look at signatures", "sign.refused", "error.code", "error.unsigned")
class VerifiesNothing(Healthy):
    def __init__(self):
        super().__init__()

        class Content:
            sign_type = "MD5"

            def verify(self, message, sign):
                return True

        self.engine._judge = self.engine._judge._replace(verifiers={"MD5": Content()})

    def before(self, params):
        pass


@fault("makes a new code each time", "create.same-code")
class NewCodeEachTime(Healthy):
    def memory(self):
        class Forgetful(MemoryStore):
            def code_of(self, shop):
                return None

        return Forgetful()


@fault("gives a shop one code, with or without channel fee", "create.same-code")
class OneCodePerShop(Healthy):
    def memory(self):
        class Blind(MemoryStore):
            def code_of(self, shop):
                return super().code_of(shop._replace(with_channel_fee=False)) or super().code_of(shop)

        return Blind()


@fault("refunds more than was paid", "refund.sum", "money.history")
class RefundsTooMuch(Healthy):
    def before(self, params):
        trade = self.trade(params)
        if params.get("service") == REFUND and trade:
            self.total = trade.total
            self.put(replace(trade, total=trade.total * 100))

    def after(self, params, answer):
        trade = self.trade(params)
        if params.get("service") == REFUND and trade:
            self.put(replace(trade, total=self.total))
        return answer


@fault("takes a repeated refund for another one", "refund.once", "money.history")
class RefundsTwice(Healthy):
    def before(self, params):
        trade = self.trade(params)
        if params.get("service") == REFUND and trade:
            old = tuple(replace(each, partner_refund_id=each.partner_refund_id + "'") for each in trade.refunds)
            self.put(replace(trade, refunds=old))


@fault("takes a refund with known number and other amount for a repeat", "refund.once", "money.history")
class IgnoresChangedRefund(Healthy):
    def __init__(self):
        super().__init__()
        self.done = {}

    def after(self, params, answer):
        if params.get("service") != REFUND or b"<is_success>F" in answer.body:
            return answer
        if b"<result_code>SUCCESS" in answer.body:
            self.done[params["partner_refund_id"]] = answer
        return self.done.get(params.get("partner_refund_id"), answer)


@fault("forgets the first refund when a third comes", "money.history")
class ForgetsFirstRefund(Healthy):
    def before(self, params):
        trade = self.trade(params)
        if params.get("service") == REFUND and trade and len(trade.refunds) == 2:
            if trade.state is State.PARTLY_REFUNDED:
                self.put(replace(trade, refunds=trade.refunds[1:]))


@fault("cancels a trade that has a refund", "cancel.refunded", "money.history")
class CancelsAfterRefund(Healthy):
    def before(self, params):
        trade = self.trade(params)
        if params.get("service") == CANCEL and trade and trade.refunds:
            self.put(replace(trade, refunds=(), state=State.PAID))


@fault("refunds a cancelled trade", "cancel.closed", "money.history")
class RefundsAfterCancel(Healthy):
    def before(self, params):
        trade = self.trade(params)
        if params.get("service") == REFUND and trade and trade.state is State.CANCELLED:
            self.put(replace(trade, state=State.PAID))


@fault("names the action of a cancel again when it is repeated", "cancel.nothing")
class CancelsTwice(Healthy):
    def before(self, params):
        trade = self.trade(params)
        if params.get("service") == CANCEL and trade and trade.state is State.CANCELLED:
            self.put(replace(trade, state=State.PAID))


@fault("fails a cancel of a trade that was never made", "cancel.nothing")
class CancelNeedsTrade(Healthy):
    def before(self, params):
        if params.get("service") == CANCEL and not self.trade(params):
            self.engine.inject(faults.business_error("TRADE_NOT_EXIST", "CANCEL"))


@fault("answers a business failure as a gateway error", "business.failure")
class OneLevelOfSuccess(Healthy):
    def after(self, params, answer):
        code = re.search(rb"<response>.*<(?:detail_error_code|error)>([^<]+)", answer.body)
        return replace(answer, body=encode_error(code[1].decode())) if code else answer


@fault("does not sign business failures", "business.failure", "values.verbatim")
class UnsignedFailures(Healthy):
    def after(self, params, answer):
        if b"<result_code>FAIL" not in answer.body:
            return answer
        return replace(answer, body=re.sub(rb"<sign>.*</sign_type>", b"", answer.body))


@fault("names every error SYSTEM_ERROR", "error.code")
class OneErrorForAll(Healthy):
    def after(self, params, answer):
        return replace(answer, body=re.sub(rb"(F</is_success><error>)[^<]+", rb"\1SYSTEM_ERROR", answer.body))


@fault("takes requests of any age", "timestamp")
class NeverExpires(Healthy):
    def now(self, params):
        try:
            return parse_timestamp(params["timestamp"])
        except Exception:
            return datetime.now(UTC)


@fault("serves every partner with one key", "partner")
class AnyPartner(Healthy):
    def before(self, params):
        if params.get("partner"):
            self.engine._judge = self.engine._judge._replace(partner=params["partner"])


@fault("cannot read GBK", "charset")
class Utf8Only(Healthy):
    def after(self, params, answer):
        return Answer(encode_error("ILLEGAL_CHARSET")) if params.get("_input_charset") == "GBK" else answer


@fault("cancels nothing in particular when out_trade_no is missing", "required")
class CancelWithoutNumber(Healthy):
    def after(self, params, answer):
        if params.get("service") == CANCEL and "out_trade_no" not in params and params.get("timestamp"):
            return Reply((("result_code", "SUCCESS"),)).signed(self.signer).answer()
        return answer


@fault("rounds amounts with too many decimals", "illegal")
class RoundsAmounts(Healthy):
    def after(self, params, answer):
        if re.fullmatch(r"\d+\.\d{3}", params.get("refund_amount", "")):
            return Reply((("result_code", "SUCCESS"),)).signed(self.signer).answer()
        return answer


@fault("echoes numbers in ASCII only", "values.verbatim")
class AsciiOnly(Healthy):
    def before(self, params):
        def plain(reply):
            return replace(reply, fields=tuple((n, v.encode("ascii", "replace").decode()) for n, v in reply.fields))

        if not params.get("partner_trans_id", "").isascii():
            self.engine.inject(Fault(reply=plain))


@fault("sends a notification once and never again", "notify.repeat")
class NeverRepeats(Healthy):
    schedule = ()


@fault("repeats until it reads success in small letters", "notify.stop")
class SmallLettersOnly(Healthy):
    def post(self):
        class Deaf(Post):
            async def send(self, *args, **more):
                attempt = await super().send(*args, **more)
                return replace(attempt, error="what?") if attempt.reply == b"SUCCESS" else attempt

        return Deaf()


@fault("signs notifications before it adds the amount", "notify.payment")
class SignsTooEarly(Healthy):
    def __init__(self):
        super().__init__()
        put = self.engine.outbox.put

        def spoilt(number, event, url, body, content_type, **more):
            if event == "paid":
                body = re.sub(rb"discount=0.00", b"discount=0.0", body)
            return put(number, event, url, body, content_type, **more)

        self.engine.outbox.put = spoilt


@fault("reports synchronous refunds too", "refund.sync")
class ReportsEveryRefund(Healthy):
    def after(self, params, answer):
        if params.get("is_sync") == "Y" and b"<result_code>SUCCESS" in answer.body:
            number, refund = params["partner_trans_id"], params["partner_refund_id"]
            self.engine.notifications.announce(number, datetime.now(UTC), partner_refund_id=refund)
        return answer


@fault("never reports a refund", "notify.refund")
class SilentRefunds(Healthy):
    def __init__(self):
        super().__init__()
        put = self.engine.outbox.put

        def quiet(number, event, *args, **more):
            return None if event.startswith("refund") else put(number, event, *args, **more)

        self.engine.outbox.put = quiet
