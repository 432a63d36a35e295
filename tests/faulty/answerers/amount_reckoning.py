"""Implementations that are wrong about what amounts are worth, how they are written, and how they are reckoned with."""

import math
import re
import struct

from faulty.answerers.registry import fault
from faulty.answerers.amount import Lenient, Money


# --- amounts: what they are worth ------------------------------------------------------------------------


@fault("makes cents of a float and cuts off")
class CentsCutOff(Money):
    def units(self, text, decimals):
        return int(float(text) * 10**decimals)


@fault("makes cents of a float and rounds up")
class CentsRoundedUp(Money):
    def units(self, text, decimals):
        return math.ceil(float(text) * 10**decimals)


@fault("keeps amounts in 32-bit floats")
class CentsIn32BitFloats(Money):
    def units(self, text, decimals):
        (value,) = struct.unpack("f", struct.pack("f", float(text)))
        return round(value * 10**decimals)


@fault("gives every currency two decimals")
class CentsOfYen(Money):
    def decimals(self, currency):
        return 2


@fault("gives no decimals but to the dollar")
class CentsOfDollarsOnly(Money):
    def decimals(self, currency):
        return 2 if currency == "USD" else 0


@fault("allows yen two decimals, if they are zero")
class YenWithZeros(Lenient):
    def read(self, text, currency):
        return Money.read(self, re.sub(r"\.0+$", "", text) if not self.decimals(currency) else text, currency)


@fault("rounds yen to whole ones")
class YenRounded(Lenient):
    def read(self, text, currency):
        whole = not self.decimals(currency) and re.fullmatch(r"\d+\.\d+", text, re.ASCII)
        return Money.read(self, str(math.floor(float(text) + 0.5)) if whole else text, currency)


@fault("takes a number without a point for cents")
class WholeIsCents(Money):
    def units(self, text, decimals):
        return super().units(text, decimals) if "." in text else int(text)


@fault("takes one decimal for cents")
class OneDecimalIsCents(Money):
    def units(self, text, decimals):
        whole, _, fraction = text.partition(".")
        return int(whole) * 10**decimals + int(fraction or "0")


@fault("reads whole dollars only")
class DollarsOnly(Money):
    def units(self, text, decimals):
        return int(text.partition(".")[0]) * 10**decimals


# --- amounts: how they are written -----------------------------------------------------------------------


@fault("writes an amount as its language prints a number")
class WrittenAsNumber(Money):
    def written(self, units, decimals):
        return f"{units / 10**decimals:g}"


@fault("trims the zeros of an amount, and the point")
class WrittenTrimmed(Money):
    def written(self, units, decimals):
        return super().written(units, decimals).rstrip("0").rstrip(".")


@fault("groups thousands of an amount")
class WrittenGrouped(Money):
    def written(self, units, decimals):
        return f"{units / 10**decimals:,.{decimals}f}"


@fault("writes two decimals in every currency")
class WrittenWithCents(Money):
    def written(self, units, decimals):
        return f"{units / 10**decimals:.2f}"


@fault("writes cents without a zero in front")
class WrittenUnpadded(Money):
    def written(self, units, decimals):
        return f"{units // 10**decimals}.{units % 10**decimals}" if decimals else str(units)


@fault("divides every amount by a hundred")
class WrittenOfHundredths(Money):
    def written(self, units, decimals):
        return f"{units / 100:.{decimals}f}"


@fault("writes the cents as they are kept")
class WrittenAsCents(Money):
    def written(self, units, decimals):
        return str(units)


@fault("writes whatever is below zero or above the limit")
class WrittenUnchecked(Money):
    def fits(self, units, decimals):
        return True


# --- amounts: sums, differences, comparisons -------------------------------------------------------------


@fault("adds up floats")
class SumOfFloats(Money):
    def sum(self, terms, texts, currency):
        return sum(float(text) for text in texts) * 10 ** self.decimals(currency)

    def written(self, units, decimals):
        return super().written(int(units), decimals)


@fault("adds up 32-bit floats")
class SumOf32BitFloats(Money):
    def sum(self, terms, texts, currency):
        total = 0.0
        for text in texts:
            (total,) = struct.unpack("f", struct.pack("f", total + float(text)))
        return round(total * 10 ** self.decimals(currency))


@fault("adds up whole numbers of the currency")
class SumOfDollars(Money):
    def sum(self, terms, texts, currency):
        return sum(round(float(text)) for text in texts) * 10 ** self.decimals(currency)


@fault("keeps the last amount for the sum")
class SumIsTheLast(Money):
    def sum(self, terms, texts, currency):
        return terms[-1]


@fault("adds an amount that stands twice once")
class SumOfDifferent(Money):
    def sum(self, terms, texts, currency):
        return sum(set(terms))


@fault("subtracts floats")
class RestOfFloats(Money):
    def rest(self, terms, texts, currency):
        rest = float(texts[0])
        for text in texts[1:]:
            rest -= float(text)
        return int(rest * 10 ** self.decimals(currency))


@fault("subtracts the last part only")
class RestOfLast(Money):
    def rest(self, terms, texts, currency):
        return terms[0] - terms[-1]


@fault("takes a rest below nothing for nothing")
class RestNeverNegative(Money):
    def rest(self, terms, texts, currency):
        return max(0, super().rest(terms, texts, currency))


@fault("takes what was refunded for what remains")
class RestIsTaken(Money):
    def rest(self, terms, texts, currency):
        return sum(terms[1:])


@fault("compares amounts as texts")
class ComparedAsTexts(Money):
    def comparison(self, one, other, texts):
        return super().comparison(*texts, texts)


@fault("compares amounts rounded to whole ones")
class ComparedRounded(Money):
    def comparison(self, one, other, texts):
        return super().comparison(*(round(float(text)) for text in texts), texts)


@fault("compares amounts as versions are compared")
class ComparedAsVersions(Money):
    def comparison(self, one, other, texts):
        return super().comparison(*([int(part) for part in text.split(".")] for text in texts), texts)


@fault("takes amounts for equal that are a cent apart")
class ComparedRoughly(Money):
    def comparison(self, one, other, texts):
        return "equal" if abs(one - other) < 2 else super().comparison(one, other, texts)


@fault("compares amounts the wrong way round")
class ComparedReversed(Money):
    def comparison(self, one, other, texts):
        return super().comparison(other, one, texts)
