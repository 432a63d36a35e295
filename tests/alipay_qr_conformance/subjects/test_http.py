import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from alipay_qr_conformance.subjects import AdapterFault, Bounds, Crash, Garbled, Hang, HttpTransport, Result

HONEST = Result({"sign": "honest"})
SHORT = 0.2


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.client_address[1], self.headers["Content-Type"], self.path))
        args = request["args"]
        vice = args.get("vice")
        if vice is None:
            self.answer({"id": request["id"], "result": {"sign": args.get("echo", "honest")}})
        else:
            getattr(self, vice)(request)

    def answer(self, message, status=200, **headers):
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.send_response(status)
        for name, value in {"Content_Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def status_500(self, request):
        self.answer(b"<h1>Fatal error</h1>", 500)

    def redirect(self, request):
        self.answer(b"", 302, Location="/elsewhere")

    def other_id(self, request):
        self.answer({"id": request["id"] + 1, "result": {}})

    def no_json(self, request):
        self.answer(b"<br />Warning")

    def no_http(self, request):
        self.wfile.write(b"hello\r\n\r\n")
        self.close_connection = True

    def too_long(self, request):
        self.answer(b"{" * 200_000)

    def endless(self, request):
        self.answer(b"", Content_Length=10**12)
        self.drip(b"{" * 65536, 0.0)

    def chunked(self, request):
        body = json.dumps({"id": request["id"], "result": {"sign": "honest"}}).encode()
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for byte in body:
            self.wfile.write(b"1\r\n" + bytes([byte]) + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def hang(self, request):
        self.server.over.wait(30)

    def drip_body(self, request):
        self.answer(b"", Content_Length=10**6)
        self.drip(b"{", 0.02)

    def drip_head(self, request):
        self.drip(b"H", 0.02)

    def drip(self, data, pause):
        while not self.server.over.wait(pause):
            try:
                self.wfile.write(data)
            except OSError:
                break
        self.close_connection = True

    def drop(self, request):
        self.close_connection = True

    def half(self, request):
        self.answer(b'{"id":', Content_Length=1000)
        self.close_connection = True

    def half_chunk(self, request):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"ff\r\n{")
        self.close_connection = True

    def answer_and_close(self, request):
        self.answer({"id": request["id"], "result": {"sign": "honest"}}, Connection="close")
        self.close_connection = True

    def answer_and_leave(self, request):
        self.answer({"id": request["id"], "result": {"sign": "honest"}})
        self.close_connection = True

    def log_message(self, *_):
        pass


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_):
        """A client that goes away is what these tests are about."""


@pytest.fixture
def server():
    with Quiet(("127.0.0.1", 0), Handler) as server:
        server.seen = []
        server.over = threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def transport(server):
    url = f"http://127.0.0.1:{server.server_port}/adapter?token=1"
    transport = HttpTransport(url, bounds=Bounds(line=100_000))
    yield transport
    transport.close()


def ask(transport, vice=None, timeout=10.0):
    return transport.call("sign", {"vice": vice} if vice else {}, None, timeout)


@pytest.mark.parametrize(
    ("vice", "kind", "words", "timeout"),
    [
        ("status_500", Garbled, "status 500, expected 200 for every answer; its body: <h1>Fatal", 10),
        ("redirect", Garbled, "status 302", 10),
        ("other_id", Garbled, "echo the id", 10),
        ("no_json", Garbled, "no JSON", 10),
        ("no_http", Garbled, "no HTTP response", 10),
        ("too_long", Garbled, "longer than 100000 bytes", 10),
        ("endless", Garbled, "longer than 100000 bytes", 10),
        ("half", Crash, "in the middle of an answer", 10),
        ("half_chunk", Crash, "in the middle of an answer", 10),
        ("hang", Hang, "", SHORT),
        ("drip_body", Hang, "", SHORT),
        ("drip_head", Hang, "", SHORT),
        ("drop", Crash, "connection", 10),
    ],
)
def test_a_vice_costs_one_call(transport, vice, kind, words, timeout):
    assert ask(transport) == HONEST
    answer = ask(transport, vice, timeout)
    assert type(answer) is kind
    assert words in getattr(answer, "detail", "")
    assert transport.broken is (kind is not Garbled)
    assert ask(transport) == HONEST
    assert not transport.broken


def test_one_connection_is_kept(server, transport):
    for vice in (None, "chunked", None):
        assert ask(transport, vice) == HONEST
    assert len({port for port, _, _ in server.seen}) == 1
    assert server.seen[0][1:] == ("application/json", "/adapter?token=1")


@pytest.mark.parametrize("vice", ["answer_and_close", "answer_and_leave"])
def test_a_server_that_closes_after_an_answer_costs_nothing(server, transport, vice):
    for _ in range(3):
        assert ask(transport, vice) == HONEST
        if vice == "answer_and_leave":
            # The end of the connection may still be on its way: wait until it can be seen.
            line = transport._connections[0]._line
            while not line.readable():
                pass
    assert len({port for port, _, _ in server.seen}) == 3


def test_no_redirect_is_followed(server, transport):
    ask(transport, "redirect")
    assert {path for _, _, path in server.seen} == {"/adapter?token=1"}


def test_a_window_goes_over_several_connections(server, transport):
    calls = [("sign", {"echo": str(n)}, None) for n in range(50)]
    assert transport.call_many(calls, 10.0, 4) == [Result({"sign": str(n)}) for n in range(50)]
    assert len({port for port, _, _ in server.seen}) <= 4


def test_a_hang_in_a_window_is_its_own(transport):
    calls = [("sign", {"vice": "hang"} if n == 0 else {}, None) for n in range(4)]
    answers = transport.call_many(calls, SHORT, 4)
    assert answers[0] == Hang(SHORT)
    assert transport.broken


def test_nobody_listens():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        answer = HttpTransport(f"http://127.0.0.1:{held.getsockname()[1]}/").call("hello", {})
    assert isinstance(answer, Crash)
    assert "refused" in answer.detail.lower()


@pytest.mark.parametrize("url", ["127.0.0.1:80", "ftp://127.0.0.1/", "http://", "http://a:b/", "http://a b/"])
def test_a_url_must_be_one(url):
    with pytest.raises(AdapterFault, match="no URL"):
        HttpTransport(url)


def test_an_answer_above_its_share_is_asked_for_alone(server):
    transport = HttpTransport(
        f"http://127.0.0.1:{server.server_address[1]}/adapter", bounds=Bounds(together=1024)
    )
    long = {"echo": "x" * 70_000}
    answers = transport.call_many([("sign", long, None), ("sign", {}, None)])
    assert isinstance(answers[0], Garbled)
    assert answers[0].in_flight > 1
    assert answers[1] == HONEST
    assert transport.call("sign", long) == Result({"sign": long["echo"]})
    transport.close()
