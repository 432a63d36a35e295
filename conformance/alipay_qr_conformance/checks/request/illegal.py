"""Level 2: illegal values given to the subject.

To decline is right, to send the value unchanged and report Alipay's error is right too. So is to write it in
its legal form (``usd`` as ``USD``). To change it on the quiet, or to report success, is not.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from alipay_qr_conformance.checks.request.form import sent_from
from alipay_qr_conformance.gateway import Record
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.rules.altered import same_meaning
from alipay_qr_conformance.rules.request import Wanted, as_meant, verbatim
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.notifications import announce_payment
from alipay_qr_conformance.testbed.scenarios import BIZ_DATA, OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_LONG: Final = "x" * 65


@dataclass(frozen=True, slots=True)
class Illegal:
    """One illegal value: where it stands, of what kind, and the arguments that carry it."""

    op: str
    field: str
    kind: str
    args: Mapping[str, Any]


def illegal_values() -> Iterator[Illegal]:
    """Yield one row per parameter and kind of fault."""
    for name in BIZ_DATA:
        without = {key: value for key, value in BIZ_DATA.items() if key != name}
        yield _create(name, "absent", without)
        yield _create(name, "empty", BIZ_DATA | {name: ""})
    yield _create(
        "secondary_merchant_industry", "too-long", BIZ_DATA | {"secondary_merchant_industry": "53111"}
    )
    yield _create(
        "secondary_merchant_industry", "letters", BIZ_DATA | {"secondary_merchant_industry": "53a1"}
    )
    yield _create("secondary_merchant_id", "too-long", BIZ_DATA | {"secondary_merchant_id": _LONG})
    yield _create("secondary_merchant_id", "blank", BIZ_DATA | {"secondary_merchant_id": "shop 1"})
    yield _create("secondary_merchant_name", "too-long", BIZ_DATA | {"secondary_merchant_name": _LONG})
    yield _create("store_id", "too-long", BIZ_DATA | {"store_id": "a" * 33})
    yield _create("store_id", "slash", BIZ_DATA | {"store_id": "A/1"})
    yield _create("trans_currency", "lower-case", BIZ_DATA | {"trans_currency": "usd"})
    yield _create("currency", "not-settled", BIZ_DATA | {"trans_currency": "USD", "currency": "EUR"})
    yield _create("channel_fee", "unknown-type", BIZ_DATA | {"channel_fee": {"type": "FREE", "value": "0"}})
    yield _create("channel_fee", "too-high", BIZ_DATA | {"channel_fee": {"type": "RATE", "value": "0.06"}})
    yield _create("address", "data-over-2000", BIZ_DATA | {"address": "a" * 2000})
    url = "https://merchant.example/" + "n" * 180
    yield Illegal("create_qr_code", "notify_url", "too-long", {"biz_data": BIZ_DATA, "notify_url": url})
    yield Illegal("create_qr_code", "notify_url", "no-url", {"biz_data": BIZ_DATA, "notify_url": "merchant"})
    yield Illegal("cancel", "out_trade_no", "too-long", {"out_trade_no": "T" * 65})
    yield Illegal("cancel", "out_trade_no", "empty", {"out_trade_no": ""})
    for kind, text in {
        "three-decimals": "1.005",
        "negative": "-1.00",
        "zero": "0.00",
        "exponent": "1e1",
        "comma": "1,00",
        "blank": " 1.00",
        "words": "one",
        "empty": "",
        "too-long": "12345678.00",
    }.items():
        yield Illegal("refund", "refund_amount", kind, {"refund_amount": text})
    yield Illegal("refund", "refund_amount", "yen-decimals", {"refund_amount": "100.50", "currency": "JPY"})
    yield Illegal("refund", "currency", "lower-case", {"currency": "usd"})
    yield Illegal("refund", "currency", "empty", {"currency": ""})
    yield Illegal("refund", "partner_refund_id", "too-long", {"partner_refund_id": "R" * 65})
    yield Illegal("refund", "partner_refund_id", "empty", {"partner_refund_id": ""})
    yield Illegal("refund", "refund_reason", "too-long", {"refund_reason": "r" * 129})
    yield Illegal("refund", "is_sync", "unknown", {"is_sync": "X"})


def _create(field: str, kind: str, biz_data: Mapping[str, Any]) -> Illegal:
    return Illegal("create_qr_code", f"biz_data.{field}", kind, {"biz_data": dict(biz_data)})


def _rows(plan: Plan) -> dict[str, Illegal]:  # noqa: ARG001 (level 2 is the same in every plan)
    return {f"{row.op}.{row.field}/{row.kind}": row for row in illegal_values()}


@check("request.illegal.not-hidden", each=_rows, needs=lambda row: (row.op,))
def illegal_value(bed: Testbed, row: Illegal) -> None:
    """Decline an illegal value, or send it unchanged and report what Alipay says."""
    with bed.gateway(strict=True) as session:
        args = dict(row.args)
        if row.op == "create_qr_code":
            args.setdefault("notify_url", "https://merchant.example/alipay/notify")
        if row.op == "refund":
            trade = bed.fresh("T")
            paid = ("300", "JPY") if args.get("currency") == "JPY" else ("99999.99", bed.plan.currency)
            announce_payment(bed, session, trade, *paid)
            legal = {
                "partner_refund_id": bed.fresh("R"),
                "refund_amount": "1.00",
                "currency": bed.plan.currency,
                "is_sync": "Y",
            }
            args = legal | {"partner_trans_id": trade} | args
        answer = bed.ask(row.op, gateway_url=session.url, **args)
        records = session.of(OPERATIONS[row.op])
    evidence: dict[str, object] = {"operation": row.op, "arguments": args}
    if isinstance(answer, Result) and answer.value.get("outcome") in {"success", "accepted"}:
        if records and _written_legally(row, records[-1]):
            return
        if records:
            evidence |= {"request": records[-1].request.query or records[-1].request.body}
        raise Failed("illegal.success", evidence | {"answer": answer.value}, field=row.field, kind=row.kind)
    for record in records:
        for breach in verbatim(
            as_meant(sent_from(bed, record, Wanted(OPERATIONS[row.op], bed.told(row.op, args))))
        ):
            shown = breach.evidence.get("sent") != "(absent)"
            if shown and str(breach.details.get("field")) == row.field:
                raise Failed(
                    "illegal.altered", {**evidence, **breach.evidence}, field=row.field, kind=row.kind
                )


def _written_legally(row: Illegal, record: Record) -> bool:
    """Say whether Alipay carried out what was asked for, in another form."""
    given, sent = row.args.get("biz_data", row.args), dict(record.reading.params)
    name = row.field.removeprefix("biz_data.")
    if row.field.startswith("biz_data."):
        sent = json.loads(sent["biz_data"])
    return record.carried_out and not record.code and same_meaning(row.field, given.get(name), sent.get(name))
