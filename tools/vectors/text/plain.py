"""The three requests as they are: what the other vectors are one edit away from."""

from tools.vectors.case import case
from tools.vectors.messages import cancel, create, named, refund
from tools.vectors.steps import Pairs


@case("sign.join")
def refund_plain() -> Pairs:
    """A REFUND request with nothing special about it."""
    return refund()


@case("sign.join")
def cancel_plain() -> Pairs:
    """A CANCEL request with nothing special about it."""
    return cancel()


@case("sign.value.verbatim")
def create_plain() -> Pairs:
    """A CREATE request: biz_data is JSON, and its quotes, colons and commas are signed as they are."""
    return create()


@case("sign.value.verbatim", twin=refund_plain)
def refund_with_reason() -> Pairs:
    """A REFUND with a reason in plain words; many vectors put something stranger in its place."""
    return refund(refund_reason="wrong size")


@case("sign.join")
def one_parameter_alone() -> Pairs:
    """One parameter: no & anywhere."""
    return named(service="alipay.acquire.cancel")


@case("sign.join", twin=one_parameter_alone)
def two_parameters() -> Pairs:
    """Two parameters: one & between them, none at the end."""
    return named(service="alipay.acquire.cancel", partner="2088021966388155")
