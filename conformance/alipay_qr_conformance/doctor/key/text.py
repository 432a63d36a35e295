"""A key text, read forgivingly: what it is, and every defect on the way.

``alipay_qr.keys`` refuses what is malformed, as a program should. A doctor goes on: it takes the label off
however it is spelt, decodes what is left, and says what other programs will choke on.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from alipay_qr.errors import KeyTextError
from alipay_qr.keys import load_private_key, load_public_key
from alipay_qr_conformance.reading.patterns import later

_MAX: Final = 64 * 1024
_MD5_KEY: Final = later(r"[0-9a-z]{32}", re.ASCII)
_LABEL: Final = later(
    r"(?<!-)-{2,}+\s{0,40}+(BEGIN|END)\s{1,40}+([^-\r\n]{1,80}?)\s{0,40}-{2,}+", re.IGNORECASE
)
_BREAK: Final = later(r"(?i)<br ?/?>|</?p>|&#(?:1[03]|x0?[ad]);")
_OTHERS: Final = (
    ("ssh-public", later(r"\s*ssh-(?:rsa|dss|ed25519) AAAA|.{0,80}BEGIN SSH2 PUBLIC KEY", re.DOTALL)),
    ("putty", later(r"\s*PuTTY-User-Key-File")),
    ("pgp", later(r".{0,80}BEGIN PGP ", re.DOTALL)),
    ("xml-rsa", later(r"\s*<RSAKeyValue>")),
    ("jwk", later(r"[^\"]{0,80}\"?kty\"")),
)
"""Keys of other programs, by how they begin."""

_MD5_LIKE: Final = later(r"[0-9a-zA-Z]{31,33}", re.ASCII)
_HEX: Final = later(r"(?:[0-9a-fA-F]{2}[:\s]{0,4})+")
_PEM_IN_BASE64: Final = "LS0tLS1CRUdJTi"
_DASHES: Final = 5
_MD5_LENGTH: Final = 32
_COLUMNS: Final = 64
_STANDARD: Final = {
    "RSA PRIVATE KEY": "pkcs1",
    "PRIVATE KEY": "pkcs8",
    "PUBLIC KEY": "spki",
    "RSA PUBLIC KEY": "pkcs1-public",
    "CERTIFICATE": "certificate",
    "CERTIFICATE REQUEST": "request",
    "ENCRYPTED PRIVATE KEY": "encrypted",
    "EC PRIVATE KEY": "other",
    "OPENSSH PRIVATE KEY": "openssh",
}
_LABELS: Final = {kind: label for label, kind in _STANDARD.items()}

RSA_KINDS: Final = frozenset({"pkcs1", "pkcs8", "spki", "pkcs1-public"})


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong with the text; its words are ``key-defect.<code>``."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class KeyText:
    """What a text holds.

    Attributes:
        kind: pkcs1, pkcs8, spki, pkcs1-public; certificate, request, encrypted, openssh, ssh-public, putty,
            pgp, xml-rsa, jwk, pkcs12, keystore, other, md5, unknown.
        form: "pem", "base64" or "der".
        der: the bytes of the key; empty where there are none. Never shown.
        defects: in the order in which they were met.
    """

    kind: str
    form: str
    der: bytes
    defects: tuple[Defect, ...]


def read_key_text(data: bytes) -> KeyText:
    """Return what ``data`` holds; never raises."""
    if len(data) > _MAX:
        return KeyText("unknown", "der", b"", (Defect("too-long", str(len(data))),))
    if data.startswith((b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")):
        return KeyText("keystore", "der", b"", ())
    if data[:1] == b"0" and kind_of(data) != "unknown":
        return KeyText(kind_of(data), "der", data, (Defect("binary"),))
    defects: list[Defect] = []
    text = _decoded(data, defects)
    if not text.strip():
        return KeyText("unknown", "base64", b"", (*defects, Defect("empty")))
    if _MD5_KEY.fullmatch(text.strip()):
        if text != text.strip("\r\n"):
            defects.append(Defect("md5-newline"))
        if text.strip("\r\n") != text.strip():
            defects.append(Defect("md5-blank"))
        return KeyText("md5", "text", b"", tuple(defects))
    if _MD5_LIKE.fullmatch(text.strip()):
        odd = "md5-letters" if len(text.strip()) == _MD5_LENGTH else "md5-length"
        return KeyText("md5", "text", b"", (*defects, Defect(odd, str(len(text.strip())))))
    if other := next((kind for kind, begins in _OTHERS if begins.match(text)), ""):
        return KeyText(other, "text", b"", ())
    labels = [*_LABEL.finditer(text)]
    if labels:
        return _pem(text, labels, defects)
    if "-----" in text or "BEGIN" in text:
        defects.append(Defect("label-broken"))
        text = re.sub(r"-{2,}[^\r\n]*", "", text)
    return _bare(text, defects)


def _decoded(data: bytes, defects: list[Defect]) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        defects.append(Defect("bom"))
        data = data[3:]
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        defects.append(Defect("utf-16"))
        return data.decode("utf-16", "replace")
    text = data.decode("utf-8", "replace")
    if "\\n" in text:
        defects.append(Defect("escaped-newlines"))
        text = text.replace("\\r", "").replace("\\n", "\n")
    if _BREAK.search(text):
        defects.append(Defect("html"))
        text = _BREAK.sub("\n", text)
    if text.strip()[:1] in {'"', "'"}:
        defects.append(Defect("quotes"))
        text = text.strip().strip("\"'")
    return text


def _pem(text: str, labels: list[re.Match[str]], defects: list[Defect]) -> KeyText:
    begins = [label for label in labels if label[1].upper() == "BEGIN"]
    ends = [label for label in labels if label[1].upper() == "END"]
    if not begins:
        defects.append(Defect("no-begin"))
        return _bare(text[: ends[0].start()], defects, form="pem")
    if len(begins) > 1 and len(ends) > 1:
        defects.append(Defect("two-keys", str(len(begins))))
    elif len(begins) > 1 or len(ends) > 1:
        defects.append(Defect("label-doubled"))
    begin = begins[0] if len(ends) > 1 else begins[-1]
    end = next((label for label in ends if label.start() > begin.end()), None)
    if end is None:
        defects.append(Defect("no-end"))
    if text[: begins[0].start()].strip():
        defects.append(Defect("text-before"))
    if ends and text[ends[-1].end() :].strip():
        defects.append(Defect("text-after"))
    body = text[begin.end() : end.start() if end else len(text)]
    _label_defects(begin, end, defects)
    kind = _STANDARD.get(begin[2].strip().upper(), "unknown")
    if kind in {"certificate", "request", "encrypted", "openssh", "other"}:
        return KeyText(kind, "pem", b"", tuple(defects))
    if re.search(r"Proc-Type:.{0,80}ENCRYPTED|DEK-Info:", body):
        return KeyText("encrypted", "pem", b"", tuple(defects))
    if len(body.strip()) > _COLUMNS and not re.search(r"[\r\n]", body.strip()):
        defects.append(Defect("one-line"))
    found = _bare(body, defects, form="pem")
    if found.kind in RSA_KINDS and _label_of(begin) not in {_LABELS[found.kind], ""}:
        mismatch = Defect("label-mismatch", f"{_shown(_label_of(begin))} / {_LABELS[found.kind]}")
        return KeyText(found.kind, found.form, found.der, (*found.defects, mismatch))
    return found


def _label_of(begin: re.Match[str]) -> str:
    return re.sub(r"\s{0,80}\([^\r\n]{0,80}\)$", "", begin[2].strip())


def _label_defects(begin: re.Match[str], end: re.Match[str] | None, defects: list[Defect]) -> None:
    for label in (begin, end):
        if label is None:
            continue
        shown = label[0]
        lead = len(shown) - len(shown.lstrip("-"))
        tail = len(shown) - len(shown.rstrip("-"))
        if lead != _DASHES or tail != _DASHES:
            defects.append(Defect("dashes", f"{label[1]}: {lead}, {tail}"))
    name = begin[2].strip()
    if name not in _STANDARD:
        defects.append(Defect("label-nonstandard", _shown(name)))
    if end is not None and end[2].strip() != name:
        defects.append(Defect("label-differs", f"{_shown(name)} / {_shown(end[2].strip())}"))


def _shown(label: str) -> str:
    """Return a label for print; what is no row of words may be key material and is not shown."""
    return label if re.fullmatch(r"(?:\(?+[A-Za-z]{1,11}+\)?+ ?+){1,8}+", label) else "?"


def _bare(text: str, defects: list[Defect], form: str = "base64") -> KeyText:
    compact = re.sub(r"\s+", "", text)
    if "%" in compact:
        from urllib.parse import unquote

        defects.append(Defect("percent"))
        compact = unquote(compact)
    if " " in text.strip() and form == "base64":
        plus = re.sub(r"\s+", "", text.strip().replace(" ", "+"))
        lost = _is_key(plus) and not _is_key(compact)
        defects.append(Defect("plus-as-blank" if lost else "blanks-inside"))
        compact = plus if lost else compact
    if compact.startswith(_PEM_IN_BASE64):
        inner = read_key_text(base64.b64decode(compact.rstrip("=") + "=" * (-len(compact.rstrip("=")) % 4)))
        return KeyText(inner.kind, inner.form, inner.der, (*defects, Defect("base64-twice"), *inner.defects))
    if len(compact) > _COLUMNS and _HEX.fullmatch(compact):
        digits = compact.replace(":", "")
        defects.append(Defect("hex"))
        compact = base64.b64encode(bytes.fromhex(digits)).decode()
    if re.search(r"[-_]", compact):
        defects.append(Defect("url-safe"))
        compact = compact.replace("-", "+").replace("_", "/")
    odd = sorted(set(re.sub(r"[A-Za-z0-9+/=]", "", compact)))
    if odd:
        defects.append(Defect("not-base64", " ".join(f"U+{ord(character):04X}" for character in odd[:8])))
        compact = re.sub(r"[^A-Za-z0-9+/=]", "", compact)
    bare = compact.rstrip("=")
    padded = bare + "=" * (-len(bare) % 4)
    if padded != compact:
        defects.append(Defect("padding"))
    try:
        der = base64.b64decode(padded, validate=True)
    except (binascii.Error, ValueError):
        return KeyText("unknown", form, b"", (*defects, Defect("cut")))
    kind = kind_of(der)
    if kind == "unknown":
        cut = _declared(der) > len(der) > 2  # noqa: PLR2004 (a DER header)
        return KeyText("unknown", form, b"", (*defects, Defect("cut" if cut else "no-key")))
    declared = _declared(der)
    if len(der) > declared:
        defects.append(Defect("trailing", str(len(der) - declared)))
        der = der[:declared]
    return KeyText(kind, form, der, tuple(defects))


def _is_key(compact: str) -> bool:
    """Say whether this is the base64 of a key, on one line."""
    try:
        return kind_of(base64.b64decode(compact, validate=True)) in RSA_KINDS
    except (binascii.Error, ValueError):
        return False


def kind_of(der: bytes) -> str:
    """Return which kind of RSA key DER bytes are, "certificate", "other", or "unknown"."""
    text = base64.b64encode(der[: _declared(der)] if _declared(der) <= len(der) else der)
    try:
        load_private_key(text)
    except KeyTextError as error:
        if error.code == "key.not-rsa":
            return "other"
    else:
        return "pkcs8" if b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" in der[:40] else "pkcs1"
    try:
        load_public_key(text)
    except KeyTextError as error:
        if error.code == "key.not-rsa":
            return "other"
    else:
        return "spki" if b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" in der[:40] else "pkcs1-public"
    if b"\x2a\x86\x48\x86\xf7\x0d\x01\x05" in der[:24]:  # PKCS#5: a passphrase
        return "encrypted"
    if der[:1] == b"0" and b"\x02\x01\x03\x30" in der[2:9]:  # PFX, version 3
        return "pkcs12"
    return "certificate" if _is_certificate(der) else "unknown"


def _is_certificate(der: bytes) -> bool:
    if der[:1] != b"0":
        return False
    from cryptography.x509 import load_der_x509_certificate

    try:
        load_der_x509_certificate(der)
    except ValueError:
        return False
    return True


def _declared(der: bytes) -> int:
    if len(der) < 2 or der[0] != 0x30:  # noqa: PLR2004 (DER: SEQUENCE)
        return len(der)
    first = der[1]
    if first < 0x80:  # noqa: PLR2004 (DER: short form)
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(der[2 : 2 + count], "big")
