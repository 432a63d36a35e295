"""What cannot be seen of a black box: which cases are not run, and why.

A table of case patterns; the first that fits decides. What no row names is judged like anywhere else.
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from alipay_qr_conformance.blackbox.commands import Template
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.testbed.scenarios import OPERATIONS


class Row(NamedTuple):
    """``pattern`` over ``requirement[case]``; the message ``key``, empty where the case is judged."""

    pattern: str
    key: str = ""
    told: str = ""
    """Judged where the command tells the shop this argument of a refund."""


def _exactly(text: str) -> str:
    return text.replace("[", "[[]")


ROWS: Final = tuple(
    Row(_exactly(pattern), key, told)
    for pattern, key, told in (
        ("request.*[any-call-*", "blackbox.own-data", ""),
        ("response.redirect[*", "", ""),
        ("response.hostile[then-*", "", ""),
        ("response.*", "blackbox.outcome", ""),
        ("money.cancel.unpaid[*", "blackbox.outcome", ""),
        ("money.refund.not-booked[*", "blackbox.outcome", ""),
        ("request.illegal.not-hidden[refund.refund_amount/yen-*", "", "currency"),
        ("request.illegal.not-hidden[refund.refund_amount/*", "", ""),
        ("request.illegal.not-hidden[*", "blackbox.own-data", ""),
        ("money.refund.repeat[*", "", "partner_refund_id"),
        ("money.refund.one-id[asked-again]", "", ""),
        ("money.refund.one-id[*", "", "partner_refund_id"),
        ("money.refund.same-id[*", "", "partner_refund_id"),
        ("money.refund.ids-differ[*", "", "partner_refund_id"),
        ("money.refund.ids-verbatim[*", "", "partner_refund_id"),
        ("money.refund.sum[at-once]", "", "partner_refund_id"),
        ("money.refund.sum[after-a-negative-one]", "", "partner_refund_id"),
        ("money.refund.sum[after-a-refused-repeat]", "", "partner_refund_id"),
        ("money.any-history[*", "", "partner_refund_id"),
        ("*[any-history-refund*", "", "partner_refund_id"),
    )
)


def unseen(case_id: str, drive: Mapping[str, Template]) -> Text | None:
    """Say why a case cannot be judged from outside; None where it can."""
    row = next((row for row in ROWS if fnmatchcase(case_id, row.pattern)), None)
    if row is None:
        return None
    if row.key:
        return message(row.key)
    refund = drive.get("refund")
    if row.told and (refund is None or row.told not in refund.told):
        return message("blackbox.not-told", op="refund", field=row.told)
    return None


def lacks(op: str) -> Text:
    """Say why an operation cannot be asked for."""
    return message("blackbox.not-driven" if op in OPERATIONS else "blackbox.inside", op=op)


def unchecked(drive: Mapping[str, Template]) -> Iterator[str]:
    """Yield the operations that no command makes the shop send."""
    return (op for op in OPERATIONS if op not in drive)
