"""News that come in the query of the notify URL: as a link, or behind an empty POST."""

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.checks.attacks.belief import careful, disbelieved, made_cheap
from alipay_qr_conformance.checks.attacks.posted import over_http
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.rules.forgeries import Pairs
from alipay_qr_conformance.testbed.notifications import Reply, deliver, fields_of, paid, recorded, send, shown
from alipay_qr_conformance.testbed.testbed import Testbed


def _link(bed: Testbed, fields: Pairs) -> Reply:
    """Open the notify URL with fields in its query, as a browser does."""
    query = encode_notification(fields, bed.setup.charset).decode("ascii")
    if bed.hello.notify_url and not bed.subject.supports("notify"):
        return over_http(bed.hello.notify_url, "GET", b"", query=query)
    return deliver(bed, b"", "", method="GET", query=query)


def forged_link(bed: Testbed) -> None:
    """A forged message by GET."""
    careful(bed)
    with bed.gateway() as session:
        trade, fields, _ = made_cheap(bed, session)
        disbelieved(bed, trade, fields, _link(bed, fields), "GET")


def link_first(bed: Testbed) -> None:
    """The genuine news by GET, which may be refused; then by POST, which must not."""
    careful(bed)
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, kind = fields_of(bed, session, trade)
        _link(bed, fields)
        reply = send(bed, fields, kind)
        belief = recorded(bed, trade) or {}
    found = {"state": belief.get("state"), "fulfilled": str(belief.get("fulfilled") or "1")}
    if not reply.acknowledged or found != {"state": "paid", "fulfilled": "1"}:
        raise Failed("attack.get", shown(fields, reply, belief), what=found)


def all_in_the_url(bed: Testbed) -> None:
    """A POST with nothing in it, and a whole forged message behind the notify URL."""
    careful(bed)
    with bed.gateway() as session:
        trade, fields, kind = made_cheap(bed, session)
        query = encode_notification(fields, bed.setup.charset).decode("ascii")
        disbelieved(bed, trade, fields, deliver(bed, b"", kind, query=query), "URL")
