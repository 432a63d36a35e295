"""What the worst input of each class costs: written into docs/limits.md.

    python -m tools.limits --write

Each class is measured in a process of its own with several hostile inputs at its bound; the worst processor
time and the largest growth of memory stand in the table.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final

from alipay_qr.errors import AlipayQrError
from alipay_qr.wire import Request, read_request, read_response
from alipay_qr_conformance.audit.blocks import block_of
from alipay_qr_conformance.audit.log_lines import log_exchanges
from alipay_qr_conformance.doctor.key.check import examine_key
from alipay_qr_conformance.gateway.http.tolerant import read_raw
from alipay_qr_conformance.model.files import parse_toml
from alipay_qr_conformance.reading.har import har_exchanges
from alipay_qr_conformance.reading.keys import keys
from alipay_qr_conformance.reading.lines import line_exchanges
from alipay_qr_conformance.reading.reader import read
from alipay_qr_conformance.subjects.message import decode

if sys.platform != "win32":
    import resource

PAGE: Final = Path(__file__).parents[1] / "docs" / "limits.md"
_BEGIN, _END = "<!-- measured: make limits -->\n", "<!-- end -->\n"
_KIB, _MIB = 1024, 1024 * 1024
FORM: Final = (
    b"service=alipay.acquire.cancel&partner=2088021966388155&_input_charset=UTF-8"
    b"&timestamp=2026-11-23+10%3A00%3A00&out_trade_no=T1&sign_type=MD5&sign=56cded17feb706efcda492eb6f2335ec"
)
_TEXTS: Final = (
    *(b"x", b" ", b"\n", b"&", b"sign=", b"{", b"[", b'"', b"\\", b"<alipay>", b"<form ", b"sign=x\n"),
    *(b"%26partner%3D", b'{"notify_id":', b"curl 'x\n", b"-----BEGIN PRIVATE KEY-----", b"notify_id=>"),
    *(b"MIICdgIBADANBgkqhkiG9w0BAQEFAASC\n", b"(sign,notify_id,partner) VALUES ('"),
    FORM + b"\n",
    b"> " + FORM[:76] + b"\n> " + FORM[76:] + b"\n",
    FORM.replace(b"=", b"=3D") + b"=\n",
)

_LINES: Final = (
    *(
        FORM,
        FORM + b"\n",
        b"{}\n",
        b'{"a":' * 99 + b"\n",
        b"sign=&",
        b"sign=x\n",
        b"{sign=\n",
        b"x sign=a&b\n",
    ),
    *(b'{"sign":1}\n', b'{"msg":"x"}\n', b'{"msg":"sign=a&b"}\n', b'{"url":"","method":"GET"}\n'),
    *(b"[sign] => x\n", b'{"sign":', b'"POST / HTTP/1.1" 200 7 sign=\n', b"a=sign=/"),
)
_CHUNKED: Final = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
_VALUES: Final = (*(b"[],", b'"",', b"1,"), b"[],".ljust(50), b"{},".ljust(50), b'"' + b"a" * 33 + b'",')
"""What a list of an answer may hold, densely and just below the bound."""


def _exhaust(found: Iterable[object]) -> None:
    """Read all that there is, and keep nothing: what is read as a stream costs no memory."""
    deque(found, maxlen=0)


def _reader(data: bytes) -> None:
    for message in read(data):
        _exhaust(message.candidates)


def _keys(data: bytes) -> None:
    list(keys(data))
    examine_key(data)


Read = Callable[[bytes], object]
CLASSES: Final[dict[str, tuple[int, Read, tuple[bytes, ...]]]] = {
    "a pasted text": (_MIB, _reader, _TEXTS),
    "a key text": (64 * _KIB, _keys, (*_TEXTS, b"-", b"a-", b"--BEGIN ", b"MI")),
    "a HAR file": (
        16 * _MIB,
        lambda data: _exhaust(har_exchanges(BytesIO(data))),
        (b"[", b'{"log":{"entries":[', b'{"request":{"url":"a"}},', b'"' + b"x" * 99, b"\\u0000"),
    ),
    "log lines": (
        _MIB,
        lambda data: _exhaust(line_exchanges(BytesIO(data))),
        (b"a", *_LINES),
    ),
    "log lines of an audit": (
        _MIB,
        lambda data: _exhaust(log_exchanges(block_of(data, 0, 0))),
        (b"a", *_LINES),
    ),
    "a form": (
        _MIB,
        lambda data: read_request(Request("POST", b"", data, "application/x-www-form-urlencoded")),
        (b"a=b&", b"%", b"%41", b"&", b"\xff", FORM + b"&"),
    ),
    "an XML response": (
        _MIB,
        read_response,
        (b"<a>", b"<a/>", b"&#x0;", b"<!--", b"<![CDATA[", b"<a b=''>", b"]]>"),
    ),
    "a request of HTTP": (
        2 * _MIB,
        lambda data: (read_raw(data[: 64 * _KIB], at_end=True), read_raw(_CHUNKED + data, at_end=True)),
        (b"a: b\r\n", b"1\r\na\r\n", b" ", b"\n"),
    ),
    "settings in TOML": (
        _MIB,
        lambda data: parse_toml(data.decode("utf-8", "replace")),
        (b"a.", b"[", b'"""', b"a = 1\n", b"'", b"[a]\n", b"a = {"),
    ),
    "an answer of a subject": (
        16 * _MIB,
        lambda data: decode(data if data[:1] == b"{" else b'{"id":1,"result":{"a":[' + data + b'""]}}'),
        (b"[", b'{"a":', b'"\\u0000', b"1e9", b'{"id":1,"result":{}} ', *_VALUES),
    ),
}


def inputs(name: str) -> Iterator[bytes]:
    """Yield the hostile inputs of a class, each as long as its bound."""
    size, _, units = CLASSES[name]
    for unit in units:
        yield (unit * (size // len(unit) + 1))[:size]


def _peak() -> int:
    """Return the most memory that this process has held so far, in KiB."""
    if sys.platform != "win32":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    raise SystemExit("getrusage measures the memory, and Windows has none")


def measured(name: str) -> tuple[float, int]:
    """Return the worst seconds of processor time, and the MiB that memory has grown beside the input."""
    act, worst = CLASSES[name][1], 0.0
    grown = 0
    for data in inputs(name):
        before = _peak()
        begun = time.process_time()
        with suppress(AlipayQrError, ValueError):
            act(data)
        worst = max(worst, time.process_time() - begun)
        grown = max(grown, _peak() - before)
    return worst, grown // 1024


def table() -> str:
    """Return the table of all classes."""
    rows = ["| input | size | worst time | memory beside it |", "|---|---|---|---|"]
    for name, (size, _, _) in CLASSES.items():
        command = [sys.executable, "-m", "tools.limits", "--one", name]
        seconds, grown = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        shown = f"{size // _MIB} MiB" if size >= _MIB else f"{size // _KIB} KiB"
        rows.append(f"| {name} | {shown} | {seconds:.1f} s | {grown} MiB |")
    return "\n".join(rows) + "\n"


def main() -> int:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--one", choices=CLASSES, help="measure one class alone")
    parser.add_argument("--write", action="store_true", help="write the table into the page")
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measured(args.one)))
        return 0
    text = table()
    if not args.write:
        print(text, end="")
        return 0
    head, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
    PAGE.write_text(f"{head}{_BEGIN}{text}{_END}{rest.partition(_END)[2]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
