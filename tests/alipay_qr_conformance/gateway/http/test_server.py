"""The server over real sockets: what clients send arrives, whatever its form; what is answered travels."""

import http.client
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import requests

from alipay_qr_conformance.gateway import Answer, Server, Timeouts
from alipay_qr_conformance.gateway.http.connection import MAX_BODY, MAX_HEAD

pytestmark = pytest.mark.usefixtures("loop")

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def server():
    with Server(timeouts=Timeouts(head=2.0, body=2.0, idle=5.0)) as running:
        yield running
    assert running.errors == []


@pytest.fixture
def seen(server):
    """Every request that reached the handler, which answers with their number."""
    found = []

    def handler(request):
        found.append(request)
        return Answer(b"%d" % len(found))

    server.mount("/gateway.do", handler)
    return found


def connect(server):
    return socket.create_connection(("127.0.0.1", port(server)), timeout=5)


def port(server):
    return int(server.base_url.rpartition(":")[2])


def exchange(server, *parts):
    """Send bytes, then read until the server closes."""
    with connect(server) as client:
        for part in parts:
            client.sendall(part)
        return read_all(client)


def read_all(client):
    data = b""
    while part := client.recv(65536):
        data += part
    return data


def read_answer(client):
    """Read one answer with its body from a connection that stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += client.recv(65536)
    return head, body


CLOSE = b"Connection: close\r\n\r\n"


def test_get_and_post_over_one_connection(server, seen):
    client = http.client.HTTPConnection("127.0.0.1", port(server), timeout=5)
    client.request("GET", "/gateway.do?a=b%20c")
    assert client.getresponse().read() == b"1"
    client.request("POST", "/gateway.do?x=1", "a=%B5%EA", {"Content-Type": FORM})
    answer = client.getresponse()
    assert (answer.read(), answer.getheader("Content-Type")) == (b"2", "text/xml;charset=UTF-8")
    client.close()
    get, post = seen
    assert (get.method, get.query, get.target) == ("GET", b"a=b%20c", b"/gateway.do?a=b%20c")
    assert (post.method, post.query, post.body, post.content_type) == ("POST", b"x=1", b"a=%B5%EA", FORM)


def test_requests_and_its_chunked_bodies(server, seen):
    with requests.Session() as session:
        session.trust_env = False
        assert session.post(server.base_url + "/gateway.do", data={"a": "店"}, timeout=5).text == "1"
        assert session.post(server.base_url + "/gateway.do", data=iter([b"a=", b"b"]), timeout=5).text == "2"
    assert [each.body for each in seen] == [b"a=%E5%BA%97", b"a=b"]


IRREGULAR = [
    pytest.param(
        b"GET /gateway.do?a=b c HTTP/1.1\r\nHost: localhost\r\n\r\n", b"a=b c", b"", id="blank-in-the-url"
    ),
    pytest.param("GET /gateway.do?a=店 HTTP/1.1\r\n\r\n".encode(), "a=店".encode(), b"", id="raw-utf-8"),
    pytest.param(
        "GET /gateway.do?a=店 HTTP/1.1\r\n\r\n".encode("gbk"), "a=店".encode("gbk"), b"", id="raw-gbk"
    ),
    pytest.param(b"GET /gateway.do?a=b HTTP/1.1\nHost: localhost\n\n", b"a=b", b"", id="bare-line-feeds"),
    pytest.param(
        b"POST /gateway.do HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\na=b",
        b"",
        b"a=b",
        id="content-length-twice",
    ),
    pytest.param(
        "POST /gateway.do?n=店 HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b".encode(),
        "n=店".encode(),
        b"a=b",
        id="raw-utf-8-and-a-body",
    ),
    pytest.param(
        b"POST /gateway.do HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAEAAEAA\r\nContent-Length: 3\r\n\r\na=b",
        b"",
        b"a=b",
        id="upgrade-to-http2-with-a-body",
    ),
]


@pytest.mark.parametrize("pieces", [1, 2, 7], ids=["at-once", "in-halves", "in-sevenths"])
@pytest.mark.parametrize(("raw", "query", "body"), IRREGULAR)
def test_what_strict_parsers_refuse_is_handed_on_as_it_came(server, seen, *, raw, query, body, pieces):
    size = -(-len(raw) // pieces)
    answer = exchange(server, *(raw[start : start + size] for start in range(0, len(raw), size)))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nConnection: close\r\n" in answer
    assert [(each.query, each.body) for each in seen] == [(query, body)]
    assert seen[0].target == raw.split(b" ", 1)[1].partition(b" HTTP")[0]


def test_an_irregular_request_after_regular_ones_on_one_connection(server, seen):
    good = b"POST /gateway.do HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b"
    answer = exchange(server, good + good + b"GET /gateway.do?a=b c HTTP/1.1\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert [each.body or each.query for each in seen] == [b"a=b", b"a=b", b"a=b c"]


def test_pipelined_requests_are_answered_in_order(server):
    delays = iter([0.05, 0.0, 0.02])
    server.mount("/", lambda request: Answer(request.query, delay=next(delays)))
    answer = exchange(
        server, b"GET /?one HTTP/1.1\r\n\r\nGET /?two HTTP/1.1\r\n\r\n", b"GET /?three HTTP/1.1\r\n" + CLOSE
    )
    assert [answer.index(word) for word in (b"one", b"two", b"three")] == sorted(
        answer.index(word) for word in (b"one", b"two", b"three")
    )
    assert answer.count(b"HTTP/1.1 200") == 3


def test_an_absolute_target(server, seen):
    exchange(server, b"GET http://gateway/gateway.do?a=1 HTTP/1.1\r\n" + CLOSE)
    assert (seen[0].query, seen[0].target) == (b"a=1", b"http://gateway/gateway.do?a=1")


def test_a_body_longer_than_announced_is_told_and_breaks_nothing(server, seen):
    body = "a=店".encode()
    raw = b"POST /gateway.do HTTP/1.1\r\nContent-Length: 3\r\n\r\n" + body
    assert exchange(server, raw).count(b"HTTP/1.1") == 1
    assert seen[0].body == body[:3]
    assert server.strays[0].reason == "bytes after the body of a request"


def test_a_client_that_waits_for_100_continue(server, seen):
    with connect(server) as client:
        client.sendall(b"POST /gateway.do HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"a=b")
        assert read_answer(client)[1] == b"1"
    assert seen[0].body == b"a=b"


def test_head_gets_no_body(server, seen):
    answer = exchange(server, b"HEAD /gateway.do HTTP/1.1\r\n" + CLOSE)
    assert answer.endswith(b"\r\n\r\n")
    assert seen[0].method == "HEAD"


# --- bounds -----------------------------------------------------------------------------------------


def test_a_body_above_the_bound_is_answered_413_and_recorded(server, seen):
    head = b"POST /gateway.do HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY * 2)
    answer = exchange(server, head, b"a" * (MAX_BODY * 2))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert len(seen[0].body) == MAX_BODY


def test_a_body_at_the_bound_passes(server, seen):
    head = b"POST /gateway.do HTTP/1.1\r\nContent-Length: %d\r\n" % MAX_BODY
    assert exchange(server, head + CLOSE, b"a" * MAX_BODY).startswith(b"HTTP/1.1 200 ")
    assert len(seen[0].body) == MAX_BODY


@pytest.mark.parametrize("end", [b" HTTP/1.1\r\n\r\n", b""], ids=["with-an-end", "without"])
def test_a_head_above_the_bound_is_answered_431_and_recorded(server, seen, end):
    answer = exchange(server, b"GET /gateway.do?", b"a" * (MAX_HEAD + 100), end)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert seen[0].query.startswith(b"aaaa")


@pytest.mark.parametrize(("over", "status"), [(0, b"200"), (1, b"431")], ids=["at", "above"])
def test_a_head_at_its_bound_and_one_above(server, seen, over, status):
    begin, end = b"GET /gateway.do?", b" HTTP/1.1\r\n" + CLOSE
    size = MAX_HEAD + 1 - len(b"/gateway.do?") if over else MAX_HEAD - len(begin + end)
    assert exchange(server, begin + b"a" * size + end).startswith(b"HTTP/1.1 " + status)
    assert len(seen) == 1


@pytest.mark.parametrize(("over", "status"), [(0, b"200"), (1, b"413")], ids=["at", "above"])
@pytest.mark.parametrize("chunked", [False, True], ids=["counted", "chunked"])
def test_a_body_at_its_bound_and_one_above(server, seen, chunked, over, status):
    body = b"a" * (MAX_BODY + over)
    length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(body)
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked else body
    head = b"POST /gateway.do HTTP/1.1\r\n" + length + b"\r\n" + CLOSE
    assert exchange(server, head, sent).startswith(b"HTTP/1.1 " + status)
    assert len(seen[0].body) == MAX_BODY


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param(b"1;" + b"x" * 65_000 + b"\r\na\r\n", id="extensions"),
        pytest.param(b"0\r\n" + b"Content-Type: " + b"r" * 60_000 + b"\r\n", id="trailers"),
    ],
)
def test_what_chunks_add_to_a_body_is_bounded(server, seen, piece):
    head = b"POST /gateway.do HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    more = piece.removeprefix(b"0\r\n")
    found = exchange(server, head, piece, *[more] * (17 * 1024 * 1024 // len(more)))
    assert found.startswith(b"HTTP/1.1 413 ")
    assert [each.content_type for each in seen] == [""]


def test_an_irregular_body_above_the_bound(server, seen):
    head = b"POST /gateway.do?a b HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY + 9)
    assert exchange(server, head, b"a" * (MAX_BODY + 9)).startswith(b"HTTP/1.1 413 ")
    assert len(seen[0].body) == MAX_BODY


SHORT = Timeouts(head=0.05, body=0.05, idle=0.05)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"GET /gateway.do?a=b HT", b"HTTP/1.1 408 ", id="half-a-head"),
        pytest.param(
            b"POST /gateway.do HTTP/1.1\r\nContent-Length: 9\r\n\r\na=b", b"HTTP/1.1 408 ", id="half-a-body"
        ),
        pytest.param(b"", b"", id="idle"),
    ],
)
def test_a_request_that_does_not_end_in_time(sent, status):
    with Server(timeouts=SHORT) as server:
        server.mount("/", lambda _: Answer(b"never"))
        assert exchange(server, sent).startswith(status)
        assert [stray.sent for stray in server.strays] == ([sent] if sent else [])


def test_an_irregular_request_that_does_not_end_is_handed_on_when_time_is_up():
    with Server(timeouts=SHORT) as server:
        server.mount("/", lambda request: Answer(request.query + request.body))
        sent = b"POST /?a b HTTP/1.1\r\nContent-Length: 9\r\n\r\na=b"
        assert exchange(server, sent).endswith(b"\r\n\r\na ba=b")


def test_a_client_that_leaves_within_a_request_is_told(server, seen):
    with connect(server) as client:
        client.sendall(b"POST /gateway.do HTTP/1.1\r\nContent-Length: 9\r\n\r\na=b")
        client.shutdown(socket.SHUT_WR)
        assert read_all(client) == b""
    assert seen == []
    assert server.strays[0].reason == "the connection ended within a request"


def test_what_is_no_http_at_all(server):
    assert exchange(server, b"\x16\x03\x01\x02\x00\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert server.strays[0].sent.startswith(b"\x16\x03")


# --- answers ----------------------------------------------------------------------------------------


def ask(server, path="/", timeout=5):
    client = http.client.HTTPConnection("127.0.0.1", port(server), timeout=timeout)
    try:
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        client.close()


def test_a_dropped_answer(server):
    server.mount("/", lambda _: Answer(b"never", drop=True))
    with pytest.raises(http.client.RemoteDisconnected):
        ask(server, timeout=1)  # dropped by the handler's wish, not by the idle time of five seconds


def test_a_truncated_answer(server):
    server.mount("/", lambda _: Answer(b"whole body", truncate=5))
    with pytest.raises(http.client.IncompleteRead) as broken:
        ask(server)
    assert broken.value.partial == b"whole"


def test_a_redirect_and_more_header_fields(server):
    server.mount("/", lambda _: Answer(b"", 302, location="http://127.0.0.1/x", headers=(("X-A", "b"),)))
    status, body, headers = ask(server)
    assert (status, body, headers["Location"], headers["X-A"]) == (302, b"", "http://127.0.0.1/x", "b")


def test_a_late_answer_holds_up_nobody_else(server):
    server.mount("/late", lambda _: Answer(b"late", delay=0.2))
    server.mount("/soon", lambda _: Answer(b"soon"))
    late = []
    waiting = threading.Thread(target=lambda: late.append((ask(server, "/late"), time.monotonic())))
    waiting.start()
    while not server._host.connections:
        time.sleep(0.001)
    assert ask(server, "/soon")[1] == b"soon"
    soon = time.monotonic()
    waiting.join()
    assert late[0][0][1] == b"late"
    assert late[0][1] > soon


def test_a_slow_body_arrives_whole_and_the_connection_lives_on(server):
    answers = iter([Answer(b"0123456789" * 3, slow=0.05), Answer(b"next")])
    server.mount("/", lambda _: next(answers))
    with connect(server) as client:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert read_answer(client)[1] == b"0123456789" * 3
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert read_answer(client)[1] == b"next"


def test_a_client_that_leaves_before_a_late_answer(server):
    server.mount("/late", lambda _: Answer(b"late", delay=0.02))
    with connect(server) as client:
        client.sendall(b"GET /late HTTP/1.1\r\n\r\n")
    server.mount("/soon", lambda _: Answer(b"soon", delay=0.05))
    assert ask(server, "/soon")[1] == b"soon"


def test_a_handler_that_raises_is_remembered():
    with Server() as server:
        server.mount("/", lambda _: 1 // 0)
        assert ask(server)[0] == 500
        assert [type(error) for error in server.errors] == [ZeroDivisionError]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": 99},
        {"location": "http://x/\r\nX: y"},
        {"content_type": "töxt"},
        {"headers": (("A", "b\n"),)},
    ],
)
def test_an_answer_that_could_not_be_sent_as_it_is(fields):
    with pytest.raises(ValueError, match=r"final answer|line break"):
        Answer(b"", **fields)


# --- mounting and life ------------------------------------------------------------------------------


def test_the_longest_prefix_counts_and_segments_are_whole(server):
    for prefix in ("/a", "/a/b", "/"):
        server.mount(prefix, lambda _, prefix=prefix: Answer(prefix.encode()))
    paths = ["/a", "/a/", "/a/x", "/a/b/c?q", "/ab", "/", "/" + "x/" * 40]
    assert [ask(server, path)[1] for path in paths] == [b"/a", b"/a", b"/a", b"/a/b", b"/", b"/", b"/"]
    server.unmount("/")
    assert ask(server, "/ab")[0] == 404
    assert server.strays[0].sent == b"/ab"
    with pytest.raises(ValueError, match="does not begin with a slash"):
        server.mount("a", lambda _: Answer(b""))


def test_handlers_with_header_fields(server):
    url = server.mount_http("/control", lambda http: Answer(f"{http.path} {http.header('host')}".encode()))
    assert url == server.base_url + "/control"
    assert ask(server, "/control/x?y")[1].decode() == f"/control/x 127.0.0.1:{port(server)}"


def test_many_clients_and_mounts_at_once(server):
    def client(number):
        url = server.mount(f"/s{number}", lambda _: Answer(b"%d" % number))
        path = url.removeprefix(server.base_url)
        found.extend(ask(server, path)[1] == b"%d" % number for _ in range(20))
        server.unmount(f"/s{number}")

    found = []
    threads = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 160


def test_stop_ends_what_still_waits():
    server = Server().start()
    server.mount("/", lambda _: Answer(b"never", delay=60))
    with connect(server) as late, connect(server) as idle:
        late.sendall(b"GET / HTTP/1.1\r\n\r\n")
        idle.sendall(b"GE")
        while len(server._host.connections) < 2:
            time.sleep(0.001)
        server.stop()
        for client in (late, idle):
            with pytest.raises(ConnectionResetError):
                client.recv(1) or _reset()
    server.stop()
    assert server.errors == []


def _reset():
    raise ConnectionResetError


def test_a_server_runs_once_at_a_time_and_may_start_again():
    server = Server()
    with pytest.raises(RuntimeError, match="no port yet"):
        _ = server.base_url
    assert server.mount("/", lambda _: Answer(b"here")) == ""
    for _ in range(2):
        with server:
            assert ask(server)[1] == b"here"
            with pytest.raises(RuntimeError, match="runs already"):
                server.start()


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1: (certificate file, server context)."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


def test_https(tls):
    certificate, context = tls
    with Server(ssl_context=context) as server:
        url = server.mount("/gateway.do", lambda request: Answer(request.query))
        assert url.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=certificate)
        client = http.client.HTTPSConnection("127.0.0.1", port(server), context=trusting, timeout=5)
        client.request("GET", "/gateway.do?a=b")
        assert client.getresponse().read() == b"a=b"
        with connect(server) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert b"200" not in plain.recv(100)
        server.stop()
        client.close()
    assert server.errors == []
