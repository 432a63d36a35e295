import sys

import pytest

from alipay_qr_conformance import Refused, Unsupported
from alipay_qr_conformance.subjects import AdapterFault, Bounds, ProcessTransport, PythonTransport
from alipay_qr_conformance.subjects.lint import lint
from alipay_qr_conformance.subjects.operations import OPERATIONS
from alipay_qr_conformance.subjects.transcript import golden

RESULTS = {each.op: each.answer["result"] for each in golden() if "result" in each.answer}


class Good:
    """Answers as the transcript does."""

    parallel = False
    operations = tuple(name for name in OPERATIONS if name != "hello")

    def hello(self, protocol):
        if protocol != "1":
            raise Unsupported("this adapter speaks protocol 1")
        return RESULTS["hello"] | {"parallel": self.parallel, "operations": self.operations}

    def sign(self, params, charset, sign_type):
        return {"sign": str(hash(str(params)))}

    def __getattr__(self, op):
        if op not in self.operations:
            raise AttributeError(op)
        return lambda **_: RESULTS[op]


def faults(findings):
    return [(each.op, each.code) for each in findings if each.status == "fault"]


@pytest.mark.parametrize("parallel", [False, True])
def test_a_good_adapter_has_no_fault(parallel):
    findings = lint(PythonTransport(type("Windowed", (Good,), {"parallel": parallel})))
    assert faults(findings) == []
    assert {each.op for each in findings if each.status == "ok"} >= set(OPERATIONS)


def test_a_first_adapter_needs_hello_and_sign_alone():
    class First(Good):
        operations = ("sign",)

    findings = lint(PythonTransport(First))
    assert faults(findings) == []
    assert {each.op for each in findings if each.status == "unsupported"} == set(OPERATIONS) - {
        "hello",
        "sign",
    }


def test_a_subject_that_fails_is_no_fault_of_its_adapter():
    class Faulty(Good):
        def verify(self):
            raise NameError("createLinkstring is not defined")

    findings = lint(PythonTransport(Faulty))
    assert faults(findings) == []
    (raised,) = [each for each in findings if each.status == "raised"]
    assert (raised.op, raised.code) == ("verify", "op.raised")
    assert "createLinkstring is not defined" in raised.text.en


class SpeaksEverything(Good):
    def hello(self):
        return RESULTS["hello"]


class NamesNoVersion(Good):
    def hello(self, protocol):
        if protocol != "1":
            raise Unsupported("no")
        return super().hello(protocol)


class NoHello(Good):
    def hello(self):
        raise RuntimeError("boom")


class BadHello(Good):
    def hello(self, protocol):
        return super().hello(protocol) | {"charsets": ["gbk"]}


class WrongHello(Good):
    def hello(self, protocol):
        return super().hello(protocol) | {"slowest_answer": "4000"}


class TakesAnything(Good):
    def teleport(self):
        return {}


class WithoutSign(Good):
    def sign(self, params, charset, sign_type):
        return {"signature": "x"}


class CannotConfigure(Good):
    def configure(self):
        raise KeyError("md5_key")


class Declines(Good):
    def sign(self, params, charset, sign_type):
        raise Refused("no")


class OnlyListed(Good):
    def trade(self):
        raise Unsupported("not yet")


class Strict(Good):
    def sign(self, **args):
        if set(args) - {"params", "charset", "sign_type", "now"}:
            raise TypeError("unexpected argument")
        return {"sign": "x"}


class MixesUp(Good):
    parallel = True
    last = ""

    def sign(self, params, charset, sign_type):
        answer, self.last = self.last, str(params)
        return {"sign": answer}


@pytest.mark.parametrize(
    ("adapter", "found"),
    [
        (SpeaksEverything, [("hello", "hello.protocol")]),
        (NamesNoVersion, [("hello", "hello.protocol")]),
        (NoHello, [("hello", "op.error")]),
        (BadHello, [("hello", "op.schema")]),
        (WrongHello, [("hello", "hello.slowest_answer")]),
        (TakesAnything, [("", "op.unknown")]),
        (WithoutSign, [("sign", "op.schema")]),
        (CannotConfigure, [("configure", "op.error")]),
        (Declines, [("sign", "op.refused")]),
        (OnlyListed, [("trade", "op.listed")]),
        (Strict, [("", "adapter.unknown-field")]),
        (MixesUp, [("", "adapter.window")]),
    ],
)
def test_each_vice_is_found_and_no_other(adapter, found):
    findings = lint(PythonTransport(adapter))
    assert faults(findings) == found
    assert all(each.remedy for each in findings if each.status == "fault")


def test_what_it_may_decline_is_no_fault():
    class Careful(Good):
        def refund(self):
            raise Refused("unknown trade")

    codes = {each.op: each.code for each in lint(PythonTransport(Careful)) if each.status == "ok"}
    assert codes["refund"] == "op.refused"


def test_what_answers_without_being_listed_is_told():
    class Shy(Good):
        def hello(self, protocol):
            return super().hello(protocol) | {"operations": ["sign"]}

    found = {each.op: each for each in lint(PythonTransport(Shy))}
    assert (found["trade"].status, found["trade"].code) == ("ok", "op.unlisted")


ADAPTER = """
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    op, vice = r["op"], sys.argv[1]
    if op == "hello" and r["args"]["protocol"] == "1":
        answer = {"result": {"protocol": "1", "name": "x", "version": "1", "language": "x", "operations":
                  ["sign"], "sign_types": ["MD5"], "charsets": ["UTF-8"], "clock": False, "parallel": False}}
    elif op == "sign" and vice == "short-lines" and len(line) > 65536:
        sys.exit("line too long")
    elif op == "sign" and vice == "numbers":
        answer = {"result": {"sign": 1}}
    elif op == "sign":
        answer = {"result": {"sign": "x"}}
    elif op == "verify" and vice == "own-fault":
        answer = {"error": {"message": "no such method", "fault": "adapter"}}
    else:
        answer = {"unsupported": {"reason": "speaks 1"}}
    if vice == "banner":
        print("Notice: undefined index")
    if vice == "no-id":
        print(json.dumps(answer), flush=True)
    else:
        print(json.dumps({"id": r["id"], **answer}), flush=vice != "unflushed")
while sys.argv[1] == "stays":
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("vice", "found", "words"),
    [
        ("none", [], ""),
        ("banner", [("", "adapter.warning")], "display_errors"),
        ("stays", [("", "adapter.warning")], "end of the file"),
        ("no-id", [("hello", "op.garbled")], "with the request's id"),
        ("unflushed", [("hello", "op.no-answer")], "flush"),
        ("numbers", [("sign", "op.garbled")], "strings"),
        ("own-fault", [("verify", "op.error")], "mend what the message says"),
        ("short-lines", [("", "adapter.long-line")], "bufio.Scanner"),
    ],
)
def test_a_process_is_held_to_the_lines_too(vice, found, words):
    quick = Bounds(
        local=1.0 if vice == "unflushed" else 10.0, leave=0.2 if vice == "stays" else 3.0, terminate=0.1
    )
    findings = lint(ProcessTransport([sys.executable, "-I", "-S", "-c", ADAPTER, vice], bounds=quick))
    assert faults(findings) == found
    assert any(words in each.remedy.en for each in findings if each.status == "fault") or not words


def test_an_adapter_that_does_not_start_is_no_finding():
    with pytest.raises(AdapterFault):
        lint(ProcessTransport(["/nowhere/adapter"]))
