"""Who is listened to: a shop's server, and no page of a browser.

A page can send what it likes to loopback, signed with the published keys. What it cannot do is hide: a
browser says whose page it is (Origin: Fetch standard; Sec-Fetch-Site: W3C Fetch Metadata), and a page that
made its own name point to loopback sends that name as Host. A shop's server sends none of these.
"""

import ipaddress
from typing import Final

from alipay_qr_conformance.gateway.http.api import HttpRequest

_WATCHED: Final = frozenset({b"host", b"origin", b"sec-fetch-site", b"sec-fetch-dest"})
_OWN: Final = frozenset({"none", "same-origin"})
_FRAMES: Final = frozenset({"iframe", "frame", "embed", "object", "fencedframe"})
_PRIVATE: Final = (".internal", ".localhost")
ALIPAY_HOSTS: Final = (
    "globalmapi.alipay.com",
    "intlmapi.alipay.com",
    "mapi.alipay.com",
    "mapi.alipaydev.com",
)
"""Alipay's own names: a shop that has one of them in its code is led here. No other page can bear them."""


class Gatekeeper:
    """Says who is refused.

    Args:
        host: the address that the server listens on. Names of loopback and of Alipay's gateways are always
            right; where it is another, so are that name, addresses, and names that nobody can register.
        scheme: ``http`` or ``https``.
    """

    def __init__(self, host: str, scheme: str = "http") -> None:
        self._host = host.lower().strip("[]")
        self._scheme = scheme
        self._open = not _is_loopback(self._host)

    def refusal(self, http: HttpRequest, *, own_page: bool = False) -> str:
        """Return why a request is refused, or an empty text.

        Args:
            http: the request.
            own_page: whether pages that this server gave out may send it.
        """
        host = ""
        for field, value in http.headers:
            name = field.lower()
            if name not in _WATCHED:
                continue
            text = value.decode("latin-1").lower()
            if name == b"host":
                host = text
                if not self._is_ours(text):
                    return "the Host is not this server"
            elif name == b"sec-fetch-site":
                if text not in _OWN:
                    return "it comes from a page of another site"
            elif name == b"sec-fetch-dest":
                if text in _FRAMES:
                    return "it is to stand within another page"
            elif not own_page or text != f"{self._scheme}://{host or http.header('host').lower()}":
                return "the Origin is not this server: no page may send this"
        return ""

    def _is_ours(self, text: str) -> bool:
        name = text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0]
        if name == self._host or name in ALIPAY_HOSTS or _is_loopback(name):
            return True
        return self._open and (_is_address(name) or "." not in name or name.endswith(_PRIVATE))


def _is_loopback(name: str) -> bool:
    if name in {"localhost", "127.0.0.1"}:
        return True
    return _is_address(name) and ipaddress.ip_address(name).is_loopback


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
