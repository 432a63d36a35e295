# ruff: noqa: E501 (lines as people paste them)
"""No right message is called wrong, whatever stands around it; a wrong one is explained."""

import contextlib
import hashlib
import json
import os
import quopri
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_JAVA
from alipay_qr.keys import load_private_key, private_key_forms
from alipay_qr.signing import Md5, sign_params
from alipay_qr_conformance.doctor import inquiry
from alipay_qr_conformance.doctor import judge as judging
from alipay_qr_conformance.doctor.answer import facts_of
from alipay_qr_conformance.doctor.input_error import InputError
from alipay_qr_conformance.doctor.inquiry import inquire
from alipay_qr_conformance.doctor.judge import Keys
from alipay_qr_conformance.reading import reader, spans, tables
from reading_dumps import DUMPS
from reading_wrappings import GATEWAY, KINDS, WRAPPINGS, sample

ALL = {**WRAPPINGS, **DUMPS}
SIGNED = [kind for kind in KINDS if kind != "response"]
EXAMPLES = int(os.environ.get("READING_EXAMPLES", "40"))


def pasted(wrapping, kind, *, right):
    """Return the bytes of a paste; None where the wrapping does not suit the kind."""
    found = ALL[wrapping](sample(kind, right=right))
    return found.encode() if isinstance(found, str) else found


def only(data, keys=None, depth=1):
    """Return the judgement of an input with one message."""
    found = inquire(data.encode() if isinstance(data, str) else data, keys or Keys(), depth=depth)
    (cause,) = found.answer.causes.values()
    return cause.first


@pytest.mark.parametrize("wrapping", ALL)
def test_a_right_message_is_right(wrapping):
    pastes = {kind: pasted(wrapping, kind, right=True) for kind in KINDS}
    verdicts = {kind: only(data).verdict for kind, data in pastes.items() if data is not None}
    assert set(verdicts.values()) == {"right"}, verdicts


@pytest.mark.parametrize(("number", "wrapping"), [*enumerate(ALL)])
def test_a_wrong_message_is_explained(number, wrapping):
    kinds = [kind for kind in KINDS if pasted(wrapping, kind, right=False) is not None]
    if ALL[wrapping].__qualname__.startswith("_text_and_sign") and "response" in kinds:
        kinds.remove("response")  # in a text to sign nothing tells whose it is
    kind = kinds[number % len(kinds)]
    found = only(pasted(wrapping, kind, right=False))
    wanted = "params.default-signed" if kind == "response" else "params.sign-type-signed"
    assert (found.verdict, wanted in found.cause) == ("wrong", True), kind


@pytest.mark.parametrize("kind", ["get", "refund"])
def test_names_and_values_on_lines_by_turns_end_before_the_next_message(kind):
    lines = [
        [f'"{text}"' for pair in sample(each).params for text in pair] for each in (kind, "notification")
    ]
    numbered = [f"{at}) {text}" for each in lines for at, text in enumerate(each, 1)]
    found = inquire("\n".join(numbered).encode(), Keys(), depth=1)
    assert [(each.first.verdict, len(each.labels)) for each in found.answer.causes.values()] == [("right", 2)]


@pytest.mark.parametrize("member", [7, True, [1]], ids=["number", "boolean", "list"])
def test_a_member_that_is_no_text_is_told_where_it_is_left_out(member):
    for name in ("foo", ""):
        found = only(json.dumps({name: member, **dict(sample("get").params)}))
        assert found.verdict == "right"
        assert ("left-out", name) in found.reading.ways


MARKS = st.lists(
    st.sampled_from(
        [
            *" \n\t.,;:!?()[]{}<>'\"`|*~-_=/#@$%^\\&0aZ",
            *"\u3002\uff0c\uff1b\uff1a\uff08\uff09\u300c\u300d\u300a\u300b\u201c\u201d\u2026\u8bf7\u7801",
            "sign", "params=", "url=", "body: ", "https://", "INFO ", "\r\n", "200", "http://a/?b=c ",
        ]
    ),
    max_size=20,
).map("".join)  # fmt: skip


@given(MARKS, MARKS, st.sampled_from(SIGNED))
@settings(deadline=None, max_examples=EXAMPLES)
def test_no_surroundings_make_a_right_message_wrong(before, behind, kind):
    message = sample(kind)
    text = f"{before} {message.text} {behind}"
    with contextlib.suppress(InputError):
        found = inquire(text.encode(), Keys(), depth=1)
        assert "wrong" not in {key[0] for key in found.answer.causes}, found.answer.causes


GET = sample("get")
ODD = {
    "another account": (GET.url.replace(TEST_PARTNER, "2088101568338364"), "cannot-say", "key-unknown"),
    "masked": (GET.url.replace(TEST_PARTNER, "2088****8155"), "cannot-say", "masked"),
    "shortened": (GET.url[:-20] + "...", "cannot-say", "shortened"),
    "lost bytes": (GET.url.replace("T2026", "%EF%BF%BD"), "cannot-say", "replaced"),
    "a second ?": (f"{GATEWAY}?_input_charset=UTF-8?{GET.form.replace('&_input_charset=UTF-8', '')}", "wrong", "second-question-mark"),
    "eaten entities": (GET.url.replace("&times", "\u00d7"), "right", "entity-characters"),
    "GBK without a name": (sample("gbk").form, "right", "charset-assumed"),
    "a Content-Type as Alipay's": (f"POST /n HTTP/1.1\nContent-Type: application/x-www-form-urlencoded; text/html\n\n{sample('notification').form}", "right", "content-type"),
    "an error code": ("ILLEGAL_SERVICE", "cannot-say", "error-code"),
    "Open Platform": ("app_id=1&method=alipay.trade.pay&biz_content=%7B%7D&sign_type=RSA2&sign=x", "cannot-say", "other-protocol"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_named(name):
    text, verdict, reason = ODD[name]
    found = only(text)
    assert (found.verdict, found.reasons[0][0]) == (verdict, reason)


def test_values_encoded_before_signing_are_no_right_message():
    form = sample("create").form
    signed = form.partition("&sign_type=")[0]
    sign = Md5(TEST_MD5_KEY).sign("&".join(sorted(signed.split("&"))).encode())
    found = only(f"GET /gateway.do?{signed}&sign_type=MD5&sign={sign} 200")
    assert (found.verdict, found.cause) == ("wrong", ("url.encoded",))


def test_values_in_brackets_of_the_printer_are_whole():
    params = dict(sample("create").params)
    value = params["biz_data"]
    folded = repr(params).replace(repr(value), f"({value[:20]!r}\n  {value[20:]!r})")
    listed = ", ".join(f"{name}=[{value}]" for name, value in sample("notification").params)
    assert only(folded).verdict == only(f"Writing [{{{listed}}}] with [o.s.Converter]").verdict == "right"


BELOW = {
    "a notification below a line": [(WRAPPINGS["bare"], "get"), (DUMPS["hashes"], "notification")],
    "a notification below a list": [(WRAPPINGS["name = value"], "create"), (DUMPS["inputs in apostrophes"], "notification")],
    "a list below a line of the same names": [(WRAPPINGS["bare"], "create"), (WRAPPINGS["name = value"], "get")],
    "a list below a text and its sign": [(WRAPPINGS["text and bare sign"], "notification"), (DUMPS["hashes"], "get")],
    "another text below a list": [(DUMPS["Redis"], "create"), (lambda _: "next:", "get"), (WRAPPINGS["name = value"], "notification")],
    "base64 above and below a line": [(DUMPS["base64"], "notification"), (WRAPPINGS["bare"], "get"), (DUMPS["mail in base64"], "create")],
    "a status above a frame": [(lambda _: "status: 200", "get"), (DUMPS["Bruno"], "create")],
    "a status above a log's fields": [(lambda _: "status: 200\n__topic__: a", "get"), (WRAPPINGS["name: value"], "notification")],
    "a status above a map": [(lambda _: "status: 200", "get"), (WRAPPINGS["Go map"], "notification")],
}  # fmt: skip


@pytest.mark.parametrize("name", BELOW)
def test_what_stands_directly_below_another_message_is_not_cut(name):
    text = "\n".join(wrap(sample(kind)) for wrap, kind in BELOW[name])
    assert [*inquire(text.encode(), Keys()).answer.causes] == [("right",)]


def test_the_text_of_the_rsa_key_may_have_been_taken_for_the_md5_key():
    key = private_key_forms(load_private_key(TEST_PRIVATE_KEY_JAVA)).pkcs1_pem.strip()
    params = dict(sample("get").params)
    del params["sign"], params["sign_type"]
    sign = sign_params(params, Md5(key))
    found = only(
        "&".join(f"{name}={value}" for name, value in {**params, "sign_type": "RSA", "sign": sign}.items())
    )
    assert found.cause == ("sign-type.mismatch", "key.other")


@pytest.mark.parametrize("frame", ["{}", "INFO sent {} ok", "POST /gateway.do HTTP/1.1\r\nHost: x\r\n\r\n{}"])
def test_a_sign_that_was_encoded_twice_is_one_message(frame):
    head, _, sign = sample("create").form.rpartition("&sign=")
    found = only(frame.format(f"{head}&sign={sign.replace('%', '%25')}"))
    assert found.cause == ("form.percent",)


def test_the_file_of_a_command_is_named():
    with pytest.raises(InputError, match=r"body\.txt"):
        inquire(f"curl {GATEWAY} --data-binary '@body.txt'".encode(), Keys())


def test_that_values_stood_in_lists_is_told():
    found = only(ALL["QueryDict"](sample("notification")))
    assert (found.verdict, ("input.listed", "") in facts_of(found)) == ("right", True)


def test_an_ampersand_that_was_not_encoded_in_a_url_is_named():
    right = sample("refund").params
    sent = "&".join(f"{name}={value}" for name, value in right).replace("shop=7", "shop=7&lang=zh")
    found = only(f"{GATEWAY}?{sent}")
    assert found.verdict != "right"


def test_the_test_account_at_the_live_address_is_named():
    assert only(GET.url).next_steps[0][0] == "test-at-live"
    assert only(f"https://mapi.alipaydev.com/gateway.do?{GET.form}").next_steps[0][0] == "key"


def test_a_key_that_verified_one_message_proves_the_other_wrong():
    other = Keys(md5=(("key", "aaaabbbbccccddddeeeeffffgggghhhh"),))
    spoilt = GET.url[:-32] + "0" * 32
    assert only(spoilt, other).reasons[0][0] == "key-unproved"


def test_of_many_right_messages_one_is_explained(monkeypatch):
    asked, explain = [], judging.explain_params
    monkeypatch.setattr(
        judging, "explain_params", lambda *args, **more: asked.append(args) or explain(*args, **more)
    )
    lines = [GET.url, sample("notification").form] * 8
    found = inquire("\n".join(lines).encode(), Keys())
    assert ([*found.answer.causes], found.answer.count, len(asked)) == ([("right",)], len(lines), 1)


def test_a_message_that_is_printed_twice_is_one():
    pairs = dict(GET.params)
    data = json.dumps({"query": pairs, "all": {name: [value] for name, value in pairs.items()}}, indent=1)
    assert only(data).verdict == "right"


def _sql(rows):
    names = ", ".join(rows[0])
    values = ",\n".join("(" + ", ".join(f"'{value}'" for value in row.values()) + ")" for row in rows)
    return f"INSERT INTO log ({names}) VALUES\n{values};"


def _copied(rows):
    lines = ("\t".join(row.values()) for row in rows)
    return "\n".join([f"COPY public.log ({', '.join(rows[0])}) FROM stdin;", *lines, "\\."])


def _csv(rows):
    return "\n".join(",".join(cells) for cells in (rows[0], *(row.values() for row in rows)))


def _drawn(rows):
    lines = (
        " | ".join(f"{cell:<40}" for cell in cells) for cells in (rows[0], *(row.values() for row in rows))
    )
    return "\n---+---\n".join(" " + "\n ".join(part) for part in ([next(lines)], lines))


@pytest.mark.parametrize("table", [_csv, _sql, _copied, _drawn])
@pytest.mark.parametrize("more", [{}, {"body": "currency: USD"}], ids=["plain", "names in the rows"])
def test_the_last_row_of_a_long_table_is_judged(monkeypatch, table, more):
    monkeypatch.setattr(spans, "_ROWS", 2048)
    monkeypatch.setattr(tables, "_MOST_ROWS", 20)
    rows = []
    for number in range(31):
        row = {**dict(sample("get").params), **more, "out_trade_no": f"T{number}"}
        text = "&".join(f"{n}={v}" for n, v in sorted(row.items()) if n not in {"sign", "sign_type"})
        text += "&" if number == 30 else ""
        rows.append(row | {"sign": hashlib.md5((text + TEST_MD5_KEY).encode()).hexdigest()})
    found = inquire(table(rows).encode(), Keys(), depth=1).answer
    assert {key[0]: len(each.labels) for key, each in found.causes.items()} == {"right": 30, "wrong": 1}


@pytest.mark.parametrize("wrapping", ["Perl dumper", "Chinese name and value", "by turns", "syslog"])
def test_messages_one_below_the_other_are_told_apart(wrapping):
    pastes = [ALL[wrapping](sample(kind)) for kind in ("create", "notification") * 2]
    found = inquire("\n\n".join(pastes).encode(), Keys(), depth=1).answer
    assert (found.count, [*found.causes]) == (4, [("right",)])


def signed(number, text=lambda params: None, key=TEST_MD5_KEY):
    """Return a request with a number of its own; ``text`` says what is signed in place of the right text."""
    params = {**dict(sample("get").params), "out_trade_no": f"T{number}", "sign": "", "sign_type": ""}
    right = "&".join(f"{name}={value}" for name, value in sorted(params.items()) if value)
    digest = hashlib.md5(((text(right) or right) + key).encode()).hexdigest()
    return {**params, "sign_type": "MD5", "sign": digest}


def counted(data, **more):
    return {
        key: len(cause.labels) for key, cause in inquire(data.encode(), Keys(), **more).answer.causes.items()
    }


def test_a_mistake_is_searched_once_however_many_messages_suffer_from_it(monkeypatch):
    asked, explain = [], judging.explain_params
    monkeypatch.setattr(
        judging, "explain_params", lambda *args, **more: asked.append(args) or explain(*args, **more)
    )
    ways = [
        lambda right: f"{right}&key=",
        lambda right: right.replace("&", ""),
        lambda right: right.upper() + "&key=",
    ]
    found = counted("\n".join(urlencode(signed(number, ways[number % 3])) for number in range(36)))
    assert sorted(found.values()) == [12, 12, 12]
    assert {key[0] for key in found} == {"wrong"}
    assert len(asked) <= 6


def test_searches_in_vain_are_bounded_and_a_known_mistake_is_still_seen_behind_them(monkeypatch):
    tried, explain = [], judging.explain_params

    def watched(*args, **more):
        found = explain(*args, **more)
        tried.append(found.tried)
        return found

    monkeypatch.setattr(judging, "explain_params", watched)
    for name, value in (("DEFAULT_BUDGET", 16_000), ("_LEAST", 0), ("_SEARCH", 1000)):
        monkeypatch.setattr(inquiry, name, value)
    joined = signed(0, lambda right: f"{right}&key=")
    strange = [signed(number, key="0" * 32) for number in range(1, 30)]
    last = signed(99, lambda right: f"{right}&key=")
    found = counted("\n".join(map(urlencode, [joined, *strange, last])))
    searched = found.pop(("wrong",))
    assert found == {("wrong", "key.joined"): 2, ("cannot-say", "not-searched"): 29 - searched}
    assert searched > 3
    assert sum(tried) < 16_000


def test_of_many_messages_in_quoted_printable_each_is_whole(monkeypatch):
    monkeypatch.setattr(reader, "_MANY", 3)
    lines = "\n".join(urlencode(signed(number)) for number in range(150))
    assert counted(quopri.encodestring(lines.encode()).decode()) == {("right",): 150}


def test_bytes_that_are_no_text_end_no_search():
    wrong = {**signed(1), "partner": "\udc96", "sign": "0" * 32}
    found = judging.explain_params(wrong, "UTF-8", "MD5", wrong["sign"], depth=1)
    assert found.verdict == "unexplained"


@pytest.mark.parametrize(
    "printed",
    ["Java put", "dashes between", "C# dictionary", "Chinese list", "literals of PHP", "property list"],
)
def test_messages_below_one_another_keep_the_line_before_their_first_common_name(printed):
    def paid(number):
        params = dict(sample("notification").params)
        params |= {"discount": f"{number}.00", "out_trade_no": f"T{number}", "sign": "", "sign_type": ""}
        params |= {"sign_type": "MD5", "sign": sign_params(params, Md5(TEST_MD5_KEY))}
        return replace(sample("notification"), params=tuple(params.items()))

    assert counted("\n".join(ALL[printed](paid(number)) for number in range(4))) == {("right",): 4}


@pytest.mark.parametrize("above", [False, True], ids=["below", "above"])
@pytest.mark.parametrize("label", ["sign: ", "", "\u7b7e\u540d\u7ed3\u679c\uff1a"])
def test_of_texts_and_signs_by_turns_each_text_has_its_sign(label, above):
    lines = []
    for number in range(4):
        params = signed(number)
        text = "&".join(f"{name}={value}" for name, value in sorted(params.items()) if "sign" not in name)
        lines += [f"string to sign: {text}", f"{label}{params['sign']}"][:: -1 if above else 1]
    assert counted("\n".join(["2026-11-25 10:00:00 INFO started", *lines])) == {("right",): 4}


def test_the_encoded_params_of_an_entry_behind_other_text_are_read_as_in_a_har():
    given = replace(sample("get"), params=tuple(signed(1).items()))
    assert counted("2026-11-25 10:00:00 INFO " + WRAPPINGS["HAR params"](given)) == {("right",): 1}


def test_where_reading_stops_is_told(monkeypatch):
    monkeypatch.setattr(reader, "_MOST_IN_VAIN", 20)
    lines = [f"service=a&partner=1&sign={number:08x}" for number in range(40)]
    answer = inquire("\n".join([*lines, urlencode(signed(1))]).encode(), Keys()).answer
    assert answer.causes["cannot-say", "unread"].labels == ["20 (L21)"]
    assert answer.count == 21


def test_a_message_without_a_sign_is_named_behind_many_too(monkeypatch):
    monkeypatch.setattr(reader, "_MANY", 3)
    bare = {name: value for name, value in signed(9).items() if not name.startswith("sign")}
    lines = [urlencode(signed(number)) for number in range(8)] + ["paid"] * 20 + [urlencode(bare)] + ["."] * 9
    assert counted("\n".join(lines)) == {("right",): 8, ("cannot-say", "no-sign"): 1}


def var_dump(params):
    pairs = (f'  ["{name}"]=>\n  string({len(value.encode())}) "{value}"' for name, value in params.items())
    return "\n".join([f"array({len(params)}) {{", *pairs, "}"])


def serialize(params):
    pairs = "".join(f's:{len(n)}:"{n}";s:{len(v.encode())}:"{v}";' for n, v in params.items())
    return f"a:{len(params)}:{{{pairs}}}"


def multipart(params):
    mark = f"----WebKitFormBoundary{params['sign'][:16]}"
    parts = (f'--{mark}\nContent-Disposition: form-data; name="{n}"\n\n{v}' for n, v in params.items())
    return "\n".join(["", *parts, f"--{mark}--", ""])


@pytest.mark.parametrize(
    "printed",
    ["java", "python", "json", "one a line", "var_dump", "serialize", "multipart", "columns", "list"],
)
def test_messages_that_are_printed_alike_are_judged_as_each_alone(monkeypatch, printed):
    prints = {
        "java": lambda params: (
            "{" + ", ".join(f"{name}={value}" for name, value in params.items()) + "} 35ms"
        ),
        "python": repr,
        "json": json.dumps,
        "one a line": lambda params: "\n".join(f"{name}: {value}" for name, value in params.items()) + "\n",
        "var_dump": var_dump,
        "serialize": serialize,
        "multipart": multipart,
        "columns": lambda params: "\n".join(
            f"{params['sign'][:3]}7\t{n}\t{v}\tyes" for n, v in params.items()
        ),
        "list": lambda params: (
            "".join(f"\n{name}\uff1a{value}\uff1b" for name, value in params.items()) + "\n"
        ),
    }
    monkeypatch.setattr(reader, "_MANY", 3)
    rows = [signed(number) for number in range(12)]
    rows[5]["sign"] = rows[6]["sign"]
    rows[7] = signed(7, lambda right: f"{right}&key=")
    rows[8] = dict(reversed(signed(8).items()))
    rows.append({**signed(12), "subject": 'it\'s "new", 店'})
    lines = [f"2026-11-25 10:00:{number:02} INFO {prints[printed](row)}" for number, row in enumerate(rows)]
    lines[3] += " " + lines[4]
    data = "\n".join(lines)
    reading, taken, apart = reader.read, [], reader.spanned
    monkeypatch.setattr(reader, "spanned", lambda *args, **more: taken.append(args) or apart(*args, **more))
    quick = inquire(data.encode(), Keys(), depth=1).answer
    quickly = len(taken)
    monkeypatch.setattr(inquiry, "read", lambda data, charset, _proof: reading(data, charset))
    slow = inquire(data.encode(), Keys(), depth=1).answer
    assert {key: cause.labels for key, cause in quick.causes.items()} == {
        key: cause.labels for key, cause in slow.causes.items()
    }
    assert len(taken) - quickly >= quickly + 3
    # Of columns, two that share a line are not parted: it cannot be said whether the first of them is right.
    assert len(slow.causes["right",].labels) == (9 if printed == "columns" else 10)
