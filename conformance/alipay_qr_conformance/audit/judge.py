"""Phase 1: the exchanges of one part, judged one by one -> a tally, and the events of their trades."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_plus

from alipay_qr_conformance.audit.accounts import Accounts
from alipay_qr_conformance.audit.cohorts import Cohorts, Wrong
from alipay_qr_conformance.audit.declared import Declared
from alipay_qr_conformance.audit.events import NO_TIME, EventWriter
from alipay_qr_conformance.audit.fast import Fast, Forged, Left, plain
from alipay_qr_conformance.audit.forms import IDS_OF, NEWS, TOLD_OF, Columns, Form, Row
from alipay_qr_conformance.audit.kit import Policy, Redactor
from alipay_qr_conformance.audit.learned import Known
from alipay_qr_conformance.audit.messages import (
    EXACT,
    WELL,
    Message,
    ended,
    grouped,
    message_of,
)
from alipay_qr_conformance.audit.reply import ACKNOWLEDGED, NOT_RECORDED, REFUSED, outcome
from alipay_qr_conformance.audit.signs import Signs
from alipay_qr_conformance.audit.slow import Judged, SlowJudge, acknowledged, shown, told_of
from alipay_qr_conformance.audit.tally import Cause, Place, Tally
from alipay_qr_conformance.reading.exchange import Exchange

_KINDS: Final = {NEWS: "\tN\tY\t", "refund": "\tR\t", "cancel": "\tC\t"}
_SIGNS: Final = frozenset({"sign", "sign_type"})
_CHANGED: Final = "notify.reject.changed"
_BELIEVED: Final = acknowledged("changed")
_KEPT: Final = 64
"""Exchanges that are judged together."""


class _Taken(NamedTuple):
    """A message for the fast path, with what is known of it besides its row."""

    number: int
    row: Row
    ms: int | None
    method: str
    status: int | None
    reply: str | int | None
    sent: str


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
        self.charset_of = signs.charset_of
        self.profile = signs.profile
        self.learns = not self._declared.of_messages
        """Whether lines may be recognised by a pattern; a policy asks for more than that takes."""
        self._fast = Fast(signs)
        self._taken: dict[tuple[int, str], tuple[Form, list[_Taken]]] = {}
        self._sent: dict[int, str] = {}
        self._kept: dict[int, Exchange] = {}
        self._waiting: list[tuple[int, Exchange, int | None]] = []
        self.source: Callable[[int], Exchange | None] = self._kept.get
        """Returns the exchange of a line, None where there is none; a reader of lines sets it."""
        self._cohorts = Cohorts()
        self._slow = SlowJudge(accounts, self._cohorts)
        self._events = events
        self._file = file
        self._part = part
        self._part_text = f"\t{part}\t"
        self._passed = {NEWS: 0, "refund": 0, "cancel": 0}

    def take(self, number: int, message: Message, ms: int | None) -> bool:
        """Keep one record for the fast path; say whether it is kept until `settle`, or is left.

        ``number`` is the line or entry in the part, ``ms`` the moment by the corrected clock.
        """
        _, _, method, url, content_type, body, raw, status, reply = message
        query = url.partition("?")[2] if url else ""
        opened = self._fast.open(method or "", query, body, content_type or "") if raw is None else None
        if opened is None:
            return False
        form, row, charset = opened
        if form.kind == NEWS and (reply not in EXACT or status not in WELL or method == "GET"):
            return False
        _, taken = self._taken.setdefault((id(form), charset), (form, []))
        taken.append(
            _Taken(number, row, ms, method or "", status, reply, f"{query}&{body}" if body else query)
        )
        return True

    def known(
        self,
        known: Known,
        numbers: Sequence[int],
        rows: Sequence[Row],
        moments: Sequence[int | None],
        ends: Sequence[str] | None,
    ) -> None:
        """Judge lines that a pattern took apart.

        Args:
            known: the pattern.
            numbers: of the lines, in the part.
            rows: what the groups of the pattern hold in each line.
            moments: by the corrected clock.
            ends: what became of each request; None where that was not recorded.
        """
        if ends is None:
            ends = ["" if known.form.kind == NEWS else outcome(known.status, None)[0]] * len(rows)
        self._judge_columns(known.form, known.charset, numbers, list(zip(*rows, strict=True)), moments, ends)

    def several(
        self, numbers: Sequence[int], messages: Sequence[Message | None], moments: Sequence[int | None]
    ) -> list[int]:
        """Judge those messages that are alike, and forms; return the places of the rest.

        Args:
            numbers: of the lines or entries, in the part.
            messages: as `take` gets them; None is one of the rest.
            moments: by the corrected clock.
        """
        texts, ends, groups = grouped(messages, self.charset_of)
        taken: set[int] = set()
        for charset, places in groups:
            for form, mine, columns in self._fast.together(texts, places, news=bool(charset)):
                taken.update(mine)
                of = [numbers[place] for place in mine]
                when, ended = [moments[place] for place in mine], [ends[place] for place in mine]
                self._judge_columns(form, charset, of, columns, when, ended)
        return [place for place in range(len(messages)) if place not in taken]

    def _judge_columns(
        self,
        form: Form,
        charset: str,
        numbers: Sequence[int],
        columns: Columns,
        moments: Sequence[int | None],
        ends: Sequence[str],
    ) -> set[int]:
        """Judge by the fast path; what it leaves, by the slow judge: the numbers of that are returned."""
        keys, told, left = self._fast.columns(form, columns, charset, moments)
        slow = {
            numbers[at] for at, wrong in left.items() if self._left(numbers[at], wrong, ends[at], moments[at])
        }
        if left:
            places = [at for at in range(len(moments)) if at not in left]
            numbers = [numbers[at] for at in places]
            moments = [moments[at] for at in places]
            ends = [ends[at] for at in places]
        if None in moments:
            if form.kind != NEWS:
                self.tally.missing[form.kind, "zone", "no-time"] += sum(ms is None for ms in moments)
            moments = [NO_TIME if ms is None else ms for ms in moments]
        self._passed[form.kind] += len(keys)
        kind, part, mark = _KINDS[form.kind], self._part_text, "" if form.kind == NEWS else "\t"
        self._events.put_all(
            keys,
            [
                f"{key}\t{ms}{part}{number}{kind}{tale}{mark}{ended}\n"
                for key, ms, number, tale, ended in zip(keys, moments, numbers, told, ends, strict=True)
            ],
        )
        return slow

    def _left(self, number: int, wrong: Left, ended: str, ms: int | None) -> bool:
        """Judge what the fast path left; say whether by the slow judge."""
        if isinstance(wrong, Forged):
            if self._forged_again(number, wrong, ms):
                return False
            wrong = None
        if wrong is not None:
            if number in self._sent:
                wrong = wrong._replace(sent=self._sent[number].split("&"))
            if self._known_mistake(number, wrong, ended, ms):
                return False
        exchange = self._kept.get(number) or self.source(number)
        if exchange is not None:
            self.judge(number, exchange, ms, wrong)
        return True

    def keep(self, number: int, exchange: Exchange, ms: int | None) -> None:
        """Keep one exchange of a recording without lines until there are some more."""
        self._waiting.append((number, exchange, ms))
        if len(self._waiting) >= _KEPT:
            self.settle()

    def _settle_waiting(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        left = list(range(len(waiting)))
        if self.learns:
            self._kept.update({number: exchange for number, exchange, _ in waiting})
            left = self.several(
                [number for number, _, _ in waiting],
                [None if each.params is not None else message_of(each) for _, each, _ in waiting],
                [ms for _, _, ms in waiting],
            )
            self._kept.clear()
        for place in left:
            self.exchange(*waiting[place])

    def settle(self) -> None:
        """Judge what was taken."""
        self._settle_waiting()
        groups, self._taken = self._taken, {}
        for (_, charset), (form, taken) in groups.items():
            news = form.kind == NEWS
            ends = ["" if news else ended(each.status, each.reply) for each in taken]
            self._sent = {} if news else {each.number: each.sent for each in taken}
            numbers = [each.number for each in taken]
            columns = list(zip(*[each.row for each in taken], strict=True))
            slow = self._judge_columns(form, charset, numbers, columns, [each.ms for each in taken], ends)
            if not self.learns:
                for each in taken:
                    if each.number not in slow:
                        self._hold(each.number, self._declares(form, each))
        self._sent = {}
        self._kept.clear()

    def _declares(self, form: Form, taken: _Taken) -> Iterable[tuple[str, str, str]]:
        """Return what a message that passed shows of the policy."""
        if form.kind == NEWS:
            return self._declared.replied(taken.reply) if isinstance(taken.reply, str) else ()
        params = {name: unquote_plus(taken.row[form.at[name]]) for name in form.names if name not in _SIGNS}
        return self._declared.taken(form.kind, taken.method, params)

    def exchange(self, number: int, exchange: Exchange, ms: int | None) -> bool:
        """Judge one exchange, as the readers of other recordings yield it; `finish` judges the last ones.

        Returns whether it went to the fast path.
        """
        if exchange.params is not None or not self.take(number, message_of(exchange), ms):
            self.judge(number, exchange, ms)
            return False
        self._kept[number] = exchange
        if len(self._kept) >= _KEPT:
            self.settle()
        return True

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
        for kind, count in self._passed.items():
            if count:
                tally.seen[kind] += count
                tally.messages[self._file] += count
        if self._passed[NEWS]:
            tally.judged["notify.reply.exact"] += self._passed[NEWS]
        return tally

    def _event(
        self,
        number: int,
        kind: str,
        partner: str,
        values: Mapping[str, str | None],
        ended: str,
        ms: int | None,
    ) -> None:
        """Keep a refund or a cancel for its trade; ``values`` are the parameters, quoted."""
        told = [values.get(name) or "" for name in TOLD_OF[kind]]
        trade = plain(values.get(IDS_OF[kind][0]))
        if kind == "refund":
            told[0] = plain(told[0])
        self._put(trade, partner, number, ms, _KINDS[kind] + "\t".join([*told, ended]))

    def _put(self, trade: str, partner: str, number: int, ms: int | None, rest: str) -> None:
        when = NO_TIME if ms is None else ms
        self._events.put(f"{quoted_text(partner)}/{trade}", f"{when}{self._part_text}{number}{rest}")

    def _notified(self, number: int, judged: Judged, ms: int | None) -> None:
        trade = quoted_text(judged.params.get("out_trade_no", ""))
        if judged.proved is True:
            self._put(trade, judged.partner, number, ms, f"\tN\t{judged.reply}\t{told_of(judged.params)}")
        elif trade:
            self._put(trade, judged.partner, number, ms, f"\tF\t{judged.reply}")

    def _known_mistake(self, number: int, wrong: Wrong, ended: str, ms: int | None) -> bool:
        """Count a wrong sign whose mistake was met before; say whether it was."""
        explained = self._cohorts.recognise(wrong)
        if explained is None:
            return False
        charset = (wrong.groups["_input_charset"] or "").upper()
        cause = Cause("request.sign-wrong", (("charset", charset), ("mistake", explained.ids)))
        self._find("request.sign.valid", cause, number, explained.title)
        kind = "refund" if "partner_refund_id" in wrong.groups else "cancel"
        self._passed[kind] += 1
        if ms is None:
            self.tally.missing[kind, "zone", "no-time"] += 1
        ended = REFUSED if ended == NOT_RECORDED else ended
        self._event(number, kind, wrong.account.partner, wrong.groups, ended, ms)
        return True

    def _forged_again(self, number: int, forged: Forged, ms: int | None) -> bool:
        """Count a forged notification that was acknowledged, if the reports show another; say whether."""
        known = self.tally.groups.get(_CHANGED, {}).get(_BELIEVED)
        if not self.learns or known is None or known.places[0].number > number:
            return False
        self.tally.seen[NEWS] += 1
        self.tally.messages[self._file] += 1
        self.tally.judged[_CHANGED] += 1
        self._find(_CHANGED, _BELIEVED, number)
        if forged.trade:
            self._put(forged.trade, forged.partner, number, ms, "\tF\tY")
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
                example = shown(finding.evidence)
                group.example = {name: self._redactor.text(text) for name, text in example.items()}
        for requirement in {finding.requirement for finding in judged.findings}:
            tally.broken[requirement] += 1


def quoted_text(text: str) -> str:
    """Return a decoded value as it stands in an event."""
    return quote(text, safe="", errors="replace")
