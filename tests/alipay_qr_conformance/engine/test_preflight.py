"""A wrong set-up is told in one sentence, before any verdict, and never held against the subject."""

import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from alipay_qr.account import TEST_MD5_KEY
from alipay_qr_conformance import cli
from alipay_qr_conformance.blackbox import Box, box_runner, parse_drive
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.model.test_account import OwnKeys, TestKeys
from alipay_qr_conformance.model.test_account import test_key as published
from alipay_qr_conformance.subjects import (
    AdapterFault,
    HttpTransport,
    ProcessTransport,
    PythonTransport,
    Subject,
)
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
from example_shops import has_entry_point

OTHER = "2088000000000009"
NOWHERE = "http://127.0.0.1:9/gateway.do"
NOBODY = "http://127.0.0.1:9/notify"
PLUGIN = () if has_entry_point() else ("-p", "alipay_qr_conformance.pytest.plugin")


class Reference(ReferenceAdapter):
    said: ClassVar = {}

    def hello(self, protocol="1", **rest):
        return super().hello(protocol, **rest) | self.said


class OtherProtocol(Reference):
    said: ClassVar = {"protocol": "2"}


class OddCharset(Reference):
    said: ClassVar = {"charsets": ["utf-8"]}


class OddKind(Reference):
    said: ClassVar = {"kind": "plugin"}


class Rsa2Alone(Reference):
    said: ClassVar = {"sign_types": ["RSA2"]}


class YenAlone(Reference):
    said: ClassVar = {"currencies": ["JPY"]}


class TakesNoSettings(Reference):
    def configure(self, **settings):
        raise RuntimeError("no such file: shop.ini")


class Elsewhere(Reference):
    """Sends to a gateway of its own, whatever it is told."""

    def configure(self, **settings):
        return super().configure(**settings | {"gateway_url": NOWHERE})

    def create_qr_code(self, **args):
        return super().create_qr_code(**args | {"gateway_url": NOWHERE})

    def cancel(self, **args):
        return super().cancel(**args | {"gateway_url": NOWHERE})

    def refund(self, **args):
        return super().refund(**args | {"gateway_url": NOWHERE})


class OwnPartner(Reference):
    """Cannot be configured, and sends for a partner of its own."""

    def __init__(self):
        super().__init__()
        self.wanted = ReferenceAdapter.configure
        self.partner = OTHER

    def create_qr_code(self, **args):
        self.wanted(self, **settings(self.partner, args["gateway_url"]))
        return super().create_qr_code(**args)

    configure = None


class OwnClock(Reference):
    def create_qr_code(self, now=None, **args):
        return super().create_qr_code(now=datetime.now(UTC).isoformat(), **args)


class Deaf(Reference):
    """A shop whose notify URL nobody listens at."""

    said: ClassVar = {
        "notify_url": NOBODY,
        "operations": [op for op in Reference().hello()["operations"] if op != "notify"],
    }


def settings(partner, gateway_url):
    return {
        **TestKeys(partner).settings("MD5"),
        "sign_type": "MD5",
        "charset": "UTF-8",
        "gateway_url": gateway_url,
        "notify_url": "https://merchant.example/n",
        "gateway_timeout": "1",
    }


@contextmanager
def page(status, location=None):
    """A web server that answers every POST with this status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/notify"
        server.shutdown()


def fault_of(runner, requirement="notify.genuine"):
    """What the set-up is told to lack; no case is run."""
    try:
        with pytest.raises(AdapterFault) as caught:
            runner.preflight([case for case in runner.cases() if case.requirement == requirement])
    finally:
        runner.close()
    return str(caught.value)


def over(transport, keys=None):
    return Runner(Subject(transport), plan(RunOptions()), keys)


def own(**keys):
    return OwnKeys(**keys)


MERCHANT, ALIPAY = published("merchant_2048"), published("alipay_2048")
PYTHON = [sys.executable, "-c"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ProcessTransport(["no-such-command"]), "cannot be started"),
        (lambda: ProcessTransport([*PYTHON, "pass"]), "did not answer hello"),
        (lambda: ProcessTransport([*PYTHON, "print('Welcome!')"]), "did not answer hello"),
        (lambda: HttpTransport("http://127.0.0.1:9/"), "did not answer hello"),
        (lambda: PythonTransport(OtherProtocol), "this kit speaks"),
        (lambda: PythonTransport(OddCharset), "has 'utf-8'"),
        (lambda: PythonTransport(OddKind), "write shop or library"),
        (lambda: PythonTransport(TakesNoSettings), "did not take its configuration"),
    ],
    ids=[
        "no-command",
        "leaves",
        "talks",
        "no-server",
        "other-protocol",
        "odd-charset",
        "odd-kind",
        "no-settings",
    ],
)
def test_an_adapter_that_does_not_come_up(make, words):
    assert words in fault_of(over(make()))


@pytest.mark.parametrize(
    ("subject", "keys", "words"),
    [
        (Rsa2Alone, TestKeys(OTHER, "k" * 32, own()), "the account has no key for that"),
        (Reference, TestKeys(md5_key="k" * 32), "with another MD5 key: they do not belong together"),
        (Reference, TestKeys(OTHER, TEST_MD5_KEY), f"with another partner, {OTHER}"),
        (
            Reference,
            TestKeys(OTHER, None, own(merchant_private=MERCHANT, merchant_public=ALIPAY.public_key())),
            "are no pair",
        ),
        (
            Reference,
            TestKeys(
                OTHER,
                None,
                own(
                    merchant_private=MERCHANT,
                    merchant_public=MERCHANT.public_key(),
                    alipay_private=MERCHANT,
                ),
            ),
            "one key for both sides",
        ),
        (OwnPartner, None, f"the subject sends as partner {OTHER}"),
        (Elsewhere, None, "does not come to the kit: its gateway URL must be http://127.0.0.1:"),
        (OwnClock, None, "reads its machine's clock"),
    ],
    ids=[
        "no-key",
        "other-key",
        "other-partner",
        "no-pair",
        "one-key",
        "own-partner",
        "elsewhere",
        "own-clock",
    ],
)
def test_an_account_a_gateway_or_a_clock_that_does_not_fit(subject, keys, words):
    assert words in fault_of(over(PythonTransport(subject), keys), "request.carried-out")


PAGES = [
    (301, "redirection (301)"),
    (302, "redirection (302)"),
    (404, "it answers 404"),
    (405, "it answers 405"),
]


@pytest.mark.parametrize(("status", "words"), PAGES, ids=[str(status) for status, _ in PAGES])
@pytest.mark.parametrize("door", ["adapter", "black-box"])
def test_a_notify_url_that_leads_nowhere(status, words, door):
    with page(status, "/other" if status < 400 else None) as url:
        if door == "adapter":
            listed = [op for op in Reference().hello()["operations"] if op != "notify"]
            kind = type("Listens", (Reference,), {"said": {"notify_url": url, "operations": listed}})
            runner = over(PythonTransport(kind))
        else:
            runner = box_runner(Box(url, 0, {}, sign_type="MD5", charset="UTF-8"), plan(RunOptions()))
        assert words in fault_of(runner)


@pytest.mark.parametrize("door", ["adapter", "black-box"])
def test_a_notify_url_where_nobody_listens(door):
    box = Box(NOBODY, 0, {}, sign_type="MD5", charset="UTF-8")
    runner = over(PythonTransport(Deaf)) if door == "adapter" else box_runner(box, plan(RunOptions()))
    said = fault_of(runner)
    assert "nobody answers at" in said
    assert "the notify URL" in said


def test_a_shop_whose_gateway_is_another():
    with page(200) as url:
        drive = parse_drive(["create=true"])
        box = Box(url, 0, drive, settle=0.01, sign_type="MD5", charset="UTF-8")
        said = fault_of(box_runner(box, plan(RunOptions())), "request.carried-out")
    assert "does not come to the kit" in said


@pytest.mark.parametrize(
    ("kind", "requirement"),
    [(Reference, "request.carried-out"), (YenAlone, "money.refund.booked")],
    ids=["any-call", "refunds-of-yen"],
)
def test_a_right_set_up_is_looked_at_once_and_leaves_no_trace(kind, requirement):
    runner = over(PythonTransport(kind))
    cases = [case for case in runner.cases() if case.requirement == requirement]
    try:
        runner.preflight(cases)
        drawn = runner.testbed.number
        runner.preflight(cases)
        assert (runner.testbed.number, runner.testbed.session) == (drawn, None)
    finally:
        runner.close()


def test_what_is_answered_without_being_listed_is_named(run_kit):
    kind = type("Shy", (Reference,), {"said": {"operations": ["sign"]}})
    assert "it answers presign, verify" in run_kit(kind, "sign.md5.digest[plain").warnings[0]


@pytest.mark.parametrize(("lang", "words"), [("en", "the set-up is at fault"), ("zh", "设置有误")])
def test_the_command_says_it_in_one_sentence(capsys, monkeypatch, lang, words):
    monkeypatch.setitem(sys.modules, "my_shop", sys.modules[__name__])
    asked = ["check", "--lang", lang, "--python", "my_shop:OwnClock", "-k", "request.carried-out"]
    assert cli.main(asked) == cli.ADAPTER_FAULT
    said = capsys.readouterr()
    assert words in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


def test_pytest_is_red_where_no_adapter_comes_up(pytester):
    command = f"{sys.executable} -c pass"
    asked = ("--alipay-adapter", command, "-k", "request.carried-out", "-p", "no:cacheprovider")
    result = pytester.runpytest_inprocess(*PLUGIN, *asked)
    assert result.ret not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    assert "did not answer hello" in "\n".join([*result.outlines, *result.errlines])


SET_UPS = [
    ("OtherProtocol", "this kit speaks"),
    ("OddCharset", "has 'utf-8'"),
    ("OddKind", "write shop or library"),
    ("TakesNoSettings", "did not take its configuration"),
    ("OwnPartner", f"the subject sends as partner {OTHER}"),
    ("Elsewhere", "does not come to the kit: its gateway URL must be"),
    ("OwnClock", "reads its machine's clock"),
    ("Deaf", "nobody answers at the notify URL"),
]


@pytest.mark.parametrize(("name", "words"), SET_UPS, ids=[name for name, _ in SET_UPS])
def test_pytest_is_red_where_the_set_up_is_wrong(pytester, monkeypatch, name, words):
    monkeypatch.setitem(sys.modules, "my_shop", sys.modules[__name__])
    about = "notify.genuine" if name == "Deaf" else "request.carried-out"
    asked = ("--alipay-python", f"my_shop:{name}", "-k", about, "-p", "no:cacheprovider")
    result = pytester.runpytest_inprocess(*PLUGIN, *asked)
    shown = " ".join("\n".join([*result.outlines, *result.errlines]).split())
    assert result.ret not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    assert words in shown
    assert f"{about}: " not in shown  # no finding about the subject
    assert "passed" not in result.parseoutcomes()
