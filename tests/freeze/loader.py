"""What is run to be held still: the only lines here that know where merchants and cases live.

When the code base is rearranged, these lines follow; the data does not change.
"""

import contextlib
import io
import json
import socket
import tempfile
from functools import partial
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
SLOW = ("gateway.notify", "gateway.refund.sync")
"""Cases of a gateway that wait: only who breaks them meets them."""


def command(*words, folder=None):
    """Run the command in this process, and return its exit code and what it wrote to stdout."""
    from alipay_qr_conformance.cli import main

    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        if folder is not None:
            stack.enter_context(contextlib.chdir(folder))
        code = main([*map(str, words)])
    out.flush()
    return code, out.buffer.getvalue().decode("utf-8")


def case_ids(profile, depth, level):
    """Return the ids of all cases of a profile at a depth, levels 1 to ``level``."""
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import RunOptions, plan

    return [case.id for case in all_cases(plan(RunOptions(profile=profile, depth=depth, level=level)))]


def everybody():
    """Return all whose verdicts are held: a key, and what runs them: case ids -> {case id: verdict}.

    Without case ids they meet what they meet in their own tests. The key of a merchant is its class name; a
    faulty gateway, a shop without adapter and an example shop have a word before it.
    """
    from example_shops import COMMANDS
    from faulty.gateways import GATEWAYS
    from faulty.gateways import Healthy as HealthyGateway
    from faulty.reference import Healthy
    from faulty.run import merchants
    from faulty.shops import SHOPS, Shop

    gateways = {"Healthy": HealthyGateway, **GATEWAYS}
    shops = {"Shop": Shop, **SHOPS}
    return {
        **{kind.__name__: partial(_merchant, kind) for kind in (Healthy, *merchants().values())},
        **{f"gateway {name}": partial(_gateway, kind) for name, kind in gateways.items()},
        **{f"shop {name}": partial(_shop, kind) for name, kind in shops.items()},
        **{f"example {name}": partial(_example, started) for name, started in COMMANDS.items()},
    }


def _merchant(kind, only=None):
    from faulty.run import judge, meets

    seen = judge(kind, met=meets if only is None else lambda _, case: case.id in only)
    return {
        f"{each.requirement}[{each.case}]": str(each.verdict)
        for row in seen.summary.rows
        for each in row.cases
    }


def _gateway(kind, only=None):
    """Run ``check --gateway``; of the cases that wait only those of what the gateway breaks."""
    told = sorted(each for each in kind.breaks if each.startswith(SLOW))
    chosen = " or ".join([" and ".join(f"not {each}" for each in SLOW), *(f"{each}[" for each in told)])
    depth = "default" if "money.history" in str(kind.breaks) else "quick"
    with kind() as gateway:
        words = ["--gateway", gateway.url, "--pay", gateway.pay_url, "--time-scale", "2000"]
        return _checked(*words, "--depth", depth, "-k", chosen)


def _shop(kind, only=None):
    """Run ``check --notify-url``, as the tests of the black box do."""
    quiet = all(each.startswith("notify.") for each in getattr(kind, "breaks", ("request",)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shop = kind(f"http://127.0.0.1:{port}/gateway.do")
    try:
        words = ["--notify-url", f"http://127.0.0.1:{shop.port}/notify", "--listen", port, "--settle", "0.01"]
        words += ["--watch", "0"] if quiet else [f"--drive={name}" for name in _buttons(shop)]
        return _checked(
            *words, "--depth", "quick", "-k", "notify" if quiet else "request or money or response"
        )
    finally:
        shop.close()


def _buttons(shop):
    press = f"bash {TESTS / 'faulty' / 'press.sh'} {shop.port}"
    number = [] if shop.chooses_ids else ["partner_refund_id"]
    words = [*number, "out_trade_no", "refund_amount", "currency", "refund_reason", "is_sync"]
    pairs = " ".join(f"{word}={{{word}}}" for word in words)
    return [
        f"create={press} /create",
        f"cancel={press} /cancel out_trade_no={{out_trade_no}}",
        f"refund={press} /refund {pairs}",
    ]


def _example(started, only=None):
    with tempfile.TemporaryDirectory() as folder:
        return _checked("--depth", "quick", "--", *started(Path(folder)))


def _checked(*words):
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command("check", "--json", report, *words)
        rows = json.loads(report.read_text("utf-8"))["requirements"]
    return {f"{row['id']}[{case['name']}]": case["verdict"] for row in rows for case in row["cases"]}
