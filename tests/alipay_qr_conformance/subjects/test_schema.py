import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from alipay_qr_conformance.subjects.operations import OPERATIONS, check_result
from alipay_qr_conformance.subjects.schema import adapter_schema, complaint, published_schema
from alipay_qr_conformance.subjects.transcript import golden


def test_the_published_schema_is_the_one_that_the_table_makes():
    assert published_schema() == adapter_schema(), (
        "write it anew: python -m alipay_qr_conformance.subjects.schema > schema/adapter-v1.schema.json"
    )


def test_it_is_a_schema():
    Draft202012Validator.check_schema(published_schema())


@pytest.mark.parametrize("exchange", golden(), ids=lambda each: f"{each.request['id']}-{each.op}")
def test_it_takes_every_line_of_the_transcript(exchange):
    if exchange.op in OPERATIONS:
        assert complaint(exchange.request, f"{exchange.op}.request") is None
        assert complaint(exchange.answer, f"{exchange.op}.answer") is None
    assert complaint(exchange.answer, "answer") is None


@pytest.mark.parametrize("op", OPERATIONS)
def test_table_and_schema_agree_on_every_missing_or_mistyped_result_field(op):
    result = next(each.answer["result"] for each in golden() if each.op == op)
    for field in OPERATIONS[op].result:
        for value in ("absent", True, [], {"base64": True}):
            spoilt = {name: each for name, each in result.items() if name != field.name}
            if value != "absent":
                spoilt[field.name] = value
            refused = check_result(op, spoilt) is not None
            by_schema = complaint({"id": 1, "result": spoilt}, f"{op}.answer") is not None
            # The schema is closer about lists and objects of hello, which `parse_hello` reads.
            assert by_schema == refused or (op == "hello" and by_schema), (field.name, value)


@pytest.mark.parametrize(
    ("message", "definition"),
    [
        ({"id": 0, "result": {"sign": "x"}}, "sign.answer"),
        ({"id": "1", "result": {"sign": "x"}}, "sign.answer"),
        ({"result": {"sign": "x"}}, "sign.answer"),
        ({"id": 1}, "sign.answer"),
        ({"id": 1, "result": {"sign": "x"}, "error": {"message": "m"}}, "sign.answer"),
        ({"id": 1, "result": {"sign": 1}}, "sign.answer"),
        ({"id": 1, "refused": {}}, "sign.answer"),
        ({"id": 1, "error": {"message": "m", "fault": "kit"}}, "sign.answer"),
        ({"id": 1, "result": {"text": "a", "base64": "b"}}, "presign.answer"),
        ({"id": 1, "result": ["x"]}, "reset.answer"),
        ({"id": 1, "op": "sign", "args": {"params": [["a"]]}}, "sign.request"),
        ({"id": 1, "op": "verify", "args": {"source": "response"}}, "verify.request"),
    ],
)
def test_it_refuses(message, definition):
    assert complaint(message, definition)


@pytest.mark.parametrize(
    ("message", "definition"),
    [
        ({"id": 1, "result": []}, "reset.answer"),
        ({"id": 1, "result": None}, "configure.answer"),
        ({"id": 1, "result": {"sign": "x", "new": True}, "new": 1}, "sign.answer"),
        ({"id": 1, "unsupported": {"reason": "r", "issue": None}}, "trade.answer"),
    ],
)
def test_it_takes(message, definition):
    assert complaint(message, definition) is None


def test_a_request_of_every_operation_is_exactly_one_of_the_requests():
    validator = Draft202012Validator({"$defs": published_schema()["$defs"], "$ref": "#/$defs/request"})
    for exchange in golden():
        assert validator.is_valid(exchange.request) is (exchange.op in OPERATIONS)


def test_it_is_written_as_json_dumps_does():
    text = (files("alipay_qr_conformance.subjects") / "schema/adapter-v1.schema.json").read_text("utf-8")
    assert text == json.dumps(adapter_schema(), indent=2) + "\n"
