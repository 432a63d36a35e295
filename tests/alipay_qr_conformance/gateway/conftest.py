"""The event loops that the server runs in."""

import asyncio

import pytest
import uvloop

from alipay_qr_conformance.gateway.http import server


@pytest.fixture(
    scope="module", params=[asyncio.SelectorEventLoop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def loop(request):
    """Let servers run in one loop, then in the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "new_loop", request.param)
        yield
