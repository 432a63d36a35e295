"""The gateway's checks of a request before it is carried out, in their order.

    1  it can be read at all; its charset, service, partner and sign type are legal
    2  it is written as the protocol wants it                                          strict only
    3  it has a sign, and the sign holds (the latter: strict only)
    4  compulsory parameters are there, none is illegal, none is undocumented (the latter: strict only)
    5  CREATE and its kind: the timestamp is of now: not over 30 minutes off          strict only

(``seed.md, Create Flow 3``; docs.antom.com/ac/global/qrcode_create. The order, and which code an irregular
form earns, are inferred.) A forgiving gateway records what is marked "strict only" and goes on, so that one
mistake does not hide the others: whatever is wrong in parameters that it can do without, too, and that no
service is named where the parameters tell which one is meant.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from alipay_qr.beijing import is_of_now, parse_timestamp
from alipay_qr.catalogue import SERVICES, Problem, problems
from alipay_qr.errors import TimestampError, Unencodable
from alipay_qr.signing import Verifier, verify_params
from alipay_qr.wire import Reading, Request

_METHODS: Final = frozenset({"GET", "POST"})
_TIMED: Final = frozenset({"CREATE", "MODIFY", "MODIFY_STATUS"})
_ACCESS: Final = ("_input_charset", "service", "partner", "sign_type")
_NEEDED: Final = frozenset(
    {
        *(
            "service",
            "_input_charset",
            "biz_data",
            "notify_url",
            "qrcode",
            "status",
            "out_trade_no",
            "trade_no",
        ),
        *("partner_trans_id", "alipay_trans_id", "partner_refund_id", "refund_amount", "currency", "is_sync"),
    }
)
"""Parameters without which, as they should be, a request cannot be carried out as it was meant."""
_TELLS: Final = {"partner_refund_id": "REFUND", "biz_data": "CREATE", "out_trade_no": "CANCEL"}
"""By parameter: the service that it is known by, where a request names none."""
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNREADABLE: Final = {
    "body.too-large": "ILLEGAL_LENGTH",
    "query.too-large": "ILLEGAL_LENGTH",
    "fields.too-many": "ILLEGAL_ARGUMENT",
    "charset.unknown": "ILLEGAL_CHARSET",
}
_IRREGULAR: Final = {
    "percent.broken": "ILLEGAL_ENCODING",
    "byte.unencoded": "ILLEGAL_ENCODING",
    "byte.illegal-in-url": "ILLEGAL_ENCODING",
    "charset.undecodable": "INVALID_CHARACTER_SET",
    "charset.differs": "ILLEGAL_CHARSET",
    "post.charset-not-in-query": "ILLEGAL_CHARSET",
    "content-type": "ILLEGAL_ARGUMENT",
    "http.refused": "ILLEGAL_ARGUMENT",
    "method": "ILLEGAL_ARGUMENT",
    "name.duplicate": "ILLEGAL_ARGUMENT",
    "name.empty": "ILLEGAL_ARGUMENT",
}


class Judgement(NamedTuple):
    """Findings of the checks; ``code`` is the gateway error that refuses, or empty."""

    problems: tuple[Problem, ...]
    verified: bool
    code: str


class Judge(NamedTuple):
    """The checks of one account."""

    partner: str
    verifiers: Mapping[str, Verifier]
    profile: str
    strict: bool

    def meant(self, params: Mapping[str, str]) -> str:
        """Return the service that a request names, or that a forgiving gateway knows it by; else empty."""
        named = params.get("service", "")
        if named or self.strict or "qrcode" in params:
            return named
        alias = next((_TELLS[each] for each in _TELLS if each in params), "")
        return next((each.name for each in SERVICES.values() if each.alias == alias), "")

    def judge(
        self, request: Request, reading: Reading, params: Mapping[str, str], now: datetime
    ) -> Judgement:
        """Judge a request; ``params`` is its reading as a mapping."""
        found = (*problems(params, self.profile, self.meant(params)), *self._other_partner(params))
        old = tuple(_age(params, now))
        verified = self._verified(params, reading.charset)
        code = old[0].code if old and self.strict else ""
        usual = verified and not found and not reading.irregularities and request.method in _METHODS
        if not usual or _unspeakable(reading):
            code = next(self._refusals(request, reading, params, found, verified=verified), code)
        return Judgement(found + old, verified, code)

    def _refusals(
        self,
        request: Request,
        reading: Reading,
        params: Mapping[str, str],
        found: tuple[Problem, ...],
        *,
        verified: bool,
    ) -> Iterator[str]:
        codes = [irregularity.code for irregularity in reading.irregularities]
        found = tuple(each for each in found if not self._forgives(each, params))
        yield from (_UNREADABLE[code] for code in codes if code in _UNREADABLE)
        if request.method not in _METHODS or _unspeakable(reading):
            yield "ILLEGAL_ARGUMENT"
        access = {problem.field: problem.code for problem in reversed(found)}
        yield from (access[name] for name in _ACCESS if name in access)
        if self.strict:
            yield from (_IRREGULAR[code] for code in codes if code in _IRREGULAR)
        if "sign" in access:
            yield access["sign"]
        if self.strict and not verified and (params.get("sign") or params.get("service") != "notify_verify"):
            yield "ILLEGAL_SIGN" if params.get("sign_type") in self.verifiers else "ILLEGAL_SIGN_TYPE"
        yield from (each.code for each in found if self.strict or each.kind != "undocumented")

    def _forgives(self, problem: Problem, params: Mapping[str, str]) -> bool:
        if problem.field == "service":
            return problem.kind in {"absent", "empty"} and bool(self.meant(params))
        return not self.strict and problem.kind != "conflict" and problem.field not in _NEEDED

    def _verified(self, params: Mapping[str, str], charset: str) -> bool:
        verifier = self.verifiers.get(params.get("sign_type", ""))
        try:
            return verifier is not None and verify_params(params, verifier, charset)
        except Unencodable:
            return False

    def _other_partner(self, params: Mapping[str, str]) -> Iterator[Problem]:
        partner = params.get("partner")
        if partner and partner != self.partner:
            text = "is not the account that this gateway serves"
            yield Problem("partner", "illegal", "ILLEGAL_PARTNER", text, "docs.antom.com/ac/global")


def _unspeakable(reading: Reading) -> bool:
    """Say whether a value could not be echoed in XML; what is printable always can."""
    values = "".join([value for _, value in reading.params])
    return not values.isprintable() and _NOT_XML.search(values) is not None


def _age(params: Mapping[str, str], now: datetime) -> Iterator[Problem]:
    service = SERVICES.get(params.get("service", ""))
    if service is None or service.alias not in _TIMED:
        return
    try:
        moment = parse_timestamp(params.get("timestamp", ""))
    except TimestampError:
        return  # the catalogue says so already
    if not is_of_now(moment, now):
        age = (now - moment).total_seconds() / 60
        way = "old" if age > 0 else "ahead"
        text = f"is {abs(age):.0f} minutes {way}, expected GMT+8 and at most 30 minutes"
        yield Problem("timestamp", "illegal", "INVALID_PARAMETER", text, service.clause)
