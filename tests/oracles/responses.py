"""Responses again: read by tokens, verified by numbers, judged by tables; no code of the packages under test.

Every decision is one short method, a seam: a faulty implementation in tests/faulty overrides one of them.
"""

from decimal import Decimal

from oracles.encodings import BrokenError, LackingError
from oracles.signs import Signs
from oracles.wires import UnreadableError, Wire

NUMBERS = ("out_trade_no", "trade_no", "partner_trans_id", "alipay_trans_id", "partner_refund_id")
STUMBLED = ("SYSTEM_ERROR", "SESSION_TIMEOUT", "ILLEGAL_TARGET_SERVICE")
UNPROVED = {"result": "invalid", "outcome": "unknown"}


class Responses(Wire, Signs):
    """Answers vectors of the kind ``verify_response``."""

    def verify_response(self, inputs):
        try:
            said = self.said(bytes.fromhex(inputs["xml_hex"]))
        except (UnreadableError, BrokenError, IndexError):
            return self.without_response()
        if not said["is_success"]:
            return {**said, **self.of_gateway_error(said.get("error", ""))}
        children = [(name, value) for name, value in said.get("children", [])]
        told = {**said, **self.signed_text(children, said["charset"])} if children else self.unsigned(said)
        if not self.is_proved(children, said, inputs):
            return {**told, **UNPROVED}
        sent = dict(inputs["sent"])
        if self.is_foreign(dict(children), said["echo"], sent):
            return {**told, **UNPROVED}
        return {**told, "result": "valid", **self.business(dict(children), sent)}

    def said(self, data):
        said = super().said(data)
        root = self.tree(said["text"])
        request = [each for each in root.children if each.tag == "request"]
        params = request[0].children if request else []
        return {**said, "echo": {each.attributes.split('"')[1]: each.text for each in params}}

    def unsigned(self, said):
        return {name: value for name, value in said.items() if name != "children"}

    def signed_text(self, children, charset):
        kept = [[name, value] for name, value in children if value and name not in ("sign", "sign_type")]
        told = {"kept": kept, "sorted": sorted(kept), "presign": self.presign(children)}
        try:
            return {**told, "presign_hex": self.encodings.written(told["presign"], charset).hex()}
        except LackingError:
            return told

    # === the seams ==================================================================================

    def without_response(self):
        return dict(UNPROVED)

    def of_gateway_error(self, code):
        outcome = "unknown" if not code or self.has_stumbled(code) else "failed"
        return {"result": "invalid", "outcome": outcome, **({"code": code} if code else {})}

    def has_stumbled(self, code):
        return code in STUMBLED

    def is_proved(self, children, said, keys):
        if not children:
            return False
        params = [*children, ("sign", said.get("sign")), ("sign_type", said.get("sign_type"))]
        return self.is_genuine(params, said["charset"], keys)

    def is_foreign(self, children, echo, sent):
        if any(children[name] != sent[name] for name in NUMBERS if name in children and name in sent):
            return True
        if self.echo_differs(echo, sent) or self.money_differs(children, sent):
            return True
        return self.is_of_another_service(children, sent)

    def echo_differs(self, echo, sent):
        return any(
            echo[name] != sent[name]
            for name in (*NUMBERS, "service", "partner")
            if name in echo and name in sent
        )

    def money_differs(self, children, sent):
        if "refund_amount" not in children or "refund_amount" not in sent:
            return False
        return children["currency"] != sent["currency"] or not self.is_same_amount(
            children["refund_amount"], sent["refund_amount"]
        )

    def is_same_amount(self, one, other):
        return Decimal(one) == Decimal(other)

    def is_of_another_service(self, children, sent):
        if "biz_data" in sent:
            return "qrcode" not in children
        return not any(name in children for name in NUMBERS)

    def business(self, children, sent):
        code = children.get("detail_error_code") or children.get("error")
        told = {"code": code} if code else {}
        if code and self.has_stumbled(code):
            return {"outcome": "unknown", **told}
        if children.get("result_code") != "SUCCESS":
            return {"outcome": "failed", **told}
        return {"outcome": self.success(sent), **told}

    def success(self, sent):
        return "accepted" if "refund_amount" in sent and sent.get("is_sync") != "Y" else "success"
