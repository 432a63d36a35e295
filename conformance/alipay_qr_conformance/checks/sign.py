"""Level 1: does the subject sign with the right digest, the right key, in the right form?

Wherever a rule about the text is tested (`checks.vectors`), the subject's digest is
first tried on `PLAIN`, a message with which only key and digest can go wrong. Where that is wrong already,
the text is judged by the operation ``presign`` alone, or not at all: one fault is not reported as twenty.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from alipay_qr.presign import codec, presign, presign_text
from alipay_qr.signing import Signer
from alipay_qr_conformance.checks.blame import Pairs
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported, WrongSign, quoted
from alipay_qr_conformance.model.plan import SIGN_TYPES, Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.reading.names import KNOWN
from alipay_qr_conformance.subjects import NotSupported, Raised, Refusal, Result
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.testbed import Testbed

PLAIN: Final = (("out_trade_no", "1001"), ("partner", "2088021966388155"), ("service", "test"))
"""Sorted already, ASCII, nothing to escape or to leave out: only key, digest and joining can be wrong."""

_CONTROL: Final = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]")

DIGESTS: Final = {"MD5": "sign.md5.digest", "RSA": "sign.rsa.digest", "RSA2": "sign.rsa2.digest"}


def ask_sign(bed: Testbed, params: Pairs, charset: str, sign_type: str) -> str:
    """Return the subject's sign of a legal message, or say how it failed."""
    answer = bed.ask("sign", params=[list(pair) for pair in params], charset=charset, sign_type=sign_type)
    evidence = {"parameters": params, "charset": charset}
    match answer:
        case Result(value={"sign": str(sign)}):
            return sign
        case Result():
            raise Failed("sign.no-text", evidence)
        case Refusal(reason=reason) if nobody_defines(params):
            raise Unsupported(message("declined.rightly", reason=reason), optional=True)
        case Refusal(reason=reason):
            raise Failed("legal.refused", {**evidence, "reason": reason})
        case Raised():
            raise Failed("legal.raised", {**evidence, "error": answer.message, "traceback": answer.traceback})


def nobody_defines(params: Pairs) -> bool:
    """Return whether a name or a character stands there that no page makes legal: it may be declined."""
    return any(name not in KNOWN or _CONTROL.search(value or "") for name, value in params)


def compare_sign(params: Pairs, charset: str, signer: Signer, sign: str) -> None:
    """Raise `Failed` unless ``sign`` is the signature of ``params``."""
    expected = signer.sign(presign(params, charset))
    if sign != expected:
        raise sign_breach(params, charset, signer.sign_type, expected, sign)


def sign_breach(params: Pairs, charset: str, sign_type: str, expected: str, sign: str, **more: str) -> Failed:
    """Return the breach that ``sign`` is, where ``expected`` is the sign of ``params``."""
    evidence = {"parameters": params, "charset": charset, **more, "expected_presign": presign_text(params)}
    signs = {"expected_sign": expected, "sign": sign or "(empty)"}
    wrong_sign = WrongSign(tuple(params), charset, sign_type, sign)
    key = "sign.differs" if len(sign) == len(expected) or not sign else "sign.form"
    return Failed(key, {**evidence, **signs}, wrong_sign_=wrong_sign)


@check("sign.md5.digest", name="plain", needs=("sign",), setups=(Setup("MD5"),))
@check("sign.rsa.digest", name="plain", needs=("sign",), setups=(Setup("RSA"),))
@check("sign.rsa2.digest", name="plain", needs=("sign",), setups=(Setup("RSA2"),))
def digest(bed: Testbed) -> None:
    """Sign a message with which only key and digest can go wrong."""
    sign_type, signer = bed.setup.sign_type, merchant_signer(bed, bed.setup.sign_type)
    sign = ask_sign(bed, PLAIN, "UTF-8", sign_type)
    md5 = (bed.keys.md5_key or "", sign) if sign_type == "MD5" else None
    if joined := joined_wrongly(PLAIN, "UTF-8", signed_by(bed, sign), md5):
        raise Blocked("see.join", how=joined)
    compare_sign(PLAIN, "UTF-8", signer, sign)


def digest_is_right(bed: Testbed) -> None:
    """Raise `Blocked` where the subject signs even the plain message wrongly."""

    def attempt() -> bool:
        sign = ask_sign(bed, PLAIN, "UTF-8", bed.setup.sign_type)
        return sign == merchant_signer(bed, bed.setup.sign_type).sign(presign(PLAIN))

    try:
        right = bed.once("plain-digest", attempt)
    except Failed:
        right = False
    if not right:
        raise Blocked("see.digest", requirement=DIGESTS[bed.setup.sign_type])


UNKNOWN_TYPES: Final = {"md5": "md5", "SHA512": "SHA512", "empty": ""}
"""Names of sign types that the protocol does not have."""


@check("sign.type.no-silent-sign", needs=("sign",), each=UNKNOWN_TYPES)
def unknown_type(bed: Testbed, sign_type: str) -> None:
    """Decline an unknown sign type; a silent empty or other sign is wrong."""
    args: dict[str, Any] = {"params": [list(pair) for pair in PLAIN], "charset": "UTF-8"}
    bed.ask("sign", **args, sign_type=bed.setup.sign_type)  # declining is right only where signing works
    args["sign_type"] = sign_type
    answer = bed.subject.call("sign", args, None)
    if isinstance(answer, NotSupported):
        return
    answer = bed.sort_out("sign", args, answer)
    if not isinstance(answer, Result):
        return
    sign = answer.value.get("sign")
    if sign_type == "md5" and sign == merchant_signer(bed, "MD5").sign(presign(PLAIN)):
        return
    evidence = {"sign_type": quoted(sign_type), "sign": sign or "(empty)"}
    raise Failed("sign.silent", evidence, sign_type=sign_type or "(empty)")


@check("sign.md5.key-whitespace", needs=("sign",), setups=(Setup("MD5", padded_key=True),))
def newline_behind(bed: Testbed) -> None:
    """Sign with the MD5 key, though the file that it was read from ends in a newline."""
    if not isinstance(bed.configured, Result):
        return
    args: dict[str, Any] = {"params": [list(pair) for pair in PLAIN], "charset": "UTF-8", "sign_type": "MD5"}
    answer = bed.ask("sign", **args)
    if not isinstance(answer, Result):
        return
    right, sign = merchant_signer(bed, "MD5").sign(presign(PLAIN)), answer.value.get("sign")
    padded = hashlib.md5(presign(PLAIN) + f"{bed.keys.md5_key}\n".encode(), usedforsecurity=False).hexdigest()
    if sign == padded or not sign:
        raise Failed("sign.padded-key", {"expected_sign": right, "sign": sign})
    if sign != right:
        raise Blocked("see.digest", requirement=DIGESTS["MD5"])


def merchant_signer(bed: Testbed, sign_type: str) -> Signer:
    """Return what signs as the subject should; raise `Unsupported` where the key is not known."""
    signer = bed.keys.merchant_signer(sign_type)
    if signer is None:
        raise Unsupported(message("needs.keys", sign_type=sign_type))
    return signer


Signs = Callable[[bytes], bool]
"""Says whether what the subject answered is the sign of these bytes."""


def signed_by(bed: Testbed, sign: str) -> Signs:
    """Return what says whether ``sign`` signs given bytes."""
    verifier = bed.keys.request_verifier(bed.setup.sign_type)
    return lambda data: verifier is not None and verifier.verify(data, sign)


def joined_wrongly(
    pairs: Sequence[tuple[str, str]], charset: str, signs: Signs, md5: tuple[str, str] | None
) -> str | None:
    """Return the wrongly joined text that was signed, if a common joining fault explains the sign.

    Args:
        pairs: the pairs that are signed, sorted.
        charset: the charset of the text.
        signs: recognises the sign's text.
        md5: for MD5 the key, and the sign.
    """
    joined = [f"{name}={value}" for name, value in pairs]
    text = "&".join(joined)
    wrong = [
        f"{text}&",
        f"&{text}",
        *(between.join(joined) for between in ("& ", "", ",", ";", "\n")),
        "&".join(f'{name}="{value}"' for name, value in pairs),
        "".join(f"{name}{value}" for name, value in pairs),
        "&".join(value for _, value in pairs),
    ]
    for candidate in wrong:
        if candidate != text and signs(candidate.encode(codec(charset))):
            return candidate
    if md5:
        key, sign = md5
        for appended in (f"&{key}", f"&key={key}"):
            data = (text + appended).encode(codec(charset))
            if hashlib.md5(data, usedforsecurity=False).hexdigest() == sign:
                return text + appended.replace(key, "<key>")
    return None


_SHORTEST: Final = 16
"""Pieces of a key that are shorter could stand anywhere by chance."""

PROVOCATIONS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "unencodable": ("GBK", {"params": [*map(list, PLAIN), ["subject", "ok \U0001f600"]], "charset": "GBK"}),
    "unknown-sign-type": ("UTF-8", {"params": [*map(list, PLAIN)], "sign_type": "SHA3"}),
}
"""Calls of ``sign`` that a subject may well decline: the configured charset, and the arguments."""


def _in_each_type(item: tuple[str, Mapping[str, Any]]) -> list[Setup]:
    return [Setup(sign_type, item[0], exact=True) for sign_type in SIGN_TYPES]


@check("sign.key.not-told", needs=("sign",), each=PROVOCATIONS, setups=_in_each_type, named="sign_type")
def key_in_the_reason(bed: Testbed, item: tuple[str, Mapping[str, Any]]) -> None:
    """Decline or fail without a word of the key in the reason."""
    given = {"charset": bed.setup.charset, "sign_type": bed.setup.sign_type, **item[1]}
    match bed.ask("sign", **given):
        case Refusal(reason=reason):
            said = reason
        case Raised(message=text, traceback=traceback):
            said = f"{text}\n{traceback or ''}"
        case _:
            return
    if any(piece in said for piece in _pieces(bed)):
        raise Failed("secret.told", {"operation": "sign", "arguments": given, "said": said}, op="sign")


def _pieces(bed: Testbed) -> Iterator[str]:
    """Yield what would give a key away: the MD5 key, and lines from inside the private one."""
    settings = bed.keys.settings(bed.setup.sign_type)
    if len(settings["md5_key"]) >= _SHORTEST:
        yield settings["md5_key"]
    for text in settings["merchant_private_key"].values():
        for line in str(text).splitlines()[1:-1] or [str(text)]:
            if len(line) >= _SHORTEST and not line.startswith("-----"):
                yield line[:64]
