"""The reference merchant with a part of its offer."""

from alipay_qr_conformance import Unsupported
from harmless.base import Healthy, harmless

SEED = {
    "partner": "2088021966388155",
    "sign_type": "MD5",
    "charset": "UTF-8",
    "md5_key": "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6",
    "gateway_url": "http://127.0.0.1:9/gateway.do",
    "notify_url": "https://merchant.example/alipay/notify",
}


@harmless()
class Unconfigured(Healthy):
    """Has no configure: it uses the seed's test account and signs with MD5 in UTF-8 (adapter protocol)."""

    operations = tuple(op for op in Healthy.operations if op != "configure")
    sign_types = ("MD5",)
    charsets = ("UTF-8",)
    configure = None

    def __init__(self):
        super().__init__()
        self.settings, self.timeout = dict(SEED), 1.0


@harmless()
class NoReset(Healthy):
    """Has no reset: it keeps its trades for ever (adapter protocol: what is absent is unsupported)."""

    operations = tuple(op for op in Healthy.operations if op != "reset")
    reset = None


@harmless()
class DeclinesToExpect(Healthy):
    """Answers expect with unsupported (adapter protocol: one call may be unsupported)."""

    def expect(self, **_):
        raise Unsupported("it awaits no payments")


@harmless()
class NoSynchronousRefund(Healthy):
    """Answers a REFUND with is_sync=Y with unsupported (adapter protocol; REFUND page: N is the default)."""

    def refund(self, **args):
        if args.get("is_sync") == "Y":
            raise Unsupported("it refunds asynchronously alone")
        return super().refund(**args)


@harmless()
class OwnGatewayOnly(Healthy):
    """Cannot be told another gateway for one call (adapter protocol: then parallel is false)."""

    def transmit(self, url, method, query, body):
        return super().transmit(None, method, query, body)


@harmless()
class AtOnceOnly(Healthy):
    """Answers a REFUND without is_sync=Y with unsupported (adapter protocol: one call may be unsupported)."""

    def refund(self, **args):
        if args.get("is_sync") != "Y":
            raise Unsupported("it refunds at once alone")
        return super().refund(**args)


@harmless()
class CancelsTheUnpaid(Healthy):
    """Answers a cancel of a paid trade with unsupported (Refund Flow 2: REFUND is applicable as well)."""

    def cancel(self, out_trade_no, **args):
        if self.trade_of(out_trade_no).paid_at:
            raise Unsupported("what is paid is refunded here")
        return super().cancel(out_trade_no, **args)


@harmless()
class FewWords(Healthy):
    """Tells of a trade its state and what was paid (adapter protocol: the rest may be absent)."""

    def trade(self, out_trade_no):
        found = super().trade(out_trade_no)
        return {name: found[name] for name in ("state", "paid") if name in found}
