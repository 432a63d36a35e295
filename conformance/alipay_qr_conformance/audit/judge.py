"""Phase 1: the exchanges of one part, judged one by one -> a tally, and the events of their trades."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import quote, unquote_plus

from alipay_qr_conformance.audit.accounts import Accounts
from alipay_qr_conformance.audit.cohorts import Cohorts, Wrong
from alipay_qr_conformance.audit.declared import Declared
from alipay_qr_conformance.audit.events import NO_TIME, EventWriter
from alipay_qr_conformance.audit.fast import Fast, Forged, Found, Left, plain
from alipay_qr_conformance.audit.forms import IDS_OF, NEWS, TOLD_OF
from alipay_qr_conformance.audit.kit import Policy, Redactor
from alipay_qr_conformance.audit.messages import Group, Messages, ended, grouped, messages_of
from alipay_qr_conformance.audit.reply import ACKNOWLEDGED, NOT_RECORDED, REFUSED, outcome
from alipay_qr_conformance.audit.signs import Signs
from alipay_qr_conformance.audit.slow import Judged, SlowJudge, acknowledged, shown, told_of
from alipay_qr_conformance.audit.tally import Cause, Place, Tally
from alipay_qr_conformance.reading.exchange import Exchange

_KINDS: Final = {NEWS: "\tN\tY\t", "refund": "\tR\t", "cancel": "\tC\t"}
_SIGNS: Final = frozenset({"sign", "sign_type"})
_CHANGED: Final = "notify.reject.changed"
_BELIEVED: Final = acknowledged("changed")
_KEPT: Final = 256
"""Exchanges that are judged together."""
_MOST_KEPT: Final = 1024 * 1024
"""Bytes from which on there are enough of them."""


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
        self._fast = Fast(signs)
        self._waiting: list[tuple[int, Exchange, int | None]] = []
        self._size = 0
        self.source: Callable[[int], Exchange | None] = lambda _: None
        """Returns the exchange of a line, None where there is none; a reader of lines sets it."""
        self._cohorts = Cohorts()
        self._slow = SlowJudge(accounts, self._cohorts)
        self._events = events
        self._file = file
        self._part = part
        self._part_text = f"\t{part}\t"
        self._passed = {NEWS: 0, "refund": 0, "cancel": 0}

    def several(
        self,
        numbers: Sequence[int],
        messages: Messages,
        moments: Sequence[int | None],
        groups: Sequence[Group] | None = None,
    ) -> list[int]:
        """Judge messages that keep every rule, perhaps but for their signs; return the places of the rest.

        Args:
            numbers: of the lines or entries, in the part.
            messages: what was recorded; of what is in no group, nothing is looked at.
            moments: by the corrected clock.
            groups: of the messages, if the reader has sorted them.
        """
        taken: list[int] = []
        for texts, charset, places in grouped(messages, self.charset_of) if groups is None else groups:
            times = [moments[place] for place in places]
            for found in self._fast.judge(texts, charset, times):
                mine, when = places, times
                if len(found.places) < len(places):
                    mine, when = [places[at] for at in found.places], [times[at] for at in found.places]
                taken += mine
                ends = [""] * len(mine) if found.kind == NEWS else ended(messages, mine)
                slow = self._take(found, [numbers[place] for place in mine], when, ends)
                if self._declared.of_messages:
                    for at, place in enumerate(mine):
                        if at not in slow:
                            shown = self._declares(found.kind, texts[found.places[at]], messages, place)
                            self._hold(numbers[place], shown)
        return sorted(set(range(len(numbers))).difference(taken)) if len(taken) < len(numbers) else []

    def _take(
        self, found: Found, numbers: Sequence[int], moments: Sequence[int | None], ends: Sequence[str]
    ) -> set[int]:
        """Keep the events of what passed; return which of the rest the slow judge judged."""
        left = found.left
        slow = {at for at, wrong in left.items() if self._left(numbers[at], wrong, ends[at], moments[at])}
        if left:
            places = [at for at in range(len(moments)) if at not in left]
            numbers = [numbers[at] for at in places]
            moments = [moments[at] for at in places]
            ends = [ends[at] for at in places]
        if None in moments:
            if found.kind != NEWS:
                self.tally.missing[found.kind, "zone", "no-time"] += sum(ms is None for ms in moments)
            moments = [NO_TIME if ms is None else ms for ms in moments]
        self._passed[found.kind] += len(found.keys)
        kind, part, mark = _KINDS[found.kind], self._part_text, "" if found.kind == NEWS else "\t"
        self._events.put_all(
            found.keys,
            [
                f"{key}\t{ms}{part}{number}{kind}{tale}{mark}{end}\n"
                for key, ms, number, tale, end in zip(
                    found.keys, moments, numbers, found.told, ends, strict=True
                )
            ],
        )
        return slow

    def _left(self, number: int, wrong: Left, ended: str, ms: int | None) -> bool:
        """Judge what the fast path left; say whether by the slow judge."""
        if isinstance(wrong, Forged):
            if self._forged_again(number, wrong, ms):
                return False
            wrong = None
        if wrong is not None and self._known_mistake(number, wrong, ended, ms):
            return False
        exchange = self.source(number)
        if exchange is not None:
            self.judge(number, exchange, ms, wrong)
        return True

    def keep(self, number: int, exchange: Exchange, ms: int | None) -> None:
        """Keep one exchange of a recording without lines until there are some more."""
        self._waiting.append((number, exchange, ms))
        self._size += len(exchange.url) + len(exchange.body or b"") + len(exchange.reply or b"")
        if len(self._waiting) >= _KEPT or self._size > _MOST_KEPT:
            self.settle()

    def settle(self) -> None:
        """Judge what is kept."""
        waiting, self._waiting, self._size = self._waiting, [], 0
        if not waiting:
            return
        self.source = {number: exchange for number, exchange, _ in waiting}.get
        left = self.several(
            [number for number, _, _ in waiting],
            messages_of([each for _, each, _ in waiting]),
            [ms for _, _, ms in waiting],
        )
        for place in left:
            self.judge(*waiting[place])

    def _declares(
        self, kind: str, text: str, messages: Messages, place: int
    ) -> Iterable[tuple[str, str, str]]:
        """Return what a message that passed shows of the policy."""
        if kind == NEWS:
            reply = messages.replies[place]
            return self._declared.replied(reply) if isinstance(reply, str) else ()
        pairs = [pair.partition("=") for pair in text.split("&")]
        params = {name: unquote_plus(value) for name, _, value in pairs if name not in _SIGNS}
        return self._declared.taken(kind, messages.methods[place] or "", params)

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
        if self._declared.of_messages or known is None or known.places[0].number > number:
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
