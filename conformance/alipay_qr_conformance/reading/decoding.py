"""A draft -> candidates: the form on the wire is decoded, in the declared charset and in the others."""

from collections.abc import Iterator
from typing import Final

from alipay_qr.wire import Request, read_request, split_form
from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.message import Candidate, Pairs, Ways
from alipay_qr_conformance.reading.names import is_received
from alipay_qr_conformance.reading.octets import to_bytes

FORM_TYPE: Final = "application/x-www-form-urlencoded"
_OTHER_CHARSETS: Final = (("utf-8", "UTF-8"), ("gb18030", "GBK"), ("latin-1", "ISO-8859-1"))
_CHARSETS: Final = frozenset({"UTF-8", "GBK", "GB2312"})
_ONES: Final = frozenset({"charset.undecodable", "charset.missing"})


def candidates(draft: Draft, default: str) -> Iterator[Candidate]:
    """Yield the readings of one draft.

    Args:
        draft: as a format's reader found it.
        default: the charset that an absent ``_input_charset`` stands for.
    """
    default = draft.charset or default
    if draft.params:
        query = draft.form[0] if draft.form is not None else ""
        if query:
            fields = dict(draft.params)
            more = Request("GET", to_bytes(query))
            extra = tuple(pair for pair in read_request(more, default).params if pair[0] not in fields)
            yield from _decoded((*extra, *draft.params), default, draft)
        else:
            yield from _decoded(draft.params, default, draft)
    elif draft.form is not None:
        in_query, body = (to_bytes(part) for part in draft.form)
        request = Request("POST", in_query, body, FORM_TYPE) if body else Request("GET", in_query)
        yield from requested(request, default, draft.ways, certain=draft.certain)


def typed(candidate: Candidate, default: str) -> Iterator[Candidate]:
    """Yield the readings of a received message whose values were typed anew: their charset is not known."""
    if is_received(name for name, _ in candidate.params):
        yield from _decoded(candidate.params, default, Draft(0, 0, "", certain=candidate.certain))


def _decoded(params: Pairs, default: str, draft: Draft) -> Iterator[Candidate]:
    """Yield the reading of pairs that a program had decoded; how they were encoded is not known."""
    declared = declared_charset(params)
    yield Candidate(params, declared or default, "", draft.ways, certain=draft.certain)
    if not declared and _is_foreign(params) and is_received(name for name, _ in params):
        other = "GBK" if default == "UTF-8" else "UTF-8"
        yield Candidate(params, other, "", (*draft.ways, ("charset-assumed", other)), certain=draft.certain)


def declared_charset(params: Pairs) -> str:
    """Return the value of ``_input_charset``, or an empty text."""
    return next((value for name, value in params if name == "_input_charset" and value), "")


def _is_foreign(params: Pairs) -> bool:
    return not all(value.isascii() for _, value in params)


def requested(
    request: Request, default: str, ways: Ways = (), *, certain: bool = False
) -> Iterator[Candidate]:
    """Yield the readings of a request as it was on the wire."""
    reading = read_request(request, default)
    params, sent_in = reading.params, ""
    declared = declared_charset(params)
    notes = tuple((each.code, each.detail) for each in reading.irregularities)
    broken = any(code == "charset.undecodable" for code, _ in notes)
    if broken:
        params, sent_in = redecoded(request, params)
    received = is_received(name for name, _ in params)
    if received and not declared:
        notes = tuple(note for note in notes if note[0] not in _ONES)
        if broken and sent_in in _CHARSETS:
            yield Candidate(params, sent_in, "", (*ways, ("charset-assumed", sent_in)), notes, True, certain)  # noqa: FBT003 (fields)
            return
    yield Candidate(params, declared or default, sent_in, ways, notes, True, certain)  # noqa: FBT003 (fields)


def redecoded(request: Request, params: Pairs) -> tuple[Pairs, str]:
    """Return the parameters in the first charset in which all the bytes are text."""
    raw = split_form(request.query) + split_form(request.body if request.method == "POST" else b"")
    if len(raw) != len(params):
        raw = list(dict.fromkeys(raw))
    for codec, title in _OTHER_CHARSETS:
        try:
            return tuple((name.decode(codec), value.decode(codec)) for name, value in raw), title
        except UnicodeDecodeError:
            continue
    raise AssertionError("every byte is ISO-8859-1")  # pragma: no cover
