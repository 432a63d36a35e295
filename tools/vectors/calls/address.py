"""The address for notifications: an absolute URL of at most 200 characters. The seed makes CREATE need it."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.calls.common import told
from tools.vectors.calls.plain import create_plain, refund_at_once, refund_plain
from tools.vectors.calls.whole import ABSENT, GLOBAL, creating, refunding
from tools.vectors.question import Row, family

CREATE: Final = "request.create.notify_url"
REFUND: Final = "request.refund.notify_url"

_BASE: Final = "https://shop.example/"


def _of_length(length: int) -> str:
    return _BASE + "n" * (length - len(_BASE))


@family(CREATE, given=GLOBAL, twin=create_plain)
def a_legal_address() -> Iterator[Row]:
    """It is an absolute address that a server can be reached under."""
    for url, slug, comment in (
        (_of_length(200), "200-characters", "Here: at the limit of 200 characters."),
        (_of_length(199), "199-characters", "Here: a character below the limit."),
        ("http://shop.example/alipay/notify", "http", "Here: plain http, which no page forbids for CREATE."),
        ("https://shop.example", "no-path", "Here: without a path."),
        ("https://shop.example/", "root", "Here: the root."),
        ("https://shop.example:8443/notify", "port", "Here: with a port."),
        ("https://shop.example:65535/notify", "largest-port", "Here: with the largest port."),
        ("https://192.0.2.7/notify", "ipv4", "Here: an IPv4 address."),
        ("https://[2001:db8::7]/notify", "ipv6", "Here: an IPv6 address."),
        ("https://xn--4gqr80a.example/notify", "punycode", "Here: a Chinese host name in its ASCII form."),
        ("https://shop.example/notify.php?shop=1&till=2", "query", "Here: with a query of its own, raw."),
        ("https://shop.example/%E6%94%AF%E4%BB%98", "encoded-path", "Here: an encoded Chinese path."),
        ("HTTPS://SHOP.EXAMPLE/NOTIFY", "capitals", "Here: in capital letters."),
        ("https://shop-1.example/a_b/~c/d.e", "marks", "Here: with dash, underscore, tilde and point."),
    ):
        yield Row(slug, comment, creating(notify_url=url))


@family(CREATE, given=GLOBAL, twin=create_plain, result="invalid")
def no_address() -> Iterator[Row]:
    """Alipay cannot post to it."""
    wrong = "ILLEGAL_ARGUMENT"
    for url, kind, error, slug, comment in (
        (ABSENT, "absent", "PARAMTER_IS_NULL", "absent", "Here: it is absent: the seed makes it compulsory, although both pages call it optional."),
        ("", "empty", "PARAMTER_IS_NULL", "empty", "Here: it is empty."),
        (_of_length(201), "too-long", "ILLEGAL_LENGTH", "201-characters", "Here: a character over the limit."),
        ("shop.example/notify", "illegal", wrong, "no-scheme", "Here: without a scheme."),
        ("//shop.example/notify", "illegal", wrong, "scheme-relative", "Here: relative to a scheme."),
        ("/alipay/notify", "illegal", wrong, "path", "Here: a path alone."),
        ("https:///notify", "illegal", wrong, "no-host", "Here: without a host."),
        ("https:/shop.example/notify", "illegal", wrong, "one-slash", "Here: with one slash."),
        ("ftp://shop.example/notify", "illegal", wrong, "ftp", "Here: another scheme."),
        ("javascript:alert(1)", "illegal", wrong, "javascript", "Here: no address of a server at all."),
        ("file:///etc/passwd", "illegal", wrong, "file", "Here: a file."),
        ("https://shop.example/a b", "illegal", wrong, "blank", "Here: with a blank inside."),
        (" https://shop.example/notify", "illegal", wrong, "blank-in-front", "Here: with a blank in front."),
        ("https://shop.example/notify\n", "illegal", wrong, "newline", "Here: with a newline behind."),
        ("https://shop.example/notify#top", "illegal", wrong, "fragment", "Here: with a fragment, which no server sees."),
        ("https://user:secret@shop.example/notify", "illegal", wrong, "user", "Here: with a name and a password."),
        ("https://shop.example:0/notify", "illegal", wrong, "port-0", "Here: port 0."),
        ("https://shop.example:65536/notify", "illegal", wrong, "port-65536", "Here: a port that is too large."),
        ("https://shop.example:https/notify", "illegal", wrong, "port-name", "Here: a port by its name."),
        ("https%3A%2F%2Fshop.example%2Fnotify", "illegal", wrong, "encoded", "Here: encoded by the caller."),
        ("https:\\\\shop.example\\notify", "illegal", wrong, "backslashes", "Here: with backslashes."),
        ('https://shop.example/"><b>', "illegal", wrong, "markup", "Here: with what ends an attribute of HTML."),
        ("null", "illegal", wrong, "null", "Here: the word null."),
    ):  # fmt: skip
        yield Row(slug, comment, creating(notify_url=url), says=told("notify_url", kind, error))


@family(REFUND, given=GLOBAL, twin=refund_plain)
def the_address_of_a_refund() -> Iterator[Row]:
    """The newer page demands it; where the answer is the result (is_sync Y), no notification comes."""
    yield Row(
        "absent",
        "Here: it is absent, and the refund asynchronous.",
        refunding(notify_url=ABSENT),
        "acceptable",
    )
    yield Row(
        "absent-at-once",
        "Here: it is absent, and is_sync is Y.",
        refunding(notify_url=ABSENT, is_sync="Y"),
        twin=refund_at_once,
    )
    yield Row(
        "200-characters", "Here: at the limit of 200 characters.", refunding(notify_url=_of_length(200))
    )
    yield Row(
        "201-characters",
        "Here: a character over the limit.",
        refunding(notify_url=_of_length(201)),
        "invalid",
        told("notify_url", "too-long", "ILLEGAL_LENGTH"),
    )
    yield Row(
        "no-scheme",
        "Here: without a scheme.",
        refunding(notify_url="shop.example/notify"),
        "invalid",
        told("notify_url", "illegal", "ILLEGAL_ARGUMENT"),
    )
    yield Row(
        "http",
        "Here: plain http; an SDK says that refunds want https.",
        refunding(notify_url="http://shop.example/notify"),
        "acceptable",
        flags=("request.refund.notify_url.https",),
    )
