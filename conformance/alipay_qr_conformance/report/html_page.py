"""HTML: one self-contained file for people, without any network.

Level ladder, every cause with the finding that shows it best and the two pre-sign strings side by side,
matrix of requirements. Everything is in the page without a script; the script only searches and filters.
Whatever comes from a subject goes through `_text`, and a Content-Security-Policy that names the page's own
style and script by hash keeps anything else from running or loading even if one day it did not.
"""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

from alipay_qr._version import __version__
from alipay_qr_conformance.model.known_failures import Known
from alipay_qr_conformance.model.requirements import LEVELS
from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.texts import say
from alipay_qr_conformance.model.verdicts import FINDINGS, Finding, Verdict
from alipay_qr_conformance.report.differences import Piece, compare
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.report.summary import Cause, RequirementResult
from alipay_qr_conformance.report.terminal import Page, headline, notes

_LONGEST: Final = 20_000
_LONG: Final = 1_500
_MANY_LINES: Final = 20
_MOST_OTHERS: Final = 1_000
_PAIR: Final = ("expected_presign", "signed_presign")


def render_run(run: Run, lang: str = "en") -> str:
    """Return the page."""
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    causes = [(cause, known) for known in (False, True) for cause in run.causes(known=known)]
    heading = say("report.heading", lang)
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{"zh-CN" if lang == "zh" else "en"}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<link rel="icon" href="data:,">',
            f"<title>{heading}: {_text(run.title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            f'<a class="skip" href="#findings">{say("report.skip", lang)}</a>',
            *_head(run, heading, lang),
            "<main>",
            *(_ladder(run, lang) if run.judges_levels else [f"<p>{say('report.recorded', lang)}</p>"]),
            f'<section aria-labelledby="findings"><h2 id="findings">{say("report.causes", lang)}</h2>',
            f"<p>{_text(headline(Page(run.summary, '', lang, run.excuses)))}</p>" if causes else "",
            *(line for cause, known in causes for line in _article(run, cause, lang, known=known)),
            "" if causes or not run.summary.judged else f"<p>{say('report.no-findings', lang)}</p>",
            "</section>",
            *_filters(run, lang),
            *_matrix(run, lang),
            *_listed("warnings", run.warned(lang), lang),
            *_listed("later", run.later_lines(lang), lang),
            "</main>",
            f"<footer><p>{say('report.made-by', lang, version=__version__)}</p></footer>",
            f"<script>{script}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _head(run: Run, heading: str, lang: str) -> list[str]:
    plan = run.plan
    settings = say(
        "report.run", lang, level=plan.level, seed=plan.seed, depth=plan.depth, profile=_text(plan.profile)
    )
    return [
        "<header>",
        f"<h1>{heading}</h1>",
        f'<p class="subject">{say("report.subject", lang)}: <strong>{_text(run.title)}</strong></p>',
        f'<p class="soft">{settings}</p>',
        f'<p class="soft">{partly}</p>' if (partly := run.partly(lang)) else "",
        "</header>",
    ]


def _ladder(run: Run, lang: str) -> list[str]:
    summary = run.summary
    state = say("report.level-state", lang, level=summary.level, asked=summary.asked)
    lines = [
        f'<section aria-labelledby="ladder"><h2 id="ladder">{state}</h2>',
        '<ol class="ladder">',
    ]
    for level in LEVELS:
        rows = [row for row in summary.rows if row.requirement.level == level]
        if level > summary.asked or not rows:
            mark = "not-run"
        else:
            mark = "reached" if summary.level >= level else "not-reached"
        broken = sum(row.verdict in FINDINGS for row in rows)
        tail = (
            f'<span class="soft">{say("report.broken-requirements", lang, n=broken)}</span>' if broken else ""
        )
        lines.append(
            f'<li class="{mark}"><b>{say("report.level", lang)} {level}</b>{say(f"level.{level}", lang)}'
            f'<span class="state">{say(f"report.{mark}", lang)}</span> {tail}</li>'
        )
    return [*lines, "</ol></section>"]


def _filters(run: Run, lang: str) -> list[str]:
    verdicts = {row.verdict for row in run.summary.rows}
    options = [f'<option value="broken">{say("report.only-broken", lang)}</option>']
    options += [
        f'<option value="{verdict.value}">{say(f"verdict.{verdict.value}", lang)}</option>'
        for verdict in Verdict
        if verdict in verdicts
    ]
    levels = [f'<option value="{level}">{level} {say(f"level.{level}", lang)}</option>' for level in LEVELS]
    return [
        '<form class="filters" role="search">',
        f'<label>{say("report.search", lang)}<input id="search" type="search" autocomplete="off"></label>',
        _select("verdict", "all", options, lang),
        _select("level", "any-level", levels, lang),
        f'<output id="shown" aria-live="polite" data-template="{say("report.shown", lang)}"></output>',
        "</form>",
    ]


def _select(name: str, every: str, options: Iterable[str], lang: str) -> str:
    first = f'<option value="">{say(f"report.{every}", lang)}</option>'
    return (
        f'<label>{say(f"report.{name}", lang)}<select id="{name}">{first}{"".join(options)}</select></label>'
    )


def _matrix(run: Run, lang: str) -> list[str]:
    head = "".join(
        f'<th scope="col">{say(f"report.{word}", lang)}</th>'
        for word in ("requirement", "keyword", "level", "verdict", "cases")
    )
    causes = {
        name: cause.id
        for known in (True, False)
        for cause in run.causes(known=known)
        for name in cause.counts
    }
    return [
        f'<section aria-labelledby="matrix"><h2 id="matrix">{say("report.matrix", lang)}</h2>',
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>',
        *(_row(row, causes.get(row.requirement.id, ""), lang) for row in run.summary.rows),
        "</tbody></table></div>",
        f'<p id="nothing" hidden>{say("report.nothing-matches", lang)}</p></section>',
    ]


def _row(row: RequirementResult, cause: str, lang: str) -> str:
    requirement = row.requirement
    kept = sum(case.verdict is Verdict.PASS for case in row.cases)
    name = f"<code>{_text(requirement.id)}</code>"
    if cause:
        name = f'<a href="#{_text(cause)}">{name}</a>'
    return (
        f"<tr {_data(row)}>"
        f'<th scope="row">{name}<span>{_text(requirement.title.in_language(lang))}</span></th>'
        f'<td>{requirement.keyword}</td><td class="number">'
        f'<span class="narrow">{say("report.level", lang)} </span>{requirement.level}</td>'
        f"<td>{_badge(row.verdict, lang)}</td>"
        f'<td class="number">{say("report.kept-of", lang, kept=kept, all=len(row.cases))}</td></tr>'
    )


def _article(run: Run, cause: Cause, lang: str, *, known: bool) -> list[str]:
    requirement = cause.requirement
    told = notes(cause, lang, run.where.get(cause.id, ()))
    shown = [cause.finding] if not run.full else [each for row in cause.rows for each in row.findings]
    # the same requirement may be broken by what is known and by what is not
    name = f"known-{requirement.id}" if known and requirement.id in _ids(run) else requirement.id
    return [
        f'<article id="{_text(name)}" {_data(cause.rows[0])}>',
        f"<header><h3>{_text(requirement.id)}</h3>{_badge(cause.finding.verdict, lang)}",
        f'<span class="badge">{cause.keyword}</span>',
        f"<p>{_text(requirement.title.in_language(lang))}</p></header>",
        '<dl class="remedy">',
        *(f"<dt>{say(f'terminal.{word}', lang)}</dt><dd>{_text(text)}</dd>" for word, text in told.items()),
        "</dl>",
        *(_finding(each, run.excuses.get(each.id), lang, first=each is cause.finding) for each in shown),
        *([] if run.full else _others(cause, lang)),
        "</article>",
    ]


def _ids(run: Run) -> set[str]:
    return {cause.id for cause in run.causes(known=False)}


def _others(cause: Cause, lang: str) -> list[str]:
    """Return the names of the other cases that a cause explains, bounded, without their evidence."""
    others = [each.id for row in cause.rows for each in row.findings if each is not cause.finding]
    if not others:
        return []
    items = [f"<li><code>{_text(each)}</code></li>" for each in others[:_MOST_OTHERS]]
    items += ["<li>...</li>"] if len(others) > _MOST_OTHERS else []
    summary = say("report.more-cases", lang, n=len(others))
    return [f"<details><summary>{summary}</summary><ul>", *items, "</ul></details>"]


def _finding(finding: Finding, known: Known | None, lang: str, *, first: bool) -> str:
    evidence = finding.evidence_in(lang)
    parts = []
    if all(label in evidence for label in _PAIR):
        parts.append(_side_by_side(evidence.pop(_PAIR[0]), evidence.pop(_PAIR[1]), lang))
    parts.append('<dl class="evidence">')
    parts += [f"<dt>{_text(label)}</dt><dd>{_pre(_text(text))}</dd>" for label, text in evidence.items()]
    parts.append("</dl>")
    badge = ""
    if known is not None:
        word = say("report.flaky" if known.flaky else "report.known", lang, issue=known.issue)
        badge = f' <span class="badge known">{_text(word)}</span>'
    return (
        f"<details{' open' if first else ''}><summary><code>{_text(finding.case)}</code> "
        f"{_text(finding.detail.in_language(lang))}{badge}</summary>{''.join(parts)}</details>"
    )


def _side_by_side(expected: str, signed: str, lang: str) -> str:
    left, right = compare(expected[:_LONGEST], signed[:_LONGEST])
    sides = [("expected", left), ("signed", right)]
    return (
        '<div class="pair">'
        + "".join(_side(say(f"report.{word}", lang), pieces) for word, pieces in sides)
        + "</div>"
    )


def _side(caption: str, pieces: Iterable[Piece]) -> str:
    text = "".join(
        _text(piece.text) if piece.same else f"<mark>{_text(piece.text)}</mark>" for piece in pieces
    )
    return f"<figure><figcaption>{caption}</figcaption>{_pre(text)}</figure>"


def _pre(shown: str) -> str:
    """Return text that stands as it is; what is long scrolls, and the keyboard must reach it then."""
    scrolls = len(shown) > _LONG or shown.count("\n") > _MANY_LINES
    return f'<pre tabindex="0">{shown}</pre>' if scrolls else f"<pre>{shown}</pre>"


def _listed(heading: str, texts: Iterable[str], lang: str) -> list[str]:
    items = [f"<li>{_text(each)}</li>" for each in texts]
    return (
        [f"<section><h2>{say(f'report.{heading}', lang)}</h2><ul>", *items, "</ul></section>"]
        if items
        else []
    )


def _badge(verdict: Verdict, lang: str) -> str:
    kind = "broken" if verdict in FINDINGS else verdict.value
    return f'<span class="badge {kind}">{say(f"verdict.{verdict.value}", lang)}</span>'


def _data(row: RequirementResult) -> str:
    broken = "yes" if row.verdict in FINDINGS else "no"
    return (
        f'data-requirement="{_text(row.requirement.id)}" data-level="{row.requirement.level}" '
        f'data-verdict="{row.verdict.value}" data-broken="{broken}"'
    )


def _text(text: str) -> str:
    """Return text as it may stand between tags or in a quoted attribute, bounded, nothing invisible."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)})"
    return escape(visible(shown), quote=True)


@cache
def _asset(name: str) -> str:
    return (files("alipay_qr_conformance") / "report" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
