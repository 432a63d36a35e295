"""The sandbox: a gateway to point a shop at. It answers as Alipay does, and says what each request broke.

sandbox    Sandbox: engine, store, server, notifier and control API, put together; Settings
witness    judges what came: one `LoggedRequest` a request, bounded in number and bytes
wording    a sighting and a notification as lines for people
greeting   the merchant's configuration, and what else is told at the start
control    the control API, below a path of its own, behind a token
client     ControlClient: the same in Python
clock      the gateway's time, which can be set
orders     faults by name, as the control API takes them
"""

from alipay_qr_conformance.sandbox.app import Sandbox, Settings, settle
from alipay_qr_conformance.sandbox.client import ControlClient, ControlError
from alipay_qr_conformance.sandbox.request_log import LoggedRequest

__all__ = ["ControlClient", "ControlError", "LoggedRequest", "Sandbox", "Settings", "settle"]
