"""Every form in which traffic is recorded, and what is made of hostile files."""

import base64
import gzip
import hashlib
import io
import json
import os
import zipfile

import pytest
from audit_recordings import DONE, FORM, GATEWAY, asked, cancel, form, lines, news, refund, signed, told

PAYMENT = signed(news())
REFUND = signed(refund())


def har_entry(method, url, body=None, kind=FORM, reply="success", **post):
    request = {"method": method, "url": url, "headers": []}
    if body is not None or post:
        request["postData"] = {"mimeType": kind, **({} if body is None else {"text": body}), **post}
    return {
        "startedDateTime": "2026-11-10T04:00:00.123Z",
        "request": request,
        "response": {"status": 200, "content": {"text": reply, "mimeType": "text/plain"}},
    }


def har(*entries):
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": list(entries)}})


RECORDED = {
    "JSON lines": lines([told(PAYMENT), asked(REFUND)]),
    "JSON lines with bodyBase64": lines(
        [
            {**told(PAYMENT, body=None), "bodyBase64": base64.b64encode(form(PAYMENT).encode()).decode()},
            asked(REFUND),
        ]
    ),
    "JSON lines of other writers": lines(
        [{**told(PAYMENT), "extra": {"a": [1]}, "status": "200"}, asked(REFUND)]
    ),
    "POST in JSON lines": lines(
        [
            told(PAYMENT),
            asked(
                REFUND,
                method="POST",
                url=f"{GATEWAY}?_input_charset=UTF-8",
                body=form({name: value for name, value in REFUND.items() if name != "_input_charset"}),
                contentType=FORM,
            ),
        ]
    ),
    "HAR": har(
        har_entry("POST", "https://shop.example/notify", form(PAYMENT)),
        har_entry("GET", f"{GATEWAY}?{form(REFUND)}", reply=DONE),
    ),
    "HAR with params alone": har(
        har_entry(
            "POST",
            "https://shop.example/notify",
            params=[{"name": name, "value": value} for name, value in PAYMENT.items()],
        ),
        har_entry("GET", f"{GATEWAY}?{form(REFUND)}", reply=DONE),
    ),
    "HAR with a byte order mark, pretty": "\ufeff"
    + json.dumps(
        json.loads(
            har(
                har_entry("POST", "https://shop.example/notify", form(PAYMENT)),
                har_entry("GET", f"{GATEWAY}?{form(REFUND)}", reply=DONE),
            )
        ),
        indent=2,
    ),
    "JSON lines of nginx": "".join(
        json.dumps(
            {
                "time_iso8601": "2026-11-10T12:00:00+08:00",
                "request_method": method,
                "request_uri": url,
                "request_body": body,
                "content_type": FORM if body else "",
                "status": 200,
                "response_body": reply,
            }
        )
        + "\n"
        for method, url, body, reply in (
            ("POST", "/notify", form(PAYMENT), "success"),
            ("GET", f"/gateway.do?{form(REFUND)}", "", DONE),
        )
    ),
    "application log": (
        f"2026-11-10 04:00:00,100 INFO notify body={form(PAYMENT)} ip=1.2.3.4\n"
        "2026-11-10 04:00:01,000 INFO something else\n"
        f"2026-11-10 05:00:00,100 DEBUG GET {GATEWAY}?{form(REFUND)}\n"
    ),
    "access log": (
        '1.2.3.4 - - [10/Nov/2026:12:00:00 +0800] "POST /notify HTTP/1.1" 200 7 "-" "Mozilla/4.0" '
        f'"{form(PAYMENT)}"\n'
        "1.2.3.4 - - [10/Nov/2026:13:00:00 +0800] "
        f'"GET /gateway.do?{form(REFUND)} HTTP/1.1" 200 512 "-" "-"\n'
    ),
}


def tnetstring(value):
    """A value as mitmproxy writes it."""
    if isinstance(value, bytes):
        data, mark = value, b","
    elif isinstance(value, str):
        data, mark = value.encode(), b";"
    elif isinstance(value, bool):
        data, mark = (b"true" if value else b"false"), b"!"
    elif isinstance(value, int | float):
        data, mark = str(value).encode(), b"#" if isinstance(value, int) else b"^"
    elif value is None:
        data, mark = b"", b"~"
    elif isinstance(value, dict):
        data, mark = b"".join(tnetstring(each) for pair in value.items() for each in pair), b"}"
    else:
        data, mark = b"".join(map(tnetstring, value)), b"]"
    return str(len(data)).encode() + b":" + data + mark


def flow(method, path, body, reply):
    return tnetstring(
        {
            "version": 21,
            "type": "http",
            "error": None,
            "request": {
                "method": method.encode(),
                "path": path.encode(),
                "headers": [[b"Content-Type", FORM.encode()]],
                "content": body.encode(),
                "timestamp_start": 1794283200.5,
            },
            "response": {"status_code": 200, "headers": [], "content": reply.encode()},
        }
    )


FLOWS = flow("POST", "/notify", form(PAYMENT), "success") + flow(
    "GET", f"/gateway.do?{form(REFUND)}", "", DONE
)


def test_flows_of_mitmproxy(audit):
    report = audit(FLOWS, name="flows")
    assert report["run"]["kinds"] == {"notification": 1, "refund": 1}
    assert report["inputs"][0]["format"] == "flows"
    assert report["findings"] == []
    forged = flow("POST", "/notify", form({**PAYMENT, "total_fee": "0.01"}), "success")
    (finding,) = audit(FLOWS + forged, name="flows")["findings"]
    assert finding["places"] == [
        {"file": finding["places"][0]["file"], "entry": 2, "offset": len(FLOWS)},
    ]


@pytest.mark.parametrize("cut", [1, 40, 400], ids=["mark", "reply", "request"])
def test_flows_that_are_cut_off(audit, cut):
    report = audit(FLOWS[:-cut], name="flows")
    assert report["run"]["kinds"] == {"notification": 1}
    assert report["inputs"][0]["unread"]["reasons"] == {"broken": 1}


@pytest.mark.parametrize("name", RECORDED)
def test_every_form(audit, name):
    report = audit(RECORDED[name], name="recording")
    assert report["run"]["kinds"] == {"notification": 1, "refund": 1}
    assert report["findings"] == []
    assert report["inputs"][0]["unread"]["count"] == 0
    judged = {each["requirement"]: each["judged"] for each in report["judged"]}
    assert judged["request.sign.valid"] == 1
    assert judged["money.refund.sum"] == 1


DECODED = {
    "JSON object in a line": "2026-11-10T04:00:00Z got " + json.dumps(PAYMENT, ensure_ascii=False) + "\n",
    "Java map": "04:00 got {" + ", ".join(f"{name}={value}" for name, value in PAYMENT.items()) + "}\n",
    "print_r": "got Array\n(\n"
    + "".join(f"    [{name}] => {value}\n" for name, value in PAYMENT.items())
    + ")\n",
}


@pytest.mark.parametrize("name", DECODED)
def test_decoded_records_are_judged_by_their_sign(audit, name):
    report = audit(DECODED[name], name="app.log")
    assert report["run"]["kinds"] == {"notification": 1}
    assert report["findings"] == []
    tampered = DECODED[name].replace("30.00", "30.01")
    assert audit(tampered, name="app.log")["run"]["kinds"] == {"notification": 1}


def test_what_an_access_log_tells_by_its_size(audit):
    forged = {**PAYMENT, "total_fee": "0.01"}
    line = '1.2.3.4 - - [10/Nov/2026:12:00:00 +0800] "POST /notify HTTP/1.1" 200 {} "-" "x" "{}"\n'
    report = audit(line.format(7, form(forged)), name="access.log")
    assert [each["requirement"] for each in report["findings"]] == ["notify.reject.changed"]
    assert audit(line.format(4, form(forged)), name="access.log")["findings"] == []


def test_an_access_log_without_bodies(audit):
    line = '1.2.3.4 - - [10/Nov/2026:12:00:00 +0800] "POST {} HTTP/1.1" 200 7 "-" "{}"\n'
    news = line.format("/notify", "Mozilla/4.0")
    asked = line.format("/gateway.do?_input_charset=UTF-8", "curl/8.0")
    report = audit(news + asked + line.format("/login", "Mozilla/5.0"), name="access.log")
    assert report["run"]["kinds"] == {"notification": 1, "other": 1}
    assert report["findings"] == []
    reasons = {each["requirement"]: each["not_judged"] for each in report["judged"]}
    assert reasons["notify.genuine"] == reasons["request.sign.valid"] == {"body-not-recorded": 1}
    assert report["exit"] == 5


@pytest.mark.parametrize("pack", ["gz", "zip", "zip of gz"])
def test_packed(audit, pack):
    data = lines([told(PAYMENT), asked(REFUND)]).encode()
    if pack != "zip":
        data = gzip.compress(data)
    if pack != "gz":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("logs/a.ndjson", data)
        data = buffer.getvalue()
    report = audit(data, name="packed")
    assert report["run"]["messages"] == 2
    assert report["findings"] == []


def test_other_names_of_fields(audit):
    record = told(PAYMENT)
    record["payload"] = record.pop("body")
    record["ts"] = record.pop("time")
    report = audit([record], "--field", "body=payload", "--field", "time=ts")
    assert report["run"]["kinds"] == {"notification": 1}


def test_what_cannot_be_read_is_told(audit):
    text = lines([told(PAYMENT)]) + "{broken\n\n[1]\n" + "{}\n" + lines([asked(REFUND)])
    report = audit(text)
    unread = report["inputs"][0]["unread"]
    assert report["run"]["messages"] == 2
    assert unread["reasons"] == {"broken": 1, "no-exchange": 2}
    assert [each["line"] for each in unread["first"]] == [2, 4, 5]


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 100_000 + "\n",
        '{"body":' + "[" * 100_000 + "\n",
        '{"body": "' + "a" * 9_000_000 + '"}\n',
        "\0" * 1000 + "\n",
        '{"body": "' + form(PAYMENT) + "".join(f"&n{n}=1" for n in range(100_000)) + '"}\n',
    ],
    ids=["depth", "depth in an object", "long line", "NUL", "many names"],
)
def test_hostile_lines_are_told_and_the_rest_is_judged(audit, hostile):
    report = audit(lines([told(PAYMENT)]) + hostile + lines([asked(REFUND)]))
    kinds = report["run"]["kinds"]
    assert (min(kinds["notification"], 1), kinds["refund"]) == (1, 1)
    assert report["exit"] == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (har(har_entry("GET", f"{GATEWAY}?{form(REFUND)}"))[:-20], "broken"),
        ('{"log": {"entries": [' + "[" * 100_000, "depth"),
        ('{"log": {"entries": [{"request": {"url": "' + "a" * 17_000_000, "too-long"),
    ],
    ids=["cut off", "depth", "long entry"],
)
def test_hostile_har(audit, text, reason):
    report = audit(text + "\n" + " " * 10, name="x.har")
    if report["exit"] != 64:
        assert report["inputs"][0]["unread"]["reasons"].keys() <= {reason}


def test_the_schema_of_a_line():
    import jsonschema

    from alipay_qr_conformance.audit.ndjson import FIELDS, schema

    jsonschema.Draft202012Validator.check_schema(schema())
    assert set(schema()["properties"]) == set(FIELDS)
    for record in (told(PAYMENT), asked(REFUND), asked(signed(cancel()))):
        jsonschema.validate(record, schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"status": 200}, schema())


def test_a_file_without_a_message(audit):
    report = audit("nothing here\n", name="x.log")
    assert report["exit"] == 64
    assert "no message" in report["stderr"]


def test_messages_that_cannot_be_judged(audit):
    record = told(signed(news(seller_id="2088000000000001"), "k" * 32), None)
    report = audit([record])
    assert report["exit"] == 5


def test_a_moment_outside_the_calendar_is_none(audit):
    never = ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"]
    record = asked(REFUND)
    report = audit([told(PAYMENT), *({**record, "time": moment} for moment in never)])
    assert report["run"]["messages"] == 3
    assert report["exit"] == 0


@pytest.mark.parametrize("pack", ["gz", "zip", "zip of lzma"])
@pytest.mark.parametrize("damage", ["from the first byte on", "near the end", "cut off"])
def test_damaged_archives_are_told(audit, pack, damage):
    notes = [{"note": hashlib.sha256(bytes([n % 256, n >> 8])).hexdigest()} for n in range(1000)]
    data = lines([told(PAYMENT), asked(REFUND), *notes])
    if pack == "gz":
        head, packed = 10, gzip.compress(data.encode())
    else:
        head, buffer = 60, io.BytesIO()
        with zipfile.ZipFile(buffer, "w", 14 if pack == "zip of lzma" else 8) as archive:
            archive.writestr("a.ndjson", data)
        packed = buffer.getvalue()
    at = head if damage == "from the first byte on" else len(packed) * 9 // 10
    broken = packed[:at] if damage == "cut off" else packed[:at] + b"\xff" * 9 + packed[at + 9 :]
    report = audit(broken, name="packed")
    if report["exit"] == 64:
        assert "packed: " in report["stderr"] or "cannot be read to its end" in report["stderr"]
        assert damage != "near the end" or pack != "gz"
    else:
        assert report["run"]["messages"] == 2
        assert report["inputs"][0]["unread"]["reasons"]["unreadable"] == 1


def test_names_of_files_do_not_steer_the_terminal(audit):
    found = audit("no message\n", name="a\x1b[31m\u202eb")
    assert "a\\x1b[31m\\u202eb: log" in found["stderr"]
    assert not {"\x1b", "\u202e"} & {*found["stderr"]}


def test_what_is_no_file_is_not_waited_for(audit, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "audit -" in audit("", "--books", str(tmp_path / "pipe"))["stderr"]


def test_an_archive_that_unpacks_to_too_much(audit):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "{}\n")
        archive.writestr("b", "{}\n")
        for each in archive.infolist():
            each.file_size = 3 * 1024**3  # what the list says is what is unpacked at most
    assert "unpacks to too much" in audit(buffer.getvalue(), name="bomb.zip")["stderr"]


def test_the_list_of_an_archive_is_read_once(audit, monkeypatch):
    buffer, read = io.BytesIO(), []
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(9):
            archive.writestr(f"{number}.ndjson", lines([told(PAYMENT)]))
    plain = zipfile.ZipFile.__init__
    monkeypatch.setattr(
        zipfile.ZipFile, "__init__", lambda *words: plain(*words) or read.append(words) or None
    )
    assert audit(buffer.getvalue(), name="many.zip")["run"]["messages"] == 9
    assert len(read) == 1
