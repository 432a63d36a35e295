"""`InputError`: what was given is nothing that can be explained."""

from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.texts import say


class InputError(ValueError):
    """What was given cannot be explained; the message says what was expected.

    Attributes:
        code: ``input.<code>`` in ``texts/interface.toml``.
        detail: what of the input it is about; never a part of a key.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, lang: str) -> str:
        """Return the message in English, or in Chinese for ``zh``."""
        return say(f"input.{self.code}", lang, detail=in_both(self.detail).in_language(lang))
