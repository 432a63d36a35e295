from pathlib import Path

import pytest

from alipay_qr_conformance.subjects import HttpTransport, ProcessTransport, PythonTransport
from alipay_qr_conformance.ways_in import LARGEST_SEED, UsageError, Wish, plan, runner, transport


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        (Wish(), PythonTransport),
        (Wish(python="a:b"), PythonTransport),
        (Wish(command=("php", "a.php")), ProcessTransport),
        (Wish(url="http://127.0.0.1:1/"), HttpTransport),
    ],
    ids=["bundled", "python", "command", "url"],
)
def test_a_wish_becomes_a_transport_and_starts_nothing(wish, kind):
    assert isinstance(transport(wish), kind)
    runner(wish).close()


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        (Wish(python="a:b", command=("x",)), "name one subject"),
        (Wish(python="a:b", url="http://127.0.0.1/"), "name one subject"),
        (Wish(command=()), "empty"),
        (Wish(url="gopher://x"), "--url"),
        (Wish(seed=LARGEST_SEED + 1), "seed"),
        (Wish(seed=-1), "seed"),
        (Wish(policy=Path("/no/such")), "policy file"),
        (Wish(account=Path("/no/such")), "/no/such"),
    ],
    ids=lambda found: found if isinstance(found, str) else "",
)
def test_what_cannot_be_meant_is_said(wish, complaint):
    with pytest.raises(UsageError, match=complaint):
        runner(wish)


def test_depth_scales_the_examples():
    assert [plan(Wish(depth=depth)).examples(60) for depth in ("quick", "default", "deep")] == [10, 60, 720]
