"""Genuine answers of another shape, which count as any other."""

import re
from collections.abc import Callable

from alipay_qr_conformance.checks.hostile_answers.asking import ask, careful, evidence, with_body
from alipay_qr_conformance.gateway import Fault
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.paid_trade import outcome
from alipay_qr_conformance.testbed.testbed import Testbed


def indented(op: str) -> Callable[[Testbed], None]:
    """Judge a genuine answer whose values have blanks around them."""

    def run(bed: Testbed) -> None:
        careful(bed, op)
        answer, record = ask(bed, op, with_body(_indent))
        if outcome(answer) != "success":
            raise Failed("attack.answer", evidence(answer, record), found=outcome(answer), what="blanks")

    return run


def _indent(text: bytes) -> bytes:
    """Write each signed value on a line of its own."""
    head, mark, rest = text.partition(b"<response>")
    signed, end, tail = rest.partition(b"</response>")
    signed = re.sub(rb"<(\w+)>([^<]+)</", rb"\n    <\1>\n      \2\n    </", signed)
    return head + mark + signed + end + tail


def existing_code(bed: Testbed) -> None:
    """Two CREATEs of one store: the second answer holds the code of the first."""
    careful(bed, "create_qr_code")
    first, made = ask(bed, "create_qr_code", None)
    code = first.value.get("qrcode") if isinstance(first, Result) else None
    if not code or f"<qrcode>{code}</".encode() not in made.answer.body:
        raise Blocked("see.requirement", requirement="response.genuine")
    again = Fault(reply=lambda reply: reply.changed({"qrcode": str(code)}), name="existing code")
    answer, record = ask(bed, "create_qr_code", again)
    found = answer.value.get("qrcode") if isinstance(answer, Result) else outcome(answer)
    if outcome(answer) != "success" or found != code:
        raise Failed("response.other-qrcode", evidence(answer, record), found=found, expected=code)


def image_url(bed: Testbed) -> None:
    """The address of the picture comes out as it was before it was escaped."""
    careful(bed, "create_qr_code")
    address = "https://mobilecodec.alipay.com/show.htm?code=bax1&picSize=M&type=jpg"
    fault = Fault(reply=lambda reply: reply.changed({"qrcode_img_url": address}), name="address")
    answer, record = ask(bed, "create_qr_code", fault)
    found = answer.value.get("qrcode_img_url") if isinstance(answer, Result) else None
    if found is not None and found != address:
        raise Failed("attack.image", evidence(answer, record), found=found, expected=address)
