"""Level 1: what a subject says where it cannot do what it is asked. No key may be part of it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.subjects import Raised, Refusal
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.testbed import Testbed

_PARAMS: Final = [["out_trade_no", "1001"], ["partner", "2088021966388155"], ["service", "test"]]
_SHORTEST: Final = 16
"""Pieces of a key that are shorter could stand anywhere by chance."""

PROVOCATIONS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "unencodable": ("GBK", {"params": [*_PARAMS, ["subject", "ok \U0001f600"]], "charset": "GBK"}),
    "unknown-sign-type": ("UTF-8", {"params": _PARAMS, "sign_type": "SHA3"}),
}
"""Calls of ``sign`` that a subject may well decline: the configured charset, and the arguments."""


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (the same in every plan)
    """Yield a case for each provocation and sign type."""
    for name, (charset, args) in PROVOCATIONS.items():
        for sign_type in SIGN_TYPES:
            setup = Setup(sign_type, charset)
            yield Case("sign.key.not-told", f"{name}/{sign_type}", _told(args), setup, ("sign",))


def _told(args: Mapping[str, Any]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        given = {"charset": bed.setup.charset, "sign_type": bed.setup.sign_type, **args}
        match bed.ask("sign", **given):
            case Refusal(reason=reason):
                said = reason
            case Raised(message=message, traceback=traceback):
                said = f"{message}\n{traceback or ''}"
            case _:
                return
        if any(piece in said for piece in _pieces(bed)):
            raise Failed("secret.told", {"operation": "sign", "arguments": given, "said": said}, op="sign")

    return run


def _pieces(bed: Testbed) -> Iterator[str]:
    """Yield what would give a key away: the MD5 key, and lines from inside the private one."""
    settings = bed.keys.settings(bed.setup.sign_type)
    if len(settings["md5_key"]) >= _SHORTEST:
        yield settings["md5_key"]
    for text in settings["merchant_private_key"].values():
        for line in str(text).splitlines()[1:-1] or [str(text)]:
            if len(line) >= _SHORTEST and not line.startswith("-----"):
                yield line[:64]
