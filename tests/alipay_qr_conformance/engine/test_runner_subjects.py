"""What subjects that lack something are told: sensible levels, reasons, and no false finding."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import core_subjects
import pytest

from alipay_qr_conformance.model.test_account import OwnKeys, TestKeys
from alipay_qr_conformance.model.test_account import test_key as published
from alipay_qr_conformance.report.terminal import nothing_judged, render
from alipay_qr_conformance.subjects import AdapterFault
from alipay_qr_conformance.subjects.reference import ReferenceAdapter

SAMPLE = (
    "not any- and (sign.order or sign.charset or sign.rsa or sign.md5 "
    "or verify.genuine or verify.reject.other "
    "or create-compulsory or cancel-paid or refund-partial or request.illegal "
    "or notify.genuine or notify.status or notify.validate or notify.once or notify.reject.duplicate "
    "or response.genuine or response.two or response.unknown "
    "or money.refund.booked or money.cancel.booked or money.cancel.same-day or money.refund.one-id)"
)
"""Some of each level; the properties are met by the faulty merchants."""


@pytest.mark.parametrize(
    ("name", "level", "reason"),
    [
        ("sign-only", 1, "the subject does not list the operation create_qr_code"),
        ("md5-only", 4, "the subject does not list the sign type RSA2"),
        ("rsa-only", 4, "the subject does not list the sign type MD5"),
        ("utf8-only", 4, "the subject does not list the charset GBK"),
        ("no-clock", 3, "the subject cannot be told the time (clock: false)"),
        ("no-configure", 1, "no key for RSA2 is known to the kit: the subject cannot be configured"),
        ("no-trade", 3, "the subject does not list the operation trade"),
        ("no-expect", 4, "the subject does not list the operation expect"),
    ],
)
def test_what_a_subject_lacks_costs_its_level_and_nothing_else(run_kit, name, level, reason):
    ran = run_kit(core_subjects.CATALOGUE[name], SAMPLE)
    assert ran.findings() == {}
    assert ran.summary.level == level
    assert any(reason in each for each in ran.reasons("unsupported"))
    assert not ran.reasons("blocked")
    assert reason in render(ran.summary, "x").replace("\n", " ")


def test_a_subject_with_one_sign_type_is_asked_with_it_about_everything(run_kit):
    ran = run_kit(core_subjects.CATALOGUE["rsa-only"], "not any- and (money.refund.sum or notify.status)")
    assert ran.verdicts() == {"pass"}


def test_a_level_in_which_nothing_was_judged_is_not_reached(run_kit):
    ran = run_kit(core_subjects.limited(features=[]), "sign.rsa2 or notify.validate.amount", level=4)
    assert ran.summary.level == 1
    ran = run_kit(core_subjects.CATALOGUE["md5-only"], "sign.rsa2")
    assert ran.summary.level == 0


def test_a_subject_that_does_nothing_is_unsupported_everywhere(run_kit):
    ran = run_kit(core_subjects.Empty)
    assert ran.verdicts() == {"unsupported"}
    assert (ran.summary.level, ran.summary.judged) == (0, 0)
    sentence = nothing_judged(ran.summary)
    assert "hello and sign" in sentence
    assert "not written yet" in sentence


def test_one_refused_configuration_costs_one_case_and_blocks_its_kind_alone(run_kit):
    ran = run_kit(core_subjects.RefusesGbk, "sign.charset or create-compulsory-only/MD5")
    stopped = [result for result in ran.results.values() if result.verdict == "garbled"]
    assert len(stopped) == 3  # one a sign type
    assert "no GBK table" in stopped[0].finding.detail.en
    assert all("sign.charset" in case_id for case_id in ran.findings())
    blocked = ran.reasons("blocked")
    assert blocked
    assert all("/GBK" in reason for reason in blocked)


def test_a_subject_with_one_gateway_address_is_judged_like_any_other(run_kit):
    expression = (
        "not any- and "
        "(create-chinese or create-compulsory or refund-partial or response.genuine or money.refund.sum)"
    )
    ran = run_kit(core_subjects.OneGateway, expression)
    assert ran.verdicts() == {"pass"}


def test_an_account_without_rsa_keys_leaves_rsa_out(run_kit):
    keys = TestKeys("2088123412341234", "abcdefghijklmnopqrstuvwxyz012345", OwnKeys())
    ran = run_kit(ReferenceAdapter, "digest or create-compulsory-only or response.genuine", keys=keys)
    assert ran.findings() == {}
    assert not ran.reasons("blocked")
    assert any("no key for RSA2" in reason for reason in ran.reasons("unsupported"))
    assert any(result.verdict == "pass" for result in ran.results.values())


def test_an_account_with_own_keys_is_used(run_kit):
    pair = published("stranger_2048")
    own = OwnKeys(pair, pair.public_key(), published("alipay_2048"))
    keys = TestKeys("2088123412341234", "abcdefghijklmnopqrstuvwxyz012345", own)
    ran = run_kit(
        ReferenceAdapter,
        "sign. and digest or create-compulsory-only or response.genuine or notify.genuine or verify.genuine",
        keys=keys,
    )
    assert ran.verdicts() == {"pass"}


def test_forgeries_for_the_published_keys_are_no_question_to_an_account_with_own_keys(run_kit):
    pair = published("stranger_2048")
    keys = TestKeys("2088123412341234", None, OwnKeys(pair, pair.public_key(), published("alipay_2048")))
    ran = run_kit(ReferenceAdapter, "verify.reject.changed[notification-rsa-", keys=keys)
    assert {(str(each.verdict), each.optional) for each in ran.results.values()} == {("unsupported", True)}


def test_without_a_clock_the_gateway_runs_on_real_time(run_kit):
    ran = run_kit(core_subjects.CATALOGUE["no-clock"], "timestamp.zone or any-history", depth="quick")
    assert ran.findings() == {}


# --- a subject that listens itself -----------------------------------------------------------------------


@pytest.fixture(params=[0.0, 0.2], ids=["books-at-once", "books-afterwards"])
def listening(request):
    """A shop with a web server of its own; the delay is between its reply and its books."""
    shop = ReferenceAdapter()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind = self.headers["Content-Type"]
            now = self.server.now
            found = {}
            if request.param and shop.verify_first(body, kind):
                found["reply"] = "success"
                threading.Timer(request.param, self.book, (body, kind, now)).start()
            else:
                self.book(body, kind, now, found)
            reply = found.get("reply", "fail").encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def book(self, body, kind, now, found=None):
            import base64

            said = shop.notify(base64.b64encode(body).decode(), kind, now=now)
            if found is not None:
                found |= said

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.now = None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    shop.verify_first = lambda body, _: b"trade_status=TRADE_SUCCESS" in body
    operations = ["configure", "reset", "sign", "create_qr_code", "cancel", "refund", "trade"]

    class Web:
        def hello(self, protocol="1", **rest):
            url = f"http://127.0.0.1:{server.server_port}/notify?shop=1"
            said = shop.hello(protocol, **rest) | {"limits": {}, "clock": False, "notify_url": url}
            return said | {"operations": ["hello", *operations]}

        def __getattr__(self, name):
            if name not in operations:
                raise AttributeError(name)
            return getattr(shop, name)

    yield Web()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_subject_that_listens_itself_gets_real_notifications(run_kit, listening):
    expression = "notify.genuine and plain/MD5 or notify.status.believed or money.refund.booked"
    ran = run_kit(listening, f"not any- and ({expression})")
    assert ran.findings() == {}
    assert ran.reasons("blocked") == set()
    passed = [case_id for case_id, result in ran.results.items() if result.verdict == "pass"]
    assert "notify.genuine[plain/MD5/UTF-8]" in passed
    assert "money.refund.booked[two-parts]" in passed


def test_a_notify_url_where_nobody_listens_is_a_fault_of_the_set_up(run_kit):
    class Gone(core_subjects.limited("configure", "reset", "sign", "trade")):
        def hello(self, protocol="1", **rest):
            return super().hello(protocol, **rest) | {"notify_url": "http://127.0.0.1:9/notify"}

    with pytest.raises(AdapterFault, match="nobody answers at the notify URL"):
        run_kit(Gone, "notify.genuine and plain/MD5")
