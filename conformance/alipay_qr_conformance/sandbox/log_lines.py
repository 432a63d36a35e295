"""Lines for people about requests and notifications.

Everything that came from outside is shown with control characters visible, and cut short.
"""

import re
from typing import Any, Final

from alipay_qr_conformance.gateway import Delivery
from alipay_qr_conformance.model.outcomes import quoted
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.texts import message, say
from alipay_qr_conformance.rules.request import Breach
from alipay_qr_conformance.sandbox.request_log import LoggedRequest, keyword

_LONGEST: Final = 600
_RESULT: Final = re.compile(rb"<(result_code|detail_error_code|error)>([^<]{1,60})<")


_OUTCOMES: Final = {
    "refused": "sandbox.refused",
    "not-carried-out": "sandbox.not-carried-out",
    "failed": "sandbox.failed",
    "done": "sandbox.done",
}


def outcome(logged: LoggedRequest) -> tuple[str, str]:
    """Return what became of a request, a word of `_OUTCOMES`, and the code that was answered."""
    record = logged.record
    if record.code:
        return "refused", record.code
    found = {name.decode(): text.decode("latin-1") for name, text in _RESULT.findall(record.answer.body)}
    said = found.get("detail_error_code") or found.get("error") or found.get("result_code", "SUCCESS")
    failed = b"<result_code>FAIL" in record.answer.body or b"<is_success>F<" in record.answer.body
    return "not-carried-out" if not record.carried_out else "failed" if failed else "done", said


def verdict(logged: LoggedRequest, lang: str = "en") -> str:
    """Return in a few words what became of a request."""
    word, said = outcome(logged)
    if word == "refused":
        return _said(_OUTCOMES[word], lang, code=said)
    if name := logged.record.fault:
        said = " ".join(filter(None, (said, _said("sandbox.fault", lang, name=name))))
    return f"{_said(_OUTCOMES[word], lang)} {said}".strip()


def findings(logged: LoggedRequest, lang: str = "en") -> list[dict[str, Any]]:
    """Return the rules that a request broke as data, with the mistake where it is known by now."""
    return [_finding(logged, breach, lang) for breach in logged.breaches]


def _finding(logged: LoggedRequest, breach: Breach, lang: str) -> dict[str, Any]:
    row = register().get(breach.requirement)
    told: dict[str, Any] = {
        "requirement": breach.requirement,
        "keyword": keyword(breach),
        "detail": message(breach.key, **breach.details).in_language(lang),
        "evidence": {label: _text(value) for label, value in breach.evidence.items()},
    }
    if row is not None:
        told |= {"why": row.why.in_language(lang), "remedy": row.mend.in_language(lang), "clause": row.clause}
    if breach.wrong_sign is not None and (found := logged.mistake):
        told["mistake"] = found.mistake.in_language(lang)
        told["mistake_remedy"] = found.remedy.in_language(lang)
        if found.signed is not None:
            told["signed_presign"] = found.signed
    elif breach.diagnosis is not None:
        told["mistake"] = breach.diagnosis.in_language(lang)
    return told


def request_lines(logged: LoggedRequest, lang: str = "en") -> list[str]:
    """Return a request, its verdict and its findings as lines."""
    record = logged.record
    name = record.service.rpartition("alipay.")[2] or _said("sandbox.no-service", lang)
    at = record.at.astimezone().strftime("%H:%M:%S")
    what = f"{_shown(record.request.method)} {_shown(name)}: {_shown(verdict(logged, lang))}"
    lines = [f"{at} #{logged.number} {what}"]
    for told in findings(logged, lang):
        lines.append(f"    {told['keyword']} {told['requirement']}: {_shown(told['detail'])}")
        if "mistake" in told:
            label = say("terminal.mistake" if "mistake_remedy" in told else "terminal.slip", lang)
            lines.append(f"        {label}: {_shown(told['mistake'])}")
        for label, text in told["evidence"].items():
            lines.append(f"        {label}: {_shown(text)}")
        if "remedy" in told:
            lines.append(f"        {say('terminal.mend', lang)}: {told['remedy']}")
    return lines


def notification_line(delivery: Delivery, lang: str = "en") -> str:
    """Return the latest attempt of a notification as a line."""
    event, url = _shown(delivery.event), _shown(delivery.url)
    what = _said("sandbox.notification", lang, number=delivery.number, event=event, url=url)
    return f"         {what}{_attempt(delivery, lang)}"


def _attempt(delivery: Delivery, lang: str) -> str:
    attempt, count = delivery.attempts[-1], len(delivery.attempts)
    if delivery.state == "refused":
        return _said("sandbox.not-sent", lang, error=_shown(attempt.error))
    if not attempt.error:
        return _said("sandbox.understood", lang, count=count, seconds=f"{attempt.seconds:.2f}")
    outcome = _said("sandbox.attempt-failed", lang, count=count, error=_shown(attempt.error))
    if attempt.reply:
        outcome += _said("sandbox.reply", lang, reply=_shown(quoted(attempt.reply[:60])))
    if delivery.state != "pending":
        outcome += _said("sandbox.given-up", lang)
    return outcome


def _said(key: str, lang: str, **details: object) -> str:
    return message(key, **details).in_language(lang)


def _shown(text: object) -> str:
    whole = visible(str(text)).replace("\n", "\\n")
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}... ({len(whole)} characters)"


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
