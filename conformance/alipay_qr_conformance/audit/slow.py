"""The slow judge: the rules of live traffic, for whatever the fast path did not pass.

A recording says less than a wire. What was not recorded is not judged, and the reason is told; a
requirement is never taken as kept because nobody could look.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from alipay_qr.beijing import parse_timestamp
from alipay_qr.catalogue import NOTIFICATION
from alipay_qr.errors import AlipayQrError, WireError
from alipay_qr.presign import CHARSETS
from alipay_qr.signing import SIGN_TYPES, Verifier, verify_params
from alipay_qr.wire import Reading, Request, notification_charset, read_notification, read_request, split_form
from alipay_qr.wire.form import FORM_TYPE
from alipay_qr_conformance.audit import kit
from alipay_qr_conformance.audit.accounts import Account, Accounts
from alipay_qr_conformance.audit.cohorts import UNEXPLAINED, Cohorts, Explained, Wrong
from alipay_qr_conformance.audit.forms import TOLD
from alipay_qr_conformance.audit.reply import ACKNOWLEDGED, acknowledgement
from alipay_qr_conformance.audit.tally import Cause
from alipay_qr_conformance.reading.exchange import Exchange

REDACTED: Final = re.compile(
    r"(?i)[\[<({]?(?:redacted|filtered|masked|hidden|removed|secret|sanitized|hash:[0-9a-f]+)[\])>}]?"
    r"|[*xX\u2022.\u2026-]{3,}"
)
"""What log filters write in place of a value."""

_WIRE: Final = frozenset(
    {"request.method", "request.encoding", "request.no-duplicates", "request.charset.in-query"}
)
_REFUND_ID: Final = "request.refund.partner_refund_id"
_ZONE: Final = "request.timestamp.zone"
_MD5_FORM: Final = re.compile(r"[0-9a-f]{32}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_SWALLOWED: Final = re.compile("&(?:" + "|".join(re.escape(each.name) for each in NOTIFICATION) + ")=")
_COMPLETE: Final = ("notify_id", "trade_status", "out_trade_no")
_QUOTED_TEXT: Final = re.compile(r"""'(?:[^'\\]|\\.)*'(?:\.\.\.)?|"(?:[^"\\]|\\.)*"(?:\.\.\.)?""")
_EXPECTED: Final = re.compile(r"(?:expected|at most|at least).*", re.DOTALL)
_NUMBER: Final = re.compile(r"\d+")
_LONGEST: Final = 60


@dataclass
class Finding:
    """One broken requirement of one message, fit to be grouped."""

    requirement: str
    cause: Cause
    keyword: str | None = None
    mistake: tuple[str, str] | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Judged:
    """What is to be said of one message.

    Attributes:
        kind: ``create``, ``cancel``, ``refund``, ``other`` or ``notification``.
        missing: (scope, reason) of what could not be judged; scopes ``all``, ``sign``, ``wire``, ``zone``.
        judged: requirements that this message puts to the test besides those of its kind.
        params: by name, as read.
        proved: whether a notification is genuine; None where that could not be judged.
        reply: how a notification was answered, see `reply.acknowledgement`.
    """

    kind: str
    partner: str = ""
    findings: list[Finding] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    params: dict[str, str] = field(default_factory=dict)
    proved: bool | None = None
    reply: str = "?"


class SlowJudge:
    """Judges one exchange after the other."""

    def __init__(self, accounts: Accounts, cohorts: Cohorts) -> None:
        self._accounts = accounts
        self._cohorts = cohorts
        listed = list(accounts)
        self._only = listed[0] if len(listed) == 1 else None

    def judge(self, exchange: Exchange, ms: int | None, wrong: Wrong | None = None) -> Judged | None:
        """Return what an exchange comes to; None where it is no message of the protocol.

        Args:
            exchange: as recorded.
            ms: when, in milliseconds since 1970, by the corrected clock; None where that is not known.
            wrong: what the fast path knows of it, if all but its sign is right.
        """
        pairs = _pairs(exchange)
        names = {name for name, _ in pairs}
        if "service" in names:
            return self._request(exchange, ms, wrong)
        if "notify_id" in names or ("notify_type" in names and "sign" in names):
            return self._notification(exchange)
        if {"sign", "sign_type"} <= names and {"out_trade_no", "trade_status"} & names:
            return self._notification(exchange)
        if {"sign", "partner", "_input_charset"} <= names:
            return self._request(exchange, ms, wrong)
        if exchange.body is None and exchange.params is None:
            bare = [("all", "body-not-recorded")]
            if names == {"_input_charset"}:
                return Judged("other", missing=bare)
            if exchange.source == "access-log" and not exchange.query:
                return Judged("notification", missing=bare)
        return None

    def _request(self, exchange: Exchange, ms: int | None, wrong: Wrong | None) -> Judged:
        sent, missing = self._sent(exchange, ms)
        params = sent.params
        kind = kit.ALIASES.get(params.get("service", ""), "other")
        judged = Judged(kind, sent.partner, missing=missing, params=params)
        redacted = _redacted(params) if ("sign", "redacted") in missing or sent.verifier is None else set()
        skipped = {scope for scope, _ in missing}
        for breach in _breaches(sent, kind):
            if breach.requirement in _WIRE and "wire" in skipped:
                continue
            if breach.key == "parameter.conflict" and breach.requirement == _REFUND_ID:
                continue  # money.refund.ids-differ tells it, once
            if breach.requirement == _ZONE and ("zone" in skipped or "timestamp" in redacted):
                continue
            if str(breach.details.get("field", "")).partition(".")[0] in redacted or (
                breach.requirement.rpartition(".")[2] in redacted
            ):
                continue
            judged.findings.append(self._finding(breach, sent, wrong))
        return judged

    def _sent(self, exchange: Exchange, ms: int | None) -> tuple[kit.Sent, list[tuple[str, str]]]:
        missing = []
        request, reading = _as_request(exchange)
        params = dict(reading.params)
        partner = params.get("partner", "")
        account = self._accounts.by_partner.get(partner) or (self._only if not partner else None)
        declared = params.get("_input_charset", "").upper()
        own = params.get("sign_type", "")
        sign_type = own if own in SIGN_TYPES else "MD5"
        verifier = account.verifier(sign_type, received=False) if account else None
        if verifier is None:
            missing.append(("sign", "no-key"))
        elif _redacted(params) and not _holds(params, verifier, reading.charset):
            missing.append(("sign", "redacted"))
            verifier = None
        if exchange.params is not None:
            missing.append(("wire", "decoded"))
        if ms is None:
            missing.append(("zone", "no-time"))
        sent = kit.Sent(
            request=request,
            reading=reading,
            partner=account.partner if account else partner,
            sign_type=sign_type,
            charset=declared if declared in CHARSETS else "UTF-8",
            now=_moment(params.get("timestamp", ""), ms),
            verifier=verifier,
            profile=account.profile if account else "global",
        )
        return sent, missing

    def _finding(self, breach: kit.Breach, sent: kit.Sent, wrong: Wrong | None) -> Finding:
        details = public_details(breach)
        explained: Explained = UNEXPLAINED
        if breach.wrong_sign is not None:
            account = self._accounts.by_partner[sent.partner]
            explained = self._cohorts.search(breach.wrong_sign, account, wrong, received=False)
            details = (*details, ("mistake", explained.ids))
        elif breach.diagnosis is not None and breach.slip:
            explained = Explained(breach.slip, (breach.diagnosis.en, breach.diagnosis.zh))
            details = (*details, ("mistake", breach.slip))
        return Finding(breach.requirement, Cause(breach.key, details), None, explained.title, breach.evidence)

    def _notification(self, exchange: Exchange) -> Judged:
        judged = Judged("notification")
        judged.reply = acknowledgement(exchange.status, exchange.reply, exchange.reply_size)
        if judged.reply == "?":
            judged.missing.append(("reply", "reply-not-recorded"))
        pairs, readable = _notified(exchange)
        judged.params = params = dict(pairs)
        account = self._account_of(params)
        judged.partner = account.partner if account else params.get("seller_id", "")
        if account is None or account.verifier(params.get("sign_type", ""), received=True) is None:
            known = account is not None and params.get("sign_type", "") not in SIGN_TYPES
            if not known:
                judged.missing.append(("genuine", "no-key"))
                return judged
        why = _forgery(pairs, params, account, exchange, readable=readable) if account else None
        if why is not None and _redacted(params):
            judged.missing.append(("genuine", "redacted"))
            return judged
        judged.proved = why is None
        if why is not None:
            self._forged(judged, why, exchange)
        else:
            _genuine(judged, account)
        return judged

    def _account_of(self, params: dict[str, str]) -> Account | None:
        """Return the account that a notification is for: its seller's, or the one whose key signed it."""
        seller = params.get("seller_id", "")
        account = self._accounts.by_partner.get(seller) or (None if seller else self._only)
        if account is not None:
            return account
        for each in self._accounts:
            verifier = each.verifier(params.get("sign_type", ""), received=True)
            if verifier is not None and verify_params(params, verifier):
                return each
        return None

    def _forged(self, judged: Judged, why: str, exchange: Exchange) -> None:
        requirement = "notify.post-only" if exchange.method == "GET" else f"notify.reject.{why}"
        if judged.reply == "?":
            return
        judged.judged.append(requirement)
        if judged.reply in ACKNOWLEDGED:
            cause = acknowledged(why)
            evidence = {"notification": judged.params}
            judged.findings.append(Finding(requirement, cause, evidence=evidence))


def acknowledged(why: str) -> Cause:
    """Return the cause of a finding: a notification that is not genuine was acknowledged."""
    return Cause("audit.forged-acknowledged", (("what", why),))


def well_formed(sign: str, sign_type: str) -> bool:
    """Say whether a sign of this type may look like that."""
    return (_MD5_FORM if sign_type == "MD5" else _BASE64).fullmatch(sign) is not None


def _redacted(params: dict[str, str]) -> set[str]:
    return {name for name, value in params.items() if REDACTED.fullmatch(value)}


def _holds(params: dict[str, str], verifier: Verifier, charset: str) -> bool:
    try:
        return verify_params(params, verifier, charset)
    except AlipayQrError:
        return False


def _breaches(sent: kit.Sent, kind: str) -> Iterator[kit.Breach]:
    if kind != "other" or not sent.params.get("service"):
        yield from kit.judge(sent)
        return
    for rule in (kit.method, kit.encoding, kit.no_duplicates):
        yield from rule(sent)
    if sent.params.get("service") != "notify_verify" or sent.params.get("sign"):
        yield from kit.signature(sent)


def _genuine(judged: Judged, account: Account | None) -> None:
    """Judge what was made of a notification whose signature holds."""
    params = judged.params
    found: list[tuple[str, Cause, bool]] = []
    swallowed = any(_SWALLOWED.search(value) for value in params.values())
    absent = [name for name in _COMPLETE if not params.get(name)]
    seller = params.get("seller_id", "")
    other = bool(account and seller and seller != account.partner)
    if other:
        found.append(("notify.validate.seller", Cause("audit.other-seller"), True))
    if absent:
        found.append(("notify.validate.complete", Cause("audit.incomplete", (("field", absent[0]),)), True))
    if swallowed:
        found.append(("notify.boundary", Cause("audit.boundary"), True))
    if judged.reply in ACKNOWLEDGED:
        found.append(("notify.reply.exact", Cause("notify.reply-blanks"), judged.reply == "B"))
    for requirement, cause, broken in found:
        if judged.reply != "?":
            judged.judged.append(requirement)
            if broken and judged.reply in ACKNOWLEDGED:
                judged.findings.append(Finding(requirement, cause))
    if other or absent or swallowed:
        judged.proved = None  # the signature holds, and yet nobody should believe it


def _forgery(
    pairs: list[tuple[str, str]],
    params: dict[str, str],
    account: Account,
    exchange: Exchange,
    *,
    readable: bool,
) -> str | None:
    """Return why a notification is not genuine, as ``notify.reject.*`` name it; None if it is."""
    sign, sign_type = params.get("sign", ""), params.get("sign_type", "")
    if not sign:
        return "no-sign"
    if len(params) != len(pairs):
        return "duplicate"
    verifier = account.verifier(sign_type, received=True)
    if verifier is None:
        return "other-type"
    if not well_formed(sign, sign_type):
        return "bad-sign"
    try:
        charset = notification_charset(exchange.content_type, "UTF-8")
    except WireError:
        charset = "UTF-8"
    try:
        right = readable and verify_params(params, verifier, charset)
    except AlipayQrError:
        right = False
    return None if right else "changed"


def _notified(exchange: Exchange) -> tuple[list[tuple[str, str]], bool]:
    """Return the pairs of a notification, and whether its bytes are those of a form."""
    if exchange.params is not None:
        return list(exchange.params), True
    form = exchange.query if exchange.method == "GET" else exchange.body or b""
    try:
        return read_notification(form, exchange.content_type, "UTF-8"), True
    except WireError:
        pairs = split_form(form[:_MOST_BYTES])
        return [
            (name.decode("utf-8", "replace"), value.decode("utf-8", "replace")) for name, value in pairs
        ], False


_MOST_BYTES: Final = 1024 * 1024


def _pairs(exchange: Exchange) -> list[tuple[str, str]]:
    if exchange.params is not None:
        return list(exchange.params)
    whole = exchange.query[:_MOST_BYTES] + b"&" + (exchange.body or b"")[:_MOST_BYTES]
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in split_form(whole)]


def _as_request(exchange: Exchange) -> tuple[Request, Reading]:
    if exchange.params is None:
        request = Request(
            exchange.method or ("POST" if exchange.body else "GET"),
            exchange.query,
            exchange.body or b"",
            exchange.content_type or (FORM_TYPE if exchange.body else ""),
        )
        return request, read_request(request)
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in exchange.params)
    charset = dict(exchange.params).get("_input_charset", "").upper()
    reading = Reading(exchange.params, charset if charset in CHARSETS else "UTF-8", ())
    return Request("GET", query.encode("ascii", "replace")), reading


def _moment(timestamp: str, ms: int | None) -> datetime:
    """Return when a request was sent; where that is not known, what its timestamp says."""
    if ms is not None:
        return datetime.fromtimestamp(ms / 1000, UTC)
    try:
        return parse_timestamp(timestamp)
    except AlipayQrError:
        return datetime.fromtimestamp(0, UTC)


def public_details(breach: kit.Breach) -> tuple[tuple[str, str], ...]:
    """Return what fills in a sentence, without anybody's data: no values, no numbers of one message."""
    details = []
    for name, value in breach.details.items():
        text = str(value)
        if name in {"text", "what"}:
            text = _QUOTED_TEXT.sub("'...'", text)
            rule = _EXPECTED.search(text)
            head = text[: rule.start()] if rule else text
            text = _NUMBER.sub("N", head) + (rule[0] if rule else "")
        details.append((name, _cut(text)))
    return tuple(details)


def _cut(text: str) -> str:
    shown = kit.visible(text).replace("\n", "\\n")
    return shown if len(shown) <= 2 * _LONGEST else f"{shown[: 2 * _LONGEST]}..."


def shown(evidence: Mapping[str, object]) -> dict[str, str]:
    """Return what shows the cause of a finding, fit to be read."""
    return {label: _shown(value) for label, value in evidence.items()}


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "backslashreplace")
    text = kit.visible(str(value)).replace("\n", "\\n")
    return text if len(text) <= 2000 else f"{text[:2000]}..."  # noqa: PLR2004 (an example, for people)


def told_of(params: dict[str, str]) -> str:
    """Return the fields of a notification that its trade's history needs, as the fast path writes them."""
    return "\t".join(f"{name}={quote(params[name], safe='')}" if params.get(name) else "" for name in TOLD)
