"""The merchant's side: a small complete client.

client        `Merchant`: CREATE, CANCEL, REFUND, notifications
outcome       what a request came to: `Outcome`, and when each of its four words may be said
notification  verifying and reading what Alipay posts
trades        what the merchant knows of a trade, `TradeRecord`, and how news changes it
notes         what it notes before it sends a CANCEL or REFUND, and how the outcome settles that
store         the books in memory;  sqlite: in a file
sending       HTTP, by the requests library, which is imported with the first `Merchant`
"""

from alipay_qr.merchant.client import GATEWAY_GLOBAL, GATEWAY_HK, GATEWAY_TEST, Merchant
from alipay_qr.merchant.outcome import Outcome, judge
from alipay_qr.merchant.sqlite import SqliteStore
from alipay_qr.merchant.store import MemoryStore, Store
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
