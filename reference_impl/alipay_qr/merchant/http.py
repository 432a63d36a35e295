"""Sending: one request, one bounded answer, or the reason why there is none.

A merchant's request moves money, so nothing here is clever: https, no redirects (they would carry the
request to an address that nobody configured), no cookies, no credentials from ``.netrc``, no repetition.
A proxy from the environment is used for the gateway, never for loopback.
"""

import time
from dataclasses import dataclass
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from alipay_qr._version import __version__
from alipay_qr.errors import OutcomeUnknown, ParameterError
from alipay_qr.presign import Params
from alipay_qr.wire import get_url, post_parts

if TYPE_CHECKING:
    import requests

Method = Literal["POST", "GET"]

MAX_ANSWER: Final = 1024 * 1024
_CHUNK: Final = 16 * 1024
_CONNECTIONS: Final = 32


class Timeout(NamedTuple):
    """Seconds: to connect, and for the whole answer to arrive."""

    connect: float = 3.0
    read: float = 15.0


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends signed parameters to a gateway.

    Args:
        session: of the requests library; `open_session` makes one.
        method: GET, or POST with ``_input_charset`` in the URL's query.
        timeout: in seconds.
        allow_http: allow plain http to loopback addresses, for tests.
    """

    session: "requests.Session"
    method: Method
    timeout: Timeout
    allow_http: bool

    def check(self, gateway_url: str) -> None:
        """Raise `ParameterError` unless requests may go to this address."""
        _check_address(gateway_url, allow_http=self.allow_http)

    def send(self, gateway_url: str, params: Params, charset: str) -> bytes:
        """Return the body of the gateway's answer.

        Raises:
            ParameterError: ``gateway_url`` is not allowed; nothing was sent.
            OutcomeUnknown: no answer with status 200 and at most 1 MiB came in time.
        """
        import requests
        from urllib3.exceptions import HTTPError

        loopback = _check_address(gateway_url, allow_http=self.allow_http)
        body, headers = None, dict(self.session.headers)
        if self.method == "GET":
            url = get_url(gateway_url, params, charset)
        else:
            url, body, headers["Content-Type"] = post_parts(gateway_url, params, charset)
        deadline = time.monotonic() + sum(self.timeout)
        try:
            prepared = requests.PreparedRequest()  # of this alone, sent past the session: it would merge
            prepared.prepare(self.method, url, headers=headers, data=body)  # its own, follow and remember
            with self.session.get_adapter(url).send(
                prepared,
                timeout=self.timeout,
                verify=self.session.verify or True,
                proxies={} if loopback else requests.utils.get_environ_proxies(gateway_url),
                stream=True,
            ) as answer:
                if answer.status_code != requests.codes.ok:
                    raise _unknown("http.status", f"the gateway answered with status {answer.status_code}")
                return _read(answer, deadline)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _unknown("http.no-answer", f"no answer came: {type(error).__name__}") from None


def open_session(ca_file: str | None = None) -> "requests.Session":
    """Return a session that takes nothing from the environment."""
    import requests
    from requests.adapters import HTTPAdapter

    session = requests.Session()
    session.trust_env = False
    session.verify = ca_file or True
    session.max_redirects = 0
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.update({"Accept-Encoding": "identity", "User-Agent": f"alipay-qr/{__version__}"})
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS, max_retries=0))
    return session


def _check_address(gateway_url: str, *, allow_http: bool) -> bool:
    """Say whether a gateway's address is loopback, or raise `ParameterError`."""
    parts = urlsplit(gateway_url)
    host = parts.hostname or ""
    loopback = _is_loopback(host)
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and allow_http and loopback)):
        raise ParameterError(
            f"requests go by https, not by {parts.scheme[:10]!r} to {host[:80]!r}",
            code="gateway-url.not-https",
            hint="use the https address; a simulated gateway on loopback needs allow_http=True",
        )
    if parts.fragment or "@" in parts.netloc:
        raise ParameterError(
            "the gateway's address has a fragment or a user name",
            code="gateway-url.form",
            hint="write https://host/path",
        )
    return loopback


@lru_cache(maxsize=64)
def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(answer: "requests.Response", deadline: float) -> bytes:
    """Return the body, timed as a whole: a socket's timeout restarts with each byte."""
    read_some = getattr(answer.raw, "read1", None) or (lambda _: answer.raw.read(1))  # urllib3 1.26
    body = bytearray()
    while chunk := read_some(_CHUNK):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise _unknown("http.too-large", "the answer is larger than 1 MiB")
        if time.monotonic() > deadline:
            raise _unknown("http.slow", "the answer did not end in time")
    return bytes(body)


def _unknown(code: str, text: str) -> OutcomeUnknown:
    return OutcomeUnknown(text, code=code, hint="repeat the request with the same ids")
