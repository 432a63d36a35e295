"""What the doctor says: plain frozen values.

    Mistake      one named departure from the correct signing path
    Explanation  one or more mistakes that together reproduce the sign that was received
    Attempt      a likely mistake that was tried and is ruled out (for "unexplained")
    Diagnosis    verdict, the explanation, the string that should have been signed and the one that was

A verdict is

- ``valid``: the sign is right, and nothing that stands beside it (sign type, charset) is wrong;
- ``explained``: the named mistakes reproduce the received sign bit by bit. Nothing else earns this word;
- ``unexplained``: none of the tried combinations does. With MD5 a wrong key and an unknown text cannot be
  told apart then; with RSA the facts say whether the key was right.

No value here ever holds a key: where a mistake concerns the key, ``KEY_MARK`` stands in its place.
"""

# ruff: noqa: RUF001, RUF002 (the mark that stands for a key)

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from alipay_qr_conformance.model.texts import mistake_texts, say, with_detail
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.reading.message import Pairs

Verdict = Literal["valid", "explained", "unexplained"]
Language = Literal["en", "zh"]

KEY_MARK: Final = "‹md5-key›"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One named mistake; ``detail`` is the parameter, encoder, hash or key it concerns, or empty."""

    id: str
    detail: str = ""
    cost: int = 1

    def title(self, lang: Language = "en") -> str:
        """Return the mistake in one line."""
        return _about(mistake_texts()[self.id].title, lang, self.detail)

    def explanation(self, lang: Language = "en") -> str:
        """Return why it breaks the sign."""
        return _about(mistake_texts()[self.id].explanation, lang, self.detail)

    def remedy(self, lang: Language = "en") -> str:
        """Return what to change."""
        return _about(mistake_texts()[self.id].remedy, lang, self.detail)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Mistakes that together reproduce the sign; ``text``, ``attachment`` says how the key was attached."""

    mistakes: tuple[Mistake, ...]
    signed: bytes = field(repr=False)
    text: str = field(repr=False)
    charset: str = "UTF-8"
    attachment: str = "{text}"

    @property
    def cost(self) -> tuple[int, int]:
        """Sort key: fewer mistakes first, then the more frequent ones."""
        return len(self.mistakes), sum(mistake.cost for mistake in self.mistakes)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A likely mistake that would change this message's sign and was ruled out."""

    mistake: Mistake


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the doctor found; see the module's text for the verdicts.

    Attributes:
        mistakes: the simplest set of mistakes that reproduces the sign; empty unless explained.
        equivalents: other sets, no longer than ``mistakes``, that give the very same bytes on this message,
            so that nobody can tell them apart from one message alone.
        expected_presign: the string that should have been signed, in ``expected_charset``; None where a
            character does not exist in that charset.
        signed_presign: the string that was signed; None while unexplained.
        expected_seal, signed_seal: how the key belongs to the text and how it was attached
            (``{text}‹md5-key›``).
        facts: codes of what is proved whatever the verdict (``fact.*`` in ``texts/interface.toml``).
        nearest: likely mistakes that were ruled out, the likeliest first.
        tried: how many hypotheses were compared.
        received: True for a message from Alipay: then its *text* was altered or misread, the sign was right.
        exhausted: True where the budget ended the search before its own limits did.
        alike: says of another message's parameters, charset, sign type and sign whether the same mistakes
            make that sign, with the same keys; None unless explained by a search.
    """

    verdict: Verdict
    sign_type: str
    sign: str
    mistakes: tuple[Mistake, ...] = ()
    equivalents: tuple[tuple[Mistake, ...], ...] = ()
    expected_presign: str | None = None
    signed_presign: str | None = None
    expected_bytes: bytes | None = field(default=None, repr=False)
    signed_bytes: bytes | None = field(default=None, repr=False)
    expected_charset: str = "UTF-8"
    signed_charset: str | None = None
    expected_seal: str = "{text}"
    signed_seal: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    nearest: tuple[Attempt, ...] = ()
    tried: int = 0
    exhausted: bool = False
    received: bool = False
    alike: Callable[[Pairs, str, str, str], bool] | None = field(default=None, repr=False, compare=False)

    def to_json(self, lang: Language = "en") -> dict[str, object]:
        """Return the diagnosis as JSON values, the words in ``lang``."""
        return {
            "verdict": self.verdict,
            "sign_type": self.sign_type,
            "mistakes": [_mistake_json(mistake, lang) for mistake in self.mistakes],
            "equivalents": [[_mistake_json(each, lang) for each in group] for group in self.equivalents],
            "expected_presign": self.expected_presign,
            "expected_charset": self.expected_charset,
            "expected_seal": self.expected_seal,
            "signed_presign": self.signed_presign,
            "signed_charset": self.signed_charset,
            "signed_seal": self.signed_seal,
            "facts": [
                {"id": code, "text": say(f"fact.{code}", lang, detail=detail)} for code, detail in self.facts
            ],
            "ruled_out": [_mistake_json(attempt.mistake, lang) for attempt in self.nearest],
            "tried": self.tried,
            "exhausted": self.exhausted,
        }


def _about(text: Text, lang: Language, detail: str) -> str:
    return with_detail(text, detail).in_language(lang)


def _mistake_json(mistake: Mistake, lang: Language) -> dict[str, str]:
    return {
        "id": mistake.id,
        "detail": mistake.detail,
        "title": mistake.title(lang),
        "explanation": mistake.explanation(lang),
        "remedy": mistake.remedy(lang),
    }
