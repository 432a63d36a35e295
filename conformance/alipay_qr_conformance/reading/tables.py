"""Tables: the names stand once, above or before the values.

notify_id,sign_type,sign / 91..,MD5,21..                CSV of any separator, quotes doubled
notify_id / 91.. / sign / 21..                           each on a line of its own, by turns
1 / sign / 21.. / required                               a row each, in columns of which two matter
INSERT INTO log (notify_id, sign) VALUES ('91..', '..'); SQL, several rows too
COPY log (notify_id, sign) FROM stdin;                   PostgreSQL, with rows below it
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.names import KNOWN, is_message
from alipay_qr_conformance.reading.patterns import later
from alipay_qr_conformance.reading.quoted import quoted
from alipay_qr_conformance.reading.views import unescape

_SEPARATORS: Final = ",;|\t"
_FEWEST: Final = 3
_MOST_ROWS: Final = 1000
_MOST_COLUMNS: Final = 200
_FRAME: Final = " \t\r\"'`:\uff1a|*"
_NUMBER: Final = later(r"\A\s{0,40}\d{1,4}[).][ \t]{1,4}")
_COLUMN: Final = later(r"[A-Za-z_]\w{0,63}", re.ASCII)
_SIGN: Final = later(r"[0-9a-fA-F]{32}|[A-Za-z0-9+/]{80,1400}={0,2}")
_INSERT: Final = later(
    r"(?i)\((\s{0,80}+[`\"\[]?\w{1,64}+[`\"\]]?\s{0,80}+"
    r"(?:,\s{0,80}+[`\"\[]?\w{1,64}+[`\"\]]?\s{0,80}+){2,200}+)\)\s{0,80}+VALUES\s{0,80}"
)
_COPY: Final = later(
    r"(?i)\bCOPY\s{1,8}[\w.\"]{1,130}\s{0,8}\(([^()\r\n]{1,4000})\)\s{1,8}FROM\s{1,8}stdin[^\r\n]{0,80}\r?\n"
)
_ROW: Final = later(r"\s{0,80},?\s{0,80}\(")
_SQL_VALUE: Final = later(
    r"\s{0,80}+(?:N?'((?:[^'\\]|''|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\"|([^,()'\"]{0,80}+))\s{0,80}+([,)])",
    re.DOTALL,
)
_SQL_ESCAPE: Final = later(r"''|\\(.)", re.DOTALL)
_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def tables(text: str) -> Iterator[Draft]:
    """Yield the messages that are rows of tables."""
    yield from _csv(text)
    yield from _by_turns(text)
    yield from _columns(text)
    if "(" in text and re.search(r"(?i)\bVALUES\b", text):
        yield from _sql(text)
    if "stdin" in text:
        yield from _copied(text)


def _csv(text: str) -> Iterator[Draft]:
    at = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for separator in _SEPARATORS:
            names = [each.strip(" \"'`\r") for each in line.strip("| \r").split(separator)]
            known = KNOWN.intersection(names)
            if len(known) < _FEWEST or len(names) > _MOST_COLUMNS or not is_message([*known, "sign"]):
                continue
            yield from _rows(lines[number + 1 :], names, separator, at)
            return
        at += len(line) + 1


def _by_turns(text: str) -> Iterator[Draft]:
    """Yield the message whose names and values stand on lines by turns, as copies of pages have them."""
    whole = [_NUMBER.sub("", line).strip(" \t\r") for line in text.split("\n")]
    lines = [(line.strip(_FRAME), line) for line in whole if line.strip(_FRAME)]
    first = next((at for at, (line, _) in enumerate(lines) if line in KNOWN), len(lines))
    found: dict[str, tuple[str, str]] = {}
    for (name, _), value in zip(lines[first::2], lines[first + 1 :: 2], strict=False):
        if not _COLUMN.fullmatch(name) or name in found or len(found) >= _MOST_COLUMNS:
            break
        found[name] = value
    if not is_message(found):
        return
    bare = tuple((name, value) for name, (value, _) in found.items())
    last = max(at for at, name in enumerate(found) if name in KNOWN)
    yield Draft(0, len(text), "table", params=bare[: last + 1])  # "next:" begins another text
    yield Draft(0, len(text), "table", params=bare)
    literal = tuple((name, _literal(line)) for name, (_, line) in found.items())
    if literal != bare:
        yield Draft(0, len(text), "table", params=literal[: last + 1])


def _literal(line: str) -> str:
    """Return what a line says that is one quoted text; any other line as it is."""
    said = quoted(line, 0)
    return said[0] if said is not None and said[1] == len(line) else line


def _columns(text: str) -> Iterator[Draft]:
    """Yield the message whose pairs are rows of a table with other columns beside: a number, a remark."""
    for separator in "\t|":
        if separator not in text:
            continue
        rows = [line.strip("| \r").split(separator) for line in text.split("\n")]
        cells = [[cell.strip(_FRAME) for cell in row] for row in rows if len(row) > 2]  # noqa: PLR2004 (more than pairs)
        places = Counter(at for row in cells for at, cell in enumerate(row[:-1]) if cell in KNOWN)
        if not places:
            continue
        column, _ = places.most_common(1)[0]
        signs = (row for row in cells if row[column : column + 1] == ["sign"])
        beside = next(signs, [])
        value = next((at for at in range(column + 1, len(beside)) if _SIGN.fullmatch(beside[at])), column + 1)
        found: dict[str, str] = {}
        for row in cells:
            if value < len(row) and _COLUMN.fullmatch(row[column]) and len(found) < _MOST_COLUMNS:
                found.setdefault(row[column], row[value])
        if is_message(found):
            yield from _both(0, tuple(found.items()))


def _rows(lines: list[str], names: list[str], separator: str, start: int) -> Iterator[Draft]:
    if separator == "|":
        lines = [line.strip("| \r") for line in lines]
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=separator, skipinitialspace=True)):
            if number >= _MOST_ROWS:
                return
            if len(cells) != len(names) or set("".join(cells)) <= set("-+: "):
                continue
            pairs = tuple(
                (name, cell.strip() if separator == "|" else cell)
                for name, cell in zip(names, cells, strict=True)
            )
            yield from _both(start, pairs)
    except csv.Error:
        return


def _both(start: int, pairs: tuple[tuple[str, str], ...]) -> Iterator[Draft]:
    """Yield a row without the columns that no message has, then with them."""
    known = tuple(pair for pair in pairs if pair[0] in KNOWN)
    yield Draft(start, start, "table", params=known, ways=(("table", ""),))
    filled = tuple(pair for pair in known if pair[1] not in {"", "NULL", "\\N"})
    if filled != known:
        yield Draft(start, start, "table", params=filled, ways=(("table", ""),))
    if known != pairs:
        yield Draft(start, start, "table", params=pairs, ways=(("table", ""),))


def _sql(text: str) -> Iterator[Draft]:
    for insert in _INSERT.finditer(text):
        names = [each.strip(" \"'`[]\r\n\t") for each in insert[1].split(",")]
        if not is_message([*names, "sign"]):
            continue
        at = insert.end()
        for _ in range(_MOST_ROWS):
            row = _ROW.match(text, at)
            if row is None:
                break
            at = row.end()
            values: list[str] = []
            while len(values) <= _MOST_COLUMNS and (value := _SQL_VALUE.match(text, at)) is not None:
                values.append(_said(value))
                at = value.end()
                if value[4] == ")":
                    break
            if len(values) != len(names):
                break
            yield from _both(insert.start(), tuple(zip(names, values, strict=True)))


def _copied(text: str) -> Iterator[Draft]:
    for copy in _COPY.finditer(text):
        names = [each.strip(' "') for each in copy[1].split(",")]
        if not is_message([*names, "sign"]):
            continue
        for row in text[copy.end() :].split("\n", _MOST_ROWS)[:_MOST_ROWS]:
            values = row.rstrip("\r").split("\t")
            if values[0] == "\\.":
                break
            if len(values) == len(names):
                said = (each if each == "\\N" else unescape(each) for each in values)
                yield from _both(copy.start(), tuple(zip(names, said, strict=True)))


def _said(value: re.Match[str]) -> str:
    if value[3] is not None:
        bare = value[3].strip()
        return "" if bare.upper() == "NULL" else bare
    return _SQL_ESCAPE.sub(
        lambda found: _LETTERS.get(found[1], found[1]) if found[1] else "'",
        value[1] if value[1] is not None else value[2],
    )
