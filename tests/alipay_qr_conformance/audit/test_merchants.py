"""The traffic of merchants, recorded while the kit checks them: who is accused, and who is not."""

import base64
from unittest import mock

import pytest
from audit_recordings import moment

from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.testbed import Testbed
from faulty.reference import Healthy
from faulty.run import judge, meets, merchants

SEEN_AS = {
    "notify.reject.other-key": "notify.reject.changed",
    "notify.reject.bad-sign": "notify.reject.changed",
}
"""What a forgery is called that differs from another only by what its forger knew."""


class Recorder:
    """Writes down what passes between the merchant and the simulated Alipay."""

    def __init__(self):
        self.records = []
        self.session = None

    def request(self, session, request, answer):
        record = {
            "time": moment(session.now),
            "kind": "request",
            "method": request.method,
            "url": "https://gateway.example/gateway.do?" + request.query.decode("latin-1"),
        }
        if request.body:
            record |= {
                "contentType": request.content_type,
                "bodyBase64": base64.b64encode(request.body).decode(),
            }
        if not (answer.drop or answer.truncate is not None):
            record |= {"status": answer.status, "reply": answer.body.decode("utf-8", "replace")}
        else:
            record["status"] = 502
        self.records.append(record)

    def notification(self, bed, now, args, answer):
        at = now or (bed.session.now if bed.session else None)
        if at is None or not isinstance(answer, Result):
            return
        reply = answer.value.get("reply")
        if isinstance(reply, dict):
            reply = base64.b64decode(reply.get("base64", "")).decode("utf-8", "replace")
        query = f"?{args['query']}" if args.get("query") else ""
        self.records.append(
            {
                "time": moment(at),
                "kind": "notification",
                "method": args.get("method") or "POST",
                "url": f"https://shop.example/notify{query}",
                "contentType": args["content_type"],
                "bodyBase64": args["body_base64"],
                "status": int(answer.value.get("status") or 200),
                "reply": str(reply if reply is not None else ""),
            }
        )


def recorded(kind, about):
    """Return the traffic of a merchant at the cases whose requirements begin with these words."""
    recorder = Recorder()
    handle, ask = GatewaySession.handle, Testbed.ask

    def handled(self, request):
        answer = handle(self, request)
        recorder.request(self, request, answer)
        return answer

    def asked(self, op, *, now=None, **args):
        answer = ask(self, op, now=now, **args)
        if op == "notify":
            recorder.notification(self, now, args, answer)
        return answer

    def met(kind, case):  # a story asks by itself for another refund like the one that was lost
        story = "any-history" in case.name
        return case.requirement.startswith(about) and not story and meets(kind, case)

    with mock.patch.object(GatewaySession, "handle", handled), mock.patch.object(Testbed, "ask", asked):
        judge(kind, met=met)
    return recorder.records


def accused_of(report):
    return {each["requirement"] for each in report["findings"]}


REQUESTS = (
    "request.create",
    "request.cancel",
    "request.refund",
    "request.sign",
    "request.method",
    "request.enc",
)
NOTIFICATIONS = ("notify.reject", "notify.genuine", "notify.validate", "notify.reply", "notify.boundary")
MONEY = ("money.refund", "money.cancel")
GROUPS = {"requests": REQUESTS, "notifications": NOTIFICATIONS, "money": MONEY}
DECLARED = frozenset({"first-value-counts", "last-value-counts", "never-names-url", "sends-anything"})
"""Right by a policy alone, which an audit is not told."""
HARMLESS = [name for name, kind in merchants().items() if not kind.breaks and name not in DECLARED]


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_the_reference(audit, group):
    report = audit(recorded(Healthy, GROUPS[group]))
    assert accused_of(report) == set()
    assert report["run"]["messages"] > 20


@pytest.mark.slow
@pytest.mark.parametrize("name", HARMLESS[::6])
def test_a_harmless_variant_is_not_accused(audit, name):
    about = (*REQUESTS, *NOTIFICATIONS, *MONEY)
    assert accused_of(audit(recorded(merchants()[name], about))) == set()


SHOWN = [
    "cancel-at-any-time",
    "cancel-by-utc-day",
    "cancel-by-local-day",
    "cancel-with-grace",
    "cancel-after-refund",
    "last-trade-no",
    "refund-in-any-currency",
    "refund-under-trade-number",
    "new-id-after-unknown",
    "one-cent-more",
    "refund-after-cancel",
    "refunds-not-summed",
    "reply-with-newline",
    "boundary-not-watched",
    "link-unverified",
    "refuses-replays",
    "last-of-two-believed",
    "equal-as-numbers",
    "always-success",
    "notifications-unverified",
]
"""Merchants whose fault is in their traffic."""


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN)
def test_a_faulty_merchant_is_accused_of_what_its_traffic_shows(audit, name):
    kind = merchants()[name]
    breaks = {*kind.breaks, *(SEEN_AS.get(each, each) for each in kind.breaks)}
    accused = accused_of(audit(recorded(kind, tuple(kind.breaks))))
    assert accused
    assert accused <= breaks
