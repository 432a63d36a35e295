"""A recording of any known format -> its exchanges, as a stream in bounded memory."""

import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from alipay_qr_conformance.reading.exchange import Exchange, Skipped
from alipay_qr_conformance.reading.har import har_exchanges, is_har
from alipay_qr_conformance.reading.lines import NAMES, line_exchanges

_HEAD: Final = 64 * 1024


def exchanges(stream: BinaryIO, names: Mapping[str, tuple[str, ...]] = NAMES) -> Iterator[Exchange | Skipped]:
    """Yield what a HAR file, an access log, JSON lines or a log of an application hold, in their order.

    Args:
        stream: the bytes, decompressed; need not be seekable.
        names: of the members of JSON lines; see `alipay_qr_conformance.reading.lines.NAMES`.
    """
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream, _HEAD)  # type: ignore[type-var]
    head = buffered.peek(_HEAD)
    if is_har(head):
        yield from har_exchanges(buffered)
    else:
        yield from line_exchanges(buffered, names)
