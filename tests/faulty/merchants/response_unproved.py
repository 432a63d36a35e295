"""Merchants that break `response.unproved`: they believe answers that nothing proves."""

from decimal import Decimal

from faulty.merchants.common import UNPROVED
from faulty.reference import CANCEL, CREATE, Healthy, REFUND, Reply, fault, harmless


@fault("does not verify responses", *UNPROVED)
class ResponsesUnverified(Healthy):
    def is_proved(self, message, charset):
        return True


@fault("takes a response that is not proved for a failure", "response.unproved", "money.cancel.unknown")
class UnprovedIsFailed(Healthy):
    def when_unproved(self):
        return Reply("failed")


@fault("verifies the first of two equal elements, and believes the last", "response.unproved")
class LastElementBelieved(Healthy):
    def texts(self, element):
        self.verified = {child.tag: (child.text or "").strip() for child in reversed(element)}
        return super().texts(element)

    def is_proved(self, message, charset):
        signature = [pair for pair in message if pair[0] in ("sign", "sign_type")]
        return super().is_proved([*self.verified.items(), *signature], charset)


# Level 3, MUST: only what is signed is believed.
@fault(
    "verifies the signed fields, and reads the result wherever it stands first in the document",
    "response.unproved",
    found_by="blind 1",
)
class ReadsAnywhere(Healthy):
    def read_reply(self, data, asked):
        reply = super().read_reply(data, asked)
        if not reply.fields:
            return reply
        root, _ = self.xml(data)
        first = {}
        for element in root.iter():
            if not len(element):
                first.setdefault(element.tag, (element.text or "").strip())
        return self.result({name: first.get(name, value) for name, value in reply.fields.items()}, asked)


class TrustsAnswers(Healthy):
    """Believes an answer unverified where `trusts` says so, given its signed part and what was asked."""

    def ask(self, url, service, fields):
        self.called, self.asked = service, fields
        return super().ask(url, service, fields)

    def is_proved(self, message, charset):
        return self.trusts(dict(message)) or super().is_proved(message, charset)


@fault("believes an answer to CREATE that carries no sign: a picture is no money", "response.unproved")
class CreateWithoutSign(TrustsAnswers):
    def trusts(self, given):
        return self.called == CREATE and not given.get("sign")


@fault("does not verify answers about yen", "response.unproved")
class YenAnswersUnverified(TrustsAnswers):
    def trusts(self, given):
        return self.asked.get("currency") == "JPY"


@fault("does not verify the answer to a refund of a thousand and more: its number type is too small", "response.unproved")
class LargeAnswersUnverified(TrustsAnswers):
    def trusts(self, given):
        return self.called == REFUND and Decimal(self.asked["refund_amount"]) >= 1000


@fault("verifies the answer to the first refund of a trade, and to no other", "response.unproved")
class SecondRefundUnverified(TrustsAnswers):
    def trusts(self, given):
        return self.called == REFUND and len(self.trade_of(self.asked["partner_trans_id"]).refunds) > 1


@fault("does not verify an answer that names an exchange rate", "response.unproved")
class RatesUnverified(TrustsAnswers):
    def trusts(self, given):
        return "exchange_rate" in given


@fault("stops verifying answers after the tenth that was right", "response.unproved")
class TrustsAfterTenAnswers(TrustsAnswers):
    proved = 0

    def is_proved(self, message, charset):
        found = super().is_proved(message, charset)
        self.proved += found
        return found

    def trusts(self, given):
        return self.proved > 10


@fault("does not verify answers about trades that it never saw paid", "response.unproved")
class StrangersAnswersUnverified(TrustsAnswers):
    def trusts(self, given):
        number = self.asked.get("partner_trans_id") or self.asked.get("out_trade_no")
        return number is not None and self.trade_of(number).total is None


@fault("does not verify an answer with more than a dozen fields, for want of room", "response.unproved")
class WideAnswersUnverified(TrustsAnswers):
    def trusts(self, given):
        return len(given) > 12


@fault("does not verify an answer to a request with a reason, which it takes for a letter", "response.unproved")
class ReasonedAnswersUnverified(TrustsAnswers):
    def trusts(self, given):
        return bool(self.asked.get("refund_reason"))


@fault("does not verify a CANCEL's answer that says retry_flag=N, since nothing is left to do", "response.unproved", "money.cancel.unknown")
class NoRetryUnverified(TrustsAnswers):
    def trusts(self, given):
        return given.get("retry_flag") == "N"


@fault("does not verify the answer to a CANCEL that names trade_no", "response.unproved")
class CancelByTradeNoUnverified(TrustsAnswers):
    def trusts(self, given):
        return self.called == CANCEL and bool(self.asked.get("trade_no"))


@fault("takes the sign of its own request, sent back, for Alipay's", "response.unproved")
class EchoIsProof(TrustsAnswers):
    def signature(self, sign):
        self.own = sign
        return super().signature(sign)

    def trusts(self, given):
        return given.get("sign") == self.own


@fault("books a refund whose forged answer says FAILED as failed, where it is asynchronous", "response.unproved")
class AsynchronousFailureUnverified(TrustsAnswers):
    def trusts(self, given):
        return self.called == REFUND and self.asked.get("is_sync") != "Y" and self.is_failure(given)


@fault("verifies answers in UTF-8 alone: it has no codec for those that declare another charset", "response.unproved")
class OtherCharsetsUnverified(Healthy):
    def is_proved(self, message, charset):
        return charset.upper() != "UTF-8" or super().is_proved(message, charset)


@fault("does not verify the answer to a CANCEL that gave no money back", "response.unproved")
class NothingBackUnverified(Healthy):
    def is_proved(self, message, charset):
        return ("action", "close") in message or super().is_proved(message, charset)


@fault("takes the code from the first qrcode of the document, signed or not", "response.unproved", found_by="blind")
class CodeFromAnywhere(Healthy):
    def xml(self, data):
        self.root, charset = super().xml(data)
        return self.root, charset

    def code_of(self, reply):
        if reply.outcome != "success":
            return super().code_of(reply)
        return {name: self.root.findtext(f".//{name}") for name in ("qrcode", "qrcode_img_url")}


@harmless("looks for the code anywhere in the part that is signed", found_by="blind")
class CodeFromTheSignedPart(CodeFromAnywhere):
    def xml(self, data):
        root, charset = super().xml(data)
        self.root = root if self.result_of(root) is None else self.result_of(root)
        return root, charset
