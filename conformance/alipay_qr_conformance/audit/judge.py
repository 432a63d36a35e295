"""Phase 1: the exchanges of one part, judged one by one -> a tally, and the events of their trades."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from alipay_qr_conformance.audit.accounts import Accounts
from alipay_qr_conformance.audit.cohorts import Cohorts, Wrong
from alipay_qr_conformance.audit.events import NO_TIME, EventWriter
from alipay_qr_conformance.audit.fast import FastJudge, quoted
from alipay_qr_conformance.audit.reply import ACKNOWLEDGED, NOT_RECORDED, REFUSED, acknowledgement, outcome
from alipay_qr_conformance.audit.slow import Judged, SlowJudge, told_of
from alipay_qr_conformance.audit.tally import Cause, Place, Tally
from alipay_qr_conformance.reading.exchange import Exchange

_T: Final = "<is_success>T</is_success>"
_SUCCESS: Final = "<result_code>SUCCESS</result_code>"
_EXACT: Final = frozenset({"success", "SUCCESS"})


class Left(Enum):
    """What the fast path left."""

    OPEN = "open"


class PartJudge:
    """Judges what is handed to it; everything of one part of one input.

    Args:
        accounts: whose messages are judged.
        events: where the events of trades go.
        file, part: numbers of the input and of the part.
    """

    def __init__(self, accounts: Accounts, events: EventWriter, file: int, part: int) -> None:
        self.tally = Tally()
        self._fast = FastJudge(accounts)
        self._cohorts = Cohorts()
        self._slow = SlowJudge(accounts, self._cohorts)
        self._put = events.put
        self._file = file
        self._part = part
        self._part_text = f"\t{part}\t"
        self._exact = 0
        self._passed = {"cancel": 0, "refund": 0}

    def take(  # noqa: PLR0913, PLR0917 (a message's parts; a call more for each would cost a tenth of the whole audit)
        self,
        number: int,
        method: str,
        query: str,
        body: str | None,
        content_type: str,
        status: int | None,
        reply: str | None,
        ms: int | None,
    ) -> Wrong | Left | None:
        """Judge one record by the fast path; return None where it is judged, else what `judge` is told.

        ``number`` is the line or entry in the part, ``ms`` the moment by the corrected clock; bytes are
        Latin-1.
        """
        found: dict[str, str | None] | Wrong | None = None
        if body is None or (query and ("service=" in query or "service=" in body)):
            found = self._fast.request(method, query, body, content_type, ms)
            if isinstance(found, dict):
                self._request(number, found, status, reply, ms)
                return None
            if found is not None and self._known_mistake(number, found, status, reply, ms):
                return None
        elif reply in _EXACT and status in {200, None} and method != "GET":
            news = self._fast.notification(body, content_type)
            if news is not None:
                self._exact += 1
                partner, trade, told = news
                when = NO_TIME if ms is None else ms
                self._put(trade, f"{partner}/{trade}\t{when}{self._part_text}{number}\tN\tY\t{told}\n")
                return None
        return found if isinstance(found, Wrong) else Left.OPEN

    def exchange(self, number: int, exchange: Exchange, ms: int | None) -> None:
        """Judge one exchange, as the readers of other recordings yield it."""
        if exchange.params is not None:
            self.judge(number, exchange, ms)
            return
        body, reply = exchange.body, exchange.reply
        told = None if reply is None else reply.decode("latin-1")
        if told is None and acknowledgement(exchange.status, None, exchange.reply_size) == "Y":
            told = "success"  # an access log tells the size alone
        left = self.take(
            number,
            exchange.method,
            exchange.query.decode("latin-1"),
            body.decode("latin-1") if body else None,
            exchange.content_type,
            exchange.status,
            told,
            ms,
        )
        if left is not None:
            self.judge(number, exchange, ms, left)

    def judge(
        self, number: int, exchange: Exchange, ms: int | None, left: Wrong | Left | None = None
    ) -> None:
        """Judge one record by the slow judge."""
        judged = self._slow.judge(exchange, ms, left if isinstance(left, Wrong) else None)
        if judged is None:
            return
        place = Place(self._file, self._part, number, exchange.offset)
        self._count(judged, place)
        if judged.kind == "notification":
            self._notified(number, judged, ms)
        elif judged.kind in {"cancel", "refund"}:
            ended, _ = outcome(exchange.status, exchange.reply)
            if ended == NOT_RECORDED and any(
                each.requirement == "request.sign.valid" for each in judged.findings
            ):
                ended = REFUSED
            groups = {name: quoted_text(value) for name, value in judged.params.items()}
            self._event(number, judged.kind, judged.partner, groups, ended, ms)

    def finish(self) -> Tally:
        """Return the tally of the part."""
        tally = self.tally
        for kind, count in (*self._passed.items(), ("notification", self._exact)):
            if count:
                tally.seen[kind] += count
                tally.messages[self._file] += count
        if self._exact:
            tally.judged["notify.reply.exact"] += self._exact
        return tally

    def _request(
        self,
        number: int,
        groups: dict[str, str | None],
        status: int | None,
        reply: str | None,
        ms: int | None,
    ) -> None:
        kind = "refund" if "partner_refund_id" in groups else "cancel"
        self._passed[kind] += 1
        if ms is None:
            self.tally.missing[kind, "zone", "no-time"] += 1
        if reply is not None and status == 200 and _T in reply and _SUCCESS in reply:  # noqa: PLR2004 (HTTP OK)
            ended = "D"
        else:
            ended, _ = outcome(status, None if reply is None else reply.encode("latin-1", "replace"))
        self._event(number, kind, groups["partner"] or "", groups, ended, ms)

    def _event(
        self,
        number: int,
        kind: str,
        partner: str,
        groups: Mapping[str, str | None],
        ended: str,
        ms: int | None,
    ) -> None:
        """Keep a refund or a cancel for its trade; ``groups`` are the parameters, quoted."""
        get = groups.get
        head = f"{NO_TIME if ms is None else ms}{self._part_text}{number}"
        trade = get("partner_trans_id" if kind == "refund" else "out_trade_no") or ""
        if "%" in trade or "+" in trade:
            trade = quoted(trade)
        if kind == "refund":
            refund = get("partner_refund_id") or ""
            if "%" in refund or "+" in refund:
                refund = quoted(refund)
            rest = (
                f"{head}\tR\t{refund}\t{get('refund_amount') or ''}\t{get('currency') or ''}"
                f"\t{get('is_sync') or ''}\t{get('alipay_trans_id') or ''}\t{ended}"
            )
        else:
            rest = f"{head}\tC\t{get('trade_no') or ''}\t{ended}"
        self._put(trade, f"{partner}/{trade}\t{rest}\n")

    def _notified(self, number: int, judged: Judged, ms: int | None) -> None:
        trade = quoted_text(judged.params.get("out_trade_no", ""))
        head = f"{NO_TIME if ms is None else ms}{self._part_text}{number}"
        if judged.proved is True:
            told = told_of(judged.params)
            self._put(trade, f"{judged.partner}/{trade}\t{head}\tN\t{judged.reply}\t{told}\n")
            if judged.reply in ACKNOWLEDGED:
                self.tally.judged["notify.reply.exact"] += 1
                if judged.reply == "B":
                    self._find("notify.reply.exact", Cause("notify.reply-blanks"), number)
        elif trade:
            self._put(trade, f"{judged.partner}/{trade}\t{head}\tF\t{judged.reply}\n")

    def _known_mistake(
        self, number: int, wrong: Wrong, status: int | None, reply: str | None, ms: int | None
    ) -> bool:
        """Count a wrong sign whose mistake was met before; say whether it was."""
        explained = self._cohorts.recognise(wrong)
        if explained is None:
            return False
        charset = (wrong.groups["_input_charset"] or "").upper()
        cause = Cause("request.sign-wrong", (("charset", charset), ("mistake", explained.ids)))
        self._find("request.sign.valid", cause, number, explained.title)
        ended, _ = outcome(status, None if reply is None else reply.encode("latin-1", "replace"))
        kind = "refund" if "partner_refund_id" in wrong.groups else "cancel"
        self._passed[kind] += 1
        if ms is None:
            self.tally.missing[kind, "zone", "no-time"] += 1
        ended = REFUSED if ended == NOT_RECORDED else ended
        self._event(number, kind, wrong.account.partner, wrong.groups, ended, ms)
        return True

    def _find(
        self, requirement: str, cause: Cause, number: int, mistake: tuple[str, str] | None = None
    ) -> None:
        group = self.tally.find(requirement, cause, Place(self._file, self._part, number, -1))
        if group is not None:
            group.mistake = mistake
        self.tally.broken[requirement] += 1

    def _count(self, judged: Judged, place: Place) -> None:
        tally = self.tally
        tally.seen[judged.kind] += 1
        tally.messages[self._file] += 1
        for scope, reason in judged.missing:
            tally.missing[judged.kind, scope, reason] += 1
        for requirement in judged.judged:
            tally.judged[requirement] += 1
        for finding in judged.findings:
            group = tally.find(finding.requirement, finding.cause, place, finding.keyword)
            if group is not None:
                group.mistake, group.example = finding.mistake, finding.example
        for requirement in {finding.requirement for finding in judged.findings}:
            tally.broken[requirement] += 1


def quoted_text(text: str) -> str:
    """Return a decoded value as it stands in an event."""
    from urllib.parse import quote

    return quote(text, safe="", errors="replace")
