import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.model.outcomes import Blocked, Unsupported
from alipay_qr_conformance.model.plan import Setup
from alipay_qr_conformance.subjects import PythonTransport, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
from alipay_qr_conformance.testbed.notifications import (
    Reply,
    announce_payment,
    can_listen,
    deliver,
    notification,
    paid_trade,
)


@pytest.fixture
def laboratory():
    runners = []

    def make(target=ReferenceAdapter):
        runner = Runner(Subject(PythonTransport(target)), plan(RunOptions()))
        runners.append(runner)
        runner._prepare(Setup("MD5"))
        runner.testbed.setup = Setup("MD5")
        return runner.testbed

    yield make
    for runner in runners:
        runner.close()


@pytest.mark.parametrize(
    ("body", "status", "defect"),
    [
        (b"success", "200", None),
        (b"SUCCESS", "200", None),
        (b" success\r\n", "200", None),
        (b"success", "500", "notify.refused"),
        (b"Success", "200", "notify.reply-around"),
        (b"\xef\xbb\xbfsuccess", "200", "notify.reply-bom"),
        (b"success\n<!-- 12 ms -->", "200", "notify.reply-around"),
        (b'{"code": "success"}', "200", "notify.reply-around"),
        (b"successful", "200", "notify.not-acknowledged"),
        (b'{"success": true}', "200", "notify.not-acknowledged"),
        (b"fail", "200", "notify.not-acknowledged"),
        (b"", "200", "notify.not-acknowledged"),
        (None, "200", "notify.refused"),
    ],
)
def test_only_the_bare_word_is_an_acknowledgement(body, status, defect):
    reply = Reply(body, status)
    assert (None if reply.acknowledged else reply.defect) == defect


def test_a_payment_is_announced_and_believed(laboratory):
    bed = laboratory()
    with bed.gateway() as session:
        trade = paid_trade(bed, session, "12.50", "USD")
        assert bed.ask("trade", out_trade_no=trade).value["state"] == "paid"
        assert announce_payment(bed, session, "T2", "1.00", "USD") == session.engine.trades.get("T2").trade_no


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ({"reply": {"base64": "c3VjY2Vzcw=="}}, b"success"),
        ({"reply": "success", "status": "204"}, b"success"),
        ({"reply": ""}, b""),
    ],
)
def test_forms_of_a_reply(laboratory, said, body):
    class Says(ReferenceAdapter):
        def notify(self, **_):
            return said

    bed = laboratory(Says)
    reply = deliver(bed, b"a=1", "application/x-www-form-urlencoded")
    assert (reply.body, reply.status) == (body, said.get("status", "200"))


def test_a_refused_genuine_notification_blocks_what_builds_on_it(laboratory):
    class Refuses(ReferenceAdapter):
        def notify(self, **_):
            raise RuntimeError("no")

    bed = laboratory(Refuses)
    with bed.gateway() as session, pytest.raises(Blocked):
        paid_trade(bed, session, "1.00", "USD")


def test_a_subject_that_takes_none_cannot(laboratory):
    class Deaf(ReferenceAdapter):
        def hello(self, protocol="1", **rest):
            said = super().hello(protocol, **rest)
            return said | {"operations": [op for op in said["operations"] if op != "notify"], "limits": {}}

    bed = laboratory(Deaf)
    assert not can_listen(bed)
    with pytest.raises(Unsupported):
        deliver(bed, b"", "")


def test_a_web_server_is_bounded_and_followed_nowhere(laboratory):
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            if "moved" in self.path:
                self.send_response(302)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(10**6))
            self.end_headers()
            self.wfile.write(b"x" * 10**6)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        for path, status in (("/n?shop=1", "200"), ("/moved", "302")):

            class Web(ReferenceAdapter):
                def hello(self, protocol="1", path=path, **rest):
                    said = super().hello(protocol, **rest) | {"limits": {}}
                    url = f"http://127.0.0.1:{server.server_port}{path}"
                    return said | {"operations": ["hello", "configure", "trade"], "notify_url": url}

            bed = laboratory(Web)
            assert can_listen(bed)
            with bed.gateway() as session:
                session.engine.pay(None, "1.00", "USD", session.now, out_trade_no="T1")
                reply = deliver(bed, *notification(bed, session, "T1"), query="lang=en")
            assert reply.status == status
            assert len(reply.body) <= 64 * 1024
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert [path for path, _ in seen] == ["/n?shop=1&lang=en", "/moved?lang=en"]
    assert b"out_trade_no=T1" in seen[0][1]
