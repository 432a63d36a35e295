"""Lines of a log -> exchanges: access logs of nginx and Apache, and application logs that print a message.

Only lines that hold a sign are looked at. A message may stand in a line as a request line or URL, as a
form, as a JSON object, as a printed map (``{a=b, c=d}``), or over several lines as PHP prints an array
(``[a] => b``). Forms and URLs are the wire itself; the others were decoded before they were printed.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Final

from alipay_qr_conformance.audit.blocks import Block
from alipay_qr_conformance.audit.clock import in_line
from alipay_qr_conformance.reading.exchange import Exchange, Pairs

_ACCESS: Final = re.compile(
    rb'"([A-Z]{3,7}) ([^ "]+)(?: HTTP/[0-9.]+)?" ([0-9]{3}) ([0-9]+|-)(?= |$)', re.MULTILINE
)
_BARE: Final = re.compile(
    rb'"POST [^ ?"]++(?:[?]_input_charset=[A-Za-z0-9-]++ HTTP/[0-9.]++"'
    rb'| HTTP/[0-9.]++" [^"]++"[^"]*+" "Mozilla/4[.]0"$)'
)
"""A POST to the gateway, or of Alipay's notifier, whose body the log does not have.

The notifier calls itself so: github.com/alipay/alipay-sdk-nodejs-all/issues/15.
"""
_FORM: Final = re.compile(rb"""(?<![^\s"'<>|])[^\s"'<>|]*(?<![A-Za-z0-9_])sign=[^\s"'<>|]*""")
_WORD: Final = re.compile(rb"""[^\s"'<>|]++""")
_URL: Final = re.compile(rb"https?://|/")
_NAME: Final = re.compile(rb"(?:.*[^A-Za-z0-9_.%&=+~*-])?([A-Za-z_][A-Za-z0-9_]*=.*)", re.DOTALL)
_LABEL: Final = re.compile(rb"\A(?:[A-Za-z_]\w*=(?=[A-Za-z_]\w*=))+")
"""What a log writes before a form: ``body=``."""
_MAP: Final = re.compile(rb"\{([A-Za-z_]\w*=[^{}]*?\bsign=[^{}]*)\}")
_COMMA: Final = re.compile(rb", (?=[A-Za-z_]\w*=)")
_PRINTED: Final = re.compile(rb"\s*\[([A-Za-z_]\w*)\] => ?(.*)")
_ESCAPED: Final = re.compile(rb"\\x([0-9A-Fa-f]{2})")
_LONGEST: Final = 1024 * 1024
_HEAD: Final = 300
_MOST_LINES: Final = 200
_METHOD: Final = re.compile(rb"\b(GET|POST)\b")


def log_exchanges(block: Block, takes: Callable[[bytes, int], bool] | None = None) -> Iterator[Exchange]:
    """Yield what the lines of a block say, in their order; ``line`` counts from 0 in the part.

    ``takes`` is asked first: a line, with its number, that it takes is not yielded.
    """
    begin = done = 0
    data = block.data
    for number, line in enumerate(data.split(b"\n"), block.first):
        at, begin = begin, begin + len(line) + 1
        if at < done or (b"sign" not in line and _BARE.search(line) is None):
            continue
        exchange: Exchange | None = None
        if takes is not None and len(line) <= _LONGEST and takes(line, number):
            continue
        if b"[sign] =>" in line:
            exchange, done = _printed_array(data, at, begin - 1, number)
        elif len(line) <= _LONGEST:
            exchange = _one_line(line, at, number)
        if exchange is not None:
            exchange.offset += block.offset
            yield exchange


def _one_line(line: bytes, offset: int, number: int) -> Exchange | None:
    if match := _ACCESS.search(line):
        return _access(line, match, offset, number)
    for reader in (_json, _map, _form):
        exchange = reader(line, offset, number)
        if exchange is not None:
            return exchange
    return None


def _access(line: bytes, match: re.Match[bytes], offset: int, number: int) -> Exchange | None:
    method, target, status, size = match.groups()
    exchange = Exchange(
        source="access-log",
        offset=offset,
        line=number,
        method=method.decode("ascii"),
        url=_unescaped(target),
        status=int(status),
        reply_size=-1 if size == b"-" else int(size),
        time=in_line(line[: match.start()].decode("latin-1")),
    )
    if _BARE.search(line) is not None and b"sign=" not in line:
        return exchange
    if b"sign=" not in target:
        rest = line[match.end() :]
        form = next((each for each in _WORD.findall(rest) if b"sign=" in each), None)
        exchange.body = _form_of(_unescaped(form)) if form else None
        if exchange.body is None:
            return None
    elif method == b"GET":
        exchange.body = b""
    return exchange


def _json(line: bytes, offset: int, number: int) -> Exchange | None:
    begin = line.find(b"{")
    if begin < 0 or b'"sign"' not in line:
        return None
    text = line[begin:].decode("utf-8", "replace")
    try:
        tree, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(tree, dict) or "sign" not in tree:
        return None
    params = tuple((str(name), _value(value)) for name, value in tree.items())
    return _decoded(line[:begin], params, offset, number)


def _map(line: bytes, offset: int, number: int) -> Exchange | None:
    match = _MAP.search(line)
    if match is None or b", " not in match[1]:
        return None
    pairs = [field.partition(b"=")[::2] for field in _COMMA.split(match[1])]
    params = tuple(
        (name.decode("ascii", "replace"), value.decode("utf-8", "replace")) for name, value in pairs
    )
    return _decoded(line[: match.start()], params, offset, number)


def _address(text: bytes) -> bytes:
    """Return the text from the first address with a query in it; empty where there is none."""
    at = 0
    while (mark := text.find(b"?", at)) >= 0:
        if (begin := _URL.search(text, at, mark)) is not None:
            return text[begin.start() :]
        at = mark + 1
    return b""


def _form(line: bytes, offset: int, number: int) -> Exchange | None:
    match = _FORM.search(line)
    if match is None:
        return None
    found = match[0]
    exchange = Exchange("log-line", offset, number, time=_time(line[: match.start()]))
    if url := _address(found):
        exchange.url = url
        if b"sign=" in exchange.query:
            exchange.method, exchange.body = "GET", b""
            return exchange
    exchange.body = _form_of(found)
    told = _METHOD.search(line[: match.start()])
    exchange.method = told[1].decode("ascii") if told else "POST"
    if exchange.method == "GET":
        exchange.method = "POST"
    if exchange.body is not None and b"service=" in exchange.body and b"_input_charset=" in exchange.body:
        # the parameters of a request, printed before they became a URL or a form
        exchange.method, exchange.url, exchange.body = "GET", b"?" + exchange.body, b""
    return exchange if exchange.body is not None else None


def _form_of(found: bytes) -> bytes | None:
    match = _NAME.fullmatch(found)
    return _LABEL.sub(b"", match[1]) if match else None


def _printed_array(data: bytes, begin: int, end: int, number: int) -> tuple[Exchange | None, int]:
    """Read the lines ``[name] => value`` around the one of the sign; return where they end, too."""
    first, before = begin, 0
    while first > 0 and before < _MOST_LINES:
        above = data.rfind(b"\n", 0, first - 1) + 1
        if _PRINTED.fullmatch(data[above : first - 1]) is None:
            break
        first, before = above, before + 1
    last = end
    for _ in range(_MOST_LINES):
        below = data.find(b"\n", last + 1)
        if below < 0 or _PRINTED.fullmatch(data[last + 1 : below]) is None:
            break
        last = below
    pairs = [
        (match[1].decode("ascii"), match[2].decode("utf-8", "replace"))
        for line in data[first:last].split(b"\n")
        if (match := _PRINTED.fullmatch(line))
    ]
    head = data[max(0, first - _HEAD) : first]
    exchange = _decoded(head, tuple(pairs), first, number - before)
    return exchange, last


def _decoded(head: bytes, params: Pairs, offset: int, number: int) -> Exchange:
    return Exchange("log-line", offset, number, method="POST", params=params, time=_time(head))


def _time(head: bytes) -> str:
    return in_line(head[-_HEAD:].decode("latin-1"))


def _value(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _unescaped(text: bytes) -> bytes:
    r"""Return text as it was before nginx wrote ``\x22`` for a quote."""
    if b"\\x" not in text:
        return text
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), text)
