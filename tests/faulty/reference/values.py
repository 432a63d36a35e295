"""Names of the protocol, and the values that the reference merchant keeps."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

BEIJING = timezone(timedelta(hours=8))
OPERATIONS = "hello configure reset presign sign verify expect create_qr_code cancel refund notify trade".split()
HASHES = {"RSA": hashes.SHA1(), "RSA2": hashes.SHA256()}
NO_CENTS = {"JPY", "KRW", "VND"}
IN_DOUBT = {
    "SYSTEM_ERROR",
    "SYSTEM_EXCEPTION",
    "SESSION_TIMEOUT",
    "ILLEGAL_TARGET_SERVICE",
    "ILLEGAL_ACCESS_SWITCH_SYSTEM",
    "ILLEGAL_SWITCH_SYSTEM",
    "EXTERFACE_IS_CLOSED",
}
CREATE = "alipay.commerce.qrcode.create"
CANCEL = "alipay.acquire.cancel"
REFUND = "alipay.acquire.overseas.spot.refund"
QUERY = "alipay.acquire.overseas.query"

class Forged(Exception):
    """A message that proves nothing."""


class Lost(Exception):
    """An exchange that broke off: nobody knows what became of the request."""


@dataclass
class Refund:
    id: str
    amount: Decimal
    currency: str
    sync: str
    status: str = "unknown"  # unknown, accepted, done, failed


@dataclass
class Trade:
    number: str
    status: str = "none"  # none, waiting, paid, closed, cancelled
    total: Decimal | None = None
    currency: str | None = None
    awaited: tuple | None = None
    paid_at: datetime | None = None
    fulfilled: int = 0
    undecided: bool = False
    refunds: dict = field(default_factory=dict)
    seen: set = field(default_factory=set)

    def sum_of(self, *statuses):
        return sum((each.amount for each in self.refunds.values() if each.status in statuses), Decimal(0))


@dataclass
class Reply:
    outcome: str
    code: str | None = None
    fields: dict = field(default_factory=dict)


@lru_cache(maxsize=32)
def private_key(pem):
    """A key; its numbers are the kit's own, and to look at them once more costs thirty milliseconds."""
    return serialization.load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)


@lru_cache(maxsize=32)
def public_key(pem):
    return serialization.load_pem_public_key(pem.encode())


@lru_cache(maxsize=8192)
def signature(pem, data, hash_name):
    """An RSA signature; many merchants sign the same text, and each costs a millisecond."""
    return private_key(pem).sign(data, padding.PKCS1v15(), getattr(hashes, hash_name.upper())())
