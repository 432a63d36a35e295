"""What is left out: exactly ``sign`` and ``sign_type``, and nothing that only looks like them."""

from collections.abc import Iterator

from tools.vectors.case import Row, case, table
from tools.vectors.messages import refund, with_names
from tools.vectors.steps import Pairs
from tools.vectors.text.plain import refund_plain, refund_with_reason

_OLD_SIGN = "0123456789abcdef0123456789abcdef"


@case("sign.exclude", twin=refund_plain)
def sign_type_is_sent_but_not_signed() -> Pairs:
    """sign_type travels with the message and is no part of the signed text."""
    return refund(sign_type="MD5")


@case("sign.exclude", twin=sign_type_is_sent_but_not_signed)
def sign_type_rsa_is_not_signed_either() -> Pairs:
    """Another value of sign_type: the signed text is the same."""
    return refund(sign_type="RSA")


@case("sign.exclude", twin=sign_type_is_sent_but_not_signed)
def an_old_sign_is_not_signed() -> Pairs:
    """A message that was signed before is signed again: the old sign must not get into the new text."""
    return refund(sign_type="MD5", sign=_OLD_SIGN)


@case("sign.exclude", twin=refund_plain)
def sign_without_sign_type_is_not_signed() -> Pairs:
    """sign is left out on its own account, also where there is no sign_type."""
    return refund(sign=_OLD_SIGN)


@case("sign.exclude", twin=refund_plain)
def an_empty_sign_is_not_signed() -> Pairs:
    """A placeholder for the sign, filled in later, is no part of the text."""
    return refund(sign="")


@case("sign.exclude", twin=sign_type_is_sent_but_not_signed)
def sign_type_in_front_of_everything() -> Pairs:
    """Where sign_type stands in the given order plays no part."""
    return (("sign_type", "MD5"), *refund())


@case("sign.exclude", twin=refund_plain)
def a_value_that_says_sign_type_is_signed() -> Pairs:
    """What is left out is the parameter, not a text that mentions it."""
    return refund(refund_reason="sign_type=MD5")


@table("sign.every-parameter", "sign.exclude", twin=refund_plain)
def a_name_that_resembles_sign_is_signed() -> Iterator[Row]:
    """Only the exact names sign and sign_type are left out; every other name is signed."""
    for name, slug, comment in (
        ("sign_typ", "cut-short", "Here: a name that sign_type begins with."),
        ("sign_type2", "longer", "Here: a name that begins with sign_type."),
        ("sign_types", "plural", "Here: the plural."),
        ("signtype", "joined", "Here: without the underscore."),
        ("signature", "signature", "Here: signature, which begins with sign."),
        ("sign_", "underscore-behind", "Here: an underscore behind."),
        ("_sign", "underscore-before", "Here: an underscore before; it sorts in front."),
        ("co_sign", "ends-with-sign", "Here: a name that ends with sign."),
        ("SIGN", "capitals", "Here: in capitals. Names are compared exactly."),
        ("Sign_Type", "title-case", "Here: sign_type in title case."),
        ("sign-type", "hyphen", "Here: a hyphen for the underscore."),
        ("sign.type", "dot", "Here: a dot; PHP turns it into sign_type on reading a form."),
        ("sign type", "blank", "Here: a blank; PHP turns it into sign_type on reading a form."),
        ("notify_sign_type", "notify", "Here: a parameter that the Java SDK really sends with CREATE."),
        ("sign_date", "sign-date", "Here: a name that shares the prefix sign_."),
        ("design", "design", "Here: sign inside a word."),
        ("key", "key", "Here: key, which some programs keep among the parameters."),
        ("sec_id", "sec-id", "Here: sec_id, which names the algorithm at the old WAP gateway."),
    ):
        yield Row(slug, comment, with_names(refund(), (name, "MD5")))


@table("sign.every-parameter", twin=refund_plain)
def an_unknown_parameter_is_signed() -> Iterator[Row]:
    """A program must sign what it was given, also names that no page knows."""
    for name, slug, comment in (
        ("foo", "foo", "Here: foo."),
        ("x", "one-letter", "Here: a name of one letter."),
        ("zzz_new_field", "last", "Here: one that sorts behind everything."),
        ("A", "first", "Here: one that sorts before everything."),
        ("route", "route", "Here: a name that web frameworks add. If it is sent, it is signed."),
        ("s", "router", "Here: the router parameter of a PHP framework."),
        ("id", "id", "Here: id."),
        ("class", "reserved-word", "Here: a word that is reserved in most languages."),
        ("constructor", "constructor", "Here: a property that every JavaScript object has."),
        ("__proto__", "proto", "Here: a name that vanishes when JavaScript assigns it to a plain object."),
        ("toString", "to-string", "Here: a method of every JavaScript object."),
        ("length", "length", "Here: a property of JavaScript arrays and functions."),
        ("hasOwnProperty", "has-own-property", "Here: the method that a filter asks for the name."),
        ("this", "this", "Here: this; PHP refuses extract() of it."),
        ("GLOBALS", "globals", "Here: GLOBALS, a PHP superglobal."),
        ("a[]", "brackets", "Here: brackets, which PHP reads as an array."),
        ("a.b", "dot", "Here: a dot, which PHP turns into an underscore on reading a form."),
    ):
        yield Row(slug, comment, with_names(refund(), (name, "1")))


@case("sign.every-parameter")
def a_message_of_three_hundred_parameters() -> Pairs:
    """Three hundred parameters, more bytes than a small buffer holds: all of them are signed."""
    return tuple((f"p_{number:03d}", str(number + 1)) for number in range(300))


@case("sign.every-parameter", twin=refund_with_reason)
def a_value_of_five_thousand_characters() -> Pairs:
    """A value that is longer than most programs expect is signed to its end."""
    return refund(refund_reason="wrong size " * 454 + "again.")
