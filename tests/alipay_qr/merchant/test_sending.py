import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime
from ipaddress import IPv4Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from alipay_qr.account import test_account as sandbox
from alipay_qr.errors import ParameterError
from alipay_qr.merchant import Merchant
from alipay_qr_conformance.gateway.engine.response import Answer
from alipay_qr_conformance.gateway.http.server import Server


@pytest.mark.parametrize(
    "url",
    [
        "http://mapi.alipay.com/gateway.do",
        "http://10.0.0.1/gateway.do",
        "ftp://127.0.0.1/gateway.do",
        "https:///gateway.do",
        "gateway.do",
        "",
        "https://user@127.0.0.1/gateway.do",
        "https://127.0.0.1/gateway.do#part",
    ],
)
def test_requests_go_by_https_to_a_plain_address(url):
    with Merchant(sandbox(), url, "https://shop.example/n", allow_http=True) as merchant:
        with pytest.raises(ParameterError):
            merchant.cancel("T1")
        assert merchant.trade("T1").state == "none"


def test_plain_http_to_loopback_needs_permission(gateway):
    with (
        Merchant(sandbox(), gateway.url, "https://shop.example/n") as merchant,
        pytest.raises(ParameterError),
    ):
        merchant.cancel("T1")
    assert not gateway.requests


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(b"", status=500), id="status-500"),
        pytest.param(Answer(b"", status=204), id="status-204"),
        pytest.param(Answer(b"", status=302, location="http://127.0.0.1:1/"), id="redirect"),
        pytest.param(Answer(b"", drop=True), id="dropped"),
        pytest.param(Answer(b"<alipay></alipay>", truncate=5), id="broken-off"),
        pytest.param(Answer(b"x" * (1024 * 1024 + 1)), id="too-large"),
    ],
)
def test_without_a_usable_answer_the_outcome_is_unknown(merchant, gateway, answer):
    gateway.answers.append(answer)
    assert merchant.cancel("T1").outcome == "unknown"
    assert len(gateway.requests) == 1
    assert merchant.trade("T1").state == "undecided"


def test_an_answer_that_comes_in_drops_is_given_up(gateway):
    gateway.answers.append(Answer(b"<" * 400, slow=4.0))
    began = time.monotonic()
    with Merchant(
        sandbox(), gateway.url, "https://shop.example/n", allow_http=True, timeout=(0.2, 0.3)
    ) as merchant:
        assert merchant.cancel("T1").outcome == "unknown"
    assert time.monotonic() - began < 2


def test_nobody_at_home_is_unknown():
    with Merchant(sandbox(), "http://127.0.0.1:9/", "https://shop.example/n", allow_http=True) as merchant:
        assert merchant.cancel("T1").outcome == "unknown"


@pytest.mark.parametrize(("method", "in_query"), [("POST", ["_input_charset"]), ("GET", None)])
def test_a_post_names_its_charset_in_the_url(gateway, method, in_query):
    gateway.says(result_code="SUCCESS")
    with Merchant(
        sandbox(), gateway.url, "https://shop.example/n", allow_http=True, method=method
    ) as merchant:
        assert merchant.cancel("T1").outcome == "success"
    (request,) = gateway.requests
    names = [pair.partition(b"=")[0].decode() for pair in request.query.split(b"&")]
    assert request.method == method
    assert names == (in_query or list(gateway.asked[0]))
    assert bool(request.body) == (method == "POST")


def test_proxies_and_passwords_of_the_environment_stay_out(merchant, gateway, monkeypatch, tmp_path):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    gateway.says(result_code="SUCCESS")
    assert merchant.cancel("T1").outcome == "success"


def test_importing_the_package_imports_no_http_library():
    script = "import sys, alipay_qr, alipay_qr.merchant; print('requests' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody trusts unless told to, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "ca.pem").write_bytes(made.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder


@pytest.mark.parametrize(("trusted", "outcome"), [(True, "success"), (False, "unknown")])
def test_https_is_believed_only_with_a_trusted_certificate(
    certificate, signed, trusted, outcome, monkeypatch
):
    ca_file = str(certificate / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_file)  # the environment has no say
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, certificate / "key.pem")
    with Server(ssl_context=context) as server:
        url = server.mount("/gateway.do", lambda _: Answer(signed({"result_code": "SUCCESS"})))
        with Merchant(
            sandbox(), url, "https://shop.example/n", ca_file=ca_file if trusted else None
        ) as merchant:
            assert merchant.cancel("T1").outcome == outcome
