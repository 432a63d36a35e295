"""Right implementations of the kinds that no operation of an adapter asks about."""

from faulty.answerers.amount import Money
from faulty.answerers.charset import Charset
from faulty.answerers.keys import Keys
from faulty.answerers.request import Form
from faulty.answerers.timestamp import Clock
from faulty.answerers.trade import PaidTrade
from faulty.answerers.verify_notification import Rsa
from faulty.answerers.verify_response import Response
from faulty.answerers.wire import Bytes

RIGHT = {
    "amount": Money,
    "cancel_window": PaidTrade,
    "charset": Charset,
    "keys": Keys,
    "refund_sequence": PaidTrade,
    "request": Form,
    "timestamp": Clock,
    "verify_notification": Rsa,
    "verify_response": Response,
    "wire": Bytes,
}
"""The right implementation of each kind."""
