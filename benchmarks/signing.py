"""Signing and verifying against their limits and against PyPI's `alipay` (lxneng), on the same request."""

import hashlib
import sys
from collections.abc import Callable
from operator import itemgetter
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from side_by_side import Ratio, at_least, at_most, loop_times, ratio, show

from alipay_qr.account import TEST_MD5_KEY, TEST_PRIVATE_KEY_PHP
from alipay_qr.keys import load_private_key
from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaSigner, RsaVerifier, sign_params, verify_params
from alipay_qr.wire import Request, get_url, read_request

GATEWAY = "https://mapi.alipaydev.com/gateway.do"
PARAMS = {
    "service": "alipay.commerce.qrcode.create",
    "partner": "2088021966388155",
    "_input_charset": "utf-8",
    "timestamp": "2026-03-09 10:00:00",
    "notify_url": "https://merchant.example/alipay/notify?shop=7",
    "biz_type": "OVERSEASHOPQRCODE",
    "biz_data": '{"secondary_merchant_industry":"5311","secondary_merchant_id":"shop_001","secondary_merchant_name":'
    '"测试商店","store_id":"A-101","store_name":"北京 第1店","trans_currency":"USD","currency":"USD"}',
    "subject": "测试商品 (全角) 100%",
    "body": "two iphones & a case + charger",
    "out_trade_no": "2026030912345678",
    "total_fee": "12.50",
    "currency": "USD",
    "extra_common_param": "counter=7;clerk=李雷",
    "seller_id": "2088021966388155",
    "show_url": "http://www.example.com/product/113714.html",
}


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    md5 = Md5(TEST_MD5_KEY)
    key = load_private_key(TEST_PRIVATE_KEY_PHP)
    rsa, verifier = RsaSigner(key), RsaVerifier(key.public_key())
    text = presign(PARAMS)
    padding, sha1 = PKCS1v15(), SHA1()
    secret = TEST_MD5_KEY.encode()
    items = list(PARAMS.items())

    def limit() -> str:
        sorted(items, key=itemgetter(0))
        return hashlib.md5(text + secret, usedforsecurity=False).hexdigest()

    def signed_url(signer: Md5 | RsaSigner, sign_type: str) -> str:
        return get_url(
            GATEWAY, {**PARAMS, "sign_type": sign_type, "sign": sign_params(PARAMS, signer)}, "utf-8"
        )

    query = signed_url(rsa, "RSA").partition("?")[2].encode()
    raw = key.sign(text, padding, sha1)
    public = key.public_key()

    def parse_and_verify() -> bool:
        return verify_params(read_request(Request("GET", query)).params, verifier)

    times = loop_times(
        [
            limit,
            lambda: sign_params(PARAMS, md5),
            lambda: signed_url(md5, "MD5"),
            lambda: key.sign(text, padding, sha1),
            lambda: signed_url(rsa, "RSA"),
            lambda: public.verify(raw, text, padding, sha1),
            parse_and_verify,
        ]
    )
    limits, canonical, _, bare, whole, bare_verify, parsed = times
    ratios = [
        at_most(
            "canonicalise + MD5, 15 parameters", "one sort of the names + md5", ratio(canonical, limits), 2.7
        ),
        at_most("a whole signed RSA request", "the bare RSA-1024 sign", ratio(whole, bare), 1.25),
        at_most(
            "parse from the wire + RSA verify", "the bare RSA-1024 verify", ratio(parsed, bare_verify), 6
        ),
    ]
    ratios += _against_peer(lambda: signed_url(md5, "MD5"))
    return show(ratios)


def _against_peer(ours: Callable[[], str]) -> list[Ratio]:
    """Compare with PyPI's `alipay`, whose sign must be the same."""
    try:
        from alipay import Alipay
    except ImportError:
        print("     not measured: PyPI `alipay` is missing (pip install --group bench)")
        return []
    peer = Alipay(pid=PARAMS["partner"], key=TEST_MD5_KEY, seller_id=PARAMS["seller_id"])
    given = {name: value for name, value in PARAMS.items() if name not in {"service", "partner"}}
    names = list(PARAMS)

    def theirs() -> str:
        return str(peer._build_url(PARAMS["service"], names, **given))  # noqa: SLF001 (its one general entry)

    signs = [parse_qs(urlsplit(url).query)["sign"] for url in (theirs(), ours())]
    if signs[0] != signs[1]:
        raise SystemExit("the two signs differ: this compares different work")
    mine, other = loop_times([ours, theirs])
    return [at_least("PyPI `alipay`, a whole signed URL", "ours", ratio(other, mine), 1.3)]


if __name__ == "__main__":
    sys.exit(main())
