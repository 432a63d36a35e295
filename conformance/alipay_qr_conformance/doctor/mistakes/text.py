"""How the pairs are joined, and what was done to the finished text.

Right is ``name=value`` joined with ``&``: nothing before, between or after it.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from alipay_qr import GATEWAY_GLOBAL, GATEWAY_HK, GATEWAY_TEST
from alipay_qr_conformance.doctor.mistakes.escapes import ENCODERS, html_escape, percent
from alipay_qr_conformance.doctor.pipeline import Names, Stage, State, StepChange, Steps

RARITY: Final = {
    "join.trailing": 2,
    "join.leading": 3,
    "join.blank": 3,
    "join.nothing": 4,
    "join.values-only": 5,
    "join.separator": 4,
    "join.equals": 5,
    "join.quoted": 3,
    "join.json": 4,
    "text.url-encoded": 3,
    "text.html-escaped": 3,
    "text.case": 5,
    "text.bom": 5,
    "text.trimmed": 4,
    "text.blanks-removed": 4,
    "text.quotes-removed": 4,
    "text.backslashes-removed": 4,
    "text.base64": 6,
    "text.empty": 4,
    "text.truncated": 5,
    "text.url-decoded": 5,
}

Join = Callable[[Names, Sequence[int], State], str]


def plain(names: Names, order: Sequence[int], state: State) -> str:
    """Return the pairs as the protocol joins them."""
    return "&".join([f"{names[i]}={value}" for i in order if (value := state[i]) is not None])


def _pairs(between: str, equals: str = "=", before: str = "", after: str = "", quote: str = "") -> Join:
    def join(names: Names, order: Sequence[int], state: State) -> str:
        parts = [f"{names[i]}{equals}{quote}{value}{quote}" for i in order if (value := state[i]) is not None]
        return before + between.join(parts) + after

    return join


def _values(between: str) -> Join:
    def join(names: Names, order: Sequence[int], state: State) -> str:
        del names
        return between.join([value for i in order if (value := state[i]) is not None])

    return join


def _json(separators: tuple[str, str]) -> Join:
    def join(names: Names, order: Sequence[int], state: State) -> str:
        pairs = {names[i]: value for i in order if (value := state[i]) is not None}
        return json.dumps(pairs, separators=separators, ensure_ascii=False)

    return join


_ADDRESSES: Final = (
    "https://mapi.alipay.com/gateway.do",
    *(GATEWAY_TEST, GATEWAY_GLOBAL, GATEWAY_HK),
    "/gateway.do",
)
"""Of gateways, the first that of the mainland: who signs a whole URL signs one of these with it."""

_JOINS: Final[tuple[tuple[str, str, Join, int], ...]] = (
    ("join.trailing", "&", _pairs("&", after="&"), 0),
    ("join.leading", "&", _pairs("&", before="&"), 0),
    ("join.leading", "?", _pairs("&", before="?"), 0),
    *(("join.leading", f"{each}?", _pairs("&", before=f"{each}?"), 1) for each in _ADDRESSES),
    ("join.blank", "", _pairs("& "), 0),
    ("join.blank", "before and after", _pairs(" & "), 1),
    ("join.trailing", "newline", _pairs("&", after="\n"), 1),
    ("join.trailing", "CR LF", _pairs("&", after="\r\n"), 2),
    ("join.trailing", "blank", _pairs("&", after=" "), 1),
    ("join.trailing", "NUL", _pairs("&", after="\0"), 3),
    ("join.trailing", "?", _pairs("&", after="?"), 3),
    ("join.leading", "blank", _pairs("&", before=" "), 1),
    ("join.leading", "newline", _pairs("&", before="\n"), 2),
    ("join.nothing", "", _pairs(""), 0),
    ("join.nothing", "names and values run together", _pairs("", equals=""), 0),
    ("join.values-only", "", _values(""), 0),
    ("join.values-only", "&", _values("&"), 1),
    ("join.separator", ",", _pairs(","), 0),
    ("join.separator", ", ", _pairs(", "), 1),
    ("join.separator", ";", _pairs(";"), 0),
    ("join.separator", "|", _pairs("|"), 1),
    ("join.separator", "\\n", _pairs("\n"), 0),
    ("join.separator", "&&", _pairs("&&"), 1),
    ("join.separator", "blank", _pairs(" "), 1),
    ("join.separator", "&amp;", _pairs("&amp;"), 0),
    ("join.equals", ":", _pairs("&", equals=":"), 0),
    ("join.equals", " = ", _pairs("&", equals=" = "), 0),
    ("join.equals", "=>", _pairs("&", equals="=>"), 1),
    ("join.equals", "nothing", _pairs("&", equals=""), 1),
    ("join.equals", "&", _pairs("&", equals="&"), 2),
    ("join.quoted", '"', _pairs("&", quote='"'), 0),
    ("join.quoted", "'", _pairs("&", quote="'"), 1),
    ("join.json", "", _json((",", ":")), 0),
    ("join.json", "blanks", _json((", ", ": ")), 1),
)


def joins() -> Iterator[StepChange]:
    """Yield every other way of joining."""
    for id_, detail, join, extra in _JOINS:
        yield StepChange(id_, detail, Stage.JOIN, _put_join(join), extra)


def wholes(codec: str) -> Iterator[StepChange]:
    """Yield what may have been done to the finished text."""
    for encoder in ENCODERS:
        yield _whole("text.url-encoded", encoder.title, _encoded(encoder.title, codec), 0)
    for id_, detail, change, extra in _WHOLES:
        yield _whole(id_, detail, change, extra)
    yield StepChange("text.bom", "", Stage.MARK, _with_mark, opens=True)


def _with_mark(steps: Steps) -> Steps:
    """Return the steps with a byte order mark before whatever the text was made into."""
    whole = steps.whole
    return steps._replace(whole=lambda text: "\ufeff" + whole(text))


def _encoded(title: str, codec: str) -> Callable[[str], str]:
    encoder = next(each for each in ENCODERS if each.title == title)
    return lambda text: percent(text, encoder, codec) or ""


_WHOLES: Final[tuple[tuple[str, str, Callable[[str], str], int], ...]] = (
    ("text.html-escaped", "htmlspecialchars", html_escape("htmlspecialchars"), 0),
    ("text.html-escaped", "ENT_QUOTES", html_escape("htmlspecialchars ENT_QUOTES"), 1),
    ("text.case", "lower", str.lower, 0),
    ("text.case", "upper", str.upper, 0),
    ("text.trimmed", "", str.strip, 0),
    ("text.blanks-removed", "", lambda text: text.replace(" ", ""), 0),
    ("text.blanks-removed", "all white space", lambda text: "".join(text.split()), 1),
    ("text.quotes-removed", "", lambda text: text.replace('"', ""), 0),
    ("text.backslashes-removed", "", lambda text: text.replace("\\", ""), 0),
    (
        "text.base64",
        "",
        lambda text: base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii"),
        0,
    ),
    ("text.empty", "", lambda text: "", 0),  # noqa: ARG005 (nothing of the text is left)
    ("text.truncated", "last character", lambda text: text[:-1], 0),
    ("text.truncated", "first character", lambda text: text[1:], 0),
    ("text.url-decoded", "plus", lambda text: text.replace("+", " "), 1),
)


def _whole(id_: str, detail: str, change: Callable[[str], str], extra: int) -> StepChange:
    return StepChange(id_, detail, Stage.WHOLE, lambda steps: steps._replace(whole=change), extra)


def _put_join(join: Join) -> Callable[[Steps], Steps]:
    return lambda steps: steps._replace(join=join)
