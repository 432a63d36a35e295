"""Level 2: to whom a subject that speaks https only will talk.

The run's authority issued the gateway's certificate. A server with a certificate of another authority, and
one with a certificate for another host, must not get a request, not even its parameters in the URL.
"""

import ssl
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from alipay_qr.gateway import Answer, Server
from alipay_qr.gateway.tls import make_tls
from alipay_qr.wire import Request
from alipay_qr_conformance.casebook import Broken, Case, NotJudged, Plan
from alipay_qr_conformance.checks.requests import BIZ_DATA
from alipay_qr_conformance.lab import NOTIFY_URL, Lab

_ARGS: Final[Mapping[str, Any]] = {"biz_data": BIZ_DATA, "notify_url": NOTIFY_URL}
_NEEDS: Final = ("create_qr_code",)
_HTTPS: Final = ("https_only",)


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (the same in every plan)
    """Yield one case for each server that is not the gateway."""
    for name, identity in STRANGERS.items():
        yield Case("request.https", name, _stranger(name, identity), needs=_NEEDS, features=_HTTPS)


def _unknown_authority(lab: Lab) -> ssl.SSLContext:  # noqa: ARG001 (the table's signature)
    return make_tls().context


def _other_host(lab: Lab) -> ssl.SSLContext:
    if lab.tls.other is None:
        raise RuntimeError("the run's authority was made without a second certificate")
    return lab.tls.other


STRANGERS: Final[dict[str, Callable[[Lab], ssl.SSLContext]]] = {
    "unknown-authority": _unknown_authority,
    "other-host": _other_host,
}


def _stranger(name: str, identity: Callable[[Lab], ssl.SSLContext]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        came: list[Request] = []

        def listen(request: Request) -> Answer:
            came.append(request)
            return Answer(body=b"", status=503)

        with lab.gateway() as session:
            lab.ask("create_qr_code", gateway_url=session.url, **_ARGS)
            if not session.records:  # without a request to the gateway, none to a stranger means nothing
                raise NotJudged("nothing.reached", op="create_qr_code")
        with Server(ssl_context=identity(lab)) as server:
            lab.ask("create_qr_code", gateway_url=server.mount("/gateway.do", listen), **_ARGS)
        if came:
            raise Broken("https.stranger", {"arrived": came[0].body or came[0].query}, what=name)

    return run
