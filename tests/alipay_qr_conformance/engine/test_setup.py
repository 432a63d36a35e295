from pathlib import Path

import pytest

from alipay_qr_conformance.engine.setup import LARGEST_SEED, RunOptions, UsageError, plan, runner, transport
from alipay_qr_conformance.subjects import HttpTransport, ProcessTransport, PythonTransport


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        (RunOptions(), PythonTransport),
        (RunOptions(python="a:b"), PythonTransport),
        (RunOptions(command=("php", "a.php")), ProcessTransport),
        (RunOptions(url="http://127.0.0.1:1/"), HttpTransport),
    ],
    ids=["bundled", "python", "command", "url"],
)
def test_a_wish_becomes_a_transport_and_starts_nothing(wish, kind):
    assert isinstance(transport(wish), kind)
    runner(wish).close()


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        (RunOptions(python="a:b", command=("x",)), "name one subject"),
        (RunOptions(python="a:b", url="http://127.0.0.1/"), "name one subject"),
        (RunOptions(command=()), "empty"),
        (RunOptions(url="gopher://x"), "--url"),
        (RunOptions(seed=LARGEST_SEED + 1), "seed"),
        (RunOptions(seed=-1), "seed"),
        (RunOptions(policy=Path("/no/such")), "policy file"),
        (RunOptions(account=Path("/no/such")), "/no/such"),
    ],
    ids=lambda found: found if isinstance(found, str) else "",
)
def test_what_cannot_be_meant_is_said(wish, complaint):
    with pytest.raises(UsageError, match=complaint):
        runner(wish)


def test_depth_scales_the_examples():
    assert [plan(RunOptions(depth=depth)).examples(60) for depth in ("quick", "default", "deep")] == [
        10,
        60,
        720,
    ]
