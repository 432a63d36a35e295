"""The order of names: that of their ASCII bytes. Digits, capitals, ``_``, small letters."""

from collections.abc import Iterator

from tools.vectors.case import Row, case, table
from tools.vectors.messages import named, refund, with_names
from tools.vectors.steps import Pairs
from tools.vectors.text.plain import refund_plain


def _names(*names: str) -> Pairs:
    """Return a message of these names, each with its own position as value."""
    return tuple((name, str(position)) for position, name in enumerate(names, 1))


@case("sign.order", twin=refund_plain)
def given_in_sorted_order() -> Pairs:
    """The pairs come sorted already."""
    return tuple(sorted(refund()))


@case("sign.order", twin=refund_plain)
def given_in_reverse_order() -> Pairs:
    """The pairs come in reverse order."""
    return tuple(sorted(refund(), reverse=True))


@case("sign.order", twin=refund_plain)
def input_charset_given_last() -> Pairs:
    """_input_charset comes last and is signed first: _ lies before the small letters."""
    return (*(pair for pair in refund() if pair[0] != "_input_charset"), ("_input_charset", "UTF-8"))


@case("sign.order", twin=refund_plain)
def a_capital_letter_comes_before_the_underscore() -> Pairs:
    """A name with a capital letter in front sorts before _input_charset, which is only usually the first."""
    return with_names(refund(), ("Version", "1"))


@case("sign.order", twin=refund_plain)
def a_digit_comes_before_the_underscore() -> Pairs:
    """A name that begins with a digit sorts before _input_charset."""
    return with_names(refund(), ("3d_secure", "N"))


@case("sign.order", twin=refund_plain)
def a_capital_letter_inside_a_name() -> Pairs:
    """partnerName sorts before partner_refund_id: N is 4E, _ is 5F. Ignoring case they change places."""
    return with_names(refund(), ("partnerName", "Noodle Bar"))


@case("sign.order")
def two_names_that_differ_in_case_only() -> Pairs:
    """Service and service are two parameters; a map that ignores case keeps one of them."""
    return named(service="1", Service="2", SERVICE="3", _input_charset="UTF-8")


@case("sign.order")
def a_name_and_names_that_it_begins() -> Pairs:
    """Names are compared, not name=value: as one text a1=.. sorts before a=.., because 1 is 31 and = is 3D."""
    return _names("a_b", "aa", "a1", "aA", "a-b", "a.b", "a")


@case("sign.order")
def real_names_that_begin_with_each_other() -> Pairs:
    """trade, trade2 and trade_no: the shorter name comes first, whatever the = behind it sorts like."""
    return named(trade_no="1", trade2="2", trade="3", total_fee="4", total="5")


@case("sign.order")
def values_play_no_part() -> Pairs:
    """The values fall where the names rise."""
    return named(a="9", b="8", c="7", d="6", e="5")


@case("sign.order")
def a_message_of_sixty_parameters() -> Pairs:
    """Sixty names in a stride order: no sort that is only nearly right survives."""
    return tuple((f"p_{position * 37 % 60:02d}", str(position)) for position in range(60))


@table("sign.order", twin=refund_plain)
def a_name_that_sorts_elsewhere_by_another_rule() -> Iterator[Row]:
    """One name more, which byte order puts into one place and another rule into another."""
    for name, slug, comment in (
        ("Refund_amount", "capital-twin", "Here: a capital R; case folding puts it beside refund_amount."),
        ("partnerid", "underscore-ignored", "Here: partnerid; a culture-aware sort skips _ and compares partnerrefundid."),
        ("partner-id", "hyphen-ignored", "Here: a hyphen, which .NET's word sort skips; 2D lies before _."),
        ("partner.id", "dot", "Here: a dot, 2E."),
        ("partner:id", "colon", "Here: a colon, 3A, behind the digits."),
        ("partner2", "digit", "Here: a digit behind a name; sorted as partner2=.. it comes before partner=.."),
        ("partner~", "tilde", "Here: a tilde, 7E, behind all letters."),
        ("partner!", "exclamation-mark", "Here: an exclamation mark, 21; sorted with its = it changes places with partner."),
        ("currencz", "y-and-z", "Here: z in place of y; Lithuanian sorts y beside i, Estonian z before t."),
        ("aa", "danish-aa", "Here: aa, which Danish sorts behind z."),
        ("ch", "czech-ch", "Here: ch, which Czech sorts behind h."),
        ("service ", "blank-behind", "Here: service with a blank behind; trimmed names would meet."),
        (" service", "blank-before", "Here: a blank before; 20 sorts before everything."),
        ("\x7f", "delete", "Here: DEL, the last of ASCII."),
    ):  # fmt: skip
        yield Row(slug, comment, with_names(refund(), (name, "1")))


@case("sign.order")
def names_of_digits_sort_as_text() -> Pairs:
    """10 before 9: as text, not as numbers. PHP makes integers of such keys, JavaScript moves them in front."""
    return _names("9", "10", "2", "1", "b", "a")


@case("sign.order")
def names_that_are_the_same_number() -> Pairs:
    """01, 1, 1.0, 1e0 and +1 are five names; compared as numbers they are one."""
    return _names("1e0", "1.0", "+1", "1", "01")


@case("sign.order")
def names_with_numbers_sort_by_bytes() -> Pairs:
    """item10 before item2 before item_1: natural order turns the first two round."""
    return _names("item2", "item10", "item_1", "item1", "item")


@case("sign.order")
def negative_and_padded_numbers() -> Pairs:
    """-1, 00 and 007 as names."""
    return _names("007", "7", "-1", "00", "0")


@case("sign.order")
def capitals_underscore_small_letters() -> Pairs:
    """The whole ASCII order around the letters: 9 A Z [ ^ _ ` a z {."""
    return _names("z", "a", "_", "Z", "A", "9", "[", "^", "`", "{")


@case("sign.order")
def one_letter_in_every_class() -> Pairs:
    """aB, a_, ab, aZ, a0: the second byte decides."""
    return _names("ab", "a_", "aB", "aZ", "a0")


@case("sign.order")
def turkish_letters() -> Pairs:
    """I and i: a Turkish locale lowers I to a letter without a dot, and sorts it elsewhere."""
    return _names("id", "ID", "Id", "iD", "if")


@case("sign.order", result="acceptable")
def names_beyond_ascii_by_code_point() -> Pairs:
    """Names of the protocol are ASCII; for others the sources are silent. By UTF-8 bytes, as here, U+FF21 comes before U+1F600; by UTF-16 units behind it (inferred)."""
    return _names("\U0001f600", "\uff21", "a")


@case("sign.order", result="acceptable")
def names_with_accents() -> Pairs:
    """Names of the protocol are ASCII; for others the sources are silent. By bytes, as here, z comes before the letter with an accent (inferred)."""
    return _names("\u00e9tat", "zone", "etat")


@case("sign.order", result="acceptable")
def a_name_that_stands_twice() -> Pairs:
    """The sources are silent on a name that stands twice; here both pairs stay in their given order (inferred). Declining is right as well."""
    return _names("b", "a", "a")
