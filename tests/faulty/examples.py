"""Faults that once passed for conforming, kind by kind, and what finds them today: `make examples`.

Nothing here is a faulty merchant of the zoo: those are of the same kinds, and unlike these. Each meets the whole check at
the depth quick until a breach of what it is wanted for, and the depth default where quick has none; the table that is
printed names the case, and what the finding says.
"""

import html
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alipay_qr_conformance.engine.events import CaseFinished
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.subjects import PythonTransport, Subject
from alipay_qr_conformance.testbed import properties
from faulty.reference import Healthy, Reply, Unsupported

FORGERY = ("verify.reject", "notify.reject")
ROWS = []
"""Kind, words, the heads of the requirements of which one is to be found broken, merchant."""


def seen(kind, words, *wanted):
    def register(merchant):
        ROWS.append((kind, words, wanted, merchant))
        return merchant

    return register


class Unguarded(Healthy):
    """Believes a notification unverified where `trusts` says so."""

    def believes(self, pairs, charset):
        news = dict(pairs)
        return self.trusts(news, self.trades.get(news.get("out_trade_no")), pairs, charset) or super().believes(pairs, charset)


def trusts(words, rule):
    seen("A", words, "notify.reject")(type("Trusts", (Unguarded,), {"trusts": lambda self, *told: bool(rule(*told))}))


trusts("believes forged news of an order that it expects", lambda news, trade, *_: trade and trade.awaited)
trusts("believes forged news after a genuine WAIT_BUYER_PAY", lambda news, trade, *_: trade and trade.status == "waiting" and trade.seen)
trusts("believes forged news of a refunded trade", lambda news, trade, *_: trade and trade.total and trade.sum_of("done") == trade.total)
trusts("believes forged news of a cancelled trade", lambda news, trade, *_: trade and trade.status == "cancelled")
trusts("believes forged news of an undecided trade", lambda news, trade, *_: trade and trade.undecided)
trusts("does not verify large amounts", lambda news, *_: float(news.get("total_fee") or 0) >= 10000)
trusts("does not verify JPY and KRW", lambda news, *_: news.get("trans_currency") in ("JPY", "KRW"))
trusts("does not verify where an optional field is missing", lambda news, *_: "buyer_email" not in news)
trusts("does not verify messages of some thousand bytes", lambda news, trade, pairs, charset: sum(len(value) for _, value in pairs) > 2000)
trusts("does not verify GB2312", lambda news, trade, pairs, charset: charset.upper() == "GB2312")


@seen("A", "believes the third identical forgery", "notify.reject")
class Third(Unguarded):
    count = {}

    def trusts(self, news, trade, pairs, charset):
        self.count[str(pairs)] = self.count.get(str(pairs), 0) + 1
        return self.count[str(pairs)] >= 3 and not self.is_genuine(pairs, charset)


@seen("A", "verifies the first twenty parameters only", "verify", "notify")
class TwentyVerified(Healthy):
    def bytes_to_verify(self, params, charset):
        return super().bytes_to_verify(self.order(list(params))[:22], charset)


@seen("A", "verifies in verify, and believes every notification; verify is left out", "notify.reject")
class LeavesVerifyOut(Unguarded):
    operations = [each for each in Healthy.operations if each != "verify"]

    def trusts(self, *_):
        return True


def compares(words, rule):
    seen("A", words, *FORGERY)(type("Compares", (Healthy,), {"same_text": lambda self, right, given: rule(right, given)}))


compares("compares the first and the last 8 digits", lambda right, given: (right[:8], right[-8:]) == (given[:8], given[-8:]))
compares("skips one digit", lambda right, given: right[:17] + right[18:] == given[:17] + given[18:])
compares("compares sorted digits", lambda right, given: sorted(right) == sorted(given))


class SecondKey(Healthy):
    keys = ()

    def md5_holds(self, data, sign):
        import hashlib

        return super().md5_holds(data, sign) or any(hashlib.md5(data + each.encode()).hexdigest() == sign for each in self.others())

    def others(self):
        return self.keys


@seen("A", "the empty key counts as well", *FORGERY)
class EmptyKey(SecondKey):
    keys = ("",)


@seen("A", "the key's name counts as well", *FORGERY)
class KeyName(SecondKey):
    keys = ("md5_key",)


@seen("A", "the published test key counts as well", *FORGERY)
class PublishedKey(SecondKey):
    seed = 7
    keys = ("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6",)


@seen("A", "the key of an earlier configure counts as well", *FORGERY)
class EarlierKey(SecondKey):
    earlier = ()

    def configure(self, **settings):
        self.earlier = (*self.earlier, *([self.settings["md5_key"]] if self.settings else []))
        return super().configure(**settings)

    def others(self):
        return [each for each in self.earlier if each != self.settings["md5_key"]]


@seen("A", "no sign equals no sign type that it knows", *FORGERY)
class NullIsNull(Healthy):
    def is_genuine(self, params, charset):
        given = dict(params)
        unknown = given.get("sign_type") not in self.sign_types
        return (unknown and not given.get("sign")) or super().is_genuine(params, charset)


@seen("A", "no sum check from 1,100 upward", "money.refund.sum", "money.any-history")
class NoLargeSums(Healthy):
    def fits(self, trade, amount):
        return trade.total >= 1100 or super().fits(trade, amount)


@seen("A", "sums with a tolerance of a millionth of the total", "money.refund.sum", "money.any-history")
class Tolerance(Healthy):
    def fits(self, trade, amount):
        return float(self.taken(trade) + amount) <= float(trade.total) * (1 + 1e-6)


@seen("A", "the window is an hour late from April to October", "money.cancel")
class SummerWindow(Healthy):
    def same_day(self, paid_at, now):
        late = timedelta(hours=1 if 4 <= self.beijing_time(now).month <= 10 else 0)
        return self.beijing_time(paid_at - late).date() == self.beijing_time(now - late).date()


@seen("A", "leaves the currency out for EUR", "request.refund.currency")
class NoEuro(Healthy):
    def refund_fields(self, args):
        found = super().refund_fields(args)
        return {**found, "currency": None} if found["currency"] == "EUR" else found


@seen("A", "cuts store_name at 20 characters before signing", "request.")
class StoreNameCut(Healthy):
    def biz_data(self, given):
        return {**given, "store_name": given["store_name"][:20]} if "store_name" in given else given


@seen("A", "removes characters beyond the BMP from a name", "request.")
class NoAstral(Healthy):
    def biz_data(self, given):
        return {name: "".join(each for each in value if ord(each) < 65536) if name == "store_name" else value for name, value in given.items()}


@seen("B", "a FAIL with a wrong sign is booked as failed", "response.unproved", "money.")
class ForgedFail(Healthy):
    def when_unproved(self):
        return Reply("failed")

    def read_reply(self, data, asked):
        if b"<result_code>SUCCESS<" in data:
            try:
                return super().read_reply(data, asked)
            except Exception:
                return Reply("unknown")
        return super().read_reply(data, asked)


@seen("B", "answers to asynchronous refunds are not verified", "response.unproved")
class AsyncUnverified(Healthy):
    sync = True

    def refund(self, *given, **args):
        self.sync = args.get("is_sync") == "Y"
        try:
            return super().refund(*given, **args)
        finally:
            self.sync = True

    def is_proved(self, message, charset):
        return not self.sync or super().is_proved(message, charset)


@seen("B", "answers to repeats are not verified", "response.unproved")
class RepeatUnverified(Healthy):
    repeated = False

    def ask_refund(self, url, args, refund):
        self.repeated = (args["partner_trans_id"], refund.id) in self.codes
        self.codes[args["partner_trans_id"], refund.id] = True
        try:
            return super().ask_refund(url, args, refund)
        finally:
            self.repeated = False

    def is_proved(self, message, charset):
        return self.repeated or super().is_proved(message, charset)


@seen("B", "answers with action=close are not verified", "response.unproved")
class CloseUnverified(Healthy):
    def is_proved(self, message, charset):
        return ("action", "close") in message or super().is_proved(message, charset)


@seen("B", "answers in GBK are not verified", "response.unproved")
class GbkUnverified(Healthy):
    def is_proved(self, message, charset):
        return charset.upper() == "GBK" or super().is_proved(message, charset)


@seen("B", "an answer names its own sign type, and MD5 has Alipay's public key for its key", "response.unproved", "verify.reject")
class PublicKeyAsMd5(Healthy):
    def type_to_verify_with(self, claimed):
        return claimed if claimed in self.sign_types else None

    def with_key(self, data):
        if self.settings["sign_type"] == "MD5":
            return super().with_key(data)
        return data + self.settings["alipay_public_key"]["base64"].encode()


class Forgetful(Healthy):
    """Forgets which trades released their goods."""

    def releases_goods(self, trade, news, becomes):
        return super().releases_goods(trade, news, becomes) or (becomes == "paid" and self.forgot(trade))


@seen("C", "remembers the last 10 trades", "notify.once", "money.")
class LastTen(Forgetful):
    queue = ()

    def forgot(self, trade):
        return trade.number not in self.queue[-10:]

    def book(self, trade, news, total, currency):
        super().book(trade, news, total, currency)
        self.queue = (*(each for each in self.queue if each != trade.number), trade.number)


@seen("C", "remembers for 25 hours", "notify.once", "money.")
class DayAndHour(Forgetful):
    def forgot(self, trade):
        return trade.paid_at is not None and self.now - trade.paid_at > timedelta(hours=25)


@seen("C", "the recorded sum grows with a replay", "notify.", "money.")
class PaidGrows(Healthy):
    def book(self, trade, news, total, currency):
        if trade.total is not None and self.means_paid(news.get("trade_status")):
            trade.total += total
        super().book(trade, news, total, currency)


class Sums(Healthy):
    def fits(self, trade, amount):
        return self.unlooked(trade, amount) or super().fits(trade, amount)


@seen("D", "the sum is not checked when alipay_trans_id is given", "money.refund.sum", "money.any-history")
class ByTransId(Sums):
    given = None

    def refund(self, *args, **more):
        self.given = more.get("alipay_trans_id")
        return super().refund(*args, **more)

    def unlooked(self, trade, amount):
        return bool(self.given)


@seen("D", "one failed refund frees everything", "money.refund", "money.any-history")
class FailedFrees(Healthy):
    def taken(self, trade):
        return Decimal(0) if trade.sum_of("failed") else super().taken(trade)


@seen("D", "configure forgets refunds", "money.refund", "money.any-history")
class ConfigureForgets(Healthy):
    def configure(self, **settings):
        for trade in self.trades.values():
            trade.refunds = {}
        return super().configure(**settings)


@seen("D", "only the last three refunds are summed", "money.refund.sum", "money.any-history")
class LastThree(Healthy):
    def taken(self, trade):
        counted = [each for each in trade.refunds.values() if each.status != "failed"]
        return sum((each.amount for each in counted[-3:]), Decimal(0))


@seen("D", "refund ids are cut at 20 characters", "money.refund", "request.", "money.any-history")
class IdsCut(Healthy):
    def refund(self, partner_trans_id, partner_refund_id, *args, **more):
        return super().refund(partner_trans_id, partner_refund_id[:20], *args, **more)


@seen("D", "sums in single precision", "money.refund", "money.any-history")
class Float32(Healthy):
    def fits(self, trade, amount):
        import struct

        def single(value):
            return struct.unpack("f", struct.pack("f", float(value)))[0]

        return single(self.taken(trade) + amount) <= single(trade.total)


@seen("D", "the window is not looked at when trade_no is given", "money.cancel")
class ByTradeNo(Healthy):
    given = None

    def cancel(self, out_trade_no, trade_no=None, **more):
        self.given = trade_no
        return super().cancel(out_trade_no, trade_no=trade_no, **more)

    def may_cancel_now(self, trade):
        return bool(self.given) or super().may_cancel_now(trade)


@seen("D", "once allowed, a cancel is always allowed", "money.cancel", "money.any-history")
class OnceAllowed(Healthy):
    def may_cancel_now(self, trade):
        trade.allowed = getattr(trade, "allowed", False) or super().may_cancel_now(trade)
        return trade.allowed


@seen("D", "local time of Europe plus seven hours, summer and winter", "money.cancel")
class EuropePlusSeven(Healthy):
    def same_day(self, paid_at, now):
        from zoneinfo import ZoneInfo

        def day(moment):
            return (moment.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None) + timedelta(hours=7)).date()

        return day(paid_at) == day(now)


@seen("D", "February 29 is March 1", "money.cancel")
class NoLeapDay(Healthy):
    def same_day(self, paid_at, now):
        def day(moment):
            found = self.beijing_time(moment).date()
            return found + timedelta(days=1) if (found.month, found.day) == (2, 29) else found

        return day(paid_at) == day(now)


@seen("D", "cancels on a Sunday what was paid on Saturday", "money.cancel")
class Weekend(Healthy):
    def same_day(self, paid_at, now):
        days = [self.beijing_time(each).date() for each in (paid_at, now)]
        return super().same_day(paid_at, now) or (days[0].weekday() == 5 and days[1] - days[0] == timedelta(days=1))


def sends(words, rule):
    told = {"params_to_send": lambda self, params: [pair for name, value in params if (pair := (name, rule(value)))[1] is not None]}
    seen("E", words, "request.")(type("Sends", (Healthy,), told))


sends("values are cut at the apostrophe", lambda value: value.partition("'")[0])
sends("entities are unescaped after signing", html.unescape)
sends('drops "0" after signing', lambda value: None if value == "0" else value)
sends("cuts a value at the newline after signing", lambda value: value.partition("\n")[0])


@seen("F", "a notify_verify answer that ends in true", "notify.verify-query")
class EndsInTrue(Healthy):
    def believes(self, pairs, charset):
        import re

        query = f"service=notify_verify&partner={self.partner()}&notify_id={dict(pairs).get('notify_id', '')}"
        found = self.transmit(None, "GET", query, "")
        return super().believes(pairs, charset) and bool(re.search(rb"true$", found))


@seen("F", "values that begin with @ are dropped while verifying", "verify", "notify")
class AtDropped(Healthy):
    def bytes_to_verify(self, params, charset):
        return super().bytes_to_verify([pair for pair in params if not pair[1].startswith("@")], charset)


@seen("F", "a value of blanks is dropped while verifying", "verify", "notify")
class BlanksDropped(Healthy):
    def bytes_to_verify(self, params, charset):
        return super().bytes_to_verify([pair for pair in params if pair[1].strip(" ")], charset)


@seen("F", "a genuine TRADE_CLOSED is answered with an error, and no trade is offered", "notify.")
class ClosedRefused(Healthy):
    operations = [each for each in Healthy.operations if each != "trade"]

    def book(self, trade, news, total, currency):
        if news.get("trade_status") == "TRADE_CLOSED":
            raise ValueError("unexpected status")
        super().book(trade, news, total, currency)


@seen("F", "verify answers genuine messages, and says unsupported to forged ones", *FORGERY)
class SelectiveUnsupported(Healthy):
    def verify(self, params, charset):
        if not self.is_genuine(params, charset):
            raise Unsupported("not today")
        return {"valid": True}

    def believes(self, pairs, charset):
        return True


@seen("F", "sign says unsupported to a probe, and verify believes everything", *FORGERY)
class SignUnsupported(Healthy):
    def sign(self, params, charset, sign_type):
        raise Unsupported("no key here")

    def verify(self, params, charset):
        return {"valid": True}


def hides(words, fields):
    def change(self, params):
        return fields(params)

    kind = type("Hides", (Healthy,), {"params_to_sign": change, "params_to_send": change, "fits": lambda *_: True})
    seen("G", words + ", and any sum is refunded", "money.refund.sum", "money.any-history")(kind)


hides("a CANCEL and REFUND in another order", lambda params: list(reversed(params)))


@seen("G", "CANCEL has no timestamp, and may be sent on any day", "money.cancel.window")
class NoTimestamp(Healthy):
    def cancel_fields(self, out_trade_no, trade_no):
        return {"out_trade_no": out_trade_no, "trade_no": trade_no}

    def may_cancel_now(self, trade):
        return True


@seen("G", "CANCEL has an epoch timestamp, and may be sent on any day", "money.cancel.window")
class EpochTimestamp(Healthy):
    def cancel_fields(self, out_trade_no, trade_no):
        return {"timestamp": str(int(self.now.timestamp())), "out_trade_no": out_trade_no, "trade_no": trade_no}

    def may_cancel_now(self, trade):
        return True


@seen("G", "no sign_type is sent, and any sum is refunded", "money.refund.sum", "money.any-history")
class NoType(Healthy):
    def signature(self, sign):
        return [("sign", sign)]

    def fits(self, trade, amount):
        return True


@seen("G", "sign is null, and any sum is refunded", "money.refund.sum", "money.any-history")
class NullSign(Healthy):
    def make_sign(self, params, charset, sign_type):
        return None

    def signature(self, sign):
        return [("sign", "null"), ("sign_type", self.declared_sign_type())]

    def fits(self, trade, amount):
        return True


@seen("I", "0.01 is enough where 12.50 was awaited at a static code", "notify.validate.amount")
class CentAtTheCode(Healthy):
    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        return {} if out_trade_no is None else super().expect(total_fee, currency, out_trade_no)


@seen("I", "a bare signed result_code=UNKNOWN is a failure", "response.")
class BareUnknown(Healthy):
    def is_failure(self, fields):
        bare = fields.get("result_code") == "UNKNOWN" and not fields.get("detail_error_code")
        return bare or super().is_failure(fields)


@seen("I", "news of a refund that the shop did not send crash it", "money.", "notify.")
class PortalRefund(Healthy):
    def book_finished_refund(self, trade, news):
        trade.refunds[news.get("out_biz_no")].status = "done"


@seen("I", "refund news before payment news leave the trade waiting", "notify.", "money.")
class RefundFirst(Healthy):
    def book(self, trade, news, total, currency):
        if self.is_refund_news(news) and trade.status in ("none", "waiting"):
            trade.seen.add(news.get("notify_id"))
            trade.early = True
            return
        if getattr(trade, "early", False):
            return
        super().book(trade, news, total, currency)


@seen("I", "an empty response crashes it", "response.")
class EmptyResponse(Healthy):
    def result_of(self, root):
        return root.find("response")[0]


def first_breach(merchant, wanted, depth):
    """Return the first finding of what a merchant is wanted for, None where the depth has none."""
    runner = Runner(Subject(PythonTransport(merchant)), Plan(Policy(), seed=getattr(merchant, "seed", 0), depth=depth))
    try:
        cases = [case for case in runner.cases() if case.requirement.startswith(wanted)]
        for event in runner.run(cases):
            if isinstance(event, CaseFinished) and event.result.finding is not None:
                finding = event.result.finding
                if finding.requirement.startswith(wanted):
                    return finding
    finally:
        runner.close()
    return None


def main(words):
    """Print who is found by which case at which depth; return how many are not found."""
    properties.SHRINK_BUDGET, missed = 1, 0
    for kind, told, wanted, merchant in ROWS:
        if words and not any(each in f"{kind} {told}" for each in words):
            continue
        for depth in ("quick", "default"):
            if (finding := first_breach(merchant, wanted, depth)) is not None:
                print(f"{kind} | {told} | {depth} | {finding.requirement}[{finding.case}] | {finding.detail.en}", flush=True)
                break
        else:
            missed += 1
            print(f"{kind} | {told} | not found", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
