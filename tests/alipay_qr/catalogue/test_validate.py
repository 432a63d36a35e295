"""Validation: a faultless message has no problem, and each fault is named, alone, with its code."""

import json
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalogue_samples as samples
from alipay_qr.catalogue import GATEWAY_ERRORS, SERVICES, notification_problems, problems
from alipay_qr.catalogue.biz_data import MAX_DEPTH, MAX_TEXT
from alipay_qr.errors import ParameterError

CODES = {each.code for each in GATEWAY_ERRORS}


def told(params, profile="global", service=None):
    return [(each.field, each.kind, each.code) for each in problems(params, profile, service)]


def without(params, *names):
    return {name: value for name, value in params.items() if name not in names}


@pytest.mark.parametrize(("params", "profile"), samples.REQUESTS.values(), ids=samples.REQUESTS)
def test_a_faultless_request(params, profile):
    assert problems(params, profile) == []


FAULTS = {
    # access parameters
    "service-absent": ("service", None, "absent", "ILLEGAL_SERVICE"),
    "service-unknown": ("service", "alipay.commerce.qrcode.query", "illegal", "ILLEGAL_SERVICE"),
    "partner-absent": ("partner", None, "absent", "ILLEGAL_PARTNER"),
    "partner-empty": ("partner", "", "empty", "ILLEGAL_PARTNER"),
    "partner-not-2088": ("partner", "1000000000000000", "illegal", "ILLEGAL_PARTNER"),
    "partner-short": ("partner", "208802196638815", "illegal", "ILLEGAL_PARTNER"),
    "partner-long": ("partner", "20880219663881555", "too-long", "ILLEGAL_PARTNER"),
    "partner-line-end": ("partner", "208802196638815\n", "illegal", "ILLEGAL_PARTNER"),
    "partner-other-digits": ("partner", "208802196638815\u0661", "illegal", "ILLEGAL_PARTNER"),
    "charset-absent": ("_input_charset", None, "absent", "PARAMTER_IS_NULL"),
    "charset-unknown": ("_input_charset", "latin-1", "illegal", "ILLEGAL_CHARSET"),
    "charset-utf8": ("_input_charset", "UTF8", "illegal", "ILLEGAL_CHARSET"),
    "sign-type-lower-case": ("sign_type", "md5", "illegal", "ILLEGAL_SIGN_TYPE"),
    "sign-type-dsa": ("sign_type", "DSA", "illegal", "ILLEGAL_SIGN_TYPE"),
    "sign-absent": ("sign", None, "absent", "ILLEGAL_SIGN"),
    # CREATE's own
    "timestamp-absent": ("timestamp", None, "absent", "PARAMTER_IS_NULL"),
    "timestamp-milliseconds": ("timestamp", "1456507704121", "illegal", "ILLEGAL_DATA_FORMAT"),
    "timestamp-no-day": ("timestamp", "2026-02-30 10:00:00", "illegal", "ILLEGAL_DATA_FORMAT"),
    "timestamp-iso": ("timestamp", "2026-02-03T10:00:00", "illegal", "ILLEGAL_DATA_FORMAT"),
    "timestamp-zone": ("timestamp", "2026-02-03 10:00:00+08:00", "too-long", "ILLEGAL_LENGTH"),
    "notify-url-absent": ("notify_url", None, "absent", "PARAMTER_IS_NULL"),
    "notify-url-relative": ("notify_url", "/notify", "illegal", "ILLEGAL_ARGUMENT"),
    "notify-url-no-host": ("notify_url", "http:///notify", "illegal", "ILLEGAL_ARGUMENT"),
    "notify-url-scheme": ("notify_url", "ftp://example.com/", "illegal", "ILLEGAL_ARGUMENT"),
    "notify-url-port": ("notify_url", "http://example.com:65536/", "illegal", "ILLEGAL_ARGUMENT"),
    "notify-url-blank": ("notify_url", "http://example.com/a b", "illegal", "ILLEGAL_ARGUMENT"),
    "notify-url-user": ("notify_url", "http://me:pw@example.com/", "illegal", "ILLEGAL_ARGUMENT"),
    "notify-url-line-end": ("notify_url", "http://example.com/\n", "illegal", "ILLEGAL_ARGUMENT"),
    "notify-url-long": ("notify_url", "http://example.com/" + "a" * 182, "too-long", "ILLEGAL_LENGTH"),
    "biz-type": ("biz_type", "OVERSEASSHOPQRCODE", "illegal", "ILLEGAL_ARGUMENT"),
    "biz-data-absent": ("biz_data", None, "absent", "PARAMTER_IS_NULL"),
    "biz-data-empty": ("biz_data", "", "empty", "PARAMTER_IS_NULL"),
    "biz-data-no-json": ("biz_data", "{'a': 1}", "illegal", "ILLEGAL_ARGUMENT"),
    "biz-data-cut-at-a-quote": ("biz_data", "{", "illegal", "ILLEGAL_ARGUMENT"),
    "biz-data-array": ("biz_data", "[]", "illegal", "ILLEGAL_ARGUMENT"),
    "biz-data-null": ("biz_data", "null", "illegal", "ILLEGAL_ARGUMENT"),
    "biz-data-nan": ("biz_data", '{"a": NaN}', "illegal", "ILLEGAL_ARGUMENT"),
    "extra": ("s", "/router/path", "undocumented", "ILLEGAL_ARGUMENT"),
}


@pytest.mark.parametrize(("name", "value", "kind", "code"), FAULTS.values(), ids=FAULTS)
def test_one_fault_in_create(name, value, kind, code):
    params = without(samples.CREATE, name) if value is None else samples.CREATE | {name: value}
    assert told(params, service="alipay.commerce.qrcode.create" if name != "service" else None)[0] == (
        name,
        kind,
        code,
    )
    if name != "service":
        assert len(problems(params)) == 1


MEMBERS = {
    **{f"{name}-absent": (name, None, "absent", "PARAMTER_IS_NULL") for name in samples.BIZ_DATA},
    "null": ("store_name", "null", "absent", "PARAMTER_IS_NULL"),
    "empty": ("secondary_merchant_name", '""', "empty", "PARAMTER_IS_NULL"),
    "mcc-letters": ("secondary_merchant_industry", '"53I1"', "illegal", "REGEXP_MATCH_FAIL"),
    "mcc-short": ("secondary_merchant_industry", '"531"', "illegal", "REGEXP_MATCH_FAIL"),
    "mcc-long": ("secondary_merchant_industry", '"53111"', "too-long", "ILLEGAL_LENGTH"),
    "mcc-number": ("secondary_merchant_industry", "5311", "illegal", "REGEXP_MATCH_FAIL"),
    "id-dash": ("secondary_merchant_id", '"a-b"', "illegal", "REGEXP_MATCH_FAIL"),
    "id-long": ("secondary_merchant_id", json.dumps("a" * 65), "too-long", "ILLEGAL_LENGTH"),
    "name-long": ("secondary_merchant_name", json.dumps("中" * 65), "too-long", "ILLEGAL_LENGTH"),
    "name-list": ("secondary_merchant_name", '["a"]', "illegal", "ILLEGAL_ARGUMENT"),
    "name-surrogate": ("secondary_merchant_name", '"\\ud800"', "illegal", "ILLEGAL_ARGUMENT"),
    "store-id-slash": ("store_id", '"a/b"', "illegal", "REGEXP_MATCH_FAIL"),
    "store-id-long": ("store_id", json.dumps("a" * 33), "too-long", "ILLEGAL_LENGTH"),
    "currency-lower-case": ("trans_currency", '"usd"', "illegal", "ILLEGAL_CURRENCY"),
    "currency-unknown": ("currency", '"XXX"', "illegal", "ILLEGAL_CURRENCY"),
    "country": ("country_code", '"CHN"', "too-long", "ILLEGAL_LENGTH"),
    "country-lower-case": ("country_code", '"cn"', "illegal", "REGEXP_MATCH_FAIL"),
    "mobile": ("notify_mobile", '"+86 1"', "illegal", "REGEXP_MATCH_FAIL"),
    "fee-text": ("channel_fee", '"0.01"', "illegal", "ILLEGAL_ARGUMENT"),
    "passback-text": ("passback_parameters", '"a"', "illegal", "ILLEGAL_ARGUMENT"),
    "passback-text-nested": ("passback_parameters", '"{\\"a\\": {}}"', "illegal", "ILLEGAL_ARGUMENT"),
    "passback-nested": ("passback_parameters", '{"a": {}}', "illegal", "ILLEGAL_ARGUMENT"),
    "passback-list": ("passback_parameters", '{"a": [1]}', "illegal", "ILLEGAL_ARGUMENT"),
    "unknown": ("store", '"a"', "undocumented", "ILLEGAL_ARGUMENT"),
}


def create(**members):
    """A CREATE with these members of biz_data as JSON texts; None leaves one out."""
    texts = {name: json.dumps(value) for name, value in samples.BIZ_DATA.items()} | members
    body = ", ".join(f"{json.dumps(name)}: {text}" for name, text in texts.items() if text is not None)
    return samples.CREATE | {"biz_data": f"{{{body}}}"}


@pytest.mark.parametrize(("name", "text", "kind", "code"), MEMBERS.values(), ids=MEMBERS)
def test_one_fault_in_biz_data(name, text, kind, code):
    assert told(create(**{name: text})) == [(f"biz_data.{name}", kind, code)]


@pytest.mark.parametrize("name", ["channel_fee", "passback_parameters"])
def test_an_object_may_stand_there_as_its_text(name):
    text = json.dumps({"type": "RATE", "value": "0.01"})
    assert told(create(**{name: json.dumps(text)})) == []


@pytest.mark.parametrize(
    ("trans_currency", "currency", "fits"),
    [
        ("USD", "USD", True),
        ("USD", "CNY", True),
        ("USD", "HKD", False),
        ("CNY", "CNY", True),
        ("CNY", "USD", True),
    ],
)
def test_the_settlement_currency(trans_currency, currency, fits):
    found = told(create(trans_currency=f'"{trans_currency}"', currency=f'"{currency}"'))
    assert found == ([] if fits else [("biz_data.currency", "conflict", "ILLEGAL_CURRENCY")])


@pytest.mark.parametrize(
    ("fee", "fault"),
    [
        ('{"type": "RATE", "value": "0"}', None),
        ('{"type": "RATE", "value": "0.0"}', None),
        ('{"type": "RATE", "value": "0.05"}', None),
        ('{"type": "RATE", "value": "0.0499"}', None),
        ('{"type": "RATE", "value": 0.05}', None),
        ('{"type": "RATE", "value": "0.050"}', None),
        ('{"type": "RATE", "value": "0.0501"}', ("value", "illegal")),
        ('{"type": "RATE", "value": "0.5"}', ("value", "illegal")),
        ('{"type": "RATE", "value": "-0.01"}', ("value", "illegal")),
        ('{"type": "RATE", "value": "1%"}', ("value", "illegal")),
        ('{"type": "RATE", "value": 1e-2}', ("value", "illegal")),
        ('{"type": "RATE", "value": true}', ("value", "illegal")),
        ('{"type": "FIXED", "value": "1.50"}', None),
        ('{"type": "FIXED", "value": "1.505"}', ("value", "illegal")),
        ('{"type": "FIXED", "value": "-1"}', ("value", "illegal")),
        ('{"type": "fixed", "value": "1"}', ("type", "illegal")),
        ('{"value": "1"}', ("type", "absent")),
        ('{"type": "FIXED"}', ("value", "absent")),
        ('{"type": "FIXED", "value": ""}', ("value", "empty")),
        ('{"type": "RATE", "value": "0", "unit": "USD"}', ("unit", "undocumented")),
        ('{"type": "RATE", "value": "0", "type": "RATE"}', ("type", "illegal")),
    ],
)
def test_the_channel_fee(fee, fault):
    found = [(each.field, each.kind) for each in problems(create(channel_fee=fee))]
    assert found == ([] if fault is None else [(f"biz_data.channel_fee.{fault[0]}", fault[1])])


def test_a_fixed_fee_is_in_the_settlement_currency_or_at_hk_in_hkd():
    params = create(
        trans_currency='"JPY"', currency='"JPY"', channel_fee='{"type": "FIXED", "value": "1.50"}'
    )
    assert told(params)[0][:2] == ("biz_data.channel_fee.value", "illegal")
    assert told(params, "hk") == []


def test_a_taxi_needs_no_store_but_its_driver():
    taxi = dict(samples.TAXI)
    del taxi["taxi_number"]
    found = problems(samples.CREATE | {"biz_data": json.dumps(taxi)})
    assert [(each.field, each.kind) for each in found] == [("biz_data.taxi_number", "absent")]
    assert "4121" in found[0].text


def test_members_that_stand_twice_are_named_even_with_one_value():
    text = samples.CREATE["biz_data"]
    twice = text.replace("{", '{"currency": "USD", ', 1)
    assert told(samples.CREATE | {"biz_data": twice}) == [
        ("biz_data.currency", "illegal", "ILLEGAL_ARGUMENT")
    ]


def test_biz_data_is_bounded_at_its_length_in_characters():
    padding = 2000 - len(create(address='""')["biz_data"])
    assert problems(create(address=json.dumps("a" * padding))) == []
    assert told(create(address=json.dumps("a" * (padding + 1)))) == [
        ("biz_data", "too-long", "ILLEGAL_LENGTH")
    ]


@pytest.mark.parametrize("profile", ["global", "hk"])
def test_a_double_quote_in_a_value_is_warned_against_at_hk_only(profile):
    found = told(create(store_name=json.dumps('Joe"s')), profile)
    assert found == ([] if profile == "global" else [("biz_data.store_name", "illegal", "ILLEGAL_ARGUMENT")])


def test_lengths_differ_at_hk():
    params = create(secondary_merchant_name=json.dumps("n" * 33))
    assert problems(params) == []
    assert told(params, "hk") == [("biz_data.secondary_merchant_name", "too-long", "ILLEGAL_LENGTH")]


@pytest.mark.parametrize(
    ("edit", "profile", "fault"),
    [
        ({"refund_amount": "0"}, "global", ("refund_amount", "illegal", "ILLEGAL_MONEY_FORMAT")),
        ({"refund_amount": "0.00"}, "global", ("refund_amount", "illegal", "ILLEGAL_MONEY_FORMAT")),
        ({"refund_amount": "100.999"}, "global", ("refund_amount", "illegal", "ILLEGAL_MONEY_FORMAT")),
        ({"refund_amount": "-1"}, "global", ("refund_amount", "illegal", "ILLEGAL_MONEY_FORMAT")),
        ({"refund_amount": "10000000"}, "global", ("refund_amount", "illegal", "ILLEGAL_MONEY_FORMAT")),
        (
            {"refund_amount": "1.0", "currency": "JPY"},
            "global",
            ("refund_amount", "illegal", "ILLEGAL_MONEY_FORMAT"),
        ),
        ({"refund_amount": ""}, "global", ("refund_amount", "empty", "PARAMTER_IS_NULL")),
        ({"currency": "usd"}, "global", ("currency", "illegal", "ILLEGAL_CURRENCY")),
        ({"currency": "U" * 11}, "global", ("currency", "too-long", "ILLEGAL_LENGTH")),
        ({"currency": "USD"}, "hk", ("currency", "illegal", "ILLEGAL_CURRENCY")),
        (
            {"partner_refund_id": "2010121000000002"},
            "global",
            ("partner_refund_id", "conflict", "INVALID_PARAMETER"),
        ),
        ({"partner_trans_id": "1" * 65}, "global", ("partner_trans_id", "too-long", "ILLEGAL_LENGTH")),
        ({"is_sync": "y"}, "global", ("is_sync", "illegal", "ILLEGAL_ARGUMENT")),
        ({"is_sync": "YES"}, "global", ("is_sync", "too-long", "ILLEGAL_LENGTH")),
        ({"notify_url": ""}, "global", ("notify_url", "empty", "PARAMTER_IS_NULL")),
        ({"refund_reason": "r" * 129}, "global", ("refund_reason", "too-long", "ILLEGAL_LENGTH")),
        ({"refund_reson": "sic"}, "global", ("refund_reson", "undocumented", "ILLEGAL_ARGUMENT")),
        ({"timestamp": "2026-11-23 10:00:00"}, "global", ("timestamp", "undocumented", "ILLEGAL_ARGUMENT")),
    ],
    ids=lambda value: (
        "-".join(f"{k}={v[:20]}" for k, v in value.items()) if isinstance(value, dict) else None
    ),
)
def test_one_fault_in_refund(edit, profile, fault):
    base = samples.REFUND if profile == "global" else samples.REFUND_HK
    assert told(base | edit, profile) == [fault]


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        ({"timestamp": "145650770412"}, ("timestamp", "illegal", "ILLEGAL_DATA_FORMAT")),
        ({"trade_no": "123456789012345"}, ("trade_no", "illegal", "ILLEGAL_LENGTH")),
        ({"trade_no": "1" * 65}, ("trade_no", "too-long", "ILLEGAL_LENGTH")),
        ({"out_trade_no": ""}, ("out_trade_no", "empty", "PARAMTER_IS_NULL")),
        ({"terminal_timestamp": "now"}, ("terminal_timestamp", "illegal", "ILLEGAL_DATA_FORMAT")),
    ],
)
def test_one_fault_in_cancel(edit, fault):
    assert told(samples.CANCEL | edit) == [fault]


def test_a_query_needs_one_of_two_numbers_at_hk_the_first():
    assert told(without(samples.QUERY, "partner_trans_id"))[0][:2] == ("partner_trans_id", "absent")
    other = without(samples.QUERY, "partner_trans_id") | {"alipay_trans_id": "1"}
    assert told(other, "hk") == [("partner_trans_id", "absent", "PARAMTER_IS_NULL")]


def test_the_service_can_be_given():
    assert told(samples.CANCEL, service="alipay.acquire.overseas.query")[0][0] == "service"
    assert problems(samples.CANCEL, service="alipay.acquire.cancel") == []


def test_of_an_unknown_service_only_the_common_parameters_are_judged():
    found = told({"service": "x", "anything": "goes", "partner": samples.COMMON["partner"]})
    assert [field for field, *_ in found] == ["service", "_input_charset", "sign_type", "sign"]


def test_an_unknown_profile_is_the_callers_fault():
    with pytest.raises(ParameterError):
        problems(samples.CREATE, "cn")


def test_nothing_at_all():
    assert [field for field, *_ in told({})] == ["service", "partner", "_input_charset", "sign_type", "sign"]


HOSTILE = {
    "deep-arrays": "[" * 100_000,
    "deep-arrays-short": "[" * 1999,
    "deep-objects": '{"a":' * 1900,
    "closed": "[" * 900 + "]" * 900,
    "one-too-deep": '{"passback_parameters":' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}",
    "million-digits": '{"a":' + "9" * 60_000 + "}",
    "huge-exponent": '{"a":1e999999999}',
    "huge": '"' + "a" * 10_000_000,
    "open-string-of-escapes": '"' + '\\"' * (MAX_TEXT // 2 - 20) + "[" * 20 + "\\",
    "open-string-of-quotes": '"' * (MAX_TEXT - 30) + "[" * 17,
    "brackets-in-a-string": '{"a": "' + "[" * 1000 + '"}',
    "lone-surrogates": '{"\\ud800": "\\udc00", "a": "\\ud800"}',
    "nul": '{"\\u0000": "\\u0000"}',
    "many-members": "{" + ",".join(f'"{number}":1' for number in range(5000)) + "}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_biz_data_is_bounded(text):
    started = time.process_time()
    found = problems(samples.CREATE | {"biz_data": text})
    assert found
    assert time.process_time() - started < 0.5
    for each in found:
        assert len(each.text) < 400
        (each.field + each.text).encode()


def test_hostile_biz_data_is_bounded_with_little_stack_left():
    deep = samples.CREATE | {"biz_data": "[" * MAX_DEPTH + "]" * MAX_DEPTH}

    def descend(depth):
        return problems(deep) if depth == 0 else descend(depth - 1)

    frames, frame = 0, sys._getframe()
    while frame:
        frames, frame = frames + 1, frame.f_back
    assert descend(sys.getrecursionlimit() - frames - 80)[0].field == "biz_data"


@given(
    st.sampled_from(sorted(SERVICES)),
    st.dictionaries(
        st.sampled_from([each.name for one in SERVICES.values() for each in one.request])
        | st.text(max_size=6),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        max_size=15,
    ),
    st.sampled_from(["global", "hk"]),
)
def test_any_message_gets_problems_with_codes_that_exist(service, params, profile):
    for each in problems(params | {"service": service}, profile):
        assert each.code in CODES
        assert each.clause
        assert len(each.text) < 400


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*samples.BIZ_DATA, "channel_fee", "passback_parameters"]), JSON))
def test_any_biz_data_gets_an_answer(members):
    for each in problems(samples.CREATE | {"biz_data": json.dumps(members)}):
        assert each.field.startswith("biz_data.")
        assert each.code in CODES


def test_speed():
    """Well under 200 microseconds a request: a limit that only a mistake in design would reach."""
    problems(samples.CREATE)
    best = min(_seconds(200) for _ in range(5))
    assert best / 200 < 200e-6


def _seconds(times):
    started = time.process_time()
    for _ in range(times):
        problems(samples.CREATE)
    return time.process_time() - started


def test_a_faultless_notification():
    assert notification_problems(samples.NOTIFICATION) == []
    assert notification_problems(samples.NOTIFICATION | {"counter": "7", "body": ""}) == []


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        *(
            (name, None, "absent")
            for name in ("notify_time", "notify_type", "notify_id", "sign_type", "sign")
        ),
        ("notify_id", "", "empty"),
        ("notify_type", "batch_trans_notify", "illegal"),
        ("notify_time", "2026-11-23", "illegal"),
        ("gmt_payment", "1456507704121", "illegal"),
        ("trade_status", "PAID", "illegal"),
        ("trade_no", "1", "illegal"),
        ("out_trade_no", "1" * 65, "too-long"),
        ("total_fee", "0.105", "illegal"),
        ("total_fee", "1,00", "illegal"),
        ("trans_currency", "us", "illegal"),
        ("discount", "none", "illegal"),
        ("use_coupon", "X", "illegal"),
    ],
)
def test_one_fault_in_a_notification(name, value, kind):
    base = samples.NOTIFICATION
    params = without(base, name) if value is None else base | {name: value}
    assert [(each.field, each.kind, each.code) for each in notification_problems(params)] == [
        (name, kind, "")
    ]


def test_a_notifications_amount_fits_its_currency():
    found = notification_problems(samples.NOTIFICATION | {"trans_currency": "JPY"})
    assert [each.field for each in found] == ["total_fee"]
