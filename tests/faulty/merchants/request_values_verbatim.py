"""Merchants that break `request.values-verbatim`: they send something else than the caller said."""

import html
import re
import unicodedata

from faulty.reference import Healthy, Refused, fault, harmless


@fault("leaves the reason of a refund out", "request.values-verbatim", "request.illegal.not-hidden")
class ReasonDropped(Healthy):
    def is_sent(self, name, value):
        return name != "refund_reason" and super().is_sent(name, value)


# Level 2, MUST: the notify URL of this call is the one that is sent.
@fault("cuts the query off the notify URL", "request.values-verbatim", found_by="blind 1")
class CutsNotifyQuery(Healthy):
    def create_fields(self, biz_data, notify_url):
        return super().create_fields(biz_data, notify_url.partition("?")[0])


# Level 2, MUST: numbers are what the caller says, letter for letter.
@fault("writes refund ids in capitals", "request.values-verbatim", "money.refund.ids-verbatim", found_by="blind 3")
class IdsInCapitals(Healthy):
    def refund_fields(self, args):
        return {**super().refund_fields(args), "partner_refund_id": args["partner_refund_id"].upper()}


class ChangesBefore(Healthy):
    """Changes the caller's free text, by `changed`, and signs and sends that."""

    def refund_fields(self, args):
        found = super().refund_fields(args)
        return {**found, "refund_reason": found["refund_reason"] and self.changed(found["refund_reason"])}


@fault("writes full-width digits and letters of a reason in half width", "request.values-verbatim")
class HalfWidthReason(ChangesBefore):
    def changed(self, value):
        return unicodedata.normalize("NFKC", value)


@fault("cuts a refund reason at 64 characters", "request.values-verbatim", "request.illegal.not-hidden")
class ReasonCutAt64(ChangesBefore):
    def changed(self, value):
        return value[:64]


@fault("writes a reason that is a number without zeros in front", "request.values-verbatim")
class ReasonAsNumber(ChangesBefore):
    def changed(self, value):
        return str(int(value)) if value.isdecimal() else value


@fault("unescapes a reason that it takes for HTML", "request.values-verbatim")
class ReasonUnescaped(ChangesBefore):
    def changed(self, value):
        return html.unescape(value)


@fault("writes straight quotes for the curly ones of a reason", "request.values-verbatim")
class StraightQuotes(ChangesBefore):
    def changed(self, value):
        return value.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})


@fault("names a store by no more than 24 characters", "request.values-verbatim")
class StoreNameCutAt24(Healthy):
    def biz_data(self, given):
        return {**given, "store_name": given["store_name"][:24]} if given.get("store_name") else given


@fault("leaves a member of biz_data out that reads 0", "request.values-verbatim", "request.create.biz_data.store_id", "request.create.biz_data.store_name")
class ZeroMemberDropped(Healthy):
    def biz_data(self, given):
        return {name: value for name, value in given.items() if value not in ("0", 0)}


@fault("leaves country_code out for any country but its own", "request.values-verbatim")
class CountryOfItsOwn(Healthy):
    def biz_data(self, given):
        return {name: value for name, value in given.items() if name != "country_code" or value == "US"}


class PhonesAsNumbers(Healthy):
    """Keeps the phone numbers of a store as integers."""

    def phone(self, text):
        raise NotImplementedError

    def biz_data(self, given):
        return {name: self.phone(value) if name.endswith("mobile") else value for name, value in given.items()}


@fault("keeps phone numbers as integers, and calls nobody abroad", "request.values-verbatim")
class PhonesWithoutZeros(PhonesAsNumbers):
    def phone(self, text):
        return str(int(text))


@harmless("keeps phone numbers as integers, and beside them how long each is")
class PhonesWithZeros(PhonesAsNumbers):
    def phone(self, text):
        return f"{int(text):0{len(text)}d}"


class RewritesReasons(Healthy):
    """Sends another reason than the caller gave."""

    def reason(self, text):
        raise NotImplementedError

    def refund_fields(self, args):
        reason = args["refund_reason"]
        return super().refund_fields({**args, "refund_reason": self.reason(reason) if reason else reason})


@fault("makes one blank of several in a reason", "request.values-verbatim", found_by="blind")
class CollapsesBlanks(RewritesReasons):
    def reason(self, text):
        return re.sub(r" {2,}", " ", text)


@fault("cuts a reason at 128 bytes", "request.values-verbatim", found_by="blind")
class CutsAtBytes(RewritesReasons):
    def reason(self, text):
        return text.encode()[:128].decode("utf-8", "ignore")


@fault("drops the line ends of a reason, so that its lines run together", "request.values-verbatim")
class LinesRunTogether(RewritesReasons):
    def reason(self, text):
        return re.sub(r"[\r\n]+", "", text)


@harmless("writes a reason on one line, with a blank for each line end")
class OneLineReasons(RewritesReasons):
    def reason(self, text):
        return re.sub(r"\r\n|\r|\n", " ", text)


@fault("keeps numbers of nothing but digits as integers, and names them in a CANCEL without zeros in front",
       "request.values-verbatim", found_by="blind")
class NumbersAsIntegers(Healthy):
    def number(self, text):
        return str(int(text)) if re.fullmatch(r"[0-9]+", text) else text

    def cancel_fields(self, out_trade_no, trade_no):
        return super().cancel_fields(self.number(out_trade_no), trade_no)


@harmless("keeps numbers of nothing but digits as integers, and beside them how long each is", found_by="blind")
class PaddedIntegers(NumbersAsIntegers):
    def number(self, text):
        return super().number(text).rjust(len(text), "0")


@fault("rounds refund ids of more than fifteen digits to a double", "request.values-verbatim", found_by="blind")
class RoundsIds(Healthy):
    def refund_fields(self, args):
        number = args["partner_refund_id"]
        rounded = str(int(float(number))) if re.fullmatch(r"[1-9][0-9]{15,}", number) else number
        return super().refund_fields({**args, "partner_refund_id": rounded})


@harmless("declines a reason of more than 100 characters")
class ShortReasons(Healthy):
    def refund(self, *args, **more):
        if len(more.get("refund_reason") or "") > 100:
            raise Refused("a reason of a hundred characters will do")
        return super().refund(*args, **more)
