"""The engine: runs cases against a subject and emits one stream of events.

It imports no test framework. Reports, the pytest plugin and the command line are consumers of its
events; secrets are taken out before an event leaves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any, Final, NoReturn

from alipay_qr.errors import AmountError, Unencodable
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine import clock_probe, preflight
from alipay_qr_conformance.engine.beside import Beside
from alipay_qr_conformance.engine.culprits import Court
from alipay_qr_conformance.engine.events import CaseFinished, Event, RunFinished, RunStarted
from alipay_qr_conformance.engine.gaps import Gap, cannot_be_said, costs_no_level, gap
from alipay_qr_conformance.engine.order import Order
from alipay_qr_conformance.engine.preconditions import hold
from alipay_qr_conformance.engine.probes import expect_evidence
from alipay_qr_conformance.engine.second import Second
from alipay_qr_conformance.engine.view import ThroughAdapter, View
from alipay_qr_conformance.model.outcomes import Blocked, Failed, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.plan import Plan, Question, Setup
from alipay_qr_conformance.model.redaction import Redactor
from alipay_qr_conformance.model.requirements import LEVELS
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Text, Verdict
from alipay_qr_conformance.rules.wrong_sign import Searches
from alipay_qr_conformance.subjects import AdapterFault, Answer, Hello, NotSupported, Result, Subject
from alipay_qr_conformance.subjects.answers import in_words, said
from alipay_qr_conformance.subjects.message import clip
from alipay_qr_conformance.subjects.transport import WINDOW
from alipay_qr_conformance.testbed.answering import Answering, OverAdapter
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.evidence import since
from alipay_qr_conformance.testbed.gateway_client import GatewayTarget
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Prefetched, Testbed
from alipay_qr_conformance.vectors.load import KEY_SETTINGS, find

__all__ = ["AHEAD", "CaseFinished", "RunFinished", "RunStarted", "Runner"]

AHEAD: Final = 2 * WINDOW
"""How many cases' questions are asked together: more would only let people wait for the first verdict."""
_LONGEST_EVIDENCE: Final = 65536
"""Characters; an answer may have sixteen million, and every report of a run would carry them."""


class Runner:
    """Runs single cases against one subject, which it configures as each case asks.

    Args:
        subject: the implementation under test, not yet greeted.
        keys: partner and keys; the published test account by default.
        plan: seed, depth, profile, policy, role.
        target: the gateway under test, where that is the role.
        answering: how operations reach the subject; over an adapter by default.
        view: what can be seen of it; everything by default.
        no_clock: why the clock of the subject's process cannot be moved, where that was wished for.

    Raises:
        AdapterFault: at the first case, where the adapter does not come up.
    """

    def __init__(
        self,
        subject: Subject,
        plan: Plan,
        keys: TestKeys | None = None,
        *,
        no_clock: Text | None = None,
        target: GatewayTarget | None = None,
        answering: Answering | None = None,
        view: View | None = None,
    ) -> None:
        self.subject = subject
        self.plan = plan
        self.keys = keys or TestKeys()
        self.target = target
        self.answering = answering or OverAdapter()
        self.view = view or ThroughAdapter()
        self.redactor = Redactor((*self.keys.secrets(), *([target.token] if target and target.token else ())))
        self._drawn = (
            TestKeys.drawn(plan.seed) if plan.role == "merchant" and self.keys == TestKeys() else None
        )
        self._setup: Setup | None = None
        self._refused: set[Setup] = set()
        self._ahead: dict[str, Prefetched] = {}
        """By case: what was asked before its turn."""
        self._cannot_configure = self._looked = False
        self._unlisted: tuple[str, ...] = ()
        self._searches = Searches()
        self._written = ""
        """What the adapter had written beside its answers when the present case began."""
        self._no_clock = no_clock or message("needs.clock")
        self.second = Second()

    @cached_property
    def hello(self) -> Hello:
        """What the subject says about itself, and whether its process follows the clock that it was given."""
        if self.subject.clock is not None and self.subject.hello().clock:
            self.subject.drop_clock()  # it is told the time, and may measure its waits by the wall clock
        elif self.subject.clock is not None:
            self._try_the_clock()
        self.view.look(self.testbed)
        hello = self.testbed.hello = self.subject.hello()
        self.testbed.plan = replace(self.plan, said=hello.currencies)
        return hello

    @cached_property
    def testbed(self) -> Testbed:
        """What the cases of this run use."""
        return Testbed(
            subject=self.subject,
            hello=self.subject.hello(),
            keys=self.keys,
            plan=self.plan,
            answering=self.answering,
            target=self.target,
        )

    def cases(self) -> list[Case]:
        """Return the cases of the plan."""
        return [*all_cases(self.plan), *self.view.more_cases(self.plan, every=False)]

    def every_case(self) -> list[Case]:
        """Return the cases of every level, whether the plan has them or not: what a list may name."""
        whole = replace(self.plan, level=max(LEVELS))
        return [*all_cases(whole), *self.view.more_cases(whole, every=True)]

    def run(self, cases: Sequence[Case] | Order) -> Iterator[Event]:
        """Run cases in the order that finds soonest what is wrong; yield events as they happen."""
        order = cases if isinstance(cases, Order) else Order(cases)
        court, number = Court(self.judge, self.every_case), 0
        self.second.start(order.known)
        yield RunStarted(self.hello, self.plan, order.total)
        self.preflight(order.known)
        beside = Beside(self.testbed, self._beside)
        self.second.begin()
        for place, case in enumerate(order, 1):
            passed = self.second.passed(case, place - 1, self.testbed) or beside.passed(case, order.whole)
            with self.second.silent(case):
                heard = court.hears(case, passed or self.judge(case, order.known[place : place + AHEAD]))
            if heard is not None:
                number += 1
                yield CaseFinished(number, order.total, heard)
        yield from court.settles(number, order.total)
        self.close()  # how the adapter leaves is a remark too
        told = self.testbed.booking.warnings(), self._searches.remarks()
        warnings = [*self._unlisted, *self.subject.warnings, *self.second.warnings, *chain(*told)]
        yield RunFinished(tuple(map(self.redactor.text, warnings)), tuple(court.faults))

    def preflight(self, cases: Sequence[Case]) -> None:
        """Look whether the set-up is right, once, before a verdict; see `engine.preflight`.

        Raises:
            AdapterFault: it is not.
        """
        hello, bed = self.hello, self.testbed
        if self._looked or self.plan.role == "gateway":
            return
        self._looked, drawn = True, bed.number
        bed.setup = Setup().for_subject(hello.sign_types, hello.charsets)
        self._unlisted = preflight.look(bed, cases, self._can_be_told)
        if bed.number != drawn:  # it has trades of this
            self._setup = None

    def _can_be_told(self) -> bool:
        """Configure the subject; say whether it can be configured."""
        self._prepare(self.testbed.setup)
        return self._configurable

    def judge(self, case: Case, upcoming: Sequence[Case] = ()) -> CaseResult:
        """Run one case; whatever happens in it ends as a verdict, except a fault of the kit itself.

        Args:
            case: what to run.
            upcoming: cases that will be run after it for certain: the subject may be asked now what they ask.
        """
        self.hello  # noqa: B018 (what it finds decides how a case is asked)
        case = self._for_subject(self.view.adapted(case))
        result = self._attempt(case, self._prefetched(case, upcoming))
        if result.verdict is Verdict.FAIL and not case.once_only and not self.second.is_here:
            again = self._attempt(case, again=True)
            if again.verdict is Verdict.PASS and result.finding:
                detail = message("subject.unstable")
                finding = replace(result.finding, verdict=Verdict.UNSTABLE, detail=detail)
                return replace(result, verdict=Verdict.UNSTABLE, finding=finding)
        return result

    def close(self) -> None:
        """Stop the gateway and the adapter; where nothing was started, nothing is started for this."""
        with self.second.ended():
            (self.testbed if "testbed" in self.__dict__ else self.subject).close()

    def _try_the_clock(self) -> None:
        try:
            hello = self.subject.hello()
            self.testbed.setup = Setup().for_subject(hello.sign_types, hello.charsets)
            self._prepare(self.testbed.setup)
            gap = clock_probe.why_not(self.testbed)
        except NoUsableAnswer:
            gap = message("clock.not-told", ops="configure")
        if gap is None:
            self.subject.follows_clock()
        else:
            self.subject.drop_clock()
            self._no_clock = gap
        self.testbed.hello = self.subject.hello()

    def _beside(self, case: Case) -> Case | None:
        """Return a case as it is asked in the present setup; None where it is not asked in it."""
        case = self._for_subject(self.view.adapted(case))
        other = self._configurable and case.setup != self._setup
        seen = self.hello.faketime or self.testbed.on_exchange
        unowned = not self.answering.unowned.isdisjoint(case.needs)
        return None if other or seen or unowned or self._gap(case) is not None else case

    def _account(self, setup: Setup) -> TestKeys:
        """Return partner and keys for a setup: drawn by the seed, where they can be told to the subject."""
        if setup.another:
            return self._account(replace(setup, another=False)).another()
        return (self._drawn if self._configurable and not setup.published else None) or self.keys

    def _for_subject(self, case: Case) -> Case:
        setup = case.setup.for_subject(self.hello.sign_types, self.hello.charsets)
        if setup.published and (self._drawn is None or not self.plan.seed):
            setup = replace(setup, published=False)  # the run has that account anyway
        return case if setup == case.setup else replace(case, setup=setup)

    def _prefetched(self, case: Case, upcoming: Sequence[Case]) -> Prefetched | None:
        """Return the answer to what a case asks for certain, where it may be asked together with others.

        The first case of a setup asks by itself: it configures, and tries what the others build on.
        Who had to be started again is asked one by one from then on, so that each fault meets its own case.
        """
        if case.asks is None:
            return None
        if self._configurable and case.setup != self._setup:
            self._ahead.clear()
            return None
        if case.id not in self._ahead and upcoming and not self.subject.restarts:
            self._prefetch(case.setup, [case, *upcoming])
        return self._ahead.pop(case.id, None)

    def _prefetch(self, setup: Setup, cases: Iterable[Case]) -> None:
        self.testbed.setup = setup
        questions: dict[str, Question] = {}
        for case in map(self._for_subject, cases):
            if case.asks is None or case.setup != setup or len(questions) == AHEAD:
                break
            if case.id in self._ahead or self._gap(case) is not None:
                continue
            if (question := case.asks(self.testbed)) is not None:
                questions[case.id] = question
        if not questions:
            return
        came = self.testbed.prefetch([*questions.values()])
        self._ahead |= {name: each for name, each in zip(questions, came, strict=True) if each is not None}

    def _attempt(
        self, case: Case, prefetched: Prefetched | None = None, *, again: bool = False
    ) -> CaseResult:
        base = CaseResult(case.requirement, case.name, Verdict.PASS)
        gap = None if prefetched else self._gap(case)
        try:
            if gap is None:
                could = self._configurable
                self._prepare(case.setup)
                if could != self._configurable:
                    gap = self._gap(case)  # configure turned out to be missing
            if gap is not None:
                return replace(base, verdict=Verdict.UNSUPPORTED, reason=gap.reason, optional=gap.optional)
            self.testbed.setup, self.testbed.prefetched, self.testbed.owner = case.setup, prefetched, case.id
            self.testbed.evidence.begin(case.requirement, case.id)
            self._written = self.subject.evidence()
            hold(case, self.testbed)
            case.run(self.testbed)
            expect_evidence(self.testbed, case.needs)
        except Failed as broken:
            if not case.once_only:
                self.testbed.memo.forget(case.id)
            bare = again or self.second.is_here
            return replace(base, verdict=Verdict.FAIL) if bare else self._broken(base, broken)
        except Blocked as blocked:
            reason = self._clean(blocked.reason)
            return replace(base, verdict=Verdict.BLOCKED, reason=reason, blames=blocked.blames)
        except Unsupported as cannot:
            optional = costs_no_level(cannot, case, self.hello)
            reason = self._clean(cannot.reason)
            return replace(base, verdict=Verdict.UNSUPPORTED, reason=reason, optional=optional)
        except (AmountError, Unencodable) as unsayable:
            why = cannot_be_said(unsayable, self.testbed, self.view)
            if why is None:
                raise
            return replace(base, verdict=Verdict.UNSUPPORTED, reason=why, optional=True)
        except NoUsableAnswer as stopped:
            evidence = {**stopped.evidence, "stderr": self.subject.evidence()}
            return self._found(base, stopped.verdict, stopped.detail, evidence)
        return base

    def _broken(self, base: CaseResult, broken: Failed) -> CaseResult:
        said = {"stderr": since(self._written, self.subject.evidence())}
        evidence = {**self.testbed.evidence.shown(), **broken.evidence, **said}
        result = self._found(base, Verdict.FAIL, broken.detail, evidence)
        if result.finding is None:
            return result
        finding = replace(result.finding, keyword=broken.keyword)
        if broken.diagnosis is not None:
            finding = replace(finding, diagnosis=self._clean(broken.diagnosis))
        wrong_sign, keys = broken.wrong_sign, self.testbed.keys
        if wrong_sign is not None and (found := self._searches.explained(wrong_sign, keys)) is not None:
            finding = replace(finding, diagnosis=self._clean(found.text), mistakes=found.mistakes)
        return replace(result, finding=finding)

    def _clean(self, text: Text) -> Text:
        return Text(*(self._without_port(self.redactor.text(each)) for each in text))

    def _without_port(self, text: str) -> str:
        """The port of the gateway differs from run to run; the report must not."""
        address = self.testbed.address
        return text.replace(address, "http://127.0.0.1:<port>") if address else text

    def _found(
        self, base: CaseResult, verdict: Verdict, detail: Text, evidence: dict[str, Any]
    ) -> CaseResult:
        clean = {
            label: self._without_port(self.redactor.text(clip(text, _LONGEST_EVIDENCE)))
            for label, text in evidence.items()
            if text
        }
        sentence = self._clean(detail)
        finding = Finding(base.requirement, base.case, verdict, sentence, clean)
        return replace(base, verdict=verdict, reason=sentence, finding=finding)

    def _gap(self, case: Case) -> Gap | None:
        """Say why this subject cannot be asked this, if so."""
        return gap(case, self.testbed, self.view, self._no_clock, configurable=self._configurable)

    @property
    def _configurable(self) -> bool:
        return self.subject.supports("configure") and not self._cannot_configure

    def _prepare(self, setup: Setup) -> None:
        """Configure the subject, unless it is already.

        Raises:
            AdapterFault: it does not take its first configuration, so that nothing can follow.
            NoUsableAnswer, Blocked: it took others but not this one: one case pays, the rest is not judged.
        """
        if setup.another and setup != self._setup:
            self._prepare(former := replace(setup, another=False))
            self.testbed.former = self._account(former)
        self.testbed.keys = self._account(setup)
        if self._setup == setup or not self._configurable:
            return
        if setup in self._refused:
            raise Blocked("see.configure", setup=setup)
        settings = {
            **self.testbed.keys.settings(setup.sign_type),
            "sign_type": setup.sign_type,
            "charset": setup.charset,
            "gateway_url": self.testbed.gateway_url,
            **self.testbed.addressed({"notify_url": NOTIFY_URL}),
            "gateway_timeout": "1",
        }
        if not {"https", "https_only"}.isdisjoint(self.testbed.hello.features):
            settings["gateway_ca_pem"] = self.testbed.tls.ca_pem.decode("ascii")
        if setup.padded_key:
            settings["md5_key"] += "\n"
        if setup.keys_of:
            inputs = find(*setup.keys_of).inputs
            settings |= {name: inputs[name] for name in KEY_SETTINGS if name in inputs}
        answer = self.subject.configure(settings)
        if isinstance(answer, NotSupported):
            self._cannot_configure = True
            self.testbed.keys = self.keys
            return
        if not isinstance(answer, Result) and not setup.padded_key:
            self._setup = None
            self._refuse(setup, answer)
        self.subject.reset()
        self.testbed.configured = answer
        self._setup = setup

    def _refuse(self, setup: Setup, answer: Answer) -> NoReturn:
        if self.testbed.configured is None:
            raise AdapterFault(
                f"the adapter did not take its configuration: {in_words(answer)}",
                code="adapter.configure",
                hint="answer configure with an empty result",
                evidence=self.subject.evidence(),
            )
        self._refused.add(setup)
        self.testbed.sort_out("configure", {"setup": str(setup)}, answer)  # raises where there is no answer
        text = message("adapter.configure", setup=setup, text=said(answer))
        raise NoUsableAnswer(Verdict.GARBLED, text, {"operation": "configure", "answer": in_words(answer)})
