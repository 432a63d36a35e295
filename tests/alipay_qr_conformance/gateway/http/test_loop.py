"""uvloop where it is installed, asyncio otherwise."""

import asyncio
import sys

import pytest

from alipay_qr_conformance.gateway.http.server import new_loop


@pytest.mark.parametrize("installed", [True, False], ids=["uvloop", "asyncio"])
def test_the_loop(installed, monkeypatch):
    if not installed:
        monkeypatch.setitem(sys.modules, "uvloop", None)
    loop = new_loop()
    try:
        assert type(loop).__module__.startswith("uvloop") is installed
        assert isinstance(loop, asyncio.AbstractEventLoop)
    finally:
        loop.close()
