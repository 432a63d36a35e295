"""Runs one animal as an adapter process: ``python over_stdio.py NAME``, one JSON object a line.

With ``--system-clock`` behind the name it cannot be told the time, and reads the clock of its system.
"""

import json
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import zoo.attackers  # noqa: E402
import zoo.blind_second  # noqa: E402
import zoo.bookkeepers  # noqa: E402
import zoo.crashers  # noqa: E402, F401 (registers the animals)
from alipay_qr_conformance.subjects import Refused, Unsupported  # noqa: E402
from zoo.keeper import ANIMALS, Healthy  # noqa: E402


SYSTEM_CLOCK = "--system-clock" in sys.argv[2:]


def answer(shop, request):
    op, args = request["op"], dict(request.get("args") or {})
    if op not in shop.operations:
        return {"unsupported": {"reason": f"unknown operation {op}"}}
    now = datetime.now(UTC).isoformat() if SYSTEM_CLOCK else request.get("now")
    if now and op in ("create_qr_code", "cancel", "refund", "notify"):
        args["now"] = now
    args.pop("kit", None)
    if op == "verify":
        args.pop("source", None)
    try:
        result = getattr(shop, op)(**args)
        return {"result": {**result, "clock": False} if SYSTEM_CLOCK and op == "hello" else result}
    except Refused as refused:
        return {"refused": {"reason": str(refused)}}
    except Unsupported as gap:
        return {"unsupported": {"reason": str(gap)}}
    except Exception as error:
        return {"error": {"message": repr(error), "traceback": traceback.format_exc()}}


def main(name):
    shop = ANIMALS[name]() if name in ANIMALS else Healthy()
    for line in sys.stdin:
        request = json.loads(line)
        text = json.dumps({"id": request["id"], **answer(shop, request)})
        if hasattr(shop, "answer_line"):
            text = shop.answer_line(request, text)
        if text is not None:
            print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
