"""openunipay: verifies notifications, RSA over UTF-8. Its requests are orders of the app, another product."""

import json
import platform
import sys
import tempfile
import traceback
from pathlib import Path

from django.conf import settings

settings.configure()

from openunipay.ali_pay import security  # reads Django's settings


class Unsupported(Exception):
    pass


class Adapter:
    OPERATIONS = ("hello", "configure", "reset", "verify")

    def __init__(self):
        self.public_key = Path(tempfile.mkdtemp(prefix="openunipay-")) / "alipay_public_key.pem"

    def hello(self, protocol, **_):
        if protocol != "1":
            raise Unsupported("this adapter speaks protocol 1")
        return {
            "protocol": "1",
            "name": "openunipay",
            "version": "0.2.3",
            "language": "Python",
            "operations": self.OPERATIONS,
            "sign_types": ["RSA"],
            "charsets": ["UTF-8"],
            "clock": False,
            "parallel": True,
            "limits": {"verify": {"sources": ["notification"]}},
            "homepage": "https://github.com/panweifeng/openunipay",
            "runtime": platform.python_version(),
        }

    def configure(self, partner, alipay_public_key, **_):
        self.public_key.write_text(alipay_public_key["pem"], "ascii")
        settings.ALIPAY = {"partner": partner, "ali_public_key_pem": str(self.public_key)}
        return {}

    def reset(self):
        return {}

    def verify(self, params, source, **_):
        if source != "notification":
            raise Unsupported("the package reads no signed responses")
        return {"valid": security.verify_ali_data(dict(params))}


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
