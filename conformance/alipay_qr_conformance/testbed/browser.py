"""The customer's browser: it opens what a merchant hands to it instead of sending it (outcome ``handed``).

``url`` alone is opened by GET, as a redirection is; with ``form`` that text is posted to it, as a page's form
is. What a browser does to an address is done here too: blanks and what is no ASCII are escaped in UTF-8. It
opens nothing but the kit's own gateway.
"""

import http.client
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from alipay_qr_conformance.testbed.testbed import Testbed

_SECONDS: Final = 10.0
_MOST: Final = 1 << 20
_PRINTABLE: Final = "".join(map(chr, range(0x21, 0x7F)))
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def open_page(bed: "Testbed", handed: Mapping[str, object]) -> None:
    """Open what an answer hands to the browser; an address that is not the kit's gateway is not opened."""
    url, form = str(handed.get("url") or ""), handed.get("form")
    try:
        parts, own = urlsplit(url), urlsplit(bed.server.base_url)
        if (parts.scheme, parts.hostname, parts.port) != (own.scheme, own.hostname, own.port):
            return
    except ValueError:
        return
    target = quote(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", safe=_PRINTABLE)
    connection = _connection(bed, str(own.hostname), own.port)
    try:
        if form is None:
            connection.request("GET", target)
        else:
            body = str(form).encode("utf-8", "backslashreplace")
            connection.request("POST", target, body, _FORM)
        connection.getresponse().read(_MOST)
    except (OSError, http.client.HTTPException):
        return  # an answer that is lost or broken on purpose: nobody reads it
    finally:
        connection.close()


def _connection(bed: "Testbed", host: str, port: int | None) -> http.client.HTTPConnection:
    if not bed.only_https:
        return http.client.HTTPConnection(host, port, timeout=_SECONDS)
    context = ssl.create_default_context(cadata=bed.tls.ca_pem.decode("ascii"))
    return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
