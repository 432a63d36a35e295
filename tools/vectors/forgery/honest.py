"""Genuine notifications: everything that makes verifiers refuse them wrongly."""

import base64
from collections.abc import Callable

from tools.vectors.forgery.letter import MD5, RSA, Alipay, genuine, sign_of
from tools.vectors.messages import notification, with_names
from tools.vectors.steps import Pairs

MAGIC_TRADE_NO = "2026112321001004550275544669"
"""With this trade_no the MD5 of the plain notification is 0e and thirty digits."""


@genuine()
def a_payment(alipay: Alipay) -> Pairs:
    """A genuine notification of a payment."""
    return alipay.send(notification())


@genuine()
def a_refund(alipay: Alipay) -> Pairs:
    """A genuine notification of a refund."""
    return alipay.send(
        notification(
            notify_action_type="refundFPAction",
            refund_status="REFUND_SUCCESS",
            refund_fee="2.80",
            out_biz_no="R2026112300001",
            gmt_refund="2026-11-23 11:00:00",
        )
    )


@genuine("sign.order", twin=a_payment)
def in_another_order(alipay: Alipay) -> Pairs:
    """The same notification with its pairs in reverse order, sign and sign_type first."""
    return tuple(reversed(alipay.send(notification())))


@genuine("sign.order", twin=a_payment)
def sign_in_the_middle(alipay: Alipay) -> Pairs:
    """sign and sign_type stand between the other parameters."""
    message = alipay.send(notification())
    return (*message[:5], *message[-2:], *message[5:-2])


@genuine("sign.empty", twin=a_payment)
def with_an_empty_field(alipay: Alipay) -> Pairs:
    """One field came without a value. It was not signed; whoever signs it as body= refuses a paid order."""
    return alipay.send(notification(body=""))


@genuine("sign.empty", twin=with_an_empty_field)
def with_two_empty_fields(alipay: Alipay) -> Pairs:
    """Two fields came without a value, one of them would sort first."""
    return alipay.send(notification(body="", _extra=""))


@genuine("sign.value.falsy", twin=a_payment)
def with_a_zero(alipay: Alipay) -> Pairs:
    """discount is 0: it is a value, and signed."""
    return alipay.send(notification(discount="0"))


@genuine("sign.value.falsy", twin=with_a_zero)
def with_a_zero_amount(alipay: Alipay) -> Pairs:
    """discount is 0.00: it is a value, and signed."""
    return alipay.send(notification(discount="0.00"))


@genuine("sign.value.falsy", twin=a_payment)
def with_the_word_null(alipay: Alipay) -> Pairs:
    """body is the word null, which the Java SDK would drop."""
    return alipay.send(notification(body="null"))


@genuine("sign.value.falsy", twin=a_payment)
def with_the_word_false(alipay: Alipay) -> Pairs:
    """body is the word false."""
    return alipay.send(notification(body="false"))


@genuine("sign.every-parameter", twin=a_payment)
def with_a_field_that_no_page_knows(alipay: Alipay) -> Pairs:
    """Alipay added a field: it is signed like the others. A list of known names refuses every payment from that day on."""
    return alipay.send(notification(receipt_amount="12.80"))


@genuine("sign.every-parameter", twin=a_payment)
def with_a_field_of_an_extension(alipay: Alipay) -> Pairs:
    """Alipay added a field whose name begins with x_: it is signed like the others, whatever its name looks like."""
    return alipay.send(notification(x_new_field="1"))


@genuine("sign.every-parameter", "sign.order", twin=a_payment)
def with_a_name_in_capitals(alipay: Alipay) -> Pairs:
    """A field whose name begins with a capital letter sorts before all others."""
    return alipay.send(with_names(notification(), ("Version", "2")))


@genuine("sign.exclude", twin=a_payment)
def with_a_field_that_resembles_sign(alipay: Alipay) -> Pairs:
    """sign_version is signed; only sign and sign_type are not."""
    return alipay.send(notification(sign_version="1"))


@genuine("sign.value.whitespace", twin=a_payment)
def with_two_blanks_inside(alipay: Alipay) -> Pairs:
    """subject holds two blanks in a row, which a page would show as one."""
    return alipay.send(notification(subject="Noodle  soup"))


@genuine("sign.value.whitespace", twin=a_payment)
def with_a_blank_before(alipay: Alipay) -> Pairs:
    """subject begins with a blank."""
    return alipay.send(notification(subject=" Noodle soup"))


@genuine("sign.value.whitespace", twin=a_payment)
def with_a_newline_behind(alipay: Alipay) -> Pairs:
    """subject ends with a newline."""
    return alipay.send(notification(subject="Noodle soup\n"))


@genuine("sign.value.whitespace", twin=a_payment)
def with_a_line_break_inside(alipay: Alipay) -> Pairs:
    """body has two lines, parted by carriage return and newline as forms send them."""
    return alipay.send(notification(body="two\r\nlines"))


@genuine("sign.join", twin=a_payment)
def with_an_ampersand(alipay: Alipay) -> Pairs:
    """subject holds &."""
    return alipay.send(notification(subject="Salt & Pepper"))


@genuine("sign.join", twin=a_payment)
def with_an_equals_sign(alipay: Alipay) -> Pairs:
    """subject holds = and &, like a pair of its own."""
    return alipay.send(notification(subject="a=1&b=2"))


@genuine("sign.value.raw", twin=a_payment)
def with_a_plus(alipay: Alipay) -> Pairs:
    """subject holds a plus, already decoded: decoding again makes it a blank."""
    return alipay.send(notification(subject="1+1 free"))


@genuine("sign.value.raw", twin=a_payment)
def with_a_percent_sign(alipay: Alipay) -> Pairs:
    """subject holds %41, already decoded: decoding again makes it A."""
    return alipay.send(notification(subject="100%41"))


@genuine("sign.value.raw", twin=a_payment)
def with_an_html_entity(alipay: Alipay) -> Pairs:
    """subject holds &amp; as text."""
    return alipay.send(notification(subject="Salt &amp; Pepper"))


@genuine("sign.value.raw", twin=a_payment)
def with_tags(alipay: Alipay) -> Pairs:
    """subject holds tags, which filters of web frameworks remove."""
    return alipay.send(notification(subject="<b>Noodle soup</b>"))


@genuine("sign.value.raw", twin=a_payment)
def with_quotes(alipay: Alipay) -> Pairs:
    """subject holds both kinds of quotes and a backslash."""
    return alipay.send(notification(subject='"Noodle\'s" \\ soup'))


@genuine("sign.value.verbatim", twin=a_payment)
def with_json(alipay: Alipay) -> Pairs:
    """extra_common_param holds JSON with blanks and escapes."""
    return alipay.send(notification(extra_common_param='{"till": 7, "shop":"\\u9762\\/S-01"}'))


@genuine("sign.value.verbatim", twin=a_payment)
def with_a_combining_accent(alipay: Alipay) -> Pairs:
    """subject holds a letter and its accent as two characters."""
    return alipay.send(notification(subject="Cafe\u0301"))


@genuine("sign.value.verbatim", twin=a_payment)
def with_the_longest_body(alipay: Alipay) -> Pairs:
    """body of 400 Chinese characters."""
    return alipay.send(notification(body="面" * 400))


@genuine("sign.charset", twin=a_payment)
def in_chinese_in_utf8(alipay: Alipay) -> Pairs:
    """A Chinese subject in UTF-8."""
    return alipay.send(notification(subject="牛肉面"))


@genuine("sign.charset", twin=in_chinese_in_utf8, charset="GBK")
def in_chinese_in_gbk(alipay: Alipay) -> Pairs:
    """The same in GBK: nothing in the message says so, the account does."""
    return alipay.send(notification(subject="牛肉面"))


@genuine("sign.charset", twin=in_chinese_in_gbk, charset="GB2312")
def in_chinese_in_gb2312(alipay: Alipay) -> Pairs:
    """The same in GB2312."""
    return alipay.send(notification(subject="牛肉面"))


@genuine("sign.charset", twin=in_chinese_in_gbk, charset="GBK")
def in_traditional_chinese_in_gbk(alipay: Alipay) -> Pairs:
    """Traditional characters, one with a second byte of 5C."""
    return alipay.send(notification(subject="誠品麵館"))


@genuine("sign.charset", twin=in_chinese_in_utf8)
def with_an_emoji(alipay: Alipay) -> Pairs:
    """A subject beyond 16 bits."""
    return alipay.send(notification(subject="🍜"))


@genuine("sign.charset", twin=in_chinese_in_gbk, charset="GBK")
def in_ascii_in_gbk(alipay: Alipay) -> Pairs:
    """A plain subject under GBK."""
    return alipay.send(notification())


@genuine("sign.md5.digest", twin=a_payment, only=MD5)
def with_a_sign_that_is_0_as_a_number(alipay: Alipay) -> Pairs:
    """The sign is 0e and thirty digits. It is right; its twins with another sign of that form are not."""
    return alipay.send(notification(trade_no=MAGIC_TRADE_NO))


@genuine("sign.md5.digest", twin=a_payment, only=MD5)
def with_a_sign_that_begins_with_0(alipay: Alipay) -> Pairs:
    """The sign begins with 00: as a number it has fewer digits."""
    return _searched(alipay, lambda sign: sign.startswith("00"))


@genuine("sign.rsa.digest", twin=a_payment, only=RSA)
def with_a_plus_in_the_sign(alipay: Alipay) -> Pairs:
    """The sign holds + and /, and both arrived whole."""
    return _searched(alipay, lambda sign: "+" in sign and "/" in sign)


@genuine("sign.rsa.digest", twin=a_payment, only=RSA)
def with_a_signature_that_begins_with_a_zero_byte(alipay: Alipay) -> Pairs:
    """The signature begins with a byte of zero: it is as long as the key all the same."""
    return _searched(alipay, lambda sign: base64.b64decode(sign)[0] == 0)


@genuine("sign.rsa.digest", twin=with_a_plus_in_the_sign, only=RSA, result="acceptable")
def with_blanks_for_plus_in_the_sign(alipay: Alipay) -> Pairs:
    """The plus signs of the sign arrived as blanks. Some clients put them back, which is harmless; strict ones refuse."""
    message = with_a_plus_in_the_sign.build(alipay)
    return alipay.sealed(message[:-2], sign_of(message).replace("+", " "))


@genuine(twin=a_payment, only=RSA, result="acceptable")
def with_a_line_break_in_the_sign(alipay: Alipay) -> Pairs:
    """The base64 is broken into lines of 64. Accepting it is harmless, refusing it too."""
    sign = sign_of(alipay.send(notification()))
    lines = "\n".join(sign[start : start + 64] for start in range(0, len(sign), 64))
    return alipay.sealed(notification(), lines)


@genuine(twin=a_payment, only=RSA, result="acceptable")
def with_base64_without_padding(alipay: Alipay) -> Pairs:
    """The = at the end of the base64 is gone. Accepting it is harmless, refusing it too."""
    return alipay.sealed(notification(), sign_of(alipay.send(notification())).rstrip("="))


@genuine(twin=with_a_plus_in_the_sign, only=RSA, result="acceptable")
def with_the_url_alphabet(alipay: Alipay) -> Pairs:
    """The base64 uses - and _ for + and /. Accepting it is harmless, refusing it too."""
    message = with_a_plus_in_the_sign.build(alipay)
    return alipay.sealed(message[:-2], sign_of(message).replace("+", "-").replace("/", "_"))


@genuine(twin=a_payment, only=MD5, result="acceptable")
def with_the_sign_in_capitals(alipay: Alipay) -> Pairs:
    """The MD5 came in capital letters. Accepting it is harmless, refusing it too."""
    return alipay.sealed(notification(), sign_of(alipay.send(notification())).upper())


@genuine(twin=a_payment, result="acceptable")
def with_a_blank_behind_the_sign(alipay: Alipay) -> Pairs:
    """A blank came behind the sign. Accepting it is harmless, refusing it too."""
    return alipay.sealed(notification(), sign_of(alipay.send(notification())) + " ")


@genuine(twin=a_payment, result="acceptable")
def without_sign_type(alipay: Alipay) -> Pairs:
    """sign_type is missing and the sign is right. The account says which type it is; both answers are defensible."""
    return tuple(pair for pair in alipay.send(notification()) if pair[0] != "sign_type")


@genuine("sign.join", twin=a_payment, result="acceptable")
def with_a_boundary_moved(alipay: Alipay) -> Pairs:
    """subject swallowed total_fee: the text is the same, so the sign holds. A weakness of the protocol itself; whoever accepts it must then miss total_fee."""
    message = [pair for pair in alipay.send(notification()) if pair[0] not in {"subject", "total_fee"}]
    return (*message[:7], ("subject", "Noodle soup&total_fee=12.80"), *message[7:])


def _searched(alipay: Alipay, wanted: Callable[[str], bool]) -> Pairs:
    for number in range(10_000, 100_000):
        message = alipay.send(notification(trade_no=f"202611232100100455020{number:07d}"))
        if wanted(sign_of(message)):
            return message
    raise AssertionError("no such sign among ninety thousand")
