"""Cases beside one another, where the subject makes each of them wait for its queue.

A shop with a queue books what it has acknowledged a while later, and hundreds of cases wait for that. They
run in threads, of which one acts at a time; who waits lets another one act, so that the subject is asked one
thing after the other, as ever. Only what passes so has passed: all else is judged once more, alone.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Final

from alipay_qr_conformance.engine.preconditions import hold
from alipay_qr_conformance.engine.probes import expect_evidence
from alipay_qr_conformance.model.verdicts import CaseResult, Verdict
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.hangs import Hangs
from alipay_qr_conformance.testbed.testbed import Testbed

MANY: Final = 32
"""How many cases wait beside one another."""

_WAITS: Final = frozenset({"notify", "refund", "cancel", "create_qr_code"})
"""Operations whose cases may have to wait."""


class Turns:
    """Lets one of many threads act; `pause` gives the turn away and takes it back."""

    def __init__(self, bed: Testbed) -> None:
        self._bed = bed
        self._lock = threading.Lock()
        self._own = threading.local()

    @contextmanager
    def of(self, bed: Testbed) -> Iterator[None]:
        """Act for a case, whose testbed is given."""
        self._own.bed = bed
        self._take()
        try:
            yield
        finally:
            self._lock.release()

    def pause(self, seconds: float) -> None:
        """Wait, and let others act meanwhile."""
        self._lock.release()
        try:
            time.sleep(seconds)
        finally:
            self._take()

    def _take(self) -> None:
        self._lock.acquire()
        self._bed.acting = self._own.bed


class Beside:
    """Runs cases beside one another, once for each setup of a subject that is waited for.

    Args:
        bed: of the run.
        adapted: returns a case as this subject is asked it; None where it cannot be asked, or needs another
            setup than the one that it has.
    """

    def __init__(self, bed: Testbed, adapted: Callable[[Case], Case | None]) -> None:
        self._bed = bed
        self._adapted = adapted
        self._tried: set[str] = set()
        self._passed: set[str] = set()

    def passed(self, case: Case, order: Callable[[], Sequence[Case]]) -> CaseResult | None:
        """Return the result of a case that passed beside others; None where it is to be judged alone.

        Args:
            case: the next one of the run.
            order: returns all cases of the run: those in the same setup run beside it.
        """
        if case.id not in self._tried and self._bed.booking.delay and self._adapted(case) is not None:
            wanted = [each for each in order() if each.id not in self._tried and _waits(each)]
            found = [each for each in map(self._adapted, wanted) if each is not None]
            self._tried |= {case.id, *(each.id for each in found)}
            if found:
                self._run(found)
        if case.id not in self._passed:
            return None
        return CaseResult(case.requirement, case.name, Verdict.PASS)

    def _run(self, cases: Sequence[Case]) -> None:
        bed, turns = self._bed, Turns(self._bed)
        starts, hangs = bed.subject.restarts, bed.hangs
        bed.hangs = Hangs()  # what hangs beside others is told, and counted, once it hangs alone

        def passes(case: Case) -> bool:
            own = bed.beside()
            with turns.of(own), suppress(Exception):  # whatever it is: alone it will show again
                own.setup, own.owner = case.setup, case.id
                own.evidence.begin(case.requirement, case.id)
                hold(case, own)
                case.run(own)
                expect_evidence(own, case.needs)
                return True
            return False

        longest_first = sorted(cases, key=lambda case: not case.once_only)
        bed.booking.pause = bed.memo.pause = turns.pause
        try:
            with ThreadPoolExecutor(MANY) as pool:
                came = list(pool.map(passes, longest_first))
        finally:
            bed.booking.pause = bed.memo.pause = time.sleep
            bed.acting, bed.hangs = None, hangs
        if not all(came):
            bed.memo.clear()  # nothing of what failed beside others is taken for granted
        if bed.subject.restarts == starts:  # who was started again has forgotten the others' trades
            self._passed |= {case.id for case, ok in zip(longest_first, came, strict=True) if ok}


def _waits(case: Case) -> bool:
    return case.asks is None and not _WAITS.isdisjoint(case.needs)
