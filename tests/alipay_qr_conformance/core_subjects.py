"""Small subjects for the tests of the kit's core: the reference merchant with something bent."""

import threading
import time

from alipay_qr_conformance import Refused, Unsupported
from alipay_qr_conformance.subjects.reference import ReferenceAdapter

__all__ = ["CATALOGUE", "limited"]


def limited(*operations, base=ReferenceAdapter, **hello):
    """Return a class: the reference merchant with these operations alone and a changed hello."""

    class Limited(base):
        def hello(self, protocol="1", **rest):
            said = super().hello(protocol, **rest)
            if operations:
                said["operations"] = ["hello", *operations]
            said["limits"] = {}
            return said | hello

    return Limited


class Empty:
    """Answers hello, lists everything, and does nothing."""

    def hello(self, **_):
        everything = ["configure", "reset", "presign", "sign", "verify", "expect", "create_qr_code"]
        return {
            "protocol": "1",
            "name": "empty",
            "version": "0",
            "language": "Python",
            "operations": [*everything, "cancel", "refund", "notify", "trade"],
            "sign_types": ["MD5", "RSA", "RSA2"],
            "charsets": ["UTF-8", "GBK", "GB2312"],
            "clock": True,
            "parallel": False,
        }

    def __getattr__(self, name):
        def unsupported(**_):
            raise Unsupported("not written yet")

        return unsupported


class OneGateway(ReferenceAdapter):
    """Cannot send to another gateway than the configured one."""

    def hello(self, protocol="1", **rest):
        return super().hello(protocol, **rest) | {"parallel": False}

    def create_qr_code(self, biz_data, notify_url, now=None):
        return super().create_qr_code(biz_data=biz_data, notify_url=notify_url, now=now)

    def cancel(self, out_trade_no, trade_no=None, now=None):
        return super().cancel(out_trade_no, trade_no, now=now)

    def refund(self, now=None, **args):
        args.pop("gateway_url", None)
        return super().refund(now=now, **args)


class RefusesGbk(ReferenceAdapter):
    def configure(self, **settings):
        if settings["charset"] == "GBK":
            raise Refused("no GBK table on this machine")
        return super().configure(**settings)


class UpperCaseHex(ReferenceAdapter):
    def sign(self, params, charset, sign_type):
        found = super().sign(params, charset, sign_type)
        return {"sign": found["sign"].upper()} if sign_type == "MD5" else found


class Deaf(ReferenceAdapter):
    """Acknowledges nothing, genuine or not."""

    def notify(self, **args):
        return {"reply": "fail"}


class Unstable(ReferenceAdapter):
    """Signs every other time."""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def sign(self, params, charset, sign_type):
        self.calls += 1
        return {"sign": "0" * 32} if self.calls % 2 else super().sign(params, charset, sign_type)


class Sleeps(ReferenceAdapter):
    def sign(self, **args):
        time.sleep(30)


class SleepsWhereRefunded(ReferenceAdapter):
    """Never answers a refund that the gateway has seen."""

    def refund(self, now=None, **args):
        super().refund(now=now, **args)
        threading.Event().wait(30)


class Terminal(ReferenceAdapter):
    """Writes to the reader's terminal wherever it can."""

    STEERING = "\x1b[2J\x1b]0;owned\x07\u202egnp\u2066 \r[x] Level 4\n[x] Level 4 reached\x00"

    def hello(self, protocol="1", **rest):
        return super().hello(protocol, **rest) | {"name": self.STEERING}

    def sign(self, **args):
        raise RuntimeError(self.STEERING)

    def presign(self, **args):
        raise Unsupported(self.STEERING)


class AdapterIsBroken(ReferenceAdapter):
    """Its methods do not fit the protocol: a fault of the adapter, not of the merchant."""

    def sign(self):
        return {}


class NoConfigure(limited("reset", "presign", "sign", "verify")):
    """Uses the published account, and cannot be told another."""

    configure = None


CATALOGUE = {
    "sign-only": limited("sign", "configure", "reset"),
    "md5-only": limited(sign_types=["MD5"]),
    "rsa-only": limited(sign_types=["RSA"]),
    "utf8-only": limited(charsets=["UTF-8"]),
    "no-clock": limited(clock=False),
    "no-configure": type(
        "NoConfigure", (limited("reset", "presign", "sign", "verify"),), {"configure": None}
    ),
    "no-trade": limited(
        *["configure", "reset", "presign", "sign", "verify", "create_qr_code", "cancel", "refund", "notify"]
    ),
    "no-expect": limited(
        *["configure", "reset", "sign", "create_qr_code", "cancel", "refund", "notify", "trade"]
    ),
}


def __getattr__(name):
    """Make ``core_subjects:md5_only`` of the catalogue."""
    try:
        return CATALOGUE[name.replace("_", "-")]
    except KeyError:
        raise AttributeError(name) from None
