"""The page of the adapter protocol says what the schema and the code say."""

import json
import re

import pytest

from alipay_qr_conformance.subjects.hello import CHARSETS, KINDS, SIGN_TYPES, SOURCES
from alipay_qr_conformance.subjects.operations import OPERATIONS, OUTCOMES, STATES
from alipay_qr_conformance.subjects.schema import complaint
from alipay_qr_conformance.subjects.transport import WINDOW, Bounds
from alipay_qr_conformance.testbed.booking import SETTLED_WITHIN
from docs.test_docs import DOCS

PAGE = (DOCS / "adapter-protocol.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([a-z_]+)` \| (.*\|.*) \|$", PAGE.partition("## 2.")[2], re.MULTILINE))
EXAMPLES = [json.loads(line) for line in re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1].splitlines()]


def told(cell):
    return {(name, not optional) for name, optional in re.findall(r"`([a-z0-9_]+)`(\?)?", cell)}


def known(fields):
    return {(field.name, field.required) for field in fields}


@pytest.mark.parametrize("op", OPERATIONS)
def test_each_operation_has_the_arguments_and_results_of_the_schema(op):
    args, result = ROWS[op].split(" | ")
    assert told(args) - {("verify_body", True)} == known(OPERATIONS[op].args)
    assert told(result) == known(OPERATIONS[op].result)


def test_every_word_stands_on_the_page():
    for word in (*OUTCOMES, *STATES, *KINDS, *SIGN_TYPES, *CHARSETS, *SOURCES):
        assert f"`{word}`" in PAGE, word
    for feature in ("bytes", "duplicates", "verify_body", "https", "https_only"):
        assert f"`{feature}`" in PAGE, feature


def test_times_and_bounds_are_those_of_the_kit():
    bounds = Bounds()
    for words in (
        f"waits {bounds.local:g} s for an answer, and {bounds.sending:g} s or",
        f"leaves within {bounds.leave:g} s",
        f"at most {bounds.line >> 20} MiB",
        f"up to {WINDOW} requests at once",
        f"booked within {SETTLED_WITHIN:g} s",
    ):
        assert words in " ".join(PAGE.split()), words


def test_the_examples_are_messages_of_the_protocol():
    asked = {}
    for message in EXAMPLES:
        op = message.get("op") or asked[message["id"]]
        asked[message["id"]] = op
        assert complaint(message, f"{op}.{'request' if 'op' in message else 'answer'}") is None, message
    assert len(asked) == 3
