"""Run one merchant as an adapter process: ``python over_stdio.py NAME [MODULE]``, one JSON object a line.

``MODULE`` is where it stands; the reference merchant needs none. With ``--system-clock`` at the end it cannot be told
the time, and reads the clock of its system. One whose hello says ``parallel`` answers many calls at once.
"""

import inspect
import json
import sys
import threading
import traceback
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alipay_qr_conformance.subjects import Refused, Unsupported  # noqa: E402
from faulty.reference import MERCHANTS, Healthy  # noqa: E402


SYSTEM_CLOCK = sys.argv[-1] == "--system-clock"


def answer(shop, request):
    op, args = request["op"], dict(request.get("args") or {})
    if op not in shop.operations:
        return {"unsupported": {"reason": f"unknown operation {op}"}}
    now = datetime.now(UTC).isoformat() if SYSTEM_CLOCK else request.get("now")
    if now and op in ("create_qr_code", "cancel", "refund", "notify"):
        args["now"] = now
    args.pop("kit", None)
    if op == "verify" and "source" not in inspect.signature(shop.verify).parameters:
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


def main(name, module=None, *_):
    if module and not module.startswith("--"):
        import_module(module)
    shop = MERCHANTS.get(name, Healthy)()

    def reply(request):
        said = answer(shop, request)
        text = json.dumps({"id": request["id"], **said})
        if hasattr(shop, "answer_line"):
            text = shop.answer_line(request, text)
        if text is not None:
            sys.stdout.write(f"{text}\n")  # at once: threads must not part a line from its end
            sys.stdout.flush()
        return said

    many = False
    for line in sys.stdin:
        request = json.loads(line)
        if many:
            threading.Thread(target=reply, args=(request,)).start()
        else:
            said = reply(request)
            many = request["op"] == "hello" and said.get("result", {}).get("parallel", False)


if __name__ == "__main__":
    main(*sys.argv[1:])
