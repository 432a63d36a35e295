"""Genuine notifications that were changed on the way, each through the hole that some mistake leaves open.

Where a verifier trims, drops, decodes, folds or overlooks something, two messages have one sign for it.
The one that Alipay signed stands in `honest` or is the twin; here is the other one.
"""

from collections.abc import Iterator

from tools.vectors.forgery import honest
from tools.vectors.forgery.letter import Alipay, added, changed, dropped, forged, forged_table
from tools.vectors.messages import notification
from tools.vectors.steps import Pairs

CHANGED = "verify.reject.changed"
Forgeries = Iterator[tuple[str, str, Pairs]]


@forged_table(CHANGED, twin=honest.a_payment)
def one_value_was_changed(alipay: Alipay) -> Forgeries:
    """One value was changed after signing."""
    for name, value, comment in (
        ("total_fee", "0.01", "Here: the amount."),
        ("out_trade_no", "2026112300002", "Here: the order that it pays for."),
        ("trade_no", "2026112321001004550200099999", "Here: Alipay's number of the trade."),
        ("trade_status", "TRADE_FINISHED", "Here: the status."),
        ("trans_currency", "JPY", "Here: the currency."),
        ("seller_id", "2088021966388156", "Here: who is paid."),
        ("buyer_id", "2088102176998872", "Here: who paid."),
        ("gmt_payment", "2026-11-24 00:00:03", "Here: the time of the payment, and with it the last day of a CANCEL."),
        ("gmt_create", "2026-11-23 09:59:59", "Here: the time of the order."),
        ("notify_id", "6fce8ab0f3e34b0d9c7d1a5a5c7e2b12", "Here: the number of the notification, by which replays are known."),
        ("notify_time", "2026-11-23 10:00:06", "Here: the time of the notification."),
        ("notify_type", "batch_refund_notify", "Here: the kind of notification."),
        ("notify_action_type", "refundFPAction", "Here: what happened."),
        ("subject", "Noodle soup!", "Here: the subject, which decides nothing."),
    ):  # fmt: skip
        yield name.replace("_", "-"), comment, changed(alipay.send(notification()), **{name: value})


@forged_table(CHANGED, "sign.every-parameter", twin=honest.a_payment)
def one_field_was_added(alipay: Alipay) -> Forgeries:
    """One field was added after signing. A verifier that signs known names only does not see it."""
    for name, value, slug, comment in (
        ("refund_fee", "12.80", "known", "Here: one that the protocol knows."),
        ("is_admin", "1", "unknown", "Here: one that nobody knows."),
        ("s", "/notify", "router", "Here: the router parameter of a framework. Take the body as it came, not what the framework made of it."),
        ("_extra", "1", "in-front", "Here: one that sorts first."),
        ("zzz", "1", "behind", "Here: one that sorts last."),
        ("sign_version", "1", "like-sign", "Here: one whose name begins with sign."),
        ("SIGN_TYPE", "MD5", "sign-type-in-capitals", "Here: sign_type in capitals; a verifier that ignores case drops it."),
        ("Sign", "0", "sign-in-title-case", "Here: Sign; a verifier that ignores case drops it, or takes it for the sign."),
        ("Total_fee", "0.01", "total-fee-in-title-case", "Here: Total_fee; a map that ignores case keeps it in place of the real one."),
        ("total_fee ", "0.01", "total-fee-with-a-blank", "Here: total_fee with a blank behind its name; PHP makes another name of it."),
        ("total.fee", "0.01", "total-fee-with-a-dot", "Here: total.fee; PHP reads it as total_fee."),
    ):  # fmt: skip
        yield slug, comment, added(alipay.send(notification()), (name, value))


@forged_table(CHANGED, "sign.value.falsy", twin=honest.a_payment)
def a_field_was_added_that_some_drop(alipay: Alipay) -> Forgeries:
    """A field was added whose value some verifiers drop before they compare."""
    for value, slug, comment in (
        ("0", "zero", "Here: 0, which PHP's empty() drops."),
        ("0.0", "zero-point-zero", "Here: 0.0."),
        ("false", "false", "Here: false."),
        ("null", "null", "Here: null, which the Java SDK drops."),
        ("None", "none", "Here: None."),
        ("undefined", "undefined", "Here: undefined."),
        (" ", "blank", "Here: a blank, which trimming turns into nothing."),
        ("\t\n", "tab-and-newline", "Here: a tab and a newline."),
        ("\u3000", "ideographic-blank", "Here: an ideographic blank."),
        ("\x00", "nul", "Here: U+0000, at which C ends a text."),
        ("[]", "empty-list", "Here: an empty list."),
    ):
        yield slug, comment, added(alipay.send(notification()), ("discount", value))


@forged_table(CHANGED, twin=honest.a_payment)
def one_field_was_taken_away(alipay: Alipay) -> Forgeries:
    """One field was taken away after signing."""
    for name in (
        "total_fee",
        "trade_status",
        "out_trade_no",
        "seller_id",
        "notify_id",
        "trans_currency",
        "buyer_id",
    ):
        yield name.replace("_", "-"), f"Here: {name}.", dropped(alipay.send(notification()), name)


@forged_table(CHANGED, "sign.empty", twin=honest.a_payment)
def one_value_was_emptied(alipay: Alipay) -> Forgeries:
    """One value was emptied after signing: it falls out of the text, and the sign no longer holds."""
    for name in ("total_fee", "trade_status", "seller_id"):
        yield name.replace("_", "-"), f"Here: {name}.", changed(alipay.send(notification()), **{name: ""})


@forged(CHANGED, "sign.empty", twin=honest.with_an_empty_field)
def the_empty_field_was_filled(alipay: Alipay) -> Pairs:
    """A field that Alipay sent empty was given a value."""
    return changed(alipay.send(notification(body="")), body="paid twice")


@forged_table(CHANGED, "sign.value.verbatim", twin=honest.a_payment)
def the_amount_was_spelt_anew(alipay: Alipay) -> Forgeries:
    """total_fee is the same number in another spelling: it is not what was signed."""
    for value, slug, comment in (
        ("12.8", "one-decimal", "Here: 12.8."),
        ("12.800", "three-decimals", "Here: 12.800."),
        ("012.80", "zero-before", "Here: 012.80."),
        ("+12.80", "plus", "Here: +12.80."),
        ("1.28e1", "exponent", "Here: 1.28e1."),
        ("\uff11\uff12.\uff18\uff10", "full-width", "Here: in full-width digits, which NFKC turns into the signed ones."),
        ("12.80 ", "blank-behind", "Here: with a blank behind, which trimming turns into the signed value."),
        (" 12.80", "blank-before", "Here: with a blank before."),
        ("12.80\n", "newline-behind", "Here: with a newline behind."),
        ("12.80\x00", "nul-behind", "Here: with U+0000 behind, at which C ends a text."),
        ("12.80\x000.01", "nul-inside", "Here: with U+0000 and more behind it."),
        ("12,80", "decimal-comma", "Here: with a comma."),
    ):  # fmt: skip
        yield slug, comment, changed(alipay.send(notification()), total_fee=value)


@forged_table(CHANGED, "sign.value.raw", twin=honest.a_payment)
def the_subject_was_encoded(alipay: Alipay) -> Forgeries:
    """Decoded or unescaped once more, subject would be what was signed. It came decoded already."""
    for value, slug, comment in (
        ("Noodle+soup", "plus", "Here: a plus for the blank."),
        ("Noodle%20soup", "percent", "Here: %20 for the blank."),
        ("Noodle&nbsp;soup", "html-blank", "Here: &nbsp; for the blank."),
        ("Noodle&#32;soup", "html-number", "Here: a character reference for the blank."),
        ("%4eoodle soup", "percent-letter", "Here: %4e for the first letter."),
        ("&#78;oodle soup", "html-letter", "Here: a character reference for the first letter."),
        ("\\u004eoodle soup", "backslash-u", "Here: a JSON escape for the first letter."),
        ("\\Noodle soup", "backslash", "Here: a backslash before it, which stripslashes() removes."),
        ("<i>Noodle soup", "tag", "Here: a tag before it, which strip_tags() removes."),
        ("noodle soup", "small-letter", "Here: a small letter at its start."),
        ("Noodle  soup", "two-blanks", "Here: two blanks inside."),
        ("Noodle\u00a0soup", "no-break-blank", "Here: a blank that does not break."),
        ("Noodle\nsoup", "newline", "Here: a newline for the blank."),
        ("\ufeffNoodle soup", "byte-order-mark", "Here: a byte order mark before it."),
        ("Noodle\u200b soup", "zero-width-blank", "Here: a blank without width inside."),
        ("\u039doodle soup", "look-alike", "Here: a Greek letter that looks like the first one."),
        ("\uff2eoodle soup", "full-width-letter", "Here: a full-width letter at its start."),
    ):
        yield slug, comment, changed(alipay.send(notification()), subject=value)


@forged(CHANGED, "sign.value.verbatim", twin=honest.with_a_combining_accent)
def the_accent_was_composed(alipay: Alipay) -> Pairs:
    """Letter and accent became one character: another text, however alike it looks."""
    return changed(honest.with_a_combining_accent.build(alipay), subject="Caf\u00e9")


@forged(CHANGED, "sign.charset.unencodable", twin=honest.in_ascii_in_gbk, charset="GBK")
def a_character_that_gbk_lacks(alipay: Alipay) -> Pairs:
    """Alipay signed question marks; here stands a character that a careless encoder turns into one. It cannot be encoded, so no sign can hold."""
    return changed(alipay.send(notification(subject="?")), subject="🍜")


@forged(CHANGED, "sign.charset", twin=honest.in_chinese_in_gbk, charset="GBK")
def signed_in_utf8_under_gbk(alipay: Alipay) -> Pairs:
    """The sign was made over the UTF-8 bytes of the same text. The account says GBK."""
    return Alipay(alipay.sign_type, "UTF-8").send(notification(subject="牛肉面"))


@forged(CHANGED, "sign.charset", twin=honest.in_chinese_in_utf8)
def signed_in_gbk_under_utf8(alipay: Alipay) -> Pairs:
    """The sign was made over the GBK bytes of the same text. The account says UTF-8."""
    return Alipay(alipay.sign_type, "GBK").send(notification(subject="牛肉面"))


@forged_table(CHANGED, twin=honest.a_payment)
def a_name_stands_twice(alipay: Alipay) -> Forgeries:
    """A second pair of a name that was signed: what is verified and what is used may differ."""
    message = alipay.send(notification())
    yield (
        "amount-behind",
        "Here: another amount behind the signed one.",
        added(message, ("total_fee", "0.01")),
    )
    yield "amount-before", "Here: another amount before the signed one.", (("total_fee", "0.01"), *message)
    yield "the-same-again", "Here: the signed pair once more.", added(message, ("total_fee", "12.80"))
    yield "sign", "Here: a second sign that is wrong.", (("sign", "0" * 32), *message)


@forged(CHANGED, "sign.order", twin=honest.a_payment)
def signed_in_the_order_of_sending(alipay: Alipay) -> Pairs:
    """The sign was made over the pairs as they came, not sorted."""
    unsorted = "&".join(f"{name}={value}" for name, value in notification())
    return alipay.sealed(notification(), alipay.signer.sign(unsorted.encode()))


@forged(CHANGED, "sign.exclude", twin=honest.a_payment)
def signed_with_sign_type(alipay: Alipay) -> Pairs:
    """The sign was made over a text that holds sign_type too."""
    pairs = sorted((*notification(), ("sign_type", alipay.sign_type)))
    text = "&".join(f"{name}={value}" for name, value in pairs)
    return alipay.sealed(notification(), alipay.signer.sign(text.encode()))


@forged(CHANGED, "sign.join", twin=honest.a_payment)
def signed_with_an_ampersand_behind(alipay: Alipay) -> Pairs:
    """The sign was made over the text with an & behind it."""
    text = "&".join(f"{name}={value}" for name, value in sorted(notification()))
    return alipay.sealed(notification(), alipay.signer.sign(f"{text}&".encode()))
