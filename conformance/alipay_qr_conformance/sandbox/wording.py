"""What the gateway has to say to people: lines about requests and notifications, and the configuration.

Everything that came from outside is shown with control characters visible, and cut short.
"""

import re
from functools import lru_cache
from typing import Any, Final

from alipay_qr.gateway import Delivery
from alipay_qr.keys import private_key_forms, public_key_forms
from alipay_qr_conformance.keyring import Keyring
from alipay_qr_conformance.messages import message
from alipay_qr_conformance.report.terminal import WORDS, visible
from alipay_qr_conformance.requirements import register
from alipay_qr_conformance.rules import Breach
from alipay_qr_conformance.sandbox.witness import Sighting, keyword
from alipay_qr_conformance.suspicion import Suspicion, explained
from alipay_qr_conformance.verdicts import Text

_LONGEST: Final = 600
_RESULT: Final = re.compile(rb"<(result_code|detail_error_code|error)>([^<]{1,60})<")


@lru_cache(maxsize=256)
def _diagnosis(suspicion: Suspicion, keys: Keyring) -> Text | None:
    return explained(suspicion, keys)


def verdict(sighting: Sighting) -> str:
    """Return in a few words what became of a request."""
    record = sighting.record
    found = {name.decode(): text.decode("latin-1") for name, text in _RESULT.findall(record.answer.body)}
    said = found.get("detail_error_code") or found.get("error") or found.get("result_code", "")
    if record.fault:
        said = f"{said} (fault: {record.fault})".strip()
    if record.code:
        return f"refused {record.code}"
    if not record.carried_out:
        return f"not carried out {said}".strip()
    return f"{'failed' if b'<result_code>FAIL' in record.answer.body else 'carried out'} {said}".strip()


def finding(breach: Breach, keys: Keyring, lang: str = "en") -> dict[str, Any]:
    """Return a broken rule as data: what happened, the evidence, why it matters, how to mend it."""
    row = register().get(breach.requirement)
    told: dict[str, Any] = {
        "requirement": breach.requirement,
        "keyword": keyword(breach),
        "detail": message(breach.key, **breach.details).in_language(lang),
        "evidence": {label: _text(value) for label, value in breach.evidence.items()},
    }
    if row is not None:
        told |= {"why": row.why.in_language(lang), "remedy": row.mend.in_language(lang), "clause": row.clause}
    if breach.suspicion is not None and (mistake := _diagnosis(breach.suspicion, keys)):
        told["mistake"] = mistake.in_language(lang)
    return told


def request_lines(sighting: Sighting, keys: Keyring, lang: str = "en") -> list[str]:
    """Return a request, its verdict and its findings as lines."""
    record = sighting.record
    name = record.service.rpartition("alipay.")[2] or "(no service)"
    at = record.at.astimezone().strftime("%H:%M:%S")
    lines = [
        f"{at} #{sighting.number} {_shown(record.request.method)} {_shown(name)}: {_shown(verdict(sighting))}"
    ]
    for breach in sighting.breaches:
        told = finding(breach, keys, lang)
        lines.append(f"    {told['keyword']} {told['requirement']}: {_shown(told['detail'])}")
        if "mistake" in told:
            lines.append(f"        {WORDS['mistake'].in_language(lang)}: {_shown(told['mistake'])}")
        for label, text in told["evidence"].items():
            lines.append(f"        {label}: {_shown(text)}")
        if "remedy" in told:
            lines.append(f"        {WORDS['mend'].in_language(lang)}: {told['remedy']}")
    return lines


def notification_line(delivery: Delivery) -> str:
    """Return the latest attempt of a notification as a line."""
    attempt = delivery.attempts[-1]
    number = len(delivery.attempts)
    what = f"notification {delivery.number} ({_shown(delivery.event)}) to {_shown(delivery.url)}"
    if delivery.state == "refused":
        return f"         {what}: not sent, {_shown(attempt.error)}"
    if not attempt.error:
        return f"         {what}: understood after attempt {number}, {attempt.seconds:.2f} s"
    reply = f"; the body began {_shown(repr(attempt.reply[:60]))}" if attempt.reply else ""
    end = "" if delivery.state == "pending" else "; no further attempt"
    return f"         {what}: attempt {number} failed, {_shown(attempt.error)}{reply}{end}"


def configuration(url: str, keys: Keyring, *, ca_file: str = "") -> str:
    """Return what to put into a merchant's configuration, keys in the forms that PHP and Java want."""
    alipay = keys.alipay_private("RSA")
    parts = [f"gateway URL       {url}", f"partner           {keys.partner}"]
    if ca_file:
        parts.append(f"trust this CA     {ca_file}")
    if keys.md5_key:  # what a person has brought is a secret; what is published is none
        parts.append(f"MD5 key           {keys.md5_key if keys.own is None else '(from the account file)'}")
    if alipay is not None:
        pem, base64 = public_key_forms(alipay.public_key())
        parts += [
            "",
            "Alipay's public key here (this gateway's own; the real one's other half is not public), PHP:",
            pem.strip(),
            "the same for Java:",
            base64,
        ]
    if keys.own is None:
        private = private_key_forms(keys.merchant_private("RSA"))
        parts += [
            "",
            "merchant's private key (the published test key), PHP:",
            private.pkcs1_pem.strip(),
            "the same for Java:",
            private.pkcs8_base64,
        ]
    return "\n".join(parts)


def _shown(text: object) -> str:
    whole = visible(str(text)).replace("\n", "\\n")
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}... ({len(whole)} characters)"


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
