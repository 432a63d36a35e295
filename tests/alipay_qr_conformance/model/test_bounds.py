"""Every bound: an input at it is taken, one above is refused before a parser sees it."""

import time
from pathlib import Path

import pytest

from alipay_qr.errors import WireError
from alipay_qr.wire import MAX_BYTES, MAX_FIELDS, Request, read_request, read_response
from alipay_qr.wire.xml import MAX_DEPTH, MAX_ELEMENTS
from alipay_qr_conformance.doctor.key.text import read_key_text
from alipay_qr_conformance.model.bounds import ANSWER_VALUES, TOML_BYTES, TOML_DEPTH, TOML_KEY_PARTS
from alipay_qr_conformance.model.files import parse_toml
from alipay_qr_conformance.reading.reader import MAX_INPUT, TooLargeError, read
from alipay_qr_conformance.subjects import Bounds
from alipay_qr_conformance.subjects.message import decode

ROWS = {
    "key": (lambda size: ".".join("a" * size) + " = 1", TOML_KEY_PARTS, "parts"),
    "header": (lambda size: "[" + ".".join("a" * size) + "]", TOML_KEY_PARTS, "parts"),
    "quoted-key": (lambda size: ".".join(['"a.b"'] * size) + " = 1", TOML_KEY_PARTS, "parts"),
    "key-behind-a-text": (
        lambda size: '[a]\nb = {c = """d"""", ' + ".".join("a" * size) + " = 1}",
        TOML_KEY_PARTS,
        "parts",
    ),
    "array": (lambda size: "a = " + "[" * size + "]" * size, TOML_DEPTH, "deeply"),
    "table": (lambda size: "a = " + "{b = " * (size - 1) + "{}" + "}" * (size - 1), TOML_DEPTH, "deeply"),
    "size": (lambda size: "a = 1 #" + "x" * (size - 7), TOML_BYTES, "longer"),
}


@pytest.mark.parametrize(("make", "bound", "complaint"), ROWS.values(), ids=ROWS)
def test_toml_at_a_bound_is_read_and_above_it_refused(make, bound, complaint):
    assert parse_toml(make(bound))
    with pytest.raises(ValueError, match=complaint):
        parse_toml(make(bound + 1))


PAGE = (Path(__file__).parents[3] / "docs" / "limits.md").read_text("utf-8")
XML = b"<alipay><is_success>T</is_success><response><alipay>%b</alipay></response></alipay>"
FORM_TYPE = "application/x-www-form-urlencoded"


def irregular(body):
    return {each.code for each in read_request(Request("POST", b"", body, FORM_TYPE)).irregularities}


OTHERS = {
    "a pasted message | 16 MiB": lambda over: next(read(b"\n" * (MAX_INPUT + over)), None),
    "a key text | 64 KiB": lambda over: any(
        each.code == "too-long" for each in read_key_text(b"-" * (64 * 1024 + over)).defects
    ),
    "a form | 1 MiB": lambda over: "body.too-large" in irregular(b"a" * (MAX_BYTES + over)),
    "1,000 fields": lambda over: "fields.too-many" in irregular(b"&".join([b"a=b"] * (MAX_FIELDS + over))),
    "an XML response | 32 levels": lambda over: read_response(XML % deep(MAX_DEPTH - 3 + over)),
    "1,000,000 commas and opening brackets": lambda over: (
        "values" in decode(b'["",' + b"," * (ANSWER_VALUES - 2 + over)).answer.detail
    ),
    "4,096 elements": lambda over: read_response(XML % many(MAX_ELEMENTS - 4 + over)),
}


def deep(levels):
    return b"<a>" * levels + b"</a>" * levels


def many(elements):
    return b"".join(b"<a%d/>" % number for number in range(elements))


def refused(act, over):
    try:
        return act(over) is True
    except (TooLargeError, WireError):
        return True


@pytest.mark.parametrize("row", OTHERS)
def test_every_row_of_the_page_holds_at_its_bound_and_above_it(row):
    assert row in PAGE
    assert not refused(OTHERS[row], 0)
    assert refused(OTHERS[row], 1)


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + "." * 100 + '"',
        "a = '" + "." * 100 + "'",
        'a = """' + '."' * 100 + '"""',
        "a = '''" + ".'" * 100 + "'''",
        "a = 1 # " + "." * 100,
        "a = [" + "1.5, " * 100 + "]",
        "".join(f"a{number}.b = 1\n" for number in range(100)),
    ],
    ids=["text", "literal", "long-text", "long-literal", "comment", "floats", "many-keys"],
)
def test_dots_that_are_no_key_are_not_counted(text):
    assert parse_toml(text)


@pytest.mark.parametrize("text", [".".join("a" * 50_000) + " = 1", '"""' * 100_000, "'''\"" * 100_000])
def test_a_hostile_toml_is_refused_in_no_time(text):
    began = time.process_time()
    with pytest.raises(ValueError, match=r".+"):
        parse_toml(text)
    assert time.process_time() - began < 1


def test_answers_that_are_awaited_together_share_their_bound():
    bounds = Bounds()
    assert bounds.share(1) == bounds.line
    assert 64 * bounds.share(64) <= bounds.together
    assert bounds.share(10**6) == 64 * 1024
