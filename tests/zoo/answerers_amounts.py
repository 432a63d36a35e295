"""Answerers that are wrong about amounts."""

import math
import re
import struct
import unicodedata
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from oracles.amounts import Amounts, NoAmountError
from zoo.answerers import Answerer, answerer


class Money(Amounts, Answerer):
    """Right about amounts."""


# --- amounts: which texts are one ------------------------------------------------------------------------


class Lenient(Money):
    """Reads what another parser takes for a number; `cleaned` returns what is left to be read."""

    def read(self, text, currency):
        return super().read(self.cleaned(text), currency)


@answerer("strips white space before it reads an amount")
class AmountStripped(Lenient):
    def cleaned(self, text):
        return text.strip()


@answerer("drops what is neither digit nor point from an amount")
class AmountPicked(Lenient):
    def cleaned(self, text):
        return "".join(each for each in text if each in "0123456789.")


@answerer("drops commas from an amount")
class AmountCommasDropped(Lenient):
    def cleaned(self, text):
        return text.replace(",", "")


@answerer("takes the comma for the decimal point, as its locale does")
class AmountCommaIsPoint(Lenient):
    def cleaned(self, text):
        return text.replace(".", "").replace(",", ".") if "," in text else text


@answerer("takes the point for a separator of thousands, as its locale does")
class AmountPointGroups(Lenient):
    def cleaned(self, text):
        return re.sub(r"\.(?=\d{3}(?:\D|$))", "", text)


@answerer("normalises an amount to NFKC before it reads it")
class AmountNormalised(Lenient):
    def cleaned(self, text):
        return unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u3002", ".")


@answerer("stops reading an amount at NUL")
class AmountUntilNul(Lenient):
    def cleaned(self, text):
        return text.partition("\0")[0]


@answerer("drops a sign in front of an amount")
class AmountWithoutSign(Lenient):
    def cleaned(self, text):
        return text.lstrip("+-")


@answerer("matches an amount with $, which a newline may follow")
class AmountBeforeNewline(Lenient):
    def cleaned(self, text):
        return re.sub(r"\n$", "", text)


@answerer("drops what nobody sees from an amount")
class AmountVisibleOnly(Lenient):
    def cleaned(self, text):
        return "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Zs"))


@answerer("takes every digit of Unicode for one")
class AmountAnyDigit(Lenient):
    def cleaned(self, text):
        return "".join(str(unicodedata.digit(each, each)) for each in text)


@answerer("completes a point with nothing on one side")
class AmountPointCompleted(Lenient):
    def cleaned(self, text):
        return re.sub(r"^(?=\.\d)", "0", re.sub(r"(?<=\d)\.$", "", text))


@answerer("takes an empty amount for zero")
class AmountEmptyIsZero(Lenient):
    def cleaned(self, text):
        return text.strip() or "0"


@answerer("cuts decimals off that are too many")
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


@answerer("reads an amount with float(), whatever that takes")
class AmountByFloat(Parsed):
    def value(self, text):
        return float(text)


@answerer("reads an amount as PHP casts to float: as far as it goes, else zero")
class AmountByCast(Parsed):
    def value(self, text):
        found = re.match(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", text, re.ASCII)
        return float(found[0]) if found else 0.0


@answerer("reads an amount as JavaScript's Number(): blank is zero, true is one")
class AmountByNumber(Parsed):
    def value(self, text):
        words = {"": 0, "null": 0, "[]": 0, "false": 0, "true": 1}
        return int(text, 16) if text[:2] == "0x" else words.get(text.strip(), None) if text.strip() in words else float(text)


@answerer("rounds half a cent up")
class AmountRoundedUp(Parsed):
    def value(self, text):
        return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)


@answerer("rounds half a cent to the even one")
class AmountRoundedEven(Parsed):
    def value(self, text):
        return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


@answerer("takes any number of digits")
class AmountOfAnyLength(Money):
    def check(self, text, currency):
        whole, point, fraction = text.partition(".")
        super().check((whole[-1:] if whole.isdigit() and whole.isascii() else whole) + point + fraction, currency)

    def fits(self, units, decimals):
        return units >= 0


@answerer("keeps amounts in 32 bits")
class AmountIn32Bits(AmountOfAnyLength):
    def units(self, text, decimals):
        return super().units(text, decimals) % 2**32


@answerer("demands two decimals of every amount")
class AmountNeedsDecimals(Money):
    def check(self, text, currency):
        super().check(text, currency)
        if not re.search(r"\.\d\d$", text):
            raise NoAmountError("form")


@answerer("takes zero for no amount")
class AmountAboveZero(Money):
    def check(self, text, currency):
        super().check(text, currency)
        if not text.strip("0."):
            raise NoAmountError("form")


@answerer("allows amounts below a million only")
class AmountBelowAMillion(Money):
    def fits(self, units, decimals):
        return units < 10 ** (6 + decimals)


# --- amounts: what they are worth ------------------------------------------------------------------------


@answerer("makes cents of a float and cuts off")
class CentsCutOff(Money):
    def units(self, text, decimals):
        return int(float(text) * 10**decimals)


@answerer("makes cents of a float and rounds up")
class CentsRoundedUp(Money):
    def units(self, text, decimals):
        return math.ceil(float(text) * 10**decimals)


@answerer("keeps amounts in 32-bit floats")
class CentsIn32BitFloats(Money):
    def units(self, text, decimals):
        (value,) = struct.unpack("f", struct.pack("f", float(text)))
        return round(value * 10**decimals)


@answerer("gives every currency two decimals")
class CentsOfYen(Money):
    def decimals(self, currency):
        return 2


@answerer("gives no decimals but to the dollar")
class CentsOfDollarsOnly(Money):
    def decimals(self, currency):
        return 2 if currency == "USD" else 0


@answerer("allows yen two decimals, if they are zero")
class YenWithZeros(Lenient):
    def read(self, text, currency):
        return Money.read(self, re.sub(r"\.0+$", "", text) if not self.decimals(currency) else text, currency)


@answerer("rounds yen to whole ones")
class YenRounded(Lenient):
    def read(self, text, currency):
        whole = not self.decimals(currency) and re.fullmatch(r"\d+\.\d+", text, re.ASCII)
        return Money.read(self, str(math.floor(float(text) + 0.5)) if whole else text, currency)


@answerer("takes a number without a point for cents")
class WholeIsCents(Money):
    def units(self, text, decimals):
        return super().units(text, decimals) if "." in text else int(text)


@answerer("takes one decimal for cents")
class OneDecimalIsCents(Money):
    def units(self, text, decimals):
        whole, _, fraction = text.partition(".")
        return int(whole) * 10**decimals + int(fraction or "0")


@answerer("reads whole dollars only")
class DollarsOnly(Money):
    def units(self, text, decimals):
        return int(text.partition(".")[0]) * 10**decimals


# --- amounts: how they are written -----------------------------------------------------------------------


@answerer("writes an amount as its language prints a number")
class WrittenAsNumber(Money):
    def written(self, units, decimals):
        return f"{units / 10**decimals:g}"


@answerer("trims the zeros of an amount, and the point")
class WrittenTrimmed(Money):
    def written(self, units, decimals):
        return super().written(units, decimals).rstrip("0").rstrip(".")


@answerer("groups thousands of an amount")
class WrittenGrouped(Money):
    def written(self, units, decimals):
        return f"{units / 10**decimals:,.{decimals}f}"


@answerer("writes two decimals in every currency")
class WrittenWithCents(Money):
    def written(self, units, decimals):
        return f"{units / 10**decimals:.2f}"


@answerer("writes cents without a zero in front")
class WrittenUnpadded(Money):
    def written(self, units, decimals):
        return f"{units // 10**decimals}.{units % 10**decimals}" if decimals else str(units)


@answerer("divides every amount by a hundred")
class WrittenOfHundredths(Money):
    def written(self, units, decimals):
        return f"{units / 100:.{decimals}f}"


@answerer("writes the cents as they are kept")
class WrittenAsCents(Money):
    def written(self, units, decimals):
        return str(units)


@answerer("writes whatever is below zero or above the limit")
class WrittenUnchecked(Money):
    def fits(self, units, decimals):
        return True


# --- amounts: sums, differences, comparisons -------------------------------------------------------------


@answerer("adds up floats")
class SumOfFloats(Money):
    def sum(self, terms, texts, currency):
        return sum(float(text) for text in texts) * 10 ** self.decimals(currency)

    def written(self, units, decimals):
        return super().written(int(units), decimals)


@answerer("adds up 32-bit floats")
class SumOf32BitFloats(Money):
    def sum(self, terms, texts, currency):
        total = 0.0
        for text in texts:
            (total,) = struct.unpack("f", struct.pack("f", total + float(text)))
        return round(total * 10 ** self.decimals(currency))


@answerer("adds up whole numbers of the currency")
class SumOfDollars(Money):
    def sum(self, terms, texts, currency):
        return sum(round(float(text)) for text in texts) * 10 ** self.decimals(currency)


@answerer("keeps the last amount for the sum")
class SumIsTheLast(Money):
    def sum(self, terms, texts, currency):
        return terms[-1]


@answerer("adds an amount that stands twice once")
class SumOfDifferent(Money):
    def sum(self, terms, texts, currency):
        return sum(set(terms))


@answerer("subtracts floats")
class RestOfFloats(Money):
    def rest(self, terms, texts, currency):
        rest = float(texts[0])
        for text in texts[1:]:
            rest -= float(text)
        return int(rest * 10 ** self.decimals(currency))


@answerer("subtracts the last part only")
class RestOfLast(Money):
    def rest(self, terms, texts, currency):
        return terms[0] - terms[-1]


@answerer("takes a rest below nothing for nothing")
class RestNeverNegative(Money):
    def rest(self, terms, texts, currency):
        return max(0, super().rest(terms, texts, currency))


@answerer("takes what was refunded for what remains")
class RestIsTaken(Money):
    def rest(self, terms, texts, currency):
        return sum(terms[1:])


@answerer("compares amounts as texts")
class ComparedAsTexts(Money):
    def comparison(self, one, other, texts):
        return super().comparison(*texts, texts)


@answerer("compares amounts rounded to whole ones")
class ComparedRounded(Money):
    def comparison(self, one, other, texts):
        return super().comparison(*(round(float(text)) for text in texts), texts)


@answerer("compares amounts as versions are compared")
class ComparedAsVersions(Money):
    def comparison(self, one, other, texts):
        return super().comparison(*([int(part) for part in text.split(".")] for text in texts), texts)


@answerer("takes amounts for equal that are a cent apart")
class ComparedRoughly(Money):
    def comparison(self, one, other, texts):
        return "equal" if abs(one - other) < 2 else super().comparison(one, other, texts)


@answerer("compares amounts the wrong way round")
class ComparedReversed(Money):
    def comparison(self, one, other, texts):
        return super().comparison(other, one, texts)
