"""One reading of a piece of text, before it is told from the readings of the same message in other ways."""

from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import unquote

from alipay_qr_conformance.reading.message import Pairs, Ways


@dataclass(frozen=True)
class Draft:
    """A message as one format's reader has it.

    Attributes:
        start, end: characters of the text that it takes up.
        params: decoded pairs; empty where ``form`` is read later.
        form: the encoded query and body, as they stand.
        ways: as `Candidate.ways`.
        source: as `Message.source`.
        certain: as `Candidate.certain`.
        charset: as its frame declares it; empty where it does not.
    """

    start: int
    end: int
    source: str
    params: Pairs = ()
    form: tuple[str, str] | None = None
    ways: Ways = ()
    certain: bool = False
    charset: str = ""

    def by(self, *ways: str) -> "Draft":
        """Return the draft, come by in these ways too."""
        return replace(self, ways=(*((way, "") for way in ways), *self.ways)) if ways else self

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names as they stand."""
        if self.params:
            return tuple(name for name, _ in self.params)
        segments = (segment for part in self.form or () for segment in part.split("&") if segment)
        return tuple(segment.partition("=")[0] for segment in segments)

    @cached_property
    def sign(self) -> str:
        """The value of ``sign``; an empty text where there is none."""
        if self.params:
            return next((value for name, value in self.params if name == "sign"), "")
        for part in self.form or ():
            for segment in part.split("&"):
                if segment.startswith("sign="):
                    return unquote(segment[5:])
        return ""
