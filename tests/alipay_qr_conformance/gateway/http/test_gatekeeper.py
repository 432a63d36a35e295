"""A page in a browser reaches no server of the kit; a shop's server does."""

import http.client

import pytest

from alipay_qr.wire import Request
from alipay_qr_conformance.gateway import Answer, Server
from alipay_qr_conformance.gateway.http.api import HttpRequest
from alipay_qr_conformance.gateway.http.gatekeeper import Gatekeeper
from alipay_qr_conformance.sandbox import Sandbox

PATHS = ("/gateway.do", "/cooperate/gateway.do", "/health", "/control/trades", "/nothing")
PAGES = {
    "rebound-name": {"Host": "evil.example"},
    "rebound-name-and-port": {"Host": "evil.example:80"},
    "looks-like-loopback": {"Host": "127.0.0.1.evil.example"},
    "user-part": {"Host": "localhost@evil.example"},
    "foreign-origin": {"Origin": "http://evil.example"},
    "null-origin": {"Origin": "null"},
    "other-port": {"Origin": "http://127.0.0.1:1"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"sec-fetch-site": "SAME-SITE"},
}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def ask(server, path, headers, method="GET"):
    connection = http.client.HTTPConnection(server.base_url.removeprefix("http://"), timeout=5)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


@pytest.mark.parametrize("headers", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_is_refused_on_every_path(sandbox, path, headers, method):
    seen = len(sandbox.log.entries)
    status, body = ask(sandbox.server, path, {"Authorization": f"Bearer {sandbox.token}"} | headers, method)
    assert status == 403
    assert sandbox.token not in body
    assert len(sandbox.log.entries) == seen


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:8080", "[::1]:80", "LOCALHOST:1", "globalmapi.alipay.com"]
)
def test_a_shop_on_this_machine_is_answered(sandbox, host):
    assert ask(sandbox.server, "/health", {"Host": host})[0] == 200
    assert ask(sandbox.server, "/gateway.do?service=x", {"Host": host})[0] == 200


@pytest.mark.parametrize("path", ["/gateway.do", "/health"])
def test_not_even_a_page_of_our_own_may_send_what_shops_send(sandbox, path):
    assert ask(sandbox.server, path, {"Origin": sandbox.server.base_url})[0] == 403


def test_a_page_of_our_own_may_control(sandbox):
    headers = {"Authorization": f"Bearer {sandbox.token}", "Origin": sandbox.server.base_url}
    assert ask(sandbox.server, "/control/trades", headers)[0] == 200


@pytest.mark.parametrize("given", ["{}", "Basic {}", "Bearer{}", "Bearer {} x", "Bearer"])
def test_a_token_counts_as_a_bearer_token_alone(sandbox, given):
    headers = {"Authorization": given.format(sandbox.token)}
    assert ask(sandbox.server, "/control/trades", headers)[0] == 403


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("gateway:8080", True),
        ("172.17.0.2:8080", True),
        ("host.docker.internal", True),
        ("localhost", True),
        ("evil.example", False),
        ("internal.evil.example", False),
    ],
)
def test_a_gateway_for_other_machines_takes_names_that_nobody_can_register(name, right):
    http = HttpRequest(Request("GET", b""), "/gateway.do", ((b"Host", name.encode()),))
    assert (Gatekeeper("0.0.0.0").refusal(http) == "") is right  # noqa: S104


@pytest.mark.slow
def test_a_real_page_moves_no_money(tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    reached = []

    def gateway(request):
        reached.append(request)
        return Answer(b"done")

    page_html = """<body><img src="{url}?a=1"><iframe src="{url}?b=1"></iframe>
      <form id=f method=post action="{url}?c=1" target=t><input name=d value=1></form><iframe name=t></iframe>
      <script>f.submit(); navigator.sendBeacon("{url}?e=1", "x");
      fetch("{url}?g=1", {{mode: "no-cors", method: "POST", body: "x"}}).catch(() => 0)
      .finally(() => document.title = "tried")</script>"""
    with Server() as kit, Server() as web, playwright.sync_playwright() as driver:
        url = kit.mount("/gateway.do", gateway)
        site = web.mount(
            "/page", lambda _: Answer(page_html.format(url=url).encode(), content_type="text/html")
        )
        try:
            browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        except playwright.Error:
            pytest.skip("no chromium")
        page = browser.new_page()
        page.goto(site)
        page.wait_for_function("document.title == 'tried'")
        page.wait_for_load_state("networkidle")
        browser.close()
        refused = {each.sent.partition(b"?")[2] for each in kit.strays}
    assert not reached
    assert {b"a=1", b"b=1", b"g=1"} <= refused
