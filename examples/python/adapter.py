"""Connects the shop of this folder to the kit: one JSON object a line, in and out. No verdicts here."""

import base64
import json
import platform
import sys
import traceback
from datetime import UTC, datetime

from ledger import Ledger
from merchant import Merchant
from signing import Account, Refused, presign, sign, verify
from test_account import TEST_ACCOUNT

OPERATIONS = "hello configure reset presign sign verify expect create_qr_code cancel refund notify trade".split()
ORDER = (
    "partner_trans_id partner_refund_id refund_amount currency refund_reason is_sync alipay_trans_id notify_url"
    " gateway_url"
).split()


class Unsupported(Exception):
    pass


class Adapter:
    def __init__(self):
        self.account = TEST_ACCOUNT
        self.now = None
        self.reset()

    def answer(self, request):
        op = request.get("op")
        self.now = request.get("now")
        try:
            if op not in OPERATIONS:
                raise Unsupported(f"unknown operation {op}")
            return {"result": getattr(self, op)(**request.get("args") or {})}
        except Refused as refused:
            return {"refused": {"reason": str(refused)}}
        except Unsupported as unsupported:
            return {"unsupported": {"reason": str(unsupported)}}
        except BaseException as error:  # sys.exit() in the shop, too
            return {"error": {"message": repr(error), "traceback": traceback.format_exc()}}

    def hello(self, protocol, **_):
        if protocol != "1":
            raise Unsupported("this adapter speaks protocol 1")
        return {
            "protocol": "1",
            "name": "example shop in Python",
            "version": "1.0",
            "language": "Python",
            "operations": OPERATIONS,
            "sign_types": ["MD5", "RSA", "RSA2"],
            "charsets": ["UTF-8", "GBK", "GB2312"],
            "clock": True,
            "parallel": True,
            "features": ["https"],
            "runtime": platform.python_version(),
        }

    def configure(self, merchant_private_key, alipay_public_key, gateway_timeout, gateway_ca_pem=None, **settings):
        names = ("partner", "sign_type", "charset", "md5_key", "gateway_url", "notify_url")
        self.account = Account(
            **{name: settings[name] for name in names},
            private_key=merchant_private_key["pkcs8_pem"],
            alipay_public_key=alipay_public_key["pem"],
            timeout=float(gateway_timeout),
            ca_pem=gateway_ca_pem,
        )
        return self._open()

    def reset(self, **_):
        self.ledger = Ledger()
        return self._open()

    def _open(self):
        self.merchant = Merchant(self.account, self.ledger, self._clock)
        return {}

    def _clock(self):
        return datetime.fromisoformat(self.now) if self.now else datetime.now(UTC)

    def presign(self, params, charset, **_):
        return {"base64": base64.b64encode(presign(params, charset)).decode("ascii")}

    def sign(self, params, charset, sign_type, **_):
        return {"sign": sign(self.account, params, charset, sign_type)}

    def verify(self, params, charset, **_):
        return {"valid": verify(self.account, params, charset)}

    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None, **_):
        self.merchant.expect(out_trade_no, qrcode, total_fee, currency)
        return {}

    def create_qr_code(self, biz_data, notify_url=None, gateway_url=None, **_):
        return self.merchant.create_qr_code(biz_data, notify_url, gateway_url)

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, **_):
        return self.merchant.cancel(out_trade_no, trade_no, gateway_url)

    def refund(self, **args):
        return self.merchant.refund(**{name: args[name] for name in ORDER if name in args})

    def notify(self, body_base64, method="POST", **_):
        return {"reply": self.merchant.notify(method, base64.b64decode(body_base64))}

    def trade(self, out_trade_no, **_):
        return self.merchant.trade(out_trade_no)


if __name__ == "__main__":
    adapter = Adapter()
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **adapter.answer(request)}), flush=True)
