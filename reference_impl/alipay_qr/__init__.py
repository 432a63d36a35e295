"""Alipay's Merchant QR Code protocol (the "mapi" gateway), for both sides.

At most 6,000 lines, to be read in an evening, from the ground up:

    errors                    what can go wrong, and whose fault it is
    presign, signing, keys    the text that both sides sign, the signatures over it, the keys
    money, beijing            exact amounts; the GMT+8 day
    account                   who the merchant is, with both directions of keys
    catalogue                 services, notification, responses and error codes as data
    wire                      requests, responses and notifications: bytes <-> values
    ledger                    what may happen to a trade
    merchant                  a small complete client

The names below are the public list. They are loaded when first asked for: ``import alipay_qr`` itself
is quick, and no HTTP library is imported before the first `Merchant` is made. The functions
`alipay_qr.account.account` and `alipay_qr.presign.presign` are not among them: their modules have the name.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from alipay_qr._version import __version__

if TYPE_CHECKING:
    from alipay_qr.account import TEST_PARTNER, Account, test_account
    from alipay_qr.beijing import beijing_day, format_timestamp, parse_timestamp
    from alipay_qr.catalogue import SERVICES, json_schema, problems, service
    from alipay_qr.errors import AlipayQrError
    from alipay_qr.keys import load_private_key, load_public_key
    from alipay_qr.merchant import (
        GATEWAY_GLOBAL,
        GATEWAY_HK,
        GATEWAY_TEST,
        MemoryStore,
        Merchant,
        Outcome,
        SqliteStore,
        Store,
        TradeRecord,
    )
    from alipay_qr.money import format_amount, parse_amount
    from alipay_qr.presign import presign_text
    from alipay_qr.signing import Signer, Verifier, sign_params, verify_params

__all__ = [
    "GATEWAY_GLOBAL",
    "GATEWAY_HK",
    "GATEWAY_TEST",
    "SERVICES",
    "TEST_PARTNER",
    "Account",
    "AlipayQrError",
    "MemoryStore",
    "Merchant",
    "Outcome",
    "Signer",
    "SqliteStore",
    "Store",
    "TradeRecord",
    "Verifier",
    "__version__",
    "beijing_day",
    "format_amount",
    "format_timestamp",
    "json_schema",
    "load_private_key",
    "load_public_key",
    "parse_amount",
    "parse_timestamp",
    "presign_text",
    "problems",
    "service",
    "sign_params",
    "test_account",
    "verify_params",
]

_HOMES: Final = {
    "account": ("TEST_PARTNER", "Account", "test_account"),
    "beijing": ("beijing_day", "format_timestamp", "parse_timestamp"),
    "catalogue": ("SERVICES", "json_schema", "problems", "service"),
    "errors": ("AlipayQrError",),
    "keys": ("load_private_key", "load_public_key"),
    "merchant": (
        "GATEWAY_GLOBAL",
        "GATEWAY_HK",
        "GATEWAY_TEST",
        "MemoryStore",
        "Merchant",
        "Outcome",
        "SqliteStore",
        "Store",
        "TradeRecord",
    ),
    "money": ("format_amount", "parse_amount"),
    "presign": ("presign_text",),
    "signing": ("Signer", "Verifier", "sign_params", "verify_params"),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(globals().keys() | set(__all__))
