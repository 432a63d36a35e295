"""Level 2: to whom a subject will talk that speaks https, alone (``https_only``) or as well (``https``).

The run's authority issued the gateway's certificate. A server whose certificate is another authority's, its
own, another host's or out of date must not get a request, not even its parameters in the URL. Neither must
one that speaks no https at all, though the gateway itself sends there.
"""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from alipay_qr.wire import Request
from alipay_qr_conformance.gateway import Answer, Server, faults
from alipay_qr_conformance.gateway.http.tls import make_tls
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.paid_trade import words
from alipay_qr_conformance.testbed.scenarios import BIZ_DATA
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed

_ARGS: Final[Mapping[str, Any]] = {"biz_data": BIZ_DATA, "notify_url": NOTIFY_URL}
_NEEDS: Final = ("create_qr_code",)
_HTTPS: Final = ("https",)


@contextmanager
def _gateway(bed: Testbed) -> Iterator[tuple[GatewaySession, str]]:
    """Open a gateway over https; return it and its address."""
    with bed.gateway() as session:
        if bed.only_https:
            yield session, session.url
            return
        with Server(ssl_context=bed.tls.context) as server:
            yield session, server.mount("/gateway.do", session.handle)


@check("request.https", needs=_NEEDS, features=_HTTPS)
def gateway(bed: Testbed) -> None:
    """Reach the gateway over https: to refuse everybody keeps no rule."""
    with _gateway(bed) as (session, url):
        answer = bed.ask("create_qr_code", gateway_url=url, **_ARGS)
        if not session.records:
            raise Failed("https.not-reached", {"answer": words(answer)})


def _unknown_authority(bed: Testbed) -> ssl.SSLContext | None:  # noqa: ARG001 (the table's signature)
    return make_tls().context


Identity = Callable[[Testbed], ssl.SSLContext | None]
STRANGERS: Final[dict[str, Identity]] = {
    "unknown-authority": _unknown_authority,
    "other-host": lambda bed: bed.tls.other,
    "self-signed": lambda bed: bed.tls.self_signed,
    "expired": lambda bed: bed.tls.expired,
}
"""Who serves instead of the gateway."""


@check(
    "request.https",
    needs=_NEEDS,
    features=_HTTPS,
    each={name: (name, identity) for name, identity in STRANGERS.items()},
)
def stranger(bed: Testbed, item: tuple[str, Identity]) -> None:
    """Send nothing to a server that cannot prove to be the gateway."""
    came: list[Request] = []

    def listen(request: Request) -> Answer:
        came.append(request)
        return Answer(body=b"", status=503)

    with _gateway(bed) as (session, url):
        bed.ask("create_qr_code", gateway_url=url, **_ARGS)
        if not session.records:  # without a request to the gateway, none to a stranger means nothing
            raise Blocked("see.requirement", requirement="request.https")
    name, identity = item
    context = identity(bed)
    if context is None:
        raise RuntimeError(f"the run's authority was made without {name}")
    with Server(ssl_context=context) as server:
        bed.ask("create_qr_code", gateway_url=server.mount("/gateway.do", listen), **_ARGS)
    if came:
        raise Failed("https.stranger", {"arrived": came[0].body or came[0].query}, what=name)


REDIRECTIONS: Final = {"redirect-to-http": 302, "redirect-to-http-with-its-body": 307}
"""Redirections to plain http, and their status: a client repeats the method and the body after 307."""


@check("request.https", needs=_NEEDS, features=_HTTPS, each=REDIRECTIONS)
def sent_to_http(bed: Testbed, status: int) -> None:
    """Follow no redirection to plain http."""
    came: list[Request] = []

    def listen(request: Request) -> Answer:
        came.append(request)
        return Answer(body=b"", status=503)

    with Server() as plain, _gateway(bed) as (session, url):
        session.inject(faults.redirect(plain.mount("/gateway.do", listen), status=status), "create_qr_code")
        bed.ask("create_qr_code", gateway_url=url, **_ARGS)
        if not session.records:
            raise Blocked("see.requirement", requirement="request.https")
    if came:
        raise Failed("https.plain", {"arrived": came[0].body or came[0].query}, status=status)
