"""What the console's buttons do, as calls: codes, payments, stories, clock, faults, events, exports."""

import itertools
import json
import queue
import threading
from datetime import datetime
from urllib.parse import parse_qsl

import pytest
import requests

from alipay_qr.account import test_account as account_of
from alipay_qr.merchant import Merchant
from alipay_qr_conformance.cli import main
from alipay_qr_conformance.gateway import Answer, Server
from alipay_qr_conformance.reading.har import har_exchanges
from alipay_qr_conformance.report.saved import read_report
from alipay_qr_conformance.sandbox import ControlClient, ControlError, Sandbox, Settings
from alipay_qr_conformance.sandbox.events import Events
from alipay_qr_conformance.sandbox.journal import Journal
from alipay_qr_conformance.sandbox.running import Running, announced, find
from alipay_qr_conformance.sandbox.stories import FORGERIES, stories

SHOP = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "Shop",
    "store_id": "A-101",
    "store_name": "One",
    "trans_currency": "USD",
    "currency": "USD",
}


REFERENCE = "reference merchant"


class Shop:
    """A shop's notify_url that replies what it is told to, and keeps what came."""

    def __init__(self):
        self.reply, self.came = b"success", queue.SimpleQueue()
        self.server = Server()

    def __enter__(self):
        self.server.start()
        self.url = self.server.mount("/notify", self.notified)
        return self

    def __exit__(self, *_):
        self.server.stop()

    def notified(self, request):
        self.came.put(request)
        return Answer(self.reply, content_type="text/plain")


@pytest.fixture(scope="module")
def shop():
    with Shop() as shop:
        yield shop


@pytest.fixture(scope="module")
def running():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running, shop):
    running.reset()
    shop.reply, shop.came = b"success", queue.SimpleQueue()
    return running


@pytest.fixture
def control(sandbox):
    client = ControlClient(sandbox.control_url, sandbox.token)
    yield client
    client.close()


@pytest.fixture
def code(sandbox, shop):
    merchant = Merchant(account_of(), sandbox.gateway_url, shop.url, allow_http=True)
    return merchant.create_qr_code(SHOP).fields["qrcode"]


@pytest.fixture
def trade(control, code, shop):
    number = control.pay(code, "12.50", "USD")["out_trade_no"]
    shop.came.get(timeout=5)
    return number


def test_codes_are_listed_and_paid_by_their_short_name(control, code):
    (found,) = control.codes()
    assert (found["qrcode"], found["store_name"], found["trans_currency"]) == (code, "One", "USD")
    paid = control.pay(found["code"], "12.50", "USD")
    (listed,) = control.trades()
    assert listed["out_trade_no"] == paid["out_trade_no"]
    assert listed["qrcode"] == code
    assert datetime.fromisoformat(listed["cancel_until"]) > datetime.fromisoformat(listed["paid_at"])


# --- stories --------------------------------------------------------------------------------------------


def test_the_stories_are_those_of_the_checks():
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import RunOptions, plan

    level = {
        case.name.partition("/")[0] for case in all_cases(plan(RunOptions())) if "notify.reject" in case.id
    }
    assert set(FORGERIES) <= level & set(stories())
    assert len(stories()) > 100


@pytest.mark.parametrize("name", stories())
def test_every_story_can_be_sent_and_is_judged(sandbox, shop, code, name):
    sandbox.engine.pay(code, "12.50", "USD", sandbox.clock(), out_trade_no="T")
    story = stories()[name]
    client = ControlClient(sandbox.control_url, sandbox.token)
    if story.sign_types and "MD5" not in story.sign_types:
        with pytest.raises(ControlError, match="makes no sense for MD5"):
            client.send(name, "T")
        return
    overrides = {"total_fee": "0.01"} if name == "edited" else None
    if name == "late":
        client.notify(name, "T", after=0.0)
        return
    sent = client.send(name, "T", overrides=overrides)
    client.close()
    wanted = {"acknowledged": "right", "refused": "wrong", "either": "open"}[story.awaited]
    assert {each["judgement"]["verdict"] for each in sent} == {wanted}
    if wanted == "wrong":
        assert sent[0]["judgement"]["requirement"] == story.requirement
        assert sent[0]["judgement"]["remedy"]


def test_a_shop_that_refuses_the_forgery_is_right_and_one_that_refuses_the_genuine_is_not(
    control, shop, trade
):
    shop.reply = b"fail"
    assert control.send("tampered", trade)[0]["judgement"]["verdict"] == "right"
    (wrong,) = control.send("markup", trade)
    assert wrong["judgement"]["requirement"] == "notify.genuine"
    assert [each["requirement"] for each in control.findings()] == ["notify.genuine"]


def test_a_forgery_that_was_acknowledged_is_a_finding_and_a_case_of_check(
    control, shop, trade, tmp_path, capsys
):
    control.send("tampered")
    (found,) = control.findings()
    assert found["requirement"] == "notify.reject.changed"
    file = tmp_path / "report.json"
    file.write_text(control.export("report", shop=REFERENCE), "utf-8")
    report = read_report(file)
    assert [each["case"] for each in report["findings"]] == ["value-changed/MD5"]
    assert main(["report", "replay", str(file), "notify.reject.changed[value-changed/MD5]"]) == 0
    assert "notify.reject.changed[value-changed/MD5]: kept" in capsys.readouterr().out
    assert "notify.reject.changed" in control.export("html")


@pytest.mark.parametrize(("kind", "sign_ok"), [("altered", True), ("edited", False)])
def test_own_values_are_signed_and_edits_are_not(control, shop, trade, kind, sign_ok):
    control.send(kind, trade, overrides={"total_fee": "0.01", "buyer_email": None})
    fields = dict(parse_qsl(shop.came.get(timeout=5).body.decode()))
    assert fields["total_fee"] == "0.01"
    assert "buyer_email" not in fields
    pairs = {name: value for name, value in fields.items() if name not in {"sign", "sign_type"}}
    text = "&".join(f"{name}={pairs[name]}" for name in sorted(pairs)).encode()
    assert account_of().verifier.verify(text, fields["sign"]) is sign_ok


@pytest.mark.parametrize(("name", "method"), [("forged-link", "GET"), ("all-in-the-url", "POST")])
def test_forms_in_the_address(control, shop, trade, name, method):
    control.send(name, trade)
    request = shop.came.get(timeout=5)
    assert (request.method, request.body) == (method, b"")
    assert dict(parse_qsl(request.query.decode()))["total_fee"] == "0.01"


# --- clock, faults --------------------------------------------------------------------------------------


def test_the_clock_moves_forward_and_to_midnight(control):
    control.clock(datetime.fromisoformat("2026-03-09T12:00:00+08:00"), still=True)
    control.advance("1m")
    assert control.time()["beijing"] == "2026-03-09T12:01:00+08:00"
    for moment, then in [
        ("before-midnight", "2026-03-09T23:59:59+08:00"),
        ("midnight", "2026-03-10T00:00:00+08:00"),
        ("before-midnight", "2026-03-10T23:59:59+08:00"),
        ("before-midnight", "2026-03-11T23:59:59+08:00"),
    ]:
        control.go_to(moment)
        assert control.time()["beijing"] == then
    control.advance("1d")
    assert control.time() | {"now": ""} == {
        "now": "",
        "beijing": "2026-03-12T23:59:59+08:00",
        "still": True,
        "real": False,
    }
    control.clock(None)
    assert control.time()["real"] is True


@pytest.mark.parametrize(
    "body",
    [
        {"advance": "-1d"},
        {"advance": "1w"},
        {"advance": "99999999999d"},
        {"advance": "900000000d"},
        {"advance": None},
        {"to": "noon"},
        {"to": "midnight", "advance": "1d"},
        {"advance": "1\u0661s"},
    ],
    ids=str,
)
def test_a_time_that_means_nothing(control, body):
    with pytest.raises(ControlError):
        control._post("clock", body)
    assert control.time()["real"] is True


def test_faults_wait_are_listed_and_forgotten(control):
    control.fault("drop", service="REFUND", times=2)
    assert [(each["service"], each["times"]) for each in control.faults()] == [("REFUND", 2)]
    control.clear_faults()
    assert control.faults() == []


# --- lists and events -----------------------------------------------------------------------------------


def test_lists_page(control, sandbox):
    for number in range(5):
        sandbox.engine.pay(None, "1.00", "USD", sandbox.clock(), out_trade_no=f"T{number}")
    assert [each["out_trade_no"] for each in control._get("trades?after=1&limit=2")] == ["T1", "T2"]
    assert [each["out_trade_no"] for each in control._get("trades?limit=2")] == ["T3", "T4"]
    assert control.trade("T4")["remaining"] == "1.00"
    for call in ("trades/none", "requests/99", "notifications/99", "codes/none", "trades/T4/x"):
        with pytest.raises(ControlError, match="no such thing"):
            control._get(call)


def test_a_request_in_full_shows_where_the_signed_text_parts(control, sandbox):
    from alipay_qr.signing import Md5

    pairs = {"out_trade_no": "T<b>", "partner": sandbox.keys.partner, "service": "alipay.acquire.cancel"}
    signed = {**pairs, "sign_type": "MD5"}
    text = "&".join("=".join(pair) for pair in sorted(signed.items()))
    sign = Md5(sandbox.keys.md5_key).sign(text.encode())
    requests.get(sandbox.gateway_url, params={**signed, "sign": sign}, timeout=5)
    told = control.request(control.requests()[0]["number"])
    assert told["explained"]
    expected, found = ["".join(part for part, _ in side) for side in told["difference"]]
    assert (expected, found) == (told["presign"], text)
    assert told["curl"].startswith("curl --request GET http://127.0.0.1")
    mistake = next(each["mistake"] for each in told["findings"] if "mistake" in each)
    assert "sign_type" in mistake


def frames(data: bytes) -> list[dict]:
    parts = [
        dict(line.split(": ", 1) for line in part.splitlines())
        for part in data.decode().split("\n\n")
        if part
    ]
    return [
        {"id": int(part["id"]), "event": part["event"], "data": json.loads(part["data"])} for part in parts
    ]


def test_events_have_numbers_and_tell_what_changed_once(sandbox, shop, code):
    sandbox.engine.commit()
    listener = Events(sandbox.state, None)
    assert [each["event"] for each in frames(listener.read())] == ["hello"]
    sandbox.engine.pay(None, "1.00", "USD", sandbox.clock(), out_trade_no="T")
    sandbox.engine.pay(None, "1.00", "USD", sandbox.clock(), out_trade_no="U")
    for _ in range(3):
        sandbox.engine.trades.open("V", "1.00", "USD", sandbox.clock())
    told = frames(listener.read())
    assert [(each["event"], each["data"].get("out_trade_no")) for each in told] == [
        ("trade", "T"),
        ("trade", "U"),
        ("trade", "V"),
    ]
    assert [each["id"] for each in told] == sorted({each["id"] for each in told})
    assert listener.read() == b""
    again = Events(sandbox.state, told[0]["id"], sandbox.journal.run)
    assert [each["event"] for each in frames(again.read())] == ["hello", "trade", "trade"]
    other = Events(sandbox.state, told[0]["id"], "another run")
    assert [each["event"] for each in frames(other.read())] == ["hello"]


def test_events_that_are_lost_are_a_gap():
    journal = Journal(most=3)
    for each in range(5):
        journal.note("trade", str(each))
    assert [journal.since(number)[1] for number in (0, 1, 2, 4, 5)] == [True, True, False, False, False]
    assert [event.key for event in journal.since(3)[0]] == ["3", "4"]


def test_a_flood_is_told_in_part_and_a_silence_by_a_heartbeat(sandbox, monkeypatch):
    listener = Events(sandbox.state, None)
    listener.read()
    url = f"{sandbox.gateway_url}?service=x"
    with requests.Session() as session:
        for _ in range(30):
            session.get(url, timeout=5)
    told = frames(listener.read())
    rows = [each["data"]["number"] for each in told if each["event"] == "request"]
    (skipped,) = [each["data"] for each in told if each["event"] == "skipped"]
    assert rows == list(range(6, 31))
    assert skipped == {"from": 1, "to": 5}
    monkeypatch.setattr("alipay_qr_conformance.sandbox.events.HEARTBEAT", 0.0)
    while (left := frames(listener.read()))[0]["event"] == "explained":
        pass
    assert left[0]["event"] == "heartbeat"


def test_the_stream_is_live_and_ends_with_its_client(sandbox, control):
    heard = control.events()
    assert next(heard)["event"] == "hello"
    timer = threading.Timer(0.05, sandbox.engine.pay, [None, "1.00", "USD", sandbox.clock()])
    timer.start()
    kinds = (each["event"] for each in heard)
    assert next(itertools.dropwhile(lambda kind: kind != "trade", kinds)) == "trade"
    heard.close()


def test_an_explanation_is_an_event_of_its_own(sandbox):
    listener = Events(sandbox.state, None)
    listener.read()
    requests.get(f"{sandbox.gateway_url}?service=alipay.acquire.cancel&sign=0", timeout=5)
    asked, *later = frames(listener.read())
    assert (asked["event"], asked["data"]["findings"], asked["data"]["explained"]) == ("request", None, False)
    while not (later and later[-1]["data"]["explained"]):
        sandbox.journal.wait((later or [asked])[-1]["id"], 5)
        later += frames(listener.read())
    assert {each["event"] for each in later} == {"explained"}
    assert ["MUST", "request.sign.valid"] in later[-1]["data"]["findings"]


# --- exports, whereabouts -------------------------------------------------------------------------------


def test_the_har_holds_requests_and_notifications(control, trade, tmp_path, capsys):
    control.send("tampered", trade)
    file = tmp_path / "all.har"
    file.write_text(control.export("har"), "utf-8")
    with file.open("rb") as stream:
        found = list(har_exchanges(stream))
    assert [each.method for each in found] == ["POST", "POST", "POST"]
    assert b"notify_id" in found[-1].body
    assert found[-1].reply == b"success"
    assert main(["audit", str(file)]) == 1
    assert "MUST notify.reject.changed" in capsys.readouterr().out
    told = json.loads(control.export("json"))
    assert len(told["notifications"]) == 2
    assert control._session.headers["Authorization"].partition(" ")[2] not in json.dumps(told)


@pytest.mark.parametrize("form", ["xml", "../x"])
def test_an_export_that_is_none(control, form):
    with pytest.raises(ControlError):
        control.export(form)


def test_a_payment_secret_is_good_for_one_code(sandbox, control, code, shop):
    other = (
        Merchant(account_of(), sandbox.gateway_url, shop.url, allow_http=True)
        .create_qr_code({**SHOP, "store_id": "B-1"})
        .fields["qrcode"]
    )
    secret = sandbox.state.pay_secret(code)
    one = ControlClient(sandbox.control_url, secret)
    assert one.pay(code, "1.00", "USD")["state"] == "paid"
    assert one._get(f"codes/{code.rpartition('/')[2]}")["qrcode"] == code
    for refused in (
        lambda: one.pay(other, "1.00", "USD"),
        lambda: one.pay(None, "1.00", "USD"),
        one.codes,
        one.trades,
        lambda: one._get(f"codes/{other.rpartition('/')[2]}"),
        one.reset,
    ):
        with pytest.raises(ControlError, match="no token"):
            refused()
    one.close()


def test_a_gateway_is_found_by_its_user_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    running = Running("http://127.0.0.1:1/control", "a token")
    with announced(8700, running):
        assert find(8700) == running
        (folder,) = tmp_path.iterdir()
        assert {path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())} == {0}
        folder.chmod(0o755)
        assert find(8700) is None
        folder.chmod(0o700)
    assert find(8700) is None


def test_pay_and_send_from_a_shell(sandbox, shop, code, capsys):
    link = sandbox.state.console_url
    assert main(["gateway", "pay", code.rpartition("/")[2], "12.50", "--of", link]) == 0
    assert " paid 12.50 USD\n" in capsys.readouterr().out
    assert main(["gateway", "send", "tampered", "--of", link]) == 1
    assert "MUST notify.reject.changed: a forged notification was acknowledged" in capsys.readouterr().out
    shop.reply = b"fail"
    assert main(["gateway", "send", "edited", "--override", "total_fee=0.01", "--of", link]) == 0
    assert main(["gateway", "send", "--list", "--of", link]) == 0
    assert "own-key" in capsys.readouterr().out
    assert main(["gateway", "pay", "none", "12.50", "--of", link]) == 64
    assert main(["gateway", "pay", "none", "12.50", "--of", "1"]) == 64
    assert "start alipay-qr gateway" in capsys.readouterr().err


def test_a_file_keeps_token_and_numbers_but_only_for_its_owner(tmp_path):
    file = tmp_path / "gateway.db"
    tokens = []
    for _ in range(2):
        with Sandbox(Settings(db=file)) as sandbox:
            requests.get(f"{sandbox.gateway_url}?service=x", timeout=5)
            tokens.append(sandbox.token)
            number = sandbox.log.entries[-1].number
    assert number == 2
    assert tokens[0] == tokens[1]
    assert file.stat().st_mode & 0o077 == 0
    file.chmod(0o644)
    with Sandbox(Settings(db=file)) as sandbox:
        assert sandbox.token != tokens[0]
