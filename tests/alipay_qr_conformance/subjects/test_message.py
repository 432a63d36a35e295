import json
import re
from types import MappingProxyType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alipay_qr_conformance.subjects import Garbled, NotSupported, Raised, Refusal, Result
from alipay_qr_conformance.subjects.message import clip, decode, encode, excerpt, plain

EXPLICIT = settings(deadline=None, database=None, derandomize=True, max_examples=60)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LEAVES = TEXT | st.booleans() | st.none()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)


def nested(levels):
    value = {}
    for _ in range(levels):
        value = {"a": value}
    return value


@EXPLICIT
@given(st.integers(1, 2**31 - 1), st.dictionaries(TEXT, VALUES))
@example(7, {"params": [["subject", "\u9000\u6b3e \0 \U0001f600"]]})
def test_a_request_is_one_ascii_line_that_any_json_reader_reads(number, args):
    line = encode(number, "sign", args)
    assert line.isascii()
    assert b"\n" not in line
    assert json.loads(line) == {"id": number, "op": "sign", "args": args}


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "args",
    [
        {"params": (("a", "b"), ("c", None))},
        {"params": [["a", Text("b")]], Text("charset"): "UTF-8"},
        MappingProxyType({"biz_data": MappingProxyType({"store": ["1", True, False]})}),
    ],
    ids=["tuples", "kinds of text", "mappings"],
)
def test_what_is_rarely_given_is_written_like_the_usual(args):
    assert json.loads(encode(1, "sign", args))["args"] == plain(args)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"params": [["a", "b"], ["a", 1]]}, "params.1.1 is a number"),
        ({"biz_data": {1: "a"}}, "biz_data has a number as a name"),
        ({"a": "\ud800"}, "a holds the lone surrogate U+D800"),
        ({"\udfff": "a"}, "lone surrogate U+DFFF"),
        ({"a": b"a"}, "a is of type bytes"),
        (nested(64), "nested deeper than 64 levels"),
    ],
    ids=["number", "name", "surrogate", "surrogate in a name", "bytes", "depth"],
)
def test_what_the_protocol_does_not_carry_is_never_sent(args, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        encode(1, "sign", args)


@EXPLICIT
@given(st.integers(1, 2**31 - 1), st.dictionaries(TEXT, VALUES))
def test_a_result_comes_back_as_it_was_sent(number, value):
    line = json.dumps({"id": number, "result": value}, ensure_ascii=False).encode()
    assert decode(line) == (number, Result(value))


@EXPLICIT
@given(st.binary() | st.from_regex(rb'\{"id":[0-9]{1,12},"(result|error|refused)":.{0,20}\}').map(bytes))
def test_no_line_makes_the_reader_raise(line):
    number, answer = decode(line)
    assert number is not None or isinstance(answer, Garbled)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('"result":{}', Result({})),
        ('"result":[]', Result({})),
        ('"result":null', Result({})),
        ('"result":{"a":[true,null,{"b":""}]},"unknown":1', Result({"a": [True, None, {"b": ""}]})),
        ('"refused":{"reason":"no"}', Refusal("no")),
        ('"unsupported":{"reason":"no"}', NotSupported("no")),
        ('"unsupported":{"reason":"no","issue":"#1"}', NotSupported("no", "#1")),
        ('"error":{"message":"m"}', Raised("m")),
        ('"error":{"message":"m","traceback":null,"fault":"adapter"}', Raised("m", "", "adapter")),
    ],
)
def test_answers(text, answer):
    assert decode(f'{{"id":1,{text}}}'.encode()) == (1, answer)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"result":"x"', "result is a string, expected an object"),
        ('"result":["x"]', "result is a list, expected an object"),
        ('"result":{"a":[{"b":1}]}', "result.a.0.b is a number"),
        ('"result":{"a":-0.5}', "result.a is a number"),
        ('"result":{"a":Infinity}', "result.a is a number"),
        (r'"result":{"\ud800":""}', "lone surrogate"),
        ('"result":{"sign":"a","sign":"b"}', "result names 'sign' twice"),
        ('"result":{"a":[{"b":null,"b":null}]}', "result.a.0 names 'b' twice"),
        ('"result":{},"result":{}', "an answer names 'result' twice"),
        ('"refused":{}', "refused has no reason"),
        ('"refused":"no"', "refused is a string, expected an object"),
        ('"refused":{"reason":true}', "refused.reason is"),
        ('"error":{"message":"m","fault":"kit"}', "neither subject nor adapter"),
        ('"error":{"message":"m","traceback":[]}', "error.traceback is a list"),
    ],
)
def test_what_is_no_answer_is_garbled_and_keeps_its_id(text, words):
    number, answer = decode(f'{{"id":1,{text}}}'.encode())
    assert number == 1
    assert isinstance(answer, Garbled)
    assert words in answer.detail


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"1", b'{"id":0,"result":{}}', b'{"id":2147483648,"result":{}}', b'{"id":1.0,"result":{}}'],
)
def test_without_an_id_nobody_knows_whose_it_is(line):
    number, answer = decode(line)
    assert number is None
    assert isinstance(answer, Garbled)


def test_long_texts_of_a_subject_are_cut():
    line = json.dumps({"id": 1, "error": {"message": "m" * 100_000, "traceback": "t" * 100_000}}).encode()
    answer = decode(line).answer
    assert len(answer.message) < 10_000
    assert len(answer.traceback) < 10_000
    assert len(decode(b"\xff" * 1_000_000).answer.detail) < 2000


def test_a_copy_shares_nothing_with_what_it_was_made_of():
    params = [("a", "b")]
    copy = plain({"params": params})
    assert copy == {"params": [["a", "b"]]}
    params.append(("c", "d"))
    assert copy == {"params": [["a", "b"]]}


def test_excerpts_are_printable():
    assert excerpt(b"\x1b[31m\xff\n") == r"\x1b[31m\\xff\n"
    assert excerpt(b"x" * 1000).endswith("... (1000 bytes)")
    assert clip("short") == "short"
