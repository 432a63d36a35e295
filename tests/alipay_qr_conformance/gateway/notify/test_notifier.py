"""Notifications on their way: repeated until the merchant is content, bounded, and only where allowed."""

import asyncio
import socket
import threading
import time
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.errors import ParameterError
from alipay_qr.signing import Md5, verify_params
from alipay_qr.wire import Request
from alipay_qr_conformance.gateway import (
    SCHEDULES,
    Answer,
    Engine,
    HttpRequest,
    Notifier,
    Post,
    Server,
    SqliteStore,
    Timeouts,
    notification_faults,
)
from alipay_qr_conformance.gateway.http.tls import make_tls
from alipay_qr_conformance.gateway.notify.post import MAX_REPLY

NOW = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


class Shop:
    """A merchant's notify_url that answers what it is told to, and remembers what came."""

    def __init__(self, server: Server) -> None:
        self.answers: list[Answer] = []
        self.got: list[HttpRequest] = []
        self.news = threading.Condition()
        self.url = server.mount_http("/notify", self)

    def __call__(self, http: HttpRequest) -> Answer:
        with self.news:
            self.got.append(http)
            self.news.notify_all()
        return self.answers.pop(0) if self.answers else Answer(b"success", content_type="text/plain")

    def fields(self) -> list[dict[str, str]]:
        return [dict(parse_qsl(each.request.body.decode(), keep_blank_values=True)) for each in self.got]

    def wait(self, count: int) -> None:
        with self.news:
            assert self.news.wait_for(lambda: len(self.got) >= count, timeout=10), self.got


@pytest.fixture
def shop():
    with Server() as server:
        yield Shop(server)


def engine(**kwargs) -> Engine:
    return Engine(partner=TEST_PARTNER, md5_key=TEST_MD5_KEY, announce=True, **kwargs)


class Told:
    """What the notifier reports, until nothing is pending any more."""

    def __init__(self) -> None:
        self.seen = []
        self.settled = threading.Event()

    def __call__(self, delivery) -> None:
        self.seen.append(delivery)
        if delivery.state != "pending":
            self.settled.set()

    def wait(self):
        assert self.settled.wait(10), self.seen
        return self.seen[-1]


def paid(gateway: Engine, url: str, **extra: str) -> str:
    number = gateway.pay(None, "12.50", "USD", NOW, notify_url=url, **extra)
    gateway.commit()
    return number


@pytest.mark.parametrize("reply", [b"success", b"SUCCESS"])
def test_a_payment_is_reported_once_to_a_merchant_that_is_content(shop, reply):
    shop.answers = [Answer(reply, content_type="text/plain")]
    gateway, told = engine(), Told()
    with Notifier(gateway.outbox, told=told):
        number = paid(gateway, shop.url + "?shop=7")
        done = told.wait()
    fields = shop.fields()[0]
    assert fields.pop("shop") == "7"  # the address's own, which nobody signs
    assert (fields["out_trade_no"], fields["total_fee"]) == (number, "12.50")
    assert verify_params(fields, Md5(TEST_MD5_KEY))
    assert shop.got[0].request.query == b""
    assert shop.got[0].request.body.startswith(b"shop=7&notify_id=")
    heads = {name: shop.got[0].header(name) for name in ("user-agent", "connection", "content-type")}
    assert heads == {
        "user-agent": "Mozilla/4.0",
        "connection": "close",
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
    }
    assert (done.state, len(done.attempts), done.attempts[0].reply) == ("done", 1, reply)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (Answer(b"fail"), "neither success nor SUCCESS"),
        (Answer(b"success\n"), "must be success or SUCCESS and nothing else"),
        (Answer(b"\xef\xbb\xbfsuccess"), "byte order mark"),
        (Answer(b"success", status=500), "status 500"),
        (Answer(b"", status=302, location="http://127.0.0.1:9/elsewhere"), "status 302"),
        (Answer(b"", drop=True), "closed without an answer"),
        (Answer(b"success" * 5, truncate=7), "closed within the answer"),
        (Answer(b"x" * 70_000), "longer than 65536 bytes"),
        (Answer(b"success", delay=5), "no whole answer within 0.3 seconds"),
        (Answer(b"success", slow=5), "no whole answer within 0.3 seconds"),
    ],
    ids=["fail", "newline", "bom", "500", "redirect", "drop", "truncated", "long", "late", "slow"],
)
def test_other_answers_are_recorded_and_repeated_for(shop, answer, complaint):
    shop.answers = [answer]
    gateway, told = engine(), Told()
    with Notifier(gateway.outbox, told=told, post=Post(seconds=0.3), schedule=[0.0]):
        paid(gateway, shop.url)
        done = told.wait()
    assert done.state == "done"
    assert complaint in done.attempts[0].error
    assert [each.error for each in done.attempts[1:]] == [""]
    first, second = shop.fields()[:2]
    assert verify_params(second, Md5(TEST_MD5_KEY))
    assert {name for name in first if first[name] != second[name]} == {"notify_time", "sign"}
    assert first["notify_time"] < second["notify_time"]


HEAD_OF_REPLY = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(("over", "complaint"), [(0, "neither success"), (1, "longer than 65536 bytes")])
def test_a_reply_at_its_bound_and_one_above(over, complaint):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(HEAD_OF_REPLY + b"x" * (MAX_REPLY - len(HEAD_OF_REPLY) + over))

        replying = threading.Thread(target=answer)
        replying.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/notify"
        attempt = asyncio.run(Post().send(url, b"a=b", "text/plain", 0.0))
        replying.join(10)
    assert complaint in attempt.error


def test_notify_verify_is_true_until_the_notification_is_acknowledged(shop):
    gateway, told = engine(), Told()
    number = paid(gateway, shop.url)
    notify_id = dict(gateway.notifications.params(number, NOW))["notify_id"]
    query = f"service=notify_verify&partner={TEST_PARTNER}&notify_id={notify_id}".encode()
    assert gateway.handle(Request("GET", query), NOW).body == b"true"
    shop.answers = [Answer(b"success")]
    with Notifier(gateway.outbox, told=told):
        told.wait()
    assert gateway.handle(Request("GET", query), NOW).body == b"false"


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_published_schedules_eight_attempts_within_25_hours(shop, name):
    assert len(SCHEDULES[name]) == 7
    assert 24 * 3600 < sum(SCHEDULES[name]) < 25 * 3600
    shop.answers = [Answer(b"fail")] * 9
    gateway, told = engine(), Told()
    scale = 200_000.0
    with Notifier(gateway.outbox, told=told, schedule=SCHEDULES[name], time_scale=scale):
        paid(gateway, shop.url)
        done = told.wait()
    assert (done.state, len(done.attempts), len(shop.got)) == ("given-up", 8, 8)
    began = [each.at for each in done.attempts]
    for before, after, pause in zip(began, began[1:], SCHEDULES[name], strict=False):
        assert after - before >= pause / scale * 0.99
    assert began[-1] - began[0] < 5


def test_what_was_pending_is_sent_after_a_restart(shop, tmp_path):
    store = SqliteStore(tmp_path / "gateway.db")
    shop.answers = [Answer(b"fail")]
    gateway = engine(store=store)
    with Notifier(gateway.outbox, schedule=[0.05]):
        number = paid(gateway, shop.url)
        shop.wait(1)
    store.close()
    store = SqliteStore(tmp_path / "gateway.db")
    told = Told()
    with Notifier(engine(store=store).outbox, told=told, schedule=[0.05]):
        done = told.wait()
    assert (done.state, done.out_trade_no) == ("done", number)
    assert {each["out_trade_no"] for each in shop.fields()} == {number}
    store.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://192.0.2.1/n", "is not on this machine"),
        ("http://[2001:db8::1]/n", "is not on this machine"),
        ("ftp://127.0.0.1/n", "no http or https address"),
        ("http://127.0.0.1:x/n", "no address"),
        ("http:///n", "no http or https address"),
        ("http://127.0.0.1/a b\r\nX: y", "characters that no address may hold"),
    ],
)
def test_an_address_that_is_not_allowed_is_refused_without_a_connection(url, why):
    gateway, told = engine(), Told()
    with Notifier(gateway.outbox, told=told):
        paid(gateway, url)
        done = told.wait()
    assert done.state == "refused"
    assert why in done.attempts[0].error


def test_a_name_must_be_loopback_by_all_its_addresses(monkeypatch):
    import asyncio

    async def resolve(_self, host, port, **_):
        family = socket.AF_INET
        return [(family, 1, 6, "", ("127.0.0.1", port)), (family, 1, 6, "", ("192.0.2.1", port))]

    monkeypatch.setattr(asyncio.SelectorEventLoop, "getaddrinfo", resolve)
    gateway, told = engine(), Told()
    with Notifier(gateway.outbox, told=told):
        paid(gateway, "http://rebinding.example/n")
        assert told.wait().state == "refused"


def test_an_allowed_host_and_localhost(shop):
    gateway, told = engine(), Told()
    url = shop.url.replace("127.0.0.1", "localhost")
    with Notifier(gateway.outbox, told=told):
        paid(gateway, url)
        assert told.wait().state == "done"
    gateway, told = engine(), Told()
    with Notifier(gateway.outbox, told=told, post=Post(frozenset({"192.0.2.1"}), 0.01), schedule=[]):
        paid(gateway, "http://192.0.2.1/n")
        assert told.wait().state == "given-up"  # tried, that is


def test_a_merchant_that_hangs_holds_up_its_own_trade_alone(shop):
    shop.answers = [Answer(b"success", delay=4)]
    gateway, told = engine(), Told()
    with Notifier(gateway.outbox, told=told):
        paid(gateway, shop.url)
        shop.wait(1)
        start = time.monotonic()
        paid(gateway, shop.url)
        told.wait()
        assert time.monotonic() - start < 3


def test_stop_does_not_wait_for_a_merchant(shop):
    shop.answers = [Answer(b"success", delay=8)]
    gateway = engine()
    notifier = Notifier(gateway.outbox).start()
    paid(gateway, shop.url)
    shop.wait(1)
    start = time.monotonic()
    notifier.stop()
    assert time.monotonic() - start < 1
    assert gateway.outbox.all()[0].state == "pending"


def sent(shop, kind: str, count: int, **kwargs) -> list[dict[str, str]]:
    """Pay, let the payment be reported, then send a notification of a kind; return all that came after."""
    gateway = engine()
    with Notifier(gateway.outbox):
        number = paid(gateway, shop.url)
        shop.wait(1)
        notification_faults.send(gateway, kind, number, NOW, **kwargs)
        gateway.commit()
        shop.wait(1 + count)
    return shop.fields()


@pytest.mark.parametrize(
    ("kind", "count", "valid"),
    [
        ("genuine", 1, True),
        ("duplicate", 2, True),
        ("replayed", 1, True),
        ("reordered", 1, True),
        ("tampered", 1, False),
        ("wrong-signature", 1, False),
        ("foreign-key", 1, False),
        ("unsigned", 1, False),
    ],
)
def test_mischief(shop, kind, count, valid):
    first, *rest = sent(shop, kind, count)
    assert len(rest) == count
    for each in rest:
        assert verify_params(each, Md5(TEST_MD5_KEY)) is valid
        assert each["notify_id"] == first["notify_id"]


def test_late_and_altered(shop):
    start = time.monotonic()
    fields = sent(shop, "late", 1, after=0.2)
    assert time.monotonic() - start >= 0.2
    assert len(fields) == 2
    altered = sent(shop, "altered", 3, overrides={"total_fee": "0.01", "seller_id": None})[-1]
    assert altered["total_fee"] == "0.01"
    assert "seller_id" not in altered
    assert verify_params(altered, Md5(TEST_MD5_KEY))


@pytest.mark.parametrize(
    ("kind", "code"), [("nice", "notification.kind"), ("duplicate", "notification.nowhere")]
)
def test_mischief_that_cannot_be_done(kind, code):
    gateway = engine()
    number = gateway.pay(None, "1.00", "USD", NOW)
    with pytest.raises(ParameterError) as caught:
        notification_faults.send(gateway, kind, number, NOW)
    assert caught.value.code == code


def test_a_time_scale_of_nothing():
    with pytest.raises(ValueError, match="not above zero"):
        Notifier(engine().outbox, time_scale=0)


def test_a_shop_behind_tls_of_its_own_making():
    with Server(ssl_context=make_tls().context, timeouts=Timeouts(head=5)) as server:
        shop = Shop(server)
        gateway, told = engine(), Told()
        with Notifier(gateway.outbox, told=told):
            paid(gateway, shop.url)
            assert told.wait().state == "done"
