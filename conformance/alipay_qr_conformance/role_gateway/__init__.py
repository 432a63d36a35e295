"""The other role: checks of any gateway, ours or one that somebody wrote for their own shop.

requirements   what a gateway owes a merchant (``texts/requirements/gateway.toml``)
bench          the merchant's side of a check: signed requests, payments, a notify_url
requests_      checks of single requests    money   checks of trades    notices   checks of notifications
run            runs them all, tells the results
"""

from alipay_qr_conformance.role_gateway.run import Outcome, check_gateway, render, report
from alipay_qr_conformance.testbed.gateway_client import GatewayTarget

__all__ = ["GatewayTarget", "Outcome", "check_gateway", "render", "report"]
