"""A merchant whose every answer attacks the reader of the report, and that tells its key to everybody."""

import base64
import sys

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.events import feed
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.model.selection import selector
from alipay_qr_conformance.report.run import Collector
from alipay_qr_conformance.subjects import PythonTransport, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter

SCRIPT = "<script>window.pwned=1</script>"
VICIOUS = (
    SCRIPT + "</pre></style>\"'><img src=x onerror=window.pwned=1>```\n# heading\n[x](y)]]>\x1b[31m\u202e\x00"
)
CANARY = "canary+KEY/0123456789abcdef&<>\"'"


class Hostile(ReferenceAdapter):
    def __init__(self):
        super().__init__()
        self._key = ""

    def hello(self, **args):
        described = super().hello(**args)
        return described | dict.fromkeys(("name", "version", "language"), VICIOUS)

    def configure(self, **settings):
        self._key = settings["md5_key"]
        sys.stderr.write(f"key is {self._key}\n")
        return super().configure(**settings)

    def presign(self, params, charset):
        text = base64.b64decode(super().presign(params, charset)["base64"])
        tail = (VICIOUS + self._key + base64.b64encode(self._key.encode()).decode()).encode("ascii", "ignore")
        return {"base64": base64.b64encode(text + tail).decode()}

    def sign(self, params, charset, sign_type):
        sign = super().sign(params, charset, sign_type)["sign"]
        return {"sign": VICIOUS + self._key if charset == "GBK" else sign.upper()}

    def notify(self, body_base64, content_type, method="POST", now=None):
        super().notify(body_base64, content_type, method, now)
        return {"reply": f"success{VICIOUS}{self._key}"}

    def refund(self, now=None, **args):
        args["refund_amount"] = "0.01" if "." in args["refund_amount"] else "1"
        return super().refund(now, **args) | {"code": VICIOUS}

    def cancel(self, out_trade_no, **args):
        key = self._key
        parts = (key[:11], key[:14].upper(), key[::-1], " ".join(key), "-".join(key[9:20]))
        raise RuntimeError(VICIOUS + key + key.encode().hex() + " | ".join(parts))


CHOSEN = (
    "sign.order or sign.md5 or sign.rsa.digest or (sign.charset and gbk) or request.carried-out or "
    "request.refund.amount or notify.genuine or notify.reply or illegal.not-hidden or response.unproved"
)


def judge(subject, *, chosen=CHOSEN, keys=None, known=(), fail_on="must"):
    """Run the chosen cases against a Python object and return the run."""
    runner = Runner(Subject(PythonTransport(subject)), plan(RunOptions(depth="quick")), keys)
    every = all_cases(runner.plan)
    matches = selector(chosen)
    collector = Collector(known, fail_on=fail_on, redactor=runner.redactor)
    try:
        feed(runner.run([case for case in every if matches(case.id)]), collector)
    finally:
        runner.close()
    return collector.run("adapter.py", len(every))
