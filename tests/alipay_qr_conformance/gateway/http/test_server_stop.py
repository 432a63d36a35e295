import threading

import pytest

from alipay_qr_conformance.gateway.http.server import Server

pytestmark = pytest.mark.usefixtures("loop")


def test_a_server_that_is_stopped_at_once_stops():
    """The thread may not have begun to serve when stop() comes; the stop must not be lost."""

    def start_and_stop():
        for _ in range(300):
            Server().start().stop()

    thread = threading.Thread(target=start_and_stop, daemon=True)
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive()
