"""The console in a real browser: its story, its guard, hostile shops, many tabs, every reader."""

import json
import shutil
import signal
from collections import Counter
from datetime import datetime
from http.client import HTTPConnection

import pytest
import requests

from alipay_qr.account import test_account as account_of
from alipay_qr.merchant import Merchant
from alipay_qr_conformance.gateway import Answer, Server
from alipay_qr_conformance.model.texts import interface
from alipay_qr_conformance.sandbox import ControlClient, Sandbox, console

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOP = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "Shop",
    "store_id": "A-101",
    "store_name": "One",
    "trans_currency": "USD",
    "currency": "USD",
}
NOON = datetime.fromisoformat("2026-03-09T12:00:00+08:00")


@pytest.fixture(scope="module")
def shop():
    """A shop that believes everything."""
    with Server() as server:
        yield server.mount("/notify", lambda _: Answer(b"success", content_type="text/plain"))


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="module")
def running():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running):
    running.reset()
    running.clock.stand(NOON)
    return running


@pytest.fixture
def context(browser):
    made = browser.new_context(viewport={"width": 1400, "height": 1000})
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context, sandbox):
    return open_console(context, sandbox.state.console_url)


def open_console(context, link):
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(link)
    page.locator("body[data-ready]").wait_for()
    return page


def merchant(sandbox, notify_url, clock=None):
    return Merchant(
        account_of(), sandbox.gateway_url, notify_url, clock=clock or sandbox.clock, allow_http=True
    )


# --- without a browser: who is answered -----------------------------------------------------------------

CALLS = {
    "control": ("/control/trades", "GET"),
    "pay": ("/control/pay", "POST"),
    "events": ("/control/events", "GET"),
    "export": ("/control/export", "GET"),
    "picture": ("/console/qr/x.svg", "GET"),
}
STRANGERS = {
    "no-token": {"Authorization": ""},
    "wrong-token": {"Authorization": "Bearer x"},
    "foreign-host": {"Host": "evil.example"},
    "name-to-loopback": {"Host": "127.0.0.1.evil.example:80"},
    "foreign-origin": {"Origin": "http://evil.example"},
    "other-port": {"Origin": "http://127.0.0.1:1"},
    "form-of-another-page": {"Origin": "null", "Content-Type": "application/x-www-form-urlencoded"},
    "another-site": {"Sec-Fetch-Site": "cross-site"},
    "same-host-other-port": {"Sec-Fetch-Site": "same-site"},
    "framed": {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"},
}


def ask(sandbox, path, method="GET", headers=None):
    connection = HTTPConnection(sandbox.server.base_url.removeprefix("http://"), timeout=5)
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize(("path", "method"), CALLS.values(), ids=CALLS)
def test_strangers_are_refused(sandbox, path, method, headers):
    status, _, body = ask(sandbox, path, method, {"Authorization": f"Bearer {sandbox.token}"} | headers)
    assert status == 403
    assert sandbox.token.encode() not in body


@pytest.mark.parametrize("name", [name for name in STRANGERS if "token" not in name])
@pytest.mark.parametrize("path", ["/console", "/console/console.js", "/console/pay/x", "/"])
def test_the_page_is_for_its_own_reader_too(sandbox, path, name):
    assert ask(sandbox, path, headers=STRANGERS[name])[0] == 403


def test_page_script_and_style_need_no_token_hold_no_secret_and_are_small(sandbox):
    total = 0
    for path in (
        "/console",
        "/console/console.js",
        "/console/console.css",
        "/console?lang=zh",
        "/console/pay/x",
    ):
        status, headers, body = ask(sandbox, path)
        assert status == 200
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert "Set-Cookie" not in headers
        assert sandbox.token.encode() not in body
        total += len(body) if "zh" not in path and "pay" not in path else 0
    assert total <= 60 * 1024
    assert ask(sandbox, "/")[1]["Location"] == "/console"
    assert [ask(sandbox, path)[0] for path in ("/console/none", "/console/../x", "/console/qr/")] == [404] * 3
    assert ask(sandbox, "/console", "POST")[0] == 405


def test_a_gateway_without_console():
    from alipay_qr_conformance.sandbox import Settings

    with Sandbox(Settings(console=False)) as sandbox:
        assert [ask(sandbox, path)[0] for path in ("/console", "/")] == [404, 404]


def test_every_sentence_of_the_pages_is_used_and_there():
    files = [console.asset(name) for name in ("console.html", "wallet.html", "console.js")]
    for key in interface():
        if key.startswith("console."):
            word = key.removeprefix("console.").removeprefix("js.")
            family = word.startswith(("state-", "kind-"))
            assert family or any(
                f"{{{word}}}" in each or f'"{word}"' in each or word in _OUTCOMES for each in files
            ), key
    for lang in ("en", "zh"):
        assert (
            b"{"
            not in console.page("wallet.html", lang).replace(b"&quot;", b"").partition(b'data-words="')[0]
        )


_OUTCOMES = {"refused", "not-carried-out", "failed", "done", "connecting", "right", "open"}


def test_a_code_is_a_picture(sandbox, shop):
    pytest.importorskip("segno")
    code = merchant(sandbox, shop).create_qr_code(SHOP).fields["qrcode"].rpartition("/")[2]
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    status, _, body = ask(sandbox, f"/console/qr/{code}.svg", headers=headers)
    assert (status, body[:5]) == (200, b"<?xml")
    assert ask(sandbox, "/console/qr/none.svg", headers=headers)[0] == 404


# --- the story ------------------------------------------------------------------------------------------


def tab_to(page, selector):
    """Go there with the Tab key alone."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def press(page, selector):
    tab_to(page, selector)
    page.keyboard.press("Enter")


@pytest.mark.runtime("chromium")
@pytest.mark.slow
def test_the_story_by_keyboard_is_that_of_the_calls(page, sandbox, shop, context):
    def told():
        with ControlClient(sandbox.control_url, sandbox.token) as client:
            trades = [
                {key: each[key] for key in ("out_trade_no", "state", "refunded", "remaining")}
                for each in client.trades()
            ]
            found = [(each["requirement"], each.get("event")) for each in client.findings()]
            return trades, found, [each["event"] for each in client.notifications()], client.time()["beijing"]

    def of_shop(number):
        for refund in ("R-1", "R-2"):
            params = refund_query(sandbox, number, refund)
            requests.get(sandbox.gateway_url, params=params, timeout=5)

    def number():
        return sandbox.engine.trades.all()[0].out_trade_no

    merchant(sandbox, shop).create_qr_code(SHOP)
    page.locator("#pay:visible").wait_for()
    tab_to(page, "#amount")
    page.keyboard.press("Control+A")
    page.keyboard.type("12.50")
    page.keyboard.press("Enter")
    page.locator("#trade:visible").wait_for()
    press(page, "#usual button:nth-child(6)")
    page.locator("#reply .note.bad").wait_for()
    assert "notify.reject.changed" in page.locator("#reply").inner_text()
    of_shop(number())
    page.locator("#rows li").nth(2).wait_for()
    press(page, "[data-clock*='\"midnight']")
    page.locator("#now", has_text="2026-03-10 00:00:00").wait_for()
    page.keyboard.press("Tab")
    press(page, "#rows li:first-child button")
    page.locator("#detail h3").wait_for()
    by_keyboard = told()
    assert page.url.endswith("/console")

    sandbox.reset()
    sandbox.clock.stand(NOON)
    merchant(sandbox, shop).create_qr_code(SHOP)
    with ControlClient(sandbox.control_url, sandbox.token) as client:
        paid = client.pay(client.codes()[0]["qrcode"], "12.50", "USD")["out_trade_no"]
        client.send("tampered", paid)
        of_shop(paid)
        client.go_to("midnight")
    assert told() == by_keyboard
    assert ("notify.reject.changed", "tampered") in by_keyboard[1]
    assert page.said == []
    assert {url.partition("/c")[0] for url in page.asked if not url.startswith(("blob:", "data:"))} == {
        sandbox.server.base_url
    }
    assert sandbox.token not in "".join(page.asked[1:])
    assert context.cookies() == []


def refund_query(sandbox, number, refund):
    from alipay_qr.signing import sign_params

    params = {
        "service": "alipay.acquire.overseas.spot.refund",
        "partner": sandbox.keys.partner,
        "_input_charset": "UTF-8",
        "sign_type": "MD5",
        "partner_trans_id": number,
        "partner_refund_id": refund,
        "refund_amount": "2.50",
        "currency": "USD",
    }
    return {**params, "sign": sign_params(params, sandbox.keys.merchant_signer("MD5"))}


@pytest.mark.runtime("chromium")
@pytest.mark.slow
def test_the_wallet_pays_its_own_code_alone(context, sandbox, shop):
    for store in ("A-1", "B-1"):
        merchant(sandbox, shop).create_qr_code({**SHOP, "store_id": store, "store_name": store})
    one, other = (sandbox.state.pay_url(each.qrcode) for each in sandbox.engine.trades.codes())
    page = context.new_page()
    page.goto(one)
    page.locator("#store", has_text="A-1").wait_for()
    page.keyboard.type("3.00")
    page.keyboard.press("Enter")
    page.locator("#paid .note.good").wait_for()
    assert [str(each.total) for each in sandbox.engine.trades.all()] == ["3.00"]
    page.goto(f"{other.partition('#')[0]}#{one.partition('#')[2]}")
    page.locator("#paid .note.bad").wait_for()
    assert not page.locator("#wallet-pay").is_visible()


# --- hostile shops --------------------------------------------------------------------------------------

PAYLOADS = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    '"><script>window.pwned=1</script>',
    "' onmouseover='window.pwned=1",
    '" autofocus onfocus="window.pwned=1',
    "</textarea><script>window.pwned=1</script>",
    "</option></select><img src=x onerror=window.pwned=1>",
    "</pre><script>window.pwned=1</script>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<a href=javascript:window.pwned=1>x</a>",
    "javascript:window.pwned=1",
    "<base href=http://evil.example/>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<form action=http://evil.example><input>",
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<object data=http://evil.example>",
    "<embed src=http://evil.example>",
    "<math><mi//xlink:href='data:x'>",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{words}",
    "{title}",
    "__proto__",
    "constructor",
    "\u202egnp.exe",
    "\u2066\u202e\u2069x",
    "\u200b\u200d\ufeff",
    "e\u0301" * 60,
    "\0\1\2\x1b[2J",
    "a\r\nevent: reset\r\ndata: {}\r\n\r\n",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "&lt;b&gt;&amp;#60;script&amp;#62;",
    "%3Cscript%3E",
    "W" * 3000,
    "\U0001f600" * 300,
    "a" * 60_000,
]


@pytest.mark.runtime("chromium")
@pytest.mark.slow
def test_what_a_shop_sends_stays_text(page, sandbox, shop):
    assert len(PAYLOADS) == 40
    for number, text in enumerate(PAYLOADS):
        short = text[:400]
        params = {
            "service": short,
            "out_trade_no": short,
            "sign": short,
            "sign_type": short,
            short[:60] or "x": text[:50_000],
        }
        requests.post(sandbox.gateway_url, params={"_input_charset": short}, data=params, timeout=5)
        requests.get(sandbox.gateway_url, params=refund_query(sandbox, text[:50], text[:50]), timeout=5)
        sandbox.engine.pay(
            None,
            "1.00",
            "USD",
            sandbox.clock(),
            out_trade_no=f"{number} {short[:60]}",
            notify_url=shop,
            subject=short,
        )
        with sandbox.engine._lock:
            from alipay_qr_conformance.gateway import Code, Shop

            data = {"store_name": short, "currency": short, "trans_currency": short}
            sandbox.engine._store.put_code(
                Code(
                    f"https://qr.alipay.com/{number}{short}",
                    "",
                    Shop("x", short, with_channel_fee=False),
                    data,
                    shop,
                )
            )
    sandbox.engine.commit()
    page.locator("#shown", has_text="80 of 80").wait_for()
    for place in range(0, 80, 4):
        page.locator("#rows li button").nth(place).click()
        page.locator("#detail h3", has_text=f"#{80 - place} ").wait_for()
    for index in range(0, 40, 5):
        page.select_option("#code", index=index)
        page.select_option("#trade-number", index=index)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1400, "height": 1000})
    assert page.evaluate("window.pwned") is None
    assert page.locator("script").count() == 1
    assert page.locator("img:not(#qr img), iframe, object, embed, base, style, form:not([id])").count() == 0
    assert page.locator("#rows").inner_text().count("<script>window.pwned=1</script>") >= 1
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {
        sandbox.server.base_url[7:]
    }
    assert [line for line in page.said if "Security Policy" in line or "Error" in line] == []


# --- many tabs, and a gateway that dies -----------------------------------------------------------------


@pytest.mark.runtime("chromium")
@pytest.mark.slow
def test_eight_tabs_live_through_the_death_of_the_gateway(context, start, tmp_path):
    args = ("--db", str(tmp_path / "gateway.db"), "--quiet")
    gateway = start(*args)
    port = gateway.url.split(":")[2].partition("/")[0]
    pages = [open_console(context, gateway.value("console")) for _ in range(8)]

    def ask_for(count):
        for _ in range(count):
            requests.get(gateway.url, params={"service": "x"}, timeout=5)

    def rows_are(count):
        for page in pages:
            page.locator("#shown", has_text=f"{count} of {count} ").wait_for()
            numbers = page.locator("#rows li span:first-child").all_text_contents()
            assert Counter(numbers) == Counter(f"#{each}" for each in range(1, count + 1))

    ask_for(5)
    gateway.control().pay(None, "1.00", "USD")
    rows_are(5)
    gateway.end(signal.SIGKILL)
    start(*args, "--port", port)
    ask_for(4)
    rows_are(9)
    assert {page.locator("#trade-number option").count() for page in pages} == {1}
    pages.pop(0).close()  # the one that had the stream
    ask_for(1)
    rows_are(10)


# --- every reader ---------------------------------------------------------------------------------------


@pytest.mark.runtime("chromium")
@pytest.mark.slow
def test_it_is_for_every_reader(context, sandbox, shop):
    Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe  # noqa: N806 (a class)
    code = merchant(sandbox, shop).create_qr_code(SHOP).fields["qrcode"]
    with ControlClient(sandbox.control_url, sandbox.token) as client:
        client.pay(code, "12.50", "USD")
        client.send("tampered")
    requests.get(sandbox.gateway_url, params={"service": "alipay.acquire.cancel", "sign": "0"}, timeout=5)
    page = open_console(context, sandbox.state.console_url)
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    for lang in ("en", "zh"):
        page.goto(f"{sandbox.server.base_url}/console?lang={lang}")
        page.locator("body[data-ready]").wait_for()
        page.locator("#usual button").nth(10).wait_for()
        page.locator("#rows button").first.click()
        page.locator("#detail h3").wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = Axe().run(page, options=rules).response["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 1400, "height": 1000})
        assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[lang]
    assert page.evaluate("document.getAnimations().length") == 0
    assert json.loads(page.evaluate("JSON.stringify(Object.keys(sessionStorage).sort())")) == [
        "selected",
        "token",
        "trade",
    ]


@pytest.mark.runtime("chromium")
@pytest.mark.slow
def test_what_is_paused_does_not_move_and_the_focus_stays(page, sandbox):
    for _ in range(3):
        requests.get(sandbox.gateway_url, params={"service": "a"}, timeout=5)
    page.locator("#rows li").nth(2).wait_for()
    page.locator("#rows li button").nth(1).focus()
    requests.get(sandbox.gateway_url, params={"service": "b"}, timeout=5)
    page.locator("#rows li").nth(3).wait_for()
    assert page.evaluate("document.activeElement.innerText").startswith("#2")
    page.click("#pause")
    requests.get(sandbox.gateway_url, params={"service": "c"}, timeout=5)
    page.locator("#waiting", has_text="1 new").wait_for()
    assert page.locator("#rows li").count() == 4
    page.click("#waiting")
    page.locator("#rows li").nth(4).wait_for()
    page.fill("#search", "#none")
    page.locator("#shown", has_text="0 of 5").wait_for()
    page.fill("#search", "")
    page.select_option("#service", "b")
    page.locator("#shown", has_text="1 of 5").wait_for()
