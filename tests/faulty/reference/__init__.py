"""The reference merchant, and how faulty merchants are registered.

`Healthy` is a whole small merchant behind the adapter protocol, as a Python subject. It shares no code with
the packages under test: its signing, its XML, its money and its days are its own, so that a fault of theirs
is not hidden by the same fault here. Every rule of the protocol is one short method, a *seam*; a faulty
merchant overrides one of them, and the line above it names its fault:

    @fault("signs the text in UTF-8, whatever _input_charset says", "sign.charset", ...)
    class AlwaysUtf8(Healthy):
        def encode(self, text, charset):
            return text.encode("utf-8")

The requirements behind the fault are those that it breaks, reasoned from the register. A harmless variant has
a habit and no fault: the kit must not accuse it.
"""

import re

from alipay_qr_conformance.subjects import Refused, Unsupported
from faulty.reference.answers import Answers
from faulty.reference.calls import Calls
from faulty.reference.notifications import Notifications
from faulty.reference.sending import Sending
from faulty.reference.signing import Signing
from faulty.reference.values import (
    BEIJING,
    CANCEL,
    CREATE,
    Forged,
    HASHES,
    IN_DOUBT,
    Lost,
    NO_CENTS,
    OPERATIONS,
    QUERY,
    REFUND,
    Refund,
    Reply,
    Trade,
    private_key,
    public_key,
    signature,
)

MERCHANTS = {}
"""All registered merchants by name, harmless variants among them."""


def fault(text, *breaks, found_by=None):
    """Register a faulty merchant: its one fault, the requirements that it breaks, and who thought of it."""

    def register(kind):
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", kind.__name__).lower()
        assert name not in MERCHANTS, name
        kind.name, kind.fault, kind.breaks, kind.found_by = name, text, breaks, found_by
        MERCHANTS[name] = kind
        return kind

    return register


def harmless(habit, *, found_by=None):
    """Register a merchant that is right in another way than the reference."""
    return fault(habit, found_by=found_by)


class Healthy(Signing, Sending, Answers, Calls, Notifications):
    """The reference merchant: right in everything."""

    name = "healthy"
    fault = "none"
    breaks = ()

    def __init__(self):
        self.settings = {}
        self.trades = {}
        self.codes = {}
        self.now = None

    operations = OPERATIONS
    sign_types = ("MD5", "RSA", "RSA2")
    charsets = ("UTF-8", "GBK", "GB2312")

    def hello(self, protocol):
        if protocol != "1":
            raise Unsupported("protocol 1 only")
        return {
            "protocol": "1",
            "name": f"merchant {self.name}",
            "version": "1",
            "language": "Python",
            "operations": list(self.operations),
            "sign_types": list(self.sign_types),
            "charsets": list(self.charsets),
            "clock": True,
            "parallel": False,
        }

    def configure(self, **settings):
        self.settings = {**settings, "md5_key": self.load_md5_key(settings["md5_key"])}
        self.timeout = float(settings["gateway_timeout"])
        return {}

    def load_md5_key(self, text):
        return text.strip()

    def reset(self):
        self.trades, self.codes = {}, {}
        return {}
