"""Level 3: answers that were made to confuse their reader, and what follows an own cancel (level 4).

Hostile XML around a genuine signature, answers of another service, answers that never end. A subject that
takes a plain unproved or broken answer for more than it is, is accused of that by `responses` alone.
"""

from collections.abc import Iterator
from dataclasses import replace

from alipay_qr_conformance.checks.hostile_answers import (
    borrowed,
    own_cancel,
    straining,
    two_readings,
    unusual,
)
from alipay_qr_conformance.checks.hostile_answers.asking import forgiving
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.case import Case

_REFUND = ("refund",)
_CODE = ("create_qr_code",)


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the cases."""
    for case in _cases(plan):
        yield replace(case, run=forgiving(case.run))


def _cases(plan: Plan) -> Iterator[Case]:
    for name, change in two_readings.TWICE.items():
        yield Case("response.unproved", f"twice-{name}", two_readings.twice(name, change), needs=_REFUND)
    for name, mark in two_readings.SPLITS.items():
        run = two_readings.split_number(name, mark)
        yield Case("response.belongs", f"{name}-in-the-number", run, needs=_REFUND)
    for name, change in two_readings.ENTITIES.items():
        yield Case("response.no-dtd", name, two_readings.expanded(change), needs=_REFUND)
    for name, change in straining.HOSTILE.items():
        yield Case("response.hostile", name, straining.survived(name, change), needs=_REFUND)
    if plan.depth != "quick":  # each costs a correct subject two seconds of waiting
        for name, tail in straining.TAILS.items():
            yield Case("response.in-time", name, straining.trickles(tail), needs=_REFUND)
    yield Case("response.belongs", "replayed", borrowed.replayed, needs=_REFUND)
    yield Case("response.retry-flag", "for-ever", straining.retry_for_ever, needs=("cancel",))
    yield Case("response.redirect", "refund-permanently", borrowed.redirected, needs=_REFUND)
    for op, other in borrowed.FOREIGN:
        run = borrowed.other_service(op, other)
        yield Case("response.other-service", f"{op}-{other}", run, needs=(op,))
    for op in ("refund", "cancel", "create_qr_code"):
        yield Case("response.trimmed", op, unusual.indented(op), needs=(op,))
    yield Case("response.existing-code", "same-store", unusual.existing_code, needs=_CODE)
    yield Case("response.image-url", "ampersand", unusual.image_url, needs=_CODE)
    if plan.level >= 4:  # noqa: PLR2004 (the level of the money rules)
        for name, action in (("unknown", None), ("closed", "close")):
            yield Case("money.cancel.unpaid", name, own_cancel.cancel_unpaid(action), needs=("cancel",))
        needs = ("notify", "cancel", "trade")
        yield Case("money.cancel.closed-notice", "one", own_cancel.closed_notice, needs=needs)
