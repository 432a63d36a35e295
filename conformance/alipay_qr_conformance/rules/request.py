"""The rules about a request, as pure functions: a message as it stood on the wire in, breaches out.

The checks, the simulated gateway's records and any later auditor judge with these same functions. A
`Sent` is what reached the gateway; a `Wanted` is what the caller asked the merchant to send. Rules that
compare with the wish say nothing where there is none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from alipay_qr.beijing import format_timestamp, is_of_now, parse_timestamp
from alipay_qr.catalogue import Problem, problems
from alipay_qr.errors import AlipayQrError
from alipay_qr.money import parse_amount
from alipay_qr.presign import CHARSETS, presign, presign_text
from alipay_qr.signing import Verifier
from alipay_qr.wire import Reading, Request, read_request
from alipay_qr_conformance.model.outcomes import WrongSign, quoted
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.rules.altered import same_meaning, why
from alipay_qr_conformance.rules.intended import meant
from alipay_qr_conformance.rules.slips import Slip, member, of_amount, of_charset, of_encoding, of_value, slip

ALIASES: Final = {
    "alipay.commerce.qrcode.create": "create",
    "alipay.acquire.cancel": "cancel",
    "alipay.acquire.overseas.spot.refund": "refund",
}
_ENCODING: Final = frozenset({"percent.broken", "byte.unencoded", "charset.undecodable", "content-type"})
_REASON: Final = "refund_reason"
_ALSO: Final = {_REASON: "refund_reson"}
"""Names that an edition spells otherwise (hk page of the refund)."""
_ROWS_OF_THEIR_OWN: Final = frozenset({"service", "partner", "sign", "sign_type", "_input_charset"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the merchant was asked to send; ``values`` by parameter name, ``biz_data`` as an object."""

    service: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """A request on the wire with all that is needed to judge it."""

    request: Request
    reading: Reading
    partner: str
    sign_type: str
    charset: str
    now: datetime
    verifier: Verifier | None
    profile: str = "global"
    wanted: Wanted | None = None

    @property
    def params(self) -> dict[str, str]:
        """The parameters; of a name that stands twice the last, as most servers read it."""
        return dict(self.reading.params)

    def evidence(self) -> dict[str, object]:
        """Return the request as it stood on the wire."""
        target = self.request.query.decode("latin-1")
        shown: dict[str, object] = {"request": f"{self.request.method} ?{target}"}
        if self.request.body:
            shown["body"] = self.request.body
        return shown


@dataclass(frozen=True, slots=True)
class Breach:
    """A requirement that a message breaks; ``key`` names the sentence, ``details`` fill it in."""

    requirement: str
    key: str
    details: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, object] = field(default_factory=dict)
    wrong_sign: WrongSign | None = None
    """A wrong sign, for the doctor."""
    diagnosis: Text | None = None
    """The change that explains it, where it is a usual one."""
    slip: str = ""
    """The id of that change, where it is seen at the message alone."""


Rule = Callable[[Sent], Iterator[Breach]]


def judge(sent: Sent) -> Iterator[Breach]:
    """Yield every breach of every rule; one fault of the form is one breach, not one for each value."""
    if is_unread(sent):
        breach = Breach("request.encoding", "request.no-form", {"what": sent.request.content_type or "-"})
        yield _slipped(breach, of_encoding("content-type", sent.request))
        return
    sent = _in_its_charset(sent)
    garbled = meant(sent.request, sent.reading, sent.verifier)
    if garbled is None:
        for rule in RULES:
            yield from rule(sent)
        return
    yield _slipped(
        Breach("request.encoding", garbled.key, {"found": garbled.found, "charset": sent.reading.charset}),
        slip(garbled.key.removeprefix("request."), sent.reading.charset),
    )
    yield from signature(sent)
    intended = replace(sent, reading=garbled.reading)
    for rule in RULES:
        if rule not in {encoding, signature}:
            yield from rule(intended)


def _slipped(breach: Breach, found: Slip | None) -> Breach:
    return breach if found is None else replace(breach, diagnosis=found.text, slip=found.id)


def is_unread(sent: Sent) -> bool:
    """Say whether all that was sent stands in a body that is no form: its parameters are not known."""
    return not sent.reading.params and any(
        each.code == "content-type" for each in sent.reading.irregularities
    )


def as_meant(sent: Sent) -> Sent:
    """Return the request as the merchant meant it; see `alipay_qr_conformance.rules.intended`."""
    sent = _in_its_charset(sent)
    garbled = meant(sent.request, sent.reading, sent.verifier)
    return sent if garbled is None else replace(sent, reading=garbled.reading)


def _in_its_charset(sent: Sent) -> Sent:
    """Read a request that declares no charset in the configured one: the missing declaration is the fault."""
    if "_input_charset" in sent.params:
        return sent
    return replace(sent, reading=read_request(sent.request, sent.charset))


def method(sent: Sent) -> Iterator[Breach]:
    """GET or POST (docs.antom.com/ac/global)."""
    if sent.request.method not in {"GET", "POST"}:
        yield Breach("request.method", "request.method", {"method": sent.request.method})


def encoding(sent: Sent) -> Iterator[Breach]:
    """Form encoding, in the declared charset, in a request that HTTP servers pass on (RFC 9112)."""
    for each in sent.reading.irregularities:
        if each.code in _ENCODING:
            breach = Breach("request.encoding", "request.encoding", {"code": each.code, "what": each.detail})
            yield _slipped(breach, of_encoding(each.code, sent.request))
        elif each.code == "http.refused":
            yield Breach("request.encoding", "request.refused-by-http", {"what": each.detail})


def no_duplicates(sent: Sent) -> Iterator[Breach]:
    """No parameter stands twice: two readers could believe different values."""
    for each in sent.reading.irregularities:
        if each.code == "name.duplicate":
            yield Breach("request.no-duplicates", "request.duplicate", {"what": each.detail})


def charset_declared(sent: Sent) -> Iterator[Breach]:
    """``_input_charset`` is there, legal, and what the merchant was configured with."""
    declared = sent.params.get("_input_charset")
    if declared is None:
        breach = Breach("request.charset.declared", "request.charset-missing")
        yield _slipped(breach, of_charset(None, sent.request))
    elif declared.upper() not in CHARSETS or declared.upper() != sent.charset:
        breach = Breach(
            "request.charset.declared", "request.charset-other", {"found": declared, "wanted": sent.charset}
        )
        yield _slipped(breach, of_charset(declared, sent.request))
    for each in sent.reading.irregularities:
        if each.code == "charset.differs":
            yield Breach("request.charset.declared", "request.charset-twice", {"what": each.detail})


def charset_in_query(sent: Sent) -> Iterator[Breach]:
    """With POST, ``_input_charset`` stands in the URL query."""
    for each in sent.reading.irregularities:
        if each.code == "post.charset-not-in-query":
            breach = Breach("request.charset.in-query", "request.charset-not-in-query")
            yield _slipped(breach, slip("charset-in-body", sent.reading.charset))


def sign_type(sent: Sent) -> Iterator[Breach]:
    """``sign_type`` is the configured one, in capital letters."""
    found = sent.params.get("sign_type")
    if found != sent.sign_type:
        yield Breach(
            "request.sign_type", "request.sign-type", {"found": found or "-", "wanted": sent.sign_type}
        )


def signature(sent: Sent) -> Iterator[Breach]:
    """What arrived is what was signed: the signature holds for the parameters on the wire."""
    params = sent.params
    sign = params.get("sign", "")
    if sent.verifier is None:
        return
    charset = sent.reading.charset if sent.reading.charset.upper() in CHARSETS else "UTF-8"
    signed = {"expected_presign": presign_text(params), "sign": sign or "(absent)"}
    if not sign:
        yield Breach("request.sign.valid", "request.unsigned", evidence=signed)
        return
    try:
        right = sent.verifier.verify(presign(params, charset), sign)
    except AlipayQrError:
        right = False
    if not right:
        wrong_sign = WrongSign(sent.reading.params, charset, sent.sign_type, sign)
        yield Breach("request.sign.valid", "request.sign-wrong", {"charset": charset}, signed, wrong_sign)


def service(sent: Sent) -> Iterator[Breach]:
    """The service is the one that was asked for."""
    found = sent.params.get("service")
    if sent.wanted and found != sent.wanted.service:
        yield Breach(
            "request.service", "request.service", {"found": found or "-", "wanted": sent.wanted.service}
        )


def partner(sent: Sent) -> Iterator[Breach]:
    """``partner`` is the configured account."""
    found = sent.params.get("partner")
    if found != sent.partner:
        yield Breach("request.partner", "request.partner", {"found": found or "-", "wanted": sent.partner})


def parameters(sent: Sent) -> Iterator[Breach]:
    """Every parameter of the service is there where compulsory, and legal where given."""
    alias = ALIASES.get(sent.params.get("service", "")) or (sent.wanted and ALIASES.get(sent.wanted.service))
    if not alias:
        return
    name = next(service for service, short in ALIASES.items() if short == alias)
    for problem in problems(sent.params, sent.profile, name):
        if problem.kind == "undocumented":
            yield Breach("request.documented-only", "request.undocumented", {"field": problem.field})
        elif problem.field not in _ROWS_OF_THEIR_OWN:
            yield _of_parameter(alias, problem, sent.params)


def _of_parameter(alias: str, problem: Problem, params: Mapping[str, str]) -> Breach:
    found = params.get(problem.field, "") if "." not in problem.field else params.get("biz_data", "")
    breach = Breach(
        f"request.{alias}.{problem.field}",
        f"parameter.{problem.kind}",
        {"field": problem.field, "text": problem.text, "code": problem.code},
        {problem.field: found} if found else {},
    )
    if problem.kind != "illegal":
        return breach
    return _slipped(
        breach, of_value(problem.field, member(params, problem.field), params.get("currency", ""))
    )


def own_number(sent: Sent) -> Iterator[Breach]:
    """``trade_no`` is Alipay's number: who was told none does not send the merchant's in its place."""
    found = sent.params.get("trade_no")
    told = sent.wanted is None or sent.wanted.values.get("trade_no") is not None
    if found and not told and found == sent.params.get("out_trade_no"):
        yield Breach("request.cancel.trade_no", "request.own-number", {}, {"trade_no": found})


def zone(sent: Sent) -> Iterator[Breach]:
    """The timestamp is Beijing time, and now."""
    text = sent.params.get("timestamp")
    if not text:
        return
    try:
        moment = parse_timestamp(text)
    except AlipayQrError:
        return  # a malformed one is the parameter's own breach
    if not is_of_now(moment, sent.now):
        behind = sent.now - moment
        # No moment in the sentence: it is the cause of a known failure, which would be another one each day.
        way = "behind" if behind > timedelta(0) else "ahead"
        evidence = {
            "timestamp": text,
            "time_in_beijing": format_timestamp(sent.now),
            "difference": f"{abs(behind) // timedelta(minutes=1)} minutes {way}",
        }
        yield Breach("request.timestamp.zone", "request.timestamp", {}, evidence)


def verbatim(sent: Sent) -> Iterator[Breach]:
    """What was asked for is what arrived: nothing trimmed, dropped, cut or replaced."""
    if not sent.wanted:
        return
    absent = {
        problem.field
        for problem in problems(sent.params, sent.profile, sent.wanted.service)
        if problem.kind in {"absent", "empty"}
    }
    for name, value in sent.wanted.values.items():
        if name in absent or name in {"biz_data", "refund_amount"}:
            continue
        found = sent.params.get(_ALSO.get(name, name), sent.params.get(name))
        if found != value and not same_meaning(name, value, found):
            yield _altered(name, value, found)
    if isinstance(sent.wanted.values.get("biz_data"), dict):
        yield from _biz_data(sent.wanted.values["biz_data"], sent.params.get("biz_data"), absent)


def _biz_data(wanted: Mapping[str, Any], text: str | None, absent: set[str]) -> Iterator[Breach]:
    import json

    try:
        found = json.loads(text or "", parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return  # no JSON is the parameter's own breach
    if not isinstance(found, dict):
        return
    for name, value in wanted.items():
        full, sent = f"biz_data.{name}", found.get(name)
        same = sent == value or _same_object(value, sent) or same_meaning(full, value, sent)
        if full not in absent and not same:
            yield _altered(full, value, sent)


def _same_object(wanted: object, found: object) -> bool:
    """A nested object may travel as an object or as its JSON text."""
    import json

    if isinstance(wanted, dict) and isinstance(found, str):
        try:
            return bool(json.loads(found, parse_float=str, parse_int=str) == wanted)
        except (ValueError, RecursionError):
            return False
    return False


def _altered(name: str, wanted: object, found: object) -> Breach:
    shown = {"asked": quoted(wanted), "sent": "(absent)" if found is None else quoted(found)}
    explained = why(wanted, found)
    return Breach("request.values-verbatim", "request.altered", {"field": name}, shown, diagnosis=explained)


def amount(sent: Sent) -> Iterator[Breach]:
    """The refund amount on the wire equals the one asked for, exactly."""
    if not sent.wanted or "refund_amount" not in sent.wanted.values:
        return
    found = sent.params.get("refund_amount")
    if found is None:
        return
    currency = str(sent.wanted.values.get("currency", "USD"))
    wanted = str(sent.wanted.values["refund_amount"])
    try:
        asked, told = parse_amount(wanted, currency), Decimal(found)
        equal = asked == told
    except (ArithmeticError, AlipayQrError):
        return  # no number is the parameter's own breach
    if not equal:
        breach = Breach("request.refund.amount-exact", "request.amount", {"asked": wanted, "sent": found})
        yield _slipped(breach, of_amount(asked, told))


RULES: Final[tuple[Rule, ...]] = (
    method,
    encoding,
    no_duplicates,
    charset_declared,
    charset_in_query,
    sign_type,
    signature,
    service,
    partner,
    parameters,
    own_number,
    zone,
    verbatim,
    amount,
)
