"""Lines like one that was read before -> their forms, by one pattern for the whole line.

The first line of its kind is read as any other, and its reader tells what stands around the form. What
differs in the next line in anything but the time, the reply and the values of the form, is another kind.
"""

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Final, NamedTuple

from alipay_qr_conformance.audit.forms import Form, Row, form_of

_MOST_LEARNED: Final = 64
"""Patterns that are made for one part of the recording: to make one takes as long as 1,000 lines."""
_MOST_TRIED: Final = 8
_MARK: Final = "sign="


class Frame(NamedTuple):
    """What stands around the form in a line.

    Attributes:
        before, behind: patterns; a group may be called ``time``, and a reply is a `forms.GAP`.
        pairs: those of the form, as they came.
        charset: of a notification.
        status: of the answer.
    """

    before: str
    behind: str
    pairs: Sequence[str]
    charset: str
    status: int | None


class Known(NamedTuple):
    """Lines of one kind."""

    form: Form
    charset: str
    status: int | None

    def column(self, name: str, rows: Sequence[Row]) -> list[str]:
        """Return the texts of a group of the frame; empty ones where it has none of that name."""
        at = self.form.at.get(f"?{name}", self.form.at[""])
        return [row[at] for row in rows]


class Learned:
    """The kinds of lines that were met in one part of the recording."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._known: list[Known] = []
        self._tried: set[tuple[str, str, tuple[str, ...]]] = set()

    def learn(self, frame: Frame) -> bool:
        """Recognise lines like this one from now on; say whether that is new."""
        names = tuple([pair.partition("=")[0] for pair in frame.pairs])
        key = (frame.before, frame.behind, names)
        if key in self._tried or len(self._tried) >= _MOST_LEARNED:
            return False
        self._tried.add(key)  # what gave way to another is not learned again
        form = form_of(frame.pairs, self._profile, frame.before, frame.behind + "\n")
        if form is not None:
            # The last one was met least.
            self._known = [*self._known[: _MOST_TRIED - 1], Known(form, frame.charset, frame.status)]
        return form is not None

    def recognise(
        self, lines: Sequence[str], places: Sequence[int]
    ) -> Iterator[tuple[Known, list[int], list[Row]]]:
        """Yield those of the lines at these places that are of a known kind, kind by kind."""
        left = list(places)
        counts = []
        for turn, known in enumerate(self._known):
            if turn == 1:
                left = [at for at in left if _MARK in lines[at]]
            found = known.form.rows(map(lines.__getitem__, left))
            rows = [row for row in found if row]
            counts.append((-len(rows), turn, known))
            if rows:
                yield known, list(compress(left, found)), rows
                left = [at for at, row in zip(left, found, strict=True) if row is None]
        counts.sort(key=lambda each: each[:2])
        self._known = [known for _, _, known in counts]
