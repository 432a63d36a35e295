"""Level 1: does the subject sign the right text, with the right digest, in the right form?

Wherever a rule about the text is tested, the subject's digest is first tried on `PLAIN`, a message with
which only key and digest can go wrong. Where that is wrong already, the text is judged by the operation
``presign`` alone, or not at all; and a text that another rule's usual breach explains is left to that rule
(`alipay_qr_conformance.checks.blame`). One fault must not be reported as twenty.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from alipay_qr.errors import Unencodable
from alipay_qr.presign import presign, presign_text
from alipay_qr.signing import Md5, Signer
from alipay_qr_conformance.casebook import (
    CHARSETS,
    SIGN_TYPES,
    Broken,
    CannotDo,
    Case,
    NotJudged,
    Plan,
    Setup,
)
from alipay_qr_conformance.checks.blame import blamed
from alipay_qr_conformance.checks.hazards import PLAIN, UNENCODABLE, Hazard, Pairs, hazards
from alipay_qr_conformance.lab import Lab
from alipay_qr_conformance.messages import message
from alipay_qr_conformance.subjects import NotSupported, Raised, Refusal, Result
from alipay_qr_conformance.suspicion import Suspicion

DIGESTS = {"MD5": "sign.md5.digest", "RSA": "sign.rsa.digest", "RSA2": "sign.rsa2.digest"}


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (level 1 is the same in every plan)
    """Yield the cases of level 1 about signing."""
    for sign_type in SIGN_TYPES:
        yield Case(DIGESTS[sign_type], "plain", _digest, Setup(sign_type), ("sign",))
        for charset in CHARSETS:
            for row in hazards():
                if charset in row.charsets:
                    name = f"{row.name}/{sign_type}" + ("" if charset == "UTF-8" else f"/{charset}")
                    yield Case(
                        row.requirement, name, _hazard(row, charset), Setup(sign_type, charset), ("sign",)
                    )
            for row in UNENCODABLE:
                if charset in row.charsets:
                    name = f"{row.name}/{sign_type}/{charset}"
                    yield Case(row.requirement, name, _unencodable(row), Setup(sign_type, charset), ("sign",))
    for name in ("md5", "SHA512", "empty"):
        yield Case(
            "sign.type.no-silent-sign", name, _unknown_type("" if name == "empty" else name), needs=("sign",)
        )
    yield Case(
        "sign.md5.key-whitespace", "newline-behind", _padded_key, Setup("MD5", padded_key=True), ("sign",)
    )


def ask_sign(lab: Lab, params: Pairs, charset: str, sign_type: str) -> str:
    """Return the subject's sign of a legal message, or say how it failed."""
    answer = lab.ask("sign", params=[list(pair) for pair in params], charset=charset, sign_type=sign_type)
    evidence = {"parameters": params, "charset": charset}
    match answer:
        case Result(value={"sign": str(sign)}):
            return sign
        case Result():
            raise Broken("sign.no-text", evidence)
        case Refusal(reason=reason):
            raise Broken("legal.refused", {**evidence, "reason": reason})
        case Raised():
            raise Broken("legal.raised", {**evidence, "error": answer.message, "traceback": answer.traceback})


def compare_sign(params: Pairs, charset: str, signer: Signer, sign: str) -> None:
    """Raise `Broken` unless ``sign`` is the signature of ``params``."""
    text = presign(params, charset)
    expected = signer.sign(text)
    if sign != expected:
        evidence = {
            "parameters": params,
            "charset": charset,
            "expected_presign": text.decode(_codec(charset)),
        }
        signs = {"expected_sign": expected, "sign": sign or "(empty)"}
        suspicion = Suspicion(tuple(params), charset, signer.sign_type, sign)
        key = "sign.differs" if len(sign) == len(expected) or not sign else "sign.form"
        raise Broken(key, {**evidence, **signs}, suspicion_=suspicion)


def _digest(lab: Lab) -> None:
    """The digest of the plain message, unless a joining fault explains the difference."""
    sign_type, signer = lab.setup.sign_type, _signer(lab, lab.setup.sign_type)
    sign = ask_sign(lab, PLAIN, "UTF-8", sign_type)
    if joined := _joined_wrongly(lab, PLAIN, sign):
        raise NotJudged("see.join", how=joined)
    compare_sign(PLAIN, "UTF-8", signer, sign)


def _hazard(row: Hazard, charset: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        sign_type, signer = lab.setup.sign_type, _signer(lab, lab.setup.sign_type)
        _compare_presign(lab, row, charset)
        if row.requirement == "sign.join":
            sign = ask_sign(lab, row.params, charset, sign_type)
            if how := _joined_wrongly(lab, row.params, sign):
                raise Broken("sign.joined", {"parameters": row.params, "signed_presign": how})
            if sign != signer.sign(presign(row.params, charset)):
                raise NotJudged("see.digest", requirement=DIGESTS[sign_type])
            return
        _digest_is_right(lab)
        sign = ask_sign(lab, row.params, charset, sign_type)
        try:
            compare_sign(row.params, charset, signer, sign)
        except Broken:
            _leave_to_another(row, charset, _signed_by(lab, sign))
            raise

    return run


def _signed_by(lab: Lab, sign: str) -> Callable[[bytes], bool]:
    """Return what says whether ``sign`` signs given bytes."""
    verifier = lab.keys.request_verifier(lab.setup.sign_type)
    return lambda data: verifier is not None and verifier.verify(data, sign)


def _leave_to_another(
    row: Hazard, charset: str, matches: Callable[[bytes], bool], *, charsets: bool = True
) -> None:
    """Raise `NotJudged` where a breach of another requirement explains what was signed."""
    found = blamed(row.params, charset, matches, charsets=charsets)
    if found and row.requirement not in found:
        raise NotJudged("see.requirement", requirement=min(found))


def _digest_is_right(lab: Lab) -> None:
    """Raise `NotJudged` where the subject signs even the plain message wrongly."""

    def attempt() -> bool:
        sign = ask_sign(lab, PLAIN, "UTF-8", lab.setup.sign_type)
        return sign == _signer(lab, lab.setup.sign_type).sign(presign(PLAIN))

    try:
        right = lab.once("plain-digest", attempt)
    except Broken:
        right = False
    if not right:
        raise NotJudged("see.digest", requirement=DIGESTS[lab.setup.sign_type])


def _compare_presign(lab: Lab, row: Hazard, charset: str) -> None:
    """Compare the operation ``presign``, where the subject has it."""
    params = row.params
    if not lab.subject.supports("presign"):
        return
    answer = lab.ask("presign", params=[list(pair) for pair in params], charset=charset)
    if not isinstance(answer, Result):
        return  # declining to show it is no fault: the sign is what counts
    text = presign_text(params)
    evidence = {"parameters": params, "charset": charset, "expected_presign": text}
    match answer.value:
        case {"text": str(shown)}:
            if shown != text:
                _leave_to_another(
                    row,
                    charset,
                    lambda data: data == shown.encode(_codec(charset), "replace"),
                    charsets=False,
                )
                raise Broken("presign.differs", {**evidence, "signed_presign": shown})
        case {"base64": str(shown)}:
            try:
                raw = base64.b64decode(shown, validate=True)
            except binascii.Error:
                raise Broken("presign.no-base64", {**evidence, "signed_presign": shown}) from None
            if raw != presign(params, charset):
                _leave_to_another(row, charset, lambda data: data == raw)
                raise Broken(
                    "presign.differs", {**evidence, "signed_presign": raw.decode(_codec(charset), "replace")}
                )
        case other:
            raise Broken("presign.no-text", {**evidence, "answer": other})


def _unencodable(row: Hazard) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        charset = lab.setup.charset
        args: dict[str, Any] = {
            "params": [list(pair) for pair in row.params],
            "charset": charset,
            "sign_type": lab.setup.sign_type,
        }
        answer = lab.ask("sign", **args)
        if isinstance(answer, Result):
            _digest_is_right(lab)
            _leave_to_another(row, charset, _signed_by(lab, str(answer.value.get("sign"))), charsets=False)
            try:
                presign(row.params, charset)
            except Unencodable as error:
                evidence = {
                    "parameters": row.params,
                    "charset": charset,
                    "sign": answer.value.get("sign"),
                    "why": error,
                }
                raise Broken("sign.unencodable", evidence) from None

    return run


def _unknown_type(sign_type: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        args: dict[str, Any] = {"params": [list(pair) for pair in PLAIN], "charset": "UTF-8"}
        lab.ask("sign", **args, sign_type=lab.setup.sign_type)  # declining is right only where signing works
        args["sign_type"] = sign_type
        answer = lab.subject.call("sign", args, None)
        if isinstance(answer, NotSupported):
            return
        answer = lab.sort_out("sign", args, answer)
        if not isinstance(answer, Result):
            return
        sign = answer.value.get("sign")
        if sign_type == "md5" and sign == _signer(lab, "MD5").sign(presign(PLAIN)):
            return
        evidence = {"sign_type": repr(sign_type), "sign": sign or "(empty)"}
        raise Broken("sign.silent", evidence, sign_type=sign_type or "(empty)")

    return run


def _padded_key(lab: Lab) -> None:
    if not isinstance(lab.configured, Result):
        return
    args: dict[str, Any] = {"params": [list(pair) for pair in PLAIN], "charset": "UTF-8", "sign_type": "MD5"}
    answer = lab.ask("sign", **args)
    if not isinstance(answer, Result):
        return
    right, sign = _signer(lab, "MD5").sign(presign(PLAIN)), answer.value.get("sign")
    padded = hashlib.md5(presign(PLAIN) + f"{lab.keys.md5_key}\n".encode(), usedforsecurity=False).hexdigest()
    if sign == padded or not sign:
        raise Broken("sign.padded-key", {"expected_sign": right, "sign": sign})
    if sign != right:
        raise NotJudged("see.digest", requirement=DIGESTS["MD5"])


def _signer(lab: Lab, sign_type: str) -> Signer:
    signer = lab.keys.merchant_signer(sign_type)
    if signer is None:
        raise CannotDo(message("needs.keys", sign_type=sign_type))
    return signer


def _joined_wrongly(lab: Lab, params: Pairs, sign: str) -> str | None:
    """Return the wrongly joined text that ``sign`` signs, if a common joining fault explains it."""
    text = presign_text(params)
    signer = _signer(lab, lab.setup.sign_type)
    wrong = [
        f"{text}&",
        f"&{text}",
        text.replace("&", "& "),
        text.replace("&", ""),
        text.replace("&", ","),
        text.replace("&", ";"),
        text.replace("&", "\n"),
        "&".join(f'{name}="{value}"' for name, value in sorted(params)),
        "".join(f"{name}{value}" for name, value in sorted(params)),
        "&".join(str(value) for _, value in sorted(params)),
    ]
    for candidate in wrong:
        if candidate != text and signer.sign(candidate.encode()) == sign:
            return candidate
    if isinstance(signer, Md5) and lab.keys.md5_key:
        key = lab.keys.md5_key
        for appended in (f"&{key}", f"&key={key}"):
            if hashlib.md5((text + appended).encode(), usedforsecurity=False).hexdigest() == sign:
                return text + appended.replace(key, "<key>")
    return None


def _codec(charset: str) -> str:
    return charset.lower()
