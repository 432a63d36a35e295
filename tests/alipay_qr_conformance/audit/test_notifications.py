"""Notifications: what an acknowledgement proves, and what a refusal does not."""

import hashlib
import json
import re

import pytest
from audit_recordings import FAILED, PARTNER, asked, create, digest, form, news, refund, signed, told

from alipay_qr_conformance.model.test_account import TestKeys

STRANGER = "k" * 32
OTHER = "2088000000000001"


def changed():
    return {**signed(news()), "total_fee": "0.01"}


FORGED = {
    "changed": (changed(), "notify.reject.changed"),
    "no sign": ({**news(), "sign_type": "MD5"}, "notify.reject.no-sign"),
    "a sign of letters": ({**news(), "sign_type": "MD5", "sign": "true"}, "notify.reject.bad-sign"),
    "another key": (signed(news(), STRANGER), "notify.reject.changed"),
    "an unknown sign type": ({**news(), "sign_type": "MD4", "sign": "0" * 32}, "notify.reject.other-type"),
    "without a sign type": ({**news(), "sign": digest(news())}, "notify.reject.other-type"),
    "another seller": (signed(news(seller_id="2088000000000000")), "notify.validate.seller"),
    "without an id": (signed(news(notify_id=None)), "notify.validate.complete"),
    "a swallowed amount": (signed(news(subject="x&total_fee=0.01")), "notify.boundary"),
}


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("reply", ["success", "fail"])
def test_forged_notifications(audit, name, reply):
    params, requirement = FORGED[name]
    report = audit([told(params, reply), told(signed(news(trade="T2")))])
    expected = [requirement] if reply == "success" else []
    assert [each["requirement"] for each in report["findings"]] == expected
    judged = {each["requirement"]: (each["judged"], each["broken"]) for each in report["judged"]}
    assert judged[requirement] == (1, len(expected))


@pytest.mark.parametrize(("sign_type", "another"), [("MD5", "RSA"), ("RSA", "MD5")])
def test_later_forgeries_are_counted_where_the_key_is_known(audit, tmp_path, sign_type, another):
    """The first is judged slowly, the next by it; the other account has no key of this type."""
    (tmp_path / "MD5").write_text(STRANGER)
    (tmp_path / "RSA").write_text(TestKeys().settings("RSA")["alipay_public_key"]["pem"])
    names = {"MD5": "md5_key_file", "RSA": "alipay_public_key_file"}
    accounts = []
    for partner, known in ((PARTNER, sign_type), (OTHER, another)):
        path = tmp_path / f"{partner}.toml"
        path.write_text(f'partner = "{partner}"\n{names[known]} = "{known}"\n')
        accounts += ["--account", str(path)]
    forged = {**news(), "sign_type": sign_type, "sign": "0" * 32}
    foreign = {**forged, "seller_id": OTHER, "out_trade_no": "T2"}
    report = audit([told(forged), told(forged), told(foreign)], *accounts)
    (finding,) = report["findings"]
    assert (finding["requirement"], finding["count"]) == ("notify.reject.changed", 2)
    (genuine,) = [each for each in report["judged"] if each["requirement"] == "notify.genuine"]
    assert genuine["not_judged"] == {"no-key": 1}


def test_a_name_that_stands_twice(audit):
    record = told(signed(news()))
    record["body"] += "&total_fee=0.01"
    assert [each["requirement"] for each in audit([record])["findings"]] == ["notify.reject.duplicate"]


def test_a_forged_link(audit):
    record = told(changed(), method="GET", url=f"https://shop.example/notify?{form(changed())}", body=None)
    assert [each["requirement"] for each in audit([record])["findings"]] == ["notify.post-only"]


@pytest.mark.parametrize(
    ("reply", "findings"),
    [("success", []), ("SUCCESS", []), ("success\n", ["notify.reply.exact"]), ("fail", []), ("<html>", [])],
    ids=["small", "capital", "line end", "fail", "page"],
)
def test_the_reply(audit, reply, findings):
    report = audit([told(signed(news()), reply)])
    assert [each["requirement"] for each in report["findings"]] == findings
    counted = {each["requirement"]: (each["judged"], each["broken"]) for each in report["judged"]}
    acknowledged = reply.strip().lower() == "success"
    assert counted.get("notify.reply.exact", (0, 0)) == (int(acknowledged), len(findings))


def test_a_reply_with_another_status_acknowledges_nothing(audit):
    assert audit([told(changed(), "success", status=500)])["findings"] == []


def test_redacted_values_are_not_judged(audit):
    report = audit([told({**signed(news()), "sign": "REDACTED"}), asked({**signed(refund()), "sign": "***"})])
    assert report["findings"] == []
    reasons = {each["requirement"]: each["not_judged"] for each in report["judged"]}
    assert reasons["request.sign.valid"] == {"redacted": 1}
    assert reasons["notify.reject.changed"] == {"redacted": 1}


def test_an_unknown_partner_is_not_judged(audit):
    report = audit(
        [
            asked(signed(refund(partner=OTHER), STRANGER)),
            told(signed(news(seller_id=OTHER), STRANGER)),
        ]
    )
    assert report["findings"] == []
    reasons = {each["requirement"]: each["not_judged"] for each in report["judged"]}
    assert reasons["request.sign.valid"] == {"no-key": 1}


def test_requests_by_the_rules_of_live_traffic(audit):
    report = audit(
        [
            asked(signed(create())),
            asked(signed(create(biz_type="OTHER"))),
            asked(signed(refund(colour="red"))),
            asked({**signed(refund()), "refund_amount": "11.00"}, FAILED),
            asked(signed(refund()), method="PUT"),
        ]
    )
    assert {each["requirement"]: each["places"][0]["line"] for each in report["findings"]} == {
        "request.create.biz_type": 2,
        "request.documented-only": 3,
        "request.sign.valid": 4,
        "request.method": 5,
    }
    judged = {each["requirement"]: each["judged"] for each in report["judged"]}
    assert judged["request.create.biz_type"] == 2
    assert judged["request.refund.refund_amount"] == 3
    assert judged["request.sign.valid"] == 5


def test_wrong_signs_are_explained_once_for_each_cause(audit, monkeypatch):
    from alipay_qr_conformance.audit import cohorts

    searches = []
    real = cohorts.explain_params
    monkeypatch.setattr(cohorts, "explain_params", lambda *a, **k: searches.append(1) or real(*a, **k))
    records = []
    for number in range(30):
        bare = refund(refund_id=f"R{number}", amount="0.10")
        text = "&".join(f"{name}={value}" for name, value in bare.items())
        sign = hashlib.md5((text + "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6").encode()).hexdigest()
        records.append(asked({**bare, "sign_type": "MD5", "sign": sign}))
    (finding,) = audit(records)["findings"]
    assert (finding["requirement"], finding["count"]) == ("request.sign.valid", 30)
    assert "order" in finding["case"]
    assert len(searches) == 1


def test_notifications_under_another_account(audit, tmp_path):
    (tmp_path / "key").write_text(STRANGER)
    (tmp_path / "shop.toml").write_text(f'partner = "{PARTNER}"\nmd5_key_file = "key"\n')
    report = audit([told(signed(news(), STRANGER))], "--account", str(tmp_path / "shop.toml"))
    assert report["findings"] == []
    assert STRANGER not in json_text(report)


def json_text(report):
    return json.dumps(report)


def test_no_persons_data_without_being_asked(audit):
    secret = "Li Lei 李雷"
    records = [
        told({**signed(news(subject=secret, buyer_email="li@example.com")), "total_fee": "1.00"}),
        asked(signed(refund(refund_reason=secret * 20))),
        asked(signed(create(biz_type=secret))),
    ]
    report = audit(records)
    assert len(report["findings"]) == 3
    for hidden in ("Li Lei", "李雷", "li@example", "\\u674e"):
        assert hidden not in json_text(report)
    assert "li@example" in json_text(audit(records, "--show-values"))


def test_clock_of_a_recorder_without_a_zone(audit):
    records = [told(signed(news(trade=f"T{n}"))) for n in range(5)]
    for record in records:
        record["time"] = "2026-11-10T12:03:00"  # Beijing, three minutes ahead
    late = asked(signed(refund()))
    late["time"] = "2026-11-10T12:04:00"
    report = audit([*records, late])
    assert report["inputs"][0]["clock"] == {"zone_ms": 8 * 3_600_000, "skew_ms": 180_000, "samples": 5}


@pytest.mark.parametrize("kind", ["html", "markdown"])
def test_a_page_about_recorded_traffic_claims_no_level(audit, tmp_path, kind):
    page = tmp_path / "page"
    records = [told({**signed(news()), "total_fee": "1.00"}), told(signed(news(notify_id="n2")))]
    audit(records, "--report", f"{kind}={page}")
    text = page.read_text("utf-8")
    assert "no level is claimed" in text.replace("\\", "")
    assert not re.search(r"Level \d of \d", text)
    assert "notify.reject.changed" in text.replace("\\", "")
    assert "traffic.ndjson:1" in text.replace("\\", "")
