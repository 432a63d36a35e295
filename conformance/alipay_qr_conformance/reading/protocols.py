"""What is no message of ours: other protocols of Alipay, by name, and error codes that stand alone."""

from collections.abc import Iterable, Iterator
from typing import Final

from alipay_qr_conformance.reading.names import ERROR_CODES
from alipay_qr_conformance.reading.patterns import later

_OPEN_PLATFORM: Final = frozenset({"app_id", "method"})
_OPEN_MEMBERS: Final = frozenset(
    {"biz_content", "version", "charset", "sign", "format", "timestamp", "alipay_sdk"}
)
_WAP: Final = frozenset({"sec_id", "v"})
_WAP_MEMBERS: Final = frozenset({"notify_data", "req_data", "req_id", "call_back_url", "service"})


def other_protocol(names: Iterable[str]) -> str:
    """Return ``open-platform`` or ``wap`` for the names of a message, an empty text for one of ours."""
    found = set(names)
    if found >= _OPEN_PLATFORM and not found.isdisjoint(_OPEN_MEMBERS):
        return "open-platform"
    if "app_id" in found and "notify_id" in found:
        return "open-platform"
    if "sec_id" in found and not found.isdisjoint(_WAP_MEMBERS):
        return "wap"
    return ""


_MARKS: Final = later(
    rb"(?P<open_platform>isv\.(?:invalid|missing)-\w{1,40}|alipay_[a-z_]{3,60}_response|openapi(?:\.\w{1,20})?\.alipay"
    rb"|\bmethod[\"' =:]{1,6}alipay\.|\bapp_id\b)"
    rb"|(?P<antom_rest>(?i:signature: ?algorithm=RSA256|\bclient-id: ?\w{8,})|/ams/(?:api|sandbox)/)"
    rb"|(?P<wap>alipay\.wap\.|<direct_trade_create_req>|<auth_and_execute_req>)"
)
_CODE: Final = later(rb"(?<![A-Z_])[A-Z]{3,20}(?:_[A-Z0-9]{2,20}){1,5}(?![A-Z_])")
_REFUSAL: Final = "ILLEGAL_"
"""Begins most codes of the gateway that is asked wrongly; no list of them is complete."""

_MOST: Final = 8


def foreign_marks(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield where the first mark of another protocol of Alipay stands, and which one it is."""
    if (found := _MARKS.search(data)) is not None:
        yield found.start(), str(found.lastgroup).replace("_", "-")


def error_codes(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield the gateway's error codes that stand in a text, each once; unlisted ``ILLEGAL_..``, too."""
    seen: set[str] = set()
    for found in _CODE.finditer(data):
        code = found[0].decode("ascii")
        if (code in ERROR_CODES or code.startswith(_REFUSAL)) and code not in seen:
            seen.add(code)
            yield found.start(), code
            if len(seen) == _MOST:
                return
