"""Level 2: what the subject really sends.

Each scenario asks the subject for one legal call; the request that reaches the gateway is recorded once
and judged by every rule of `alipay_qr_conformance.rules.request`, one case a rule. The gateway forgives
signatures here, so that each fault is seen alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import CHARSETS, SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.texts import message, sample
from alipay_qr_conformance.model.verdicts import Keyword
from alipay_qr_conformance.rules.request import Sent, Wanted, is_unread, judge
from alipay_qr_conformance.subjects import Raised, Refusal, Result
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import announce_payment
from alipay_qr_conformance.testbed.scenarios import BIZ_DATA, OPERATIONS, in_currency
from alipay_qr_conformance.testbed.testbed import Testbed

_ALIAS: Final = {"create_qr_code": "create", "cancel": "cancel", "refund": "refund"}

_CARRIED_OUT: Final = "request.carried-out"
_ENCODING: Final = "request.encoding"
_REQUESTS: Final = 2
"""The level of the rules about requests."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One legal call; ``paid`` is the payment that stands before it, as (amount, currency)."""

    op: str
    name: str
    args: Mapping[str, Any] = field(default_factory=dict)
    paid: tuple[str, str] | None = None
    charsets: tuple[str, ...] = CHARSETS
    may_decline: bool = False
    """Nobody has to send this: the adapter protocol leaves it open, or Alipay advises against it."""
    odd_text: bool = False
    """It holds characters that no page permits by name: a shop may be stricter, which is no MUST."""


def scenarios() -> list[Scenario]:
    """Return all legal calls of level 2."""
    return [
        Scenario("create_qr_code", "compulsory-only", {"biz_data": BIZ_DATA}),
        Scenario(
            "create_qr_code",
            "every-field",
            {
                "biz_data": BIZ_DATA
                | {
                    "country_code": "KR",
                    "address": "14, Namdaemun-ro; 2F #7 & 8 = 100% \"fresh\" + 'new' <b> \\ /",
                    "sys_service_provider_id": "2088021966388155",
                    "channel_fee": {"type": "RATE", "value": "0.01"},
                    "passback_parameters": {"counter": "7", "note": "a b+c"},
                    "notify_mobile": "0082213800000",
                    "notify_wangwang": "shop_7",
                    "notify_alipay_account": "shop@example.com",
                }
            },
            odd_text=True,
        ),
        Scenario(
            "create_qr_code",
            "taxi",
            {
                "biz_data": BIZ_DATA
                | {
                    "secondary_merchant_industry": "4121",
                    "taxi_operation_id": "TX-9",
                    "taxi_number": "B 12345",
                    "taxi_driver_name": "Li Lei",
                    "taxi_driver_mobile": "13900000000",
                }
            },
        ),
        Scenario(
            "create_qr_code",
            "chinese",
            {
                "biz_data": BIZ_DATA
                | {"secondary_merchant_name": sample("shop"), "store_name": sample("branch")}
            },
        ),
        Scenario(
            "create_qr_code",
            "yen",
            {"biz_data": BIZ_DATA | {"trans_currency": "JPY", "currency": "JPY", "store_id": "0"}},
        ),
        Scenario(
            "create_qr_code",
            "notify-url-with-query",
            {"biz_data": BIZ_DATA, "notify_url": "https://merchant.example/n?shop=1&lang=en%20GB"},
            may_decline=True,
        ),
        Scenario("cancel", "paid", {}, ("12.50", "USD")),
        Scenario("cancel", "paid-by-both-numbers", {"trade_no": ""}, ("12.50", "USD")),
        Scenario("cancel", "never-seen", {}, may_decline=True),
        Scenario(
            "refund",
            "partial",
            {"refund_amount": "0.10", "currency": "USD", "is_sync": "Y"},
            ("12.50", "USD"),
        ),
        Scenario(
            "refund",
            "whole-number",
            {"refund_amount": "100", "currency": "JPY", "is_sync": "Y"},
            ("300", "JPY"),
        ),
        Scenario(
            "refund",
            "large",
            {"refund_amount": "1234567.89", "currency": "USD", "is_sync": "Y"},
            ("2345678.99", "USD"),
        ),
        Scenario(
            "refund",
            "thirty-cents",
            {"refund_amount": "0.30", "currency": "USD", "is_sync": "Y"},
            ("0.90", "USD"),
        ),
        Scenario(
            "refund",
            "asynchronous",
            {
                "refund_amount": "1.00",
                "currency": "USD",
                "is_sync": "N",
                "notify_url": "https://merchant.example/r",
            },
            ("12.50", "USD"),
        ),
        Scenario(
            "refund",
            "with-reason",
            {
                "refund_amount": "1.00",
                "currency": "USD",
                "is_sync": "Y",
                "refund_reason": sample("refund-reason"),
            },
            ("12.50", "USD"),
            odd_text=True,
        ),
    ]


def _legal_calls(plan: Plan) -> dict[str, Scenario]:
    """Return the scenarios that the plan's edition allows, by name."""
    rows = scenarios() if plan.profile != "hk" else _in_hong_kong(scenarios())
    return {f"{_ALIAS[row.op]}-{row.name}": row for row in rows}


def _in_hong_kong(rows: list[Scenario]) -> Iterator[Scenario]:
    """Yield the scenarios as the hk edition allows them: refunds in HKD, no half-width double quote."""
    for row in rows:
        if row.paid and row.paid[1] != "USD":
            continue
        args = dict(row.args)
        if "currency" in args:
            args["currency"] = "HKD"
        if "refund_reason" in args:
            args["refund_reason"] = args["refund_reason"].replace('"', "'")
        if "address" in args.get("biz_data", {}):
            args["biz_data"] = args["biz_data"] | {"address": args["biz_data"]["address"].replace('"', "'")}
        yield replace(row, args=args, paid=(row.paid[0], "HKD") if row.paid else None)


def _in_own_currency(plan: Plan, row: Scenario) -> Scenario:
    """Return a call in dollars as one in a currency that the subject takes."""
    if plan.takes("USD") or plan.profile == "hk":
        return row
    args = dict(row.args)
    if args.get("currency") == "USD":
        args["currency"] = plan.currency
    if "biz_data" in args:
        args["biz_data"] = in_currency(plan.currency, args["biz_data"])
    paid = (row.paid[0], plan.currency) if row.paid and row.paid[1] == "USD" else row.paid
    return replace(row, args=args, paid=paid)


_PLAINEST: Final = frozenset({"compulsory-only", "paid", "partial"})


def _setups(scenario: Scenario) -> Iterator[Setup]:
    first = scenario.name in _PLAINEST
    for sign_type in SIGN_TYPES if first else ("MD5",):
        yield Setup(sign_type)
    if scenario.name in {"chinese", "with-reason"}:
        for charset in CHARSETS[1:]:
            yield Setup("MD5", charset)
        yield Setup("RSA")
        yield Setup("RSA2", "GBK")


def _operation(scenario: Scenario) -> tuple[str]:
    return (scenario.op,)


def _concerned(plan: Plan, scenario: Scenario) -> list[str]:  # noqa: ARG001 (the scenario's own)
    """Return the rules of the request that a scenario can break, that it is sent at all before the others."""
    rules = [
        row.id
        for row in register().values()
        if row.level == _REQUESTS and row.id.startswith("request.") and row.excluded is None
        if _concerns(row.id, scenario)
    ]
    return [_CARRIED_OUT, *rules]


def _concerns(requirement: str, scenario: Scenario) -> bool:
    """Say whether a scenario can break a requirement at all."""
    alias = _ALIAS[scenario.op]
    if requirement in {_CARRIED_OUT, "request.illegal.not-hidden"}:
        return False  # cases of their own
    parts = requirement.split(".")
    if parts[1] in set(_ALIAS.values()):
        return parts[1] == alias
    return not (requirement == "request.timestamp.zone" and alias == "refund")


@dataclass(frozen=True)
class Exchange:
    """One call and what of it reached the gateway."""

    answer: Result | Refusal | Raised
    sent: tuple[Sent, ...]
    instead: bool = False
    """Whether it cancelled by a REFUND, and says so (Refund Flow 2: on the day both are applicable)."""


def exchange(bed: Testbed, scenario: Scenario) -> Exchange:
    """Let the subject make the call of a scenario, once per setup."""

    def make() -> Exchange:
        with bed.gateway() as session:
            args, wanted = _arguments(bed, session, _in_own_currency(bed.plan, scenario))
            answer = bed.ask(scenario.op, gateway_url=session.url, **args)
            service = OPERATIONS[scenario.op]
            records = session.of(service) or [
                r for r in session.records if r.service not in OPERATIONS.values()
            ]
            told = Wanted(service, bed.told(scenario.op, wanted))
            says = answer.value.get("via") if isinstance(answer, Result) else None
            instead = says == "refund" and bool(session.of(OPERATIONS["refund"]))
            return Exchange(answer, tuple(sent_from(bed, record, told) for record in records), instead)

    return bed.once(f"{scenario.op}/{scenario.name}", make)


def sent_from(bed: Testbed, record: Any, wanted: Wanted | None = None) -> Sent:
    """Return a recorded request as the rules want it."""
    return Sent(
        request=record.request,
        reading=record.reading,
        partner=bed.keys.partner,
        sign_type=bed.setup.sign_type,
        charset=bed.setup.charset,
        now=record.at,
        verifier=bed.keys.request_verifier(bed.setup.sign_type),
        profile=bed.plan.profile,
        wanted=wanted,
    )


def _arguments(
    bed: Testbed, session: GatewaySession, scenario: Scenario
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the operation is given and what should stand on the wire."""
    args = dict(scenario.args)
    if scenario.op == "create_qr_code":
        args.setdefault("notify_url", "https://merchant.example/alipay/notify")
        return args, dict(args)
    trade = bed.fresh("T")
    if scenario.paid:
        trade_no = announce_payment(bed, session, trade, *scenario.paid)
        if "trade_no" in args:
            args["trade_no"] = trade_no
    if scenario.op == "cancel":
        args["out_trade_no"] = trade
        return args, dict(args)
    args |= {"partner_trans_id": trade, "partner_refund_id": bed.fresh("R")}
    return args, dict(args)


_NEW_EACH_TIME: Final = frozenset({"timestamp", "terminal_timestamp", "sign"})
"""What differs where a request is repeated."""


def _carried_out(bed: Testbed, scenario: Scenario) -> None:
    """Send one request for a legal call, and one only."""
    found = exchange(bed, scenario)
    if found.instead and not found.sent:
        return
    if not found.sent:
        call = {"operation": scenario.op, "arguments": dict(scenario.args)}
        match found.answer:
            case Refusal() if scenario.may_decline:
                return
            case Refusal(reason=reason):
                keyword: Keyword | None = "SHOULD" if scenario.odd_text else None
                raise Failed("legal.refused", {**call, "reason": reason}, keyword_=keyword)
            case Raised():
                raise Failed(
                    "legal.raised",
                    {**call, "error": found.answer.message, "traceback": found.answer.traceback},
                )
            case Result():
                raise Failed("nothing.sent", {**call, "answer": found.answer.value})
    if len(found.sent) > 1:
        said = [
            {name: each.params[name] for name in each.params.keys() - _NEW_EACH_TIME} for each in found.sent
        ]
        harmless = all(each == said[0] for each in said)  # an identical repeat is the same refund, or cancel
        weight: Keyword | None = "SHOULD" if harmless else None
        raise Failed("sent.twice", found.sent[1].evidence(), keyword_=weight, count=len(found.sent))


@check(_concerned, each=_legal_calls, setups=_setups, named="setup", needs=_operation)
def every_rule(bed: Testbed, scenario: Scenario, requirement: str) -> None:
    """Send one request for a legal call, and as this rule wants it."""
    if requirement == _CARRIED_OUT:
        _carried_out(bed, scenario)
        return
    found = exchange(bed, scenario)
    if not found.sent:
        if (scenario.may_decline or scenario.odd_text) and isinstance(found.answer, Refusal):
            raise Unsupported(message("declined.rightly", reason=found.answer.reason), optional=True)
        if found.instead:
            raise Unsupported(message("declined.rightly", reason="via refund"), optional=True)
        raise Blocked("nothing.reached", op=scenario.op)
    if requirement != _ENCODING and is_unread(found.sent[0]):
        raise Blocked("see.requirement", requirement=_ENCODING)
    for breach in judge(found.sent[0]):
        if breach.requirement == requirement:
            evidence = {**breach.evidence, **found.sent[0].evidence()}
            more = {"wrong_sign_": breach.wrong_sign, "diagnosis_": breach.diagnosis, **breach.details}
            raise Failed(breach.key, evidence, **more)


def _plainest(plan: Plan) -> dict[str, Scenario]:
    return {name: row for name, row in _legal_calls(plan).items() if row.name in _PLAINEST}


@check(
    lambda _, scenario: ["request.partner", "request.sign.valid"],  # noqa: ARG005 (the same for each)
    each=_plainest,
    setups=(Setup("MD5", another=True),),
    named="setup",
    needs=_operation,
)
def another_account(bed: Testbed, scenario: Scenario, requirement: str) -> None:
    """Send a request for the account that was configured last, though there was another before it."""
    every_rule(bed, scenario, requirement)


@check(_CARRIED_OUT, needs=("create_qr_code",), name="create-another-store")
def another_store(bed: Testbed) -> None:
    """Ask for a code for each store, whatever codes the others have: a code belongs to one store."""
    with bed.gateway() as session:
        for sent in (1, 2):
            data = in_currency(bed.plan.currency, BIZ_DATA | {"store_id": bed.fresh("S")[:32]})
            args = {"biz_data": data, "notify_url": "https://merchant.example/alipay/notify"}
            # not `Testbed.ask`: it makes a subject forget the codes that it has
            answer = bed.answering.ask(bed, "create_qr_code", None, args | {"gateway_url": session.url})
            if isinstance(answer, Result) and len(session.of(OPERATIONS["create_qr_code"])) < sent:
                evidence = {"operation": "create_qr_code", "arguments": args, "answer": answer.value}
                raise Failed("nothing.sent", evidence)
