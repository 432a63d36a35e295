from base64 import b64decode
from importlib.resources import files

import pytest

from alipay_qr.account import test_account as published_account
from alipay_qr.presign import presign
from alipay_qr.wire import read_notification
from alipay_qr_conformance.subjects.hello import parse_hello
from alipay_qr_conformance.subjects.message import decode, encode
from alipay_qr_conformance.subjects.operations import OPERATIONS
from alipay_qr_conformance.subjects.transcript import FILE, golden, recorded, request_of

LINES = (files("alipay_qr_conformance.subjects") / FILE).read_bytes().splitlines()


def test_the_published_transcript_is_the_one_that_is_made():
    assert list(golden()) == list(recorded()), (
        "write it anew: python -m alipay_qr_conformance.subjects.transcript > schema/transcript-v1.jsonl"
    )


def test_every_operation_has_an_exchange():
    assert {each.op for each in golden()} > set(OPERATIONS)


@pytest.mark.parametrize("exchange", golden(), ids=lambda each: f"{each.request['id']}-{each.op}")
def test_its_lines_are_what_the_kit_writes_and_reads(exchange):
    request = exchange.request
    number = request["id"]
    line = encode(number, request["op"], request["args"], request.get("now"))
    assert line == LINES[2 * number - 2]
    assert decode(LINES[2 * number - 1]).id == number


def test_every_argument_and_result_field_of_the_table_that_is_required_is_shown():
    for exchange in golden():
        operation = OPERATIONS.get(exchange.op)
        if operation and "result" in exchange.answer:
            assert {field.name for field in operation.args if field.required} <= set(exchange.request["args"])
            assert {field.name for field in operation.result if field.required} <= set(
                exchange.answer["result"]
            )


def test_its_hello_is_one():
    hello = parse_hello(golden()[0].answer["result"])
    assert set(hello.operations) == set(OPERATIONS) - {"hello"}


def test_its_sign_is_right():
    answer = next(each.answer for each in golden() if each.op == "sign")
    message = presign([(name, value) for name, value in request_of("sign")["params"]])
    assert published_account().verifier.verify(message, answer["result"]["sign"])


def test_its_notification_is_genuine_in_both_operations_that_carry_it():
    params = [(name, value) for name, value in request_of("verify")["params"]]
    assert published_account().verifier.verify(presign(params), dict(params)["sign"])
    notify = request_of("notify")
    assert read_notification(b64decode(notify["body_base64"]), notify["content_type"], "UTF-8") == params
