"""Faults: misbehaviour of gateway or network that the next matching requests meet.

    engine.inject(faults.drop("REFUND"))                    # carried out, but no answer comes back
    engine.inject(faults.drop("REFUND", commit=False))      # lost before it was carried out
    engine.inject(faults.business_error("SYSTEM_ERROR", "CANCEL"))

A fault may act at three places: on the `Reply` before it is signed, on the reply and its signature, and on
the `Answer` as it goes out. ``commit`` says whether the request is carried out first; where it is not and the
fault does not say what to answer, the answer is a business failure with SYSTEM_ERROR.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from alipay_qr.signing import Signer, sign_params
from alipay_qr_conformance.gateway.engine.response import Answer, Reply


def _same_reply(reply: Reply) -> Reply:
    return reply


def _same_seal(reply: Reply, _: Signer) -> Reply:
    return reply


def _same_answer(answer: Answer) -> Answer:
    return answer


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; the functions of this module make the usual ones.

    Args:
        service: name or alias (``"REFUND"``) of the service that it waits for; None for any.
        commit: whether the request is carried out.
        reply: changes the reply before it is signed.
        seal: changes the signed reply; it is given the gateway's signer.
        answer: changes the answer, whatever it has become.
        times: how many requests meet it.
        name: for people.
    """

    service: str | None = None
    commit: bool = True
    reply: Callable[[Reply], Reply] = _same_reply
    seal: Callable[[Reply, Signer], Reply] = _same_seal
    answer: Callable[[Answer], Answer] = _same_answer
    times: int = 1
    name: str = "fault"


def timeout(seconds: float, service: str | None = None, *, commit: bool = True, times: int = 1) -> Fault:
    """Answer ``seconds`` late."""
    return transform(lambda answer: replace(answer, delay=seconds), service, commit=commit, times=times)


def drop(service: str | None = None, *, commit: bool = True, after: float = 0.0, times: int = 1) -> Fault:
    """Close the connection without an answer, ``after`` seconds."""
    return transform(
        lambda answer: replace(answer, drop=True, delay=after), service, commit=commit, times=times
    )


def http_status(
    status: int, service: str | None = None, *, commit: bool = True, body: bytes | None = None
) -> Fault:
    """Answer with another HTTP status; with the genuine body unless another is given."""
    return transform(
        lambda answer: replace(answer, status=status, body=answer.body if body is None else body),
        service,
        commit=commit,
    )


def redirect(location: str, service: str | None = None, *, status: int = 302, commit: bool = False) -> Fault:
    """Send the client elsewhere."""
    return transform(
        lambda answer: replace(answer, status=status, location=location, body=b""), service, commit=commit
    )


def truncated(length: int, service: str | None = None, *, commit: bool = True) -> Fault:
    """Break off after ``length`` bytes of the body, which the head announced in full."""
    return transform(lambda answer: replace(answer, truncate=length), service, commit=commit)


def slow(seconds: float, service: str | None = None, *, commit: bool = True) -> Fault:
    """Spread the body over ``seconds``."""
    return transform(lambda answer: replace(answer, slow=seconds), service, commit=commit)


def body(
    data: bytes, service: str | None = None, *, content_type: str = "text/html", commit: bool = True
) -> Fault:
    """Answer with other bytes, such as the HTML page that a wrong address gives."""
    return transform(
        lambda answer: replace(answer, body=data, content_type=content_type), service, commit=commit
    )


def transform(
    change: Callable[[Answer], Answer], service: str | None = None, *, commit: bool = True, times: int = 1
) -> Fault:
    """Change the answer at will."""
    return Fault(service, commit, answer=change, times=times, name="transform")


def business_error(
    code: str, service: str | None = None, *, commit: bool = False, retry_flag: str | None = None
) -> Fault:
    """Answer with a signed business failure; ``retry_flag`` is for CANCEL, by default what the code earns."""

    def fail(reply: Reply) -> Reply:
        failure = _failure_word(service, reply)
        changes: dict[str, str | None] = {"result_code": failure, "action": None, **reply.because(code)}
        if retry_flag is not None or "retry_flag" in dict(reply.fields):
            changes["retry_flag"] = retry_flag or ("Y" if code == "SYSTEM_ERROR" else "N")
        return reply.changed(changes)

    return Fault(service, commit, reply=fail, name=f"business error {code}")


def unknown_result(service: str | None = None, *, word: str = "UNKNOWN", commit: bool = True) -> Fault:
    """Answer, signed, that the outcome is UNKNOWN, or UNKNOW as the open SDK says."""

    def forget(reply: Reply) -> Reply:
        reason = reply.because("SYSTEM_ERROR")
        return reply.changed({"result_code": word, "action": None, **reason, "detail_error_des": None})

    return Fault(service, commit, reply=forget, name=f"result_code {word}")


def gateway_error(code: str, service: str | None = None, *, commit: bool = False) -> Fault:
    """Answer with an unsigned gateway error (``is_success=F``), such as SYSTEM_ERROR."""
    return Fault(
        service, commit, reply=lambda reply: replace(reply, error=code), name=f"gateway error {code}"
    )


def wrong_signature(service: str | None = None, *, commit: bool = True) -> Fault:
    """Sign, then spoil the sign by one bit; its form stays right."""

    def spoil(reply: Reply, _: Signer) -> Reply:
        return replace(reply, sign=_spoilt(reply.sign)) if reply.sign else reply

    return Fault(service, commit, seal=spoil, name="wrong signature")


def missing_signature(service: str | None = None, *, commit: bool = True, keep_type: bool = False) -> Fault:
    """Leave ``sign`` out, and ``sign_type`` with it unless ``keep_type``."""

    def strip(reply: Reply, _: Signer) -> Reply:
        return replace(reply, sign=None, sign_type=reply.sign_type if keep_type else None)

    return Fault(service, commit, seal=strip, name="missing signature")


def swapped_signature(service: str | None = None, *, commit: bool = True) -> Fault:
    """Send the genuine signature of another reply, a bare ``result_code=SUCCESS``."""

    def swap(reply: Reply, signer: Signer) -> Reply:
        if reply.error is not None:
            return reply
        return replace(reply, sign=sign_params({"result_code": "SUCCESS"}, signer, reply.charset))

    return Fault(service, commit, seal=swap, name="swapped signature")


def foreign_signature(signer: Signer, service: str | None = None, *, commit: bool = True) -> Fault:
    """Sign with another key, or another sign type than the account's."""
    return Fault(service, commit, seal=lambda reply, _: reply.signed(signer), name="foreign signature")


def tampered(changes: Mapping[str, str | None], service: str | None = None, *, commit: bool = True) -> Fault:
    """Change fields after signing."""
    return Fault(service, commit, seal=lambda reply, _: reply.changed(changes), name="tampered")


def _failure_word(service: str | None, reply: Reply) -> str:
    """Return FAILED for REFUND, FAIL for the others."""
    named = dict(reply.request).get("service", service or "")
    return "FAILED" if named in {"alipay.acquire.overseas.spot.refund", "REFUND"} else "FAIL"


def _spoilt(sign: str) -> str:
    if len(sign) == 32:  # noqa: PLR2004 (MD5 in hex)
        return f"{int(sign[0], 16) ^ 1:x}{sign[1:]}"
    try:
        raw = bytearray(base64.b64decode(sign, validate=True))
    except binascii.Error:
        return sign[::-1]
    raw[-1] ^= 1
    return base64.b64encode(raw).decode("ascii")
