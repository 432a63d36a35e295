"""Phase 1: the exchanges of one part, judged one by one -> a tally, and the events of their trades."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import unquote_plus

from alipay_qr_conformance.audit.accounts import Accounts
from alipay_qr_conformance.audit.cohorts import Cohorts, Wrong
from alipay_qr_conformance.audit.declared import Declared
from alipay_qr_conformance.audit.events import NO_TIME, EventWriter, told_cancel, told_refund
from alipay_qr_conformance.audit.fast_news import FastNews
from alipay_qr_conformance.audit.fast_requests import FastRequests, Open, Passed, plain
from alipay_qr_conformance.audit.kit import Policy, Redactor
from alipay_qr_conformance.audit.reply import ACKNOWLEDGED, NOT_RECORDED, REFUSED, acknowledgement, outcome
from alipay_qr_conformance.audit.signs import Signs
from alipay_qr_conformance.audit.slow import Judged, SlowJudge, told_of
from alipay_qr_conformance.audit.tally import Cause, Place, Tally
from alipay_qr_conformance.reading.exchange import Exchange

_T: Final = "<is_success>T</is_success>"
_SUCCESS: Final = "<result_code>SUCCESS</result_code>"
BY_SIZE: Final = "7 bytes"
"""Stands for the reply in a recording that has its size alone: one of the two words."""
_EXACT: Final = frozenset({"success", "SUCCESS", BY_SIZE})
_KEPT: Final = 64
"""Exchanges that are judged together."""


class PartJudge:
    """Judges what is handed to it; everything of one part of one input.

    Args:
        accounts: whose messages are judged.
        events: where the events of trades go.
        file, part: numbers of the input and of the part.
        policy: what the merchant declares.
    """

    def __init__(
        self, accounts: Accounts, events: EventWriter, file: int, part: int, policy: Policy | None = None
    ) -> None:
        self._declared = Declared(policy or Policy())
        self.tally = Tally()
        self._redactor = Redactor(accounts.secrets())
        signs = Signs(accounts)
        self._news = FastNews(signs)
        self._requests = FastRequests(signs)
        self._forms: list[tuple[str, str]] = []
        self._numbers: list[tuple[int, int | None, str]] = []
        self._opened: list[tuple[Open, int, int | None, str | None, int | None, str]] = []
        self._kept: dict[int, Exchange] = {}
        self.source: Callable[[int], Exchange] = self._kept.__getitem__
        """Returns the exchange of a number that was taken; a reader that calls `take` sets it."""
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
    ) -> bool:
        """Keep one record for the fast path; say whether it is kept until `settle`, or is left.

        ``number`` is the line or entry in the part, ``ms`` the moment by the corrected clock; bytes are
        Latin-1.
        """
        if body is None or (query and ("service=" in query or "service=" in body)):
            opened = self._requests.open(method, query, body, content_type, ms)
            if opened is None:
                return False
            self._opened.append((opened, number, status, reply, ms, method))
            return True
        if reply is not None and reply in _EXACT and status in {200, None} and method != "GET":
            self._forms.append((body, content_type))
            self._numbers.append((number, ms, reply))
            return True
        return False

    def settle(self) -> None:
        """Judge what was taken: by the fast path, and what that leaves by the slow judge."""
        opened, self._opened = self._opened, []
        for found, row in zip(self._requests.close([each[0] for each in opened]), opened, strict=True):
            begun, number, status, reply, ms, method = row
            if isinstance(found, Passed):
                self._request(number, found, status, reply, ms)
            elif found is None or not self._known_mistake(number, found, status, reply, ms):
                self._again(number, ms, found)
                continue
            if self._declared.of_requests:
                pairs = (pair.partition("=") for pair in begun.parts)
                params = {name: unquote_plus(value) for name, _, value in pairs}
                self._hold(number, self._declared.taken(begun.order.alias.lower(), method, params))
        forms, self._forms = self._forms, []
        numbers, self._numbers = self._numbers, []
        for news, (number, ms, word) in zip(self._news.many(forms), numbers, strict=True):
            if news is None:
                self._again(number, ms, None)
                continue
            self._exact += 1
            if word != BY_SIZE:
                self._hold(number, self._declared.replied(word))
            partner, trade, told = news
            when = NO_TIME if ms is None else ms
            self._put(trade, f"{partner}/{trade}\t{when}{self._part_text}{number}\tN\tY\t{told}\n")
        self._kept.clear()

    def _again(self, number: int, ms: int | None, wrong: Wrong | None) -> None:
        self.judge(number, self._kept.get(number) or self.source(number), ms, wrong)

    def exchange(self, number: int, exchange: Exchange, ms: int | None) -> None:
        """Judge one exchange, as the readers of other recordings yield it; `finish` judges the last ones."""
        if exchange.params is not None:
            self.judge(number, exchange, ms)
            return
        body, reply = exchange.body, exchange.reply
        told = None if reply is None else reply.decode("latin-1")
        if told is None and acknowledgement(exchange.status, None, exchange.reply_size) == "Y":
            told = BY_SIZE
        if not self.take(
            number,
            exchange.method,
            exchange.query.decode("latin-1"),
            body.decode("latin-1") if body else None,
            exchange.content_type,
            exchange.status,
            told,
            ms,
        ):
            self.judge(number, exchange, ms)
            return
        self._kept[number] = exchange
        if len(self._kept) >= _KEPT:
            self.settle()

    def judge(self, number: int, exchange: Exchange, ms: int | None, wrong: Wrong | None = None) -> None:
        """Judge one record by the slow judge; ``wrong`` tells of one of which all but the sign is right."""
        judged = self._slow.judge(exchange, ms, wrong)
        if judged is None:
            return
        place = Place(self._file, self._part, number, exchange.offset)
        self._count(judged, place)
        if judged.kind == "notification":
            self._notified(number, judged, ms)
            if judged.reply in ACKNOWLEDGED and exchange.reply:
                self._hold(number, self._declared.replied(exchange.reply.strip().decode("ascii")))
        elif exchange.params is None:
            self._hold(number, self._declared.taken(judged.kind, exchange.method, judged.params))
        if judged.kind in {"cancel", "refund"}:
            ended, _ = outcome(exchange.status, exchange.reply)
            if ended == NOT_RECORDED and any(
                each.requirement == "request.sign.valid" for each in judged.findings
            ):
                ended = REFUSED
            groups = {name: quoted_text(value) for name, value in judged.params.items()}
            self._event(number, judged.kind, judged.partner, groups, ended, ms)

    def finish(self) -> Tally:
        """Return the tally of the part."""
        self.settle()
        tally = self.tally
        for kind, count in (*self._passed.items(), ("notification", self._exact)):
            if count:
                tally.seen[kind] += count
                tally.messages[self._file] += count
        if self._exact:
            tally.judged["notify.reply.exact"] += self._exact
        return tally

    def _request(
        self, number: int, passed: Passed, status: int | None, reply: str | None, ms: int | None
    ) -> None:
        kind, partner, trade, told = passed
        self._passed[kind] += 1
        if ms is None:
            self.tally.missing[kind, "zone", "no-time"] += 1
        if reply is not None and status == 200 and _T in reply and _SUCCESS in reply:  # noqa: PLR2004 (HTTP OK)
            ended = "D"
        else:
            ended, _ = outcome(status, None if reply is None else reply.encode("latin-1", "replace"))
        when = NO_TIME if ms is None else ms
        self._put(trade, f"{partner}/{trade}\t{when}{self._part_text}{number}\t{told}\t{ended}\n")

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
        trade = plain(get("partner_trans_id" if kind == "refund" else "out_trade_no"))
        if kind == "refund":
            what = get("refund_amount"), get("currency"), get("is_sync"), get("alipay_trans_id")
            told = told_refund(plain(get("partner_refund_id")), *what)
        else:
            told = told_cancel(get("trade_no"))
        self._put(trade, f"{partner}/{trade}\t{head}\t{told}\t{ended}\n")

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

    def _hold(self, number: int, taken: Iterable[tuple[str, str, str]]) -> None:
        """Hold a message against the policy: key, what is declared, what was done."""
        for key, said, found in taken:
            requirement = f"policy.{key.replace('_', '-')}"
            self.tally.judged[requirement] += 1
            if found != said:
                cause = Cause("policy.broken", (("key", key), ("said", said), ("found", found)))
                self._find(requirement, cause, number)

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
                group.mistake = finding.mistake
                group.example = {name: self._redactor.text(text) for name, text in finding.example.items()}
        for requirement in {finding.requirement for finding in judged.findings}:
            tally.broken[requirement] += 1


def quoted_text(text: str) -> str:
    """Return a decoded value as it stands in an event."""
    from urllib.parse import quote

    return quote(text, safe="", errors="replace")
