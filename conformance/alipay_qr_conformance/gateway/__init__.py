"""The simulated Alipay side, from the ground up.

store/    what is remembered
    memory         Code, Payment, Delivery; Store, and MemoryStore in dictionaries
    sqlite         SqliteStore: the same in a file that survives the process
    outbox         Outbox: notifications to be sent
engine/   Engine: request and time in, answer and record out; no I/O
    validation     may a request be carried out?
    services       what each service does
    trades         engine.trades: trades, refunds, codes
    notifications  engine.notifications: what the merchant is told about them
    dialect        Dialect: how Alipay writes where genuine messages differ
    response       Reply and Answer      record   Record      keys   AccountKeys
    faults         ways to misbehave, by request
http/     Server: loopback HTTP(S) in a thread
    server, connection, api    bytes to requests to answers
    tolerant       requests that a strict parser refuses
    tls            a short-lived certificate authority
notify/   Notifier: carries the outbox to the merchant
    notifier       the schedule of repeats
    post           one bounded POST
    faults         notifications that no honest gateway sends
"""

from alipay_qr_conformance.gateway.engine import faults
from alipay_qr_conformance.gateway.engine.dialect import VARIANTS, Dialect
from alipay_qr_conformance.gateway.engine.engine import Engine
from alipay_qr_conformance.gateway.engine.faults import Fault
from alipay_qr_conformance.gateway.engine.record import Record
from alipay_qr_conformance.gateway.engine.response import Answer, Reply
from alipay_qr_conformance.gateway.http.api import HttpRequest, Stray, Stream, Timeouts
from alipay_qr_conformance.gateway.http.server import Server
from alipay_qr_conformance.gateway.notify import faults as notification_faults
from alipay_qr_conformance.gateway.notify.notifier import SCHEDULES, Notifier
from alipay_qr_conformance.gateway.notify.post import Post
from alipay_qr_conformance.gateway.store.memory import (
    Attempt,
    Code,
    Delivery,
    MemoryStore,
    Payment,
    Shop,
    Store,
)
from alipay_qr_conformance.gateway.store.outbox import Outbox
from alipay_qr_conformance.gateway.store.sqlite import SqliteStore, StoreError

__all__ = [
    "SCHEDULES",
    "VARIANTS",
    "Answer",
    "Attempt",
    "Code",
    "Delivery",
    "Dialect",
    "Engine",
    "Fault",
    "HttpRequest",
    "MemoryStore",
    "Notifier",
    "Outbox",
    "Payment",
    "Post",
    "Record",
    "Reply",
    "Server",
    "Shop",
    "SqliteStore",
    "Store",
    "StoreError",
    "Stray",
    "Stream",
    "Timeouts",
    "faults",
    "notification_faults",
]
