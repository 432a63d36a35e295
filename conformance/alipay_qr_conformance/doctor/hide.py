"""Secrets that were typed or given, taken out of what is shown."""

from collections.abc import Iterable
from typing import Final

from alipay_qr.account import TEST_MD5_KEY
from alipay_qr_conformance.doctor.model import KEY_MARK
from alipay_qr_conformance.reading.keys import keys
from alipay_qr_conformance.reading.patterns import later

_NAMED: Final = later(
    r"(?i)\b((?:md5_?|sign_?|secret_?|private_?|app_?|api_?)?key|(?:app_?)?secret)"
    r"(=|\"?: ?\"?)([^&\s\",;|]{8,})"
)
_SHORTEST: Final = 8


def hidden(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` with a mark for each key in it; the published test key stays.

    Args:
        text: what is about to be shown.
        secrets: keys that were given.
    """
    for secret in secrets:
        if len(secret) >= _SHORTEST and secret != TEST_MD5_KEY:
            text = text.replace(secret, KEY_MARK)
    text = _NAMED.sub(rf"\1\2{KEY_MARK}", text)
    if "MI" not in text and "-----" not in text:
        return text
    data, at, parts = text.encode("utf-8", "surrogateescape"), 0, []
    for key in keys(data):
        if key.text and key.form != "error-text":
            parts += [data[at : key.start], KEY_MARK.encode()]
            at = key.end
    return b"".join([*parts, data[at:]]).decode("utf-8", "surrogateescape")
