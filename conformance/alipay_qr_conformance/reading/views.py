r"""What programs, pages and mails do to a text, undone: each view is a text in which it is not done.

    quoted-printable  ``=3D`` and a ``=`` at the end of a line
    mail-quote        ``> `` before each line
    prefixed          the same words before each line, as a logger writes them
    json-escapes      ``\u0026``, ``\"``, ``\/``, ``\n``
    html-entities     ``&amp;``, ``&quot;``, ``&#38;``
    entity-characters ``¬ify_url`` for ``&notify_url``: a page has read ``&not``
    caret             ``^&`` of cmd
    backslash         ``\&`` of a shell, and one at the end of a line that goes on
    nested            an address that stands percent-encoded in the query of another one
    doubled-quotes    ``""a""`` in a cell of CSV
    boxes             ``│ a │ b │``: a table with drawn lines
    spaced            ``a=1& b=2``
    mojibake          bytes of UTF-8 or GBK that were shown in a Western charset
    percent           ``%26`` and ``%3D``: the whole message was encoded once more
    invisible         zero-width characters, blanks of a page, the colours of a terminal
    syslog            ``#012`` for a line end, ``#345#225#206`` for what is not ASCII
    literals          ``"a=1&" + "b=2"``: the literals of a program, joined
    fullwidth         U+FF06 for ``&``, U+FF1D for ``=``
    unfolded          lines that were broken at a fixed width, or at ``&``
    tags              the text of an HTML page

A view has the name of what was undone. Nothing is undone for which there is no sign in the text.
"""

import html
import quopri
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote, unquote_to_bytes

from alipay_qr_conformance.reading.names import KNOWN
from alipay_qr_conformance.reading.octets import to_bytes
from alipay_qr_conformance.reading.patterns import later

_BLANK: Final = later("[\u00a0\u2000-\u200a\u202f\u3000]")
_INVISIBLE: Final = later("\x1b\\[[0-9;]{0,20}[A-Za-z]|[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_JSON_MARK: Final = later(
    r"\\(?:[uU][0-9a-fA-F]{4}|[\"/]|[nrt](?=[ \t]{0,40}[A-Za-z_\\\[('\"])|x[0-9a-fA-F]{2})"
)
_JSON_ESCAPE: Final = later(r"\\(?:[uU]([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_OCTAL: Final = later(rb"#([0-3][0-7]{2})")
_HIGH: Final = later("[\ud800-\udbff]")
_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_ENTITY: Final = later(r"&(?:amp|quot|lt|gt|apos|nbsp|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});")
_CHARACTERS: Final = {
    "\u00ac": "not",
    "\u00d7": "times",
    "\u00a4": "curren",
    "\u00ae": "reg",
    "\u00a9": "copy",
    "\u00a7": "sect",
    "\u00b6": "para",
    "\u00b5": "micro",
}
_EATEN: Final = later(f"([{''.join(_CHARACTERS)}])([a-z_]{{1,40}})(?==)")
_CARET: Final = later(r"\^(.)")
_BACKSLASH: Final = later(r"\\(?:([&?=:;|()'!$# ])|\r?\n[ \t]{0,40})")
_CONTINUED: Final = later(r"\\\r?\n")
_LITERALS: Final = later(
    r"([\"'`])(?:[ \t]{0,8}(?:[+.]|<<|&(?: _)?)?\s{0,80}?\r?\n\s{0,80}?[+.]?|[ \t]{0,8}[+.])[ \t]{0,80}\1"
)
_OPENED: Final = later(r"(?<=[:=] )\((?=[\"'])")
_CLOSED: Final = later(r"(?<=[\"'])\)(?=[,}\]\r\n]|\Z)")
"""The brackets that Python puts around the literals of one value."""
_FULLWIDTH: Final = {0xFF01 + at: 0x21 + at for at in range(94)}
_ENCODED_MARK: Final = later(r"(?:%(?:25)?26|^|[^\w%])[a-z_]{4,40}%(?:25)?3D|%3Calipay%3E", re.IGNORECASE)
_INNER: Final = later(r"(?<==)(https?%3A%2F%2F[^\s&\"'<>]{20,8000})")
_SPACED: Final = later(r"&[ \t]{1,8}(?=[A-Za-z_]\w{1,40}=)", re.ASCII)
_WESTERN: Final = later("[\u0080-\u00ff]{2}")
_QUOTE: Final = later(r"(?m)^[ \t]?(?:>[ \t]?)+")
_BREAK: Final = later(r"(?:(?<![ \t])[ \t]+)?\r?\n[ \t]*(?:[\u21aa\u21b3\u2937][ \t]?)?")
_TAG: Final = later(r"<(/?[A-Za-z][A-Za-z0-9]*+)[^<>]*>")
_INLINE: Final = frozenset({"font", "small", "i", "u", "mark"})
_CELL: Final = frozenset({"td", "th", "dt", "span", "b", "strong", "code", "em", "a"})
_PREFIX: Final = later(r"(?:[^\s:=&?]{1,60}:? ){1,8}|[A-Z]/[\w.]{1,30}(?:\( *\d+\))?: ?")
_FEWEST: Final = 2
_REPEATED: Final = frozenset({"json-escapes", "html-entities", "percent"})
_LONGEST_UNDONE: Final = 4
_MOST_TIMES: Final = 3
_MOST: Final = 24
"""Views of one text: each costs as much as the text itself."""


class View(NamedTuple):
    """A text, and what was undone to come by it."""

    text: str
    ways: tuple[str, ...]


def views(text: str) -> Iterator[View]:
    """Yield the text itself, then what it may have been before something happened to it."""
    plain = View(text, ())
    seen = {text}
    level, left = [plain], _MOST
    yield plain
    for _ in range(_LONGEST_UNDONE):
        following = []
        for view in level:
            for name, undo in _UNDO:
                if name in view.ways and name not in _REPEATED:
                    continue
                if view.ways.count(name) >= _MOST_TIMES:
                    continue
                undone = undo(view.text)
                if undone is not None and undone not in seen:
                    seen.add(undone)
                    following.append(View(undone, (*view.ways, name)))
        yield from following[:left]
        left -= len(following)
        if left <= 0:
            return
        level = following


def undone(text: str, ways: Iterable[str]) -> View | None:
    """Return the view that these ways lead to; None where one of them is none for this text."""
    for way in ways:
        following = VIEWS[way](text) if way in VIEWS else None
        if following is None:
            return None
        text = following
    return View(text, tuple(ways))


def _json(text: str) -> str | None:
    return unescape(text) if _JSON_MARK.search(text) else None


def unescape(text: str) -> str:
    """Return the text with the escapes of JSON and its relatives read once."""
    return paired(_JSON_ESCAPE.sub(_escaped, text))


def paired(text: str) -> str:
    """Return the text with halves of surrogate pairs joined."""
    if text.isascii() or not _HIGH.search(text):
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return text


def _escaped(found: re.Match[str]) -> str:
    if code := found[1] or found[2]:
        return chr(int(code, 16))
    return _LETTERS.get(found[3], found[3])


def _html(text: str) -> str | None:
    return html.unescape(text) if _ENTITY.search(text) else None


def _entity_characters(text: str) -> str | None:
    def restored(found: re.Match[str]) -> str:
        name = _CHARACTERS[found[1]] + found[2]
        return f"&{name}" if name in KNOWN else found[0]

    undone = _EATEN.sub(restored, text) if not text.isascii() else text
    return None if undone == text else undone


def _caret(text: str) -> str | None:
    return _CARET.sub(r"\1", text) if "^&" in text or "^=" in text else None


def _backslash(text: str) -> str | None:
    marked = any(mark in text for mark in ("\\&", "\\=", "\\:")) or _CONTINUED.search(text)
    return _BACKSLASH.sub(lambda found: found[1] or "", text) if marked else None


def _literals(text: str) -> str | None:
    if not _LITERALS.search(text):
        return None
    joined, count = _OPENED.subn("", _LITERALS.sub("", text))
    return _CLOSED.sub("", joined) if count else joined


def _fullwidth(text: str) -> str | None:
    return text.translate(_FULLWIDTH) if "\uff06" in text or "\uff1d" in text else None


def _percent(text: str) -> str | None:
    if "%" not in text or not _ENCODED_MARK.search(text):
        return None
    return unquote_to_bytes(to_bytes(text.replace("+", " "))).decode("utf-8", "surrogateescape")


def _invisible(text: str) -> str | None:
    if text.isascii() and "\x1b" not in text:
        return None
    undone = _BLANK.sub(" ", _INVISIBLE.sub("", text))
    return None if undone == text else undone


def _syslog(text: str) -> str | None:
    """Return the text with the line ends, tabs and foreign characters that rsyslog writes as ``#012``."""
    if text.count("#") < _FEWEST:
        return None
    told, count = _OCTAL.subn(lambda found: bytes([int(found[1], 8)]), to_bytes(text))
    return told.decode("utf-8", "surrogateescape") if count >= _FEWEST else None


def _mail(text: str) -> str | None:
    lines = text.count("\n") + 1
    return _QUOTE.sub("", text) if ">" in text and len(_QUOTE.findall(text)) * 2 >= lines else None


def _quoted_printable(text: str) -> str | None:
    if "=3D" not in text:
        return None
    return quopri.decodestring(to_bytes(text)).decode("utf-8", "surrogateescape")


def _prefixed(text: str) -> str | None:
    lines = text.splitlines()
    if len(lines) < _FEWEST:
        return None
    first = _PREFIX.match(lines[0])
    if first is None:
        return None
    length = len(first[0])
    shape = _shape(first[0])
    alike = [_shape(line[:length]) == shape or not line[length:].strip() for line in lines]
    if not all(alike):
        return None
    return "\n".join(line[length:] for line in lines)


def _shape(text: str) -> str:
    return re.sub(r"\d", "0", text).strip()


def _unfolded(text: str) -> str | None:
    return _BREAK.sub("", text.strip()) if "\n" in text.strip() else None


def _blanks(text: str) -> str | None:
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) < _FEWEST or "&" not in text or " " not in text:
        return None
    width = max(map(len, lines))
    full = sum(len(line) == width for line in lines) >= _FEWEST  # those were broken within a word
    return "".join(line if full and len(line) == width else f"{line} " for line in lines).rstrip()


def _tags(text: str) -> str | None:
    if not _TAG.search(text):
        return None
    return html.unescape(_TAG.sub(_instead, text))


def _instead(tag: re.Match[str]) -> str:
    name = tag[1].lower().lstrip("/")
    return "" if name in _INLINE else "\t" if name in _CELL else "\n"


def _nested(text: str) -> str | None:
    """Return the text with what stands in the query of a redirect, or of a mail scanner, set apart."""
    if "sign%3D" not in text:
        return None
    undone = _INNER.sub(lambda found: f"\n{unquote(found[1])}\n" if "sign%3D" in found[1] else found[0], text)
    return None if undone == text else undone


def _spaced(text: str) -> str | None:
    return _SPACED.sub("&", text) if len(_SPACED.findall(text)) >= _FEWEST else None


def _doubled(text: str) -> str | None:
    return text.replace('""', '"') if text.count('""') >= _FEWEST * 2 else None


def _boxes(text: str) -> str | None:
    return re.sub("[\u2502\u2503]", "|", text) if "\u2502" in text or "\u2503" in text else None


def _mojibake(text: str) -> str | None:
    """Return the text whose bytes were shown as if they were of a Western charset."""
    if text.isascii() or not _WESTERN.search(text):
        return None
    for shown in ("latin-1", "cp1252"):
        for charset in ("utf-8", "gb18030"):
            try:
                return text.encode(shown).decode(charset)
            except UnicodeError:
                continue
    return None


_UNDO: Final[tuple[tuple[str, Callable[[str], str | None]], ...]] = (
    ("quoted-printable", _quoted_printable),
    ("mail-quote", _mail),
    ("prefixed", _prefixed),
    ("json-escapes", _json),
    ("html-entities", _html),
    ("entity-characters", _entity_characters),
    ("caret", _caret),
    ("backslash", _backslash),
    ("invisible", _invisible),
    ("syslog", _syslog),
    ("literals", _literals),
    ("fullwidth", _fullwidth),
    ("nested", _nested),
    ("percent", _percent),
    ("doubled-quotes", _doubled),
    ("boxes", _boxes),
    ("spaced", _spaced),
    ("mojibake", _mojibake),
    ("unfolded", _unfolded),
    ("joined-lines", _blanks),
    ("tags", _tags),
)
VIEWS: Final = dict(_UNDO)
