"""Whatever reads bytes of others, under atheris, which keeps what reaches new lines: `make fuzz-guided`.

    python fuzz_guided.py                 each target, RUNS inputs
    python fuzz_guided.py reader ...      one, with further options of libFuzzer

The targets and what they begin with are those of test_fuzz.py. An input that fails or hangs is left in
the folder where this was started.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

RUNS = int(os.environ.get("FUZZ_RUNS", "20000"))
LONGEST = 10
"""Seconds by the clock: code that counts its own lines takes several times as long as test_fuzz.py allows."""

with atheris.instrument_imports(include=["alipay_qr", "alipay_qr_conformance"], enable_loader_override=False):
    import test_fuzz


def main():
    if len(sys.argv) == 1:
        failed = [name for name in test_fuzz.TARGETS if subprocess.call([sys.executable, __file__, name])]
        sys.exit(f"atheris found something in: {', '.join(failed)}" if failed else 0)
    name, *options = sys.argv[1:]
    act = test_fuzz.TARGETS[name]

    def tried(data):
        with contextlib.suppress(*test_fuzz.REFUSALS):
            act(data)

    with (
        tempfile.TemporaryDirectory() as corpus,
        test_fuzz.GATEWAY.server if name == "control API" else contextlib.nullcontext(),
    ):
        for number, seed in enumerate(test_fuzz.CALLS if name == "control API" else test_fuzz.seeds()):
            Path(corpus, str(number)).write_bytes(seed)
        runs = f"-runs={RUNS // test_fuzz.COSTLY.get(name, 1)}"
        bounds = (runs, f"-timeout={LONGEST}", "-max_len=20000")
        atheris.Setup([sys.argv[0], *bounds, *options, corpus], tried)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
