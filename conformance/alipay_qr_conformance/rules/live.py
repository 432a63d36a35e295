"""Before going live: is anything of the test account, of a sandbox or of a laptop left in a text?

The text is a request or a configuration of any form: what is looked for is the same in all of them. Keys are
recognised and never shown.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_PHP
from alipay_qr_conformance.model.test_account import test_key
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text

PRODUCTION: Final = frozenset({"globalmapi.alipay.com", "intlmapi.alipay.com", "mapi.alipay.com"})
"""Hosts of Alipay's gateway (mapi) that move real money."""

_URL: Final = re.compile(r"(?=(https?://[^\s\"'<>\\^`{|}&]{1,2000}))", re.IGNORECASE)
_CHARSET: Final = re.compile(
    r"charset[\"']?\s*(?:=>|[=:])\s*[\"']?(utf-?8|gbk|gb2312|gb18030)\b", re.IGNORECASE
)
_PARTNER: Final = re.compile(r"\b2088[0-9]{12}\b")
_LOCAL: Final = re.compile(
    r"(^|\.)(localhost|local|test|invalid|example|internal|lan)$|(^|\.)example\.(com|net|org)$"
)
_FRAGMENT: Final = 60
"""Characters of a key's base64 that nobody else's key has."""


def remarks(text: str) -> list[Text] | None:
    """Return what must be mended before a text goes live; None where nothing in it can be judged."""
    plain = f"{text}\n{unquote(text)}"
    urls = list(dict.fromkeys(_URL.findall(plain)))
    if not urls and not _PARTNER.search(plain) and not _CHARSET.search(plain):
        return None
    return [*_of_account(plain), *(found for url in urls for found in _of_url(url)), *_of_charsets(plain)]


def _of_account(text: str) -> Iterator[Text]:
    if TEST_PARTNER in text:
        yield message("live.partner", partner=TEST_PARTNER)
    if TEST_MD5_KEY in text:
        yield message("live.key", kind="MD5")
    bare = re.sub(r"\s|\\[rn]", "", text)
    if any(fragment in bare for fragment in _published()):
        yield message("live.key", kind="RSA")


def _published() -> Iterator[str]:
    """Yield a part of each published key, by which it is recognised in any form."""
    from alipay_qr.keys import private_key_forms, public_key_forms

    texts = [TEST_PRIVATE_KEY_PHP, TEST_ALIPAY_PUBLIC_KEY]
    for name in ("merchant_2048", "alipay_2048", "alipay_1024"):
        key = test_key(name)
        texts += [*private_key_forms(key), *public_key_forms(key.public_key())]
    for each in texts:
        bare = re.sub(r"-----[A-Z ]+-----|\s", "", each)
        yield bare[-_FRAGMENT - 8 : -8]


def _of_url(url: str) -> Iterator[Text]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return
    shown = f"{parts.scheme}://{host}{parts.path}"[:120]
    if host.endswith("alipaydev.com"):
        yield message("live.sandbox", url=shown)
    elif parts.path.endswith("gateway.do") and host not in PRODUCTION:
        yield message("live.gateway", url=shown, hosts=", ".join(sorted(PRODUCTION)))
    if parts.scheme.lower() != "https":
        yield message("live.plain", url=shown)
    if _is_private(host):
        yield message("live.private", url=shown)


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or bool(_LOCAL.search(host))


def _of_charsets(text: str) -> Iterator[Text]:
    found = sorted({each.upper().replace("UTF8", "UTF-8") for each in _CHARSET.findall(text)})
    if len(found) > 1:
        yield message("live.charsets", charsets=", ".join(found))
