"""The sandbox: a gateway to point a shop at, which judges each request.

app          Sandbox: engine, store, server, notifier and control API, put together
state        Settings; State: what the parts share
request_log  every request with the rules that it broke, bounded in number and bytes
diagnoses    what the doctor makes of wrong signs, in a thread and a process of their own
explaining   has explained what somebody watches
journal      what happened, as numbered events; events: the stream of them
scribe       tells a terminal, in a thread of its own; log_lines: in which words
banner       the greeting: the merchant's configuration, and what else is told at the start
control      the control API, behind a token; acts: what it does; views: what it shows
stories      notifications that can be sent by name, and what a reply to them proves
exports      everything that happened as HAR, report, page or JSON
console      the page for a browser, and what is in page/
client       ControlClient: the control API in Python
running      where the gateways of this user run
fault_names  faults by name, as the control API takes them
clock        the gateway's time, which can be set
"""

from alipay_qr_conformance.sandbox.app import Sandbox, settle
from alipay_qr_conformance.sandbox.client import ControlClient, ControlError
from alipay_qr_conformance.sandbox.request_log import LoggedRequest
from alipay_qr_conformance.sandbox.state import Settings, State

__all__ = ["ControlClient", "ControlError", "LoggedRequest", "Sandbox", "Settings", "State", "settle"]
