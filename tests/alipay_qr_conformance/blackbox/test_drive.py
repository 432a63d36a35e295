"""The user's commands: templates without a shell, bounded in time and in what is kept."""

import sys
import time

import pytest

from alipay_qr_conformance.blackbox import DriveError, parse_drive
from alipay_qr_conformance.blackbox.commands import run

REFUND = "refund=true {out_trade_no} {refund_amount}"


@pytest.mark.parametrize(
    ("texts", "complaint"),
    [
        (["true"], "write create=..., cancel=..., refund=..."),
        (["sell=true"], "write create=..., cancel=..., refund=..."),
        (["create="], "the command is empty"),
        (["create=true 'x"], "No closing quotation"),
        (["create=no-such-command-here"], "there is no command 'no-such-command-here'"),
        (["create=true {out_trade_no}"], "{out_trade_no} is not known here; known are: none"),
        (["cancel=true"], "{out_trade_no} is missing: the shop must be told"),
        (["refund=true {out_trade_no}"], "{refund_amount} is missing"),
        ([f"{REFUND} {{amount}}"], "{amount} is not known here; known are: out_trade_no, trade_no"),
        ([REFUND, REFUND], "a command for this operation was given before"),
    ],
)
def test_a_drive_that_cannot_be_meant(texts, complaint):
    with pytest.raises(DriveError) as raised:
        parse_drive(texts)
    assert complaint in str(raised.value)


def test_a_value_never_becomes_a_word_or_a_command():
    line = (
        """refund=python3 -c pass 'a {out_trade_no}' --amount={refund_amount} '{"why": "{refund_reason}"}'"""
    )
    template = parse_drive([line])["refund"]
    assert template.told == {"partner_trans_id", "refund_amount", "refund_reason"}
    args = {
        "partner_trans_id": "T 1; rm -rf $HOME",
        "refund_amount": "{refund_reason}",
        "refund_reason": "`id`",
    }
    assert template.argv(args)[3:] == [
        "a T 1; rm -rf $HOME",
        "--amount={refund_reason}",
        '{"why": "`id`"}',
    ]
    assert template.argv({})[3:] == ["a ", "--amount=", '{"why": ""}']
    with pytest.raises(ValueError, match="NUL"):
        template.argv({"partner_trans_id": "T\0"})


def test_what_it_prints_is_kept_in_part():
    script = "import sys; print('x' * 10**6, flush=True); print('end', file=sys.stderr)"
    ended = run([sys.executable, "-c", script], 20)
    assert ended.status == 0
    assert ended.output.endswith("end\n")
    assert len(ended.output) <= 8192


def test_its_status_is_told():
    assert run([sys.executable, "-c", "raise SystemExit(3)"], 20).status == 3


@pytest.mark.runtime("bash")
@pytest.mark.parametrize("script", ["sleep 60", "sleep 60 & wait", "exec >&-; sleep 60", "yes"])
def test_it_ends_with_its_time_and_takes_all_along(script):
    began = time.monotonic()
    ended = run(["bash", "-c", script], 0.3)
    assert ended.status is None
    assert time.monotonic() - began < 5


@pytest.mark.runtime("bash")
def test_what_it_leaves_in_the_background_is_not_waited_for(tmp_path):
    go, later = tmp_path / "go", tmp_path / "later"
    ended = run(["bash", "-c", f"(until [[ -e {go} ]]; do :; done; touch {later}) & exit 3"], 20)
    assert ended.status == 3
    assert not later.exists()
    go.touch()
    deadline = time.monotonic() + 20
    while not later.exists():
        assert time.monotonic() < deadline
