r"""One tolerant reader of pairs: ``name SEPARATOR value`` in whatever way a program prints them.

    notify_id: 91.., notify_id = 91.., notify_id<TAB>91..   one a line, numbered or not, behind any prefix
    {notify_id=91.., sign=..}                               Java
    {'notify_id': '91..'}, <QueryDict: {'sign': ['..']}>    Python
    {"notify_id"=>"91..", :sign=>"..."}                     Ruby
    map[notify_id:91.. sign:..], map[sign:[..]]             Go
    [notify_id] => 91..                                     PHP's print_r
    ["notify_id"]=> string(34) "91.."                       PHP's var_dump
    'notify_id' => '91..',                                  PHP's var_export
    [notify_id, 91..]  { "notify_id", "91.." }              C#
    Map(notify_id -> 91..)  :notify_id "91.."               Scala, Clojure
    {<<"notify_id">>,<<"91..">>}  s:9:"notify_id";s:34:".." Erlang, PHP's serialize
    []string{"91.."}  [b'91..']                             values behind their type
    | notify_id | 91.. |                                    a table
    &{NotifyId:91.. Sign:..}, Param(notifyId=91.., sign=..) structs and beans: the names are translated

What separates name from value is seen at the names that the protocol knows, what separates the pairs is
what stands before each of them; then the names that it does not know are found between.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.edges import cut_short, unpunctuated, without_edges
from alipay_qr_conformance.reading.names import ANCHORS, CAMEL_BESIDE, KNOWN, is_message
from alipay_qr_conformance.reading.patterns import later
from alipay_qr_conformance.reading.quoted import quoted
from alipay_qr_conformance.reading.repeated import repeated

_RIGHT: Final = r"[\"'`\])>*\u201d\u2019]{0,3}"
_SEPARATOR: Final = (
    r"(?:[,\uff0c\u3001;\uff1b]?\s{1,80}|[,\uff0c\u3001;\uff1b])[\"']?(?:[Vv]alue|VALUE|\u53c2\u6570\u503c|\u503c)"
    r"[\"']?[ \t]{0,4}[:=\uff1a\uff1d][ \t]{0,4}|"
    r"[ \t]{0,4}(?<!-)-{2,4}(?![->])[ \t]{0,4}|"
    r"[ \t]{1,40}[-\u2013\u2014][ \t]{1,40}|#[ \t]{1,4}|[ \t]{0,40}[\u2192\u21d2][ \t]{0,40}|"
    r"\s{0,4}[=-]{1,4}>(?:\s{1,80}(?=string\()|[ \t]{0,80})|\s{0,4}:=\s{0,4}|;(?=s:\d)| (?=\")|"
    r"[ \t]{0,40}(?:=|:|\uff1a|\uff1d)[ \t]{0,40}|,[ \t]{0,4}|"
    r"[ \t]{0,80}\|[ \t]{0,4}|\u3011[ \t:\uff1a]{0,4}|\t{1,8}| {2,80}"
)
_HEAD: Final = later(
    rf"(?<![A-Za-z0-9_.$%-])([A-Za-z_](?:[A-Za-z0-9_.]|-(?![->])){{0,63}})({_RIGHT})({_SEPARATOR})"
    r"(string\(\d{1,7}\)[ ]|string (?=[\"'])|"
    r"\(string\) (?:\(len=\d{1,7}\) )?(?=\")|s:\d{1,7}:|\[\]string\{(?=\")|\[?b?(?=[\"'`])|<<(?=\"))?",
    re.ASCII,
)
_LINE_DELIMITER: Final = later(r"\r?\n[^\r\n]{0,120}\Z")
_DELIMITER: Final = later(
    r"([,;&\uff0c\uff1b\u3001][ \t]{0,4}|[ ][|/\u00b7\u2022][ ]|\t{1,8}| {2,80}|[ ])[\[\"'`({:]{0,3}\Z"
)
_LEFT: Final = later(r"[\[\"'`({:<*|\u201c\u2018]{0,4}\Z")
_LENGTH: Final = later(r"s(?:tring\(|:)(\d{1,7})[):]")
_BEHIND_QUOTE: Final = later(r"[\s,;)\]}>/&+.|]|\Z|[\"'`](?![A-Za-z_])")
_OPENING: Final = {"]": "[", "}": "{", ")": "("}
_COLUMN_BEHIND: Final = later(r"(?<=[\]}])\t")
"""What a debugger shows behind a value: its type."""
_LETTER: Final = later(r"[A-Za-z0-9]")
_FEWEST: Final = 3
_FOLDED: Final = later(r"&[a-z_]{1,40}\Z")
"""The end of a line of a form that was broken in the middle of a name."""
_LONGEST_BLANKS: Final = 82
_LONGEST_PREFIX: Final = 200
_SECTION: Final = later(r"[^\r\n]{0,40}?[{\[(][ \t]*\r?\n")
_BEFORE_COMMA: Final = frozenset({"[", "(", '"', "'", "\n", ""})
_LINE_PREFIX: Final = later(r"\n[ \t\r\d.|>*\"'\[({:-]*\Z")


_SHAPES: Final = {
    "sign": later(r"[A-Za-z0-9+/=_-]+"),
    "sign_type": later(r"[A-Za-z0-9_-]*"),
    "_input_charset": later(r"[A-Za-z0-9_-]*"),
}


class _Head(NamedTuple):
    start: int
    end: int
    name: str
    known: bool
    style: tuple[str, str]
    kind: str
    prefix: str = ""
    """What stands before the name: ``params.``, or ``@`` of a log's own members."""


class _Value(NamedTuple):
    text: str
    end: int
    quoted: bool
    exact: str | None = None


def pairs(text: str) -> Iterator[Draft]:
    """Yield the messages that ``text`` lists pair by pair, the readings of each together."""
    heads = list(_heads(text))
    at = 0
    while at < len(heads):
        chain, at = _chain(heads, at)
        if len(chain) >= _FEWEST:
            yield from _readings(text, chain, heads[at].start if at < len(heads) else len(text))


def _heads(text: str) -> Iterator[_Head]:
    for found in _HEAD.finditer(text):
        name = found[1] if found[1] in KNOWN else found[1].rpartition(".")[2]  # ``params.sign = ..``
        known = name in KNOWN
        translated = "" if known else CAMEL_BESIDE.get(name, "")
        separator = found[3]
        shape = separator.strip() or ("\t" if "\t" in separator else "  ")
        if shape in "=:" and text[found.end(3) - len(separator) : found.end(3) + 2].strip() == "://":
            continue
        right = found[2].replace("*", "")
        if shape == "," and not (right or text[found.start() - 1 : found.start()] in _BEFORE_COMMA):
            continue
        if name in KNOWN - ANCHORS and _SECTION.match(text, found.end()):
            continue  # ``body: form {``: a frame around the pairs
        style = (right, {"\uff1a": ":", "\uff1d": "="}.get(shape, shape))
        marked = text[found.start() - 1 : found.start()] == "@"
        prefix = found[1].removesuffix(name) or ("@" if marked else "")
        known_as = translated or name, bool(known or translated)
        yield _Head(found.start(), found.end(), *known_as, style, found[4] or "", prefix)


def _chain(heads: list[_Head], at: int) -> tuple[list[_Head], int]:
    """Return the next heads that belong together: of one style, up to a known name that comes again."""
    while at < len(heads) and not heads[at].known:
        at += 1
    if at == len(heads):
        return [], at
    styles = Counter(each.style for each in heads[at : at + 12] if each.known)
    style = styles.most_common(1)[0][0]
    prefix = Counter(each.prefix for each in heads[at : at + 12] if each.known).most_common(1)[0][0]
    chain: list[_Head] = []
    names: set[str] = set()
    for place in range(at, len(heads)):
        head = heads[place]
        if not head.known or not _alike(head.style, style):
            continue
        if head.prefix != prefix and (prefix or head.prefix == "@"):
            continue
        if head.name in names:
            return chain, place
        names.add(head.name)
        chain.append(head)
    return chain, len(heads)


def _alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether pairs are written alike; before ``=`` some languages quote a name where they must."""
    return one == other or (one[1] == other[1] == "=" and {one[0], other[0]} == {"", '"'})


def _readings(text: str, chain: list[_Head], stop: int) -> Iterator[Draft]:
    if not is_message(head.name for head in chain) and not _is_text_to_sign(chain):
        return
    delimiter = _delimiter(text, chain)
    if not delimiter:
        yield from repeated(text[:stop])
    if delimiter.startswith("&"):
        return  # a form
    camel = any(text[head.start : head.start + len(head.name)] != head.name for head in chain)
    found: list[tuple[str, str]] = []
    exact: list[tuple[str, str]] = []
    end, quotes = chain[0].start, False
    for head, following in zip(chain, [*chain[1:], None], strict=True):
        if head.start < end and found:
            continue  # inside the value before
        limit = following.start if following is not None else _limit(text, head, stop)
        value = _value(text, head, limit, delimiter, last=following is None)
        found.append((head.name, value.text))
        exact.append((head.name, value.text if value.exact is None else value.exact))
        end, quotes = value.end, value.quoted
        if following is not None or value.end < limit:
            unknown = list(_unknown(text[value.end : limit], head.style, delimiter))
            unknown = [(CAMEL_BESIDE.get(name, name), each) for name, each in unknown] if camel else unknown
            found += unknown
            exact += unknown
    if sum(not each for _, each in found) * 2 > len(found):
        return  # the values stand elsewhere
    found, exact = unpunctuated(found), unpunctuated(exact)
    listed = sum("[" in text[head.end - 2 : head.end + 1] for head in chain) * 2 > len(chain)
    ways = (("struct", ""),) if camel else (("listed", ""),) if listed else ()
    letters = _LETTER.search(text, end) or _LETTER.search(text, 0, chain[0].start)
    alone = _is_clean(found) and not letters
    draft = Draft(chain[0].start, end, "dump", params=tuple(found), ways=ways, certain=alone and not camel)
    if chain[0].style[1] == "=" and any("%" in each for _, each in found):
        form = "&".join(f"{name}={each}" for name, each in found)
        yield Draft(draft.start, end, "form", form=("", form), certain=alone)
    if exact != found and chain[0].style[1] in {"=", ":", "=>"}:
        yield from cut_short(replace(draft, params=tuple(exact)), quoted=quotes)
    drafts = list(cut_short(draft, quoted=quotes))
    yield from drafts
    for each in drafts:
        yield from without_edges(each)


def _is_clean(pairs_: list[tuple[str, str]]) -> bool:
    """Say whether sign, sign type and charset are what such values look like, without a part of the frame."""
    values = dict(pairs_)
    return all(shape.fullmatch(values.get(name, "").strip()) for name, shape in _SHAPES.items()) and not any(
        (value[:1] == "{" and value[-1:] != "}") or _FOLDED.search(value) for value in values.values()
    )


def _is_text_to_sign(chain: list[_Head]) -> bool:
    return is_message([*(head.name for head in chain), "sign"])


def _delimiter(text: str, chain: list[_Head]) -> str:
    """Return what stands between the pairs: a line end, or a text; by majority."""
    votes: Counter[str] = Counter()
    for before, head in pairwise(chain):
        gap = text[before.end : head.start]
        if gap.endswith("&amp;"):
            votes["&"] += 1
            continue
        if _LINE_DELIMITER.search(gap):
            votes["\n"] += 1
        elif found := _DELIMITER.search(gap):
            votes[found[1]] += 1
        else:
            votes[""] += 1
    return votes.most_common(1)[0][0] if votes else "\n"


def _limit(text: str, head: _Head, stop: int) -> int:
    """Return where the last value ends at the latest."""
    line = text.find("\n", head.end, stop)
    return line if line >= 0 else stop


def _value(text: str, head: _Head, limit: int, delimiter: str, *, last: bool) -> _Value:
    if head.kind[:1] == "s" and (counted := _counted(text, head)) is not None:
        return counted
    said = _quoted(text, head.end, limit, delimiter)
    if said is not None and (said[1] <= limit or last):
        return _Value(said[0], said[1], quoted=True)
    raw = text[head.end : limit]
    stranger = next(_strangers(raw, head.style, delimiter), None)
    if stranger is not None:
        raw = raw[: stranger.start()]
    if delimiter == "\n":
        raw = raw.partition("\n")[0].rstrip("\r")
    elif not last or stranger is not None:
        raw = _LEFT.sub("", raw, count=1)
        cut = raw.rfind(delimiter) if delimiter else -1
        raw = raw[:cut] if cut >= 0 else raw
    elif delimiter.strip() and delimiter in raw:
        raw = raw[: raw.index(delimiter)]
    exact = (text[_exactly(text, head) : head.end] + raw).rstrip("\r\n")
    return _Value(_clean(raw, head.style), head.end + len(raw), quoted=False, exact=exact)


def _quoted(text: str, at: int, limit: int, delimiter: str) -> tuple[str, int] | None:
    """Return what a quoted text says and where it ends: at its last quote, where those in it are bare."""
    said = quoted(text, at)
    if said is None or said[1] > limit or _BEHIND_QUOTE.match(text, said[1]):
        return said
    edge = delimiter.strip() or "\n"
    stop = text.find(edge, said[1], limit) if edge == "\n" else text.rfind(edge, said[1], limit)
    end = text.rfind(text[at], said[1], stop if stop >= 0 else limit)
    if end < 0:
        return said
    inner, mark = text[at + 1 : end], text[at] if text[at] == "'" else '"'
    return (inner if mark in inner.replace(mark * 2, "") else inner.replace(mark * 2, mark)), end + 1


def _exactly(text: str, head: _Head) -> int:
    """Return where a value begins if blanks at its beginning belong to it: behind one blank, or none."""
    before = text[head.end - _LONGEST_BLANKS : head.end] if head.end > _LONGEST_BLANKS else text[: head.end]
    blanks = len(before) - len(before.rstrip(" "))
    mark = head.end - blanks
    spaced = head.style[1] != "=" or text[mark - 2 : mark - 1] == " "
    return mark + (1 if blanks and spaced else 0)


def _counted(text: str, head: _Head) -> _Value | None:
    """Return a value whose length in bytes stands before it, as PHP's var_dump writes."""
    length = _LENGTH.match(head.kind)
    if length is None or text[head.end : head.end + 1] != '"':
        return None
    size = int(length[1])
    for codec in ("utf-8", "gb18030"):
        raw = text[head.end + 1 : head.end + 1 + size].encode(
            codec, "surrogateescape" if codec == "utf-8" else "replace"
        )
        value = raw[:size].decode(codec, "surrogateescape" if codec == "utf-8" else "ignore")
        end = head.end + 1 + len(value)
        if text[end : end + 1] == '"':
            return _Value(value, end + 1, quoted=True)
    return None


def _clean(raw: str, style: tuple[str, str]) -> str:
    value = raw.strip(" \t\r")
    if style[1] == "=":
        value = value.removesuffix("&").rstrip(" ")
    right, separator = style
    if separator == "|":
        return value.strip("| \t")
    if separator == "," and not right:
        return _unframed(_COLUMN_BEHIND.split(value, maxsplit=1)[0].rstrip(",; "))
    if separator[:1] == ",":
        return _unframed(_COLUMN_BEHIND.split(value, maxsplit=1)[0])
    if value[:1] == "[" and value[-1:] == "]":
        return value[1:-1]
    if value[-1:] == ";" and separator == "=":
        value = value[:-1].rstrip()
    if value[-1:] == "," and separator in {":", "=>", ","}:
        value = value[:-1]
    return "" if value in {"null", "None", "nil", "NULL", "undefined"} else value


def _unframed(value: str) -> str:
    """Return a value without the brackets that close what was opened before it."""
    more = {close: value.count(close) - value.count(open_) for close, open_ in _OPENING.items()}
    end = len(value)
    while end and (value[end - 1].isspace() or more.get(value[end - 1], 0) > 0):
        if not value[end - 1].isspace():
            more[value[end - 1]] -= 1
        end -= 1
    return value if end == len(value) else value[:end]


def _strangers(gap: str, style: tuple[str, str], delimiter: str) -> Iterator[re.Match[str]]:
    """Yield the heads of pairs that the protocol does not know."""
    for found in _HEAD.finditer(gap):
        separator = found[3]
        shape = separator.strip() or ("\t" if "\t" in separator else "  ")
        if (found[2].replace("*", ""), shape) != style or gap[found.start(3) :].startswith("://"):
            continue
        before = gap[max(0, found.start() - _LONGEST_PREFIX) : found.start()]
        if delimiter == "\n":
            if _LINE_PREFIX.search(before):
                yield found
        elif delimiter and _ends_with(_LEFT.sub("", before, count=1), delimiter):
            yield found


def _ends_with(text: str, delimiter: str) -> bool:
    """Say whether a text ends with what stands between pairs, blanks behind it aside."""
    return text.rstrip(" ").endswith(delimiter.rstrip(" ")) if delimiter.strip() else text.endswith(delimiter)


def _unknown(gap: str, style: tuple[str, str], delimiter: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that the protocol does not know, from what stands behind a value."""
    heads = list(_strangers(gap, style, delimiter))
    for found, following in zip(heads, [*heads[1:], None], strict=False):
        said = quoted(gap, found.end())
        if said is not None:
            yield found[1], said[0]
            continue
        rest = gap[found.end() : following.start() if following else len(gap)]
        end = rest.find("\n") if delimiter == "\n" else _LEFT.sub("", rest, count=1).rfind(delimiter)
        yield found[1], _clean(rest[:end] if end >= 0 else rest, style)
