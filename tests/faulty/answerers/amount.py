"""Implementations that are wrong about which texts are amounts."""

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from oracles.amounts import Amounts, NoAmountError
from faulty.answerers.registry import Implementation, fault


class Money(Amounts, Implementation):
    """Right about amounts."""


# --- amounts: which texts are one ------------------------------------------------------------------------


class Lenient(Money):
    """Reads what another parser takes for a number; `cleaned` returns what is left to be read."""

    def read(self, text, currency):
        return super().read(self.cleaned(text), currency)


@fault("strips white space before it reads an amount")
class AmountStripped(Lenient):
    def cleaned(self, text):
        return text.strip()


@fault("drops what is neither digit nor point from an amount")
class AmountPicked(Lenient):
    def cleaned(self, text):
        return "".join(each for each in text if each in "0123456789.")


@fault("drops commas from an amount")
class AmountCommasDropped(Lenient):
    def cleaned(self, text):
        return text.replace(",", "")


@fault("takes the comma for the decimal point, as its locale does")
class AmountCommaIsPoint(Lenient):
    def cleaned(self, text):
        return text.replace(".", "").replace(",", ".") if "," in text else text


@fault("takes the point for a separator of thousands, as its locale does")
class AmountPointGroups(Lenient):
    def cleaned(self, text):
        return re.sub(r"\.(?=\d{3}(?:\D|$))", "", text)


@fault("normalises an amount to NFKC before it reads it")
class AmountNormalised(Lenient):
    def cleaned(self, text):
        return unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u3002", ".")


@fault("stops reading an amount at NUL")
class AmountUntilNul(Lenient):
    def cleaned(self, text):
        return text.partition("\0")[0]


@fault("drops a sign in front of an amount")
class AmountWithoutSign(Lenient):
    def cleaned(self, text):
        return text.lstrip("+-")


@fault("matches an amount with $, which a newline may follow")
class AmountBeforeNewline(Lenient):
    def cleaned(self, text):
        return re.sub(r"\n$", "", text)


@fault("drops what nobody sees from an amount")
class AmountVisibleOnly(Lenient):
    def cleaned(self, text):
        return "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Zs"))


@fault("takes every digit of Unicode for one")
class AmountAnyDigit(Lenient):
    def cleaned(self, text):
        return "".join(str(unicodedata.digit(each, each)) for each in text)


@fault("completes a point with nothing on one side")
class AmountPointCompleted(Lenient):
    def cleaned(self, text):
        return re.sub(r"^(?=\.\d)", "0", re.sub(r"(?<=\d)\.$", "", text))


@fault("takes an empty amount for zero")
class AmountEmptyIsZero(Lenient):
    def cleaned(self, text):
        return text.strip() or "0"


@fault("cuts decimals off that are too many")
class AmountCutOff(Lenient):
    def cleaned(self, text):
        return re.sub(r"(\.\d\d)\d+$", r"\1", text)


class Parsed(Money):
    """Reads an amount with a parser of numbers; `value` is that parser."""

    def read(self, text, currency):
        try:
            value = self.value(text)
            return round(value * 10 ** self.decimals(currency))
        except (ArithmeticError, ValueError):
            raise NoAmountError("form") from None


@fault("reads an amount with float(), whatever that takes")
class AmountByFloat(Parsed):
    def value(self, text):
        return float(text)


@fault("reads an amount as PHP casts to float: as far as it goes, else zero")
class AmountByCast(Parsed):
    def value(self, text):
        found = re.match(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", text, re.ASCII)
        return float(found[0]) if found else 0.0


@fault("reads an amount as JavaScript's Number(): blank is zero, true is one")
class AmountByNumber(Parsed):
    def value(self, text):
        words = {"": 0, "null": 0, "[]": 0, "false": 0, "true": 1}
        return int(text, 16) if text[:2] == "0x" else words.get(text.strip(), None) if text.strip() in words else float(text)


@fault("rounds half a cent up")
class AmountRoundedUp(Parsed):
    def value(self, text):
        return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)


@fault("rounds half a cent to the even one")
class AmountRoundedEven(Parsed):
    def value(self, text):
        return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


@fault("takes any number of digits")
class AmountOfAnyLength(Money):
    def check(self, text, currency):
        whole, point, fraction = text.partition(".")
        super().check((whole[-1:] if whole.isdigit() and whole.isascii() else whole) + point + fraction, currency)

    def fits(self, units, decimals):
        return units >= 0


@fault("keeps amounts in 32 bits")
class AmountIn32Bits(AmountOfAnyLength):
    def units(self, text, decimals):
        return super().units(text, decimals) % 2**32


@fault("demands two decimals of every amount")
class AmountNeedsDecimals(Money):
    def check(self, text, currency):
        super().check(text, currency)
        if not re.search(r"\.\d\d$", text):
            raise NoAmountError("form")


@fault("takes zero for no amount")
class AmountAboveZero(Money):
    def check(self, text, currency):
        super().check(text, currency)
        if not text.strip("0."):
            raise NoAmountError("form")


@fault("allows amounts below a million only")
class AmountBelowAMillion(Money):
    def fits(self, units, decimals):
        return units < 10 ** (6 + decimals)
