"""One span -> messages: every reader in every view, then what is one message is put together.

The same sign, or the beginning of it, is the same message; its readings are sorted by likelihood.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final
from urllib.parse import unquote

from alipay_qr_conformance.reading.decoding import candidates
from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.edges import without_edges
from alipay_qr_conformance.reading.forms import forms
from alipay_qr_conformance.reading.json_text import objects
from alipay_qr_conformance.reading.markup import elements, html_forms, multipart
from alipay_qr_conformance.reading.message import Candidate, Kind, Message, Pairs, Place, Readings
from alipay_qr_conformance.reading.names import FRAME, KNOWN, is_message, is_received, own
from alipay_qr_conformance.reading.octets import to_bytes
from alipay_qr_conformance.reading.pairs import pairs
from alipay_qr_conformance.reading.patterns import later
from alipay_qr_conformance.reading.protocols import other_protocol
from alipay_qr_conformance.reading.repeated import repeated
from alipay_qr_conformance.reading.responses import read_answer, response_elements
from alipay_qr_conformance.reading.signs import Sign, bare_signs
from alipay_qr_conformance.reading.spans import Span
from alipay_qr_conformance.reading.tables import tables
from alipay_qr_conformance.reading.views import View, undone, views

_MOST_CANDIDATES: Final = 16
_WHOLE_SIGN: Final = later(r"[0-9a-fA-F]{32}|[A-Za-z0-9+/]{80,1400}={0,2}")
_PAIR: Final = later(
    rb"[A-Za-z_][\w.-]{0,63}[\"'\]`*]{0,4}[ \t]{0,40}(?:=|:(?!//)|\t| {2}|\||->|\xef\xbc[\x8c\x9a])|[\"'>],",
    re.ASCII,
)
_LONGEST_PAIR: Final = 512
_LONGEST_LINE: Final = 2048
LISTS: Final = frozenset({"dump", "table"})
"""Forms of several lines, of which some may lack."""

_PLAIN: Final = later(r"[\w%&=.*+:/?,@~!()-]*", re.ASCII)
_CUT_CODE: Final = later(r"%[0-9A-Fa-f]?\Z")
_FORM: Final = later(r"<(?:form|FORM|input|INPUT|Input)\b")
_SHORTEST_START: Final = 4
"""Characters of a sign that was cut off, by which it is known again."""
_SHARED: Final = 2
_JOINED: Final = frozenset({"unfolded", "joined-lines"})
"""Views that may join a sign to what stands below it."""

_MOST_ENCODED: Final = 3
"""Times that a sign may be URL-encoded and is known as the same one."""


def kind_of(params: Pairs) -> Kind:
    """Return what a message with these parameters is."""
    names = {name for name, _ in params}
    if is_received(names):
        return "notification"
    answered = not names.isdisjoint(("result_code", "qrcode"))
    return "response" if answered and "service" not in names else "request"


def spanned(
    data: bytes, span: Span, charset: str, *, brief: bool = False, usual: Sequence[str] = ()
) -> Iterator[Message]:
    """Yield the messages of one span; their places are offsets in ``data`` without a line.

    Args:
        data: the text.
        span: the part of it.
        charset: what an absent ``_input_charset`` means.
        brief: True to be content with the first reading that leaves nothing to be undone.
        usual: what was undone to read the messages before it, which is tried first then.
    """
    if span.head:
        found = list(_of_rows(data, span, charset))
        yield from found
        if found or not data.startswith(span.head, span.start):
            return
    core = text_of(data[span.start : span.end])
    if brief and not is_signed(data, span):
        yield from _put_together(data, span, charset, core, _grouped(list(_read_view(View(core, ())))))
        return
    groups = _grouped((_as_before(core, usual) if brief else []) or _collected(core, brief=brief))
    if not any(_is_whole(group) for group in groups):
        around = text_of(data[span.start : span.high])
        if around != core:
            drafts = _collected(around)
            # Beyond the span the next message may begin, with names that any text may have.
            drafts += [each for draft in drafts for each in without_edges(draft)]
            groups = _grouped([*(each for group in groups for each in group), *drafts])
        if not any(_is_whole(group) for group in groups):
            low = data.rfind(b"\n", max(0, span.low - _LONGEST_LINE), span.low) + 1  # a sign may stand there
            above, below = text_of(data[low : span.start]), text_of(data[span.start : span.high])
            groups = _with_signs(groups, above, below, is_first=not span.low) or groups
    yield from _put_together(data, span, charset, core, groups)


def is_signed(data: bytes, span: Span) -> bool:
    """Say whether there is a sign in a span, or near it: without one a message can only be named."""
    return b"sign" in data[span.low : span.high].lower()


def _put_together(
    data: bytes, span: Span, charset: str, core: str, groups: list[list[Draft]]
) -> Iterator[Message]:
    """Yield the message of each group."""
    doubtful = any(each.certain and (span.cut or each.source in LISTS) for group in groups for each in group)
    if doubtful and (span.cut or stands_among_pairs(data, span)):
        groups = [[_doubted(draft, cut=span.cut) for draft in group] for group in groups]
    for group in groups:
        offset = span.start + _offset(core, group)
        message = message_of(group, charset, Place(offset, 0, 0))
        if message is not None:
            yield message


def _of_rows(data: bytes, span: Span, charset: str) -> Iterator[Message]:
    """Yield the messages of rows whose names stand above them, or on their first line."""
    rows = data[span.start : span.end]
    text = text_of(rows if rows.startswith(span.head) else span.head + b"\n" + rows)
    for group in _grouped(list(tables(text))):
        at = data.find(to_bytes(group[0].sign), span.start, span.end) if group[0].sign else -1
        message = message_of(group, charset, Place(at, 0, 0)) if at >= 0 else None
        if message is not None:
            yield message


def stands_among_pairs(data: bytes, span: Span) -> bool:
    """Say whether the line before or behind a span looks like one more of its pairs."""
    low = max(0, span.start - _LONGEST_PAIR)
    above = data[max(low, data.rfind(b"\n", low, max(0, span.start - 1)) + 1) : span.start]
    below = data[span.end : span.end + _LONGEST_PAIR].lstrip(b"\r").removeprefix(b"\n").partition(b"\n")[0]
    return any(_PAIR.search(line) for line in (above, below))


def _doubted(draft: Draft, *, cut: bool) -> Draft:
    """Return a draft of several lines as one that may lack some: a form on a line of its own is whole."""
    return replace(draft, certain=False) if draft.certain and (cut or draft.source in LISTS) else draft


def text_of(data: bytes) -> str:
    """Return bytes as text, in the charset that they look like."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return (
            data.decode("gb18030")
            if b"%" not in data or b"=" not in data
            else data.decode("utf-8", "surrogateescape")
        )
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape")


def _collected(text: str, *, brief: bool = False) -> list[Draft]:
    """Return the drafts of all readers in all views."""
    found: dict[tuple[object, ...], Draft] = {}
    whole = False
    for view in views(text):
        if whole and view.ways and view.ways[-1] in {"unfolded", "joined-lines", "tags"}:
            continue
        for draft in _read_view(view):
            whole = whole or (draft.certain and not view.ways)
            key = draft.params, draft.form, draft.source == "dump", draft.charset
            if key not in found:
                found[key] = replace(draft.by(*view.ways), certain=False) if view.ways else draft
        if brief and any(map(_is_plain, found.values())):
            break
    return list(found.values())


def _as_before(text: str, usual: Sequence[str]) -> list[Draft]:
    """Return the forms of one view, if they leave nothing to be undone: a log is written in one way."""
    view = undone(text, usual)
    if view is None or "=" not in view.text:
        return []
    found = [replace(each.by(*view.ways), certain=False) if view.ways else each for each in forms(view.text)]
    return found if any(map(_is_plain, found)) else []


def _is_plain(draft: Draft) -> bool:
    """Say whether a form has the protocol's names alone, a whole sign, and nothing that could be undone."""
    names = draft.names
    return (
        draft.form is not None
        and all(_PLAIN.fullmatch(part) and "=3D" not in part for part in draft.form)
        and KNOWN.issuperset(names)
        and is_message(names)
        and _WHOLE_SIGN.fullmatch(draft.sign) is not None
    )


def _read_view(view: View) -> Iterator[Draft]:
    text = view.text
    drafts: list[Draft] = []
    if '"' in text and ("{" in text or "[" in text):
        drafts += objects(text)
    if "=" in text:
        drafts += _merged(list(forms(text)))
    if "</" in text or "/>" in text:
        drafts += elements(text)
    if _FORM.search(text):
        drafts += html_forms(text)
    if "<alipay>" in text:
        drafts += _answers(text)
    if "form-data" in text:
        drafts += multipart(text)
    if any(mark in text for mark in ",;|\t\n"):
        drafts += tables(text)
    if not _is_whole(drafts):
        drafts += pairs(text)
    if not _is_whole(drafts):
        drafts += repeated(text)
    yield from map(_without_frame, drafts)


def _without_frame(draft: Draft) -> Draft:
    """Return an answer's draft without what stands around its fields and is never signed."""
    if "is_success" not in draft.names or "service" in draft.names or not draft.params:
        return draft
    return replace(draft, params=tuple(pair for pair in draft.params if pair[0] not in FRAME))


def _answers(text: str) -> Iterator[Draft]:
    data = to_bytes(text)
    for element in response_elements(data):
        for each in read_answer(data[element.start : element.end]).candidates:
            yield Draft(0, len(text), "xml", params=each.params, charset=each.charset)


def _merged(drafts: list[Draft]) -> Iterator[Draft]:
    """Yield the forms, and before each that is signed the same with the query that stands before it."""
    query, start = "", -1
    for draft in drafts:
        form = draft.form[1] if draft.form is not None else ""
        names = [segment.partition("=")[0] for segment in form.split("&")]
        if form and "sign" not in names and not is_message(names):
            query = query if draft.start == start else form  # the likeliest end comes first
            start = draft.start
        elif form and query and "sign" in names:
            yield replace(draft, form=(query, form), certain=False)
        yield draft


def _sign_key(draft: Draft) -> str:
    """Return the letters and digits of the sign: the rest of it may be encoded, or broken over lines."""
    sign = _CUT_CODE.sub("", draft.sign)
    for _ in range(_MOST_ENCODED):
        sign = unquote(sign)
    return "".join(filter(str.isalnum, sign.removeprefix("3D")))


def _grouped(drafts: list[Draft]) -> list[list[Draft]]:
    """Return the drafts by message: the same sign, or the beginning of it, is the same message."""
    groups: dict[str, list[Draft]] = {}
    unsigned: list[Draft] = []
    for draft in drafts:
        if not is_message([*draft.names, "sign"]):
            continue
        sign = _sign_key(draft)
        if sign:
            groups.setdefault(sign, []).append(draft)
        else:
            unsigned.append(draft)
    root = ""
    for sign in sorted(groups):
        if root and sign.startswith(root) and (len(root) >= _SHORTEST_START or _alike(groups, root, sign)):
            groups[root] += groups.pop(sign)
        else:
            root = sign
    whole = {sign for sign, group in groups.items() if _is_whole(group)}
    for sign in list(groups):
        alien = all(draft.source in {"dump", "table", "xml"} or draft.ways for draft in groups[sign])
        if whole and sign not in whole and alien:
            del groups[sign]  # the same text, read in a way that it is not written in
    if whole:
        return list(groups.values())
    bare: list[Draft] = []
    for draft in unsigned:
        names = set(draft.names)
        if all(
            len(names.intersection(group[0].names)) < _SHARED
            for group in groups.values()
            if not all(_JOINED.intersection(way for way, _ in each.ways) for each in group)
        ):
            bare.append(draft)
    return [*groups.values(), *([bare] if bare else [])]


def _alike(groups: dict[str, list[Draft]], one: str, other: str) -> bool:
    """Say whether two groups have the same names: then a few letters of a sign are enough.

    The first one may have the last names alone, where its line begins in the middle of a message.
    """
    names = [{draft.names for draft in groups[each]} for each in (one, other)]
    sets = [{frozenset(each) for each in every} for every in names]
    return not sets[0].isdisjoint(sets[1]) or any(
        len(part) > _SHARED and part[1:] == whole[1 - len(part) :] for part in names[0] for whole in names[1]
    )


def _is_whole(group: list[Draft]) -> bool:
    return any(
        _WHOLE_SIGN.fullmatch(draft.sign.strip()) is not None and is_message(draft.names) for draft in group
    )


def _with_signs(groups: list[list[Draft]], above: str, below: str, *, is_first: bool) -> list[list[Draft]]:
    """Return the texts to sign together with the signs that stand on lines of their own.

    Behind another text the sign above may be that one's: it is another reading of the message, and none of
    its own beside the sign below. Where both signs have the same label, the one below may be the next text's.
    """
    bodies = [draft for group in groups for draft in group if "sign" not in draft.names]
    signs = [list(bare_signs(text)) for text in (above, below)]
    before, behind = [[_signed(bodies, sign) for sign in each] for each in signs]
    if not bodies:
        return []
    by_turns = is_first and [each.label for each in signs[0][-1:]] == [each.label for each in signs[1]]
    if before and by_turns:
        return [[*before[-1], *behind[0]]]
    if before and behind and not is_first:
        return [[*behind[0], *(draft for group in before for draft in group)], *behind[1:]]
    return before + behind


def _signed(bodies: list[Draft], sign: Sign) -> list[Draft]:
    kind = (("sign_type", "MD5"),) if len(sign.value) == 32 else ()  # noqa: PLR2004 (an MD5 digest)
    group = []
    for draft in bodies:
        params = draft.params or _literal(draft)
        more = () if "sign_type" in dict(params) else kind
        ways = (*draft.ways, ("sign-apart", sign.label))
        group.append(
            replace(draft, params=(*params, *more, ("sign", sign.value)), form=None, ways=ways, certain=False)
        )
    return group


def _literal(draft: Draft) -> Pairs:
    found = next(iter(candidates(draft, "UTF-8")), None)
    return found.params if found is not None else ()


def _offset(core: str, group: list[Draft]) -> int:
    """Return the bytes before a message in its span; of one that only a view has, those before the span."""
    plain = [draft.start for draft in group if not draft.ways or draft.ways[0][0] == "decoded"]
    return len(to_bytes(core[: min(plain)])) if plain else 0


def message_of(group: list[Draft], charset: str, place: Place) -> Message | None:
    """Return the message of which these are the readings; None where they are none."""
    source = group[0].source
    readings = Readings(islice(_distinct(group, charset), _MOST_CANDIDATES))
    if not readings:
        return None
    first = readings.first
    names = [name for name, _ in first.params]
    if protocol := other_protocol(names):
        return Message("other-protocol", place, source, readings, protocol)
    if not is_message(names):
        return None
    kind: Kind = (
        "text-and-sign" if any(way == "sign-apart" for way, _ in first.ways) else kind_of(first.params)
    )
    return Message(kind, place, source, readings)


def _distinct(group: list[Draft], charset: str) -> Iterator[Candidate]:
    seen: set[tuple[Pairs, str, str]] = set()
    made: list[Candidate] = []
    for draft in sorted(group, key=_likelihood) if len(group) > 1 else group:
        for candidate in candidates(draft, charset):
            key = candidate.params, candidate.charset, candidate.sent_in
            if key not in seen:
                seen.add(key)
                made.append(candidate)
                yield candidate
    for each in [each for each in made if not (each.wire or each.certain)]:
        if len(places := own([name for name, _ in each.params])) < len(each.params):
            yield replace(each, params=each.params[places.start : places.stop])


def _likelihood(draft: Draft) -> tuple[int, int, int, int, int]:
    names, sign = draft.names, draft.sign
    odd = sum("\n" in value or "&sign=" in value or value[:2] == "3D" for _, value in draft.params)
    parts = draft.form or [f"{value}&" for _, value in draft.params]
    odd += sum(part.count(mark) for part in parts for mark in ("^&", "\\&", "=3D"))
    return (
        0 if _WHOLE_SIGN.fullmatch(sign.strip()) else 1,
        # names in the values of JSON are no parameters
        0 if draft.source == "json" and not draft.ways else 1,
        -len(KNOWN.intersection(names)) + odd,
        len([way for way, _ in draft.ways if way != "decoded"]),
        len(names),
    )
