"""The black box: a merchant without adapter, seen through the gateway it calls and the notify URL it answers.

    target        what is known of it: its notify URL, and the commands that make it send
    commands      those commands: templates for an argument list, run without a shell, bounded
    transport     `BlackBox`, the operations that are left: notify by POST, the rest by a command
    answering     one port for the whole run; what an operation came to is read from the wire
    watch         without commands: what the shop's own buttons send meanwhile
    visibility    which cases cannot be judged from outside, and why
    cases         cases of its own: real time, the shop's own numbers, what was observed
    runner        the engine over all that

The cases are those of an adapter. What a black box reports, records and signs cannot be seen; such cases
end as unsupported, with the reason. Nothing is ever concluded from what cannot be seen.
"""

from alipay_qr_conformance.blackbox.commands import DriveError, parse_drive
from alipay_qr_conformance.blackbox.runner import black_box, box_runner
from alipay_qr_conformance.blackbox.target import Box
from alipay_qr_conformance.blackbox.transport import BlackBox

__all__ = ["BlackBox", "Box", "DriveError", "black_box", "box_runner", "parse_drive"]
