"""The short-lived authority: clients that trust it are served, strictly checked; nobody else is."""

import ssl
import urllib.request
from datetime import UTC, datetime

import pytest
import requests
from cryptography import x509

from alipay_qr_conformance.gateway import Answer, Server
from alipay_qr_conformance.gateway.http.tls import LIFETIME, make_tls


@pytest.fixture(scope="module")
def served(loop, tmp_path_factory):
    made = make_tls()
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    path.write_bytes(made.ca_pem)
    with Server(ssl_context=made.context) as server:
        yield server.mount("/gateway.do", lambda _: Answer(b"served")), path


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_client_that_trusts_it(served, host):
    url, path = served
    assert requests.get(url.replace("127.0.0.1", host), verify=path, timeout=5).text == "served"


def test_a_client_that_does_not(served):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(served[0], timeout=5)


def test_the_strictest_checks_of_openssl(served):
    context = ssl.create_default_context(cafile=served[1])
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    with urllib.request.urlopen(served[0], context=context, timeout=5) as answer:  # noqa: S310 (ours)
        assert answer.read() == b"served"


def test_it_is_short_lived_and_different_each_time():
    one, other = (x509.load_pem_x509_certificate(make_tls().ca_pem) for _ in range(2))
    assert one.not_valid_after_utc - one.not_valid_before_utc <= LIFETIME * 2
    assert one.public_key() != other.public_key()


FALSE_ONES = {
    "other": "Hostname mismatch|IP address mismatch",
    "expired": "certificate has expired",
    "self_signed": "self.signed certificate",
}


@pytest.fixture(scope="module")
def false_ones():
    return make_tls(other=["gateway.example"], false_ones=True)


@pytest.mark.parametrize(("which", "reason"), FALSE_ONES.items(), ids=FALSE_ONES)
def test_a_false_certificate_is_false_for_one_reason(false_ones, which, reason):
    trusting = ssl.create_default_context(cadata=false_ones.ca_pem.decode("ascii"))
    with Server(ssl_context=getattr(false_ones, which)) as server, pytest.raises(OSError, match=reason):
        urllib.request.urlopen(server.mount("/", lambda _: Answer(b"")), context=trusting, timeout=5)  # noqa: S310 (ours)


def test_certificates_hold_at_every_moment_that_is_asked_for():
    begin, end = datetime(2000, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
    made = x509.load_pem_x509_certificate(make_tls(valid=(begin, end)).ca_pem)
    assert (made.not_valid_before_utc, made.not_valid_after_utc) == (begin, end)


def test_without_a_wish_there_are_no_false_ones():
    made = make_tls()
    assert (made.other, made.expired, made.self_signed) == (None, None, None)
