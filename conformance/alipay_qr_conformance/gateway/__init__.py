"""The simulated Alipay side: an engine that knows the rules, a server that carries its answers.

engine      Engine: request and time in, answer and record out; faults
books       trades, refunds, codes: what happens   announcer   notifications about it
judge       may a request be carried out?          services    what each service does
notices     the fields of a notification           store       what is remembered, and in memory
sqlite_store, stored                               the same in a file that survives the process
outbox, delivery                                   notifications on their way
notifier, post                                     who carries them, and how
tls         a short-lived certificate authority
mischief    notifications that no honest gateway sends
faults      ways to misbehave                      key_ring    keys of both directions
reply, answer, records                             values in between
server      Server: loopback HTTP(S) in a thread
connection, host, tolerant                         bytes to requests, whatever came
loop        whose event loop
"""

from alipay_qr_conformance.gateway.engine import faults
from alipay_qr_conformance.gateway.engine.engine import Engine
from alipay_qr_conformance.gateway.engine.faults import Fault
from alipay_qr_conformance.gateway.engine.record import Record
from alipay_qr_conformance.gateway.engine.reply import Reply
from alipay_qr_conformance.gateway.engine.response import Answer
from alipay_qr_conformance.gateway.http.host import HttpRequest, Stray, Timeouts
from alipay_qr_conformance.gateway.http.server import Server
from alipay_qr_conformance.gateway.notify import faults as notification_faults
from alipay_qr_conformance.gateway.notify.delivery import SCHEDULES, Attempt, Delivery
from alipay_qr_conformance.gateway.notify.notifier import Notifier
from alipay_qr_conformance.gateway.notify.outbox import Outbox
from alipay_qr_conformance.gateway.notify.post import Post
from alipay_qr_conformance.gateway.store.memory import Code, MemoryStore, Payment, Shop, Store
from alipay_qr_conformance.gateway.store.sqlite import SqliteStore, StoreError

__all__ = [
    "SCHEDULES",
    "Answer",
    "Attempt",
    "Code",
    "Delivery",
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
    "Timeouts",
    "faults",
    "notification_faults",
]
