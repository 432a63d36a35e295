"""News that come in the query of the notify URL: as a link, or behind an empty POST."""

from alipay_qr.wire import encode_notification
from alipay_qr_conformance.casebook import Broken
from alipay_qr_conformance.checks.attacks.belief import careful, disbelieved, made_cheap
from alipay_qr_conformance.checks.attacks.posted import over_http
from alipay_qr_conformance.checks.delivery import fields_of, paid, send, shown, state
from alipay_qr_conformance.counter import Reply, deliver
from alipay_qr_conformance.forgeries import Pairs
from alipay_qr_conformance.lab import Lab


def _link(lab: Lab, fields: Pairs) -> Reply:
    """Open the notify URL with fields in its query, as a browser does."""
    query = encode_notification(fields, lab.setup.charset).decode("ascii")
    if lab.hello.notify_url and not lab.subject.supports("notify"):
        return over_http(lab.hello.notify_url, "GET", b"", query=query)
    return deliver(lab, b"", "", method="GET", query=query)


def forged_link(lab: Lab) -> None:
    """A forged message by GET."""
    careful(lab)
    with lab.gateway() as session:
        trade, fields, _ = made_cheap(lab, session)
        disbelieved(lab, trade, fields, _link(lab, fields), "GET")


def link_first(lab: Lab) -> None:
    """The genuine news by GET, which may be refused; then by POST, which must not."""
    careful(lab)
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, kind = fields_of(lab, session, trade)
        _link(lab, fields)
        reply = send(lab, fields, kind)
        belief = state(lab, trade) or {}
    found = {"state": belief.get("state"), "fulfilled": str(belief.get("fulfilled") or "1")}
    if not reply.acknowledged or found != {"state": "paid", "fulfilled": "1"}:
        raise Broken("attack.get", shown(fields, reply, belief), what=found)


def all_in_the_url(lab: Lab) -> None:
    """A POST with nothing in it, and a whole forged message behind the notify URL."""
    careful(lab)
    with lab.gateway() as session:
        trade, fields, kind = made_cheap(lab, session)
        query = encode_notification(fields, lab.setup.charset).decode("ascii")
        disbelieved(lab, trade, fields, deliver(lab, b"", kind, query=query), "URL")
