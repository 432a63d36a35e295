"""The fast path of notifications: passes those that are surely genuine and complete.

What the digest does not prove is asked besides: that every name is known to stand in its place and once, that
no value holds a mark of its own, and that every byte is text in its charset.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from alipay_qr_conformance.audit.accounts import Account
from alipay_qr_conformance.audit.signs import Signs, md5, texts

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
_NEEDED: Final = ("notify_id", "notify_time", "notify_type", "out_trade_no", "trade_status")
_MOST_SHAPES: Final = 4096

News = tuple[str, str, str]
"""Partner, trade, and the pairs of `TOLD`, joined by tabs."""
Parts = list[str]
"""The pairs of a form as they came, and an empty one behind the last."""


class _Shape(NamedTuple):
    """The names of a notification in the order in which they came, and what follows from them.

    Attributes:
        pattern: matches the text where each pair has its name, and a value without ``&``.
        signed: takes the pairs that are signed, sorted by name.
        pairs: how many those are.
        sign, sign_type: where these stand.
        told: takes the pairs of `TOLD`; where one is absent, the empty pair.
        ids: takes the pairs of identifiers.
        trade, seller: where these stand; the seller at the empty pair if absent.
    """

    pattern: re.Pattern[bytes]
    signed: Callable[[Sequence[str]], tuple[str, ...]]
    pairs: int
    sign: int
    sign_type: int
    told: Callable[[Sequence[str]], tuple[str, ...]]
    ids: Callable[[Sequence[str]], tuple[str, ...]]
    trade: int
    seller: int


class FastNews:
    """The fast path of notifications for some accounts."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self._shapes: dict[tuple[str, ...], _Shape | None] = {}
        self._latest: dict[int, _Shape | None] = {}

    def many(self, forms: Sequence[tuple[str, str]]) -> list[News | None]:
        """Return what genuine notifications tell; None for one that may lack something, or not be genuine.

        Each is the form and its content type.
        """
        found: list[News | None] = [None] * len(forms)
        alike: dict[tuple[int, str], list[tuple[int, Parts]]] = {}
        for at, (body, content_type) in enumerate(forms):
            parts = body.split("&")
            parts.append("")
            alike.setdefault((len(parts), content_type), []).append((at, parts))
        for (size, content_type), rows in alike.items():
            charset = self._signs.charset_of(content_type) or "UTF-8"
            shape = self._latest.get(size)
            told = None if shape is None else self._together(shape, [parts for _, parts in rows], charset)
            for number, (at, parts) in enumerate(rows):
                found[at] = told[number] if told is not None else None
                if found[at] is None:
                    found[at] = self._alone(parts, charset, shape if told is not None else None)
        return found

    def _alone(self, parts: Parts, charset: str, tried: _Shape | None) -> News | None:
        """Judge a notification by its own shape, unless it was ``tried`` by that."""
        names = tuple([part.partition("=")[0] for part in parts[:-1]])
        if names in self._shapes:
            shape = self._shapes[names]
        else:
            shape = _new_shape(names)
            if len(self._shapes) < _MOST_SHAPES:
                self._shapes[names] = shape
        if shape is None or shape is tried:
            return None
        self._latest[len(parts)] = shape
        told = self._together(shape, [parts], charset)
        return told[0] if told is not None else None

    def _together(self, shape: _Shape, rows: Sequence[Parts], charset: str) -> list[News | None] | None:
        """Judge notifications of one shape; None where the text of one is odd."""
        joined = ["&".join(shape.signed(parts)) for parts in rows]
        signed = texts(joined, charset, marks=shape.pairs * len(rows))
        if signed is None:
            return None
        sellers = set(map(itemgetter(shape.seller), rows))
        fits = [match is not None for match in map(shape.pattern.fullmatch, signed)]
        if not all(fits) or len(sellers) > 1:
            # The marks were counted in all together, so that those which fit are counted anew.
            return self._apart(shape, rows, charset, fits, sellers)
        seller = sellers.pop()[10:]
        account = self._signs.only or self._signs.by_partner.get(seller)
        if account is None or (seller and seller != account.partner):
            return [None] * len(rows)
        trades = [parts[shape.trade][13:] for parts in rows]
        told = map("\t".join, map(shape.told, rows))
        return [
            (account.partner, trade, tale) if right else None
            for trade, tale, right in zip(
                trades, told, self._right(shape, rows, signed, account), strict=True
            )
        ]

    def _right(
        self, shape: _Shape, rows: Sequence[Parts], signed: Sequence[bytes], account: Account
    ) -> list[bool]:
        """Say of each notification whether its sign holds, and its identifiers are written plainly."""
        signs, types = [parts[shape.sign] for parts in rows], {parts[shape.sign_type] for parts in rows}
        key = self._signs.md5_keys.get(account.partner)
        if types == {"sign_type=MD5"} and key is not None:
            right = [
                f"sign={md5(text + key).hexdigest()}" == sign
                for text, sign in zip(signed, signs, strict=True)
            ]
        else:
            right = [
                sign[:5] == "sign="
                and parts[shape.sign_type][:10] == "sign_type="
                and self._signs.hold(account, text, sign[5:], parts[shape.sign_type][10:], received=True)
                for parts, text, sign in zip(rows, signed, signs, strict=True)
            ]
        ids = list(map("".join, map(shape.ids, rows)))
        every = "".join(ids)
        if "%" in every or "+" in every:
            return [each and "%" not in one and "+" not in one for each, one in zip(right, ids, strict=True)]
        return right

    def _apart(
        self, shape: _Shape, rows: Sequence[Parts], charset: str, fits: Sequence[bool], sellers: Iterable[str]
    ) -> list[News | None]:
        """Judge those that fit, seller by seller."""
        found: list[News | None] = [None] * len(rows)
        for seller in sellers:
            mine = [at for at, parts in enumerate(rows) if fits[at] and parts[shape.seller] == seller]
            told = self._together(shape, [rows[at] for at in mine], charset) if mine else None
            for at, news in zip(mine, told or (), strict=False):
                found[at] = news
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
        re.compile(b"&".join(names[at].encode() + b"=[^&]++" for at in signed)),
        itemgetter(*signed),
        len(signed),
        names.index("sign"),
        names.index("sign_type"),
        itemgetter(*[names.index(name) if name in names else len(names) for name in TOLD]),
        itemgetter(*[names.index(name) if name in names else len(names) for name in _IDS]),
        names.index("out_trade_no"),
        names.index("seller_id") if "seller_id" in names else len(names),
    )
