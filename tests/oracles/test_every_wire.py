"""Every vector of bytes, again: by bytes and tokens, by urllib, expat and Node, and by this project."""

import json
import subprocess
from urllib.parse import parse_qsl, urlencode
from xml.dom import minidom
from xml.parsers.expat import ExpatError

import pytest

from alipay_qr_conformance.vectors.load import load
from oracles.judging import each_judged, each_of, expected
from oracles.wires import BLANKS, Wire
from tools.vectors.expected import wire

PYTHON = {"UTF-8": "utf-8", "GBK": "gbk", "GB2312": "gb2312"}
READ = [vector for vector in load("wire") if vector.result == "valid"]


def compared(value):
    """Tuples and lists are one."""
    return json.loads(json.dumps(value))


@pytest.mark.runtime("iconv")
@each_judged("wire")
def test_by_bytes_and_tokens(vector):
    right = expected(vector)
    right.pop("fault", None)  # in our words
    assert compared(Wire().wire(vector.inputs)) == right


@each_judged("wire")
def test_by_this_project(vector):
    assert compared(wire(vector.inputs)) == expected(vector)


@each_of([vector for vector in READ if "form" in vector.inputs])
def test_forms_by_urllib(vector):
    codec = PYTHON[vector.inputs["charset"]]
    pairs = parse_qsl(vector.inputs["form"], keep_blank_values=True, encoding=codec, errors="strict")
    assert compared(pairs) == vector.steps["params"]


@each_of([vector for vector in READ if vector.inputs.get("method") == "GET"])
def test_urls_by_urllib(vector):
    params = [(name, value) for name, value in vector.inputs["params"] if value is not None]
    assert urlencode(params, encoding=PYTHON[vector.inputs["charset"]]) == vector.steps["query"]


@pytest.mark.runtime("node")
def test_forms_and_urls_in_utf8_by_node():
    script = """
      const asked = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
      console.log(JSON.stringify(asked.map((form) => [...new URLSearchParams(form)])));
    """
    vectors = [
        vector for vector in READ if vector.inputs.get("charset") == "UTF-8" and "method" not in vector.inputs
    ]
    sent = [
        vector
        for vector in READ
        if vector.inputs.get("charset") == "UTF-8" and vector.inputs.get("method") == "GET"
    ]
    asked = [each.inputs["form"] for each in vectors] + [each.steps["query"] for each in sent]
    right = [each.steps["params"] for each in vectors]
    right += [[pair for pair in each.inputs["params"] if pair[1] is not None] for each in sent]
    done = subprocess.run(
        ["node", "-e", script], input=json.dumps(asked).encode(), capture_output=True, check=True, timeout=60
    )
    answers = json.loads(done.stdout)
    assert len(answers) > 80
    for vector, answer, pairs in zip([*vectors, *sent], answers, right, strict=True):
        assert answer == pairs, vector.id


@each_of([vector for vector in READ if "xml_hex" in vector.inputs])
def test_xml_by_expat(vector):
    document = minidom.parseString(vector.steps["text"].encode())  # noqa: S318 (ours)
    (root,) = [node for node in document.childNodes if node.nodeType == node.ELEMENT_NODE]
    tops = {node.tagName: node for node in root.childNodes if node.nodeType == node.ELEMENT_NODE}
    assert (value(tops["is_success"]) == "T") == vector.steps["is_success"]
    if "response" in tops:
        (container,) = [node for node in tops["response"].childNodes if node.nodeType == node.ELEMENT_NODE]
        children = [node for node in container.childNodes if node.nodeType == node.ELEMENT_NODE]
        assert container.tagName == vector.steps["container"]
        assert [[node.tagName, value(node)] for node in children] == vector.steps["children"]


def value(node):
    return "".join(each.data for each in node.childNodes).strip(BLANKS)


MALFORMED = [each for each in load("wire") if each.steps.get("fault") == "response.malformed"]


@each_of([vector for vector in MALFORMED if vector.result == "invalid"])
def test_what_is_malformed_is_so_to_expat(vector):
    with pytest.raises(ExpatError):
        minidom.parseString(bytes.fromhex(vector.inputs["xml_hex"]))  # noqa: S318 (ours)
