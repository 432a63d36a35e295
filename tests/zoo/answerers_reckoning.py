"""Answerers that are wrong about what amounts are worth, how they are written, and how they are reckoned with."""

import math
import re
import struct

from zoo.answerers import answerer
from zoo.answerers_amounts import Lenient, Money


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
