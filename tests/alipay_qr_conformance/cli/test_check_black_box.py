"""``alipay-qr check --notify-url`` in this process: options, exit codes, both languages."""

import json
import socket
from pathlib import Path

import pytest

from alipay_qr_conformance import cli
from faulty.shops import AnySeller, CancelsYesterday, Shop

URL = "http://127.0.0.1:9/notify"
PRESS = Path(__file__).parents[2] / "faulty" / "press.sh"


@pytest.fixture
def shop():
    found = Shop("")
    yield found
    found.close()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--notify-url", "shop.example"], "no http or https address"),
        (["--notify-url", "http://192.0.2.1/notify"], "allow it with --allow-notify-host 192.0.2.1"),
        (["--notify-url", "http://shop.example/notify"], "an address of examples"),
        (["--notify-url", URL, "--url", "http://127.0.0.1/"], "--notify-url takes no adapter beside it"),
        (["--notify-url", URL, "--", "php"], "--notify-url takes no adapter beside it"),
        (["--notify-url", URL, "--drive", "refund=true"], "--drive 'refund=true': {out_trade_no} is missing"),
        (["--drive", "create=true"], "name its --notify-url"),
        (["--notify-url", URL, "--faketime"], "--notify-url takes no adapter beside it"),
        (["--notify-url", URL, "--watch", "-1"], "--watch is a number of seconds"),
        (["--notify-url", URL, "--settle", "nan"], "--settle is a number of seconds"),
        (["--notify-url", URL, "--listen", "70000"], "--listen is a port"),
        (["--notify-url", URL, "--listen", "0", "-k", "no-such-case"], "no case matches"),
    ],
)
def test_what_cannot_be_meant(capsys, words, complaint):
    assert cli.main(["check", "--lang", "en", *words]) == cli.USAGE
    assert complaint in capsys.readouterr().err


def test_a_port_that_is_taken(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert cli.main(["check", "--notify-url", URL, "--listen", port]) == cli.USAGE
    assert f"--listen {port}: " in capsys.readouterr().err


def test_a_shop_that_is_not_there(capsys):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["--notify-url", f"http://127.0.0.1:{port}/notify", "--listen", "0", "-k", "plain"]
    assert cli.main(["check", "--lang", "en", *words]) == cli.ADAPTER_FAULT
    err = capsys.readouterr().err
    assert "nobody answers at 127.0.0.1:" in err
    assert "start the shop first" in err


def test_another_host_is_allowed_by_name(capsys, shop):
    words = ["--notify-url", f"http://localhost:{shop.port}/notify", "--listen", "0", "--watch", "0"]
    code = cli.main(["check", *words, "--allow-notify-host", "LOCALHOST", "--lang", "en", "-k", "plain"])
    assert code == cli.CONFORMS
    assert "No finding." in capsys.readouterr().out


def test_a_second_run_draws_other_numbers(capsys, shop):
    """A shop keeps its books: a number of the first run would be paid, or refunded, already."""
    words = ["--notify-url", f"http://127.0.0.1:{shop.port}/notify", "--listen", "0", "--watch", "0"]
    booked = []
    for _ in range(2):
        assert cli.main(["check", *words, "--lang", "en", "-k", "plain"]) == cli.CONFORMS
        booked.append(len(shop.trades))
    assert booked[1] == 2 * booked[0] > 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("kind", "code"), [(Shop, cli.CONFORMS), (AnySeller, cli.FINDINGS)], ids=["healthy", "any-seller"]
)
def test_a_shop_with_a_notify_url_alone(capsys, tmp_path, kind, code):
    faulty = kind("")
    try:
        words = ["--notify-url", f"http://127.0.0.1:{faulty.port}/notify?key=secret", "--listen", "0"]
        words += ["--report", f"sarif={tmp_path / 'r.sarif'}"]
        words += ["--watch", "0", "--json", str(tmp_path / "r.json"), "-k", "other-seller or sign.order"]
        assert cli.main(["check", "--lang", "zh", *words]) == code
    finally:
        faulty.close()
    out, err = capsys.readouterr()
    assert "商户程序的网关地址为 http://127.0.0.1:" in err
    assert "黑盒无法执行 sign" in out
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["subject"]["name"] == "black box at 127.0.0.1:PORT/notify"
    assert "secret" not in out + json.dumps(report) + (tmp_path / "r.sarif").read_text()


@pytest.mark.runtime("bash")
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("bash -c 'no-such-command {out_trade_no} {refund_amount}'", "status 127: bash: "),
        ("bash -c '/dev/null {out_trade_no} {refund_amount}'", "status 126: bash: "),
        ("SCRIPT {out_trade_no} {refund_amount}", "No such file or directory"),
    ],
    ids=["not-found", "not-executable", "no-interpreter"],
)
def test_a_command_that_cannot_be_run_is_a_fault_of_the_set_up(capsys, tmp_path, shop, line, why):
    script = tmp_path / "refund"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o700)
    words = ["--notify-url", f"http://127.0.0.1:{shop.port}/notify", "--listen", "0", "--settle", "0"]
    words += ["--drive", f"refund={line.replace('SCRIPT', str(script))}", "-k", "money.refund.sum"]
    assert cli.main(["check", "--lang", "en", *words]) == cli.ADAPTER_FAULT
    err = capsys.readouterr().err
    assert "the command that drives refund cannot be run" in err
    assert why in err


@pytest.mark.runtime("bash")
def test_known_failures_know_its_own_cases(capsys, tmp_path):
    """Also where this run watches instead of driving, and so has not the case."""
    faulty, listed = CancelsYesterday(""), tmp_path / "known.toml"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    faulty.gateway = f"http://127.0.0.1:{port}/gateway.do"
    common = ["check", "--lang", "en", "--notify-url", f"http://127.0.0.1:{faulty.port}/notify"]
    common += ["--listen", str(port), "-k", "paid-yesterday or plain"]
    drive = ["--drive", f"cancel=bash {PRESS} {faulty.port} /cancel out_trade_no={{out_trade_no}}"]
    try:
        assert cli.main([*common, *drive, "--write-known-failures", str(listed)]) == cli.FINDINGS
        text = listed.read_text()
        assert 'match = "money.cancel.window"' in text
        listed.write_text(text.replace('window"', 'window[paid-yesterday]"').replace("TODO", "#1"))
        assert cli.main([*common, *drive, "--known-failures", str(listed)]) == cli.CONFORMS
        assert cli.main([*common, "--watch", "0", "--known-failures", str(listed)]) == cli.CONFORMS
    finally:
        faulty.close()
    capsys.readouterr()


def test_an_account_of_its_own(capsys, tmp_path):
    class Other(Shop):
        partner, key = "2088000000000009", "zyxwvutsrqponmlkjihgfedcba987654"

    (tmp_path / "md5.key").write_text(Other.key)
    account = tmp_path / "account.toml"
    account.write_text(f'partner = "{Other.partner}"\nmd5_key_file = "md5.key"\n')
    other = Other("")
    words = ["--notify-url", f"http://127.0.0.1:{other.port}/notify", "--listen", "0", "--watch", "0"]
    try:
        words += ["--depth", "quick", "-k", "notify and not any-"]
        code = cli.main(["check", "--lang", "en", "--account", str(account), *words])
    finally:
        other.close()
    out, err = capsys.readouterr()
    assert code == cli.CONFORMS, out
    assert f"its partner {Other.partner}" in err
    assert "No finding." in out
    assert Other.key not in out + err
