"""Connects your code to alipay-qr: one JSON object a line on stdin, one on stdout.

Fill in ``sign`` first, then run the command that ``alipay-qr init`` has printed; then go down the list. What you do
not have stays as it is. Return raw values, never a verdict. Raise Refused where your own code declines an input
before anything is sent, Unsupported where it cannot do this one call; let every other exception pass. An operation
that reads no answer says {"outcome": "sent"}.
If you sign with RSA, say so in sign_types; the keys are settings["merchant_private_key"]["pkcs8_pem"] (or pkcs1_pem,
pkcs8_pem, pkcs1_base64, pkcs8_base64) and settings["alipay_public_key"]["pem"] (or pem, base64). A value for which
your code has no parameter, such as trade_no, is_sync or another notify_url, is Unsupported. With a static code Alipay
names the trade: the out_trade_no of a notification may be new to you.
"""

import json
import sys
import traceback


class Refused(Exception):
    pass


class Unsupported(Exception):
    pass  # one call alone, as in: if args.get("is_sync") == "Y": raise Unsupported("it refunds later alone")


class NotFilledIn(Exception):
    pass


class Adapter:
    settings = None  # what configure said last: partner, sign_type, charset, md5_key, merchant_private_key, ...
    now = None  # the time it is, as RFC 3339 text; if your code can be told it, say "clock": True in hello

    # --- level 1: signing ---------------------------------------------------------------------------------

    def sign(self, params, charset, sign_type, **_):
        """``params`` is a list of [name, value or None]. Add nothing to them."""
        raise NotFilledIn
        # return {"sign": my_sign(params, sign_type, self.settings["md5_key"])}

    def presign(self, params, charset, **_):
        """The text or the bytes that are signed, without the key."""
        raise NotFilledIn
        # return {"text": "..."}

    def verify(self, params, charset, source, **_):
        """Does a message hold? ``source`` is "notification" or "response"."""
        raise NotFilledIn
        # return {"valid": True}

    # --- level 2: requests, really sent to gateway_url or self.settings["gateway_url"] ----------------------

    def create_qr_code(self, biz_data, notify_url=None, gateway_url=None, **_):
        raise NotFilledIn
        # return {"outcome": "success", "qrcode": "...", "qrcode_img_url": "..."}

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, **_):
        """outcome: success, failed (nothing was done), or unknown (it may have been done)."""
        raise NotFilledIn
        # return {"outcome": "success", "action": "close"}

    def refund(self, partner_trans_id, partner_refund_id, refund_amount, currency, gateway_url=None, **optional):
        """outcome: also accepted, for an asynchronous refund that Alipay has taken."""
        raise NotFilledIn
        # return {"outcome": "failed", "code": "TRADE_NOT_EXIST"}

    # --- level 3: notifications ---------------------------------------------------------------------------

    def notify(self, body_base64, content_type, **_):
        """A POST to your notify_url; the body is base64.b64decode(body_base64)."""
        raise NotFilledIn
        # return {"reply": "success"}

    # --- level 4: money -----------------------------------------------------------------------------------

    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None, **_):
        """Your shop now awaits this payment."""
        raise NotFilledIn
        # return {}

    def trade(self, out_trade_no, **_):
        """What your books say: none, waiting, paid, partly_refunded, refunded, cancelled, closed or undecided."""
        raise NotFilledIn
        # return {"state": "paid", "paid": "10.00", "currency": "USD", "refunded": "0.00", "fulfilled": "1"}

    def reset(self, **_):
        """Forget all trades; keep the settings."""
        return {}

    # --- what your code can do: add each operation here once it is filled in ------------------------------------

    FILLED_IN = ["hello", "configure", "reset"]

    # --- nothing to fill in below, but see sign_types, charsets and clock in hello --------------------------

    OPERATIONS = (
        "hello configure reset sign presign verify create_qr_code cancel refund notify expect trade".split()
    )

    def hello(self, protocol, **_):
        if protocol != "1":
            raise Unsupported("this adapter speaks protocol 1")
        return {
            "protocol": "1",
            "name": "my shop",
            "version": "0",
            "language": "Python",
            "operations": self.FILLED_IN,
            "sign_types": ["MD5"],
            "charsets": ["UTF-8"],
            "clock": False,
            "parallel": False,
        }

    def configure(self, **settings):
        self.settings = settings
        return {}

    def answer(self, request):
        op, self.now = request["op"], request.get("now")
        try:
            if op not in self.OPERATIONS:
                raise Unsupported(f"unknown operation {op}")
            return {"result": getattr(self, op)(**request.get("args") or {})}
        except NotFilledIn:
            reason = f"{op} in adapter.py is not filled in yet; begin with sign, and list it in FILLED_IN"
            return {"unsupported": {"reason": reason}}
        except Unsupported as error:
            return {"unsupported": {"reason": str(error)}}
        except Refused as error:
            return {"refused": {"reason": str(error)}}
        except BaseException as error:  # sys.exit() in your code, too
            return {"error": {"message": repr(error), "traceback": traceback.format_exc()}}


if __name__ == "__main__":
    adapter = Adapter()
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **adapter.answer(request)}), flush=True)
