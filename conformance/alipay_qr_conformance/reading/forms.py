"""A form in the middle of anything: its beginning, its end, and how it is decoded.

A form that is still encoded ends where a character stands that no form has. One that was decoded before
it was printed may go on to the end of the line, or end before the program's next word; then every plausible
end is a reading of its own.

    2026-11-25 INFO url=https://host/gateway.do?service=...&sign=... cost=35ms
    POST[https://host/notify|203.0.113.230|200|151ms|utf-8]: https://host/notify?notify_id=...
    `service=...&sign_type=MD5`, please help
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.names import KNOWN
from alipay_qr_conformance.reading.patterns import later

_HEAD: Final = later(
    rf"(?<![A-Za-z0-9_.%-])({'|'.join(sorted(map(re.escape, KNOWN), key=len, reverse=True))})=", re.ASCII
)
_SEGMENT: Final = later(r"[A-Za-z_][\w.\[\]%-]{0,63}=[^\s&?\"'<>{}]*", re.ASCII)
_SEGMENT_HEAD: Final = later(r"[A-Za-z_][\w.\[\]%-]{0,63}=", re.ASCII)
_NO_VALUE: Final = later(r"[\s?\"'<>{}]")
_LONGEST_BEFORE: Final = 4096
_ADDRESS: Final = later(r"b?[\"'`]|(?:b?[\"'`])?(?:https?:/)?/[^\s?&=]{1,300}\?")
_BEGINNING: Final = later(r"\s*(?:(?:https?://|/)[^\s?&=]{1,300}\?)?")
_LONGEST_ADDRESS: Final = 512
_NO_FORM: Final = later(r"[^!$%&()*+,./0-9:;=?@A-Z\[\]_a-z~-]")
"""What stands in no encoded form, not even in a careless one."""

_ENCODED: Final = later(r"(?:[\w.*+~!'()&=/-]|%[0-9A-Fa-f]{2})*", re.ASCII)
"""A form in which everything is encoded that any program encodes; a decoded one has ``:`` or blanks."""

_LINE_END: Final = later(r"[\r\n]")
_BOUNDARY: Final = later(r"&(?=[A-Za-z_][\w.\[\]-]{0,63}=)", re.ASCII)
_HEX_SIGN: Final = later(r"[0-9a-fA-F]{32}(?![0-9a-zA-Z+/])")
_HEX_START: Final = later(r"[0-9a-fA-F]{32}")
_BASE64_SIGN: Final = later(r"(?:[A-Za-z0-9+/_-]|%2[BbFf]){80,1400}(?:={1,2}|(?:%3[Dd]){1,2})?")
_BLANK_SIGN: Final = later(r"(?:[A-Za-z0-9+/]| (?=[A-Za-z0-9+/ =])){80,1400}={0,2}")
_SIGN_TYPE: Final = later(r"MD5|RSA2|RSA|DSA")
_TIME: Final = later(r"\d{4}-\d\d-\d\d(?:[ +T]|%20)\d\d(?::|%3[Aa])\d\d(?::|%3[Aa])\d\d")
_WORD: Final = later(r"[\w.@%+-]+", re.ASCII)
_TIMES: Final = frozenset(
    {"notify_time", "gmt_create", "gmt_payment", "gmt_close", "gmt_refund", "timestamp", "alipay_pay_time"}
)
_URLS: Final = frozenset({"notify_url", "return_url"})
_WORDS: Final = frozenset(
    {
        "_input_charset",
        "currency",
        "is_sync",
        "notify_id",
        "notify_type",
        "out_trade_no",
        "partner",
        "trade_no",
    }
    | {
        "partner_refund_id",
        "partner_trans_id",
        "refund_amount",
        "seller_id",
        "buyer_id",
        "service",
        "total_fee",
    }
    | {"trade_status", "biz_type", "use_coupon", "quantity", "price", "payment_type", "is_total_fee_adjust"}
)
_CLOSING: Final = (
    " \t\r\n.,;:!?)]}>\"'`|*~^$\\\u3002\uff0c\uff1b\uff1a\uff01\uff1f\u3001\u2026"
    "\uff09\u300d\u300f\u3011\u300b\u3009\u3015\u201d\u2019\u00bb\uff3d\uff5d"
)
_STOP: Final = later(r"[,;|\"'`\s<>(){}\[\]\u3000-\u303f\uff00-\uffef\u2018-\u201f]")


class _Run(NamedTuple):
    start: int
    heads: list[re.Match[str]]
    limit: int


def forms(text: str) -> Iterator[Draft]:
    """Yield the readings of each form in ``text``, those of one form together, the likeliest first."""
    for run in _runs(text):
        if len(run.heads) > 1 or run.start == 0 or text[run.start - 1] == "?":
            yield from _readings(text, run)


def _runs(text: str) -> Iterator[_Run]:
    """Yield the chains of known names that ``&`` joins."""
    start = -1
    heads: list[re.Match[str]] = []
    for head in _HEAD.finditer(text):
        joined = text[head.start() - 1 : head.start()] == "&"
        if heads:
            between = text[heads[-1].end() : head.start()]
            if joined and not _LINE_END.search(between):
                heads.append(head)
                continue
            if len(heads) == 1 and (not between or _ADDRESS.fullmatch(between)):
                start, heads = head.start(), [head]  # ``body=notify_time=...``: the form is a value itself
                continue
            if not _LINE_END.search(between) and text[head.start() - 1] in "=?:/" and " " not in between:
                continue  # inside a value
            yield _Run(start, heads, head.start())
        start, heads = (_beginning(text, head.start()) if joined else head.start()), [head]
    if heads:
        yield _Run(start, heads, len(text))


def _beginning(text: str, at: int) -> int:
    """Return where the segments with unknown names before ``at`` begin."""
    before = text[max(0, at - _LONGEST_BEFORE) : at]
    for mark in ("?", " ", "\n", '"', "'", "<", "\uff1a"):
        before = before[before.rfind(mark) + 1 :]
    start = at
    for segment in reversed(before.split("&")[:-1]):
        if _SEGMENT.fullmatch(segment):
            start -= len(segment) + 1
            continue
        tail = _NO_VALUE.split(segment)[-1]  # what stands before the first segment
        head = _SEGMENT_HEAD.search(tail)
        return start - 1 - (len(tail) - head.start()) if head else start
    return start


def _readings(text: str, run: _Run) -> Iterator[Draft]:
    last = run.heads[-1]
    line_end = _LINE_END.search(text, last.end(), run.limit)
    limit = line_end.start() if line_end else run.limit
    head = text[run.start : last.end()]
    encoded = _NO_FORM.search(head) is None
    value_start = last.end()
    if encoded:
        stop = _NO_FORM.search(text, value_start, limit)
        tail_end = stop.start() if stop else limit
    else:
        tail_end = limit
    name = last[1]
    more = list(_BOUNDARY.finditer(text, value_start, tail_end))
    if more:
        value_start = text.index("=", more[-1].end()) + 1
        name = text[more[-1].end() : value_start - 1]
    first = True
    for end in _ends(text, name, value_start, tail_end, limit):
        form = text[run.start : end]
        certain = first and _begins(text, run.start) and not text[end:].strip()
        yield from _decodings(Draft(run.start, end, "form", certain=certain), form, encoded=encoded)
        first = False


def _begins(text: str, start: int) -> bool:
    """Say whether nothing but an address stands before a form."""
    return start < _LONGEST_ADDRESS and _BEGINNING.fullmatch(text, 0, start) is not None


def _ends(text: str, name: str, start: int, tail_end: int, limit: int) -> list[int]:
    """Return the plausible ends of the last value, the likeliest first."""
    found: list[int] = []
    if name == "sign":
        if (digest := _HEX_SIGN.match(text, start, limit)) or (
            digest := _BASE64_SIGN.match(text, start, limit)
        ):
            found.append(digest.end())
        elif digest := _HEX_START.match(text, start, limit):
            found += [tail_end, digest.end()]
        if blank := _BLANK_SIGN.match(text, start, limit):
            found.append(blank.end())
    elif name == "sign_type":
        if word := _SIGN_TYPE.match(text, start, limit):
            found.append(word.end())
    elif name in _TIMES:
        if time := _TIME.match(text, start, limit):
            found.append(time.end())
    elif name in _WORDS and (word := _WORD.match(text, start, limit)):
        found.append(start + len(word[0].rstrip(".")))
    stripped = text[start:tail_end].rstrip(_CLOSING)
    found.append(start + len(stripped))
    if stop := _STOP.search(text, start, tail_end):
        found.append(stop.start())
    balanced = _balanced(text[start:tail_end])
    if balanced:
        found.append(start + balanced)
    found += [tail_end, limit]
    # a & ends no value: it joins
    return list(dict.fromkeys(start + len(text[start:end].rstrip("&")) for end in found))


def ends_of(name: str, value: str) -> list[int]:
    """Return the plausible ends of a value that runs into what stands behind its message."""
    return _ends(value, name, 0, len(value), len(value))


def _balanced(value: str) -> int:
    """Return where the JSON object that a value is ends; 0 where it is none."""
    if value[:1] != "{":
        return 0
    depth, quoted, skip = 0, False, False
    for place, character in enumerate(value):
        if skip:
            skip = False
        elif character == "\\":
            skip = True
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in "{}":
            depth += 1 if character == "{" else -1
            if not depth:
                return place + 1
    return 0


def _decodings(draft: Draft, form: str, *, encoded: bool) -> Iterator[Draft]:
    """Yield the form as a program would read it, and as text that was decoded already."""
    literal = Draft(
        draft.start,
        draft.end,
        "text",
        params=literal_pairs(form),
        ways=(("decoded", ""),),
        certain=draft.certain,
    )
    read = Draft(draft.start, draft.end, "form", form=("", form), certain=draft.certain)
    if "%" in form and _ENCODED.fullmatch(form):
        yield read  # its values as they stand are no reading: who signs those has encoded before signing
    else:
        yield from (read, literal) if encoded else (literal, read)
    if "?" in form and (joined := ampersand_in_url(literal.params)) is not None:
        yield Draft(draft.start, draft.end, "text", params=joined, ways=(("ampersand-in-url", ""),))
    if "?" in form and (split := second_question_mark(form)) is not None:
        yield Draft(draft.start, draft.end, "form", form=("", split), ways=(("second-question-mark", ""),))


def literal_pairs(form: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a form whose values were decoded: only a ``&`` before a name ends a value."""
    pairs = (segment.partition("=") for segment in _BOUNDARY.split(form) if segment)
    return tuple((name, value) for name, _, value in pairs)


def ampersand_in_url(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...] | None:
    """Return the pairs with what an unencoded ``&`` cut off a URL put back; None where nothing was."""
    found: list[tuple[str, str]] = []
    for name, value in pairs:
        if name not in KNOWN and found and found[-1][0] in _URLS and "?" in found[-1][1]:
            found[-1] = (found[-1][0], f"{found[-1][1]}&{name}={value}")
        else:
            found.append((name, value))
    return tuple(found) if len(found) < len(pairs) else None


def second_question_mark(form: str) -> str | None:
    """Return the form with ``&`` for a ``?`` before a known name; None where there is none."""
    split = re.sub(r"\?(?=(\w{1,40})=)", lambda mark: "&" if mark[1] in KNOWN else "?", form)
    return None if split == form else split
