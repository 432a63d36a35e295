"""What an audit says: the JSON report and the terminal's text, both bounded."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, Final

from alipay_qr._version import __version__
from alipay_qr_conformance.audit.accounts import Accounts
from alipay_qr_conformance.audit.coverage import Row, rows
from alipay_qr_conformance.audit.kit import (
    CaseResult,
    Finding,
    Known,
    Redactor,
    Text,
    Verdict,
    register,
    visible,
)
from alipay_qr_conformance.audit.plan import Plan
from alipay_qr_conformance.audit.run import Bases
from alipay_qr_conformance.audit.tally import OTHERS, Cause, Group, Place, Tally
from alipay_qr_conformance.audit.words import cause_text, reason_text, say

_HIDDEN: Final = "..."
_SHOWN_REASONS: Final = 2


@dataclass(frozen=True)
class Audit:
    """A finished audit.

    Attributes:
        known: the known failure that excuses a finding, by its case id.
        show_values: whether examples with people's data are told.
    """

    plan: Plan
    tally: Tally
    bases: Bases
    accounts: Accounts
    known: Mapping[str, Known]
    show_values: bool = False
    books: bool = False

    @cached_property
    def rows(self) -> list[Row]:
        """What was judged of each requirement."""
        return rows(self.tally, books=self.books)

    @property
    def messages(self) -> int:
        """How many messages of the protocol were found."""
        return sum(self.tally.seen.values())

    @property
    def judged(self) -> int:
        """How many requirements were judged at all."""
        return sum(row.judged > 0 for row in self.rows)

    @cached_property
    def groups(self) -> list[tuple[str, Cause, Group]]:
        """All findings, in the order of the register, then of their first place, then of their cause."""
        order = {name: number for number, name in enumerate(register())}
        return sorted(
            self.tally.every_group(), key=lambda each: (order[each[0]], each[2].places[:1], each[1])
        )

    @property
    def fails(self) -> bool:
        """Whether a MUST is broken that no known failure excuses."""
        return any(
            (group.keyword or register()[name].keyword) == "MUST" and case_id(name, cause) not in self.known
            for name, cause, group in self.groups
        )

    def remarks(self, lang: str) -> list[str]:
        """Return what is told beside the findings."""
        told = [
            say(f"remark.{name}", lang, count=count) for name, count in sorted(self.tally.remarks.items())
        ]
        if any(each.published for each in self.accounts):
            told.append(say("remark.published-account", lang))
        sign = next(row for row in self.rows if row.requirement == "request.sign.valid")
        if sign.judged and sign.judged == sign.broken:
            told.append(say("remark.no-sign-holds", lang))
        for number, found in enumerate(self.plan.inputs):
            clock = found.clock
            if clock.samples and (clock.skew or clock.zone is not None):
                zone = "-" if clock.zone is None else f"{clock.zone / 3_600_000:+g} h"
                skew = round(clock.skew / 1000)
                told.append(
                    say("label.clock", lang, file=found.name, skew=skew, zone=zone, samples=clock.samples)
                )
            del number
        return told


def case_id(requirement: str, cause: Cause) -> str:
    """Return the identity of a finding in reports and lists of known failures."""
    return f"{requirement}[{case_name(cause)}]"


def case_name(cause: Cause) -> str:
    """Return the name of a cause, as a case of its requirement."""
    told = [
        text for name, text in cause.details if name in {"field", "what", "ended", "mistake", "code"} and text
    ]
    return "/".join([cause.key.rpartition(".")[2], *told])


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the report."""
    text = (files("alipay_qr_conformance.audit") / "report-v1.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def json_report(audit: Audit, lang: str) -> str:
    """Return the report as JSON text in ASCII, as ``report-v1.schema.json`` describes it."""
    plan, tally = audit.plan, audit.tally
    report: dict[str, Any] = {
        "kit": {"name": "alipay-qr-conformance", "version": __version__},
        "run": {
            "language": lang,
            "partners": sorted(each.partner for each in audit.accounts),
            "messages": audit.messages,
            "kinds": dict(sorted(tally.seen.items())),
            "values": audit.show_values,
        },
        "inputs": [
            {
                "file": found.name,
                "format": found.format,
                "bytes": found.size,
                "messages": tally.messages[number],
                "unread": _unread(audit, number, lang),
                "clock": {
                    "zone_ms": found.clock.zone,
                    "skew_ms": found.clock.skew,
                    "samples": found.clock.samples,
                },
            }
            for number, found in enumerate(plan.inputs)
        ],
        "judged": [
            {
                "requirement": row.requirement,
                "keyword": row.keyword,
                "judged": row.judged,
                "broken": row.broken,
                "not_judged": dict(row.not_judged),
            }
            for row in audit.rows
        ],
        "findings": [_finding(audit, *each, lang) for each in audit.groups],
        "remarks": audit.remarks(lang),
    }
    return json.dumps(Redactor(audit.accounts.secrets()).data(report), indent=1, ensure_ascii=True) + "\n"


def _unread(audit: Audit, number: int, lang: str) -> dict[str, Any]:
    counts = {
        reason: count for (file, reason), count in sorted(audit.tally.skipped.items()) if file == number
    }
    if not counts:
        return {"count": 0}
    first = [
        {
            **audit.bases.place(place, offset=False),
            "reason": reason,
            "why": reason_text(reason).in_language(lang),
        }
        for place, reason in audit.tally.skipped_places
        if place.file == number
    ]
    return {"count": sum(counts.values()), "reasons": counts, "first": first}


def _finding(audit: Audit, name: str, cause: Cause, group: Group, lang: str) -> dict[str, Any]:
    row = register()[name]
    told: dict[str, Any] = {
        "requirement": name,
        "keyword": group.keyword or row.keyword,
        "case": case_name(cause),
        "title": row.title.in_language(lang),
        "cause": cause_text(cause).in_language(lang),
        "count": group.count,
        "places": [audit.bases.place(place) for place in group.places],
        "clause": row.clause,
        "why": row.why.in_language(lang),
        "remedy": row.mend.in_language(lang),
    }
    if group.mistake:
        told["mistake"] = group.mistake[1 if lang == "zh" else 0]
    if group.trade is not None:
        told["trade"] = group.trade
        told["timeline"] = [_event(audit, event) for event in group.timeline]
    if group.example and audit.show_values:
        told["example"] = group.example
    if known := audit.known.get(case_id(name, cause)):
        told["known"] = {"issue": known.issue, "cause": known.cause}
    return told


def _event(audit: Audit, event: Mapping[str, Any]) -> dict[str, Any]:
    return {**event, "place": audit.bases.place(Place(*event["place"]), offset=False)}


def terminal(audit: Audit, lang: str) -> str:
    """Return the report as text for people."""
    lines = [
        say(
            "label.heading",
            lang,
            messages=f"{audit.messages:,}",
            inputs=len(audit.plan.inputs),
            judged=audit.judged,
            broken=len({name for name, _, _ in audit.groups}),
        ),
        "",
    ]
    for each in audit.groups:
        lines += [*_lines(audit, *each, lang), ""]
    if not audit.groups and audit.judged:
        lines += [say("label.none", lang), ""]
    lines += _table(audit, lang)
    lines += ["", *(f"! {each}" for each in audit.remarks(lang))]
    for number, found in enumerate(audit.plan.inputs):
        for (file, reason), count in sorted(audit.tally.skipped.items()):
            if file == number:
                why = reason_text(reason).in_language(lang)
                lines.append(f"! {say('label.unread', lang, count=count, file=found.name, reason=why)}")
    text = "\n".join(map(_visible, lines)).rstrip() + "\n"
    return Redactor(audit.accounts.secrets()).text(text)


def _visible(line: str) -> str:
    """Return a line whose indent is ours, and whose text may be a stranger's."""
    text = line.lstrip(" ")
    return " " * (len(line) - len(text)) + visible(text)


def _lines(audit: Audit, name: str, cause: Cause, group: Group, lang: str) -> Iterator[str]:
    row = register()[name]
    yield f"{group.keyword or row.keyword} {name}: {row.title.in_language(lang)}"
    yield f"  {say('label.times', lang, count=f'{group.count:,}')}: {cause_text(cause).in_language(lang)}"
    if known := audit.known.get(case_id(name, cause)):
        yield f"  {say('label.known', lang, issue=known.issue)}"
    if group.mistake:
        proved = "." in dict(cause.details).get("mistake", ".")  # of a sign: of the doctor's mistakes
        label = say("label.mistake" if proved else "label.slip", lang)
        yield f"  {label}: {group.mistake[1 if lang == 'zh' else 0]}"
    places = ", ".join(_place(audit.bases.place(place, offset=False)) for place in group.places)
    yield f"  {say('label.first', lang)}: {places}"
    if group.trade is not None:
        yield f"  {say('label.trade', lang, trade=group.trade)}"
        for event in group.timeline:
            yield f"    {_told(_event(audit, event), lang)}"
    if audit.show_values:
        for label, text in group.example.items():
            yield f"  {label}: {text}"
    if cause.key != OTHERS:
        yield f"  {say('label.why', lang)}: {row.why.in_language(lang)}"
        yield f"  {say('label.mend', lang)}: {row.mend.in_language(lang)}"


def _told(event: Mapping[str, Any], lang: str) -> str:
    words = [event["at"] or "-", say(f"label.event.{event['event']}", lang)]
    words += [str(event[name]) for name in ("status", "id", "amount", "currency") if event.get(name)]
    words += [say(f"ended.{event['ended']}", lang)] if event["ended"] else []
    return "  ".join([*words, _place(event["place"])])


def _place(place: Mapping[str, Any]) -> str:
    return f"{place['file']}:{place['line']}" if "line" in place else f"{place['file']}#{place['entry']}"


def _table(audit: Audit, lang: str) -> list[str]:
    shown = [row for row in audit.rows if row.judged or sum(row.not_judged.values())]
    rest: dict[str, int] = {}
    for row in audit.rows:
        if row not in shown:
            reason = next(iter(row.not_judged))
            rest[reason] = rest.get(reason, 0) + 1
    width = max((len(row.requirement) for row in shown), default=10)
    lines = [f"{say('label.table', lang)}:"]
    head = [say(f"label.{name}", lang) for name in ("requirement", "judged", "broken", "not-judged")]
    lines.append(f"  {head[0]:<{width}}  {head[1]:>9}  {head[2]:>9}  {head[3]}")
    for row in shown:
        why = [
            f"{count:,} ({reason_text(reason).in_language(lang)})"
            for reason, count in sorted(row.not_judged.items(), key=lambda each: (-each[1], each[0]))
        ]
        told = ", ".join(why[:_SHOWN_REASONS]) + (", ..." if len(why) > _SHOWN_REASONS else "")
        lines.append(f"  {row.requirement:<{width}}  {row.judged:>9,}  {row.broken:>9,}  {told}".rstrip())
    for reason, count in sorted(rest.items()):
        lines.append(f"  {say('label.rest', lang, count=count, why=reason_text(reason).in_language(lang))}")
    return lines


def case_results(audit: Audit) -> list[CaseResult]:
    """Return findings as cases of their requirements, for known failures and the kit's other reports."""
    found: list[CaseResult] = []
    by_name: dict[str, list[tuple[Cause, Group]]] = {}
    for name, cause, group in audit.groups:
        by_name.setdefault(name, []).append((cause, group))
    for row in audit.rows:
        for cause, group in by_name.get(row.requirement, []):
            finding = _as_finding(audit, row.requirement, cause, group)
            found.append(CaseResult(row.requirement, finding.case, Verdict.FAIL, None, finding))
        if row.requirement in by_name:
            continue
        if row.judged:
            found.append(CaseResult(row.requirement, "recorded", Verdict.PASS))
        elif set(row.not_judged) != {"needs-adapter"}:
            reason = reason_text(next(iter(row.not_judged)))
            found.append(CaseResult(row.requirement, "recorded", Verdict.BLOCKED, reason))
    return found


def _as_finding(audit: Audit, name: str, cause: Cause, group: Group) -> Finding:
    evidence = {"count": str(group.count), "places": _join(audit, group.places)}
    if group.trade is not None:
        evidence["trade"] = group.trade
        evidence["timeline"] = "\n".join(_told(_event(audit, event), "en") for event in group.timeline)
    if audit.show_values:
        evidence |= group.example
    diagnosis = Text(*group.mistake) if group.mistake else None
    keyword: Any = group.keyword
    return Finding(name, case_name(cause), Verdict.FAIL, cause_text(cause), evidence, keyword, diagnosis)


def _join(audit: Audit, places: Sequence[Place]) -> str:
    return ", ".join(_place(audit.bases.place(place, offset=False)) for place in places)
