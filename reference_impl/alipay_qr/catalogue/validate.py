"""Problems of the parameters of a request, or the fields of a notification.

A message is judged against the catalogue alone: no clock (the age of a timestamp), no keys (the sign), no
history (whether the trade exists). Everything wrong is told at once, in the order of the page; rules between
fields follow, then parameters that no page defines. An optional parameter without a value counts as not
sent, because it is not signed either.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from alipay_qr.catalogue.biz_data import MAX_TEXT, Members
from alipay_qr.catalogue.errors import earned
from alipay_qr.catalogue.fields import Field, Form, Problem, ProblemKind, form_of, show, show_name
from alipay_qr.catalogue.requests import common
from alipay_qr.catalogue.responses import NOTIFICATION
from alipay_qr.catalogue.services import SERVICES, find_service
from alipay_qr.errors import AmountError
from alipay_qr.money import parse_amount

_EXTRA: Final = "docs.antom.com/ac/web/signing"


class _Plan:
    """One service in one profile, prepared before a message comes."""

    def __init__(self, fields: tuple[Field, ...], *, quotes: bool = True) -> None:
        self.names = frozenset(each.name for each in fields)
        self.by_name = {each.name: each for each in fields}
        self.steps = tuple((each, each.name, form_of(each, quotes=quotes)) for each in fields)
        self.members: Members | None = None


@cache
def _plan(service: str, profile: str) -> _Plan | None:
    found = find_service(service, profile)
    if found is None:
        return None
    quotes = profile != "hk"
    plan = _Plan(found.request, quotes=quotes)
    if found.biz_data:
        forms: dict[str, Form] = {each.name: form_of(each, quotes=quotes) for each in found.biz_data}
        fee_currency = "HKD" if profile == "hk" else None
        plan.members = Members(plan.by_name["biz_data"], found.biz_data, forms, fee_currency)
    return plan


@cache
def _stranger() -> _Plan:
    """Return the plan for a service that nobody knows: what every request needs."""
    service, *others = common("", "docs.antom.com/ac/web/signing")
    return _Plan((service, *others))


@cache
def _notification() -> _Plan:
    return _Plan(NOTIFICATION)


def problems(params: Mapping[str, str], profile: str = "global", service: str | None = None) -> list[Problem]:
    """Return the problems of the parameters of a request.

    Args:
        params: all parameters, decoded; ``sign`` included, whose value is not looked at.
        profile: which edition of the pages, ``global`` or ``hk``.
        service: what the request is judged as; by default the service that it names.

    Raises:
        ParameterError: there is no such profile.
    """
    name = params.get("service") or "" if service is None else service
    plan = _plan(name, profile)
    if plan is None:
        unknown = _unknown_service(params, name)
        return [*unknown, *(each for each in _fields(_stranger(), params) if each.field != "service")]
    found = list(_fields(plan, params))
    text = params.get("biz_data")
    if plan.members and text and len(text) <= MAX_TEXT:
        found += plan.members.problems(text)
    found += _between(plan, params)
    if not params.keys() <= plan.names:
        found += _undocumented(plan, params)
    return found


def notification_problems(params: Mapping[str, str]) -> list[Problem]:
    """Return what is wrong with the fields of a notification, whoever sent it.

    Unknown fields are no problem: the tables are incomplete, and members of ``passback_parameters`` come
    as fields of their own.
    """
    plan = _notification()
    found = [Problem(each.field, each.kind, "", each.text, each.clause) for each in _fields(plan, params)]
    if amount := params.get("total_fee"):
        field = plan.by_name["total_fee"]
        texts = _misfit(amount, params.get("trans_currency") or "")
        found += [Problem(field.name, "illegal", "", text, field.clause) for text in texts]
    return found


def _fields(plan: _Plan, params: Mapping[str, str]) -> Iterator[Problem]:
    for field, name, form in plan.steps:
        value = params.get(name)
        if value:
            fault = form(value)
            if fault:
                yield _problem(field, *fault)
        elif field.required == "required":
            yield _problem(field, "empty" if name in params else "absent", "is compulsory")
        elif field.required == "conditional" and field.when and field.when.holds(params.get):
            yield _problem(field, "empty" if name in params else "absent", f"is compulsory {field.when}")


def _between(plan: _Plan, params: Mapping[str, str]) -> Iterator[Problem]:
    """Yield problems between fields: amount and currency, refund's id and payment's."""
    field = plan.by_name.get("refund_amount")
    amount = params.get("refund_amount")
    if field and amount:
        for text in _misfit(amount, params.get("currency") or "", positive=True):
            yield _problem(field, "illegal", text)
    field = plan.by_name.get("partner_refund_id")
    refund = params.get("partner_refund_id")
    if field and refund and refund == params.get("partner_trans_id"):
        text = "is the same as partner_trans_id, expected an id of the refund's own"
        yield Problem(field.name, "conflict", "INVALID_PARAMETER", text, field.clause)


def _misfit(amount: str, currency: str, *, positive: bool = False) -> Iterator[str]:
    """Yield why ``amount`` is none in ``currency``, or has over two decimals."""
    try:
        value = parse_amount(amount, currency)
    except AmountError as error:
        if error.code != "currency.form":
            yield f"is {show(amount)}: {error}"
        else:
            yield from _misfit(amount, "USD", positive=positive)
    else:
        if positive and not value:
            yield f"is {show(amount)}, expected an amount above zero"


def _undocumented(plan: _Plan, params: Mapping[str, str]) -> Iterator[Problem]:
    for name in params:
        if name not in plan.names:
            yield Problem(
                show_name(name),
                "undocumented",
                "ILLEGAL_ARGUMENT",
                "is no parameter of this service; only documented ones may be sent",
                _EXTRA,
            )


def _unknown_service(params: Mapping[str, str], name: str) -> list[Problem]:
    kind: ProblemKind = "illegal" if name else "empty" if "service" in params else "absent"
    text = f"is {show(name)}, expected one of {', '.join(SERVICES)}" if name else "is compulsory"
    return [Problem("service", kind, "ILLEGAL_SERVICE", text, _EXTRA)]


def _problem(field: Field, kind: ProblemKind, text: str) -> Problem:
    return Problem(field.name, kind, earned(field, kind), text, field.clause)
