import dataclasses
import sys
from pathlib import Path

import pytest

from alipay_qr_conformance.model.known_failures import Known
from alipay_qr_conformance.model.test_account import TestKeys

sys.path.insert(0, str(Path(__file__).parent))
import hostile_merchant


@pytest.fixture(scope="session")
def hostile_run():
    """The hostile merchant, configured with a key that must be in no report."""
    known = Known("request.carried-out", "raised", f"TICKET-1{hostile_merchant.SCRIPT}")
    keys = TestKeys(partner="2088101122136241", md5_key=hostile_merchant.CANARY)
    return hostile_merchant.judge(hostile_merchant.Hostile(), keys=keys, known=(known,))


@pytest.fixture(scope="session")
def clean_run():
    return hostile_merchant.judge(
        hostile_merchant.ReferenceAdapter(), chosen="sign.order or request.carried-out"
    )


@pytest.fixture(scope="session")
def later_run(hostile_run):
    """The same, held to a set that has neither a broken requirement nor a kept one."""
    younger = {"request.carried-out", "sign.md5.key-whitespace"}
    parts = {
        is_younger: tuple(each for each in hostile_run.results if (each.requirement in younger) == is_younger)
        for is_younger in (False, True)
    }
    return dataclasses.replace(hostile_run, results=parts[False], later=parts[True], excuses={})


@pytest.fixture(scope="session")
def twice():
    """Two runs of one merchant that ought to be the same."""
    chosen = "request.carried-out or sign.join[presign-refund-plain"
    return [hostile_merchant.judge(hostile_merchant.Hostile(), chosen=chosen) for _ in range(2)]
