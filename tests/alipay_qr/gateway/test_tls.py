"""The short-lived authority: clients that trust it are served, strictly checked; nobody else is."""

import ssl

import pytest
import requests
from cryptography import x509

from alipay_qr.gateway import Answer, Server
from alipay_qr.gateway.tls import LIFETIME, make_tls


@pytest.fixture(scope="module")
def served(tmp_path_factory):
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
    import urllib.request

    with urllib.request.urlopen(served[0], context=context, timeout=5) as answer:  # noqa: S310 (ours)
        assert answer.read() == b"served"


def test_it_is_short_lived_and_different_each_time():
    one, other = (x509.load_pem_x509_certificate(make_tls().ca_pem) for _ in range(2))
    assert one.not_valid_after_utc - one.not_valid_before_utc <= LIFETIME * 2
    assert one.public_key() != other.public_key()
