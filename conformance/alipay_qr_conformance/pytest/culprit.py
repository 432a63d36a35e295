"""What keeps a chosen case from being judged, where it was not chosen itself: it is run, and told apart."""

import pytest

from alipay_qr_conformance.engine.culprits import Court
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.model.verdicts import CaseResult, Finding
from alipay_qr_conformance.testbed.case import Case

_COURT: pytest.StashKey[Court] = pytest.StashKey()


def culprit_of(item: pytest.Item, case: Case, runner: Runner, result: CaseResult) -> Finding | None:
    """Return the finding that explains a blocked case, None where a chosen case has it, or none has.

    Args:
        item: that judged it.
        case: what was judged.
        runner: of the run.
        result: what came of it.
    """
    court = item.config.stash.setdefault(_COURT, Court(runner.judge, runner.every_case))
    if court.hears(case, result) is not None:
        return None
    found = court.culprit(result)
    chosen = {each.case.id for each in item.session.items if hasattr(each, "case")}
    return None if found is None or found.finding is None or found.finding.id in chosen else found.finding
