"""What every request needs: service, partner, charset, sign type and sign, and nothing that no page defines."""

from collections.abc import Iterator
from typing import Any, Final

from tools.vectors.calls.plain import cancel_plain, create_plain, refund_plain
from tools.vectors.calls.whole import ABSENT, GLOBAL, cancelling, creating, refunding
from tools.vectors.question import Row, family

SERVICE: Final = "request.service"
PARTNER: Final = "request.partner"
CHARSET: Final = "request.charset.declared"
SIGN_TYPE: Final = "request.sign_type"
SIGN: Final = "request.sign.valid"
DOCUMENTED: Final = "request.documented-only"


def told(parameter: str, kind: str, error: str) -> dict[str, Any]:
    """What the steps of a vector with one fault say."""
    return {"problems": [{"parameter": parameter, "kind": kind, "error": error}], "error": error}


@family(SERVICE, given=GLOBAL, twin=refund_plain, result="invalid")
def the_service() -> Iterator[Row]:
    """It is named exactly; whatever the gateway does not know, it cannot carry out."""
    for value, kind, slug, comment in (
        (ABSENT, "absent", "absent", "Here: it is absent."),
        ("", "empty", "empty", "Here: it is empty."),
        ("alipay.acquire.overseas.spot.Refund", "illegal", "capital", "Here: with a capital letter."),
        ("alipay.acquire.overseas.spot.refund ", "illegal", "blank-behind", "Here: with a blank behind."),
        ("REFUND", "illegal", "word-of-the-guide", "Here: the word that the guide uses for it."),
        ("alipay.trade.refund", "illegal", "open-platform", "Here: the name on the open platform."),
        ("alipay.acquire.refund", "illegal", "domestic", "Here: the domestic service."),
    ):
        yield Row(slug, comment, refunding(service=value), says=told("service", kind, "ILLEGAL_SERVICE"))


@family(PARTNER, given=GLOBAL, twin=refund_plain, result="invalid")
def the_partner() -> Iterator[Row]:
    """Sixteen digits that begin with 2088."""
    for value, kind, slug, comment in (
        (ABSENT, "absent", "absent", "Here: it is absent."),
        ("", "empty", "empty", "Here: it is empty."),
        ("208802196638815", "illegal", "15-digits", "Here: a digit is missing."),
        ("20880219663881555", "too-long", "17-digits", "Here: a digit too many."),
        ("2089021966388155", "illegal", "other-beginning", "Here: it begins with 2089."),
        ("208802196638815a", "illegal", "letter", "Here: a letter is among the digits."),
        ("2.088021966388e15", "too-long", "exponent", "Here: printed as a number."),
        ("\uff12088021966388155", "illegal", "full-width", "Here: its first digit is full-width."),
        ("2016073100130857", "illegal", "app-id", "Here: an app_id of the open platform."),
    ):
        yield Row(slug, comment, refunding(partner=value), says=told("partner", kind, "ILLEGAL_PARTNER"))


@family(CHARSET, given=GLOBAL, twin=create_plain)
def the_charset() -> Iterator[Row]:
    """UTF-8, GBK or GB2312."""
    for value, result, slug, comment in (
        ("GBK", "valid", "gbk", "Here: GBK; the values of this request have the same bytes in all three."),
        ("GB2312", "valid", "gb2312", "Here: GB2312."),
        ("utf-8", "valid", "small", "Here: in small letters, as public clients write it (inferred)."),
        ("UTF8", "invalid", "no-dash", "Here: without its dash."),
        ("GB18030", "invalid", "gb18030", "Here: the successor of GBK, which the pages do not name."),
        ("UTF-16", "invalid", "utf-16", "Here: UTF-16."),
        ("ISO-8859-1", "invalid", "latin-1", "Here: ISO-8859-1."),
        ("Big5", "invalid", "big5", "Here: Big5, of Hong Kong and Taiwan."),
        ("UTF-8 ", "invalid", "blank-behind", "Here: with a blank behind."),
    ):
        says = told("_input_charset", "illegal", "ILLEGAL_CHARSET") if result == "invalid" else {}
        yield Row(slug, comment, creating(_input_charset=value), result, says)  # type: ignore[arg-type]
    for value, kind in ((ABSENT, "absent"), ("", "empty")):
        says = told("_input_charset", kind, "PARAMTER_IS_NULL")
        yield Row(kind, f"Here: it is {kind}.", creating(_input_charset=value), "invalid", says)


@family(CHARSET, given=GLOBAL, twin=cancel_plain, result="invalid")
def the_charset_of_cancel() -> Iterator[Row]:
    """CANCEL needs it as well."""
    says = told("_input_charset", "absent", "PARAMTER_IS_NULL")
    yield Row("absent", "Here: it is absent.", cancelling(_input_charset=ABSENT), says=says)


@family(CHARSET, given=GLOBAL, twin=refund_plain)
def the_charset_of_refund() -> Iterator[Row]:
    """The page of REFUND calls it optional."""
    yield Row("absent", "Here: it is absent.", refunding(_input_charset=ABSENT))
    says = told("_input_charset", "illegal", "ILLEGAL_CHARSET")
    yield Row(
        "other",
        "Here: it is there, and none of the three.",
        refunding(_input_charset="GB18030"),
        "invalid",
        says,
    )


@family(SIGN_TYPE, given=GLOBAL, twin=refund_plain, result="invalid")
def the_sign_type() -> Iterator[Row]:
    """MD5, RSA or RSA2, in capital letters."""
    for value, kind, slug, comment in (
        (ABSENT, "absent", "absent", "Here: it is absent."),
        ("", "empty", "empty", "Here: it is empty."),
        ("md5", "illegal", "small", "Here: in small letters."),
        ("MD-5", "illegal", "dash", "Here: with a dash, as some libraries write it."),
        ("SHA256", "illegal", "sha256", "Here: the name of a hash."),
        ("MD5 ", "illegal", "blank-behind", "Here: with a blank behind."),
    ):
        says = told("sign_type", kind, "ILLEGAL_SIGN_TYPE")
        yield Row(slug, comment, refunding(sign_type=value), says=says)
    yield Row(
        "dsa",
        "Here: DSA, which older pages name and nothing implements.",
        refunding(sign_type="DSA"),
        "acceptable",
    )


@family(SIGN, given=GLOBAL, twin=refund_plain, result="invalid")
def the_sign() -> Iterator[Row]:
    """Without a sign nothing is carried out."""
    for value, kind in ((ABSENT, "absent"), ("", "empty")):
        yield Row(
            kind, f"Here: it is {kind}.", refunding(sign=value), says=told("sign", kind, "ILLEGAL_SIGN")
        )


@family(DOCUMENTED, given=GLOBAL, twin=refund_plain, result="invalid")
def a_parameter_that_no_page_defines() -> Iterator[Row]:
    """Only documented parameters may be sent, however well they are signed."""
    for name, value, slug, comment in (
        ("s", "/pay/refund", "router", "Here: the route that a framework adds."),
        ("_", "1795399200250", "cache-buster", "Here: what a browser library adds against caches."),
        ("token", "abc", "token", "Here: a token against forged forms."),
        ("out_trade_no", "2026112300001", "other-service", "Here: the name that CANCEL has for the trade."),
        ("Currency", "USD", "capital", "Here: a name with a capital letter."),
        ("refund_amount ", "0.10", "blank-behind", "Here: a name with a blank behind."),
        ("timestamp", "2026-11-23 10:00:00", "timestamp", "Here: a timestamp, which CREATE and CANCEL have and REFUND has not."),
        ("version", "1.0", "version", "Here: the version that the open platform wants."),
    ):  # fmt: skip
        shown = name if name.strip() == name else ascii(name)
        yield Row(
            slug, comment, refunding(**{name: value}), says=told(shown, "undocumented", "ILLEGAL_ARGUMENT")
        )


@family(DOCUMENTED, given=GLOBAL, twin=create_plain)
def a_parameter_without_a_value() -> Iterator[Row]:
    """An optional parameter without a value counts as not sent, because it is not signed either."""
    yield Row("empty-reason", "Here: an empty refund_reason.", refunding(refund_reason=""), twin=refund_plain)
    yield Row("null-reason", "Here: refund_reason is null.", refunding(refund_reason=None), twin=refund_plain)
    yield Row(
        "empty-trade-no", "Here: an empty trade_no of CANCEL.", cancelling(trade_no=""), twin=cancel_plain
    )


@family(DOCUMENTED, given=GLOBAL, twin=cancel_plain, result="acceptable")
def a_parameter_that_only_an_sdk_knows() -> Iterator[Row]:
    """No page defines it, a class of an SDK has it: tolerated, and not to be relied on."""
    yield Row("operator-id", "Here: operator_id.", cancelling(operator_id="till-7"))
    yield Row("operator-type", "Here: operator_type.", cancelling(operator_type="1"))
