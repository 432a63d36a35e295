"""Implementations that are wrong about how biz_data is read."""

import json
import re

from oracles.calls import PLAIN
from faulty.answerers.registry import fault
from faulty.answerers.request import Form


@fault("takes biz_data for a text like any other")
class BizDataUnread(Form):
    def biz_data(self, text):
        return super().read(text)


@fault("believes the last of two members")
class LastWins(Form):
    def object(self, pairs):
        return dict(pairs)


@fault("believes the first of two members")
class FirstWins(Form):
    def object(self, pairs):
        return dict(reversed(pairs))


@fault("finds members that stand twice by their text, not by their name")
class TwiceByText(Form):
    def read(self, text):
        names = re.findall(r'"((?:[^"\\]|\\.)*)":', text)
        try:
            return super().read(text) if len(set(names)) != len(names) else json.loads(text)
        except ValueError:
            return None


@fault("reads biz_data as JavaScript, or whatever comes near")
class ReadAsJavaScript(Form):
    def read(self, text):
        text = re.sub(r"/\*.*?\*/", "", text.removeprefix("\ufeff")).replace("'", '"').replace("&quot;", '"')
        text = re.sub(r"([{,])(\w+):", r'\1"\2":', text)
        text = re.sub(r",\s*}", "}", text).replace("undefined", '"undefined"').replace("None", '"None"').replace("NaN", '"NaN"')
        try:
            return json.JSONDecoder(strict=False, object_pairs_hook=self.object).decode(text.replace("\\x", "x"))
        except ValueError:
            return None


@fault("reads biz_data as far as it goes")
class ReadAsFarAsItGoes(Form):
    def read(self, text):
        for repaired in (text, text + "}", text + '"}', text + '":""}'):
            try:
                found, _ = json.JSONDecoder(object_pairs_hook=self.object).raw_decode(repaired.lstrip("\ufeff "))
            except ValueError:
                continue
            if isinstance(found, dict):
                return found
        return {}


@fault("unwraps biz_data until an object comes out")
class Unwrapped(Form):
    def read(self, text):
        found = super().read(text)
        if isinstance(found, list) and found:
            return found[0]
        return super().read(found) if isinstance(found, str) else found


@fault("takes no JSON for an object without members")
class NoJsonIsNothing(Form):
    def biz_data(self, text):
        found = super().read(text)
        return super().biz_data(text) if isinstance(found, dict) else {}


@fault("wants biz_data without spaces and escapes")
class CompactOnly(Form):
    def read(self, text):
        found = super().read(text)
        right = isinstance(found, dict) and json.dumps(found, ensure_ascii=False, separators=(",", ":")) == text
        return found if right else None


@fault("wants the members of biz_data in the order of the page")
class OrderOfThePage(Form):
    def read(self, text):
        found = super().read(text)
        places = [PLAIN.index(name) for name in found if name in PLAIN[:7]] if isinstance(found, dict) else []
        return found if places == sorted(places) else None


@fault("wants biz_data in ASCII")
class AsciiOnly(Form):
    def read(self, text):
        return super().read(text) if text.isascii() else None


@fault("makes texts of all values in biz_data")
class EverythingIsText(Form):
    def is_text(self, value):
        return True

    def as_text(self, value):
        return value if isinstance(value, str) else str(value)


@fault("lets a member be of any type, and looks at texts alone")
class AnyType(Form):
    def member(self, data, name):
        if isinstance(data.get(name, ""), str) or data[name] is None:
            super().member(data, name)

    def settles(self, price, settlement):
        return not isinstance(price, str) or super().settles(price, settlement)
