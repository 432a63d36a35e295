"""The log of requests: each is a `LoggedRequest` with the rules that it broke.

What must be known to answer, the engine has judged; the rules are asked when somebody wants to read what
they say, and once. They are pure and the bytes are kept, so the moment of asking makes no difference. What
the doctor makes of a wrong sign comes later still, from another thread (`diagnoses`).

The rules are those of `rules.request`, which the checks use too. What a shop is configured
with is not known here, so a request is held to what it declares itself, unless the owner says otherwise.
Services beside CREATE, CANCEL and REFUND are judged by their form on the wire and by their signature.
"""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from alipay_qr.presign import CHARSETS
from alipay_qr.signing import SIGN_TYPES, RsaVerifier, Verifier
from alipay_qr_conformance.gateway import Record
from alipay_qr_conformance.model.outcomes import WrongSign
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.rules import request as rules
from alipay_qr_conformance.rules.request import ALIASES, Breach, Sent
from alipay_qr_conformance.rules.wrong_sign import Explained
from alipay_qr_conformance.sandbox.diagnoses import Diagnoses, Diagnosis

_FORM_ONLY: Final = (rules.method, rules.encoding, rules.no_duplicates)
_UNSIGNED: Final = "notify_verify"


class Expected(NamedTuple):
    """The known configuration of a shop; empty texts where it is not known."""

    sign_type: str = ""
    charset: str = ""
    profile: str = "global"


class LoggedRequest:
    """One request, its answer and the rules that it broke; ``number`` counts from 1.

    Args:
        number: its number.
        record: what the engine kept.
        judge: yields the rules that a record broke.
        ask: has a wrong sign explained.
    """

    __slots__ = ("_ask", "_breaches", "_diagnosis", "_judge", "number", "record")

    def __init__(
        self,
        number: int,
        record: Record,
        judge: Callable[[Record], Iterator[Breach]],
        ask: Callable[[WrongSign], Diagnosis],
    ) -> None:
        self.number = number
        self.record = record
        self._judge = judge
        self._ask = ask
        self._breaches: tuple[Breach, ...] | None = None
        self._diagnosis: Diagnosis | None = None

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """The rules that it broke; asked once."""
        if self._breaches is None:
            self._breaches = tuple(self._judge(self.record))
        return self._breaches

    @property
    def judged(self) -> bool:
        """Whether its breaches are known already."""
        return self._breaches is not None

    def diagnosis(self) -> Diagnosis | None:
        """Return the diagnosis of its wrong sign, which may be still to come; None if the sign is right."""
        wrong = next((each.wrong_sign for each in self.breaches if each.wrong_sign is not None), None)
        if wrong is not None and (self._diagnosis is None or self._diagnosis.cancelled()):
            self._diagnosis = self._ask(wrong)
        return self._diagnosis

    @property
    def explained(self) -> bool:
        """Whether nothing more will become known of it."""
        asked = self._diagnosis
        return all(each.wrong_sign is None for each in self.breaches) or (asked is not None and asked.done())

    @property
    def mistake(self) -> Explained | None:
        """What makes its wrong sign, if that is known by now."""
        asked = self._diagnosis
        if asked is None or not asked.done() or asked.cancelled() or asked.exception() is not None:
            return None
        return asked.result()

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        request = self.record.request
        return 1024 + 2 * len(request.target) + len(request.body) + len(self.record.answer.body)


class RequestLog:
    """The latest requests, judged.

    Args:
        keys: of the account.
        expected: what the shop is configured with.
        most: how many requests are kept.
        most_bytes: how many bytes they may take, about.
        count: the number of the last request before these.

    Attributes:
        diagnoses: explains wrong signs; closed by the owner.
    """

    def __init__(
        self,
        keys: TestKeys,
        expected: Expected | None = None,
        *,
        most: int = 10_000,
        most_bytes: int = 64 * 1024 * 1024,
        count: int = 0,
    ) -> None:
        self.entries: deque[LoggedRequest] = deque()
        self._keys = keys
        self._expected = expected or Expected()
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._count = count
        self.diagnoses = Diagnoses(keys)
        self._verifiers = {name: self._verifier(name) for name in SIGN_TYPES}

    def add(self, record: Record) -> LoggedRequest:
        """Keep a request that was answered; it is judged when somebody asks."""
        self._count += 1
        logged = LoggedRequest(self._count, record, self._judge, self.diagnoses.ask)
        self.entries.append(logged)
        self._bytes += logged.size
        while len(self.entries) > self._most or (self._bytes > self._most_bytes and len(self.entries) > 1):
            self._bytes -= self.entries.popleft().size
        return logged

    def after(self, number: int, limit: int) -> list[LoggedRequest]:
        """Return the requests behind a number, oldest first; any thread may ask."""
        kept = tuple(self.entries)  # in one step: the server's thread goes on adding
        first = kept[0].number if kept else 0
        return list(islice(kept, max(0, number + 1 - first), max(0, number + 1 - first) + limit))

    def find(self, number: int) -> LoggedRequest | None:
        """Return the request of a number, if it is kept."""
        return next((each for each in self.after(number - 1, 1) if each.number == number), None)

    def forget(self) -> None:
        """Forget every request; numbers begin anew."""
        self.entries.clear()
        self._bytes = self._count = 0

    def _verifier(self, sign_type: str) -> Verifier | None:
        """Return the verifier of a sign type.

        One RSA key serves both RSA sign types, unless one is expected.
        """
        if sign_type == "MD5" or self._expected.sign_type:
            return self._keys.request_verifier(sign_type)
        key = self._keys.merchant_public("RSA")
        return RsaVerifier(key, sign_type) if key else None

    def _judge(self, record: Record) -> Iterator[Breach]:
        sent = self.sent(record)
        if record.service in ALIASES or not record.service:
            yield from rules.judge(sent)
            return
        for rule in _FORM_ONLY:
            yield from rule(sent)
        if record.service != _UNSIGNED or sent.params.get("sign"):
            yield from rules.signature(sent)

    def sent(self, record: Record) -> Sent:
        """Return a record in the form that the rules take."""
        params = record.params
        declared = params.get("_input_charset", "").upper()
        own = params.get("sign_type", "")
        sign_type = self._expected.sign_type or (own if own in SIGN_TYPES else "MD5")
        return Sent(
            request=record.request,
            reading=record.reading,
            partner=self._keys.partner,
            sign_type=sign_type,
            charset=self._expected.charset or (declared if declared in CHARSETS else "UTF-8"),
            now=record.at,
            verifier=self._verifiers[sign_type],
            profile=self._expected.profile,
        )


def keyword(breach: Breach) -> str:
    """Return the keyword of the requirement that is broken."""
    row = register().get(breach.requirement)
    return row.keyword if row else "MUST"
