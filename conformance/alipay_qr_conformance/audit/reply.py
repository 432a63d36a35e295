"""What a recorded answer says: whether a notification was acknowledged, what became of a request."""

from typing import Final

from alipay_qr.catalogue import GATEWAY_ERRORS
from alipay_qr.errors import WireError
from alipay_qr.wire import read_response

WORDS: Final = frozenset({b"success", b"SUCCESS"})
ACKNOWLEDGED: Final = frozenset("YB")
"""``Y`` the word alone, ``B`` with blanks around it, ``N`` no, ``?`` not recorded."""

DONE: Final = "D"
REFUSED: Final = "F"
UNKNOWN: Final = "U"
NOT_RECORDED: Final = "N"

_OK: Final = 200
_WORD_SIZE: Final = 7
_ROOM: Final = 16
"""Bytes within which a reply may be the word with blanks around it."""
_UNDECIDED: Final = frozenset(
    {"SYSTEM_EXCEPTION", *(each.code for each in GATEWAY_ERRORS if each.level == "gateway-system")}
)
_FAILED: Final = frozenset({"FAIL", "FAILED"})


def acknowledgement(status: int | None, reply: bytes | None, size: int) -> str:
    """Return whether a reply acknowledges a notification: ``Y``, ``B``, ``N`` or ``?``.

    An access log tells the size alone: seven bytes are ``success``, and what is much longer is a page.
    """
    if status is not None and status != _OK:
        return "N"
    if reply is None:
        if size == _WORD_SIZE and status == _OK:
            return "Y"
        return "?" if size < 0 or _WORD_SIZE < size <= _ROOM else "N"
    if reply in WORDS:
        return "Y"
    return "B" if reply.strip() in WORDS else "N"


def carried_out(status: int | None, reply: str) -> bool:
    """Say whether a reply tells at a glance that a request was carried out."""
    return (
        status in {_OK, None}
        and "<is_success>T</is_success>" in reply
        and "<result_code>SUCCESS</result_code>" in reply
    )


def outcome(status: int | None, reply: bytes | None) -> tuple[str, str]:
    """Return what became of a request, and the error code: `DONE`, `REFUSED`, `UNKNOWN`, `NOT_RECORDED`."""
    if reply is None:
        return (NOT_RECORDED, "") if status in {_OK, None} else (UNKNOWN, "")
    if status not in {_OK, None}:
        return UNKNOWN, ""
    if carried_out(status, reply.decode("latin-1")):
        return DONE, ""
    try:
        response = read_response(reply)
    except WireError:
        return UNKNOWN, ""
    code = response.error or response.fields.get("detail_error_code") or response.fields.get("error") or ""
    if code in _UNDECIDED or (not response.is_success and not response.error):
        return UNKNOWN, code
    if not response.is_success:
        return REFUSED, code
    result = response.fields.get("result_code", "").strip()
    if result == "SUCCESS":
        return DONE, code
    return (REFUSED if result in _FAILED else UNKNOWN), code
