import sys
from pathlib import Path

import pytest

from alipay_qr_conformance.keyring import Keyring
from alipay_qr_conformance.known_failures import Known

sys.path.insert(0, str(Path(__file__).parent))
import hostile_merchant


@pytest.fixture(scope="session")
def hostile_run():
    """The hostile merchant, configured with a key that must be in no report."""
    known = Known("request.carried-out", "raised", f"TICKET-1{hostile_merchant.SCRIPT}")
    keys = Keyring(md5_key=hostile_merchant.CANARY)
    return hostile_merchant.judge(hostile_merchant.Hostile(), keys=keys, known=(known,))


@pytest.fixture(scope="session")
def clean_run():
    return hostile_merchant.judge(
        hostile_merchant.ReferenceAdapter(), chosen="sign.order or request.carried-out"
    )


@pytest.fixture(scope="session")
def twice():
    """Two runs of one merchant that ought to be the same."""
    chosen = "request.carried-out or sign.join[presign-refund-plain"
    return [hostile_merchant.judge(hostile_merchant.Hostile(), chosen=chosen) for _ in range(2)]
