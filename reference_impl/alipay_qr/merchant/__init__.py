"""The merchant's side: a small complete client.

client        `Merchant`: CREATE, CANCEL, REFUND, notifications
http          HTTP, by the requests library, which is imported with the first `Merchant`
outcome       `Outcome` of a request: four words, and when each may be said
notification  verifying and reading what Alipay posts
trade         `TradeRecord`: one trade as the merchant knows it, and how news changes it
pending       what is noted before a CANCEL or REFUND is sent, and how its outcome settles that
store         the records: `MemoryStore`, `SqliteStore`
"""

from alipay_qr.merchant.client import GATEWAY_GLOBAL, GATEWAY_HK, GATEWAY_TEST, Merchant
from alipay_qr.merchant.outcome import Outcome, judge
from alipay_qr.merchant.store import MemoryStore, SqliteStore, Store
from alipay_qr.merchant.trade import TradeRecord

__all__ = [
    "GATEWAY_GLOBAL",
    "GATEWAY_HK",
    "GATEWAY_TEST",
    "MemoryStore",
    "Merchant",
    "Outcome",
    "SqliteStore",
    "Store",
    "TradeRecord",
    "judge",
]
