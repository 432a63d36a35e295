"""Everything that happened, to be taken elsewhere.

    json     requests, notifications, trades and findings as the control API shows them
    har      the exchanges, for `alipay-qr audit` and for a browser's tools
    report   the findings as a JSON report, for `alipay-qr report diff` and `replay`
    html     the same report for people

A report names the shop as it is told to: a replay compares that with the adapter's own name.
"""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from alipay_qr._version import __version__
from alipay_qr.errors import ParameterError
from alipay_qr_conformance.gateway import Answer, Delivery
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Verdict
from alipay_qr_conformance.report.formats import render
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.sandbox import log_lines, stories, views
from alipay_qr_conformance.sandbox.request_log import LoggedRequest
from alipay_qr_conformance.sandbox.state import State
from alipay_qr_conformance.subjects import Hello

FORMS: Final = {
    "json": "application/json",
    "har": "application/json",
    "report": "application/json",
    "html": "text/html",
}
_MOST: Final = 10_000


def export(state: State, form: str, lang: str = "en", shop: str = "shop") -> Answer:
    """Return everything in one of `FORMS`.

    Raises:
        ParameterError: there is no such form.
    """
    makers: dict[str, Callable[[State, str, str], str]] = {
        "json": _json,
        "har": _har,
        "report": _report,
        "html": _html,
    }
    make = makers.get(form)
    if make is None:
        raise ParameterError(
            f"there is no export as {form[:40]!r}",
            code="control.input",
            hint=f"choose one of {', '.join(FORMS)}",
        )
    ending = "json" if form == "report" else form
    headers = (
        ("Content-Disposition", f'attachment; filename="alipay-qr-gateway.{ending}"'),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "sandbox"),
    )
    return Answer(make(state, lang, shop).encode(), 200, f"{FORMS[form]};charset=utf-8", headers=headers)


def _json(state: State, lang: str, _: str) -> str:
    log = state.log.after(0, _MOST)
    told = {
        "time": state.clock().isoformat(),
        "requests": [views.request(each, lang) for each in log],
        "notifications": [views.delivery(each, lang) for each in state.engine.outbox.all()],
        "trades": [views.trade_row(state, each) for each in state.engine.trades.all()],
        "codes": [{**views.code(state, each), "pay_url": ""} for each in state.engine.trades.codes()],
        "findings": [
            *({"request": each.number, **told} for each in log for told in log_lines.findings(each, lang)),
            *views.delivery_findings(state, lang),
        ],
    }
    return json.dumps(told, indent=1)


# --- HAR ------------------------------------------------------------------------------------------------


def _har(state: State, *_: str) -> str:
    entries = [_request_entry(state, each) for each in state.log.after(0, _MOST)]
    entries += [entry for each in state.engine.outbox.all() for entry in _attempt_entries(each)]
    entries.sort(key=lambda each: str(each["startedDateTime"]))
    creator = {"name": "alipay-qr gateway", "version": __version__}
    return json.dumps({"log": {"version": "1.2", "creator": creator, "entries": entries}}, indent=1)


def _request_entry(state: State, logged: LoggedRequest) -> dict[str, Any]:
    request, answer = logged.record.request, logged.record.answer
    query = request.query.decode("latin-1")
    return _entry(
        logged.record.at,
        0.0,
        request.method,
        f"{state.gateway_url}?{query}" if query else state.gateway_url,
        (request.content_type, request.body),
        (answer.status, answer.content_type, b"" if answer.drop else answer.body[: answer.truncate]),
    )


def _attempt_entries(delivery: Delivery) -> Iterator[dict[str, Any]]:
    for each in delivery.attempts:
        url, body = delivery.url, delivery.body
        if delivery.way != "body":
            url, body = f"{url}{'&' if '?' in url else '?'}{body.decode('latin-1')}", b""
        at = datetime.fromtimestamp(each.at, UTC)
        method = "GET" if delivery.way == "link" else "POST"
        sent = (delivery.content_type, body)
        yield _entry(at, each.seconds, method, url, sent, (each.status, "text/plain", each.reply))


def _entry(
    at: datetime, seconds: float, method: str, url: str, sent: tuple[str, bytes], came: tuple[int, str, bytes]
) -> dict[str, Any]:
    kind, body = sent
    status, reply_kind, reply = came
    request: dict[str, Any] = {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": "Content-Type", "value": kind}] if kind else [],
        "queryString": [],
        "headersSize": -1,
        "bodySize": len(body),
    }
    if body:
        request["postData"] = {"mimeType": kind, **_content(body)}
    return {
        "startedDateTime": at.isoformat(timespec="milliseconds"),
        "time": round(seconds * 1000, 3),
        "request": request,
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "Content-Type", "value": reply_kind}],
            "content": {"size": len(reply), "mimeType": reply_kind, **_content(reply)},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(reply),
        },
        "cache": {},
        "timings": {"send": 0, "wait": round(seconds * 1000, 3), "receive": 0},
    }


def _content(body: bytes) -> dict[str, str]:
    """Return bytes as a HAR file holds them: ASCII as it is, everything else in base64."""
    if body.isascii() and b"\0" not in body:
        return {"text": body.decode("ascii")}
    return {"text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}


# --- reports --------------------------------------------------------------------------------------------


def run_of(state: State, shop: str = "shop") -> Run:
    """Return what was found as a run of the kit, for its reports."""
    subject = Hello(
        protocol="1",
        name=shop,
        version="-",
        language="-",
        operations=(),
        sign_types=(),
        charsets=(),
        clock=False,
        parallel=False,
    )
    results = [result for each in state.log.after(0, _MOST) for result in _of_request(each)]
    results += [result for each in state.engine.outbox.all() for result in _of_delivery(state, each)]
    plan = Plan(Policy(), seed=state.settings.seed or 0, profile=state.settings.profile)
    return Run(subject, plan, tuple(results), place=state.gateway_url)


def _of_request(logged: LoggedRequest) -> Iterator[CaseResult]:
    for told, breach in zip(log_lines.findings(logged), logged.breaches, strict=True):
        found = logged.mistake if breach.wrong_sign is not None else None
        case = f"request-{logged.number}"
        evidence = told["evidence"]
        if "signed_presign" in told:
            evidence = {**evidence, "signed_presign": told["signed_presign"]}
        yield CaseResult(
            breach.requirement,
            case,
            Verdict.FAIL,
            finding=Finding(
                breach.requirement,
                case,
                Verdict.FAIL,
                message(breach.key, **breach.details),
                evidence,
                diagnosis=found.mistake if found else breach.diagnosis,
            ),
        )


def _of_delivery(state: State, delivery: Delivery) -> Iterator[CaseResult]:
    told = stories.judge(delivery)
    if told["verdict"] != "wrong":
        return
    case = _case(state, delivery)
    evidence = {
        "notification": delivery.body.decode("latin-1"),
        "reply": views.reply(delivery),
    }
    finding = Finding(told["requirement"], case, Verdict.FAIL, told["detail"], evidence)
    yield CaseResult(told["requirement"], case, Verdict.FAIL, finding=finding)


def _case(state: State, delivery: Delivery) -> str:
    """Return the name of the case of `alipay-qr check` that sends the same, where there is one."""
    name = _TWINS.get(delivery.event, delivery.event)
    sign_type, charset = state.engine.notifications.form_of(delivery.out_trade_no)
    if name in stories.forgery_names():
        return f"{name}/{sign_type}"
    if stories.stories()[delivery.event].requirement == "notify.genuine":
        return f"{name}/{sign_type}/{charset}"
    return name


_TWINS: Final = {
    "tampered": "value-changed",
    "wrong-signature": "sign-flipped",
    "foreign-key": "stranger",
    "unsigned": "sign-absent",
    "edited": "value-changed",
    "genuine": "plain",
    "late": "plain",
}
"""Ours, and the names under which the checks know them."""


def _report(state: State, lang: str, shop: str) -> str:
    return render("json", run_of(state, shop), lang)


def _html(state: State, lang: str, shop: str) -> str:
    return render("html", run_of(state, shop), lang)
