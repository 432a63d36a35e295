"""The gateway's responses in any text: from ``<alipay>`` to the ``</alipay>`` that belongs to it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from alipay_qr.errors import WireError
from alipay_qr.presign import CHARSETS
from alipay_qr.wire import Response, read_response, response_presign_params
from alipay_qr_conformance.reading.message import Candidate, Pairs, Ways
from alipay_qr_conformance.reading.patterns import later

_TAG: Final = later(rb"<(/?)alipay\s*>")
_DECLARATION: Final = later(rb"<\?xml[^<>]{0,200}\?>\s*\Z")
_LONGEST: Final = 1024 * 1024
_DEEPEST: Final = 3
"""A response has two."""
_LONGEST_BEFORE: Final = 256
_ENCODING: Final = later(rb"encoding\s*=\s*[\"']([A-Za-z0-9_-]{1,40})[\"']")


class Element(NamedTuple):
    """The bytes of one response in a text."""

    start: int
    end: int


def response_elements(data: bytes, low: int = 0, high: int | None = None) -> Iterator[Element]:
    """Yield where responses begin and end; one that is cut off ends with the text."""
    high = len(data) if high is None else min(high, len(data))
    depth, start = 0, low
    for tag in _TAG.finditer(data, low, high):
        if tag[1]:
            depth -= 1
            if depth == 0:
                yield Element(start, tag.end())
            depth = max(depth, 0)
            continue
        if depth == 0:
            declared = _DECLARATION.search(data, max(low, tag.start() - _LONGEST_BEFORE), tag.start())
            start = declared.start() if declared else tag.start()
        depth += 1
        if depth > _DEEPEST:
            return


class Answer(NamedTuple):
    """What the bytes of one response say.

    Attributes:
        candidates: readings of the signed part; empty where there is none.
        error: the gateway's error code, or an empty text.
        problem: why it is no response; empty where it is one.
    """

    candidates: tuple[Candidate, ...]
    error: str
    problem: str


def read_answer(data: bytes, ways: Ways = ()) -> Answer:
    """Read the bytes of one response, in the charset that they declare and in the one that they have."""
    if len(data) > _LONGEST:
        return Answer((), "", "response.too-large")
    declared = _ENCODING.search(data)
    forms = [data]
    if declared is not None and not data.isascii():
        forms += [_ENCODING.sub(b'encoding="%s"' % name, data, count=1) for name in (b"UTF-8", b"GBK")]
    found: list[Candidate] = []
    error = problem = ""
    for form in dict.fromkeys(forms):
        try:
            response = read_response(form)
        except WireError as refused:
            problem = problem or str(refused)
            continue
        if response.error is not None or response.container is None:
            return Answer((), response.error or "", "")
        charset = declared[1].decode("ascii").upper() if declared else response.charset
        charset = charset if charset in CHARSETS else response.charset
        candidate = Candidate(
            _params(response), charset, "", ways, wire=form is data and not ways, certain=True
        )
        if candidate.params not in [each.params for each in found]:
            found.append(candidate)
    return Answer(tuple(found), error, "" if found else problem)


def _params(response: Response) -> Pairs:
    params = [*response_presign_params(response).items()]
    params += [("sign", response.sign)] if response.sign is not None else []
    params += [("sign_type", response.sign_type)] if response.sign_type is not None else []
    return tuple(params)
