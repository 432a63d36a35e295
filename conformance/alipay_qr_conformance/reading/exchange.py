"""One recorded exchange: a request, and what is known of its answer.

Recordings tell more or less: a HAR has both bodies, an access log the size of the reply alone, an
application's log line often one body that was decoded before it was printed. What was not recorded is
None, which is never the same as empty.
"""

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Exchange:
    """A request of a recording with its answer. Values are untrusted and unread.

    Attributes:
        source: the format that it was read from: ``har``, ``access-log``, ``json-line``, ``log-line``.
        offset: bytes before the record in its (decompressed) input.
        line: number of the record's first line, from 1; 0 in a format without lines.
        entry: number of the record in its container, from 0; -1 in a format of lines.
        method: as recorded; empty where unknown.
        url: the address or request target as recorded, query included, still percent-encoded.
        content_type: of the request's body; empty where not recorded.
        body: the request's body as it was on the wire; None where it was not recorded.
        params: decoded pairs where the record holds those alone: then the form on the wire is unknown.
        status: HTTP status of the reply.
        reply: body of the reply.
        reply_size: its size in bytes; -1 where unknown.
        time: when, as recorded; see `alipay_qr_conformance.reading.clock.seconds`. Empty where not recorded.
    """

    source: str
    offset: int
    line: int = 0
    entry: int = -1
    method: str = ""
    url: bytes = b""
    content_type: str = ""
    body: bytes | None = None
    params: Pairs | None = None
    status: int | None = None
    reply: bytes | None = None
    reply_size: int = -1
    time: str = ""

    @property
    def query(self) -> bytes:
        """The bytes behind the first ``?`` of the address, without a fragment."""
        return self.url.partition(b"#")[0].partition(b"?")[2]


@dataclass(slots=True)
class Skipped:
    """A record that was not read.

    Attributes:
        offset, line, entry: where it stands; see `Exchange`.
        reason: ``no-exchange``, ``too-long``, ``broken``, ``depth``.
        head: its first 80 bytes at most, untrusted.
    """

    offset: int
    line: int
    entry: int
    reason: str
    head: bytes
