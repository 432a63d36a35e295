"""Whatever reads bytes of others: no input makes it fail, hang or grow. `make fuzz` tries a million."""

import contextlib
import gc
import json
import os
import random
import time
import tracemalloc
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_PRIVATE_KEY_JAVA
from alipay_qr.errors import AlipayQrError
from alipay_qr.wire import Request, read_notification, read_request, read_response
from alipay_qr_conformance.doctor.input_error import InputError
from alipay_qr_conformance.doctor.inquiry import inquire
from alipay_qr_conformance.doctor.judge import Keys
from alipay_qr_conformance.doctor.key.check import examine_key
from alipay_qr_conformance.gateway.http.api import to_http_request
from alipay_qr_conformance.gateway.http.tolerant import read_raw
from alipay_qr_conformance.model.files import parse_toml
from alipay_qr_conformance.reading.documents import document_exchanges
from alipay_qr_conformance.reading.har import har_exchanges
from alipay_qr_conformance.reading.keys import keys
from alipay_qr_conformance.reading.lines import line_exchanges
from alipay_qr_conformance.reading.reader import read
from alipay_qr_conformance.sandbox import Sandbox
from alipay_qr_conformance.sandbox.control import Control
from alipay_qr_conformance.subjects.message import decode
from reading_dumps import DUMPS
from reading_wrappings import KINDS, WRAPPINGS, sample

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
LONGEST = 1.0
"""Seconds of processor time that one input may cost."""
COSTLY = {"doctor": 4}
"""What takes fewer of the inputs, and by how many times: it searches each of them for mistakes."""
MOST_KEPT = 2**15
"""Bytes that inputs may leave which come for the fourth to the sixth time, less than they have."""


def form(data):
    read_request(Request("POST", data[: len(data) // 2], data, "application/x-www-form-urlencoded"))
    read_notification(data, "text/html; charset=GBK", "UTF-8")


def messages(data):
    for message in read(data):
        list(message.candidates)


def keys_in(data):
    for each in keys(data):
        examine_key(each.text)
    examine_key(data)


def recordings(data):
    list(har_exchanges(BytesIO(data)))
    list(line_exchanges(BytesIO(data)))
    list(document_exchanges(data))


GATEWAY = Sandbox()


def control(data):
    """A call of the control API: method, target, body; what it refuses is an answer, never an exception."""
    method, target, body = [*data.split(b" ", 2), b"", b""][:3]
    token = (b"Authorization", f"Bearer {GATEWAY.token}".encode())
    GATEWAY.reset()
    call = to_http_request(method.decode("latin-1"), b"/control/" + target, (token,), body[: 2**21])
    Control(GATEWAY.state)(call)
    Control(GATEWAY.state)(to_http_request("GET", b"/control/evidence", (token,), b""))


TARGETS = {
    "form": form,
    "response": read_response,
    "HTTP": lambda data: read_raw(data, at_end=True),
    "reader": messages,
    "doctor": lambda data: inquire(data, Keys(), depth=1),
    "keys": keys_in,
    "recordings": recordings,
    "answers": decode,
    "control API": control,
    "settings": lambda data: parse_toml(data.decode("utf-8")),
}
REFUSALS = (AlipayQrError, InputError, ValueError)
"""What a reader may say of its input, each with a sentence."""


def seeds():
    """Return what inputs begin as."""
    yield b""
    for wrapped in {**WRAPPINGS, **DUMPS}.values():
        for kind in KINDS[::2]:
            if (found := wrapped(sample(kind))) is not None and len(found) < 20_000:
                yield found if isinstance(found, bytes) else found.encode()
    yield from (TEST_PRIVATE_KEY_JAVA.encode(), TEST_ALIPAY_PUBLIC_KEY.encode())
    yield b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    yield json.dumps({"id": 1, "result": {"sign": "x"}}).encode()
    yield b'partner = "2088"\nmd5_key_file = "key.txt"\n[known]\ncases = ["a", "b"]\n'


CALLS = [
    b'POST pay {"total_fee": "12.50", "currency": "USD", "out_trade_no": "T1", "buyer_id": "2088"}',
    b'POST pay {"qrcode": "x", "total_fee": "1", "currency": "JPY", "body": "\\u5e97"}',
    b'POST fault {"fault": "drop", "service": "REFUND", "commit": true, "times": 2}',
    b'POST fault {"clear": true}',
    b'POST clock {"now": "2026-03-09T12:00:00+08:00", "still": true}',
    b'POST clock {"advance": "1d"}',
    b'POST clock {"to": "before-midnight", "still": false}',
    b'POST notify {"kind": "genuine", "out_trade_no": "T1", "after": 1, "overrides": {"total_fee": "0.01"}}',
    b"POST reset {}",
    *(b"GET " + name for name in (b"codes", b"requests/1", b"rows", b"findings", b"notifications?rows=1")),
    *(b"GET " + name for name in (b"trades/T1", b"faults", b"clock", b"stories", b"evidence?limit=3")),
    *(b"GET export?as=" + name for name in (b"json", b"har", b"html", b"report&lang=zh")),
]

TEXTS = (
    *"\0\n\r\t \"'`&=?%+;:,.<>{}[]()\\^|/-_#@$~*",
    *("%", "%zz", "%00", "&&", "sign=", "sign", "\r\n\r\n", "<alipay>", "</alipay>", "<![CDATA[", "]]>"),
    *("&#x0;", "-----BEGIN ", "-----END ", "\\u0000", "\\ud800", "\ud800", "\u3002", "1e999999", "=>", "->"),
    *("curl -d '", "@{", "\ufeff", "\x1b[0m", "Content-Length: -1", "9" * 400),
)
PIECES = [
    *(each.encode("utf-8", "surrogatepass") for each in TEXTS),
    *(b"\xff\xfe", b"\x80", b"0\x82", b"A" * 300, b" " * 300, b"[" * 300, b"a." * 300),
]
MOST_EDITS = 6
SIZE = 18
"""Bytes that decide over one edit: the last twelve are what it puts in where it takes no piece."""
DICE_LENGTH = 1 + MOST_EDITS * SIZE
DICE = st.binary(min_size=DICE_LENGTH, max_size=DICE_LENGTH)
"""One draw for all edits: a draw each would take longer than what is tried."""


def edited(seed, dice):
    """Return a seed with pieces put in, each in place of some bytes, some of them many times."""
    for at in range(1, 1 + dice[0] % (MOST_EDITS + 1) * SIZE, SIZE):
        place, gone, which, times = int.from_bytes(dice[at : at + 3]), *dice[at + 3 : at + 6]
        pieces = [*PIECES, dice[at + 6 : at + 6 + which % 13]]
        place %= len(seed) + 1
        piece = pieces[min(which % (2 * len(PIECES)), len(PIECES))]
        seed = seed[:place] + piece * (times % 40 + 1) + seed[place + gone % 61 :]
    return seed


INPUTS = st.builds(edited, st.sampled_from(list(seeds())), DICE)
OF_CALLS = st.builds(edited, st.sampled_from(CALLS), DICE)


def seconds(act, data):
    """Return the processor time that an input costs."""
    begun = time.process_time()
    with contextlib.suppress(*REFUSALS):
        act(data)
    return time.process_time() - begun


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_makes_it_fail_or_hang(name):
    act = TARGETS[name]

    @settings(
        max_examples=max(12, EXAMPLES // COSTLY.get(name, 1)),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(OF_CALLS if name == "control API" else INPUTS)
    def tried(data):
        assert any(seconds(act, data) < LONGEST for _ in range(2))  # garbage of Hypothesis may fall into one

    with GATEWAY.server if name == "control API" else contextlib.nullcontext():  # exports tell its address
        tried()


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_is_kept_of_an_input_that_comes_again(name):
    draw = random.Random(0)  # noqa: S311 (the same inputs every time)
    bases = CALLS if name == "control API" else list(seeds())
    inputs = [edited(draw.choice(bases), draw.randbytes(DICE_LENGTH)) for _ in range(8)]
    inputs[0] += b" " * MOST_KEPT
    assert 3 * sum(len(each) for each in inputs[:: COSTLY.get(name, 1)]) > 2 * MOST_KEPT
    product = [tracemalloc.Filter(inclusive=True, filename_pattern="*alipay_qr*")]
    held = []
    with GATEWAY.server if name == "control API" else contextlib.nullcontext():
        tracemalloc.start()
        try:
            for _ in range(6):
                for data in inputs[:: COSTLY.get(name, 1)]:
                    with contextlib.suppress(*REFUSALS):
                        TARGETS[name](data)
                gc.collect()
                told = tracemalloc.take_snapshot().filter_traces(product)
                held.append(sum(each.size for each in told.statistics("filename")))
        finally:
            tracemalloc.stop()
    assert held[5] - held[2] < MOST_KEPT
