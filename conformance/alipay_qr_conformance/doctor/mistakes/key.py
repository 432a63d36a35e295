"""The key: spoilt, another secret in its place, or joined to the text in another way. Right is text + key."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from alipay_qr_conformance.reading.octets import to_bytes

RARITY: Final = {
    "key.blank": 1,
    "key.missing": 2,
    "key.quoted": 3,
    "key.case": 4,
    "key.partner": 3,
    "key.null": 3,
    "key.truncated": 3,
    "key.doubled": 4,
    "key.encoded": 4,
    "key.other": 2,
    "key.joined": 3,
    "key.other-rsa": 1,
    "key.own-public": 1,
    "key.md5-in-rsa": 3,
}


class WrongKey(NamedTuple):
    """Something that may have been used as the MD5 key, and what it is."""

    id: str
    detail: str
    key: bytes


PUBLISHED_KEYS: Final = (
    ("chloerei/alipay, tests", "10000000000000000000000000000000"),
    ("chloerei/alipay, tests", "20000000000000000000000000000000"),
)
"""MD5 keys printed in public code, and where they stand; the account's test key comes from ``account``."""

JOININGS: Final = (
    ("{t}&{k}", 0),
    ("{t}&key={k}", 0),
    ("{k}{t}", 0),
    ("{k}{t}{k}", 1),
    ("{k}&{t}", 1),
    ("key={k}&{t}", 2),
    ("{t}key={k}", 1),
    ("{t}={k}", 2),
    ("{t} {k}", 1),
    ("{t}\n{k}", 1),
    ("{t}\r\n{k}", 2),
    ("{t}+{k}", 2),
    ("{t}|{k}", 2),
    ("{t},{k}", 2),
    ("{t};{k}", 3),
    ("{t}?{k}", 3),
    ("{t}#{k}", 3),
    ("{t}&sign={k}", 2),
    ("{t}&secret={k}", 2),
    ("{t}&md5_key={k}", 2),
    ("{t}&sign_key={k}", 2),
    ("{t}&app_key={k}", 3),
    ("{t}&api_key={k}", 3),
)
"""Other ways of joining text and key, each with what makes it rarer than the id."""

MD5_IN_RSA: Final = ("", "&", "&key=")
"""What stands between the text and the MD5 key where it was appended to the text of an RSA signature."""


def wrong_keys(key: str, partner: str, others: tuple[tuple[str, str], ...]) -> Iterator[WrongKey]:
    """Yield what else may have been used as the key: the key spoilt, or another secret in its place."""
    for detail, around in (
        ("\\n", key + "\n"),
        ("' '", key + " "),
        ("\\r\\n", key + "\r\n"),
        ("\\t", key + "\t"),
        ("' ' before", " " + key),
        ("\\n before", "\n" + key),
        ("' ' around", f" {key} "),
        ("\\t before", "\t" + key),
        ("BOM", "\ufeff" + key),
        ("NUL", key + "\0"),
        ("U+200B", key + "\u200b"),
        ("U+00A0", key + "\u00a0"),
    ):
        yield WrongKey("key.blank", detail, around.encode())
    yield WrongKey("key.missing", "", b"")
    yield WrongKey("key.quoted", '"', f'"{key}"'.encode())
    yield WrongKey("key.quoted", "'", f"'{key}'".encode())
    yield WrongKey("key.case", "upper", key.upper().encode())
    yield WrongKey("key.case", "lower", key.lower().encode())
    if partner:
        yield WrongKey("key.partner", partner, to_bytes(partner))
    for text in ("null", "None", "undefined", "key", "MD5", "false"):
        yield WrongKey("key.null", text, text.encode())
    yield WrongKey("key.truncated", "last", key[:-1].encode())
    yield WrongKey("key.truncated", "first", key[1:].encode())
    yield WrongKey("key.doubled", "", (key + key).encode())
    data = key.encode()
    yield WrongKey("key.encoded", "MD5", hashlib.md5(data, usedforsecurity=False).hexdigest().encode())
    yield WrongKey("key.encoded", "base64", base64.b64encode(data))
    yield WrongKey("key.encoded", "hex", data.hex().encode())
    for label, other in others:
        if other:
            yield WrongKey("key.other", label, other.encode())
