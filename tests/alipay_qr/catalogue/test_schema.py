"""JSON Schema: valid by the metaschema, and it never contradicts `problems`."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

import catalogue_samples as samples
from alipay_qr.catalogue import (
    PROFILES,
    SERVICES,
    biz_data_schema,
    json_schema,
    notification_problems,
    notification_schema,
    problems,
    response_schema,
    service,
)
from alipay_qr.errors import ParameterError

MAKERS = {"request": json_schema, "biz_data": biz_data_schema, "response": response_schema}
ALL = {
    f"{part}-{service(name).alias}-{profile}": make(name, profile)
    for part, make in MAKERS.items()
    for name in SERVICES
    for profile in PROFILES
    if getattr(service(name), part)
} | {"notification": notification_schema()}


def valid(schema, value):
    return Draft202012Validator(schema, registry=Registry()).is_valid(value)


@pytest.mark.parametrize("schema", ALL.values(), ids=ALL)
def test_is_valid_by_the_metaschema(schema):
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    json.dumps(schema)


def test_every_id_is_unique():
    identities = [schema["$id"] for schema in ALL.values()]
    assert len(identities) == len(set(identities))
    assert all(identity.startswith("urn:alipay-qr:") for identity in identities)


@pytest.mark.parametrize(("params", "profile"), samples.REQUESTS.values(), ids=samples.REQUESTS)
def test_accepts_what_is_faultless(params, profile):
    assert valid(json_schema(params["service"], profile), params)
    if "biz_data" in params:
        assert valid(biz_data_schema(params["service"], profile), json.loads(params["biz_data"]))


EDITS = {
    "absent": ("partner", None),
    "empty": ("timestamp", ""),
    "too-long": ("notify_url", "https://example.com/" + "a" * 200),
    "no-url": ("notify_url", "/notify"),
    "pattern": ("partner", "1000000000000000"),
    "pattern-line-end": ("partner", "2088021966388155\n"),
    "value": ("biz_type", "QRCODE"),
    "charset": ("_input_charset", "latin-1"),
    "sign-type": ("sign_type", "md5"),
    "undocumented": ("router", "x"),
    "sign-absent": ("sign", None),
}


@pytest.mark.parametrize(("name", "value"), EDITS.values(), ids=EDITS)
def test_agrees_with_problems_on_faults_in_create(name, value):
    params = dict(samples.CREATE)
    params.pop(name, None)
    if value is not None:
        params[name] = value
    assert problems(params)
    assert not valid(json_schema("CREATE"), params)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("edit", "in_global", "in_hk"),
    [
        ({}, True, False),
        ({"currency": "HKD"}, True, True),
        ({"currency": "HKD", "notify_url": ""}, False, True),
        ({"currency": "HKD", "notify_url": "", "is_sync": "Y"}, True, True),
        ({"currency": "HKD", "refund_reson": "x"}, False, True),
        ({"currency": "HKD", "_input_charset": ""}, True, True),
        ({"currency": "HKD", "is_sync": "N", "refund_reason": "r" * 129}, False, False),
    ],
    ids=str,
)
def test_agrees_with_problems_on_refunds(profile, edit, in_global, in_hk):
    params = samples.REFUND | edit
    expected = in_global if profile == "global" else in_hk
    assert (problems(params, profile) == []) is expected
    assert valid(json_schema("REFUND", profile), params) is expected


@given(
    st.sampled_from(sorted(samples.REQUESTS)),
    st.lists(
        st.tuples(
            st.sampled_from(
                sorted(
                    {name for params, _ in samples.REQUESTS.values() for name in params}
                    - {"service", "biz_data"}
                )
            ),
            st.none()
            | st.sampled_from(
                ["", "Y", "N", "USD", "HKD", "0.10", "1" * 70, "2026-02-30 10:00:00", "https://a/"]
            )
            | st.text(max_size=6),
        ),
        max_size=3,
    ),
)
def test_never_refuses_what_problems_accepts(sample, edits):
    params, profile = samples.REQUESTS[sample]
    params = dict(params)
    for name, value in edits:
        params.pop(name, None)
        if value is not None:
            params[name] = value
    found = problems(params, profile)
    accepted = valid(json_schema(params["service"], profile), params)
    assert accepted or found
    if any(each.kind in {"absent", "empty", "too-long", "undocumented"} for each in found):
        assert not accepted


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({}, True),
        ({"store_id": None}, False),
        ({"secondary_merchant_industry": "4121"}, False),
        ({"trans_currency": "usd"}, False),
        ({"channel_fee": {"type": "RATE", "value": "0.01"}}, True),
        ({"channel_fee": {"type": "OTHER", "value": "0.01"}}, False),
        ({"passback_parameters": {"a": "b", "c": 1}}, True),
        ({"passback_parameters": {"a": {}}}, False),
        ({"store": "x"}, False),
    ],
    ids=str,
)
def test_biz_data_agrees_with_problems(edit, expected):
    data = {name: value for name, value in (samples.BIZ_DATA | edit).items() if value is not None}
    assert (problems(samples.CREATE | {"biz_data": json.dumps(data)}) == []) is expected
    assert valid(biz_data_schema(), data) is expected


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({}, True),
        ({"notify_id": ""}, False),
        ({"trade_status": "PAID"}, False),
        ({"other": "x", "body": ""}, True),
    ],
    ids=str,
)
def test_notification_agrees_with_problems(edit, expected):
    params = samples.NOTIFICATION | edit
    assert (notification_problems(params) == []) is expected
    assert valid(notification_schema(), params) is expected


@pytest.mark.parametrize(
    ("alias", "fields", "expected"),
    [
        ("CANCEL", {"is_success": "F", "error": "ILLEGAL_SIGN"}, True),
        ("CANCEL", {"is_success": "F"}, False),
        ("CANCEL", {"is_success": "T", "result_code": "SUCCESS", "sign": "x", "sign_type": "MD5"}, True),
        ("CANCEL", {"is_success": "T", "result_code": "SUCCESS"}, False),
        ("CANCEL", {"is_success": "T"}, False),
        ("CREATE", {"is_success": "T", "result_code": "SUCCESS", "sign": "x", "sign_type": "MD5"}, False),
        ("REFUND", {"is_success": "T", "result_code": "UNKNOW", "sign": "x", "sign_type": "MD5"}, True),
    ],
    ids=str,
)
def test_response(alias, fields, expected):
    assert valid(response_schema(alias), fields) is expected


@pytest.mark.parametrize(
    ("make", "name", "code"),
    [
        (json_schema, "alipay.commerce.qrcode.query", "service.unknown"),
        (biz_data_schema, "CANCEL", "service.no-such-part"),
        (response_schema, "NOTIFY_VERIFY", "service.no-such-part"),
    ],
)
def test_what_has_no_schema(make, name, code):
    with pytest.raises(ParameterError) as caught:
        make(name)
    assert caught.value.code == code
