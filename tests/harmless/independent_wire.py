"""How the independent merchant signs and writes a request, and reads the XML of an answer.

Written from the adapter protocol and the protocol's own pages alone; shares no line with the kit, the bundled
merchant or the reference of the faulty ones.
"""

import base64
import hashlib
import hmac
import json
import re
import xml.etree.ElementTree as ET
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from alipay_qr_conformance import Refused

MOST_BYTES = 1 << 20
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
LEFT_AS_IT_IS = {
    "unreserved": UNRESERVED | frozenset(b"-._~"),  # RFC 3986
    "form": UNRESERVED | frozenset(b"*-._"),  # what a browser leaves in a form
    "query": UNRESERVED | frozenset(b"-._~!$'()*,/:;?@"),  # what RFC 3986 leaves in a query
    "php": UNRESERVED | frozenset(b"-._"),  # urlencode
    "nothing": frozenset(),  # an escape is legal for any byte
}
CONTENT_TYPES = {
    "charset": "application/x-www-form-urlencoded; charset={}",
    "tight": "application/x-www-form-urlencoded;charset={}",
    "bare": "application/x-www-form-urlencoded",
    "capitals": "Application/X-WWW-Form-Urlencoded; Charset={}",
    "quoted": 'application/x-www-form-urlencoded; charset="{}"',
    "demo": "application/x-www-form-urlencoded; text/html; charset={}",
}
JSON_STYLES = {
    "compact": {"ensure_ascii": False, "separators": (",", ":")},
    "spaced": {"ensure_ascii": False},
    "indented": {"ensure_ascii": False, "indent": 2},
    "tabbed": {"ensure_ascii": False, "indent": "\t"},
    "escaped": {"ensure_ascii": True, "separators": (",", ":")},
    "sorted": {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True},
}


class Lost(Exception):  # noqa: N818 (an end of an exchange)
    """Nobody knows what became of a request."""


# --- signing --------------------------------------------------------------------------------------------


def signed_bytes(params, charset):
    kept = {name: value for name, value in params if name not in ("sign", "sign_type") and value}
    text = "&".join(f"{name}={kept[name]}" for name in sorted(kept, key=str.encode))
    try:
        return text.encode(charset)
    except UnicodeEncodeError:
        raise Refused(f"{charset} lacks a character of it") from None


@lru_cache(maxsize=64)
def private_key(form, text):
    if form.endswith("_pem"):
        return serialization.load_pem_private_key(text.encode(), None)
    return serialization.load_der_private_key(base64.b64decode(text), None)


@lru_cache(maxsize=64)
def public_key(form, text):
    if form == "pem":
        return serialization.load_pem_public_key(text.encode())
    return serialization.load_der_public_key(base64.b64decode(text))


def digest(sign_type):
    if sign_type not in ("RSA", "RSA2"):
        raise Refused(f"no such sign_type: {sign_type}")
    return hashes.SHA1() if sign_type == "RSA" else hashes.SHA256()


def md5_sign(data, key):
    return hashlib.md5(data + key.encode("ascii")).hexdigest()


def make_sign(data, sign_type, keys, form):
    if sign_type == "MD5":
        return md5_sign(data, keys["md5_key"].strip())
    key = private_key(form, keys["merchant_private_key"][form])
    return base64.b64encode(key.sign(data, PKCS1v15(), digest(sign_type))).decode()


def sign_holds(data, sign, sign_type, keys, form):
    if sign_type == "MD5":
        return hmac.compare_digest(md5_sign(data, keys["md5_key"].strip()).encode(), sign.encode())
    try:
        raw = base64.b64decode(sign, validate=True)
        public_key(form, keys["alipay_public_key"][form]).verify(raw, data, PKCS1v15(), digest(sign_type))
    except (ValueError, InvalidSignature):
        return False
    return True


# --- writing --------------------------------------------------------------------------------------------


def escaped(data, habits):
    left = LEFT_AS_IT_IS[habits.unescaped]
    pattern = "%{:02x}" if habits.hex == "lower" else "%{:02X}"
    blank = "+" if habits.blank == "+" else pattern.format(32)
    return "".join(
        blank if byte == 32 else chr(byte) if byte in left else pattern.format(byte) for byte in data
    )


def form(params, charset, habits):
    return "&".join(f"{name}={escaped(value.encode(charset), habits)}" for name, value in params)


def ordered(params, habits):
    """The same parameters, whose order on the wire says nothing."""
    return {
        "given": lambda: params,
        "sorted": lambda: sorted(params),
        "reversed": lambda: params[::-1],
        "sign-first": lambda: params[-2:] + params[:-2],
    }[habits.order]()


def json_text(data, habits):
    if habits.json == "reversed":
        data = dict(reversed(data.items()))
    text = json.dumps(data, **JSON_STYLES.get(habits.json, JSON_STYLES["compact"]))
    if habits.json == "capital-escapes":
        text = re.sub(r"[^\x20-\x7e]", lambda found: _escape(found[0]), text)
    return text.replace("/", r"\/") if habits.json == "slashes" else text


def _escape(character):
    units = character.encode("utf-16-be").hex().upper()
    return "".join(rf"\u{units[at : at + 4]}" for at in range(0, len(units), 4))


# --- reading --------------------------------------------------------------------------------------------


def read_xml(data):
    """The root and the charset that the declaration names; raises `Lost`."""
    found = re.match(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9-]{1,20})["']""", data)
    charset = found[1].decode() if found else "UTF-8"
    try:
        text = data.decode(charset)
        if "<!" in text.replace("<![CDATA[", ""):
            raise Lost("a document type")
        return ET.fromstring(re.sub(r"^<\?xml.*?\?>", "", text, flags=re.DOTALL)), charset  # noqa: S314 (no DTD)
    except (UnicodeDecodeError, LookupError, ET.ParseError) as error:
        raise Lost(str(error)) from None


def children(element):
    return [(each.tag, (each.text or "").strip()) for each in element]
