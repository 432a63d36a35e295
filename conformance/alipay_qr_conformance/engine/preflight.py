"""Before any verdict: is the set-up right? Its faults are never findings about the subject.

keys       has the kit a key for what the subject signs with; does the account fit together
gateway    does what the subject sends come to the kit's gateway, as the partner that the kit plays
clock      is the time taken from ``now``, where the subject says that it is
listener   is there a page at the notify URL that takes a POST, and no redirection
listed     what is answered without being listed: told, no fault

Each fault ends the run with one sentence (exit 3). Whatever goes wrong otherwise is left to the cases: what
hangs, raises or answers nonsense here is not looked at.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr_conformance.engine.clock_probe import day
from alipay_qr_conformance.gateway import Record
from alipay_qr_conformance.model.outcomes import Blocked, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.subjects import BROKEN, Hello, Refusal, Result
from alipay_qr_conformance.subjects.exceptions import SetupFault
from alipay_qr_conformance.subjects.operations import BARRIERS, OPERATIONS
from alipay_qr_conformance.subjects.transcript import request_of
from alipay_qr_conformance.testbed.answering import OverAdapter
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.notifications import can_listen, deliver, notification
from alipay_qr_conformance.testbed.scenarios import OPERATIONS as SERVICES
from alipay_qr_conformance.testbed.scenarios import in_currency
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed

_NO_PAGE: Final = frozenset({"404", "405", "410", "501"})
_DAY: Final = timedelta(days=1)


def look(bed: Testbed, cases: Sequence[Case], prepare: Callable[[], bool]) -> tuple[str, ...]:
    """Look at the set-up of a run; return remarks about the adapter.

    Args:
        bed: of the run, with the setup that is tried.
        cases: what was chosen: what they do not need is not looked at.
        prepare: configures the subject; says whether it can be configured.

    Raises:
        SetupFault: it is wrong.
        AdapterFault: the subject does not take its configuration.
    """
    driven = not isinstance(bed.answering, OverAdapter)
    ops = {op for case in cases for op in case.needs}
    if not driven:
        known = keys(bed.hello, bed.keys)
        bed.setup = replace(bed.setup, sign_type="MD5" if "MD5" in known else known[0])
    with suppress(Unsupported, Blocked, NoUsableAnswer):
        told = prepare() and not driven
        sending(bed, ops, told=told, driven=driven)
        if "notify" in ops and (driven or bed.hello.notify_url):
            listener(bed)
        if not driven and (found := ", ".join(unlisted(bed))):
            return (f"it answers {found}, and its hello does not list that",)
    return ()


def keys(hello: Hello, given: TestKeys) -> Sequence[str]:
    """Return the sign types of the subject that the account has a key for.

    Raises:
        SetupFault: no key for any of its sign types, or keys that do not belong together.
    """
    known = [
        each
        for each in hello.sign_types
        if given.merchant_signer(each) is not None
        or (given.gateway_signer(each) is not None and given.request_verifier(each) is not None)
    ]
    if not known:
        raise SetupFault(message("preflight.no-key", sign_types=", ".join(hello.sign_types)))
    if given.md5_key is not None and (given.partner == TEST_PARTNER) != (given.md5_key == TEST_MD5_KEY):
        if given.partner == TEST_PARTNER:
            raise SetupFault(message("preflight.published-partner", partner=given.partner))
        raise SetupFault(message("preflight.published-key", partner=given.partner))
    own = given.own
    if own is None or own.merchant_public is None:
        return known
    public = own.merchant_public.public_numbers()
    if own.merchant_private is not None and own.merchant_private.public_key().public_numbers() != public:
        raise SetupFault(message("preflight.no-pair"))
    if own.alipay_private is not None and own.alipay_private.public_key().public_numbers() == public:
        raise SetupFault(message("preflight.one-key"))
    return known


def sending(bed: Testbed, ops: Collection[str], *, told: bool, driven: bool) -> None:
    """Let the subject send once, and look whether, where and as whom it does.

    Args:
        bed: configured.
        ops: operations that the chosen cases ask for.
        told: whether partner and gateway URL were told to it, so that another one is its own fault.
        driven: whether it is driven from outside, where a call that sent nothing is all that is seen.

    Raises:
        SetupFault: nothing comes to the kit's gateway, or under another partner or sign type than is known.
    """
    silent = []
    for op in SERVICES:
        if op not in ops or not bed.subject.supports(op):
            continue
        came, sent = _sent(bed, op, driven=driven)
        if came:
            _look_at(bed, came[0], told=told)
            return
        silent.append(sent)
    if silent and all(silent):
        raise SetupFault(message("preflight.elsewhere", url=bed.gateway_url))


def _sent(bed: Testbed, op: str, *, driven: bool) -> tuple[list[Record], bool]:
    """Return what one call sent, and whether the subject says that it sent something."""
    with suppress(Unsupported, Blocked, NoUsableAnswer), bed.gateway() as session:
        trade = _trade(bed, op)
        currency, total = bed.plan.currency, bed.total
        args: dict[str, Any] = {"biz_data": in_currency(currency), "notify_url": NOTIFY_URL}
        if op != "create_qr_code":
            session.engine.pay(None, total, currency, session.now, out_trade_no=trade)
            if can_listen(bed):
                deliver(bed, *notification(bed, session, trade))
            args = {"out_trade_no": trade}
        if op == "refund":
            args = {"partner_trans_id": trade, "partner_refund_id": f"R{trade}"}
            args |= {"refund_amount": total, "currency": currency, "is_sync": "Y"}
        answer = bed.answering.ask(bed, op, None, {**args, "gateway_url": session.url})
        lost = isinstance(answer, Result) and answer.value.get("outcome") in {"unknown", "sent"}
        return session.records, lost or (isinstance(answer, Refusal) and driven)
    return [], False


def _look_at(bed: Testbed, record: Record, *, told: bool) -> None:
    partner = record.params.get("partner", "")
    if not told and partner and partner != bed.keys.partner:
        raise SetupFault(message("preflight.partner", found=partner, partner=bed.keys.partner))
    sign_type = record.params.get("sign_type", "").upper()
    if not told and sign_type in {"MD5", "RSA", "RSA2"} and sign_type != bed.setup.sign_type:
        raise SetupFault(message("preflight.sign-type", found=sign_type, sign_type=bed.setup.sign_type))
    found = day(record.params.get("timestamp", ""))
    if bed.hello.clock and found is not None:
        today, put = datetime.now(UTC).date(), bed.start.date()
        if abs(found - today) <= _DAY < abs(found - put):
            raise SetupFault(message("preflight.clock", found=found, put=put))


def listener(bed: Testbed) -> None:
    """Deliver one genuine notification to a subject that listens itself.

    Raises:
        SetupFault: there is no page that takes it, or a redirection, which Alipay does not follow.
    """
    with suppress(Unsupported, Blocked, NoUsableAnswer), bed.gateway() as session:
        trade = _trade(bed, "notify")
        session.engine.pay(None, "10.00", bed.plan.currency, session.now, out_trade_no=trade)
        reply = deliver(bed, *notification(bed, session, trade))
        if reply.acknowledged:
            return
        if reply.status.startswith("3"):
            raise SetupFault(message("preflight.redirect", status=reply.status))
        if reply.status in _NO_PAGE:
            raise SetupFault(message("preflight.no-page", status=reply.status))
        if reply.body is None and reply.reason in {"ConnectionError", "ConnectionRefusedError"}:
            raise SetupFault(message("preflight.nobody", reason=reply.reason))


def unlisted(bed: Testbed) -> Iterator[str]:
    """Yield the operations that the subject answers without listing them."""
    for op in OPERATIONS:
        if op in BARRIERS or bed.subject.supports(op) or (op == "notify" and bed.hello.notify_url):
            continue
        args = request_of(op)
        if "gateway_url" in args:
            args["gateway_url"] = bed.gateway_url
        answer = bed.subject.transport.call(op, args, _now(bed), bed.subject.transport.bounds.local)
        if isinstance(answer, Result):
            yield op
        elif isinstance(answer, BROKEN):
            return


def _now(bed: Testbed) -> str | None:
    return bed.start.isoformat(timespec="milliseconds") if bed.hello.clock else None


def _trade(bed: Testbed, op: str) -> str:
    return bed.answering.named(bed, f"P{bed.plan.seed:03d}-{op[:6]}")
