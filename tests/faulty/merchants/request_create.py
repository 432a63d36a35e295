"""Merchants that break `request.create.*`."""

import json
import re

from faulty.reference import Healthy, fault, harmless


@fault("writes the timestamp in ISO 8601", "request.create.timestamp", "request.cancel.timestamp")
class IsoTimestamp(Healthy):
    def timestamp(self):
        return super().timestamp().replace(" ", "T")


@fault("forgets biz_type", "request.create.biz_type")
class NoBizType(Healthy):
    def is_sent(self, name, value):
        return name != "biz_type" and super().is_sent(name, value)


@fault("forgets notify_url where it makes a code", "request.create.notify_url")
class NoNotifyUrl(Healthy):
    def create_fields(self, biz_data, notify_url):
        return {**super().create_fields(biz_data, notify_url), "notify_url": None}


@fault(
    "sends the MCC with a zero before it",
    "request.create.biz_data.secondary_merchant_industry", "request.values-verbatim", "request.illegal.not-hidden",
)
class LongIndustry(Healthy):
    def biz_data(self, given):
        return {**given, "secondary_merchant_industry": "0" + given.get("secondary_merchant_industry", "")}


@fault(
    "keeps an MCC as a number, and loses its zeros in front",
    "request.create.biz_data.secondary_merchant_industry", "request.values-verbatim",
    found_by="blind",
)
class MccAsNumber(Healthy):
    def mcc(self, code):
        return str(int(code))

    def biz_data(self, given):
        code = given.get("secondary_merchant_industry") or ""
        return {**given, "secondary_merchant_industry": self.mcc(code)} if code.isdigit() else given


@harmless("keeps an MCC as a number, and writes it in four digits", found_by="blind")
class MccInFourDigits(MccAsNumber):
    def mcc(self, code):
        return f"{int(code):0{len(code)}}"


# Level 2, MUST: biz_data carries the values as given: "0001" and 1 are not the same.
@fault(
    "turns texts of digits into JSON numbers (JSON_NUMERIC_CHECK)",
    "request.create.biz_data.secondary_merchant_industry",
    "request.create.biz_data.store_id",
    "request.create.biz_data.sys_service_provider_id",
    "request.create.biz_data.notify_mobile",
    "request.create.biz_data.address",
    "request.create.biz_data.store_name",
    "request.values-verbatim",
    found_by="blind 1",
)
class NumericCheck(Healthy):
    def json(self, data):
        def number(value):
            if isinstance(value, dict):
                return {name: number(each) for name, each in value.items()}
            return int(value) if isinstance(value, str) and re.fullmatch("[0-9]+", value) else value

        return super().json(number(data))


@harmless("sends objects inside biz_data as JSON text (create page, field comment: a JSON string)")
class JsonTwice(Healthy):
    def biz_data(self, given):
        return {
            name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            for name, value in given.items()
        }


@fault("rounds the seconds of its timestamp, up to 60", "request.create.timestamp")
class RoundsSeconds(Healthy):
    def timestamp(self):
        moment = self.beijing_time(self.now)
        seconds = round(moment.second + moment.microsecond / 1_000_000)
        return f"{moment:%Y-%m-%d %H:%M}:{seconds:02d}"


# Level 2, MUST: yyyy-MM-dd HH:mm:ss has hours from 00 to 23.
@fault("writes the hour after midnight as 24 (kk in Java)", "request.create.timestamp", "request.cancel.timestamp", found_by="blind 3")
class HourOf24(Healthy):
    def timestamp(self):
        return re.sub(" 00:", " 24:", super().timestamp())
