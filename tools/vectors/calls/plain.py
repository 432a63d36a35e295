"""The three requests as they are legal: what the other vectors are one edit away from."""

from tools.vectors.calls.whole import COUNTER, GLOBAL, cancelling, counter, creating, refunding, taxi, written
from tools.vectors.question import Inputs, question


@question("request.create.biz_data", given=GLOBAL, says={"service": "CREATE", "biz_data": COUNTER})
def create_plain() -> Inputs:
    """A CREATE with everything that is compulsory, and nothing else."""
    return counter()


@question("request.create.biz_data.taxi_number", given=GLOBAL, says={"service": "CREATE"})
def create_for_a_taxi() -> Inputs:
    """A CREATE for a taxi (4121): four members of its own, and no store."""
    return taxi()


@question("request.create.biz_data", given=GLOBAL)
def create_with_everything() -> Inputs:
    """A CREATE with every optional member."""
    more = {
        "country_code": "SG",
        "address": "1 Orchard Road",
        "sys_service_provider_id": "2088021966388155",
        "channel_fee": {"type": "RATE", "value": "0.01"},
        "passback_parameters": {"till": "7"},
        "notify_mobile": "13800000000",
    }
    return creating(written({**COUNTER, **more}))


@question("request.cancel.out_trade_no", given=GLOBAL, says={"service": "CANCEL"})
def cancel_plain() -> Inputs:
    """A CANCEL by out_trade_no, with milliseconds as its timestamp."""
    return cancelling()


@question("request.refund.partner_refund_id", given=GLOBAL, says={"service": "REFUND"})
def refund_plain() -> Inputs:
    """A REFUND of 0.10 USD, asynchronous, with the address for its notification."""
    return refunding()


@question("request.refund.is_sync", given=GLOBAL, twin=refund_plain)
def refund_at_once() -> Inputs:
    """A REFUND with is_sync Y."""
    return refunding(is_sync="Y")
