"""``response.*[any-reading-...]``: any signed answer is read as what it says, and any other answer as none.

For each call, genuine answers in every charset, form and length, on a connection that stays open or is closed
after it; success about another number, by each change of each number; every word for a result; every status
with every body. A finding names the first that is read wrongly.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from alipay_qr_conformance.checks.properties.covering import pairs
from alipay_qr_conformance.gateway import Fault, Reply, faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.texts import sample
from alipay_qr_conformance.testbed.calls import Encounter, encounter
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_DOUBT: Final = ("unknown", "raised", "refused")
_NO_SUCCESS: Final = (*_DOUBT, "failed")


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer, in words, and the outcomes that are right."""

    what: str
    fault: Fault
    right: tuple[str, ...]
    args: Mapping[str, str]


# --- genuine ones ---------------------------------------------------------------------------------------

_CHARSETS: Final = ("as asked", "UTF-8", "GBK")
_FORMS: Final = ("as Alipay writes it", "decimal references", "hexadecimal references", "indented")
_CONNECTIONS: Final = {"stays open": False, "is closed after the answer": True}
_FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "the usual": {},
    "a rate": {"exchange_rate": "6.8812", "rmb_amount": "68.81"},
    "twenty more": {f"x_field_{number:02d}": f"value {number}" for number in range(20)},
    "ten kilobytes": {"x_note": "tea and cake, " * 750},
    "Chinese": {"x_note": sample("goods")},
    "markup": {"x_note": '<b>it\'s "a" & b</b>'},
    "a dash": {"x_note": "-", "x_more": "#1", "x_other": "@x", "x_zero": "0", "x_null": "null"},
}
_REFERENCES: Final = {b"&amp;": 38, b"&lt;": 60, b"&gt;": 62, b"&quot;": 34, b"&apos;": 39, b"'": 39}


def _genuine(bed: Testbed, op: str) -> Iterator[_Answer]:
    space = {"charset": _CHARSETS, "form": _FORMS, "fields": list(_FIELDS), "connection": list(_CONNECTIONS)}
    for row in pairs(space):
        fields = _FIELDS[row["fields"]] if op == "refund" or row["fields"] != "a rate" else {}
        if bed.plan.profile == "hk" and row["fields"] == "markup":
            continue  # no quotation marks in this edition
        charset = bed.setup.charset if row["charset"] == "as asked" else row["charset"]
        change = _written(row["form"], closes=_CONNECTIONS[row["connection"]])
        fault = Fault(reply=_with(fields, charset), answer=change, name="genuine")
        what = f"charset: {row['charset']}, written: {row['form']}, fields: {row['fields']}"
        what += f", the connection {row['connection']}"
        yield _Answer(what, fault, ("success",), {})


def _with(fields: Mapping[str, str], charset: str) -> Callable[[Reply], Reply]:
    return lambda reply: replace(reply.changed(fields), charset=charset)


def _written(form: str, *, closes: bool) -> Callable[[Any], Any]:
    def change(answer: Any) -> Any:
        head, mark, rest = answer.body.partition(b"<response>")
        signed, end, tail = rest.partition(b"</response>")
        if form == "indented":
            signed = signed.replace(b"><", b">\n    <")
        elif form != _FORMS[0]:
            spelt = "&#x%X;" if form.startswith("hexa") else "&#%d;"
            for escape, number in _REFERENCES.items():
                signed = signed.replace(escape, (spelt % number).encode())
        body = head + mark + signed + end + tail
        return replace(answer, body=body, truncate=len(body) if closes else None)

    return change


# --- about another --------------------------------------------------------------------------------------

_NUMBERS: Final = {
    "refund": ("partner_refund_id", "partner_trans_id"),
    "cancel": ("out_trade_no",),
}
_CHANGES: Final[Mapping[str, Callable[[str], str]]] = {
    "its last character": lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
    "its first character": lambda text: ("X" if text[0] != "X" else "Y") + text[1:],
    "its middle": lambda text: text[: len(text) // 2] + "Z" + text[len(text) // 2 + 1 :],
    "its letters' case": str.swapcase,
    "the end cut": lambda text: text[:-1],
    "the beginning cut": lambda text: text[1:],
    "more behind it": lambda text: text + "1",
    "more before it": lambda text: "0" + text,
}


def _others(bed: Testbed, op: str) -> Iterator[_Answer]:
    for form in ("{}", "{:x<64}"):
        for name in _NUMBERS.get(op, ()):
            for what, change in _CHANGES.items():
                args = {"partner_refund_id": form.format(bed.fresh("R"))} if op == "refund" else {}
                told = f"{name} of {'64 characters' if '64' in form else 'usual length'}: {what} changed"
                yield _Answer(told, Fault(commit=False, reply=_about(name, change)), _NO_SUCCESS, args)
        if op == "cancel":
            return  # its number is the trade's, whose length is not ours to choose here


def _about(name: str, change: Callable[[str], str]) -> Callable[[Reply], Reply]:
    def reply(reply: Reply) -> Reply:
        asked = dict(reply.request).get(name, "")
        done = {"result_code": "SUCCESS", "detail_error_code": None, "detail_error_des": None}
        return reply.changed({**done, name: change(asked)} if asked else {"result_code": "FAIL"})

    return reply


# --- words for a result ---------------------------------------------------------------------------------

_NO_RESULT: Final = (
    None,
    "",
    "success",
    "Success",
    "TRUE",
    "T",
    "OK",
    "Y",
    "0",
    "SUCCES",
    "UNSUCCESS",
    "SUCCESSFUL",
)


def _words(_bed: Testbed, op: str) -> Iterator[_Answer]:
    of_create = (
        op == "create_qr_code"
    )  # a code is its success, and what is signed is the same with an empty word
    for word in _NO_RESULT[2 * of_create :]:
        yield _Answer(f"result_code {word!r}", _saying(word), _NO_SUCCESS, {})
    for action in ("close", "refund") if op == "cancel" else ():
        yield _Answer(f"result_code FAIL, action {action}", _saying("FAIL", action=action), _NO_SUCCESS, {})


def _unknown(_bed: Testbed, op: str) -> Iterator[_Answer]:  # noqa: ARG001 (the same for each operation)
    for word in ("UNKNOWN", "UNKNOW"):
        for code in (None, "SYSTEM_ERROR"):
            yield _Answer(f"result_code {word}, detail_error_code {code}", _saying(word, code), _DOUBT, {})


def _saying(word: str | None, code: str | None = None, action: str | None = None) -> Fault:
    changes = {"result_code": word, "action": action, "detail_error_code": code, "detail_error_des": code}
    return Fault(reply=lambda reply: reply.changed(changes), name=f"result_code {word}")


# --- no answers -----------------------------------------------------------------------------------------

_STATUS: Final = (400, 403, 404, 408, 429, 500, 501, 502, 503, 504, 520)
_BODIES: Final[Mapping[str, bytes | None]] = {
    "the genuine body": None,
    "a page": b"<html><body>try again</body></html>",
    "nothing": b"",
}


def _lost(_bed: Testbed, op: str) -> Iterator[_Answer]:  # noqa: ARG001 (the same for each operation)
    for status in _STATUS:
        for name, body in _BODIES.items():
            right = (*_DOUBT, "success") if body is None else _DOUBT
            yield _Answer(f"status {status}, {name}", faults.http_status(status, body=body), right, {})


_READ: Final = {
    "response.genuine": _genuine,
    "response.belongs": _others,
    "response.two-levels": _words,
    "response.unknown": _unknown,
    "response.transport": _lost,
}
"""By requirement: the answers that break it where they are read wrongly."""

_ABOUT_MONEY: Final = ("response.belongs", "response.unknown")


@check(
    lambda _, op: [each for each in _READ if op in _NUMBERS or each not in _ABOUT_MONEY],
    each={op: op for op in OPERATIONS},
    needs=lambda op: (op,),
    builds_on=("response.genuine",),
    name=lambda op: f"any-reading-{op}",
    once_only=True,
)
def any_reading(bed: Testbed, op: str, requirement: str) -> None:
    """Every answer to this call is read as what it says, in whatever form it comes."""
    judged = False
    for answer in _READ[requirement](bed, op):
        try:
            met = encounter(bed, op, answer.fault, **answer.args)
        except Blocked:
            if not judged:
                raise
            continue
        judged = True
        if (met.told_again and met.outcome == "success") or met.outcome in answer.right:
            continue
        raise Failed(
            "response.outcome",
            _evidence(met),
            what=answer.what,
            found=met.outcome,
            expected=" / ".join(answer.right),
        )


def _evidence(met: Encounter) -> dict[str, object]:
    first = met.records[0].answer
    told = f"{first.status} {first.body[:1500].decode('utf-8', 'backslashreplace')}"
    return {"arguments": met.args, "answer": told, "reported": getattr(met.answer, "value", met.answer)}
