"""Level 3: what a stranger can do with the notify URL, and with messages that Alipay really signed.

Every forgery here is one that a careful verifier never believes; a subject that believes any change at all
is accused of that by `notifications` alone, and not judged here. Where the protocol itself is weak (a moved
boundary keeps the signature valid), the finding says so.
"""

from collections.abc import Iterator
from typing import Final

from alipay_qr_conformance.checks.attacks import (
    boundary,
    disguises,
    forged_news,
    hostile_forms,
    loose_sign,
    query,
    repeats,
    verify_query,
)
from alipay_qr_conformance.model.plan import Plan, Setup
from alipay_qr_conformance.testbed.case import Case

_NOTIFY: Final = ("notify",)
_BOOKS: Final = ("notify", "trade")
_EXPECT: Final = ("notify", "expect")


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the cases."""
    for name in boundary.MOVED:
        yield Case("notify.boundary", f"{name}-moved", boundary.moved(name), needs=_NOTIFY)
    yield Case("notify.boundary", "amount-in-the-subject", boundary.split_amount, needs=_BOOKS)
    yield Case("notify.validate.amount", "boundary-moved", boundary.hidden_amount, needs=_EXPECT)
    yield Case("notify.validate.amount", "amount-in-the-subject", boundary.split_awaited, needs=_EXPECT)
    for name, lookalike in disguises.LOOKALIKES.items():
        yield Case("notify.reject.lookalike", name, disguises.lookalike(lookalike), needs=_BOOKS)
    for name, (disguise, twin) in disguises.DISGUISES.items():
        run = disguises.disguised(name, disguise, twin)
        yield Case("notify.reject.disguised", name, run, needs=_NOTIFY)
    for kind in disguises.TYPES:
        name = kind.replace("/", "-")
        yield Case("notify.reject.content-type", name, disguises.typed(kind), needs=_NOTIFY)
    yield Case("notify.post-only", "forged-link", query.forged_link, needs=_NOTIFY)
    yield Case("notify.post-only", "genuine-link-first", query.link_first, needs=_BOOKS)
    yield Case("notify.reject.closing", "paid", forged_news.closing, needs=_BOOKS)
    for name, asked in (("accepted-one", True), ("nobody-asked", False)):
        needs = (*_BOOKS, "refund") if asked else _BOOKS
        yield Case("notify.reject.refund", name, forged_news.refund(asked=asked), needs=needs)
    yield Case("notify.reject.bad-sign", "sign-as-a-list", loose_sign.sign_as_a_list, needs=_NOTIFY)
    yield Case(
        "notify.reject.bad-sign", "equal-as-numbers", loose_sign.equal_as_numbers, Setup("MD5"), _BOOKS
    )
    yield Case("notify.reject.url-override", "all-in-the-url", query.all_in_the_url, needs=_NOTIFY)
    for name, change in hostile_forms.at_depth(plan.depth).items():
        yield Case("notify.hostile", name, hostile_forms.survived(name, change), needs=_NOTIFY)
    yield Case("notify.once.fulfilled", "hundred-times", repeats.hundred_times, needs=_BOOKS)
    yield Case("notify.once.fulfilled", "two-ids-at-once", repeats.two_ids_at_once, needs=_BOOKS)
    yield Case("notify.status.forward", "after-own-cancel", repeats.after_cancel, needs=(*_BOOKS, "cancel"))
    yield Case("notify.status.forward", "after-full-refund", repeats.after_refund, needs=(*_BOOKS, "refund"))
    for name, answer in verify_query.ANSWERS.items():
        yield Case("notify.verify-query.strict", name, verify_query.answered(answer), needs=_NOTIFY)
