"""Notifications by name: every story and attack of level 3, as one trade's shop can be sent it, and judged.

    duplicate, late, tampered ...        of `gateway.notify.faults`; ``edited``: changed after signing
    value-changed, own-key ...           the forgeries of `rules.forgeries`
    markup, emoji-and-accents ...        genuine ones whose fields tell careful readers from others
    other-seller, total_fee-moved ...    rightly signed, and no payment all the same
    TRADE_CLOSED, never-heard-of ...     other states
    long-value, broken-percent ...       bodies that strain a reader

The names are those of the cases of ``alipay-qr check``, without sign type and charset. What a shop books is
not seen here: where the reply alone proves nothing, nothing is said.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Any, Final, Literal, NamedTuple

from alipay_qr.errors import ParameterError
from alipay_qr.presign import presign
from alipay_qr.wire import encode_notification
from alipay_qr_conformance.gateway import Delivery, Engine, notification_faults
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import FORGERIES, Pairs, Tools, applicable, forge, replace, without

Awaited = Literal["acknowledged", "refused", "either"]
Verdict = Literal["right", "wrong", "open"]

_OTHER_SELLER: Final = "2088999999999999"
_REFUND: Final = {
    "notify_action_type": "refundFPAction",
    "out_biz_no": "R-NOBODY-ASKED",
    "refund_fee": "4.00",
    "refund_status": "REFUND_SUCCESS",
}


class Message(NamedTuple):
    """What is sent: a form and its type, in the body or in the address."""

    body: bytes
    content_type: str
    way: Literal["body", "link", "url"] = "body"


class Bench(NamedTuple):
    """What a story is made with: the genuine message of a trade, and the keys of both sides."""

    genuine: Callable[[Mapping[str, str | None]], Pairs]
    keys: TestKeys
    sign_type: str
    charset: str
    content_type: str

    def forged(self) -> Pairs:
        """Return the plainest forgery: another amount than was signed."""
        return replace(self.genuine({}), "total_fee", "0.01")

    def resigned(self, pairs: Pairs) -> Pairs:
        """Return the pairs signed anew, as Alipay does."""
        signer = self.keys.gateway_signer(self.sign_type)
        if signer is None:
            raise ParameterError("the account has no key for that", code="notification.key")
        bare = without(pairs, "sign", "sign_type")
        return [*bare, ("sign_type", signer.sign_type), ("sign", signer.sign(presign(bare, self.charset)))]

    def form(self, pairs: Pairs) -> Message:
        """Return the pairs as Alipay sends them."""
        return Message(encode_notification(pairs, self.charset), self.content_type)


@dataclass(frozen=True, slots=True)
class Story:
    """One notification that can be sent.

    Args:
        awaited: what a right shop replies.
        requirement: what another reply breaks.
        make: makes it; None where `gateway.notify.faults` does.
        sign_types: of the accounts for which it makes sense; empty for all.
    """

    awaited: Awaited
    requirement: str
    make: Callable[[Bench], Message] | None = None
    sign_types: tuple[str, ...] = ()


@cache
def stories() -> Mapping[str, Story]:
    """Return every story by its name."""
    return {**_USUAL, **_forgeries(), **_of_checks(), **_signed(), **_unsigned()}


_USUAL: Final = {
    "genuine": Story("acknowledged", "notify.genuine"),
    "duplicate": Story("acknowledged", "notify.once.acknowledged"),
    "late": Story("acknowledged", "notify.genuine"),
    "replayed": Story("acknowledged", "notify.once.acknowledged"),
    "reordered": Story("either", "notify.status.forward"),
    "altered": Story("either", "notify.validate.amount"),
    "edited": Story("refused", "notify.reject.changed"),
    "tampered": Story("refused", "notify.reject.changed"),
    "wrong-signature": Story("refused", "notify.reject.bad-sign"),
    "foreign-key": Story("refused", "notify.reject.other-key"),
    "unsigned": Story("refused", "notify.reject.no-sign"),
}


def _forgeries() -> dict[str, Story]:
    fit = {
        name: tuple(each for each in ("MD5", "RSA", "RSA2") if name in dict(applicable(each)))
        for name in FORGERIES
    }

    def make(name: str) -> Callable[[Bench], Message]:
        def run(bench: Bench) -> Message:
            tools = Tools(bench.keys, bench.sign_type, bench.charset, ("total_fee", "0.01"))
            pairs = forge(name, bench.genuine({}), tools)
            if pairs is None:
                raise ParameterError(f"{name} makes no sense for this account", code="notification.kind")
            return bench.form(pairs)

        return run

    return {
        name: Story("refused", f"notify.reject.{kind}", make(name), fit[name])
        for name, (kind, _) in FORGERIES.items()
    }


def _of_checks() -> dict[str, Story]:
    """Return the stories whose tables the checks hold."""
    from alipay_qr_conformance.checks.notify import disguised, genuine, hostile, status, validate

    rows: list[tuple[Awaited, str, dict[str, Callable[[Bench], Message]]]] = [
        ("acknowledged", "notify.genuine", _each(_altered, {**genuine.OVERRIDES, **genuine.LETTERS})),
        ("either", "notify.reject.lookalike", _each(_lookalike, disguised.LOOKALIKES)),
        ("refused", "notify.reject.disguised", _each(_disguise, disguised.DISGUISES)),
        ("either", "notify.hostile", _each(_strained, hostile.HOSTILE)),
        (
            "either",
            "notify.status.believed",
            _each(_altered, {each: {"trade_status": each} for each in status.STATES}),
        ),
        (
            "either",
            "notify.validate.amount",
            _each(_altered, {name: {"total_fee": total} for name, total in validate.AMOUNTS.items()}),
        ),
        (
            "refused",
            "notify.reject.content-type",
            {kind.replace("/", "-"): _typed(kind, disguised.written) for kind in disguised.TYPES},
        ),
        (
            "refused",
            "notify.boundary",
            {f"{name}-moved": _moved(name, validate.moved_into_the_value_before) for name in _MOVED},
        ),
    ]
    return {
        name: Story(awaited, requirement, make)
        for awaited, requirement, made in rows
        for name, make in made.items()
    }


_MOVED: Final = ("total_fee", "out_trade_no", "trade_status", "seller_id")


def _each(make: Callable[[Any], Callable[[Bench], Message]], table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: make(value) for name, value in table.items()}


def _altered(overrides: Mapping[str, str | None]) -> Callable[[Bench], Message]:
    return lambda bench: bench.form(bench.genuine(overrides))


def _disguise(row: tuple[Callable[[str], str], str]) -> Callable[[Bench], Message]:
    return lambda bench: bench.form(
        replace(bench.genuine({"subject": "tea<7>"}), "subject", row[0]("tea<7>"))
    )


def _typed(kind: str, written: Callable[[Pairs, str, str], tuple[bytes, str]]) -> Callable[[Bench], Message]:
    return lambda bench: Message(*written(bench.forged(), kind, bench.charset))


def _moved(name: str, move: Callable[[Pairs, str], Pairs]) -> Callable[[Bench], Message]:
    other = {"seller_id": _OTHER_SELLER} if name == "seller_id" else {}
    return lambda bench: bench.form(move(bench.genuine(other), name))


def _lookalike(name: str) -> Callable[[Bench], Message]:
    return lambda bench: bench.form([*bench.genuine({}), (name, "0.01")])


def _strained(change: Callable[[bytes], bytes]) -> Callable[[Bench], Message]:
    return lambda bench: Message(
        change(encode_notification(bench.genuine({}), bench.charset)), bench.content_type
    )


def _signed() -> dict[str, Story]:
    def without_field(name: str) -> Callable[[Bench], Message]:
        return lambda bench: bench.form(bench.resigned(without(bench.genuine({}), name)))

    def split(bench: Bench) -> Message:
        pairs = bench.genuine({"subject": "goods&total_fee=1250.00", "total_fee": "0.01"})
        return bench.form(replace(replace(pairs, "subject", "goods"), "total_fee", "1250.00&total_fee=0.01"))

    def status(bench: Bench) -> Message:
        return bench.form(bench.genuine({"trade_status": "TRADE_UNDER_REVIEW"}))

    def seller(bench: Bench) -> Message:
        return bench.form(bench.genuine({"seller_id": _OTHER_SELLER}))

    def shuffled(bench: Bench) -> Message:
        return bench.form(bench.genuine({})[::-1])

    found = {
        f"without-{name}": Story("refused", "notify.validate.complete", without_field(name))
        for name in ("notify_id", "trade_status", "out_trade_no")
    }
    return found | {
        "other-seller": Story("refused", "notify.validate.seller", seller),
        "amount-in-the-subject": Story("either", "notify.boundary", split),
        "never-heard-of": Story("either", "notify.status.believed", status),
        "shuffled": Story("acknowledged", "notify.genuine", shuffled),
    }


def _unsigned() -> dict[str, Story]:
    def link(bench: Bench) -> Message:
        return bench.form(bench.forged())._replace(way="link")

    def url(bench: Bench) -> Message:
        return bench.form(bench.forged())._replace(way="url")

    def listed(bench: Bench) -> Message:
        pairs = bench.forged()
        return bench.form([*without(pairs, "sign"), ("sign[]", dict(pairs)["sign"])])

    def closing(bench: Bench) -> Message:
        return bench.form(replace(bench.genuine({}), "trade_status", "TRADE_CLOSED"))

    def refund(bench: Bench) -> Message:
        return bench.form([*without(bench.genuine({}), *_REFUND), *_REFUND.items()])

    def twice(*, first: bool) -> Callable[[Bench], Message]:
        extra = [("total_fee", "0.01")]
        return lambda bench: bench.form(
            [*extra, *bench.genuine({})] if first else [*bench.genuine({}), *extra]
        )

    def known_id(bench: Bench) -> Message:
        return bench.form(replace(bench.genuine({}), "out_trade_no", "T-NEVER-PAID"))

    return {
        "forged-link": Story("refused", "notify.post-only", link),
        "all-in-the-url": Story("refused", "notify.reject.url-override", url),
        "sign-as-a-list": Story("refused", "notify.reject.bad-sign", listed),
        "closing": Story("refused", "notify.reject.closing", closing),
        "nobody-asked": Story("refused", "notify.reject.refund", refund),
        "forged-first": Story("either", "notify.reject.duplicate", twice(first=True)),
        "forged-last": Story("either", "notify.reject.duplicate", twice(first=False)),
        "under-a-known-id": Story("refused", "notify.reject.changed", known_id),
    }


def known(name: str) -> str:
    """Return the name of a story.

    Raises:
        ParameterError: it is none.
    """
    if name not in stories():
        hint = "alipay-qr gateway send --list names them all"
        raise ParameterError(
            f"there is no kind {name[:40]!r} of notification", code="notification.kind", hint=hint
        )
    return name


def forgery_names() -> Collection[str]:
    """Return the names of the forgeries that `rules.forgeries` makes."""
    return FORGERIES.keys()


def send(  # noqa: PLR0913 (what a notification is made of)
    engine: Engine,
    keys: TestKeys,
    name: str,
    out_trade_no: str,
    at: datetime,
    *,
    after: float | None = None,
    overrides: Mapping[str, str | None] | None = None,
    url: str = "",
) -> list[Delivery]:
    """Put a story into the outbox; arguments and errors are those of `gateway.notify.faults.send`.

    ``overrides`` are signed with it, as Alipay would; ``edited`` takes them on after that.
    """
    story = stories()[known(name)]
    sign_type, charset = engine.notifications.form_of(out_trade_no)
    if story.sign_types and sign_type not in story.sign_types:
        raise ParameterError(f"{name} makes no sense for {sign_type}", code="notification.kind")
    if name in notification_faults.KINDS:
        return notification_faults.send(
            engine, name, out_trade_no, at, after=after, overrides=overrides, url=url
        )
    given = dict(overrides or {})

    def genuine(more: Mapping[str, str | None]) -> Pairs:
        return engine.notifications.params(
            out_trade_no, at, sign_type=sign_type, charset=charset, overrides=given | dict(more)
        )

    bench = Bench(genuine, keys, sign_type, charset, engine.dialect.content_type(charset))
    if story.make is None:
        edits, given = given, {}
        left = [pair for pair in genuine({}) if pair[0] not in edits]
        made = bench.form([*left, *((key, value) for key, value in edits.items() if value is not None)])
    else:
        made = story.make(bench)
    url = url or notification_faults.address(engine, out_trade_no)
    body, content_type, way = made
    put = engine.outbox.put
    return [put(out_trade_no, name, url, body, content_type, after=after or 0.0, repeats=False, way=way)]


def judge(delivery: Delivery) -> dict[str, Any]:
    """Return what the reply to a notification proves.

    ``verdict`` is right, wrong or open; a wrong one has ``requirement``, and ``detail`` as a `Text`.
    """
    story = stories().get(delivery.event)
    if not delivery.attempts:
        return {"verdict": "open"}
    attempt = delivery.attempts[-1]
    if story is None:
        return {"verdict": "open" if attempt.error else "right"}
    if story.awaited == "either" or not attempt.status:
        return {"verdict": "open", "requirement": story.requirement}
    acknowledged = attempt.status == HTTPStatus.OK and attempt.reply.strip().lower() == b"success"
    if acknowledged is (story.awaited == "acknowledged"):
        return {"verdict": "right", "requirement": story.requirement}
    what = "notify.acknowledged" if acknowledged else "notify.not-acknowledged"
    told = message(what, what=delivery.event)
    return {"verdict": "wrong", "requirement": story.requirement, "detail": told}
