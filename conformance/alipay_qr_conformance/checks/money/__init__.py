"""Level 4: refunds and cancels, one short history a case, compared with the gateway's books.

The refund sum and the cancel window are judged on the wire: a request that must not be sent is a finding
although the gateway refuses it, unless the policy leaves that rule to the gateway; then sending is a remark
(SHOULD). Booking what was refused or never proved is a finding under every policy.
"""
