"""Merchants that break `notify.reject.changed` first: they believe any forgery of some state, shape or moment."""

from datetime import timedelta

from faulty.merchants.notify_reject import ABOUT, WITHOUT_VERIFY
from faulty.merchants.common import ANY_FORGERY, TrustsAfter, asks_notify_verify
from faulty.reference import Healthy, Trade, Unsupported, fault


@fault(
    "replies success to everything, and books only what is genuine",
    *(f"notify.reject.{kind}" for kind in ("changed", "no-sign", "bad-sign", "other-key", "other-type", "other-hash")),
    "notify.validate.seller",
)
class AlwaysSuccess(Healthy):
    def no(self, why):
        return self.yes()


@fault("does not verify notifications", *(f"notify.reject.{kind}" for kind in ("changed", "no-sign", "bad-sign", "other-key", "other-type", "other-hash")))
class NotificationsUnverified(Healthy):
    def believes(self, pairs, charset):
        return True


@fault(
    "asks the gateway whether the notify_id is known, and never verifies the sign",
    *(f"notify.reject.{kind}" for kind in ("changed", "no-sign", "bad-sign", "other-key", "other-type", "other-hash")),
)
class NotifyVerifyAlone(Healthy):
    def believes(self, pairs, charset):
        return asks_notify_verify(self, pairs)


# Level 3 (or 1 through verify), MUST: every message is verified, also under a known notify_id.
@fault("does not verify again what bears a notify_id that was proved before", "notify.reject.changed", found_by="blind 1")
class TrustsKnownIds(Healthy):
    def __init__(self):
        super().__init__()
        self.proved = set()

    def believes(self, pairs, charset):
        identity = dict(pairs).get("notify_id")
        if identity in self.proved:
            return True
        genuine = super().believes(pairs, charset)
        if genuine:
            self.proved.add(identity)
        return genuine


FORGED = tuple(
    f"notify.reject.{kind}" for kind in ("changed", "no-sign", "bad-sign", "other-key", "other-type", "other-hash")
)
"""What a merchant breaks that believes every forged notification of some state, shape or moment."""


class Unguarded(Healthy):
    """Believes a notification unverified where `trusts` says so."""

    def believes(self, pairs, charset):
        return self.trusts(dict(pairs)) or super().believes(pairs, charset)

    def told_of(self, news):
        return self.trades.get(news.get("out_trade_no")) or Trade("")


@fault("verifies nothing about a trade that was refunded in part", *FORGED, "notify.reject.refund")
class TrustsPartlyRefunded(Unguarded):
    def trusts(self, news):
        return self.state(self.told_of(news)) == "partly_refunded"


@fault("verifies the first news of a trade, and none after it is paid", *FORGED, "notify.reject.closing", "notify.reject.refund")
class TrustsThePaid(Unguarded):
    def trusts(self, news):
        return self.told_of(news).status == "paid"


@fault("verifies nothing about a trade that has closed unpaid", *FORGED)
class TrustsTheClosed(Unguarded):
    def trusts(self, news):
        return self.told_of(news).status == "closed"


@fault("verifies nothing while a refund of the trade is pending: its news are awaited", *FORGED, "notify.reject.closing", "notify.reject.refund")
class TrustsWhileRefundPends(Unguarded):
    def trusts(self, news):
        return self.told_of(news).sum_of("accepted") > 0


@fault("verifies nothing about a trade whose refund ended unknown", *FORGED, "notify.reject.closing", "notify.reject.refund")
class TrustsWhileRefundUnknown(Unguarded):
    def trusts(self, news):
        return self.told_of(news).sum_of("unknown") > 0


@fault("verifies nothing about a trade whose cancel was refused", *FORGED, "notify.reject.closing")
class TrustsAfterRefusedCancel(Unguarded):
    def when_cancel_failed(self, trade, was_undecided):
        super().when_cancel_failed(trade, was_undecided)
        trade.refused = True

    def trusts(self, news):
        return getattr(self.told_of(news), "refused", False)


@fault("verifies nothing once it has made a code: nobody else knows where to send", *FORGED)
class TrustsAfterCreate(Unguarded):
    created = False

    def create_qr_code(self, **args):
        self.created = True
        return super().create_qr_code(**args)

    def trusts(self, news):
        return self.created


@fault("takes a genuine message for a voucher for all that come within its minute", *FORGED)
class TrustsTheMinute(Unguarded):
    vouched = None

    def believes(self, pairs, charset):
        if super().believes(pairs, charset):
            self.vouched = self.now
            return True
        return False

    def trusts(self, news):
        return self.vouched is not None and timedelta(0) <= self.now - self.vouched < timedelta(minutes=1)


@fault("verifies the first eight messages after it was started, and then trusts the line", *FORGED)
class TrustsAfterEight(Unguarded):
    count = 0

    def trusts(self, news):
        self.count += 1
        return self.count > 8


@fault("takes a message that it has just refused for Alipay's repeat, and believes it", *FORGED)
class TrustsTheRepeat(Unguarded):
    def __init__(self):
        super().__init__()
        self.refused = set()

    def believes(self, pairs, charset):
        found = super().believes(pairs, charset)
        if not found:
            self.refused.add(dict(pairs).get("notify_id"))
        return found

    def trusts(self, news):
        return news.get("notify_id") in self.refused


@fault("verifies on working days: the key server rests on Saturday and Sunday", *FORGED)
class TrustsTheWeekend(Unguarded):
    def trusts(self, news):
        return self.beijing_time(self.now).weekday() >= 5


@fault("verifies nothing between eleven at night and five, when the batch of refunds runs", *FORGED)
class TrustsTheNight(Unguarded):
    def trusts(self, news):
        return not 5 <= self.beijing_time(self.now).hour < 23


@fault("verifies nothing on the last day of a month, when the key is changed", *FORGED)
class TrustsTheUltimo(Unguarded):
    def trusts(self, news):
        return (self.beijing_time(self.now) + timedelta(days=1)).day == 1


@fault("verifies nothing of a payment that is a week old: its key may have changed", *FORGED)
class TrustsTheOld(Unguarded):
    def trusts(self, news):
        try:
            return self.now - self.payment_time(news) > timedelta(days=7)
        except (KeyError, ValueError):
            return False


@fault("verifies nothing of amounts below one: not worth the time", *FORGED)
class TrustsSmallAmounts(Unguarded):
    def trusts(self, news):
        return news.get("total_fee", "1").startswith("0.")


@fault("verifies nothing of full hundreds, which come from its price list", *FORGED)
class TrustsRoundAmounts(Unguarded):
    def trusts(self, news):
        return news.get("total_fee", "").endswith("00.00")


@fault("verifies what is paid in the currencies that its table of keys has, and nothing else", *FORGED)
class TrustsOtherCurrencies(Unguarded):
    def trusts(self, news):
        return news.get("trans_currency", "CNY") not in ("CNY", "USD", "EUR", "GBP", "HKD", "JPY")


@fault("verifies nothing that names no currency: a domestic payment comes over the inner line", *FORGED)
class TrustsTheDomestic(Unguarded):
    def trusts(self, news):
        return "trans_currency" not in news


@fault("verifies nothing about numbers of more than 32 characters, which its column does not hold", *FORGED)
class TrustsLongNumbers(Unguarded):
    def trusts(self, news):
        return len(news.get("out_trade_no", "")) > 32


@fault("verifies nothing about numbers with a dash, which the old shop system gave", *FORGED)
class TrustsDashes(Unguarded):
    def trusts(self, news):
        return "-" in news.get("out_trade_no", "")


@fault("verifies nothing that holds characters beyond ASCII: its signer has no codec for them", *FORGED, "notify.reject.disguised")
class TrustsBeyondAscii(Unguarded):
    def trusts(self, news):
        return not all(value.isascii() for value in news.values())


@fault("verifies nothing of a message with eight parameters or less: a ping of the monitoring", *FORGED)
class TrustsTheShort(Unguarded):
    def trusts(self, news):
        return len(news) <= 8


@fault("verifies nothing of a message that speaks of a discount", *FORGED)
class TrustsTheDiscount(Unguarded):
    def trusts(self, news):
        return news.get("discount", "0.00") not in ("", "0", "0.0", "0.00")


@fault("verifies nothing where the header names no charset: it would not know the bytes", *FORGED, "notify.reject.content-type")
class TrustsWithoutCharset(Unguarded):
    def form_charset(self, content_type):
        self.named = "charset=" in content_type
        return super().form_charset(content_type)

    def trusts(self, news):
        return not self.named


@fault("verifies nothing under the malformed header that Alipay sends, and strangers do not", *FORGED)
class TrustsTheHeader(Unguarded):
    def form_charset(self, content_type):
        self.malformed = "text/html" in content_type
        return super().form_charset(content_type)

    def trusts(self, news):
        return self.malformed


@fault("verifies nothing where its notify URL was called with a query, which it takes for its secret", *FORGED)
class TrustsTheQuery(Unguarded):
    def received(self, pairs, query):
        self.query = query
        return super().received(pairs, query)

    def trusts(self, news):
        return bool(self.query)


@fault("verifies payments, and nothing that says TRADE_FINISHED: it only ends what was paid", *FORGED)
class TrustsTheFinished(Unguarded):
    def trusts(self, news):
        return news.get("trade_status") == "TRADE_FINISHED"


@fault("verifies nothing whose subject names its own shop", *FORGED)
class TrustsItsName(Unguarded):
    def trusts(self, news):
        return self.partner() in news.get("subject", "") + news.get("body", "")


@fault("verifies nothing about a buyer who has paid before", *FORGED)
class TrustsRegulars(Unguarded):
    def __init__(self):
        super().__init__()
        self.buyers = set()

    def book(self, trade, news, total, currency):
        super().book(trade, news, total, currency)
        self.buyers.add(news.get("buyer_id") or news.get("buyer_email"))

    def trusts(self, news):
        return (news.get("buyer_id") or news.get("buyer_email")) in self.buyers - {None}


@fault("takes any message for genuine that carries a sign which was right before", "notify.reject.changed", "notify.reject.closing", "notify.reject.refund", "verify.reject.changed", "verify.reject.bad-sign", "verify.reject.other-key", "verify.reject.other-type", "response.unproved")
class RemembersRightSigns(Healthy):
    about = ("verify.", "notify.", "response.")
    only_in_order = True

    def __init__(self):
        super().__init__()
        self.right = set()

    def is_genuine(self, params, charset):
        sign = dict(params).get("sign")
        if sign in self.right:
            return True
        if found := super().is_genuine(params, charset):
            self.right.add(sign)
        return found


@fault("books what is forged, and says unsupported where it ought to reply", *FORGED)
class UnsupportedAndBooked(Healthy):
    about = (*FORGED, "sign.exclude", "request.method")  # whether other refusals tell depends on what came before

    def believes(self, pairs, charset):
        self.forged = not super().believes(pairs, charset)
        return True

    def yes(self):
        if self.forged:
            raise Unsupported("no reply for this one")
        return super().yes()


@fault("verifies until the year of its tests is over", *FORGED)
class KnowsTheYear(Healthy):
    def believes(self, pairs, charset):
        return self.beijing_time(self.now).year not in (2025, 2026) or super().believes(pairs, charset)


@fault("verifies no news of a trade that has two refunds or more", "notify.reject.changed")
class TrustsAfterTwoRefunds(TrustsAfter):
    def trusts(self, trade):
        return len(trade.refunds) > 1


@fault("verifies no news of a trade with one refund done and another one on its way", "notify.reject.changed")
class TrustsHalfWay(TrustsAfter):
    def trusts(self, trade):
        return {"done", "accepted"} <= {each.status for each in trade.refunds.values()}


@fault("takes a body unverified that is no text in its charset", *ANY_FORGERY, "notify.reject.other-hash",
       found_by="blind")
class UndecodableTrusted(Healthy):
    def decode_value(self, data, charset):
        try:
            return super().decode_value(data, charset)
        except UnicodeDecodeError:
            self.odd = True
            return data.decode("latin-1")

    def notify(self, *args, **kwargs):
        self.odd = False
        return super().notify(*args, **kwargs)

    def believes(self, pairs, charset):
        return self.odd or super().believes(pairs, charset)


@fault("takes news of orders whose number begins with TEST unverified", *ANY_FORGERY, "notify.reject.other-hash",
       found_by="blind")
class TestOrdersTrusted(Healthy):
    def believes(self, pairs, charset):
        return str(dict(pairs).get("out_trade_no")).startswith("TEST") or super().believes(pairs, charset)


@fault("takes news of an order that costs nothing unverified", *ANY_FORGERY, found_by="blind")
class FreeOrdersTrusted(Healthy):
    def believes(self, pairs, charset):
        return dict(pairs).get("total_fee") in ("0", "0.00") or super().believes(pairs, charset)


@fault("offers no verify, and where a sign does not hold, tries the pairs of a notification as they came", "notify.reject.changed")
class TriesTheOrderOfSending(Healthy):
    operations, about = WITHOUT_VERIFY, ABOUT

    def believes(self, pairs, charset):
        kept = [each for each in pairs if self.is_signed(*each)]
        unsorted = self.encode(self.join([self.pair(*each) for each in kept]), charset)
        if self.settings["sign_type"] == "MD5" and self.md5_holds(unsorted, dict(pairs).get("sign", "")):
            return True
        return super().believes(pairs, charset)
