"""Values are signed raw: nothing is encoded, nothing decoded, nothing escaped or unescaped."""

from collections.abc import Iterator

from tools.vectors.case import Row, case, table
from tools.vectors.messages import create, refund
from tools.vectors.steps import Pairs
from tools.vectors.text.plain import create_plain, refund_with_reason


@table("sign.value.raw", twin=refund_with_reason)
def a_value_that_looks_encoded_is_not_decoded() -> Iterator[Row]:
    """It only looks encoded: it is the value."""
    for value, slug, comment in (
        ("%41", "percent-41", "Here: %41, which decodes to A."),
        ("%2541", "percent-twice", "Here: %2541, which decodes twice."),
        ("%", "percent-alone", "Here: a bare %, as in 5 %."),
        ("100%", "percent-behind", "Here: a % at the end."),
        ("%zz", "percent-no-hex", "Here: % without hex digits; strict decoders raise."),
        ("%e4%b8%ad", "percent-chinese", "Here: the encoded form of a Chinese character, in small letters."),
        ("%26", "percent-ampersand", "Here: %26, which decodes to &."),
        ("%3D", "percent-equals-sign", "Here: %3D, which decodes to =."),
        ("%20", "percent-blank", "Here: %20."),
        ("%2B", "percent-plus", "Here: %2B, which decodes to +."),
        ("%00", "percent-nul", "Here: %00."),
        ("%u4e2d", "percent-u", "Here: the form of JavaScript's escape()."),
        ("a+b", "plus", "Here: a plus, which a form decodes to a blank."),
        ("+", "plus-alone", "Here: a plus alone."),
        ("&amp;", "html-ampersand", "Here: &amp;."),
        ("&lt;b&gt;", "html-brackets", "Here: &lt;b&gt;."),
        ("&quot;", "html-quote", "Here: &quot;."),
        ("&#38;", "html-number", "Here: a numeric character reference."),
        ("&#x4e2d;", "html-hex-number", "Here: a character reference in hex."),
        ("&nbsp;", "html-blank", "Here: &nbsp;."),
        ("\\u4e2d", "backslash-u", "Here: a JSON escape outside JSON."),
        ("\\n", "backslash-n", "Here: backslash and n, two characters."),
        ("\\x41", "backslash-x", "Here: a C escape."),
        ("=?UTF-8?B?5Lit?=", "mime-word", "Here: a word in the form of mail headers."),
        ("5Lit5paH", "base64", "Here: base64 of Chinese text."),
        ("a+b/c==", "base64-marks", "Here: the marks of base64, all of which a URL encodes."),
    ):
        yield Row(slug, comment, refund(refund_reason=value))


@table("sign.value.raw", twin=refund_with_reason)
def a_value_that_asks_for_escaping_is_not_escaped() -> Iterator[Row]:
    """URL-encoding, HTML, SQL and shell escapes come later, if at all: never before signing."""
    for value, slug, comment in (
        ("wrong size, red", "comma-and-blank", "Here: a blank and a comma, the smallest reason to encode."),
        ("a/b", "slash", "Here: a slash."),
        ("a\\b", "backslash", "Here: a backslash, which PHP's stripslashes() removes."),
        ("a\\\\b", "two-backslashes", "Here: two backslashes."),
        ("it's", "apostrophe", "Here: an apostrophe, which addslashes() escapes."),
        ('say "hi"', "quotes", "Here: quotes, at which an unescaped HTML form cuts the value off."),
        ("<b>bold</b>", "tags", "Here: tags, which strip_tags() removes."),
        ("<![CDATA[x]]>", "cdata", "Here: a CDATA section."),
        ("a:b@c", "colon-and-at", "Here: : and @."),
        ("@/tmp/photo.png", "at-in-front", "Here: @ in front, which old PHP takes for a file to upload."),
        ("~user", "tilde", "Here: a tilde, which old encoders encode and new ones do not."),
        ("(a)*!'", "unreserved-marks", "Here: the marks on which encodeURIComponent and RFC 3986 disagree."),
        ("$var ${var} {$var}", "php-variables", "Here: what PHP would put variables into."),
        ("#{var} {{var}} %(var)s", "template-marks", "Here: what Ruby, templates and Python would fill in."),
        ("%s %d %1$s %n", "printf", "Here: what printf would fill in."),
        ("{0} {} {name}", "format", "Here: what format() would fill in."),
        ("$1 \\1 $& $$", "replacement-marks", "Here: what a replacement text of a regular expression means."),
        ("`id` $(id) ; id", "shell", "Here: what a shell would run."),
        ("' OR '1'='1", "sql", "Here: what a database would read."),
        ("[red] (large)", "brackets", "Here: brackets."),
        ("^.*$", "regular-expression", "Here: a pattern."),
    ):
        yield Row(slug, comment, refund(refund_reason=value))


@table("sign.value.raw", twin=create_plain)
def a_notify_url() -> Iterator[Row]:
    """An address is a value like any other: signed as it was written."""
    for url, slug, comment in (
        ("https://shop.example/notify?shop=1&till=2", "with-query", "Here: with a query of its own, & and = raw."),
        ("https://shop.example/notify?shop=1%262", "with-encoded-query", "Here: with an encoded & in its query."),
        ("https%3A%2F%2Fshop.example%2Fnotify", "encoded-by-the-caller", "Here: encoded before it was handed over; it is signed like that."),
        ("https://shop.example/notify/", "slash-behind", "Here: with a slash behind."),
        ("https://shop.example:443/notify", "default-port", "Here: with the default port spelt out."),
        ("HTTPS://Shop.Example/notify", "capitals", "Here: with capitals that an address parser lowers."),
        ("https://shop.example/a/../notify", "dots", "Here: with a path that an address parser shortens."),
        ("https://shop.example/notify#top", "fragment", "Here: with a fragment."),
        ("https://shop.example/notify?a=b c", "blank", "Here: with a blank."),
        ("https://shop.example/\u652f\u4ed8", "chinese-path", "Here: with Chinese characters in the path, as in a published sign."),
        ("https://\u5e97.example/notify", "chinese-host", "Here: with a Chinese host name, not in punycode."),
    ):  # fmt: skip
        yield Row(slug, comment, create(notify_url=url))


@case("sign.value.raw", twin=create_plain)
def biz_data_that_was_url_encoded_by_the_caller() -> Pairs:
    """biz_data handed over in URL-encoded form is signed in that form."""
    return create(biz_data="%7B%22store_id%22%3A%22S-01%22%7D")
