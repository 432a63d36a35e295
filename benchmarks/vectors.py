"""Golden vectors: 3,000 judged in process, and as pytest items beside as many parametrised ones.

In process is `Runner.run` over all golden vectors, as `alipay-qr check --python` runs them; the time is scaled to
3,000. Every event is read and every verdict is looked at. The subject takes its signs from a table: what is
measured is the kit, and not RSA.

As pytest items: a whole run of ``pytest --alipay-python ... -k ...`` in an empty folder, start and exit included,
beside a test file that parametrises over the same cases and lets the engine judge each. Python keeps the byte code of
both, as it does for everybody whose environment does not forbid it; the first run of each makes it and is not counted.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from alipay_qr_conformance.checks import vectors as golden
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.subjects import PythonTransport, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
from alipay_qr_conformance.testbed.case import cases_of
from alipay_qr_conformance.vectors.load import load

ROUNDS = 5
JUDGED = 3000
CASES = [case for case in cases_of(golden, plan(RunOptions())) if not case.setup.keys_of]
NAMES = {case.name for case in CASES}
RIGHT = {
    (str(each.inputs["params"]), each.inputs["charset"], each.inputs["sign_type"]): each.steps.get("sign")
    for name in golden.SIGNS
    for each in load(name)
    if each.id in NAMES
}


class Knows(ReferenceAdapter):
    """Signs from a table: what is measured is the kit, not the subject's RSA."""

    def sign(self, params: list[list[str | None]], charset: str, sign_type: str) -> dict[str, str]:
        found = RIGHT.get((str(params), charset, sign_type))
        return {"sign": found} if found else super().sign(params, charset, sign_type)


def in_process() -> tuple[float, float]:
    """Seconds for `JUDGED` vectors: by the clock, and of the processor, which does not wait for others."""
    runner = Runner(Subject(PythonTransport(Knows)), plan(RunOptions(level=1)))
    runner.judge(CASES[0])
    start, began = time.perf_counter(), time.process_time()
    found = [str(event.result.verdict) for event in runner.run(CASES) if isinstance(event, CaseFinished)]
    spent = time.perf_counter() - start, time.process_time() - began
    runner.close()
    assert found == ["pass"] * len(CASES)
    return spent[0] * JUDGED / len(CASES), spent[1] * JUDGED / len(CASES)


def under_pytest() -> tuple[int, list[list[float]]]:
    """Seconds of each round: of our items, and of as many parametrised tests that ask the same object the same."""
    with tempfile.TemporaryDirectory() as folder:
        count = len(list(cases_of(golden, plan(RunOptions()))))
        test = Path(folder) / "test_same.py"
        test.write_text(
            "import pytest\n"
            "from alipay_qr_conformance.checks import vectors as golden\n"
            "from alipay_qr_conformance.testbed.case import cases_of\n"
            "from alipay_qr_conformance.engine.runner import Runner\n"
            "from alipay_qr_conformance.subjects.reference import ReferenceAdapter\n"
            "from alipay_qr_conformance.subjects import PythonTransport, Subject\n"
            "from alipay_qr_conformance.engine.setup import RunOptions, plan\n"
            "CASES = list(cases_of(golden, plan(RunOptions())))\n"
            "RUNNER = Runner(Subject(PythonTransport(ReferenceAdapter)), plan(RunOptions(level=1)))\n"
            "@pytest.mark.parametrize('case', CASES, ids=[case.id for case in CASES])\n"
            "def test_case(case):\n    assert str(RUNNER.judge(case).verdict) == 'pass'\n"
        )
        subject = "alipay_qr_conformance.subjects.reference:ReferenceAdapter"
        words = "(presign- or md5- or rsa- or rsa2- or notification-) and not response"
        fixed = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        ours = [*fixed, "--alipay-python", subject, "--alipay-level", "1", "-k", words]
        kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        kept["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        times = [[], []]
        for _ in range(1 + ROUNDS):
            for column, (command, where) in enumerate(((ours, "empty"), ([*fixed, str(test)], "."))):
                place = Path(folder) / where
                place.mkdir(exist_ok=True)
                start = time.perf_counter()
                subprocess.run(command, cwd=place, check=True, capture_output=True, env=kept)
                times[column].append(time.perf_counter() - start)
        return count, [column[1:] for column in times]


if __name__ == "__main__":
    seconds, busy = map(median, zip(*(in_process() for _ in range(ROUNDS)), strict=True))
    print(
        f"{JUDGED} vectors judged in process: {seconds:.2f} s (limit 0.5), "
        f"{busy:.2f} s of the processor: ratio {seconds / 0.5:.2f}"
    )
    count, (ours, theirs) = under_pytest()
    part = median(one / other for one, other in zip(ours, theirs, strict=True))
    print(
        f"{count} items {median(ours):.2f} s, as many parametrised {median(theirs):.2f} s "
        f"(limit 0.9): ratio of each round, median {part:.2f}"
    )
