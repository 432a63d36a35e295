"""alipay, by lxneng: signs requests and verifies notifications, MD5 over UTF-8."""

import json
import platform
import sys
import traceback
from types import SimpleNamespace

import alipay
from alipay import Alipay

# The package asks Alipay about every notification. The answer is always "true" here: what is asked is what it
# does with a notification that Alipay has sent, and what it does with a signature that does not hold.
alipay.requests = SimpleNamespace(get=lambda *_, **__: SimpleNamespace(text="true"))


class Unsupported(Exception):
    pass


class Adapter:
    OPERATIONS = ("hello", "configure", "reset", "sign", "verify")

    def hello(self, protocol, **_):
        if protocol != "1":
            raise Unsupported("this adapter speaks protocol 1")
        return {
            "protocol": "1",
            "name": "alipay",
            "version": "0.7.4",
            "language": "Python",
            "operations": self.OPERATIONS,
            "sign_types": ["MD5"],
            "charsets": ["UTF-8"],
            "clock": False,
            "parallel": True,
            "limits": {"verify": {"sources": ["notification"]}},
            "homepage": "https://github.com/lxneng/alipay",
            "runtime": platform.python_version(),
        }

    def configure(self, partner, md5_key, **_):
        self.client = Alipay(pid=partner, key=md5_key, seller_id=partner)
        return {}

    def reset(self):
        return {}

    def sign(self, params, sign_type, **_):
        if sign_type != "MD5":
            raise Unsupported("the package offers no choice of the sign type")
        # Its URL builder signs before it adds these two; no caller gives them.
        return {
            "sign": self.client._generate_md5_sign(
                {k: v for k, v in params if k not in ("sign", "sign_type")}
            )
        }

    def verify(self, params, source, **_):
        if source != "notification":
            raise Unsupported("the package reads no signed responses")
        return {"valid": bool(self.client.verify_notify(**dict(params)))}


def answer(adapter, request):
    try:
        if request["op"] not in adapter.OPERATIONS:
            raise Unsupported(f"the package has nothing for {request['op']}")
        return {"result": getattr(adapter, request["op"])(**request.get("args") or {})}
    except Unsupported as error:
        return {"unsupported": {"reason": str(error)}}
    except Exception as error:
        return {"error": {"message": repr(error), "traceback": traceback.format_exc()}}


if __name__ == "__main__":
    adapter = Adapter()
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **answer(adapter, request)}), flush=True)
