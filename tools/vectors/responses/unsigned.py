"""Responses that nobody signed: errors of the gateway, and what is no response at all. They prove nothing."""

from collections.abc import Iterator

from tools.vectors.responses.believed import a_refund
from tools.vectors.responses.envelope import REFUND, Alipay, Letter, element, response, responses

ERROR = "response.gateway-error"
Letters = Iterator[tuple[str, str, Letter]]

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _raw(text: str) -> Letter:
    return Letter(REFUND.sent, text.encode())


def _error(code: str) -> Letter:
    return _raw(f"{_HEAD}<alipay><is_success>F</is_success><error>{code}</error></alipay>")


@response(
    ERROR,
    "response.code",
    twin=a_refund,
    result="invalid",
    says={"outcome": "failed", "code": "ILLEGAL_SIGN"},
)
def an_error_of_the_gateway(_: Alipay) -> Letter:
    """is_success F and an error code, without a sign: this request was refused before anything was done. It is no proof; anybody could have written it."""
    return _error("ILLEGAL_SIGN")


@responses(ERROR, twin=an_error_of_the_gateway, result="invalid", says={"outcome": "failed"})
def another_error_of_the_gateway(_: Alipay) -> Letters:
    """The gateway refused the request."""
    for code in ("ILLEGAL_PARTNER", "INVALID_PARAMETER", "HAS_NO_PRIVILEGE", "PARAMTER_IS_NULL"):
        yield code.lower().replace("_", "-"), f"Here: {code}.", _error(code)


@responses("response.unknown", twin=an_error_of_the_gateway, result="invalid", says={"outcome": "unknown"})
def the_gateway_stumbled(_: Alipay) -> Letters:
    """The gateway names an error of its own: the request may have been carried out all the same."""
    yield "system-error", "Here: SYSTEM_ERROR.", _error("SYSTEM_ERROR")


@responses("response.unproved", twin=a_refund, result="invalid", says={"outcome": "unknown"})
def a_success_that_nobody_signed(alipay: Alipay) -> Letters:
    """is_success is T, and nothing stands behind it."""
    sealed = element("sign", alipay.sign(REFUND.children)) + element("sign_type", alipay.sign_type)
    for slug, comment, text in (
        ("nothing-else", "Here: is_success, and nothing else.", "<is_success>T</is_success>"),
        ("empty-response", "Here: with a sign over nothing and an empty <response>.", f"<is_success>T</is_success><response></response>{element('sign', alipay.sign(()))}{element('sign_type', alipay.sign_type)}"),
        ("empty-container", "Here: with an empty child of <response>, and a sign over nothing.", f"<is_success>T</is_success><response><alipay/></response>{element('sign', alipay.sign(()))}{element('sign_type', alipay.sign_type)}"),
        ("result-outside", "Here: result_code stands beside is_success.", f"<is_success>T</is_success><result_code>SUCCESS</result_code>{sealed}"),
        ("children-in-response", "Here: the children stand in <response> itself.", f"<is_success>T</is_success><response>{''.join(element(*pair) for pair in REFUND.children)}</response>{sealed}"),
        ("children-in-request", "Here: the children stand in <request>.", f"<is_success>T</is_success><request><alipay>{''.join(element(*pair) for pair in REFUND.children)}</alipay></request>{sealed}"),
    ):  # fmt: skip
        yield slug, comment, _raw(f"{_HEAD}<alipay>{text}</alipay>")


@responses("response.two-levels", twin=a_refund, result="invalid", says={"outcome": "unknown"})
def is_success_elsewhere(alipay: Alipay) -> Letters:
    """is_success stands where it does not belong, or says something else."""
    for slug, comment, new in (
        ("missing", "Here: it is missing.", ""),
        ("inside", "Here: it stands within <response> only.", None),
        ("lower", "Here: it is a small t.", "<is_success>t</is_success>"),
        ("word", "Here: it is the word true.", "<is_success>true</is_success>"),
        ("one", "Here: it is 1.", "<is_success>1</is_success>"),
    ):
        if new is None:
            moved = alipay.answer(REFUND, edit=("<is_success>T</is_success>", "")).data
            yield (
                slug,
                comment,
                Letter(
                    REFUND.sent,
                    moved.replace(b"<response><alipay>", b"<response><alipay><is_success>T</is_success>"),
                ),
            )
        else:
            yield slug, comment, alipay.answer(REFUND, edit=("<is_success>T</is_success>", new))


@responses("response.transport", twin=a_refund, result="invalid", says={"outcome": "unknown"})
def no_response(alipay: Alipay) -> Letters:
    """What came is no response of the gateway: the request may have been carried out."""
    whole = alipay.answer(REFUND).data.decode()
    for slug, comment, text in (
        ("empty", "Here: nothing.", ""),
        ("cut-off", "Here: it breaks off in the middle.", whole[: len(whole) // 2]),
        ("cut-at-the-end", "Here: its last tag is missing.", whole.removesuffix("</alipay>")),
        ("page", "Here: a page of a proxy.", "<html><body>502 Bad Gateway</body></html>"),
        ("json", "Here: JSON.", '{"is_success":"T","result_code":"SUCCESS"}'),
        ("other-root", "Here: a genuine response under another name.", whole.replace("<alipay><is", "<alipays><is").removesuffix("</alipay>") + "</alipays>"),
        ("wrapped", "Here: a genuine response within another element.", f"{_HEAD}<root>{whole.removeprefix(_HEAD)}</root>"),
        ("text-behind", "Here: text behind a genuine response.", f"{whole}OK"),
    ):  # fmt: skip
        yield slug, comment, _raw(text)
