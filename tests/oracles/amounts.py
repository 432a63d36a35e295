"""Amounts with nothing but characters and whole numbers: shares no code with the packages under test.

Every decision is one short method, a seam: a faulty implementation in tests/faulty overrides one of them.
"""

DIGITS = "0123456789"
WHOLE = {"JPY", "KRW", "VND"}
LARGEST = 999_999_999  # Number(9,2), in hundredths


class NoAmountError(Exception):
    """What is wrong: form or decimals."""


class Amounts:
    """Answers vectors of the kind ``amount``."""

    def amount(self, inputs):
        (question,) = set(inputs) - {"currency"}
        try:
            return {"result": "valid", **getattr(self, question)(inputs[question], inputs["currency"])}
        except NoAmountError as fault:
            return {"result": "invalid", "fault": str(fault)}

    # === the questions ==============================================================================

    def text(self, text, currency):
        return self.told(self.read(text, currency), currency)

    def minor_units(self, units, currency):
        return {"canonical": self.write(units, currency)}

    def add(self, texts, currency):
        terms = [self.read(text, currency) for text in texts]
        return {"terms": terms, **self.told(self.sum(terms, texts, currency), currency)}

    def subtract(self, texts, currency):
        terms = [self.read(text, currency) for text in texts]
        return {"terms": terms, **self.told(self.rest(terms, texts, currency), currency)}

    def compare(self, texts, currency):
        one, other = (self.read(text, currency) for text in texts)
        return {"terms": [one, other], "comparison": self.comparison(one, other, texts)}

    def told(self, units, currency):
        return {"canonical": self.write(units, currency), "minor_units": units}

    # === the seams ==================================================================================

    def decimals(self, currency):
        return 0 if currency in WHOLE else 2

    def check(self, text, currency):
        """Raise unless a text has the form of an amount."""
        whole, point, fraction = text.partition(".")
        if not whole or any(each not in DIGITS for each in whole + fraction):
            raise NoAmountError("form")
        if (point and not fraction) or len(fraction) > 2 or len(whole) > 7:
            raise NoAmountError("form")
        if whole[0] == "0" and whole != "0":
            raise NoAmountError("form")
        if len(fraction) > self.decimals(currency):
            raise NoAmountError("decimals")

    def read(self, text, currency):
        self.check(text, currency)
        return self.units(text, self.decimals(currency))

    def units(self, text, decimals):
        whole, _, fraction = text.partition(".")
        return int(whole + fraction.ljust(decimals, "0")[:decimals])

    def write(self, units, currency):
        decimals = self.decimals(currency)
        if not self.fits(units, decimals):
            raise NoAmountError("form")
        return self.written(units, decimals)

    def fits(self, units, decimals):
        return 0 <= units <= (LARGEST if decimals else LARGEST // 100)

    def written(self, units, decimals):
        digits = str(units).rjust(decimals + 1, "0")
        return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits

    def sum(self, terms, texts, currency):
        total = 0
        for each in terms:
            total += each
        return total

    def rest(self, terms, texts, currency):
        total = terms[0]
        for each in terms[1:]:
            total -= each
        return total

    def comparison(self, one, other, texts):
        return "equal" if one == other else "less" if one < other else "greater"
