"""What a window of 32 is worth: calls a second through Node and PHP, one after the other and in a window.

On a machine that is busy with other work the ratio sinks: both processes share what is left of a core, and a
core that never idles wakes faster for the next single line.

The whole run through PHP against the Python object is in runs.py.
"""

import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from side_by_side import Ratio, at_least, ratio, show

from alipay_qr_conformance.subjects import ProcessTransport, Result
from alipay_qr_conformance.subjects.transport import Call

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
ADAPTERS = {
    "Node": ("node", EXAMPLES / "javascript" / "adapter.mjs"),
    "PHP": ("php", EXAMPLES / "php" / "adapter.php"),
}
CALLS = 1600
WINDOW = 32


def calls(count: int) -> list[Call]:
    """Return MD5 signatures of one small message: what an adapter does between two lines is little."""
    params = [["service", "alipay.acquire.cancel"], ["partner", "2088021966388155"], ["out_trade_no", "T1"]]
    return [Call("sign", {"params": params, "charset": "UTF-8", "sign_type": "MD5"})] * count


def seconds(transport: ProcessTransport, work: Sequence[Call], window: int) -> float:
    """Return wall seconds for the calls; a call without a result ends the benchmark."""
    start = time.perf_counter()
    if window == 1:
        answers = [transport.call(op, args) for op, args, _ in work]
    else:
        answers = list(transport.call_many(work, window=window))
    spent = time.perf_counter() - start
    if not all(isinstance(answer, Result) for answer in answers):
        raise SystemExit(f"an answer is no result: {answers[-1]}")
    return spent


def windowed(name: str, program: str, adapter: Path, rounds: int = 9) -> Ratio:
    """Compare one call after the other with a window, round by round, in one process."""
    transport = ProcessTransport([program, str(adapter)])
    work = calls(CALLS)
    try:
        seconds(transport, work, WINDOW)  # the runtimes compile what is warm
        alone, together = [], []
        for _ in range(rounds):
            alone.append(seconds(transport, work, 1))
            together.append(seconds(transport, work, WINDOW))
    finally:
        transport.close()
    print(
        f"     {name}: {CALLS / min(alone):8.0f} calls/s one by one, {CALLS / min(together):8.0f} in a window"
    )
    what = f"{name}, {WINDOW} lines in flight, calls a second"
    return at_least(what, "one line in flight", ratio(alone, together), 5)


def main() -> int:
    """Measure and print."""
    found = []
    for name, (program, adapter) in ADAPTERS.items():
        if path := shutil.which(program):
            found.append(windowed(name, path, adapter))
        else:
            print(f"     not measured: {program} is missing")
    return show(found)


if __name__ == "__main__":
    sys.exit(main())
