"""Merchants whose process gives out: it hangs, dies, stays silent or answers nonsense; see `verdict`."""

import os
import sys
import time

from faulty.reference import Healthy, fault, harmless


class Process(Healthy):
    """A merchant that runs behind stdin and stdout."""

    own_process = True

    def answer_line(self, request, answer):
        """The line that goes out, or None for silence."""
        return answer


@fault("dies of a notification of more than a megabyte", "notify.hostile")
class DiesOfLongBody(Process):
    verdict = "crash"

    def notify(self, **args):
        if len(args["body_base64"]) > 1_000_000:
            os._exit(137)
        return super().notify(**args)


@fault("dies of an answer whose elements are nested deeply", "response.hostile")
class DiesOfDepth(Process):
    verdict = "crash"

    def xml(self, data):
        if data.count(b"<a>") > 1000:
            os._exit(139)
        return super().xml(data)


@fault("hangs when it is to sign a value between tabs", "sign.value.whitespace")
class HangsOnTab(Process):
    verdict = "hang"

    def make_sign(self, params, charset, sign_type):
        if sign_type == "MD5" and any((value or "")[:1] == "\t" == (value or "")[-1:] for _, value in params):
            time.sleep(3600)
        return super().make_sign(params, charset, sign_type)


@fault("dies of a refund of 1234567.89", "request.refund.refund_amount")
class DiesOfLargeRefund(Process):
    verdict = "crash"
    only_in_order = True

    def amount_on_the_wire(self, text, currency):
        if text == "1234567.89":
            os._exit(139)
        return text


@fault("answers JSON that is cut off when it verifies a long sign", "verify.reject.bad-sign")
class GarblesLongSign(Process):
    verdict = "garbled"

    def answer_line(self, request, answer):
        given = dict(request["args"].get("params", [])) if request["op"] == "verify" else {}
        sign = given.get("sign") or ""
        return answer[: len(answer) // 2] if sign.endswith("00") and len(sign) in (34, 174, 346) else answer


@fault(
    "answers under another id when a trade is finished",
    "notify.genuine",
    "notify.status.believed",
    "notify.once.fulfilled",
    "money.refund.sum",
    "money.cancel.window",
)
class WrongIdOnFinished(Process):
    verdict = "garbled"
    finished = False

    def notify(self, **args):
        import base64

        self.finished = b"TRADE_FINISHED" in base64.b64decode(args["body_base64"])
        return super().notify(**args)

    def answer_line(self, request, answer):
        if request["op"] == "notify" and self.finished:
            return answer.replace(f'"id": {request["id"]}', f'"id": {request["id"] + 1000}')
        return answer


@fault("says nothing to a name that stands twice", "notify.reject.duplicate")
class SilentOnDuplicate(Process):
    verdict = "hang"
    twice = False

    def received(self, pairs, query):
        self.twice = pairs[0][0] == "total_fee"
        return pairs

    def answer_line(self, request, answer):
        return None if request["op"] == "notify" and self.twice else answer


@harmless("runs as a process")
class AsProcess(Process):
    pass


@harmless("prints notices before its answers, and warnings to stderr")
class NoisyProcess(Process):
    def answer_line(self, request, answer):
        if request["op"] == "sign":
            print("Notice: Undefined index: charset", file=sys.stderr)
        return answer
