"""What `explain` answers: one judgement in full, several as a table by cause; as text, JSON or a page.

Answer          what was found in an input, counted and grouped; one judgement a cause is kept whole
render_answer   as text, in English or Chinese
answer_json     as JSON values
answer_page     as a page of HTML to hand on
"""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from alipay_qr.catalogue import GATEWAY_ERRORS, SERVICES
from alipay_qr_conformance.doctor.hide import hidden
from alipay_qr_conformance.doctor.judge import Judged, Judgement, notes
from alipay_qr_conformance.doctor.model import Language
from alipay_qr_conformance.doctor.render import render_text, visible
from alipay_qr_conformance.model.texts import interface, say
from alipay_qr_conformance.reading.message import Message

_ORDER: tuple[Judged, ...] = ("wrong", "cannot-say", "right")
_MOST_PLACES = 12
_CODES = {each.code: each for each in (*GATEWAY_ERRORS, *(e for s in SERVICES.values() for e in s.errors))}


@dataclass(slots=True)
class Cause:
    """Messages of one verdict and one cause: the first of them, and where all are."""

    first: Judgement
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Answer:
    """What was found in an input, grouped by verdict and cause."""

    causes: dict[tuple[str, ...], Cause] = field(default_factory=dict)
    count: int = 0

    def add(self, judgement: Judgement, number: int) -> None:
        """Count one message, the ``number``th of the input."""
        key = (judgement.verdict, *judgement.cause)
        cause = self.causes.setdefault(key, Cause(judgement))
        if len(cause.labels) < _MOST_PLACES:
            cause.labels.append(label(judgement.message, number))
        else:
            cause.labels.append("")
        self.count += 1

    @property
    def verdict(self) -> Judged:
        """The worst verdict."""
        return next(each for each in _ORDER if any(key[0] == each for key in self.causes))

    def sorted(self) -> list[tuple[Judged, Cause]]:
        """Return the causes, wrong ones first, the most frequent first."""
        return [
            (verdict, cause)
            for verdict in _ORDER
            for key, cause in sorted(self.causes.items(), key=lambda item: -len(item[1].labels))
            if key[0] == verdict
        ]


def label(message: Message, number: int) -> str:
    """Return what ``--entry`` takes, and the line."""
    entry = message.place.entry
    where = f" (L{message.place.line})" if message.place.line else ""
    return f"{entry if entry >= 0 else number}{where}"


def facts_of(judgement: Judgement) -> tuple[tuple[str, str], ...]:
    """Return what is proved, how the message was read, and what was odd about its form."""
    reading, diagnosis = judgement.reading, judgement.diagnosis
    found = list(diagnosis.facts) if diagnosis is not None else []
    if reading is None:
        return tuple(found)
    ways = dict.fromkeys((f"input.{way}", detail) for way, detail in reading.ways)
    place = judgement.message.place
    if not reading.certain and place.line and (place.line, place.column) != (1, 1):
        found.append(("input.cut-out", f"{place.line}:{place.column}"))
    return (*found, *ways, *(("note", note) for note in notes(judgement.message, reading)))


def render_answer(answer: Answer, lang: Language = "en", secrets: Iterable[str] = ()) -> str:
    """Return the answer as text."""
    if answer.count == 1:
        lines = render_judgement(next(iter(answer.causes.values())).first, lang)
    else:
        lines = "\n".join(_table(answer, lang)) + "\n"
    return hidden(lines, secrets)


def render_judgement(judgement: Judgement, lang: Language = "en") -> str:
    """Return one judgement as text: the verdict, why, what was found, and the next step."""
    lines: list[str] = []
    reasons = [say(f"reason.{code}", lang, detail=visible(detail)) for code, detail in judgement.reasons]
    if judgement.message.kind == "error-code":
        lines = _code(judgement.message.detail, lang)
    elif judgement.message.kind == "other-protocol":
        lines = [say(f"protocol.{judgement.message.detail}", lang)]
    else:
        lines = [say(f"verdict.{_title(judgement)}", lang), *reasons]
    if judgement.diagnosis is not None:
        shown = replace(judgement.diagnosis, facts=facts_of(judgement))
        lines += render_text(shown, lang).splitlines()[1:]
    steps = [say(f"next.{code}", lang, detail=detail) for code, detail in judgement.next_steps]
    if steps:
        lines += [say("doctor.next", lang), *(f"  {step}" for step in steps)]
    return "\n".join(lines) + "\n"


def _title(judgement: Judgement) -> str:
    diagnosis = judgement.diagnosis
    if judgement.verdict == "wrong" and diagnosis is not None and diagnosis.verdict == "explained":
        return "wrong-explained"
    if judgement.verdict == "wrong" and diagnosis is not None and diagnosis.verdict == "valid":
        return "wrong-on-the-wire"
    return judgement.verdict


def _code(code: str, lang: Language) -> list[str]:
    key = f"code.{code.lower().replace('_', '-')}"
    lines = [say(key, lang, detail=code)] if key in interface() else []
    if code in _CODES and not lines:
        level = "system" if _CODES[code].level == "gateway-system" else "access"
        lines.append(say(f"code.any-{level}", lang, detail=code))
    return lines or [say("code.any-access", lang, detail=code)]


def _table(answer: Answer, lang: Language) -> Iterator[str]:
    counts = dict.fromkeys(_ORDER, 0)
    for verdict, cause in answer.sorted():
        counts[verdict] += len(cause.labels)
    yield say(
        "table.head",
        lang,
        count=answer.count,
        right=counts["right"],
        wrong=counts["wrong"],
        unknown=counts["cannot-say"],
    )
    for verdict, cause in answer.sorted():
        yield ""
        yield f"{say(f'table.{verdict}', lang)} {len(cause.labels)}: {summary(cause.first, lang)}"
        places = [each for each in cause.labels if each]
        more = len(cause.labels) - len(places)
        yield f"  {', '.join(places)}{f', +{more}' if more else ''}"
    yield ""
    yield say("table.one", lang)


def summary(judgement: Judgement, lang: Language) -> str:
    """Return the cause of a judgement in one line."""
    diagnosis = judgement.diagnosis
    if judgement.message.kind == "error-code":
        return judgement.message.detail
    if judgement.message.kind == "other-protocol":
        return say(f"protocol.{judgement.message.detail}", lang)
    if judgement.verdict == "wrong" and diagnosis is not None and diagnosis.mistakes:
        return " + ".join(visible(each.title(lang)) for each in diagnosis.mistakes)
    if judgement.verdict != "right" and judgement.reasons:
        code, detail = judgement.reasons[0]
        return say(f"reason.{code}", lang, detail=visible(detail))
    return say(f"verdict.{_title(judgement)}", lang)


def judgement_json(judgement: Judgement, lang: Language = "en") -> dict[str, object]:
    """Return one judgement as JSON values."""
    message = judgement.message
    shown = (
        replace(judgement.diagnosis, facts=facts_of(judgement)) if judgement.diagnosis is not None else None
    )
    found: dict[str, object] = {} if shown is None else shown.to_json(lang)
    found.update(
        verdict=judgement.verdict,
        kind=message.kind,
        place=message.place._asdict(),
        reasons=[
            {"id": code, "text": say(f"reason.{code}", lang, detail=detail)}
            for code, detail in judgement.reasons
        ],
        next=[
            {"id": code, "text": say(f"next.{code}", lang, detail=detail)}
            for code, detail in judgement.next_steps
        ],
    )
    if message.detail:
        found["detail"] = message.detail
        found["text"] = render_judgement(judgement, lang).rstrip()
    return found


def answer_json(answer: Answer, lang: Language = "en") -> dict[str, object]:
    """Return the answer as JSON values: one judgement, or all causes."""
    if answer.count == 1:
        return judgement_json(next(iter(answer.causes.values())).first, lang)
    return {
        "verdict": answer.verdict,
        "count": answer.count,
        "causes": [
            {"verdict": verdict, "count": len(cause.labels), "summary": summary(cause.first, lang),
             "entries": [each for each in cause.labels if each], "first": judgement_json(cause.first, lang)}
            for verdict, cause in answer.sorted()
        ],
    }  # fmt: skip


def answer_page(answer: Answer, lang: Language = "en", secrets: Iterable[str] = ()) -> str:
    """Return a page that stands alone: the table, and below it the first message of each cause."""
    kept = tuple(secrets)
    parts = [render_answer(answer, lang, kept)]
    if answer.count > 1:
        parts += [hidden(render_judgement(cause.first, lang), kept) for _, cause in answer.sorted()]
    body = "\n".join(f"<pre>{html.escape(part)}</pre>" for part in parts)
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        "<title>alipay-qr explain</title><style>"
        "body{max-width:70em;margin:2em auto;font-family:sans-serif}"
        "pre{white-space:pre-wrap;border-top:1px solid #ccc;padding-top:1em}"
        f"</style></head><body>\n{body}\n</body></html>\n"
    )
