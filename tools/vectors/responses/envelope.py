"""How a response is described: a function of Alipay's side that writes XML, and what it is to be taken for.

    @response("response.unproved", twin=a_refund, result="invalid")
    def the_amount_was_changed(alipay: Alipay) -> Letter:
        "refund_amount was changed after signing."
        return alipay.answer(REFUND, edit=("0.10", "0.01"))

The same function is built for every sign type that it applies to.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, NamedTuple

from alipay_qr.presign import encode, presign
from tools.vectors import messages
from tools.vectors.case import Result, prose, slug_of
from tools.vectors.forgery.letter import Alipay as Signing
from tools.vectors.question import Inputs, Question
from tools.vectors.steps import Pairs, sign_steps

ALL: Final = ("MD5", "RSA", "RSA2")
RSA: Final = ("RSA", "RSA2")

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]


class Service(NamedTuple):
    """What was sent, and the children of the genuine answer."""

    sent: Pairs
    children: Pairs


CANCEL: Final = Service(
    messages.cancel(),
    messages.named(
        result_code="SUCCESS",
        action="refund",
        out_trade_no="2026112300001",
        retry_flag="N",
        trade_no="2026112321001004550200012345",
    ),
)
REFUND: Final = Service(
    messages.refund(is_sync="Y"),
    messages.named(
        result_code="SUCCESS",
        partner_trans_id="2026112300001",
        alipay_trans_id="2026112321001004550200012345",
        partner_refund_id="R2026112300001",
        refund_amount="0.10",
        currency="USD",
    ),
)
CREATE: Final = Service(
    messages.create(),
    messages.named(
        result_code="SUCCESS",
        qrcode="https://qr.alipay.com/bax00001",
        qrcode_img_url="https://mobilecodec.alipay.com/show.htm?code=bax00001&d&picSize=L",
    ),
)


@dataclass(frozen=True)
class Letter:
    """A response and the request that it should answer."""

    sent: Pairs
    data: bytes

    def inputs(self) -> Inputs:
        """Return the inputs of a vector."""
        return {"sent": [list(pair) for pair in self.sent], "xml_hex": self.data.hex()}


@dataclass(frozen=True)
class Alipay:
    """Alipay's side for one sign type: answers a request, in XML that can be changed before it is sent."""

    sign_type: str

    @property
    def signing(self) -> Signing:
        """The side of notifications, which has the keys."""
        return Signing(self.sign_type)

    def sign(self, children: Pairs, charset: str = "UTF-8") -> str:
        """Return the sign of a response's children."""
        return self.signing.signer.sign(presign(children, charset))

    def answer(
        self,
        service: Service,
        *,
        children: Pairs | None = None,
        written: str | None = None,
        sign: str | None = None,
        charset: str = "UTF-8",
        container: str = "alipay",
        edit: tuple[str, str] = ("", ""),
    ) -> Letter:
        """Return the genuine answer to a request.

        Args:
            service: what was sent, and what is answered.
            children: what is answered instead.
            written: the XML of the children instead.
            sign: the sign instead.
            charset: of the XML.
            container: the name of the first child of ``<response>``.
            edit: a piece of the finished XML, and what stands there instead.
        """
        children = service.children if children is None else children
        seal = self.sign(children, charset) if sign is None else sign
        inner = "".join(element(*pair) for pair in children) if written is None else written
        text = self.document(service, f"<{container}>{inner}</{container}>", element("sign", seal), charset)
        old, new = edit
        if old not in text:
            raise ValueError(f"{old!r} is no piece of the response")
        return Letter(service.sent, encode(text.replace(old, new, 1) if old else text, charset))

    def document(self, service: Service, response: str, sign: str, charset: str = "UTF-8") -> str:
        """Return the text of a whole response."""
        echo = "".join(f'<param name="{name}">{escaped(value or "")}</param>' for name, value in service.sent)
        return (
            f'<?xml version="1.0" encoding="{charset}"?>\n<alipay><is_success>T</is_success>'
            f"<request>{echo}</request><response>{response}</response>"
            f"{sign}<sign_type>{self.sign_type}</sign_type></alipay>"
        )

    def inputs(self) -> dict[str, Any]:
        """Return what the merchant is configured with: the inputs of a group."""
        return {name: value for name, value in self.signing.inputs().items() if name != "charset"}


def escaped(value: str) -> str:
    """Return text as it stands in XML."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def element(name: str, value: str | None) -> str:
    """Return an element of text."""
    return f"<{name}>{escaped(value or '')}</{name}>"


def edited(pairs: Pairs, **values: str | None) -> Pairs:
    """Return the pairs with other values, and with more of them at the end."""
    return tuple({**dict(pairs), **values}.items())


@dataclass(frozen=True, slots=True)
class Envelope:
    """A response that is described for all sign types to which it applies."""

    slug: str
    comment: str
    build: Callable[[Alipay], Letter]
    result: Result
    flags: tuple[str, ...]
    twin: str | None
    says: Mapping[str, Any]
    sign_types: tuple[str, ...]


def response(
    *flags: str,
    twin: Envelope | None = None,
    result: Result = "valid",
    says: Mapping[str, Any] | None = None,
    only: tuple[str, ...] = ALL,
) -> Callable[[Callable[[Alipay], Letter]], Envelope]:
    """Make an `Envelope` of the decorated function."""

    def decorate(build: Callable[[Alipay], Letter]) -> Envelope:
        slug = twin.slug if twin else None
        return Envelope(slug_of(build), prose(build), build, result, flags, slug, says or {}, only)

    return decorate


Rows = Callable[[Alipay], Iterator[tuple[str, str, Letter]]]


def responses(
    *flags: str,
    twin: Envelope,
    result: Result = "valid",
    says: Mapping[str, Any] | None = None,
    only: tuple[str, ...] = ALL,
) -> Callable[[Rows], list[Envelope]]:
    """Make a family of envelopes: each row is a name, what it is about, and the response."""

    def decorate(rows: Rows) -> list[Envelope]:
        return [
            Envelope(
                slug=f"{slug_of(rows)}-{name}",
                comment=f"{prose(rows)} {comment}",
                build=_row(rows, position),
                result=result,
                flags=flags,
                twin=twin.slug,
                says=says or {},
                sign_types=only,
            )
            for position, (name, comment, _) in enumerate(rows(Alipay(only[0])))
        ]

    return decorate


def _row(rows: Rows, position: int) -> Callable[[Alipay], Letter]:
    return lambda alipay: list(rows(alipay))[position][2]


def questions_for(modules: Sequence[ModuleType], sign_type: str) -> Iterator[Question]:
    """Yield the vectors of a sign type, in the order in which they are described."""
    alipay, prefix = Alipay(sign_type), sign_type.lower()
    for each in _envelopes(modules):
        if sign_type in each.sign_types:
            yield Question(
                slug=f"{prefix}-{each.slug}",
                comment=each.comment,
                given=alipay.inputs(),
                inputs=each.build(alipay).inputs(),
                flags=each.flags,
                result=each.result,
                says=each.says,
                twin=f"{prefix}-{each.twin}" if each.twin else None,
            )


def _envelopes(modules: Iterable[ModuleType]) -> list[Envelope]:
    found: dict[str, Envelope] = {}
    for module in modules:
        for value in vars(module).values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, Envelope) and found.setdefault(each.slug, each) is not each:
                    raise ValueError(f"two responses are named {each.slug}")
    return list(found.values())


def with_golden_sign(answer: Answer) -> Answer:
    """Return what answers like ``answer``, and adds the steps of the sign, each made by three libraries."""

    def answered(inputs: Mapping[str, Any]) -> dict[str, Any]:
        told = answer(inputs)
        children = told.get("children")
        if not children:
            return told
        charset, sign_type = told["charset"], inputs["sign_type"]
        pem = Signing(sign_type).private_pem
        steps = sign_steps(children, {**inputs, "charset": charset}, pem)
        if "sign" in steps:
            steps["right_sign"] = steps.pop("sign")
        return {
            **{name: told[name] for name in told if name not in ("outcome", "code")},
            **steps,
            **_last(told),
        }

    return answered


def _last(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("outcome", "code") if name in told}
