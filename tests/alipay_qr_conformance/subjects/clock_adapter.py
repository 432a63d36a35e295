"""An adapter that looks at the clock of its system, whatever it is told: ``python clock_adapter.py [WORD]``.

``static``   reads the time before the library could be asked, as a program does that bypasses the C library
``mute``     sends no timestamp that could be read
``nothing``  lists no operation that sends
``told``     says that it can be told the time
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

WORD = sys.argv[1] if len(sys.argv) > 1 else ""


def now():
    if WORD == "static":
        lines = Path("/proc/stat").read_text("ascii").splitlines()
        booted = next(int(line.split()[1]) for line in lines if line.startswith("btime "))
        return booted + float(Path("/proc/uptime").read_text("ascii").split()[0])
    return time.time()


def answer(op, args):
    if op == "hello":
        sends = [] if WORD == "nothing" else ["create_qr_code"]
        return {
            "protocol": "1",
            "name": "clock",
            "version": "1",
            "language": "Python",
            "operations": ["hello", "configure", "reset", "sign", *sends],
            "sign_types": ["MD5"],
            "charsets": ["UTF-8"],
            "clock": WORD == "told",
            "parallel": False,
        }
    if op == "sign":  # any text will do
        return {"sign": f"{now():.6f} {time.monotonic() >= 0} {Path(__file__).stat().st_mtime:.0f}"}
    if op == "create_qr_code":
        stamp = (
            "later" if WORD == "mute" else datetime.fromtimestamp(now(), UTC).strftime("%Y-%m-%d %H:%M:%S")
        )
        query = urlencode({"service": "alipay.commerce.qrcode.create", "timestamp": stamp})
        with urlopen(f"{args['gateway_url']}?{query}") as came:  # noqa: S310 (the kit's own address)
            came.read()
        return {"outcome": "unknown"}
    return {}


for line in sys.stdin:
    request = json.loads(line)
    assert WORD == "told" or "now" not in request, "the time is told to subjects alone that asked for it"
    result = answer(request["op"], request.get("args") or {})
    sys.stdout.write(json.dumps({"id": request["id"], "result": result}) + "\n")
    sys.stdout.flush()
