"""The fast path: passes a message that is surely right. It finds fault with none; what it leaves is None.

Sorting the encoded pairs sorts them by name, because ``=`` stands below ``_`` and every letter. So one
split, one sort, one join, one decoding of the whole text (quoted-printable, which C decodes) and one digest
say whether the sign holds. What that does not prove is asked besides: that every name is known to stand in
its place and once, that no value holds a mark of its own, and that every byte is text in its charset.
"""

import binascii
import hashlib
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_plus

from alipay_qr.beijing import BEIJING
from alipay_qr.presign import CHARSETS
from alipay_qr.signing import Verifier
from alipay_qr.wire.form import FORM_TYPE, content_type_charset
from alipay_qr_conformance.audit.accounts import Account, Accounts
from alipay_qr_conformance.audit.cohorts import Wrong
from alipay_qr_conformance.audit.patterns import SERVICES, legal, request_pattern

try:
    hashlib.md5()
    _md5 = hashlib.md5
except ValueError:  # pragma: no cover - a system that forbids MD5 where it protects something
    _md5 = partial(hashlib.md5, usedforsecurity=False)

EXPIRY_SURELY: Final = 19 * 60_000
"""Milliseconds: with the ten minutes that a timestamp's head leaves open, within the rule's 30 minutes."""

_MARKS: Final = bytes.maketrans(b"%=+", b"=\0 ")
"""To quoted-printable; the mark between name and value becomes NUL, which no value may hold."""
_NOT_GRAPHIC: Final = bytes(byte for byte in range(256) if not 0x21 <= byte <= 0x7E)  # noqa: PLR2004 (printable)
_TO_TEXT: Final = bytes(0 if byte in _NOT_GRAPHIC else _MARKS[byte] for byte in range(256))
_MOST_SHAPES: Final = 4096
_MOST_MOMENTS: Final = 65_536
_NEEDED: Final = ("notify_id", "notify_time", "notify_type", "out_trade_no", "trade_status")
_METHODS: Final = frozenset({"GET", "POST"})
_CHARSET_ONLY: Final = frozenset(
    f"_input_charset={form}" for name in CHARSETS for form in (name, name.lower())
)


TOLD: Final = (
    "trade_no",
    "trade_status",
    "total_fee",
    "trans_currency",
    "gmt_payment",
    "notify_id",
    "notify_action_type",
    "refund_status",
    "out_biz_no",
    "refund_fee",
)
"""The fields of a genuine notification that the history of its trade needs."""
_IDS: Final = ("out_trade_no", "trade_no", "notify_id", "out_biz_no", "refund_status")
"""Fields that are compared: one that is not written plainly goes to the slow judge."""


class _Shape(NamedTuple):
    """The names of a notification in the order in which they came, and what follows from them.

    Attributes:
        pattern: matches the decoded text where each pair has its name, and a value without a mark.
        signed: takes the pairs that are signed, sorted by name.
        sign, sign_type: where these stand.
        told: takes the pairs of `TOLD`; where one is absent, the empty text behind the last pair.
        ids: takes the pairs of identifiers.
        trade, seller: where these stand; the seller behind the last pair if absent.
    """

    pattern: re.Pattern[bytes]
    signed: Callable[[Sequence[str]], tuple[str, ...]]
    sign: int
    sign_type: int
    told: Callable[[Sequence[str]], tuple[str, ...]]
    ids: Callable[[Sequence[str]], tuple[str, ...]]
    trade: int
    seller: int

    def decoded(self, parts: list[str]) -> bytes | None:
        """Return the text that is signed, with NUL for ``=``; None where it has another shape."""
        try:
            encoded = "&".join(self.signed(parts)).encode("ascii")
        except UnicodeEncodeError:
            return None
        raw = binascii.a2b_qp(encoded.translate(_TO_TEXT))
        # Each whole percent code makes the text two bytes shorter, a broken one less than that.
        if (
            self.pattern.fullmatch(raw) is None
            or raw.count(0) != len(parts) - 2
            or len(raw) != len(encoded) - 2 * encoded.count(b"%")
        ):
            return None
        return raw


class FastJudge:
    """The fast path for some accounts."""

    def __init__(self, accounts: Accounts) -> None:
        listed = list(accounts)
        self._accounts = accounts.by_partner
        self._all = accounts
        self._only = listed[0] if len(listed) == 1 else None
        self._profile = listed[0].profile
        self._patterns = {
            f"service={request_pattern_name}": request_pattern(alias, self._profile)
            for alias in SERVICES
            for request_pattern_name in [_service_name(alias)]
        }
        self._md5 = {each.partner: each.md5_key.encode() for each in listed if each.md5_key}
        self._shapes: dict[tuple[str, ...], _Shape | None] = {}
        self._latest: dict[int, _Shape] = {}
        self._moments: dict[str, int] = {}
        self._types: dict[str, str] = {}

    def request(
        self, method: str, query: str, body: str | None, content_type: str, ms: int | None
    ) -> dict[str, str | None] | Wrong | None:
        """Return the parameters of a request that keeps every rule, still quoted; None where that is open.

        Where all but the sign is right, what a wrong sign is recognised by is returned. All is as recorded:
        an empty content type was not; ``ms`` is milliseconds since 1970, None if unknown.
        """
        if body:
            if query not in _CHARSET_ONLY or (content_type and not self._form(content_type)):
                return None
            query = f"{query}&{body}" if method == "POST" else ""
        parts = query.split("&")
        parts.sort()
        at = bisect_left(parts, "sign=")
        pattern = self._patterns.get(parts[at - 1])
        if pattern is None or method not in _METHODS:
            return None
        signs = parts[at : at + 2]
        del parts[at : at + 2]
        parts.append("")
        joined = "&".join(parts)
        match = pattern.fullmatch(joined)
        if match is None or [each.partition("=")[0] for each in signs] != ["sign", "sign_type"]:
            return None
        groups = match.groupdict()
        account = self._accounts.get(groups["partner"] or "")
        if account is None or account.profile != self._profile or not legal(groups):
            return None
        raw = binascii.a2b_qp(joined.encode("ascii").translate(_MARKS))[:-1]
        moment = groups.get("timestamp")
        if not _is_text(raw, groups["_input_charset"] or "") or (
            ms is not None and moment is not None and not self._present(moment, ms)
        ):
            return None
        sign, sign_type = signs[0][5:], signs[1][10:]
        if self._signed(account, raw.replace(b"\0", b"="), sign, sign_type, received=False):
            return groups
        return Wrong(account, groups, query.split("&"), parts[:-1], unquote_plus(sign), sign_type)

    def notification(self, body: str, content_type: str) -> tuple[str, str, str] | None:
        """Return partner, trade and the pairs of `TOLD`, joined by tabs, of a genuine notification.

        None where it may lack something, or may not be genuine.
        """
        parts = body.split("&")
        shape = self._latest.get(len(parts))
        raw = shape.decoded(parts) if shape is not None else None
        if shape is None or raw is None:
            shape = self._shape_of(parts)
            raw = shape.decoded(parts) if shape is not None else None
            if shape is None or raw is None:
                return None
        if not raw.isascii() and not _is_text(raw, self._form(content_type) or "UTF-8"):
            return None
        sign, sign_type = parts[shape.sign], parts[shape.sign_type]
        if sign[:5] != "sign=" or sign_type[:10] != "sign_type=":
            return None
        parts.append("")
        seller = parts[shape.seller][10:]
        account = self._only or self._accounts.get(seller)
        if account is None or (seller and seller != account.partner):
            return None
        text = raw.replace(b"\0", b"=")
        if sign_type == "sign_type=MD5":  # nearly all are, and a call is a tenth of the digest
            key = self._md5.get(account.partner)
            if key is None or _md5(text + key).hexdigest() != sign[5:]:
                return None
        elif not self._signed(account, text, sign[5:], sign_type[10:], received=True):
            return None
        ids = "".join(shape.ids(parts))
        if "%" in ids or "+" in ids:
            return None
        return account.partner, parts[shape.trade][13:], "\t".join(shape.told(parts))

    def _shape_of(self, parts: list[str]) -> _Shape | None:
        """Return the shape of a notification, and expect it of the next with as many pairs."""
        names = tuple([part.partition("=")[0] for part in parts])
        if names in self._shapes:
            shape = self._shapes[names]
        else:
            shape = _new_shape(names)
            if len(self._shapes) < _MOST_SHAPES:
                self._shapes[names] = shape
        if shape is not None:
            self._latest[len(parts)] = shape
        return shape

    def _signed(self, account: Account, text: bytes, sign: str, sign_type: str, *, received: bool) -> bool:
        if sign_type == "MD5":
            key = self._md5.get(account.partner)
            return key is not None and _md5(text + key).hexdigest() == sign
        verifier: Verifier | None = self._all.verifier(account.partner, sign_type, received=received)
        if verifier is None or "+" in sign:
            return False
        return verifier.verify(text, unquote_plus(sign))

    def _present(self, moment: str, ms: int) -> bool:
        """Say whether a timestamp is surely within the rule's 30 minutes of the moment of sending."""
        if moment.isdigit():
            return abs(int(moment) - ms) <= EXPIRY_SURELY
        head = moment[:-6] if moment[-5] == "%" else moment[:-4]
        begin = self._moments.get(head)
        if begin is None:
            text = f"{unquote_plus(head)}0:00"
            begin = int(datetime.fromisoformat(text).replace(tzinfo=BEIJING).timestamp()) * 1000
            if len(self._moments) >= _MOST_MOMENTS:
                self._moments.clear()
            self._moments[head] = begin
        return abs(begin - ms) <= EXPIRY_SURELY

    def _form(self, content_type: str) -> str:
        """Return the charset of a form's Content-Type, UTF-8 where it names none; empty for anything else."""
        found = self._types.get(content_type)
        if found is None:
            media_type, charset = content_type_charset(content_type)
            found = (
                (charset or "UTF-8") if media_type == FORM_TYPE and (charset or "UTF-8") in CHARSETS else ""
            )
            if len(self._types) < _MOST_SHAPES:
                self._types[content_type] = found
        return found


def _new_shape(names: tuple[str, ...]) -> _Shape | None:
    """Return the shape of a notification with these names; None where one is odd, twice, or missing."""
    if len(set(names)) != len(names) or not {*_NEEDED, "sign", "sign_type"} <= set(names):
        return None
    if not all(name.isascii() and name.isidentifier() for name in names):
        return None
    signed = sorted(at for at in range(len(names)) if names[at] not in {"sign", "sign_type"})
    signed.sort(key=names.__getitem__)
    return _Shape(
        re.compile(b"&".join(names[at].encode() + rb"\0[^&]++" for at in signed)),
        itemgetter(*signed),
        names.index("sign"),
        names.index("sign_type"),
        itemgetter(*[names.index(name) if name in names else len(names) for name in TOLD]),
        itemgetter(*[names.index(name) if name in names else len(names) for name in _IDS]),
        names.index("out_trade_no"),
        names.index("seller_id") if "seller_id" in names else len(names),
    )


def quoted(text: str) -> str:
    """Return a quoted value in the one form that equal values share, free of tabs and line ends."""
    return quote(unquote_plus(text, errors="surrogateescape"), safe="", errors="surrogateescape")


def _is_text(raw: bytes, charset: str) -> bool:
    if raw.isascii():
        return True
    try:
        raw.decode(CHARSETS[charset.upper()])
    except (UnicodeDecodeError, KeyError):
        return False
    return True


def _service_name(alias: str) -> str:
    from alipay_qr.catalogue import service

    return service(alias).name
