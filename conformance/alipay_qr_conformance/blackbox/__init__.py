"""The black box: a merchant without adapter, seen through the gateway it calls and the notify URL it answers.

    Box           what is known of it: its notify URL, and the commands that make it send
    drive         those commands: templates for an argument list, run without a shell, bounded
    transport     `BlackBox`, the operations that are left: notify by POST, the rest by a command
    bed           one port for the whole run; what an operation came to is read from the wire
    watching      without commands: what the shop's own buttons send meanwhile
    sight         which cases cannot be judged from outside, and why
    stories       cases of its own: real time, the shop's own numbers, what was observed
    runner        the engine over all that

The cases are those of an adapter. What a black box reports, believes and signs cannot be seen; such cases
end as unsupported, with the reason. Nothing is ever concluded from what cannot be seen.
"""

from alipay_qr_conformance.blackbox.commands import DriveError, parse_drive
from alipay_qr_conformance.blackbox.runner import BlackBoxRunner
from alipay_qr_conformance.blackbox.target import Box
from alipay_qr_conformance.blackbox.transport import BlackBox

__all__ = ["BlackBox", "BlackBoxRunner", "Box", "DriveError", "parse_drive"]
